// New addresses for interfaces that move together: which network, and who gets which address of it.
#pragma once

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
  std::string key;                        ///< equal for interfaces that would share a network of private space
};

struct Placement {
  net::Ipv4Prefix network;
  std::optional<net::VlanId> vlan;  ///< none: nobody says; it stays
  std::optional<net::Ipv4Address> gateway;
  std::vector<net::Ipv4Address> addresses;  ///< parallel to the demands
  bool to_be_confirmed = false;             ///< at least one address is from no pool
};

/// Pools that fit by purpose come before those for any; within these the order of the file decides. Only where none
/// will do, private space does. The error says why nothing will do. What is given is noted in the ledger.
tl::expected<Placement, std::string> place(const Wish& wish, const model::Pools& pools, Ledger& ledger);

/// How many pool networks may be tried for it.
std::size_t fitting_pools(const Wish& wish, const model::Pools& pools);

/// Whether the last octet, which people take for the host's number, stays.
bool keeps_octet(std::optional<net::Ipv4Address> old, net::Ipv4Address now);

}  // namespace esx2esxi::readdress
