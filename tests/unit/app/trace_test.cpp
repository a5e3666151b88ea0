// The story that trace tells of a packet.
#include "esx2esxi/app/trace.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "../rules/build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::app;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;
using nlohmann::json;
using test::esx;
using test::esxi;
using test::ip;
using test::net_of;

namespace {

Session session_of(const test::HostBuilder& builder, model::Policy policy = {}) {
  Session session;
  session.estate.hosts = {builder.host()};
  session.chosen = {true};
  session.policy = std::move(policy);
  session.today = {2026, 3, 1};
  return session;
}

Options to(std::string_view address, std::vector<model::Service> services = {}) {
  Options options;
  options.to = {ip(address)};
  options.services = std::move(services);
  return options;
}

/// "10.0.0.0/24 connected wins" for each line of the table that holds the destination
std::vector<std::string> lines(const Answer& answer) {
  std::vector<std::string> out;
  for (const auto& c : answer.story.candidates) {
    auto text = to_string(c.row.network);
    if (c.row.next_hop) text += " by " + to_string(*c.row.next_hop);
    if (c.wins) text += " wins";
    using Fault = model::TableRow::Fault;
    if (c.row.fault == Fault::Shadowed) text += " shadowed";
    if (c.row.fault == Fault::OffLink) text += " off-link";
    if (c.row.fault == Fault::Own) text += " own";
    out.push_back(text);
  }
  return out;
}

std::vector<std::string> broken(const Answer& answer) {
  std::vector<std::string> slugs;
  for (const auto& b : answer.story.breaks) slugs.push_back(b.rule + (b.waived ? " waived" : ""));
  return slugs;
}

using Texts = std::vector<std::string>;

/// Console and vMotion in one subnet, storage and its router in another.
test::HostBuilder pier() {
  return esx("pier")
      .console("vswif0", "10.0.0.5/24")
      .vmkernel("vmk0", "10.0.0.9/24")
      .carries(model::Service::VMotion)
      .vmkernel("vmk1", "10.0.3.5/24")
      .carries(model::Service::Nfs)
      .gateway("10.0.0.1")
      .kernel_gateway("10.0.3.254");
}

model::PolicyEndpoint server(std::string name, std::string_view address, std::string_view source) {
  model::PolicyEndpoint endpoint;
  endpoint.kind = model::EndpointKind::Nfs;
  endpoint.name = std::move(name);
  endpoint.address = ip(address);
  endpoint.allowed_sources = {net::Ipv4Range(ip(source))};
  endpoint.at = test::at("policy.info", 12);
  return endpoint;
}

}  // namespace

TEST_CASE("trace lists the lines of the table that hold the destination, the longest first") {
  const auto host = esxi("a")
                        .vmkernel("vmk0", "10.0.0.5/16")
                        .vmkernel("vmk1", "10.0.3.5/24")
                        .gateway("10.0.0.1")
                        .route("10.0.3.128/25", "10.0.3.1")
                        .route("10.0.3.0/24", "10.0.0.2")     // equal to a connected network
                        .route("10.0.3.200/32", "10.9.9.9")   // a next hop that is nowhere
                        .route("10.0.3.192/26", "10.0.0.5");  // a next hop that is the host itself
  const auto answers = trace(session_of(host), to("10.0.3.200"), nullptr);
  REQUIRE(answers.size() == 2);  // before and mapped are one for an ESXi host
  CHECK(lines(answers[1]) == Texts{"10.0.3.200/32 by 10.9.9.9 off-link", "10.0.3.192/26 by 10.0.0.5 own",
                                   "10.0.3.128/25 by 10.0.3.1 wins", "10.0.3.0/24", "10.0.3.0/24 by 10.0.0.2 shadowed",
                                   "10.0.0.0/16", "0.0.0.0/0 by 10.0.0.1"});
  CHECK(answers[1].story.candidates[2].interfaces == Texts{"vmk1"});
  CHECK_THAT(answers[1].story.why,
             StartsWith("10.0.3.200/32 by a static route through 10.9.9.9 is of no use: its next hop 10.9.9.9 is in no "
                        "network of this stack. 10.0.3.192/26") &&
                 Contains("its next hop 10.0.0.5 is an address of the host itself") &&
                 EndsWith("10.0.3.128/25, a static route through 10.0.3.1, is the longest of 4 prefixes that hold it; "
                          "10.0.3.1 is a neighbour of vmk1."));
  // The next hop lies in both ranges; each of the useless routes has a sentence of its own.
  CHECK(broken(answers[1]) == Texts{"overlapping-masks", "route-next-hop-off-link", "route-next-hop-off-link"});
}

TEST_CASE("trace says why nothing leads there") {
  const auto nothing = trace(session_of(esxi("a").vmkernel("vmk0", "10.0.0.5/24")), to("192.0.2.1"), nullptr);
  CHECK(nothing[0].interfaces.empty());
  CHECK_THAT(nothing[0].story.why, StartsWith("Nothing in the table holds it"));
  CHECK(nothing[0].story.way_back.empty());
  CHECK(nothing[0].story.sources.empty());

  const auto lost = esxi("a").vmkernel("vmk0", "10.0.0.5/24").carries(model::Service::Management).gateway("10.0.9.1");
  const auto answers = trace(session_of(lost), to("192.0.2.1"), nullptr);
  CHECK_THAT(answers[1].story.why,
             Contains("the default gateway 10.0.9.1 is of no use") && EndsWith("Nothing else in the table holds it."));
  CHECK(broken(answers[1]) == Texts{"gateway-off-subnet"});
  CHECK(broken(trace(session_of(lost), to("10.0.0.77"), nullptr)[1]).empty());  // on-link: no gateway is asked
}

TEST_CASE("trace tells a tie, its likely winner and the rules it breaks") {
  const auto answers = trace(session_of(pier()), to("10.0.0.77"), nullptr);
  REQUIRE(answers.size() == 3);
  CHECK(lines(answers[0]) == Texts{"10.0.0.0/24 wins", "0.0.0.0/0 by 10.0.0.1"});
  CHECK(answers[0].story.why == "10.0.0.0/24, the network of vswif0, is the longest of 2 prefixes that hold it.");
  CHECK(broken(answers[0]).empty());
  const auto& mapped = answers[2].story;
  CHECK(mapped.sources == std::vector<net::Ipv4Address>{ip("10.0.0.5"), ip("10.0.0.9")});
  CHECK_THAT(mapped.why, Contains("the network of vmk0 and vmk1") &&
                             Contains("VMware leaves undefined which of them is used. vmk0 was created first"));
  CHECK_THAT(mapped.way_back, Contains("It must let in 10.0.0.5 and 10.0.0.9."));
  const auto of_management = trace(session_of(pier()), to("10.0.0.77", {model::Service::Management}), nullptr);
  CHECK(broken(of_management.back()) == Texts{"same-subnet", "egress-changes", "egress-ambiguous"});
}

TEST_CASE("trace judges a destination for the services asked about, or all in use") {
  const auto rules_for = [](std::vector<model::Service> services) {
    const auto answers = trace(session_of(pier()), to("10.0.9.9", std::move(services)), nullptr);
    return broken(answers.back());
  };
  using model::Service;
  // Management leaves by its own gateway as before, but in company now; NFS loses its gateway.
  CHECK(rules_for({Service::Nfs}) ==
        Texts{"same-subnet", "two-default-gateways", "gateway-ambiguous", "egress-changes"});
  CHECK(trace(session_of(pier()), to("10.0.9.9", {Service::Nfs}), nullptr).size() == 2);
  CHECK(trace(session_of(pier()), to("10.0.9.9", {Service::Management}), nullptr).front().stack == "console");
  CHECK(trace(session_of(pier()), to("10.0.9.9", {Service::Management, Service::Nfs}), nullptr).size() == 3);
  CHECK(trace(session_of(pier()), to("10.0.9.9", {Service::Vsan}), nullptr).empty());
  const auto all = rules_for({});
  CHECK(std::count(all.begin(), all.end(), "egress-changes") == 3);  // three services, three sentences
}

TEST_CASE("trace says who lets the packet in, and what it came from before") {
  model::Policy policy;
  policy.endpoints = {server("archive", "10.0.9.9", "10.0.3.5")};
  const auto answers = trace(session_of(pier(), policy), to("10.0.9.9"), nullptr);
  REQUIRE(answers.size() == 3);
  CHECK(answers[1].source == ip("10.0.3.5"));
  CHECK(answers[1].story.let_in == true);
  CHECK_THAT(answers[1].story.way_back, Contains("the destination's router needs a way back to 10.0.3.0/24. It lets in "
                                                 "10.0.3.5.") &&
                                            !Contains("Until now"));
  CHECK(answers[2].source == ip("10.0.0.5"));
  CHECK(answers[2].story.let_in == false);
  CHECK_THAT(answers[2].story.way_back,
             Contains("It does not let in 10.0.0.5 or 10.0.0.9, only 10.0.3.5 (policy.info:12).") &&
                 Contains("Until now it saw 10.0.3.5:"));
  CHECK_THAT(answers[0].story.way_back, !Contains("Until now"));  // the console's own way: NFS never took it
  CHECK_FALSE(trace(session_of(pier(), policy), to("10.0.9.8"), nullptr)[2].story.let_in);
}

TEST_CASE("trace names VLAN, binding and gateways of an interface's own") {
  using model::Service;
  const auto host = esxi("a")
                        .vmkernel("vmk0", "10.0.0.5/24")
                        .carries(Service::Management)
                        .vlan(7)
                        .vmkernel("vmk1", "10.0.5.5/24")
                        .bound("vmhba33")
                        .vmkernel("vmk2", "10.0.5.6/24")
                        .bound("vmhba33")
                        .vmkernel("vmk3", "10.0.7.5/24")
                        .carries(Service::Nfs)
                        .gateway_of_its_own("10.0.7.1")
                        .gateway("10.0.0.1");
  const auto story = [&](std::string_view address, Service service) {
    return trace(session_of(host), to(address, {service}), nullptr).back().story;
  };
  CHECK_THAT(story("10.0.0.77", Service::Management).way_back,
             StartsWith("The answer goes to 10.0.0.5 directly: the destination must be in 10.0.0.0/24 on VLAN 7"));
  CHECK_THAT(story("10.0.5.77", Service::Iscsi).why, EndsWith("each bound interface (vmk1 and vmk2) opens its own."));
  CHECK(story("10.0.5.77", Service::Iscsi).breaks.empty());
  CHECK_THAT(story("10.0.9.9", Service::Nfs).why, EndsWith("vmk3 has a gateway of its own, 10.0.7.1: what is bound to "
                                                           "vmk3 leaves by it, past this table."));
  CHECK_THAT(story("10.0.9.9", Service::Management).why, !Contains("of its own"));
  CHECK_THAT(story("10.0.7.9", Service::Nfs).why, !Contains("of its own"));  // on-link: no gateway is asked
  CHECK(story("10.0.7.5", Service::Nfs).why == "10.0.7.5 is vmk3's own address: packets to it do not leave the host.");
}

TEST_CASE("trace tells waived rules from broken ones, and a wide range from a narrow one") {
  const auto nested =
      esx("a").console("vswif0", "10.0.0.5/16").vmkernel("vmk0", "10.0.3.5/24").carries(model::Service::VMotion);
  model::Waiver waiver;
  waiver.rule = "overlapping-masks";
  waiver.host = "a";
  waiver.reason = "r";
  waiver.owner = "o";
  waiver.expires = model::Date{2026, 3, 1};
  model::Policy policy;
  policy.waivers = {waiver};
  const auto inside = trace(session_of(nested, policy), to("10.0.3.77"), nullptr).back();
  CHECK(broken(inside) == Texts{"overlapping-masks waived", "egress-changes"});
  CHECK(broken(trace(session_of(nested), to("10.0.3.77"), nullptr).back()).front() == "overlapping-masks");
  CHECK(broken(trace(session_of(nested), to("10.0.4.77"), nullptr).back()).empty());
}

TEST_CASE("trace judges the state before on its own, and the one after with the plan") {
  const auto two_consoles = esx("a").console("vswif0", "10.0.0.5/24").console("vswif1", "10.0.0.6/24");
  const auto session = session_of(two_consoles);
  CHECK(broken(trace(session, to("10.0.0.77"), nullptr)[0]) == Texts{"same-subnet", "egress-ambiguous"});

  plan::Plan plan;
  plan::HostPlan planned;
  planned.name = "a";
  planned.after = transform::map_host(session.host(0), session.target, session.path).state;
  test::set_address(planned.after.interfaces[1], "10.0.8.6/24");
  plan.hosts = {planned};
  const auto answers = trace(session, to("10.0.0.77"), &plan);
  REQUIRE(answers.back().state == "after");
  CHECK(broken(answers.back()).empty());
  CHECK(answers.back().interfaces.size() == 1);
}

TEST_CASE("trace --service nfs asks the VMkernel's table where no interface reaches the server yet") {
  auto session =
      session_of(esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1").vmkernel("vmk0", "10.0.3.5/24"));
  session.estate.hosts[0].before.nfs.push_back({"ds0", "10.7.0.9", "/vol", false, {}});
  const auto answers = trace(session, to("10.7.0.9", {model::Service::Nfs}), nullptr);
  REQUIRE(answers.size() == 2);
  CHECK(answers[0].stack == model::kVmkernel);
  CHECK(answers[0].interfaces.empty());
  CHECK(answers[1].stack == model::kDefaultStack);
  CHECK(answers[1].next_hop == ip("10.0.0.1"));
}

TEST_CASE("trace prints its story as text and as JSON") {
  model::Policy policy;
  policy.endpoints = {server("archive", "10.0.9.9", "10.0.3.5")};
  const auto answers = trace(session_of(pier(), policy), to("10.0.9.9"), nullptr);
  const auto text = trace_text(answers, Paint{});
  CHECK_THAT(text, Contains("pier to 10.0.9.9\n") && Contains("  before  vmkernel  vmk1 by 10.0.3.254, from 10.0.3.5"));
  CHECK_THAT(text, Contains("      table   0.0.0.0/0  default  by 10.0.3.254  vmk1  wins\n"));
  CHECK_THAT(text, Contains("      why     0.0.0.0/0, the default gateway 10.0.3.254, is the only prefix"));
  CHECK_THAT(text,
             Contains("      answer  The answer goes to") && Contains("      breaks  two-default-gateways (error): "));
  const auto document = json::parse(trace_json(answers));
  const auto& story = document.at("answers").at(2).at("story");
  CHECK(story.at("candidates") == json::parse(R"([{"network": "0.0.0.0", "prefix": 0, "kind": "default",
    "next_hop": "10.0.0.1", "interfaces": ["vmk0", "vmk1"], "wins": true, "fault": null}])"));
  CHECK(story.at("sources") == json::parse(R"(["10.0.0.5", "10.0.0.9"])"));
  CHECK(story.at("let_in") == false);
  CHECK(story.at("breaks").size() == answers[2].story.breaks.size());
  CHECK(story.at("breaks").at(0).at("severity") == "error");
}

TEST_CASE("a list of destinations holds addresses, comments and blank lines, and each fault has its line") {
  const FileName file("list.txt");
  const auto good = read_addresses(file, "\xEF\xBB\xBF# servers\r\n10.0.0.1\r\n\n  10.0.0.2  # filer\n10.0.0.1");
  CHECK(good.notes.empty());
  CHECK(good.value == std::vector<net::Ipv4Address>{ip("10.0.0.1"), ip("10.0.0.2"), ip("10.0.0.1")});
  const auto bad = read_addresses(file, "10.0.0.1\n10.0.0.300\n\n10.0.0.2 10.0.0.3\n");
  REQUIRE(bad.notes.size() == 2);
  CHECK(to_string(bad.notes[0]) ==
        "list.txt:2: error: '10.0.0.300' is no IPv4 address: an octet above 255 (one address a line; a # begins a "
        "comment)");
  CHECK(bad.notes[1].at.line == 4);
  CHECK(read_addresses(file, "# nothing\n").notes.size() == 1);
  CHECK(read_addresses(file, "").notes.size() == 1);
}
