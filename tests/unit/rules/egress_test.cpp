#include <catch2/catch.hpp>

#include "build.hpp"
#include "esx2esxi/net/fmt.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

/// "nfs 0.0.0.0-9.255.255.255 vmk1>10.0.1.1 : vswif0>10.0.0.1", one a line.
std::vector<std::string> lines(const Scene& scene) {
  const auto way = [](const std::vector<rules::InterfaceRef>& who, std::optional<net::Ipv4Address> hop) {
    std::vector<std::string> names;
    for (const auto& ref : who) names.push_back(ref.from.empty() ? ref.name : ref.from);
    return join(names, "+") + (hop ? ">" + to_string(*hop) : std::string());
  };
  std::vector<std::string> out;
  for (const auto& c : rules::compare_egress(scene.situation()).changes)
    out.push_back(fmt::format("{} {} {} : {}{}", model::to_string(c.service), c.region,
                              way(c.before, c.next_hop_before), way(c.after, c.next_hop_after),
                              c.meant ? " meant" : ""));
  return out;
}
using Lines = std::vector<std::string>;

bool says(const Finding& finding, std::string_view text) { return finding.message.find(text) != std::string::npos; }

/// Management and NFS in a subnet each, with a gateway each: the VMkernel's goes.
HostBuilder routed_nfs() {
  return esx("a")
      .console("vswif0", "10.0.0.5/24")
      .vmkernel("vmk1", "10.0.2.5/24")
      .carries(Service::Nfs)
      .gateway("10.0.0.1")
      .kernel_gateway("10.0.2.254");
}

}  // namespace

TEST_CASE("compare_egress says what each service's packets do, region by region") {
  CHECK(lines(routed_nfs().scene()) == Lines{"management 10.0.2.0-10.0.2.255 vswif0>10.0.0.1 : vmk1",
                                             "nfs 0.0.0.0-9.255.255.255 vmk1>10.0.2.254 : vswif0>10.0.0.1",
                                             "nfs 10.0.0.0-10.0.0.255 vmk1>10.0.2.254 : vswif0",
                                             "nfs 10.0.1.0-10.0.1.255 vmk1>10.0.2.254 : vswif0>10.0.0.1",
                                             "nfs 10.0.3.0-255.255.255.255 vmk1>10.0.2.254 : vswif0>10.0.0.1"});
  CHECK(rules::compare_egress(routed_nfs().scene().situation()).examined > 5);
}

TEST_CASE("a region without a route before is no change") {
  // The console had no gateway and the VMkernel neither; vmk1's range is new to management, but was out of its reach.
  auto host = esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk1", "10.0.2.5/24").carries(Service::Nfs);
  CHECK(lines(host.scene()).empty());
  // The VMkernel's services gain the console's gateway: nothing they had changes.
  CHECK(lines(host.gateway("10.0.0.1").scene()) == Lines{"management 10.0.2.0-10.0.2.255 vswif0>10.0.0.1 : vmk1"});
}

TEST_CASE("volumes without a way to their server are in use, and nothing else is for that") {
  auto scene = esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk1", "10.0.0.6/24").scene();
  scene.host.before.nfs.push_back({"ds0", "10.7.0.9", "/vol", false, {}});
  CHECK(lines(scene) ==
        Lines{"management 10.0.0.0-10.0.0.255 vswif0 : vswif0+vmk1", "nfs 10.0.0.0-10.0.0.255 vmk1 : vswif0+vmk1"});
}

TEST_CASE("services that nothing carries are not compared") {
  auto host = esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk1", "10.0.0.6/24");
  CHECK(lines(host.scene()) == Lines{"management 10.0.0.0-10.0.0.255 vswif0 : vswif0+vmk1"});
  CHECK(lines(host.carries(Service::VMotion).disabled().scene()).empty());
}

TEST_CASE("an ESXi host that is judged as it is changes nothing") {
  auto host = esxi("a")
                  .vmkernel("vmk0", "10.0.0.5/24")
                  .carries(Service::Management)
                  .gateway("10.0.0.1")
                  .vmkernel("vmk1", "10.0.1.5/24")
                  .carries(Service::VMotion)
                  .in_stack("vmotion")
                  .gateway_of("vmotion", "10.0.1.1")
                  .vmkernel("vmk2", "10.0.2.5/24")
                  .carries(Service::VMotion);
  CHECK(lines(host.scene()).empty());
  CHECK(host.scene().of("egress-changes").empty());
}

TEST_CASE("ways are compared as sets of interfaces and of next hops, however many tie") {
  auto interfaces = esxi("a")
                        .vmkernel("vmk0", "10.0.0.5/24")
                        .carries(Service::Management)
                        .vmkernel("vmk1", "10.0.0.6/24")
                        .vmkernel("vmk2", "10.0.1.7/24")
                        .gateway("10.0.0.1")
                        .scene();
  interfaces.plan([](model::State& after) {
    set_address(after.interfaces[1], "10.0.1.6/24");
    set_address(after.interfaces[2], "10.0.0.7/24");
  });
  const auto swapped = lines(interfaces);
  REQUIRE(swapped.size() == 4);
  CHECK(swapped[0].starts_with("management 0.0.0.0-9.255.255.255 vmk0+vmk1>10.0.0.1 : vmk0+vmk2>10.0.0.1"));
  CHECK(swapped[1].starts_with("management 10.0.0.0-10.0.0.255 vmk0+vmk1 : vmk0+vmk2"));
  CHECK(swapped[2].starts_with("management 10.0.1.0-10.0.1.255 vmk2 : vmk1"));

  auto hops = esxi("a")
                  .vmkernel("vmk0", "10.0.0.5/24")
                  .carries(Service::Management)
                  .route("10.9.0.0/16", "10.0.0.1")
                  .route("10.9.0.0/16", "10.0.0.2")
                  .scene();
  hops.plan([](model::State& after) { after.stacks[0].routes[1].next_hop = ip("10.0.0.3"); });
  REQUIRE(lines(hops).size() == 1);
  CHECK(lines(hops)[0].starts_with("management 10.9.0.0-10.9.255.255 vmk0>10.0.0.1 : vmk0>10.0.0.1"));
  hops.plan([](model::State& after) { std::swap(after.stacks[0].routes[0], after.stacks[0].routes[1]); });
  CHECK(lines(hops).empty());
}

TEST_CASE("adjoining regions are one change where both ways are the same, and several where one of them is not") {
  auto scene = esxi("a")
                   .vmkernel("vmk0", "10.0.0.5/24")
                   .carries(Service::Management)
                   .gateway("10.0.0.1")
                   .route("10.64.0.0/10", "10.0.0.1")  // as the default gateway would
                   .route("10.128.0.0/9", "10.0.0.2")
                   .scene();
  scene.plan([](model::State& after) {
    after.stacks[0].gateway = ip("10.0.0.3");
    for (auto& route : after.stacks[0].routes) route.next_hop = ip("10.0.0.3");
  });
  const auto found = lines(scene);
  REQUIRE(found.size() == 4);
  CHECK(found[0].starts_with("management 0.0.0.0-9.255.255.255 vmk0>10.0.0.1 : vmk0>10.0.0.3"));
  CHECK(found[1].starts_with("management 10.0.1.0-10.127.255.255 vmk0>10.0.0.1 : vmk0>10.0.0.3"));
  CHECK(found[2].starts_with("management 10.128.0.0-10.255.255.255 vmk0>10.0.0.2 : vmk0>10.0.0.3"));
  CHECK(found[3].starts_with("management 11.0.0.0-255.255.255.255 vmk0>10.0.0.1 : vmk0>10.0.0.3"));
}

TEST_CASE("a service in several stacks may leave by the tables of all of them") {
  auto scene = esxi("a")
                   .vmkernel("vmk0", "10.0.0.5/24")
                   .carries(Service::Management)
                   .gateway("10.0.0.1")
                   .vmkernel("vmk1", "10.0.1.5/24")
                   .in_stack("vmotion")
                   .carries(Service::VMotion)
                   .scene();
  scene.plan([](model::State& after) { after.interfaces[0].services.add(Service::VMotion); });
  CHECK(lines(scene) == Lines{"vmotion 10.0.1.0-10.0.1.255 vmk1 : vmk0+vmk1>10.0.0.1"});
}

TEST_CASE("egress-changes is an error with a known endpoint of the service in the region") {
  const auto found = routed_nfs().reaches(Service::Nfs, "10.9.9.9", "filer").scene().of("egress-changes");
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(addresses(found[0]) == "0.0.0.0-9.255.255.255 10.0.1.0/24");
  CHECK(found[1].severity == Severity::Error);
  CHECK(found[1].introduced);
  CHECK(addresses(found[1]) == "10.9.9.9");
  CHECK(found[1].endpoints == std::vector<std::string>{"filer 10.9.9.9"});
  CHECK(names(found[1]) == "vmk1 vswif0");
  CHECK(found[1].interfaces[0] == rules::InterfaceRef{"", "vmk1", "vmk1"});
  CHECK(says(found[1], "filer (10.9.9.9)"));
  CHECK(says(found[1], "left by vmk1 through 10.0.2.254"));
  CHECK(says(found[1], "it leaves by vmk0 (was vswif0) through 10.0.0.1"));
}

TEST_CASE("egress-changes: an endpoint of another service or an own address makes no error") {
  for (const auto& found : routed_nfs().reaches(Service::Management, "10.9.9.9").scene().of("egress-changes"))
    CHECK(found.severity == Severity::Warning);
  for (const auto& found : routed_nfs().reaches(Service::Nfs, "10.0.0.5").scene().of("egress-changes"))
    CHECK(found.severity == Severity::Warning);
}

TEST_CASE("egress-changes: routed regions without endpoints are one warning for one change") {
  const auto found = routed_nfs().scene().of("egress-changes");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(addresses(found[0]) == "0.0.0.0-9.255.255.255 10.0.1.0/24 10.0.3.0-255.255.255.255");
}

TEST_CASE("egress-changes is silent where a routed region becomes on-link, unless an endpoint lies in it") {
  auto host = esx("a")
                  .console("vswif0", "10.0.0.5/24")
                  .gateway("10.0.0.1")
                  .vmkernel("vmk1", "10.0.2.5/24")
                  .carries(Service::Nfs);
  CHECK(host.scene().of("egress-changes").empty());
  CHECK(host.reaches(Service::Nfs, "10.0.2.20").scene().of("egress-changes").empty());
  const auto found = host.reaches(Service::Management, "10.0.2.31", "NTP server").scene().of("egress-changes");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(names(found[0]) == "vmk1 vswif0");
}

TEST_CASE("egress-changes is silent in a region that was on-link, unless an endpoint lies in it") {
  auto host = esx("a").console("vswif0", "10.0.0.5/16").vmkernel("vmk1", "10.0.2.5/24").carries(Service::Iscsi);
  CHECK(host.scene().of("egress-changes").empty());
  CHECK(host.reaches(Service::Management, "10.0.3.31").scene().of("egress-changes").empty());
  const auto found = host.reaches(Service::Management, "10.0.2.200", "NTP server").scene().of("egress-changes");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(says(found[0], "left by vswif0 directly"));
}

TEST_CASE("egress-changes: a static route that both tables keep is no change") {
  auto host = routed_nfs().kernel_route("10.9.0.0/16", "10.0.2.253").reaches(Service::Nfs, "10.9.9.9");
  for (const auto& found : host.scene().of("egress-changes")) {
    INFO(found.message);
    CHECK(found.severity == Severity::Warning);
  }
  // The console's traffic takes it now as well: its packets to 10.9.0.0/16 were routed by the console's gateway.
  const auto all = host.scene().of("egress-changes");
  REQUIRE_FALSE(all.empty());
  CHECK(addresses(all.front()) == "10.9.0.0/16");
}

TEST_CASE("egress-changes: what becomes unreachable says so") {
  auto scene = routed_nfs().reaches(Service::Nfs, "10.9.9.9", "filer").scene();
  scene.plan([](model::State& after) { after.stacks[0].gateway.reset(); });
  const auto found = scene.of("egress-changes");
  const auto it = std::find_if(found.begin(), found.end(), [](const Finding& f) { return !f.endpoints.empty(); });
  REQUIRE(it != found.end());
  CHECK(it->severity == Severity::Error);
  CHECK(says(*it, "there is no way to it"));
}

TEST_CASE("an interface that now lacks is named by its classic name") {
  auto scene = routed_nfs().reaches(Service::Nfs, "10.9.9.9", "filer").scene();
  scene.plan([](model::State& after) { after.interfaces.erase(after.interfaces.begin() + 1); });
  const auto found = scene.of("egress-changes");
  REQUIRE_FALSE(found.empty());
  CHECK(std::find(found.back().interfaces.begin(), found.back().interfaces.end(),
                  rules::InterfaceRef{"", "vmk1", "vmk1"}) != found.back().interfaces.end());
}

// --- what a plan means ---

namespace {

/// vMotion beside management in one subnet; the plan moves it.
Scene moved_vmotion() {
  auto scene = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .gateway("10.0.0.1")
                   .vmkernel("vmk0", "10.0.0.9/24")
                   .carries(Service::VMotion)
                   .peer(Service::VMotion, "10.0.0.8", "peer b vmk0")
                   .scene();
  return scene.plan([](model::State& after) { set_address(after.interfaces[1], "10.0.7.9/24"); });
}

}  // namespace

TEST_CASE("a plan that moves vMotion means it, and its peers move along") {
  auto scene = moved_vmotion();
  CHECK(scene.of("egress-changes").empty());
  CHECK(lines(scene) == Lines{"management 10.0.7.0-10.0.7.255 vswif0>10.0.0.1 : vmk0",
                              "vmotion 10.0.0.0-10.0.0.255 vmk0 : vswif0 meant"});
  // The same peers are errors while nothing moves.
  scene.planned.reset();
  CHECK_FALSE(scene.of("egress-changes").empty());
}

TEST_CASE("a plan that merges a service onto another interface means it") {
  auto scene = moved_vmotion();
  scene.endpoints.front().peer = false;
  scene.planned.reset();
  scene.plan([](model::State& after) {
    after.interfaces[0].services.add(Service::VMotion);
    after.interfaces.pop_back();
  });
  CHECK(scene.of("egress-changes").empty());
  // Where it served both before, nothing was merged, and the packets are led elsewhere.
  scene.mapping.state.interfaces[0].services.add(Service::VMotion);
  REQUIRE(scene.of("egress-changes").size() == 1);
}

TEST_CASE("an endpoint that is no peer does not move along") {
  auto scene = moved_vmotion();
  scene.endpoints.front().peer = false;
  REQUIRE(scene.of("egress-changes").size() == 1);
  CHECK(scene.of("egress-changes")[0].severity == Severity::Error);
}

TEST_CASE("a plan that ends a tie means it") {
  auto scene = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .console("vswif1", "10.0.0.6/24")
                   .gateway("10.0.0.1")
                   .reaches(Service::Management, "10.0.0.20")
                   .reaches(Service::Management, "10.9.9.9")
                   .scene();
  CHECK(lines(scene).empty());
  scene.plan([](model::State& after) { set_address(after.interfaces[1], "10.0.7.6/24"); });
  CHECK(scene.of("egress-changes").empty());
  CHECK(lines(scene).front() == "management 0.0.0.0-9.255.255.255 vswif0+vswif1>10.0.0.1 : vswif0>10.0.0.1 meant");
}

TEST_CASE("a plan that re-addresses management and its gateway means the new next hop") {
  auto scene =
      esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1").reaches(Service::Management, "10.9.9.9").scene();
  scene.plan([](model::State& after) {
    set_address(after.interfaces[0], "10.0.7.5/24");
    after.stacks[0].gateway = ip("10.0.7.1");
  });
  CHECK(scene.of("egress-changes").empty());
  CHECK_FALSE(lines(scene).empty());
}

TEST_CASE("a plan's static route by another router of the same interface is meant, another interface is not") {
  const auto with_route = [](const char* hop) {
    auto scene = routed_nfs().reaches(Service::Nfs, "10.9.9.9", "filer").scene();
    scene.plan([&](model::State& after) {
      model::Route route;
      route.network = net_of("10.9.9.0/24");
      route.next_hop = ip(hop);
      after.stacks[0].routes.push_back(route);
    });
    auto found = scene.of("egress-changes");
    std::erase_if(found, [](const Finding& f) { return f.severity != Severity::Error; });
    return found;
  };
  CHECK(with_route("10.0.2.254").empty());
  CHECK(with_route("10.0.2.253").empty());
  CHECK(with_route("10.0.0.253").size() == 1);
}

TEST_CASE("another next hop that no remedy brought is not meant") {
  // Both gateways are on vmk1's side; the console's wins in the one stack and nothing the plan does explains it.
  auto scene = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .vmkernel("vmk1", "10.0.2.5/24")
                   .carries(Service::Nfs)
                   .gateway("10.0.2.1")
                   .kernel_gateway("10.0.2.254")
                   .reaches(Service::Nfs, "10.9.9.9")
                   .scene();
  CHECK(scene.of("egress-changes").size() >= 1);
  scene.plan([](model::State&) {});
  const auto found = scene.of("egress-changes");
  CHECK(std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.severity == Severity::Error; }));
}

TEST_CASE("a plan that gives vMotion its own stack means that it loses the way out, but not to an endpoint") {
  auto host = esx("a")
                  .console("vswif0", "10.0.0.5/24")
                  .gateway("10.0.0.1")
                  .vmkernel("vmk0", "10.0.0.9/24")
                  .carries(Service::VMotion)
                  .kernel_gateway("10.0.0.1");
  const auto own_stack = [](model::State& after) {
    after.interfaces[1].stack = model::kVmotionStack;
    model::Stack stack;
    stack.name = model::kVmotionStack;
    after.stacks.push_back(stack);
  };
  auto scene = host.scene();
  CHECK(scene.plan(own_stack).of("egress-changes").empty());
  CHECK(host.peer(Service::VMotion, "10.5.5.5").scene().plan(own_stack).of("egress-changes").size() == 1);
}

// --- egress-ambiguous ---

TEST_CASE("egress-ambiguous is one finding for an endpoint with the interfaces that tie") {
  const auto found = esx("a")
                         .console("vswif0", "10.0.0.5/24")
                         .vmkernel("vmk0", "10.0.0.9/24")
                         .gateway("10.0.0.1")
                         .reaches(Service::Management, "10.0.0.20", "vcenter vc01")
                         .reaches(Service::Nfs, "10.0.0.20", "NFS server")
                         .reaches(Service::Management, "10.0.0.21")
                         .scene()
                         .of("egress-ambiguous");
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::Error);
  CHECK(found[0].introduced);
  CHECK(names(found[0]) == "vmk0 vswif0");
  CHECK(addresses(found[0]) == "10.0.0.20");
  CHECK(found[0].endpoints == std::vector<std::string>{"vcenter vc01 10.0.0.20", "NFS server 10.0.0.20"});
}

TEST_CASE("egress-ambiguous: the longest range decides alone, and off-link endpoints do not tie") {
  auto host = esx("a")
                  .console("vswif0", "10.0.0.5/16")
                  .console("vswif1", "10.0.0.6/16")
                  .vmkernel("vmk0", "10.0.7.5/24")
                  .gateway("10.0.0.1");
  CHECK(host.reaches(Service::Management, "10.0.7.20").scene().of("egress-ambiguous").empty());
  CHECK(host.reaches(Service::Management, "10.9.7.20").scene().of("egress-ambiguous").empty());
  const auto found = host.reaches(Service::Management, "10.0.8.20").scene().of("egress-ambiguous");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vswif0 vswif1");
  CHECK_FALSE(found[0].introduced);
}

TEST_CASE("egress-ambiguous leaves own addresses, disabled interfaces and other stacks out") {
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.0.9/24")
            .reaches(Service::Management, "10.0.0.9")
            .scene()
            .of("egress-ambiguous")
            .empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.0.9/24")
            .disabled()
            .reaches(Service::Management, "10.0.0.20")
            .scene()
            .of("egress-ambiguous")
            .empty());
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/24")
            .vmkernel("vmk1", "10.0.0.9/24")
            .in_stack("vmotion")
            .reaches(Service::Management, "10.0.0.20")
            .scene()
            .of("egress-ambiguous")
            .empty());
}

TEST_CASE("egress-ambiguous takes legal groups out of the tie") {
  auto bound = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .vmkernel("vmk1", "10.0.5.5/24")
                   .bound("vmhba33")
                   .vmkernel("vmk2", "10.0.5.6/24")
                   .bound("vmhba33")
                   .reaches(Service::Iscsi, "10.0.5.20");
  CHECK(bound.scene().of("egress-ambiguous").empty());
  CHECK(bound.vmkernel("vmk3", "10.0.5.7/24").scene().of("egress-ambiguous").empty());  // one unbound is left
  const auto found = bound.vmkernel("vmk4", "10.0.5.8/24").scene().of("egress-ambiguous");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vmk3 vmk4");
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk1", "10.0.5.5/24")
            .bound("vmhba33")
            .uplinks({"vmnic0", "vmnic1"})
            .vmkernel("vmk2", "10.0.5.6/24")
            .bound("vmhba33")
            .reaches(Service::Iscsi, "10.0.5.20")
            .scene()
            .of("egress-ambiguous")
            .size() == 1);

  auto vmotion = esxi("a")
                     .vmkernel("vmk1", "10.0.1.5/24")
                     .carries(Service::VMotion)
                     .uplinks({"vmnic0"})
                     .vmkernel("vmk2", "10.0.1.6/24")
                     .carries(Service::VMotion)
                     .uplinks({"vmnic1"})
                     .peer(Service::VMotion, "10.0.1.9");
  CHECK(vmotion.scene().of("egress-ambiguous").empty());
  CHECK(vmotion.to({4, 1}).scene().of("egress-ambiguous").size() == 1);
  CHECK(vmotion.to({8, 0}).uplinks({"vmnic0"}).scene().of("egress-ambiguous").size() == 1);
  // Another interface beside them: the group is none, and all three may be taken.
  const auto mixed = vmotion.uplinks({"vmnic1"}).vmkernel("vmk3", "10.0.1.7/24").scene().of("egress-ambiguous");
  REQUIRE(mixed.size() == 1);
  CHECK(names(mixed[0]) == "vmk1 vmk2 vmk3");
}
