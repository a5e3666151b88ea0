// Console and VMkernel each had a default gateway; one stack keeps one (vSphere 5.5 Upgrade, GUID-F2B101A9).
#include <algorithm>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Endpoint;
using model::Interface;
using model::Stack;
using net::Ipv4Address;

namespace {

struct Gateways {
  const Stack* console;
  const Stack* vmkernel;
};

/// Both set, both meant, and different.
std::optional<Gateways> two_gateways(const Situation& s) {
  if (!s.host.classic()) return std::nullopt;
  const Gateways both{s.host.before.stack(model::kConsole), s.host.before.stack(model::kVmkernel)};
  const auto set = [](const Stack* stack) { return stack && stack->gateway && !stack->gateway->is_unspecified(); };
  if (!set(both.console) || !set(both.vmkernel) || both.console->gateway == both.vmkernel->gateway) return std::nullopt;
  return both;
}

/// Each gateway is the one of some stack of the state judged.
bool each_in_its_own_stack(const Situation& s, const Gateways& both) {
  const auto kept = [&](const Stack* old) {
    return std::any_of(s.now.stacks.begin(), s.now.stacks.end(),
                       [&](const Stack& stack) { return stack.gateway == old->gateway; });
  };
  return kept(both.console) && kept(both.vmkernel);
}

bool of_vmkernel(const Endpoint& endpoint) { return endpoint.service != model::Service::Management; }

/// Endpoints of VMkernel services outside the VMkernel's connected networks. A peer counts only if packets could reach
/// it: whether peers can meet at all is the estate's question.
std::vector<const Endpoint*> off_link_endpoints(const Situation& s, const net::RouteTable& before) {
  const auto members = in_range_tests(s.host.before, model::kVmkernel);
  std::vector<const Endpoint*> found;
  for (const auto& endpoint : s.endpoints) {
    if (!of_vmkernel(endpoint) || is_own(s.host.before, endpoint.address)) continue;
    if (!holding(members, endpoint.address).empty()) continue;
    if (!endpoint.peer || before.lookup(endpoint.address).reachable()) found.push_back(&endpoint);
  }
  return found;
}

/// Interfaces (classic names) and next hops of an egress.
using Way = std::pair<std::vector<std::string>, std::vector<Ipv4Address>>;

void add_way(Way& way, const model::State& state, const net::Egress& egress) {
  for (const auto id : egress.interfaces) way.first.push_back(model::interface_of(state, id).from);
  way.second.insert(way.second.end(), egress.next_hops.begin(), egress.next_hops.end());
}

Way sorted(Way way) {
  std::sort(way.first.begin(), way.first.end());
  way.first.erase(std::unique(way.first.begin(), way.first.end()), way.first.end());
  std::sort(way.second.begin(), way.second.end());
  way.second.erase(std::unique(way.second.begin(), way.second.end()), way.second.end());
  return way;
}

/// The policy names the router as one that leads there.
bool named_router(const Situation& s, Ipv4Address router, Ipv4Address to) {
  return std::any_of(s.endpoints.begin(), s.endpoints.end(), [&](const Endpoint& e) {
    return e.router == router && (e.network ? e.network->contains(to) : e.address == to);
  });
}

/// The interfaces have moved away from the next hop of before, to where that of now is their neighbour.
bool by_router_of_new_network(const Situation& s, const Way& old, const Way& now) {
  if (now.second.size() != 1 || old.second.empty()) return false;
  return std::all_of(now.first.begin(), now.first.end(), [&](const std::string& from) {
    const auto* interface = s.now.interface_from(from);
    const auto range = interface ? interface->range() : std::nullopt;
    return range && range->contains(now.second.front()) &&
           std::none_of(old.second.begin(), old.second.end(), [&](Ipv4Address hop) { return range->contains(hop); });
  });
}

/// The endpoint is still left for by the interface of before, and by the next hop of before, a router that the policy
/// names, or one of the network into which the plan moves the interface.
bool served_as_before(const Situation& s, const net::RouteTable& before, const Endpoint& endpoint) {
  Way old;
  add_way(old, s.host.before, before.lookup(endpoint.address));
  auto stacks = model::stacks_of(s.now, endpoint.service);
  if (stacks.empty()) stacks.emplace_back(model::kDefaultStack);
  Way now;
  for (const auto& stack : stacks) {
    const auto table = model::table_of(s.now, stack);
    add_way(now, s.now, model::egress_of(s.now, stack, endpoint.service, table.lookup(endpoint.address)));
  }
  if (now.second.size() == 1 &&
      (named_router(s, now.second.front(), endpoint.address) || by_router_of_new_network(s, old, now)))
    old.second = now.second;
  return sorted(std::move(old)) == sorted(std::move(now));
}

enum class Need : std::uint8_t { None, Endpoint, Route, Covered };

Need need_of_vmkernel(const Situation& s, std::vector<const Endpoint*>& off_link, const Gateways& both) {
  const auto table = model::table_of(s.host.before, model::kVmkernel);
  off_link = off_link_endpoints(s, table);
  if (s.stage == Stage::Mapped) {
    if (!off_link.empty()) return Need::Endpoint;
    return both.vmkernel->routes.empty() ? Need::None : Need::Route;
  }
  if (off_link.empty()) return Need::None;
  std::erase_if(off_link, [&](const Endpoint* e) { return served_as_before(s, table, *e); });
  return off_link.empty() ? Need::Covered : Need::Endpoint;
}

/// Interfaces whose range holds a gateway in its own stack of before, by their names in the state judged.
void add_holders(Evidence& evidence, const Situation& s, const Stack& stack) {
  for (const auto* old : holding(in_range_tests(s.host.before, stack.name), *stack.gateway)) {
    const auto* now = s.now.interface_from(old->from);
    evidence.interfaces.push_back(now ? ref(*now) : ref(*old));
  }
  add_origin(evidence, stack.origins, "gateway");
}

std::string need_text(Need need, const std::vector<const Endpoint*>& off_link, const Stack& vmkernel) {
  if (need == Need::Endpoint) {
    std::vector<std::string> parts;
    for (const auto* endpoint : off_link) {
      if (parts.size() == 5) break;
      parts.push_back(fmt::format("{} ({})", endpoint->name, endpoint->address));
    }
    if (off_link.size() > parts.size()) parts.push_back(fmt::format("{} more", off_link.size() - parts.size()));
    return listed(parts) + " is outside the VMkernel's own subnets";
  }
  if (need == Need::Route) return fmt::format("the VMkernel has {} static route(s)", vmkernel.routes.size());
  return "no known endpoint of the VMkernel is outside its own subnets";
}

}  // namespace

std::vector<Evidence> two_default_gateways(const Situation& s) {
  const auto both = two_gateways(s);
  if (!both || each_in_its_own_stack(s, *both)) return {};
  std::vector<const Endpoint*> off_link;
  const auto need = need_of_vmkernel(s, off_link, *both);
  if (need == Need::Covered) return {};
  Evidence evidence;
  evidence.grade = need == Need::None ? "unneeded" : "needed";
  evidence.stack = model::kDefaultStack;
  add_holders(evidence, s, *both->console);
  add_holders(evidence, s, *both->vmkernel);
  evidence.addresses = {to_string(*both->console->gateway), to_string(*both->vmkernel->gateway)};
  for (const auto* endpoint : off_link)
    evidence.endpoints.push_back(fmt::format("{} {}", endpoint->name, endpoint->address));
  evidence.introduced = true;
  evidence.words = {{"console", to_string(*both->console->gateway)},
                    {"vmkernel", to_string(*both->vmkernel->gateway)},
                    {"need", need_text(need, off_link, *both->vmkernel)}};
  return {evidence};
}

}  // namespace esx2esxi::rules
