// Switches, port groups, teaming and NICs of ESXi 5.0 to 8.0.
//
// Facts relied on: "Num Ports" is a host-wide number from 5.5 on, so "Configured Ports" counts; the uplinks of a switch
// are in no order of rank, which `policy failover get` gives; a port group's own order holds only where it says
// "Override Vswitch Uplinks: true" (seen). No override line: the copy was cut, and what is printed is in force either
// way.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esxi_call.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

const std::string& name_of(const Record& record) {
  const auto* name = record.find("name");
  return name && !name->value.empty() ? name->value : record.id;
}

Maybe<SaidNames> uplinks_of(const Values& values, const Record& record) {
  const auto* field = record.find("uplinks");
  if (!field) return std::nullopt;
  return Said<SaidNames>{all_said(items_of(field), values.at(*field)), values.at(*field)};
}

Maybe<model::Teaming> teaming_of(const Values& values, const Record& record) {
  const auto* active = record.find("activeadapters");
  if (!active) return std::nullopt;
  return Said<model::Teaming>{{items_of(active), items_of(record.find("standbyadapters"))}, values.at(*active)};
}

/// The switch's fact in this output, made when it is named first.
SwitchFact& switch_named(Facts& facts, const std::string& name, const Origin& at) {
  const auto same = [&](const SwitchFact& s) { return s.name == name; };
  const auto it = std::find_if(facts.switches.begin(), facts.switches.end(), same);
  if (it != facts.switches.end()) return *it;
  facts.switches.push_back({});
  facts.switches.back().name = name;
  facts.switches.back().at = at;
  return facts.switches.back();
}

/// "DVPort:" and then Client, DVPortgroup ID, In Use, Port ID, once for each port.
std::vector<DvPortFact> dvports_of(const Values& values, const Record& record) {
  std::vector<DvPortFact> out;
  std::string client;
  for (const auto& field : record.fields) {
    if (field.key == "client") client = field.value == "N/A" ? std::string() : field.value;
    if (field.key != "portid") continue;
    out.push_back({field.value, client, values.at(field)});
    client.clear();
  }
  return out;
}

}  // namespace

Facts read_vswitch_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    if (name_of(record).empty()) continue;
    auto& fact = switch_named(facts, name_of(record), values.at(record));
    fact.mtu = values.number(record, "mtu");
    fact.ports = values.number(record, "configuredports");
    fact.uplinks = uplinks_of(values, record);
  }
  for (const auto& row : call.output.lost) {
    const Origin at{call.file, row.line, 1};
    values.warn(at, "listing-wrapped", "the value above goes on here, wrapped by a terminal: it was refused",
                "save the output in a file, or widen the window");
    facts.lost.push_back(
        {LostFact::Of::Host, {}, fmt::format("uplinks and port groups of {}", excerpt(row.begins)), {}, at});
  }
  return facts;
}

void learn_portgroups(const EsxiCall& call, EsxiContext& context) {
  for (const auto& record : call.output.records) {
    if (const auto on = record["virtualswitch"]; !on.empty()) context.switches[name_of(record)] = on;
    for (const auto& name : items_of(record.find("portgroups"))) context.switches.emplace(name, name_of(record));
  }
}

Facts read_portgroup_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    const std::string on(record["virtualswitch"]);
    if (on.empty() || name_of(record).empty()) continue;
    PortgroupFact fact;
    fact.name = name_of(record);
    fact.at = values.at(record);
    fact.vlan = values.vlan(record, "vlanid");
    switch_named(facts, on, fact.at).portgroups.push_back(std::move(fact));
  }
  for (const auto& row : call.output.lost)
    facts.lost.push_back({LostFact::Of::Host, {}, "port group", {}, {call.file, row.line, 1}});
  return facts;
}

Facts read_failover(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  const auto words = esxcli_words(call.command);
  const std::string name(words.option({"-v", "--vswitch-name"}));
  if (name.empty() || call.output.records.empty()) return facts;
  const auto& record = call.output.records.front();
  switch_named(facts, name, values.at(record)).teaming = teaming_of(values, record);
  return facts;
}

Facts read_portgroup_failover(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  const auto words = esxcli_words(call.command);
  PortgroupFact fact;
  fact.name = words.option({"-p", "--portgroup-name"});
  if (fact.name.empty() || call.output.records.empty()) return facts;
  const auto& record = call.output.records.front();
  const auto overrides = values.flag(record, "overridevswitchuplinks");
  const bool inherits = overrides && !overrides->value;
  const auto on = call.context.switches.find(fact.name);
  if (inherits && on == call.context.switches.end()) return facts;
  if (on == call.context.switches.end()) {
    values.warn(
        {call.file, call.line, 1}, "portgroup-unplaced",
        fmt::format("nothing says on which switch the port group '{}' is: its teaming is not used", excerpt(fact.name)),
        "add the output of: esxcli network vswitch standard portgroup list");
    return facts;
  }
  fact.at = values.at(record);
  fact.overrides = overrides;
  if (!inherits) fact.teaming = teaming_of(values, record);
  switch_named(facts, on->second, fact.at).portgroups.push_back(std::move(fact));
  return facts;
}

Facts read_dvs_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    if (name_of(record).empty()) continue;
    auto& fact = switch_named(facts, name_of(record), values.at(record));
    fact.distributed = true;
    fact.mtu = values.number(record, "mtu");
    fact.uplinks = uplinks_of(values, record);
    fact.dvports = dvports_of(values, record);
  }
  return facts;
}

Facts read_nic_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    const auto& name = name_of(record);
    if (!name.starts_with("vmnic") && !name.starts_with("vusb")) continue;
    facts.pnics.push_back({name, values.at(record), values.mac(record, "macaddress"), values.text(record, "driver")});
  }
  return facts;
}

}  // namespace esx2esxi::intake
