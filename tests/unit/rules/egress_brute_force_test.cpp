// compare_egress against a lookup written anew: no table, no regions, every interface and route tried for each address.
#include <catch2/catch.hpp>

#include <chrono>
#include <random>
#include <set>

#include "build.hpp"
#include "esx2esxi/net/fmt.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

struct Way {
  std::set<std::string> who;
  std::set<std::uint32_t> hops;
  friend bool operator==(const Way&, const Way&) = default;
};

std::uint32_t bits(net::Ipv4Address a) { return a.bits(); }

/// The interfaces with the longest mask that are neighbours of the address.
std::set<std::string> neighbours(const model::State& state, std::string_view stack, std::uint32_t to, int& longest) {
  std::set<std::string> who;
  longest = -1;
  for (const auto& i : state.interfaces) {
    if (!i.enabled || i.stack != stack || !i.address || !i.netmask) continue;
    const auto mask = bits(*i.netmask);
    const int length = std::popcount(mask);
    if ((bits(*i.address) & mask) != (to & mask) || length < longest) continue;
    if (length > longest) who.clear();
    longest = length;
    who.insert(i.from);
  }
  return who;
}

bool own(const model::State& state, std::string_view stack, std::uint32_t address) {
  for (const auto& i : state.interfaces)
    if (i.enabled && i.stack == stack && i.address && bits(*i.address) == address) return true;
  return false;
}

Way way(const model::State& state, std::string_view stack, std::uint32_t to) {
  int best = -1;
  Way way{neighbours(state, stack, to, best), {}};
  const auto* s = state.stack(stack);
  if (!s) return way;
  std::vector<std::pair<net::Ipv4Prefix, std::uint32_t>> routes;
  for (const auto& r : s->routes) routes.emplace_back(r.network, bits(r.next_hop));
  if (s->gateway) routes.emplace_back(net_of("0.0.0.0/0"), bits(*s->gateway));
  int best_route = -1;
  Way routed;
  for (const auto& [network, hop] : routes) {
    const int length = static_cast<int>(network.length());
    if (!network.contains(net::Ipv4Address::from_bits(to)) || length <= best || length < best_route) continue;
    int ignored = 0;
    const auto who = neighbours(state, stack, hop, ignored);
    if (who.empty() || own(state, stack, hop)) continue;
    if (length > best_route) routed = {};
    best_route = length;
    routed.who.insert(who.begin(), who.end());
    routed.hops.insert(hop);
  }
  return best_route > best ? routed : way;
}

/// Hosts in 10.0.0.0/16, so that ranges, gateways and routes meet often.
Scene random_host(std::mt19937& random) {
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto address = [&] { return fmt::format("10.0.{}.{}", below(4), 1 + below(250)); };
  auto host = esx("a");
  constexpr unsigned kLengths[] = {16, 23, 24, 24, 24, 25, 28};
  const auto with_length = [&] { return fmt::format("{}/{}", address(), kLengths[below(7)]); };
  for (unsigned i = 0; i < 1 + below(2); ++i) host.console(fmt::format("vswif{}", i), with_length());
  for (unsigned i = 0; i < 1 + below(4); ++i) {
    host.vmkernel(fmt::format("vmk{}", i), with_length()).carries(below(2) ? Service::VMotion : Service::Nfs);
    if (below(8) == 0) host.disabled();
  }
  if (below(3)) host.gateway(address());
  if (below(3)) host.kernel_gateway(address());
  for (unsigned i = 0; i < below(4); ++i) {
    const auto length = 8 + below(25);
    const auto network = net::Ipv4Prefix::containing(ip(address()), length).value();
    (below(2) ? host.route(to_string(network), address()) : host.kernel_route(to_string(network), address()));
  }
  return host.scene();
}

const rules::EgressChange* change_at(const std::vector<rules::EgressChange>& changes, Service service,
                                     std::uint32_t to) {
  for (const auto& c : changes)
    if (c.service == service && c.region.contains(net::Ipv4Address::from_bits(to))) return &c;
  return nullptr;
}

std::set<std::string> from_names(const std::vector<rules::InterfaceRef>& refs) {
  std::set<std::string> out;
  for (const auto& ref : refs) out.insert(ref.from);
  return out;
}

void check_address(const Scene& scene, const std::vector<rules::EgressChange>& changes, std::uint32_t to) {
  for (const auto service : {Service::Management, Service::VMotion, Service::Nfs}) {
    const auto& before = scene.host.before;
    const bool in_use = std::any_of(before.interfaces.begin(), before.interfaces.end(),
                                    [&](const model::Interface& i) { return i.enabled && i.services.has(service); });
    const auto old = way(before, service == Service::Management ? "console" : "vmkernel", to);
    const auto now = way(scene.mapping.state, "defaultTcpipStack", to);
    const bool differs = in_use && !old.who.empty() && old != now;
    const auto* change = change_at(changes, service, to);
    if (differs != (change != nullptr) ||
        (change &&
         (from_names(change->before) != old.who || from_names(change->after) != now.who ||
          change->was_on_link != old.hops.empty() || (!now.who.empty() && change->is_on_link != now.hops.empty()))))
      FAIL("at " << to_string(net::Ipv4Address::from_bits(to)) << " for " << model::to_string(service));
  }
}

}  // namespace

TEST_CASE("compare_egress equals brute force over a whole /16") {
  std::mt19937 random(20260301);
  for (int n = 0; n < 6; ++n) {
    const auto scene = random_host(random);
    const auto changes = rules::compare_egress(scene.situation()).changes;
    for (std::uint32_t to = 0x0a000000; to <= 0x0a00ffff; ++to) check_address(scene, changes, to);
  }
}

TEST_CASE("compare_egress equals brute force at every region's ends and beyond, for many hosts") {
  std::mt19937 random(7);
  for (int n = 0; n < 400; ++n) {
    const auto scene = random_host(random);
    const auto changes = rules::compare_egress(scene.situation()).changes;
    for (const auto& c : changes)
      for (const auto edge :
           {c.region.first().bits(), c.region.last().bits(), c.region.first().bits() - 1, c.region.last().bits() + 1})
        check_address(scene, changes, edge);
    for (int k = 0; k < 200; ++k) check_address(scene, changes, static_cast<std::uint32_t>(random()));
    for (int k = 0; k < 200; ++k)
      check_address(scene, changes, 0x0a000000 + static_cast<std::uint32_t>(random() % 1200));
  }
}
