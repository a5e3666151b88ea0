// A state and a finding as JSON: the shapes that inspect, check and plan.json share. Key order is part of the contract.
#include "json.hpp"

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

namespace {

Json teaming(const model::Teaming& teaming) {
  return {{"active", texts(teaming.active)}, {"standby", texts(teaming.standby)}};
}

Json vlan_or_null(const std::optional<net::VlanId>& vlan) { return vlan ? Json(vlan->value()) : Json(nullptr); }

/// `prefix` is null for a mask with holes; `netmask` is the mask as the host has it.
Json interface(const model::Interface& i) {
  return {{"name", text(i.name)},
          {"from", text_or_null(i.from)},
          {"stack", text_or_null(i.stack)},
          {"address", printed(i.address)},
          {"prefix", value_or_null(i.prefix_length())},
          {"netmask", printed(i.netmask)},
          {"dhcp", i.dhcp},
          {"enabled", i.enabled},
          {"portgroup", text_or_null(i.portgroup)},
          {"vswitch", text_or_null(i.vswitch)},
          {"dvport", text_or_null(i.dvport)},
          {"vlan", vlan_or_null(i.vlan)},
          {"mtu", value_or_null(i.mtu)},
          {"mac", printed(i.mac)},
          {"services", list(i.services.list(), [](model::Service s) { return Json(to_string(s)); })},
          {"uplinks", teaming(i.uplinks)},
          {"bound_to", text_or_null(i.bound_to)},
          {"gateway_override", printed(i.gateway_override)}};
}

Json route(const model::Route& r) {
  return {{"network", to_string(r.network.network())},
          {"prefix", r.network.length()},
          {"next_hop", to_string(r.next_hop)},
          {"origin", text_or_null(r.origin)}};
}

Json stack(const model::Stack& s) {
  return {{"name", text(s.name)}, {"gateway", printed(s.gateway)}, {"routes", list(s.routes, route)}};
}

Json portgroup(const model::Portgroup& group) {
  return {{"name", text(group.name)},
          {"vlan", vlan_or_null(group.vlan)},
          {"override", group.override ? teaming(*group.override) : Json(nullptr)}};
}

Json vswitch(const model::Switch& s) {
  return {{"name", text(s.name)},
          {"distributed", s.distributed},
          {"mtu", value_or_null(s.mtu)},
          {"ports", value_or_null(s.ports)},
          {"uplinks", texts(s.uplinks)},
          {"teaming", teaming(s.teaming)},
          {"portgroups", list(s.portgroups, portgroup)}};
}

Json pnic(const model::Pnic& nic) {
  return {{"name", text(nic.name)}, {"mac", printed(nic.mac)}, {"driver", text_or_null(nic.driver)}};
}

Json said_address(const Said<net::Ipv4Address>& said) { return to_string(said.value); }

Json dns(const model::Dns& d) {
  return {{"host", text_or_null(d.host)},
          {"domain", text_or_null(d.domain)},
          {"servers", list(d.servers, said_address)},
          {"search", texts(d.search)}};
}

Json nfs_mount(const model::NfsMount& mount) {
  return {{"label", text(mount.label)},
          {"server", text_or_null(mount.server)},
          {"share", text_or_null(mount.share)},
          {"read_only", mount.read_only}};
}

Json iscsi(const model::Iscsi& i) {
  return {{"enabled", value_or_null(i.enabled)},
          {"adapters", texts(i.adapters)},
          {"targets", list(i.targets, said_address)}};
}

/// `host` is there in findings of the estate only.
Json interface_ref(const rules::InterfaceRef& ref) {
  Json out = {{"name", text(ref.name)}, {"from", text_or_null(ref.from)}};
  if (!ref.host.empty()) out["host"] = text(ref.host);
  return out;
}

}  // namespace

Json to_json(const model::State& state) {
  return {{"interfaces", list(state.interfaces, interface)},
          {"stacks", list(state.stacks, stack)},
          {"switches", list(state.switches, vswitch)},
          {"pnics", list(state.pnics, pnic)},
          {"dns", dns(state.dns)},
          {"ntp", list(state.ntp, [](const Said<std::string>& server) { return text(server.value); })},
          {"nfs", list(state.nfs, nfs_mount)},
          {"iscsi", iscsi(state.iscsi)}};
}

Json to_json(const rules::Finding& finding) {
  Json out = {{"rule", text(finding.rule)},
              {"severity", to_string(finding.severity)},
              {"stack", text_or_null(finding.stack)},
              {"interfaces", list(finding.interfaces, interface_ref)},
              {"addresses", texts(finding.addresses)},
              {"endpoints", texts(finding.endpoints)},
              {"introduced", finding.introduced},
              {"message", text(finding.message)},
              {"kb", text_or_null(finding.kb)},
              {"origins", list(finding.origins, [](const Origin& at) { return text(to_string(at)); })},
              {"resolution", to_string(finding.resolution)},
              {"why", text_or_null(finding.why)}};
  if (finding.hosts.empty()) return out;
  out["hosts"] = texts(finding.hosts);
  out["scope"] = text_or_null(finding.scope);
  return out;
}

}  // namespace esx2esxi::plan
