#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "esx2esxi/net/ipv4.hpp"

namespace esx2esxi::net {

/// Which interface of a stack: its rank in the order of creation. A smaller id is the likelier egress on a tie.
using InterfaceId = std::uint16_t;

/// An addressed interface's connected network.
struct Connected {
  Ipv4Prefix range;
  Ipv4Address address;
  InterfaceId interface = 0;
};

/// A static route; the default gateway is the route 0.0.0.0/0.
struct StaticRoute {
  Ipv4Prefix destination;
  Ipv4Address next_hop;
};

/// How packets to some region leave. Empty `interfaces`: no route.
struct Egress {
  std::vector<InterfaceId> interfaces;  ///< all that tie, ascending: the first is the likely one (KB 318546 calls the
                                        ///< choice undefined; KB 323116 and 429518 saw the first created win)
  std::vector<Ipv4Address> next_hops;   ///< all that tie; the likely one first; empty: on-link
  Ipv4Prefix by;                        ///< the longest prefix that decided

  bool reachable() const { return !interfaces.empty(); }
  bool ambiguous() const { return interfaces.size() > 1 || next_hops.size() > 1; }
  std::optional<Ipv4Address> next_hop() const {
    return next_hops.empty() ? std::nullopt : std::optional(next_hops.front());
  }
  friend bool operator==(const Egress&, const Egress&) = default;
};

/// One TCP/IP stack's table, cut into regions in which every destination behaves alike.
///
/// Longest prefix first. A static route counts only if its next hop is on-link (not by way of another route) and is no
/// own address; a route equal to a connected network is shadowed by it; routes of one prefix tie.
///
///   10.0.0.5/24 on A, 10.0.0.6/24 on B, default by 10.0.0.1
///     0.0.0.0-9.255.255.255  {A,B} by 10.0.0.1 | 10.0.0.0-10.0.0.255 {A,B} on-link | 10.0.1.0-... {A,B} by 10.0.0.1
class RouteTable {
 public:
  struct Region {
    Ipv4Address first;
    Ipv4Address last;
    std::uint32_t egress = 0;  ///< index into `egresses()`
  };

  RouteTable() : RouteTable({}, {}) {}
  RouteTable(std::span<const Connected> connected, std::span<const StaticRoute> routes);

  const Egress& lookup(Ipv4Address destination) const;

  std::span<const Region> regions() const { return regions_; }  ///< ascending, without gaps, over all 2^32 addresses
  std::span<const Egress> egresses() const { return egresses_; }
  const Egress& egress(const Region& region) const { return egresses_[region.egress]; }

  /// The interfaces whose connected network is the longest that holds `address`; none: off-link.
  std::vector<InterfaceId> on_link(Ipv4Address address) const;

 private:
  std::vector<Connected> connected_;
  std::vector<Egress> egresses_;
  std::vector<Region> regions_;
};

}  // namespace esx2esxi::net
