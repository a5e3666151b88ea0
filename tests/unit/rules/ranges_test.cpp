#include <catch2/catch.hpp>

#include "build.hpp"

using namespace esx2esxi;
using namespace esx2esxi::test;

namespace {

/// Two interfaces bound to vmhba33 as port binding asks for, beside a console elsewhere.
HostBuilder bound_pair(std::string second = "10.0.5.6/24") {
  return esx("a")
      .console("vswif0", "10.0.0.5/24")
      .gateway("10.0.0.1")
      .vmkernel("vmk1", "10.0.5.5/24")
      .bound("vmhba33")
      .vmkernel("vmk2", second)
      .bound("vmhba33")
      .uplinks({"vmnic1"});
}

/// Two vMotion interfaces of one subnet with different single active uplinks.
HostBuilder vmotion_pair() {
  return esxi("a")
      .vmkernel("vmk0", "10.0.0.5/24")
      .carries(Service::Management)
      .gateway("10.0.0.1")
      .vmkernel("vmk1", "10.0.1.5/24")
      .carries(Service::VMotion)
      .uplinks({"vmnic0"}, {"vmnic1"})
      .vmkernel("vmk2", "10.0.1.6/24")
      .carries(Service::VMotion)
      .uplinks({"vmnic1"}, {"vmnic0"});
}

}  // namespace

TEST_CASE("same-subnet names a vswif and a vmk that come to share a stack") {
  const auto found =
      esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.0.9/24").scene().of("same-subnet");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vmk0 vswif0");
  CHECK(addresses(found[0]) == "10.0.0.5/24 10.0.0.9/24");
  CHECK(found[0].severity == Severity::Error);
  CHECK(found[0].introduced);
  CHECK(found[0].stack == model::kDefaultStack);
  CHECK(found[0].interfaces[0] == rules::InterfaceRef{"", "vmk0", "vswif0"});
  CHECK(found[0].origins == std::vector<Origin>{at("a/esx.conf", 1), at("a/esx.conf", 2)});
}

TEST_CASE("same-subnet is silent where the subnets are neighbours") {
  CHECK(esx("a").console("vswif0", "10.0.0.5/24").vmkernel("vmk0", "10.0.1.9/24").scene().of("same-subnet").empty());
}

TEST_CASE("same-subnet is one finding for one subnet with all its members") {
  const auto found = esx("a")
                         .console("vswif0", "10.0.0.5/24")
                         .vmkernel("vmk0", "10.0.0.6/24")
                         .vmkernel("vmk1", "10.0.0.7/24")
                         .vmkernel("vmk2", "10.0.9.7/24")
                         .vmkernel("vmk3", "10.0.9.8/24")
                         .scene()
                         .of("same-subnet");
  REQUIRE(found.size() == 2);
  CHECK(names(found[0]) == "vmk0 vmk1 vswif0");
  CHECK(found[0].introduced);
  CHECK(names(found[1]) == "vmk2 vmk3");
  CHECK_FALSE(found[1].introduced);
}

TEST_CASE("same-subnet of two vswifs is nothing new") {
  const auto found =
      esx("a").console("vswif0", "10.0.0.5/24").console("vswif1", "10.0.0.6/24").scene().of("same-subnet");
  REQUIRE(found.size() == 1);
  CHECK_FALSE(found[0].introduced);
}

TEST_CASE("same-subnet leaves disabled and unaddressed interfaces and odd masks out") {
  const auto host = [] { return esx("a").console("vswif0", "10.0.0.5/24"); };
  CHECK(host().vmkernel("vmk0", "10.0.0.9/24").disabled().scene().of("same-subnet").empty());
  CHECK(host().vmkernel("vmk0").dhcp().scene().of("same-subnet").empty());
  CHECK(host().vmkernel("vmk0", "10.0.0.9/24").mask("255.255.0.255").scene().of("same-subnet").empty());
  CHECK(esx("a").console("vswif0", "10.0.0.4/31").vmkernel("vmk0", "10.0.0.5/31").scene().of("same-subnet").empty());
  // The network's own address is a fault, but the interface stands in the range.
  CHECK(host().vmkernel("vmk0", "10.0.0.0/24").scene().of("same-subnet").size() == 1);
}

TEST_CASE("same-subnet spares a legally bound pair") {
  CHECK(bound_pair().scene().of("same-subnet").empty());
  CHECK(bound_pair().scene().of("unbound-beside-bound").empty());
}

TEST_CASE("a misused binding gives no exemption") {
  SECTION("two active uplinks") {
    CHECK(bound_pair().uplinks({"vmnic1", "vmnic2"}).scene().of("same-subnet").size() == 1);
  }
  SECTION("no active uplink") { CHECK(bound_pair().uplinks({}).scene().of("same-subnet").size() == 1); }
  SECTION("a standby uplink") {
    CHECK(bound_pair().uplinks({"vmnic1"}, {"vmnic2"}).scene().of("same-subnet").size() == 1);
  }
  SECTION("another VLAN") { CHECK(bound_pair().vlan(7).scene().of("same-subnet").size() == 1); }
  SECTION("another vSwitch") { CHECK(bound_pair().on("vSwitch1").scene().of("same-subnet").size() == 1); }
  SECTION("a third one in another subnet") {
    const auto found = bound_pair().vmkernel("vmk3", "10.0.6.7/24").bound("vmhba33").scene().of("same-subnet");
    REQUIRE(found.size() == 1);
    CHECK(names(found[0]) == "vmk1 vmk2");
  }
  SECTION("a third one without an address") {
    CHECK(bound_pair().vmkernel("vmk3").bound("vmhba33").scene().of("same-subnet").size() == 1);
  }
  SECTION("a disabled one does not count") {
    CHECK(bound_pair().vmkernel("vmk3", "10.0.6.7/24").bound("vmhba33").disabled().scene().of("same-subnet").empty());
  }
}

TEST_CASE("interfaces of two adapters are all legally bound") {
  auto host = esx("a")
                  .console("vswif0", "10.0.0.5/24")
                  .vmkernel("vmk1", "10.0.5.5/24")
                  .bound("vmhba33")
                  .vmkernel("vmk2", "10.0.5.6/24")
                  .bound("vmhba34");
  CHECK(host.scene().of("same-subnet").empty());
  // One alone is a group: the other's misuse is its own.
  const auto found = host.uplinks({"vmnic0"}, {"vmnic1"}).scene().of("same-subnet");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vmk1 vmk2");
}

TEST_CASE("unbound-beside-bound replaces same-subnet for the group") {
  auto host = bound_pair().vmkernel("vmk3", "10.0.5.7/24");
  const auto found = host.scene().of("unbound-beside-bound");
  REQUIRE(found.size() == 1);
  CHECK(found[0].severity == Severity::Warning);
  CHECK_FALSE(found[0].introduced);
  CHECK(names(found[0]) == "vmk1 vmk2 vmk3");
  CHECK(host.scene().of("same-subnet").empty());

  const auto two = host.vmkernel("vmk4", "10.0.5.8/24").scene();
  REQUIRE(two.of("unbound-beside-bound").size() == 1);
  CHECK(names(two.of("unbound-beside-bound")[0]) == "vmk1 vmk2 vmk3 vmk4");
  CHECK(two.of("same-subnet").empty());
}

TEST_CASE("unbound-beside-bound is silent beside a misused binding and in other subnets") {
  auto misused = bound_pair().uplinks({"vmnic1"}, {"vmnic2"}).vmkernel("vmk3", "10.0.5.7/24").scene();
  CHECK(misused.of("unbound-beside-bound").empty());
  REQUIRE(misused.of("same-subnet").size() == 1);
  CHECK(names(misused.of("same-subnet")[0]) == "vmk1 vmk2 vmk3");
  CHECK(bound_pair().vmkernel("vmk3", "10.0.6.7/24").scene().of("unbound-beside-bound").empty());
}

TEST_CASE("unbound-beside-bound: one bound interface alone is a group") {
  const auto scene = esx("a")
                         .console("vswif0", "10.0.0.5/24")
                         .vmkernel("vmk1", "10.0.5.5/24")
                         .bound("vmhba33")
                         .vmkernel("vmk2", "10.0.5.6/24")
                         .scene();
  CHECK(scene.of("unbound-beside-bound").size() == 1);
  CHECK(scene.of("same-subnet").empty());
}

TEST_CASE("beside a legal and a misused group the unbound one is named once") {
  const auto scene = bound_pair()
                         .vmkernel("vmk3", "10.0.5.7/24")
                         .bound("vmhba34")
                         .uplinks({"vmnic2", "vmnic3"})
                         .vmkernel("vmk4", "10.0.5.8/24")
                         .scene();
  REQUIRE(scene.of("same-subnet").size() == 1);
  CHECK(names(scene.of("same-subnet")[0]) == "vmk1 vmk2 vmk3");
  REQUIRE(scene.of("unbound-beside-bound").size() == 1);
  CHECK(names(scene.of("unbound-beside-bound")[0]) == "vmk1 vmk2 vmk4");
}

TEST_CASE("same-subnet spares a legal multi-NIC vMotion and nothing like it") {
  CHECK(vmotion_pair().scene().of("same-subnet").empty());
  CHECK(vmotion_pair().to({5, 0}).scene().of("same-subnet").empty());
  CHECK(vmotion_pair().to({4, 1}).scene().of("same-subnet").size() == 1);
  CHECK(vmotion_pair().uplinks({"vmnic0"}, {"vmnic1"}).scene().of("same-subnet").size() == 1);
  CHECK(vmotion_pair().uplinks({"vmnic1", "vmnic2"}).scene().of("same-subnet").size() == 1);
  CHECK(vmotion_pair().vlan(9).scene().of("same-subnet").size() == 1);
  CHECK(vmotion_pair()
            .with([](Scene& s) { s.host.before.interfaces.back().services = {}; })
            .scene()
            .of("same-subnet")
            .size() == 1);
  const auto found = vmotion_pair().vmkernel("vmk3", "10.0.1.7/24").scene().of("same-subnet");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vmk1 vmk2 vmk3");
}

TEST_CASE("same-subnet knows stacks, and leaves NSX tunnel end points alone") {
  auto host = esxi("a").vmkernel("vmk0", "10.0.0.5/24");
  CHECK(host.vmkernel("vmk1", "10.0.0.6/24").in_stack("vmotion").scene().of("same-subnet").empty());
  auto nsx =
      esxi("a").vmkernel("vmk10", "10.0.0.5/24").in_stack("vxlan").vmkernel("vmk11", "10.0.0.6/24").in_stack("vxlan");
  CHECK(nsx.scene().of("same-subnet").empty());
  auto other =
      esxi("a").vmkernel("vmk10", "10.0.0.5/24").in_stack("mine").vmkernel("vmk11", "10.0.0.6/24").in_stack("mine");
  REQUIRE(other.scene().of("same-subnet").size() == 1);
  CHECK(other.scene().of("same-subnet")[0].stack == "mine");
  CHECK_FALSE(other.scene().of("same-subnet")[0].introduced);
}

TEST_CASE("overlapping-masks is one finding for a pair of ranges with all interfaces of both") {
  const auto found = esx("a")
                         .console("vswif0", "10.0.0.5/16")
                         .console("vswif1", "10.0.0.6/16")
                         .vmkernel("vmk0", "10.0.7.5/24")
                         .vmkernel("vmk1", "10.0.7.6/24")
                         .vmkernel("vmk2", "10.1.0.5/16")
                         .scene()
                         .of("overlapping-masks");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vmk0 vmk1 vswif0 vswif1");
  CHECK(addresses(found[0]) == "10.0.0.5/16 10.0.0.6/16 10.0.7.5/24 10.0.7.6/24");
  CHECK(found[0].introduced);
  CHECK(found[0].severity == Severity::Error);
}

TEST_CASE("overlapping-masks finds each pair of a nest, also with the same network address") {
  const auto found = esx("a")
                         .vmkernel("vmk0", "10.0.0.5/8")
                         .vmkernel("vmk1", "10.0.0.6/16")
                         .vmkernel("vmk2", "10.0.0.7/24")
                         .vmkernel("vmk3", "10.9.0.7/24")
                         .scene()
                         .of("overlapping-masks");
  std::vector<std::string> pairs;
  for (const auto& f : found) pairs.push_back(names(f));
  CHECK(pairs == std::vector<std::string>{"vmk0 vmk1", "vmk0 vmk2", "vmk0 vmk3", "vmk1 vmk2"});
  CHECK_FALSE(found[0].introduced);
}

TEST_CASE("overlapping-masks is silent for equal, adjoining and separated ranges") {
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.0.9/24")
            .scene()
            .of("overlapping-masks")
            .empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/24")
            .vmkernel("vmk0", "10.0.1.9/16")
            .disabled()
            .scene()
            .of("overlapping-masks")
            .empty());
  CHECK(esx("a")
            .console("vswif0", "10.0.0.5/25")
            .vmkernel("vmk0", "10.0.0.129/26")
            .scene()
            .of("overlapping-masks")
            .empty());
  CHECK(esxi("a")
            .vmkernel("vmk0", "10.0.0.5/16")
            .vmkernel("vmk1", "10.0.1.5/24")
            .in_stack("vmotion")
            .scene()
            .of("overlapping-masks")
            .empty());
}

TEST_CASE("one-subnet-two-vlans needs two known VLANs in one subnet") {
  const auto found = esx("a")
                         .console("vswif0", "10.0.0.5/24")
                         .vlan(210)
                         .console("vswif1", "10.0.0.6/24")
                         .vlan(211)
                         .scene()
                         .of("one-subnet-two-vlans");
  REQUIRE(found.size() == 1);
  CHECK(names(found[0]) == "vswif0 vswif1");
  CHECK(found[0].severity == Severity::Warning);
  CHECK_FALSE(found[0].introduced);
  CHECK(found[0].message.find("vmk0 (was vswif0) on VLAN 210") != std::string::npos);

  const auto host = [] { return esx("a").console("vswif0", "10.0.0.5/24").vlan(210); };
  CHECK(host().vmkernel("vmk0", "10.0.0.6/24").vlan(0).scene().of("one-subnet-two-vlans").size() == 1);
  CHECK(host().vmkernel("vmk0", "10.0.0.6/24").vlan(0).scene().of("one-subnet-two-vlans")[0].introduced);
  CHECK(host().vmkernel("vmk0", "10.0.0.6/24").vlan(210).scene().of("one-subnet-two-vlans").empty());
  CHECK(host().vmkernel("vmk0", "10.0.0.6/24").vlan_unknown().scene().of("one-subnet-two-vlans").empty());
  CHECK(host().vmkernel("vmk0", "10.0.1.6/24").vlan(211).scene().of("one-subnet-two-vlans").empty());
  CHECK(host().vmkernel("vmk0", "10.0.0.6/24").vlan(211).disabled().scene().of("one-subnet-two-vlans").empty());
}

TEST_CASE("interface-unaddressed names enabled interfaces without a usable address") {
  const auto host = [] { return esx("a").console("vswif0", "10.0.0.5/24").gateway("10.0.0.1"); };
  const auto found = [](HostBuilder h) { return h.scene().of("interface-unaddressed"); };
  CHECK(found(host()).empty());
  REQUIRE(found(host().vmkernel("vmk0")).size() == 1);
  CHECK(found(host().vmkernel("vmk0"))[0].severity == Severity::Warning);
  CHECK_FALSE(found(host().vmkernel("vmk0"))[0].introduced);
  CHECK(addresses(found(host().vmkernel("vmk0", "0.0.0.0"))[0]) == "0.0.0.0");
  CHECK(addresses(found(host().vmkernel("vmk0").dhcp())[0]) == "0.0.0.0");
  CHECK(addresses(found(host().vmkernel("vmk0", "169.254.95.119/16"))[0]) == "169.254.95.119");
  CHECK(found(host().vmkernel("vmk0", "169.253.95.119/16")).empty());
  CHECK(found(host().vmkernel("vmk0").disabled()).empty());
  // A lease that a capture shows is an address.
  CHECK(found(host().vmkernel("vmk0", "10.0.1.5/24").dhcp()).empty());
}

TEST_CASE("interface-unaddressed leaves to the evidence rules what only the inputs do not tell") {
  model::Doubt doubt;
  doubt.kind = model::Doubt::Kind::Variable;
  doubt.interface = "vswif0";
  doubt.subject = "address";
  doubt.values = {{"$IPADDR", at("ks.cfg", 9)}};
  CHECK(esx("a").console("vswif0").doubt(doubt).scene().of("interface-unaddressed").empty());
  doubt.subject = "";  // a script does not always say which value its variable stands for
  CHECK(esx("a").console("vswif0").doubt(doubt).scene().of("interface-unaddressed").empty());
  doubt.subject = "netmask";
  CHECK(esx("a").console("vswif0").doubt(doubt).scene().of("interface-unaddressed").size() == 1);
  doubt.subject = "address";
  doubt.kind = model::Doubt::Kind::Missing;
  CHECK(esx("a").console("vswif0").doubt(doubt).scene().of("interface-unaddressed").empty());
  doubt.kind = model::Doubt::Kind::Contradiction;
  CHECK(esx("a").console("vswif0").doubt(doubt).scene().of("interface-unaddressed").size() == 1);
  doubt.kind = model::Doubt::Kind::Missing;
  doubt.interface = "vswif1";
  CHECK(esx("a").console("vswif0").doubt(doubt).scene().of("interface-unaddressed").size() == 1);
}

TEST_CASE("mask-invalid knows each way a mask or an address can be wrong") {
  const auto found = [](std::string_view address, std::string_view mask) {
    return esx("a").console("vswif0", address).mask(mask).scene().of("mask-invalid");
  };
  CHECK(found("10.0.0.5", "255.255.255.0").empty());
  CHECK(found("10.0.0.5", "255.255.255.252").empty());
  CHECK(found("10.0.0.5", "128.0.0.0").empty());
  for (const auto mask : {"255.255.225.0", "0.255.255.255", "0.0.0.0", "255.255.255.254", "255.255.255.255"}) {
    INFO(mask);
    REQUIRE(found("10.0.0.5", mask).size() == 1);
    CHECK(found("10.0.0.5", mask)[0].severity == Severity::Error);
    CHECK_FALSE(found("10.0.0.5", mask)[0].introduced);
    CHECK(addresses(found("10.0.0.5", mask)[0]) == std::string("10.0.0.5 ") + mask);
  }
  CHECK(found("10.0.0.0", "255.255.255.0").size() == 1);
  CHECK(found("10.0.0.255", "255.255.255.0").size() == 1);
  CHECK(found("10.0.0.0", "255.255.254.0").size() == 1);
  CHECK(found("10.0.1.0", "255.255.254.0").empty());
}

TEST_CASE("mask-invalid speaks of enabled interfaces with an address and a mask") {
  CHECK(esx("a").console("vswif0", "10.0.0.5").mask("255.0.255.0").disabled().scene().of("mask-invalid").empty());
  CHECK(esx("a").console("vswif0", "0.0.0.0").mask("0.0.0.0").dhcp().scene().of("mask-invalid").empty());
  CHECK(esx("a").console("vswif0").mask("255.0.255.0").scene().of("mask-invalid").empty());
  CHECK(esx("a").console("vswif0", "10.0.0.5").scene().of("mask-invalid").empty());
}
