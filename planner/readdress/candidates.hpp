// The networks into which one wish may be placed, one at a time.
#pragma once

#include <string>
#include <vector>

#include "place.hpp"

namespace esx2esxi::readdress {

/// A network that will do, and the free ranges in it.
struct Candidate {
  net::Ipv4Prefix network;
  std::vector<const model::Pool*> rows;  ///< empty: the whole network, unconfirmed
  bool exact = false;                    ///< one of the rows is for this very service
};

/// At least one row is meant for it, by purpose and cluster, whether there is room or not.
bool has_pool_rows(const Wish& wish, const model::Pools& pools);

/// Networks of pools that fit by purpose come before those for any; within these the order of the file decides. Why
/// others will not do is added to `refused`.
std::vector<Candidate> candidates(const Wish& wish, const model::Pools& pools, std::vector<std::string>& refused);

/// The addresses in this network; what is given is noted in the ledger. The error names the figures.
tl::expected<Placement, std::string> place_in(const Candidate& candidate, const Wish& wish, Ledger& ledger);

/// Networks of private space, each as large as needed; a second one where the first is full.
tl::expected<Placement, std::string> place_in_private_space(const Wish& wish, Ledger& ledger);

}  // namespace esx2esxi::readdress
