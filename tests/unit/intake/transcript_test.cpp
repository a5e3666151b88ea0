// Pasted terminal sessions of classic hosts: what a session says is what the host's tree says.
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/read.hpp"
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

std::vector<NamedFacts> session(std::string_view text) {
  for (const auto& container : containers())
    if (container.name == "session") {
      CHECK(container.recognises(text));
      return container.read({FileName("s.txt"), text});
    }
  return {};
}

/// "host: command -> interfaces", one line a part.
Texts parts(const std::vector<NamedFacts>& all) {
  Texts out;
  for (const auto& one : all) {
    auto text = one.host + ": " + one.part;
    for (const auto& fact : one.facts.interfaces) text += " | " + testing::text(fact);
    out.push_back(text);
  }
  return out;
}

model::Host only_host(const std::string& path) {
  auto estate = read_estate({TEST_ESTATES "/harbor/" + path}, {});
  INFO(path);
  REQUIRE(estate.hosts.size() == 1);
  return std::move(estate.hosts.front());
}

std::string told(const std::optional<net::Ipv4Address>& address) { return address ? to_string(*address) : "-"; }

/// What a listing knows of an interface.
Texts interfaces(const model::Host& host) {
  Texts out;
  for (const auto& one : host.before.interfaces)
    out.push_back(fmt::format("{} {} {} {} {} {} vlan {} dhcp {} on {}", one.name, one.stack, model::address_text(one),
                              one.portgroup, one.vswitch, one.mac ? to_string(*one.mac) : "-",
                              one.vlan ? one.vlan->value() : 9999, one.dhcp, one.enabled));
  std::sort(out.begin(), out.end());
  return out;
}

Texts stacks(const model::Host& host) {
  Texts out;
  for (const auto& stack : host.before.stacks) {
    auto text = fmt::format("{} {}", stack.name, told(stack.gateway));
    for (const auto& route : stack.routes) text += fmt::format(" {}>{}", route.network, route.next_hop);
    out.push_back(text);
  }
  std::sort(out.begin(), out.end());
  return out;
}

Texts switches(const model::Host& host) {
  Texts out;
  for (const auto& one : host.before.switches) {
    auto text = fmt::format("{} {}", one.name, join(one.uplinks, ","));
    Texts groups;
    for (const auto& group : one.portgroups)
      groups.push_back(fmt::format(" {}/{}", group.name, group.vlan ? group.vlan->value() : 9999));
    std::sort(groups.begin(), groups.end());
    out.push_back(text + join(groups, ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

TEST_CASE("a session gives the host that the tree gives") {
  const auto [tree, transcript] = GENERATE(values<std::pair<std::string, std::string>>(
      {{"hosts/tug35", "transcripts/tug35-esx35.txt"}, {"hosts/pier02", "transcripts/pier02-esx41.txt"}}));
  const auto expected = only_host(tree);
  const auto host = only_host(transcript);
  CHECK(host.name == expected.name);
  CHECK(host.product == expected.product);
  CHECK(host.version == expected.version);
  CHECK(host.build == expected.build);
  CHECK(interfaces(host) == interfaces(expected));
  CHECK(stacks(host) == stacks(expected));
  CHECK(switches(host) == switches(expected));
  const auto vmotion = [](const model::Host& one) {
    const auto* vmk0 = one.before.interface("vmk0");
    return vmk0 && vmk0->services.has(model::Service::VMotion);
  };
  if (tree == "hosts/pier02") CHECK(vmotion(host) == vmotion(expected));  // the session greps for it
}

TEST_CASE("prompts of all kinds, several hosts, unrelated commands") {
  const std::string row = "vswif0 SC 10.0.0.5 255.0.0.0 10.255.255.255 true false\n";
  const std::string header = "Name Port Group IP Address Netmask Broadcast Enabled DHCP\n";
  const auto all = session(
      "=~=~= PuTTY log =~=~=\r\nlogin as: root\r\n"
      "[root@esx01 root]# uptime\r\n 10:00:00 up 1 day\r\n"
      "[root@esx01 root]# esxcfg-vswif -l\r\n" +
      header + row +
      "[root@esx01 root]# for i in 1 2; do esxcfg-vmknic -l; done\r\nvmk0 nonsense\r\n"
      "[root@esx01 root]# ssh esx02\r\n"
      "[root@esx02 ~]# /usr/sbin/esxcfg-vswif –l\n" +
      header +
      "vswif0 SC 10.0.0.6 255.0.0.0 10.255.255.255 true false\n"
      "[root@esx02 ~]# exit\n"
      "[root@esx01 root]# cat /etc/sysconfig/network-scripts/ifcfg-vswif0\nDEVICE=vswif0\nIPADDR=10.0.0.5\n");
  CHECK(parts(all) == Texts{"esx01: esxcfg-vswif -l | vswif0 10.0.0.5/255.0.0.0 pg=SC dhcp=no on=yes",
                            "esx01: cat /etc/sysconfig/network-scripts/ifcfg-vswif0 | vswif0 10.0.0.5/- dhcp=- on=-",
                            "esx02: esxcfg-vswif -l | vswif0 10.0.0.6/255.0.0.0 pg=SC dhcp=no on=yes"});
}

TEST_CASE("4,000 lines of other things hide nothing and say nothing") {
  std::string text;
  for (int i = 0; i < 1000; ++i)
    text +=
        "[root@esx01 root]# dmesg | tail -2\nvmk0 up at 10.9.9.9 255.0.0.0 true STATIC\nvswif0: link up\neth0 "
        "10.8.8.8\n";
  text += "[root@esx01 root]# esxcfg-route\nVMkernel default gateway is 10.0.0.1\n";
  const auto all = session(text);
  REQUIRE(all.size() == 1);
  CHECK(texts(all[0].facts.gateways) == Texts{"vmkernel 10.0.0.1 -"});
  CHECK(all[0].facts.gateways[0].at.line == 4002);
}

TEST_CASE("one value at a time: grep, esxcfg-advcfg, uname, esxcfg-swiscsi") {
  const auto all = session(
      "[root@esx01 ~]# grep Vmknic /etc/vmware/esx.conf\n/adv/FT/Vmknic = \"vmk2\"\n/adv/Migrate/Vmknic = \"vmk0\"\n"
      "[root@esx01 ~]# esxcfg-advcfg -g /Migrate/Vmknic\nValue of Vmknic is vmk1\n"
      "[root@esx01 ~]# uname -a\nLinux esx01.example.com 2.6.18-194.ESX #1 Mon Oct 10 21:46:03 PDT 2011 x86_64 "
      "GNU/Linux\n"
      "[root@esx01 ~]# esxcfg-swiscsi -q\nSoftware iSCSI is not enabled\n");
  REQUIRE(all.size() == 4);
  REQUIRE(all[0].facts.services.size() == 2);
  REQUIRE(all[1].facts.services.size() == 1);
  CHECK(all[1].facts.services[0].service == model::Service::VMotion);
  CHECK(all[1].facts.services[0].interface == "vmk1");
  CHECK(text(all[2].facts.hostname) == "esx01.example.com");
  CHECK(text(all[3].facts.software_iscsi) == "no");
}

TEST_CASE("one command in its several spellings") {
  const auto all = session(
      "[root@esx01 ~]# ip route\ndefault via 10.0.0.1 dev vswif0\n"
      "[root@esx01 ~]# netstat -nr\nKernel IP routing table\n"
      "Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n"
      "0.0.0.0         10.0.0.1        0.0.0.0         UG        0 0          0 vswif0\n"
      "[root@esx01 ~]# esxcfg-nas --list\niso is /vol/iso from 10.0.0.9 mounted\n");
  REQUIRE(all.size() == 3);
  CHECK(texts(all[0].facts.gateways) == Texts{"console 10.0.0.1 vswif0"});
  CHECK(texts(all[1].facts.gateways) == Texts{"console 10.0.0.1 vswif0"});
  CHECK(all[2].facts.nfs.size() == 1);
}

TEST_CASE("grep in esx.conf proves nothing about what it did not find") {
  const auto facts =
      read(read_grepped_esx_conf,
           "/net/vmkernelnic/child[0000]/ipv4address = \"10.0.0.5\"\n/net/vswitch/child[0000]/name = \"vSwitch0\"\n");
  CHECK(facts.interfaces.empty());
  CHECK(facts.switches.empty());
  CHECK_FALSE(facts.lists_vmknics);
}

TEST_CASE("esxcfg-info: two leaves") {
  const auto facts =
      read(read_esxcfg_info,
           "+Host : \n   \\==+Hardware Info :\n      |----BIOS UUID................................0x50 0xaa\n"
           "      |----System UUID......50aa0001-1111-2222-3333-000c2918f3aa\n"
           "      |----Service Console Mem (Cfg)..................300\n");
  CHECK(text(facts.uuid) == "50aa0001-1111-2222-3333-000c2918f3aa");
  CHECK(text(facts.product) == "ESX");
  CHECK(text(read(read_esxcfg_info, "|----Service Console Mem (Cfg)......0\n").product) == "-");
}
