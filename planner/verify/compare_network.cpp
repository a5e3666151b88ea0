// Stacks with their routes, switches with their port groups.
#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::verify {

namespace {

using model::Portgroup;
using model::Route;
using model::Stack;
using model::Switch;
using plan::Action;

constexpr unsigned kUsualMtu = 1500;  // what a switch has that was given none

bool routes_seen(const Comparison& c, const std::string& stack) {
  if (c.seen({"network ip route ipv4 list", "esxcfg-route"}, stack)) return true;
  return stack == model::kDefaultStack && c.seen({"network ip route ipv4 list", "esxcfg-route"});
}

bool leases(const model::State& state, const std::string& stack) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const model::Interface& i) { return i.stack == stack && i.dhcp && i.enabled; });
}

/// A host takes no route whose next hop is on none of its networks.
bool reachable(const Comparison& c, const std::string& stack, net::Ipv4Address next_hop) {
  return leases(c.wanted, stack) ||
         std::any_of(c.wanted.interfaces.begin(), c.wanted.interfaces.end(), [&](const model::Interface& i) {
           const auto range = i.range();
           return i.stack == stack && i.enabled && range && range->contains(next_hop);
         });
}

void compare_gateway(Comparison& c, const Stack& wanted, const Stack& found) {
  const auto text = [](const auto& address) { return address ? Text(to_string(*address)) : Text(); };
  const auto subject = "stack " + wanted.name;
  if (wanted.gateway != found.gateway && leases(c.wanted, wanted.name))
    return c.unseen(subject + ": gateway", "comes with the lease of DHCP", false);
  if (wanted.gateway && !found.gateway && !reachable(c, wanted.name, *wanted.gateway))
    return c.unseen(subject + ": gateway", "is on no network of the host: it could carry nothing", false);
  auto mend = c.mend();
  const auto step = [&](Action action, net::Ipv4Address gateway) {
    mend.step(action, {}, {{"stack", wanted.name}, {"gateway", to_string(gateway)}});
  };
  if (found.gateway) step(Action::RemoveGateway, *found.gateway);
  if (wanted.gateway) step(Action::SetGateway, *wanted.gateway);
  c.check(subject, "gateway", text(wanted.gateway), text(found.gateway), mend);
}

std::string field_of(const Route& route) { return fmt::format("route {}", route.network); }

std::vector<std::pair<std::string, std::string>> arguments_of(const Stack& stack, const Route& route) {
  return {{"stack", stack.name}, {"network", to_string(route.network)}, {"next_hop", to_string(route.next_hop)}};
}

void compare_routes(Comparison& c, const Stack& wanted, const Stack& found) {
  const auto in = [](const std::vector<Route>& routes, const Route& route) {
    return std::find(routes.begin(), routes.end(), route) != routes.end();
  };
  const auto subject = "stack " + wanted.name;
  std::vector<const Route*> others;  // found, but not expected
  for (const auto& route : found.routes)
    if (!in(wanted.routes, route)) others.push_back(&route);
  for (const auto& route : wanted.routes) {
    const auto hop = to_string(route.next_hop);
    if (in(found.routes, route) || in(found.redirects, route)) {
      c.equal(subject, field_of(route), hop);
      continue;
    }
    auto mend = c.mend();
    const auto other =
        std::find_if(others.begin(), others.end(), [&](const Route* o) { return o->network == route.network; });
    if (other == others.end() && !reachable(c, wanted.name, route.next_hop)) {
      c.unseen(fmt::format("{}: {}", subject, field_of(route)), "its next hop is on no network: it could carry nothing",
               false);
      continue;
    }
    Text shown;
    if (other != others.end()) {
      shown = to_string((*other)->next_hop);
      mend.step(Action::RemoveRoute, {}, arguments_of(wanted, **other));
      others.erase(other);
    }
    mend.step(Action::AddRoute, {}, arguments_of(wanted, route));
    c.check(subject, field_of(route), hop, shown, mend);
  }
  for (const auto* route : others)
    c.check(subject, field_of(*route), {}, to_string(route->next_hop),
            c.mend().step(Action::RemoveRoute, {}, arguments_of(wanted, *route)));
}

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
  auto mend = c.mend();
  if (vswitch) mend.step(Action::RemovePortgroup, {}, {{"portgroup", wanted.name}, {"vswitch", vswitch->name}});
  add_portgroup(mend, wanted, on.name);
  c.check(subject, "", "on " + on.name, vswitch ? Text("on " + vswitch->name) : Text(), mend);
  if (!found) return;
  if (wanted.vlan && found->vlan)
    c.check(
        subject, "VLAN", std::to_string(wanted.vlan->value()), std::to_string(found->vlan->value()),
        c.mend().step(
            Action::SetPortgroupVlan, {},
            {{"portgroup", wanted.name}, {"vlan", std::to_string(wanted.vlan->value())}, {"vswitch", vswitch->name}}));
  compare_teaming(c, wanted, *found);
}

void compare_uplinks(Comparison& c, const Switch& wanted, const Switch& found) {
  auto mend = c.mend();
  const auto lacks = [](const Switch& s, const std::string& nic) {
    return std::find(s.uplinks.begin(), s.uplinks.end(), nic) == s.uplinks.end();
  };
  const auto uplink = [&](std::string_view verb, const std::string& nic) {
    mend.esxcli(fmt::format("network vswitch standard uplink {}", verb),
                {{"uplink-name", nic}, {"vswitch-name", wanted.name}});
  };
  for (const auto& nic : wanted.uplinks)
    if (lacks(found, nic)) uplink("add", nic);
  for (const auto& nic : found.uplinks)
    if (lacks(wanted, nic)) uplink("remove", nic);
  const auto text = [](const Switch& s) { return s.uplinks.empty() ? "none" : join(sorted(s.uplinks), " "); };
  c.check("switch " + wanted.name, "uplinks", text(wanted), text(found), mend);
}

void compare_switch(Comparison& c, const Switch& wanted, const Switch& found) {
  const auto subject = "switch " + wanted.name;
  compare_uplinks(c, wanted, found);
  const auto mtu = std::to_string(wanted.mtu.value_or(kUsualMtu));
  if (found.mtu)
    c.check(subject, "MTU", mtu, std::to_string(*found.mtu),
            c.mend().esxcli("network vswitch standard set", {{"vswitch-name", wanted.name}, {"mtu", mtu}}));
  if (!c.seen({"network vswitch standard policy failover get"}, wanted.name)) return;
  c.check(subject, "active and standby uplinks", text_of(wanted.teaming), text_of(found.teaming),
          c.mend().esxcli("network vswitch standard policy failover set",
                          {{"vswitch-name", wanted.name},
                           {"active-uplinks", join(wanted.teaming.active, ",")},
                           {"standby-uplinks", join(wanted.teaming.standby, ",")}}));
}

void compare_all_switches(Comparison& c) {
  for (const auto& wanted : c.wanted.switches) {
    if (wanted.distributed) continue;  // vCenter's, not the host's
    const auto* found = c.found.switch_named(wanted.name);
    c.check("switch " + wanted.name, "", "there", found ? Text("there") : Text(),
            c.mend().esxcli("network vswitch standard add", {{"vswitch-name", wanted.name}}));
    if (found) compare_switch(c, wanted, *found);
  }
  for (const auto& found : c.found.switches)
    if (!found.distributed && !c.wanted.switch_named(found.name))
      c.check("switch " + found.name, "", {}, "there",
              c.mend().esxcli("network vswitch standard remove", {{"vswitch-name", found.name}}));
}

}  // namespace

void compare_stacks(Comparison& c) {
  for (const auto& wanted : c.wanted.stacks) {
    const auto* shown = c.found.stack(wanted.name);
    if (!routes_seen(c, wanted.name)) {
      const bool needed = wanted.gateway || !wanted.routes.empty() || wanted.name == model::kDefaultStack;
      c.unseen(fmt::format("stack {}: gateway and routes", wanted.name),
               c.old_words()                         ? "esxcfg-route -l"
               : wanted.name == model::kDefaultStack ? "esxcli network ip route ipv4 list"
                                                     : "esxcli network ip route ipv4 list -N NAME",
               needed);
      continue;
    }
    Stack none;
    none.name = wanted.name;
    const auto& found = shown ? *shown : none;
    compare_gateway(c, wanted, found);
    compare_routes(c, wanted, found);
  }
}

void compare_switches(Comparison& c) {
  if (!c.seen_any({"network vswitch standard list", "esxcfg-vswitch"}))
    c.unseen("switches", c.old_words() ? "esxcfg-vswitch -l" : "esxcli network vswitch standard list", false);
  else
    compare_all_switches(c);
  if (!c.seen_any({"network vswitch standard portgroup list", "esxcfg-vswitch"}))
    return c.unseen("port groups and VLANs",
                    c.old_words() ? "esxcfg-vswitch -l" : "esxcli network vswitch standard portgroup list", true);
  for (const auto& vswitch : c.wanted.switches) {
    if (vswitch.distributed) continue;
    for (const auto& group : vswitch.portgroups) compare_portgroup(c, vswitch, group);
  }
  for (const auto& vswitch : c.found.switches) {
    if (vswitch.distributed) continue;
    for (const auto& group : vswitch.portgroups)
      if (!c.wanted.portgroup(group.name).second)
        c.check("port group " + group.name, "", {}, "on " + vswitch.name,
                c.mend().step(Action::RemovePortgroup, {}, {{"portgroup", group.name}, {"vswitch", vswitch.name}}));
  }
}

}  // namespace esx2esxi::verify
