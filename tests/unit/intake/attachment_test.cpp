// Port groups, dvPorts, uplinks: how an interface is attached, in all the ways in which files say it.
#include "assembling.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

std::pair<std::string, std::string> vswitches(std::string_view rows) {
  return output("esxcfg-vswitch_-l",
                "Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n"
                "vSwitch0         128         5           128               1500    vmnic0,vmnic1\n\n"
                "  PortGroup Name        VLAN ID  Used Ports  Uplinks\n" +
                    std::string(rows));
}

std::string team(const model::Teaming& teaming) { return join(teaming.active, ",") + "|" + join(teaming.standby, ","); }

std::string override_lines(unsigned group, std::initializer_list<std::string_view> order, unsigned active) {
  const auto prefix = fmt::format("/net/vswitch/child[0000]/portgroup/child[{:04}]/teamPolicy/", group);
  std::string lines = prefix + "hasUplinkOrder = \"true\"\n" + prefix + fmt::format("maxActive = \"{}\"\n", active);
  unsigned slot = 0;
  for (const auto uplink : order) lines += prefix + fmt::format("uplinks[{:04}]/pnic = \"{}\"\n", slot++, uplink);
  return lines;
}

const model::Host with_id(std::string_view id, const Files& more) {
  Files files{console("vswif0", "10.0.0.5/24", fmt::format("PORTGROUP={}\n", id)), kConf, network()};
  files.insert(files.end(), more.begin(), more.end());
  return host_of(files);
}

}  // namespace

TEST_CASE("an internal id means the port group that esxcfg-vswif -l shows") {
  const auto host = with_id("portgroup6", {listed_vswifs({"vswif0|VMotion|10.0.0.5|255.255.255.0|STATIC"})});
  CHECK(doubts(host).empty());
  CHECK(host.before.interface("vswif0")->portgroup == "VMotion");
}

TEST_CASE("an internal id without a map is the only console port group, with a warning") {
  const auto host = with_id("portgroup6", {});
  CHECK(doubts(host).empty());
  CHECK(host.before.interface("vswif0")->portgroup == "Service Console");
  CHECK(has_diagnostic(host, "portgroup-id"));
}

TEST_CASE("an internal id that could mean two port groups is missing evidence, and never a port group") {
  const auto host = with_id("portgroup6", {console("vswif1", "10.0.2.5/24", "PORTGROUP=portgroup7\n")});
  CHECK(doubts(host) == Texts{"missing vswif0 portgroup", "missing vswif1 portgroup"});
  CHECK(host.before.interface("vswif0")->portgroup.empty());
  CHECK(host.before.portgroup("portgroup6").second == nullptr);
}

TEST_CASE("a port group may be called like an id, or like a number") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24", "34") +
                             "/net/vswitch/child[0000]/portgroup/child[0002]/name = \"portgroup6\"\n"
                             "/net/vswitch/child[0000]/portgroup/child[0003]/name = \"34\"\n");
  const auto host = host_of({console("vswif0", "10.0.0.5/24", "PORTGROUP=portgroup6\n"), conf, network(),
                             listed_vmks({"vmk0|34|10.0.1.5|255.255.255.0|1500|STATIC"})});
  CHECK(doubts(host).empty());
  CHECK(host.before.interface("vswif0")->portgroup == "portgroup6");
  CHECK(host.before.interface("vmk0")->portgroup == "34");
  CHECK(host.before.interface("vmk0")->dvport.empty());
}

TEST_CASE("a dvPort has a switch and uplinks, but its VLAN is in no file") {
  const auto host =
      host_of({console("vswif0", "10.0.0.5/24", ""), kConf, network(),
               listed_vswifs({"vswif0|34|10.0.0.5|255.255.255.0|STATIC"}),
               output("esxcfg-vswitch_-l",
                      "DVS Name         Num Ports   Used Ports  Configured Ports  MTU     Uplinks\n"
                      "dvOne            256         11          256               1500    vmnic3,vmnic2\n\n"
                      "  DVPort ID           In Use      Client\n"
                      "  34                  1           vswif0\n  35                  0\n")});
  const auto& vswif0 = *host.before.interface("vswif0");
  CHECK(vswif0.dvport == "34");
  CHECK(vswif0.vswitch == "dvOne");
  CHECK(vswif0.portgroup.empty());
  CHECK(team(vswif0.uplinks) == "vmnic2,vmnic3|");
  CHECK(doubts(host) == Texts{"missing vswif0 vlan"});
  CHECK(!host.doubts[0].script_needs_it);
}

TEST_CASE("an interface that no file attaches lacks its port group") {
  CHECK(doubts(host_of({console("vswif0", "10.0.0.5/24", ""), kConf, network()})) == Texts{"missing vswif0 portgroup"});
}

TEST_CASE("a port group that no file describes leaves the VLAN open") {
  const auto host = host_of({console("vswif0", "10.0.0.5/24", "PORTGROUP=Gone\n"), kConf, network()});
  CHECK(doubts(host) == Texts{"missing vswif0 vlan"});
  CHECK(has_diagnostic(host, "portgroup-unknown"));
}

TEST_CASE("an override wins over the switch, its first maxActive names are active") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + override_lines(1, {"vmnic1", "vmnic0"}, 1));
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), conf, network()});
  CHECK(team(host.before.interface("vmk0")->uplinks) == "vmnic1|vmnic0");
  CHECK(team(host.before.interface("vswif0")->uplinks) == "vmnic0,vmnic1|");
  CHECK(team(*host.before.portgroup("VMotion").second->override) == "vmnic1|vmnic0");
  CHECK(!host.before.portgroup("Service Console").second->override);
}

TEST_CASE("an uplink that left the switch is no uplink of an order either") {
  const auto conf =
      esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + override_lines(1, {"vmnic7", "vmnic1", "vmnic0"}, 2));
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), conf, network()});
  CHECK(team(host.before.interface("vmk0")->uplinks) == "vmnic1|vmnic0");
  CHECK(has_diagnostic(host, "uplink-not-on-switch"));
}

TEST_CASE("listings merge active and standby in an order of their own: no contradiction") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + override_lines(1, {"vmnic1", "vmnic0"}, 1));
  const auto order = GENERATE("vmnic1,vmnic0", "vmnic0,vmnic1");
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), conf, network(),
                             vswitches(fmt::format("  VMotion               0        1           {}\n"
                                                   "  Service Console       10       1           vmnic0,vmnic1\n",
                                                   order))});
  CHECK(doubts(host).empty());
  CHECK(team(host.before.interface("vmk0")->uplinks) == "vmnic1|vmnic0");
}

TEST_CASE("other uplinks, another VLAN, another switch are contradictions about the interface") {
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), kConf, network(),
                             vswitches("  VMotion               0        1           vmnic1\n"
                                       "  Service Console       20       1           vmnic0,vmnic1\n")});
  CHECK(doubts(host) == Texts{"contradiction vswif0 vlan: 10 20", "contradiction vmk0 uplinks: vmnic0,vmnic1 vmnic1"});
  CHECK(host.before.interface("vswif0")->vlan->value() == 10);
}

TEST_CASE("a contradiction about a port group that no interface is on concerns the host") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") +
                             "/net/vswitch/child[0000]/portgroup/child[0002]/name = \"VM Network\"\n");
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), conf, network(),
                             vswitches("  VM Network            7        1           vmnic0,vmnic1\n")});
  CHECK(doubts(host) == Texts{"contradiction vlan of VM Network: 0 7"});
}

TEST_CASE("a host of which only listings are left has its switches from them") {
  const auto host =
      host_of({listed_vswifs({"vswif0|Service Console|10.0.0.5|255.255.255.0|STATIC"}),
               listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC"}),
               vswitches("  VMotion               5        1           vmnic1\n"
                         "  Service Console       10       1           vmnic0,vmnic1\n"),
               output("esxcfg-route_-l", "VMkernel Routes:\nNetwork          Netmask          Gateway\n"),
               output("route_-n",
                      "Kernel IP routing table\n"
                      "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
                      "0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 vswif0\n")});
  CHECK(doubts(host).empty());
  CHECK(team(host.before.interface("vmk0")->uplinks) == "vmnic1|");
  CHECK(!host.before.portgroup("Service Console").second->override);
  CHECK(gateway(host, "console") == "10.0.0.1");
}

TEST_CASE("names are equal with the escapes of the VIM API and without") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24", "A%2fB") +
                             "/net/vswitch/child[0000]/portgroup/child[0002]/name = \"A%2fB\"\n");
  const auto host = host_of({console("vswif0", "10.0.0.5/24"), conf, network(),
                             listed_vmks({"vmk0|A/B|10.0.1.5|255.255.255.0|1500|STATIC"}),
                             vswitches("  Service Console      10       1           vmnic0,vmnic1\n"
                                       "  VMotion              0        1           vmnic0,vmnic1\n"
                                       "  A/B                  0        1           vmnic0,vmnic1\n")});
  CHECK(host.before.switches.at(0).portgroups.size() == 3);
  CHECK(doubts(host).empty());
  CHECK(host.before.interface("vmk0")->vswitch == "vSwitch0");
}
