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
  Merge,  ///< its services go to another interface of its subnet
  Bind,   ///< port binding; for segments only
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
  bool exact = true;                    ///< false: the search ran out of its budget
  int bound = 0;                        ///< no set of acts that ends as much can cost less
  std::size_t nodes = 0;                ///< sets looked at

  /// Fewer errors, then cheaper, then fewer interfaces, then by their names.
  bool better_than(const HostResult& other) const;
};

/// What is the same for every search in a group.
struct GroupContext {
  const Request& request;
  const Group& group;
  const std::vector<Unit>& units;
  const UnitIndex& index;

  const Unit* unit_of(const Work& work, const std::string& interface) const {
    const auto it = index.find({&work, interface});
    return it == index.end() ? nullptr : &units[it->second];
  }
};

/// Searches the sets of acts in the order of their cost, branching only on what may end an error that is there. Its
/// budget is a number of sets, so that the answer is the same on every machine. What the winner takes is noted in the
/// ledger.
HostResult search_host(const GroupContext& context, const Work& work, const Decided& given, Ledger& ledger);

/// Each act answers what would be left without it: of several acts that one finding names, one may have been enough.
void attribute(const GroupContext& context, const Work& work, HostResult& result);

/// The move of one seat, with its cost, the finding it answers and the reason.
Move move_to(const GroupContext& context, const Unit& unit, const Seat& seat, const Placement& placement,
             std::size_t nth);
Act own_stack_of(const GroupContext& context, const Unit& unit, const Seat& seat);
Merge merge_of(const GroupContext& context, const Unit& unit, const Seat& seat, std::string onto);
Binding binding_of(const GroupContext& context, const Unit& unit, const Seat& seat);

}  // namespace esx2esxi::readdress
