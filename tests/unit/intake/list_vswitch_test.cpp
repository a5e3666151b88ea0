#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

std::string names(const Maybe<SaidNames>& list) { return list ? "[" + join(names_of(list->value), ",") + "]" : "-"; }

/// "vSwitch0 128/1500 [vmnic0,vmnic1]", then its port groups "  VMotion 110 -" and dvPorts "  34=vswif0".
Texts texts(const Facts& facts) {
  Texts out;
  for (const auto& one : facts.switches) {
    out.push_back(fmt::format("{}{} {}/{} {}", one.distributed ? "DVS " : "", one.name, text(one.ports), text(one.mtu),
                              names(one.uplinks)));
    for (const auto& group : one.portgroups)
      out.push_back(fmt::format("  {} {} {}{}", group.name, text(group.vlan), names(group.uplink_order),
                                group.internal_id ? " id=" + group.internal_id->value : ""));
    for (const auto& port : one.dvports) out.push_back(fmt::format("  {}={}", port.id, port.client));
  }
  return out;
}

struct Dialect {
  std::string name;
  std::string listing;
  Texts expected;
};

const std::string kSwitch = "Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks   \n";
const std::string kGroups = "  PortGroup Name        VLAN ID  Used Ports  Uplinks   \n";

}  // namespace

TEST_CASE("esxcfg-vswitch -l is read in every dialect") {
  const auto [name, listing, expected] = GENERATE(values<Dialect>({
      {"4.x; the system's total is not the switch's size",
       kSwitch + "vSwitch0         6690        5           128               1500    vmnic0,vmnic1\n\n" + kGroups +
           "  VMotion               110      1           vmnic1,vmnic0\n"
           "  Service Console       110      1           vmnic0,vmnic1\n"
           "  VM Network            4095     1           vmnic0\n\n",
       {"vSwitch0 128/1500 [vmnic0,vmnic1]", "  VMotion 110 [vmnic1,vmnic0]", "  Service Console 110 -",
        "  VM Network 4095 [vmnic0]"}},
      {"flush left, blanks collapsed, blank lines gone",
       "Switch Name Num Ports Used Ports Configured Ports MTU Uplinks\nvSwitch0 64 6 64 1500 vmnic0\n"
       "PortGroup Name VLAN ID Used Ports Uplinks\nVM Network 0 3 vmnic0\nService Console 0 1 vmnic0\n"
       "Switch Name Num Ports Used Ports Configured Ports MTU Uplinks\nvSwitch1 64 3 64 9000 vmnic1\n",
       {"vSwitch0 64/1500 [vmnic0]", "  VM Network 0 -", "  Service Console 0 -", "vSwitch1 64/9000 [vmnic1]"}},
      {"names that end in digits, without uplinks",
       kSwitch + "vSwitch 10         64   1   64   1500\n" + kGroups +
           "  Lab 10   20   1\n  2008   0   0   \n  A 1 2 3   7   4   vmnic3\n",
       {"vSwitch 10 64/1500 []", "  Lab 10 20 -", "  2008 0 -", "  A 1 2 3 7 [vmnic3]"}},
      {"no uplinks at all",
       kSwitch + "vSwitch0         128         1           128               1500              \n\n" + kGroups +
           "  VM Network            0        0                     \n",
       {"vSwitch0 128/1500 []", "  VM Network 0 -"}},
      {"ESX 3.0: no MTU, internal ids",
       "Switch Name    Num Ports   Used Ports  Configured Ports  Uplinks\nvSwitch0       64          6           64    "
       "            vmnic0\n\n"
       "  PortGroup Name      Internal ID  VLAN ID  Used Ports  Uplinks\n  Service Console     portgroup6   0        1 "
       "          vmnic0\n",
       {"vSwitch0 64/- [vmnic0]", "  Service Console 0 - id=portgroup6"}},
      {"a name of sixteen characters glued to the port count",
       kSwitch + "IBM_CDC_vSwitch064          3           64                1500    vusb0     \n" + kGroups +
           "  IBM_CDC_PG          0        1           vusb0     \n",
       {"IBM_CDC_vSwitch0 64/1500 [vusb0]", "  IBM_CDC_PG 0 -"}},
      {"the same without uplinks and with blanks in the name",
       kSwitch + "Yard vSwitch No9128          3           128                1500\n",
       {"Yard vSwitch No9 128/1500 []"}},
      {"a longer name keeps its blank",
       kSwitch + "DSwitch_063LongName 6690 4           512               9000    vmnic3\n",
       {"DSwitch_063LongName 512/9000 [vmnic3]"}},
      {"a name wider than its column",
       kSwitch + "vSwitch1 128 22 128 1500 vmnic2\n" + kGroups +
           "  dmz-terminal-operations-vlan0188  188      6           vmnic2,vmnic3\n",
       {"vSwitch1 128/1500 [vmnic2]", "  dmz-terminal-operations-vlan0188 188 [vmnic2,vmnic3]"}},
      {"a distributed switch; a client's name holds blanks, a port is free",
       "DVS Name         Num Ports   Used Ports  Configured Ports  MTU     Uplinks   \n"
       "dvHarbor         256         11          256               1500    vmnic3,vmnic2\n\n"
       "  DVPort ID           In Use      Client      \n"
       "  160                 1           vmnic0      \n  34                  1           vswif0      \n"
       "  117                 1           tide gauge gw ethernet0\n  118                 0                       \n  "
       "uplink-a            1           vmnic3\n",
       {"DVS dvHarbor 256/1500 [vmnic3,vmnic2]", "  160=vmnic0", "  34=vswif0", "  117=tide gauge gw ethernet0",
        "  118=", "  uplink-a=vmnic3"}},
      {"a blank behind the comma",
       kSwitch + "vSwitch0 64 6 64 1500 vmnic0, vmnic1\n",
       {"vSwitch0 64/1500 [vmnic0,vmnic1]"}},
      {"no Uplinks column",
       "Switch Name Num Ports Used Ports Configured Ports MTU\nvSwitch0 64 6 64 1500\n",
       {"vSwitch0 64/1500 -"}},
      {"names from everywhere",
       kSwitch + "vSwitch0 64 6 64 1500 vmnic0\n" + kGroups +
           "  Kühlhaus-VMs         0        5           vmnic0\n  Bunker's & Crew <B-Deck> $5  0        1           "
           "vmnic0\n  +Overflow-VMs  289  1  vmnic0\n",
       {"vSwitch0 64/1500 [vmnic0]", "  Kühlhaus-VMs 0 -", "  Bunker's & Crew <B-Deck> $5 0 -",
        "  +Overflow-VMs 289 -"}},
      {"a header without rows", kSwitch, {}},
      {"CRLF and a warning above",
       "Skipping unaccessible module\r\n" +
           std::string(
               "Switch Name Num Ports Used Ports Configured Ports MTU Uplinks\r\nvSwitch0 64 6 64 1500 vmnic0\r\n"),
       {"vSwitch0 64/1500 [vmnic0]"}},
  }));
  INFO(name);
  const auto facts = read(read_esxcfg_vswitch, listing);
  CHECK(texts(facts) == expected);
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("a switch row whose header was copied away is no port group") {
  const auto facts = read(read_esxcfg_vswitch, kSwitch + "vSwitch0 64 5 64 1500 vmnic0\n" + kGroups +
                                                   "  Lab 10 20 1\n  vSwitch0 30 1 vmnic0\n"
                                                   "vSwitch1 64 3 64 9000 vmnic1\n  VM Network 0 3 vmnic1\n");
  // The port group that is called like a switch has two numbers; what follows a switch has no header of its own.
  CHECK(texts(facts).size() >= 4);
  CHECK(texts(facts)[0] == "vSwitch0 64/1500 [vmnic0]");
  CHECK(texts(facts)[1] == "  Lab 10 20 -");
  CHECK(texts(facts)[2] == "  vSwitch0 30 -");
  CHECK(texts(facts)[3] == "vSwitch1 64/9000 [vmnic1]");
}

TEST_CASE("damaged rows of esxcfg-vswitch -l are refused, and nobody inherits their port groups") {
  const auto facts = read(read_esxcfg_vswitch, kSwitch + "vSwitch0 64 6 64 1500 vmnic0\n" + kGroups +
                                                   "VMotion 11O 1 vmnic0\nNFS 4096 1 vmnic0\n" + kSwitch +
                                                   "vSwitch1 64 6 64 15OO vmnic1\n" + kGroups + "iSCSI 5 1 vmnic1\n");
  CHECK(texts(facts) == Texts{"vSwitch0 64/1500 [vmnic0]"});
  CHECK(warnings(facts) == Texts{"row-damaged 4:1", "row-damaged 5:1", "row-damaged 7:1", "row-damaged 9:1"});
}

TEST_CASE("the vswitch listings of the sample hosts are read without a word") {
  for (const auto& [path, switches, groups] : std::vector<std::tuple<std::string, std::size_t, std::size_t>>{
           {"pier01/commands/esxcfg-vswitch_-l.txt", 3, 7},
           {"buoy01/commands/esxcfg-vswitch_-l.txt", 2, 6},
           {"crane02/tmp/esxcfg-vswitch.12074.txt", 4, 8},
           {"tug35/tmp/esxcfg-vswitch.20417.txt", 3, 5},
           {"ferry01/commands/esxcfg-vswitch_-l.txt", 2, 1}}) {
    INFO(path);
    const auto facts = read_sample(read_esxcfg_vswitch, path);
    CHECK(facts.switches.size() == switches);
    std::size_t count = 0;
    for (const auto& one : facts.switches) count += one.portgroups.size();
    CHECK(count == groups);
    CHECK(warnings(facts) == Texts{});
  }
  const auto ferry = read_sample(read_esxcfg_vswitch, "ferry01/commands/esxcfg-vswitch_-l.txt");
  CHECK(ferry.switches[1].distributed);
  CHECK(ferry.switches[1].dvports.size() == 12);
  CHECK(ferry.switches[1].dvports[9].client == "tide gauge gw.eth0");
  CHECK(to_string(ferry.switches[1].dvports[9].at) == "ferry01/commands/esxcfg-vswitch_-l.txt:20");
}
