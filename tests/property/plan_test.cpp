// What must hold for every plan, whatever the estate.
#include <catch2/catch.hpp>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "property/random_estate.hpp"

using namespace esx2esxi;

namespace {

constexpr std::uint64_t kEstates = 150;

plan::Plan make(const testing::RandomEstate& e, model::Target target, model::Path path, unsigned jobs = 1) {
  return plan::make_plan(
      {e.estate, e.policy, e.pools, rules::built_in_catalogue(), target, path, {2026, 11, 22}, jobs});
}

struct Case {
  model::Target target;
  model::Path path;
};
const std::vector<Case> kCases{
    {{8, 0}, model::Path::Fresh}, {{5, 5}, model::Path::Fresh}, {{5, 1}, model::Path::Upgrade}};

std::string errors_left(const plan::Plan& plan) {
  std::string text;
  for (const auto& host : plan.hosts) {
    for (const auto& why : host.blocked) text += host.name + " blocked: " + why + "\n";
    for (const auto& finding : host.findings)
      if (finding.severity == Severity::Error && finding.resolution == rules::Resolution::Open)
        text += host.name + " open: " + finding.message + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("with pool space enough no host has an error left") {
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    const auto estate = testing::random_estate(seed);
    for (const auto& c : kCases) {
      const auto left = errors_left(make(estate, c.target, c.path));
      INFO("seed " << seed << " target " << to_string(c.target) << " " << to_string(c.path) << "\n" << left);
      REQUIRE(left.empty());
    }
  }
}

TEST_CASE("no address is used twice in a planned estate") {
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    const auto estate = testing::random_estate(seed);
    const auto plan = make(estate, {8, 0}, model::Path::Fresh);
    std::map<net::Ipv4Address, std::string> owner;
    for (const auto& host : plan.hosts)
      for (const auto& i : host.after.interfaces) {
        if (!i.enabled || !i.address) continue;
        const auto [it, fresh] = owner.emplace(*i.address, host.name + " " + i.name);
        INFO("seed " << seed << ": " << to_string(*i.address) << " of " << it->second << " and " << host.name << " "
                     << i.name);
        REQUIRE(fresh);
      }
  }
}

TEST_CASE("planning the planned state again proposes nothing") {
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    const auto first = testing::random_estate(seed);
    const auto plan = make(first, {8, 0}, model::Path::Fresh);
    testing::RandomEstate again = first;
    for (std::size_t n = 0; n < plan.hosts.size(); ++n) {
      auto& host = again.estate.hosts[n];
      host.product = "ESXi";
      host.version = "8.0.0";
      host.before = plan.hosts[n].after;
      for (auto& i : host.before.interfaces) i.from = i.name;
    }
    const auto second = make(again, {8, 0}, model::Path::Fresh);
    for (const auto& host : second.hosts) {
      std::string what;
      for (const auto& r : host.remedies) what += r.why + "\n";
      INFO("seed " << seed << " " << host.name << "\n" << what);
      REQUIRE(host.remedies.empty());
      REQUIRE(host.steps.empty());
    }
  }
}

TEST_CASE("the same estate gives the same bytes with one job and with eight") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto estate = testing::random_estate(seed);
    INFO("seed " << seed);
    REQUIRE(to_json(make(estate, {8, 0}, model::Path::Fresh, 1)).dump() ==
            to_json(make(estate, {8, 0}, model::Path::Fresh, 8)).dump());
  }
}

TEST_CASE("management keeps its address unless nothing cheaper ends the conflict") {
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    const auto estate = testing::random_estate(seed);
    const auto plan = make(estate, {8, 0}, model::Path::Fresh);
    for (const auto& host : plan.hosts) {
      const auto* management = host.after.interface_from("vswif0");
      REQUIRE(management);
      if (management->address == host.before.interfaces.front().address) continue;
      // Only a management range that holds an immovable storage network, or another console, leaves no other way.
      const auto range = host.before.interfaces.front().range();
      INFO("seed " << seed << " " << host.name);
      REQUIRE(range->length() < 24);
    }
  }
}

TEST_CASE("storage stays on-link of its array") {
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    const auto estate = testing::random_estate(seed);
    const auto plan = make(estate, {8, 0}, model::Path::Fresh);
    for (const auto& host : plan.hosts)
      for (const auto& was : host.before.interfaces) {
        if (!was.services.has(model::Service::Nfs) && !was.services.has(model::Service::Iscsi)) continue;
        const auto* now = host.after.interface_from(was.name);
        INFO("seed " << seed << " " << host.name << " " << was.name);
        REQUIRE(now);
        CHECK(now->range() == was.range());
      }
  }
}

namespace {

std::set<net::Ipv4Prefix> vmotion_networks(const model::State& state) {
  std::set<net::Ipv4Prefix> networks;
  for (const auto& i : state.interfaces)
    if (i.enabled && i.range() && (i.services.has(model::Service::VMotion) || i.stack == model::kVmotionStack))
      networks.insert(*i.range());
  return networks;
}

/// The classic host with what its pre-migrate.sh does.
model::State pre_migrated(const plan::HostPlan& host) {
  auto state = host.before;
  for (const auto& change : host.pre_migration)
    for (auto& i : state.interfaces)
      if (i.name == change.interface) {
        i.address = change.to.address;
        i.netmask = change.to.netmask;
      }
  return state;
}

}  // namespace

TEST_CASE("in every state of the waves all hosts of a cluster that are not away share a vMotion subnet") {
  unsigned re_addressed = 0;  // ESXi 5.5 has no stack for vMotion to flee to
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    const auto plan = make(testing::random_estate(seed), {5, 5}, model::Path::Fresh);
    std::map<std::string, std::map<std::string, std::set<net::Ipv4Prefix>>> present;  // cluster -> host -> networks
    for (const auto& host : plan.hosts) present[host.cluster][host.name] = vmotion_networks(host.before);
    std::map<std::string, unsigned> migrated;
    for (const auto& wave : plan.waves) {
      auto& cluster = present[wave.cluster];
      for (const auto& name : wave.hosts) {
        const auto& host =
            *std::find_if(plan.hosts.begin(), plan.hosts.end(), [&](const auto& h) { return h.name == name; });
        const bool early = wave.kind == plan::WaveKind::PreMigrate;
        re_addressed += early ? 1 : 0;
        cluster[name] = vmotion_networks(early ? pre_migrated(host) : host.after);
        if (wave.kind == plan::WaveKind::Migrate) ++migrated[name];
      }
      std::optional<std::set<net::Ipv4Prefix>> common;
      for (const auto& [name, networks] : cluster) {
        if (!common) common = networks;
        const auto& here = networks;  // a structured binding is not to be captured, says clang 14
        std::erase_if(*common, [&](const auto& network) { return !here.contains(network); });
      }
      INFO("seed " << seed << " wave " << wave.n);
      CHECK_FALSE(common->empty());
      if (wave.kind == plan::WaveKind::Migrate) CHECK(wave.hosts.size() == 1);
    }
    for (const auto& rollout : plan.rollouts) CHECK(rollout.refused.empty());
    for (const auto& host : plan.hosts) CHECK(migrated[host.name] == 1);
  }
  CHECK(re_addressed > 50);
}

TEST_CASE("adding a host to each cluster leaves all earlier addresses as they were") {
  for (std::uint64_t seed = 1; seed <= kEstates; ++seed) {
    auto estate = testing::random_estate(seed);
    const auto first = make(estate, {8, 0}, model::Path::Fresh);
    testing::Random random(seed);
    const auto clusters = 1 + random.below(3);
    for (unsigned k = 0; k < clusters; ++k) {
      auto host = testing::build_host(testing::random_cluster(random, k), 8);
      host.cluster = fmt::format("C{}", k);
      random.below(4);  // the number of hosts that random_estate drew
      model::derive_services(host, estate.policy);
      estate.estate.hosts.push_back(std::move(host));
    }
    const auto second = make(estate, {8, 0}, model::Path::Fresh);
    for (const auto& host : first.hosts)
      for (const auto& again : second.hosts) {
        if (again.name != host.name) continue;
        INFO("seed " << seed << " " << host.name);
        CHECK(again.after.interfaces == host.after.interfaces);
      }
  }
}
