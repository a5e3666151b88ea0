// A second reading of the rule catalogue, written from its text alone: sets, loops and bits, nothing of planner/rules.
// It says of a host "slug severity names-or-addresses" for each finding; names are those of the classic host.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "esx2esxi/rules/judge.hpp"
#include "property/brute.hpp"

namespace esx2esxi::testing {

/// One host as a stranger would put it before the rules.
struct Case {
  model::Host host;
  model::State now;  ///< made by `Judge` for a classic host
  std::vector<model::Endpoint> endpoints;
  model::Target target;
  model::Path path = model::Path::Fresh;
};

class Judge {
 public:
  explicit Judge(Case one) : c_(std::move(one)) {}

  std::multiset<std::string> findings() {
    map();
    for (const auto& name : stack_names()) judge_stack(name);
    judge_host();
    return found_;
  }

 private:
  using Group = std::vector<const model::Interface*>;
  using Range = std::pair<std::uint32_t, unsigned>;  // network, length

  static Range range(const model::Interface& i) {
    const auto n = ones(*i.netmask);
    return {i.address->bits() & ~0U << (32 - n), n};
  }
  static bool holds(Range r, net::Ipv4Address a) { return inside(a, net::Ipv4Address::from_bits(r.first), r.second); }
  static bool addressed(const model::Interface& i) {
    return i.address && i.address->bits() != 0 && i.address->bits() >> 16 != 0xa9feU;
  }
  static bool vswif(const model::Interface& i) { return i.from.starts_with("vswif"); }

  void say(const std::string& slug, const std::string& severity, const std::string& what) {
    found_.insert(slug + " " + severity + " " + what);
  }
  static std::string names(const Group& group) {
    std::set<std::string> all;
    for (const auto* i : group) all.insert(i->from);
    std::string text;
    for (const auto& name : all) text += name + " ";
    return text;
  }

  // --- the mapping ---

  const model::Interface* management() const {
    if (c_.host.product == "ESXi") return nullptr;
    std::vector<const model::Interface*> vswifs;  // nine at most: their names sort by number
    for (const auto& i : c_.host.before.interfaces)
      if (vswif(i) && i.enabled) vswifs.push_back(&i);
    std::sort(vswifs.begin(), vswifs.end(), [](auto* a, auto* b) { return a->name < b->name; });
    const auto gateway = gateway_before(model::kConsole);
    for (const auto* i : vswifs)
      if (gateway && takes_part(*i, model::kConsole) && holds(range(*i), *gateway)) return i;
    for (const auto* i : vswifs)
      if (addressed(*i) || i->dhcp) return i;
    return nullptr;
  }
  std::optional<net::Ipv4Address> gateway_before(std::string_view name) const {
    for (const auto& stack : c_.host.before.stacks)
      if (stack.name == name) return stack.gateway;
    return std::nullopt;
  }

  void map() {
    c_.now = c_.host.before;
    if (c_.host.product == "ESXi") return;
    upgrade_ = c_.path == model::Path::Upgrade && c_.host.version[0] >= '4' && c_.target >= model::Target{5, 0} &&
               c_.target <= model::Target{5, 5};
    if (c_.path == model::Path::Upgrade && !upgrade_) say("upgrade-path", "error", "");
    for (auto& vmk : c_.now.interfaces)
      if (upgrade_ && !vswif(vmk) && !vmk.dhcp && takes_part(vmk, model::kVmkernel))
        for (const auto& i : c_.host.before.interfaces)
          if (vswif(i) && takes_part(i, model::kConsole) && range(i) == range(vmk) && i.vswitch == vmk.vswitch)
            vmk.enabled = false;
    for (std::size_t n = 0; n < c_.now.interfaces.size(); ++n)
      if (c_.now.interfaces[n].enabled != c_.host.before.interfaces[n].enabled)
        say("upgrade-disables-interface", "error", names({&c_.now.interfaces[n]}));
    model::Stack one;
    one.name = model::kDefaultStack;
    for (const auto& stack : c_.host.before.stacks) {
      if (!one.gateway) one.gateway = stack.gateway;  // console first
      for (const auto& route : stack.routes)
        if (std::find(one.routes.begin(), one.routes.end(), route) == one.routes.end()) one.routes.push_back(route);
    }
    c_.now.stacks = {one};
    for (auto& i : c_.now.interfaces) i.stack = model::kDefaultStack;
  }

  std::set<std::string> stack_names() const {
    std::set<std::string> all;
    for (const auto& stack : c_.now.stacks) all.insert(stack.name);
    for (const auto& i : c_.now.interfaces)
      if (i.enabled) all.insert(i.stack);
    return all;
  }

  // --- who is legal ---

  bool bound_legally(const model::Interface& i) const {
    if (i.bound_to.empty() || !takes_part(i, i.stack)) return false;
    for (const auto& other : c_.now.interfaces) {
      if (!other.enabled || other.bound_to != i.bound_to) continue;
      if (!takes_part(other, other.stack) || range(other) != range(i) || other.vlan != i.vlan ||
          other.vswitch != i.vswitch || other.uplinks.active.size() != 1 || !other.uplinks.standby.empty())
        return false;
    }
    return true;
  }
  static bool vmotion(const model::Interface& i) {
    return i.services.has(model::Service::VMotion) || i.stack == model::kVmotionStack;
  }
  bool several_nics(const Group& group) const {
    std::set<std::string> uplinks;
    for (const auto* i : group) {
      if (!vmotion(*i) || i->vlan != group[0]->vlan || i->uplinks.active.size() != 1) return false;
      uplinks.insert(i->uplinks.active[0]);
    }
    return group.size() > 1 && uplinks.size() == group.size() && c_.target >= model::Target{5, 0};
  }

  // --- rules of one stack ---

  void judge_stack(const std::string& name) {
    std::map<Range, Group> networks;
    Group all;
    for (const auto& i : c_.now.interfaces)
      if (takes_part(i, name)) {
        networks[range(i)].push_back(&i);
        all.push_back(&i);
      }
    for (const auto& [r, members] : networks) judge_network(name, members);
    for (const auto& [a, wide] : networks)
      for (const auto& [b, narrow] : networks)
        if (a.second < b.second && holds(a, net::Ipv4Address::from_bits(b.first))) {
          auto both = wide;
          both.insert(both.end(), narrow.begin(), narrow.end());
          say("overlapping-masks", "error", names(both));
        }
    judge_ways(name, all);
    judge_endpoints(all);
    judge_netstack(name);
    Group dhcp;
    for (const auto& i : c_.now.interfaces)
      if (i.enabled && i.dhcp && i.stack == name) dhcp.push_back(&i);
    if (dhcp.size() > 1) say("several-dhcp-interfaces", "error", names(dhcp));
  }

  void judge_network(const std::string& name, const Group& members) {
    Group bound, unbound, others;
    for (const auto* i : members) {
      if (bound_legally(*i)) bound.push_back(i);
      if (i->bound_to.empty()) unbound.push_back(i);
    }
    if (!bound.empty() && !unbound.empty()) {
      auto both = bound;
      both.insert(both.end(), unbound.begin(), unbound.end());
      say("unbound-beside-bound", "warning", names(both));
    }
    for (const auto* i : members)
      if (bound.empty() || !i->bound_to.empty()) others.push_back(i);
    const bool legal = others.size() < 2 || others.size() == bound.size() || several_nics(others) || name == "vxlan";
    if (!legal) {
      say("same-subnet", "error", names(others));
      if (upgrade_ && std::any_of(others.begin(), others.end(), [](auto* i) { return vswif(*i); }))
        say("upgrade-leaves-conflict", "error", names(others));
    }
    std::set<unsigned> vlans;
    Group tagged, migrating;
    for (const auto* i : members) {
      if (i->vlan) {
        vlans.insert(i->vlan->value());
        tagged.push_back(i);
      }
      if (vmotion(*i)) migrating.push_back(i);
    }
    if (vlans.size() > 1) say("one-subnet-two-vlans", "warning", names(tagged));
    if (migrating.size() > 1) say("vmotion-multi-nic", several_nics(migrating) ? "info" : "error", names(migrating));
  }

  bool own(const std::string& stack, net::Ipv4Address a) const {
    for (const auto& i : c_.now.interfaces)
      if (i.enabled && i.stack == stack && addressed(i) && *i.address == a) return true;
    return false;
  }
  bool lease_unknown(const std::string& stack) const {
    for (const auto& i : c_.now.interfaces)
      if (i.enabled && i.stack == stack && i.dhcp && !addressed(i)) return true;
    return false;
  }

  void judge_ways(const std::string& name, const Group& all) {
    for (const auto& stack : c_.now.stacks) {
      if (stack.name != name) continue;
      if (stack.gateway) {
        const auto text = to_string(*stack.gateway);
        Group holders;
        for (const auto* i : all)
          if (holds(range(*i), *stack.gateway)) holders.push_back(i);
        if (holders.empty())
          say(lease_unknown(name) ? "evidence-missing" : "gateway-off-subnet",
              lease_unknown(name) ? "warning" : "error", text);
        if (holders.size() > 1) say("gateway-ambiguous", "error", text + " " + names(holders));
        if (no_host(c_.now, name, *stack.gateway)) say("gateway-not-a-host", "error", text);
      }
      for (const auto& route : stack.routes) {
        const auto text = to_string(route.network) + " " + to_string(route.next_hop);
        const bool linked =
            std::any_of(all.begin(), all.end(), [&](auto* i) { return holds(range(*i), route.next_hop); });
        unsigned nearest = 0;
        for (const auto* i : all)
          if (holds(range(*i), route.next_hop)) nearest = std::max(nearest, range(*i).second);
        const bool itself = linked && route.network.contains(route.next_hop) && nearest < route.network.length();
        if (own(name, route.next_hop) || itself)
          say("route-next-hop-off-link", "error", text);
        else if (!linked)
          say(lease_unknown(name) ? "evidence-missing" : "route-next-hop-off-link",
              lease_unknown(name) ? "warning" : "error", text);
        if (c_.target == model::Target{5, 0}) say("routes-lost-at-reboot", "warning", text);
      }
    }
  }

  static bool no_host(const model::State& state, std::string_view stack, net::Ipv4Address a) {
    for (const auto& i : state.interfaces) {
      if (i.enabled && i.stack == stack && addressed(i) && *i.address == a) return true;
      if (!takes_part(i, stack)) continue;
      const auto r = range(i);
      if (a.bits() == r.first || a.bits() == (r.first | ~(~0U << (32 - r.second)))) return true;
    }
    return false;
  }

  void judge_endpoints(const Group& all) {
    std::set<net::Ipv4Address> addresses;
    for (const auto& endpoint : c_.endpoints) addresses.insert(endpoint.address);
    for (const auto address : addresses) {
      bool mine = false;
      for (const auto& i : c_.now.interfaces) mine = mine || (i.enabled && addressed(i) && *i.address == address);
      unsigned longest = 0;
      for (const auto* i : all)
        if (holds(range(*i), address)) longest = std::max(longest, range(*i).second);
      Group tie;
      for (const auto* i : all)
        if (holds(range(*i), address) && range(*i).second == longest && !bound_legally(*i)) tie.push_back(i);
      if (!mine && tie.size() > 1 && !several_nics(tie))
        say("egress-ambiguous", "error", to_string(address) + " " + names(tie));
    }
  }

  void judge_netstack(const std::string& name) {
    const bool special = name == model::kVmotionStack || name == model::kProvisioningStack;
    Group members;
    for (const auto& i : c_.now.interfaces)
      if (i.enabled && i.stack == name) members.push_back(&i);
    if (name != model::kDefaultStack && c_.target < (special ? model::Target{6, 0} : model::Target{5, 5}))
      say("stack-unavailable", "error", names(members));
    if (name != model::kVmotionStack) return;
    Group shadowed;
    for (const auto& i : c_.now.interfaces)
      if (i.enabled && i.stack == model::kDefaultStack && i.services.has(model::Service::VMotion))
        shadowed.push_back(&i);
    if (shadowed.empty()) return;
    shadowed.insert(shadowed.end(), members.begin(), members.end());
    say("vmotion-stack-shadows", "warning", names(shadowed));
  }

  // --- rules of the host as a whole ---

  void judge_host() {
    const auto* manager = management_now();
    std::map<std::string, Group> adapters;
    Group logging;
    for (const auto& i : c_.now.interfaces) {
      if (!i.enabled) continue;
      judge_interface(i);
      if (!i.bound_to.empty()) adapters[i.bound_to].push_back(&i);
      if (i.services.has(model::Service::FaultToleranceLogging)) logging.push_back(&i);
      if (vswif(i) && &i != manager && takes_part(i, i.stack) && beside_targets(i))
        say("console-iscsi-interface", "warning", names({&i}));
    }
    if (logging.size() > 1) say("several-ft-interfaces", "error", names(logging));
    for (const auto& [adapter, members] : adapters) judge_binding(members);
    if (manager && manager->dhcp) say("management-on-dhcp", upgrade_ ? "error" : "warning", names({manager}));
    const auto stack = manager ? manager->stack : std::string(model::kDefaultStack);
    const bool has_gateway = std::any_of(c_.now.stacks.begin(), c_.now.stacks.end(),
                                         [&](const auto& s) { return s.name == stack && s.gateway; });
    if (!has_gateway) say("no-default-gateway", "warning", manager ? names({manager}) : "");
    if (c_.host.product != "ESXi") judge_classic();
  }

  const model::Interface* management_now() const {
    const auto* before = management();
    const model::Interface* first = nullptr;
    for (const auto& i : c_.now.interfaces) {
      if (before && i.from == before->from) return &i;
      if (!before && i.enabled && i.services.has(model::Service::Management) && (!first || i.created < first->created))
        first = &i;
    }
    return first;
  }

  bool beside_targets(const model::Interface& vswif) const {
    for (const auto& endpoint : c_.endpoints) {
      if (endpoint.service != model::Service::Iscsi || endpoint.peer || !holds(range(vswif), endpoint.address))
        continue;
      bool narrower = false;
      for (const auto& i : c_.now.interfaces)
        narrower = narrower || (takes_part(i, vswif.stack) && holds(range(i), endpoint.address) &&
                                range(i).second > range(vswif).second);
      if (!narrower) return true;
    }
    return false;
  }

  void judge_interface(const model::Interface& i) {
    if (!addressed(i)) say("interface-unaddressed", "warning", names({&i}));
    if (addressed(i) && i.netmask) {
      const auto n = ones(*i.netmask);
      const bool whole = n == 32 || i.netmask->bits() == (n == 0 ? 0 : ~0U << (32 - n));
      const bool sized = whole && n >= 1 && n <= 30;
      const auto host = sized ? i.address->bits() & ~(~0U << (32 - n)) : 1U;
      if (!sized || host == 0 || host == ~(~0U << (32 - n))) say("mask-invalid", "error", names({&i}));
    }
    for (const auto& s : c_.now.switches)
      if (s.name == i.vswitch && i.mtu.value_or(1500) > s.mtu.value_or(1500))
        say("mtu-mismatch", "warning", names({&i}));
    if (i.gateway_override && c_.target < model::Target{6, 5})
      say("gateway-override-unavailable", "error", names({&i}));
  }

  void judge_binding(const Group& members) {
    Group ranged, apart;
    std::set<Range> ranges;
    for (const auto* i : members) {
      if (i->uplinks.active.size() != 1 || !i->uplinks.standby.empty()) say("binding-uplinks", "error", names({i}));
      if (!takes_part(*i, i->stack)) continue;
      ranged.push_back(i);
      ranges.insert(range(*i));
      for (const auto* other : members)
        if (takes_part(*other, other->stack) && range(*other) == range(*i) && other->vswitch != i->vswitch) {
          apart.push_back(i);
          break;
        }
    }
    if (!apart.empty()) say("binding-across-vswitches", "error", names(apart));
    bool targets = false, near = false;
    for (const auto& endpoint : c_.endpoints) {
      if (endpoint.service != model::Service::Iscsi || endpoint.peer) continue;
      targets = true;
      for (const auto& r : ranges) near = near || holds(r, endpoint.address);
    }
    if (ranges.size() > 1 || (ranges.size() == 1 && targets && !near))
      say("binding-across-subnets", "error", names(ranged));
  }

  /// Two gateways, and where the packets of the endpoints went and go.
  void judge_classic() {
    const auto console = gateway_before(model::kConsole);
    const auto vmkernel = gateway_before(model::kVmkernel);
    if (console && vmkernel && *console != *vmkernel) {
      bool needed = false;
      for (const auto& stack : c_.host.before.stacks)
        needed = needed || (stack.name == model::kVmkernel && !stack.routes.empty());
      for (const auto& endpoint : c_.endpoints) needed = needed || leaves_vmkernel_subnets(endpoint);
      say("two-default-gateways", needed ? "error" : "warning", "");
      if (no_host(c_.host.before, model::kVmkernel, *vmkernel))
        say("gateway-not-a-host", "error", to_string(*vmkernel));
    }
    for (const auto& endpoint : c_.endpoints) {
      const auto stack = endpoint.service == model::Service::Management ? model::kConsole : model::kVmkernel;
      const bool used = std::any_of(c_.host.before.interfaces.begin(), c_.host.before.interfaces.end(),
                                    [&](const auto& i) { return i.enabled && i.services.has(endpoint.service); });
      const auto before = simulate(c_.host.before, stack, endpoint.address);
      const auto after = simulate(c_.now, model::kDefaultStack, endpoint.address);
      if (used && !mine(endpoint.address) && !before.interfaces.empty() &&
          (before.interfaces != after.interfaces || before.next_hops != after.next_hops))
        changed_.insert(std::string(to_string(endpoint.service)) + " " + to_string(endpoint.address));
    }
    for (const auto& change : changed_) say("egress-changes", "error", change.substr(change.find(' ') + 1));
  }

  bool mine(net::Ipv4Address address) const {
    for (const auto* state : {&c_.host.before, &c_.now})
      for (const auto& i : state->interfaces)
        if (i.enabled && addressed(i) && *i.address == address) return true;
    return false;
  }

  bool leaves_vmkernel_subnets(const model::Endpoint& endpoint) const {
    if (endpoint.service == model::Service::Management) return false;
    for (const auto& i : c_.host.before.interfaces) {
      if (i.enabled && addressed(i) && *i.address == endpoint.address) return false;
      if (takes_part(i, model::kVmkernel) && holds(range(i), endpoint.address)) return false;
    }
    return !endpoint.peer || !simulate(c_.host.before, model::kVmkernel, endpoint.address).interfaces.empty();
  }

  Case c_;
  bool upgrade_ = false;
  std::set<std::string> changed_;
  std::multiset<std::string> found_;
};

}  // namespace esx2esxi::testing
