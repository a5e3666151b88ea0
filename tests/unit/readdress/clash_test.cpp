// Infeasible inputs: the smallest set of constraints that cannot hold together.
#include <catch2/catch.hpp>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;

namespace {

HostScene shared(const std::string& name, unsigned n) {
  return esx(name)
      .in("A")
      .console(fmt::format("10.0.0.{}/24", n))
      .gateway("10.0.0.1")
      .vmk("vmk0", fmt::format("10.0.0.{}/24", 100 + n), {Service::VMotion});
}

}  // namespace

TEST_CASE("two pins that cannot both hold are named, and no third one") {
  auto scene = Scene().with(shared("e1", 11)).with(shared("e2", 12)).pool("10.0.9.0/24", 9, "10.0.9.1", "any", "A");
  scene.policy.keep_pins.push_back({"e1", "vswif0", "named everywhere", {}});
  scene.policy.keep_pins.push_back({"e1", "vmk0", "the cable plan", {}});
  scene.policy.interface_pins.push_back({"e2", "vmk0", ip("10.0.0.150"), "somebody's wish", {}});
  const auto p = scene.propose();
  CHECK_FALSE(p.hosts[0].blocked.empty());
  REQUIRE(p.groups.size() == 1);
  CHECK(p.groups[0].clash == std::vector<std::string>{"vswif0 of e1 stays as it is (named everywhere)",
                                                      "vmk0 of e1 stays as it is (the cable plan)"});
}

TEST_CASE("a pool that is too small is named with its figures") {
  auto scene = Scene().with(shared("e1", 11)).with(shared("e2", 12)).pool("10.0.9.0/29", 9, "", "vmotion", "A");
  scene.target = {5, 5};
  scene.policy.segment_pins.push_back({"A", Service::VMotion, net_of("10.0.9.0/29"), "trunked", {}});
  scene.pools[0].last = scene.pools[0].first;
  const auto p = scene.propose();
  CHECK_THAT(join(p.hosts[0].blocked, "\n"), Catch::Contains("10.0.9.0/29 has 1 free address of 1, 2 are needed"));
  REQUIRE(p.groups.size() == 1);
  CHECK_FALSE(p.groups[0].clash.empty());
}

TEST_CASE("what is kept for growth counts against a pool") {
  auto scene = Scene().with(shared("e1", 11)).with(shared("e2", 12)).pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.pools[0].first = ip("10.0.9.110");
  scene.pools[0].last = ip("10.0.9.113");
  scene.pool("10.0.10.0/24", 10, "", "vmotion", "A");
  scene.policy.growth_reserve = 2;
  CHECK(planned(scene.propose().hosts[0], "vmk0") == "10.0.9.111/24");
  scene.policy.growth_reserve = 3;
  CHECK(planned(scene.propose().hosts[0], "vmk0") == "10.0.10.111/24");
}

TEST_CASE("an address that an earlier plan gave is kept") {
  auto scene = Scene().with(shared("e1", 11)).with(shared("e2", 12)).pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.former = {{{"e2", "vmk0"}, ip("10.0.9.44")}};
  const auto p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.111/24");
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.44/24");
}

TEST_CASE("an address that an earlier plan gave is not given to a host that comes later, in no cluster either") {
  const auto alone = [](const std::string& name, unsigned n) { return shared(name, n).in(""); };
  auto scene = Scene().with(alone("a0", 10)).with(alone("e1", 11)).pool("10.0.9.0/29", 9, "", "vmotion");
  scene.former = {{{"e1", "vmk0"}, ip("10.0.9.2")}};
  const auto p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.3/29");
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.2/29");
}

TEST_CASE("a pin to what nobody offers, or to what is in use, is what clashes") {
  auto scene = Scene().with(shared("e1", 11)).with(shared("e2", 12)).pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.policy.segment_pins.push_back({"A", Service::VMotion, net_of("10.5.0.0/24"), "why", {}});
  auto p = scene.propose();
  REQUIRE(p.groups.size() == 1);
  CHECK(p.groups[0].clash == std::vector<std::string>{"vmotion of A goes to 10.5.0.0/24 (why)"});
  scene.policy.segment_pins.clear();
  scene.policy.interface_pins.push_back({"e2", "vmk0", ip("10.0.0.111"), "why", {}});
  p = scene.propose();
  REQUIRE(p.groups.size() == 1);
  CHECK(p.groups[0].clash == std::vector<std::string>{"vmk0 of e2 gets 10.0.0.111 (why)"});
}

TEST_CASE("two unbound iSCSI interfaces in one subnet are bound where that is legal and cheapest") {
  auto scene = Scene().with(esx("e1")
                                .console("10.0.0.5/24")
                                .gateway("10.0.0.1")
                                .vmk("vmk0", "10.0.5.5/24", {Service::Iscsi})
                                .vmk("vmk1", "10.0.5.105/24", {Service::Iscsi})
                                .target("10.0.5.9"));
  scene.estate.hosts[0].before.iscsi.adapters = {"vmhba33"};
  scene.policy.costs.drop_interface = 50;  // the second one never carried a packet
  const auto p = scene.propose();
  CHECK(p.hosts[0].blocked.empty());
  CHECK(told(p.hosts[0]) == std::vector<std::string>{"port-binding vmk1 not bound -> bound to vmhba33, active vmnic0",
                                                     "port-binding vmk2 not bound -> bound to vmhba33, active vmnic1"});
  CHECK(p.hosts[0].after.interface("vmk2")->bound_to == "vmhba33");
}

TEST_CASE("services are merged where that is cheapest, and what took them over leads on") {
  auto scene = Scene().with(shared("e1", 11)).with(shared("e2", 12));
  scene.policy.costs.merge_services = 1;
  const auto p = scene.propose();
  CHECK(p.hosts[0].blocked.empty());
  CHECK(told(p.hosts[0]) ==
        std::vector<std::string>{"merge-services vmk1 10.0.0.111/24 for vmotion -> vmotion on vmk0"});
  CHECK(p.hosts[0].after.interface("vmk0")->services == Services{Service::Management, Service::VMotion});
  CHECK_FALSE(p.hosts[0].after.interface("vmk1"));
}
