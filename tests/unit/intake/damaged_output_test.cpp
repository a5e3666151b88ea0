// Outputs that a terminal broke, a copy cut, or a command did not give: refused with their line, and never "none".
#include "assembling.hpp"
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/readers.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

std::vector<NamedFacts> session(std::string_view text) {
  return container_named("session").read({FileName("s"), text});
}

model::Host seen(std::string_view text) { return host_of_container("session", text); }

std::string ask(std::string_view command, std::string_view output) {
  return fmt::format("[root@esx01 ~]# {}\n{}", command, output);
}

/// As a terminal of that width leaves it in a copy.
std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  for (const auto line : split(text, '\n'))
    for (std::size_t at = 0; at == 0 || at < line.size(); at += width)
      out += std::string(line.substr(std::min(at, line.size()), width)) + "\n";
  return out;
}

bool holds(const Texts& all, std::string_view one) { return std::find(all.begin(), all.end(), one) != all.end(); }

bool not_found(const model::Host& host, std::string_view command) {
  return std::any_of(host.not_found.begin(), host.not_found.end(),
                     [&](const std::string& line) { return line.starts_with(command); });
}

const std::string kVswifs =
    "Name     Port Group/DVPort   IP Family IP Address                              Netmask         Broadcast       "
    "Enabled   TYPE\n"
    "vswif0   Service Console     IPv4      10.0.0.5                                255.255.255.0   10.0.0.255      "
    "true      STATIC\n";
const std::string kVmks =
    "Interface  Port Group/DVPort   IP Family IP Address                              Netmask         Broadcast       "
    "MAC Address       MTU     TSO MSS   Enabled Type\n"
    "vmk0       VMotion             IPv4      10.0.1.141                              255.255.255.0   10.0.1.255      "
    "00:50:56:7d:11:03 1500    65535     true    STATIC\n";
const std::string kRoutes = "Network          Netmask          Gateway          Interface\n";
const std::string kEsxi = ask("vmware -v", "VMware ESXi 6.7.0 build-1\n");
const std::string kEsx = ask("vmware -v", "VMware ESX 4.1.0 build-1\n");

}  // namespace

TEST_CASE("a listing that a terminal wrapped gives its rows no address, and is no list of all interfaces") {
  for (std::size_t width = 41; width <= 140; ++width) {
    CAPTURE(width);
    const auto facts = read(read_esxcfg_vmknic, wrapped(kVmks, width));
    CHECK(!facts.lists_vmknics);
    for (const auto& one : facts.interfaces) CHECK(!one.address);
    const auto host = seen(kEsx + ask("esxcfg-vswif -l", kVswifs) + ask("esxcfg-vmknic -l", wrapped(kVmks, width)));
    const auto all = doubts(host);
    CHECK((holds(all, "missing vmk0 address") || holds(all, "missing VMkernel interfaces")));
  }
  const auto facts = read(read_esxcfg_vmknic, wrapped(kVmks, 80));
  REQUIRE(facts.interfaces.size() == 1);
  CHECK(holds(warnings(facts), "listing-wrapped 1:1"));
  const auto header_lines = (kVmks.find('\n') + 79) / 80;
  CHECK(holds(warnings(facts), fmt::format("row-damaged {}:1", header_lines + 1)));
  CHECK(text(read(read_esxcfg_vmknic, kVmks).interfaces.at(0).address) == "10.0.1.141");
}

TEST_CASE("the console's listing, wrapped or cut behind its header, leaves the console in doubt") {
  const auto rest = ask("esxcfg-vmknic -l", kVmks);
  CHECK(holds(doubts(seen(kEsx + ask("esxcfg-vswif -l", wrapped(kVswifs, 80)) + rest)), "missing vswif0 address"));
  const auto header = kVswifs.substr(0, kVswifs.find('\n'));
  const auto cut = header.substr(0, header.size() - 3) + "\n";
  CHECK(holds(doubts(seen(kEsx + ask("esxcfg-vswif -l", cut) + rest)), "missing console address"));
  // A whole header without rows: but the routes say that there is a row missing.
  const auto routes = ask("route -n",
                          "Kernel IP routing table\n"
                          "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
                          "0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 vswif0\n");
  CHECK(holds(doubts(seen(kEsx + ask("esxcfg-vswif -l", header + "\n") + rest + routes)), "missing vswif0 address"));
}

TEST_CASE("an option that names an interface which no listing shows is no word of an empty list") {
  const auto header = kVmks.substr(0, kVmks.find('\n') + 1);
  const auto grep = ask("grep Vmknic /etc/vmware/esx.conf", "/adv/Migrate/Vmknic = \"vmk3\"\n");
  const auto host = seen(kEsx + ask("esxcfg-vswif -l", kVswifs) + ask("esxcfg-vmknic -l", header) + grep);
  CHECK(holds(doubts(host), "missing vmk3 address"));
  // esx.conf itself proves that the name was left behind.
  CHECK(doubts(host_of({console("vswif0", "10.0.0.5/24"), network(),
                        esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/adv/Migrate/Vmknic = \"vmk3\"\n" +
                                 "/net/vmkerneldefaultgateway = \"10.0.1.1\"\n")})) == Texts{});
}

TEST_CASE("a listing cut before its last column does not say that addresses are static") {
  const auto without = [](std::string text) {
    for (const std::string_view column : {" Type\n", " STATIC\n"})
      if (const auto at = text.find(column); at != std::string::npos) text.replace(at, column.size(), "\n");
    return text;
  };
  const auto host = seen(kEsx + ask("esxcfg-vswif -l", kVswifs) + ask("esxcfg-vmknic -l", without(kVmks)));
  CHECK(to_string(*host.before.interface("vmk0")->address) == "10.0.1.141");
  CHECK(holds(doubts(host), "missing vmk0 dhcp"));
}

TEST_CASE("uplinks and servers that a terminal broke are refused") {
  const std::string switches =
      "Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n"
      "vSwitch0         64          5           64                1500    vmnic0,vmnic1,vmnic2\n\n"
      "  PortGroup Name        VLAN ID  Used Ports  Uplinks\n"
      "  VMotion               7        1           vmnic0,vmnic1,vmnic2\n";
  const auto facts = read(read_esxcfg_vswitch, wrapped(switches, 80));
  REQUIRE(facts.switches.size() == 1);
  CHECK(!facts.switches[0].uplinks);
  REQUIRE(facts.lost.size() == 1);
  CHECK(facts.lost[0].field == "uplinks");
  CHECK(facts.switches[0].portgroups.size() == 1);

  const std::string mounts = "ds is /vol/ds from 10.0.3.20 mounted\n";
  for (std::size_t width = 15; width < mounts.size() - 1; ++width) {
    CAPTURE(width);
    const auto broken = read(read_esxcfg_nas, wrapped(mounts, width));
    CHECK((!broken.lost.empty() || !broken.nfs.empty()));
    for (const auto& mount : broken.nfs)
      if (mount.server) CHECK(mount.server->value == "10.0.3.20");
  }
  CHECK(read(read_esxcfg_nas, mounts).nfs.at(0).server->value == "10.0.3.20");
}

TEST_CASE("an esxcli table that a terminal wrapped is refused") {
  const std::string nics =
      "Name    PCI Device    Driver  Admin Status  Link Status  Speed  Duplex  MAC Address        MTU   Description\n"
      "------  ------------  ------  ------------  -----------  -----  ------  -----------------  ----  -----------\n"
      "vmnic0  0000:3b:00.0  ixgben  Up            Up           10000  Full    a0:36:9f:ec:12:20  1500  Intel X550\n";
  CHECK(seen(kEsxi + ask("esxcli network nic list", nics)).before.pnics.size() == 1);
  for (const std::size_t width : {70U, 80U, 100U}) {
    const auto host = seen(kEsxi + ask("esxcli network nic list", wrapped(nics, width)));
    CHECK(host.before.pnics.empty());
    CHECK(has_diagnostic(host, "row-unreadable"));
  }
}

TEST_CASE("a record of esxcli that a terminal wrapped has no phantom below it") {
  const std::string list =
      "vSwitch0\n   Name: vSwitch0\n   Uplinks: vmnic0, vmnic1\n"
      "   Portgroups: Management Network, VM Network, Backup Network, Replication Network\n\n"
      "vSwitch1\n   Name: vSwitch1\n   Uplinks: vmnic2\n   Portgroups: A\n";
  const auto host = seen(kEsxi + ask("esxcli network vswitch standard list", wrapped(list, 72)));
  CHECK(host.before.switches.size() == 2);
  CHECK(holds(doubts(host), "missing uplinks and port groups of vSwitch0"));
  CHECK(has_diagnostic(host, "listing-wrapped"));
  const auto whole = seen(kEsxi + ask("esxcli network vswitch standard list", list));
  CHECK(whole.before.switches.size() == 2);
  CHECK(!has_diagnostic(whole, "listing-wrapped"));
}

TEST_CASE("a row of esxcli that lacks its numbers was cut") {
  const std::string groups =
      "Name  Virtual Switch  Active Clients  VLAN ID\n"
      "----  --------------  --------------  -------\n"
      "A     vSwitch1                     1        7\n"
      "B     vSw";
  const auto host = seen(kEsxi + ask("esxcli network vswitch standard portgroup list", groups));
  CHECK(host.before.switch_named("vSw") == nullptr);
  CHECK(holds(doubts(host), "missing port group"));
}

TEST_CASE("a session that ends inside a row") {
  const auto ends = [](std::string_view command, const std::string& output) {
    return seen(kEsx + ask("esxcfg-vswif -l", kVswifs) + ask("esxcfg-vmknic -l", kVmks) + ask(command, output));
  };
  const auto cut = ends("esxcfg-route -l", kRoutes + "default          0.0.0.0          10.0.1.25");
  CHECK(gateway(cut, "vmkernel") == "-");
  CHECK(holds(doubts(cut), "missing vmkernel gateway"));
  // A row shorter than its titles was cut wherever it stands.
  CHECK(gateway(ends("esxcfg-route -l", kRoutes + "default          0.0.0.0          10.0.1.25\n"), "vmkernel") == "-");
  const auto sentence = [&](std::string_view end) {
    return gateway(ends("esxcfg-route", "VMkernel default gateway is 10.0.1.25" + std::string(end)), "vmkernel");
  };
  CHECK(sentence("") == "-");
  CHECK(sentence("\n") == "10.0.1.25");
  CHECK(ends("cat /etc/resolv.conf", "nameserver 10.0.0.2").before.dns.servers.empty());
  CHECK(ends("cat /etc/resolv.conf", "nameserver 10.0.0.2\n").before.dns.servers.size() == 1);
  const std::string table =
      "Kernel IP routing table\n"
      "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n";
  const auto console = doubts(ends("route -n", table + "0.0.0.0         10.0.0"));
  CHECK(holds(console, "missing console gateway"));
  CHECK(!holds(console, "missing static route of the console"));
  // Rows that end in a word lack nothing.
  const auto whole =
      ends("route -n", table + "0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 vswif0");
  CHECK(gateway(whole, "console") == "10.0.0.1");
  // Saved files often lack their last line end.
  CHECK(read(read_resolv_conf, "nameserver 10.0.0.2").dns_servers.size() == 1);
}

TEST_CASE("an error in place of an output is not none") {
  const auto base = kEsx + ask("esxcfg-vswif -l", kVswifs) + ask("esxcfg-vmknic -l", kVmks);
  CHECK(!not_found(seen(base + ask("esxcfg-nas -l", "")), "esxcfg-nas -l"));
  for (const auto* error :
       {"-bash: esxcfg-nas: command not found\n", "-bash: /usr/sbin/esxcfg-nas: Permission denied\n",
        "Error: Unable to connect to the host\n"})
    CHECK(not_found(seen(base + ask("esxcfg-nas -l", error)), "esxcfg-nas -l"));
  const auto conf = seen(base + ask("cat /etc/vmware/esx.conf", "cat: /etc/vmware/esx.conf: Permission denied\n"));
  CHECK(not_found(conf, "esxcfg-nas -l"));
  const auto saved = host_of({console("vswif0", "10.0.0.5/24"), output("esxcfg-nas_-l", "Error: Permission denied\n")});
  CHECK(not_found(saved, "esxcfg-nas -l"));
}

TEST_CASE("esxcli calls that failed or printed nothing") {
  const auto interfaces =
      ask("esxcli network ip interface list",
          "vmk0\n   Name: vmk0\n   Enabled: true\n   Portgroup: M\n   Netstack Instance: "
          "defaultTcpipStack\n   MTU: 1500\n\nvmk5\n   Name: vmk5\n   Enabled: true\n   Portgroup: V\n"
          "   Netstack Instance: vmotion\n   MTU: 1500\n");
  const auto addresses = ask("esxcli network ip interface ipv4 get",
                             "Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  Gateway     DHCP DNS\n"
                             "----  ------------  -------------  --------------  ------------  ----------  --------\n"
                             "vmk0  10.0.1.5      255.255.255.0  10.0.1.255      STATIC        10.0.1.1    false\n"
                             "vmk5  10.0.2.5      255.255.255.0  10.0.2.255      STATIC        0.0.0.0     false\n");
  const auto base = kEsxi + interfaces + addresses;
  const std::string failed = "Connect to localhost failed: Connection failure\n";

  const auto routeless = seen(base + ask("esxcli network ip route ipv4 list", ""));
  CHECK(!routeless.before.interface("vmk0")->gateway_override);
  CHECK(holds(doubts(routeless), "missing vmkernel gateway"));
  CHECK(not_found(routeless, "esxcli network ip route ipv4 list"));

  const auto tagless = seen(base + ask("esxcli network ip interface tag get -i vmk0", failed));
  CHECK(not_found(tagless, "esxcli network ip interface tag get"));
  CHECK(holds(doubts(tagless), "missing services of vmk0"));
  const auto told = seen(base + ask("esxcli network ip interface tag get -i vmk0", failed) +
                         ask("esxcli network ip interface tag get -i vmk0", "   Tags: Management\n"));
  CHECK(!holds(doubts(told), "missing services of vmk0"));
  const auto first =
      seen(base + ask("esxcli network ip interface tag get -i vmk0", "Error: Unknown command or namespace\n"));
  CHECK(!holds(doubts(first), "missing services of vmk0"));

  const auto software = [](std::string_view on) { return ask("esxcli iscsi software get", std::string(on) + "\n"); };
  const auto portals = ask("esxcli iscsi networkportal list", failed);
  CHECK(holds(doubts(seen(base + software("true") + portals)), "missing iSCSI port binding"));
  CHECK(!holds(doubts(seen(base + software("false") + portals)), "missing iSCSI port binding"));
}

TEST_CASE("a name in bytes that are not UTF-8 is refused with its line, and the host is in doubt") {
  const std::string latin = "B\xfcro";
  const auto in_doubt = [](const model::Host& host) { return holds(doubts(host), "missing undamaged text"); };
  const auto base = kEsx + ask("esxcfg-vswif -l", kVswifs) + ask("esxcfg-vmknic -l", kVmks);
  const std::string switches =
      "Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n"
      "vSwitch0         64          5           64                1500    vmnic0\n\n"
      "  PortGroup Name        VLAN ID  Used Ports  Uplinks\n";
  const auto pasted = seen(base + ask("esxcfg-vswitch -l", switches + "  " + latin + "   7   1   vmnic0\n"));
  CHECK(in_doubt(pasted));
  CHECK(pasted.before.switch_named("vSwitch0")->portgroups.empty());
  CHECK(!in_doubt(seen(base + ask("esxcfg-vswitch -l", switches + "  B\xc3\xbcro   7   1   vmnic0\n"))));
  // A remark, and an output that nobody reads.
  CHECK(!in_doubt(seen(base + ask("cat /etc/ntp.conf", "# f\xfcr alle\nserver 10.0.0.9\n") + ask("ls", latin + "\n"))));

  const auto conf = read(read_esx_conf, esx_conf().second + "/net/vswitch/child[0000]/portgroup/child[0002]/name = \"" +
                                            latin + "\"\n/vm/name = \"" + latin + "\"\n");
  CHECK(conf.switches.at(0).portgroups.size() == 2);
  REQUIRE(conf.lost.size() == 1);
  CHECK(conf.lost[0].at.line == 9);
  CHECK(has_note(conf, "text-encoding"));

  CHECK(in_doubt(seen(kEsxi + ask("esxcli network vswitch standard portgroup list",
                                  "Name  Virtual Switch  Active Clients  VLAN ID\n"
                                  "----  --------------  --------------  -------\n" +
                                      latin + "  vSwitch1                     1        7\n"))));
  CHECK(in_doubt(seen(kEsxi + ask("esxcli network vswitch standard portgroup policy failover get -p \"" + latin + "\"",
                                  "   Active Adapters: vmnic0\n"))));
  const auto rvtools = host_of_container(
      "RVTools tab",
      "Host,Datacenter,Cluster,Port Group,Device,Mac Address,DHCP,IP Address,Subnet mask,Gateway,MTU\n"
      "esx01,DC,C," +
          latin + ",vswif0,00:50:56:00:00:01,False,10.0.0.5,255.255.255.0,,1500\n");
  CHECK(in_doubt(rvtools));
  CHECK(rvtools.before.interface("vswif0")->portgroup.empty());
}

TEST_CASE("a grep in colour says what a plain one does") {
  const auto facts =
      read(read_grepped_esx_conf,
           "/adv/Migrate/\x1b[01;31m\x1b[KVmknic\x1b[m\x1b[K = \"vmk0\"\n/adv/FT/Vmknic = \"vmk1\"\x1b[K\n");
  REQUIRE(facts.services.size() == 2);
  CHECK(facts.services[0].interface == "vmk0");
}

TEST_CASE("the adapter of a binding is found behind every prompt") {
  const std::string block = "vmk1\n    pNic name: vmnic2\n    ipv4 address: 10.0.2.5\n";
  for (const auto* prompt : {"# ", "$ ", "bash-3.2# ", "esx01:~ # ", "root@esx01> ", "[21:03:11 root@esx01 ~]# ",
                             "(esx01) ~ # ", "[root@esx01 ~]# ", "[root@esx01 ~]#"}) {
    CAPTURE(prompt);
    const auto parts = session(fmt::format("{0}esxcfg-vswif -l\n{1}{0}esxcli swiscsi nic list -d vmhba33\n{2}",
                                           std::string_view(prompt) == "[root@esx01 ~]#" ? "[root@esx01 ~]# " : prompt,
                                           kVswifs, block));
    Texts adapters;
    for (const auto& part : parts)
      for (const auto& binding : part.facts.bindings) adapters.push_back(binding.adapter);
    CHECK(adapters == Texts{"vmhba33"});
  }
}

TEST_CASE("a prompt without its blank, and the output of a remote command") {
  CHECK(seen("[root@esx01 ~]#esxcfg-vswif -l\n" + kVswifs).before.interface("vswif0") != nullptr);
  const auto hop = seen(kEsx + ask("ssh esx02 esxcfg-vmknic -l", kVmks) + ask("esxcfg-vswif -l", kVswifs));
  CHECK(has_diagnostic(hop, "command-not-read"));
  CHECK(hop.before.interface("vmk0") == nullptr);
  CHECK(hop.before.interface("vswif0") != nullptr);
}

TEST_CASE("how esxcli logs in is no name of anything") {
  const std::string groups = ask("esxcli -s 10.9.9.9 -u root -p S3cr3tCANARY network vswitch standard portgroup list",
                                 "Name  Virtual Switch  Active Clients  VLAN ID\n"
                                 "----  --------------  --------------  -------\n"
                                 "vMo   vSwitch1                     1        7\n");
  const std::string answer =
      "   Active Adapters: vmnic1\n   Standby Adapters: vmnic0\n   Override Vswitch Uplinks: true\n";
  for (const auto* login : {"-s 10.9.9.9 -u root -p S3cr3tCANARY ", "-s 10.9.9.9 -u root -p -S3cr3tCANARY ",
                            "--server=10.9.9.9 --username=root --password=S3cr3tCANARY ", "-pS3cr3tCANARY ",
                            "--server 10.9.9.9 --formatter=keyvalue --password S3cr3tCANARY "}) {
    CAPTURE(login);
    const auto text = std::string_view(login).find("keyvalue") == std::string_view::npos
                          ? answer
                          : "structure[0].X.ActiveAdapters.string[0].string=vmnic1\n";
    const auto parts = session(kEsxi + groups +
                               ask(fmt::format("esxcli {}network vswitch standard portgroup "
                                               "policy failover get -p vMo",
                                               login),
                                   text));
    bool teamed = false;
    for (const auto& part : parts) {
      CHECK(part.part.find("CANARY") == std::string::npos);
      for (const auto& note : part.facts.notes) CHECK(note.message.find("CANARY") == std::string::npos);
      for (const auto& one : part.facts.switches)
        for (const auto& group : one.portgroups) teamed = teamed || (group.name == "vMo" && group.teaming);
    }
    CHECK(teamed);
  }
  for (const auto& part : session(kEsxi + groups +
                                  ask("esxcli network vswitch standard portgroup policy failover "
                                      "get -s h -u root -p S3cr3tCANARY",
                                      answer)))
    for (const auto& note : part.facts.notes) CHECK(note.message.find("CANARY") == std::string::npos);
}
