#include "traits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/old_words.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using model::State;
using plan::Action;
using plan::Step;
using Text = std::optional<std::string>;

constexpr std::string_view kAbsent = "absent";

std::vector<std::string> tags(const Interface& interface) {
  std::vector<std::string> out;
  for (const auto service : interface.services.list())
    if (const auto* tag = plan::versions().tag_of(service)) out.push_back(tag->name);
  std::sort(out.begin(), out.end());
  return out;
}

Text place(const Interface& i) {
  if (i.portgroup.empty()) return std::nullopt;  // a dvPort: what the listing prints for it is not known well enough
  return fmt::format("port group {}, stack {}", i.portgroup, i.stack);
}

Text address(const Interface& i) {
  if (i.dhcp) return "dhcp";
  if (!i.address || i.address->is_unspecified()) return "none";
  if (!i.netmask) return std::nullopt;
  return fmt::format("{} {}", *i.address, *i.netmask);
}

Text tags_shown(const Interface& i) {
  if (i.stack != model::kDefaultStack)
    return std::nullopt;  // whether a stack's own service shows as a tag is not known
  const auto all = tags(i);
  return all.empty() ? "no tags" : join(all, " ");
}

Text tag_shown(const Interface& i, const std::string& tag) {
  if (i.stack != model::kDefaultStack) return std::nullopt;
  const auto all = tags(i);
  return std::find(all.begin(), all.end(), tag) == all.end() ? "untagged" : "tagged";
}

Text of_interface(const Trait& trait, const State& state) {
  const auto* i = state.interface(trait.of.front());
  if (!i) return trait.look == Look::Binding ? "unbound" : std::string(kAbsent);
  switch (trait.look) {
    case Look::Place: return place(*i);
    case Look::Address: return address(*i);
    case Look::Enabled: return i->enabled ? "enabled" : "disabled";
    case Look::Mtu: return i->mtu ? Text(std::to_string(*i->mtu)) : std::nullopt;
    case Look::Mac: return i->mac ? Text(to_string(*i->mac)) : std::nullopt;
    case Look::OwnGateway: return i->gateway_override ? Text(to_string(*i->gateway_override)) : std::nullopt;
    case Look::Tags: return tags_shown(*i);
    case Look::Tag: return tag_shown(*i, trait.of[1]);
    case Look::Binding: return i->bound_to.empty() ? "unbound" : i->bound_to;
    case Look::Portgroup:
    case Look::Vlan:
    case Look::Uplinks:
    case Look::Gateway:
    case Look::Route:
    case Look::Volume:
    case Look::Stack: break;
  }
  return std::nullopt;
}

Text of_portgroup(const Trait& trait, const State& state) {
  const auto [vswitch, group] = state.portgroup(trait.of.front());
  if (!group) return std::string(kAbsent);
  if (trait.look == Look::Portgroup) return "on " + vswitch->name;
  if (trait.look == Look::Vlan) return group->vlan ? Text(std::to_string(group->vlan->value())) : std::nullopt;
  if (!group->override) return "inherited";
  return fmt::format("active {}, standby {}", join(group->override->active, ","), join(group->override->standby, ","));
}

Text of_stack(const Trait& trait, const State& state) {
  const auto* stack = state.stack(trait.of.front());
  if (trait.look == Look::Stack) return stack ? "there" : std::string(kAbsent);
  if (trait.look == Look::Gateway) return stack && stack->gateway ? to_string(*stack->gateway) : "none";
  if (!stack) return std::string(kAbsent);
  const auto is_it = [&](const model::Route& route) {
    return to_string(route.network.network()) == trait.of[1] && to_string(route.network.netmask()) == trait.of[2] &&
           to_string(route.next_hop) == trait.of[3];
  };
  return std::any_of(stack->routes.begin(), stack->routes.end(), is_it) ? "there" : std::string(kAbsent);
}

Text of_volume(const Trait& trait, const State& state) {
  for (const auto& mount : state.nfs)
    if (mount.label == trait.of.front()) return mount.server + ":" + mount.share;
  return std::string(kAbsent);
}

Trait route_trait(const Step& step) {
  const auto network = net::Ipv4Prefix::parse(step.argument("network")).value_or(net::Ipv4Prefix());
  return {Look::Route,
          {std::string(step.argument("stack")), to_string(network.network()), to_string(network.netmask()),
           std::string(step.argument("next_hop"))}};
}

constexpr std::string_view function_of(Look look) {
  switch (look) {
    case Look::Place: return "look_place";
    case Look::Address: return "look_address";
    case Look::Enabled: return "look_enabled";
    case Look::Mtu: return "look_mtu";
    case Look::Mac: return "look_mac";
    case Look::OwnGateway: return "look_own_gateway";
    case Look::Tags: return "look_tags";
    case Look::Tag: return "look_tag";
    case Look::Binding: return "look_binding";
    case Look::Portgroup: return "look_portgroup";
    case Look::Vlan: return "look_vlan";
    case Look::Uplinks: return "look_uplinks";
    case Look::Gateway: return "look_gateway";
    case Look::Route: return "look_route";
    case Look::Volume: return "look_volume";
    case Look::Stack: return "look_stack";
  }
  return {};
}

}  // namespace

std::string look_command(const Trait& trait) {
  std::vector<std::string> words{std::string(function_of(trait.look))};
  for (const auto& argument : trait.of) words.push_back(shell_word(argument));
  return shell_line(words);
}

std::string subject_of(const Trait& trait) {
  const auto& name = trait.of.front();
  switch (trait.look) {
    case Look::Place: return name;
    case Look::Address: return name + ": address";
    case Look::Enabled: return name + ": state";
    case Look::Mtu: return name + ": MTU";
    case Look::Mac: return name + ": MAC address";
    case Look::OwnGateway: return name + ": own gateway";
    case Look::Tags: return name + ": tags";
    case Look::Tag: return name + ": tag " + trait.of[1];
    case Look::Binding: return name + ": binding";
    case Look::Portgroup: return "port group " + name;
    case Look::Vlan: return "VLAN of port group " + name;
    case Look::Uplinks: return "uplinks of port group " + name;
    case Look::Gateway: return "default gateway of " + name;
    case Look::Route: return fmt::format("route {} {} by {} in {}", trait.of[1], trait.of[2], trait.of[3], name);
    case Look::Volume: return "volume " + name;
    case Look::Stack: return "stack " + name;
  }
  return name;
}

Text shown(const Trait& trait, const State& state) {
  switch (trait.look) {
    case Look::Place:
    case Look::Address:
    case Look::Enabled:
    case Look::Mtu:
    case Look::Mac:
    case Look::OwnGateway:
    case Look::Tags:
    case Look::Tag:
    case Look::Binding: return of_interface(trait, state);
    case Look::Portgroup:
    case Look::Vlan:
    case Look::Uplinks: return of_portgroup(trait, state);
    case Look::Gateway:
    case Look::Route:
    case Look::Stack: return of_stack(trait, state);
    case Look::Volume: return of_volume(trait, state);
  }
  return std::nullopt;
}

bool can_look(const Trait& trait, model::Target target) {
  const bool tag = trait.look == Look::Tags || trait.look == Look::Tag;
  if (tag && !plan::versions().has("tags", target)) return false;
  if (plan::versions().has("esxcli-network", target)) return true;
  if (trait.look == Look::Portgroup || trait.look == Look::Vlan || trait.look == Look::Volume)
    return plan::is_plain_operand(trait.of.front());
  return trait.look != Look::Uplinks;
}

Trait changed_by(const Step& step) {
  const auto arg = [&](std::string_view name) { return std::string(step.argument(name)); };
  switch (step.action) {
    case Action::AddPortgroup:
    case Action::RemovePortgroup: return {Look::Portgroup, {arg("portgroup")}};
    case Action::SetPortgroupVlan: return {Look::Vlan, {arg("portgroup")}};
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return {Look::Uplinks, {arg("portgroup")}};
    case Action::Unbind:
    case Action::Bind: return {Look::Binding, {step.interface, arg("adapter")}};
    case Action::RemoveTag:
    case Action::AddTag: return {Look::Tag, {step.interface, arg("tag")}};
    case Action::RemoveInterface:
    case Action::AddInterface: return {Look::Place, {step.interface}};
    case Action::AddStack:
    case Action::RemoveStack: return {Look::Stack, {arg("stack")}};
    case Action::SetAddress: return {Look::Address, {step.interface}};
    case Action::SetEnabled: return {Look::Enabled, {step.interface}};
    case Action::SetMtu: return {Look::Mtu, {step.interface}};
    case Action::RemoveRoute:
    case Action::AddRoute: return route_trait(step);
    case Action::RemoveGateway:
    case Action::SetGateway: return {Look::Gateway, {arg("stack")}};
    case Action::Unmount:
    case Action::Mount: return {Look::Volume, {arg("volume")}};
  }
  return {};
}

std::vector<Trait> touched_by(const std::vector<Step>& steps, const std::vector<Step>& more) {
  std::set<Trait> traits;
  for (const auto* list : {&steps, &more})
    for (const auto& step : *list) {
      const auto changed = changed_by(step);
      // A stack may be there before it is needed and stay when it is empty: both are as good.
      if (changed.look != Look::Stack && changed.look != Look::Tag) traits.insert(changed);
      if (!step.interface.empty())
        for (const auto look : {Look::Place, Look::Address, Look::Enabled, Look::Mtu, Look::Tags})
          traits.insert({look, {step.interface}});
      if (const auto portgroup = step.argument("portgroup"); !portgroup.empty() && step.interface.empty())
        for (const auto look : {Look::Portgroup, Look::Vlan, Look::Uplinks})
          traits.insert({look, {std::string(portgroup)}});
    }
  return {traits.begin(), traits.end()};
}

}  // namespace esx2esxi::render
