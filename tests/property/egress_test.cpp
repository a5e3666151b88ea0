// The comparison of the whole address space against pencil and paper, address by address over a /16.
#include <catch2/catch.hpp>

#include <map>

#include "esx2esxi/rules/judge.hpp"
#include "property/brute.hpp"
#include "property/random_host.hpp"

using namespace esx2esxi;

namespace {

constexpr std::uint32_t kFirst = 10U << 24;  // 10.0/16, where most of a random host's networks lie

bool covered(const rules::EgressComparison& comparison, model::Service service, net::Ipv4Address a) {
  return std::any_of(comparison.changes.begin(), comparison.changes.end(), [&](const rules::EgressChange& change) {
    return change.service == service && change.region.contains(a);
  });
}

}  // namespace

TEST_CASE("the region comparison equals brute force over a /16") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    testing::Random random(seed * 104729);
    model::Host host;
    host.name = "h";
    host.product = "ESX";
    host.version = "4.1.0";
    host.before = testing::random_classic_state(random);
    for (auto& i : host.before.interfaces)
      i.services.add(i.is_vswif() ? model::Service::Management : model::Service::VMotion);
    const auto path = seed % 2 ? model::Path::Fresh : model::Path::Upgrade;
    const auto mapping = transform::map_host(host, {5, 5}, path);
    const model::Policy policy;
    const std::vector<model::Endpoint> endpoints;
    const auto comparison =
        rules::compare_egress({host, mapping, mapping.state, endpoints, policy, {5, 5}, path, rules::Stage::Mapped});
    for (const auto service : {model::Service::Management, model::Service::VMotion}) {
      const auto stack = service == model::Service::Management ? model::kConsole : model::kVmkernel;
      const bool in_use = std::any_of(host.before.interfaces.begin(), host.before.interfaces.end(),
                                      [&](const auto& i) { return i.enabled && i.services.has(service); });
      for (std::uint32_t offset = 0; offset < 65536; ++offset) {
        const auto to = net::Ipv4Address::from_bits(kFirst + offset);
        const auto before = testing::simulate(host.before, stack, to);
        const auto after = testing::simulate(mapping.state, model::kDefaultStack, to);
        const bool changed = in_use && !before.interfaces.empty() &&
                             (before.interfaces != after.interfaces || before.next_hops != after.next_hops);
        if (changed != covered(comparison, service, to))
          FAIL("seed " << seed << " service " << to_string(service) << " destination " << to_string(to)
                       << ": brute force says " << (changed ? "changed" : "unchanged"));
      }
    }
  }
}
