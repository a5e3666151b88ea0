// The region table against pencil and paper (brute.hpp).
#include <catch2/catch.hpp>

#include <algorithm>
#include <optional>
#include <set>

#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/transform/map.hpp"
#include "property/brute.hpp"
#include "property/random_host.hpp"

using namespace esx2esxi;

namespace {

void compare(const model::State& state, std::string_view stack, const net::RouteTable& table, net::Ipv4Address to) {
  const auto& egress = table.lookup(to);
  const auto expected = testing::simulate(state, stack, to);
  std::set<std::string> names;
  for (const auto id : egress.interfaces) names.insert(model::interface_of(state, id).from);
  const std::set<net::Ipv4Address> hops(egress.next_hops.begin(), egress.next_hops.end());
  if (names == expected.interfaces && hops == expected.next_hops) {
    if (!names.empty() && model::interface_of(state, egress.interfaces.front()).from != expected.likely)
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
