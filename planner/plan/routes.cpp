#include <algorithm>

#include "detours.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

using model::Interface;
using model::State;

namespace {

bool has_route(const State& state, std::string_view stack, const std::optional<net::Ipv4Prefix>& network,
               net::Ipv4Address next_hop) {
  const auto* table = state.stack(stack);
  if (!table) return false;
  if (!network) return table->gateway == next_hop;
  return std::any_of(table->routes.begin(), table->routes.end(),
                     [&](const model::Route& r) { return r.network == *network && r.next_hop == next_hop; });
}

/// Whether the way is a default gateway in the subnet where the interface was, enabled or not: a host may count a
/// disabled one, too, when it takes its default gateway away.
bool counted_for(const InterfaceChange& change, std::string_view stack, const std::optional<net::Ipv4Prefix>& network,
                 net::Ipv4Address next_hop) {
  if (network || !change.from || change.from->stack != stack) return false;
  const auto range = change.from->range();
  return range && range->contains(next_hop);
}

bool carried(const State& state, std::string_view stack, net::Ipv4Address next_hop) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const Interface& i) { return i.stack == stack && holds(i, next_hop); });
}

}  // namespace

Routes::Routes(const State& from, const State& to, const Changes& changes, const Reasons& reasons)
    : from_(from), to_(to), changes_(changes) {
  const auto take_all = [&](const State& state, bool only_new) {
    for (const auto& stack : state.stacks) {
      const auto take = [&](const std::optional<net::Ipv4Prefix>& network, net::Ipv4Address hop) {
        const bool before = has_route(from, stack.name, network, hop);
        if (!only_new || !before)
          examine(stack.name, network, hop, before, has_route(to, stack.name, network, hop), reasons);
      };
      for (const auto& route : stack.routes) take(route.network, route.next_hop);
      if (stack.gateway) take(std::nullopt, *stack.gateway);
    }
  };
  take_all(from, false);
  take_all(to, true);
  // One network's hops are dropped and added together.
  for (auto& hop : hops_)
    hop.late = std::any_of(hops_.begin(), hops_.end(),
                           [&](const Hop& other) { return same_network(hop, other) && other.late; });
}

bool Routes::same_network(const Hop& a, const Hop& b) { return a.stack == b.stack && a.network == b.network; }

void Routes::examine(const std::string& stack, const std::optional<net::Ipv4Prefix>& network, net::Ipv4Address next_hop,
                     bool before, bool after, const Reasons& reasons) {
  Hop hop;
  hop.stack = stack;
  hop.network = network;
  hop.next_hop = next_hop;
  const InterfaceChange* mover = nullptr;
  bool disturbed = false;
  for (const auto& change : changes_.interfaces) {
    const bool was = change.from && change.from->stack == stack && holds(*change.from, next_hop);
    const bool is = change.to && change.to->stack == stack && holds(*change.to, next_hop);
    const bool moved = (change.moves() && was) || (is && (!change.from || change.moves()));
    const bool counted = change.moves() && counted_for(change, stack, network, next_hop);
    if (!moved && !counted) continue;
    disturbed = disturbed || moved;
    mover = &change;
    ++hop.movers;
    hop.late = hop.late || (was && change.late);
  }
  hop.late = hop.late || (!network && stack == model::kDefaultStack);
  const bool stays = carries_throughout(from_, to_, changes_, stack, next_hop);
  disturbed = disturbed || (mover && stays);
  const bool dead = !carried(from_, stack, next_hop) && !carried(to_, stack, next_hop);
  if (before && after) {
    if (!disturbed || dead) return;
    hop.restore = stays;
    hop.drop = hop.add = !stays;
  } else {
    hop.drop = before;
    hop.add = after;
  }
  const auto key = network ? fmt::format("route {}", *network) : std::string("gateway");
  hop.because = mover && !reasons.has(key) ? mover->name() : key;
  hops_.push_back(std::move(hop));
}

void Routes::drop(Draft& draft, Hop& hop) {
  hop.drop = false;
  if (hop.network)
    draft.add(Action::RemoveRoute, {},
              {{"stack", hop.stack}, {"network", to_string(*hop.network)}, {"next_hop", to_string(hop.next_hop)}},
              hop.because);
  else
    draft.add(Action::RemoveGateway, {}, {{"stack", hop.stack}, {"gateway", to_string(hop.next_hop)}}, hop.because);
}

void Routes::add(Draft& draft, Hop& hop) {
  hop.add = hop.restore = false;
  if (hop.network)
    draft.add(Action::AddRoute, {},
              {{"stack", hop.stack}, {"network", to_string(*hop.network)}, {"next_hop", to_string(hop.next_hop)}},
              hop.because);
  else
    draft.add(Action::SetGateway, {}, {{"stack", hop.stack}, {"gateway", to_string(hop.next_hop)}}, hop.because);
}

void Routes::release(Draft& draft, const InterfaceChange& change) {
  if (!change.from) return;
  for (auto& hop : hops_) {
    if (!hop.drop || hop.stack != change.from->stack || !holds(*change.from, hop.next_hop)) continue;
    const auto& all = draft.now().interfaces;
    const bool others = std::any_of(all.begin(), all.end(), [&](const Interface& i) {
      return i.name != change.name() && i.stack == hop.stack && holds(i, hop.next_hop);
    });
    if (!others) drop(draft, hop);
  }
}

void Routes::bring_back(Draft& draft, const InterfaceChange& change) {
  const auto by = [&](const Interface* interface, const Hop& hop) {
    return interface && interface->stack == hop.stack && holds(*interface, hop.next_hop);
  };
  for (auto& hop : hops_) {
    if (!hop.restore || !change.moves() ||
        !(by(change.from, hop) || counted_for(change, hop.stack, hop.network, hop.next_hop) || by(change.to, hop)))
      continue;
    --hop.movers;
    if (!carried(draft.now(), hop.stack, hop.next_hop)) continue;  // the end brings it back
    add(draft, hop);
    hop.restore = hop.movers > 0;
  }
}

/// By an interface that already is as it shall be.
bool Routes::reachable(const State& now, const Hop& hop) const {
  return std::any_of(now.interfaces.begin(), now.interfaces.end(), [&](const Interface& i) {
    const auto* wanted = to_.interface(i.name);
    return wanted && wanted->stack == i.stack && i.stack == hop.stack && wanted->enabled == i.enabled &&
           addressing_text(*wanted) == addressing_text(i) && holds(i, hop.next_hop);
  });
}

bool Routes::can_settle(const Draft& draft, const Hop& hop, When when) const {
  if (when == When::AtTheEnd) return true;
  if (hop.late && when == When::AfterOthers) return false;
  if (hop.restore) return when == When::AfterOthers;
  const auto ready = [&](const Hop& other) {
    return !same_network(other, hop) || !other.add || reachable(draft.now(), other);
  };
  // A route is dropped only when what replaces it can be added in the same breath.
  return std::all_of(hops_.begin(), hops_.end(), ready);
}

void Routes::settle(Draft& draft, When when) {
  std::vector<Hop*> now;
  for (auto& hop : hops_)
    if ((hop.drop || hop.add || hop.restore) && can_settle(draft, hop, when)) now.push_back(&hop);
  // Each network is finished before the next begins.
  std::stable_sort(now.begin(), now.end(), [](const Hop* a, const Hop* b) {
    return std::tie(a->stack, a->network) < std::tie(b->stack, b->network);
  });
  for (auto it = now.begin(); it != now.end();) {
    const auto end = std::find_if(
        it, now.end(), [&](const Hop* h) { return h->stack != (*it)->stack || h->network != (*it)->network; });
    for (auto h = it; h != end; ++h)
      if ((*h)->drop) drop(draft, **h);
    for (auto h = it; h != end; ++h)
      if ((*h)->add || (*h)->restore) add(draft, **h);
    it = end;
  }
}

}  // namespace esx2esxi::plan
