#include "checks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changes.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/render/quote.hpp"
#include "reaches.hpp"

namespace esx2esxi::render {

namespace {

using model::Target;

/// A word for the shell, in quotes only where it needs them.
std::string word(const std::string& text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:";
  return !text.empty() && text.find_first_not_of(kPlain) == std::string::npos ? text : quote(text, Syntax::Shell);
}

constexpr unsigned kHeaders = 28;  // octets: IP and ICMP
constexpr unsigned kUsualMtu = 1500;

/// `-I` and `-S` exist from 5.1 and 5.5 on; before, the table decides.
std::string ping(Target target, const model::Interface& interface, std::string_view to, bool full_size) {
  std::string command = "vmkping";
  if (target >= Target{5, 1}) command += " -I " + word(interface.name);
  if (target.has_netstacks() && interface.stack != model::kDefaultStack) command += " -S " + word(interface.stack);
  if (full_size) command += fmt::format(" -d -s {}", std::max(interface.mtu.value_or(kUsualMtu), kHeaders) - kHeaders);
  return fmt::format("{} -c 3 {}", command, to);
}

std::string ping(Target target, const model::Interface& interface, net::Ipv4Address to, bool full_size) {
  return ping(target, interface, to_string(to), full_size);
}

bool jumbo(const model::Interface& interface) { return interface.mtu && *interface.mtu > kUsualMtu; }

void check_interfaces(std::vector<Check>& checks, Target target, const model::State& state) {
  const std::string command = target >= Target{5, 0} ? "esxcli network ip interface ipv4 get" : "esxcfg-vmknic -l";
  std::vector<std::string> lines;
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.address)
      lines.push_back(fmt::format("{} {} {}", interface.name, *interface.address,
                                  interface.netmask ? to_string(*interface.netmask) : std::string()));
  if (!lines.empty()) checks.push_back({command, join(lines, "; ")});
}

void check_routes(std::vector<Check>& checks, Target target, const model::State& state) {
  for (const auto& stack : state.stacks) {
    std::string command = target >= Target{5, 1} ? "esxcli network ip route ipv4 list" : "esxcfg-route -l";
    if (target.has_netstacks() && stack.name != model::kDefaultStack) command += " -N " + word(stack.name);
    std::vector<std::string> lines;
    if (stack.gateway) lines.push_back(fmt::format("default by {}", *stack.gateway));
    for (const auto& route : stack.routes) lines.push_back(fmt::format("{} by {}", route.network, route.next_hop));
    if (!lines.empty()) checks.push_back({command, join(lines, "; ")});
  }
}

void check_gateways(std::vector<Check>& checks, Target target, const model::State& state) {
  for (const auto& interface : state.interfaces)
    if (const auto gateway = gateway_of(state, interface); gateway && interface.enabled)
      checks.push_back({ping(target, interface, *gateway, jumbo(interface)), "3 packets received"});
}

/// One command for all services that one interface leads to.
Check check_services(Target target, const model::Interface& interface, const std::vector<Reach>& reaches) {
  std::vector<std::string> names;
  std::vector<std::string> addresses;
  for (const auto& reach : reaches) {
    if (reach.storage || reach.interface != &interface) continue;
    names.push_back(reach.name);
    addresses.push_back(to_string(reach.address));
  }
  if (names.empty()) return {};
  const auto expected = join(names, ", ") + ": 3 packets received";
  if (names.size() == 1) return {ping(target, interface, addresses.front(), false), expected};
  return {fmt::format("for to in {}; do {}; done", join(addresses, " "), ping(target, interface, "$to", false)),
          expected + " each"};
}

/// Storage with the largest packets that get there. A filter may drop pings to services behind a router: the chapter
/// says so once.
void check_destinations(std::vector<Check>& checks, Target target, const plan::HostPlan& host) {
  const auto reaches = reaches_of(host, host.after);
  for (const auto& reach : reaches)
    if (reach.storage)
      checks.push_back(
          {ping(target, *reach.interface, reach.address, reach.on_link), reach.name + ": 3 packets received"});
  for (const auto& interface : host.after.interfaces)
    if (auto check = check_services(target, interface, reaches); !check.command.empty())
      checks.push_back(std::move(check));
}

/// The inputs may leave the adapter's name open ("vmhba?").
std::string binding_list(Target target, const std::string& adapter) {
  const bool known = adapter.find('?') == std::string::npos;
  if (target < Target{5, 0}) return "esxcli swiscsi nic list -d " + (known ? word(adapter) : "ADAPTER");
  return "esxcli iscsi networkportal list" + (known ? " -A " + word(adapter) : "");
}

void check_storage(std::vector<Check>& checks, Target target, const model::State& state) {
  const bool esxcli = target >= Target{5, 0};
  for (const auto& mount : state.nfs)
    checks.push_back({esxcli ? "esxcli storage nfs list" : "esxcfg-nas -l",
                      fmt::format("{} of {}:{} is mounted", mount.label, mount.server, mount.share)});
  for (const auto& interface : state.interfaces)
    if (!interface.bound_to.empty())
      checks.push_back({binding_list(target, interface.bound_to), interface.name + " is listed"});
}

const model::Interface* vmotion_of(const model::State& state) {
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.addressed() && interface.services.has(model::Service::VMotion))
      return &interface;
  return nullptr;
}

/// One peer is enough here: the estate's test plan moves a machine to each.
void check_peer(std::vector<Check>& checks, const plan::Plan& plan, const plan::HostPlan& host) {
  const auto* own = vmotion_of(host.after);
  const auto range = own ? own->range() : std::nullopt;
  if (!range || host.cluster.empty()) return;
  for (const auto& peer : plan.hosts) {
    if (peer.cluster != host.cluster || peer.name == host.name) continue;
    const auto* other = vmotion_of(peer.after);
    if (!other || !range->contains(*other->address)) continue;
    checks.push_back({ping(plan.target, *own, *other->address, jumbo(*own)),
                      "3 packets received, once " + peer.name + " is migrated"});
    return;
  }
}

/// What one command shows is one check.
std::vector<Check> merged(const std::vector<Check>& checks) {
  std::vector<Check> out;
  for (const auto& check : checks) {
    const auto same = [&](const Check& other) { return other.command == check.command; };
    const auto it = std::find_if(out.begin(), out.end(), same);
    if (it == out.end())
      out.push_back(check);
    else if (it->expected != check.expected)
      it->expected += "; " + check.expected;
  }
  return out;
}

}  // namespace

std::vector<Check> checks_of(const plan::Plan& plan, const plan::HostPlan& host) {
  std::vector<Check> checks;
  check_interfaces(checks, plan.target, host.after);
  check_routes(checks, plan.target, host.after);
  check_gateways(checks, plan.target, host.after);
  check_destinations(checks, plan.target, host);
  check_storage(checks, plan.target, host.after);
  check_peer(checks, plan, host);
  return merged(checks);
}

std::vector<Check> restored_checks(const plan::Plan& plan, const plan::HostPlan& host) {
  std::vector<Check> checks;
  check_interfaces(checks, plan.target, host.mapped);
  check_routes(checks, plan.target, host.mapped);
  return merged(checks);
}

}  // namespace esx2esxi::render
