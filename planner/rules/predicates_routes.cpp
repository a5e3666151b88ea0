// Static routes: a next hop must be a neighbour, i.e. on-link and not the host itself.
#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "gateways.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;
using model::Route;
using model::Stack;
using model::State;

namespace {

bool on_link(const State& state, std::string_view stack, net::Ipv4Address address) {
  for (const auto& interface : state.interfaces)
    if (model::in_range_tests(interface, stack) && interface.range()->contains(address)) return true;
  return false;
}

/// The stack that held the route before; null if none did.
const Stack* stack_of_route(const State& before, const Route& route) {
  for (const auto& stack : before.stacks)
    for (const auto& known : stack.routes)
      if (known == route) return &stack;
  return nullptr;
}

/// What the route leads to holds its next hop, and no connected range knows that one better.
bool through_itself(const State& state, std::string_view stack, const Route& route) {
  if (!route.network.contains(route.next_hop)) return false;
  return std::none_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& interface) {
    return model::in_range_tests(interface, stack) && interface.range()->contains(route.next_hop) &&
           interface.range()->length() >= route.network.length();
  });
}

bool unusable(const State& state, std::string_view stack, const Route& route) {
  return is_own(state, stack, route.next_hop) || !on_link(state, stack, route.next_hop) ||
         through_itself(state, stack, route);
}

Evidence route_evidence(const Situation& s, const Stack& stack, const Route& route) {
  Evidence evidence;
  evidence.stack = stack.name;
  add_origin(evidence, route.origins.any());
  evidence.addresses = {to_string(route.network), to_string(route.next_hop)};
  if (const auto* device = route.device.empty() ? nullptr : s.now.interface_from(route.device))
    evidence.interfaces.push_back(ref(*device));
  evidence.words = {
      {"network", to_string(route.network)}, {"next_hop", to_string(route.next_hop)}, {"stack", stack.name}};
  return evidence;
}

}  // namespace

std::vector<Evidence> route_next_hop_off_link(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& stack : s.now.stacks)
    for (const auto& route : stack.routes) {
      const bool own = is_own(s.now, stack.name, route.next_hop);
      const bool neighbour = on_link(s.now, stack.name, route.next_hop);
      const bool itself = neighbour && through_itself(s.now, stack.name, route);
      if (!own && !itself && (neighbour || unknown_range(s, stack.name))) continue;
      auto evidence = route_evidence(s, stack, route);
      evidence.grade = own ? "own" : itself ? "itself" : "off-link";
      const auto* old = stack_of_route(s.host.before, route);
      evidence.introduced = !old || !unusable(s.host.before, old->name, route);
      found.push_back(std::move(evidence));
    }
  return found;
}

std::vector<Evidence> routes_lost_at_reboot(const Situation& s) {
  std::vector<Evidence> found;
  if (!s.target.loses_routes_at_reboot()) return found;
  for (const auto& stack : s.now.stacks)
    for (const auto& route : stack.routes) found.push_back(route_evidence(s, stack, route));
  return found;
}

namespace {

Evidence undecided(const Interface& unknown, std::string subject) {
  auto evidence = evidence_of(unknown.stack, {&unknown});
  evidence.grade = "range";
  evidence.words = {{"subject", std::move(subject)},
                    {"interface", spoken(unknown)},
                    {"hint", "esxcfg-vswif -l and esxcfg-vmknic -l on the host show the lease"}};
  return evidence;
}

}  // namespace

std::vector<Evidence> undecided_gateways_and_routes(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& kept : kept_gateways(s)) {
    const auto* unknown = kept.holders.empty() ? unknown_range(s, kept.stack->name) : nullptr;
    if (!unknown) continue;
    found.push_back(undecided(*unknown, fmt::format("the default gateway {}", kept.address)));
    found.back().addresses = {to_string(kept.address)};
    add_origin(found.back(), kept.stack->origins, "gateway");
  }
  for (const auto& stack : s.now.stacks)
    for (const auto& route : stack.routes) {
      if (is_own(s.now, stack.name, route.next_hop) || on_link(s.now, stack.name, route.next_hop)) continue;
      const auto* unknown = unknown_range(s, stack.name);
      if (!unknown) continue;
      found.push_back(undecided(*unknown, fmt::format("the next hop {} of {}", route.next_hop, route.network)));
      found.back().addresses = {to_string(route.network), to_string(route.next_hop)};
      add_origin(found.back(), route.origins.any());
    }
  return found;
}

}  // namespace esx2esxi::rules
