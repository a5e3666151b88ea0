// Whoever serves several things ties the peers of each together: they move as one.
#include <catch2/catch.hpp>

#include <random>
#include <set>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;

namespace {

constexpr auto kVMotion = Service::VMotion;
constexpr auto kFt = Service::FaultToleranceLogging;

/// Where a host meets its peers for a service.
std::set<net::Ipv4Prefix> networks(const model::State& state, Service service) {
  std::set<net::Ipv4Prefix> all;
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.range() && interface.services.has(service)) all.insert(*interface.range());
  return all;
}

bool meet(const model::State& a, const model::State& b, Service service) {
  const auto mine = networks(a, service);
  const auto theirs = networks(b, service);
  return std::any_of(mine.begin(), mine.end(), [&](const auto& network) { return theirs.contains(network); });
}

HostScene host(unsigned n) {
  return esx(fmt::format("h{}", n)).in("A").console(fmt::format("10.1.0.{}/24", 10 + n)).gateway("10.1.0.1");
}

Scene with_pools(Scene scene) {
  return scene.pool("172.16.20.0/24", 20, "", "vmotion", "A")
      .pool("172.16.30.0/24", 30, "", "faultToleranceLogging", "A");
}

}  // namespace

TEST_CASE("a peer that serves something else besides moves with the others, into the pool of the dearest") {
  Scene scene;
  scene.policy.costs.readdress[kFt] = 20;
  for (unsigned n = 0; n < 3; ++n)
    scene.with(host(n).vmk("vmk0", fmt::format("10.1.0.{}/24", 60 + n),
                           n == 1 ? Services{kVMotion, kFt} : Services{kVMotion}));
  const auto p = with_pools(scene).propose();
  for (unsigned n = 0; n < 3; ++n) {
    INFO(join(p.hosts[n].blocked, "\n"));
    CHECK(p.hosts[n].blocked.empty());
    CHECK(planned(p.hosts[n], "vmk0") == fmt::format("172.16.30.{}/24", 60 + n));
  }
  REQUIRE(p.segments.size() == 1);
  CHECK(p.segments[0].service == kFt);
  CHECK(p.segments[0].members.size() == 3);
}

TEST_CASE("a chain of interfaces that serve several holds the first and the last together") {
  Scene scene;
  scene.with(host(0).vmk("vmk0", "10.1.0.60/24", {kVMotion}));
  scene.with(host(1).vmk("vmk0", "10.1.0.61/24", {kVMotion, kFt}));
  scene.with(host(2).vmk("vmk0", "10.1.0.62/24", {kFt, Service::VSphereReplication}));
  scene.with(host(3).vmk("vmk0", "10.1.0.63/24", {Service::VSphereReplication}));
  scene.pool("172.16.40.0/24", 40, "", "vSphereReplication", "A");
  const auto p = with_pools(scene).propose();
  for (unsigned n = 0; n < 4; ++n) CHECK(planned(p.hosts[n], "vmk0") == fmt::format("172.16.40.{}/24", 60 + n));
}

TEST_CASE("two seats of one host in a segment are merged, whether the segment stays or moves") {
  for (const auto* network : {"10.1.9", "10.1.0"}) {  // management's own subnet is the second
    Scene scene;
    scene.policy.costs.merge_services = 12;                          // a stack of its own costs 15
    scene.policy.keep_pins.push_back({"h0", "vswif0", "kept", {}});  // nobody merges onto that
    for (unsigned n = 0; n < 3; ++n) {
      auto each = host(n);
      if (n == 1)
        each.vmk("vmk0", fmt::format("{}.61/24", network), {kVMotion, kFt});
      else
        each.vmk("vmk0", fmt::format("{}.{}/24", network, 60 + n), {kVMotion})
            .vmk("vmk1", fmt::format("{}.{}/24", network, 80 + n), {kFt});
      scene.with(std::move(each));
    }
    const auto p = with_pools(scene).propose();
    for (unsigned n = 0; n < 3; ++n) {
      INFO(network << "\n" << join(told(p.hosts[n]), "\n") << "\n" << join(p.hosts[n].blocked, "\n"));
      CHECK(p.hosts[n].blocked.empty());
      CHECK(meet(p.hosts[n].after, p.hosts[1].after, kVMotion));
      CHECK(meet(p.hosts[n].after, p.hosts[1].after, kFt));
      if (n != 1) CHECK(planned(p.hosts[n], "vmk1") == "-");
    }
    for (const auto& group : p.groups) CHECK(group.optimal);
  }
}

TEST_CASE("two seats of one host that nothing can merge block it") {
  Scene scene;
  scene.target = {5, 5};
  scene.with(host(0).vmk("vmk0", "10.1.9.60/24", {kVMotion, kFt}));
  scene.with(host(1).vmk("vmk0", "10.1.9.61/24", {kVMotion}).vlan(7).vmk("vmk1", "10.1.9.81/24", {kFt}).vlan(8));
  const auto p = with_pools(scene).propose();
  CHECK(p.hosts[0].blocked.empty());
  CHECK_FALSE(p.hosts[1].blocked.empty());
  CHECK(meet(p.hosts[0].after, p.hosts[1].after, kVMotion));
}

TEST_CASE("pins that send the services of one interface to two networks cannot both hold") {
  Scene scene;
  scene.with(host(0).vmk("vmk0", "10.1.9.60/24", {kVMotion, kFt}));
  scene.policy.segment_pins = {{"A", kVMotion, net_of("172.16.20.0/24"), "one", {}},
                               {"A", kFt, net_of("172.16.30.0/24"), "other", {}}};
  const auto p = with_pools(scene).propose();
  CHECK_FALSE(p.hosts[0].blocked.empty());
  REQUIRE(p.groups.size() == 1);
  CHECK(p.groups[0].clash.size() == 2);
}

TEST_CASE("hosts that met for a service still do, whatever their interfaces serve besides") {
  constexpr Service kAll[] = {kVMotion, kFt, Service::VSphereReplication};
  unsigned moved = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    std::mt19937 engine(seed);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
    Scene scene;
    scene.policy.costs.merge_services = static_cast<int>(5 + below(40));
    const unsigned hosts = 2 + below(3);
    const unsigned vmks = 1 + below(3);
    for (unsigned n = 0; n < hosts; ++n) {
      auto each = host(n);
      for (unsigned v = 0; v < vmks; ++v) {
        Services services{kAll[v]};
        if (below(3) == 0) services.add(kAll[below(3)]);
        each.vmk(fmt::format("vmk{}", v), fmt::format("10.1.{}.{}/24", below(8) == 0 ? 5 : v / 2, 60 + 20 * v + n),
                 services);
      }
      scene.with(std::move(each));
    }
    for (unsigned s = 0; s < 3; ++s)
      scene.pool(fmt::format("172.16.{}.0/24", s), s, "", std::string(to_string(kAll[s])), "A");
    const auto p = scene.propose();
    for (unsigned a = 0; a < hosts; ++a)
      for (unsigned b = a + 1; b < hosts; ++b)
        for (const auto service : kAll) {
          INFO("seed " << seed << " " << to_string(service) << "\n"
                       << join(told(p.hosts[a]), "\n") << "\n--\n"
                       << join(told(p.hosts[b]), "\n"));
          if (meet(scene.estate.hosts[a].before, scene.estate.hosts[b].before, service))
            CHECK(meet(p.hosts[a].after, p.hosts[b].after, service));
        }
    for (const auto& each : p.hosts) moved += each.remedies.empty() ? 0 : 1;
  }
  CHECK(moved > 100);
}
