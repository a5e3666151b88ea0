#include "esx2esxi/net/route_table.hpp"

#include <algorithm>

namespace esx2esxi::net {

namespace {

/// A prefix with all that leads there.
struct Group {
  Ipv4Prefix prefix;
  std::uint32_t egress = 0;
};

bool is_own(std::span<const Connected> connected, Ipv4Address address) {
  return std::any_of(connected.begin(), connected.end(), [&](const Connected& c) { return c.address == address; });
}

/// `connected` is sorted by range.
std::vector<InterfaceId> longest_holding(std::span<const Connected> connected, Ipv4Address address) {
  unsigned longest = 0;
  std::vector<InterfaceId> found;
  for (const auto& c : connected) {
    if (address < c.range.network()) break;
    if (!c.range.contains(address) || (!found.empty() && c.range.length() < longest)) continue;
    if (found.empty() || c.range.length() > longest) found.clear();
    longest = c.range.length();
    found.push_back(c.interface);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// Routes of one prefix tie: interfaces are united, next hops ordered by their likeliest interface, then as given.
Egress united(Ipv4Prefix prefix, std::span<const StaticRoute> routes, std::span<const Connected> connected) {
  if (routes.size() == 1) {  // nearly always: no tie to sort out
    const auto next_hop = routes.front().next_hop;
    Egress egress;
    egress.by = prefix;
    if (is_own(connected, next_hop)) return egress;
    egress.interfaces = longest_holding(connected, next_hop);
    if (egress.reachable()) egress.next_hops.push_back(next_hop);
    return egress;
  }
  struct Way {
    InterfaceId likely;
    Ipv4Address next_hop;
  };
  std::vector<Way> ways;
  Egress egress;
  egress.by = prefix;
  for (const auto& route : routes) {
    const auto interfaces = longest_holding(connected, route.next_hop);
    if (interfaces.empty() || is_own(connected, route.next_hop)) continue;
    const bool known =
        std::any_of(ways.begin(), ways.end(), [&](const Way& w) { return w.next_hop == route.next_hop; });
    if (!known) ways.push_back({interfaces.front(), route.next_hop});
    egress.interfaces.insert(egress.interfaces.end(), interfaces.begin(), interfaces.end());
  }
  std::stable_sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.likely < b.likely; });
  for (const auto& way : ways) egress.next_hops.push_back(way.next_hop);
  auto& ids = egress.interfaces;
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return egress;
}

}  // namespace

RouteTable::RouteTable(std::span<const Connected> connected, std::span<const StaticRoute> routes)
    : connected_(connected.begin(), connected.end()) {
  egresses_.reserve(1 + connected.size() + routes.size());
  regions_.reserve(1 + 2 * (connected.size() + routes.size()));
  egresses_.emplace_back();  // 0: no route
  std::vector<Group> groups;
  const auto add = [&](Egress egress) {
    groups.push_back({egress.by, static_cast<std::uint32_t>(egresses_.size())});
    egresses_.push_back(std::move(egress));
  };

  // Sorted by network, then length: a prefix comes before all that lies in it.
  std::stable_sort(connected_.begin(), connected_.end(),
                   [](const Connected& a, const Connected& b) { return a.range < b.range; });
  for (auto it = connected_.begin(); it != connected_.end();) {
    Egress egress;
    egress.by = it->range;
    for (const auto range = it->range; it != connected_.end() && it->range == range; ++it)
      egress.interfaces.push_back(it->interface);
    std::sort(egress.interfaces.begin(), egress.interfaces.end());
    egress.interfaces.erase(std::unique(egress.interfaces.begin(), egress.interfaces.end()), egress.interfaces.end());
    add(std::move(egress));
  }

  std::vector<StaticRoute> sorted(routes.begin(), routes.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const StaticRoute& a, const StaticRoute& b) { return a.destination < b.destination; });
  const auto connected_groups = static_cast<std::ptrdiff_t>(groups.size());
  for (auto it = sorted.begin(); it != sorted.end();) {
    const auto end =
        std::find_if(it, sorted.end(), [&](const StaticRoute& r) { return r.destination != it->destination; });
    const bool shadowed =
        std::binary_search(groups.begin(), groups.begin() + connected_groups, Group{it->destination, 0},
                           [](const Group& a, const Group& b) { return a.prefix < b.prefix; });
    if (!shadowed) {
      auto egress = united(it->destination, {it, end}, connected_);
      if (egress.reachable()) add(std::move(egress));
    }
    it = end;
  }
  std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.prefix < b.prefix; });

  // One sweep: prefixes nest or are disjoint, so a stack of the open ones gives the longest at each address.
  struct Open {
    std::uint64_t end;  // first address behind it
    std::uint32_t egress;
  };
  std::vector<Open> open{{std::uint64_t{1} << 32, 0}};
  std::uint64_t at = 0;
  const auto emit_to = [&](std::uint64_t end) {
    if (end <= at) return;
    regions_.push_back({Ipv4Address::from_bits(static_cast<std::uint32_t>(at)),
                        Ipv4Address::from_bits(static_cast<std::uint32_t>(end - 1)), open.back().egress});
    at = end;
  };
  const auto close_to = [&](std::uint64_t limit) {
    while (open.size() > 1 && open.back().end <= limit) {
      emit_to(open.back().end);
      open.pop_back();
    }
  };
  for (const auto& group : groups) {
    const std::uint64_t first = group.prefix.network().bits();
    close_to(first);
    emit_to(first);
    open.push_back({std::uint64_t{group.prefix.broadcast().bits()} + 1, group.egress});
  }
  close_to(std::uint64_t{1} << 32);
  emit_to(std::uint64_t{1} << 32);
}

const Egress& RouteTable::lookup(Ipv4Address destination) const {
  const auto it = std::upper_bound(regions_.begin(), regions_.end(), destination,
                                   [](Ipv4Address a, const Region& region) { return a < region.first; });
  return egresses_[std::prev(it)->egress];  // regions cover everything: the first begins at 0.0.0.0
}

std::vector<InterfaceId> RouteTable::on_link(Ipv4Address address) const { return longest_holding(connected_, address); }

}  // namespace esx2esxi::net
