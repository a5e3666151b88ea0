// Gateways of single interfaces (6.5+): what they serve, and what follows the table all the same.
#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

const Service kFt = Service::FaultToleranceLogging;

/// FT logging, vMotion and NFS in networks of their own; the VMkernel's gateway is FT's neighbour, and a peer is
/// behind it.
HostBuilder routed_ft(Service service = kFt) {
  return esx("a")
      .console("vswif0", "10.0.0.5/24")
      .gateway("10.0.0.1")
      .vmkernel("vmk0", "10.0.3.5/24")
      .carries(service)
      .kernel_gateway("10.0.3.254");
}

/// Management, and vMotion with a gateway of its own.
HostBuilder esxi_with_own_gateway() {
  return esxi("a")
      .vmkernel("vmk0", "10.0.0.5/24")
      .carries(Service::Management)
      .gateway("10.0.0.1")
      .vmkernel("vmk1", "10.0.3.5/24")
      .carries(Service::VMotion)
      .gateway_of_its_own("10.0.3.254");
}

/// Rules that a planned state with these gateways of their own breaks with an error; by mapped names.
std::string errors(const HostBuilder& host, const std::vector<std::pair<std::string, std::string>>& own) {
  auto scene = host.scene();
  scene.plan([&](model::State& after) {
    for (const auto& [name, gateway] : own)
      for (auto& interface : after.interfaces)
        if (interface.name == name) interface.gateway_override = ip(gateway);
  });
  std::vector<std::string> slugs;
  for (const auto& finding : scene.judge())
    if (finding.severity == Severity::Error) slugs.push_back(finding.rule);
  return join(slugs, " ");
}

std::string warnings_of_egress(const HostBuilder& host, const std::string& gateway) {
  auto scene = host.scene();
  scene.plan([&](model::State& after) { after.interfaces[1].gateway_override = ip(gateway); });
  std::string out;
  for (const auto& finding : scene.of("egress-changes")) out += finding.message + "\n";
  return out;
}

}  // namespace

TEST_CASE("a gateway of its own leads FT logging and vMotion to what the table's gateway led to") {
  const auto service = GENERATE(Service::FaultToleranceLogging, Service::VMotion);
  const auto host = routed_ft(service).peer(service, "10.0.9.9");
  CHECK(errors(host, {}) == "two-default-gateways egress-changes");
  CHECK(errors(host, {{"vmk1", "10.0.3.254"}}) == "");
  CHECK(warnings_of_egress(host, "10.0.3.254") == "");
}

TEST_CASE("another router of the same subnet is meant, but is no way as before") {
  const auto host = routed_ft().peer(kFt, "10.0.9.9");
  CHECK(errors(host, {{"vmk1", "10.0.3.1"}}) == "two-default-gateways");
}

TEST_CASE("services that do not name their interface follow the table") {
  const auto service = GENERATE(Service::Nfs, Service::Iscsi, Service::VSphereReplication, Service::Vsan);
  const auto host = routed_ft(service).reaches(service, "10.0.9.9");
  CHECK(errors(host, {{"vmk1", "10.0.3.254"}}) == "two-default-gateways egress-changes");
}

TEST_CASE("a gateway of its own serves its own interface's services only") {
  const auto host = routed_ft(Service::Nfs).vmkernel("vmk1", "10.0.4.5/24").carries(kFt).peer(kFt, "10.0.9.9");
  CHECK(errors(host, {{"vmk1", "10.0.3.254"}}) == "two-default-gateways egress-changes");
}

TEST_CASE("a gateway that is no neighbour of its interface leads nowhere") {
  const auto host = routed_ft().peer(kFt, "10.0.9.9");
  CHECK(errors(host, {{"vmk1", "10.0.4.254"}}) == "two-default-gateways egress-changes");
}

TEST_CASE("static routes and connected networks come before a gateway of its own") {
  auto scene = routed_ft().peer(kFt, "10.0.9.9").scene();
  scene.plan([](model::State& after) {
    after.interfaces[1].gateway_override = ip("10.0.3.254");
    model::Route route;
    route.network = net_of("10.0.9.0/24");
    route.next_hop = ip("10.0.0.7");  // by management
    after.stacks[0].routes.push_back(route);
  });
  REQUIRE_FALSE(scene.of("egress-changes").empty());
  CHECK(scene.of("egress-changes")[0].severity == Severity::Error);
}

TEST_CASE("of two carriers with one gateway of its own either may send") {
  auto host = routed_ft().peer(kFt, "10.0.9.9");
  host.vmkernel("vmk1", "10.0.4.5/24").carries(kFt);
  const auto changed = errors(host, {{"vmk1", "10.0.3.254"}});
  CHECK(changed.find("egress-changes") != std::string::npos);
  host.disabled();
  CHECK(errors(host, {{"vmk1", "10.0.3.254"}}) == "");
}

TEST_CASE("where the table has no way at all a gateway of its own is one") {
  auto scene = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .vmkernel("vmk0", "10.0.3.5/24")
                   .carries(kFt)
                   .kernel_gateway("10.0.3.254")
                   .peer(kFt, "10.0.9.9")
                   .scene();
  scene.plan([](model::State& after) {
    after.stacks[0].gateway.reset();
    after.interfaces[1].gateway_override = ip("10.0.3.254");
  });
  CHECK(scene.of("egress-changes").empty());
}

TEST_CASE("an ESXi host that has one keeps its ways, planned or not") {
  auto scene = esxi_with_own_gateway().peer(Service::VMotion, "10.0.9.9").scene();
  CHECK(scene.of("egress-changes").empty());
  scene.plan([](model::State&) {});
  CHECK(scene.of("egress-changes").empty());
  scene.plan([](model::State& after) { after.interfaces[1].gateway_override.reset(); });
  const auto found = scene.of("egress-changes");
  CHECK(std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.severity == Severity::Error; }));
}

TEST_CASE("a gateway of its own keeps the way when the stack's gateway moves") {
  auto scene = esxi_with_own_gateway().peer(Service::VMotion, "10.0.9.9").scene();
  scene.plan([](model::State& after) { after.stacks[0].gateway = ip("10.0.0.2"); });
  const auto changes = rules::compare_egress(scene.situation()).changes;
  CHECK(std::none_of(changes.begin(), changes.end(), [](const auto& c) { return c.service == Service::VMotion; }));
}

TEST_CASE("a gateway that an interface had before is no way of the plan's making") {
  auto scene = esxi_with_own_gateway()
                   .vmkernel("vmk2", "10.0.4.5/24")
                   .carries(Service::VMotion)
                   .gateway_of_its_own("10.0.4.254")
                   .reaches(Service::VMotion, "10.0.9.9")
                   .scene();
  scene.plan([](model::State& after) { after.interfaces[1].services = {}; });
  const auto found = scene.of("egress-changes");
  CHECK(std::any_of(found.begin(), found.end(), [](const Finding& f) { return f.severity == Severity::Error; }));
}
