#include "esx2esxi/rules/predicates.hpp"

#include <algorithm>

#include "detect.hpp"

namespace esx2esxi::rules {

const std::vector<PredicateEntry>& predicates() {
  static const std::vector<PredicateEntry> kTable{
      {"binding-across-subnets", binding_across_subnets, nullptr, "adapter members targets stack", "apart targets"},
      {"binding-across-vswitches", binding_across_vswitches, nullptr, "adapter members network stack", ""},
      {"binding-uplinks", binding_uplinks, nullptr, "interface adapter portgroup active standby stack", ""},
      {"console-iscsi-interface", console_iscsi_interface, nullptr, "interface targets network stack", ""},
      {"duplicate-address", nullptr, duplicate_address, "address claims", ""},
      {"egress-ambiguous", egress_ambiguous, nullptr, "endpoint address members likely harm stack", ""},
      {"egress-changes", egress_changes, nullptr, "service region endpoints before after harm stack",
       "endpoint unreachable routed routed-unreachable"},
      {"evidence-contradicts", evidence_contradicts, nullptr, "subject interface values used hint", "script"},
      {"evidence-missing", evidence_missing, nullptr, "subject interface hint", "script range"},
      {"gateway-ambiguous", gateway_ambiguous, nullptr, "gateway members stack", ""},
      {"gateway-not-a-host", gateway_not_a_host, nullptr, "gateway interface network stack", "own network broadcast"},
      {"gateway-off-subnet", gateway_off_subnet, nullptr, "gateway networks stack", ""},
      {"gateway-override-unavailable", gateway_override_unavailable, nullptr, "interface gateway services target stack",
       ""},
      {"ha-networks-differ", nullptr, ha_networks_differ, "cluster camps", ""},
      {"interface-unaddressed", interface_unaddressed, nullptr, "interface address services stack",
       "link-local lease none"},
      {"isolation-address-moves", isolation_address_moves, nullptr, "address members", "gateway range"},
      {"management-on-dhcp", management_on_dhcp, nullptr, "interface stack", "upgrade"},
      {"mask-invalid", mask_invalid, nullptr, "interface address mask network services stack",
       "holes length network broadcast"},
      {"mtu-mismatch", mtu_mismatch, mtu_of_peers, "members vswitch limit services segment", "switch peers"},
      {"no-default-gateway", no_default_gateway, nullptr, "interface stack", "lease"},
      {"one-subnet-two-vlans", one_subnet_two_vlans, nullptr, "members network stack", ""},
      {"overlapping-masks", overlapping_masks, nullptr, "wide narrow wide_members narrow_members services harm stack",
       ""},
      {"route-next-hop-off-link", route_next_hop_off_link, nullptr, "network next_hop stack", "own itself off-link"},
      {"routes-lost-at-reboot", routes_lost_at_reboot, nullptr, "network next_hop stack", ""},
      {"same-subnet", same_subnet, nullptr, "members network stack services harm likely silent", ""},
      {"service-console-name", service_console_name, nullptr, "names new_names references", ""},
      {"several-dhcp-interfaces", several_dhcp_interfaces, nullptr, "members services stack", ""},
      {"several-ft-interfaces", several_ft_interfaces, nullptr, "members stack", ""},
      {"stack-unavailable", stack_unavailable, nullptr, "stack members services needed target", ""},
      {"two-default-gateways", two_default_gateways, nullptr, "console vmkernel need", "needed unneeded"},
      {"unbound-beside-bound", unbound_beside_bound, nullptr, "unbound bound adapter network services stack", ""},
      {"unresolved-variable", unresolved_variable, nullptr, "variables", ""},
      {"upgrade-disables-interface", upgrade_disables_interface, nullptr,
       "interface vswif network vswitch services stack", ""},
      {"upgrade-leaves-conflict", upgrade_leaves_conflict, nullptr, "members network services harm stack", ""},
      {"upgrade-path", upgrade_path, nullptr, "obstacle", ""},
      {"vmotion-multi-nic", vmotion_multi_nic, nullptr, "members uplinks network target stack", "legal illegal"},
      {"vmotion-peers-apart", nullptr, vmotion_peers_apart, "cluster camps", ""},
      {"vmotion-stack-shadows", vmotion_stack_shadows, nullptr, "shadowed own stack", ""},
  };
  return kTable;
}

const PredicateEntry* find_predicate(std::string_view name) {
  const auto& table = predicates();
  const auto it = std::lower_bound(table.begin(), table.end(), name,
                                   [](const PredicateEntry& entry, std::string_view n) { return entry.name < n; });
  return it != table.end() && it->name == name ? &*it : nullptr;
}

}  // namespace esx2esxi::rules
