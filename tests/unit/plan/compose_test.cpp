#include "esx2esxi/plan/simulate.hpp"
#include "hosts.hpp"
#include "strict_host.hpp"

using namespace esx2esxi;
using namespace test;
using plan::compose;

namespace {

using Outline = std::vector<std::string>;
const model::Target kEight{8, 0};

plan::Composition both_ways(const Host& from, const Host& to, model::Target target = kEight) {
  const auto forward = compose(from, to, target, {});
  CHECK(forward.obstacles == Outline{});
  expect_sound(from, to, forward.steps);
  const auto back = compose(to, from, target, {});
  CHECK(back.obstacles == Outline{});
  expect_sound(to, from, back.steps);
  return forward;
}

Host pier() {
  return Host()
      .vmk({"vmk0", "10.71.10.11/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.71.10.61/24", "VMotion", kVMotion})
      .vmk({"vmk2", "10.71.30.11/24", "NFS", kNfs})
      .gateway("10.71.10.1")
      .nfs("prod", "10.71.30.20");
}

model::Interface& interface_in(Host& host, const std::string& name) {
  for (auto& interface : host.edit().interfaces)
    if (interface.name == name) return interface;
  throw std::logic_error(name);
}

}  // namespace

TEST_CASE("a planned state equal to the mapped one needs no step") {
  CHECK(compose(pier(), pier(), kEight, {}).steps.empty());
}

TEST_CASE("re-addressing vMotion changes the VLAN and the address, and touches nothing else") {
  auto to = pier().portgroup("VMotion", 120);
  interface_in(to, "vmk1").address = ip("10.71.20.61");
  const auto plan = both_ways(pier(), to);
  // Both interfaces reached the gateway: the route is set again in case the host drops it with vmk1's old address.
  CHECK(outline(plan.steps) ==
        Outline{"set-portgroup-vlan VMotion", "set-address vmk1", "set-gateway defaultTcpipStack"});
  CHECK(plan.steps[1].argument("address") == "10.71.20.61");
  CHECK(plan.steps[1].argument("netmask") == "255.255.255.0");
  CHECK(plan.steps[1].undo == "set vmk1 back to 10.71.10.61 255.255.255.0");
  CHECK(plan.steps[1].interrupts == "management, vmotion");
  CHECK(plan.steps[0].n == 1);
}

TEST_CASE("each step says for which finding it is done") {
  auto to = pier();
  interface_in(to, "vmk1").address = ip("10.71.20.61");
  to.route("10.71.40.0/24", "10.71.30.254");
  const auto plan =
      compose(pier(), to, kEight, {{"vmk1", "same-subnet"}, {"route 10.71.40.0/24", "two-default-gateways"}});
  REQUIRE(outline(plan.steps) ==
          Outline{"set-address vmk1", "set-gateway defaultTcpipStack", "add-route 10.71.40.0/24"});
  CHECK(plan.steps[0].why == "same-subnet");
  CHECK(plan.steps[2].why == "two-default-gateways");
}

TEST_CASE("another stack means remove and add, with the same name, and no tag where the stack says it all") {
  auto to = pier();
  interface_in(to, "vmk1").stack = model::kVmotionStack;
  to.gateway("10.71.10.1", "vmotion");
  const auto plan = both_ways(pier(), to);
  CHECK(outline(plan.steps) == Outline{"add-stack vmotion", "remove-interface vmk1", "add-interface vmk1",
                                       "set-address vmk1", "set-gateway defaultTcpipStack", "set-gateway vmotion"});
  CHECK(plan.steps[2].argument("stack") == "vmotion");
  CHECK(plan.steps[2].argument("portgroup") == "VMotion");
  CHECK(plan.steps[1].interrupts == "management, vmotion");
  const auto back = compose(to, pier(), kEight, {});
  CHECK(outline(back.steps) == Outline{"remove-gateway vmotion", "remove-interface vmk1", "add-interface vmk1",
                                       "set-address vmk1", "add-tag vmk1 VMotion", "set-gateway defaultTcpipStack",
                                       "remove-stack vmotion"});
}

TEST_CASE("a volume is unmounted while its interface moves, and mounted before management changes") {
  auto to = pier();
  interface_in(to, "vmk2").address = ip("10.71.30.12");
  interface_in(to, "vmk0").address = ip("10.71.10.12");
  const auto plan = both_ways(pier(), to);
  CHECK(outline(plan.steps) ==
        Outline{"unmount prod", "set-address vmk2", "mount prod", "set-address vmk0", "set-gateway defaultTcpipStack"});
  CHECK(plan.steps[0].interrupts == "nfs");
  CHECK(plan.steps[3].interrupts == "management");
}

TEST_CASE("a gateway that may be lost with an interface is back before a volume that needs it is mounted") {
  auto from = pier().nfs("far", "10.99.0.20");
  interface_in(from, "vmk2").address = ip("10.71.10.12");
  auto to = from;
  interface_in(to, "vmk2").address = ip("10.71.30.11");
  interface_in(to, "vmk0").mtu = 9000;
  const auto plan = both_ways(from, to);
  CHECK(outline(plan.steps) == Outline{"unmount prod", "unmount far", "set-address vmk2",
                                       "set-gateway defaultTcpipStack", "mount prod", "mount far", "set-mtu vmk0"});
  CHECK(plan.steps[2].interrupts == "management, nfs");
}

TEST_CASE("before ESXi 5.1 a default gateway is replaced, and a host that would lose its own is blocked") {
  auto to = pier();
  interface_in(to, "vmk0").address = ip("10.72.0.11");
  interface_in(to, "vmk1").address = ip("10.71.20.61");
  to.gateway("10.72.0.1");
  for (const auto target : {model::Target{4, 1}, {5, 0}}) {
    const auto plan = compose(pier(), to, target, {});
    CHECK(plan.obstacles == Outline{});
    CHECK(outline(plan.steps) == Outline{"set-address vmk1", "set-address vmk0", "set-gateway defaultTcpipStack"});
    auto none = pier();
    none.edit().stacks.front().gateway.reset();
    const auto blocked = compose(pier(), none, target, {});
    CHECK(blocked.steps.empty());
    CHECK(blocked.obstacles.front() == "default gateway 10.71.10.1: ESXi " + to_string(target) +
                                           " has no command that takes a default gateway away");
  }
}

TEST_CASE("a volume whose way only changes by a new route is mounted anew") {
  auto from = pier().nfs("archive", "10.71.40.20");
  auto to = pier().nfs("archive", "10.71.40.20").route("10.71.40.0/24", "10.71.30.254");
  CHECK(outline(both_ways(from, to).steps) == Outline{"unmount archive", "add-route 10.71.40.0/24", "mount archive"});
}

TEST_CASE("a bound interface is unbound before anything about it changes, one path after the other") {
  const auto iscsi = [](const std::string& a, const std::string& b) {
    return Host()
        .portgroup("iSCSI-1", 50, model::Teaming{{"vmnic2"}, {}})
        .portgroup("iSCSI-2", 50, model::Teaming{{"vmnic3"}, {}})
        .vmk({"vmk0", "10.0.0.5/24", "Management Network", kManagement})
        .vmk({.name = "vmk1", .address = a, .portgroup = "iSCSI-1", .services = kIscsi, .bound_to = "vmhba33"})
        .vmk({.name = "vmk2", .address = b, .portgroup = "iSCSI-2", .services = kIscsi, .bound_to = "vmhba33"});
  };
  CHECK(outline(both_ways(iscsi("10.9.0.1/24", "10.9.0.2/24"), iscsi("10.9.0.3/24", "10.9.0.4/24")).steps) ==
        Outline{"unbind vmk1", "set-address vmk1", "bind vmk1", "unbind vmk2", "set-address vmk2", "bind vmk2"});
  auto standby = iscsi("10.9.0.1/24", "10.9.0.2/24");
  standby.portgroup("iSCSI-2", 50, model::Teaming{{"vmnic3"}, {"vmnic2"}});
  CHECK(outline(compose(standby, iscsi("10.9.0.1/24", "10.9.0.2/24"), kEight, {}).steps) ==
        Outline{"unbind vmk2", "set-portgroup-uplinks iSCSI-2", "bind vmk2"});
}

TEST_CASE("management that moves to another subnet drops its gateway for the shortest time, last of all") {
  auto to = pier();
  interface_in(to, "vmk0").address = ip("10.72.0.11");
  interface_in(to, "vmk1").mtu = 9000;
  to.gateway("10.72.0.1");
  auto from = pier();
  interface_in(from, "vmk1").address = ip("10.71.20.61");
  interface_in(to, "vmk1").address = ip("10.71.20.61");
  const auto plan = both_ways(from, to);
  CHECK(outline(plan.steps) == Outline{"set-mtu vmk1", "remove-gateway defaultTcpipStack", "set-address vmk0",
                                       "set-gateway defaultTcpipStack"});
  CHECK(plan.steps[1].interrupts == "management");
}

TEST_CASE("new management is up, tagged and has the gateway before the old one goes") {
  auto from =
      Host().vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement}).gateway("10.1.0.1").portgroup("New", 7);
  auto to = Host().portgroup("Management Network").portgroup("New", 7);
  to.vmk({"vmk1", "10.2.0.5/24", "New", kManagement}).gateway("10.2.0.1");
  CHECK(outline(both_ways(from, to).steps) == Outline{"add-interface vmk1", "set-address vmk1",
                                                      "add-tag vmk1 Management", "remove-gateway defaultTcpipStack",
                                                      "set-gateway defaultTcpipStack", "remove-interface vmk0"});
}

TEST_CASE("a tag that moves is set on the new interface before the old one loses it") {
  auto from = pier();
  auto to = pier();
  interface_in(to, "vmk0").services = {};
  interface_in(to, "vmk1").services = {model::Service::Management, model::Service::VMotion};
  CHECK(outline(both_ways(from, to).steps) == Outline{"add-tag vmk1 Management", "remove-tag vmk0 Management"});
}

TEST_CASE("two interfaces that swap their addresses or port groups step aside for each other") {
  auto to = pier();
  std::swap(interface_in(to, "vmk1").address, interface_in(to, "vmk2").address);
  CHECK(outline(both_ways(pier(), to).steps).at(1) == "set-address vmk1 none");
  auto places = pier();
  std::swap(interface_in(places, "vmk1").portgroup, interface_in(places, "vmk2").portgroup);
  CHECK(outline(both_ways(pier(), places).steps) ==
        Outline{"unmount prod", "remove-interface vmk1", "remove-interface vmk2", "add-interface vmk2",
                "set-address vmk2", "add-interface vmk1", "set-address vmk1", "add-tag vmk1 VMotion",
                "set-gateway defaultTcpipStack", "mount prod"});
}

TEST_CASE("a new port group is complete before an interface moves there, the old one goes last") {
  auto to = Host()
                .vmk({"vmk0", "10.71.10.11/24", "Management Network", kManagement})
                .portgroup("vMotion-2", 120, model::Teaming{{"vmnic1"}, {"vmnic0"}})
                .vmk({"vmk1", "10.71.20.61/24", "vMotion-2", kVMotion})
                .vmk({"vmk2", "10.71.30.11/24", "NFS", kNfs})
                .gateway("10.71.10.1")
                .nfs("prod", "10.71.30.20");
  CHECK(outline(both_ways(pier(), to).steps) ==
        Outline{"add-portgroup vMotion-2", "set-portgroup-uplinks vMotion-2", "set-portgroup-vlan vMotion-2",
                "remove-interface vmk1", "add-interface vmk1", "set-address vmk1", "add-tag vmk1 VMotion",
                "set-gateway defaultTcpipStack", "remove-portgroup VMotion"});
}

TEST_CASE("a static route goes before its interface and comes after it") {
  auto from = pier().route("10.71.40.0/24", "10.71.30.253");
  auto to = pier().route("10.71.40.0/24", "10.71.30.253");
  interface_in(to, "vmk2").portgroup = "NFS-2";
  to.portgroup("NFS-2", 131);
  CHECK(outline(both_ways(from, to).steps) == Outline{"add-portgroup NFS-2", "set-portgroup-vlan NFS-2", "unmount prod",
                                                      "remove-route 10.71.40.0/24", "remove-interface vmk2",
                                                      "add-interface vmk2", "set-address vmk2",
                                                      "add-route 10.71.40.0/24", "mount prod"});
}

TEST_CASE("a gateway of its own is repeated with the address, and given up only by making the interface anew") {
  auto with = pier();
  interface_in(with, "vmk2").gateway_override = ip("10.71.30.254");
  auto moved = with;
  interface_in(moved, "vmk2").address = ip("10.71.30.12");
  CHECK(both_ways(with, moved).steps.at(1).argument("gateway") == "10.71.30.254");
  CHECK(outline(both_ways(with, pier()).steps) ==
        Outline{"unmount prod", "remove-interface vmk2", "add-interface vmk2", "set-address vmk2", "mount prod"});
  CHECK(compose(pier(), with, {6, 0}, {}).obstacles == Outline{"vmk2: ESXi 6.0 has no gateway per interface"});
}

TEST_CASE("disabling comes before, enabling after the change of the address") {
  auto off = pier();
  interface_in(off, "vmk1").enabled = false;
  interface_in(off, "vmk1").address = ip("10.71.20.61");
  CHECK(outline(both_ways(pier(), off).steps) ==
        Outline{"set-enabled vmk1", "set-address vmk1", "set-gateway defaultTcpipStack"});
  CHECK(outline(compose(off, pier(), kEight, {}).steps) ==
        Outline{"set-address vmk1", "set-enabled vmk1", "set-gateway defaultTcpipStack"});
}

TEST_CASE("what no script can do is an obstacle, and then there is no step") {
  const auto only = [](const Host& from, const Host& to, model::Target target = kEight) {
    const auto plan = compose(from, to, target, {});
    CHECK(plan.steps.empty());
    return plan.obstacles.empty() ? std::string() : plan.obstacles.front();
  };
  auto to = pier();
  to.edit().switches.front().mtu = 9000;
  auto from = pier();
  from.edit().switches.front().mtu = 1500;
  CHECK(only(from, to) == "no step of a script changes this: vSwitch0: mtu 1500 instead of 9000");

  auto dv = pier();
  interface_in(dv, "vmk1").portgroup.clear();
  interface_in(dv, "vmk1").dvport = "51";
  auto dv_moved = dv;
  interface_in(dv_moved, "vmk1").stack = model::kVmotionStack;
  CHECK(only(dv, dv_moved) == "vmk1 is on a port of a distributed switch: only vCenter can move, add or remove it");

  auto stack = pier();
  interface_in(stack, "vmk1").stack = model::kVmotionStack;
  CHECK(only(pier(), stack, {5, 5}) == "ESXi 5.5 has no stack vmotion");
  interface_in(stack, "vmk1").stack = "iscsi-stack";
  CHECK(only(pier(), stack) == "vmk1: vmotion cannot be chosen on stack iscsi-stack");

  auto naked = pier();
  interface_in(naked, "vmk1").address = ip("10.71.20.61");
  interface_in(naked, "vmk1").netmask.reset();
  CHECK(only(pier(), naked) == "vmk1: address 10.71.20.61 has no netmask");

  CHECK(only(pier(), pier().portgroup("VMotion", 0, model::Teaming{{}, {"vmnic1"}})) ==
        "port group \"VMotion\" would have no active uplink");
  auto crowded = pier();
  interface_in(crowded, "vmk1").portgroup = "NFS";
  CHECK(only(pier(), crowded) == "port group \"NFS\" would hold vmk1 and vmk2: a standard one takes one vmk");
}

TEST_CASE("an address on a dvPort changes like any other") {
  auto from = pier();
  interface_in(from, "vmk1").portgroup.clear();
  interface_in(from, "vmk1").dvport = "51";
  auto to = from;
  interface_in(to, "vmk1").address = ip("10.71.20.61");
  CHECK(outline(compose(from, to, kEight, {}).steps) == Outline{"set-address vmk1", "set-gateway defaultTcpipStack"});
}

TEST_CASE("names with a newline stay on their line in texts for people") {
  auto to = pier().portgroup("a\nb", 7);
  auto from = pier().portgroup("a\nb");
  const auto plan = compose(from, to, kEight, {});
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps[0].argument("portgroup") == "a\nb");
  CHECK(plan.steps[0].undo == "set the VLAN of port group \"a b\" back to 0");
}

TEST_CASE("steps that take management away unannounced, or make it ambiguous on the way, are refused") {
  const auto from = pier();
  auto to = pier();
  interface_in(to, "vmk0").address = ip("10.72.0.11");
  to.gateway("10.72.0.1");
  auto steps = compose(from, to, kEight, {}).steps;
  CHECK(plan::hazards(from, to, steps).empty());

  plan::Step disable;
  disable.n = 1;
  disable.action = plan::Action::SetEnabled;
  disable.interface = "vmk0";
  disable.arguments = {{"enabled", "false"}};
  CHECK(plan::hazards(from, from, {disable}).front() ==
        "step 1 (set-enabled) would take management away without saying so");

  plan::Step trespass;
  trespass.n = 1;
  trespass.action = plan::Action::SetAddress;
  trespass.interface = "vmk2";
  trespass.arguments = {{"type", "static"}, {"address", "10.71.10.99"}, {"netmask", "255.255.255.0"}, {"gateway", ""}};
  CHECK(plan::hazards(from, to, {trespass}).front() ==
        "after step 1 (set-address) management by vmk0 would be ambiguous with vmk2");
}
