// Gateways and routes, and what is missing: never guessed, always said.
#include "assembling.hpp"
#include "esx2esxi/intake/readers.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

bool lists(const model::Host& host, std::string_view command) {
  return std::any_of(host.not_found.begin(), host.not_found.end(),
                     [&](const std::string& what) { return what.starts_with(command); });
}

}  // namespace

TEST_CASE("a lone esx.conf has no console address: that is said, with the command that would tell") {
  const auto host = host_of({kConf});
  REQUIRE(doubts(host) == Texts{"missing console address"});
  CHECK(host.doubts[0].script_needs_it);
  CHECK(host.doubts[0].hint == "cat /etc/sysconfig/network-scripts/ifcfg-vswif*, or esxcfg-vswif -l");
  CHECK(host.before.portgroup("Service Console").first->name == "vSwitch0");
  CHECK(lists(host, "esxcfg-vswif -l"));
  CHECK(lists(host, "cat /etc/sysconfig/network:"));
  CHECK(!lists(host, "esxcfg-vmknic -l:"));
}

TEST_CASE("what is missing is named with the command of that kind of host") {
  const auto version = [](std::string_view line) { return output("vmware_-v", std::string(line) + "\n"); };
  const auto classic = host_of({version("VMware ESX 4.1.0 build-348481")});
  CHECK(lists(classic, "esxcfg-vswif -l: "));
  CHECK(lists(classic, "esxcfg-vmknic -l: "));
  CHECK(lists(classic, "esxcli swiscsi nic list -d vmhbaN: "));
  CHECK(lists(classic, "grep Vmknic /etc/vmware/esx.conf: "));
  CHECK(lists(classic, "esxcfg-nas -l: "));
  const auto esxi = host_of({version("VMware ESXi 6.7.0 build-1")});
  CHECK(!lists(esxi, "esxcfg-"));
  CHECK(lists(esxi, "esxcli network ip interface list and ipv4 get: "));
  CHECK(lists(esxi, "esxcli iscsi networkportal list: "));
  CHECK(lists(esxi, "esxcli network ip interface tag get -i vmkN: "));
  const auto old = host_of({version("VMware ESXi 4.1.0 build-702113")});
  CHECK(lists(old, "esxcfg-vmknic -l: "));
  CHECK(!lists(old, "esxcfg-vswif"));
  CHECK(!lists(host_of({version("VMware ESX Server 3.5.0 build-110268")}), "esxcli"));
}

TEST_CASE("a row that was refused does not prove that its interface has no address") {
  const auto refused = listed_vmks({"vmk0|VMotion|1O.0.1.5|255.255.255.0|1500|STATIC"});
  CHECK(doubts(host_of({kVswif0, network(), esx_conf(), refused})) ==
        Texts{"missing vmk0 portgroup", "missing vmk0 address"});
  const auto none = listed_vmks({"vmk0|VMotion|N/A|N/A|1500|NONE"});
  CHECK(doubts(host_of({kVswif0, network(), esx_conf(), none})).empty());
}

TEST_CASE("values that one command would tell of several interfaces are one line") {
  const auto host = host_of({listed_vmks({"vmk0|A|10.0.1.5|255.255.255.0|1500|STATIC",  //
                                          "vmk1|B|10.0.2.5|255.255.255.0|1500|STATIC"})});
  CHECK(lists(host, "esxcfg-vswitch -l: vlan of vmk0, vmk1"));
}

TEST_CASE("a gateway that runs is remarked on only beside the file that could set it") {
  CHECK(!has_diagnostic(host_of({kernel_routes("default 0.0.0.0 10.0.1.1 vmk0\n")}), "gateway-not-configured"));
  CHECK(has_diagnostic(host_of({kVswif0, kConf, kernel_routes("default 0.0.0.0 10.0.1.1 vmk0\n")}),
                       "gateway-not-configured"));
}

TEST_CASE("name servers that two sources name differently are a contradiction, their order is none") {
  const auto resolv = [](const std::string& name, std::string_view text) {
    return FileFacts{importer_for("etc/resolv.conf"), name, read_resolv_conf({FileName(name), text})};
  };
  const auto conf = resolv("a", "nameserver 10.0.0.1\nnameserver 10.0.0.2\n");
  const auto swapped = resolv("b", "nameserver 10.0.0.2\nnameserver 10.0.0.1\n");
  const auto other = resolv("b", "nameserver 10.0.0.3\n");
  const auto about_dns = [](const model::Host& host) {
    return std::count_if(host.doubts.begin(), host.doubts.end(),
                         [](const model::Doubt& d) { return d.subject == "DNS servers"; });
  };
  CHECK(about_dns(assemble({conf, swapped}, "x")) == 0);
  CHECK(about_dns(assemble({conf, other}, "x")) == 1);
}

TEST_CASE("a listing with a header and no row proves that there is no console interface") {
  const auto host = host_of({kConf, listed_vswifs({}), network("")});
  CHECK(doubts(host).empty());
}

TEST_CASE("a host without a file about the VMkernel lacks its interfaces, not the gateway of none") {
  CHECK(doubts(host_of({console("vswif0", "10.0.0.5/24", "PORTGROUP=X\n"), network()})) ==
        Texts{"missing vswif0 vlan", "missing VMkernel interfaces"});
}

TEST_CASE("a static interface without address or mask") {
  CHECK(doubts(host_of({ifcfg("vswif0", "BOOTPROTO=static\nPORTGROUP=\"Service Console\"\n"), kConf, network()})) ==
        Texts{"missing vswif0 address"});
  const auto host = host_of(
      {ifcfg("vswif0", "BOOTPROTO=static\nIPADDR=10.0.0.5\nPORTGROUP=\"Service Console\"\n"), kConf, network()});
  REQUIRE(doubts(host) == Texts{"missing vswif0 netmask"});
  CHECK(host.doubts[0].script_needs_it);
  CHECK(to_string(host.doubts[0].values.at(0).at) == "etc/sysconfig/network-scripts/ifcfg-vswif0:3");
  CHECK(doubts(host_of(
                   {ifcfg("vswif0", "BOOTPROTO=static\nONBOOT=no\nPORTGROUP=\"Service Console\"\n"), kConf, network()}))
            .empty());  // what is switched off needs nothing
}

TEST_CASE("a damaged address is not replaced by anything but a listing") {
  const auto damaged = ifcfg("vswif0", "IPADDR=1O.0.0.5\nNETMASK=255.255.255.0\nPORTGROUP=\"Service Console\"\n");
  const auto host = host_of({damaged, kConf, network()});
  CHECK(doubts(host) == Texts{"missing vswif0 address"});
  const auto told =
      host_of({damaged, kConf, network(), listed_vswifs({"vswif0|Service Console|10.0.0.5|255.255.255.0|STATIC"})});
  CHECK(doubts(told).empty());
  CHECK(model::address_text(*told.before.interface("vswif0")) == "10.0.0.5/24");
}

TEST_CASE("a gateway that nobody tells is missing, one that nobody set is not") {
  CHECK(doubts(host_of({kVswif0, kConf})) == Texts{"missing console gateway"});
  CHECK(doubts(host_of({kVswif0, kConf, network("")})).empty());
  CHECK(doubts(host_of({kVswif0, kConf, console_routes("")})).empty());
  CHECK(doubts(host_of({kVswif0, kConf, network("GATEWAY=10.0.0.l\n")})) == Texts{"missing console gateway"});
  const auto damaged = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/routes/kernel/gateway = \"10.0.1.l\"\n");
  CHECK(doubts(host_of({kVswif0, damaged, network()})) == Texts{"missing vmkernel gateway"});
}

TEST_CASE("gateways of configuration and listing: one wins, the difference is said") {
  const auto rows = console_routes("0.0.0.0         10.0.0.2        0.0.0.0         UG    0      0        0 vswif0\n");
  const auto host = host_of({kVswif0, kConf, network(), rows});
  CHECK(gateway(host, "console") == "10.0.0.1");
  CHECK(doubts(host) == Texts{"contradiction console gateway: 10.0.0.1 10.0.0.2"});
  const auto only = host_of({kVswif0, kConf, network(""), rows});
  CHECK(gateway(only, "console") == "10.0.0.2");
  CHECK(doubts(only).empty());
  CHECK(has_diagnostic(only, "gateway-not-configured"));
}

TEST_CASE("a gateway printed by a name that was cut contradicts nothing") {
  const auto host =
      host_of({kVswif0, kConf, network(),
               console_routes("default         b-gw.harbor.exa 0.0.0.0         UG    0      0        0 vswif0\n")});
  CHECK(doubts(host).empty());
}

TEST_CASE("GATEWAYDEV on another interface than the gateway's range: the range decides, and that is said") {
  const auto vswif1 = console("vswif1", "10.0.7.5/24");
  const auto host = host_of({kVswif0, vswif1, kConf, network("GATEWAY=10.0.0.1\nGATEWAYDEV=vswif1\n")});
  CHECK(doubts(host) == Texts{"contradiction vswif1 gateway device: vswif0 vswif1"});
  CHECK(host.before.stack("console")->gateway_device == "vswif1");
  CHECK(doubts(host_of({kVswif0, vswif1, kConf, network("GATEWAY=10.9.9.1\nGATEWAYDEV=vswif1\n")})).empty());
  const auto twin = console("vswif1", "10.0.0.6/24");
  CHECK(doubts(host_of({kVswif0, twin, kConf, network("GATEWAY=10.0.0.1\nGATEWAYDEV=vswif1\n")})).empty());
}

TEST_CASE("static routes of the VMkernel from its listing, without connected, default and redirected rows") {
  const auto host = host_of({kVswif0, kConf, network(),
                             kernel_routes("10.0.1.0         255.255.255.0    Local Subnet     vmk0\n"
                                           "10.8.0.0         255.255.0.0      10.0.1.254       vmk0\n"
                                           "10.7.7.7         255.255.255.255  10.0.1.253       vmk0\n"
                                           "default          0.0.0.0          10.0.1.1         vmk0\n")});
  CHECK(routes(host, "vmkernel") == Texts{"10.8.0.0/16 via 10.0.1.254"});
  CHECK(gateway(host, "vmkernel") == "10.0.1.1");
  CHECK(has_diagnostic(host, "route-redirect"));
  CHECK(doubts(host).empty());
  CHECK(!lists(host, "esxcfg-route -l"));
}

TEST_CASE("a redirect towards storage is dropped with a warning") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/nas/x/host = \"10.7.7.7\"\n");
  const auto host =
      host_of({kVswif0, conf, network(), kernel_routes("10.7.7.7   255.255.255.255  10.0.1.253   vmk0\n")});
  const auto note = std::find_if(host.diagnostics.begin(), host.diagnostics.end(),
                                 [](const Diagnostic& d) { return d.code == "route-redirect"; });
  REQUIRE(note != host.diagnostics.end());
  CHECK(note->severity == Severity::Warning);
}

TEST_CASE("console routes from their files and from the running table, each once") {
  const auto host =
      host_of({kVswif0,
               kConf,
               network(),
               {"etc/sysconfig/network-scripts/route-vswif0", "10.8.0.0/16 via 10.0.0.9\n"},
               {"etc/sysconfig/static-routes", "any net 10.9.0.0 netmask 255.255.0.0 gw 10.0.0.9\n"},
               console_routes("0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 vswif0\n"
                              "10.8.0.0        10.0.0.9        255.255.0.0     UG    0      0        0 vswif0\n"
                              "10.6.0.0        10.0.0.9        255.255.0.0     UG    0      0        0 vswif0\n"
                              "10.5.5.5        10.0.0.9        255.255.255.255 UGHD  0      0        0 vswif0\n"
                              "169.254.0.0     0.0.0.0         255.255.0.0     U     0      0        0 vswif0\n")});
  CHECK(routes(host, "console") ==
        Texts{"10.6.0.0/16 via 10.0.0.9", "10.8.0.0/16 via 10.0.0.9", "10.9.0.0/16 via 10.0.0.9"});
  CHECK(doubts(host) == Texts{"contradiction console route to 10.9.0.0/16: 10.0.0.9 none"});
}

TEST_CASE("a running route that goes another way than the configured one is a contradiction") {
  const auto host =
      host_of({kVswif0,
               kConf,
               network(),
               {"etc/sysconfig/network-scripts/route-vswif0", "10.8.0.0/16 via 10.0.0.9\n"},
               console_routes("0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 vswif0\n"
                              "10.8.0.0        10.0.0.8        255.255.0.0     UG    0      0        0 vswif0\n")});
  CHECK(routes(host, "console") == Texts{"10.8.0.0/16 via 10.0.0.9"});
  CHECK(doubts(host) == Texts{"contradiction console route to 10.8.0.0/16: 10.0.0.9 10.0.0.8"});
}

TEST_CASE("two ways to one network in one file are a tie, not a contradiction") {
  const auto host =
      host_of({kVswif0,
               kConf,
               network(),
               {"etc/sysconfig/network-scripts/route-vswif0", "10.8.0.0/16 via 10.0.0.9\n10.8.0.0/16 via 10.0.0.8\n"}});
  CHECK(routes(host, "console").size() == 2);
  CHECK(doubts(host).empty());
}

TEST_CASE("a file that is not whole leaves the host in doubt") {
  const auto cut = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/vmkernelnic/child[0001]/na");
  const auto host = host_of({kVswif0, cut, network()});
  REQUIRE(doubts(host) == Texts{"missing rest of esx.conf", "missing vmkernel gateway"});  // it may have stood behind
  CHECK(host.doubts[0].script_needs_it);
}

TEST_CASE("an ESXi host has no console, and another name for its stack") {
  const auto host = host_of({{"etc/vmware/esx.conf",
                              "/system/uuid = \"4a3b27ac-5705f21d-6d09-000c2918f3aa\"\n"
                              "/vmkdevmgr/pci/m001/alias = \"vmnic0\"\n"
                              "/net/vswitch/child[0000]/name = \"vSwitch0\"\n"
                              "/net/vswitch/child[0000]/portgroup/child[0000]/name = \"M\"\n"
                              "/net/routes/kernel/gateway = \"10.0.1.1\"\n" +
                                  vmk_lines(0, "vmk0", "10.0.1.5/24", "M")}});
  CHECK(host.product == "ESXi");
  CHECK(doubts(host).empty());
  REQUIRE(host.before.stacks.size() == 1);
  CHECK(gateway(host, "defaultTcpipStack") == "10.0.1.1");
  CHECK(host.before.interface("vmk0")->stack == "defaultTcpipStack");
}
