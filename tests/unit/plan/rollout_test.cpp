// The order of migration, and what changes outside the hosts, on small clusters made by hand.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "esx2esxi/intake/policy.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/rules/catalogue.hpp"

namespace esx2esxi::plan {
namespace {

using model::Service;

net::Ipv4Address ip(std::string_view text) { return net::Ipv4Address::parse(text).value(); }
net::VlanId vlan(unsigned id) { return net::VlanId::make(id).value(); }

void add(model::Host& host, std::string name, const std::string& address, std::string portgroup, Service service) {
  model::Interface i;
  i.name = i.from = std::move(name);
  i.stack = i.is_vswif() ? model::kConsole : model::kVmkernel;
  i.address = ip(address);
  i.netmask = ip("255.255.255.0");
  i.portgroup = std::move(portgroup);
  i.vswitch = "vSwitch0";
  i.vlan = vlan(10);
  i.mtu = 1500;
  i.services.add(service);
  i.uplinks.active = {"vmnic0", "vmnic1"};
  i.created = static_cast<std::uint16_t>(host.before.interfaces.size());
  auto& groups = host.before.switches.front().portgroups;
  if (std::none_of(groups.begin(), groups.end(), [&](const auto& g) { return g.name == i.portgroup; })) {
    groups.emplace_back();
    groups.back().name = i.portgroup;
    groups.back().vlan = i.vlan;
  }
  host.before.interfaces.push_back(std::move(i));
}

/// Management in 10.0.1.0/24 and vMotion in `vmotion`, "10.0.1" say, on host number `n` of cluster C1.
model::Host esx(unsigned n, const std::string& vmotion) {
  model::Host host;
  host.name = fmt::format("esx{:02}", n);
  host.product = "ESX";
  host.version = "4.1.0";
  host.cluster = "C1";
  for (const auto name : {model::kConsole, model::kVmkernel}) {
    host.before.stacks.emplace_back();
    host.before.stacks.back().name = name;
  }
  host.before.stacks[0].gateway = ip("10.0.1.1");
  model::Switch vswitch;
  vswitch.name = "vSwitch0";
  vswitch.mtu = 1500;
  vswitch.uplinks = vswitch.teaming.active = {"vmnic0", "vmnic1"};
  host.before.switches = {vswitch};
  host.before.pnics = {{"vmnic0", {}, "e1000"}, {"vmnic1", {}, "e1000"}};
  add(host, "vswif0", fmt::format("10.0.1.{}", 10 + n), "Service Console", Service::Management);
  add(host, "vmk0", fmt::format("{}.{}", vmotion, 60 + n), "VMotion", Service::VMotion);
  return host;
}

model::Pool pool(std::string_view network, unsigned tag, std::string purpose, std::string_view gateway = {}) {
  model::Pool out;
  out.network = net::Ipv4Prefix::parse(network).value();
  out.vlan = vlan(tag);
  if (!gateway.empty()) out.gateway = ip(gateway);
  out.purpose = std::move(purpose);
  out.cluster = "C1";
  out.first = net::Ipv4Address::from_bits(out.network.network().bits() + 10);
  out.last = net::Ipv4Address::from_bits(out.network.network().bits() + 250);
  return out;
}

struct Scene {
  model::Estate estate;
  model::Policy policy = intake::default_policy();
  model::Pools pools{pool("10.0.9.0/24", 90, "vmotion")};

  explicit Scene(std::vector<model::Host> hosts) {
    estate.hosts = std::move(hosts);
    model::Cluster cluster;
    cluster.name = "C1";
    policy.clusters.push_back(std::move(cluster));
  }
  Plan plan() const {
    return make_plan(
        {estate, policy, pools, rules::built_in_catalogue(), {8, 0}, model::Path::Fresh, {2026, 2, 14}, 1});
  }
};

/// "1 pre-migrate esx01 esx02"
std::vector<std::string> told(const Plan& plan) {
  std::vector<std::string> lines;
  for (const auto& wave : plan.waves)
    lines.push_back(fmt::format("{} {} {}", wave.n, to_string(wave.kind), fmt::join(wave.hosts, " ")));
  return lines;
}

const Ripple* ripple(const Plan& plan, RippleKind kind, const std::string& host) {
  for (const auto& each : plan.ripple)
    if (each.kind == kind && std::find(each.hosts.begin(), each.hosts.end(), host) != each.hosts.end()) return &each;
  return nullptr;
}

using Lines = std::vector<std::string>;

TEST_CASE("where nothing that peers share changes the hosts go one by one, without a transition") {
  const auto plan = Scene({esx(1, "10.0.2"), esx(2, "10.0.2")}).plan();
  CHECK(told(plan) == Lines{"1 migrate esx01", "2 migrate esx02"});
  REQUIRE(plan.rollouts.size() == 1);
  CHECK(plan.rollouts[0].transition == Transition::None);
  CHECK(plan.ripple.empty());
  REQUIRE(plan.waves[0].states.size() == 2);
  CHECK(plan.waves[0].states[0].away == 1);
  CHECK(plan.waves[0].states[1].planned == 1);
  CHECK(plan.waves[0].states[1].classic == 1);
}

TEST_CASE("where the vMotion subnet changes the classic hosts are re-addressed first") {
  const auto plan = Scene({esx(1, "10.0.1"), esx(2, "10.0.1")}).plan();
  CHECK(told(plan) == Lines{"1 pre-migrate esx01 esx02", "2 migrate esx01", "3 migrate esx02"});
  CHECK(plan.rollouts[0].transition == Transition::PreMigrate);
  CHECK(plan.rollouts[0].refused.empty());
  REQUIRE(plan.hosts[0].pre_migration.size() == 1);
  const auto& change = plan.hosts[0].pre_migration[0];
  CHECK(change.interface == "vmk0");
  CHECK(change.from.address == ip("10.0.1.61"));
  CHECK(change.to.address == ip("10.0.9.61"));
  CHECK(change.to.vlan == vlan(90));
  const auto* trunk = ripple(plan, RippleKind::SwitchVlan, "esx01");
  REQUIRE(trunk);
  CHECK(trunk->new_value == "VLAN 90");
  CHECK(trunk->old_value.empty());  // management stays on VLAN 10
  CHECK(trunk->wave == 1);
  CHECK(trunk->before);
}

TEST_CASE("a network that no pool describes needs a word about its VLAN on the switch ports") {
  Scene scene({esx(1, "10.0.1"), esx(2, "10.0.1")});
  scene.pools.clear();
  const auto plan = scene.plan();
  CHECK(plan.hosts[0].status == Status::Resolved);
  const auto* trunk = ripple(plan, RippleKind::SwitchVlan, "esx01");
  REQUIRE(trunk);
  CHECK(trunk->to_be_confirmed);
  CHECK(trunk->old_value == "VLAN 10");
  CHECK(trunk->new_value == "VLAN 10, or one of its own");
}

TEST_CASE("classic hosts are not re-addressed where nobody could take it back") {
  auto hosts = std::vector{esx(1, "10.0.1"), esx(2, "10.0.1")};
  for (auto& host : hosts) {
    host.before.interfaces[1].vlan.reset();
    for (auto& group : host.before.switches.front().portgroups)
      if (group.name == "VMotion") group.vlan.reset();
  }
  const auto plan = Scene(std::move(hosts)).plan();
  REQUIRE(plan.rollouts.size() == 1);
  CHECK(plan.rollouts[0].transition != Transition::PreMigrate);
  CHECK(plan.hosts[0].pre_migration.empty());
  std::string why;
  for (const auto& line : plan.rollouts[0].rejected) why += line + "\n";
  CHECK_THAT(why, Catch::Contains("nobody says its VLAN today: there would be no way back"));
}

TEST_CASE("a second interface bridges the transition where the classic hosts cannot change") {
  auto hosts = std::vector{esx(1, "10.0.2"), esx(2, "10.0.2")};
  for (unsigned n = 0; n < 2; ++n) {
    add(hosts[n], "vmk1", fmt::format("10.0.3.{}", 60 + n), "VMotion", Service::FaultToleranceLogging);
  }
  Scene scene(std::move(hosts));
  scene.policy.segment_pins.push_back(
      {"C1", Service::VMotion, net::Ipv4Prefix::parse("10.0.9.0/24").value(), "trunked", {}});
  const auto plan = scene.plan();
  CHECK(told(plan) == Lines{"1 migrate esx01", "2 migrate esx02", "3 clean-up esx01 esx02"});
  CHECK(plan.rollouts[0].transition == Transition::SecondInterface);
  CHECK_THAT(plan.rollouts[0].rejected.back(), Catch::Contains("has other users"));
  CHECK_FALSE(plan.hosts[0].transition.empty());
  CHECK_FALSE(plan.hosts[0].transition_end.empty());
  CHECK(plan.hosts[0].pre_migration.empty());
}

TEST_CASE("a cluster never loses all of its hosts at once") {
  auto scene = Scene({esx(1, "10.0.2"), esx(2, "10.0.2"), esx(3, "10.0.2")});
  scene.policy.clusters[0].hosts_at_a_time = 9;
  const auto plan = scene.plan();
  CHECK(told(plan) == Lines{"1 migrate esx01 esx02", "2 migrate esx03"});
  CHECK(plan.rollouts[0].hosts_at_a_time == 2);
  CHECK(plan.rollouts[0].transition == Transition::None);
}

/// vMotion shares management's subnet and its port group with FT, so that it can move in no order.
Scene stuck_on_the_way() {
  auto hosts = std::vector{esx(1, "10.0.1"), esx(2, "10.0.1")};
  for (unsigned n = 0; n < 2; ++n)
    add(hosts[n], "vmk1", fmt::format("10.0.3.{}", 60 + n), "VMotion", Service::FaultToleranceLogging);
  return Scene(std::move(hosts));
}

TEST_CASE("where vMotion can move in no order it stays, by a dearer remedy") {
  const auto plan = stuck_on_the_way().plan();
  CHECK(told(plan) == Lines{"1 migrate esx01", "2 migrate esx02"});
  for (const auto& host : plan.hosts) {
    CHECK(host.status == Status::Resolved);
    REQUIRE(host.remedies.size() == 1);
    CHECK(host.remedies[0].kind == readdress::RemedyKind::OwnStack);
  }
  CHECK_THAT(plan.rollouts[0].rejected.front(), Catch::Contains("vmotion-peers-apart"));
  REQUIRE(plan.segments.size() == 1);
  CHECK_THAT(fmt::format("{}", fmt::join(plan.segments[0].rejected, "\n")),
             Catch::Contains("re-addressing 10.0.1.0/24: impossible, no order of migration"));
}

TEST_CASE("an order in which peers would be apart is refused, says why, and blocks the cluster") {
  auto scene = stuck_on_the_way();
  scene.policy.segment_pins.push_back(
      {"C1", Service::VMotion, net::Ipv4Prefix::parse("10.0.9.0/24").value(), "trunked", {}});
  const auto plan = scene.plan();
  CHECK(plan.waves.empty());
  for (const auto& host : plan.hosts) {
    CHECK(host.status == Status::Blocked);
    CHECK(host.steps.empty());
    CHECK_THAT(host.blocked.front(), Catch::Contains("no order of migration is sound for C1") &&
                                         Catch::Contains("vmotion-peers-apart") && Catch::Contains("has other users"));
  }
  REQUIRE(plan.groups.size() == 1);
  CHECK(plan.groups[0].clash.size() == 1);
  REQUIRE(plan.rollouts.size() == 1);
  CHECK(plan.rollouts[0].transition == Transition::Refused);
  std::string why;
  for (const auto& line : plan.rollouts[0].refused) why += line + "\n";
  CHECK_THAT(why, Catch::Contains("vmotion-peers-apart") && Catch::Contains("has other users") &&
                      Catch::Contains("same-subnet"));
}

TEST_CASE("a blocked host comes last, and the waves that need it wait for it") {
  auto scene = Scene({esx(1, "10.0.2"), esx(2, "10.0.2")});
  scene.policy.keep_pins.push_back({"esx01", "vmk0", "as it is", {}});
  add(scene.estate.hosts[0], "vmk1", "10.0.2.99", "FT", Service::FaultToleranceLogging);
  scene.policy.keep_pins.push_back({"esx01", "vmk1", "as it is", {}});
  const auto plan = scene.plan();
  REQUIRE(plan.hosts[0].status == Status::Blocked);
  CHECK(told(plan) == Lines{"1 migrate esx02", "2 migrate esx01"});
  CHECK(plan.waves[0].waits_for.empty());
  REQUIRE(plan.waves[1].waits_for.size() == 1);
  CHECK_THAT(plan.waves[1].waits_for[0], Catch::StartsWith("esx01 is blocked: "));
}

TEST_CASE("a management address that moves reaches DNS, monitoring, backup, firewalls and HA") {
  auto hosts = std::vector{esx(1, "10.0.2"), esx(2, "10.0.2")};
  for (auto& host : hosts) {
    host.fqdn = host.name + ".example";
    host.before.dns.servers.push_back({ip("10.9.0.21"), {}});
  }
  Scene scene(std::move(hosts));
  scene.policy.segment_pins.push_back(
      {"C1", Service::Management, net::Ipv4Prefix::parse("10.0.8.0/24").value(), "the new plan", {}});
  scene.policy.clusters[0].isolation_addresses.push_back({ip("10.0.1.1"), {}});
  scene.policy.clusters[0].allow_networks.push_back({"Service Console", {}});
  scene.pools.push_back(pool("10.0.8.0/24", 80, "management", "10.0.8.1"));
  const auto plan = scene.plan();
  REQUIRE(plan.hosts[0].status == Status::Resolved);
  const auto* dns = ripple(plan, RippleKind::DnsRecord, "esx01");
  REQUIRE(dns);
  CHECK(dns->subject == "esx01.example");
  CHECK(dns->old_value == "10.0.1.11");
  CHECK(dns->new_value == "10.0.8.11");
  CHECK_FALSE(dns->before);
  CHECK(dns->wave == 1);
  CHECK(ripple(plan, RippleKind::Monitoring, "esx02"));
  CHECK(ripple(plan, RippleKind::Backup, "esx02"));
  const auto* opening = ripple(plan, RippleKind::Firewall, "esx02");
  REQUIRE(opening);
  CHECK(opening->source == "10.0.8.12");
  CHECK(opening->destination == "10.9.0.21");
  CHECK(opening->port == "udp 53");
  const auto* option = ripple(plan, RippleKind::HaOption, "esx01");
  REQUIRE(option);
  CHECK(option->wave == 2);
  CHECK(std::count_if(plan.ripple.begin(), plan.ripple.end(),
                      [](const Ripple& r) { return r.kind == RippleKind::HaOption; }) == 2);
}

TEST_CASE("HA's networks are told per host: called otherwise on some, gone on others, the same on the rest") {
  auto hosts = std::vector{esx(1, "10.0.2"), esx(2, "10.0.2"), esx(3, "10.0.2")};
  add(hosts[0], "vswif1", "10.0.5.11", "Service Console 2", Service::Management);   // stays, and gets a name of ESXi
  add(hosts[1], "vswif1", "10.0.1.112", "Service Console 2", Service::Management);  // beside vswif0: one of them goes
  Scene scene(std::move(hosts));
  scene.policy.clusters[0].allow_networks.push_back({"Service Console 2", {}});
  const auto plan = scene.plan();
  REQUIRE(plan.hosts[0].after.interface_from("vswif1"));
  REQUIRE_FALSE(plan.hosts[1].after.interface_from("vswif1"));
  const auto* kept = ripple(plan, RippleKind::HaOption, "esx01");
  REQUIRE(kept);
  CHECK(kept->new_value == plan.hosts[0].after.interface_from("vswif1")->portgroup);
  CHECK(kept->hosts == Lines{"esx01"});
  const auto* gone = ripple(plan, RippleKind::HaOption, "esx02");
  REQUIRE(gone);
  CHECK(gone->old_value == "Service Console 2");
  CHECK(gone->new_value.empty());
  CHECK(gone->hosts == Lines{"esx02"});
  CHECK_FALSE(ripple(plan, RippleKind::HaOption, "esx03"));
}

/// The firewall openings of a host that reaches vCenter; those that the policy names as let in today do not hold it.
std::vector<Ripple> openings(const std::string& vcenter, std::string_view planned_network) {
  Scene scene({esx(1, "10.0.2")});
  model::PolicyEndpoint endpoint;
  endpoint.kind = model::EndpointKind::Vcenter;
  endpoint.name = "vc";
  endpoint.address = ip(vcenter);
  endpoint.allowed_sources = {net::Ipv4Range(ip("10.0.7.1"))};
  scene.policy.endpoints.push_back(endpoint);
  if (!planned_network.empty()) {
    const auto network = net::Ipv4Prefix::parse(planned_network).value();
    scene.policy.segment_pins.push_back({"C1", Service::Management, network, "the new plan", {}});
    const auto gateway = net::Ipv4Address::from_bits(network.network().bits() + 1);
    scene.pools.push_back(pool(planned_network, 80, "management", to_string(gateway)));
  }
  auto all = scene.plan().ripple;
  all.erase(std::remove_if(all.begin(), all.end(), [](const auto& r) { return r.kind != RippleKind::Firewall; }),
            all.end());
  return all;
}

TEST_CASE("a flow that stays as it is asks nobody for anything, whatever a list says of it") {
  CHECK(openings("10.9.0.5", "").empty());
  CHECK_FALSE(openings("10.9.0.5", "10.0.8.0/24").empty());
}

}  // namespace
}  // namespace esx2esxi::plan
