// One host: the cheapest set of moves and drops that ends its errors, given what its clusters' segments do.
#pragma once

#include <string>
#include <vector>

#include "draft.hpp"
#include "units.hpp"

namespace esx2esxi::readdress {

/// What can be done to an interface.
enum class ActKind : std::uint8_t {
  Drop,
  Renumber,  ///< another address in its network
  Move,      ///< another network
  OwnStack,
};

/// Whether such an act may end a finding of that rule at all.
bool may_end(ActKind kind, std::string_view rule);
/// Whether any act, route or teaming may.
bool has_remedy(std::string_view rule);

struct HostResult {
  Decided decided;
  Draft draft;
  std::size_t left = 0;                 ///< errors that a remedy might end, but none did
  std::vector<std::string> obstacles;   ///< why moves that were tried are impossible
  std::vector<std::string> impossible;  ///< what pins or duplicates demand, but cannot be done
  std::vector<std::string> touched;     ///< "host/vmk1", sorted

  /// Fewer errors, then cheaper, then fewer interfaces, then by their names.
  bool better_than(const HostResult& other) const;
};

/// What is the same for every search in a group.
struct GroupContext {
  const Request& request;
  const Group& group;
  const std::vector<Unit>& units;
};

/// Searches the sets of acts in the order of their cost, branching only on what may end an error that is there. Exact
/// as long as fewer than a few hundred sets have to be looked at. What the winner takes is noted in the ledger.
HostResult search_host(const GroupContext& context, const Work& work, const Decided& given, Ledger& ledger);

/// Each act answers what would be left without it: of several acts that one finding names, one may have been enough.
void attribute(const GroupContext& context, const Work& work, HostResult& result);

/// The move of one seat, with its cost, the finding it answers and the reason.
Move move_to(const GroupContext& context, const Unit& unit, const Seat& seat, const Placement& placement,
             std::size_t nth);
Act own_stack_of(const GroupContext& context, const Unit& unit, const Seat& seat);

}  // namespace esx2esxi::readdress
