// The plan as a whole, on small estates made by hand.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/rules/catalogue.hpp"

namespace esx2esxi::plan {
namespace {

using model::Service;

net::Ipv4Address ip(std::string_view text) { return net::Ipv4Address::parse(text).value(); }

model::Interface classic(std::string name, std::string_view address, std::string portgroup, Service service) {
  model::Interface i;
  i.name = i.from = std::move(name);
  i.stack = i.is_vswif() ? "console" : "vmkernel";
  i.address = ip(address);
  i.netmask = ip("255.255.255.0");
  i.portgroup = std::move(portgroup);
  i.vswitch = "vSwitch0";
  i.vlan = net::VlanId::make(10).value();
  i.mtu = 1500;
  i.services.add(service);
  i.uplinks.active = {"vmnic0", "vmnic1"};
  return i;
}

/// A console and a vMotion interface on one switch; `vmotion` decides whether they clash.
model::Host esx(const std::string& name, std::string_view console, std::string_view vmotion) {
  model::Host host;
  host.name = name;
  host.product = "ESX";
  host.version = "4.1.0";
  host.cluster = "C1";
  host.before.interfaces = {classic("vswif0", console, "Service Console", Service::Management),
                            classic("vmk0", vmotion, "VMotion", Service::VMotion)};
  host.before.interfaces[1].created = 1;
  model::Stack stack;
  stack.name = "console";
  stack.gateway = ip("10.0.1.1");
  host.before.stacks = {stack, {}};
  host.before.stacks[1].name = "vmkernel";
  model::Switch vswitch;
  vswitch.name = "vSwitch0";
  vswitch.mtu = 1500;
  vswitch.uplinks = vswitch.teaming.active = {"vmnic0", "vmnic1"};
  for (const auto* group : {"Service Console", "VMotion"}) {
    vswitch.portgroups.emplace_back();
    vswitch.portgroups.back().name = group;
    vswitch.portgroups.back().vlan = net::VlanId::make(10).value();
  }
  host.before.switches = {vswitch};
  host.before.pnics = {{"vmnic0", {}, "e1000"}, {"vmnic1", {}, "e1000"}};
  return host;
}

model::Pool vmotion_pool() {
  model::Pool pool;
  pool.network = net::Ipv4Prefix::parse("10.0.9.0/24").value();
  pool.vlan = net::VlanId::make(90).value();
  pool.purpose = "vmotion";
  pool.cluster = "C1";
  pool.first = ip("10.0.9.10");
  pool.last = ip("10.0.9.250");
  return pool;
}

Plan planned(const model::Estate& estate, const model::Pools& pools, unsigned jobs = 1,
             const model::Policy& policy = {}) {
  return make_plan(
      {estate, policy, pools, rules::built_in_catalogue(), {8, 0}, model::Path::Fresh, {2026, 2, 14}, jobs});
}

model::Estate estate_of(std::vector<model::Host> hosts) {
  model::Estate estate;
  estate.hosts = std::move(hosts);
  return estate;
}

bool found(const HostPlan& host, std::string_view rule, rules::Resolution resolution) {
  for (const auto& finding : host.findings)
    if (finding.rule == rule && finding.resolution == resolution) return true;
  return false;
}

std::size_t open_errors(const HostPlan& host) {
  std::size_t count = 0;
  for (const auto& finding : host.findings)
    if (finding.severity == Severity::Error && finding.resolution == rules::Resolution::Open) ++count;
  return count;
}

TEST_CASE("a conflict is found in the mapped state, remedied, and gone in the planned one") {
  const auto plan = planned(estate_of({esx("esx01", "10.0.1.11", "10.0.1.61"), esx("esx02", "10.0.1.12", "10.0.1.62")}),
                            {vmotion_pool()});
  REQUIRE(plan.hosts.size() == 2);
  for (const auto& host : plan.hosts) {
    CHECK(host.status == Status::Resolved);
    CHECK(found(host, "same-subnet", rules::Resolution::Resolved));
    CHECK(open_errors(host) == 0);
    CHECK_FALSE(host.remedies.empty());
    CHECK_FALSE(host.steps.empty());
    CHECK_FALSE(host.rollback.empty());
    CHECK(host.proof.regions > 0);
    CHECK(host.proof.ambiguous == 0);
    CHECK(host.before.interface("vswif0")->address == host.after.interface("vmk0")->address);
    CHECK_FALSE(host.mapped == host.after);
  }
}

TEST_CASE("a host without conflict is clean and has nothing to do") {
  const auto plan = planned(estate_of({esx("esx01", "10.0.1.11", "10.0.2.61")}), {});
  const auto& host = plan.hosts[0];
  CHECK(host.status == Status::Clean);
  CHECK(host.steps.empty());
  CHECK(host.rollback.empty());
  CHECK(host.remedies.empty());
  CHECK(host.mapped == host.after);
}

TEST_CASE("an error that no remedy ends blocks the host, and no step is given") {
  model::Policy policy;
  policy.keep_pins = {{"esx01", "", "not to be touched", {}}};
  const auto plan = planned(estate_of({esx("esx01", "10.0.1.11", "10.0.1.61")}), {}, 1, policy);
  const auto& host = plan.hosts[0];
  CHECK(host.status == Status::Blocked);
  CHECK_FALSE(host.blocked.empty());
  CHECK(found(host, "same-subnet", rules::Resolution::Open));
  CHECK(host.steps.empty());
  CHECK(host.rollback.empty());
}

TEST_CASE("the number of threads changes no byte") {
  std::vector<model::Host> hosts;
  for (int i = 11; i < 31; ++i)
    hosts.push_back(esx("esx" + std::to_string(i), "10.0.1." + std::to_string(i), "10.0.1.1" + std::to_string(i)));
  const auto estate = estate_of(hosts);
  CHECK(json_text(planned(estate, {vmotion_pool()}, 1)) == json_text(planned(estate, {vmotion_pool()}, 8)));
}

TEST_CASE("an empty estate has an empty plan") {
  const auto plan = planned({}, {});
  CHECK(plan.hosts.empty());
  CHECK(nlohmann::json::parse(json_text(plan))["hosts"].empty());
}

}  // namespace
}  // namespace esx2esxi::plan
