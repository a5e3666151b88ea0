// address-plan.csv: one row an interface, for the IPAM. RFC 4180, so lines end in CR LF.
#include <fmt/format.h>

#include "changes.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "files.hpp"

namespace esx2esxi::render {

namespace {

template <class T>
std::string printed(const std::optional<T>& value) {
  return value ? to_string(*value) : std::string();
}

/// 0.0.0.0 is what an interface shows that waits for its lease: no address for an IPAM.
std::string address(const model::Interface& interface) {
  return interface.address && interface.address->is_unspecified() ? std::string() : printed(interface.address);
}

/// `text` as a part of a list: without its full stop.
std::string clause(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string old_address(const InterfaceChange& change) {
  const auto* old = change.before ? change.before : change.mapped;
  return old && change.readdressed() ? address(*old) : std::string();
}

/// What a reader of the row must know besides.
std::string note(const plan::HostPlan& host, const InterfaceChange& change) {
  const auto& interface = change.last();
  std::vector<std::string> notes;
  if (host.status == plan::Status::Blocked) notes.emplace_back("host is blocked: not to be carried out");
  for (const auto* remedy : remedies_of(host, interface.name)) {
    notes.push_back(clause(remedy->rule.empty() ? remedy->why : remedy->rule + ": " + remedy->why));
    if (remedy->to_be_confirmed) notes.emplace_back("to be confirmed by the network team");
  }
  if (interface.dhcp) notes.emplace_back("DHCP");
  if (!interface.enabled) notes.emplace_back("disabled");
  if (interface.netmask && !interface.prefix_length()) notes.push_back("netmask " + to_string(*interface.netmask));
  if (!interface.dvport.empty()) notes.push_back("dvPort " + interface.dvport);
  return join(notes, "; ");
}

std::string row(const plan::HostPlan& host, const InterfaceChange& change) {
  const auto& interface = change.last();
  const auto& state = change.after ? host.after : change.mapped ? host.mapped : host.before;
  const auto length = interface.prefix_length();
  return csv_row({host.name, change.last().is_vswif() ? "" : interface.name, change.classic_name(), address(interface),
                  length ? std::to_string(*length) : "", interface.vlan ? std::to_string(interface.vlan->value()) : "",
                  printed(gateway_of(state, interface)), interface.stack, interface.portgroup, services_text(interface),
                  std::string(fate_of(change)), old_address(change), note(host, change)});
}

}  // namespace

std::string address_plan_csv(const plan::Plan& plan) {
  auto out = csv_row({"host", "interface", "from", "address", "prefix", "vlan", "gateway", "stack", "portgroup",
                      "services", "status", "old_address", "note"});
  for (const auto& host : plan.hosts)
    for (const auto& change : interface_changes(host)) out += row(host, change);
  return out;
}

}  // namespace esx2esxi::render
