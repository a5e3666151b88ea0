// A cluster, or a host alone: which segments move, and to where.
#pragma once

#include <vector>

#include "search_host.hpp"

namespace esx2esxi::readdress {

/// What a segment of several hosts does.
enum class Choice : std::uint8_t { Stay, Move, OwnStack };

struct GroupResult {
  std::vector<HostResult> hosts;  ///< parallel to the group's works
  std::vector<std::string>
      refused;  ///< per unit: why it cannot go where it was wanted; empty: nothing stood in its way

  std::size_t left() const;  ///< hosts with errors that a remedy might have ended
  int cost() const;
  bool better_than(const GroupResult& other) const;
};

struct Chosen {
  std::vector<Choice> choices;  ///< parallel to the units
  std::size_t left = 0;         ///< hosts that would have an error left
};

/// The best combination of choices. Combinations are looked at in the order of their cost; for
/// each, every host is searched on its own. Exact as long as fewer than some hundred combinations have to be looked at.
Chosen search_group(const GroupContext& context, const Ledger& ledger);

/// Carries the choices out. What is taken is noted in the ledger.
GroupResult realise(const GroupContext& context, const std::vector<Choice>& choices, Ledger& ledger);

}  // namespace esx2esxi::readdress
