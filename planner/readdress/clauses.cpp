#include "clauses.hpp"

#include <algorithm>
#include <array>

namespace esx2esxi::readdress {

using model::Interface;
using model::Service;

namespace {

constexpr std::array kChoices{Choice::Move, Choice::OwnStack, Choice::Merge, Choice::Bind};

/// Nothing but an act of one of the two ends such a conflict: neither is bound, nor are both for vMotion, which could
/// become legal by other uplinks.
bool must_part(const Interface& a, const Interface& b) {
  const bool vmotion = a.services.has(Service::VMotion) && b.services.has(Service::VMotion);
  return a.bound_to.empty() && b.bound_to.empty() && !vmotion;
}

}  // namespace

ActKind act_of(Choice choice) {
  switch (choice) {
    case Choice::Stay:
    case Choice::Move: return ActKind::Move;
    case Choice::OwnStack: return ActKind::OwnStack;
    case Choice::Merge: return ActKind::Merge;
    case Choice::Bind: return ActKind::Bind;
  }
  return ActKind::Move;
}

Clauses::Clauses(const GroupContext& context, const std::vector<unsigned>& open)
    : context_(context), open_(open), by_host_(context.group.works.size()) {
  for (std::size_t w = 0; w < context.group.works.size(); ++w) {
    const auto& work = *context.group.works[w];
    if (work.keep_host) continue;
    for (const auto& finding : work.errors)
      if (finding.rule == "same-subnet" || finding.rule == "overlapping-masks") add(work, w, finding);
  }
}

/// One clause a pair that overlaps.
void Clauses::add(const Work& work, std::size_t w, const rules::Finding& finding) {
  std::vector<const Interface*> members;
  for (const auto& ref : finding.interfaces)
    if (const auto* interface = work.base.interface(ref.name); interface && interface->range())
      members.push_back(interface);
  for (std::size_t i = 0; i < members.size(); ++i)
    for (std::size_t j = i + 1; j < members.size(); ++j) {
      const auto& a = *members[i];
      const auto& b = *members[j];
      if (!a.range()->overlaps(*b.range()) || !must_part(a, b)) continue;
      if (finding.rule == "overlapping-masks" && a.range() == b.range()) continue;
      auto clause = clause_of(work, {&a, &b}, finding.rule);
      auto& known = by_host_[w];
      if (std::find(known.begin(), known.end(), clause) == known.end()) known.push_back(std::move(clause));
    }
}

Clauses::Clause Clauses::clause_of(const Work& work, const std::vector<const Interface*>& members,
                                   std::string_view rule) const {
  Clause clause;
  for (const auto* member : members) {
    const auto unit = context_.index.find({&work, member->name});
    if (unit != context_.index.end() && !context_.units[unit->second].single()) {
      unsigned ways = 0;
      for (const auto choice : kChoices)
        if ((open_[unit->second] & bit(choice)) != 0 && may_end(act_of(choice), rule)) ways |= bit(choice);
      if (ways != 0) clause.ways.emplace_back(unit->second, ways);
    }
    if (const auto cost = cheapest_act(work, *member, rule))
      clause.by_host = std::min(clause.by_host.value_or(*cost), *cost);
  }
  return clause;
}

/// A bound from below: whether the act is possible to the end is the host's search to find out.
std::optional<int> Clauses::cheapest_act(const Work& work, const Interface& interface, std::string_view rule) const {
  const auto& costs = context_.request.policy.costs;
  std::optional<int> least;
  const auto offer = [&](ActKind kind, int cost) {
    if (may_end(kind, rule)) least = std::min(least.value_or(cost), cost);
  };
  if (may_be_dropped(work, interface.name)) offer(ActKind::Drop, costs.drop_interface);
  const auto* unit = context_.unit_of(work, interface.name);
  if (!work.may_change(interface.name)) return least;
  if (unit && !unit->single()) {
    if (!siblings_to_merge_with(work, *unit, interface.name).empty()) offer(ActKind::Merge, costs.merge_services);
    if (may_leave_siblings(context_.request, work, *unit, interface.name)) offer(ActKind::OwnStack, costs.own_stack);
    return least;
  }
  offer(ActKind::Move, move_cost(costs, interface));
  offer(ActKind::OwnStack, costs.own_stack);
  offer(ActKind::Merge, costs.merge_services);
  return least;
}

std::optional<int> Clauses::spent_by_hosts(const std::vector<Choice>& choices) const {
  int sum = 0;
  for (const auto& clauses : by_host_) {
    int most = 0;  // one act may keep all clauses of a host
    for (const auto& clause : clauses) {
      const bool kept = std::any_of(clause.ways.begin(), clause.ways.end(),
                                    [&](const auto& way) { return (way.second & bit(choices[way.first])) != 0; });
      if (kept) continue;
      if (!clause.by_host) return std::nullopt;
      most = std::max(most, *clause.by_host);
    }
    sum += most;
  }
  return sum;
}

}  // namespace esx2esxi::readdress
