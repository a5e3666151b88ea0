// What a finding says in rare cases, and conditions that only a corner of a host shows: each test here was asked for by
// a flipped condition that no other test noticed.
#include <catch2/catch.hpp>

#include "build.hpp"
#include "esx2esxi/net/fmt.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

bool says(const Finding& finding, std::string_view text) { return finding.message.find(text) != std::string::npos; }

Finding only(const Scene& scene, std::string_view slug) {
  const auto found = scene.of(slug);
  REQUIRE(found.size() == 1);
  return found.front();
}

/// "management 10.0.0.0-10.0.0.255 meant" for each change
std::vector<std::string> changes(const Scene& scene) {
  std::vector<std::string> out;
  for (const auto& c : rules::compare_egress(scene.situation()).changes)
    out.push_back(fmt::format("{} {}{}", model::to_string(c.service), c.region, c.meant ? " meant" : ""));
  return out;
}
bool has(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

HostBuilder plain() { return esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1"); }
HostBuilder two() { return plain().vmkernel("vmk0", "10.0.1.5/24").kernel_gateway("10.0.1.1"); }

model::Doubt missing_vlan(std::string interface) {
  model::Doubt doubt;
  doubt.interface = std::move(interface);
  doubt.subject = "vlan";
  return doubt;
}

}  // namespace

// --- who is management, which stacks there are ---

TEST_CASE("a stack that only an enabled interface names is a stack") {
  const auto unlisted = [](bool disabled) {
    auto host = esxi("a").vmkernel("vmk0", "10.0.0.5/24").carries(Service::Management).gateway("10.0.0.1");
    host.vmkernel("vmk1", "10.0.1.5/24").in_stack("storage").to({5, 1}).with([](Scene& s) {
      s.host.before.stacks.pop_back();
    });
    return (disabled ? host.disabled() : host).scene().of("stack-unavailable").size();
  };
  CHECK(unlisted(false) == 1);
  CHECK(unlisted(true) == 0);
}

TEST_CASE("management is the interface that GATEWAYDEV names, wherever the upgrade puts it") {
  auto host = esx("a")
                  .console("vswif0", "10.0.0.5/24")
                  .console("vswif1", "10.0.1.5/24")
                  .dhcp()
                  .gateway("10.0.1.1", "vswif1")
                  .to({5, 5}, Path::Upgrade);
  CHECK(names(only(host.scene(), "management-on-dhcp")) == "vswif1");
}

TEST_CASE("a plan that disables the management interface leaves it to the one that was created next") {
  auto scene = esx("a")
                   .console("vswif0", "10.0.0.5/24")
                   .console("vswif1", "10.0.1.5/24")
                   .dhcp()
                   .gateway("10.0.0.1", "vswif0")
                   .scene();
  CHECK(scene.of("management-on-dhcp").empty());
  scene.plan([](model::State& after) { after.interfaces[0].enabled = false; });
  CHECK(names(only(scene, "management-on-dhcp")) == "vswif1");
}

TEST_CASE("of several management interfaces of an ESXi host the first created counts, not the first listed") {
  const auto host =
      esxi("a")
          .vmkernel("vmk1", "10.0.1.5/24")
          .carries(Service::Management)
          .dhcp()
          .vmkernel("vmk0", "10.0.0.5/24")
          .carries(Service::Management)
          .gateway("10.0.0.1")
          .with([](Scene& s) { std::swap(s.host.before.interfaces[0].created, s.host.before.interfaces[1].created); });
  CHECK(host.scene().of("management-on-dhcp").empty());
}

// --- egress: what a plan means ---

TEST_CASE("an isolation address minds another way only while no plan exists, or where there is none any more") {
  auto pinged = esx("a")
                    .console("vswif0", "10.0.0.5/16")
                    .gateway("10.0.0.1")
                    .vmkernel("vmk0", "10.0.3.5/24")
                    .reaches(Service::Management, "10.0.3.77")
                    .reaches(Service::Management, "10.9.9.9")
                    .with([](Scene& s) {
                      for (auto& e : s.endpoints) e.isolation = true;
                    })
                    .scene();
  CHECK(only(pinged, "egress-changes").endpoints == std::vector<std::string>{"server 10.0.3.77"});
  pinged.plan([](model::State&) {});
  CHECK(pinged.of("egress-changes").empty());
  pinged.plan([](model::State& after) { after.stacks[0].gateway.reset(); });
  const auto lost = pinged.of("egress-changes");
  REQUIRE_FALSE(lost.empty());
  CHECK(std::any_of(lost.begin(), lost.end(), [](const Finding& f) {
    return f.severity == Severity::Error && f.endpoints == std::vector<std::string>{"server 10.9.9.9"};
  }));
}

TEST_CASE("a new gateway means its own regions, not those of a route that the mapping woke") {
  // 10.0.0.2 was no neighbour of the VMkernel; in the one stack it is, and management follows that route too.
  auto scene = plain().vmkernel("vmk0", "10.0.3.5/24").kernel_route("10.9.0.0/16", "10.0.0.2").scene();
  scene.plan([](model::State& after) { after.stacks[0].gateway = ip("10.0.0.3"); });
  const auto found = changes(scene);
  CHECK(has(found, "management 10.9.0.0-10.9.255.255"));
  CHECK(has(found, "management 11.0.0.0-255.255.255.255") == false);
  CHECK(has(found, "management 10.10.0.0-255.255.255.255 meant"));
}

TEST_CASE("an interface of the same service that the plan puts beside another is no stranger to it") {
  const auto joined = [](Service service, bool moved) {
    auto scene =
        esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk1", "10.0.5.5/24")
            .carries(Service::Iscsi)
            .vmkernel("vmk2", moved ? "10.0.6.6/24" : "10.0.5.6/24")
            .carries(service)
            .reaches(Service::Iscsi, "10.0.5.20")
            .with([&](Scene& s) { s.host.before.interfaces[2].stack = moved ? model::kVmkernel : "elsewhere"; })
            .scene();
    scene.plan([](model::State& after) { set_address(after.interfaces[2], "10.0.5.6/24"); });
    return changes(scene);
  };
  CHECK(has(joined(Service::Iscsi, true), "iscsi 10.0.5.0-10.0.5.255 meant"));
  CHECK(has(joined(Service::VMotion, true), "iscsi 10.0.5.0-10.0.5.255"));
  CHECK(has(joined(Service::Iscsi, false), "iscsi 10.0.5.0-10.0.5.255"));
}

TEST_CASE("a subnet that the plan takes a service out of is meant as a whole, and nothing around it") {
  auto scene = plain().vmkernel("vmk0", "10.0.0.9/24").carries(Service::VMotion).scene();
  scene.plan([](model::State& after) { set_address(after.interfaces[1], "10.0.7.9/24"); });
  CHECK(has(changes(scene), "vmotion 10.0.0.0-10.0.0.255 meant"));
  auto wide = plain().vmkernel("vmk0", "10.0.0.9/16").carries(Service::VMotion).scene();
  wide.plan([](model::State& after) { set_address(after.interfaces[1], "10.0.7.9/24"); });
  for (const auto& change : changes(wide))
    if (change.starts_with("vmotion")) CHECK(change.ends_with(" meant") == (change.find(" 10.0.") != change.npos));
}

// --- egress: what is said ---

TEST_CASE("egress-changes names the enabled carriers of the service only") {
  const auto host = [](bool disabled) {
    auto h = two().vmkernel("vmk1", "10.0.1.6/24").carries(Service::Nfs).vmkernel("vmk2", "10.0.2.6/24");
    h.carries(Service::Nfs).reaches(Service::Nfs, "10.9.9.9");
    return (disabled ? h.disabled() : h).scene();
  };
  const auto named = [](const Scene& scene) {
    for (const auto& finding : scene.of("egress-changes"))
      if (finding.severity == Severity::Error) return names(finding);
    return std::string("none");
  };
  CHECK(named(host(false)) == "vmk0 vmk1 vmk2 vswif0");
  CHECK(named(host(true)) == "vmk0 vmk1 vswif0");
}

TEST_CASE("egress-changes counts what it does not list") {
  auto host = two().carries(Service::Nfs);
  // The default region falls into three and more pieces: 0-9, 10.0.2-, and what lies behind the console's routes.
  const auto warning = [](const Scene& scene) {
    for (const auto& finding : scene.of("egress-changes"))
      if (finding.severity == Severity::Warning && says(finding, "NFS traffic")) return finding;
    return Finding{};
  };
  const auto few = warning(host.scene());
  CHECK(says(few, "0.0.0.0-9.255.255.255 and 10.0.2.0-255.255.255.255 left"));
  const auto many = warning(host.vmkernel("vmk1", "10.3.0.5/16").vmkernel("vmk2", "10.5.0.5/16").scene());
  CHECK(many.addresses.size() == 4);
  CHECK(says(many, "10.4.0.0/16 and 1 more region(s) left"));
  for (int n = 1; n <= 7; ++n) host.reaches(Service::Nfs, "10.200.0." + std::to_string(n), "s" + std::to_string(n));
  const auto errors = host.scene().of("egress-changes");
  const auto error =
      std::find_if(errors.begin(), errors.end(), [](const Finding& f) { return f.severity == Severity::Error; });
  REQUIRE(error != errors.end());
  CHECK(says(*error, "s5 (10.200.0.5) and 2 more left by"));
  CHECK(error->endpoints.size() == 7);
  CHECK(says(host.scene().of("two-default-gateways").at(0), "s5 (10.200.0.5) and 2 more is outside"));
}

TEST_CASE("egress-changes tells a lost way from another one, with an endpoint or without") {
  const auto without_console = [](bool endpoint) {
    auto host = esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.3.5/24").carries(Service::Nfs);
    host.kernel_gateway("10.0.3.254");
    if (endpoint) host.reaches(Service::Nfs, "10.9.9.9");
    auto scene = host.scene();
    scene.plan([](model::State& after) { after.stacks[0].gateway.reset(); });
    return only(scene, "egress-changes");
  };
  CHECK(without_console(false).severity == Severity::Warning);
  CHECK(says(without_console(false), "there is no way to it in stack defaultTcpipStack. No known endpoint lies there"));
  const auto routed = two().carries(Service::Nfs).scene().of("egress-changes");
  CHECK(std::any_of(routed.begin(), routed.end(), [](const Finding& f) {
    return says(f, "after the migration it leaves by vmk0 (was vswif0) through 10.0.0.1. No known endpoint");
  }));
}

// --- gateways ---

TEST_CASE("gateway-off-subnet concerns management in its own stack, the first interface in another") {
  auto scene = esxi("a")
                   .vmkernel("vmk0", "10.0.5.5/24")
                   .vmkernel("vmk1", "10.0.0.5/24")
                   .carries(Service::Management)
                   .gateway("10.9.0.1")
                   .vmkernel("vmk2", "10.0.1.5/24")
                   .in_stack("vmotion")
                   .vmkernel("vmk3", "10.0.2.5/24")
                   .in_stack("vmotion")
                   .gateway_of("vmotion", "10.9.0.1")
                   .gateway_of("empty", "10.9.0.1")
                   .scene();
  const auto found = scene.of("gateway-off-subnet");
  REQUIRE(found.size() == 3);
  CHECK(names(found[0]) == "vmk1");
  CHECK(says(found[0], "none of its subnets (10.0.0.0/24 and 10.0.5.0/24)"));
  CHECK(names(found[1]) == "vmk2");
  CHECK(names(found[2]).empty());
  CHECK(says(found[2], "none of its subnets (none)"));
}

TEST_CASE("gateway-not-a-host and mask-invalid name the network") {
  CHECK(says(only(plain().gateway("10.0.0.255").scene(), "gateway-not-a-host"), "broadcast address of 10.0.0.0/24 ("));
  CHECK(
      says(only(plain().vmkernel("vmk0", "10.0.1.255/24").scene(), "mask-invalid"), "address of 10.0.1.0/24: no host"));
  // Its own address is its own address, whatever the mask is.
  CHECK(says(only(plain().vmkernel("vmk0", "10.0.1.9/24").mask("255.255.225.0").gateway("10.0.1.9").scene(),
                  "gateway-not-a-host"),
             "own address on vmk1"));
}

TEST_CASE("two-default-gateways: both gateways need a stack of their own") {
  const auto planned = [](std::optional<net::Ipv4Address> of_default, std::optional<net::Ipv4Address> of_own) {
    auto scene = two().scene();
    scene.plan([&](model::State& after) {
      model::Stack own;
      own.name = "storage";
      own.gateway = of_own;
      after.stacks.push_back(own);
      after.stacks[0].gateway = of_default;
      after.interfaces[1].stack = "storage";
    });
    return scene.of("two-default-gateways").size();
  };
  CHECK(planned(ip("10.0.0.1"), ip("10.0.1.1")) == 0);
  CHECK(planned(ip("10.0.0.1"), ip("10.0.1.2")) == 1);
  CHECK(planned(ip("10.0.0.2"), ip("10.0.1.1")) == 1);
  CHECK(planned(std::nullopt, std::nullopt) == 1);
}

TEST_CASE("two-default-gateways: a router that the policy names leads to its own network or address only") {
  const auto needed = [](std::optional<net::Ipv4Prefix> network, std::string_view routed) {
    auto scene = two()
                     .carries(Service::Nfs)
                     .reaches(Service::Nfs, "10.9.9.9")
                     .with([&](Scene& s) {
                       s.endpoints[0].router = ip("10.0.1.2");
                       s.endpoints[0].network = network;
                     })
                     .scene();
    scene.plan([&](model::State& after) {
      model::Route route;
      route.network = net_of(routed);
      route.next_hop = ip("10.0.1.2");
      after.stacks[0].routes.push_back(route);
    });
    return !scene.of("two-default-gateways").empty();
  };
  CHECK_FALSE(needed(std::nullopt, "10.9.9.9/32"));
  CHECK_FALSE(needed(net_of("10.9.9.0/24"), "10.9.9.0/24"));
  CHECK(needed(net_of("10.9.8.0/24"), "10.9.9.9/32"));
}

TEST_CASE("two-default-gateways: an endpoint of a service that nothing carries is looked for in the default stack") {
  auto scene = two().reaches(Service::Vsan, "10.9.9.9").scene();
  scene.plan([](model::State& after) {
    model::Route route;
    route.network = net_of("10.9.9.9/32");
    route.next_hop = ip("10.0.1.1");
    after.stacks[0].routes.push_back(route);
  });
  CHECK(scene.of("two-default-gateways").empty());
}

TEST_CASE("two-default-gateways says what needs the second one") {
  CHECK(says(only(two().kernel_route("10.7.0.0/16", "10.0.1.2").scene(), "two-default-gateways"),
             "the VMkernel has 1 static route(s)"));
  CHECK(says(only(two().scene(), "two-default-gateways"), "no known endpoint of the VMkernel is outside"));
}

TEST_CASE("a route names the interface that its file names") {
  auto host = plain().route("10.9.0.0/16", "10.8.0.1").with([](Scene& s) {
    s.host.before.stacks[0].routes[0].device = "vswif0";
  });
  CHECK(names(only(host.scene(), "route-next-hop-off-link")) == "vswif0");
  CHECK(names(only(plain().route("10.9.0.0/16", "10.8.0.1").scene(), "route-next-hop-off-link")).empty());
}

// --- what is said of interfaces ---

TEST_CASE("interface-unaddressed tells its three kinds apart") {
  CHECK(says(only(plain().vmkernel("vmk0").scene(), "interface-unaddressed"), "is enabled but has no address"));
  CHECK(says(only(plain().vmkernel("vmk0").dhcp().scene(), "interface-unaddressed"), "waits for a DHCP lease"));
  CHECK(says(only(plain().vmkernel("vmk0", "169.254.1.1/16").scene(), "interface-unaddressed"),
             "with 169.254.1.1, an address that a machine gives itself"));
  CHECK(says(only(plain().vmkernel("vmk0", "169.254.1.1/16").dhcp().scene(), "interface-unaddressed"), "169.254.1.1"));
  CHECK(says(only(plain().vmkernel("vmk0", "0.0.0.0/24").scene(), "interface-unaddressed"), "but has 0.0.0.0"));
}

TEST_CASE("findings list the addresses that there are") {
  auto leased = esx("a").console("vswif0", "10.0.0.5/24").dhcp().gateway("10.0.0.1").vmkernel("vmk0").dhcp();
  CHECK(addresses(only(leased.scene(), "several-dhcp-interfaces")) == "10.0.0.5/24");
  CHECK(addresses(only(leased.scene(), "management-on-dhcp")) == "10.0.0.5/24");
  CHECK(addresses(only(esx("a").console("vswif0").dhcp().scene(), "management-on-dhcp")).empty());
  CHECK(addresses(only(plain().vmkernel("vmk0", "10.0.1.5/24").mtu(9000).scene(), "mtu-mismatch")) == "10.0.1.5/24");
  CHECK(addresses(only(plain().vmkernel("vmk0").mtu(9000).scene(), "mtu-mismatch")).empty());
}

TEST_CASE("a missing value stands in the stack of its interface") {
  const auto found = only(plain().doubt(missing_vlan("vswif0")).scene(), "evidence-missing");
  CHECK(found.stack == model::kDefaultStack);
  CHECK(says(found, "ask the host's administrator"));
  model::Doubt contradiction = missing_vlan("vswif0");
  contradiction.kind = model::Doubt::Kind::Contradiction;
  contradiction.values = {{"1", at("a", 1)}, {"2", at("b", 1)}};
  CHECK(says(only(plain().doubt(contradiction).scene(), "evidence-contradicts"), "(ask the host itself)"));
  contradiction.hint = "esxcfg-vswitch -l";
  CHECK(says(only(plain().doubt(contradiction).scene(), "evidence-contradicts"), "(esxcfg-vswitch -l)"));
}

TEST_CASE("binding-across-subnets names the targets, or that none is known") {
  auto host = plain().vmkernel("vmk1", "10.0.5.5/24").bound("vmhba33").vmkernel("vmk2", "10.0.6.5/24").bound("vmhba33");
  CHECK(says(only(host.scene(), "binding-across-subnets"), "(targets: no known target)"));
  CHECK(says(only(host.reaches(Service::Iscsi, "10.0.5.20", "array").scene(), "binding-across-subnets"),
             "(targets: array (10.0.5.20))"));
}

TEST_CASE("vmotion-multi-nic says what it does not know") {
  auto host = esxi("a")
                  .vmkernel("vmk1", "10.0.1.5/24")
                  .carries(Service::VMotion)
                  .vlan(7)
                  .vmkernel("vmk2", "10.0.1.6/24")
                  .carries(Service::VMotion)
                  .uplinks({})
                  .vlan_unknown();
  const auto found = only(host.scene(), "vmotion-multi-nic");
  CHECK(says(found, "vmk1 on VLAN 7 with active uplink vmnic0"));
  CHECK(says(found, "vmk2 on an unknown VLAN with active uplink unknown"));
}

TEST_CASE("stacks: the release that first has them, and who is in them") {
  auto host = esxi("a").vmkernel("vmk0", "10.0.0.5/24").carries(Service::VMotion).gateway_of("vmotion", "10.0.1.1");
  const auto vmotion = only(host.to({5, 5}).scene(), "stack-unavailable");
  CHECK(says(vmotion, "(no interface)"));
  CHECK(says(vmotion, "first release with it is 6.0"));
  CHECK(says(only(host.to({8, 0}).scene(), "vmotion-stack-shadows"), "(no interface yet)"));
  auto custom = esxi("a").vmkernel("vmk0", "10.0.0.5/24").in_stack("storage").to({5, 1});
  CHECK(says(only(custom.scene(), "stack-unavailable"), "Stack storage (vmk0)"));
  CHECK(says(only(custom.scene(), "stack-unavailable"), "first release with it is 5.5"));
  CHECK(says(only(host.in_stack("vmotion").to({8, 0}).vmkernel("vmk1", "10.0.2.5/24").carries(Service::VMotion).scene(),
                  "vmotion-stack-shadows"),
             "(vmk0)"));
}

TEST_CASE("upgrade-disables-interface names the subnet") {
  const auto found =
      only(plain().vmkernel("vmk0", "10.0.0.9/24").to({5, 5}, Path::Upgrade).scene(), "upgrade-disables-interface");
  CHECK(says(found, "shares 10.0.0.0/24 and vSwitch0 with"));
}

// --- names and isolation addresses ---

TEST_CASE("a host belongs to the cluster that its inputs name, else to the one whose hosts the policy lists") {
  auto host = two().isolation("10.0.1.1");
  CHECK(host.scene().of("isolation-address-moves").size() == 1);
  // By the name of the cluster alone, and by the list of hosts alone.
  CHECK(host.with([](Scene& s) { s.policy.clusters[0].hosts.clear(); }).scene().of("isolation-address-moves").size() ==
        1);
  CHECK(host.with([](Scene& s) { s.host.cluster.clear(); }).scene().of("isolation-address-moves").empty());
  CHECK(host.with([](Scene& s) { s.policy.clusters[0].hosts = {"a"}; }).scene().of("isolation-address-moves").size() ==
        1);
  // A cluster that the policy does not know falls back to the list of hosts.
  CHECK(host.with([](Scene& s) { s.host.cluster = "Z"; }).scene().of("isolation-address-moves").size() == 1);
}

TEST_CASE("isolation-address-moves: each address once, in order, with what happens to it") {
  auto scene = two().isolation("10.0.1.77").isolation("10.0.1.1").isolation("10.0.1.77").scene();
  scene.plan([](model::State& after) { after.interfaces.pop_back(); });
  const auto found = scene.of("isolation-address-moves");
  REQUIRE(found.size() == 2);
  CHECK(addresses(found[0]) == "10.0.1.1");
  CHECK(says(found[0], "It is the default gateway that the one TCP/IP stack cannot keep"));
  CHECK(addresses(found[1]) == "10.0.1.77");
  CHECK(says(found[1], "It was a neighbour of vmk0; no interface is in its subnet any more"));
  CHECK(names(found[1]) == "vmk0");  // the plan dropped it
}

TEST_CASE("service-console-name names an interface that the plan drops by its classic name") {
  auto scene = plain().portgroup("Service Console").allow_network("Service Console").scene();
  CHECK(says(only(scene, "service-console-name"), "turns into \"Management Network\""));
  scene.plan([](model::State& after) { after.interfaces.clear(); });
  CHECK(names(only(scene, "service-console-name")) == "vswif0");
  CHECK(says(only(scene, "service-console-name"), "turns into a name of ESXi's own"));
}

// --- waivers ---

namespace {

model::Waiver accepted(std::string rule) {
  model::Waiver w;
  w.rule = std::move(rule);
  w.reason = "accepted";
  w.owner = "o";
  w.expires = model::Date{2026, 3, 1};
  return w;
}

bool waived(const HostBuilder& host, const model::Waiver& waiver) {
  auto scene = host.scene();
  scene.policy.waivers = {waiver};
  return only(scene, "same-subnet").resolution == rules::Resolution::Waived;
}

}  // namespace

TEST_CASE("a waiver for a cluster covers hosts that only the policy puts there, and no others") {
  auto shared = plain().vmkernel("vmk0", "10.0.0.9/24").cluster("A");
  auto waiver = accepted("same-subnet");
  waiver.cluster = "A";
  CHECK(waived(shared, waiver));
  CHECK(waived(shared.with([](Scene& s) { s.host.cluster.clear(); }), waiver));
  waiver.cluster = "B";
  CHECK_FALSE(waived(shared, waiver));
  // What the host's own inputs say comes first.
  waiver.cluster = "A";
  CHECK_FALSE(waived(shared.with([](Scene& s) { s.host.cluster = "B"; }), waiver));
}

TEST_CASE("a waiver for an interface of one host of a pair is not one for the other's") {
  model::Estate estate;
  std::vector<model::State> states;
  for (const auto& host : {esx("a").console("vswif0", "10.0.0.5/24"), esx("b").console("vswif1", "10.0.0.5/24")}) {
    estate.hosts.push_back(host.host());
    states.push_back(host.scene().mapping.state);
  }
  const auto resolved = [&](std::string host, std::string interface, std::string cluster = {}) {
    model::Policy policy;
    auto waiver = accepted("duplicate-address");
    waiver.host = std::move(host);
    waiver.interface = std::move(interface);
    waiver.cluster = std::move(cluster);
    policy.waivers = {waiver};
    const auto found = rules::judge_estate(estate, {&states[0], &states[1]}, policy, rules::built_in_catalogue(),
                                           {2026, 3, 1}, Stage::Mapped);
    REQUIRE(found.size() == 1);
    return found[0].resolution == rules::Resolution::Waived;
  };
  CHECK(resolved("a", "vswif0"));
  CHECK(resolved("b", "vswif1"));
  CHECK_FALSE(resolved("a", "vswif1"));
  CHECK_FALSE(resolved("b", "vswif0"));
  CHECK(resolved("a", ""));
  CHECK_FALSE(resolved("c", ""));
  CHECK_FALSE(resolved("", "", "A"));  // neither host is in it
  estate.hosts[0].cluster = "A";
  CHECK_FALSE(resolved("", "", "A"));  // one of them is
  estate.hosts[1].cluster = "A";
  CHECK(resolved("", "", "A"));
}

TEST_CASE("waiver_notes knows a used waiver from one of another rule with the same words") {
  auto scene = plain().vmkernel("vmk0", "10.0.0.9/24").scene();
  auto used = accepted("same-subnet");
  auto useless = accepted("mask-invalid");
  used.host = useless.host = "a";
  scene.policy.waivers = {used, useless};
  const auto findings = scene.judge();
  const auto notes = rules::waiver_notes(scene.policy, {&findings}, {2026, 3, 1});
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].code == "waiver-unused");
  CHECK(notes[0].message.find("mask-invalid") != std::string::npos);
  const std::vector<Finding> none;
  CHECK(rules::waiver_notes(scene.policy, {&none, &none}, {2026, 3, 1}).size() == 2);
  CHECK(rules::waiver_notes(scene.policy, {&none, &findings}, {2026, 3, 1}).size() == 1);
}
