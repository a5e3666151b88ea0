// ks.cfg: the planned state of a new installation, in the grammar of the target's installer (command reference, section
// 18). What the installer does not make, %firstboot does.
#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "esx2esxi/render/template.hpp"
#include "kickstart_parts.hpp"
#include "script_parts.hpp"

namespace esx2esxi::render {

using model::Interface;
using model::State;

bool is_host_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  return !text.empty() && text.front() != '-' && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::string full_name(const State& state) {
  const auto& dns = state.dns;
  return dns.host.empty() || dns.domain.empty() ? dns.host : dns.host + "." + dns.domain;
}

const Interface* first_interface(const State& state) {
  const auto* vmk0 = state.interface("vmk0");
  const bool fit = vmk0 && vmk0->enabled && (vmk0->dhcp || vmk0->range()) &&
                   vmk0->services.has(model::Service::Management) && vmk0->stack == model::kDefaultStack &&
                   state.portgroup(vmk0->portgroup).second;
  return fit ? vmk0 : nullptr;
}

std::string first_uplink(const State& state, const Interface& vmk0) {
  if (!vmk0.uplinks.active.empty()) return vmk0.uplinks.active.front();
  const auto* vswitch = state.portgroup(vmk0.portgroup).first;
  return vswitch->uplinks.empty() ? std::string() : vswitch->uplinks.front();
}

namespace {

/// What a lease brings otherwise.
std::string fixed_address(const State& state, const Interface& vmk0) {
  auto words = fmt::format(" --ip={} --netmask={}", *vmk0.address, *vmk0.netmask);
  if (const auto* stack = state.stack(vmk0.stack); stack && stack->gateway)
    words += fmt::format(" --gateway={}", *stack->gateway);
  std::vector<std::string> servers;
  for (const auto& server : state.dns.servers) servers.push_back(to_string(server.value));
  return servers.empty() ? words : words + " --nameserver=" + join(servers, ",");
}

std::string network_line(const State& state, const Interface& vmk0) {
  auto line =
      fmt::format("network --bootproto={} --device={}", vmk0.dhcp ? "dhcp" : "static", first_uplink(state, vmk0));
  if (!vmk0.dhcp) line += fixed_address(state, vmk0);
  if (const auto name = full_name(state); is_host_name(name)) line += " --hostname=" + name;
  const auto vlan = state.portgroup(vmk0.portgroup).second->vlan;
  if (vlan && vlan->value() != 0) line += fmt::format(" --vlanid={}", vlan->value());
  return line + " --addvmportgroup=0";
}

/// A line that begins with % would end the section, whatever quotes it stands in.
bool one_line_each(const std::vector<std::string>& lines) {
  return std::none_of(lines.begin(), lines.end(),
                      [](const std::string& line) { return line.find('\n') != std::string::npos; });
}

}  // namespace

bool has_kickstart(const plan::Plan& plan, const plan::HostPlan& host) {
  return plan.path == model::Path::Fresh && !kickstart_script(plan, host).empty();
}

std::string kickstart_script(const plan::Plan& plan, const plan::HostPlan& host) {
  const auto state = plan::with_all_stacks(plan::acceptable(host.after));
  const auto* vmk0 = first_interface(state);
  if (!vmk0 || !is_host_name(first_uplink(state, *vmk0))) return {};
  const auto lines = first_boot(state, plan.target, plain_name(host.name));
  if (!one_line_each(lines)) return {};
  Rows rows;
  for (const auto& line : lines) rows.push_back({{"line", Ready{line}}});
  const bool manual =
      std::any_of(lines.begin(), lines.end(), [](const std::string& line) { return line.starts_with("by_hand "); });
  return expand("templates/ks.cfg.mustache",
                {{"host", Ready{is_host_name(host.name) ? host.name : "this host"}},
                 {"target", Ready{to_string(plan.target)}},
                 {"network", Ready{network_line(state, *vmk0)}},
                 {"old", !plan::versions().has("esxcli-network", plan.target)},
                 {"by_hand", manual},
                 {"lines", std::move(rows)}},
                Syntax::Shell);
}

}  // namespace esx2esxi::render
