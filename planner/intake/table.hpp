// Tables as the esxcfg commands print them: a header row, then rows of typed cells and one name that may hold blanks.
//
// Widths lie (a long name pushes or touches its neighbour, copies collapse blanks), so a row is read from both ends by
// the shape of its tokens; what is left between is the name. Which columns there are is read from the header, never
// from a version. Only when that fails are the header's positions tried, and only where they line up with the row.
// Private to the stage.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lines.hpp"

namespace esx2esxi::intake {

/// Every column that a table of the esxcfg family has been seen with.
enum class Col : std::uint8_t {
  Interface,   // vswif0, vmk1, vmnic2
  Attachment,  // a port group's name, a dvPort number
  Family,
  Address,
  Netmask,
  Broadcast,
  Mac,
  Mtu,
  TsoMss,
  Enabled,
  Dhcp,
  Type,
  NetStack,
  Switch,
  Numbers,  // Num Ports, Used Ports
  ConfiguredPorts,
  Uplinks,
  Portgroup,
  InternalId,
  Vlan,
  DvPort,
  InUse,
  Client,
  Pci,
  Driver,
  Link,
  Speed,
  Duplex,
  Description,
  Unknown,
  Count
};

struct HeaderColumn {
  Col col;
  std::size_t start;  ///< where its title begins
};

struct Header {
  std::vector<HeaderColumn> columns;
  bool distributed = false;    ///< "DVS Name" instead of "Switch Name"
  bool names_dvports = false;  ///< "Port Group/DVPort": a number is a port of a distributed switch
  bool named = false;          ///< the first title is "Name"

  bool has(Col col) const;
};

/// The header in this line: at least three known titles and hardly anything else; none: the line is no header.
std::optional<Header> read_header(std::string_view line);

/// A header as some version prints it, for rows whose own header was cut off.
Header make_header(std::initializer_list<Col> columns);

/// The cells of one row; a column that the row leaves empty has an empty view. Views point into the row.
class Row {
 public:
  std::string_view operator[](Col col) const { return cells_[static_cast<std::size_t>(col)]; }
  void set(Col col, std::string_view cell) {
    auto& place = cells_[static_cast<std::size_t>(col)];
    if (place.empty()) place = cell;
  }

 private:
  std::array<std::string_view, static_cast<std::size_t>(Col::Count)> cells_{};
};

/// The row under its header; none if some cell is not of its column's kind.
std::optional<Row> read_row(const Header& header, std::string_view line);

/// What is likely wrong with a row that does not fit: the first token that nearly is an address or a MAC, or empty.
std::string_view damaged_token(std::string_view line);

/// A line in which an author cut: "...", "[...]", "<snip>".
bool is_cut_mark(std::string_view line);

}  // namespace esx2esxi::intake
