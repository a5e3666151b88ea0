#include "work.hpp"

#include <algorithm>

#include "edit.hpp"
#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using model::Interface;

bool Work::disabled_by_upgrade(const Interface& interface) const {
  const auto& names = mapping->disabled;
  return std::find(names.begin(), names.end(), interface.from) != names.end();
}

rules::Situation Judge::situation(const Work& work, const model::State& now) const {
  return {*work.host,         *work.mapping,        now, *work.endpoints, request_.policy, request_.target,
          work.mapping->path, rules::Stage::Planned};
}

std::vector<rules::Finding> Judge::findings(const Work& work, const model::State& now) const {
  return rules::judge_host(situation(work, now), request_.catalogue, request_.today);
}

namespace {

bool counting_error(const rules::Finding& f) { return f.severity == Severity::Error && rules::counts(f); }

}  // namespace

std::vector<rules::Finding> counting_errors(std::vector<rules::Finding> findings) {
  std::erase_if(findings, [](const rules::Finding& f) { return !counting_error(f); });
  return findings;
}

void Work::take(std::vector<rules::Finding> findings) {
  const auto rest = std::stable_partition(findings.begin(), findings.end(), counting_error);
  others.assign(std::make_move_iterator(rest), std::make_move_iterator(findings.end()));
  findings.erase(rest, findings.end());
  errors = std::move(findings);
}

bool names(const rules::Finding& finding, const std::string& interface) {
  return std::any_of(finding.interfaces.begin(), finding.interfaces.end(),
                     [&](const rules::InterfaceRef& ref) { return ref.name == interface; });
}

const PinnedGateway* Work::gateway_of(const std::string& interface) const {
  const auto it = std::find_if(gateways.begin(), gateways.end(),
                               [&](const PinnedGateway& pin) { return pin.interface == interface; });
  return it == gateways.end() ? nullptr : &*it;
}

namespace {

std::string pin_text(const std::string& reason, const Origin& at) {
  return at.known() ? fmt::format("{}: {}", at, reason) : reason;
}

const Interface* pinned_interface(const Work& work, const std::string& name) {
  return model::named_in_policy(work.mapping->state, name);
}

const Interface* management_of(const model::Host& host, const model::State& mapped) {
  if (host.classic()) {
    const auto* classic = transform::management_of(host.before);
    return classic ? mapped.interface_from(classic->name) : nullptr;
  }
  const Interface* first = nullptr;
  for (const auto& interface : mapped.interfaces)
    if (interface.enabled && interface.services.has(model::Service::Management) &&
        (!first || interface.created < first->created))
      first = &interface;
  return first;
}

void apply_keeps(const Request& request, Work& work) {
  for (const auto& pin : request.policy.keep_pins) {
    if (!model::names_host(pin.host, work.host->name, work.host->fqdn)) continue;
    if (pin.name.empty()) {
      work.keep_host = true;
    } else if (const auto* interface = pinned_interface(work, pin.name)) {
      work.kept.insert(interface->name);
    } else {
      work.impossible.push_back(fmt::format("the policy keeps {}, which the host does not have ({})", pin.name,
                                            pin_text(pin.reason, pin.at)));
      continue;
    }
    work.keep_reasons.push_back(fmt::format("pinned to stay as it is ({})", pin_text(pin.reason, pin.at)));
  }
}

void apply_drops(const Request& request, Work& work) {
  if (!work.host->classic()) return;  // nothing of an ESXi host is mapped
  for (const auto& pin : request.policy.drop_pins) {
    if (!model::names_host(pin.host, work.host->name, work.host->fqdn)) continue;
    const auto* interface = pinned_interface(work, pin.name);
    const auto refuse = [&](std::string_view why) {
      work.impossible.push_back(
          fmt::format("the policy drops {}, which {} ({})", pin.name, why, pin_text(pin.reason, pin.at)));
    };
    if (!interface)
      refuse("the host does not have");
    else if (interface->name == work.management)
      refuse("carries management");
    else if (!work.may_change(interface->name))
      refuse("another pin keeps");
    else {
      work.by_pins.push_back({RemedyKind::DropInterface, interface->name, address_text(*interface), "", "",
                              fmt::format("The policy drops it: {}.", pin.reason), request.policy.costs.drop_interface,
                              false});
      drop(work.base, interface->name);
    }
  }
}

/// What keeps an interface out of a stack; empty: nothing.
std::string why_not_in(const Request& request, const Work& work, const Interface& interface, std::string_view stack) {
  const bool vmotion = stack == model::kVmotionStack;
  const bool provisioning = stack == model::kProvisioningStack;
  const auto only = vmotion ? model::Service::VMotion : model::Service::VSphereProvisioning;
  if (interface.name == work.management) return "it carries management, which stays in the default stack";
  if (!work.may_change(interface.name)) return "another pin keeps it as it is";
  if (stack == model::kDefaultStack) return {};
  const bool there = vmotion || provisioning ? request.target.has_vmotion_stack() : request.target.has_netstacks();
  if (!there) return fmt::format("ESXi {} has no such stack", to_string(request.target));
  if (!interface.bound_to.empty()) return "port binding works in the default stack only";
  for (const auto service : interface.services.list())
    if ((vmotion || provisioning) && service != only)
      return fmt::format("that stack carries {} only, and it serves {}", to_string(only), to_string(service));
  return {};
}

void apply_stacks(const Request& request, Work& work) {
  for (const auto& pin : request.policy.stack_pins) {
    if (!model::names_host(pin.host, work.host->name, work.host->fqdn)) continue;
    const auto* mapped = pinned_interface(work, pin.name);
    const auto* interface = mapped ? work.base.interface(mapped->name) : nullptr;
    if (interface && interface->stack == pin.stack) continue;
    const auto why = interface ? why_not_in(request, work, *interface, pin.stack) : "the host does not have it";
    if (!why.empty()) {
      work.impossible.push_back(
          fmt::format("{} is pinned to stack {} ({}), but {}", pin.name, pin.stack, pin_text(pin.reason, pin.at), why));
      continue;
    }
    work.by_pins.push_back({RemedyKind::OwnStack, interface->name, "stack " + interface->stack, "stack " + pin.stack,
                            "", fmt::format("The policy puts it there: {}.", pin.reason),
                            request.policy.costs.own_stack, false});
    const auto base = work.base;
    const std::string name = interface->name;
    move_with_gateway(work.base, base, name, pin.stack, work.mapping->lost_gateway, work.management);
    carry_routes(work.base, *base.interface(name));
  }
}

bool is_no_neighbour(const Interface& interface, net::Ipv4Address gateway) {
  const auto range = interface.range();
  return range && range->contains(gateway) && (gateway == range->network() || gateway == range->broadcast());
}

void apply_gateways(const Request& request, Work& work) {
  for (const auto& pin : request.policy.gateway_pins) {
    if (!model::names_host(pin.host, work.host->name, work.host->fqdn)) continue;
    const auto* interface = pinned_interface(work, pin.name);
    const auto what =
        fmt::format("{} is pinned to the gateway {} ({})", pin.name, pin.address, pin_text(pin.reason, pin.at));
    const auto& all = work.base.interfaces;
    if (!interface || !work.base.interface(interface->name))
      work.impossible.push_back(what + ", but the host does not have it");
    else if (!request.target.has_gateway_override())
      work.impossible.push_back(what + fmt::format(", but ESXi {} has no gateway for an interface (6.5 is the first)",
                                                   to_string(request.target)));
    else if (!work.may_change(interface->name))
      work.impossible.push_back(what + ", but another pin keeps it as it is");
    else if (std::any_of(all.begin(), all.end(), [&](const Interface& i) { return i.address == pin.address; }) ||
             is_no_neighbour(*interface, pin.address))
      work.impossible.push_back(what + ", which is no router's address: it is the host's own, or its subnet's");
    else if (interface->gateway_override != pin.address)
      work.gateways.push_back({interface->name, pin.address, pin.reason, what});
  }
}

void apply_addresses(const Request& request, Work& work) {
  for (const auto& pin : request.policy.interface_pins) {
    if (!model::names_host(pin.host, work.host->name, work.host->fqdn)) continue;
    const auto& all = work.base.interfaces;
    if (std::any_of(all.begin(), all.end(), [&](const Interface& i) { return i.address == pin.address; })) continue;
    const auto* interface = pinned_interface(work, pin.name);
    const auto what = fmt::format("{} is pinned to {} ({})", pin.name, pin.address, pin_text(pin.reason, pin.at));
    if (!interface || !work.base.interface(interface->name))
      work.impossible.push_back(what + ", but the host does not have it");
    else if (!work.may_change(interface->name))
      work.impossible.push_back(what + ", but another pin keeps it as it is");
    else
      work.pinned.emplace_back(interface->name, pin.address);
  }
}

}  // namespace

Work prepare(const Request& request, std::size_t index) {
  Work work;
  work.index = index;
  work.host = &request.estate.hosts[index];
  work.mapping = &request.mappings[index];
  work.endpoints = &request.endpoints[index];
  work.base = work.mapping->state;
  work.can_tag = request.target.has_interface_tags();
  if (const auto* management = management_of(*work.host, work.base)) work.management = management->name;
  apply_keeps(request, work);
  apply_drops(request, work);
  apply_stacks(request, work);
  apply_gateways(request, work);
  apply_addresses(request, work);
  return work;
}

}  // namespace esx2esxi::readdress
