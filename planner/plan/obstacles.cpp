#include <fmt/format.h>

#include <algorithm>

#include "changes.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;

/// vmk0 to vmk99, as `interface add` takes them.
bool is_vmk_name(std::string_view name) {
  if (!name.starts_with("vmk")) return false;
  const auto digits = name.substr(3);
  const auto n = number(digits);
  return n && *n <= 99 && (digits.size() == 1 || digits.front() != '0');
}

class Obstacles {
 public:
  Obstacles(const State& from, const State& to, const Changes& changes, model::Target target)
      : from_(from), to_(to), changes_(changes), target_(target) {}

  std::vector<std::string> find() {
    for (const auto& change : changes_.portgroups) look_at(change);
    for (const auto& change : changes_.interfaces) look_at(change);
    for (const auto& stack : to_.stacks)
      if (!from_.stack(stack.name) && !versions().has_stack(stack.name, target_))
        add("ESXi {} has no stack {}", to_string(target_), stack.name);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    auto line = one_line(fmt::format(format, std::forward<Args>(args)...));
    if (std::find(out_.begin(), out_.end(), line) == out_.end()) out_.push_back(std::move(line));
  }

  void look_at(const PortgroupChange& change) {
    if (change.vswitch->distributed)
      return add("port group \"{}\" is on the distributed switch {}: vCenter has to change it", change.name(),
                 change.vswitch->name);
    look_at_name("port group", change.name());
    const auto* elsewhere = to_.portgroup(change.name()).first;
    if (!change.to && elsewhere) add("port group \"{}\" moves to another switch", change.name());
    if (change.to && change.to->override && change.to->override->active.empty())
      add("port group \"{}\" would have no active uplink", change.name());
  }

  void look_at_name(std::string_view kind, std::string_view name) {
    if (name.find('\0') != std::string_view::npos) add("the name of a {} holds a byte 0", kind);
  }

  void look_at(const InterfaceChange& change) {
    const auto& name = change.name();
    if (!is_vmk_name(name)) return add("{} is no name that ESXi gives to an interface", name);
    for (const auto* side : {change.from, change.to})
      if (side && change_of_place(change) && (!side->dvport.empty() || side->portgroup.empty()))
        return add("{} is on a port of a distributed switch: only vCenter can move, add or remove it", name);
    if (!change.to) return;
    if (!change.from || change.rebuild) look_at_place(*change.to);
    if (!change.from || change.rebuild || change.address) look_at_address(*change.to);
    look_at_tags(change);
  }

  static bool change_of_place(const InterfaceChange& change) { return !change.from || !change.to || change.rebuild; }

  void look_at_place(const Interface& to) {
    const auto [vswitch, group] = to_.portgroup(to.portgroup);
    if (!group || vswitch->distributed)
      return add("{}: no standard switch has its port group \"{}\"", to.name, to.portgroup);
    if (vswitch->name != to.vswitch)
      add("{}: its port group \"{}\" is on {}, not on {}", to.name, to.portgroup, vswitch->name, to.vswitch);
    for (const auto& other : to_.interfaces)
      if (other.name != to.name && other.portgroup == to.portgroup)
        add("port group \"{}\" would hold {} and {}: a standard one takes one vmk", to.portgroup, to.name, other.name);
    if (!versions().has_stack(to.stack, target_)) add("ESXi {} has no stack {}", to_string(target_), to.stack);
    if (!to.bound_to.empty() && to.stack != model::kDefaultStack)
      add("{}: iSCSI port binding works on the default stack only", to.name);
  }

  void look_at_address(const Interface& to) {
    if (!to.dhcp && to.address && !to.netmask) add("{}: address {} has no netmask", to.name, to_string(*to.address));
    if (to.gateway_override && !versions().has("gateway-override", target_))
      add("{}: ESXi {} has no gateway per interface", to.name, to_string(target_));
  }

  void look_at_tags(const InterfaceChange& change) {
    const auto& to = *change.to;
    if (change.tags || !change.from || change.rebuild) {
      for (const auto service : services_without_tag(to))
        add("{}: {} cannot be chosen on stack {}", to.name, to_string(service), to.stack);
      for (const auto service : to.services.list()) {
        const auto* tag = versions().tag_of(service);
        const bool had = change.from && !change.rebuild && change.from->services.has(service);
        if (tag && !had && to.stack == model::kDefaultStack && target_ < tag->since)
          add("{}: ESXi {} has no command that chooses an interface for {}", to.name, to_string(target_),
              to_string(service));
      }
    }
    const auto uses_vsan = [](const Interface* i) { return i && i->services.has(model::Service::Vsan); };
    if (uses_vsan(change.from) || uses_vsan(change.to))
      add("{} carries vSAN, which keeps its own list of interfaces: change it in vCenter", to.name);
  }

  const State& from_;
  const State& to_;
  const Changes& changes_;
  model::Target target_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> obstacles(const State& from, const State& to, const Changes& changes, model::Target target) {
  return Obstacles(from, to, changes, target).find();
}

}  // namespace esx2esxi::plan
