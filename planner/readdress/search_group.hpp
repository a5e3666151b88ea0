// A cluster, or a host alone: which segments move, and to where.
#pragma once

#include <vector>

#include "combination.hpp"

namespace esx2esxi::readdress {

struct GroupResult {
  std::vector<HostResult> hosts;  ///< parallel to the group's works
  std::vector<std::string>
      refused;  ///< per unit: why it cannot go where it was wanted; empty: nothing stood in its way
  std::vector<std::string> in_vain;  ///< per unit: why it could not move when that was looked at

  std::size_t left() const;  ///< hosts with errors that a remedy might have ended
  int cost() const;
  /// Fewer hosts with errors, then cheaper, then fewer interfaces, then by their names.
  bool better_than(const GroupResult& other) const;
};

struct Chosen {
  std::vector<Choice> choices;  ///< parallel to the units
  int cost = 0;
  std::size_t left = 0;              ///< hosts that would have an error left
  bool optimal = true;               ///< false: the budget ran out
  int gap = 0;                       ///< what a better answer could save at most
  std::size_t nodes = 0;             ///< combinations and sets of acts that were looked at
  std::vector<std::string> in_vain;  ///< parallel to the units: why there was no place for it; empty: there was one
};

/// The best combination of choices, by branch and bound: combinations are taken in the order of their cost, those that
/// leave a conflict between two segments as it is are cut, and the search ends when the next one cannot cost less than
/// the best. For each, every host is searched on its own. The budget counts nodes, never seconds.
///
///   management and vMotion share a subnet on two hosts; re-addressing costs 100 and 10 a host
///     keep, keep        0  cut: the pair has to be parted
///     keep, move       20  looked at: no error is left
///     keep, own stack  30  costs more: the search is over
Chosen search_group(const GroupContext& context, const Ledger& ledger);

/// Carries the choices out. What is taken is noted in the ledger.
GroupResult realise(const GroupContext& context, const std::vector<Choice>& choices, Ledger& ledger);

}  // namespace esx2esxi::readdress
