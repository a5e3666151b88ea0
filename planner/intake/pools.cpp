// The pools file: one free range of the network team a row.
//
//   network,vlan,gateway,purpose,cluster,first,last,exclude,note
//   10.0.20.0/24,120,,vmotion,PROD-A,10.0.20.11,10.0.20.199,10.0.20.50-10.0.20.59,"free since the move, ask Jo"
//
// Or a list of prefixes as NetBox or phpIPAM export it: ipam.cpp.
#include <algorithm>
#include <array>
#include <map>

#include "esx2esxi/core/csv.hpp"
#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/policy.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ipam.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::array<std::string_view, 9> kColumns{"network", "vlan", "gateway", "purpose", "cluster",
                                                   "first",   "last", "exclude", "note"};
constexpr std::string_view kNeeded[] = {"network", "first", "last"};

/// Which field of a record belongs to which column.
using Columns = std::map<std::string_view, std::size_t>;

Columns read_header(const FileName& file, const CsvRecord& header, Diagnostics& notes) {
  Columns columns;
  const Origin at{file, std::max(header.line, 1U), 0};
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const auto name = lower(trim(header.fields[i]));
    const auto* known = std::find(kColumns.begin(), kColumns.end(), name);
    if (known == kColumns.end()) {
      if (!name.empty())
        warn(notes, at, "pools-column", "unknown column " + shown(header.fields[i]) + " is not read",
             suggestion(name, kColumns));
    } else if (!columns.try_emplace(*known, i).second) {
      complain(notes, at, fmt::format("column '{}' stands there twice", name), "leave one");
    }
  }
  for (const auto name : kNeeded)
    if (!columns.contains(name))
      complain(notes, at, fmt::format("no column '{}'", name),
               fmt::format("the first line names the columns: {}", fmt::join(kColumns, ",")));
  return columns;
}

/// One row; every value that is wrong is reported with the line on which its field begins.
class Row {
 public:
  Row(const FileName& file, const Columns& columns, const CsvRecord& record, Diagnostics& notes)
      : file_(file), columns_(columns), record_(record), notes_(notes) {}

  Origin at() const { return {file_, record_.line, 0}; }

  std::string_view text(std::string_view column) const {
    const auto it = columns_.find(column);
    return it == columns_.end() ? std::string_view() : trim(record_.fields[it->second]);
  }

  void fault(std::string_view column, std::string message, std::string remedy = {}) const {
    faulty_ = true;
    const auto it = columns_.find(column);
    const auto line = it == columns_.end() ? record_.line : record_.lines[it->second];
    complain(notes_, {file_, line, 0}, fmt::format("{}: {}", column, message), std::move(remedy));
  }

  template <class Parse>
  auto value(std::string_view column, std::string_view what, Parse parse) const
      -> std::optional<std::decay_t<decltype(*parse(std::string_view()))>> {
    const auto value = parse(text(column));
    if (value) return *value;
    fault(column, fmt::format("{} is not {}: {}", shown(text(column)), what, value.error().what));
    return std::nullopt;
  }

  bool faulty() const { return faulty_; }

 private:
  const FileName& file_;
  const Columns& columns_;
  const CsvRecord& record_;
  Diagnostics& notes_;
  mutable bool faulty_ = false;
};

void read_layer2(const Row& row, model::Pool& pool) {
  if (row.text("vlan").empty()) return;
  pool.vlan = row.value("vlan", "a VLAN id", net::VlanId::parse);
  if (pool.vlan && pool.vlan->value() == 4095) row.fault("vlan", "4095 hands all VLANs to a guest: no VMkernel VLAN");
}

void read_purpose(const Row& row, model::Pool& pool) {
  const auto text = row.text("purpose");
  if (text.empty() || equals_ignoring_case(text, "any")) return;
  if (const auto service = model::service_named(text)) {
    pool.purpose = to_string(*service);
    return;
  }
  std::vector<std::string_view> known(model::kServiceNames.begin(), model::kServiceNames.end());
  known.push_back("any");
  row.fault("purpose", fmt::format("{} is no service", shown(text)), suggestion(text, known));
}

bool usable(net::Ipv4Prefix network, net::Ipv4Address address) {
  return network.contains(address) && address != network.network() && address != network.broadcast();
}

void check_member(const Row& row, std::string_view column, const model::Pool& pool, net::Ipv4Address address) {
  if (!pool.network.contains(address))
    row.fault(column, fmt::format("{} lies outside {}", address, pool.network));
  else if (!usable(pool.network, address))
    row.fault(column, fmt::format("{} is the {} address of {}", address,
                                  address == pool.network.network() ? "network" : "broadcast", pool.network));
}

void read_addresses(const Row& row, model::Pool& pool) {
  const auto first = row.value("first", "an IPv4 address", net::Ipv4Address::parse);
  const auto last = row.value("last", "an IPv4 address", net::Ipv4Address::parse);
  if (first) check_member(row, "first", pool, pool.first = *first);
  if (last) check_member(row, "last", pool, pool.last = *last);
  if (first && last && *last < *first) row.fault("last", fmt::format("{} comes before {}", *last, *first));
  if (row.text("gateway").empty()) return;
  pool.gateway = row.value("gateway", "an IPv4 address", net::Ipv4Address::parse);
  if (pool.gateway) check_member(row, "gateway", pool, *pool.gateway);
}

void read_exclusions(const Row& row, model::Pool& pool) {
  auto text = std::string(row.text("exclude"));
  std::replace(text.begin(), text.end(), '\n', ' ');
  for (const auto word : words(text)) {
    const auto range = net::Ipv4Range::parse(word);
    if (!range)
      row.fault("exclude", fmt::format("{} is no address or range: {}", shown(word), range.error().what),
                "addresses and ranges A-B, with blanks between");
    else if (!pool.network.contains(range->first()) || !pool.network.contains(range->last()))
      row.fault("exclude", fmt::format("{} lies outside {}", *range, pool.network));
    else
      pool.exclude.push_back(*range);
  }
}

bool read_network(const Row& row, model::Pool& pool) {
  const auto network = row.value("network", "a network as ADDRESS/LENGTH", net::Ipv4Prefix::parse);
  if (!network) return false;
  pool.network = *network;
  if (network->length() < 8 || network->length() > 30)
    row.fault("network", fmt::format("{} is no subnet for hosts", *network), "a length from 8 to 30");
  else if (!may_be_a_host(network->network()) || network->network().is_link_local())
    row.fault("network", fmt::format("{} holds no address that a host can have", *network));
  return !row.faulty();
}

std::optional<model::Pool> read_pool(const Row& row) {
  model::Pool pool;
  pool.at = row.at();
  pool.cluster = row.text("cluster");
  pool.note = row.text("note");
  read_layer2(row, pool);
  read_purpose(row, pool);
  if (read_network(row, pool)) {
    read_addresses(row, pool);
    read_exclusions(row, pool);
  }
  return row.faulty() ? std::nullopt : std::optional(std::move(pool));
}

/// Rows of one network describe it alike; different networks are apart. Sorted, a network can overlap only with one
/// that holds it, and those are the open ones of a sweep.
void check_together(const model::Pools& pools, Diagnostics& notes) {
  std::vector<const model::Pool*> sorted;
  for (const auto& pool : pools) sorted.push_back(&pool);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const model::Pool* a, const model::Pool* b) { return a->network < b->network; });
  const model::Pool* widest = nullptr;
  const auto line_of = [](const model::Pool* pool) { return pool->at.line; };
  for (const auto* pool : sorted) {
    if (!widest || !widest->network.overlaps(pool->network)) {
      widest = pool;
      continue;
    }
    const auto* later = line_of(widest) < line_of(pool) ? pool : widest;
    const auto* earlier = later == pool ? widest : pool;
    if (pool->network != widest->network)
      complain(notes, later->at,
               fmt::format("network {} overlaps {} of line {}", later->network, earlier->network, line_of(earlier)),
               "pools of different networks must be apart");
    else if (pool->vlan != widest->vlan || pool->gateway != widest->gateway)
      complain(notes, later->at,
               fmt::format("network {} has another VLAN or gateway in line {}", later->network, line_of(earlier)),
               "one network has one VLAN and one gateway");
  }
}

}  // namespace

Checked<model::Pools> read_pools(const Source& source) {
  Checked<model::Pools> out;
  auto& [pools, notes] = out;
  auto table = read_csv(source.file, source.text);
  notes = table.notes;
  if (is_ipam_export(table.value.header)) table.value = pools_of_ipam(source.file, table.value, notes);
  const auto columns = read_header(source.file, table.value.header, notes);
  const auto is_error = [](const Diagnostic& d) { return d.severity == Severity::Error; };
  if (std::any_of(notes.begin(), notes.end(), is_error)) return out;
  const auto width = table.value.header.fields.size();
  for (const auto& record : table.value.records) {
    if (record.fields.size() != width) {
      complain(notes, {source.file, record.line, 0},
               fmt::format("{} fields where the header has {}", record.fields.size(), width),
               "a field with the separator in it is written in double quotes");
      continue;
    }
    if (auto pool = read_pool(Row(source.file, columns, record, notes))) pools.push_back(std::move(*pool));
  }
  check_together(pools, notes);
  std::stable_sort(notes.begin(), notes.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
  return out;
}

}  // namespace esx2esxi::intake
