#include "explain.hpp"

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;

std::string uplinks_undo(const Step& step, const State& before) {
  const auto [vswitch, group] = before.portgroup(step.argument("portgroup"));
  if (!group || !group->override)
    return fmt::format("let port group \"{}\" inherit the uplinks of its switch", step.argument("portgroup"));
  const auto& standby = group->override->standby;
  return fmt::format("set the uplinks of port group \"{}\" to active {}, standby {}", group->name,
                     join(group->override->active, ","), standby.empty() ? "none" : join(standby, ","));
}

std::string vlan_undo(const Step& step, const State& before) {
  const auto* group = before.portgroup(step.argument("portgroup")).second;
  const auto vlan = group && group->vlan ? group->vlan->value() : 0U;
  return fmt::format("set the VLAN of port group \"{}\" back to {}", step.argument("portgroup"), vlan);
}

std::string removed_interface_undo(const Step& step, const State& before) {
  const auto* interface = before.interface(step.interface);
  if (!interface) return fmt::format("add {} again", step.interface);
  auto out = fmt::format("add {} again on port group \"{}\", stack {}, {}", step.interface, interface->portgroup,
                         interface->stack, addressing_text(*interface));
  const auto tags = tags_of(*interface);
  if (!tags.empty()) out += ", tags " + join(tags, " ");
  return out;
}

std::string address_undo(const Step& step, const State& before) {
  const auto* interface = before.interface(step.interface);
  return fmt::format("set {} back to {}", step.interface, interface ? addressing_text(*interface) : "none");
}

std::string gateway_undo(const Step& step, const State& before) {
  const auto* stack = before.stack(step.argument("stack"));
  if (stack && stack->gateway)
    return fmt::format("set the default gateway of {} back to {}", stack->name, *stack->gateway);
  return fmt::format("remove the default gateway of {}", step.argument("stack"));
}

std::string mtu_undo(const Step& step, const State& before) {
  const auto* interface = before.interface(step.interface);
  return fmt::format("set the MTU of {} back to {}", step.interface,
                     interface && interface->mtu ? *interface->mtu : 1500);
}

std::string undo_text(const Step& step, const State& before) {
  const auto arg = [&](std::string_view name) { return step.argument(name); };
  switch (step.action) {
    case Action::AddPortgroup: return fmt::format("remove port group \"{}\"", arg("portgroup"));
    case Action::SetPortgroupVlan: return vlan_undo(step, before);
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return uplinks_undo(step, before);
    case Action::RemovePortgroup:
      return fmt::format("add port group \"{}\" on {} again", arg("portgroup"), arg("vswitch"));
    case Action::Unbind: return fmt::format("bind {} to {} again", step.interface, arg("adapter"));
    case Action::Bind: return fmt::format("unbind {} from {}", step.interface, arg("adapter"));
    case Action::RemoveTag: return fmt::format("add tag {} to {}", arg("tag"), step.interface);
    case Action::AddTag: return fmt::format("remove tag {} from {}", arg("tag"), step.interface);
    case Action::RemoveInterface: return removed_interface_undo(step, before);
    case Action::AddStack: return fmt::format("remove stack {}", arg("stack"));
    case Action::RemoveStack: return fmt::format("add stack {}", arg("stack"));
    case Action::AddInterface: return fmt::format("remove {}", step.interface);
    case Action::SetAddress: return address_undo(step, before);
    case Action::SetEnabled:
      return fmt::format("{} {}", arg("enabled") == "true" ? "disable" : "enable", step.interface);
    case Action::SetMtu: return mtu_undo(step, before);
    case Action::RemoveRoute:
      return fmt::format("add route {} by {} to {}", arg("network"), arg("next_hop"), arg("stack"));
    case Action::AddRoute:
      return fmt::format("remove route {} by {} from {}", arg("network"), arg("next_hop"), arg("stack"));
    case Action::RemoveGateway:
    case Action::SetGateway: return gateway_undo(step, before);
    case Action::Unmount: return fmt::format("mount volume \"{}\" again", arg("volume"));
    case Action::Mount: return fmt::format("unmount volume \"{}\"", arg("volume"));
  }
  return {};
}

model::Services on_portgroup(const State& state, std::string_view portgroup) {
  model::Services services;
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.portgroup == portgroup) services.merge(interface.services);
  return services;
}

/// Those who leave by the stack's default gateway: what the interfaces that reach it serve.
model::Services behind_gateway(const State& state, std::string_view stack) {
  model::Services services;
  const auto* table = state.stack(stack);
  if (!table || !table->gateway) return services;
  for (const auto& interface : state.interfaces)
    if (interface.stack == stack && holds(interface, *table->gateway)) services.merge(interface.services);
  return services;
}

/// What the step interrupts where a host may lose the default gateway with this interface, though another one reaches
/// it too: management from afar. (NFS that goes by the gateway is unmounted by then.)
model::Services with_gateway(model::Services services, const Interface* interface, const State& before) {
  const auto* table = interface ? before.stack(interface->stack) : nullptr;
  if (table && table->gateway && holds(*interface, *table->gateway) &&
      behind_gateway(before, table->name).has(model::Service::Management))
    services.add(model::Service::Management);
  return services;
}

std::string tagged_service(std::string_view name) {
  for (const auto& tag : versions().tags)
    if (tag.name == name && tag.service) return std::string(to_string(*tag.service));
  return {};
}

}  // namespace

std::string undo_of(const Step& step, const State& before) { return one_line(undo_text(step, before)); }

std::string Interruptions::of(const Step& step, const State& before) {
  const auto* interface = before.interface(step.interface);
  const auto in_use = interface && interface->enabled ? interface->services : model::Services();
  switch (step.action) {
    case Action::RemoveInterface:
      down_[step.interface] = in_use;
      return services_text(with_gateway(in_use, interface, before));
    case Action::AddInterface: return services_text(down_[step.interface]);
    case Action::SetAddress: {
      const auto it = down_.find(step.interface);
      if (it != down_.end()) return services_text(it->second);
      const bool carried = interface && (interface->address || interface->dhcp);
      return carried ? services_text(with_gateway(in_use, interface, before)) : std::string();
    }
    case Action::SetEnabled:
      return step.argument("enabled") == "true" ? std::string()
                                                : services_text(with_gateway(in_use, interface, before));
    case Action::SetPortgroupVlan:
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return services_text(on_portgroup(before, step.argument("portgroup")));
    case Action::RemoveGateway: return services_text(behind_gateway(before, step.argument("stack")));
    case Action::SetGateway: {
      const auto* table = before.stack(step.argument("stack"));
      const bool same = table && table->gateway && to_string(*table->gateway) == step.argument("gateway");
      return same ? std::string() : services_text(behind_gateway(before, step.argument("stack")));
    }
    case Action::Unbind: return std::string(to_string(model::Service::Iscsi));
    case Action::Unmount: return std::string(to_string(model::Service::Nfs));
    case Action::RemoveTag:
      return interface && interface->enabled ? tagged_service(step.argument("tag")) : std::string();
    case Action::AddTag:
    case Action::AddPortgroup:
    case Action::RemovePortgroup:
    case Action::AddStack:
    case Action::RemoveStack:
    case Action::SetMtu:
    case Action::RemoveRoute:
    case Action::AddRoute:
    case Action::Bind:
    case Action::Mount: return {};
  }
  return {};
}

unsigned seconds_of(const Step& step) {
  switch (step.action) {
    case Action::SetAddress: return step.argument("type") == "dhcp" ? 15 : 3;
    case Action::Unbind:
    case Action::Bind:
    case Action::Unmount:
    case Action::Mount: return 5;
    case Action::RemoveInterface:
    case Action::AddInterface:
    case Action::SetEnabled:
    case Action::RemoveGateway:
    case Action::SetGateway:
    case Action::SetPortgroupVlan:
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return 2;
    case Action::AddPortgroup:
    case Action::RemovePortgroup:
    case Action::RemoveTag:
    case Action::AddTag:
    case Action::AddStack:
    case Action::RemoveStack:
    case Action::SetMtu:
    case Action::RemoveRoute:
    case Action::AddRoute: return 1;
  }
  return 1;
}

}  // namespace esx2esxi::plan
