// Plans made by hand: two peaceful hosts, one blocked, and one whose every name is an attack.
#pragma once

#include <string>
#include <utility>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::test {

inline net::Ipv4Address ip(std::string_view text) { return net::Ipv4Address::parse(text).value(); }
inline net::Ipv4Prefix net_of(std::string_view text) { return net::Ipv4Prefix::parse(text).value(); }

inline model::Interface interface(std::string name, std::string from, std::string stack, std::string_view address,
                                  unsigned vlan, model::Service service) {
  model::Interface i;
  i.name = std::move(name);
  i.from = std::move(from);
  i.stack = std::move(stack);
  i.address = ip(address);
  i.netmask = ip("255.255.255.0");
  i.portgroup = service == model::Service::Management ? "Management Network" : "PG " + std::string(to_string(service));
  i.vswitch = "vSwitch0";
  i.vlan = net::VlanId::make(vlan).value();
  i.services.add(service);
  i.uplinks.active = {"vmnic0"};
  i.created = static_cast<std::uint16_t>(i.name.back() - '0');
  return i;
}

inline model::Stack stack(std::string name, std::string_view gateway) {
  model::Stack s;
  s.name = std::move(name);
  s.gateway = ip(gateway);
  return s;
}

/// Management and vMotion in one subnet; the plan moves vMotion.
inline plan::HostPlan moved_host(const std::string& name, unsigned octet) {
  using model::Service;
  const auto last = std::to_string(octet);
  plan::HostPlan host;
  host.name = name;
  host.product = "ESX";
  host.version = "4.1.0";
  host.uuid = "00000000-0000-0000-0000-0000000000" + last;
  host.cluster = "C1";
  host.status = plan::Status::Resolved;
  host.before.interfaces = {
      interface("vswif0", "vswif0", "console", "10.0.1." + last, 10, Service::Management),
      interface("vmk0", "vmk0", "vmkernel", "10.0.1.1" + last, 10, Service::VMotion),
  };
  host.before.stacks = {stack("console", "10.0.1.1"), stack("vmkernel", "10.0.3.254")};
  host.mapped.interfaces = {
      interface("vmk0", "vswif0", "defaultTcpipStack", "10.0.1." + last, 10, Service::Management),
      interface("vmk1", "vmk0", "defaultTcpipStack", "10.0.1.1" + last, 10, Service::VMotion),
  };
  host.mapped.stacks = {stack("defaultTcpipStack", "10.0.1.1")};
  host.after = host.mapped;
  host.after.interfaces[1].address = ip("10.0.9.1" + last);
  host.after.interfaces[1].vlan = net::VlanId::make(90).value();
  model::Route route;
  route.network = net_of("10.0.40.0/24");
  route.next_hop = ip("10.0.1.254");
  route.origin = "two-default-gateways";
  host.after.stacks[0].routes = {route};

  rules::Finding same;
  same.rule = "same-subnet";
  same.stack = "defaultTcpipStack";
  same.interfaces = {{"", "vmk0", "vswif0"}, {"", "vmk1", "vmk0"}};
  same.addresses = {"10.0.1." + last + "/24", "10.0.1.1" + last + "/24"};
  same.introduced = true;
  same.message = "vmk0 and vmk1 share 10.0.1.0/24";
  same.kb = "KB 2010877 (318546)";
  same.origins = {{FileName(name + "/etc/vmware/esx.conf"), 12, 0}};
  same.resolution = rules::Resolution::Resolved;
  same.why = "vmk1: 10.0.1.1" + last + "/24 -> 10.0.9.1" + last + "/24 VLAN 90";
  rules::Finding isolation;
  isolation.rule = "isolation-address-moves";
  isolation.severity = Severity::Warning;
  isolation.message = "the gateway 10.0.3.254 goes";
  host.findings = {same, isolation};

  host.remedies = {{readdress::RemedyKind::Readdress, "vmk1", "10.0.1.1" + last + "/24",
                    "10.0.9.1" + last + "/24 VLAN 90", "same-subnet", "its subnet is management's", 10, true}};
  plan::Step step;
  step.n = 1;
  step.action = plan::Action::SetAddress;
  step.interface = "vmk1";
  step.arguments = {{"interface", "vmk1"}, {"type", "static"}, {"address", "10.0.9.1" + last}, {"gateway", ""}};
  step.why = "same-subnet";
  step.undo = "set the address 10.0.1.1" + last + " again";
  step.interrupts = "vmotion";
  step.seconds = 3;
  host.steps = {step};
  host.rollback = {step};
  host.proof.regions = 12;
  host.proof.changes = {{"vmotion", "0.0.0.0-9.255.255.255", "vmk0 by 10.0.3.254", "vmk0 by 10.0.1.1", "no endpoint"}};
  return host;
}

inline plan::HostPlan clean_host(const std::string& name) {
  auto host = moved_host(name, 77);
  host.status = plan::Status::Clean;
  host.cluster.clear();
  host.after = host.mapped;
  host.findings.clear();
  host.remedies.clear();
  host.steps.clear();
  host.rollback.clear();
  return host;
}

inline plan::HostPlan blocked_host(const std::string& name) {
  auto host = moved_host(name, 88);
  host.status = plan::Status::Blocked;
  host.blocked = {"evidence-missing: the VLAN of dvPort 34 is in no file"};
  host.findings.front().resolution = rules::Resolution::Open;
  host.findings.front().why.clear();
  host.steps.clear();
  host.rollback.clear();
  return host;
}

inline plan::Plan peaceful_plan() {
  plan::Plan plan;
  plan.tool = "esx2esxi 0.1.0";
  plan.target = {8, 0};
  plan.date = {2026, 2, 14};
  plan.estate = "harbor";
  plan.inputs = {{"hosts/esx01/etc/vmware/esx.conf", std::string(64, 'a'), "esx.conf"}};
  plan.hosts = {moved_host("esx01", 11), moved_host("esx02", 12), clean_host("esx03"), blocked_host("esx04")};
  rules::Finding duplicate;
  duplicate.rule = "duplicate-address";
  duplicate.interfaces = {{"esx01", "vmk1", "vmk0"}, {"esx02", "vmk1", "vmk0"}};
  duplicate.hosts = {"esx01", "esx02"};
  duplicate.scope = "esx01 esx02";
  duplicate.message = "10.0.1.111 is on esx01 and esx02";
  duplicate.resolution = rules::Resolution::Waived;
  duplicate.why = "known";
  plan.findings = {duplicate};
  plan.segments = {{"C1",
                    model::Service::VMotion,
                    net_of("10.0.1.0/24"),
                    net_of("10.0.9.0/24"),
                    {{"esx01", "vmk1", "vmk0"}, {"esx02", "vmk1", "vmk0"}},
                    "cheapest",
                    {"own stack vmotion: costs 30, re-addressing costs 20"}}};
  return plan;
}

/// Everything that a host's files can name, as an attacker would name it.
inline plan::Plan hostile_plan(const std::string& attack) {
  auto plan = peaceful_plan();
  plan.estate = attack;
  plan.inputs[0].path = attack;
  auto& host = plan.hosts[0];
  for (auto* text : {&host.name, &host.product, &host.version, &host.uuid, &host.cluster}) *text = attack;
  for (auto* state : {&host.before, &host.mapped, &host.after}) {
    for (auto& i : state->interfaces) {
      i.portgroup = i.vswitch = i.dvport = i.bound_to = attack;
      i.uplinks.active = {attack};
    }
    state->nfs = {{attack, attack, attack, false, {}}};
    state->dns.host = state->dns.domain = attack;
    state->dns.search = {attack};
    state->ntp = {{attack, {}}};
  }
  for (auto& finding : host.findings) {
    finding.message = finding.why = finding.kb = attack;
    finding.endpoints = finding.addresses = {attack};
    finding.origins = {{FileName(attack), 3, 0}};
  }
  for (auto& remedy : host.remedies) remedy.from_value = remedy.to_value = remedy.why = attack;
  for (auto& step : host.steps) {
    step.arguments = {{"portgroup", attack}};
    step.why = step.undo = step.interrupts = attack;
  }
  host.proof.changes = {{"nfs", attack, attack, attack, attack}};
  plan.hosts[3].blocked = {attack};
  plan.findings[0].message = attack;
  plan.findings[0].hosts = {attack};
  plan.segments[0].cluster = plan.segments[0].why = attack;
  plan.segments[0].rejected = {attack};
  return plan;
}

inline const std::vector<std::string>& attacks() {
  static const std::vector<std::string> all{
      "<script>alert(1)</script>",
      "\"><img src=x onerror=alert(1)>",
      "=HYPERLINK(\"http://x\")",
      "@SUM(1)",
      "| cell | break |",
      "line\nbreak\r\n# heading",
      "```\n~~~\n",
      "[link](http://x) ![image](http://x)",
      "\x1b[2J\x1b]0;title\a",
      "\xe2\x80\xae"
      "rtl \xe2\x80\x8b",
      "$(reboot); `reboot` '; reboot; '",
      "{{name}} {{{name}}} {{#hosts}}",
      "\xff\xfe broken \xc3",
      "../../etc/passwd",
      std::string("zero\0byte", 9),
  };
  return all;
}

}  // namespace esx2esxi::test
