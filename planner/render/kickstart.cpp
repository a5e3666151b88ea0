// ks.cfg: the planned state of a new installation. The installer makes vSwitch0 with one uplink, the port group
// Management Network and vmk0; %firstboot makes all the rest.
#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/commands.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "esx2esxi/render/template.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using model::State;
using plan::Action;
using Arguments = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kFirstSwitch = "vSwitch0";
constexpr std::string_view kFirstPortgroup = "Management Network";
constexpr unsigned kUsualMtu = 1500;

bool is_host_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  return !text.empty() && text.front() != '-' && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// The interface that the installer makes: vmk0, for management, with an address or a lease, on a standard switch.
const Interface* first_interface(const State& state) {
  const auto* vmk0 = state.interface("vmk0");
  const bool fit = vmk0 && vmk0->enabled && (vmk0->dhcp || vmk0->range()) &&
                   vmk0->services.has(model::Service::Management) && vmk0->stack == model::kDefaultStack &&
                   state.portgroup(vmk0->portgroup).second;
  return fit ? vmk0 : nullptr;
}

/// The uplink that the management network leaves by first.
std::string first_uplink(const State& state, const Interface& vmk0) {
  if (!vmk0.uplinks.active.empty()) return vmk0.uplinks.active.front();
  const auto* vswitch = state.portgroup(vmk0.portgroup).first;
  return vswitch->uplinks.empty() ? std::string() : vswitch->uplinks.front();
}

/// Host name and domain; empty if the plan knows no name.
std::string full_name(const State& state) {
  const auto& dns = state.dns;
  return dns.host.empty() || dns.domain.empty() ? dns.host : dns.host + "." + dns.domain;
}

/// What a lease brings otherwise.
std::string fixed_address(const State& state, const Interface& vmk0) {
  auto words = fmt::format(" --ip={} --netmask={}", *vmk0.address, *vmk0.netmask);
  if (const auto* stack = state.stack(vmk0.stack); stack && stack->gateway)
    words += fmt::format(" --gateway={}", *stack->gateway);
  std::vector<std::string> servers;
  for (const auto& server : state.dns.servers) servers.push_back(to_string(server.value));
  return servers.empty() ? words : words + " --nameserver=" + join(servers, ",");
}

/// The `network` command; words of the installer's own language, which has no quotes to rely on.
std::string network_line(const State& state, const Interface& vmk0) {
  auto line =
      fmt::format("network --bootproto={} --device={}", vmk0.dhcp ? "dhcp" : "static", first_uplink(state, vmk0));
  if (!vmk0.dhcp) line += fixed_address(state, vmk0);
  if (const auto name = full_name(state); is_host_name(name)) line += " --hostname=" + name;
  const auto vlan = state.portgroup(vmk0.portgroup).second->vlan;
  if (vlan && vlan->value() != 0) line += fmt::format(" --vlanid={}", vlan->value());
  return line + " --addvmportgroup=0";
}

class FirstBoot {
 public:
  FirstBoot(const State& state, model::Target target) : state_(state), target_(target) {}

  std::vector<std::string> lines() {
    clear_installed();
    for (const auto& vswitch : state_.switches) add_switch(vswitch);
    for (const auto& stack : state_.stacks)
      if (stack.name != model::kDefaultStack) step(Action::AddStack, {}, {{"stack", stack.name}});
    for (const auto& interface : state_.interfaces) add_interface(interface);
    for (const auto& stack : state_.stacks) add_routes(stack);
    add_names();
    add_storage();
    return std::move(lines_);
  }

 private:
  void step(Action action, std::string_view interface, Arguments arguments) {
    plan::Step one;
    one.action = action;
    one.interface = interface;
    one.arguments = std::move(arguments);
    for (const auto& line : typed_commands(one, target_)) lines_.push_back("do_it " + line);
  }
  void esxcli(std::string_view words, const Arguments& options) {
    lines_.push_back("do_it " + esxcli_line(words, options));
  }

  const Interface& vmk0() const { return *state_.interface("vmk0"); }
  const std::string& management_switch() const { return state_.portgroup(vmk0().portgroup).first->name; }
  std::string first_nic() const { return first_uplink(state_, vmk0()); }

  void add_switch(const model::Switch& vswitch) {
    if (vswitch.distributed) return;  // vCenter adds the host to it
    if (vswitch.name != kFirstSwitch) esxcli("network vswitch standard add", {{"vswitch-name", vswitch.name}});
    if (vswitch.mtu.value_or(kUsualMtu) != kUsualMtu)
      esxcli("network vswitch standard set", {{"vswitch-name", vswitch.name}, {"mtu", std::to_string(*vswitch.mtu)}});
    for (const auto& nic : vswitch.uplinks)
      if (vswitch.name != kFirstSwitch || management_switch() != kFirstSwitch || nic != first_nic())
        esxcli("network vswitch standard uplink add", {{"uplink-name", nic}, {"vswitch-name", vswitch.name}});
    if (!vswitch.teaming.active.empty())
      lines_.push_back(fmt::format(
          "do_it {} --standby-uplinks {}",
          esxcli_line("network vswitch standard policy failover set",
                      {{"vswitch-name", vswitch.name}, {"active-uplinks", join(vswitch.teaming.active, ",")}}),
          shell_word(join(vswitch.teaming.standby, ","))));
    for (const auto& group : vswitch.portgroups) add_portgroup(vswitch, group);
  }

  void add_portgroup(const model::Switch& vswitch, const model::Portgroup& group) {
    const bool there = installed_place() && group.name == kFirstPortgroup;
    if (!there) step(Action::AddPortgroup, {}, {{"portgroup", group.name}, {"vswitch", vswitch.name}});
    if (group.vlan && group.vlan->value() != 0 && !there)
      step(Action::SetPortgroupVlan, {}, {{"portgroup", group.name}, {"vlan", std::to_string(group.vlan->value())}});
    if (group.override)
      step(Action::SetPortgroupUplinks, {},
           {{"portgroup", group.name},
            {"active", join(group.override->active, ",")},
            {"standby", join(group.override->standby, ",")}});
    else if (there)
      step(Action::InheritUplinks, {}, {{"portgroup", group.name}});
  }

  /// Whether vmk0 stays where the installer put it.
  bool installed_place() const { return vmk0().portgroup == kFirstPortgroup && management_switch() == kFirstSwitch; }

  /// A management network of another name or switch: vmk0 is made again there, and what the installer made has to go
  /// first, because the names of port groups are unique on a host. Nobody is logged in at the first start.
  void clear_installed() {
    const std::string first(kFirstSwitch);
    if (!installed_place()) {
      step(Action::RemoveInterface, "vmk0", {});
      step(Action::RemovePortgroup, {}, {{"portgroup", std::string(kFirstPortgroup)}, {"vswitch", first}});
    }
    if (management_switch() == first) return;
    esxcli("network vswitch standard uplink remove", {{"uplink-name", first_nic()}, {"vswitch-name", first}});
    if (!state_.switch_named(first)) esxcli("network vswitch standard remove", {{"vswitch-name", first}});
  }

  void add_interface(const Interface& i) {
    if (i.portgroup.empty()) return;
    const bool made = i.name == "vmk0" && installed_place();
    if (!made) {
      step(Action::AddInterface, i.name,
           {{"portgroup", i.portgroup}, {"mtu", i.mtu ? std::to_string(*i.mtu) : ""}, {"mac", ""}, {"stack", i.stack}});
      add_address(i);
    } else if (i.mtu.value_or(kUsualMtu) != kUsualMtu) {
      step(Action::SetMtu, i.name, {{"mtu", std::to_string(*i.mtu)}});
    }
    if (!i.enabled) step(Action::SetEnabled, i.name, {{"enabled", "false"}});
    if (i.stack != model::kDefaultStack) return;
    for (const auto service : i.services.list())
      if (const auto* tag = plan::versions().tag_of(service);
          tag && tag->since <= target_ && !(made && service == model::Service::Management))
        step(Action::AddTag, i.name, {{"tag", tag->name}});
  }

  void add_address(const Interface& i) {
    if (i.dhcp) return step(Action::SetAddress, i.name, {{"type", "dhcp"}, {"peer_dns", i.peer_dns ? "true" : ""}});
    if (!i.address || i.address->is_unspecified() || !i.prefix_length()) return;
    step(Action::SetAddress, i.name,
         {{"type", "static"},
          {"address", to_string(*i.address)},
          {"netmask", to_string(*i.netmask)},
          {"gateway", i.gateway_override ? to_string(*i.gateway_override) : ""}});
  }

  void add_routes(const model::Stack& stack) {
    const bool made = stack.name == model::kDefaultStack && (vmk0().dhcp ? leased(stack) : installed_place());
    if (stack.gateway && !made)
      step(Action::SetGateway, {}, {{"stack", stack.name}, {"gateway", to_string(*stack.gateway)}});
    for (const auto& route : stack.routes)
      step(Action::AddRoute, {},
           {{"stack", stack.name}, {"network", to_string(route.network)}, {"next_hop", to_string(route.next_hop)}});
  }

  /// Whether vmk0's lease brings the gateway: no other interface reaches it.
  bool leased(const model::Stack& stack) const {
    return !stack.gateway || std::none_of(state_.interfaces.begin(), state_.interfaces.end(), [&](const Interface& i) {
      const auto range = i.range();
      return !i.dhcp && i.enabled && i.stack == stack.name && range && range->contains(*stack.gateway);
    });
  }

  void add_names() {
    // The installer takes letters, digits and hyphens only; without a name the scripts would not know the host again.
    if (const auto name = full_name(state_); !name.empty() && !is_host_name(name))
      esxcli("system hostname set", {{state_.dns.domain.empty() ? "host" : "fqdn", name}});
    if (vmk0().dhcp)
      for (const auto& server : state_.dns.servers)
        esxcli("network ip dns server add", {{"server", to_string(server.value)}});
    for (const auto& domain : state_.dns.search) esxcli("network ip dns search add", {{"domain", domain}});
    if (!state_.ntp.empty()) add_time();
  }

  /// ESXi 7.0 keeps its time servers elsewhere, but no list of its commands is known well enough to rely on the words:
  /// the host is asked whether it has them.
  void add_time() {
    const bool asks = target_ >= model::Target{7, 0};
    if (asks) {
      std::string line = "  do_it esxcli system ntp set --enabled=true";
      for (const auto& server : state_.ntp) line += " " + shell_option("server", server.value);
      lines_.emplace_back("if esxcli esxcli command list 2>/dev/null | grep -q '^ *system[. ]ntp  *set'; then");
      lines_.push_back(line);
      lines_.emplace_back("else");
    }
    const std::string indent = asks ? "  " : "";
    for (const auto& server : state_.ntp)
      lines_.push_back(fmt::format("{}printf 'server %s\\n' {} >>/etc/ntp.conf", indent, shell_word(server.value)));
    lines_.push_back(indent + "do_it " +
                     esxcli_line("network firewall ruleset set", {{"ruleset-id", "ntpClient"}, {"enabled", "true"}}));
    lines_.push_back(indent + "do_it chkconfig ntpd on");
    lines_.push_back(indent + "do_it /etc/init.d/ntpd start");
    if (asks) lines_.emplace_back("fi");
  }

  void add_storage() {
    const bool bound = std::any_of(state_.interfaces.begin(), state_.interfaces.end(),
                                   [](const Interface& i) { return !i.bound_to.empty(); });
    if (bound || state_.iscsi.enabled.value_or(!state_.iscsi.targets.empty())) add_iscsi();
    for (const auto& volume : state_.nfs)
      step(Action::Mount, {},
           {{"volume", volume.label},
            {"host", volume.server},
            {"share", volume.share},
            {"read_only", volume.read_only ? "true" : "false"}});
  }

  void add_iscsi() {
    esxcli("iscsi software set", {{"enabled", "true"}});
    lines_.emplace_back("adapter=$(esxcli iscsi adapter list | awk '$2 == \"iscsi_vmk\" { print $1; exit }')");
    const auto on_adapter = [&](std::string_view words, const Arguments& options) {
      lines_.push_back("do_it " + esxcli_line(words, options) + " --adapter=\"$adapter\"");
    };
    for (const auto& i : state_.interfaces)
      if (!i.bound_to.empty()) on_adapter("iscsi networkportal add", {{"nic", i.name}});
    for (const auto& target : state_.iscsi.targets)
      on_adapter("iscsi adapter discovery sendtarget add", {{"address", to_string(target.value)}});
    lines_.emplace_back("do_it esxcli storage core adapter rescan --adapter=\"$adapter\"");
  }

  const State& state_;
  model::Target target_;
  std::vector<std::string> lines_;
};

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
  if (!vmk0 || !is_host_name(first_uplink(state, *vmk0)) || !plan::versions().has("tags", plan.target)) return {};
  const auto lines = FirstBoot(state, plan.target).lines();
  if (!one_line_each(lines)) return {};
  Rows rows;
  for (const auto& line : lines) rows.push_back({{"line", Ready{line}}});
  return expand("templates/ks.cfg.mustache",
                {{"host", Ready{is_host_name(host.name) ? host.name : "this host"}},
                 {"target", Ready{to_string(plan.target)}},
                 {"network", Ready{network_line(state, *vmk0)}},
                 {"lines", std::move(rows)}},
                Syntax::Shell);
}

}  // namespace esx2esxi::render
