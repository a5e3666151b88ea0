// ifconfig, esxcfg-nics, esxcfg-nas, esxcli swiscsi nic list, vmware -v.
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

TEST_CASE("ifconfig: the console's interfaces as they run") {
  const auto facts = read_sample(read_ifconfig, "crane02/tmp/ifconfig.12074.txt");
  CHECK(texts(facts.interfaces) ==
        Texts{"vswif0 10.72.10.22/255.255.0.0 dhcp=- on=yes mac=00:50:56:4a:78:70 mtu=1500",
              "vswif1 10.72.10.122/255.255.0.0 dhcp=- on=yes mac=00:50:56:4f:47:16 mtu=1500",
              "vswif2 169.254.95.119/255.255.255.0 dhcp=- on=yes mac=00:50:56:40:31:44 mtu=1500"});
  CHECK(warnings(facts) == Texts{});
  CHECK_FALSE(facts.lists_vswifs);
}

TEST_CASE("ifconfig: one that is down, one that lost its indent, an alias") {
  const auto facts = read(read_ifconfig,
                          "vswif0    Link encap:Ethernet  HWaddr 00:50:56:4C:00:09\n"
                          "inet addr:10.20.0.130  Bcast:10.20.0.255  Mask:255.255.255.0\n"
                          "inet6 addr: fe80::250:56ff:fe4c:9/64 Scope:Link\n"
                          "UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1\n"
                          "\n"
                          "vswif0:1  Link encap:Ethernet  HWaddr 00:50:56:4C:00:09\n"
                          "          inet addr:10.20.0.131  Bcast:10.20.0.255  Mask:255.255.255.0\n"
                          "\n"
                          "vswif1    Link encap:Ethernet  HWaddr 00:50:56:4C:00:0a\n"
                          "          BROADCAST MULTICAST  MTU:1500  Metric:1\n");
  CHECK(texts(facts.interfaces) ==
        Texts{"vswif0 10.20.0.130/255.255.255.0 dhcp=- on=yes mac=00:50:56:4c:00:09 mtu=1500",
              "vswif1 -/- dhcp=- on=no mac=00:50:56:4c:00:0a mtu=1500"});
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("ifconfig: another language and damage are refused") {
  const auto head = std::string("vswif0    Link encap:Ethernet  HWaddr 00:50:56:4C:00:09\n");
  CHECK(warnings(read(read_ifconfig,
                      head + "          inet Adresse:10.20.0.130  Bcast:10.20.0.255  Maske:255.255.255.0\n")) ==
        Texts{"row-damaged 2:11"});
  const auto facts =
      read(read_ifconfig, head + "          inet addr:10.2O.0.130  Bcast:10.20.0.255  Mask:255.255.255.0\n");
  CHECK(warnings(facts) == Texts{"value-damaged 2:21"});
  CHECK(text(facts.interfaces[0].address) == "-");
}

TEST_CASE("esxcfg-nics -l is read in every dialect") {
  struct Dialect {
    std::string name;
    std::string listing;
    Texts pnics;
  };
  const auto [name, listing, pnics] = GENERATE(values<Dialect>({
      {"4.x and later",
       "Name    PCI          Driver      Link Speed      Duplex MAC Address       MTU    Description\n"
       "vmnic0  0000:4b:00.0 icen        Up   25000Mbps  Full   02:00:00:aa:bb:cc 1500   Intel(R) Ethernet Controller "
       "E810-C for SFP\n"
       "vmnic2  0000:24:00.0 icen        Down 100000Mbps Full   02:00:00:aa:bb:f8 1500   Intel(R) Ethernet\n"
       "vmnic3  02:01        e1000       Down0Mbps       Half   02:00:00:aa:bb:f9 1500\n"
       "vusb0   Pseudo       cdc_ether   Up   10Mbps     Half   02:21:5e:3a:77:41 1500   Unknown Unknown\n",
       {"vmnic0 02:00:00:aa:bb:cc icen", "vmnic2 02:00:00:aa:bb:f8 icen", "vmnic3 02:00:00:aa:bb:f9 e1000",
        "vusb0 02:21:5e:3a:77:41 cdc_ether"}},
      {"3.0, no MTU",
       "Name PCI Driver Link Speed Duplex MAC Address Description\nvmnic0 03:00.0 bnx2 Up 1000Mbps Full "
       "00:1b:78:d5:6b:10 Broadcom\n",
       {"vmnic0 00:1b:78:d5:6b:10 bnx2"}},
      {"rows only",
       "vmnic0 03:00.0 bnx2 Up 1000Mbps Full 00:1b:78:d5:6b:10 1500 Broadcom\n",
       {"vmnic0 00:1b:78:d5:6b:10 bnx2"}},
      {"header only", "Name    PCI      Driver      Link Speed     Duplex MAC Address       MTU    Description\n", {}},
  }));
  INFO(name);
  const auto facts = read(read_esxcfg_nics, listing);
  Texts found;
  for (const auto& nic : facts.pnics)
    found.push_back(fmt::format("{} {} {}", nic.name, text(nic.mac), text(nic.driver)));
  CHECK(found == pnics);
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("esxcfg-nics -l: a damaged row leaves a name") {
  const auto facts = read(read_esxcfg_nics, "vmnic0 03:00.0 bnx2 Up 1000Mbps Full 00:1b:78:J5:6b:10 1500 Broadcom\n");
  REQUIRE(facts.pnics.size() == 1);
  CHECK_FALSE(facts.pnics[0].mac);
  CHECK(warnings(facts) == Texts{"row-damaged 1:1"});
}

TEST_CASE("esxcfg-nas -l: labels and shares with blanks, states, names") {
  const auto facts = read(read_esxcfg_nas,
                          "[root@pier01 ~]# esxcfg-nas -l\n"
                          "prod_a_01 is /vol/prod_a_01 from 10.71.30.20 mounted\n"
                          "iso library is /vol/iso images from filer-a.harbor.example\n"
                          "this is it is /vol/a from 10.71.30.20 not mounted\n"
                          "win is export1 from nas7\n"
                          "letter from home is /vol/b from 10.71.30.21 unmounted\n"
                          "broken is /vol/c from 10.71.3O.20 mounted\n"
                          "No NAS datastores found.\n");
  Texts found;
  for (const auto& nfs : facts.nfs) found.push_back(nfs.label + "|" + text(nfs.share) + "|" + text(nfs.server));
  CHECK(found == Texts{"prod_a_01|/vol/prod_a_01|10.71.30.20", "iso library|/vol/iso images|filer-a.harbor.example",
                       "this is it|/vol/a|10.71.30.20", "win|export1|nas7", "letter from home|/vol/b|10.71.30.21",
                       "broken|/vol/c|-"});
  CHECK(warnings(facts) == Texts{"value-damaged 7:23"});
}

TEST_CASE("esxcli swiscsi nic list: one binding per interface, nothing from the pnic") {
  const auto facts = read_sample(read_swiscsi_nic_list, "crane04/tmp/esxcli-swiscsi-nic-list.12348.txt");
  REQUIRE(facts.bindings.size() == 2);
  CHECK(facts.bindings[0].interface == "vmk1");
  CHECK(facts.bindings[0].adapter.empty());
  CHECK(facts.bindings[1].interface == "vmk2");
  CHECK(facts.bindings[1].at.line == 22);
  CHECK(facts.interfaces.empty());
  CHECK(facts.pnics.empty());
  const auto flush =
      read(read_swiscsi_nic_list,
           "~ # esxcli swiscsi nic list -d vmhba33\nvmk1\npNic name: vmnic2\nvmk2:\npNic name: vmnic3\n");
  REQUIRE(flush.bindings.size() == 2);
  CHECK(flush.bindings[1].adapter == "vmhba33");
  CHECK(flush.bindings[1].interface == "vmk2");
  CHECK(read(read_swiscsi_nic_list, "Error: Unknown command or namespace swiscsi nic list\n").bindings.empty());
}

TEST_CASE("vmware -v, -l, -vl and vmware-release tell product and version") {
  struct Line {
    std::string text;
    std::string expected;
  };
  const auto [line, expected] = GENERATE(values<Line>({
      {"VMware ESX Server 3.5.0 build-110268\n", "ESX 3.5.0 110268"},
      {"VMware ESX 4.1.0 build-348481\nVMware ESX 4.1.0 Update 1\n", "ESX 4.1.0 348481"},
      {"VMware ESX 4.1.0 Update 1\nVMware ESX 4.1.0 build-348481\n", "ESX 4.1.0 348481"},
      {"VMware ESXi 4.1.0 build-702113\r\n", "ESXi 4.1.0 702113"},
      {"VMware ESX Server 3i 3.5.0 build-123630\n", "ESXi 3.5.0 123630"},
      {"VMware ESXi 7.0 Update 3\n", "ESXi 7.0 -"},
      {"VMware ESX 4.1 (Kandinsky)\n", "ESX 4.1 -"},
      {"VMware ESX Server 3 (Dali)\n", "ESX 3 -"},
      {"-bash: vmware: command not found\n", "- - -"},
      {"VMware ESX Server 3.5.O build-110268\n", "- - -"},
      {"VMware ESX\n", "- - -"},
      {"VMware ESX Server\n", "- - -"},
  }));
  INFO(line);
  const auto facts = read(read_vmware_version, line);
  CHECK(text(facts.product) + " " + text(facts.version) + " " + text(facts.build) == expected);
}
