// Stacks with their gateways and routes.
#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::verify {

namespace {

using model::Route;
using model::Stack;
using plan::Action;

bool routes_seen(const Comparison& c, const std::string& stack) {
  if (c.seen({"network ip route ipv4 list", "esxcfg-route"}, stack)) return true;
  return stack == model::kDefaultStack && c.seen({"network ip route ipv4 list", "esxcfg-route"});
}

bool leases(const model::State& state, const std::string& stack) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const model::Interface& i) { return i.stack == stack && i.dhcp && i.enabled; });
}

/// A host takes no route whose next hop is on none of its networks.
bool reachable(const Comparison& c, const std::string& stack, net::Ipv4Address next_hop) {
  return leases(c.wanted, stack) ||
         std::any_of(c.wanted.interfaces.begin(), c.wanted.interfaces.end(), [&](const model::Interface& i) {
           const auto range = i.range();
           return i.stack == stack && i.enabled && range && range->contains(next_hop);
         });
}

void compare_gateway(Comparison& c, const Stack& wanted, const Stack& found) {
  const auto text = [](const auto& address) { return address ? Text(to_string(*address)) : Text(); };
  const auto subject = "stack " + wanted.name;
  if (wanted.gateway != found.gateway && leases(c.wanted, wanted.name))
    return c.unseen(subject + ": gateway", "comes with the lease of DHCP", false);
  if (wanted.gateway && !found.gateway && !reachable(c, wanted.name, *wanted.gateway))
    return c.unseen(subject + ": gateway", "is on no network of the host: it could carry nothing", false);
  auto mend = c.mend();
  const auto step = [&](Action action, net::Ipv4Address gateway) {
    mend.step(action, {}, {{"stack", wanted.name}, {"gateway", to_string(gateway)}});
  };
  if (found.gateway) step(Action::RemoveGateway, *found.gateway);
  if (wanted.gateway) step(Action::SetGateway, *wanted.gateway);
  mend.at_once();  // who sits behind the old gateway would not come to type the rest
  c.check(subject, "gateway", text(wanted.gateway), text(found.gateway), mend);
}

std::string field_of(const Route& route) { return fmt::format("route {}", route.network); }

std::vector<std::pair<std::string, std::string>> arguments_of(const Stack& stack, const Route& route) {
  return {{"stack", stack.name}, {"network", to_string(route.network)}, {"next_hop", to_string(route.next_hop)}};
}

void compare_routes(Comparison& c, const Stack& wanted, const Stack& found) {
  const auto in = [](const std::vector<Route>& routes, const Route& route) {
    return std::find(routes.begin(), routes.end(), route) != routes.end();
  };
  const auto subject = "stack " + wanted.name;
  std::vector<const Route*> others;  // found, but not expected
  for (const auto& route : found.routes)
    if (!in(wanted.routes, route)) others.push_back(&route);
  for (const auto& route : wanted.routes) {
    const auto hop = to_string(route.next_hop);
    if (in(found.routes, route) || in(found.redirects, route)) {
      c.equal(subject, field_of(route), hop);
      continue;
    }
    auto mend = c.mend();
    const auto other =
        std::find_if(others.begin(), others.end(), [&](const Route* o) { return o->network == route.network; });
    if (other == others.end() && !reachable(c, wanted.name, route.next_hop)) {
      c.unseen(fmt::format("{}: {}", subject, field_of(route)), "its next hop is on no network: it could carry nothing",
               false);
      continue;
    }
    Text shown;
    if (other != others.end()) {
      shown = to_string((*other)->next_hop);
      mend.step(Action::RemoveRoute, {}, arguments_of(wanted, **other));
      others.erase(other);
    }
    mend.step(Action::AddRoute, {}, arguments_of(wanted, route));
    c.check(subject, field_of(route), hop, shown, mend);
  }
  for (const auto* route : others)
    c.check(subject, field_of(*route), {}, to_string(route->next_hop),
            c.mend().step(Action::RemoveRoute, {}, arguments_of(wanted, *route)));
}

}  // namespace

void compare_stacks(Comparison& c) {
  for (const auto& wanted : c.wanted.stacks) {
    const auto* shown = c.found.stack(wanted.name);
    if (!routes_seen(c, wanted.name)) {
      const bool needed = wanted.gateway || !wanted.routes.empty() || wanted.name == model::kDefaultStack;
      c.unseen(fmt::format("stack {}: gateway and routes", wanted.name),
               c.old_words()                         ? "esxcfg-route -l"
               : wanted.name == model::kDefaultStack ? "esxcli network ip route ipv4 list"
                                                     : "esxcli network ip route ipv4 list -N NAME",
               needed);
      continue;
    }
    Stack none;
    none.name = wanted.name;
    const auto& found = shown ? *shown : none;
    compare_gateway(c, wanted, found);
    compare_routes(c, wanted, found);
  }
}

}  // namespace esx2esxi::verify
