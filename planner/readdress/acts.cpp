// What can be done, what it may end, and the sentence that says why.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "search_host.hpp"

namespace esx2esxi::readdress {

namespace {

struct Answer {
  std::string_view rule;
  bool drop;
  bool renumber;
  bool move;
  bool own_stack;
  bool merge = false;
  bool bind = false;
};

/// Sorted by rule. What none of these ends is ended by settle() (dead routes, uplinks, lost endpoints), or by nobody.
constexpr std::array kAnswers{
    Answer{"binding-across-subnets", false, false, true, false},
    Answer{"egress-ambiguous", true, false, true, true, true, true},
    Answer{"egress-changes", true, false, true, true},
    Answer{"gateway-ambiguous", true, false, true, true, true, false},
    Answer{"gateway-not-a-host", false, true, true, false},
    Answer{"gateway-off-subnet", false, false, true, false},
    Answer{"management-on-dhcp", false, false, true, false},
    Answer{"mask-invalid", false, true, true, false},
    Answer{"overlapping-masks", true, false, true, true},
    Answer{"same-subnet", true, false, true, true, true, true},
    Answer{"several-dhcp-interfaces", false, false, true, true},
    Answer{"two-default-gateways", false, false, false, true},
    Answer{"upgrade-disables-interface", true, false, true, true, true, false},
    Answer{"upgrade-leaves-conflict", true, false, true, true, true, false},
    Answer{"vmotion-multi-nic", true, false, true, false},
};
static_assert(std::is_sorted(kAnswers.begin(), kAnswers.end(),
                             [](const Answer& a, const Answer& b) { return a.rule < b.rule; }));

const Answer* answer_to(std::string_view rule) {
  const auto it = std::lower_bound(kAnswers.begin(), kAnswers.end(), rule,
                                   [](const Answer& a, std::string_view r) { return a.rule < r; });
  return it != kAnswers.end() && it->rule == rule ? &*it : nullptr;
}

/// The first finding of the unit's members, where the one itself has none: peers move along.
std::string rule_of(const Unit& unit, const Seat& seat) {
  if (auto rule = rule_for(*seat.work, seat.interface); !rule.empty()) return rule;
  for (const auto& other : unit.seats)
    if (auto rule = rule_for(*other.work, other.interface); !rule.empty()) return rule;
  return {};
}

std::string together(const GroupContext& context, const Unit& unit) {
  if (unit.seats.size() < 2 || context.group.cluster.empty()) return {};
  return fmt::format(", with its {} peer{} in {}", unit.seats.size() - 1, unit.seats.size() == 2 ? "" : "s",
                     context.group.cluster);
}

std::string why_move(const GroupContext& context, const Unit& unit, const Seat& seat, const Placement& to) {
  const auto& now = seat.now();
  if (seat.work->renumber.contains(seat.interface) && to.network == now.range())
    return fmt::format("{} is in use elsewhere; it stays in {}.", *now.address, to.network);
  if (!unit.pin_reason.empty() && unit.pinned_to == to.network)
    return fmt::format("The policy sends it to {}: {}.", to.network, unit.pin_reason);
  if (seat.stray && to.network == unit.from)
    return fmt::format("Its peers in {} are in {}.", context.group.label, to.network);
  if (to.network == now.range()) return fmt::format("{} will not do; it stays in {}.", address_text(now), to.network);
  auto text = now.range() ? fmt::format("It leaves {}{}", *now.range(), together(context, unit))
                          : fmt::format("It gets an address in {}", to.network);
  if (!to.vlan && !to.to_be_confirmed && now.range() != to.network) text += "; the pool names no VLAN, to be confirmed";
  if (to.to_be_confirmed)
    text += fmt::format("; no pool is for it, so the network team has to confirm {} and name its VLAN", to.network);
  return text + ".";
}

}  // namespace

bool may_end(ActKind kind, std::string_view rule) {
  const auto* answer = answer_to(rule);
  if (!answer) return false;
  switch (kind) {
    case ActKind::Drop: return answer->drop;
    case ActKind::Renumber: return answer->renumber;
    case ActKind::Move: return answer->move;
    case ActKind::OwnStack: return answer->own_stack;
    case ActKind::Merge: return answer->merge;
    case ActKind::Bind: return answer->bind;
  }
  return false;
}

bool has_remedy(std::string_view rule) {
  return answer_to(rule) || rule == "route-next-hop-off-link" || rule == "binding-uplinks";
}

Move move_to(const GroupContext& context, const Unit& unit, const Seat& seat, const Placement& placement,
             std::size_t nth) {
  const auto& costs = context.request.policy.costs;
  const auto& now = seat.now();
  const auto address = placement.addresses[nth];
  Move move;
  move.interface = seat.interface;
  move.cost = move_cost(costs, now);
  if (now.addressed() && !keeps_octet(now.address, address)) move.cost += costs.change_host_octet;
  move.rule = seat.work->renumber.contains(seat.interface) ? "duplicate-address"
              : seat.stray                                 ? "vmotion-peers-apart"
                                                           : rule_of(unit, seat);
  move.why = why_move(context, unit, seat, placement);
  const bool vlan_unsaid = !placement.vlan && placement.network != now.range();
  move.to = {seat.interface, address,           placement.network,
             placement.vlan, placement.gateway, placement.to_be_confirmed || vlan_unsaid};
  return move;
}

Act own_stack_of(const GroupContext& context, const Unit& unit, const Seat& seat) {
  return {seat.interface, context.request.policy.costs.own_stack, rule_of(unit, seat),
          fmt::format("Its own stack has a table of its own (KB 318546){}.",
                      unit.may_have_own_stack ? together(context, unit) : std::string())};
}

Merge merge_of(const GroupContext& context, const Unit& unit, const Seat& seat, std::string onto) {
  return {{seat.interface, context.request.policy.costs.merge_services, rule_of(unit, seat),
           fmt::format("{} is in the same subnet and takes over what it serves{}.", onto,
                       unit.holds(*seat.work, onto) ? std::string() : together(context, unit))},
          std::move(onto)};
}

Binding binding_of(const GroupContext& context, const Unit& unit, const Seat& seat) {
  return {{seat.interface, context.request.policy.costs.port_binding, rule_of(unit, seat),
           "Bound interfaces may share a subnet, each with one active uplink of its own (KB 2038869)."},
          binding_adapter(*seat.work),
          binding_uplink(*seat.work, seat.interface)};
}

}  // namespace esx2esxi::readdress
