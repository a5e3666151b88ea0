// Which egress changes of a planned state its remedies mean. The mapped state has no remedies: nothing is meant there.
#include <algorithm>

#include "egress.hpp"

namespace esx2esxi::rules {

using model::Interface;
using model::Stack;
using net::Ipv4Address;

namespace {

bool same_place(const Interface& a, const Interface& b) {
  return a.stack == b.stack && a.address == b.address && a.netmask == b.netmask;
}

bool has_route(const model::State& state, const model::Route& route) {
  return std::any_of(state.stacks.begin(), state.stacks.end(), [&](const Stack& stack) {
    return std::find(stack.routes.begin(), stack.routes.end(), route) != stack.routes.end();
  });
}

}  // namespace

Meaning::Meaning(const Situation& s, const Roster& roster, model::Service service)
    : s_(s), roster_(roster), service_(service) {
  if (s.stage == Stage::Mapped) return;
  for (const auto& mapped : s.mapping.state.interfaces) {
    if (!mapped.services.has(service)) continue;
    const auto* now = mapped.from.empty() ? nullptr : s.now.interface_from(mapped.from);
    if (now && same_place(mapped, *now)) continue;
    if (now && now->stack != mapped.stack) other_stack_ = true;
    if (const auto old = mapped.range()) homes_.push_back(*old);
    if (const auto home = now ? now->range() : std::nullopt) homes_.push_back(*home);
  }
}

bool Meaning::says_nothing(const Difference& difference, const model::Endpoint& endpoint) const {
  // HA only pings it: while there is a way at all, another one changes nothing (isolation-address-moves tells the
  // rest).
  if (endpoint.isolation) return s_.stage == Stage::Planned && difference.now->reachable();
  // Peers move together.
  return endpoint.peer && std::any_of(homes_.begin(), homes_.end(),
                                      [&](net::Ipv4Prefix home) { return home.contains(endpoint.address); });
}

bool Meaning::moved(Identity id) const {
  const auto* now = roster_.now(id);
  const auto* before = roster_.before(id);
  const auto* mapped = before ? s_.mapping.state.interface_from(before->from) : nullptr;
  return !now || !mapped || !same_place(*mapped, *now);
}

/// The plan merged the service onto it.
bool Meaning::joined(const model::Interface& now) const {
  const auto* mapped = s_.mapping.state.interface(now.name);
  return mapped && !mapped->services.has(service_);
}

/// The way of now is by a route or a gateway that only the plan brought.
bool Meaning::planned_way(const Difference& d) const {
  if (!d.now->next_hop) return false;
  for (const auto& interface : s_.now.interfaces) {
    const auto* mapped = s_.mapping.state.interface(interface.name);
    if (interface.gateway_override == d.now->next_hop &&
        (!mapped || mapped->gateway_override != interface.gateway_override))
      return true;
  }
  for (const auto& stack : s_.now.stacks) {
    const auto* mapped = s_.mapping.state.stack(stack.name);
    if (stack.gateway == d.now->next_hop && (!mapped || mapped->gateway != stack.gateway)) return true;
    for (const auto& route : stack.routes)
      if (route.next_hop == *d.now->next_hop && route.network.contains(Ipv4Address::from_bits(d.first)) &&
          !has_route(s_.mapping.state, route))
        return true;
  }
  return false;
}

bool Meaning::is_meant(const Difference& d, bool endpoints) const {
  if (s_.stage == Stage::Mapped) return false;
  // No interface but those of before, fewer perhaps: a tie that the plan has ended, or another next hop of its making.
  // One that the plan puts beside them for the same service (a bound one that strayed) is no stranger.
  const bool subset = d.now->reachable() && std::all_of(d.now->who.begin(), d.now->who.end(), [&](Identity id) {
                        const auto* now = roster_.now(id);
                        return std::find(d.before->who.begin(), d.before->who.end(), id) != d.before->who.end() ||
                               (now && now->services.has(service_) && (moved(id) || joined(*now)));
                      });
  if (subset) {
    if (d.now->next_hop == d.before->next_hop || planned_way(d)) return true;
    if (std::any_of(d.before->who.begin(), d.before->who.end(), [&](Identity id) { return moved(id); })) return true;
  }
  if (endpoints) return false;
  if (other_stack_) return true;
  const auto lies_in = [&](net::Ipv4Prefix home) {
    return home.network().bits() <= d.first && d.last <= home.broadcast().bits();
  };
  return std::any_of(homes_.begin(), homes_.end(), lies_in);
}

}  // namespace esx2esxi::rules
