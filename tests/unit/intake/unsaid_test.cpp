// What no input says is nobody's guess; what an input says of itself is taken.
#include "assembling.hpp"
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/readers.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

model::Host captured(std::string_view text) { return host_of_container("session", text); }

std::string ask(std::string_view command, std::string_view output) {
  return fmt::format("[root@esx01:~] {}\n{}\n", command, output);
}

const std::string kVmks = ask("vmware -v", "VMware ESXi 6.7.0 build-1\n") +
                          ask("esxcli network ip interface list",
                              "vmk1\n   Name: vmk1\n   Enabled: true\n   Portgroup: A\n   MTU: 9000\n\n"
                              "vmk2\n   Name: vmk2\n   Enabled: true\n   Portgroup: B\n   MTU: 1500\n") +
                          ask("esxcli network ip interface ipv4 get",
                              "Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  Gateway     DHCP DNS\n"
                              "----  ------------  -------------  --------------  ------------  ----------  --------\n"
                              "vmk1  10.0.1.5      255.255.255.0  10.0.1.255      STATIC        10.0.1.1    false\n"
                              "vmk2  10.0.1.6      255.255.255.0  10.0.1.255      STATIC        0.0.0.0     false\n");
const std::string kGroups = ask("esxcli network vswitch standard portgroup list",
                                "Name  Virtual Switch  Active Clients  VLAN ID\n"
                                "----  --------------  --------------  -------\n"
                                "A     vSwitch1                     1        7\n"
                                "B     vSwitch1                     1        7\n");

std::string switch_list(std::string_view more) {
  return ask("esxcli network vswitch standard list",
             fmt::format("vSwitch1\n   Name: vSwitch1\n   Uplinks: vmnic2, vmnic3\n   Portgroups: A, B\n{}", more));
}

std::string routes(std::string_view rows,
                   std::string_view titles = "Network     Netmask        Gateway     Interface  Source") {
  return ask("esxcli network ip route ipv4 list",
             fmt::format("{}\n----------  -------------  ----------  ---------  ------\n{}", titles, rows));
}

const std::string kDefault = "default     0.0.0.0        10.0.1.1    vmk1       MANUAL\n";
const std::string kBound = ask("esxcli iscsi networkportal list",
                               "vmhba36\n   Adapter: vmhba36\n   Vmknic: vmk1\n\n"
                               "vmhba36\n   Adapter: vmhba36\n   Vmknic: vmk2\n");

std::string failover(std::string_view whose, std::string_view active, std::string_view override_line = {}) {
  return ask(fmt::format("esxcli network vswitch standard {}", whose),
             fmt::format("   Load Balancing: srcport\n   Active Adapters: {}\n   Standby Adapters: \n"
                         "   Unused Adapters: \n{}",
                         active, override_line));
}

/// Doubts that begin so.
Texts about(const model::Host& host, std::string_view what) {
  Texts out;
  for (const auto& text : doubts(host))
    if (text.find(what) != std::string::npos) out.push_back(text);
  return out;
}

bool lists(const model::Host& host, std::string_view command) {
  return std::any_of(host.not_found.begin(), host.not_found.end(),
                     [&](const std::string& what) { return what.starts_with(command); });
}

std::string rv_row(std::string_view dhcp) {
  return fmt::format("a.example,C1,Service Console,vswif0,00:50:56:4a:5c:76,{},10.0.0.5,255.255.255.0,,1500\n", dhcp);
}
const std::string kRvHead = "Host,Cluster,Port Group,Device,Mac Address,DHCP,IP Address,Subnet mask,Gateway,MTU\n";

Facts kickstart(std::string_view text) { return read(read_kickstart, text); }

}  // namespace

TEST_CASE("an MTU of a switch that no input says is missing where an interface needs more than the usual one") {
  const auto mtu_of = [](std::string_view more) {
    return about(captured(kVmks + kGroups + switch_list(more) + routes(kDefault)), "mtu of");
  };
  CHECK(mtu_of("") == Texts{"missing mtu of vSwitch1"});
  CHECK(mtu_of("   MTU: 9000\n").empty());
  CHECK(mtu_of("   MTU: 1500\n").empty());
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/vmkernelnic/child[0000]/mtu = \"9000\"\n");
  CHECK(doubts(host_of({console("vswif0", "10.0.0.5/24"), network(), conf})).empty());  // absent there means 1500
}

TEST_CASE("an uplink order that no input says is missing for what may share a subnet by it") {
  const auto order_of = [](const std::string& more) {
    return about(captured(kVmks + kGroups + switch_list("   MTU: 9000\n") + routes(kDefault) + more), "uplinks");
  };
  const auto groups = [](std::string_view a, std::string_view b) {
    return failover("portgroup policy failover get -p A", a, "   Override Vswitch Uplinks: true\n") +
           failover("portgroup policy failover get -p B", b, "   Override Vswitch Uplinks: true\n");
  };
  CHECK(order_of("").empty());
  CHECK(order_of(kBound) == Texts{"missing vmk1 uplinks", "missing vmk2 uplinks"});
  CHECK(order_of(kBound + groups("vmnic2", "vmnic3")).empty());
  const auto inherited =
      failover("portgroup policy failover get -p A", "vmnic2", "   Override Vswitch Uplinks: false\n") +
      failover("portgroup policy failover get -p B", "vmnic2", "   Override Vswitch Uplinks: false\n");
  CHECK(order_of(kBound + inherited) == Texts{"missing vmk1 uplinks", "missing vmk2 uplinks"});
  CHECK(order_of(kBound + inherited + failover("policy failover get -v vSwitch1", "vmnic2, vmnic3")).empty());
  const auto vmotion = ask("esxcli network ip interface tag get -i vmk1", "   Tags: VMotion\n") +
                       ask("esxcli network ip interface tag get -i vmk2", "   Tags: VMotion\n");
  CHECK(order_of(vmotion) == Texts{"missing vmk1 uplinks", "missing vmk2 uplinks"});
  CHECK(about(captured(kVmks + kGroups + routes(kDefault) + kBound), "uplinks").size() == 2);  // no switch at all
}

TEST_CASE("an order in force counts where no list of switches says which uplinks there are") {
  const auto host =
      captured(kVmks + kGroups + routes(kDefault) + kBound +
               failover("portgroup policy failover get -p A", "vmnic2", "   Override Vswitch Uplinks: true\n"));
  CHECK(host.before.interface("vmk1")->uplinks.active == Texts{"vmnic2"});
}

TEST_CASE("a port of an opaque network is no port group") {
  const auto host = captured(
      ask("vmware -v", "VMware ESXi 8.0.1 build-1\n") +
      ask("esxcfg-vmknic -l",
          "Interface  Port Group/DVPort/Opaque Network        IP Family IP Address                              "
          "Netmask  "
          "       Broadcast       MAC Address       MTU     TSO MSS   Enabled Type                NetStack\n"
          "vmk10      2764417a-0000-4ae5-b5f8-000000000066    IPv4      10.32.0.1                               "
          "255.255.0.0     10.32.255.255   00:50:56:aa:bb:4c 1700    65535     true    STATIC              vxlan\n"));
  REQUIRE(host.before.interface("vmk10"));
  CHECK(host.before.interface("vmk10")->portgroup.empty());
  CHECK(host.before.interface("vmk10")->dvport == "2764417a-0000-4ae5-b5f8-000000000066");
}

TEST_CASE("an alias contradicts the address of its interface") {
  const std::pair<std::string, std::string> alias{
      "etc/sysconfig/network-scripts/ifcfg-vswif0:1",
      "DEVICE=vswif0:1\nONBOOT=yes\nIPADDR=10.0.3.5\nNETMASK=255.255.255.0\n"};
  const auto host =
      host_of({console("vswif0", "10.0.0.5/24"), network(), alias, esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24"))});
  CHECK(doubts(host) == Texts{"contradiction vswif0 address: 10.0.0.5 10.0.3.5"});
  CHECK(has_diagnostic(host, "ifcfg-alias"));
}

TEST_CASE("what a variable was given is not quoted where it is no address") {
  const auto facts = kickstart("rootpw x\n%post\nPW='CANARY'\nesxcfg-route $PW\n");
  REQUIRE(!facts.notes.empty());
  for (const auto& note : facts.notes) CHECK(note.message.find("CANARY") == std::string::npos);
}

TEST_CASE("a table of esxcli under titles that nobody knows is refused, and proves nothing") {
  const auto host =
      captured(kVmks + kGroups + routes(kDefault, "Reseau      Masque         Passerelle  Interface  Source"));
  CHECK(has_diagnostic(host, "row-unreadable"));
  CHECK(about(host, "gateway") == Texts{"missing vmkernel gateway"});
  CHECK(lists(host, "esxcli network ip route ipv4 list: the VMkernel's default gateway"));
  CHECK(!host.before.interface("vmk1")->gateway_override);
}

TEST_CASE("dashes that a word processor made are no row of a table") {
  const auto dashed = [](std::string text) {
    for (auto at = text.find("\n---"); at != std::string::npos; at = text.find("\n---", at))
      text.replace(at + 1, 2, "\u2013");
    return text;
  };
  const auto host = captured(dashed(kVmks + kGroups + routes(kDefault)));
  CHECK(about(host, "route").empty());
  CHECK(about(host, "gateway").empty());
  CHECK(!has_diagnostic(host, "row-unreadable"));
  CHECK(host.before.interface("vmk1")->addressed());
  const auto foreign =
      captured(dashed(kVmks + routes(kDefault, "Reseau      Masque         Passerelle  Interface  Source")));
  CHECK(about(foreign, "gateway") == Texts{"missing vmkernel gateway"});
}

TEST_CASE("a default row of esxcli that is damaged is missing, and makes nobody's gateway an override") {
  for (const auto* row : {"default     0.0.0.0        10.0.1.l    vmk1       MANUAL\n",
                          "default     0.0.0.0     unreadable     vmk1       MANUAL\n"}) {
    INFO(row);
    const auto host = captured(kVmks + kGroups + routes(row));
    CHECK(about(host, "gateway") == Texts{"missing vmkernel gateway"});
    CHECK(!host.before.interface("vmk1")->gateway_override);
  }
  CHECK(about(captured(kVmks + routes(kDefault + "10.9.0.0    255.255.0.0    10.0.1.x    vmk1       MANUAL\n")),
              "route") == Texts{"missing static route of the vmkernel"});
}

TEST_CASE("a command that failed told nothing") {
  const auto host = captured(kVmks + ask("esxcli network ip interface tag get -i vmk1",
                                         "Error: Unknown command or namespace network ip interface tag get"));
  CHECK(lists(host, "esxcli network ip interface tag get"));
  const auto first = captured(ask("vmware -v", "VMware ESXi 5.0.0 build-469512\n") +
                              ask("esxcli network ip interface list", "vmk0\n   Name: vmk0\n   Portgroup: A\n"));
  CHECK(!lists(first, "esxcli network ip interface tag get"));  // 5.0 has no such command
  CHECK(lists(first, "grep Vmknic /etc/vmware/esx.conf"));
}

TEST_CASE("an ESXi host without any interface is one that the inputs do not show") {
  CHECK(about(captured(ask("vmware -v", "VMware ESXi 6.7.0 build-1\n")), "VMkernel interfaces") ==
        Texts{"missing VMkernel interfaces"});
}

TEST_CASE("ESXi 5.0 says in its options which interface carries what") {
  const auto host =
      captured(kVmks + ask("grep /Vmknic /etc/vmware/esx.conf", "/adv/Migrate/Vmknic = \"vmk2\"\n") +
               ask("grep /ManagementIface /etc/vmware/esx.conf", "/adv/Net/ManagementIface = \"vmk1\"\n"));
  CHECK(host.before.interface("vmk1")->services.has(model::Service::Management));
  CHECK(host.before.interface("vmk2")->services.has(model::Service::VMotion));
}

TEST_CASE("RVTools: truth in other languages, and a lease or none where nobody says") {
  const auto dhcp = [](std::string_view cell) { return host_of_container("RVTools tab", kRvHead + rv_row(cell)); };
  for (const auto* yes : {"True", "Wahr", "1", "Vrai"}) CHECK(dhcp(yes).before.interface("vswif0")->dhcp);
  for (const auto* no : {"False", "Falsch", "0", "Faux"}) {
    CHECK(about(dhcp(no), "dhcp").empty());
    CHECK(!dhcp(no).before.interface("vswif0")->dhcp);
  }
  CHECK(about(dhcp("Tosi"), "dhcp") == Texts{"missing vswif0 dhcp"});
  CHECK(has_diagnostic(dhcp("Tosi"), "value-damaged"));
  auto row = rv_row("X");
  const auto without =
      host_of_container("RVTools tab", std::string(kRvHead).replace(kRvHead.find("DHCP"), 4, "Lease") + row);
  CHECK(about(without, "dhcp") == Texts{"missing vswif0 dhcp"});
  CHECK(has_diagnostic(without, "rvtools-column-missing"));
  const auto damaged = [](std::string_view from, std::string_view to) {
    auto text = kRvHead + rv_row("False");
    return doubts(host_of_container("RVTools tab", text.replace(text.find(from), from.size(), to)));
  };
  const auto holds = [](const Texts& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
  };
  CHECK(holds(damaged(",1500\n", ",jumbo\n"), "missing vswif0 mtu"));
  CHECK(!holds(damaged(",1500\n", ",9.000\n"), "missing vswif0 mtu"));
  CHECK(holds(damaged("255.255.255.0,,", "255.255.255.0,10.0.0.l,"), "missing console gateway"));
}

TEST_CASE("a host is called what its hosts file calls the console's address, if nothing else names it") {
  const std::pair<std::string, std::string> hosts{"etc/hosts",
                                                  "127.0.0.1 localhost\n10.0.0.9 other\n10.0.0.5 esxhh.ex.com esxhh\n"};
  const std::pair<std::string, std::string> nameless{"etc/sysconfig/network", "HOSTNAME=localhost.localdomain\n"};
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), nameless, hosts});
  CHECK(host.name == "esxhh");
  CHECK(host.fqdn == "esxhh.ex.com");
  CHECK(to_string(*host.origins.find("name")).starts_with("etc/hosts:3"));
  CHECK(host_of({console("vswif0", "10.0.0.5/24"), network(), hosts}).name == "esx01");
}

TEST_CASE("a port group's own uplinks in a script") {
  const std::string text =
      "rootpw x\n%post\nesxcfg-vswitch -a vSwitch1\nesxcfg-vswitch -L vmnic2 vSwitch1\nesxcfg-vswitch -L vmnic3 "
      "vSwitch1\n"
      "esxcfg-vswitch -A A vSwitch1\nesxcfg-vswitch -A B vSwitch1\n";
  const auto group = [&](std::string_view more, std::size_t n) {
    const auto facts = kickstart(text + std::string(more));
    const auto& order = facts.switches.at(0).portgroups.at(n).uplink_order;
    return order ? join(names_of(order->value), ",") : std::string("-");
  };
  CHECK(group("esxcfg-vswitch -N vmnic3 -p A vSwitch1\n", 0) == "vmnic2");
  CHECK(group("esxcfg-vswitch -N vmnic3 -p A vSwitch1\n", 1) == "-");
  CHECK(group("esxcfg-vswitch -N vmnic2 -p A vSwitch1\nesxcfg-vswitch -M vmnic2 -p A vSwitch1\n", 0) ==
        "vmnic3,vmnic2");
  CHECK(warnings(kickstart(text + "esxcfg-vswitch -N vmnic2 -p C vSwitch1\n")).size() == 1);
}

TEST_CASE("a script that adds to resolv.conf keeps the servers of its network line") {
  const std::string line =
      "rootpw x\nkeyboard us\nnetwork --bootproto=static --ip=10.1.1.5 --netmask=255.255.255.0 "
      "--nameserver=10.1.1.8\n%post\n";
  const auto servers = [&](std::string_view sign) {
    Texts out;
    for (const auto& server :
         kickstart(line + fmt::format("cat {} /etc/resolv.conf <<X\nnameserver 10.1.1.3\nX\n", sign)).dns_servers)
      out.push_back(to_string(server.value));
    return out;
  };
  CHECK(servers(">>") == Texts{"10.1.1.8", "10.1.1.3"});
  CHECK(servers(">") == Texts{"10.1.1.3"});
}

TEST_CASE("two lines are a kickstart, and ESXi's network line is the management interface") {
  const auto is_kickstart = [](std::string_view text) {
    const auto all = importers();
    const auto it = std::find_if(all.begin(), all.end(), [](const Importer& i) { return i.name == "kickstart"; });
    return it->recognises(text);
  };
  CHECK(is_kickstart("accepteula\nnetwork --bootproto=static --ip=10.1.1.5 --hostname=x\n"));
  CHECK(!is_kickstart("the network --bootproto option\nreboot\n"));
  const auto facts = kickstart(
      "accepteula\ninstall --firstdisk\nnetwork --bootproto=static --ip=10.1.1.5\n%firstboot "
      "--interpreter=busybox\nesxcli network ip interface add -i vmk1 -p X\n");
  REQUIRE(facts.services.size() == 1);
  CHECK(facts.services[0].interface == "vmk0");
  CHECK(facts.lost.size() == 1);  // what the esxcli command makes
}
