// Switches with their uplinks and port groups.
#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::verify {

namespace {

using model::Portgroup;
using model::Switch;
using plan::Action;

constexpr unsigned kUsualMtu = 1500;  // what a switch has that was given none

std::vector<std::string> sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return natural_less(a, b); });
  return names;
}

std::string text_of(const model::Teaming& teaming) {
  return fmt::format("active {}, standby {}", teaming.active.empty() ? "none" : join(sorted(teaming.active), " "),
                     teaming.standby.empty() ? "none" : join(teaming.standby, " "));
}

std::string own_uplinks(const Portgroup& group) { return group.override ? text_of(*group.override) : "of the switch"; }

void set_uplinks(Mend& mend, const Portgroup& group) {
  if (!group.override) {
    mend.step(Action::InheritUplinks, {}, {{"portgroup", group.name}});
    return;
  }
  mend.step(Action::SetPortgroupUplinks, {},
            {{"portgroup", group.name},
             {"active", join(group.override->active, ",")},
             {"standby", join(group.override->standby, ",")}});
}

void add_portgroup(Mend& mend, const Portgroup& group, const std::string& vswitch) {
  mend.step(Action::AddPortgroup, {}, {{"portgroup", group.name}, {"vswitch", vswitch}});
  if (group.vlan && group.vlan->value() != 0)
    mend.step(Action::SetPortgroupVlan, {},
              {{"portgroup", group.name}, {"vlan", std::to_string(group.vlan->value())}, {"vswitch", vswitch}});
  if (group.override) set_uplinks(mend, group);
}

Mend added(const Comparison& c, const Portgroup& wanted, const std::string& vswitch) {
  auto mend = c.mend();
  add_portgroup(mend, wanted, vswitch);
  return mend;
}

/// A port group with an interface in it is not removed: interfaces go first, and come again.
Mend moved(const Comparison& c, const Portgroup& wanted, const std::string& from, const std::string& to) {
  auto mend = c.mend();
  bool management = false;
  for (const auto& found : c.found.interfaces) {
    if (found.portgroup != wanted.name) continue;
    remove_interface(mend, found);
    management = management || found.services.has(model::Service::Management);
  }
  mend.step(Action::RemovePortgroup, {}, {{"portgroup", wanted.name}, {"vswitch", from}});
  add_portgroup(mend, wanted, to);
  for (const auto& interface : c.wanted.interfaces)
    if (interface.portgroup == wanted.name && c.found.interface(interface.name)) make_interface(mend, interface);
  return management ? mend.at_once() : mend;
}

/// Who has to be asked for the teaming of one port group, and whether the plan depends on the answer.
void compare_teaming(Comparison& c, const Portgroup& wanted, const Portgroup& found) {
  const auto subject = "port group " + wanted.name;
  if (!c.seen({"network vswitch standard portgroup policy failover get"}, wanted.name)) {
    const auto before = c.planned.mapped.portgroup(wanted.name).second;
    const bool changed = (before ? before->override : std::optional<model::Teaming>()) != wanted.override;
    if (c.old_words()) return;  // no listing tells; the plan leaves them alone
    return c.unseen(subject + ": uplinks", "esxcli network vswitch standard portgroup policy failover get -p NAME",
                    changed);
  }
  auto mend = c.mend();
  set_uplinks(mend, wanted);
  c.check(subject, "uplinks", own_uplinks(wanted), own_uplinks(found), mend);
}

void compare_portgroup(Comparison& c, const Switch& on, const Portgroup& wanted) {
  const auto subject = "port group " + wanted.name;
  const auto [vswitch, found] = c.found.portgroup(wanted.name);
  c.check(subject, "", "on " + on.name, vswitch ? Text("on " + vswitch->name) : Text(),
          vswitch ? moved(c, wanted, vswitch->name, on.name) : added(c, wanted, on.name));
  if (!found) return;
  if (wanted.vlan && found->vlan)
    c.check(
        subject, "VLAN", std::to_string(wanted.vlan->value()), std::to_string(found->vlan->value()),
        c.mend().step(
            Action::SetPortgroupVlan, {},
            {{"portgroup", wanted.name}, {"vlan", std::to_string(wanted.vlan->value())}, {"vswitch", vswitch->name}}));
  compare_teaming(c, wanted, *found);
}

void set_mtu(Mend& mend, const std::string& vswitch, const std::string& mtu) {
  mend.esxcli("network vswitch standard set", {{"vswitch-name", vswitch}, {"mtu", mtu}});
  mend.esxcfg("esxcfg-vswitch", {{"-m", mtu}}, vswitch);
}

void set_teaming(Mend& mend, const Switch& wanted) {
  mend.esxcli("network vswitch standard policy failover set", {{"vswitch-name", wanted.name},
                                                               {"active-uplinks", join(wanted.teaming.active, ",")},
                                                               {"standby-uplinks", join(wanted.teaming.standby, ",")}});
}

void remove_uplink(Mend& mend, const std::string& nic, const std::string& from) {
  mend.esxcli("network vswitch standard uplink remove", {{"uplink-name", nic}, {"vswitch-name", from}});
  mend.esxcfg("esxcfg-vswitch", {{"-U", nic}}, from);
}

bool has_uplink(const Switch& vswitch, const std::string& nic) {
  return std::find(vswitch.uplinks.begin(), vswitch.uplinks.end(), nic) != vswitch.uplinks.end();
}

/// A NIC belongs to one switch: another that has it gives it up first.
void add_uplink(Mend& mend, const Comparison& c, const std::string& nic, const std::string& to) {
  for (const auto& other : c.found.switches)
    if (!other.distributed && other.name != to && has_uplink(other, nic)) remove_uplink(mend, nic, other.name);
  mend.esxcli("network vswitch standard uplink add", {{"uplink-name", nic}, {"vswitch-name", to}});
  mend.esxcfg("esxcfg-vswitch", {{"-L", nic}}, to);
}

void compare_uplinks(Comparison& c, const Switch& wanted, const Switch& found) {
  auto mend = c.mend();
  for (const auto& nic : wanted.uplinks)
    if (!has_uplink(found, nic)) add_uplink(mend, c, nic, wanted.name);
  for (const auto& nic : found.uplinks)
    if (!has_uplink(wanted, nic)) remove_uplink(mend, nic, wanted.name);
  const auto text = [](const Switch& s) { return s.uplinks.empty() ? "none" : join(sorted(s.uplinks), " "); };
  c.check("switch " + wanted.name, "uplinks", text(wanted), text(found), mend);
}

void compare_switch(Comparison& c, const Switch& wanted, const Switch& found) {
  const auto subject = "switch " + wanted.name;
  compare_uplinks(c, wanted, found);
  const auto mtu = std::to_string(wanted.mtu.value_or(kUsualMtu));
  auto larger = c.mend();
  set_mtu(larger, wanted.name, mtu);
  if (found.mtu) c.check(subject, "MTU", mtu, std::to_string(*found.mtu), larger);
  if (!c.seen({"network vswitch standard policy failover get"}, wanted.name)) return;
  auto order = c.mend();
  set_teaming(order, wanted);
  c.check(subject, "active and standby uplinks", text_of(wanted.teaming), text_of(found.teaming), order);
}

void make_switch(Mend& mend, const Comparison& c, const Switch& wanted) {
  mend.esxcli("network vswitch standard add", {{"vswitch-name", wanted.name}});
  mend.esxcfg("esxcfg-vswitch", {{"-a", ""}}, wanted.name);
  if (wanted.mtu && *wanted.mtu != kUsualMtu) set_mtu(mend, wanted.name, std::to_string(*wanted.mtu));
  for (const auto& nic : wanted.uplinks) add_uplink(mend, c, nic, wanted.name);
  if (!wanted.teaming.active.empty()) set_teaming(mend, wanted);
}

void compare_all_switches(Comparison& c) {
  for (const auto& wanted : c.wanted.switches) {
    if (wanted.distributed) continue;  // vCenter's, not the host's
    const auto* found = c.found.switch_named(wanted.name);
    auto mend = c.mend();
    make_switch(mend, c, wanted);
    c.check("switch " + wanted.name, "", "there", found ? Text("there") : Text(), mend);
    if (found) compare_switch(c, wanted, *found);
  }
}

void surplus_portgroups(Comparison& c) {
  for (const auto& vswitch : c.found.switches) {
    if (vswitch.distributed) continue;
    for (const auto& group : vswitch.portgroups)
      if (!c.wanted.portgroup(group.name).second)
        c.check("port group " + group.name, "", {}, "on " + vswitch.name,
                c.mend().step(Action::RemovePortgroup, {}, {{"portgroup", group.name}, {"vswitch", vswitch.name}}));
  }
}

void surplus_switches(Comparison& c) {
  for (const auto& found : c.found.switches) {
    if (found.distributed || c.wanted.switch_named(found.name)) continue;
    auto mend = c.mend();
    mend.esxcli("network vswitch standard remove", {{"vswitch-name", found.name}});
    mend.esxcfg("esxcfg-vswitch", {{"-d", ""}}, found.name);
    c.check("switch " + found.name, "", {}, "there", mend);
  }
}

bool switches_shown(const Comparison& c) { return c.seen_any({"network vswitch standard list", "esxcfg-vswitch"}); }

bool portgroups_shown(const Comparison& c) {
  return c.seen_any({"network vswitch standard portgroup list", "esxcfg-vswitch"});
}

}  // namespace

void compare_switches(Comparison& c) {
  if (!switches_shown(c))
    c.unseen("switches", c.old_words() ? "esxcfg-vswitch -l" : "esxcli network vswitch standard list", false);
  else
    compare_all_switches(c);
  if (!portgroups_shown(c))
    return c.unseen("port groups and VLANs",
                    c.old_words() ? "esxcfg-vswitch -l" : "esxcli network vswitch standard portgroup list", true);
  for (const auto& vswitch : c.wanted.switches) {
    if (vswitch.distributed) continue;
    for (const auto& group : vswitch.portgroups) compare_portgroup(c, vswitch, group);
  }
}

void compare_surplus(Comparison& c) {
  if (portgroups_shown(c)) surplus_portgroups(c);
  if (switches_shown(c)) surplus_switches(c);
}

}  // namespace esx2esxi::verify
