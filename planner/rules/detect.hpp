// The predicates, one function each, in the order of the catalogue.
#pragma once

#include "esx2esxi/rules/predicates.hpp"

namespace esx2esxi::rules {

// predicates_ranges.cpp
std::vector<Evidence> same_subnet(const Situation& s);
std::vector<Evidence> overlapping_masks(const Situation& s);
std::vector<Evidence> one_subnet_two_vlans(const Situation& s);
std::vector<Evidence> unbound_beside_bound(const Situation& s);
std::vector<Evidence> interface_unaddressed(const Situation& s);
std::vector<Evidence> mask_invalid(const Situation& s);

// predicates_two_gateways.cpp
std::vector<Evidence> two_default_gateways(const Situation& s);

// predicates_gateways.cpp
std::vector<Evidence> gateway_off_subnet(const Situation& s);
std::vector<Evidence> gateway_not_a_host(const Situation& s);
std::vector<Evidence> gateway_ambiguous(const Situation& s);
std::vector<Evidence> no_default_gateway(const Situation& s);
std::vector<Evidence> gateway_override_unavailable(const Situation& s);

// predicates_routes.cpp
std::vector<Evidence> route_next_hop_off_link(const Situation& s);
std::vector<Evidence> routes_lost_at_reboot(const Situation& s);
/// What `gateway-off-subnet` and `route-next-hop-off-link` cannot decide, because nobody knows the range of an
/// interface of their stack (Reading 11): part of `evidence-missing`.
std::vector<Evidence> undecided_gateways_and_routes(const Situation& s);

// predicates_egress.cpp
std::vector<Evidence> egress_changes(const Situation& s);
std::vector<Evidence> egress_ambiguous(const Situation& s);

// predicates_iscsi.cpp
std::vector<Evidence> binding_across_subnets(const Situation& s);
std::vector<Evidence> binding_uplinks(const Situation& s);
std::vector<Evidence> binding_across_vswitches(const Situation& s);
std::vector<Evidence> console_iscsi_interface(const Situation& s);

// predicates_services.cpp
std::vector<Evidence> vmotion_multi_nic(const Situation& s);
std::vector<Evidence> vmotion_stack_shadows(const Situation& s);
std::vector<Evidence> stack_unavailable(const Situation& s);
std::vector<Evidence> several_ft_interfaces(const Situation& s);

// predicates_upgrade.cpp
std::vector<Evidence> upgrade_disables_interface(const Situation& s);
std::vector<Evidence> upgrade_leaves_conflict(const Situation& s);
std::vector<Evidence> upgrade_path(const Situation& s);

// predicates_hygiene.cpp
std::vector<Evidence> several_dhcp_interfaces(const Situation& s);
std::vector<Evidence> management_on_dhcp(const Situation& s);
std::vector<Evidence> mtu_mismatch(const Situation& s);
std::vector<Evidence> mtu_of_peers(const EstateSituation& s);

// predicates_names.cpp
std::vector<Evidence> service_console_name(const Situation& s);
std::vector<Evidence> isolation_address_moves(const Situation& s);

// predicates_estate.cpp
std::vector<Evidence> duplicate_address(const EstateSituation& s);
std::vector<Evidence> vmotion_peers_apart(const EstateSituation& s);
std::vector<Evidence> ha_networks_differ(const EstateSituation& s);

// predicates_evidence.cpp
std::vector<Evidence> evidence_missing(const Situation& s);
std::vector<Evidence> evidence_contradicts(const Situation& s);
std::vector<Evidence> unresolved_variable(const Situation& s);

}  // namespace esx2esxi::rules
