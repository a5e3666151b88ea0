// A gateway of its own against static routes, for FT logging between hosts in subnets of their own.
#include <catch2/catch.hpp>

#include <random>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;
using Lines = std::vector<std::string>;

namespace {

/// Hosts of one cluster, one management subnet; FT logging of each in its own, reached by the VMkernel's gateway.
Scene routed_ft(unsigned hosts) {
  Scene scene;
  for (unsigned n = 1; n <= hosts; ++n)
    scene.with(esx(fmt::format("e{}", n))
                   .in("A")
                   .console(fmt::format("10.0.0.{}/24", 10 + n))
                   .gateway("10.0.0.1")
                   .vmk("vmk0", fmt::format("10.{}.0.5/24", n), {Service::FaultToleranceLogging})
                   .vmkernel_gateway(fmt::format("10.{}.0.254", n)));
  scene.policy.costs.readdress[Service::FaultToleranceLogging] = 1000;
  return scene;
}

int cost_of(const readdress::HostProposal& host) {
  int sum = 0;
  for (const auto& remedy : host.remedies) sum += remedy.cost;
  return sum;
}

bool is_sound(const Scene& scene, const model::State& state, std::size_t h) {
  auto estate = scene.estate;
  auto policy = scene.policy;
  policy.clusters.push_back({"A", {}, {}, {}, {}});
  for (auto& host : estate.hosts) model::derive_services(host, policy);
  const auto mapping = transform::map_host(estate.hosts[h], scene.target, model::Path::Fresh);
  const auto endpoints = model::endpoints_of(estate.hosts[h], policy, estate);
  const rules::Situation situation{
      estate.hosts[h], mapping, state, endpoints, policy, scene.target, model::Path::Fresh, rules::Stage::Planned};
  const auto findings = rules::judge_host(situation, rules::built_in_catalogue(), {2026, 3, 1});
  return std::none_of(findings.begin(), findings.end(),
                      [](const rules::Finding& f) { return f.severity == Severity::Error && rules::counts(f); });
}

/// The cheapest of all sets of routes to peers and a gateway of its own, asking nothing but the rules.
std::optional<int> cheapest(const Scene& scene, unsigned hosts) {
  auto host = scene.estate.hosts[0];
  model::derive_services(host, scene.policy);
  const auto mapped = transform::map_host(host, scene.target, model::Path::Fresh).state;
  std::optional<int> best;
  for (unsigned own = 0; own < (scene.target.has_gateway_override() ? 2U : 1U); ++own)
    for (unsigned set = 0; set < 1U << (hosts - 1); ++set) {
      auto state = mapped;
      int cost = own == 0 ? 0 : scene.policy.costs.gateway_override;
      if (own != 0) state.interfaces[1].gateway_override = ip("10.1.0.254");
      for (unsigned peer = 0; peer + 1 < hosts; ++peer)
        if ((set >> peer & 1U) != 0) {
          cost += scene.policy.costs.static_route;
          state.stack(model::kDefaultStack)
              ->routes.push_back({net_of(fmt::format("10.{}.0.5/32", peer + 2)), ip("10.1.0.254"), "", "", {}});
        }
      if ((!best || cost < *best) && is_sound(scene, state, 0)) best = cost;
    }
  return best;
}

}  // namespace

TEST_CASE("one peer is reached by a route, several by a gateway of its own, which costs less") {
  const auto two = routed_ft(2).propose();
  CHECK(told(two.hosts[0]) == Lines{"static-route   -> 10.2.0.5/32 by 10.1.0.254"});
  CHECK(two.hosts[0].blocked.empty());
  const auto four = routed_ft(4).propose();
  CHECK(told(four.hosts[0]) == Lines{"gateway-override vmk1  -> gateway 10.1.0.254"});
  CHECK(four.hosts[0].blocked.empty());
  CHECK(four.hosts[0].after.interface_from("vmk0")->gateway_override == ip("10.1.0.254"));
  CHECK(four.hosts[0].remedies[0].rule == "egress-changes");
}

TEST_CASE("before 6.5, or for an interface that may not change, routes it is") {
  auto early = routed_ft(4);
  early.target = {6, 0};
  CHECK(told(early.propose().hosts[0]).size() == 3);
  auto kept = routed_ft(4);
  kept.policy.keep_pins.push_back({"e1", "vmk0", "as it is", {}});
  const auto p = kept.propose();
  CHECK(told(p.hosts[0]).size() == 3);
  CHECK(told(p.hosts[1]).size() == 1);
}

TEST_CASE("what follows the table gets its route all the same") {
  auto scene = routed_ft(4);
  scene.estate.hosts[0].before.nfs.push_back({"ds", "10.99.0.9", "/vol", false, {}});
  const auto lines = told(scene.propose().hosts[0]);
  CHECK(lines == Lines{"gateway-override vmk1  -> gateway 10.1.0.254", "static-route   -> 10.99.0.9/32 by 10.1.0.254"});
}

TEST_CASE("routes and gateways cost as much as the cheapest of all sets of them") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 engine(seed);
    const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
    const auto hosts = 2 + below(4);
    auto scene = routed_ft(hosts);
    scene.target = below(4) == 0 ? model::Target{6, 0} : model::Target{7, 0};
    scene.policy.costs.static_route = static_cast<int>(below(9));
    scene.policy.costs.gateway_override = static_cast<int>(below(25));
    const auto p = scene.propose();
    INFO("seed " << seed << "\n" << join(told(p.hosts[0]), "\n") << "\n" << join(p.hosts[0].blocked, "\n"));
    CHECK(p.hosts[0].blocked.empty());
    CHECK(cheapest(scene, hosts) == std::optional(cost_of(p.hosts[0])));
    for (const auto& group : p.groups) CHECK(group.optimal);
  }
}

TEST_CASE("a stack of its own that costs less than the routes is found, and a gateway of its own that costs less yet") {
  Scene scene;
  for (unsigned n = 1; n <= 6; ++n)
    scene.with(esx(fmt::format("e{}", n))
                   .in("A")
                   .console(fmt::format("10.0.0.{}/24", 10 + n))
                   .gateway("10.0.0.1")
                   .vmk("vmk0", fmt::format("10.{}.0.5/24", n), {Service::VMotion})
                   .vmkernel_gateway(fmt::format("10.{}.0.254", n)));
  scene.policy.costs.readdress[Service::VMotion] = 1000;
  scene.policy.severities["vmotion-peers-apart"] = {Severity::Warning, {}};
  scene.target = {6, 0};
  CHECK(told(scene.propose().hosts[0]) == Lines{"own-stack vmk1 stack defaultTcpipStack -> stack vmotion"});
  scene.target = {6, 5};
  CHECK(told(scene.propose().hosts[0]) == Lines{"gateway-override vmk1  -> gateway 10.1.0.254"});
}
