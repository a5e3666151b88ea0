// The tabs of an RVTools export, whatever file they stand in. Private to the stage.
//
// Facts relied on (RVTools 3.x and 4.x): a tab has one title row; titles are English, "IP Address", or internal names
// with the tab's name in front, "vSCVMKIPAddress", in any case; any number of columns more (custom attributes) and any
// order (seen). Values: DHCP is True or False, "Gateway" is empty for hosts as old as ESX classic (assumed). No tab
// holds routes, bindings, services or the order of uplinks: nothing is said of them here.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/intake/container.hpp"

namespace esx2esxi::intake {

enum class RvTab : std::uint8_t { Interfaces, Host, Switch, Portgroup, Nic, Cluster, Other };

/// The columns that are looked at, in any tab.
enum class RvColumn : std::uint8_t {
  Host,
  Cluster,
  Portgroup,
  Device,
  Mac,
  Dhcp,
  Address,
  Netmask,
  Gateway,
  Mtu,
  Ports,
  Version,
  DnsServers,
  Domain,
  DnsSearch,
  NtpServers,
  Switch,
  Vlan,
  Driver,
  UplinkPort,
  Count
};

std::string_view to_string(RvTab tab);  ///< "vSC_VMK", as a sheet is called

/// By a sheet's name: "vSC_VMK", "vSC+VMK", "tabvHost".
RvTab tab_named(std::string_view sheet);

/// By the titles; none: these are no titles of RVTools.
std::optional<RvTab> tab_with_titles(const std::vector<std::string>& titles);

/// Whether some of the titles are that tab's, though they may be too few to tell it from others.
bool has_titles_of(RvTab tab, const std::vector<std::string>& titles);

/// One row as it stands in the file.
struct RvRow {
  std::vector<std::string> cells;
  std::uint32_t line = 0;
};

/// Reads one tab row by row; then `finish` gives one part for each host.
class RvReader {
 public:
  /// `file`: what origins name.
  RvReader(RvTab tab, FileName file, const RvRow& titles);

  void read(const RvRow& row);
  /// Whether the column is looked at, or stands behind the titles where nothing may be.
  bool wants(std::size_t column) const;
  std::vector<NamedFacts> finish();

 private:
  struct Cell {
    std::string_view text;
    Origin at;
  };

  void find_columns(const RvRow& titles);
  bool repeats_titles(const RvRow& row) const;
  void report_missing(const RvRow& titles);
  std::optional<Cell> cell(const RvRow& row, RvColumn column) const;
  bool too_long(const RvRow& row);
  void refuse_encodings(const RvRow& row, Facts& facts);
  NamedFacts* part_of(std::string_view host);
  void take_cluster(const Cell& cluster, NamedFacts& part);
  void read_interface(const RvRow& row, Facts& facts);
  void read_gateway(const RvRow& row, std::string_view device, Facts& facts);
  void read_host(const RvRow& row, Facts& facts);
  void read_switch(const RvRow& row, Facts& facts);
  void read_portgroup(const RvRow& row, Facts& facts);
  void read_nic(const RvRow& row, Facts& facts);
  void complain(Severity severity, Origin at, std::string_view code, std::string message, std::string_view remedy = {});

  template <class T>
  Maybe<T> value(const RvRow& row, RvColumn column, Parsed<T> (*parse)(std::string_view), std::string_view what);
  Maybe<std::string> text(const RvRow& row, RvColumn column) const;
  Maybe<std::string> group_name(const RvRow& row) const;
  Maybe<unsigned> mtu(const RvRow& row);
  Maybe<bool> flag(const RvRow& row, RvColumn column);

  RvTab tab_;
  FileName file_;
  std::size_t titles_ = 0;
  std::string host_title_;  ///< what the column of the hosts is called here
  std::array<std::optional<std::size_t>, static_cast<std::size_t>(RvColumn::Count)> places_{};
  bool usable_ = true;
  std::vector<NamedFacts> parts_;
  std::map<std::string, std::size_t, std::less<>> part_of_host_;
  Diagnostics notes_;
  std::size_t notes_of_titles_ = 0;      ///< so many of them concern the titles
  Diagnostics* notes_of_row_ = nullptr;  ///< of the host whose row is being read
  std::size_t complaints_ = 0;
};

bool recognises_rvtools_csv(std::string_view head);
std::vector<NamedFacts> read_rvtools_csv(const Source& source);
bool recognises_rvtools_xlsx(std::string_view head);
std::vector<NamedFacts> read_rvtools_xlsx(const Source& source);

}  // namespace esx2esxi::intake
