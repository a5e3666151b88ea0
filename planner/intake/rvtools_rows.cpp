// From the rows of a tab to facts.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esxcli_output.hpp"
#include "lines.hpp"
#include "merge.hpp"
#include "rvtools.hpp"

namespace esx2esxi::intake {

namespace {

/// A hostile file can be wrong in every row; the first ones tell the story.
constexpr std::size_t kMostNotes = 200;
/// A vCenter of today holds 2,500.
constexpr std::size_t kMostHosts = 20000;

struct ColumnTitle {
  RvColumn column;
  std::string_view title;  ///< as RVTools writes it
  std::string_view tells;  ///< what is not known without it; empty: nobody misses it
};

using enum RvColumn;

constexpr ColumnTitle kInterfaceColumns[] = {
    {RvColumn::Host, "Host", "whose interface it is"},
    {Device, "Device", "which interface it is"},
    {RvColumn::Cluster, "Cluster", "the clusters"},
    {RvColumn::Portgroup, "Port Group", "port groups of the interfaces"},
    {Mac, "Mac Address", "MAC addresses"},
    {Dhcp, "DHCP", "which addresses are leased"},
    {Address, "IP Address", "the addresses"},
    {Netmask, "Subnet mask", "the masks"},
    {Gateway, "Gateway", {}},
    {Mtu, "MTU", "MTUs of the interfaces"},
};
constexpr ColumnTitle kHostColumns[] = {
    {RvColumn::Host, "Host", "whose row it is"},
    {RvColumn::Cluster, "Cluster", "the clusters"},
    {Version, "ESX Version", "products and versions"},
    {DnsServers, "DNS Servers", "DNS servers"},
    {Domain, "Domain", {}},
    {DnsSearch, "DNS Search Order", {}},
    {NtpServers, "NTP Server(s)", "NTP servers"},
};
constexpr ColumnTitle kSwitchColumns[] = {
    {RvColumn::Host, "Host", "whose switch it is"},
    {RvColumn::Switch, "Switch", "which switch it is"},
    {RvColumn::Cluster, "Cluster", {}},
    {Mtu, "MTU", "MTUs of the switches"},
    {Ports, "# Ports", {}},
};
constexpr ColumnTitle kPortgroupColumns[] = {
    {RvColumn::Host, "Host", "whose port group it is"},
    {RvColumn::Portgroup, "Port Group", "which port group it is"},
    {RvColumn::Switch, "Switch", "on which switch it is"},
    {RvColumn::Cluster, "Cluster", {}},
    {Vlan, "VLAN", "VLANs"},
};
constexpr ColumnTitle kNicColumns[] = {
    {RvColumn::Host, "Host", "whose NIC it is"},
    {Device, "Network Device", "which NIC it is"},
    {RvColumn::Cluster, "Cluster", {}},
    {Mac, "MAC", {}},
    {Driver, "Driver", {}},
    {RvColumn::Switch, "Switch", "uplinks of the switches"},
    {UplinkPort, "Uplink port", {}},
};

std::span<const ColumnTitle> columns_of(RvTab tab) {
  switch (tab) {
    case RvTab::Interfaces: return kInterfaceColumns;
    case RvTab::Host: return kHostColumns;
    case RvTab::Switch: return kSwitchColumns;
    case RvTab::Portgroup: return kPortgroupColumns;
    case RvTab::Nic: return kNicColumns;
    case RvTab::Cluster:
    case RvTab::Other: return {};
  }
  return {};
}

/// Without these a row says nothing of anybody.
bool is_essential(RvTab tab, RvColumn column) {
  if (column == RvColumn::Host) return true;
  switch (tab) {
    case RvTab::Interfaces:
    case RvTab::Nic: return column == Device;
    case RvTab::Switch: return column == RvColumn::Switch;
    case RvTab::Portgroup: return column == RvColumn::Portgroup || column == RvColumn::Switch;
    case RvTab::Host:
    case RvTab::Cluster:
    case RvTab::Other: return false;
  }
  return false;
}

/// "10.0.0.1, 10.0.0.2"
std::vector<std::string_view> items(std::string_view text) {
  std::vector<std::string_view> out;
  for (const auto part : split(text, ','))
    for (const auto one : split(part, ';'))
      for (const auto word : words(one)) out.push_back(word);
  return out;
}

/// "9000", or as a spreadsheet groups it: "9,000", "9.000".
std::optional<std::uint64_t> whole_number(std::string_view text) {
  const auto at = text.find_first_of(",.");
  if (at == std::string_view::npos || at == 0 || at > 2 || text.size() != at + 4) return number(text);
  const auto thousands = number(text.substr(0, at));
  const auto rest = number(text.substr(at + 1));
  return thousands && rest ? std::optional(*thousands * 1000 + *rest) : std::nullopt;
}

/// As Windows prints truth values in the languages of its users, and as spreadsheets turn them into numbers.
std::optional<bool> truth(std::string_view text) {
  constexpr std::string_view kYes[] = {"true", "1",    "yes", "wahr",      "ja",  "vrai",
                                       "oui",  "vero", "si",  "verdadero", "waar"};
  constexpr std::string_view kNo[] = {"false", "0", "no", "falsch", "nein", "faux", "non", "falso", "onwaar", "nee"};
  const auto is = [&](std::string_view word) { return equals_ignoring_case(text, word); };
  if (std::any_of(std::begin(kYes), std::end(kYes), is)) return true;
  if (std::any_of(std::begin(kNo), std::end(kNo), is)) return false;
  return std::nullopt;
}

SwitchFact& switch_named(Facts& facts, std::string_view name, const Origin& at) {
  const auto it =
      std::find_if(facts.switches.begin(), facts.switches.end(), [&](const auto& s) { return s.name == name; });
  if (it != facts.switches.end()) return *it;
  facts.switches.emplace_back();
  facts.switches.back().name = name;
  facts.switches.back().at = at;
  return facts.switches.back();
}

}  // namespace

RvReader::RvReader(RvTab tab, FileName file, const RvRow& titles)
    : tab_(tab), file_(std::move(file)), titles_(titles.cells.size()) {
  find_columns(titles);
  report_missing(titles);
  notes_of_titles_ = notes_.size();
}

void RvReader::find_columns(const RvRow& titles) {
  const auto prefix = esxcli_key(to_string(tab_));
  for (std::size_t i = 0; i < titles.cells.size(); ++i) {
    const auto key = esxcli_key(titles.cells[i]);
    for (const auto& column : columns_of(tab_)) {
      const auto wanted = esxcli_key(column.title);
      auto& place = places_[static_cast<std::size_t>(column.column)];
      // "vHostName" (seen): the tab's own subject has no second "Host" in its internal name.
      const bool internal = key == prefix + wanted || (column.column == RvColumn::Host && key == prefix + "name");
      if (!place && (key == wanted || internal)) place = i;
    }
  }
  if (const auto place = places_[static_cast<std::size_t>(RvColumn::Host)]) host_title_ = trim(titles.cells[*place]);
}

/// Where exports were put behind each other the titles come again.
bool RvReader::repeats_titles(const RvRow& row) const {
  const auto host = cell(row, RvColumn::Host);
  return host && host->text == host_title_;
}

bool RvReader::wants(std::size_t column) const {
  return column >= titles_ || std::find(places_.begin(), places_.end(), std::optional(column)) != places_.end();
}

void RvReader::report_missing(const RvRow& titles) {
  for (const auto& column : columns_of(tab_)) {
    if (places_[static_cast<std::size_t>(column.column)] || column.tells.empty()) continue;
    const bool essential = is_essential(tab_, column.column);
    usable_ = usable_ && !essential;
    complain(essential ? Severity::Error : Severity::Warning, {file_, titles.line, 0}, "rvtools-column-missing",
             fmt::format("{} has no column '{}': {} not known", to_string(tab_), column.title,
                         std::string(column.tells) + (essential ? " is" : " are")),
             "export the tab again with all columns, from an English RVTools");
  }
}

void RvReader::complain(Severity severity, Origin at, std::string_view code, std::string message,
                        std::string_view remedy) {
  if (++complaints_ <= kMostNotes)
    (notes_of_row_ ? *notes_of_row_ : notes_)
        .push_back({severity, std::string(code), std::move(at), std::move(message), std::string(remedy)});
}

std::optional<RvReader::Cell> RvReader::cell(const RvRow& row, RvColumn column) const {
  const auto place = places_[static_cast<std::size_t>(column)];
  if (!place || *place >= row.cells.size()) return std::nullopt;
  const auto text = trim(row.cells[*place]);
  if (text.empty() || has_control_character(text) || malformed_at(text) != std::string_view::npos) return std::nullopt;
  return Cell{text, {file_, row.line, static_cast<std::uint32_t>(*place + 1)}};
}

/// A separator inside an unquoted value shifts all behind it: such a row is not trusted.
bool RvReader::too_long(const RvRow& row) {
  for (auto i = titles_; i < row.cells.size(); ++i)
    if (!trim(row.cells[i]).empty()) return true;
  return false;
}

NamedFacts* RvReader::part_of(std::string_view host) {
  const auto known = part_of_host_.find(host);
  if (known != part_of_host_.end()) return &parts_[known->second];
  if (parts_.size() == kMostHosts) return nullptr;
  part_of_host_.emplace(host, parts_.size());
  parts_.emplace_back();
  parts_.back().host = host;
  parts_.back().part = to_string(tab_);
  return &parts_.back();
}

/// A host is in one cluster: another one's row is another host's, of the same name.
void RvReader::take_cluster(const Cell& cluster, NamedFacts& part) {
  constexpr std::string_view code = "hosts-of-one-name";
  if (part.cluster.empty()) part.cluster = cluster.text;
  const auto& notes = part.facts.notes;
  if (part.cluster == cluster.text ||
      std::any_of(notes.begin(), notes.end(), [&](const Diagnostic& note) { return note.code == code; }))
    return;
  complain(Severity::Warning, cluster.at, code,
           fmt::format("{} is in cluster '{}' here and in '{}' above: the rows of two hosts are mixed",
                       excerpt(part.host), excerpt(cluster.text), excerpt(part.cluster)),
           "export the clusters or vCenters apart");
}

void RvReader::read(const RvRow& row) {
  if (!usable_ || columns_of(tab_).empty() || repeats_titles(row)) return;
  const Origin at{file_, row.line, 0};
  if (too_long(row))
    return complain(Severity::Warning, at, "row-unreadable", "the row has more values than there are titles",
                    "a value with a separator in it must be quoted");
  for (const auto place : places_)
    if (place && *place < row.cells.size() && has_control_character(trim(row.cells[*place])))
      complain(Severity::Warning, {file_, row.line, static_cast<std::uint32_t>(*place + 1)}, "value-damaged",
               "a value with line ends or control characters in it is not used");
  const auto host = cell(row, RvColumn::Host);
  if (!host) return complain(Severity::Warning, at, "row-unreadable", "the row names no host");
  auto* known = part_of(host->text);
  if (!known) return complain(Severity::Error, at, "rvtools-too-many-hosts", "more hosts than any vCenter has");
  auto& part = *known;
  notes_of_row_ = &part.facts.notes;
  refuse_encodings(row, part.facts);
  if (const auto cluster = cell(row, RvColumn::Cluster)) take_cluster(*cluster, part);
  if (!part.facts.hostname && !part.facts.management_address) {
    if (const auto address = net::Ipv4Address::parse(host->text))
      part.facts.management_address = Said<net::Ipv4Address>{*address, host->at};
    else
      part.facts.hostname = Said<std::string>{std::string(host->text), host->at};
  }
  if (tab_ == RvTab::Interfaces) read_interface(row, part.facts);
  if (tab_ == RvTab::Host) read_host(row, part.facts);
  if (tab_ == RvTab::Switch) read_switch(row, part.facts);
  if (tab_ == RvTab::Portgroup) read_portgroup(row, part.facts);
  if (tab_ == RvTab::Nic) read_nic(row, part.facts);
  notes_of_row_ = nullptr;
}

/// A name in another encoding would become another name: the cell is not used, and the host is in doubt.
void RvReader::refuse_encodings(const RvRow& row, Facts& facts) {
  for (const auto place : places_) {
    if (!place || *place >= row.cells.size() || malformed_at(row.cells[*place]) == std::string_view::npos) continue;
    const Origin at{file_, row.line, static_cast<std::uint32_t>(*place + 1)};
    complain(Severity::Warning, at, "text-encoding", "the value is not UTF-8 and was refused",
             "save the file as CSV UTF-8");
    lose_undamaged_text(facts, at);
  }
}

template <class T>
Maybe<T> RvReader::value(const RvRow& row, RvColumn column, Parsed<T> (*parse)(std::string_view),
                         std::string_view what) {
  const auto found = cell(row, column);
  if (!found) return std::nullopt;
  if (const auto parsed = parse(found->text)) return Said<T>{*parsed, found->at};
  complain(Severity::Warning, found->at, "value-damaged", fmt::format("'{}' is not {}", excerpt(found->text), what));
  return std::nullopt;
}

Maybe<std::string> RvReader::text(const RvRow& row, RvColumn column) const {
  const auto found = cell(row, column);
  if (!found) return std::nullopt;
  return Said<std::string>{std::string(found->text), found->at};
}

/// vCenter's inventory writes `/`, `\\` and `%` of a name as %2f, %5c and %25; the host has the name itself.
Maybe<std::string> RvReader::group_name(const RvRow& row) const {
  auto name = text(row, RvColumn::Portgroup);
  if (name) name->value = unescaped_name(name->value);
  return name;
}

Maybe<unsigned> RvReader::mtu(const RvRow& row) {
  const auto found = cell(row, Mtu);
  if (!found || found->text == "0") return std::nullopt;
  const auto value = whole_number(found->text);
  if (value && *value >= 68 && *value <= 65535) return Said<unsigned>{static_cast<unsigned>(*value), found->at};
  complain(Severity::Warning, found->at, "value-damaged", fmt::format("'{}' is not an MTU", excerpt(found->text)));
  return std::nullopt;
}

Maybe<bool> RvReader::flag(const RvRow& row, RvColumn column) {
  const auto found = cell(row, column);
  if (!found) return std::nullopt;
  if (const auto yes = truth(found->text)) return Said<bool>{*yes, found->at};
  complain(Severity::Warning, found->at, "value-damaged",
           fmt::format("'{}' is neither True nor False", excerpt(found->text)), "export with an English RVTools");
  return std::nullopt;
}

void RvReader::read_interface(const RvRow& row, Facts& facts) {
  const auto device = cell(row, Device);
  if (!device || (!is_numbered(device->text, "vswif") && !is_numbered(device->text, "vmk")))
    return complain(Severity::Warning, {file_, row.line, 0}, "row-unreadable",
                    "the row names neither a vswif nor a vmk");
  InterfaceFact fact;
  fact.name = device->text;
  fact.at = device->at;
  fact.portgroup = group_name(row);
  fact.mac = value<net::Mac>(row, Mac, net::Mac::parse, "a MAC address");
  fact.dhcp = flag(row, Dhcp);
  fact.address = value<net::Ipv4Address>(row, Address, net::Ipv4Address::parse, "an IPv4 address");
  fact.netmask = value<net::Ipv4Address>(row, Netmask, net::Ipv4Address::parse, "an IPv4 netmask");
  fact.mtu = mtu(row);
  if (const auto given = cell(row, Mtu); given && given->text != "0" && !fact.mtu)
    facts.lost.push_back({LostFact::Of::Interface, fact.name, "mtu", {}, given->at});
  facts.interfaces.push_back(std::move(fact));
  facts.lists_vswifs = facts.lists_vmknics = true;
  read_gateway(row, device->text, facts);
}

/// The gateway of the interface's stack, where it is filled in at all. Two of them in one stack: no telling whose they
/// are.
void RvReader::read_gateway(const RvRow& row, std::string_view device, Facts& facts) {
  const auto gateway = value<net::Ipv4Address>(row, Gateway, net::Ipv4Address::parse, "an IPv4 address");
  const auto stack = device.starts_with("vswif") ? model::kConsole : model::kVmkernel;
  if (const auto given = cell(row, Gateway); given && !gateway)
    facts.lost.push_back({LostFact::Of::Gateway, std::string(stack), {}, {}, given->at});
  if (!gateway || gateway->value.is_unspecified()) return;
  const auto it = std::find_if(facts.gateways.begin(), facts.gateways.end(),
                               [&](const GatewayFact& g) { return g.stack == stack; });
  if (it == facts.gateways.end()) {
    facts.gateways.push_back({std::string(stack), gateway, {}, gateway->at});
  } else if (it->gateway && it->gateway->value != gateway->value) {
    complain(Severity::Warning, gateway->at, "gateway-unclear",
             fmt::format("{} shows several gateways for one stack, {} among them: none is used", to_string(tab_),
                         gateway->value),
             "esxcfg-route on the host tells");
    it->gateway.reset();
  }
}

void RvReader::read_host(const RvRow& row, Facts& facts) {
  if (const auto version = cell(row, Version)) {
    const auto said = read_vmware_version({file_, version->text, row.line - 1});
    facts.product = said.product;
    facts.version = said.version;
    facts.build = said.build;
    if (!facts.version)
      complain(Severity::Warning, version->at, "value-damaged",
               fmt::format("'{}' names no version of ESX", excerpt(version->text)));
  }
  if (const auto servers = cell(row, DnsServers))
    for (const auto item : items(servers->text))
      if (const auto address = net::Ipv4Address::parse(item)) facts.dns_servers.push_back({*address, servers->at});
  if (const auto search = cell(row, DnsSearch))
    for (const auto item : items(search->text)) facts.dns_search.push_back({std::string(item), search->at});
  if (const auto servers = cell(row, NtpServers))
    for (const auto item : items(servers->text)) facts.ntp_servers.push_back({std::string(item), servers->at});
  facts.domain = text(row, Domain);
}

void RvReader::read_switch(const RvRow& row, Facts& facts) {
  const auto name = cell(row, RvColumn::Switch);
  if (!name) return;
  auto& fact = switch_named(facts, name->text, name->at);
  fact.mtu = mtu(row);
  const auto ports = cell(row, Ports);
  const auto count = ports ? number(ports->text) : std::nullopt;
  if (count && *count <= 65535) fact.ports = Said<unsigned>{static_cast<unsigned>(*count), ports->at};
}

void RvReader::read_portgroup(const RvRow& row, Facts& facts) {
  const auto name = group_name(row);
  const auto on = cell(row, RvColumn::Switch);
  if (!name || !on) return;
  PortgroupFact fact;
  fact.name = name->value;
  fact.at = name->at;
  fact.vlan = value<net::VlanId>(row, Vlan, net::VlanId::parse, "a VLAN id");
  switch_named(facts, on->text, on->at).portgroups.push_back(std::move(fact));
}

/// The uplinks of a switch are the NICs on it; an uplink port makes it a distributed one.
void RvReader::read_nic(const RvRow& row, Facts& facts) {
  const auto name = cell(row, Device);
  if (!name) return;
  facts.pnics.push_back({std::string(name->text), name->at, value<net::Mac>(row, Mac, net::Mac::parse, "a MAC address"),
                         text(row, Driver)});
  const auto on = cell(row, RvColumn::Switch);
  if (!on) return;
  auto& fact = switch_named(facts, on->text, on->at);
  fact.distributed = fact.distributed || cell(row, UplinkPort).has_value();
  if (!fact.uplinks) fact.uplinks = Said<SaidNames>{{}, on->at};
  fact.uplinks->value.push_back({std::string(name->text), name->at});
}

namespace {

/// A classic host always has a console: one that shows VMkernel interfaces only is ESXi.
void tell_product(Facts& facts) {
  const auto is_console = [](const InterfaceFact& fact) { return fact.name.starts_with("vswif"); };
  if (!facts.interfaces.empty() && std::none_of(facts.interfaces.begin(), facts.interfaces.end(), is_console))
    facts.product = Said<std::string>{"ESXi", facts.interfaces.front().at};
}

}  // namespace

std::vector<NamedFacts> RvReader::finish() {
  if (tab_ == RvTab::Interfaces)
    for (auto& part : parts_) tell_product(part.facts);
  // A column that is missing is missing to each host.
  const auto titles = std::min(notes_of_titles_, notes_.size());
  const auto end = notes_.begin() + static_cast<std::ptrdiff_t>(titles);
  for (auto& part : parts_) part.facts.notes.insert(part.facts.notes.begin(), notes_.begin(), end);
  if (!parts_.empty()) notes_.erase(notes_.begin(), end);
  if (!notes_.empty()) {
    NamedFacts whole;
    whole.part = to_string(tab_);
    whole.only_notes = true;
    whole.facts.notes = std::move(notes_);
    parts_.push_back(std::move(whole));
  }
  return std::move(parts_);
}

}  // namespace esx2esxi::intake
