#include "strict_host.hpp"

#include <algorithm>
#include <set>

#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/plan/simulate.hpp"

namespace test {

namespace {

using model::Interface;
using model::State;
using plan::Action;
using plan::Step;

bool on_link(const State& state, std::string_view stack, net::Ipv4Address hop) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const Interface& i) {
    return i.stack == stack && i.enabled && i.range() && i.range()->contains(hop);
  });
}

bool has_address(const State& state, std::string_view address) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const Interface& i) { return i.address && to_string(*i.address) == address; });
}

const model::NfsMount* volume(const State& state, std::string_view label) {
  for (const auto& mount : state.nfs)
    if (mount.label == label) return &mount;
  return nullptr;
}

void check_interface_step(const State& before, const State& to, const Step& step) {
  const auto* interface = before.interface(step.interface);
  if (step.action == Action::AddInterface) {
    CHECK(!interface);
    CHECK(before.portgroup(step.argument("portgroup")).second);
    CHECK(before.stack(step.argument("stack")));
    for (const auto& other : before.interfaces) CHECK(other.portgroup != step.argument("portgroup"));
    return;
  }
  REQUIRE(interface);
  if (step.action == Action::RemoveInterface || step.action == Action::SetAddress || step.action == Action::SetMtu)
    CHECK(interface->bound_to.empty());
  if (step.action == Action::SetAddress && step.argument("type") == "static" &&
      (!interface->address || to_string(*interface->address) != step.argument("address")))
    CHECK(!has_address(before, step.argument("address")));
  if (step.action == Action::Bind) CHECK(interface->bound_to.empty());
  if (step.action == Action::Unbind) CHECK(interface->bound_to == step.argument("adapter"));
  (void)to;
}

void check_route_step(const State& before, const State& to, const Step& step) {
  const auto* stack = before.stack(step.argument("stack"));
  REQUIRE(stack);
  if (step.action == Action::SetGateway) {
    const auto gateway = ip(step.argument("gateway"));
    CHECK((!stack->gateway || *stack->gateway == gateway));
    CHECK((on_link(before, stack->name, gateway) || !on_link(to, stack->name, gateway)));
  }
  if (step.action == Action::RemoveGateway)
    CHECK((stack->gateway && to_string(*stack->gateway) == step.argument("gateway")));
  if (step.action == Action::AddRoute) {
    const auto hop = ip(step.argument("next_hop"));
    CHECK((on_link(before, stack->name, hop) || !on_link(to, stack->name, hop)));
  }
}

void check_step(const State& before, const State& to, const Step& step) {
  INFO("step " << step.n << " " << to_string(step.action) << " " << step.interface);
  switch (step.action) {
    case Action::AddPortgroup: CHECK(!before.portgroup(step.argument("portgroup")).second); break;
    case Action::RemovePortgroup:
      for (const auto& i : before.interfaces) CHECK(i.portgroup != step.argument("portgroup"));
      break;
    case Action::SetPortgroupVlan:
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks:
      CHECK(before.portgroup(step.argument("portgroup")).second);
      for (const auto& i : before.interfaces)
        if (i.portgroup == step.argument("portgroup")) CHECK(i.bound_to.empty());
      break;
    case Action::RemoveStack:
      for (const auto& i : before.interfaces) CHECK(i.stack != step.argument("stack"));
      break;
    case Action::AddStack: CHECK(!before.stack(step.argument("stack"))); break;
    case Action::Unmount: CHECK(volume(before, step.argument("volume"))); break;
    case Action::Mount: CHECK(!volume(before, step.argument("volume"))); break;
    case Action::RemoveRoute:
    case Action::AddRoute:
    case Action::RemoveGateway:
    case Action::SetGateway: check_route_step(before, to, step); break;
    case Action::Unbind:
    case Action::Bind:
    case Action::RemoveTag:
    case Action::AddTag:
    case Action::RemoveInterface:
    case Action::AddInterface:
    case Action::SetAddress:
    case Action::SetEnabled:
    case Action::SetMtu: check_interface_step(before, to, step); break;
  }
}

using Pair = std::pair<std::string, std::string>;

std::set<Pair> overlaps(const State& state) {
  std::set<Pair> out;
  for (const auto& a : state.interfaces)
    for (const auto& b : state.interfaces)
      if (a.name < b.name && a.enabled && b.enabled && a.stack == b.stack && a.range() && b.range() &&
          a.range()->overlaps(*b.range()))
        out.insert({a.name, b.name});
  return out;
}

/// Interfaces that management answers on.
std::set<std::string> management(const State& state) {
  std::set<std::string> out;
  for (const auto& i : state.interfaces)
    if (i.enabled && (i.addressed() || i.dhcp) && i.services.has(model::Service::Management))
      out.insert(i.name + " " + model::address_text(i) + " " + i.portgroup + " " + i.stack);
  return out;
}

/// How traffic to a mounted volume's server leaves.
std::string way(const State& state, const std::string& server) {
  const auto address = net::Ipv4Address::parse(server);
  if (!address) return {};
  const auto table = model::table_of(state, model::kDefaultStack);
  const auto& egress = table.lookup(*address);
  std::string out;
  for (const auto id : egress.interfaces) {
    const auto& i = model::interface_of(state, id);
    out += i.name + " " + model::address_text(i) + " " + std::to_string(i.vlan ? i.vlan->value() : 0) + ";";
  }
  for (const auto hop : egress.next_hops) out += " by " + to_string(hop);
  return out;
}

void check_prefix(const State& from, const State& to, const State& before, const State& now) {
  const auto allowed_then = overlaps(from);
  const auto allowed_later = overlaps(to);
  for (const auto& pair : overlaps(now)) {
    INFO(pair.first << " and " << pair.second << " overlap");
    CHECK((allowed_then.count(pair) || allowed_later.count(pair)));
  }
  for (const auto& mounted : now.nfs)
    if (volume(before, mounted.label)) CHECK(way(now, mounted.server) == way(before, mounted.server));
  // If some way in is the same before and after, it never closes meanwhile.
  const auto first = management(from);
  const auto last = management(to);
  for (const auto& entry : first)
    if (last.count(entry)) CHECK(management(now).count(entry));
  const bool disjoint = !first.empty() && !last.empty() && first.begin()->substr(0, 4) != last.begin()->substr(0, 4);
  if (disjoint && first.size() == 1 && last.size() == 1) CHECK(!management(now).empty());
}

}  // namespace

void expect_sound(const State& from, const State& to, const std::vector<Step>& steps) {
  const auto states = plan::prefixes(from, steps);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    check_step(states[i], to, steps[i]);
    INFO("after step " << steps[i].n << " " << to_string(steps[i].action) << " " << steps[i].interface);
    check_prefix(from, to, states[i], states[i + 1]);
  }
  CHECK(plan::differences(states.back(), to) == std::vector<std::string>{});
}

}  // namespace test
