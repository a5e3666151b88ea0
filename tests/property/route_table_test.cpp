// The region table against a second simulation that knows no regions: for each destination it looks at every interface
// and every route, as a person would with pencil and paper.
#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <set>

#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/transform/map.hpp"
#include "property/random_host.hpp"

using namespace esx2esxi;

namespace {

struct Brute {
  std::set<std::string> interfaces;
  std::string likely;
  std::set<net::Ipv4Address> next_hops;
};

unsigned ones(net::Ipv4Address mask) {
  unsigned n = 0;
  for (unsigned bit = 32; bit-- > 0 && (mask.bits() >> bit & 1U) != 0;) ++n;
  return n;
}

bool takes_part(const model::Interface& i, std::string_view stack) {
  if (!i.enabled || i.stack != stack || !i.address || !i.netmask) return false;
  if (i.address->bits() == 0 || i.address->bits() >> 16 == 0xa9feU) return false;
  const auto n = ones(*i.netmask);
  return n >= 1 && n <= 30 && i.netmask->bits() == ~0U << (32 - n);
}

bool inside(net::Ipv4Address a, net::Ipv4Address network, unsigned length) {
  return length == 0 || a.bits() >> (32 - length) == network.bits() >> (32 - length);
}

/// Interfaces with the longest connected network around `a`, and that length.
std::vector<const model::Interface*> around(const model::State& s, std::string_view stack, net::Ipv4Address a,
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

Brute simulate(const model::State& s, std::string_view stack, net::Ipv4Address to) {
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
    if (static_cast<int>(route.length) <= best && result.next_hops.empty()) continue;  // connected is longer or equal
    if (static_cast<int>(route.length) < best) continue;
    int link = -1;
    const auto by = around(s, stack, route.next_hop, link);
    const bool own = std::any_of(s.interfaces.begin(), s.interfaces.end(), [&](const model::Interface& i) {
      return takes_part(i, stack) && *i.address == route.next_hop;
    });
    if (by.empty() || own) continue;
    if (static_cast<int>(route.length) > best) {
      best = static_cast<int>(route.length);
      winners.clear();
      result.next_hops.clear();
    }
    winners.insert(winners.end(), by.begin(), by.end());
    result.next_hops.insert(route.next_hop);
  }
  const model::Interface* first = nullptr;
  for (const auto* i : winners) {
    result.interfaces.insert(i->name);
    if (!first || i->created < first->created) first = i;
  }
  if (first) result.likely = first->name;
  return result;
}

void compare(const model::State& state, std::string_view stack, const net::RouteTable& table, net::Ipv4Address to) {
  const auto& egress = table.lookup(to);
  const auto expected = simulate(state, stack, to);
  std::set<std::string> names;
  for (const auto id : egress.interfaces) names.insert(model::interface_of(state, id).name);
  const std::set<net::Ipv4Address> hops(egress.next_hops.begin(), egress.next_hops.end());
  if (names == expected.interfaces && hops == expected.next_hops) {
    if (!names.empty() && model::interface_of(state, egress.interfaces.front()).name != expected.likely)
      FAIL("likely egress differs for " << to_string(to));
    return;
  }
  FAIL("stack " << stack << ", destination " << to_string(to));
}

std::vector<std::string> stacks(const model::State& state) {
  std::vector<std::string> names;
  for (const auto& s : state.stacks) names.push_back(s.name);
  return names;
}

}  // namespace

TEST_CASE("the region table agrees with pencil and paper at every boundary and a million random destinations") {
  constexpr int kHosts = 500;
  constexpr int kRandomPerTable = 700;  // x 500 hosts x 3 tables: above a million
  for (std::uint64_t seed = 1; seed <= kHosts; ++seed) {
    testing::Random random(seed);
    model::Host host;
    host.product = "ESX";
    host.version = "4.1.0";
    host.before = testing::random_classic_state(random);
    const auto mapped = transform::map_host(host, {8, 0}, seed % 3 ? model::Path::Fresh : model::Path::Upgrade).state;
    INFO("seed " << seed);
    for (const auto* state : std::initializer_list<const model::State*>{&host.before, &mapped}) {
      for (const auto& stack : stacks(*state)) {
        const auto table = model::table_of(*state, stack);
        for (const auto& region : table.regions()) {
          compare(*state, stack, table, region.first);
          compare(*state, stack, table, region.last);
        }
        for (int n = 0; n < kRandomPerTable; ++n) {
          const auto to = n % 2 ? net::Ipv4Address::from_bits(random.bits()) : testing::random_address(random);
          compare(*state, stack, table, to);
        }
      }
    }
  }
}

TEST_CASE("regions cover the whole address space once and in order") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    testing::Random random(seed * 7919);
    const auto state = testing::random_classic_state(random);
    for (const auto& stack : stacks(state)) {
      const auto table = model::table_of(state, stack);
      std::uint64_t next = 0;
      for (const auto& region : table.regions()) {
        REQUIRE(region.first.bits() == next);
        REQUIRE(region.first <= region.last);
        next = std::uint64_t{region.last.bits()} + 1;
      }
      REQUIRE(next == std::uint64_t{1} << 32);
    }
  }
}
