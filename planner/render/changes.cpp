#include "changes.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::render {

namespace {

/// The counterpart of `interface` in another state: the same classic interface, or the same name if it has none.
const model::Interface* same_in(const model::State& state, const model::Interface& interface) {
  for (const auto& other : state.interfaces)
    if (interface.from.empty() ? other.from.empty() && other.name == interface.name : other.from == interface.from)
      return &other;
  return nullptr;
}

std::string teaming_text(const model::Teaming& teaming) {
  auto text = teaming.active.empty() ? std::string("none") : join(teaming.active, ", ");
  if (!teaming.standby.empty()) text += " (standby " + join(teaming.standby, ", ") + ")";
  return text;
}

void say_if_differs(std::vector<std::string>& lines, std::string_view what, const std::string& from,
                    const std::string& to) {
  if (from != to)
    lines.push_back(fmt::format("{} {} to {}", what, from.empty() ? "none" : from, to.empty() ? "none" : to));
}

std::string number_text(const std::optional<unsigned>& value) { return value ? std::to_string(*value) : "default"; }

}  // namespace

bool InterfaceChange::readdressed() const {
  if (!after) return false;
  const auto* old = before ? before : mapped;
  return old && (old->address != after->address || old->netmask != after->netmask);
}

std::string_view fate_of(const InterfaceChange& change) {
  if (change.dropped()) return "released";
  if (change.added()) return "new";
  return change.readdressed() ? "changed" : "kept";
}

std::vector<InterfaceChange> interface_changes(const plan::HostPlan& host) {
  std::vector<InterfaceChange> changes;
  for (const auto& interface : host.after.interfaces)
    changes.push_back({same_in(host.before, interface), same_in(host.mapped, interface), &interface});
  for (const auto& interface : host.mapped.interfaces)
    if (!same_in(host.after, interface)) changes.push_back({same_in(host.before, interface), &interface, nullptr});
  for (const auto& interface : host.before.interfaces)
    if (!same_in(host.after, interface) && !same_in(host.mapped, interface))
      changes.push_back({&interface, nullptr, nullptr});
  std::stable_sort(changes.begin(), changes.end(), [](const InterfaceChange& a, const InterfaceChange& b) {
    if (a.dropped() != b.dropped()) return b.dropped();
    return natural_less(a.last().name, b.last().name);
  });
  return changes;
}

std::vector<std::string> differences(const InterfaceChange& change) {
  if (change.dropped()) return {"dropped"};
  if (!change.mapped) return {"new"};
  const auto& from = *change.mapped;
  const auto& to = *change.after;
  std::vector<std::string> lines;
  say_if_differs(lines, "address", address_text(from), address_text(to));
  if (from.vlan != to.vlan) say_if_differs(lines, "VLAN", vlan_text(from.vlan), vlan_text(to.vlan));
  say_if_differs(lines, "stack", from.stack, to.stack);
  say_if_differs(lines, "port group", from.portgroup, to.portgroup);
  say_if_differs(lines, "vSwitch", from.vswitch, to.vswitch);
  say_if_differs(lines, "uplinks", teaming_text(from.uplinks), teaming_text(to.uplinks));
  say_if_differs(lines, "MTU", number_text(from.mtu), number_text(to.mtu));
  say_if_differs(lines, "services", services_text(from), services_text(to));
  say_if_differs(lines, "binding", from.bound_to, to.bound_to);
  say_if_differs(lines, "own gateway", from.gateway_override ? to_string(*from.gateway_override) : "",
                 to.gateway_override ? to_string(*to.gateway_override) : "");
  if (from.enabled != to.enabled) lines.emplace_back(to.enabled ? "enabled" : "disabled");
  return lines;
}

std::optional<net::Ipv4Address> gateway_of(const model::State& state, const model::Interface& interface) {
  if (interface.gateway_override) return interface.gateway_override;
  const auto* stack = state.stack(interface.stack);
  const auto range = interface.range();
  if (!stack || !stack->gateway || !range || !range->contains(*stack->gateway)) return std::nullopt;
  return stack->gateway;
}

std::string vlan_text(const std::optional<net::VlanId>& vlan) {
  if (!vlan) return "?";
  return vlan->value() == 0 ? "untagged" : std::to_string(vlan->value());
}

std::string services_text(const model::Interface& interface) {
  std::vector<std::string> names;
  for (const auto service : interface.services.list()) names.emplace_back(to_string(service));
  return join(names, ", ");
}

std::string subject_of(const plan::HostPlan& host, const readdress::Remedy& remedy) {
  if (remedy.interface.empty()) return {};
  const auto* after = host.after.interface(remedy.interface);
  const auto* mapped = host.mapped.interface(remedy.interface);
  const auto* known = after ? after : mapped;
  if (!known || known->from.empty() || known->from == known->name) return remedy.interface;
  return after ? known->name + " (was " + known->from + ")" : known->from;
}

std::vector<const readdress::Remedy*> remedies_of(const plan::HostPlan& host, const std::string& interface) {
  std::vector<const readdress::Remedy*> out;
  for (const auto& remedy : host.remedies)
    if (remedy.interface == interface) out.push_back(&remedy);
  return out;
}

}  // namespace esx2esxi::render
