// Facts relied on: the CSV exports of NetBox 3 and 4 (IPAM > Prefixes; column names as in its import form, or as shown)
// and of phpIPAM 1.4 to 1.6 (Subnets). Custom fields named cluster, purpose, gateway, first, last, exclude are read
// where they are exported ("cf_cluster").
//
//   NetBox    prefix,status,vlan,role,description            10.0.20.0/24,active,vMotion (120),vmotion,piers
//   phpIPAM   Section,Subnet,Mask,Description,VLAN           DC1,10.0.20.0,24,piers,120
#include "ipam.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/service.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::array<std::string_view, 9> kLayout{"network", "vlan", "gateway", "purpose", "cluster",
                                                  "first",   "last", "exclude", "note"};

std::string plain(std::string_view title) {
  auto name = lower(trim(title));
  std::replace(name.begin(), name.end(), ' ', '_');
  return name.starts_with("cf_") ? name.substr(3) : name;
}

std::optional<std::size_t> column(const CsvRecord& header, std::string_view name) {
  for (std::size_t i = 0; i < header.fields.size(); ++i)
    if (plain(header.fields[i]) == name) return i;
  return std::nullopt;
}

/// "vMotion (120)", "120"; empty: no number.
std::string vlan_number(std::string_view text) {
  if (text.ends_with(')'))
    if (const auto open = text.rfind('('); open != std::string_view::npos)
      text = text.substr(open + 1, text.size() - open - 2);
  text = trim(text);
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? std::string(text) : std::string();
}

/// "24" or "255.255.255.0" behind a subnet; as it is where it is neither.
std::string length_of(std::string_view mask) {
  if (const auto address = net::Ipv4Address::parse(mask))
    if (const auto length = net::prefix_length(*address)) return std::to_string(*length);
  return std::string(mask);
}

class Export {
 public:
  Export(const FileName& file, const CsvTable& table, Diagnostics& notes) : file_(file), table_(table), notes_(notes) {}

  CsvTable pools() {
    CsvTable out;
    out.header.line = table_.header.line;
    for (const auto name : kLayout) out.header.fields.emplace_back(name);
    out.header.lines.assign(kLayout.size(), table_.header.line);
    for (const auto& record : table_.records) {
      if (record.fields.size() == table_.header.fields.size())
        add(record, out);
      else
        complain(notes_, {file_, record.line, 0},
                 fmt::format("{} fields where the header has {}", record.fields.size(), table_.header.fields.size()));
    }
    if (guessed_)
      warn(notes_, {file_, std::max(table_.header.line, 1U), 0}, "pools-ipam",
           "a list of prefixes does not say which of their addresses are taken",
           "export the columns first, last and exclude as custom fields, or have each address confirmed");
    return out;
  }

 private:
  std::string text(const CsvRecord& record, std::string_view name) const {
    const auto at = column(table_.header, name);
    return at ? std::string(trim(record.fields[*at])) : std::string();
  }
  std::string first_of(const CsvRecord& record, std::initializer_list<std::string_view> names) const {
    for (const auto name : names)
      if (auto value = text(record, name); !value.empty()) return value;
    return {};
  }

  std::string network(const CsvRecord& record) const {
    if (auto prefix = text(record, "prefix"); !prefix.empty()) return prefix;
    auto subnet = text(record, "subnet");
    const auto mask = text(record, "mask");
    return subnet.find('/') != std::string::npos || mask.empty() ? subnet : subnet + "/" + length_of(mask);
  }

  /// None: the role is for something else.
  std::optional<std::string> purpose(const CsvRecord& record, const std::string& network) {
    const auto said = first_of(record, {"purpose", "role"});
    if (said.empty() || equals_ignoring_case(said, "any")) return std::string();
    if (const auto service = model::service_named(said)) return std::string(to_string(*service));
    notes_.push_back({Severity::Note,
                      "pools-role",
                      {file_, record.line, 0},
                      fmt::format("{} is not used: its role {} is no service", shown(network), shown(said)),
                      {}});
    return std::nullopt;
  }

  void add(const CsvRecord& record, CsvTable& out) {
    const auto status = lower(text(record, "status"));
    const auto where = network(record);
    if (status == "container" || status == "deprecated" || where.find(':') != std::string::npos) return;
    const auto role = purpose(record, where);
    if (!role) return;
    auto first = text(record, "first");
    auto last = text(record, "last");
    const auto prefix = net::Ipv4Prefix::parse(where);
    if (prefix && prefix->length() <= 30 && (first.empty() || last.empty())) {
      const auto spare = prefix->length() <= 28 ? 2U : 1U;
      if (first.empty()) first = to_string(net::Ipv4Address::from_bits(prefix->network().bits() + spare));
      if (last.empty()) last = to_string(net::Ipv4Address::from_bits(prefix->broadcast().bits() - spare));
      guessed_ = true;
    }
    CsvRecord row;
    row.line = record.line;
    row.fields = {where,
                  vlan_number(first_of(record, {"vlan", "vid", "vlan_number"})),
                  text(record, "gateway"),
                  *role,
                  first_of(record, {"cluster", "scope", "site", "location"}),
                  first,
                  last,
                  text(record, "exclude"),
                  first_of(record, {"note", "description"})};
    row.lines.assign(row.fields.size(), record.line);
    out.records.push_back(std::move(row));
  }

  const FileName& file_;
  const CsvTable& table_;
  Diagnostics& notes_;
  bool guessed_ = false;
};

}  // namespace

bool is_ipam_export(const CsvRecord& header) {
  if (column(header, "network")) return false;
  return column(header, "prefix") || (column(header, "subnet") && column(header, "mask"));
}

CsvTable pools_of_ipam(const FileName& file, const CsvTable& table, Diagnostics& notes) {
  return Export(file, table, notes).pools();
}

}  // namespace esx2esxi::intake
