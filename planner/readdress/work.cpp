#include "work.hpp"

#include <algorithm>

#include "edit.hpp"
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

std::vector<rules::Finding> counting_errors(std::vector<rules::Finding> findings) {
  std::erase_if(findings, [](const rules::Finding& f) { return f.severity != Severity::Error || !rules::counts(f); });
  return findings;
}

bool names(const rules::Finding& finding, const std::string& interface) {
  return std::any_of(finding.interfaces.begin(), finding.interfaces.end(),
                     [&](const rules::InterfaceRef& ref) { return ref.name == interface; });
}

namespace {

std::string pin_text(const std::string& reason, const Origin& at) {
  return at.known() ? fmt::format("{}: {}", at, reason) : reason;
}

/// Pins name interfaces as on the classic host.
const Interface* pinned_interface(const Work& work, const std::string& classic) {
  const auto* interface = work.mapping->state.interface_from(classic);
  return interface ? interface : work.mapping->state.interface(classic);
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
      work.dropped.push_back({RemedyKind::DropInterface, interface->name, address_text(*interface), "", "",
                              fmt::format("The policy drops it: {}.", pin.reason), request.policy.costs.drop_interface,
                              false});
      drop(work.base, interface->name);
    }
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
  apply_addresses(request, work);
  return work;
}

}  // namespace esx2esxi::readdress
