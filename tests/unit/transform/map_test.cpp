#include <catch2/catch.hpp>

#include "esx2esxi/transform/map.hpp"

using namespace esx2esxi;
using model::Path;

namespace {

net::Ipv4Address ip(const char* text) { return *net::Ipv4Address::parse(text); }

model::Interface nic(std::string name, const char* address, unsigned length, std::string vswitch,
                     std::uint16_t created) {
  model::Interface i;
  i.name = i.from = std::move(name);
  i.stack = i.is_vswif() ? model::kConsole : model::kVmkernel;
  i.address = ip(address);
  i.netmask = net::Ipv4Prefix::containing(ip(address), length)->netmask();
  i.vswitch = std::move(vswitch);
  i.portgroup = "PG " + i.name;
  i.created = created;
  i.mac = *net::Mac::parse("00:50:56:00:00:01");
  return i;
}

model::Host esx(std::string version, std::vector<model::Interface> interfaces) {
  model::Host host;
  host.name = "esx01";
  host.product = "ESX";
  host.version = std::move(version);
  for (const auto& i : interfaces) {
    auto it = std::find_if(host.before.switches.begin(), host.before.switches.end(),
                           [&](const model::Switch& s) { return s.name == i.vswitch; });
    if (it == host.before.switches.end()) {
      model::Switch s;
      s.name = i.vswitch;
      it = host.before.switches.insert(it, s);
    }
    model::Portgroup group;
    group.name = i.portgroup;
    if (std::none_of(it->portgroups.begin(), it->portgroups.end(), [&](auto& g) { return g.name == group.name; }))
      it->portgroups.push_back(group);
  }
  host.before.interfaces = std::move(interfaces);
  for (const auto name : {model::kConsole, model::kVmkernel}) {
    model::Stack stack;
    stack.name = name;
    host.before.stacks.push_back(stack);
  }
  return host;
}

std::vector<std::string> names(const model::State& state) {
  std::vector<std::string> out;
  for (const auto& i : state.interfaces) out.push_back(i.name + "<" + i.from);
  return out;
}
using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("path fresh numbers management first, then the other vswifs, then the vmks by number") {
  auto host = esx("4.1.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0), nic("vswif1", "10.0.1.5", 24, "vSwitch0", 1),
                            nic("vmk10", "10.0.3.5", 24, "vSwitch1", 2), nic("vmk2", "10.0.2.5", 24, "vSwitch1", 3)});
  host.before.stacks[0].gateway_device = "vswif1";
  const auto mapping = transform::map_host(host, {8, 0}, Path::Fresh);
  CHECK(names(mapping.state) == Strings{"vmk0<vswif1", "vmk1<vswif0", "vmk2<vmk2", "vmk3<vmk10"});
  for (const auto& i : mapping.state.interfaces) {
    CHECK(i.stack == model::kDefaultStack);
    CHECK_FALSE(i.mac);  // a new installation makes its own
  }
  CHECK(mapping.state.interfaces[2].created == 2);
}

TEST_CASE("path upgrade keeps the vmks and numbers the vswifs behind the highest one") {
  // The worked example of the vSphere 5.5 upgrade page GUID-F2B101A9: vmk0, vmk1, vswif0 -> vmk0, vmk1, vmk2.
  const auto host =
      esx("4.1.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0), nic("vmk1", "10.0.2.5", 24, "vSwitch1", 1),
                    nic("vmk0", "10.0.1.5", 24, "vSwitch1", 2)});
  const auto mapping = transform::map_host(host, {5, 5}, Path::Upgrade);
  CHECK(names(mapping.state) == Strings{"vmk1<vmk1", "vmk0<vmk0", "vmk2<vswif0"});
  CHECK(mapping.state.interface("vmk1")->created == 0);  // its slot came first: old vmks first
  CHECK(mapping.state.interface("vmk2")->mac);
}

TEST_CASE("an upgrade disables exactly the static vmks beside a vswif on one switch") {
  auto host = esx("4.1.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0), nic("vmk0", "10.0.0.6", 24, "vSwitch0", 1),
                            nic("vmk1", "10.0.0.7", 24, "vSwitch1", 2), nic("vmk2", "10.0.0.8", 24, "vSwitch0", 3),
                            nic("vmk3", "10.0.0.9", 25, "vSwitch0", 4)});
  host.before.interfaces[3].dhcp = true;
  CHECK(transform::map_host(host, {5, 0}, Path::Upgrade).disabled == Strings{"vmk0"});
  CHECK_FALSE(transform::map_host(host, {5, 0}, Path::Upgrade).state.interface("vmk0")->enabled);
  CHECK(transform::map_host(host, {5, 0}, Path::Fresh).disabled.empty());
  host.before.interfaces[0].enabled = false;
  CHECK(transform::map_host(host, {5, 0}, Path::Upgrade).disabled.empty());
}

TEST_CASE("an upgrade that does not exist is followed as path fresh and said so") {
  const auto old = esx("3.5.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0)});
  const auto four = esx("4.0.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0)});
  CHECK(transform::map_host(old, {5, 5}, Path::Upgrade).upgrade_refused);
  CHECK(transform::map_host(four, {6, 0}, Path::Upgrade).upgrade_refused);
  CHECK(transform::map_host(four, {4, 1}, Path::Upgrade).upgrade_refused);
  CHECK_FALSE(transform::map_host(four, {5, 1}, Path::Upgrade).upgrade_refused);
  CHECK_FALSE(transform::map_host(old, {8, 0}, Path::Fresh).upgrade_refused);
}

TEST_CASE("the one stack keeps the console's gateway and the static routes of both") {
  auto host = esx("4.1.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0), nic("vmk0", "10.0.1.5", 24, "vSwitch1", 1)});
  auto& console = host.before.stacks[0];
  auto& kernel = host.before.stacks[1];
  kernel.gateway = ip("10.0.1.1");
  model::Route a;
  a.network = *net::Ipv4Prefix::parse("10.8.0.0/16");
  a.next_hop = ip("10.0.0.2");
  auto b = a;
  b.network = *net::Ipv4Prefix::parse("10.9.0.0/16");
  console.routes = {a};
  kernel.routes = {b, a};
  auto mapping = transform::map_host(host, {8, 0}, Path::Fresh);
  CHECK(mapping.state.stacks.front().gateway == ip("10.0.1.1"));  // the console has none
  CHECK_FALSE(mapping.lost_gateway);
  console.gateway = ip("10.0.0.1");
  mapping = transform::map_host(host, {8, 0}, Path::Fresh);
  REQUIRE(mapping.state.stacks.size() == 1);
  CHECK(mapping.state.stacks.front().gateway == ip("10.0.0.1"));
  CHECK(mapping.lost_gateway == ip("10.0.1.1"));
  CHECK(mapping.state.stacks.front().routes == std::vector<model::Route>{a, b});
  kernel.gateway = ip("10.0.0.1");
  CHECK_FALSE(transform::map_host(host, {8, 0}, Path::Fresh).lost_gateway);
}

TEST_CASE("management is GATEWAYDEV's, else the holder of the gateway, else the first usable vswif") {
  auto host =
      esx("4.1.0", {nic("vswif0", "169.254.95.119", 16, "vSwitch0", 0), nic("vswif2", "10.0.2.5", 24, "vSwitch0", 1),
                    nic("vswif10", "10.0.1.5", 24, "vSwitch0", 2)});
  auto& console = host.before.stacks[0];
  const auto name = [&] { return transform::management_of(host.before)->name; };
  CHECK(name() == "vswif2");
  console.gateway = ip("10.0.1.1");
  CHECK(name() == "vswif10");
  console.gateway_device = "vswif2";
  CHECK(name() == "vswif2");
  console.gateway_device = "eth0";
  CHECK(name() == "vswif10");
  host.before.interfaces.clear();
  CHECK(transform::management_of(host.before) == nullptr);
}

TEST_CASE("the console's port groups lose their name, and each vmk has a port group of its own") {
  auto host = esx("4.1.0", {nic("vswif0", "10.0.0.5", 24, "vSwitch0", 0), nic("vswif1", "10.0.1.5", 24, "vSwitch0", 1),
                            nic("vmk0", "10.0.2.5", 24, "vSwitch0", 2)});
  auto& groups = host.before.switches.front().portgroups;
  groups[0].name = host.before.interfaces[0].portgroup = "Service Console";
  groups[1].name = host.before.interfaces[1].portgroup = "Service Console 2";
  groups[2].name = host.before.interfaces[2].portgroup = "Management Network";
  auto state = transform::map_host(host, {8, 0}, Path::Fresh).state;
  CHECK(state.interfaces[0].portgroup == "Management Network 2");  // the plain name is taken
  CHECK(state.interfaces[1].portgroup == "Management Network 2 2");
  CHECK(state.interfaces[2].portgroup == "Management Network");

  host.before.interfaces[1].portgroup = "Service Console";
  state = transform::map_host(host, {8, 0}, Path::Fresh).state;
  CHECK(state.interfaces[0].portgroup != state.interfaces[1].portgroup);
  CHECK(state.portgroup(state.interfaces[1].portgroup).second != nullptr);
  CHECK(transform::map_host(host, {8, 0}, Path::Fresh).state.interfaces.size() == 3);
}

TEST_CASE("an ESXi host is its own mapping") {
  auto host = esx("6.7.0", {nic("vmk0", "10.0.0.5", 24, "vSwitch0", 0)});
  host.product = "ESXi";
  CHECK(transform::map_host(host, {8, 0}, Path::Upgrade).state == host.before);
}
