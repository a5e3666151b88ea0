#include "overlay.hpp"

#include <algorithm>

#include "facts_walk.hpp"

namespace esx2esxi::intake {

namespace {

template <class T>
void replace(std::optional<T>& value, std::optional<T>& later) {
  if (later) value = std::move(later);
}

template <class T>
void append(std::vector<T>& all, std::vector<T>& later) {
  std::move(later.begin(), later.end(), std::back_inserter(all));
}

/// A list that a file gives as a whole.
template <class T>
void replace_list(std::vector<T>& all, std::vector<T>& later) {
  if (!later.empty()) all = std::move(later);
}

void overlay_interface(InterfaceFact& fact, InterfaceFact& later) {
  replace(fact.address, later.address);
  replace(fact.netmask, later.netmask);
  replace(fact.dhcp, later.dhcp);
  replace(fact.peer_dns, later.peer_dns);
  replace(fact.enabled, later.enabled);
  replace(fact.portgroup, later.portgroup);
  replace(fact.mac, later.mac);
  replace(fact.mtu, later.mtu);
  append(fact.unresolved, later.unresolved);
}

void overlay_gateway(std::vector<GatewayFact>& all, GatewayFact& later) {
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const GatewayFact& fact) { return fact.stack == later.stack; });
  if (at == all.end()) return all.push_back(std::move(later));
  replace(at->gateway, later.gateway);
  replace(at->device, later.device);
}

}  // namespace

Facts moved(Facts facts, const FileName& file, const ScriptLines& lines) {
  for_each_origin(facts, [&](Origin& at) {
    at.file = file;
    at.column = 1;
    at.line = at.line > 0 && at.line <= lines.size() ? lines[at.line - 1].number : 0;
  });
  return facts;
}

void overlay(Facts& facts, Facts later) {
  for (auto& one : later.interfaces) {
    const auto at = std::find_if(facts.interfaces.begin(), facts.interfaces.end(),
                                 [&](const InterfaceFact& fact) { return fact.name == one.name; });
    if (at == facts.interfaces.end())
      facts.interfaces.push_back(std::move(one));
    else
      overlay_interface(*at, one);
  }
  for (auto& one : later.gateways) overlay_gateway(facts.gateways, one);
  replace(facts.hostname, later.hostname);
  replace(facts.domain, later.domain);
  replace(facts.software_iscsi, later.software_iscsi);
  replace_list(facts.dns_servers, later.dns_servers);
  replace_list(facts.dns_search, later.dns_search);
  append(facts.ntp_servers, later.ntp_servers);
  append(facts.hosts_entries, later.hosts_entries);
  append(facts.routes, later.routes);
  append(facts.iscsi_targets, later.iscsi_targets);
  append(facts.unresolved, later.unresolved);
  append(facts.lost, later.lost);
  append(facts.notes, later.notes);
}

}  // namespace esx2esxi::intake
