// New addresses for interfaces that move together: which network, and who gets which address of it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "esx2esxi/model/policy.hpp"
#include "ledger.hpp"

namespace esx2esxi::readdress {

/// One interface that needs an address.
struct Demand {
  std::optional<net::Ipv4Address> current;     ///< its host octet is kept if it can be
  bool may_keep = false;                       ///< `current` itself will do if it lies in the network
  std::optional<net::Ipv4Address> management;  ///< of its host: the octet that is tried next
  std::optional<net::Ipv4Address> pinned;      ///< this address and no other
  std::optional<net::Ipv4Address> former;      ///< what an earlier plan gave it: kept if it can be
};

/// Where the interfaces may go.
struct Wish {
  std::string cluster;                    ///< empty: outside a cluster
  std::optional<model::Service> service;  ///< none: pools without a purpose only
  std::vector<Demand> demands;            ///< in the order in which addresses are given
  std::optional<net::Ipv4Prefix> only;    ///< this network
  bool home = false;                      ///< `only` is theirs already: its addresses do even where no pool lists them
  bool decided = false;                   ///< `only` was decided by a pin: a pool of any purpose will do
  bool needs_gateway = false;             ///< a network that is not routed will not do
  bool storage = false;                   ///< never into private space: the array is not there
  std::optional<net::Ipv4Prefix> leaves;  ///< not this network
  std::vector<net::Ipv4Prefix> avoid;     ///< nothing that overlaps one of these
  std::vector<net::Ipv4Address> beside;   ///< if not empty: a network that holds one of these
  std::size_t reserve = 0;                ///< addresses that have to be left free for growth
  std::string key;                        ///< equal for interfaces that would share a network of private space
};

struct Placement {
  net::Ipv4Prefix network;
  std::optional<net::VlanId> vlan;  ///< none: nobody says; it stays
  std::optional<net::Ipv4Address> gateway;
  std::vector<net::Ipv4Address> addresses;  ///< parallel to the demands
  bool to_be_confirmed = false;             ///< at least one address is from no pool
};

/// What mover `n` asks for, given what those before it got; none: there was no place for one.
using Placements = std::vector<std::optional<Placement>>;
using WishOf = std::function<Wish(std::size_t n, const Placements& before)>;

struct Together {
  Placements placements;             ///< parallel to the movers
  std::vector<std::string> refused;  ///< parallel: why there is no place; empty: there is one
  bool exact = true;                 ///< false: there were too many ways to try them all
};

/// Places several movers so that, in this order, the fewest are refused, the fewest networks have to be confirmed, the
/// fewest former addresses are lost, the fewest use a pool for any purpose, and the fewest host octets change. Of equal
/// ways the first by the order of movers and pools.
Together place_together(std::size_t movers, const WishOf& wish_of, const model::Pools& pools, Ledger& ledger);

/// How many pool networks may be tried for it.
std::size_t fitting_pools(const Wish& wish, const model::Pools& pools);

/// Whether the last octet, which people take for the host's number, stays.
bool keeps_octet(std::optional<net::Ipv4Address> old, net::Ipv4Address now);

}  // namespace esx2esxi::readdress
