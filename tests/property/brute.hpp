// A second simulation of a stack's table that knows no regions: for each destination it looks at every interface and
// every route, as a person would with pencil and paper. It shares no code with net/route_table.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"

namespace esx2esxi::testing {

struct Brute {
  std::set<std::string> interfaces;  ///< by their name on the classic host
  std::string likely;
  std::set<net::Ipv4Address> next_hops;
  friend bool operator==(const Brute&, const Brute&) = default;
};

inline unsigned ones(net::Ipv4Address mask) {
  unsigned n = 0;
  for (unsigned bit = 32; bit-- > 0 && (mask.bits() >> bit & 1U) != 0;) ++n;
  return n;
}

inline bool takes_part(const model::Interface& i, std::string_view stack) {
  if (!i.enabled || i.stack != stack || !i.address || !i.netmask) return false;
  if (i.address->bits() == 0 || i.address->bits() >> 16 == 0xa9feU) return false;
  const auto n = ones(*i.netmask);
  return n >= 1 && n <= 30 && i.netmask->bits() == ~0U << (32 - n);
}

inline bool inside(net::Ipv4Address a, net::Ipv4Address network, unsigned length) {
  return length == 0 || a.bits() >> (32 - length) == network.bits() >> (32 - length);
}

/// Interfaces with the longest connected network around `a`, and that length (-1: none).
inline std::vector<const model::Interface*> around(const model::State& s, std::string_view stack, net::Ipv4Address a,
                                                   int& best) {
  std::vector<const model::Interface*> found;
  best = -1;
  for (const auto& i : s.interfaces) {
    if (!takes_part(i, stack) || !inside(a, *i.address, ones(*i.netmask))) continue;
    const int n = static_cast<int>(ones(*i.netmask));
    if (n > best) found.clear();
    if (n >= best) {
      best = n;
      found.push_back(&i);
    }
  }
  return found;
}

inline Brute simulate(const model::State& s, std::string_view stack, net::Ipv4Address to) {
  int best = -1;
  auto winners = around(s, stack, to, best);
  struct Candidate {
    unsigned length;
    net::Ipv4Address next_hop;
  };
  std::vector<Candidate> routes;
  for (const auto& t : s.stacks) {
    if (t.name != stack) continue;
    if (t.gateway) routes.push_back({0, *t.gateway});
    for (const auto& r : t.routes)
      if (inside(to, r.network.network(), r.network.length())) routes.push_back({r.network.length(), r.next_hop});
  }
  Brute result;
  for (const auto& route : routes) {
    const int length = static_cast<int>(route.length);
    if (length < best || (length == best && result.next_hops.empty()))
      continue;  // a connected network of that length wins
    int link = -1;
    const auto by = around(s, stack, route.next_hop, link);
    const bool own = std::any_of(s.interfaces.begin(), s.interfaces.end(), [&](const model::Interface& i) {
      return takes_part(i, stack) && *i.address == route.next_hop;
    });
    if (by.empty() || own) continue;
    if (length > best) {
      best = length;
      winners.clear();
      result.next_hops.clear();
    }
    winners.insert(winners.end(), by.begin(), by.end());
    result.next_hops.insert(route.next_hop);
  }
  const model::Interface* first = nullptr;
  for (const auto* i : winners) {
    result.interfaces.insert(i->from);
    if (!first || i->created < first->created) first = i;
  }
  if (first) result.likely = first->from;
  return result;
}

}  // namespace esx2esxi::testing
