// The pieces of compare_egress: who is who in two states, an egress that can be compared, the address space in pieces.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ground.hpp"

namespace esx2esxi::rules {

/// A number for each interface, the same in both states.
using Identity = std::uint16_t;

class Roster {
 public:
  Roster(const model::State& before, const model::State& now);

  const model::Interface* before(Identity id) const { return at(before_, id); }
  const model::Interface* now(Identity id) const { return at(now_, id); }
  /// By its name in `now`; one that `now` lacks by its classic name.
  const InterfaceRef& ref_of(Identity id) const { return refs_[id]; }

  /// From the rank of creation in the state.
  Identity in_before(net::InterfaceId created) const { return find(before_ids_, created); }
  Identity in_now(net::InterfaceId created) const { return find(now_ids_, created); }

 private:
  using Ids = std::vector<std::pair<net::InterfaceId, Identity>>;
  static const model::Interface* at(const std::vector<const model::Interface*>& all, Identity id) {
    return id < all.size() ? all[id] : nullptr;
  }
  static Identity find(const Ids& ids, net::InterfaceId created);

  std::vector<const model::Interface*> before_;  // by identity
  std::vector<const model::Interface*> now_;
  std::vector<InterfaceRef> refs_;
  Ids before_ids_;  // sorted by rank of creation
  Ids now_ids_;
};

/// An egress in terms of both states.
struct Way {
  std::vector<Identity> who;  ///< the likely one first; empty: no route
  std::optional<net::Ipv4Address> next_hop;
  std::uint64_t sameness = 0;  ///< equal for equal sets of interfaces and next hops, in both states

  bool reachable() const { return !who.empty(); }
  bool on_link() const { return reachable() && !next_hop; }
};

/// The address space cut into pieces, each with the way its packets take.
struct Pieces {
  struct Piece {
    std::uint32_t first;
    std::uint32_t last;
    std::uint32_t way;
  };
  std::vector<Way> ways;
  std::vector<Piece> pieces;
};

/// A region whose way differs.
struct Difference {
  std::uint32_t first;
  std::uint32_t last;
  const Way* before;
  const Way* now;
};

/// What a remedy of the plan means to change.
class Meaning {
 public:
  Meaning(const Situation& s, const Roster& roster, model::Service service);

  /// The endpoint is no reason to mind the difference: a peer in a subnet that an interface of the service leaves or
  /// enters, or an address that HA pings.
  bool says_nothing(const Difference& difference, const model::Endpoint& endpoint) const;
  bool is_meant(const Difference& difference, bool endpoints) const;

 private:
  bool moved(Identity id) const;
  bool joined(const model::Interface& now) const;
  bool planned_way(const Difference& difference) const;

  const Situation& s_;
  const Roster& roster_;
  model::Service service_;
  std::vector<net::Ipv4Prefix> homes_;  // old and new, of the service's interfaces that the plan moves
  bool other_stack_ = false;            // the plan puts one of them into another stack
};

}  // namespace esx2esxi::rules
