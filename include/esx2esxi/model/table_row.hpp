// The lines of a stack's table, one by one: what RouteTable keeps to itself, because it answers only who wins.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "esx2esxi/model/routing.hpp"

namespace esx2esxi::model {

/// One line of a stack's table: what leads to a destination, or would if its next hop were a neighbour.
struct TableRow {
  enum class Kind : std::uint8_t { Connected, Static, Default };
  /// Shadowed: a connected network is equal to it. OffLink: no network of an interface holds its next hop. Own: its
  /// next hop is an address of the stack itself.
  enum class Fault : std::uint8_t { None, Shadowed, OffLink, Own };
  Kind kind = Kind::Connected;
  Fault fault = Fault::None;
  net::Ipv4Prefix network;
  std::optional<net::Ipv4Address> next_hop;  ///< none: on-link
  std::vector<net::InterfaceId> interfaces;  ///< it leaves by, ascending; empty: fault says why
};

/// The lines of a stack's table that hold `to`: the longest prefix first, then connected networks before routes.
/// `table` is the stack's own (table_of).
std::vector<TableRow> rows_holding(const State& state, std::string_view stack, const net::RouteTable& table,
                                   net::Ipv4Address to);

}  // namespace esx2esxi::model
