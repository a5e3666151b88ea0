// What the verbs answer on the sample estate, as a script or a person gets it.
#include <filesystem>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
using nlohmann::json;

namespace {

const std::vector<std::string> kWishes = {"--policy", kPolicy, "--pools", kPools, "--date", "2026-03-01"};

std::vector<std::string> with_wishes(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), kWishes.begin(), kWishes.end());
  return arguments;
}

/// Standard output must be one JSON document and nothing else.
json parsed(const Outcome& outcome) {
  INFO(outcome.err);
  json document;
  REQUIRE_NOTHROW(document = json::parse(outcome.out));
  return document;
}

json host_named(const json& document, const std::string& name) {
  for (const auto& host : document.at("hosts"))
    if (host.at("name") == name) return host;
  FAIL("no host " << name);
  return {};
}

std::vector<std::string> names_of(const json& hosts) {
  std::vector<std::string> names;
  for (const auto& host : hosts) names.push_back(host.at("name"));
  return names;
}

}  // namespace

TEST_CASE("check finds the conflicts of the samples and says so by its exit code") {
  const auto outcome = run(with_wishes({"check", kHosts}));
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.out,
             Contains("pier01") && Contains("same-subnet") && Contains("14 hosts for ESXi 8.0, path fresh"));
  CHECK_THAT(outcome.out, Contains("vmk0 (was vswif0)"));
  CHECK_THAT(outcome.out, Contains("pier01/etc/vmware/esx.conf:"));
  CHECK_THAT(outcome.out, Contains("waived"));
}

TEST_CASE("check of a clean host finds nothing") {
  const auto outcome = run(with_wishes({"check", kHosts + "/light01"}));
  INFO(outcome.out << outcome.err);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, Contains("light01") && Contains("nothing found"));
}

TEST_CASE("check in JSON has the shape of the contract, and standard output holds nothing else") {
  const auto document = parsed(run(with_wishes({"check", kHosts, "--format", "json"})));
  CHECK(document.at("format") == "esx2esxi-check");
  CHECK(document.at("version") == "1.0");
  CHECK(document.at("hosts").size() == 14);
  CHECK(document.at("estate").at("findings").is_array());
  const auto findings = host_named(document, "pier01").at("findings");
  const auto same =
      std::find_if(findings.begin(), findings.end(), [](const json& f) { return f.at("rule") == "same-subnet"; });
  REQUIRE(same != findings.end());
  CHECK(same->at("severity") == "error");
  CHECK(same->at("introduced") == true);
  CHECK(same->at("interfaces").at(0) == json({{"name", "vmk0"}, {"from", "vswif0"}}));
}

TEST_CASE("the exit code of check follows --fail-on") {
  const auto code = [&](const std::string& host, const std::string& level) {
    return run(with_wishes({"check", kHosts, "--host", host, "--fail-on", level, "--quiet"})).code;
  };
  CHECK(code("pier01", "error") == 1);
  CHECK(code("pier01", "warning") == 1);
  CHECK(code("pier01", "never") == 0);
  CHECK(code("light01", "warning") == 0);
}

TEST_CASE("with --host check shows that host alone, and the verdict is the one it has among its peers") {
  const auto all = parsed(run(with_wishes({"check", kHosts, "--format", "json"})));
  const auto one = parsed(run(with_wishes({"check", kHosts, "--format", "json", "--host", "CRANE04.harbor.example"})));
  CHECK(names_of(one.at("hosts")) == std::vector<std::string>{"crane04"});
  CHECK(host_named(one, "crane04") == host_named(all, "crane04"));
  const auto about_others = parsed(run(with_wishes({"check", kHosts, "--format", "json", "--host", "pier01"})));
  CHECK(about_others.at("estate").at("findings").empty());
  CHECK_FALSE(one.at("estate").at("findings").empty());
}

TEST_CASE("the answer is the same whatever --jobs is, and in whatever order the inputs come") {
  const auto one = run(with_wishes({"check", kHosts, "--jobs", "1"}));
  const auto many = run(with_wishes({"check", kHosts, "--jobs", "8"}));
  CHECK(one.out == many.out);
  const auto ab = run(with_wishes({"check", kHosts + "/pier01", kHosts + "/crane01"}));
  const auto ba = run(with_wishes({"check", kHosts + "/crane01", kHosts + "/pier01"}));
  CHECK(ab.out == ba.out);
}

TEST_CASE("with --quiet check prints no report and no warning, JSON all the same") {
  const auto quiet = run(with_wishes({"check", kHosts, "--quiet"}));
  CHECK(quiet.code == 1);
  CHECK(quiet.out.empty());
  CHECK_THAT(quiet.err, !Contains("warning"));
  CHECK_FALSE(run(with_wishes({"check", kHosts, "--quiet", "--format", "json"})).out.empty());
}

TEST_CASE("colour is for terminals, unless it is asked for") {
  const auto has_colour = [](const std::vector<std::string>& more, const Circumstances& c) {
    auto arguments = with_wishes({"check", kHosts + "/pier01"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments, c).out.find('\x1b') != std::string::npos;
  };
  Circumstances terminal;
  terminal.environment["TERM"] = "xterm";
  CHECK_FALSE(has_colour({}, terminal));
  CHECK(has_colour({"--color", "always"}, {}));
  CHECK_FALSE(has_colour({"--color", "never"}, terminal));
}

TEST_CASE("inspect tells what a host is and where each value came from") {
  const auto text = run({"inspect", kHosts + "/pier01", "--origins"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("vswif0") && Contains("10.71.10.11/24") && Contains("/interfaces/0/address"));
  const auto document = parsed(run({"inspect", kHosts + "/pier01", "--format", "json"}));
  CHECK(document.at("format") == "esx2esxi-inspect");
  const auto host = host_named(document, "pier01");
  CHECK(host.at("product") == "ESX");
  CHECK(host.at("version") == "4.1.0");
  CHECK(host.at("not_found").is_array());
  CHECK(host.at("diagnostics").is_array());
  const auto& before = host.at("before");
  REQUIRE(host.at("origins").size() > 10);
  for (const auto& [pointer, at] : host.at("origins").items()) {
    INFO(pointer << " " << at);
    CHECK(before.contains(json::json_pointer(pointer)));
    const auto place = at.get<std::string>();
    const auto file = place.substr(0, place.rfind(':'));
    CHECK(std::filesystem::exists(file));
  }
}

TEST_CASE("every address of inspect has an origin, and that line of that file holds it") {
  const auto document = parsed(run({"inspect", kHosts, "--format", "json"}));
  std::size_t seen = 0;
  for (const auto& host : document.at("hosts")) {
    for (std::size_t i = 0; i < host.at("before").at("interfaces").size(); ++i) {
      const auto& address = host["before"]["interfaces"][i]["address"];
      if (address.is_null()) continue;
      const auto pointer = "/interfaces/" + std::to_string(i) + "/address";
      INFO(host.at("name") << pointer);
      REQUIRE(host.at("origins").contains(pointer));
      const std::string place = host["origins"][pointer];
      const auto colon = place.rfind(':');
      auto text = content(place.substr(0, colon));
      for (auto line = std::stoul(place.substr(colon + 1)); line > 1; --line) text.erase(0, text.find('\n') + 1);
      CHECK_THAT(text.substr(0, text.find('\n')), Contains(address.get<std::string>()));
      ++seen;
    }
  }
  CHECK(seen > 30);
}

TEST_CASE("trace tells the way of a packet before and after the mapping") {
  const auto document = parsed(
      run({"trace", kHosts, "--host", "pier01", "--to", "10.71.40.20", "--to", "10.71.10.5", "--format", "json"}));
  CHECK(document.at("format") == "esx2esxi-trace");
  const auto& answers = document.at("answers");
  REQUIRE(answers.size() == 6);  // two destinations: console, vmkernel, defaultTcpipStack
  auto first = answers[0];
  first.erase("story");  // additive: its own tests are in unit_app
  CHECK(first == json::parse(R"({"host": "pier01", "to": "10.71.40.20", "state": "before", "stack": "console",
    "interfaces": [{"name": "vswif0", "from": "vswif0"}], "likely": {"name": "vswif0", "from": "vswif0"},
    "next_hop": "10.71.10.1", "source": "10.71.10.11", "ambiguous": false})"));
  CHECK(answers[1].at("stack") == "vmkernel");
  CHECK(answers[1].at("next_hop") == "10.71.30.254");
  CHECK(answers[1].at("likely").at("name") == "vmk1");
  CHECK(answers[2].at("state") == "mapped");
  CHECK(answers[2].at("stack") == "defaultTcpipStack");
  CHECK(answers[2].at("next_hop") == "10.71.10.1");
  CHECK(answers[2].at("ambiguous") == true);
  CHECK(answers[3].at("to") == "10.71.10.5");
  CHECK(answers[3].at("next_hop").is_null());
  CHECK(answers[5].at("interfaces").size() == 2);
}

TEST_CASE("trace takes destinations from files too, each once, and refuses a bad line with its place") {
  const Scratch scratch;
  scratch.put("list.txt", "# servers\n10.71.40.20\n\n10.71.10.5  # vCenter\n");
  scratch.put("bad.txt", "10.71.40.20\nfiler-a\n");
  scratch.put("empty.txt", "# nothing\n");
  const auto trace = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"trace", kHosts + "/pier01"});
    return run(more);
  };
  const auto document = parsed(trace({"--from-file", scratch / "list.txt", "--to", "10.71.10.5", "--format", "json"}));
  std::vector<std::string> seen;
  for (const auto& answer : document.at("answers"))
    if (answer.at("state") == "mapped") seen.push_back(answer.at("to"));
  CHECK(seen == std::vector<std::string>{"10.71.10.5", "10.71.40.20"});

  const auto bad = trace({"--from-file", scratch / "bad.txt"});
  CHECK(bad.code == 3);
  CHECK(bad.out.empty());
  CHECK_THAT(bad.err, Contains("bad.txt:2: error: 'filer-a' is no IPv4 address"));
  CHECK(trace({"--from-file", scratch / "empty.txt"}).code == 3);
  CHECK(trace({"--from-file", scratch / "absent.txt"}).code == 3);
}

TEST_CASE("trace of a destination without a route has no interface and nulls") {
  const auto document = parsed(run({"trace", kHosts, "--host", "tug35", "--to", "192.0.2.1", "--format", "json"}));
  for (const auto& answer : document.at("answers")) {
    CHECK(answer.at("interfaces").empty());
    CHECK(answer.at("likely").is_null());
    CHECK(answer.at("next_hop").is_null());
    CHECK(answer.at("source").is_null());
    CHECK(answer.at("ambiguous") == false);
  }
}

TEST_CASE("trace shows the planned state with pools or a policy only, and with --service the stacks that carry it") {
  const auto states = [](std::vector<std::string> more) {
    std::vector<std::string> arguments{"trace", kHosts, "--host", "pier01", "--to", "10.71.30.20", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<std::string> all;
    const auto document = parsed(run(arguments));
    for (const auto& answer : document.at("answers"))
      all.push_back(answer.at("state").get<std::string>() + " " + answer.at("stack").get<std::string>());
    return all;
  };
  CHECK(states({}) == std::vector<std::string>{"before console", "before vmkernel", "mapped defaultTcpipStack"});
  CHECK(states(kWishes).back().starts_with("after "));
  CHECK(states({"--service", "nfs"}) == std::vector<std::string>{"before vmkernel", "mapped defaultTcpipStack"});
  CHECK(states({"--service", "management"}) == std::vector<std::string>{"before console", "mapped defaultTcpipStack"});
}

TEST_CASE("what a policy cannot mean is said once: unknown rules, and void, expired and useless waivers") {
  const Scratch scratch;
  scratch.put(
      "policy.info",
      "format esx2esxi-policy\nversion 1.0\n"
      "severities\n{\n  same-subnt off\n}\n"
      "waivers\n{\n"
      "  waiver\n  {\n    rule same-subnet\n    host pier01\n  }\n"
      "  waiver\n  {\n    rule same-subnet\n    host pier01\n    reason r\n    owner o\n    expires 2020-01-01\n  }\n"
      "  waiver\n  {\n    rule mask-invalid\n    host pier01\n    reason r\n    owner o\n    expires 2031-01-01\n  }\n"
      "  waiver\n  {\n    rule no-such-rule\n    host pier01\n    reason r\n    owner o\n    expires 2031-01-01\n  }\n"
      "}\n");
  const auto seen = run({"check", kHosts + "/pier01", "--policy", scratch / "policy.info", "--quiet", "--date",
                         "2026-01-01", "--format", "json"});
  CHECK(seen.code == 1);
  CHECK(seen.err.empty());  // --quiet: errors only
  const auto loud = run(
      {"check", kHosts + "/pier01", "--policy", scratch / "policy.info", "--date", "2026-01-01", "--format", "json"});
  CHECK_THAT(loud.err, Contains("policy.info:5: warning: there is no rule 'same-subnt'") &&
                           Contains("did you mean 'same-subnet'?"));
  CHECK_THAT(loud.err, Contains("policy.info:9: warning: the waiver of 'same-subnet' is void"));
  CHECK_THAT(loud.err, Contains("policy.info:14: warning: the waiver of 'same-subnet' ran out on 2020-01-01"));
  CHECK_THAT(loud.err, Contains("policy.info:22: warning: the waiver of 'mask-invalid' met no finding"));
  CHECK_THAT(loud.err, Contains("policy.info:30: warning: there is no rule 'no-such-rule'"));
  CHECK(loud.err.find("void") == loud.err.rfind("void"));
  const auto document = parsed(seen);
  for (const auto& finding : document.at("hosts").at(0).at("findings"))
    CHECK(finding.at("resolution") == "open");  // none of them waived anything
}

TEST_CASE("a waiver for hosts that are not among the inputs is not to be removed") {
  const auto seen = run({"check", kHosts + "/light01", "--policy", kPolicy, "--date", "2026-01-01"});
  CHECK_THAT(seen.err, Contains("the waiver of 'unbound-beside-bound' is for host 'crane01', of which nothing is among "
                                "the inputs (check the name, or keep it for the run that holds it)"));
  CHECK_THAT(seen.err, Contains("the waiver of 'service-console-name' is for cluster 'PROD-B'"));
  CHECK_THAT(seen.err, !Contains("met no finding"));
  CHECK(seen.code == 0);
}

TEST_CASE("rules --policy-schema prints the layout that the policy reader checks by") {
  const auto text = run({"rules", "--policy-schema"});
  CHECK(text.code == 0);
  CHECK_THAT(text.out, Contains("! format esx2esxi-policy") && Contains("isolation-address IP"));
  CHECK_THAT(text.out, Contains("*     waiver") && Contains("expires YYYY-MM-DD"));
  const auto keys = parsed(run({"rules", "--policy-schema", "--format", "json"}));
  CHECK(keys.at("format") == "esx2esxi-policy-schema");
  // Every key of the sample policy is documented.
  std::set<std::string> known;
  for (const auto& key : keys.at("keys")) {
    std::istringstream words(key.at("key").get<std::string>());
    for (std::string word; std::getline(words, word, '|');) known.insert(word);
  }
  for (const auto* key : {"vcenter", "cluster", "allowed-source", "re-address", "own-stack", "expires", "segment"})
    CHECK(known.contains(key));
}

TEST_CASE("the policy names the target, and the command line wins over it") {
  const Scratch scratch;
  scratch.put("policy.info", "format esx2esxi-policy\nversion 1.0\nestate x\ntarget 5.5\npath upgrade\n");
  const auto text = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"check", kHosts + "/light01"});
    return run(more).out;
  };
  CHECK_THAT(text({}), Contains("for ESXi 8.0, path fresh"));
  CHECK_THAT(text({"--policy", scratch / "policy.info"}), Contains("for ESXi 5.5, path upgrade"));
  CHECK_THAT(text({"--policy", scratch / "policy.info", "--target", "5.1", "--path", "fresh"}),
             Contains("for ESXi 5.1, path fresh"));
}
