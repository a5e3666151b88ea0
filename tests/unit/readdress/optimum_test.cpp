// The proposal's cost against an enumeration of all remedies of all segments, written without the search's help: it
// builds each state by hand and asks nothing but the rules.
#include <catch2/catch.hpp>

#include <random>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;

namespace {

constexpr Service kServices[] = {Service::Management,         Service::VMotion, Service::FaultToleranceLogging,
                                 Service::VSphereReplication, Service::Vsan,    Service::VSphereReplicationNfc};
constexpr unsigned kMostSegments = 6;

enum class Way { Keep, Move, OwnStack, Merge };

struct Small {
  Scene scene;
  unsigned hosts = 1;
  unsigned segments = 2;
  bool kept[kMostSegments] = {};
};

std::string classic_name(unsigned segment) { return segment == 0 ? "vswif0" : fmt::format("vmk{}", segment - 1); }

Small random_small(unsigned seed) {
  std::mt19937 engine(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(engine() % n); };
  static constexpr unsigned kLengths[] = {24, 24, 24, 22, 16};
  Small small;
  small.hosts = 1 + below(2);
  small.segments = 2 + below(kMostSegments - 1);
  small.scene.target = below(2) == 0 ? model::Target{8, 0} : model::Target{5, 5};
  auto& costs = small.scene.policy.costs;
  costs.own_stack = static_cast<int>(below(40));
  costs.merge_services = static_cast<int>(below(60));
  for (unsigned s = 0; s < small.segments; ++s) costs.readdress[kServices[s]] = static_cast<int>(1 + below(90));
  unsigned network[kMostSegments];
  unsigned length[kMostSegments];
  for (unsigned s = 0; s < small.segments; ++s) {
    network[s] = below(3);
    length[s] = kLengths[below(5)];
    small.kept[s] = below(6) == 0;
  }
  for (unsigned h = 0; h < small.hosts; ++h) {
    auto host = esx(fmt::format("h{}", h)).in("A");
    for (unsigned s = 0; s < small.segments; ++s) {
      const auto address = fmt::format("10.1.{}.{}/{}", network[s], 20 + 30 * s + h, length[s]);
      if (s == 0)
        host.console(address).gateway(fmt::format("10.1.{}.1", network[s]));
      else
        host.vmk(classic_name(s), address, {kServices[s]});
      if (small.kept[s]) small.scene.policy.keep_pins.push_back({fmt::format("h{}", h), classic_name(s), "kept", {}});
    }
    small.scene.with(std::move(host));
  }
  for (unsigned s = 0; s < small.segments; ++s)
    small.scene.pool(fmt::format("172.16.{}.0/24", s), s, fmt::format("172.16.{}.1", s),
                     std::string(to_string(kServices[s])), "A");
  return small;
}

class Enumeration {
 public:
  explicit Enumeration(const Small& small) : small_(small), estate_(small.scene.estate) {
    policy_ = small.scene.policy;
    policy_.clusters.push_back({"A", {}, {}, {}, {}});
    for (auto& host : estate_.hosts) model::derive_services(host, policy_);
    for (const auto& host : estate_.hosts) {
      mappings_.push_back(transform::map_host(host, small.scene.target, model::Path::Fresh));
      endpoints_.push_back(model::endpoints_of(host, policy_, estate_));
    }
  }

  /// The cheapest way that leaves no error; none: every way leaves one.
  std::optional<int> cheapest() {
    std::vector<Way> ways(small_.segments, Way::Keep);
    enumerate(0, ways);
    return best_;
  }

 private:
  int cost_of(const std::vector<Way>& ways) const {
    int sum = 0;
    for (unsigned s = 0; s < ways.size(); ++s) {
      const int one = ways[s] == Way::Move       ? policy_.costs.readdress.at(kServices[s])
                      : ways[s] == Way::OwnStack ? policy_.costs.own_stack
                      : ways[s] == Way::Merge    ? policy_.costs.merge_services
                                                 : 0;
      sum += one * static_cast<int>(small_.hosts);
    }
    return sum;
  }

  void enumerate(unsigned segment, std::vector<Way>& ways) {
    if (segment == ways.size()) {
      const int cost = cost_of(ways);
      if ((!best_ || cost < *best_) && sound(ways)) best_ = cost;
      return;
    }
    for (const auto way : {Way::Keep, Way::Move, Way::OwnStack, Way::Merge}) {
      if (way != Way::Keep && small_.kept[segment]) continue;
      if (way == Way::OwnStack && (segment != 1 || small_.scene.target < model::Target{6, 0})) continue;
      if (way == Way::Merge && segment == 0) continue;
      ways[segment] = way;
      enumerate(segment + 1, ways);
    }
    ways[segment] = Way::Keep;
  }

  bool sound(const std::vector<Way>& ways) const {
    std::vector<model::State> states;
    for (std::size_t h = 0; h < estate_.hosts.size(); ++h) {
      auto state = state_of(h, ways);
      if (!state) return false;
      states.push_back(std::move(*state));
    }
    for (std::size_t h = 0; h < states.size(); ++h) {
      const rules::Situation situation{
          estate_.hosts[h], mappings_[h],        states[h],          endpoints_[h],
          policy_,          small_.scene.target, model::Path::Fresh, rules::Stage::Planned};
      for (const auto& f : rules::judge_host(situation, rules::built_in_catalogue(), {2026, 3, 1}))
        if (f.severity == Severity::Error && rules::counts(f)) return false;
    }
    return true;
  }

  static model::Interface* find(model::State& state, const std::string& classic) {
    for (auto& interface : state.interfaces)
      if (interface.from == classic) return &interface;
    return nullptr;
  }

  std::optional<model::State> state_of(std::size_t h, const std::vector<Way>& ways) const {
    auto state = mappings_[h].state;
    for (unsigned s = 0; s < ways.size(); ++s) {
      auto* interface = find(state, classic_name(s));
      if (ways[s] == Way::Move) {
        interface->address = ip(fmt::format("172.16.{}.{}", s, interface->address->bits() & 255U));
        interface->netmask = ip("255.255.255.0");
        if (s == 0) state.stack(model::kDefaultStack)->gateway = ip("172.16.0.1");
      }
      if (ways[s] == Way::OwnStack) {
        interface->stack = model::kVmotionStack;
        model::Stack own;
        own.name = model::kVmotionStack;
        state.stacks.push_back(own);
      }
    }
    for (unsigned s = 0; s < ways.size(); ++s)
      if (ways[s] == Way::Merge && !merge(state, h, s, ways)) return std::nullopt;
    return state;
  }

  /// Onto any interface in the same subnet that stays, may change, and is management or was there before.
  bool merge(model::State& state, std::size_t h, unsigned segment, const std::vector<Way>& ways) const {
    const auto range = mappings_[h].state.interface_from(classic_name(segment))->range();
    for (unsigned keeper = 0; keeper < segment; ++keeper) {
      if (ways[keeper] != Way::Keep || small_.kept[keeper]) continue;
      auto* onto = find(state, classic_name(keeper));
      if (onto->range() != range) continue;
      onto->services.merge(find(state, classic_name(segment))->services);
      std::erase_if(state.interfaces, [&](const auto& i) { return i.from == classic_name(segment); });
      return true;
    }
    return false;
  }

  const Small& small_;
  model::Estate estate_;
  model::Policy policy_;
  std::vector<transform::Mapping> mappings_;
  std::vector<std::vector<model::Endpoint>> endpoints_;
  std::optional<int> best_;
};

}  // namespace

TEST_CASE("the proposal costs as much as the cheapest of all combinations of remedies") {
  unsigned solvable = 0;
  unsigned dear = 0;
  for (unsigned seed = 1; seed <= 150; ++seed) {
    auto small = random_small(seed);
    const auto best = Enumeration(small).cheapest();
    const auto p = small.scene.propose();
    int cost = 0;
    bool blocked = false;
    bool routed = false;
    std::string text;
    for (const auto& host : p.hosts) {
      blocked = blocked || !host.blocked.empty();
      text += join(told(host), "\n") + "\n" + join(host.blocked, "\n") + "\n";
      for (const auto& remedy : host.remedies) {
        cost += remedy.cost;
        routed = routed || remedy.kind == readdress::RemedyKind::StaticRoute;
      }
    }
    INFO("seed " << seed << "\n" << text);
    CHECK(blocked == !best);
    for (const auto& group : p.groups) {
      CHECK(group.optimal);
      CHECK(group.gap == 0);
      CHECK(group.cost == cost);
    }
    if (!best || blocked) continue;
    ++solvable;
    dear += cost > 0 ? 1 : 0;
    if (routed)
      CHECK(cost <= *best);  // the enumeration knows no routes
    else
      CHECK(cost == *best);
  }
  CHECK(solvable > 75);
  CHECK(dear > 40);
}

TEST_CASE("a search that runs out of its budget says so, and how much could be saved at most", "[heavy]") {
  // Fourteen interfaces that serve nothing in one subnet: more sets of acts than any budget looks at.
  Scene scene;
  auto host = esx("e1").console("10.0.0.5/24").gateway("10.0.0.1");
  for (unsigned n = 0; n < 14; ++n) host.vmk(fmt::format("vmk{}", n), fmt::format("10.0.0.{}/24", 20 + n));
  scene.with(std::move(host));
  for (unsigned n = 0; n < 20; ++n) scene.pool(fmt::format("172.16.{}.0/24", n), n, "", "any");
  const auto p = scene.propose();
  REQUIRE(p.groups.size() == 1);
  CHECK_FALSE(p.groups[0].optimal);
  CHECK(p.groups[0].gap >= 0);
  CHECK(p.groups[0].nodes > 100);
}
