// What no input says where its format would not leave it out: a decision that hangs on it is nobody's guess.
//
// Facts relied on: esx.conf and scripts leave an MTU of 1500 and an uplink order of the switch's out; inventories and
// lists of ESXi have such values in places of their own, which may be missing (seen).
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "lines.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

using model::Interface;

constexpr unsigned kUsualMtu = 1500;

bool is_configuration(const FileFacts& file) {
  return file.importer->trust == Trust::Configuration || file.importer->trust == Trust::Script;
}

bool any_switch(const Merge& merge, std::string_view name, bool (*fits)(const FileFacts&, const SwitchFact&)) {
  return std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
    const auto& all = file.facts.switches;
    return std::any_of(all.begin(), all.end(),
                       [&](const SwitchFact& fact) { return fact.name == name && fits(file, fact); });
  });
}

/// A switch whose source leaves the usual values out.
bool is_configured(const Merge& merge, std::string_view vswitch) {
  return any_switch(merge, vswitch, [](const FileFacts& file, const SwitchFact&) { return is_configuration(file); });
}

/// Frames larger than usual need to know what the switch lets pass.
void check_mtu(Merge& merge, const Interface& interface) {
  const auto* vswitch = merge.host.before.switch_named(interface.vswitch);
  if (!vswitch || vswitch->distributed || vswitch->mtu || interface.mtu.value_or(kUsualMtu) <= kUsualMtu) return;
  const Subject subject{"", "mtu", false, vswitch->name};
  if (is_configured(merge, vswitch->name) || merge.doubts(subject)) return;
  merge.missing(subject, has_esxcli(merge) ? "esxcli network vswitch standard list" : "esxcfg-vswitch -l",
                vswitch->origins.any());
}

/// The order of the group itself, or word that it has none and the order of its switch.
bool tells_order(const Merge& merge, const Interface& interface) {
  if (is_configured(merge, interface.vswitch)) return true;
  bool own = false;
  bool inherits = false;
  for (const auto& file : merge.files)
    for (const auto& vswitch : file.facts.switches)
      for (const auto& group : vswitch.portgroups) {
        if (!same_name(group.name, interface.portgroup)) continue;
        own = own || group.teaming;
        inherits = inherits || (group.overrides && !group.overrides->value);
      }
  const auto has_order = [](const FileFacts&, const SwitchFact& fact) { return fact.teaming.has_value(); };
  return own || (inherits && any_switch(merge, interface.vswitch, has_order));
}

/// Where a group may use several uplinks, whether two interfaces may share a subnet hangs on which it does use.
void check_order(Merge& merge, const Interface& interface) {
  const auto& state = merge.host.before;
  const bool vmotion = interface.services.has(model::Service::VMotion) || interface.stack == model::kVmotionStack;
  const bool shares = vmotion && std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
                        return &i != &interface && i.enabled && i.stack == interface.stack && i.range() &&
                               i.range() == interface.range();
                      });
  if (interface.portgroup.empty() || (interface.bound_to.empty() && !shares)) return;
  const auto* vswitch = state.switch_named(interface.vswitch);
  if (vswitch && (vswitch->distributed || vswitch->uplinks.size() == 1)) return;
  if (tells_order(merge, interface)) return;
  const auto* at = interface.origins.find("portgroup");
  merge.missing({interface.name, "uplinks", true},
                "esxcli network vswitch standard list, policy failover get -v and portgroup policy failover get -p",
                at ? *at : interface.origins.any());
}

/// An inventory without the column, or with a word in it that nobody knows, does not say that an address is static.
void check_dhcp(Merge& merge, const Interface& interface) {
  const auto speaks = [&](const FileFacts& file) {
    const auto& all = file.facts.interfaces;
    return std::any_of(all.begin(), all.end(), [&](const InterfaceFact& fact) { return fact.name == interface.name; });
  };
  if (interface.origins.find("dhcp") || merge.doubts({interface.name, "dhcp"})) return;
  if (std::any_of(merge.files.begin(), merge.files.end(),
                  [&](const FileFacts& file) { return file.importer->trust != Trust::Inventory && speaks(file); }))
    return;
  const std::string_view command = interface.is_vswif() ? "esxcfg-vswif -l"
                                   : merge.host.classic() || merge.host.major() == 4
                                       ? "esxcfg-vmknic -l"
                                       : "esxcli network ip interface ipv4 get";
  merge.missing({interface.name, "dhcp", true}, command, interface.origins.any());
}

/// An interface that routes, options or bindings name exists, whatever a listing without its row looks like. Only the
/// files that configure interfaces show that a name was left behind by one that is gone.
void check_named_interface(Merge& merge, std::string_view name, const Origin& at) {
  const bool console = is_numbered(name, "vswif");
  if ((!console && !is_numbered(name, "vmk")) || merge.host.before.interface(name)) return;
  if (console ? was_read(merge, read_ifcfg) : was_read(merge, read_esx_conf)) return;
  const Subject subject{name, "address", true};
  if (!merge.doubts(subject)) merge.missing(subject, interface_listing(merge, name), at);
}

void check_named_interfaces(Merge& merge) {
  for (const auto& file : merge.files) {
    for (const auto& gateway : file.facts.gateways)
      if (gateway.device) check_named_interface(merge, gateway.device->value, gateway.device->at);
    for (const auto& route : file.facts.routes) check_named_interface(merge, route.device, route.at);
    for (const auto& service : file.facts.services) check_named_interface(merge, service.interface, service.at);
    for (const auto& binding : file.facts.bindings) check_named_interface(merge, binding.interface, binding.at);
  }
}

}  // namespace

void check_unsaid(Merge& merge) {
  check_named_interfaces(merge);
  for (const auto& interface : merge.host.before.interfaces) {
    if (!interface.enabled) continue;
    check_mtu(merge, interface);
    check_dhcp(merge, interface);
    if (has_esxcli(merge)) check_order(merge, interface);
  }
}

}  // namespace esx2esxi::intake
