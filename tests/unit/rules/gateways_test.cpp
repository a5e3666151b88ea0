#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

bool says(const Finding& finding, std::string_view text) { return finding.message.find(text) != std::string::npos; }

/// A console and a VMkernel with a gateway each.
HostBuilder two(std::string_view console = "10.0.0.1", std::string_view vmkernel = "10.0.1.1") {
  return esx("a")
      .console("vswif0", "10.0.0.5/24")
      .vmkernel("vmk0", "10.0.1.5/24")
      .carries(Service::Nfs)
      .gateway(console)
      .kernel_gateway(vmkernel);
}

}  // namespace

TEST_CASE("two-default-gateways is a warning while nothing is known to need the second") {
  const auto found = two().reaches(Service::Nfs, "10.0.1.20").scene().of("two-default-gateways");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(found[0].introduced);
  CHECK(names(found[0]) == "vmk0 vswif0");
  CHECK(addresses(found[0]) == "10.0.0.1 10.0.1.1");
}

TEST_CASE("two-default-gateways is an error where VMkernel traffic leaves its subnets") {
  const auto off_link = two().reaches(Service::Nfs, "10.9.9.9", "filer").scene().of("two-default-gateways");
  REQUIRE(off_link.size() == 1);
  CHECK(off_link[0].severity == Severity::Error);
  CHECK(off_link[0].endpoints == std::vector<std::string>{"filer 10.9.9.9"});
  CHECK(says(off_link[0], "filer (10.9.9.9)"));

  const auto route = two().kernel_route("10.7.0.0/16", "10.0.1.2").scene().of("two-default-gateways");
  REQUIRE(route.size() == 1);
  CHECK(route[0].severity == Severity::Error);

  // The console's endpoints and routes are not the VMkernel's.
  CHECK(two().reaches(Service::Management, "10.9.9.9").scene().of("two-default-gateways")[0].severity ==
        Severity::Warning);
  CHECK(two().route("10.7.0.0/16", "10.0.0.2").scene().of("two-default-gateways")[0].severity == Severity::Warning);
}

TEST_CASE("two-default-gateways counts a peer only where the VMkernel can reach it") {
  CHECK(two().peer(Service::VMotion, "10.9.9.9").scene().of("two-default-gateways")[0].severity == Severity::Error);
  // A gateway that is the host's own address leads nowhere.
  CHECK(two("10.0.0.1", "10.0.1.5").peer(Service::VMotion, "10.9.9.9").scene().of("two-default-gateways")[0].severity ==
        Severity::Warning);
  CHECK(two("10.0.0.1", "10.0.1.5").reaches(Service::Nfs, "10.9.9.9").scene().of("two-default-gateways")[0].severity ==
        Severity::Error);
}

TEST_CASE("two-default-gateways is silent with one gateway or two equal ones") {
  CHECK(two("10.0.0.1", "10.0.0.1").scene().of("two-default-gateways").empty());
  CHECK(esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1").scene().of("two-default-gateways").empty());
  CHECK(esx("a").vmkernel("vmk0", "10.0.0.5/24").kernel_gateway("10.0.0.1").scene().of("two-default-gateways").empty());
  CHECK(two("0.0.0.0").scene().of("two-default-gateways").empty());
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .vmkernel("vmk1", "10.0.1.5/24")
            .in_stack("vmotion")
            .gateway_of("vmotion", "10.0.1.1")
            .scene()
            .of("two-default-gateways")
            .empty());
}

TEST_CASE("two-default-gateways ends where each gateway gets a stack of its own") {
  auto scene = two().reaches(Service::Nfs, "10.9.9.9").scene();
  scene.plan([](model::State& after) {
    model::Stack own;
    own.name = "storage";
    own.gateway = ip("10.0.1.1");
    after.stacks.push_back(own);
    after.interfaces[1].stack = "storage";
  });
  CHECK(scene.of("two-default-gateways").empty());
}

TEST_CASE("two-default-gateways ends in a plan that leads every off-link endpoint as before") {
  auto scene = two().reaches(Service::Nfs, "10.9.9.9").reaches(Service::Nfs, "10.8.8.8").scene();
  const auto add_route = [](const char* network, const char* hop) {
    return [=](model::State& after) {
      model::Route route;
      route.network = net_of(network);
      route.next_hop = ip(hop);
      after.stacks[0].routes.push_back(route);
    };
  };
  scene.plan(add_route("10.9.9.9/32", "10.0.1.1"));
  REQUIRE(scene.of("two-default-gateways").size() == 1);
  CHECK(scene.of("two-default-gateways")[0].severity == Severity::Error);
  CHECK(scene.of("two-default-gateways")[0].endpoints == std::vector<std::string>{"server 10.8.8.8"});
  scene.plan(add_route("10.8.0.0/15", "10.0.1.1"));
  CHECK(scene.of("two-default-gateways").empty());
  scene.plan(add_route("10.8.0.0/15", "10.0.1.2"));
  CHECK(scene.of("two-default-gateways").size() == 1);
}

TEST_CASE(
    "two-default-gateways ends in a plan that moves the interface to where another router leads to the endpoint") {
  auto scene = two("10.0.0.1", "10.0.0.254").reaches(Service::Nfs, "10.9.9.9").scene();
  scene.mapping.state.interfaces[1].address = scene.host.before.interfaces[1].address = ip("10.0.0.80");
  const auto move = [](const char* network, const char* hop) {
    return [=](model::State& after) {
      after.interfaces[1].address = ip("172.16.5.80");
      model::Route route;
      route.network = net_of(network);
      route.next_hop = ip(hop);
      after.stacks[0].routes.push_back(route);
    };
  };
  CHECK(scene.plan(move("10.9.9.9/32", "172.16.5.1")).of("two-default-gateways").empty());
  // By management's router or elsewhere the packets bear another address, or never arrive.
  CHECK(scene.plan(move("10.9.9.9/32", "10.0.0.254")).of("two-default-gateways").size() == 1);
  CHECK(scene.plan(move("10.8.8.8/32", "172.16.5.1")).of("two-default-gateways").size() == 1);
}

TEST_CASE("two-default-gateways stays a warning in a plan without off-link endpoints") {
  auto scene = two().kernel_route("10.7.0.0/16", "10.0.1.2").scene();
  scene.plan([](model::State&) {});
  REQUIRE(scene.of("two-default-gateways").size() == 1);
  CHECK(scene.of("two-default-gateways")[0].severity == Severity::Warning);
}

TEST_CASE("gateway-off-subnet judges the gateway that stays") {
  const auto found =
      esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.1.1", "vswif0").scene().of("gateway-off-subnet");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(names(found[0]) == "vswif0");
  CHECK(addresses(found[0]) == "10.0.1.1");
  CHECK_FALSE(found[0].introduced);
  CHECK(found[0].origins.front() == at("a/network", 3));

  CHECK(two().scene().of("gateway-off-subnet").empty());
  CHECK(two("10.0.0.1", "10.0.9.1").scene().of("gateway-off-subnet").empty());  // that one goes
}

TEST_CASE("gateway-off-subnet: a range that only another stack had before ends it") {
  // The console's gateway is a neighbour of vmk0 only: dead before, alive after.
  CHECK(two("10.0.1.7", "10.0.1.7").scene().of("gateway-off-subnet").empty());
}

TEST_CASE("gateway-off-subnet is introduced where the range got lost on the way") {
  auto scene =
      esx("a").console("vswif0", "10.0.0.5/24").console("vswif1", "10.0.1.5/24").gateway("10.0.1.1", "vswif0").scene();
  CHECK(scene.of("gateway-off-subnet").empty());
  scene.plan([](model::State& after) { set_address(after.interfaces[1], "10.0.7.5/24"); });
  REQUIRE(scene.of("gateway-off-subnet").size() == 1);
  CHECK(scene.of("gateway-off-subnet")[0].introduced);
}

TEST_CASE("an unknown range turns gateway-off-subnet into evidence-missing") {
  auto host = esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.1.1").vmkernel("vmk0").dhcp();
  CHECK(host.scene().of("gateway-off-subnet").empty());
  REQUIRE(host.scene().of("evidence-missing").size() == 1);
  CHECK(names(host.scene().of("evidence-missing")[0]) == "vmk0");
  CHECK(addresses(host.scene().of("evidence-missing")[0]) == "10.0.1.1");
  CHECK(host.scene().of("evidence-missing")[0].severity == Severity::Warning);
  // A known range fits: nothing is missing.
  auto known = esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1").vmkernel("vmk0").dhcp();
  CHECK(known.scene().of("evidence-missing").empty());
  // Disabled, or simply without an address: the range is not unknown, there is none.
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.1.1")
            .vmkernel("vmk0")
            .dhcp()
            .disabled()
            .scene()
            .of("gateway-off-subnet")
            .size() == 1);
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.1.1")
            .vmkernel("vmk0")
            .scene()
            .of("gateway-off-subnet")
            .size() == 1);
  // In another stack it is of no help.
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/24")
            .gateway("10.0.1.1")
            .vmkernel("vmk1")
            .dhcp()
            .in_stack("vmotion")
            .scene()
            .of("gateway-off-subnet")
            .size() == 1);
}

TEST_CASE("gateway-not-a-host knows own, network and broadcast addresses") {
  const auto found = [](std::string_view gateway) {
    return esx("a")
        .console("vswif0", "10.0.0.5/24")
        .vmkernel("vmk0", "10.0.1.5/24")
        .gateway(gateway)
        .scene()
        .of("gateway-not-a-host");
  };
  CHECK(found("10.0.0.1").empty());
  CHECK(found("10.0.0.254").empty());
  for (const auto gateway : {"10.0.0.5", "10.0.0.0", "10.0.0.255", "10.0.1.5", "10.0.1.0", "10.0.1.255"}) {
    INFO(gateway);
    REQUIRE(found(gateway).size() == 1);
    CHECK(found(gateway)[0].severity == Severity::Error);
    CHECK_FALSE(found(gateway)[0].introduced);
    CHECK(addresses(found(gateway)[0]) == gateway);
    CHECK(names(found(gateway)[0]) == (std::string_view(gateway).starts_with("10.0.0.") ? "vswif0" : "vmk0"));
  }
}

TEST_CASE("gateway-not-a-host leaves disabled interfaces and other stacks out") {
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.0.1/25")
            .disabled()
            .gateway("10.0.0.1")
            .scene()
            .of("gateway-not-a-host")
            .empty());
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .vmkernel("vmk1", "10.0.0.1/24")
            .in_stack("vmotion")
            .scene()
            .of("gateway-not-a-host")
            .empty());
}

TEST_CASE("gateway-not-a-host also judges the VMkernel gateway that goes, in its own stack") {
  auto scene = two("10.0.0.1", "10.0.1.5").scene();
  REQUIRE(scene.of("gateway-not-a-host").size() == 1);
  CHECK(names(scene.of("gateway-not-a-host")[0]) == "vmk0");
  CHECK(scene.of("gateway-not-a-host")[0].interfaces[0].name == "vmk1");  // its name in the mapped state
  CHECK_FALSE(scene.of("gateway-not-a-host")[0].introduced);
  // The console's address is another machine's, seen from the VMkernel.
  CHECK(two("10.0.0.1", "10.0.0.5").scene().of("gateway-not-a-host").empty());
  // What the plan leaves is judged without it.
  scene.plan([](model::State&) {});
  CHECK(scene.of("gateway-not-a-host").empty());
}

TEST_CASE("gateway-ambiguous names all interfaces whose range holds the gateway, nested ranges too") {
  const auto pair = esx("a")
                        .console("vswif0", "10.0.0.5/24")
                        .vmkernel("vmk0", "10.0.0.9/24")
                        .gateway("10.0.0.1")
                        .scene()
                        .of("gateway-ambiguous");
  REQUIRE(pair.size() == 1);
  CHECK(pair[0].severity == Severity::Error);
  CHECK(names(pair[0]) == "vmk0 vswif0");
  CHECK(addresses(pair[0]) == "10.0.0.1");
  CHECK(pair[0].introduced);

  const auto nested = esx("a")
                          .console("vswif0", "10.0.0.5/16")
                          .vmkernel("vmk0", "10.0.7.5/24")
                          .vmkernel("vmk1", "10.0.8.5/24")
                          .gateway("10.0.7.1")
                          .scene()
                          .of("gateway-ambiguous");
  REQUIRE(nested.size() == 1);
  CHECK(names(nested[0]) == "vmk0 vswif0");

  const auto old = esx("a")
                       .console("vswif0", "10.0.0.5/24")
                       .console("vswif1", "10.0.0.6/24")
                       .gateway("10.0.0.1")
                       .scene()
                       .of("gateway-ambiguous");
  REQUIRE(old.size() == 1);
  CHECK_FALSE(old[0].introduced);
}

TEST_CASE("gateway-ambiguous is silent with one holder, other stacks and disabled interfaces") {
  CHECK(two().scene().of("gateway-ambiguous").empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.0.9/24")
            .disabled()
            .gateway("10.0.0.1")
            .scene()
            .of("gateway-ambiguous")
            .empty());
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .vmkernel("vmk1", "10.0.0.6/24")
            .in_stack("vmotion")
            .scene()
            .of("gateway-ambiguous")
            .empty());
}

TEST_CASE("one gateway can be both no host and ambiguous") {
  const auto scene =
      esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.0.9/24").gateway("10.0.0.9").scene();
  CHECK(scene.of("gateway-not-a-host").size() == 1);
  CHECK(scene.of("gateway-ambiguous").size() == 1);
}

TEST_CASE("a bound group gives a gateway no exemption") {
  const auto scene = esx("a")
                         .console("vswif0", "10.0.0.5/24")
                         .vmkernel("vmk0", "10.0.5.5/24")
                         .bound("vmhba33")
                         .vmkernel("vmk1", "10.0.5.6/24")
                         .bound("vmhba33")
                         .kernel_gateway("10.0.5.1")
                         .scene();
  CHECK(scene.of("same-subnet").empty());
  CHECK(scene.of("gateway-ambiguous").size() == 1);
}

TEST_CASE("no-default-gateway is a warning, on DHCP with another text") {
  const auto plain = esx("a").console("vswif0", "10.0.0.5/24").scene().of("no-default-gateway");
  REQUIRE(plain.size() == 1);
  CHECK(plain[0].severity == Severity::Warning);
  CHECK(names(plain[0]) == "vswif0");
  CHECK_FALSE(plain[0].introduced);
  const auto lease = esx("a").console("vswif0", "10.0.0.5/24").dhcp().scene().of("no-default-gateway");
  REQUIRE(lease.size() == 1);
  CHECK(says(lease[0], "the lease must bring the gateway"));
  CHECK(lease[0].severity == Severity::Warning);
  CHECK(esx("a").console("vswif0", "10.0.0.5/24").gateway("0.0.0.0").scene().of("no-default-gateway").size() == 1);
}

TEST_CASE("no-default-gateway is silent where any gateway stays or only the inputs lack it") {
  CHECK(two().scene().of("no-default-gateway").empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.1.5/24")
            .kernel_gateway("10.0.1.1")
            .scene()
            .of("no-default-gateway")
            .empty());
  model::Doubt doubt;
  doubt.kind = model::Doubt::Kind::Variable;
  doubt.subject = "gateway";
  CHECK(esx("a").console("vswif0", "10.0.0.5/24").doubt(doubt).scene().of("no-default-gateway").empty());
  doubt.subject = "vlan";
  CHECK(esx("a").console("vswif0", "10.0.0.5/24").doubt(doubt).scene().of("no-default-gateway").size() == 1);
}

TEST_CASE("no-default-gateway looks at the stack of management") {
  auto host = esxi("a")
                  .vmkernel("vmk0", "10.0.0.5/24")
                  .carries(Service::Management)
                  .vmkernel("vmk1", "10.0.1.5/24")
                  .in_stack("vmotion")
                  .gateway_of("vmotion", "10.0.1.1");
  REQUIRE(host.scene().of("no-default-gateway").size() == 1);
  CHECK(names(host.scene().of("no-default-gateway")[0]) == "vmk0");
  CHECK(host.gateway("10.0.0.1").scene().of("no-default-gateway").empty());
}

TEST_CASE("route-next-hop-off-link judges each route of the mapped stack") {
  auto host = esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.1.5/24").gateway("10.0.0.1");
  CHECK(host.route("10.7.0.0/16", "10.0.0.2").scene().of("route-next-hop-off-link").empty());
  // Dead on the console, alive in the one stack.
  CHECK(host.route("10.8.0.0/16", "10.0.1.2").scene().of("route-next-hop-off-link").empty());
  const auto found = host.route("10.9.0.0/16", "10.0.2.1")
                         .kernel_route("10.10.0.0/16", "10.0.2.1")
                         .scene()
                         .of("route-next-hop-off-link");
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::Error);
  CHECK(addresses(found[0]) == "10.9.0.0/16 10.0.2.1");
  CHECK_FALSE(found[0].introduced);
  CHECK(found[0].origins == std::vector<Origin>{at("a/routes", 3)});
}

TEST_CASE("route-next-hop-off-link: a neighbour that lies behind its own route, unless a subnet knows it better") {
  auto host = esx("a").console("vswif0", "10.0.0.5/16").gateway("10.0.0.1");
  const auto found = host.route("10.0.4.0/24", "10.0.4.9").scene().of("route-next-hop-off-link");
  REQUIRE(found.size() == 1);
  CHECK(addresses(found[0]) == "10.0.4.0/24 10.0.4.9");
  CHECK_FALSE(found[0].introduced);
  CHECK(says(found[0], "leads through itself"));
  // Equal to the subnet, or wider: the subnet's line wins, or ties and is a shadowed route.
  CHECK(esx("b")
            .console("vswif0", "10.0.4.5/24")
            .gateway("10.0.4.1")
            .route("10.0.4.0/24", "10.0.4.9")
            .scene()
            .of("route-next-hop-off-link")
            .empty());
}

TEST_CASE("route-next-hop-off-link: neither through itself nor through an own address") {
  auto host = esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.1.5/24").gateway("10.0.0.1");
  CHECK(host.route("10.0.0.0/8", "10.0.0.2").scene().of("route-next-hop-off-link").empty());  // the hosting pattern
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .route("10.9.0.0/16", "10.9.0.1")
            .scene()
            .of("route-next-hop-off-link")
            .size() == 1);
  const auto own =
      esx("a").console("vswif0", "10.0.0.5/24").route("10.9.0.0/16", "10.0.0.5").scene().of("route-next-hop-off-link");
  REQUIRE(own.size() == 1);
  CHECK_FALSE(own[0].introduced);
  CHECK(says(own[0], "the host's own address"));
  // Another machine's address from the console's view, the host's own afterwards.
  const auto becomes = esx("a")
                           .console("vswif0", "10.0.0.5/24")
                           .vmkernel("vmk0", "10.0.0.9/24")
                           .route("10.9.0.0/16", "10.0.0.9")
                           .scene()
                           .of("route-next-hop-off-link");
  REQUIRE(becomes.size() == 1);
  CHECK(becomes[0].introduced);
}

TEST_CASE("route-next-hop-off-link is introduced where the range is lost") {
  auto scene = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .console("vswif1", "10.0.1.5/24")
                   .route("10.9.0.0/16", "10.0.1.1")
                   .scene();
  CHECK(scene.of("route-next-hop-off-link").empty());
  scene.plan([](model::State& after) { after.interfaces[1].enabled = false; });
  REQUIRE(scene.of("route-next-hop-off-link").size() == 1);
  CHECK(scene.of("route-next-hop-off-link")[0].introduced);
}

TEST_CASE("an unknown range turns route-next-hop-off-link into evidence-missing") {
  auto host = esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1").vmkernel("vmk0").dhcp();
  CHECK(host.scene().of("evidence-missing").empty());
  host.kernel_route("10.9.0.0/16", "10.0.2.1");
  CHECK(host.scene().of("route-next-hop-off-link").empty());
  REQUIRE(host.scene().of("evidence-missing").size() == 1);
  CHECK(addresses(host.scene().of("evidence-missing")[0]) == "10.9.0.0/16 10.0.2.1");
  // An own address is wrong whatever the lease will be.
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .route("10.9.0.0/16", "10.0.0.5")
            .vmkernel("vmk0")
            .dhcp()
            .scene()
            .of("route-next-hop-off-link")
            .size() == 1);
}

TEST_CASE("routes-lost-at-reboot is about target 5.0 only") {
  auto host = esx("a")
                  .console("vswif0", "10.0.0.5/24")
                  .route("10.9.0.0/16", "10.0.0.2")
                  .kernel_route("10.8.0.0/16", "10.0.0.3");
  const auto found = host.to({5, 0}).scene().of("routes-lost-at-reboot");
  REQUIRE(found.size() == 2);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(addresses(found[0]) == "10.9.0.0/16 10.0.0.2");
  CHECK(host.to({5, 1}).scene().of("routes-lost-at-reboot").empty());
  CHECK(host.to({4, 1}).scene().of("routes-lost-at-reboot").empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .to({5, 0})
            .scene()
            .of("routes-lost-at-reboot")
            .empty());
}

TEST_CASE("gateway-override-unavailable below 6.5") {
  auto host = esxi("a").vmkernel("vmk0", "10.0.0.5/24").vmkernel("vmk7", "10.0.7.5/24").gateway_of_its_own("10.0.7.1");
  CHECK(host.to({6, 5}).scene().of("gateway-override-unavailable").empty());
  const auto found = host.to({6, 0}).scene().of("gateway-override-unavailable");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(names(found[0]) == "vmk7");
  CHECK(addresses(found[0]) == "10.0.7.1");
  CHECK(host.disabled().scene().of("gateway-override-unavailable").empty());
}

TEST_CASE("gateway-override-unavailable: what the policy asks for is asked for") {
  const auto scene = [](std::string host, std::string name, Target target) {
    return esx("a")
        .console("vswif0", "10.0.0.5/24")
        .vmkernel("vmk0", "10.0.3.5/24")
        .vmkernel("vmk1", "10.0.4.5/24")
        .to(target)
        .with([&](Scene& s) {
          s.policy.gateway_pins = {{host, name, ip("10.0.3.1"), "why", at("policy.info", 9)}};
        })
        .scene();
  };
  const auto found = scene("a", "vmk0", {6, 0}).of("gateway-override-unavailable");
  REQUIRE(found.size() == 1);
  REQUIRE(found[0].interfaces.size() == 1);
  CHECK(found[0].interfaces[0].from == "vmk0");
  CHECK(found[0].interfaces[0].name == "vmk1");
  CHECK(addresses(found[0]) == "10.0.3.1");
  CHECK(std::find(found[0].origins.begin(), found[0].origins.end(), at("policy.info", 9)) != found[0].origins.end());
  CHECK(scene("a", "vmk0", {6, 5}).of("gateway-override-unavailable").empty());
  CHECK(scene("b", "vmk0", {6, 0}).of("gateway-override-unavailable").empty());
  CHECK(scene("a", "vmk9", {6, 0}).of("gateway-override-unavailable").empty());
}
