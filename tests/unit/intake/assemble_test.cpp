// From the facts of several files to one host: who is believed, and what is a contradiction and what is none.
#include "assembling.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

const model::Interface& interface(const model::Host& host, std::string_view name) {
  const auto* found = host.before.interface(name);
  INFO(name);
  REQUIRE(found != nullptr);
  return *found;
}

}  // namespace

TEST_CASE("a whole host: console from ifcfg, VMkernel from esx.conf, both stacks, no doubt") {
  const auto host = host_of({kVswif0, kConf, network()});
  CHECK(host.name == "esx01");
  CHECK(host.fqdn == "esx01.example.com");
  CHECK(host.product == "ESX");
  CHECK(host.uuid == "4a3b27ac-5705f21d-6d09-000c2918f3aa");
  CHECK(doubts(host).empty());
  const auto& vswif0 = interface(host, "vswif0");
  CHECK(vswif0.stack == "console");
  CHECK(model::address_text(vswif0) == "10.0.0.5/24");
  CHECK(vswif0.vswitch == "vSwitch0");
  CHECK(vswif0.vlan->value() == 10);
  CHECK(join(vswif0.uplinks.active, " ") == "vmnic0 vmnic1");
  CHECK(to_string(*vswif0.origins.find("address")) == "etc/sysconfig/network-scripts/ifcfg-vswif0:3");
  CHECK(to_string(*vswif0.origins.find("vlan")) == "etc/vmware/esx.conf:7");
  CHECK(interface(host, "vmk0").stack == "vmkernel");
  CHECK(interface(host, "vmk0").vlan->value() == 0);
  CHECK(!interface(host, "vmk0").mtu);
  CHECK(gateway(host, "console") == "10.0.0.1");
  CHECK(gateway(host, "vmkernel") == "-");
  CHECK(host.before.dns.domain == "example.com");
  CHECK(host.inputs.size() == 3);
}

TEST_CASE("the order of the files does not matter") {
  const Files files{kVswif0, kConf, network(), listed_vswifs({"vswif0|Service Console|10.0.0.6|255.255.255.0|STATIC"})};
  const auto a = host_of(files);
  const auto b = host_of({files.rbegin(), files.rend()});
  CHECK(a.before == b.before);
  CHECK(doubts(a) == doubts(b));
}

TEST_CASE("configuration is believed, a listing that differs is one contradiction with every place") {
  const auto host =
      host_of({kVswif0, kConf, network(), listed_vswifs({"vswif0|Service Console|10.0.0.6|255.255.255.0|STATIC"}),
               output("ifconfig_-a",
                      "vswif0    Link encap:Ethernet  HWaddr 00:50:56:4A:78:BE\n"
                      "          inet addr:10.0.0.6  Bcast:10.0.0.255  Mask:255.255.255.0\n"
                      "          UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n")});
  CHECK(model::address_text(interface(host, "vswif0")) == "10.0.0.5/24");
  REQUIRE(doubts(host) == Texts{"contradiction vswif0 address: 10.0.0.5 10.0.0.6 10.0.0.6"});
  CHECK(to_string(host.doubts[0].values[1].at) == "commands/esxcfg-vswif_-l.txt:2");
}

TEST_CASE("what a host calls its management address corroborates, and defines nothing") {
  const auto conf = [](std::string_view lines) {
    return esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + std::string(lines));
  };
  CHECK(doubts(host_of({kVswif0, network(), conf("/adv/Misc/HostIPAddr = \"10.0.0.5\"\n")})).empty());
  CHECK(doubts(host_of({kVswif0, network(), conf("/adv/Misc/HostIPAddr = \"10.0.0.7\"\n")})) ==
        Texts{"contradiction vswif0 address: 10.0.0.5 10.0.0.7"});
  const auto second = console("vswif1", "10.0.2.5/24");
  CHECK(doubts(host_of({kVswif0, second, network(), conf("/adv/Net/ManagementAddr = \"10.0.2.5\"\n")})).empty());
  CHECK(doubts(host_of({kVswif0, second, network(),
                        conf("/adv/Net/ManagementAddr = \"10.0.9.9\"\n/adv/Net/ManagementIface = \"vswif1\"\n")})) ==
        Texts{"contradiction vswif1 address: 10.0.2.5 10.0.9.9"});
  const auto lease = ifcfg("vswif0", "BOOTPROTO=dhcp\nONBOOT=yes\nPORTGROUP=\"Service Console\"\n");
  const auto host = host_of({lease, network(""), conf("/adv/Misc/HostIPAddr = \"10.0.0.7\"\n")});
  CHECK(doubts(host).empty());
  CHECK(!interface(host, "vswif0").address);
}

TEST_CASE("a lease is known from listings only, and what a DHCP interface's file still holds is not in use") {
  const auto file =
      ifcfg("vswif0", "BOOTPROTO=dhcp\nIPADDR=10.9.9.9\nNETMASK=255.0.0.0\nPORTGROUP=\"Service Console\"\n");
  const auto host =
      host_of({file, kConf, network("GATEWAYDEV=vswif0\n"),
               listed_vswifs({"vswif0|Service Console|10.0.0.6|255.255.255.0|DHCP"}),
               output("route_-n",
                      "Kernel IP routing table\n"
                      "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
                      "0.0.0.0         10.0.0.1        0.0.0.0         UG    0      0        0 vswif0\n")});
  CHECK(doubts(host).empty());
  CHECK(interface(host, "vswif0").dhcp);
  CHECK(model::address_text(interface(host, "vswif0")) == "10.0.0.6/24");
  CHECK(gateway(host, "console") == "10.0.0.1");
  CHECK(!has_diagnostic(host, "gateway-not-configured"));
  const auto silent = host_of({file, kConf, network("")});
  CHECK(!interface(silent, "vswif0").address);
  CHECK(doubts(silent).empty());  // unaddressed, which is a finding of its own, not missing evidence
}

TEST_CASE("1514 is 1500 as ESX 3 prints it") {
  const auto conf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/vmkernelnic/child[0000]/mtu = \"1500\"\n");
  const auto listing = listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1514|STATIC"});
  CHECK(doubts(host_of({kVswif0, conf, network(), listing})).empty());
  CHECK(interface(host_of({kVswif0, kConf, network(), listing}), "vmk0").mtu == 1500U);
  const auto other = listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|9000|STATIC"});
  CHECK(doubts(host_of({kVswif0, conf, network(), other})) == Texts{"contradiction vmk0 mtu: 1500 9000"});
}

TEST_CASE("host names differ by domain and case only, or they differ") {
  const auto name = [](std::string_view said) {
    return esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + fmt::format("/adv/Misc/HostName = \"{}\"\n", said));
  };
  for (const auto* same : {"esx01", "ESX01", "esx01.example.com", "localhost.localdomain"})
    CHECK(doubts(host_of({kVswif0, network(), name(same)})).empty());
  CHECK(doubts(host_of({kVswif0, network(), name("esx02")})) ==
        Texts{"contradiction hostname: esx01.example.com esx02"});
  CHECK(host_of({kVswif0, kConf}).name == "folder");
  const auto hostile = host_of({kVswif0, name("../../etc")});
  CHECK(hostile.name == "folder");
  CHECK(has_diagnostic(hostile, "host-name"));
}

TEST_CASE("the most precise version that agrees is taken, what vmware -v printed before what files say") {
  const std::pair<std::string, std::string> release{"etc/vmware-release", "VMware ESX 4.1 (Kandinsky)\n"};
  CHECK(host_of({kVswif0, kConf}).version == "4");
  CHECK(host_of({kVswif0, kConf, release}).version == "4.1");
  const auto whole =
      host_of({kVswif0, kConf, network(), release, output("vmware_-vl", "VMware ESX 4.1.0 build-348481\n")});
  CHECK(whole.version == "4.1.0");
  CHECK(whole.build == "348481");
  CHECK(doubts(whole).empty());
  const auto other =
      host_of({kVswif0, kConf, network(), release, output("vmware_-v", "VMware ESX 4.0.0 build-164009\n")});
  CHECK(other.version == "4.0.0");
  CHECK(doubts(other) == Texts{"contradiction version: 4.0.0 4.1"});
}

TEST_CASE("first created: the console by number, the VMkernel by slot of esx.conf, strangers of a listing last") {
  const auto conf = esx_conf(vmk_lines(5, "vmk0", "10.0.1.5/24") + vmk_lines(2, "vmk1", "10.0.2.5/24"));
  const auto host = host_of({console("vswif10", "10.0.0.6/24"), console("vswif2", "10.0.0.7/24"), conf, network(),
                             listed_vmks({"vmk7|VMotion|10.0.3.5|255.255.255.0|1500|STATIC",
                                          "vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC",
                                          "vmk1|VMotion|10.0.2.5|255.255.255.0|1500|STATIC"})});
  CHECK(interface(host, "vswif2").created < interface(host, "vswif10").created);
  CHECK(interface(host, "vmk1").created < interface(host, "vmk0").created);
  CHECK(interface(host, "vmk0").created < interface(host, "vmk7").created);
  std::vector<std::uint16_t> ranks;
  for (const auto& i : host.before.interfaces) ranks.push_back(i.created);
  std::sort(ranks.begin(), ranks.end());
  CHECK(std::adjacent_find(ranks.begin(), ranks.end()) == ranks.end());
}

TEST_CASE("roles come from the options, mounts from esx.conf, what is disabled is left out") {
  const auto host =
      host_of({kVswif0, network(),
               esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") +
                        "/adv/Migrate/Vmknic = \"vmk0\"\n/adv/FT/Vmknic = \"vmk9\"\n"
                        "/nas/one/host = \"10.0.9.9\"\n/nas/one/share = \"/a\"\n/nas/one/enabled = \"true\"\n"
                        "/nas/two/host = \"10.0.9.9\"\n/nas/two/enabled = \"false\"\n")});
  CHECK(interface(host, "vmk0").services.has(model::Service::VMotion));
  CHECK(has_diagnostic(host, "service-of-nothing"));
  REQUIRE(host.before.nfs.size() == 1);
  CHECK(host.before.nfs[0].server == "10.0.9.9");
  CHECK(has_diagnostic(host, "nfs-disabled"));
}

TEST_CASE("a binding whose adapter no file names is kept all the same") {
  const auto host = host_of({kVswif0, kConf, network(), output("esxcli-swiscsi-nic-list.11.txt", "")});
  CHECK(interface(host, "vmk0").bound_to.empty());
  const auto bound =
      host_of({kVswif0, kConf, network(), {"tmp/esxcli-swiscsi-nic-list.11.txt", "vmk0\n    pNic name: vmnic2\n"}});
  CHECK(interface(bound, "vmk0").bound_to == "vmhba?");
  CHECK(bound.before.iscsi.adapters == Texts{"vmhba?"});
}

TEST_CASE("NTP servers of both files, DNS of the first that has any") {
  const auto host = host_of({kVswif0,
                             kConf,
                             network(),
                             {"etc/ntp.conf", "server 10.0.9.1\nserver 10.0.9.2\n"},
                             {"etc/ntp/step-tickers", "10.0.9.2\n10.0.9.3\n"},
                             {"etc/resolv.conf", "search example.com\nnameserver 10.0.9.4\n"}});
  Texts servers;
  for (const auto& server : host.before.ntp) servers.push_back(server.value);
  CHECK(servers == Texts{"10.0.9.1", "10.0.9.2", "10.0.9.3"});
  REQUIRE(host.before.dns.servers.size() == 1);
  CHECK(host.before.dns.search == Texts{"example.com"});
}
