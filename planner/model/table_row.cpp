#include "esx2esxi/model/table_row.hpp"

#include <algorithm>

namespace esx2esxi::model {

namespace {

TableRow row_by(net::Ipv4Prefix network, net::Ipv4Address next_hop, TableRow::Kind kind, const State& state,
                std::string_view stack, const net::RouteTable& table) {
  using Fault = TableRow::Fault;
  TableRow row{kind, Fault::None, network, next_hop, {}};
  const auto& all = state.interfaces;
  const auto any = [&](auto wanted) {
    return std::any_of(all.begin(), all.end(),
                       [&](const Interface& i) { return in_range_tests(i, stack) && wanted(i); });
  };
  if (any([&](const Interface& i) { return i.range() == network; }))
    row.fault = Fault::Shadowed;
  else if (any([&](const Interface& i) { return i.address == next_hop; }))
    row.fault = Fault::Own;
  else if (row.interfaces = table.on_link(next_hop); row.interfaces.empty())
    row.fault = Fault::OffLink;
  return row;
}

}  // namespace

std::vector<TableRow> rows_holding(const State& state, std::string_view stack, const net::RouteTable& table,
                                   net::Ipv4Address to) {
  std::vector<TableRow> rows;
  for (const auto& interface : state.interfaces) {
    if (!in_range_tests(interface, stack) || !interface.range()->contains(to)) continue;
    const auto range = *interface.range();
    auto row = std::find_if(rows.begin(), rows.end(), [&](const TableRow& r) { return r.network == range; });
    if (row == rows.end()) row = rows.insert(rows.end(), TableRow{{}, {}, range, {}, {}});
    row->interfaces.push_back(interface.created);
  }
  for (auto& row : rows) std::sort(row.interfaces.begin(), row.interfaces.end());
  if (const auto* s = state.stack(stack)) {
    for (const auto& route : s->routes)
      if (route.network.contains(to))
        rows.push_back(row_by(route.network, route.next_hop, TableRow::Kind::Static, state, stack, table));
    if (s->gateway && !s->gateway->is_unspecified())
      rows.push_back(row_by(net::Ipv4Prefix(), *s->gateway, TableRow::Kind::Default, state, stack, table));
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const TableRow& a, const TableRow& b) { return a.network.length() > b.network.length(); });
  return rows;
}

}  // namespace esx2esxi::model
