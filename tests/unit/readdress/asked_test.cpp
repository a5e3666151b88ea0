// Stacks and gateways that the policy asks for.
#include <catch2/catch.hpp>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;
using Catch::Contains;
using Lines = std::vector<std::string>;

namespace {

const Origin kLine{FileName("policy.info"), 7, 1};

std::string blocked(const readdress::HostProposal& p) { return join(p.blocked, "\n"); }

/// Management and vMotion apart; vMotion had the VMkernel's gateway and a route.
Scene apart() {
  return Scene().with(esx("e1")
                          .console("10.0.0.5/24")
                          .gateway("10.0.0.1")
                          .vmk("vmk0", "10.0.3.9/24", {Service::VMotion})
                          .vmkernel_gateway("10.0.3.254")
                          .vmkernel_route("10.9.0.0/16", "10.0.3.253"));
}

Scene with_stack(std::string stack, Scene scene = apart(), std::string name = "vmk0") {
  scene.policy.stack_pins.push_back({"e1", std::move(name), std::move(stack), "kept apart", kLine});
  return scene;
}

Scene with_gateway(std::string_view address, Scene scene = apart(), std::string name = "vmk0") {
  scene.policy.gateway_pins.push_back({"e1", std::move(name), ip(address), "the core routes it", kLine});
  return scene;
}

}  // namespace

TEST_CASE("an interface that the policy puts into a stack goes there, with its gateway and its routes") {
  const auto p = with_stack("vmotion").propose();
  const auto& host = p.hosts[0];
  CHECK(blocked(host) == "");
  CHECK(told(host) == Lines{"own-stack vmk1 stack defaultTcpipStack -> stack vmotion"});
  CHECK_THAT(host.remedies[0].why, Contains("kept apart"));
  CHECK(host.remedies[0].cost == 15);
  CHECK(host.after.interface_from("vmk0")->stack == "vmotion");
  CHECK(planned(host, "vmk0") == "10.0.3.9/24");
  CHECK(host.after.stack("vmotion")->gateway == ip("10.0.3.254"));
  CHECK(host.after.stack(model::kDefaultStack)->gateway == ip("10.0.0.1"));
  CHECK(routes(host, "vmotion") == Lines{"10.9.0.0/16 by 10.0.3.253"});
  CHECK(routes(host, model::kDefaultStack) == Lines{});
}

TEST_CASE("a stack ends the conflict that the interface had, and nothing else has to move") {
  auto scene =
      Scene()
          .with(esx("e1").console("10.0.0.5/24").gateway("10.0.0.1").vmk("vmk0", "10.0.0.9/24", {Service::VMotion}))
          .pool("10.0.9.0/24", 9, "", "vmotion");
  CHECK(planned(scene.propose().hosts[0], "vmk0") == "10.0.9.9/24");
  const auto p = with_stack("vmotion", scene).propose();
  CHECK(blocked(p.hosts[0]) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.0.9/24");
}

TEST_CASE("a stack that cannot be had blocks the host, with the policy's line") {
  const auto reason = [](Scene scene) { return blocked(scene.propose().hosts[0]); };
  const auto check = [&](Scene scene, const std::string& why) {
    const auto text = reason(std::move(scene));
    CHECK_THAT(text, Contains("policy.info:7: kept apart"));
    CHECK_THAT(text, Contains(why));
  };
  auto early = with_stack("vmotion");
  early.target = {5, 5};
  check(early, "ESXi 5.5 has no such stack");
  CHECK_THAT(reason(early), Contains("stack-unavailable: "));
  auto custom = with_stack("storage");
  custom.target = {5, 1};
  check(custom, "ESXi 5.1 has no such stack");
  check(with_stack("vmotion", apart(), "vmk7"), "the host does not have it");
  check(with_stack("storage", apart(), "vswif0"), "it carries management");
  auto busy = Scene().with(esx("e1")
                               .console("10.0.0.5/24")
                               .gateway("10.0.0.1")
                               .vmk("vmk0", "10.0.3.9/24", {Service::VMotion, Service::FaultToleranceLogging}));
  check(with_stack("vmotion", busy), "carries vmotion only, and it serves faultToleranceLogging");
  check(with_stack("vSphereProvisioning"), "carries vSphereProvisioning only");
  auto bound =
      Scene().with(esx("e1").console("10.0.0.5/24").gateway("10.0.0.1").vmk("vmk0", "10.0.3.9/24").bound("vmnic1"));
  check(with_stack("storage", bound), "port binding");
}

TEST_CASE("a stack of one host is no other host's") {
  auto scene = apart();
  scene.with(esx("e2").console("10.0.0.6/24").gateway("10.0.0.1").vmk("vmk0", "10.0.4.9/24", {Service::VMotion}));
  const auto p = with_stack("vmotion", scene).propose();
  CHECK(told(p.hosts[1]) == Lines{});
  CHECK(p.hosts[1].after.interface_from("vmk0")->stack == model::kDefaultStack);
}

TEST_CASE("an interface gets the gateway that the policy asks for") {
  const auto p = with_gateway("10.0.3.1").propose();
  const auto& host = p.hosts[0];
  CHECK(blocked(host) == "");
  CHECK(told(host) == Lines{"gateway-override vmk1  -> gateway 10.0.3.1"});
  CHECK_THAT(host.remedies[0].why, Contains("the core routes it"));
  CHECK(host.remedies[0].cost == 5);
  CHECK(host.after.interface_from("vmk0")->gateway_override == ip("10.0.3.1"));
  CHECK(host.after.stack(model::kDefaultStack)->gateway == ip("10.0.0.1"));
}

TEST_CASE("a gateway holds its interface in the subnet, so that the other one moves") {
  auto scene = Scene()
                   .with(esx("e1")
                             .console("10.0.0.5/24")
                             .gateway("10.0.0.1")
                             .vmk("vmk0", "10.0.0.9/24", {Service::VMotion, Service::FaultToleranceLogging}))
                   .pool("10.0.8.0/24", 8, "10.0.8.1", "management")
                   .pool("10.0.9.0/24", 9, "10.0.9.1", "vmotion");
  SECTION("where it is") {
    const auto p = with_gateway("10.0.0.253", scene).propose();
    CHECK(blocked(p.hosts[0]) == "");
    CHECK(planned(p.hosts[0], "vmk0") == "10.0.0.9/24");
    CHECK(planned(p.hosts[0], "vswif0") == "10.0.8.5/24");
  }
  SECTION("or takes it into the pool that has the gateway") {
    scene.pool("10.0.7.0/24", 7, "10.0.7.1", "any");
    const auto p = with_gateway("10.0.7.1", scene).propose();
    CHECK(blocked(p.hosts[0]) == "");
    CHECK(planned(p.hosts[0], "vmk0") == "10.0.7.9/24");
    CHECK(p.hosts[0].after.interface_from("vmk0")->gateway_override == ip("10.0.7.1"));
  }
}

TEST_CASE("a gateway that cannot be had blocks the host, with the policy's line") {
  const auto reason = [](Scene scene) { return blocked(scene.propose().hosts[0]); };
  const auto check = [&](Scene scene, const std::string& why) {
    const auto text = reason(std::move(scene));
    CHECK_THAT(text, Contains("policy.info:7: the core routes it"));
    CHECK_THAT(text, Contains(why));
  };
  auto early = with_gateway("10.0.3.1");
  early.target = {6, 0};
  check(early, "6.5 is the first");
  CHECK_THAT(reason(early), Contains("gateway-override-unavailable: "));
  check(with_gateway("10.0.77.1"), "its segment is in 10.0.3.0/24");
  check(with_gateway("10.0.3.9"), "no router's address");
  check(with_gateway("10.0.3.255"), "no router's address");
  check(with_gateway("10.0.3.1", apart(), "vmk7"), "the host does not have it");
  auto idle = Scene().with(esx("e1").console("10.0.0.5/24").gateway("10.0.0.1").vmk("vmk0", "10.0.3.9/24"));
  check(with_gateway("10.0.77.1", idle), "it is in 10.0.3.0/24");
  CHECK(blocked(with_gateway("10.0.3.1", idle).propose().hosts[0]) == "");
}

TEST_CASE("a gateway that nobody can have clashes with the pools, and both are named") {
  const auto p = with_gateway("10.0.77.1").propose();
  REQUIRE(p.groups.size() == 1);
  CHECK_THAT(join(p.groups[0].clash, "\n"), Contains("vmk0 of e1 gets the gateway 10.0.77.1"));
}

TEST_CASE("what an interface has already is no remedy") {
  auto scene = apart();
  auto& host = scene.estate.hosts[0];
  host.product = "ESXi";
  for (auto& interface : host.before.interfaces) interface.stack = model::kDefaultStack;
  host.before.interfaces[0].services.add(Service::Management);
  host.before.interfaces[1].gateway_override = ip("10.0.3.1");
  host.before.stacks.erase(host.before.stacks.begin() + 1);
  host.before.stacks[0].name = model::kDefaultStack;
  const auto p = with_gateway("10.0.3.1", with_stack("defaultTcpipStack", scene)).propose();
  CHECK(told(p.hosts[0]) == Lines{});
}
