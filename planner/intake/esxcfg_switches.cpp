// esxcfg-vswitch in a script: a new switch has no uplink, a new port group no VLAN.
#include <algorithm>

#include <fmt/format.h>

#include "esxcfg_commands.hpp"

namespace esx2esxi::intake {

namespace {

// No host has as many; beyond, the last one is replaced.
constexpr std::size_t kMostSwitches = 256;
constexpr std::size_t kMostPortgroups = 1024;
constexpr std::size_t kMostUplinks = 64;

constexpr Option kVswitch[] = {{'a', "add"},
                               {'d', "delete"},
                               {'l', "list"},
                               {'L', "link", true},
                               {'U', "unlink", true},
                               {'M', "add-pg-uplink", true},
                               {'N', "del-pg-uplink", true},
                               {'p', "pg", true},
                               {'v', "vlan", true},
                               {'c', "check"},
                               {'A', "add-pg", true},
                               {'D', "del-pg", true},
                               {'C', "check-pg", true},
                               {'B', "set-cdp", true},
                               {'b', "get-cdp"},
                               {'m', "mtu", true},
                               {'r', "restore"},
                               {'P', "add-dvp-uplink", true},
                               {'Q', "del-dvp-uplink", true},
                               {'V', "dvp", true},
                               {'X', "set-maxactive", true}};

}  // namespace

SwitchFact* EsxcfgCommands::find_switch(std::string_view name) {
  const auto at = std::find_if(facts_.switches.begin(), facts_.switches.end(),
                               [&](const SwitchFact& fact) { return fact.name == name; });
  return at == facts_.switches.end() ? nullptr : &*at;
}

SwitchFact& EsxcfgCommands::add_switch(const Line& line, std::string_view name, std::string_view token) {
  if (auto* known = find_switch(name)) return *known;
  SwitchFact fact;
  fact.name = std::string(name);
  fact.at = reading_.at(line, token);
  if (facts_.switches.size() >= kMostSwitches) facts_.switches.pop_back();
  facts_.switches.push_back(std::move(fact));
  return facts_.switches.back();
}

PortgroupFact& EsxcfgCommands::portgroup(const Line& line, SwitchFact& parent, const ShellWord& name) {
  const auto at = std::find_if(parent.portgroups.begin(), parent.portgroups.end(),
                               [&](const PortgroupFact& fact) { return fact.name == name.text; });
  if (at != parent.portgroups.end()) return *at;
  PortgroupFact fact;
  fact.name = name.text;
  fact.at = reading_.at(line, name.raw);
  fact.vlan = Said<net::VlanId>{net::VlanId(), fact.at};
  if (parent.portgroups.size() >= kMostPortgroups) parent.portgroups.pop_back();
  parent.portgroups.push_back(std::move(fact));
  return parent.portgroups.back();
}

void EsxcfgCommands::set_vlan(const Line& line, PortgroupFact& group, const ShellWord& vlan) {
  group.vlan.reset();
  if (is_open(line, vlan)) return;
  if (const auto id = net::VlanId::parse(vlan.text))
    group.vlan = said(line, vlan, *id);
  else
    reading_.warn(reading_.at(line, vlan.raw), "value-damaged",
                  fmt::format("'{}' is not a VLAN id: {}", excerpt(vlan.text), id.error().what));
}

/// The list with that uplink at its end, or without it.
Said<SaidNames> EsxcfgCommands::changed(const Line& line, SaidNames list, const ShellWord& pnic, bool add) const {
  std::erase_if(list, [&](const auto& known) { return known.value == pnic.text; });
  if (add && list.size() < kMostUplinks) list.push_back(said(line, pnic, pnic.text));
  return said(line, pnic, std::move(list));
}

void EsxcfgCommands::uplink(const Invocation& call, SwitchFact& target, const ShellWord& pnic, bool link) {
  if (is_lost(call.line, pnic, LostFact::Of::Switch, target.name, "uplinks")) return target.uplinks.reset();
  if (!target.uplinks) return;  // made by the installer, with a NIC that is not named: the list would be wrong
  *target.uplinks = changed(call.line, std::move(target.uplinks->value), pnic, link);
}

/// A port group uses the switch's uplinks until one is taken from it or given to it: then it has an order of its own.
void EsxcfgCommands::group_uplink(const Invocation& call, SwitchFact& target, const ShellWord& name,
                                  const ShellWord& pnic, bool add) {
  const auto at = std::find_if(target.portgroups.begin(), target.portgroups.end(),
                               [&](const PortgroupFact& fact) { return fact.name == name.text; });
  if (at == target.portgroups.end()) return incomplete(call, "a port group of that name");
  if (is_lost(call.line, pnic, LostFact::Of::Switch, target.name, "uplinks")) return target.uplinks.reset();
  if (!at->uplink_order && !target.uplinks)
    return reading_.lose({LostFact::Of::Switch, target.name, "uplinks", {}, reading_.at(call.line, pnic.raw)});
  auto order = at->uplink_order ? at->uplink_order->value : target.uplinks->value;
  at->uplink_order = changed(call.line, std::move(order), pnic, add);
}

void EsxcfgCommands::vswitch(const Invocation& call) {
  const auto given = arguments(call, kVswitch);
  if (refused(call, given)) return;
  const auto* named = given.operand();
  if (!named) return incomplete(call, "the name of the switch");
  if (is_open(call.line, *named)) return;
  if (given.has('P') || given.has('Q'))
    return reading_.note(reading_.at(call.line), "command-ignored", "uplinks of distributed switches are not followed");
  if (given.has('d')) return void(std::erase_if(facts_.switches, [&](auto& fact) { return fact.name == named->text; }));
  const auto colon = given.has('a') ? named->text.rfind(':') : std::string::npos;
  auto& target = add_switch(call.line, std::string_view(named->text).substr(0, colon), named->raw);
  if (given.has('a')) {
    target.uplinks = said(call.line, *named, SaidNames());
    if (const auto ports = number(std::string_view(named->text).substr(std::min(colon, named->text.size() - 1) + 1));
        ports && colon != std::string::npos && *ports < 65536)
      target.ports = said(call.line, *named, static_cast<unsigned>(*ports));
  }
  if (const auto* pnic = given.find('L')) uplink(call, target, *pnic, true);
  if (const auto* pnic = given.find('U')) uplink(call, target, *pnic, false);
  if (const auto* name = given.find('A'); name && !is_open(call.line, *name)) portgroup(call.line, target, *name);
  if (const auto* name = given.find('D'))
    std::erase_if(target.portgroups, [&](const PortgroupFact& fact) { return fact.name == name->text; });
  if (const auto* mtu = given.find('m')) {
    target.mtu.reset();
    if (!is_lost(call.line, *mtu, LostFact::Of::Switch, target.name, "mtu")) {
      target.mtu = reading_.mtu(call.line, token(*mtu));
      if (!target.mtu) reading_.lose({LostFact::Of::Switch, target.name, "mtu", {}, reading_.at(call.line, mtu->raw)});
    }
  }
  const auto* group = given.find('p');
  const auto* vlan = given.find('v');
  for (const char option : {'M', 'N'})
    if (const auto* pnic = given.find(option)) {
      if (!group) return incomplete(call, "the port group");
      if (!is_open(call.line, *group)) group_uplink(call, target, *group, *pnic, option == 'M');
    }
  if (group && vlan && !is_open(call.line, *group)) set_vlan(call.line, portgroup(call.line, target, *group), *vlan);
}

}  // namespace esx2esxi::intake
