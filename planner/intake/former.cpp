#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/core/csv.hpp"
#include "esx2esxi/intake/policy.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

Checked<std::map<std::pair<std::string, std::string>, net::Ipv4Address>> read_former_addresses(const Source& source) {
  Checked<std::map<std::pair<std::string, std::string>, net::Ipv4Address>> out;
  const auto table = read_csv(source.file, source.text);
  out.notes = table.notes;
  const auto& titles = table.value.header.fields;
  const auto column = [&](std::string_view name) {
    return static_cast<std::size_t>(std::find(titles.begin(), titles.end(), name) - titles.begin());
  };
  const auto host = column("host");
  const auto from = column("from");
  const auto address = column("address");
  const auto status = column("status");
  if (std::max({host, from, address, status}) == titles.size()) {
    complain(out.notes, {source.file, 1, 0}, "no address-plan.csv: it has no columns host, from, address and status");
    return out;
  }
  for (const auto& record : table.value.records) {
    const auto& fields = record.fields;
    if (fields.size() != titles.size() || (fields[status] != "changed" && fields[status] != "new")) continue;
    if (fields[host].empty() || fields[from].empty() || fields[address].empty()) continue;
    if (const auto value = net::Ipv4Address::parse(fields[address]))
      out.value[{fields[host], fields[from]}] = *value;
    else
      complain(out.notes, {source.file, record.line, 0}, fmt::format("{} is no address", shown(fields[address])));
  }
  return out;
}

}  // namespace esx2esxi::intake
