// What the verbs print, made from values alone.
#include "esx2esxi/app/reports.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esx2esxi/app/trace.hpp"
#include "esx2esxi/core/text.hpp"

using namespace esx2esxi;
using namespace esx2esxi::app;
using nlohmann::json;

namespace {

net::Ipv4Address ip(const char* text) { return *net::Ipv4Address::parse(text); }

/// esx("esx01").console("10.0.0.5/24", "10.0.0.1").vmkernel("vmk0", "10.0.0.9/24")
class Esx {
 public:
  explicit Esx(std::string name) {
    host_.name = std::move(name);
    host_.product = "ESX";
    host_.version = "4.1.0";
    for (const auto stack : {model::kConsole, model::kVmkernel}) {
      model::Stack s;
      s.name = stack;
      host_.before.stacks.push_back(s);
    }
  }
  Esx console(const char* address, const char* gateway) && {
    add("vswif0", model::kConsole, address, model::Service::Management);
    host_.before.stack(model::kConsole)->gateway = ip(gateway);
    host_.before.stack(model::kConsole)->gateway_device = "vswif0";
    return std::move(*this);
  }
  Esx vmkernel(std::string name, const char* address) && {
    add(std::move(name), model::kVmkernel, address, model::Service::VMotion);
    return std::move(*this);
  }
  model::Host host() && { return std::move(host_); }

 private:
  void add(std::string name, std::string_view stack, const std::string& address, model::Service service) {
    model::Interface i;
    i.name = i.from = std::move(name);
    i.stack = stack;
    const auto slash = address.find('/');
    i.address = ip(address.substr(0, slash).c_str());
    i.netmask = net::Ipv4Prefix::containing(*i.address, static_cast<unsigned>(std::stoul(address.substr(slash + 1))))
                    ->netmask();
    i.services.add(service);
    i.created = static_cast<std::uint16_t>(host_.before.interfaces.size());
    i.origins.set("address", Origin{FileName("esx.conf"), i.created + 7U, 1});
    host_.before.interfaces.push_back(i);
  }
  model::Host host_;
};

Session session_of(std::vector<model::Host> hosts) {
  Session session;
  session.estate.hosts = std::move(hosts);
  session.chosen.assign(session.estate.hosts.size(), true);
  return session;
}

Options to(const char* address) {
  Options options;
  options.to = {ip(address)};
  return options;
}

Judgement nothing_found(const Session& session) {
  Judgement judgement;
  judgement.findings.resize(session.estate.hosts.size());
  return judgement;
}

/// The pages, as `judge` makes them.
Judgement printed(const Session& session, Judgement judgement, const PrintHost& print) {
  for (std::size_t i = 0; i < session.chosen.size(); ++i)
    judgement.pages.push_back(session.chosen[i] ? print(session.host(i), judgement.findings[i]) : std::string());
  return judgement;
}

std::string whole(const Pages& pages) { return join(pages, ""); }

std::string text_of_check(const Session& session, const Judgement& judgement) {
  const auto print = [](const auto& host, const auto& findings) { return host_text(host, findings, Paint{}); };
  return whole(check_text(session, printed(session, judgement, print), Paint{}));
}

std::string json_of_check(const Session& session, const Judgement& judgement) {
  return whole(check_json(session, printed(session, judgement, host_json)));
}

rules::Finding finding(std::string rule, Severity severity) {
  rules::Finding f;
  f.rule = std::move(rule);
  f.severity = severity;
  f.message = "It breaks.";
  f.interfaces = {{"", "vmk0", "vswif0"}, {"", "vmk1", "vmk1"}};
  f.addresses = {"10.0.0.5/24"};
  f.origins = {Origin{FileName("esx.conf"), 12, 1}};
  return f;
}

}  // namespace

TEST_CASE("trace answers for both stacks of the classic host and for the one of the mapped host") {
  const auto session =
      session_of({Esx("esx01").console("10.0.0.5/24", "10.0.0.1").vmkernel("vmk0", "10.0.0.9/24").host()});
  const auto answers = trace(session, to("10.0.0.77"), nullptr);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].stack == "console");
  CHECK(answers[0].interfaces == std::vector<rules::InterfaceRef>{{"", "vswif0", "vswif0"}});
  CHECK_FALSE(answers[0].next_hop);
  CHECK(answers[0].source == ip("10.0.0.5"));
  CHECK_FALSE(answers[0].ambiguous);
  CHECK(answers[1].interfaces == std::vector<rules::InterfaceRef>{{"", "vmk0", "vmk0"}});
  CHECK(answers[2].state == "mapped");
  CHECK(answers[2].interfaces == std::vector<rules::InterfaceRef>{{"", "vmk0", "vswif0"}, {"", "vmk1", "vmk0"}});
  CHECK(answers[2].ambiguous);
  CHECK(answers[2].source == ip("10.0.0.5"));
}

TEST_CASE("trace of a destination behind the gateway names it, and none where the stack has no route") {
  const auto session =
      session_of({Esx("esx01").console("10.0.0.5/24", "10.0.0.1").vmkernel("vmk0", "10.9.0.9/24").host()});
  const auto answers = trace(session, to("192.0.2.1"), nullptr);
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].next_hop == ip("10.0.0.1"));
  CHECK(answers[0].by->length() == 0);
  CHECK(answers[1].interfaces.empty());
  CHECK_FALSE(answers[1].source);
  const auto text = trace_text(answers, Paint{});
  CHECK_THAT(text, Catch::Contains("no route") && Catch::Contains("vswif0 by 10.0.0.1, from 10.0.0.5, as 0.0.0.0/0"));
}

TEST_CASE("trace in JSON spells absent values null") {
  const auto session = session_of({Esx("esx01").vmkernel("vmk0", "10.9.0.9/24").host()});
  const auto document = json::parse(trace_json(trace(session, to("192.0.2.1"), nullptr)));
  auto answer = document.at("answers").at(0);
  const auto& story = answer.at("story");
  CHECK(story.at("candidates").empty());
  CHECK(story.at("sources").empty());
  CHECK(story.at("way_back").is_null());
  CHECK(story.at("let_in").is_null());
  answer.erase("story");
  CHECK(answer == json::parse(R"({"host": "esx01", "to": "192.0.2.1", "state": "before",
    "stack": "console", "interfaces": [], "likely": null, "next_hop": null, "source": null, "ambiguous": false})"));
}

TEST_CASE("trace with a service looks at the stacks that carry it") {
  const auto session =
      session_of({Esx("esx01").console("10.0.0.5/24", "10.0.0.1").vmkernel("vmk0", "10.9.0.9/24").host()});
  auto options = to("10.9.0.1");
  options.services = {model::Service::VMotion};
  const auto answers = trace(session, options, nullptr);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].stack == "vmkernel");
  CHECK(answers[1].stack == "defaultTcpipStack");
  options.services = {model::Service::Vsan};
  CHECK(trace(session, options, nullptr).empty());
  CHECK_THAT(trace_text({}, Paint{}), Catch::Contains("No stack carries"));
}

TEST_CASE("trace looks at chosen hosts only") {
  auto session = session_of(
      {Esx("esx01").console("10.0.0.5/24", "10.0.0.1").host(), Esx("esx02").console("10.0.0.6/24", "10.0.0.1").host()});
  session.chosen = {false, true};
  for (const auto& answer : trace(session, to("10.0.0.1"), nullptr)) CHECK(answer.host == "esx02");
}

TEST_CASE("check shows each finding with its evidence and closes with the figures") {
  const auto session = session_of({Esx("esx01").host(), Esx("esx02").host()});
  auto judgement = nothing_found(session);
  auto waived = finding("mtu-mismatch", Severity::Warning);
  waived.resolution = rules::Resolution::Waived;
  waived.why = "the vendor asks for it (Storage operations)";
  judgement.findings[0] = {finding("same-subnet", Severity::Error), waived};
  const auto text = text_of_check(session, judgement);
  CHECK_THAT(text, Catch::Contains("esx01  ESX 4.1.0: 1 error, 0 warnings, 1 waived\n"));
  CHECK_THAT(text, Catch::Contains("  error    same-subnet\n           It breaks.\n"));
  CHECK_THAT(text, Catch::Contains("interfaces  vmk0 (was vswif0), vmk1\n"));
  CHECK_THAT(text, Catch::Contains("read from   esx.conf:12\n"));
  CHECK_THAT(text, Catch::Contains("  waived   mtu-mismatch\n") && Catch::Contains("the vendor asks for it"));
  CHECK_THAT(text, Catch::Contains("esx02  ESX 4.1.0: nothing found\n"));
  CHECK_THAT(
      text, Catch::Contains("2 hosts for ESXi 8.0, path fresh: 1 error, 0 warnings, 1 waived; 1 without a finding.\n"));
}

TEST_CASE("three findings of a kind are printed, of four the first and the places of the others") {
  const auto session = session_of({Esx("esx01").host()});
  auto judgement = nothing_found(session);
  for (const auto* peer : {"peer esx02 10.0.0.2", "peer esx03 10.0.0.3", "peer esx04 10.0.0.4"}) {
    judgement.findings[0].push_back(finding("egress-ambiguous", Severity::Error));
    judgement.findings[0].back().endpoints = {peer};
  }
  const auto bodies = [&] {
    const auto text = text_of_check(session, judgement);
    std::size_t count = 0;
    for (auto at = text.find("It breaks."); at != std::string::npos; at = text.find("It breaks.", at + 1)) ++count;
    return count;
  };
  CHECK(bodies() == 3);
  judgement.findings[0].push_back(finding("egress-ambiguous", Severity::Error));
  judgement.findings[0].back().endpoints = {"peer esx05 10.0.0.5"};
  judgement.findings[0].push_back(finding("egress-ambiguous", Severity::Warning));
  CHECK(bodies() == 2);  // the milder one is of another kind
  CHECK_THAT(text_of_check(session, judgement),
             Catch::Contains("3 alike     peer esx03 10.0.0.3, peer esx04 10.0.0.4, peer esx05 10.0.0.5\n") &&
                 Catch::Contains("esx01  ESX 4.1.0: 4 errors, 1 warning\n"));
}

TEST_CASE("findings between hosts are shown where one of them is chosen") {
  auto session = session_of({Esx("esx01").host(), Esx("esx02").host(), Esx("esx03").host()});
  auto judgement = nothing_found(session);
  auto between = finding("duplicate-address", Severity::Error);
  between.interfaces = {{"esx01", "vmk0", "vswif0"}, {"esx02", "vmk0", "vswif0"}};
  between.hosts = {"esx01", "esx02"};
  judgement.estate = {between};
  CHECK_THAT(text_of_check(session, judgement), Catch::Contains("esx01 vmk0 (was vswif0), esx02 vmk0 (was vswif0)"));
  session.chosen = {true, false, false};
  CHECK(shown_findings(session, judgement).size() == 1);
  session.chosen = {false, false, true};
  CHECK(shown_findings(session, judgement).empty());
  CHECK(json::parse(json_of_check(session, judgement)).at("estate").at("findings").empty());
}

TEST_CASE("no byte of an input reaches the terminal or breaks the JSON") {
  auto session = session_of({Esx("esx01").host()});
  const std::string evil = "a\x1b[2J\nb\xff\"\\";
  session.estate.hosts[0].name = evil;
  session.estate.hosts[0].not_found = {evil};
  session.estate.hosts[0].diagnostics = {{Severity::Error, "x", Origin{FileName(evil), 1, 1}, evil, evil}};
  model::Switch vswitch;
  vswitch.name = evil;
  vswitch.portgroups.push_back({evil, {}, {}, {}});
  session.estate.hosts[0].before.switches = {vswitch};
  auto judgement = nothing_found(session);
  auto bad = finding("same-subnet", Severity::Error);
  bad.message = evil;
  bad.interfaces = {{"", evil, evil}};
  bad.addresses = bad.endpoints = {evil};
  judgement.findings[0] = {bad};
  for (const auto& text : {text_of_check(session, judgement), inspect_text(session, ShowOrigins::Yes, Paint{}),
                           trace_text(trace(session, to("10.0.0.1"), nullptr), Paint{})}) {
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\xff') == std::string::npos);
  }
  CHECK_NOTHROW(json::parse(json_of_check(session, judgement)));
  CHECK_NOTHROW(json::parse(inspect_json(session)));
  CHECK_NOTHROW(json::parse(trace_json(trace(session, to("10.0.0.1"), nullptr))));
}

TEST_CASE("inspect gives every origin as a pointer into the state") {
  const auto session =
      session_of({Esx("esx01").console("10.0.0.5/24", "10.0.0.1").vmkernel("vmk0", "10.0.0.9/24").host()});
  const auto host = json::parse(inspect_json(session)).at("hosts").at(0);
  CHECK(host.at("origins") == json({{"/interfaces/0/address", "esx.conf:7"}, {"/interfaces/1/address", "esx.conf:8"}}));
  CHECK(host.at("before").at(json::json_pointer("/interfaces/1/address")) == "10.0.0.9");
}

TEST_CASE("an origin of a value that the state does not show is left out") {
  auto session = session_of({Esx("esx01").console("10.0.0.5/24", "10.0.0.1").host()});
  session.estate.hosts[0].before.interfaces[0].origins.set("no_such_field", Origin{FileName("f"), 1, 1});
  const auto host = json::parse(inspect_json(session)).at("hosts").at(0);
  CHECK(host.at("origins").size() == 1);
}

TEST_CASE("a rule's page shows what the catalogue says of it") {
  rules::Rule rule;
  rule.slug = "same-subnet";
  rule.section = "Ranges";
  rule.severity = Severity::Error;
  rule.title = "Two interfaces in one subnet";
  rule.explanation = "Long.";
  rule.symptoms = "NFS answers: permission denied.";
  rule.kb = "KB 2010877";
  rule.remedies = {"re-address one", "own stack"};
  const auto page = rule_page(rule, Paint{});
  CHECK_THAT(page,
             Catch::StartsWith("same-subnet: Two interfaces in one subnet\n  error by default; section Ranges\n"));
  CHECK_THAT(page, Catch::Contains("  - re-address one\n  - own stack\n") && Catch::Contains("permission denied") &&
                       Catch::Contains("KB 2010877"));
  const auto listed = rules_text({{rule}}, Paint{});
  CHECK_THAT(listed, Catch::Contains("Ranges\n  same-subnet  error  Two interfaces in one subnet\n"));
}
