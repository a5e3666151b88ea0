// Switches, port groups, interfaces and routes at the first start.
#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/render/commands.hpp"
#include "first_boot.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using plan::Action;
using Words = std::vector<std::string>;

constexpr unsigned kUsualMtu = 1500;

class Network {
 public:
  Network(FirstBoot& out, std::string_view folder) : out_(out), folder_(folder) {}

  void make() {
    clear_installed();
    for (const auto& vswitch : out_.state.switches) add_switch(vswitch);
    for (const auto& stack : out_.state.stacks)
      if (stack.name != model::kDefaultStack) out_.step(Action::AddStack, {}, {{"stack", stack.name}});
    for (const auto& interface : out_.state.interfaces) add_interface(interface);
    for (const auto& stack : out_.state.stacks) add_routes(stack);
  }

 private:
  // ---- switches and port groups

  const std::string& management_switch() const { return out_.state.portgroup(out_.vmk0.portgroup).first->name; }

  /// Whether vmk0 stays where the installer put it.
  bool installed_place() const { return out_.vmk0.portgroup == kFirstPortgroup && management_switch() == kFirstSwitch; }

  void uplink(bool add, const std::string& nic, const std::string& vswitch) {
    if (out_.old) return out_.words({"esxcfg-vswitch", add ? "-L" : "-U", nic, vswitch});
    out_.esxcli(add ? "network vswitch standard uplink add" : "network vswitch standard uplink remove",
                {{"uplink-name", nic}, {"vswitch-name", vswitch}});
  }

  /// A management network of another name or switch: vmk0 is made again there, and what the installer made has to go
  /// first, because the names of port groups are unique on a host. Nobody is logged in at the first start.
  void clear_installed() {
    const std::string first(kFirstSwitch);
    const std::string portgroup(kFirstPortgroup);
    if (!installed_place()) {
      if (out_.old)
        out_.words({"esxcfg-vmknic", "-d", portgroup});
      else
        out_.step(Action::RemoveInterface, out_.vmk0.name, {});
      out_.step(Action::RemovePortgroup, {}, {{"portgroup", portgroup}, {"vswitch", first}});
    }
    if (management_switch() == first) return;
    uplink(false, first_uplink(out_.state, out_.vmk0), first);
    if (out_.state.switch_named(first)) return;
    if (out_.old) return out_.words({"esxcfg-vswitch", "-d", first});
    out_.esxcli("network vswitch standard remove", {{"vswitch-name", first}});
  }

  void add_switch(const model::Switch& vswitch) {
    if (vswitch.distributed) return;  // vCenter adds the host to it
    const auto& name = vswitch.name;
    const auto mtu = std::to_string(vswitch.mtu.value_or(kUsualMtu));
    if (name != kFirstSwitch) {
      if (out_.old)
        out_.words({"esxcfg-vswitch", "-a", name});
      else
        out_.esxcli("network vswitch standard add", {{"vswitch-name", name}});
    }
    if (vswitch.mtu.value_or(kUsualMtu) != kUsualMtu) {
      if (out_.old)
        out_.words({"esxcfg-vswitch", "-m", mtu, name});
      else
        out_.esxcli("network vswitch standard set", {{"vswitch-name", name}, {"mtu", mtu}});
    }
    for (const auto& nic : vswitch.uplinks)
      if (name != kFirstSwitch || management_switch() != kFirstSwitch || nic != first_uplink(out_.state, out_.vmk0))
        uplink(true, nic, name);
    add_teaming(vswitch);
    for (const auto& group : vswitch.portgroups) add_portgroup(vswitch, group);
  }

  void add_teaming(const model::Switch& vswitch) {
    const auto& teaming = vswitch.teaming;
    if (teaming.active.empty()) return;
    if (out_.old) {
      if (!teaming.standby.empty() || teaming.active.size() != vswitch.uplinks.size())
        out_.by_hand(fmt::format("switch {}: uplinks active {}, standby {}", vswitch.name, join(teaming.active, ","),
                                 teaming.standby.empty() ? "none" : join(teaming.standby, ",")));
      return;
    }
    out_.lines.push_back(
        fmt::format("do_it {} --standby-uplinks {}",
                    esxcli_line("network vswitch standard policy failover set",
                                {{"vswitch-name", vswitch.name}, {"active-uplinks", join(teaming.active, ",")}}),
                    shell_word(join(teaming.standby, ","))));
  }

  void add_portgroup(const model::Switch& vswitch, const model::Portgroup& group) {
    const bool there = installed_place() && group.name == kFirstPortgroup;
    if (!there) out_.step(Action::AddPortgroup, {}, {{"portgroup", group.name}, {"vswitch", vswitch.name}});
    if (group.vlan && group.vlan->value() != 0 && !there)
      out_.step(Action::SetPortgroupVlan, {},
                {{"portgroup", group.name}, {"vlan", std::to_string(group.vlan->value())}, {"vswitch", vswitch.name}});
    if (group.override && out_.old)
      old_order(vswitch, group);
    else if (group.override)
      out_.step(Action::SetPortgroupUplinks, {},
                {{"portgroup", group.name},
                 {"active", join(group.override->active, ",")},
                 {"standby", join(group.override->standby, ",")}});
    else if (there && !out_.old)
      out_.step(Action::InheritUplinks, {}, {{"portgroup", group.name}});
  }

  /// ESXi 4.1 takes uplinks away from a port group one by one; which of them stand by it cannot be told.
  void old_order(const model::Switch& vswitch, const model::Portgroup& group) {
    if (!group.override->standby.empty())
      return out_.by_hand(fmt::format("port group {}: uplinks active {}, standby {}", group.name,
                                      join(group.override->active, ","), join(group.override->standby, ",")));
    const auto& active = group.override->active;
    for (const auto& nic : vswitch.uplinks)
      if (std::find(active.begin(), active.end(), nic) == active.end())
        out_.words({"esxcfg-vswitch", "-N", nic, "-p", group.name, vswitch.name});
  }

  // ---- interfaces

  void add_interface(const Interface& i) {
    if (i.portgroup.empty())
      return out_.by_hand(fmt::format("{}, {}, on a port of the distributed switch{}, in vCenter", i.name,
                                      model::address_text(i), i.vswitch.empty() ? "" : " " + i.vswitch));
    const bool made = i.name == out_.vmk0.name && installed_place();
    if (!made)
      make_interface(i);
    else if (i.mtu.value_or(kUsualMtu) != kUsualMtu)
      out_.step(Action::SetMtu, i.name, {{"mtu", std::to_string(*i.mtu)}});
    if (!i.enabled) out_.step(Action::SetEnabled, i.name, {{"enabled", "false"}, {"portgroup", i.portgroup}});
    if (i.stack != model::kDefaultStack) return;
    for (const auto service : i.services.list())
      if (!(i.name == out_.vmk0.name && installed_place() && service == model::Service::Management)) choose(i, service);
  }

  void choose(const Interface& i, model::Service service) {
    const auto* tag = plan::versions().tag_of(service);
    if (!tag) return;
    if (tag->since <= out_.target) return out_.step(Action::AddTag, i.name, {{"tag", tag->name}});
    if (plan::versions().has("tags", out_.target)) return;
    if (service == model::Service::VMotion) return out_.words({"vim-cmd", "hostsvc/vmotion/vnic_set", i.name});
    if (service == model::Service::FaultToleranceLogging)
      return out_.words({"vim-cmd", "hostsvc/advopt/update", "FT.Vmknic", "string", i.name});
    out_.by_hand(fmt::format("{}: {}", i.name, to_string(service)));
  }

  void make_interface(const Interface& i) {
    const bool addressed = i.address && !i.address->is_unspecified() && i.prefix_length();
    const auto mtu = i.mtu ? std::to_string(*i.mtu) : std::string();
    if (!out_.old) {
      out_.step(Action::AddInterface, i.name,
                {{"portgroup", i.portgroup}, {"mtu", mtu}, {"mac", ""}, {"stack", i.stack}});
      return add_address(i, addressed);
    }
    // The host takes the next free number.
    if (i.name != fmt::format("vmk{}", made_)) out_.by_hand(fmt::format("{} on port group {}", i.name, i.portgroup));
    if (!i.dhcp && !addressed)
      return out_.by_hand(fmt::format("{} on port group {}, without an address", i.name, i.portgroup));
    Words words{"esxcfg-vmknic", "-a", "-i", i.dhcp ? "DHCP" : to_string(*i.address)};
    if (!i.dhcp) words.insert(words.end(), {"-n", to_string(*i.netmask)});
    if (i.mtu.value_or(kUsualMtu) != kUsualMtu) words.insert(words.end(), {"-m", mtu});
    words.insert(words.end(), {"-p", i.portgroup});
    out_.words(words);
    ++made_;
  }

  void add_address(const Interface& i, bool addressed) {
    if (i.dhcp)
      return out_.step(Action::SetAddress, i.name, {{"type", "dhcp"}, {"peer_dns", i.peer_dns ? "true" : ""}});
    if (!addressed) return;
    out_.step(Action::SetAddress, i.name,
              {{"type", "static"},
               {"address", to_string(*i.address)},
               {"netmask", to_string(*i.netmask)},
               {"gateway", i.gateway_override ? to_string(*i.gateway_override) : ""}});
  }

  // ---- routes

  void add_routes(const model::Stack& stack) {
    const bool made = stack.name == model::kDefaultStack && (out_.vmk0.dhcp ? leased(stack) : installed_place());
    if (stack.gateway && !made)
      out_.step(Action::SetGateway, {}, {{"stack", stack.name}, {"gateway", to_string(*stack.gateway)}});
    for (const auto& route : stack.routes) {
      if (const auto* missing = not_made_yet(stack, route)) {
        out_.by_hand(
            fmt::format("the route to {} by {}, once {} is there", route.network, route.next_hop, missing->name));
        continue;
      }
      out_.step(
          Action::AddRoute, {},
          {{"stack", stack.name}, {"network", to_string(route.network)}, {"next_hop", to_string(route.next_hop)}});
      if (!plan::versions().has("lasting-routes", out_.target)) keep(route);
    }
  }

  /// The only interface that reaches the next hop, where a person makes it.
  const Interface* not_made_yet(const model::Stack& stack, const model::Route& route) const {
    const Interface* missing = nullptr;
    for (const auto& i : out_.state.interfaces) {
      const auto range = i.range();
      if (!i.enabled || i.stack != stack.name || !range || !range->contains(route.next_hop)) continue;
      if (!i.portgroup.empty()) return nullptr;
      missing = &i;
    }
    return missing;
  }

  /// The start file sets it again; remediate.sh knows the line by its mark. Before the first line that may end the
  /// file.
  void keep(const model::Route& route) {
    const auto line = shell_word(
        fmt::format("esxcfg-route -a {} {} # esx2esxi: a route of {}", route.network, route.next_hop, folder_));
    out_.lines.push_back(fmt::format(
        "start=$(sed -n 1p /etc/rc.local; printf '%s\\n' {}; sed 1d /etc/rc.local) && printf '%s\\n' \"$start\" "
        ">/etc/rc.local",
        line));
  }

  /// Whether vmk0's lease brings the gateway: no other interface reaches it.
  bool leased(const model::Stack& stack) const {
    return !stack.gateway ||
           std::none_of(out_.state.interfaces.begin(), out_.state.interfaces.end(), [&](const Interface& i) {
             const auto range = i.range();
             return !i.dhcp && i.enabled && i.stack == stack.name && range && range->contains(*stack.gateway);
           });
  }

  FirstBoot& out_;
  std::string folder_;
  unsigned made_ = installed_place() ? 1 : 0;  ///< interfaces that ESXi 4.1 has numbered
};

}  // namespace

void first_boot_network(FirstBoot& out, std::string_view folder) { Network(out, folder).make(); }

}  // namespace esx2esxi::render
