// Name, version and name services of ESXi 5.0 to 8.0.
//
// Facts relied on: "Product: VMware ESXi", "Build: Releasebuild-469512" (seen); `dns server list` prints "DNSServers:",
// `dns search list` "DNSSearch Domains:" (seen); where `ntp get` prints its servers is assumed.
#include "esx2esxi/core/text.hpp"
#include "esxi_call.hpp"

namespace esx2esxi::intake {

namespace {

/// Only the default stack's resolver is the host's.
bool of_default_stack(const EsxiCall& call) { return call.netstack() == model::kDefaultStack; }

}  // namespace

Facts read_hostname(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    facts.hostname = values.text(record, "fullyqualifieddomainname");
    if (!facts.hostname) facts.hostname = values.text(record, "hostname");
    facts.domain = values.text(record, "domainname");
  }
  return facts;
}

Facts read_version(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    facts.version = values.text(record, "version");
    if (const auto product = values.text(record, "product"))
      facts.product = Said<std::string>{product->value.ends_with("ESXi") ? "ESXi" : "ESX", product->at};
    facts.build = values.text(record, "build");
    if (facts.build) facts.build->value.erase(0, facts.build->value.rfind('-') + 1);
  }
  return facts;
}

Facts read_uuid(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  if (!call.output.records.empty()) facts.uuid = values.text(call.output.records.front(), "");
  return facts;
}

Facts read_dns_servers(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  if (!of_default_stack(call)) return facts;
  for (const auto& record : call.output.records) {
    const auto* field = record.find("dnsservers") ? record.find("dnsservers") : record.find("");
    std::size_t n = 0;
    for (const auto& item : items_of(field)) {
      auto at = values.at(*field);
      if (n < field->item_lines.size()) at.line = field->item_lines[n];
      ++n;
      const auto address = net::Ipv4Address::parse(item);
      if (address) facts.dns_servers.push_back({*address, at});
      if (!address && item.find(':') == std::string::npos)
        values.warn(values.at(*field), "value-damaged", "a DNS server is not an IPv4 address");
    }
  }
  return facts;
}

Facts read_dns_search(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  if (!of_default_stack(call)) return facts;
  for (const auto& record : call.output.records) {
    const auto* field = record.find("dnssearchdomains") ? record.find("dnssearchdomains") : record.find("");
    for (auto& item : items_of(field)) facts.dns_search.push_back({std::move(item), values.at(*field)});
  }
  return facts;
}

Facts read_ntp(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records)
    for (const auto key : {"server", "servers"})
      if (const auto* field = record.find(key))
        for (auto& item : items_of(field)) facts.ntp_servers.push_back({std::move(item), values.at(*field)});
  return facts;
}

}  // namespace esx2esxi::intake
