// iSCSI and NFS of ESXi 5.0 to 8.0.
//
// Facts relied on: `networkportal list` has one record per binding, its id the adapter, its "MAC Address" the uplink's
// (seen); a sendtarget is "address:port" (seen); `nfs41 list` names several hosts (seen).
#include <fmt/format.h>

#include "esxi_call.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

/// "10.40.0.100:3260" -> the address; a name is none, and no fault.
Maybe<net::Ipv4Address> target_in(const Values& values, const Field& field) {
  const auto host = std::string_view(field.value).substr(0, field.value.find(':'));
  if (const auto address = net::Ipv4Address::parse(host)) return Said<net::Ipv4Address>{*address, values.at(field)};
  if (looks_like_damaged_address(host))
    values.warn(values.at(field), "value-damaged", fmt::format("'{}' is not an IPv4 address", excerpt(host)));
  return std::nullopt;
}

}  // namespace

Facts read_networkportals(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    const std::string interface(record["vmknic"]);
    if (!is_numbered(interface, "vmk")) continue;
    const auto adapter = record["adapter"];
    facts.bindings.push_back({std::string(adapter.empty() ? record.id : adapter), interface, values.at(record)});
  }
  return facts;
}

Facts read_iscsi_software(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  if (!call.output.records.empty()) facts.software_iscsi = values.flag(call.output.records.front(), "");
  return facts;
}

Facts read_iscsi_targets(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& row : call.output.lost)
    facts.lost.push_back({LostFact::Of::Host, {}, "iSCSI target", {}, {call.file, row.line, 1}});
  for (const auto& record : call.output.records) {
    for (const auto key : {"sendtarget", "targetaddress", "ip"}) {
      const auto* field = record.find(key);
      if (!field) continue;
      if (const auto target = target_in(values, *field)) facts.iscsi_targets.push_back(*target);
    }
  }
  return facts;
}

Facts read_nfs_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& row : call.output.lost)
    facts.lost.push_back({LostFact::Of::Mount, {}, {}, {}, {call.file, row.line, 1}});
  for (const auto& record : call.output.records) {
    NfsFact fact;
    fact.label = record["volumename"];
    fact.at = values.at(record);
    if (fact.label.empty()) continue;
    const auto* host = record.find("host") ? record.find("host") : record.find("hosts");
    const auto hosts = items_of(host);
    if (!hosts.empty()) fact.server = Said<std::string>{hosts.front(), values.at(*host)};
    if (hosts.size() > 1)
      values.warn(
          values.at(*host), "nfs-several-servers",
          fmt::format("'{}' has several servers: only {} is looked at", excerpt(fact.label), excerpt(hosts.front())),
          "name the others in the policy's endpoints");
    fact.share = values.text(record, "share");
    fact.read_only = values.flag(record, "readonly");
    fact.enabled = values.flag(record, "mounted");
    facts.nfs.push_back(std::move(fact));
  }
  return facts;
}

}  // namespace esx2esxi::intake
