#include <catch2/catch.hpp>

#include "unit/readdress/scene.hpp"

using namespace esx2esxi;
using namespace esx2esxi::testing;
using readdress::RemedyKind;
using Lines = std::vector<std::string>;

namespace {

const Services kVmotion{Service::VMotion};

/// Management and vMotion in one /24, as ESX tolerated it.
HostScene shared(const std::string& name, unsigned n) {
  return esx(name)
      .in("A")
      .console(fmt::format("10.0.0.{}/24", n))
      .gateway("10.0.0.1")
      .vmk("vmk0", fmt::format("10.0.0.{}/24", 100 + n), kVmotion);
}

Scene two_shared() { return Scene().with(shared("e1", 11)).with(shared("e2", 12)); }

std::string all_blocked(const readdress::Proposal& p) {
  std::string text;
  for (const auto& host : p.hosts)
    for (const auto& why : host.blocked) text += why + "\n";
  return text;
}

}  // namespace

TEST_CASE("a host without a conflict is left alone") {
  auto scene = Scene().with(esx("e1")
                                .console("10.0.0.5/24")
                                .gateway("10.0.0.1")
                                .vmk("vmk0", "10.0.1.5/24", kVmotion)
                                .vmk("vmk1", "10.0.2.5/24"));
  const auto p = scene.propose();
  CHECK(told(p.hosts[0]) == Lines{});
  CHECK(p.hosts[0].blocked == Lines{});
  CHECK(p.segments.empty());
}

TEST_CASE("vMotion leaves management's subnet for the pool, with all its peers, octets kept, on the pool's VLAN") {
  auto scene = two_shared().pool("10.0.9.0/24", 9, "", "vmotion", "A");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) == Lines{"re-address vmk1 10.0.0.111/24 -> 10.0.9.111/24 VLAN 9"});
  CHECK(told(p.hosts[1]) == Lines{"re-address vmk1 10.0.0.112/24 -> 10.0.9.112/24 VLAN 9"});
  CHECK(p.hosts[0].remedies[0].rule == "same-subnet");
  CHECK(p.hosts[0].remedies[0].cost == 10);
  CHECK_FALSE(p.hosts[0].remedies[0].to_be_confirmed);
  const auto* vmk = p.hosts[0].after.interface("vmk1");
  CHECK(vmk->vlan == vlan_id(9));
  CHECK(p.hosts[0].after.portgroup(vmk->portgroup).second->vlan == vlan_id(9));
  CHECK(p.hosts[0].after.interface("vmk0")->vlan == vlan_id(0));
  REQUIRE(p.segments.size() == 1);
  CHECK(p.segments[0].cluster == "A");
  CHECK(p.segments[0].members.size() == 2);
  CHECK(p.segments[0].to == net_of("10.0.9.0/24"));
  const auto& rejected = p.segments[0].rejected;
  const auto says = [&](const std::string& line) {
    return std::find(rejected.begin(), rejected.end(), line) != rejected.end();
  };
  CHECK(rejected.front().find("keep: leaves same-subnet on e1") == 0);
  CHECK(says("own stack vmotion: costs 30, re-addressing costs 20"));
  CHECK(says("merge services: costs 50, re-addressing costs 20"));
  CHECK(says("port binding: only iSCSI interfaces can be bound"));
  CHECK(says("drop: vmk1 of e1 is in use"));
  CHECK(says("management out of 10.0.0.0/24 instead: costs at least 200, re-addressing costs 20"));
}

TEST_CASE("peers that are clean themselves move along") {
  auto scene = two_shared();
  scene.with(esx("e3").in("A").console("10.0.7.5/24").gateway("10.0.7.1").vmk("vmk0", "10.0.0.113/24", kVmotion));
  scene.pool("10.0.9.0/24", 9, "", "vmotion", "A");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(planned(p.hosts[2], "vmk0") == "10.0.9.113/24");
}

TEST_CASE("an own stack is chosen where it costs less, and only where the target has it") {
  auto scene = two_shared().pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.policy.costs.own_stack = 9;
  auto p = scene.propose();
  CHECK(told(p.hosts[0]) == Lines{"own-stack vmk1 stack defaultTcpipStack -> stack vmotion"});
  CHECK(p.hosts[0].after.interface("vmk1")->stack == "vmotion");
  CHECK(p.hosts[0].after.stack("vmotion"));
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.0.111/24");
  REQUIRE(p.segments.size() == 1);
  CHECK_FALSE(p.segments[0].to);
  scene.target = {5, 5};
  p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.111/24");
}

TEST_CASE("without a pool a free network of private space is proposed, to be confirmed") {
  auto scene = two_shared();
  scene.with(esx("z9").console("192.168.0.5/23"));
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "192.168.2.111/24");
  CHECK(planned(p.hosts[1], "vmk0") == "192.168.2.112/24");
  CHECK(p.hosts[0].remedies[0].to_be_confirmed);
}

TEST_CASE("where a pool is meant for it but has no room, nothing is made up: a dearer remedy, or the host is blocked") {
  auto scene = two_shared().pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.pools[0].first = scene.pools[0].last = ip("10.0.9.5");
  scene.pools[0].at = {FileName("pools.csv"), 2, 1};
  const auto* const figures = "10.0.9.0/24 (pools.csv:2) has 1 free address of 1, 2 are needed";
  const auto stacked = scene.propose();
  CHECK(all_blocked(stacked) == "");
  CHECK(stacked.hosts[0].remedies[0].kind == RemedyKind::OwnStack);
  REQUIRE(stacked.segments.size() == 1);
  CHECK_THAT(join(stacked.segments[0].rejected, "\n"), Catch::Contains("re-addressing") && Catch::Contains(figures));

  scene.target = {5, 5};                                                              // without own stacks
  for (auto& host : scene.estate.hosts) host.before.interfaces[1].vlan = vlan_id(7);  // nothing can be merged
  const auto blocked = scene.propose();
  for (const auto& host : blocked.hosts) {
    CHECK_THAT(join(host.blocked, "\n"), Catch::Contains(figures));
    CHECK(host.remedies.empty());
  }
}

TEST_CASE("a pool that overlaps what stays is named with both networks") {
  auto scene = two_shared().pool("10.0.0.0/8", 9, "", "vmotion", "A");
  scene.pools[0].at = {FileName("pools.csv"), 2, 1};
  const auto p = scene.propose();
  REQUIRE(p.segments.size() == 1);
  CHECK_THAT(join(p.segments[0].rejected, "\n"),
             Catch::Contains("pool 10.0.0.0/8 (pools.csv:2): it overlaps 10.0.0.0/24"));
}

TEST_CASE("an octet that is taken is replaced by that of management, then by the lowest that is free") {
  auto scene = two_shared();
  scene.pool("10.0.9.0/24", 9, "10.0.9.2", "vmotion", "A");
  scene.pools[0].exclude.push_back(*net::Ipv4Range::parse("10.0.9.100-10.0.9.120"));
  scene.pools[0].exclude.push_back(*net::Ipv4Range::parse("10.0.9.12"));
  const auto p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.11/24");  // management's octet
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.3/24");   // .2 is the gateway
  CHECK(p.hosts[0].remedies[0].cost == 13);
}

TEST_CASE("an address that anything in the estate mentions is not given") {
  auto scene = two_shared().pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.with(esx("z9").console("10.7.0.5/24").dns("10.0.9.111").nfs("10.0.9.11"));
  scene.estate.hosts[2].hosts_file.push_back({ip("10.0.9.112"), {"x"}, {}});
  const auto p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.9.2/24");
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.12/24");
}

TEST_CASE("a pool of another cluster or purpose is not used") {
  auto scene = two_shared().pool("10.0.8.0/24", 8, "", "nfs", "A").pool("10.0.9.0/24", 9, "", "vmotion", "B");
  scene.pool("10.0.10.0/24", 10, "", "any", "A");
  const auto p = scene.propose();
  CHECK(planned(p.hosts[0], "vmk0") == "10.0.10.111/24");
}

TEST_CASE("a second console in management's subnet is dropped") {
  auto scene = Scene().with(esx("e1").console("10.0.0.5/24").console("10.0.0.6/24").gateway("10.0.0.1"));
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) == Lines{"drop-interface vmk1 10.0.0.6/24 -> "});
  CHECK(planned(p.hosts[0], "vswif0") == "10.0.0.5/24");
  CHECK(planned(p.hosts[0], "vswif1") == "-");
}

TEST_CASE("storage stays beside its array, so management that holds it moves, and its gateway with it") {
  auto scene = Scene()
                   .with(esx("e1")
                             .in("A")
                             .console("10.0.5.21/16")
                             .gateway("10.0.0.1")
                             .console_route("10.99.0.0/16", "10.0.0.2")
                             .vmk("vmk0", "10.0.50.21/24")
                             .bound("vmnic0")
                             .vmk("vmk1", "10.0.50.121/24")
                             .bound("vmnic1")
                             .target("10.0.50.10")
                             .dns("10.0.50.200"))
                   .pool("10.8.0.0/24", 8, "", "management", "A")
                   .pool("10.9.0.0/24", 9, "10.9.0.1", "management", "A");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  const auto& host = p.hosts[0];
  CHECK(planned(host, "vswif0") == "10.9.0.21/24");  // the pool without a gateway cannot take it
  CHECK(host.after.stack(model::kDefaultStack)->gateway == ip("10.9.0.1"));
  CHECK(planned(host, "vmk0") == "10.0.50.21/24");
  CHECK(planned(host, "vmk1") == "10.0.50.121/24");
  // The old network's router is gone, and the DNS server inside the array's range is reached as management traffic.
  CHECK(routes(host, model::kDefaultStack) == Lines{"10.99.0.0/16 by 10.9.0.1", "10.0.50.200/32 by 10.9.0.1"});
}

TEST_CASE("no router ever stands between a host and storage that was beside it") {
  // A second console interface for discovery stays by a pin; vMotion, which tied with the bound one, can leave.
  auto scene = Scene()
                   .with(esx("e1")
                             .console("10.0.0.5/24")
                             .gateway("10.0.0.1")
                             .console("10.0.50.5/24")
                             .vmk("vmk0", "10.0.50.21/24")
                             .bound("vmnic0")
                             .vmk("vmk1", "10.0.50.40/24", kVmotion)
                             .target("10.0.50.10"))
                   .pool("10.9.0.0/24", 9, "10.9.0.1", "vmotion");
  scene.policy.keep_pins.push_back({"e1", "vswif1", "the array's administrators", {}});
  const auto p = scene.propose();
  CHECK(routes(p.hosts[0], model::kDefaultStack) == Lines{});
  CHECK_FALSE(p.hosts[0].blocked.empty());
}

TEST_CASE("management without a routed pool is not moved into the blue") {
  auto scene =
      Scene()
          .with(esx("e1").console("10.0.5.21/16").gateway("10.0.0.1").vmk("vmk0", "10.0.50.21/24").nfs("10.0.50.10"))
          .pool("10.8.0.0/24", 8, "", "management");
  const auto p = scene.propose();
  REQUIRE_FALSE(p.hosts[0].blocked.empty());
  CHECK_THAT(p.hosts[0].blocked[0], Catch::StartsWith("overlapping-masks: "));
  CHECK_THAT(all_blocked(p), Catch::Contains("has no gateway") && Catch::Contains("stays beside"));
  CHECK(planned(p.hosts[0], "vswif0") == "10.0.5.21/16");
}

TEST_CASE("an NFS server behind the VMkernel's gateway keeps its way by a static route") {
  auto scene = Scene().with(esx("e1")
                                .console("10.0.0.5/24")
                                .gateway("10.0.0.1")
                                .vmk("vmk0", "10.0.3.5/24")
                                .vmkernel_gateway("10.0.3.254")
                                .nfs("10.0.3.9")
                                .nfs("10.0.4.20")
                                .nfs("10.0.4.21"));
  SECTION("one for each server") {
    const auto p = scene.propose();
    CHECK(all_blocked(p) == "");
    CHECK(routes(p.hosts[0], model::kDefaultStack) ==
          Lines{"10.0.4.20/32 by 10.0.3.254", "10.0.4.21/32 by 10.0.3.254"});
    CHECK(p.hosts[0].remedies[0].kind == RemedyKind::StaticRoute);
    CHECK(p.hosts[0].after.stack(model::kDefaultStack)->routes[0].origin == "egress-changes");
  }
  SECTION("one for the network that the policy names, by the router it names") {
    model::PolicyEndpoint e;
    e.kind = model::EndpointKind::Nfs;
    e.name = "archive";
    e.address = ip("10.0.4.20");
    e.network = net_of("10.0.4.0/24");
    e.router = ip("10.0.3.253");
    scene.policy.endpoints.push_back(e);
    const auto p = scene.propose();
    CHECK(all_blocked(p) == "");
    CHECK(routes(p.hosts[0], model::kDefaultStack) == Lines{"10.0.4.0/24 by 10.0.3.253"});
  }
}

TEST_CASE("what a console that goes was beside is reached by management, by a route if need be") {
  auto scene = Scene().with(esx("e1")
                                .console("10.1.0.11/16")
                                .gateway("10.1.0.1")
                                .console("10.1.0.111/24")
                                .dns("10.1.0.200")
                                .vmk("vmk1", "10.1.0.81/24")
                                .nfs("10.1.0.250"));
  scene.pool("172.16.40.0/24", 40, "172.16.40.1", "management");
  scene.policy.drop_pins.push_back({"e1", "vswif1", "one console is enough", {}});
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(planned(p.hosts[0], "vswif0") == "172.16.40.11/24");
  CHECK(routes(p.hosts[0], model::kDefaultStack) == Lines{"10.1.0.200/32 by 172.16.40.1"});
}

TEST_CASE("a route that never worked goes") {
  auto scene = Scene().with(esx("e1")
                                .console("10.0.0.5/24")
                                .gateway("10.0.0.1")
                                .console_route("10.5.0.0/16", "10.6.0.1")
                                .console_route("10.7.0.0/16", "10.0.0.9"));
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) == Lines{"remove-route  10.5.0.0/16 by 10.6.0.1 -> "});
  CHECK(routes(p.hosts[0], model::kDefaultStack) == Lines{"10.7.0.0/16 by 10.0.0.9"});
}

TEST_CASE("a bound interface is nailed to an uplink of its own") {
  auto scene = Scene().with(esx("e1")
                                .console("10.0.0.5/24")
                                .gateway("10.0.0.1")
                                .vmk("vmk0", "10.0.5.5/24")
                                .bound("vmnic0")
                                .vmk("vmk1", "10.0.5.105/24")
                                .bound("vmnic1", {"vmnic0"})
                                .target("10.0.5.9"));
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) == Lines{"fix-teaming vmk2 active vmnic1, standby vmnic0 -> active vmnic1"});
  CHECK(p.hosts[0].after.interface("vmk2")->uplinks == model::Teaming{{"vmnic1"}, {}});
}

TEST_CASE("a bound interface beside no target moves to the targets") {
  auto scene = Scene()
                   .with(esx("e1")
                             .console("10.0.0.5/24")
                             .gateway("10.0.0.1")
                             .vmk("vmk0", "10.0.5.5/24")
                             .bound("vmnic0")
                             .vmk("vmk1", "10.0.6.105/24")
                             .bound("vmnic1")
                             .target("10.0.5.9"))
                   .pool("10.0.4.0/24", 0, "", "iscsi")
                   .pool("10.0.5.0/24", 0, "", "iscsi");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(planned(p.hosts[0], "vmk1") == "10.0.5.105/24");
}

TEST_CASE("a mask with holes is cured by a new address for the service") {
  auto scene = Scene()
                   .with(esx("e1")
                             .console("10.0.0.5/24")
                             .gateway("10.0.0.1")
                             .vmk("vmk0", "10.0.3.14/24", {Service::FaultToleranceLogging}))
                   .pool("10.9.0.0/24", 9, "", "faultToleranceLogging");
  scene.estate.hosts[0].before.interfaces.back().netmask = ip("255.255.225.0");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(planned(p.hosts[0], "vmk0") == "10.9.0.14/24");
}

TEST_CASE("of two hosts with one address the later one gets another in the same subnet") {
  auto scene =
      Scene()
          .with(esx("e1").in("A").console("10.0.0.11/24").gateway("10.0.0.1").vmk("vmk0", "10.0.9.20/24", kVmotion))
          .with(esx("e2").in("A").console("10.0.0.12/24").gateway("10.0.0.1").vmk("vmk0", "10.0.9.20/24", kVmotion))
          .pool("10.0.9.0/24", 0, "", "vmotion", "A");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) == Lines{});
  CHECK(planned(p.hosts[1], "vmk0") == "10.0.9.12/24");
  CHECK(p.hosts[1].remedies[0].rule == "duplicate-address");
}

TEST_CASE("a stray vMotion interface joins the subnet that most peers are in") {
  Scene scene;
  for (unsigned n = 1; n <= 3; ++n)
    scene.with(esx(fmt::format("e{}", n))
                   .in("A")
                   .console(fmt::format("10.0.0.1{}/24", n))
                   .gateway("10.0.0.1")
                   .vmk("vmk0", fmt::format("10.0.{}.2{}/24", n == 2 ? 8 : 9, n), kVmotion));
  scene.pool("10.0.9.0/24", 7, "", "vmotion", "A");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) == Lines{});
  CHECK(told(p.hosts[1]) == Lines{"re-address vmk1 10.0.8.22/24 -> 10.0.9.22/24 VLAN 7"});
  CHECK(p.remaining.empty());
}

TEST_CASE("of several interfaces on DHCP management keeps its lease") {
  auto scene =
      Scene()
          .with(esx("e1").console("10.0.0.5/24").dhcp().gateway("10.0.0.1").vmk("vmk0", "10.0.3.5/24", kVmotion).dhcp())
          .pool("10.9.0.0/24", 9, "", "vmotion");
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(p.hosts[0].after.interface_from("vswif0")->dhcp);
  CHECK_FALSE(p.hosts[0].after.interface_from("vmk0")->dhcp);
  CHECK(planned(p.hosts[0], "vmk0") == "10.9.0.5/24");
}

TEST_CASE("on the upgrade path what VMware disabled is enabled again once it has moved") {
  auto scene = two_shared().pool("10.0.9.0/24", 9, "", "vmotion", "A");
  scene.target = {5, 5};
  scene.path = model::Path::Upgrade;
  const auto p = scene.propose();
  CHECK(all_blocked(p) == "");
  CHECK(told(p.hosts[0]) ==
        Lines{"re-address vmk0 10.0.0.111/24 -> 10.0.9.111/24 VLAN 9", "enable vmk0 disabled -> enabled"});
  CHECK(p.hosts[0].after.interface("vmk0")->enabled);
}

TEST_CASE("a port group that others use keeps its VLAN, and the mover gets one of its own") {
  auto scene = two_shared().pool("10.0.9.0/24", 9, "", "vmotion", "A");
  auto& before = scene.estate.hosts[0].before;
  before.interfaces[1].portgroup = before.interfaces[0].portgroup;
  const auto p = scene.propose();
  const auto* vmk = p.hosts[0].after.interface("vmk1");
  const auto* management = p.hosts[0].after.interface("vmk0");
  CHECK(vmk->portgroup != management->portgroup);
  CHECK(p.hosts[0].after.portgroup(management->portgroup).second->vlan == vlan_id(0));
  CHECK(p.hosts[0].after.portgroup(vmk->portgroup).second->vlan == vlan_id(9));
}
