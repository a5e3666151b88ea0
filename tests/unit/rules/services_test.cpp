// iSCSI, vMotion, FT, stacks, the upgrade path.
#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

bool says(const Finding& finding, std::string_view text) { return finding.message.find(text) != std::string::npos; }

HostBuilder bound(std::string_view first = "10.0.5.5/24", std::string_view second = "10.0.5.6/24") {
  return esx("a")
      .console("vswif0", "10.0.0.5/24")
      .gateway("10.0.0.1")
      .vmkernel("vmk1", first)
      .bound("vmhba33")
      .vmkernel("vmk2", second)
      .bound("vmhba33")
      .uplinks({"vmnic1"});
}

}  // namespace

TEST_CASE("binding-across-subnets: one finding for an adapter whose interfaces are apart") {
  const auto found =
      bound("10.0.5.5/24", "10.0.6.6/24").reaches(Service::Iscsi, "10.0.5.20").scene().of("binding-across-subnets");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK_FALSE(found[0].introduced);
  CHECK(names(found[0]) == "vmk1 vmk2");
  CHECK(addresses(found[0]) == "10.0.5.5/24 10.0.6.6/24");
  CHECK(says(found[0], "lie in different subnets"));
  CHECK(bound("10.0.5.5/24", "10.0.5.6/25").scene().of("binding-across-subnets").size() == 1);
}

TEST_CASE("binding-across-subnets: targets in none of the subnets") {
  const auto found = bound().reaches(Service::Iscsi, "10.0.9.20").scene().of("binding-across-subnets");
  REQUIRE(found.size() == 1);
  CHECK(says(found[0], "no target lies in their subnet"));
  CHECK(bound().scene().of("binding-across-subnets").empty());
  CHECK(bound().reaches(Service::Iscsi, "10.0.5.20").scene().of("binding-across-subnets").empty());
  CHECK(bound()
            .reaches(Service::Iscsi, "10.0.5.20")
            .reaches(Service::Iscsi, "10.0.9.20")
            .scene()
            .of("binding-across-subnets")
            .empty());
  CHECK(bound().reaches(Service::Nfs, "10.0.9.20").scene().of("binding-across-subnets").empty());
}

TEST_CASE("binding-across-subnets knows adapters apart and leaves disabled interfaces out") {
  auto host =
      esx("a").vmkernel("vmk1", "10.0.5.5/24").bound("vmhba33").vmkernel("vmk2", "10.0.6.6/24").bound("vmhba34");
  CHECK(host.scene().of("binding-across-subnets").empty());
  CHECK(bound("10.0.5.5/24", "10.0.6.6/24").disabled().scene().of("binding-across-subnets").empty());
  // What has no range is named by other rules.
  CHECK(bound("10.0.5.5/24", "").scene().of("binding-across-subnets").empty());
}

TEST_CASE("binding-uplinks wants exactly one active and no standby uplink") {
  CHECK(bound().scene().of("binding-uplinks").empty());
  const auto standby = bound().uplinks({"vmnic1"}, {"vmnic0"}).scene().of("binding-uplinks");
  REQUIRE(standby.size() == 1);
  CHECK(standby[0].severity == Severity::Error);
  CHECK_FALSE(standby[0].introduced);
  CHECK(names(standby[0]) == "vmk2");
  CHECK(addresses(standby[0]) == "10.0.5.6");
  CHECK(says(standby[0], "active uplinks vmnic1 and standby uplinks vmnic0"));
  CHECK(bound().uplinks({"vmnic1", "vmnic2"}).scene().of("binding-uplinks").size() == 1);
  CHECK(bound().uplinks({}).scene().of("binding-uplinks").size() == 1);
  CHECK(bound().uplinks({}).disabled().scene().of("binding-uplinks").empty());
  CHECK(esx("a").vmkernel("vmk1", "10.0.5.5/24").uplinks({"vmnic1", "vmnic2"}).scene().of("binding-uplinks").empty());
}

TEST_CASE("binding-uplinks is one finding for an interface, and guesses nothing about a distributed switch") {
  CHECK(bound()
            .with([](Scene& s) {
              for (auto& i : s.host.before.interfaces) i.uplinks = {{"vmnic0"}, {"vmnic1"}};
            })
            .scene()
            .of("binding-uplinks")
            .size() == 2);
  auto unknown = [](Scene& s) {
    auto& i = s.host.before.interfaces.back();
    i.uplinks = {};
    i.vswitch = "dvSwitch";
    i.portgroup.clear();
    i.dvport = "34";
  };
  CHECK(bound().with(unknown).scene().of("binding-uplinks").empty());
  CHECK(bound()
            .with(unknown)
            .vswitch_named("dvSwitch")
            .with([](Scene& s) { s.host.before.switches.back().distributed = true; })
            .scene()
            .of("binding-uplinks")
            .empty());
}

TEST_CASE("binding-across-vswitches is about one subnet of one adapter") {
  CHECK(bound().scene().of("binding-across-vswitches").empty());
  const auto found = bound().on("vSwitch3").scene().of("binding-across-vswitches");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK_FALSE(found[0].introduced);
  CHECK(names(found[0]) == "vmk1 vmk2");
  CHECK(addresses(found[0]) == "10.0.5.5/24 10.0.5.6/24");
  CHECK(bound("10.0.5.5/24", "10.0.6.6/24").on("vSwitch3").scene().of("binding-across-vswitches").empty());
  CHECK(bound().bound("vmhba34").on("vSwitch3").scene().of("binding-across-vswitches").empty());
  CHECK(bound().on("vSwitch3").disabled().scene().of("binding-across-vswitches").empty());
  CHECK(bound()
            .with([](Scene& s) { s.host.before.interfaces.back().vswitch.clear(); })
            .scene()
            .of("binding-across-vswitches")
            .empty());
}

TEST_CASE("console-iscsi-interface: a second vswif beside the targets") {
  auto host = esx("a", "3.5.0")
                  .console("vswif0", "10.0.0.5/24")
                  .gateway("10.0.0.1")
                  .console("vswif1", "10.0.5.5/24")
                  .vmkernel("vmk0", "10.0.5.6/24");
  CHECK(host.scene().of("console-iscsi-interface").empty());
  CHECK(host.reaches(Service::Nfs, "10.0.5.20").scene().of("console-iscsi-interface").empty());
  const auto found = host.reaches(Service::Iscsi, "10.0.5.21").scene().of("console-iscsi-interface");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK(found[0].introduced);
  CHECK(names(found[0]) == "vswif1");
  CHECK(addresses(found[0]) == "10.0.5.5/24 10.0.5.21");
}

TEST_CASE("console-iscsi-interface: a wide range around the targets' own subnet is not beside them") {
  const auto wide = esx("a")
                        .console("vswif0", "10.0.0.5/16")
                        .gateway("10.0.0.1")
                        .console("vswif1", "10.0.0.6/16")
                        .reaches(Service::Iscsi, "10.0.5.21");
  CHECK(HostBuilder(wide).scene().of("console-iscsi-interface").size() == 1);
  CHECK(HostBuilder(wide).vmkernel("vmk0", "10.0.5.6/24").scene().of("console-iscsi-interface").empty());
  CHECK(HostBuilder(wide).vmkernel("vmk0", "10.0.6.6/24").scene().of("console-iscsi-interface").size() == 1);
}

TEST_CASE("console-iscsi-interface leaves management, disabled vswifs and vmks alone") {
  CHECK(esx("a")
            .console("vswif0", "10.0.5.5/24")
            .gateway("10.0.5.1")
            .reaches(Service::Iscsi, "10.0.5.21")
            .scene()
            .of("console-iscsi-interface")
            .empty());
  // The gateway's device is management, wherever the other stands.
  CHECK(names(esx("a")
                  .console("vswif0", "10.0.5.5/24")
                  .console("vswif1", "10.0.5.6/24")
                  .gateway("10.0.5.1", "vswif1")
                  .reaches(Service::Iscsi, "10.0.5.21")
                  .scene()
                  .of("console-iscsi-interface")
                  .at(0)) == "vswif0");
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .console("vswif1", "10.0.5.5/24")
            .disabled()
            .reaches(Service::Iscsi, "10.0.5.21")
            .scene()
            .of("console-iscsi-interface")
            .empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .gateway("10.0.0.1")
            .vmkernel("vmk0", "10.0.5.5/24")
            .reaches(Service::Iscsi, "10.0.5.21")
            .scene()
            .of("console-iscsi-interface")
            .empty());
}

TEST_CASE("vmotion-multi-nic is a note where legal and an error where not") {
  const auto pair = [] {
    return esxi("a")
        .vmkernel("vmk1", "10.0.1.5/24")
        .carries(Service::VMotion)
        .uplinks({"vmnic0"}, {"vmnic1"})
        .vmkernel("vmk2", "10.0.1.6/24")
        .carries(Service::VMotion)
        .uplinks({"vmnic1"}, {"vmnic0"});
  };
  const auto legal = pair().to({5, 0}).scene().of("vmotion-multi-nic");
  REQUIRE(legal.size() == 1);
  CHECK(legal[0].severity == Severity::Info);
  CHECK_FALSE(legal[0].introduced);
  CHECK(names(legal[0]) == "vmk1 vmk2");
  CHECK(addresses(legal[0]) == "10.0.1.5/24 10.0.1.6/24");
  const auto severity = [](HostBuilder host) { return host.scene().of("vmotion-multi-nic").at(0).severity; };
  CHECK(severity(pair().to({4, 1})) == Severity::Error);
  CHECK(severity(pair().vlan(5)) == Severity::Error);
  CHECK(severity(pair().uplinks({"vmnic0"})) == Severity::Error);
  CHECK(severity(pair().uplinks({"vmnic1", "vmnic2"})) == Severity::Error);
  CHECK(severity(pair().uplinks({})) == Severity::Error);
}

TEST_CASE("vmotion-multi-nic needs two vMotion interfaces in one subnet of one stack") {
  const auto one = [] { return esxi("a").vmkernel("vmk1", "10.0.1.5/24").carries(Service::VMotion); };
  CHECK(one().vmkernel("vmk2", "10.0.1.6/24").scene().of("vmotion-multi-nic").empty());
  CHECK(one().vmkernel("vmk2", "10.0.2.6/24").carries(Service::VMotion).scene().of("vmotion-multi-nic").empty());
  CHECK(one()
            .vmkernel("vmk2", "10.0.1.6/24")
            .carries(Service::VMotion)
            .disabled()
            .scene()
            .of("vmotion-multi-nic")
            .empty());
  CHECK(one().vmkernel("vmk2", "10.0.1.6/24").in_stack("vmotion").scene().of("vmotion-multi-nic").empty());
  CHECK(one()
            .in_stack("vmotion")
            .vmkernel("vmk2", "10.0.1.6/24")
            .in_stack("vmotion")
            .scene()
            .of("vmotion-multi-nic")
            .size() == 1);
  // A third one that is no vMotion interface is same-subnet's business.
  const auto three = one()
                         .vmkernel("vmk2", "10.0.1.6/24")
                         .carries(Service::VMotion)
                         .uplinks({"vmnic1"})
                         .vmkernel("vmk3", "10.0.1.7/24")
                         .scene()
                         .of("vmotion-multi-nic");
  REQUIRE(three.size() == 1);
  CHECK(three[0].severity == Severity::Info);
  CHECK(names(three[0]) == "vmk1 vmk2");
}

TEST_CASE("vmotion-stack-shadows names both sides") {
  auto host = esxi("a").vmkernel("vmk0", "10.0.0.5/24").vmkernel("vmk1", "10.0.1.5/24").carries(Service::VMotion);
  CHECK(host.scene().of("vmotion-stack-shadows").empty());
  const auto found = host.vmkernel("vmk4", "10.0.2.5/24").in_stack("vmotion").scene().of("vmotion-stack-shadows");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK_FALSE(found[0].introduced);
  CHECK(names(found[0]) == "vmk1 vmk4");
  CHECK(esxi("a")
            .vmkernel("vmk1", "10.0.1.5/24")
            .carries(Service::VMotion)
            .disabled()
            .vmkernel("vmk4", "10.0.2.5/24")
            .in_stack("vmotion")
            .scene()
            .of("vmotion-stack-shadows")
            .empty());
  CHECK(esxi("a")
            .vmkernel("vmk1", "10.0.1.5/24")
            .vmkernel("vmk4", "10.0.2.5/24")
            .in_stack("vmotion")
            .carries(Service::VMotion)
            .scene()
            .of("vmotion-stack-shadows")
            .empty());
  CHECK(esxi("a")
            .vmkernel("vmk1", "10.0.1.5/24")
            .carries(Service::VMotion)
            .vmkernel("vmk4", "10.0.2.5/24")
            .in_stack("mine")
            .scene()
            .of("vmotion-stack-shadows")
            .empty());
}

TEST_CASE("stack-unavailable by stack and target") {
  const auto found = [](std::string_view stack, Target target) {
    return esxi("a")
        .vmkernel("vmk0", "10.0.0.5/24")
        .vmkernel("vmk4", "10.0.2.5/24")
        .in_stack(stack)
        .to(target)
        .scene()
        .of("stack-unavailable");
  };
  CHECK(found("vmotion", {6, 0}).empty());
  REQUIRE(found("vmotion", {5, 5}).size() == 1);
  CHECK(found("vmotion", {5, 5})[0].severity == Severity::Error);
  CHECK(found("vmotion", {5, 5})[0].stack == "vmotion");
  CHECK(names(found("vmotion", {5, 5})[0]) == "vmk4");
  CHECK(found("vSphereProvisioning", {6, 0}).empty());
  CHECK(found("vSphereProvisioning", {5, 5}).size() == 1);
  CHECK(found("mine", {5, 5}).empty());
  CHECK(found("mine", {5, 1}).size() == 1);
  CHECK(found("defaultTcpipStack", {4, 1}).empty());
}

TEST_CASE("stack-unavailable: what the policy asks for is asked for") {
  const auto found = [](std::string name, std::string stack, Target target) {
    return esx("a")
        .console("vswif0", "10.0.0.5/24")
        .vmkernel("vmk0", "10.0.3.5/24")
        .vmkernel("vmk1", "10.0.4.5/24")
        .to(target)
        .with([&](Scene& s) {
          s.policy.stack_pins = {{"a", name, stack, "why", at("policy.info", 9)}};
        })
        .scene()
        .of("stack-unavailable");
  };
  const auto early = found("vmk0", "vmotion", {5, 5});
  REQUIRE(early.size() == 1);
  CHECK(early[0].stack == "vmotion");
  REQUIRE(early[0].interfaces.size() == 1);
  CHECK(early[0].interfaces[0].from == "vmk0");
  CHECK(early[0].interfaces[0].name == "vmk1");
  CHECK(std::find(early[0].origins.begin(), early[0].origins.end(), at("policy.info", 9)) != early[0].origins.end());
  CHECK(found("vmk0", "vmotion", {6, 0}).empty());
  CHECK(found("vmk0", "mine", {5, 5}).empty());
  CHECK(found("vmk0", "mine", {5, 1}).size() == 1);
  CHECK(found("vmk9", "vmotion", {5, 5}).empty());
}

TEST_CASE("several-ft-interfaces: more than one enabled interface logs") {
  auto host = esxi("a").vmkernel("vmk1", "10.0.1.5/24").carries(Service::FaultToleranceLogging);
  CHECK(host.scene().of("several-ft-interfaces").empty());
  const auto found =
      host.vmkernel("vmk3", "10.0.3.5/24").carries(Service::FaultToleranceLogging).scene().of("several-ft-interfaces");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK_FALSE(found[0].introduced);
  CHECK(names(found[0]) == "vmk1 vmk3");
  CHECK(host.disabled().scene().of("several-ft-interfaces").empty());
}

// --- upgrade ---

namespace {

HostBuilder upgraded(std::string version = "4.1.0") {
  return esx("a", std::move(version))
      .console("vswif0", "10.0.0.5/24")
      .gateway("10.0.0.1")
      .vmkernel("vmk0", "10.0.0.9/24")
      .to({5, 5}, Path::Upgrade);
}

}  // namespace

TEST_CASE("upgrade-disables-interface: static, same subnet, same vSwitch") {
  const auto scene = upgraded().scene();
  const auto found = scene.of("upgrade-disables-interface");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(found[0].introduced);
  CHECK(names(found[0]) == "vmk0");
  CHECK(addresses(found[0]) == "10.0.0.9");
  CHECK(says(found[0], "vmk1 (was vswif0, 10.0.0.5/24)"));
  CHECK(scene.of("same-subnet").empty());
  CHECK(scene.of("upgrade-leaves-conflict").empty());
  CHECK(upgraded().to({5, 5}).scene().of("upgrade-disables-interface").empty());
  CHECK(upgraded().dhcp().scene().of("upgrade-disables-interface").empty());
  CHECK(upgraded().on("vSwitch1").scene().of("upgrade-disables-interface").empty());
  CHECK(upgraded().disabled().scene().of("upgrade-disables-interface").empty());
}

TEST_CASE("upgrade-disables-interface ends where the plan enables the interface again") {
  auto scene = upgraded().scene();
  scene.plan([](model::State&) {});
  CHECK(scene.of("upgrade-disables-interface").size() == 1);
  scene.plan([](model::State& after) {
    after.interfaces[0].enabled = true;
    set_address(after.interfaces[0], "10.0.7.9/24");
  });
  CHECK(scene.of("upgrade-disables-interface").empty());
}

TEST_CASE("upgrade-leaves-conflict: what the upgrade does not catch") {
  const auto found = upgraded().on("vSwitch1").scene().of("upgrade-leaves-conflict");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Error);
  CHECK(found[0].introduced);
  CHECK(names(found[0]) == "vmk0 vswif0");
  CHECK(addresses(found[0]) == "10.0.0.9 10.0.0.5");
  CHECK(upgraded().dhcp().scene().of("upgrade-leaves-conflict").size() == 1);
  const auto consoles = esx("a")
                            .console("vswif0", "10.0.0.5/24")
                            .console("vswif1", "10.0.0.6/24")
                            .to({5, 5}, Path::Upgrade)
                            .scene()
                            .of("upgrade-leaves-conflict");
  REQUIRE(consoles.size() == 1);
  CHECK_FALSE(consoles[0].introduced);
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.1.5/24")
            .vmkernel("vmk1", "10.0.1.6/24")
            .to({5, 5}, Path::Upgrade)
            .scene()
            .of("upgrade-leaves-conflict")
            .empty());
  CHECK(upgraded().on("vSwitch1").to({5, 5}).scene().of("upgrade-leaves-conflict").empty());
}

TEST_CASE("upgrade-path: 3.x never, 4.x up to 5.5, and the host is judged as on path fresh") {
  CHECK(upgraded().scene().of("upgrade-path").empty());
  const auto old = upgraded("3.5.0").scene();
  REQUIRE(old.of("upgrade-path").size() == 1);
  CHECK(old.of("upgrade-path")[0].severity == Severity::Error);
  CHECK(says(old.of("upgrade-path")[0], "ESX 3.5.0 cannot be upgraded"));
  CHECK(old.of("same-subnet").size() == 1);
  CHECK(old.of("upgrade-disables-interface").empty());
  CHECK(old.of("upgrade-leaves-conflict").empty());
  CHECK(upgraded().to({6, 0}, Path::Upgrade).scene().of("upgrade-path").size() == 1);
  CHECK(upgraded().to({4, 1}, Path::Upgrade).scene().of("upgrade-path").size() == 1);
  CHECK(upgraded("3.5.0").to({5, 5}).scene().of("upgrade-path").empty());
}
