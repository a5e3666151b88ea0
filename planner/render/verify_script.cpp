// verify.sh: what the planned state shows, as expectations; and who has to answer from which interface.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "reaches.hpp"
#include "script_parts.hpp"
#include "shell_functions.hpp"
#include "shell_steps.hpp"
#include "shell_words.hpp"
#include "traits.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using model::State;
using plan::HostPlan;

constexpr unsigned kHeaders = 28;  // IPv4 20, ICMP 8: MTU 9000 carries 8972, 1500 carries 1472
constexpr unsigned kUsualMtu = 1500;
constexpr std::size_t kMostPeers = 4;  // of one interface: they show that the network works, not that all hosts do

bool on_link(const Interface& i, net::Ipv4Address address) {
  const auto range = i.range();
  return i.enabled && range && range->contains(address) && i.address != address;
}

/// Everything that the plan says of a host, as far as a host shows it.
std::vector<Trait> traits_of(const State& state) {
  std::vector<Trait> out;
  for (const auto& i : state.interfaces) {
    for (const auto look : {Look::Place, Look::Address, Look::Enabled, Look::Mtu, Look::Tags})
      out.push_back({look, {i.name}});
    if (i.gateway_override) out.push_back({Look::OwnGateway, {i.name}});
    if (!i.bound_to.empty()) out.push_back({Look::Binding, {i.name, i.bound_to}});
  }
  std::set<std::string> groups;
  for (const auto& i : state.interfaces)
    if (!i.portgroup.empty() && groups.insert(i.portgroup).second)
      for (const auto look : {Look::Portgroup, Look::Vlan, Look::Uplinks}) out.push_back({look, {i.portgroup}});
  for (const auto& stack : state.stacks) {
    out.push_back({Look::Gateway, {stack.name}});
    for (const auto& route : stack.routes)
      out.push_back({Look::Route,
                     {stack.name, to_string(route.network.network()), to_string(route.network.netmask()),
                      to_string(route.next_hop)}});
  }
  for (const auto& mount : state.nfs) out.push_back({Look::Volume, {mount.label}});
  return out;
}

/// Who answers `address`: that may be missing where it could carry nothing, and a lease may bring another gateway.
bool reachable(const State& state, std::string_view stack, net::Ipv4Address address) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const Interface& i) { return i.stack == stack && on_link(i, address); });
}

bool certain(const Trait& trait, const State& state) {
  if (trait.look != Look::Gateway && trait.look != Look::Route) return true;
  const auto* stack = state.stack(trait.of.front());
  const bool leases = std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
    return i.stack == trait.of.front() && i.dhcp && i.enabled;
  });
  if (trait.look == Look::Route)
    return leases || reachable(state, trait.of.front(), *net::Ipv4Address::parse(trait.of[3]));
  return !leases && stack && (!stack->gateway || reachable(state, stack->name, *stack->gateway));
}

Rows checks(const State& state, model::Target target, Functions& functions) {
  Rows rows;
  for (const auto& trait : traits_of(state)) {
    const auto value = shown(trait, state);
    if (!value || !certain(trait, state) || !can_look(trait, target)) continue;
    const auto look = look_command(trait);
    functions.called_by(look);
    rows.push_back(
        {{"look", Ready{look}}, {"subject", subject_of(trait)}, {"values", Ready{" " + shell_word(*value)}}});
  }
  return rows;
}

class Pings {
 public:
  Pings(const plan::Plan& plan, const HostPlan& host, const State& state) : plan_(plan), host_(host), state_(state) {}

  Rows rows() {
    for (const auto& i : state_.interfaces) {
      if (!i.enabled || !i.range()) continue;
      if (const auto* stack = state_.stack(i.stack)) {
        if (stack->gateway) beside(i, "default gateway", *stack->gateway, "must");
        for (const auto& route : stack->routes) beside(i, "next hop", route.next_hop, "must");
      }
      if (i.gateway_override) beside(i, "own gateway", *i.gateway_override, "must");
      peers(i);
    }
    // Behind a router nobody knows how large a packet may be, and a filter may drop pings to what is no storage.
    for (const auto& reach : reaches_of(host_, state_))
      add(*reach.interface, reach.name, reach.address, reach.storage ? "must" : "ask", reach.storage && reach.on_link);
    return std::move(rows_);
  }

 private:
  /// Interfaces of the same network and purpose on the other hosts of the cluster.
  void peers(const Interface& i) {
    std::size_t count = 0;
    for (const auto& other : plan_.hosts) {
      if (&other == &host_ || other.cluster != host_.cluster || other.status == plan::Status::Blocked) continue;
      for (const auto& peer : other.after.interfaces)
        if (count < kMostPeers && peer.addressed() && peer.enabled && peer.services.intersects(i.services) &&
            on_link(i, *peer.address)) {
          beside(i, other.name + " " + peer.name, *peer.address, "may");
          ++count;
        }
    }
  }

  void beside(const Interface& i, const std::string& what, net::Ipv4Address address, std::string_view need) {
    if (on_link(i, address)) add(i, what, address, need, true);
  }

  void add(const Interface& i, const std::string& what, net::Ipv4Address address, std::string_view need,
           bool full_size) {
    if (!done_.insert({i.name, address}).second) return;
    const auto mtu = i.mtu.value_or(kUsualMtu);
    std::vector<std::string> words;
    if (plan::versions().has("ping-interface", plan_.target)) words = {"-I", shell_word(i.name)};
    if (i.stack != model::kDefaultStack)
      for (const auto& word : {std::string("-S"), shell_word(i.stack)}) words.push_back(word);
    if (full_size) words.insert(words.end(), {"-d", "-s", std::to_string(mtu > kHeaders ? mtu - kHeaders : 0)});
    rows_.push_back({{"what", fmt::format("{}: {}", i.name, what)},
                     {"need", Ready{std::string(need)}},
                     {"address", Ready{to_string(address)}},
                     {"words", Ready{shell_line(words)}}});
  }

  const plan::Plan& plan_;
  const HostPlan& host_;
  const State& state_;
  std::set<std::pair<std::string, net::Ipv4Address>> done_;
  Rows rows_;
};

}  // namespace

std::string verify_script(const plan::Plan& plan, const HostPlan& host) {
  const auto state = plan::with_all_stacks(plan::acceptable(host.after));
  Functions functions;
  auto fields = identity_fields(plan, host);
  fields.insert_or_assign("guarded", true);
  fields.insert_or_assign("checks", checks(state, plan.target, functions));
  auto pings = Pings(plan, host, state).rows();
  fields.insert_or_assign("pings_any", !pings.empty());
  fields.insert_or_assign("pings", std::move(pings));
  fields.insert_or_assign("stacks_any", !other_stacks({state}).empty());
  fields.insert_or_assign("stacks", stack_rows(other_stacks({state})));
  functions.put(fields);
  return expand("templates/verify.sh.mustache", fields, Syntax::Shell);
}

}  // namespace esx2esxi::render
