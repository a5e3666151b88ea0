#include "draft.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "settle.hpp"

namespace esx2esxi::readdress {

using model::Interface;
using model::Route;
using model::Stack;
using model::State;

std::string rule_for(const Work& work, const std::string& interface) {
  for (const auto& finding : work.errors)
    if (names(finding, interface)) return finding.rule;
  return {};
}

namespace {

std::string destination(const State& state, const Assignment& to, bool new_gateway) {
  auto text = fmt::format("{}/{}", to.address, to.network.length());
  if (const auto* interface = state.interface(to.interface); interface && interface->vlan && to.vlan)
    text += fmt::format(" VLAN {}", interface->vlan->value());
  if (new_gateway && to.gateway) text += fmt::format(" gateway {}", *to.gateway);
  return text;
}

bool on_link(const State& state, std::string_view stack, net::Ipv4Address address) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
    return i.enabled && i.stack == stack && i.range() && i.range()->contains(address);
  });
}

/// Builds the state of one host from its decisions.
class Builder {
 public:
  Builder(const Request& request, const Work& work, const Decided& decided, Draft& draft)
      : request_(request), work_(work), decided_(decided), draft_(draft) {}

  void build() {
    draft_.state = work_.base;
    draft_.remedies = work_.by_pins;
    for (const auto& act : decided_.drops) drop_one(act);
    for (const auto& merge : decided_.merges) merge_one(merge);
    for (const auto& move : decided_.moves) move_one(move);
    for (const auto& act : decided_.own_stack) to_own_stack(act);
    for (const auto& binding : decided_.bindings) bind_one(binding);
    for (auto& stack : draft_.state.stacks) follow_routes(stack);
    carry_routes_along();
    enable_again();
    for (const auto& pin : work_.gateways) give_gateway(pin);
  }

 private:
  State& state() { return draft_.state; }

  void add(RemedyKind kind, const Act& act, std::string from, std::string to, bool to_be_confirmed = false) {
    draft_.remedies.push_back(
        {kind, act.interface, std::move(from), std::move(to), act.rule, act.why, act.cost, to_be_confirmed});
  }

  void drop_one(const Act& act) {
    add(RemedyKind::DropInterface, act, address_text(*work_.base.interface(act.interface)), "");
    drop(state(), act.interface);
  }

  void merge_one(const Merge& merge) {
    const auto& old = *work_.base.interface(merge.interface);
    std::vector<std::string> services;
    for (const auto service : old.services.list()) services.emplace_back(to_string(service));
    add(RemedyKind::MergeServices, merge, fmt::format("{} for {}", address_text(old), fmt::join(services, ", ")),
        fmt::format("{} on {}", fmt::join(services, ", "), merge.onto));
    find(state(), merge.onto)->services.merge(old.services);
    drop(state(), merge.interface);
  }

  void bind_one(const Binding& binding) {
    auto* interface = find(state(), binding.interface);
    add(RemedyKind::PortBinding, binding, "not bound",
        fmt::format("bound to {}, active {}", binding.adapter, binding.uplink));
    interface->bound_to = binding.adapter;
    if (interface->uplinks != model::Teaming{{binding.uplink}, {}})
      nail_to_uplink(state(), binding.interface, binding.uplink);
  }

  void move_one(const Move& move) {
    const auto& old = *work_.base.interface(move.interface);
    readdress(state(), move.to);
    const auto* owner = gateway_owner(work_.base, old.stack, work_.management);
    auto* stack = state().stack(old.stack);
    const bool new_gateway =
        owner && owner->name == move.interface && move.to.gateway && !move.to.network.contains(*stack->gateway);
    const bool first_gateway = stack && !stack->gateway && move.interface == work_.management && move.to.gateway;
    if (new_gateway || first_gateway) stack->gateway = move.to.gateway;
    add(RemedyKind::Readdress, move, address_text(old), destination(state(), move.to, new_gateway || first_gateway),
        move.to.to_be_confirmed);
  }

  void to_own_stack(const Act& act) {
    const auto& old = *work_.base.interface(act.interface);
    move_with_gateway(state(), work_.base, act.interface, model::kVmotionStack, work_.mapping->lost_gateway,
                      work_.management);
    add(RemedyKind::OwnStack, act, fmt::format("stack {}", old.stack), fmt::format("stack {}", model::kVmotionStack));
  }

  const Move* move_of(const std::string& interface) const {
    const auto it = std::find_if(decided_.moves.begin(), decided_.moves.end(),
                                 [&](const Move& m) { return m.interface == interface; });
    return it == decided_.moves.end() ? nullptr : &*it;
  }

  /// Whose neighbour the next hop was; null: nobody's, it was dead before.
  const Interface* neighbour_of(const Stack& stack, net::Ipv4Address hop) const {
    for (const auto& interface : work_.base.interfaces)
      if (interface.stack == stack.name && work_.active(interface) && interface.range() &&
          interface.range()->contains(hop))
        return &interface;
    return nullptr;
  }

  /// A route by a router of a network that the host leaves goes by the new network's router, or with the network.
  void follow_routes(Stack& stack) {
    auto routes = std::move(stack.routes);
    stack.routes.clear();
    for (auto& route : routes) {
      const auto* neighbour =
          on_link(state(), stack.name, route.next_hop) ? nullptr : neighbour_of(stack, route.next_hop);
      const auto* now = neighbour ? state().interface(neighbour->name) : nullptr;
      if (!neighbour || (now && now->stack == stack.name && now->range() == neighbour->range())) {
        stack.routes.push_back(std::move(route));
      } else if (now && now->stack != stack.name) {
        going_along_.emplace_back(now->stack, std::move(route));
      } else {
        replace(stack, route, neighbour->name);
      }
    }
  }

  void replace(Stack& stack, const Route& route, const std::string& interface) {
    const auto* move = move_of(interface);
    const auto rule = move ? move->rule : rule_for(work_, interface);
    const auto text = fmt::format("{} by {}", route.network, route.next_hop);
    const int cost = request_.policy.costs.static_route;
    add(RemedyKind::RemoveRoute,
        {"", cost, rule, fmt::format("Its router is a neighbour no more: {} moves.", interface)}, text, "");
    if (!move || !move->to.gateway) return;
    Route fresh{route.network, *move->to.gateway, "", rule, {}};
    if (std::find(stack.routes.begin(), stack.routes.end(), fresh) != stack.routes.end()) return;
    add(RemedyKind::StaticRoute, {"", cost, rule, fmt::format("The route of {} goes by the new router.", interface)},
        text, fmt::format("{} by {}", fresh.network, fresh.next_hop));
    stack.routes.push_back(std::move(fresh));
  }

  void carry_routes_along() {
    for (auto& [name, route] : going_along_)
      if (auto* stack = state().stack(name)) stack->routes.push_back(std::move(route));
  }

  /// VMware's upgrade leaves an interface disabled that shared a vswif's subnet; once it does not, it may work again.
  void enable_again() {
    for (auto& interface : state().interfaces) {
      if (interface.enabled || !work_.disabled_by_upgrade(interface) || !work_.may_change(interface.name)) continue;
      if (overlaps_an_enabled_one(interface)) continue;
      interface.enabled = true;
      add(RemedyKind::Enable,
          {interface.name, 0, "upgrade-disables-interface", "VMware's upgrade disabled it; its subnet is its own now."},
          "disabled", "enabled");
    }
  }

  void give_gateway(const PinnedGateway& pin) {
    auto* interface = find(state(), pin.interface);
    const auto range = interface ? interface->range() : std::nullopt;
    if (!range || !range->contains(pin.address)) {
      const auto where = !interface ? std::string("the interface goes")
                         : range    ? fmt::format("it is in {}", *range)
                                    : std::string("it has no subnet");
      draft_.unmet.push_back(fmt::format("{}, but {}", pin.said, where));
      return;
    }
    const auto& old = interface->gateway_override;
    add(RemedyKind::GatewayOverride,
        {pin.interface, request_.policy.costs.gateway_override, "",
         fmt::format("The policy asks for it: {}.", pin.reason)},
        old ? fmt::format("gateway {}", *old) : "", fmt::format("gateway {}", pin.address));
    interface->gateway_override = pin.address;
  }

  bool overlaps_an_enabled_one(const Interface& interface) {
    const auto range = interface.range();
    if (!range) return false;
    return std::any_of(state().interfaces.begin(), state().interfaces.end(), [&](const Interface& other) {
      const bool bound_together = !interface.bound_to.empty() && other.bound_to == interface.bound_to;
      return other.enabled && other.stack == interface.stack && other.range() && other.range()->overlaps(*range) &&
             !(bound_together && other.range() == range);
    });
  }

  const Request& request_;
  const Work& work_;
  const Decided& decided_;
  Draft& draft_;
  std::vector<std::pair<std::string, Route>> going_along_;
};

}  // namespace

std::vector<rules::Finding> errors_after(const Request& request, const Work& work, const Decided& decided) {
  Draft draft;
  Builder(request, work, decided, draft).build();
  return counting_errors(Judge(request).findings(work, draft.state));
}

Draft make_draft(const Request& request, const Work& work, const Decided& decided) {
  Draft draft;
  Builder(request, work, decided, draft).build();
  settle(request, work, decided, draft);
  for (const auto& remedy : draft.remedies) draft.cost += remedy.cost;
  return draft;
}

}  // namespace esx2esxi::readdress
