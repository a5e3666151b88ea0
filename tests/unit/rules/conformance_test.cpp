// The worked examples of VMware's articles and guides and of the field reports, one test each, named after its source
// (the keys of the sources are those of the multihoming reference). What a source says must be what the program says,
// and nothing besides.
#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;
using model::table_of;

namespace {

constexpr Target kUpgraded{5, 5};

/// Names on the host that the state describes: "vmk0", or "vmk0 vmk1" where they tie.
std::string leaves_by(const model::State& state, std::string_view stack, std::string_view to) {
  const auto table = table_of(state, stack);
  std::vector<std::string> out;
  for (const auto id : table.lookup(ip(to)).interfaces) out.push_back(model::interface_of(state, id).name);
  return join(out, " ");
}
std::string now_by(const Scene& scene, std::string_view to) {
  return leaves_by(scene.planned ? *scene.planned : scene.mapping.state, model::kDefaultStack, to);
}

/// "vmk2 was vswif0, vmk0 was vmk0 off": the mapped interfaces in order.
std::string mapped(const Scene& scene) {
  std::vector<std::string> out;
  for (const auto& i : scene.mapping.state.interfaces)
    out.push_back(i.name + " was " + i.from + (i.enabled ? "" : " off"));
  return join(out, ", ");
}

/// Management with a gateway, and nothing wrong.
HostBuilder esxi_host() {
  return esxi("a").vmkernel("vmk0", "10.0.0.5/24").carries(Service::Management).gateway("10.0.0.1");
}
HostBuilder esx_host() { return esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1"); }

}  // namespace

// --- one subnet, one stack ---

TEST_CASE("KB 2010877: vMotion and iSCSI in one subnet share one route, unless binding ties iSCSI to its uplink") {
  auto host = esxi_host()
                  .vmkernel("vmk1", "10.0.5.5/24")
                  .carries(Service::VMotion)
                  .vmkernel("vmk2", "10.0.5.6/24")
                  .carries(Service::Iscsi);
  CHECK(host.scene().slugs() == "same-subnet");
  CHECK(names(host.scene().of("same-subnet").at(0)) == "vmk1 vmk2");
  CHECK(now_by(host.scene(), "10.0.5.20") == "vmk1 vmk2");
  // Bound, iSCSI may stay; the vMotion interface beside it follows the table as before.
  CHECK(host.bound("vmhba33").scene().slugs() == "unbound-beside-bound");
}

TEST_CASE("KB 2010877: management and a vmk in one subnet are right on ESX and a conflict on ESXi") {
  const auto scene =
      esx_host().vmkernel("vmk0", "10.0.0.9/24").carries(Service::VMotion).reaches(Service::Management, "10.0.0.20");
  const auto found = scene.scene().of("same-subnet");
  REQUIRE(found.size() == 1);
  CHECK(found[0].introduced);
  CHECK(scene.scene().slugs() == "egress-ambiguous egress-changes gateway-ambiguous same-subnet");
  // One subnet each: nothing is wrong.
  CHECK(esx_host().vmkernel("vmk0", "10.0.1.9/24").carries(Service::VMotion).scene().slugs().empty());
}

TEST_CASE("KB 2010877, note: several interfaces that one DHCP server serves are the same situation") {
  const auto leased = [](std::string_view second) {
    return esx("a")
        .console("vswif0", "10.0.0.5/24")
        .dhcp()
        .gateway("10.0.0.1")
        .vmkernel("vmk0", second)
        .dhcp()
        .scene()
        .slugs();
  };
  CHECK(leased("10.0.0.9/24") ==
        "egress-changes gateway-ambiguous management-on-dhcp same-subnet several-dhcp-interfaces");
  CHECK(leased("10.0.1.9/24") == "management-on-dhcp several-dhcp-interfaces");
  CHECK(leased("") == "interface-unaddressed management-on-dhcp several-dhcp-interfaces");
}

TEST_CASE("KB 323116 (B1), KB 429518 (B2): of two unbound iSCSI vmks the one created first carries everything") {
  // Created first, although it has the higher address and the higher number.
  const auto scene = esxi("a")
                         .vmkernel("vmk2", "10.0.5.6/24")
                         .carries(Service::Iscsi)
                         .vmkernel("vmk1", "10.0.5.5/24")
                         .carries(Service::Iscsi)
                         .scene();
  const auto found = scene.of("same-subnet");
  REQUIRE(found.size() == 1);
  CHECK(found[0].message.find("most likely all of it by vmk2 while vmk1 stays silent") != std::string::npos);
  CHECK(now_by(scene, "10.0.5.20") == "vmk2 vmk1");
}

TEST_CASE(
    "Dell BP1024 (V1), wahlnetwork.com 2012 (W1): four NFS vmks in one subnet are one path, in four subnets four") {
  const auto nfs = [](int third) {
    auto host = esxi_host();
    for (int i = 1; i <= 4; ++i)
      host.vmkernel("vmk" + std::to_string(i),
                    "10.0." + std::to_string(third == 0 ? 5 : third + i) + "." + std::to_string(50 - i) + "/24")
          .carries(Service::Nfs);
    return host.scene();
  };
  CHECK(nfs(0).slugs() == "same-subnet");
  CHECK(now_by(nfs(0), "10.0.5.20") == "vmk1 vmk2 vmk3 vmk4");
  CHECK(nfs(10).slugs().empty());
}

TEST_CASE(
    "vSphere 8.0 Networking, GUID-D4191320 (D1): multihoming in different subnets, in different stacks, is right") {
  CHECK(esxi_host()
            .vmkernel("vmk1", "10.0.1.5/24")
            .vmkernel("vmk2", "10.0.2.5/24")
            .route("10.8.0.0/16", "10.0.1.1")
            .scene()
            .slugs()
            .empty());
  CHECK(esxi_host()
            .vmkernel("vmk1", "10.0.0.6/24")
            .carries(Service::VMotion)
            .in_stack("vmotion")
            .vmkernel("vmk2", "10.0.0.7/24")
            .in_stack("vSphereProvisioning")
            .scene()
            .slugs()
            .empty());
}

TEST_CASE("vSphere 8.0 Networking (D1), nsx-t-gen issue 12 (N1): two NSX tunnel end points in one subnet are normal") {
  auto host = esxi_host().vmkernel("vmk10", "10.0.8.5/24").in_stack("vxlan").vmkernel("vmk11", "10.0.8.6/24");
  CHECK(host.in_stack("vxlan").scene().slugs().empty());
  CHECK(host.in_stack("other").vmkernel("vmk12", "10.0.8.7/24").in_stack("other").scene().slugs() == "same-subnet");
}

TEST_CASE("vSAN documentation (S1): two vSAN vmks need two subnets") {
  const auto vsan = [](std::string_view second) {
    return esxi_host()
        .vmkernel("vmk1", "10.0.6.5/24")
        .carries(Service::Vsan)
        .vmkernel("vmk2", second)
        .carries(Service::Vsan)
        .scene()
        .slugs();
  };
  CHECK(vsan("10.0.6.6/24") == "same-subnet");
  CHECK(vsan("10.0.7.6/24").empty());
}

TEST_CASE("vSphere 6.7 Availability (D10): management twice in different subnets, and not beside other vmks") {
  auto host = esxi_host().vmkernel("vmk1", "10.0.1.5/24").carries(Service::Management);
  CHECK(host.scene().slugs().empty());
  CHECK(host.vmkernel("vmk2", "10.0.1.6/24").carries(Service::VMotion).scene().slugs() == "same-subnet");
}

TEST_CASE("wahlnetwork.com 2012 (W3): several subnets on one VLAN work, one subnet on two VLANs does not") {
  auto host = esxi_host().vmkernel("vmk1", "10.0.1.5/24").vlan(30).vmkernel("vmk2", "10.0.2.5/24").vlan(30);
  CHECK(host.scene().slugs().empty());
  CHECK(host.vmkernel("vmk3", "10.0.2.6/24").vlan(31).scene().slugs() == "one-subnet-two-vlans same-subnet");
}

TEST_CASE("field report (H1): a /16 of management that holds the /24 of iSCSI loses what lies in it") {
  const auto scene = esx("a")
                         .console("vswif0", "10.0.0.5/16")
                         .gateway("10.0.0.1")
                         .vmkernel("vmk0", "10.0.5.5/24")
                         .carries(Service::Iscsi)
                         .peer(Service::Management, "10.0.5.77", "peer b vswif0")
                         .scene();
  CHECK(scene.slugs() == "egress-changes overlapping-masks");
  CHECK(leaves_by(scene.host.before, model::kConsole, "10.0.5.77") == "vswif0");
  CHECK(now_by(scene, "10.0.5.77") == "vmk1");
  CHECK(now_by(scene, "10.0.6.77") == "vmk0");
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .vmkernel("vmk0", "10.0.5.5/24")
            .scene()
            .slugs()
            .empty());
}

// --- iSCSI port binding ---

namespace {

HostBuilder bound_pair(std::string_view second = "10.0.5.6/24") {
  return esxi_host()
      .vmkernel("vmk1", "10.0.5.5/24")
      .bound("vmhba33")
      .on("vSwitch1")
      .vmkernel("vmk2", second)
      .bound("vmhba33")
      .on("vSwitch1")
      .uplinks({"vmnic1"})
      .reaches(Service::Iscsi, "10.0.5.20")
      .reaches(Service::Iscsi, "10.0.5.21");
}

}  // namespace

TEST_CASE("KB 2038869 (K4): a bound pair in one subnet, one active uplink each, one vSwitch, is legal") {
  CHECK(bound_pair().scene().slugs().empty());
  CHECK(bound_pair().uplinks({"vmnic1"}, {"vmnic2"}).scene().slugs() ==
        "binding-uplinks egress-ambiguous same-subnet");  // a standby uplink
}

TEST_CASE("KB 323116 (B1): the default teaming with several active uplinks does not allow binding") {
  CHECK(bound_pair().uplinks({"vmnic0", "vmnic1"}).scene().slugs() == "binding-uplinks egress-ambiguous same-subnet");
}

TEST_CASE("KB 2038869 (K4): do not bind across subnets") {
  CHECK(bound_pair("10.0.6.6/24").scene().slugs() == "binding-across-subnets");
  // Targets beyond a router are as bad.
  auto routed = esxi_host().vmkernel("vmk1", "10.0.5.5/24").bound("vmhba33").reaches(Service::Iscsi, "10.0.9.20");
  CHECK(routed.scene().slugs() == "binding-across-subnets");
}

TEST_CASE("vSphere 6.5 Storage, GUID-66AF5FA0 and GUID-0D31125F (D3, D4): separate vSwitches need separate subnets") {
  CHECK(bound_pair().on("vSwitch2").scene().slugs() == "binding-across-vswitches egress-ambiguous same-subnet");
  auto apart = esxi_host()
                   .vmkernel("vmk1", "10.0.5.5/24")
                   .on("vSwitch1")
                   .carries(Service::Iscsi)
                   .vmkernel("vmk2", "10.0.6.5/24")
                   .on("vSwitch2")
                   .carries(Service::Iscsi);
  CHECK(apart.scene().slugs().empty());
}

TEST_CASE("elatov.github.io, EqualLogic (E7): an unbound heartbeat port beside the bound pair is a warning to waive") {
  auto host = bound_pair().vmkernel("vmk3", "10.0.5.4/24").on("vSwitch1").uplinks({"vmnic0", "vmnic1"});
  CHECK(host.scene().slugs() == "unbound-beside-bound");
  CHECK(host.scene().of("unbound-beside-bound").at(0).severity == Severity::Warning);
  CHECK(names(host.scene().of("unbound-beside-bound").at(0)) == "vmk1 vmk2 vmk3");
}

TEST_CASE("ESX 3.x iSCSI discovery: the console port beside the targets is a candidate to drop") {
  const auto scene = esx("a", "3.5.0")
                         .console("vswif0", "10.0.0.5/24")
                         .gateway("10.0.0.1")
                         .console("vswif1", "10.0.5.4/24")
                         .vmkernel("vmk0", "10.0.5.5/24")
                         .carries(Service::Iscsi)
                         .reaches(Service::Iscsi, "10.0.5.20")
                         .scene();
  CHECK(scene.slugs() == "console-iscsi-interface egress-ambiguous egress-changes same-subnet");
}

// --- NFS, gateways, routes ---

TEST_CASE("KB blog of February 2013 (K5): the NFS server that only the lost gateway reached sees management instead") {
  const auto scene = esx_host()
                         .vmkernel("vmk0", "10.0.3.5/24")
                         .carries(Service::Nfs)
                         .kernel_gateway("10.0.3.254")
                         .reaches(Service::Nfs, "10.0.9.20", "NFS server filer")
                         .scene();
  CHECK(scene.slugs() == "egress-changes two-default-gateways");
  // The region of the server is an error; what else only that gateway reached is a warning.
  const auto found = scene.of("egress-changes");
  REQUIRE(found.size() == 2);
  const auto& error = found[0].severity == Severity::Error ? found[0] : found[1];
  CHECK(error.severity == Severity::Error);
  CHECK(error.endpoints == std::vector<std::string>{"NFS server filer 10.0.9.20"});
  CHECK(leaves_by(scene.host.before, model::kVmkernel, "10.0.9.20") == "vmk0");
  CHECK(now_by(scene, "10.0.9.20") == "vmk0");  // the new vmk0: management
  CHECK(scene.mapping.state.interface("vmk0")->from == "vswif0");
}

TEST_CASE("elatov.github.io, NFS in another subnet (E4): a static route by the storage router cures it") {
  auto scene = esx_host()
                   .vmkernel("vmk0", "10.0.3.5/24")
                   .carries(Service::Nfs)
                   .kernel_gateway("10.0.3.254")
                   .reaches(Service::Nfs, "10.0.9.20", "NFS server filer")
                   .scene();
  scene.plan([](model::State& after) {
    model::Route route;
    route.network = net_of("10.0.9.20/32");
    route.next_hop = ip("10.0.3.254");
    after.stack(model::kDefaultStack)->routes.push_back(route);
  });
  CHECK(now_by(scene, "10.0.9.20") == "vmk1");
  CHECK(scene.of("two-default-gateways").empty());
  for (const auto& finding : scene.of("egress-changes")) CHECK(finding.severity == Severity::Warning);
}

TEST_CASE("vSphere 5.5 Upgrade, GUID-F2B101A9 (P2): of two default gateways the console's stays") {
  const auto scene = esx_host().vmkernel("vmk0", "10.0.3.5/24").kernel_gateway("10.0.3.254").scene();
  CHECK(scene.mapping.state.stack(model::kDefaultStack)->gateway == ip("10.0.0.1"));
  CHECK(scene.mapping.lost_gateway == ip("10.0.3.254"));
  CHECK(scene.of("two-default-gateways").at(0).severity == Severity::Warning);
  CHECK(scene.of("two-default-gateways").at(0).introduced);
}

TEST_CASE("hosting pattern (G2): the static route of the console is carried over") {
  const auto scene = esx("a")
                         .console("vswif0", "192.0.2.5/24")
                         .console("vswif1", "10.1.0.5/24")
                         .gateway("192.0.2.1")
                         .route("10.0.0.0/8", "10.1.0.1")
                         .reaches(Service::Management, "10.9.9.9")
                         .scene();
  CHECK(scene.slugs().empty());
  CHECK(now_by(scene, "10.9.9.9") == "vmk1");
}

TEST_CASE("KB 343820 (B6): a gateway outside every subnet is refused at start") {
  CHECK(esxi("a").vmkernel("vmk0", "10.0.0.5/24").carries(Service::Management).gateway("10.0.9.1").scene().slugs() ==
        "gateway-off-subnet");
}

TEST_CASE("community.vmware issue 1120 (N2): the host's own address as gateway makes it unreachable") {
  CHECK(esxi_host().gateway("10.0.0.5").scene().slugs() == "gateway-not-a-host");
}

TEST_CASE(
    "vSphere 6.5 Networking, GUID-44CAFD7C (D11): a gateway of an interface's own is not in the table, from 6.5 on") {
  auto host = esxi_host().vmkernel("vmk1", "10.0.3.5/24").carries(Service::Nfs).gateway_of_its_own("10.0.3.254");
  CHECK(host.scene().slugs().empty());
  CHECK(now_by(host.scene(), "10.0.9.20") == "vmk0");
  CHECK(host.to({6, 5}).scene().slugs().empty());
  CHECK(host.to({6, 0}).scene().slugs() == "gateway-override-unavailable");
}

TEST_CASE("field report on 5.0 (F2): esxcfg-route forgets static routes at the next start") {
  auto host = esx_host().vmkernel("vmk0", "10.0.3.5/24").kernel_route("10.0.9.0/24", "10.0.3.254");
  // Management follows the VMkernel's route as well now: a warning on every target.
  CHECK(host.to({5, 0}).scene().slugs() == "egress-changes routes-lost-at-reboot");
  CHECK(host.to({5, 1}).scene().slugs() == "egress-changes");
  CHECK(host.to({4, 1}).scene().slugs() == "egress-changes");
}

TEST_CASE("KB 344105 (B7): routes live in the table of one stack, and their next hop must be a neighbour there") {
  CHECK(esx_host().vmkernel("vmk0", "10.0.3.5/24").kernel_route("10.0.9.0/24", "10.0.4.1").scene().slugs() ==
        "route-next-hop-off-link");
}

// --- vMotion and fault tolerance ---

namespace {

HostBuilder vmotion_pair(Target target, std::vector<std::string> second_uplink = {"vmnic1"}) {
  return esxi_host()
      .vmkernel("vmk1", "10.0.1.5/24")
      .carries(Service::VMotion)
      .vmkernel("vmk2", "10.0.1.6/24")
      .carries(Service::VMotion)
      .uplinks(std::move(second_uplink), {"vmnic0"})
      .to(target);
}

}  // namespace

TEST_CASE("yellow-bricks.com 2011-09 (Y1): multi-NIC vMotion in one subnet is legal from 5.0 on, mirrored uplinks") {
  CHECK(vmotion_pair({5, 0}).scene().slugs() == "vmotion-multi-nic");
  CHECK(vmotion_pair({5, 0}).scene().of("vmotion-multi-nic").at(0).severity == Severity::Info);
  CHECK(vmotion_pair({4, 1}).scene().slugs() == "same-subnet vmotion-multi-nic");
  CHECK(vmotion_pair({4, 1}).scene().of("vmotion-multi-nic").at(0).severity == Severity::Error);
  CHECK(vmotion_pair({8, 0}, {"vmnic0"}).scene().slugs() == "same-subnet vmotion-multi-nic");
  CHECK(vmotion_pair({8, 0}).vlan(7).scene().slugs() == "one-subnet-two-vlans same-subnet vmotion-multi-nic");
}

TEST_CASE("elatov.github.io, vMotion flooding (E1): vMotion beside management is not legal, whatever its uplinks") {
  CHECK(esxi_host().vmkernel("vmk1", "10.0.0.6/24").carries(Service::VMotion).uplinks({"vmnic1"}).scene().slugs() ==
        "gateway-ambiguous same-subnet");
}

TEST_CASE(
    "vSphere 8.0 Networking (D1), 6.5 Networking (D6): the vMotion stack takes vMotion away from the default stack") {
  auto host = esxi_host()
                  .vmkernel("vmk1", "10.0.1.5/24")
                  .carries(Service::VMotion)
                  .vmkernel("vmk2", "10.0.2.5/24")
                  .in_stack("vmotion")
                  .carries(Service::VMotion);
  CHECK(host.scene().slugs() == "vmotion-stack-shadows");
  CHECK(host.to({6, 0}).scene().slugs() == "vmotion-stack-shadows");
  CHECK(host.to({5, 5}).scene().slugs() == "stack-unavailable vmotion-stack-shadows");
}

TEST_CASE("vSphere 6.5 Networking (D6): one vmk logs for fault tolerance") {
  auto host = esxi_host().vmkernel("vmk1", "10.0.1.5/24").carries(Service::FaultToleranceLogging);
  CHECK(host.scene().slugs().empty());
  CHECK(host.vmkernel("vmk2", "10.0.2.5/24").carries(Service::FaultToleranceLogging).scene().slugs() ==
        "several-ft-interfaces");
}

// --- VMware's own migration ---

TEST_CASE("vSphere 5.5 Upgrade, GUID-F2B101A9 (P2): vmk0, vmk1, vswif0 become vmk0, vmk1 and the management vmk2") {
  auto host = esx_host().vmkernel("vmk0", "10.0.1.5/24").vmkernel("vmk1", "10.0.2.5/24");
  CHECK(mapped(host.to(kUpgraded, Path::Upgrade).scene()) == "vmk0 was vmk0, vmk1 was vmk1, vmk2 was vswif0");
  CHECK(mapped(host.to(kUpgraded, Path::Fresh).scene()) == "vmk0 was vswif0, vmk1 was vmk0, vmk2 was vmk1");
  CHECK(host.to(kUpgraded, Path::Upgrade).scene().slugs().empty());
}

TEST_CASE("vSphere 5.x Upgrade (P5): a static vmk in the vswif's subnet and on its switch stays disabled") {
  auto host = esx_host().vmkernel("vmk0", "10.0.0.9/24").carries(Service::VMotion).to(kUpgraded, Path::Upgrade);
  CHECK(mapped(host.scene()) == "vmk0 was vmk0 off, vmk1 was vswif0");
  CHECK(host.scene().slugs() == "upgrade-disables-interface");
  // Another switch, or DHCP: the check does not catch it, and the conflict stays.
  CHECK(host.on("vSwitch1").scene().slugs() == "egress-changes gateway-ambiguous same-subnet upgrade-leaves-conflict");
  CHECK(mapped(host.scene()) == "vmk0 was vmk0, vmk1 was vswif0");
  CHECK(host.on("vSwitch0").dhcp().scene().slugs() ==
        "egress-changes gateway-ambiguous same-subnet upgrade-leaves-conflict");
}

TEST_CASE("vSphere 5.x Upgrade: from ESX 4.x to 5.5 at most, from 3.x not at all") {
  CHECK(esx_host().to({5, 5}, Path::Upgrade).scene().slugs().empty());
  CHECK(esx_host().to({6, 0}, Path::Upgrade).scene().slugs() == "upgrade-path");
  CHECK(esx("a", "3.5.0")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .to({5, 5}, Path::Upgrade)
            .scene()
            .slugs() == "upgrade-path");
}

TEST_CASE("vSphere 4.1 Upgrade (P1): the upgrade of a host on DHCP is lost with its lease") {
  auto host = esx("a").console("vswif0", "10.0.0.5/24").dhcp().gateway("10.0.0.1");
  CHECK(host.scene().of("management-on-dhcp").at(0).severity == Severity::Warning);
  CHECK(host.to(kUpgraded, Path::Upgrade).scene().of("management-on-dhcp").at(0).severity == Severity::Error);
}

TEST_CASE("vSphere 5.x Upgrade (P2, P5): the name Service Console goes, and what names it breaks") {
  auto host = esx_host().portgroup("Service Console");
  CHECK(host.scene().slugs().empty());
  CHECK(host.scene().mapping.state.interfaces[0].portgroup == "Management Network");
  CHECK(host.allow_network("Service Console").scene().slugs() == "service-console-name");
}

TEST_CASE("vSphere 6.7 Availability (D10): HA pings the default gateway, and misses the one that goes") {
  auto host = esx_host().vmkernel("vmk0", "10.0.3.5/24").kernel_gateway("10.0.3.254");
  CHECK(host.isolation("10.0.0.1").scene().slugs() == "two-default-gateways");
  CHECK(host.isolation("10.0.3.254").scene().slugs() == "isolation-address-moves two-default-gateways");
}
