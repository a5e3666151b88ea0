#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

struct Dialect {
  std::string name;
  std::string listing;
  Texts interfaces;
};

const std::string kHeader4 =
    "Interface  Port Group/DVPort   IP Family IP Address                              Netmask         Broadcast       "
    "MAC Address  "
    "     MTU     TSO MSS   Enabled Type                \n";
const std::string kHeader7 =
    "Interface  Port Group/DVPort/Opaque Network        IP Family IP Address                              Netmask      "
    "   "
    "Broadcast       MAC Address       MTU     TSO MSS   Enabled Type                NetStack            \n";

}  // namespace

TEST_CASE("esxcfg-vmknic -l is read in every dialect") {
  const auto [name, listing, interfaces] = GENERATE(values<Dialect>({
      {"3.5",
       "Interface  Port Group          IP Address      Netmask         Broadcast       MAC Address       MTU     TSO "
       "MSS   Enabled "
       "Type\n"
       "vmk0       VMotion             10.74.20.35     255.255.255.0   10.74.20.255    00:50:56:7b:6e:0e 1514    40960 "
       "    true    "
       "STATIC\n",
       {"vmk0 10.74.20.35/255.255.255.0 pg=VMotion dhcp=no on=yes mac=00:50:56:7b:6e:0e mtu=1514"}},
      {"4.x, also DHCP without a lease",
       kHeader4 +
           "vmk0       VMkernel            IPv4      10.75.10.141  255.255.255.0   10.75.10.255    00:50:56:78:ea:e2 "
           "1500    65535     true    DHCP\n" +
           "vmk1       VMkernel-lab        IPv4      0.0.0.0  0.0.0.0  0.0.0.0  00:50:56:75:54:b7 1500    65535     "
           "true    DHCP\n",
       {"vmk0 10.75.10.141/255.255.255.0 pg=VMkernel dhcp=yes on=yes mac=00:50:56:78:ea:e2 mtu=1500",
        "vmk1 0.0.0.0/0.0.0.0 pg=VMkernel-lab dhcp=yes on=yes mac=00:50:56:75:54:b7 mtu=1500"}},
      {"ESXi: rows per address, no address, opaque networks, net stacks",
       kHeader7 + "vmk0       Management Network                      IPv4      10.30.64.10                            "
                  " 255.255.255.192 10.30.64.63     02:00:0a:1e:40:0a 1500    65535     true    STATIC              "
                  "defaultTcpipStack\n"
                  "vmk0       Management Network                      IPv6      fe80::aff:fe1e:400a                    "
                  " 64                              02:00:0a:1e:40:0a 1500    65535     true    STATIC, PREFERRED   "
                  "defaultTcpipStack\n"
                  "vmk1       16                                      IPv4      10.31.0.1                              "
                  " 255.255.0.0     10.31.255.255   00:50:56:aa:bb:5e 1500    65535     true    STATIC              "
                  "defaultTcpipStack\n"
                  "vmk2       iSCSI-A                                 IPv4      N/A                                    "
                  " N/A             N/A             00:50:56:aa:bb:cc 9000    65535     true    NONE                "
                  "defaultTcpipStack\n"
                  "vmk10      2764417a-0000-4ae5-b5f8-000000000066    IPv4      10.32.0.1                              "
                  " 255.255.0.0     10.32.255.255   00:50:56:aa:bb:4c 1700    65535     true    STATIC              "
                  "vxlan        \n",
       {"vmk0 10.30.64.10/255.255.255.192 pg=Management Network dhcp=no on=yes mac=02:00:0a:1e:40:0a mtu=1500 "
        "stack=defaultTcpipStack",
        "vmk1 10.31.0.1/255.255.0.0 dv=16 dhcp=no on=yes mac=00:50:56:aa:bb:5e mtu=1500 stack=defaultTcpipStack",
        "vmk2 -/- pg=iSCSI-A dhcp=no on=yes mac=00:50:56:aa:bb:cc mtu=9000 stack=defaultTcpipStack",
        "vmk10 10.32.0.1/255.255.0.0 dv=2764417a-0000-4ae5-b5f8-000000000066 dhcp=no on=yes mac=00:50:56:aa:bb:4c "
        "mtu=1700 stack=vxlan"}},
      {"only an IPv6 row",
       kHeader4 + "vmk3 Six IPv6 fe80::1 64 00:50:56:aa:bb:cc 1500 65535 true AUTOCONF\n",
       {"vmk3 -/- pg=Six dhcp=- on=yes mac=00:50:56:aa:bb:cc mtu=1500"}},
      {"a copy without Broadcast, TSO MSS and Enabled",
       "Interface Port_Group/DVPort IP_Family IP_Address Netmask MAC_Address MTU Type\n"
       "vmk0 VMotion 2 IPv4 10.0.0.5 255.255.255.0 00:50:56:aa:bb:cc 1500 STATIC\n",
       {"vmk0 10.0.0.5/255.255.255.0 pg=VMotion 2 dhcp=no on=- mac=00:50:56:aa:bb:cc mtu=1500"}},
      {"a plain DVPort column",
       "Interface DVPort IP Family IP Address Netmask Broadcast MAC Address MTU TSO MSS Enabled Type\n"
       "vmk0 68 IPv4 10.0.0.5 255.255.255.0 10.0.0.255 00:50:56:aa:bb:cc 9000 65535 true STATIC\n",
       {"vmk0 10.0.0.5/255.255.255.0 dv=68 dhcp=no on=yes mac=00:50:56:aa:bb:cc mtu=9000"}},
      {"no port group column",
       "Interface IP Family IP Address Netmask Broadcast MAC Address MTU TSO MSS Enabled Type\n"
       "vmk0 IPv4 10.0.0.5 255.255.255.0 10.0.0.255 00:50:56:aa:bb:cc 9000 65535 true STATIC\n",
       {"vmk0 10.0.0.5/255.255.255.0 dhcp=no on=yes mac=00:50:56:aa:bb:cc mtu=9000"}},
      {"a warning line above",
       "[2026-02-12 21:14:33 'NotifyDCUI' warning] Notifying the DCUI of configuration change\n" + kHeader4 +
           "vmk0 VMotion IPv4 192.168.172.24 255.255.255.0 192.168.172.255 00:50:56:76:fc:f9 1500 65535 true STATIC\n",
       {"vmk0 192.168.172.24/255.255.255.0 pg=VMotion dhcp=no on=yes mac=00:50:56:76:fc:f9 mtu=1500"}},
      {"a header without rows", kHeader4, {}},
  }));
  INFO(name);
  const auto facts = read(read_esxcfg_vmknic, listing);
  CHECK(texts(facts.interfaces) == interfaces);
  CHECK(warnings(facts) == Texts{});
  CHECK(facts.lists_vmknics);
}

TEST_CASE("a damaged row of esxcfg-vmknic -l is refused with its line") {
  const auto [row, place] = GENERATE(values<std::pair<std::string, std::string>>({
      {"vmk0 VMotion IPv4 1O.0.0.5 255.255.255.0 10.0.0.255 00:50:56:aa:bb:cc 1500 65535 true STATIC",
       "row-damaged 2:19"},
      {"vmk0 VMotion IPv4 10.0.0.5 255.255.255.0 10.0.0.255 00:50:56:J3:bb:cc 1500 65535 true STATIC",
       "row-damaged 2:53"},
      {"vmk0 VMotion IPv4 10.0.0.5 255.255.255.0 10.0.0.255 00:50:56:aa:bb:cc 15OO 65535 true STATIC",
       "row-damaged 2:1"},
      {"vmk0 VMotion IPv4 10.0.0.5 255.255.255.0 10.0.0.255 00:50:56:aa:bb:cc 1500 65535 ja STATISCH",
       "row-damaged 2:1"},
  }));
  INFO(row);
  const auto facts = read(read_esxcfg_vmknic, kHeader4 + row + "\n");
  CHECK(texts(facts.interfaces) == Texts{"vmk0 -/- dhcp=- on=-"});
  CHECK(warnings(facts) == Texts{place});
}

TEST_CASE("a listing of ESX 3.0 that names no interface says so and nothing else") {
  const auto facts = read(read_esxcfg_vmknic,
                          "Port Group   IP Address   Netmask   Broadcast   MAC Address   MTU   Enabled\n"
                          "VMotion      10.0.0.5     255.0.0.0 10.255.255.255 00:50:56:aa:bb:cc 1514 true\n");
  CHECK(facts.interfaces.empty());
  CHECK(warnings(facts) == Texts{"listing-unnamed 1:1"});
  CHECK_FALSE(facts.lists_vmknics);
}

TEST_CASE("a second address of one interface is not mixed into the first") {
  const auto facts =
      read(read_esxcfg_vmknic,
           kHeader4 +
               "vmk0 VMotion IPv4 10.0.0.5 255.255.255.0 10.0.0.255 00:50:56:aa:bb:cc 1500 65535 true STATIC\n"
               "vmk0 VMotion IPv4 10.9.0.5 255.255.0.0 10.9.255.255 00:50:56:aa:bb:cc 1500 65535 true STATIC\n");
  CHECK(texts(facts.interfaces) ==
        Texts{"vmk0 10.0.0.5/255.255.255.0 pg=VMotion dhcp=no on=yes mac=00:50:56:aa:bb:cc mtu=1500"});
  CHECK(warnings(facts) == Texts{"second-address 3:19"});
}

TEST_CASE("the vmknic listings of the sample hosts are read without a word") {
  for (const auto& [path, count] :
       std::vector<std::pair<std::string, std::size_t>>{{"pier01/commands/esxcfg-vmknic_-l.txt", 2},
                                                        {"pier04/commands/esxcfg-vmknic_-l.txt", 3},
                                                        {"crane01/tmp/esxcfg-vmknic.11937.txt", 4},
                                                        {"crane04/tmp/esxcfg-vmknic.12348.txt", 3},
                                                        {"crane05/var/tmp/vmsupport/esxcfg-vmknic.12485.txt", 3},
                                                        {"ferry01/commands/esxcfg-vmknic_-l.txt", 2},
                                                        {"tug35/tmp/esxcfg-vmknic.20417.txt", 2},
                                                        {"buoy01/commands/esxcfg-vmknic_-l.txt", 2}}) {
    INFO(path);
    const auto facts = read_sample(read_esxcfg_vmknic, path);
    CHECK(facts.interfaces.size() == count);
    CHECK(warnings(facts) == Texts{});
    CHECK(facts.lists_vmknics);
  }
}
