// `esxcfg-vswitch -l`: switches, their port groups, and the ports of distributed switches.
//
//   Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks
//   vSwitch0         6690        5           128               1500    vmnic0,vmnic1
//
//     PortGroup Name                            VLAN ID  Used Ports  Uplinks
//     VM Network                                0        1           vmnic0,vmnic1
//
//   DVS Name         Num Ports   Used Ports  Configured Ports  MTU     Uplinks
//   DSwitch_063LongName 6690     4           512               9000    vmnic3
//
//     DVPort ID                               In Use      Client
//     9                                       1           vmk1
//
// Facts relied on: what a row is, the last header says (copies lose indent and blank lines, seen); ESX 3.0 has no MTU
// and an Internal ID column (assumed); a 16-character switch name is glued to its port count, "IBM_CDC_vSwitch064"
// (inferred); `Num Ports` can be a total of the system, `Configured Ports` counts (seen); 4095 is a trunk; a port
// group's uplinks are listed active first (inferred), how many are active is not shown.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "prompt.hpp"
#include "table.hpp"

namespace esx2esxi::intake {

namespace {

/// Names this long leave no blank before the port count.
constexpr std::size_t kNameWidth = 16;

/// A row that is one number short because its name runs into the port count.
std::optional<Row> read_glued_row(const Header& header, std::string_view line) {
  auto shorter = header;
  const auto count = std::find_if(shorter.columns.begin(), shorter.columns.end(),
                                  [](const HeaderColumn& c) { return c.col == Col::Numbers; });
  if (count == shorter.columns.end()) return std::nullopt;
  shorter.columns.erase(count);
  for (auto& column : shorter.columns) column.start = 0;  // nothing lines up any more
  const auto row = read_row(shorter, line);
  if (!row) return std::nullopt;
  const auto both = (*row)[Col::Switch];
  if (both.size() <= kNameWidth || !number(both.substr(kNameWidth))) return std::nullopt;
  Row out;
  out.set(Col::Switch, both.substr(0, kNameWidth));
  for (const auto col : {Col::ConfiguredPorts, Col::Mtu, Col::Uplinks}) out.set(col, (*row)[col]);
  return out;
}

class SwitchListing {
 public:
  explicit SwitchListing(Reading& reading) : reading_(reading) {}

  void read(const Line& line) {
    const auto text = trim(line.text);
    if (text.empty()) return;
    if (find_prompt(text)) return header_.reset();
    if (auto found = read_header(line.text)) {
      header_ = std::move(found);
      if (header_->has(Col::Switch)) switch_header_ = header_;
      return;
    }
    if (!header_) return reading_.unknown(line);
    if (!header_->has(Col::Switch) && is_switch_row(line.text)) header_ = switch_header_;
    if (header_->has(Col::Switch)) return switch_row(line);
    if (header_->has(Col::Portgroup)) return portgroup_row(line);
    if (header_->has(Col::DvPort)) return dvport_row(line);
    reading_.unknown(line);
  }

 private:
  Said<SaidNames> names(const Line& line, std::string_view list) const {
    std::vector<std::string> out;
    for (const auto part : split(list, ','))
      if (const auto name = trim(part); !name.empty()) out.emplace_back(name);
    return reading_.said(line, list, all_said(std::move(out), reading_.at(line, list)));
  }

  /// "vSwitch1 64 5 64 1500 vmnic1" where copying took the header away: no port group has four numbers and such a name.
  bool is_switch_row(std::string_view text) const {
    const auto first = trim(text).substr(0, trim(text).find_first_of(" \t"));
    if (!switch_header_ || !is_numbered(first, "vSwitch")) return false;
    const auto row = read_row(*switch_header_, text);
    return row && (*row)[Col::Switch] == first && !(*row)[Col::ConfiguredPorts].empty();
  }

  void switch_row(const Line& line) {
    auto row = read_row(*header_, line.text);
    if (!row || (*row)[Col::Switch].empty()) row = read_glued_row(*header_, line.text);
    if (!row && is_rest_of_uplinks(line)) return;
    open_ = false;
    if (!row) return refuse(line, "switch");
    SwitchFact fact;
    const auto name = (*row)[Col::Switch];
    fact.name = std::string(name);
    fact.at = reading_.at(line, name);
    fact.distributed = header_->distributed;
    if (const auto cell = (*row)[Col::Mtu]; !cell.empty()) {
      fact.mtu = reading_.mtu(line, cell);
      if (!fact.mtu) reading_.lose({LostFact::Of::Switch, fact.name, "mtu", {}, reading_.at(line, cell)});
    }
    if (const auto cell = (*row)[Col::ConfiguredPorts]; !cell.empty())
      if (const auto ports = number(cell)) fact.ports = reading_.said(line, cell, static_cast<unsigned>(*ports));
    const auto uplinks = (*row)[Col::Uplinks];
    if (header_->has(Col::Uplinks)) fact.uplinks = names(line, uplinks);
    reading_.facts.switches.push_back(std::move(fact));
    open_ = true;
    row_line_ = line.number;
  }

  void portgroup_row(const Line& line) {
    const auto row = read_row(*header_, line.text);
    if (!row) return refuse(line, "port group");
    if (!open_) return homeless(line);
    PortgroupFact fact;
    const auto name = (*row)[Col::Portgroup];
    fact.name = std::string(name);
    fact.at = reading_.at(line, name);
    if (const auto cell = (*row)[Col::Vlan]; !cell.empty())
      if (const auto vlan = net::VlanId::parse(cell)) fact.vlan = reading_.said(line, cell, *vlan);
    if (const auto cell = (*row)[Col::InternalId]; !cell.empty())
      fact.internal_id = reading_.said(line, cell, std::string(cell));
    auto& parent = reading_.facts.switches.back();
    const auto cell = (*row)[Col::Uplinks];
    auto order = names(line, cell);
    // The same list as the switch's is the switch's: an order of its own shows only where it differs.
    if (!order.value.empty() && (!parent.uplinks || names_of(parent.uplinks->value) != names_of(order.value)))
      fact.uplink_order = std::move(order);
    parent.portgroups.push_back(std::move(fact));
    row_line_ = line.number;
  }

  void dvport_row(const Line& line) {
    const auto row = read_row(*header_, line.text);
    if (!row) return refuse(line, "dvPort");
    if (!open_) return homeless(line);
    const auto id = (*row)[Col::DvPort];
    reading_.facts.switches.back().dvports.push_back(
        {std::string(id), std::string((*row)[Col::Client]), reading_.at(line, id)});
  }

  /// "nic3" alone below a row: its list of uplinks goes on, broken by a terminal inside a name.
  bool is_rest_of_uplinks(const Line& line) {
    const auto text = trim(line.text);
    auto& all = reading_.facts.switches;
    if (all.empty() || !open_ || row_line_ + 1 != line.number || text.find_first_of(" \t") != std::string_view::npos)
      return false;
    row_line_ = line.number;
    auto& parent = all.back();
    LostFact lost{LostFact::Of::Switch, parent.name, "uplinks", {}, reading_.at(line)};
    if (header_->has(Col::Portgroup) && !parent.portgroups.empty()) {
      auto& group = parent.portgroups.back();
      group.uplink_order.reset();
      lost = {LostFact::Of::Host, {}, fmt::format("uplinks of port group {}", excerpt(group.name)), {}, lost.at};
    } else {
      parent.uplinks.reset();
    }
    reading_.warn(reading_.at(line), "listing-wrapped",
                  "the row above goes on here, wrapped by a terminal: its uplinks were refused",
                  "save the output of esxcfg-vswitch -l in a file, or widen the window");
    reading_.lose(std::move(lost));
    return true;
  }

  void refuse(const Line& line, std::string_view what) {
    if (is_cut_mark(line.text)) return reading_.unknown(line);
    if (is_rest_of_uplinks(line)) return;
    reading_.warn(reading_.at(line), "row-damaged",
                  fmt::format("the row of a {} does not fit its header and was refused", what),
                  "save the output of esxcfg-vswitch -l again");
  }

  /// Below a switch row that was refused: whose it is cannot be told.
  void homeless(const Line& line) {
    reading_.warn(reading_.at(line), "row-damaged", "the row belongs to a switch whose own row could not be read");
  }

  Reading& reading_;
  std::optional<Header> header_;
  std::optional<Header> switch_header_;  ///< the last one of switches
  bool open_ = false;                    ///< the last switch row was understood
  std::uint32_t row_line_ = 0;           ///< of the last row of a switch or port group
};

}  // namespace

Facts read_esxcfg_vswitch(const Source& source) {
  Reading reading(source);
  SwitchListing listing(reading);
  reading.for_each_line([&](const Line& line) { listing.read(line); });
  return reading.take();
}

}  // namespace esx2esxi::intake
