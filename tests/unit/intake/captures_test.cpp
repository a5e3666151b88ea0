// Captures of ESXi hosts: from a session to facts, and to the host that they mean.
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/read.hpp"
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

std::vector<NamedFacts> session(std::string_view text) {
  return container_named("session").read({FileName("s"), text});
}

/// All facts of the parts in one, in their order.
Facts together(const std::vector<NamedFacts>& parts) {
  Facts all;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  for (const auto& [host, cluster, part, facts, importer, only_notes] : parts) {
    append(all.interfaces, facts.interfaces);
    append(all.switches, facts.switches);
    append(all.pnics, facts.pnics);
    append(all.gateways, facts.gateways);
    append(all.routes, facts.routes);
    append(all.services, facts.services);
    append(all.nfs, facts.nfs);
    append(all.bindings, facts.bindings);
    append(all.iscsi_targets, facts.iscsi_targets);
    append(all.dns_servers, facts.dns_servers);
    append(all.dns_search, facts.dns_search);
    append(all.ntp_servers, facts.ntp_servers);
    append(all.notes, facts.notes);
    if (facts.product && !all.product) all.product = facts.product;
    if (facts.version && !all.version) all.version = facts.version;
    if (facts.hostname && !all.hostname) all.hostname = facts.hostname;
  }
  return all;
}

Texts hosts_of(const std::vector<NamedFacts>& parts) {
  Texts out;
  for (const auto& part : parts)
    if (out.empty() || out.back() != part.host) out.push_back(part.host);
  return out;
}

Texts services_of(const Facts& facts) {
  Texts out;
  for (const auto& fact : facts.services) out.push_back(fact.interface + " " + std::string(to_string(fact.service)));
  return out;
}

model::Host only_host(const model::Estate& estate) {
  for (const auto& note : estate.diagnostics) UNSCOPED_INFO(to_string(note));
  REQUIRE(estate.hosts.size() == 1);
  return estate.hosts.front();
}

model::Host captured(const std::string& file) {
  return only_host(read_estate({std::string(TEST_ESTATES "/harbor/esxi-captures/") + file}, {}));
}

std::string shape(const model::Interface& i) {
  std::string services;
  for (const auto s : i.services.list()) services += " " + std::string(to_string(s));
  return fmt::format("{} {} {} {}/{} vlan {} mtu {} gw {} bound {}{}", i.name, i.stack, address_text(i), i.portgroup,
                     i.vswitch, i.vlan ? std::to_string(i.vlan->value()) : "-", i.mtu.value_or(0),
                     i.gateway_override ? to_string(*i.gateway_override) : "-", i.bound_to.empty() ? "-" : i.bound_to,
                     services);
}

const std::string kPrompt = "[root@esx01:~] ";
const std::string kIpv4Head =
    "Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  Gateway     DHCP DNS\n"
    "----  ------------  -------------  --------------  ------------  ----------  --------\n";
const std::string kRouteHead =
    "Network     Netmask        Gateway     Interface  Source\n"
    "----------  -------------  ----------  ---------  ------\n";

}  // namespace

TEST_CASE("captures: gantry01 as a model") {
  const auto host = captured("gantry01-esxi67.txt");
  CHECK(host.name == "gantry01");
  CHECK(host.fqdn == "gantry01.harbor.example");
  CHECK(host.product == "ESXi");
  CHECK(host.version == "6.7.0");
  CHECK(host.build == "17700523");
  Texts interfaces;
  for (const auto& i : host.before.interfaces) interfaces.push_back(shape(i));
  CHECK(
      interfaces ==
      Texts{
          "vmk0 defaultTcpipStack 10.78.10.61/24 Management Network/vSwitch0 vlan 781 mtu 1500 gw - bound - management",
          "vmk1 defaultTcpipStack 10.78.20.61/24 vMotion-1/vSwitch0 vlan 782 mtu 1500 gw - bound - vmotion "
          "faultToleranceLogging",
          "vmk2 defaultTcpipStack 10.78.20.161/24 vMotion-2/vSwitch0 vlan 782 mtu 1500 gw - bound - vmotion",
          "vmk3 defaultTcpipStack 10.78.35.61/24 FT-Logging/vSwitch0 vlan 783 mtu 1500 gw - bound - "
          "faultToleranceLogging",
          "vmk4 vmotion 10.78.21.61/24 vMotion-stack/vSwitch0 vlan 784 mtu 1500 gw - bound - vmotion",
          "vmk5 defaultTcpipStack 10.78.50.61/24 iSCSI-A/vSwitch1 vlan 785 mtu 9000 gw - bound vmhba64",
          "vmk6 defaultTcpipStack 10.78.50.161/24 iSCSI-B/vSwitch1 vlan 785 mtu 9000 gw - bound vmhba64",
          "vmk7 defaultTcpipStack 10.78.70.61/24 NFS/vSwitch2 vlan 787 mtu 1500 gw 10.78.70.1 bound -"});
  const auto& state = host.before;
  REQUIRE(state.stack("defaultTcpipStack"));
  CHECK(state.stack("defaultTcpipStack")->gateway == *net::Ipv4Address::parse("10.78.10.1"));
  REQUIRE(state.stack("vmotion"));
  CHECK(state.stack("vmotion")->gateway == *net::Ipv4Address::parse("10.78.21.1"));
  CHECK(state.interface("vmk1")->uplinks == model::Teaming{{"vmnic0"}, {"vmnic1"}});
  CHECK(state.interface("vmk2")->uplinks == model::Teaming{{"vmnic1"}, {"vmnic0"}});
  CHECK(state.interface("vmk5")->uplinks == model::Teaming{{"vmnic2"}, {}});
  CHECK(state.interface("vmk6")->uplinks == model::Teaming{{"vmnic3"}, {}});
  REQUIRE(state.nfs.size() == 1);
  CHECK(state.nfs[0].server == "10.78.70.20");
  CHECK(state.pnics.size() == 6);
  CHECK(state.dns.servers.size() == 2);
  CHECK(state.dns.search == Texts{"harbor.example"});
  Texts doubts;
  for (const auto& doubt : host.doubts) doubts.push_back(doubt.interface + " " + doubt.subject);
  CHECK(doubts == Texts{});
}

TEST_CASE("captures: origins are lines of the capture") {
  const auto host = captured("gantry01-esxi67.txt");
  const auto* vmk7 = host.before.interface("vmk7");
  REQUIRE(vmk7);
  const auto text = file_text(TEST_ESTATES "/harbor/esxi-captures/gantry01-esxi67.txt");
  const auto lines = split(text, '\n');
  const auto* at = vmk7->origins.find("address");
  REQUIRE(at);
  CHECK(lines.at(at->line - 1).substr(at->column - 1, 11) == "10.78.70.61");
  at = vmk7->origins.find("gateway_override");
  REQUIRE(at);
  CHECK(lines.at(at->line - 1).substr(at->column - 1, 10) == "10.78.70.1");
}

TEST_CASE("captures: the migrated piers differ in the three planted facts") {
  const auto right = captured("pier01-esxi80.txt");
  const auto wrong = captured("pier01-esxi80-three-differences.txt");
  CHECK(right.before.interface("vmk1")->vlan->value() == 120);
  CHECK(wrong.before.interface("vmk1")->vlan->value() == 110);
  CHECK(right.before.stack("defaultTcpipStack")->routes.size() == 1);
  CHECK(wrong.before.stack("defaultTcpipStack")->routes.empty());
  CHECK_FALSE(right.before.interface("vmk0")->services.has(model::Service::VMotion));
  CHECK(wrong.before.interface("vmk0")->services.has(model::Service::VMotion));
  CHECK(right.before.nfs.size() == 3);
}

TEST_CASE("captures: a gateway that is the stack's own is no override") {
  const auto get = kPrompt + "esxcli network ip interface ipv4 get\n" + kIpv4Head +
                   "vmk0  10.0.0.5      255.255.255.0  10.0.0.255      STATIC        10.0.0.1       false\n"
                   "vmk1  10.0.1.5      255.255.255.0  10.0.1.255      STATIC        10.0.1.1       false\n"
                   "vmk2  10.0.2.5      255.255.255.0  10.0.2.255      STATIC        0.0.0.0        false\n";
  const auto routes = kPrompt + "esxcli network ip route ipv4 list\n" + kRouteHead +
                      "default     0.0.0.0        10.0.0.1    vmk0       MANUAL\n";
  const auto gateways = [](const std::string& text) {
    Texts out;
    for (const auto& fact : together(session(text)).interfaces) out.push_back(intake::testing::text(fact.gateway));
    return out;
  };
  CHECK(gateways(get + routes) == Texts{"-", "10.0.1.1", "-"});
  CHECK(gateways(routes + get) == Texts{"-", "10.0.1.1", "-"});
  // esxcfg-route tells as well
  CHECK(gateways(kPrompt + "esxcfg-route\nVMkernel default gateway is 10.0.0.1\n" + get) ==
        Texts{"-", "10.0.1.1", "-"});
  // Without the route list nothing is taken for granted.
  CHECK(gateways(get) == Texts{"-", "-", "-"});
  CHECK(warnings(together(session(get))).size() == 2);
}

TEST_CASE("captures: address types") {
  const auto facts = together(session(kPrompt + "esxcli network ip interface ipv4 get\n" +
                                      "Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  DHCP DNS\n"
                                      "----  ------------  -------------  --------------  ------------  --------\n"
                                      "vmk0  10.0.0.5      255.255.255.0  10.0.0.255      DHCP              true\n"
                                      "vmk1  0.0.0.0       0.0.0.0        0.0.0.0         NONE             false\n"
                                      "vmk2  10.0.2.5      255.255.225.0  10.0.2.255      STATIC           false\n"
                                      "vmk3  1O.0.0.5      255.255.255.0  10.0.2.255      STATIC           false\n"));
  CHECK(texts(facts.interfaces) == Texts{"vmk0 10.0.0.5/255.255.255.0 dhcp=yes on=-", "vmk1 -/- dhcp=no on=-",
                                         "vmk2 10.0.2.5/255.255.225.0 dhcp=no on=-",
                                         "vmk3 -/255.255.255.0 dhcp=no on=-"});
  CHECK(facts.interfaces[0].peer_dns->value);
  CHECK(warnings(facts) == Texts{"value-damaged 7:7"});
}

TEST_CASE("captures: interfaces on a distributed switch and of ESXi 5.0") {
  const auto facts = together(session(kPrompt + "esxcli network ip interface list\n" +
                                      "vmk0\n   Name: vmk0\n   MAC Address: 00:50:56:60:00:fc\n   Enabled: true\n"
                                      "   Portset: DvsPortset-0\n   Portgroup: N/A\n   VDS Name: dvHarbor\n"
                                      "   VDS Port: 34\n   VDS Connection: 1804821\n   MTU: 1500\n"));
  REQUIRE(facts.interfaces.size() == 1);
  CHECK(texts(facts.interfaces) ==
        Texts{"vmk0 -/- dv=34 dhcp=- on=yes mac=00:50:56:60:00:fc mtu=1500 stack=defaultTcpipStack"});
  CHECK(facts.interfaces[0].dvs->value == "dvHarbor");
  CHECK(facts.product->value == "ESXi");
}

TEST_CASE("captures: tags in all spellings, and those that are not looked at") {
  const auto tags = [](const std::string& line) {
    return together(session(kPrompt + "esxcli network ip interface tag get -i vmk3\n" + line));
  };
  CHECK(services_of(tags("   Tags: Management, VMotion, faultToleranceLogging\n")) ==
        Texts{"vmk3 management", "vmk3 vmotion", "vmk3 faultToleranceLogging"});
  CHECK(
      services_of(tags("Tags: VSAN,vSphereReplication, vSphereReplicationNFC, vSphereProvisioning, vSphereBackupNFC\n"))
          .size() == 5);
  CHECK(services_of(tags("   Tags: \n")) == Texts{});
  const auto other = tags("   Tags: NVMeTCP\n");
  CHECK(services_of(other) == Texts{});
  CHECK(has_note(other, "tag-unknown"));
  // Nobody's tags are nobody's.
  const auto nobody = together(session(kPrompt + "esxcli network ip interface tag get\n   Tags: VMotion\n"));
  CHECK(services_of(nobody) == Texts{});
}

TEST_CASE("captures: a vmk on the vMotion stack carries vMotion without a tag") {
  const auto facts = together(
      session(kPrompt + "esxcli network ip interface list --netstack=vmotion\n"
                        "vmk4\n   Name: vmk4\n   Enabled: true\n   Portgroup: v\n   Netstack Instance: vmotion\n"));
  CHECK(services_of(facts) == Texts{"vmk4 vmotion"});
}

TEST_CASE("captures: routes of each stack, without the host routes that were learned") {
  const auto facts = together(session(kPrompt + "esxcli network ip route ipv4 list -N vmotion\n" + kRouteHead +
                                      "default     0.0.0.0          10.78.21.1  vmk4       DHCP\n"
                                      "10.66.0.0   255.255.0.0      10.78.21.9  vmk4       MANUAL\n"
                                      "10.66.7.7   255.255.255.255  10.78.21.8  vmk4       REDIRECT\n"
                                      "10.78.21.0  255.255.255.0    0.0.0.0     vmk4       MANUAL\n"
                                      "10.67.0.1   255.255.0.0      10.78.21.9  vmk4       MANUAL\n"));
  CHECK(texts(facts.gateways) == Texts{"vmotion 10.78.21.1 vmk4"});
  CHECK(texts(facts.routes) == Texts{"vmotion 10.66.0.0/16 via 10.78.21.9 vmk4"});
  CHECK(has_note(facts, "route-dynamic"));
  CHECK(warnings(facts) == Texts{"value-damaged 8:1"});
}

TEST_CASE("captures: a port group's own teaming counts where it overrides, and where the group is known") {
  const std::string groups = kPrompt + "esxcli network vswitch standard portgroup list\n" +
                             "Name     Virtual Switch  Active Clients  VLAN ID\n"
                             "-------  --------------  --------------  -------\n"
                             "iSCSI A  vSwitch1                     1      785\n";
  const auto failover = [](std::string_view overrides) {
    return kPrompt + "esxcli network vswitch standard portgroup policy failover get -p 'iSCSI A'\n" +
           "   Load Balancing: srcport\n   Active Adapters: vmnic2\n   Standby Adapters: \n   Unused Adapters: "
           "vmnic3\n" +
           std::string(overrides);
  };
  const auto teaming = [](const std::string& text) -> std::string {
    for (const auto& one : together(session(text)).switches)
      for (const auto& group : one.portgroups)
        if (group.teaming) return one.name + " " + join(group.teaming->value.active, "+");
    return "-";
  };
  CHECK(teaming(groups + failover("   Override Vswitch Uplinks: true\n")) == "vSwitch1 vmnic2");
  CHECK(teaming(failover("   Override Vswitch Uplinks: true\n") + groups) == "vSwitch1 vmnic2");
  CHECK(teaming(groups + failover("   Override Vswitch Uplinks: false\n")) == "-");
  CHECK(teaming(groups + failover("")) == "vSwitch1 vmnic2");
  CHECK(warnings(together(session(failover("   Override Vswitch Uplinks: true\n")))) ==
        Texts{"portgroup-unplaced 1:1"});
}

TEST_CASE("captures: storage") {
  const auto facts = together(session(
      kPrompt + "esxcli iscsi software get\ntrue\n" + kPrompt + "esxcli iscsi adapter discovery sendtarget list\n" +
      "Adapter  Sendtarget\n-------  ----------------\nvmhba33  10.40.0.100:3260\nvmhba33  array.example:3260\n" +
      kPrompt + "esxcli storage nfs41 list\n" +
      "Volume Name  Host(s)              Share  Accessible  Mounted  Read-Only  Security   isPE  Hardware "
      "Acceleration\n"
      "-----------  -------------------  -----  ----------  -------  ---------  --------  -----  "
      "---------------------\n"
      "ds41         10.0.0.20,10.0.0.21  /a           true     true      false  AUTH_SYS  false  Not Supported\n"));
  REQUIRE(facts.iscsi_targets.size() == 1);
  CHECK(to_string(facts.iscsi_targets[0].value) == "10.40.0.100");
  REQUIRE(facts.nfs.size() == 1);
  CHECK(facts.nfs[0].server->value == "10.0.0.20");
  CHECK(warnings(facts) == Texts{"nfs-several-servers 11:14"});
}

TEST_CASE("captures: the same host in csv, keyvalue and xml") {
  const auto interface = [](const std::string& option, const std::string& list, const std::string& ipv4) {
    return texts(together(session(kPrompt + "esxcli " + option + " network ip interface list\n" + list + kPrompt +
                                  "esxcli " + option + " network ip interface ipv4 get\n" + ipv4))
                     .interfaces);
  };
  const Texts expected{"vmk0 -/- pg=Mgmt dhcp=- on=yes mac=00:50:56:60:00:fc mtu=1500 stack=defaultTcpipStack",
                       "vmk0 10.0.0.5/255.255.255.0 dhcp=no on=-"};
  CHECK(interface("--formatter=csv",
                  "Enabled,MACAddress,MTU,Name,NetstackInstance,Portgroup,VDSName,\n"
                  "true,00:50:56:60:00:fc,1500,vmk0,defaultTcpipStack,Mgmt,N/A,\n",
                  "AddressType,DHCPDNS,IPv4Address,IPv4Netmask,Name,\nSTATIC,false,10.0.0.5,255.255.255.0,vmk0,\n") ==
        expected);
  CHECK(interface("--formatter keyvalue",
                  "structure[0].NetworkInterface.Enabled.boolean=true\n"
                  "structure[0].NetworkInterface.MACAddress.string=00:50:56:60:00:fc\n"
                  "structure[0].NetworkInterface.MTU.integer=1500\n"
                  "structure[0].NetworkInterface.Name.string=vmk0\n"
                  "structure[0].NetworkInterface.NetstackInstance.string=defaultTcpipStack\n"
                  "structure[0].NetworkInterface.Portgroup.string=Mgmt\n",
                  "structure[0].IPv4Interface.AddressType.string=STATIC\n"
                  "structure[0].IPv4Interface.IPv4Address.string=10.0.0.5\n"
                  "structure[0].IPv4Interface.IPv4Netmask.string=255.255.255.0\n"
                  "structure[0].IPv4Interface.Name.string=vmk0\n") == expected);
  CHECK(
      interface("--formatter=xml",
                "<output><root><list type=\"structure\"><structure typeName=\"NetworkInterface\">"
                "<field name=\"Enabled\"><boolean>true</boolean></field>"
                "<field name=\"MACAddress\"><string>00:50:56:60:00:fc</string></field>"
                "<field name=\"MTU\"><integer>1500</integer></field><field name=\"Name\"><string>vmk0</string></field>"
                "<field name=\"NetstackInstance\"><string>defaultTcpipStack</string></field>"
                "<field name=\"Portgroup\"><string>Mgmt</string></field></structure></list></root></output>\n",
                "<output><root><list type=\"structure\"><structure typeName=\"IPv4Interface\">"
                "<field name=\"AddressType\"><string>STATIC</string></field>"
                "<field name=\"IPv4Address\"><string>10.0.0.5</string></field>"
                "<field name=\"IPv4Netmask\"><string>255.255.255.0</string></field>"
                "<field name=\"Name\"><string>vmk0</string></field></structure></list></root></output>\n") == expected);
}

TEST_CASE("captures: an ESXi 4.1 host is told by vmware -v and the classic listings") {
  const auto parts = session(
      "~ # vmware -v\nVMware ESXi 4.1.0 build-702113\n~ # hostname\nesx41i.example\n~ # esxcfg-vmknic -l\n"
      "Interface  Port Group/DVPort   IP Family IP Address                              Netmask         Broadcast      "
      " "
      "MAC Address       MTU     TSO MSS   Enabled Type\n"
      "vmk0       Management Network  IPv4      10.0.0.5                                255.255.255.0   10.0.0.255     "
      " "
      "00:50:56:60:00:fc 1500    65535     true    STATIC\n"
      "~ # esxcfg-route\nVMkernel default gateway is 10.0.0.1\n"
      "~ # esxcli swiscsi nic list -d vmhba33\nvmk1\n    pNic name: vmnic2\n");
  CHECK(hosts_of(parts) == Texts{"esx41i.example"});
  const auto facts = together(parts);
  CHECK(facts.product->value == "ESXi");
  CHECK(facts.version->value == "4.1.0");
  CHECK(texts(facts.interfaces) ==
        Texts{"vmk0 10.0.0.5/255.255.255.0 pg=Management Network dhcp=no on=yes mac=00:50:56:60:00:fc mtu=1500"});
  REQUIRE(facts.bindings.size() == 1);
  CHECK(facts.bindings[0].adapter == "vmhba33");
}
