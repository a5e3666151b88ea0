// A host under test, put together the way an engineer would describe it.
#pragma once

#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace test {

using namespace esx2esxi;

inline net::Ipv4Address ip(std::string_view text) { return net::Ipv4Address::parse(text).value(); }
inline net::Ipv4Prefix network(std::string_view text) { return net::Ipv4Prefix::parse(text).value(); }

struct Vmk {
  std::string name;
  std::string address;  ///< "10.0.0.5/24", "dhcp" or ""
  std::string portgroup;
  model::Services services;
  std::string stack = std::string(model::kDefaultStack);
  unsigned mtu = 1500;
  bool enabled = true;
  std::string bound_to = {};
};

class Host {
 public:
  /// A switch with four uplinks; its port groups appear with the interfaces.
  Host() {
    model::Switch vswitch;
    vswitch.name = "vSwitch0";
    vswitch.uplinks = {"vmnic0", "vmnic1", "vmnic2", "vmnic3"};
    vswitch.teaming = {{"vmnic0", "vmnic1"}, {}};
    state_.switches.push_back(vswitch);
    model::Stack stack;
    stack.name = model::kDefaultStack;
    state_.stacks.push_back(stack);
  }

  Host& vmk(const Vmk& v) {
    model::Interface interface;
    interface.name = v.name;
    interface.from = v.name;
    interface.stack = v.stack;
    stack_named(v.stack);
    if (v.address == "dhcp")
      interface.dhcp = true;
    else if (!v.address.empty()) {
      const auto slash = v.address.find('/');
      interface.address = ip(v.address.substr(0, slash));
      const auto length = static_cast<unsigned>(std::stoul(v.address.substr(slash + 1)));
      interface.netmask = net::Ipv4Prefix::containing(*interface.address, length)->netmask();
    }
    interface.portgroup = v.portgroup;
    interface.vswitch = "vSwitch0";
    interface.mtu = v.mtu;
    interface.enabled = v.enabled;
    interface.services = v.services;
    interface.bound_to = v.bound_to;
    interface.created = static_cast<std::uint16_t>(state_.interfaces.size());
    if (!state_.portgroup(v.portgroup).second) portgroup(v.portgroup);
    state_.interfaces.push_back(interface);
    return *this;
  }

  Host& portgroup(const std::string& name, unsigned vlan = 0, std::optional<model::Teaming> own = std::nullopt) {
    auto& groups = state_.switches.front().portgroups;
    std::erase_if(groups, [&](const model::Portgroup& g) { return g.name == name; });
    groups.push_back({name, net::VlanId::make(vlan).value(), std::move(own), {}});
    return *this;
  }

  Host& gateway(const std::string& address, const std::string& stack = std::string(model::kDefaultStack)) {
    stack_named(stack).gateway = ip(address);
    return *this;
  }

  Host& route(const std::string& to, const std::string& by,
              const std::string& stack = std::string(model::kDefaultStack)) {
    model::Route route;
    route.network = network(to);
    route.next_hop = ip(by);
    stack_named(stack).routes.push_back(route);
    return *this;
  }

  Host& nfs(const std::string& label, const std::string& server) {
    model::NfsMount mount;
    mount.label = label;
    mount.server = server;
    mount.share = "/vol/" + label;
    state_.nfs.push_back(mount);
    return *this;
  }

  model::State& edit() { return state_; }
  operator const model::State&() const { return state_; }

 private:
  model::Stack& stack_named(const std::string& name) {
    if (auto* known = state_.stack(name)) return *known;
    model::Stack stack;
    stack.name = name;
    state_.stacks.push_back(stack);
    return state_.stacks.back();
  }

  model::State state_;
};

inline constexpr model::Services kManagement{model::Service::Management};
inline constexpr model::Services kVMotion{model::Service::VMotion};
inline constexpr model::Services kNfs{model::Service::Nfs};
inline constexpr model::Services kIscsi{model::Service::Iscsi};

/// "set-address vmk1", "add-route 10.0.0.0/24": enough to see the order.
inline std::vector<std::string> outline(const std::vector<plan::Step>& steps) {
  std::vector<std::string> out;
  for (const auto& step : steps) {
    auto line = std::string(to_string(step.action));
    if (!step.interface.empty()) line += " " + step.interface;
    for (const auto* key : {"portgroup", "network", "volume", "stack", "tag"})
      if (line.find(' ') == std::string::npos && !step.argument(key).empty())
        line += " " + std::string(step.argument(key));
    if (step.action == plan::Action::AddTag || step.action == plan::Action::RemoveTag)
      line += " " + std::string(step.argument("tag"));
    if (step.action == plan::Action::SetAddress && step.argument("type") == "none") line += " none";
    out.push_back(line);
  }
  return out;
}

}  // namespace test
