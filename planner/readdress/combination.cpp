#include "combination.hpp"

#include <algorithm>
#include <set>

#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using model::Interface;
using net::Ipv4Prefix;

std::string_view to_string(Choice choice) {
  switch (choice) {
    case Choice::Stay: return "keep";
    case Choice::Move: return "re-address";
    case Choice::OwnStack: return "own stack";
    case Choice::Merge: return "merge services";
    case Choice::Bind: return "port binding";
  }
  return {};
}

/// The first that stays; empty: none does.
std::string Combination::keeper_for(const Seat& seat) const {
  const auto keepers = merge_targets(*seat.work, seat.interface);
  for (const auto& keeper : keepers) {
    const auto unit = context_.index.find({seat.work, keeper});
    if (unit == context_.index.end() || choices_[unit->second] == Choice::Stay) return keeper;
  }
  return {};
}

bool Combination::contradicts_itself() const {
  for (std::size_t u = 0; u < units().size(); ++u)
    if (choices_[u] == Choice::Merge)
      for (const auto& seat : units()[u].seats)
        if (keeper_for(seat).empty()) return true;
  return false;
}

std::map<std::size_t, std::string> Combination::place_all() {
  std::vector<std::pair<std::size_t, std::size_t>> by_pools;  // those with the fewest pools first
  for (std::size_t u = 0; u < units().size(); ++u) {
    if (units()[u].single()) continue;
    if (choices_[u] == Choice::OwnStack) give_own_stacks(units()[u]);
    if (choices_[u] == Choice::Merge) give_merges(units()[u]);
    if (choices_[u] == Choice::Bind) give_bindings(units()[u]);
    if (!movers(u).empty()) by_pools.emplace_back(fitting_pools(plain_wish(u), context_.request.pools), u);
  }
  std::sort(by_pools.begin(), by_pools.end());
  std::vector<std::size_t> order;
  for (const auto& [count, u] : by_pools) order.push_back(u);
  const auto wish = [&](std::size_t n, const Placements& before) { return wish_of(order, n, before); };
  const auto together = place_together(order.size(), wish, context_.request.pools, ledger_);
  exact_ = together.exact;
  std::map<std::size_t, std::string> refused;
  for (std::size_t n = 0; n < order.size(); ++n) {
    const auto u = order[n];
    if (!together.placements[n]) {
      refused.emplace(u, together.refused[n]);
      continue;
    }
    const auto seats = movers(u);
    for (std::size_t i = 0; i < seats.size(); ++i)
      given_of(*seats[i]).moves.push_back(move_to(context_, units()[u], *seats[i], *together.placements[n], i));
  }
  return refused;
}

std::size_t Combination::place_of(const Seat& seat) const {
  const auto& works = context_.group.works;
  return static_cast<std::size_t>(std::find(works.begin(), works.end(), seat.work) - works.begin());
}

void Combination::give_own_stacks(const Unit& unit) {
  for (const auto& seat : unit.seats) given_of(seat).own_stack.push_back(own_stack_of(context_, unit, seat));
}

void Combination::give_merges(const Unit& unit) {
  for (const auto& seat : unit.seats) given_of(seat).merges.push_back(merge_of(context_, unit, seat, keeper_for(seat)));
}

void Combination::give_bindings(const Unit& unit) {
  for (const auto& seat : unit.seats)
    if (seat.now().bound_to.empty()) given_of(seat).bindings.push_back(binding_of(context_, unit, seat));
}

/// Who gets an address: all where the unit moves; else strays, and those whose address is not theirs alone or pinned.
std::vector<const Seat*> Combination::movers(std::size_t u) const {
  std::vector<const Seat*> seats;
  for (const auto& seat : units()[u].seats) {
    const bool pinned = std::any_of(seat.work->pinned.begin(), seat.work->pinned.end(), [&](const auto& pin) {
      return pin.first == seat.interface && units()[u].from.contains(pin.second);
    });
    if (choices_[u] == Choice::Move || seat.stray || pinned || seat.work->renumber.contains(seat.interface))
      seats.push_back(&seat);
  }
  return seats;
}

/// Without what the others leave it.
Wish Combination::plain_wish(std::size_t u) const {
  const auto& unit = units()[u];
  auto wish = wish_for(context_.request, context_.group, unit, movers(u));
  if (choices_[u] != Choice::Move) {
    wish.only = unit.from;
    wish.home = true;
  } else {
    wish.reserve = context_.request.policy.growth_reserve;
  }
  return wish;
}

Wish Combination::wish_of(const std::vector<std::size_t>& order, std::size_t n, const Placements& before) const {
  auto wish = plain_wish(order[n]);
  if (!wish.only) wish.avoid = staying(order, n, before);
  return wish;
}

bool Combination::leaves(const Work& work, const std::string& interface) const {
  const auto unit = context_.index.find({&work, interface});
  if (unit != context_.index.end() && !units()[unit->second].single()) {
    const auto choice = choices_[unit->second];
    if (choice != Choice::Stay && choice != Choice::Bind) return true;
  }
  return may_be_dropped(work, interface);
}

/// The ranges that other interfaces of the unit's hosts keep, or got before it.
std::vector<Ipv4Prefix> Combination::staying(const std::vector<std::size_t>& order, std::size_t n,
                                             const Placements& before) const {
  std::set<Ipv4Prefix> ranges;
  for (const auto& seat : units()[order[n]].seats) {
    const auto& mover = seat.now();
    const auto together = [&](const Interface& other) {
      return other.name == mover.name || (!mover.bound_to.empty() && other.bound_to == mover.bound_to);
    };
    for (const auto& other : seat.work->base.interfaces)
      if (!together(other) && other.stack == mover.stack && seat.work->active(other) && other.range() &&
          !ranges.contains(*other.range()) && !leaves(*seat.work, other.name))
        ranges.insert(*other.range());
    for (std::size_t m = 0; m < n; ++m) {
      if (!before[m]) continue;
      for (const auto* other : movers(order[m]))
        if (other->work == seat.work && !together(other->now())) ranges.insert(before[m]->network);
    }
  }
  return {ranges.begin(), ranges.end()};
}

}  // namespace esx2esxi::readdress
