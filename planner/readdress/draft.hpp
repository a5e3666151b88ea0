// A host's planned state, made from what was decided for it, and completed by what follows from that.
#pragma once

#include <string>
#include <vector>

#include "edit.hpp"
#include "work.hpp"

namespace esx2esxi::readdress {

/// A decision about one interface, and what the remedy says of it.
struct Act {
  std::string interface;  ///< mapped name
  int cost = 0;
  std::string rule;
  std::string why;
};
struct Move : Act {
  Assignment to;
};

/// Its services go to `onto`, and the interface goes.
struct Merge : Act {
  std::string onto;  ///< mapped name
};
/// Bound to the iSCSI adapter, with one uplink of its own.
struct Binding : Act {
  std::string adapter;
  std::string uplink;
};

/// What was decided for one host; each list sorted by interface.
struct Decided {
  std::vector<Move> moves;
  std::vector<Act> own_stack;
  std::vector<Act> drops;
  std::vector<Merge> merges;
  std::vector<Binding> bindings;

  std::size_t size() const { return moves.size() + own_stack.size() + drops.size() + merges.size() + bindings.size(); }
};

struct Draft {
  model::State state;
  std::vector<Remedy> remedies;
  std::vector<rules::Finding> findings;  ///< of the state, as planned
  std::vector<rules::Finding> errors;    ///< those that count
  std::vector<rules::Finding> settled;   ///< errors that the decisions left and settling had to end
  std::vector<std::string> unmet;        ///< pinned gateways that are nobody's neighbours
  int cost = 0;                          ///< of all remedies
};

/// Applies the decisions; then gateway, routes and what VMware's upgrade disabled follow, dead routes go, bound
/// interfaces get their uplink, and endpoints that lost their way get a static route. All that is left is in `errors`.
Draft make_draft(const Request& request, const Work& work, const Decided& decided);

/// The errors of the state that the decisions alone make, before anything is settled.
std::vector<rules::Finding> errors_after(const Request& request, const Work& work, const Decided& decided);

/// The slug of the first error of `work` that names the interface; empty: none does.
std::string rule_for(const Work& work, const std::string& interface);

}  // namespace esx2esxi::readdress
