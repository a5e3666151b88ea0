#include <catch2/catch.hpp>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;
using Lines = std::vector<std::string>;

namespace {

const Services kVmotion{Service::VMotion};

HostScene host(const std::string& name, unsigned n, std::string_view vmotion) {
  return esx(name)
      .in("A")
      .console(fmt::format("10.0.0.{}/24", n))
      .gateway("10.0.0.1")
      .vmk("vmk0", fmt::format("{}.{}/24", vmotion, 100 + n), kVmotion);
}

Scene conflict() {
  return Scene()
      .with(host("e1", 11, "10.0.0"))
      .with(host("e2", 12, "10.0.0"))
      .pool("10.0.8.0/24", 8, "", "vmotion", "A")
      .pool("10.0.9.0/24", 9, "", "vmotion", "A");
}

Scene clean() {
  return Scene()
      .with(host("e1", 11, "10.0.2"))
      .with(host("e2", 12, "10.0.2"))
      .pool("10.0.9.0/24", 9, "", "vmotion", "A");
}

std::string blocked(const readdress::HostProposal& p) { return join(p.blocked, "\n"); }

}  // namespace

TEST_CASE("a pinned segment goes to its pool, conflict or not") {
  auto scene = GENERATE(0, 1) ? conflict() : clean();
  scene.policy.segment_pins.push_back({"a", Service::VMotion, net_of("10.0.9.0/24"), "trunked", {}});
  const auto p = scene.propose();
  CHECK(blocked(p.hosts[0]) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.111/24");
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.112/24");
  CHECK_THAT(p.hosts[0].remedies[0].why, Catch::Contains("trunked"));
}

TEST_CASE("a segment that is where its pin wants it stays") {
  auto scene = clean();
  scene.policy.segment_pins.push_back({"A", Service::VMotion, net_of("10.0.2.0/24"), "fine", {}});
  const auto p = scene.propose();
  CHECK(told(p.hosts[0]) == Lines{});
  CHECK(blocked(p.hosts[0]) == "");
}

TEST_CASE("a pinned segment whose pool does not exist blocks its hosts") {
  auto scene = clean();
  scene.policy.segment_pins.push_back({"A", Service::VMotion, net_of("10.44.0.0/24"), "wrong", {}});
  const auto p = scene.propose();
  CHECK_THAT(blocked(p.hosts[0]), Catch::Contains("no pool offers 10.44.0.0/24"));
  CHECK_THAT(blocked(p.hosts[1]), Catch::Contains("no pool offers 10.44.0.0/24"));
}

TEST_CASE("a pinned address is given to its interface, and takes the segment along") {
  auto scene = conflict();
  scene.policy.interface_pins.push_back({"e2", "vmk0", ip("10.0.9.77"), "cable plan", {}});
  const auto p = scene.propose();
  CHECK(blocked(p.hosts[1]) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.111/24");
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.77/24");
}

TEST_CASE("an address that is promised to one is not given to another") {
  auto scene = conflict();
  scene.policy.segment_pins.push_back({"A", Service::VMotion, net_of("10.0.9.0/24"), "trunked", {}});
  scene.policy.interface_pins.push_back({"e2", "vmk0", ip("10.0.9.111"), "cable plan", {}});
  const auto p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.11/24");  // management's octet
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.111/24");
}

TEST_CASE("a pinned address in the interface's own subnet is given there") {
  auto scene = clean();
  scene.policy.interface_pins.push_back({"e1", "vmk0", ip("10.0.2.50"), "cable plan", {}});
  const auto p = scene.propose();
  CHECK(blocked(p.hosts[0]) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.2.50/24");
  CHECK(told(p.hosts[1]) == Lines{});
}

TEST_CASE("a pin that cannot be kept blocks the host and says why") {
  auto scene = conflict();
  scene.policy.segment_pins.push_back({"A", Service::VMotion, net_of("10.0.9.0/24"), "trunked", {}});
  SECTION("another network than its segment's") {
    scene.policy.interface_pins.push_back({"e1", "vmk0", ip("10.0.8.50"), "cable plan", {}});
    CHECK_THAT(blocked(scene.propose().hosts[0]), Catch::Contains("pinned to 10.0.8.50"));
  }
  SECTION("an address in use") {
    scene.with(esx("z9").console("10.0.9.50/24"));
    scene.policy.interface_pins.push_back({"e1", "vmk0", ip("10.0.9.50"), "cable plan", {}});
    CHECK_THAT(blocked(scene.propose().hosts[0]), Catch::Contains("10.0.9.50 is pinned, but in use already"));
  }
  SECTION("an address that the pool excludes") {
    scene.pools[1].exclude.push_back(*net::Ipv4Range::parse("10.0.9.50"));
    scene.policy.interface_pins.push_back({"e1", "vmk0", ip("10.0.9.50"), "cable plan", {}});
    CHECK_THAT(blocked(scene.propose().hosts[0]), Catch::Contains("does not offer it"));
  }
  SECTION("an interface that the host does not have") {
    scene.policy.interface_pins.push_back({"e1", "vmk7", ip("10.0.9.50"), "cable plan", {}});
    CHECK_THAT(blocked(scene.propose().hosts[0]), Catch::Contains("does not have it"));
  }
}

TEST_CASE("what is kept does not change, and a conflict it has blocks the host with the pin's reason") {
  auto scene = conflict();
  scene.policy.keep_pins.push_back({"e1", "", "the lighthouse", {}});
  const auto p = scene.propose();
  CHECK(told(p.hosts[0]) == Lines{});
  CHECK_THAT(blocked(p.hosts[0]), Catch::Contains("same-subnet: ") && Catch::Contains("the lighthouse"));
  CHECK(planned(p.hosts[1], "vmk0") != "10.0.8.112/24");  // peers stay together
}

TEST_CASE("a kept host without an error is not blocked") {
  auto scene = clean();
  scene.policy.keep_pins.push_back({"e1", "", "the lighthouse", {}});
  CHECK(scene.propose().hosts[0].blocked.empty());
}

TEST_CASE("a kept interface makes its rival move") {
  auto scene = Scene()
                   .with(esx("e1").console("10.0.0.5/24").gateway("10.0.0.1").vmk("vmk0", "10.0.0.9/24", kVmotion))
                   .pool("10.0.9.0/24", 9, "10.0.9.1", "management");
  scene.policy.keep_pins.push_back({"e1", "vmk0", "the array names it", {}});
  const auto p = scene.propose();
  CHECK(blocked(p.hosts[0]) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.0.9/24");
  CHECK(planned(p.hosts[0], "vswif0") == "10.0.9.5/24");
  CHECK(p.hosts[0].after.stack(model::kDefaultStack)->gateway == ip("10.0.9.1"));
}

TEST_CASE("a dropped interface is not mapped") {
  auto scene = conflict();
  scene.policy.drop_pins.push_back({"e1", "vmk0", "no vMotion here", {}});
  scene.policy.drop_pins.push_back({"e2", "vmk0", "nor here", {}});
  auto p = scene.propose();
  CHECK(told(p.hosts[0]) == Lines{"drop-interface vmk1 10.0.0.111/24 -> "});
  CHECK(blocked(p.hosts[0]) == "");
  scene.policy.drop_pins[0].name = "vswif0";
  p = scene.propose();
  CHECK_THAT(blocked(p.hosts[0]), Catch::Contains("carries management"));
  CHECK(planned(p.hosts[0], "vswif0") == "10.0.0.11/24");
}
