#include "settle.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using model::Endpoint;
using model::Interface;
using model::Route;
using model::Service;
using model::Stack;
using model::State;
using net::Ipv4Address;
using net::Ipv4Prefix;

namespace {

constexpr unsigned kMostRounds = 12;  // each ends something, so fewer are the rule

/// An endpoint whose packets leave another way than before, without a remedy that means it.
struct Lost {
  const Endpoint* endpoint = nullptr;
  Service service = Service::Management;
  std::vector<std::string> interfaces;  ///< by which they left, by mapped name
  std::optional<Ipv4Address> next_hop;
  bool was_on_link = false;

  /// Storage stays beside its array: no router stands between them.
  bool needs_on_link() const { return was_on_link && (service == Service::Iscsi || service == Service::Nfs); }
};

/// A gateway of its own for an interface.
struct Detour {
  std::string interface;
  Service service = Service::VMotion;
  Ipv4Address gateway;
};

constexpr std::size_t kMostDetours = 6;  // 2^6 sets; an interface has one or two routers

class Settler {
 public:
  Settler(const Request& request, const Work& work, const Decided& decided, Draft& draft)
      : request_(request), judge_(request), work_(work), decided_(decided), draft_(draft) {}

  void run() {
    for (unsigned round = 0; round < kMostRounds; ++round) {
      draft_.findings = judge_.findings(work_, draft_.state);
      draft_.errors = counting_errors(draft_.findings);
      if (round == 0) draft_.settled = draft_.errors;
      if (work_.keep_host || draft_.errors.empty()) return;
      const bool routes = remove_dead_routes();
      const bool uplinks = nail_uplinks();
      const bool ways = restore_ways();
      if (!routes && !uplinks && !ways) return;
    }
  }

  /// Those that may serve endpoints which `state` has lost.
  std::vector<Detour> detours(const State& state) const {
    std::vector<Detour> found;
    for (const auto& one : had_lost_ways_ ? lost_endpoints(state) : std::vector<Lost>()) {
      const auto* interface = one.interfaces.size() == 1 ? state.interface(one.interfaces.front()) : nullptr;
      if (!interface || !interface->enabled || !interface->range() || interface->gateway_override) continue;
      if (!model::kNameTheirInterface.has(one.service) || !interface->services.has(one.service)) continue;
      if (!work_.may_change(interface->name)) continue;
      for (const auto hop : routers(one, *interface)) {
        const Detour detour{interface->name, one.service, hop};
        const auto same = [&](const Detour& d) { return d.interface == detour.interface && d.gateway == hop; };
        if (found.size() < kMostDetours && std::none_of(found.begin(), found.end(), same)) found.push_back(detour);
      }
    }
    return found;
  }

 private:
  const model::Costs& costs() const { return request_.policy.costs; }

  /// The finding names the route: network, then next hop. One that the mapping made unusable is no dead one.
  bool remove_dead_routes() {
    bool changed = false;
    for (const auto& finding : draft_.errors) {
      if (finding.rule != "route-next-hop-off-link" || finding.introduced || finding.addresses.size() < 2) continue;
      auto* stack = draft_.state.stack(finding.stack);
      if (!stack) continue;
      const auto it = std::find_if(stack->routes.begin(), stack->routes.end(), [&](const Route& r) {
        return to_string(r.network) == finding.addresses[0] && to_string(r.next_hop) == finding.addresses[1];
      });
      if (it == stack->routes.end()) continue;
      draft_.remedies.push_back(
          {RemedyKind::RemoveRoute, "", fmt::format("{} by {}", it->network, it->next_hop), "", finding.rule,
           "It never worked: its next hop is nobody's neighbour, or lies behind the route itself.",
           costs().static_route, false});
      stack->routes.erase(it);
      changed = true;
    }
    return changed;
  }

  bool nail_uplinks() {
    bool changed = false;
    for (const auto& finding : draft_.errors) {
      if (finding.rule != "binding-uplinks" || finding.interfaces.size() != 1) continue;
      const auto* interface = draft_.state.interface(finding.interfaces.front().name);
      if (!interface || !work_.may_change(interface->name) || shares_portgroup(*interface)) continue;
      const auto uplink = uplink_for(*interface);
      if (uplink.empty()) continue;
      draft_.remedies.push_back({RemedyKind::FixTeaming, interface->name, teaming_text(interface->uplinks),
                                 "active " + uplink, finding.rule,
                                 "Port binding needs exactly one active uplink and no standby one (KB 2038869).",
                                 costs().port_binding, false});
      nail_to_uplink(draft_.state, interface->name, uplink);
      changed = true;
    }
    return changed;
  }

  static std::string teaming_text(const model::Teaming& teaming) {
    return fmt::format("active {}, standby {}", fmt::join(teaming.active, " "), fmt::join(teaming.standby, " "));
  }

  bool shares_portgroup(const Interface& interface) const {
    if (!draft_.state.portgroup(interface.portgroup).second) return true;  // a port of a distributed switch
    const auto& all = draft_.state.interfaces;
    return std::any_of(all.begin(), all.end(), [&](const Interface& other) {
      return other.name != interface.name && other.portgroup == interface.portgroup;
    });
  }

  /// The first uplink of its own, active ones first, that no other bound interface is nailed to; else its first.
  std::string uplink_for(const Interface& interface) const {
    auto uplinks = interface.uplinks.active;
    uplinks.insert(uplinks.end(), interface.uplinks.standby.begin(), interface.uplinks.standby.end());
    for (const auto& uplink : uplinks) {
      const auto& all = draft_.state.interfaces;
      const bool taken = std::any_of(all.begin(), all.end(), [&](const Interface& other) {
        return other.name != interface.name && other.bound_to == interface.bound_to && other.enabled &&
               other.uplinks.active == std::vector{uplink};
      });
      if (!taken) return uplink;
    }
    return uplinks.empty() ? std::string() : uplinks.front();
  }

  std::vector<Lost> lost_endpoints(const State& state) const {
    std::vector<Lost> lost;
    for (const auto& change : rules::compare_egress(judge_.situation(work_, state)).changes) {
      if (change.meant) continue;
      for (const auto* endpoint : change.endpoints) {
        Lost one{endpoint, change.service, {}, change.next_hop_before, change.was_on_link};
        for (const auto& ref : change.before) one.interfaces.push_back(standing_for(ref.name, state, change.service));
        lost.push_back(std::move(one));
      }
    }
    return lost;
  }

  /// The interface itself, the one that took over its services, or management for a console that is gone.
  std::string standing_for(const std::string& interface, const State& state, Service service) const {
    for (const auto& merge : decided_.merges)
      if (merge.interface == interface) return merge.onto;
    const bool gone = !state.interface(interface) && !work_.management.empty();
    return gone && service == Service::Management ? work_.management : interface;
  }

  bool restore_ways() {
    const bool wanted = std::any_of(draft_.errors.begin(), draft_.errors.end(), [](const rules::Finding& f) {
      return f.rule == "egress-changes" || f.rule == "two-default-gateways";
    });
    if (!wanted) return false;
    had_lost_ways_ = true;
    bool changed = false;
    auto lost = lost_endpoints(draft_.state);
    for (std::size_t i = 0; i < lost.size();) {
      if (restore(lost[i], lost)) {
        changed = true;
        i = 0;
      } else {
        ++i;
      }
    }
    return changed;
  }

  /// Tries the routers that may lead to the endpoint; keeps the first route that helps. `lost` is what is left then.
  bool restore(const Lost& one, std::vector<Lost>& lost) {
    if (one.needs_on_link()) return false;
    std::vector<Ipv4Prefix> networks;
    if (one.endpoint->network) networks.push_back(*one.endpoint->network);
    networks.push_back(*Ipv4Prefix::containing(one.endpoint->address, 32));
    for (const auto& name : one.interfaces) {
      const auto* interface = draft_.state.interface(name);
      if (!interface || !interface->enabled || !interface->range()) continue;
      for (const auto hop : routers(one, *interface))
        for (const auto network : networks)
          if (try_route(one, *interface, {network, hop, "", "egress-changes", {}}, lost)) return true;
    }
    return false;
  }

  std::vector<Ipv4Address> routers(const Lost& one, const Interface& interface) const {
    std::vector<std::optional<Ipv4Address>> all{one.endpoint->router, one.next_hop};
    for (const auto& move : decided_.moves)
      if (move.interface == interface.name) all.push_back(move.to.gateway);
    if (const auto* stack = draft_.state.stack(interface.stack)) all.push_back(stack->gateway);
    std::vector<Ipv4Address> found;
    for (const auto& hop : all)
      if (hop && *hop != interface.address && interface.range()->contains(*hop) &&
          std::find(found.begin(), found.end(), *hop) == found.end())
        found.push_back(*hop);
    return found;
  }

  /// A route to a network in which a router in use stands would cut the way to that router.
  static bool cuts_off_a_router(const Stack& stack, const Route& route) {
    const auto cut = [&](Ipv4Address hop) { return route.network.contains(hop); };
    return cut(route.next_hop) || (stack.gateway && cut(*stack.gateway)) ||
           std::any_of(stack.routes.begin(), stack.routes.end(), [&](const Route& r) { return cut(r.next_hop); });
  }

  bool try_route(const Lost& one, const Interface& interface, const Route& route, std::vector<Lost>& lost) {
    auto* stack = draft_.state.stack(interface.stack);
    if (!stack || cuts_off_a_router(*stack, route)) return false;
    if (std::find(stack->routes.begin(), stack->routes.end(), route) != stack->routes.end()) return false;
    auto remedy = route_remedy(one, interface, route);
    stack->routes.push_back(route);
    auto left = lost_endpoints(draft_.state);
    const bool still = std::any_of(left.begin(), left.end(), [&](const Lost& l) {
      return l.endpoint == one.endpoint && l.service == one.service;
    });
    if (still || left.size() >= lost.size()) {
      stack->routes.pop_back();
      return false;
    }
    draft_.remedies.push_back(std::move(remedy));
    lost = std::move(left);
    return true;
  }

  Remedy route_remedy(const Lost& one, const Interface& interface, const Route& route) const {
    return {RemedyKind::StaticRoute,
            "",
            "",
            fmt::format("{} by {}", route.network, route.next_hop),
            "egress-changes",
            fmt::format("{} ({}) keeps its way by {}.", one.endpoint->name, one.endpoint->address, interface.name),
            costs().static_route,
            false};
  }

  const Request& request_;
  Judge judge_;
  const Work& work_;
  const Decided& decided_;
  Draft& draft_;
  bool had_lost_ways_ = false;
};

/// Fewer errors, then cheaper. In a tie what was there first stays: a route touches no interface.
bool better(const Draft& a, const Draft& b) {
  const auto cost = [](const Draft& draft) {
    int sum = 0;
    for (const auto& remedy : draft.remedies) sum += remedy.cost;
    return sum;
  };
  return std::pair(a.errors.size(), cost(a)) < std::pair(b.errors.size(), cost(b));
}

void give_gateway(const model::Costs& costs, const Detour& detour, Draft& draft) {
  find(draft.state, detour.interface)->gateway_override = detour.gateway;
  draft.remedies.push_back({RemedyKind::GatewayOverride, detour.interface, "",
                            fmt::format("gateway {}", detour.gateway), "egress-changes",
                            fmt::format("{} names it as its egress, so that a gateway of its own serves it beyond the "
                                        "subnet (GUID-44CAFD7C).",
                                        detour.service == Service::VMotion ? "vMotion" : "FT logging"),
                            costs.gateway_override, false});
}

/// Every set of gateways, one an interface at most. There is rarely more than one interface to choose for.
void try_gateways(const Request& request, const Work& work, const Decided& decided, const Draft& plain,
                  std::vector<Detour> detours, Draft& best) {
  if (detours.empty()) return;
  const auto detour = detours.back();
  detours.pop_back();
  try_gateways(request, work, decided, plain, detours, best);
  auto with = plain;
  give_gateway(request.policy.costs, detour, with);
  auto settled = with;
  Settler(request, work, decided, settled).run();
  if (better(settled, best)) best = std::move(settled);
  std::erase_if(detours, [&](const Detour& other) { return other.interface == detour.interface; });
  try_gateways(request, work, decided, with, std::move(detours), best);
}

}  // namespace

void settle(const Request& request, const Work& work, const Decided& decided, Draft& draft) {
  const auto plain = draft;
  Settler settler(request, work, decided, draft);
  settler.run();
  if (!work.keep_host && request.target.has_gateway_override())
    try_gateways(request, work, decided, plain, settler.detours(plain.state), draft);
}

}  // namespace esx2esxi::readdress
