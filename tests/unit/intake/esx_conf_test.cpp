// esx.conf: its grammar, what of it is tolerated, and what is refused.
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

constexpr std::string_view kUuid = "/system/uuid = \"4a3b27ac-5705f21d-6d09-000c2918f3aa\"\n";

/// The facts of lines that are put into an otherwise sound file.
Facts conf(std::string_view lines) { return read(read_esx_conf, std::string(kUuid) + std::string(lines), "esx.conf"); }

std::string vmk(std::string_view key, std::string_view value, std::string_view slot = "0000") {
  return fmt::format("/net/vmkernelnic/child[{}]/{} = \"{}\"\n", slot, key, value);
}

const std::string kVmk0 = vmk("name", "vmk0");

std::string names(const Maybe<SaidNames>& list) { return list ? join(names_of(list->value), " ") : "-"; }

std::string vswitch(std::string_view key, std::string_view value) {
  return fmt::format("/net/vswitch/child[0000]/{} = \"{}\"\n", key, value);
}

const std::string kVswitch0 = vswitch("name", "vSwitch0");

}  // namespace

TEST_CASE("one vmkernel interface with all its keys, each with its line") {
  const auto facts =
      conf(kVmk0 + vmk("portgroup", "VMotion") + vmk("ipv4address", "10.0.0.5") + vmk("ipv4netmask", "255.255.255.0") +
           vmk("mac", "00:50:56:79:95:48") + vmk("mtu", "9000") + vmk("dhcp", "false") + vmk("dhcpDns", "true") +
           vmk("enable", "true") + vmk("tsoMss", "65535"));
  REQUIRE(texts(facts.interfaces) ==
          Texts{"vmk0 10.0.0.5/255.255.255.0 pg=VMotion dhcp=no on=yes mac=00:50:56:79:95:48 mtu=9000"});
  const auto& vmk0 = facts.interfaces.front();
  CHECK(to_string(vmk0.address->at) == "esx.conf:4");
  CHECK(vmk0.address->at.column == std::string_view("/net/vmkernelnic/child[0000]/ipv4address = \"").size() + 1);
  CHECK(text(vmk0.peer_dns) == "yes");
  CHECK(vmk0.slot == 0U);
  CHECK(facts.notes.empty());
  CHECK(facts.lists_vmknics);
}

TEST_CASE("a line may be written in many ways") {
  const auto line = GENERATE(as<std::string>{}, "/net/vmkernelnic/child[0000]/ipv4address=\"10.0.0.5\"\n",
                             "/net/vmkernelnic/child[0000]/ipv4address   =\t\"10.0.0.5\"  \t\n",
                             "\t  /net/vmkernelnic/child[0000]/ipv4address = \"10.0.0.5\"\n",
                             "/net/vmkernelnic/child[0000]/ipv4address = \"10.0.0.5\"\r\n",
                             "/net/vmkernelnic/child[0000]/ipv4address = 10.0.0.5\n",
                             "/net/vmkernelnic/child[0000]/ipv4address = \xe2\x80\x9c"
                             "10.0.0.5\xe2\x80\x9d\n",
                             "\n\n  \n/net/vmkernelnic/child[0000]/ipv4address = \"10.0.0.5\"\n\n",
                             "/net/vmkernelnic/child[0000]/ipv4address = \"10.0.0.5\"");
  const auto facts = conf(kVmk0 + line);
  REQUIRE(facts.interfaces.size() == 1);
  CHECK(text(facts.interfaces[0].address) == "10.0.0.5");
  CHECK(facts.notes.empty());
}

TEST_CASE("a byte order mark before the first line is no part of it") {
  const auto facts = read(read_esx_conf, "\xef\xbb\xbf" + kVmk0 + std::string(kUuid));
  CHECK(facts.interfaces.size() == 1);
  CHECK(facts.notes.empty());
}

TEST_CASE("CRLF makes no difference") {
  const auto lf = file_text(TEST_ESTATES "/harbor/hosts/crane02/etc/vmware/esx.conf");
  std::string crlf;
  for (const char c : lf) crlf += c == '\n' ? "\r\n" : std::string(1, c);
  const auto a = read(read_esx_conf, lf);
  const auto b = read(read_esx_conf, crlf);
  CHECK(texts(a.interfaces) == texts(b.interfaces));
  CHECK(a.switches.size() == b.switches.size());
  CHECK(a.uuid == b.uuid);
  CHECK(b.notes.size() == a.notes.size());
}

TEST_CASE("a port group's name is any text") {
  struct Row {
    std::string_view written;
    std::string_view meant;
  };
  const auto row = GENERATE(values<Row>({{"Bunker's & Crew <B-Deck> $5", "Bunker's & Crew <B-Deck> $5"},
                                         {"K\xc3\xbchlhaus", "K\xc3\xbchlhaus"},
                                         {"a = \\\"b\\\"", "a = \"b\""},
                                         {"back\\\\slash", "back\\slash"},
                                         {"C:\\temp", "C:\\temp"},
                                         {"x%2fy", "x%2fy"},
                                         {" two  blanks ", " two  blanks "},
                                         {"a=b=c", "a=b=c"}}));
  const auto facts = conf(kVswitch0 + vswitch("portgroup/child[0000]/name", row.written));
  REQUIRE(facts.switches.size() == 1);
  REQUIRE(facts.switches[0].portgroups.size() == 1);
  CHECK(facts.switches[0].portgroups[0].name == row.meant);
}

TEST_CASE("the last of two equal keys counts, with a warning at its line") {
  const auto facts = conf(kVmk0 + vmk("mtu", "1500") + vmk("mtu", "9000"));
  CHECK(text(facts.interfaces.at(0).mtu) == "9000");
  CHECK(warnings(facts) == Texts{"esxconf-duplicate-key 4:1"});
}

TEST_CASE("a damaged value is left out, never guessed, and never what stood there before") {
  struct Row {
    std::string_view key;
    std::string_view value;
  };
  const auto row = GENERATE(values<Row>({{"ipv4address", "1O.0.0.5"},
                                         {"ipv4address", "10.0.0"},
                                         {"ipv4address", "10.0.0.005"},
                                         {"ipv4netmask", "255.255.255.o"},
                                         {"mac", "00:50:56:79:95:4J"},
                                         {"mtu", "9k"},
                                         {"enable", "maybe"},
                                         {"dhcp", ""}}));
  const std::string good = row.key == "mac"      ? "00:50:56:00:00:01"
                           : row.key == "mtu"    ? "1500"
                           : row.key == "enable" ? "true"
                           : row.key == "dhcp"   ? "true"
                                                 : "10.0.0.9";
  const auto facts = conf(kVmk0 + vmk(row.key, good) + vmk(row.key, row.value));
  CAPTURE(row.key, row.value);
  const auto& f = facts.interfaces.at(0);
  CHECK(!f.address);
  CHECK(!f.netmask);
  CHECK(!f.mac);
  CHECK(!f.mtu);
  CHECK(!f.enabled);
  CHECK(!f.dhcp);
  CHECK(has_note(facts, "esxconf-bad-value"));
}

TEST_CASE("slots are opaque: gaps, free texts, and an order of their own") {
  const auto facts = conf(vmk("name", "vmk7", "0002") + vmk("name", "vmk1", "0009") + vmk("name", "vmk3", "a.b:c") +
                          vmk("mtu", "9000", "0002"));
  REQUIRE(facts.interfaces.size() == 3);
  CHECK(facts.interfaces[0].name == "vmk7");
  CHECK(text(facts.interfaces[0].mtu) == "9000");
  CHECK(facts.interfaces[1].slot == 9U);
  CHECK(!facts.interfaces[2].slot);
}

TEST_CASE("an entry without a name is left out, with a warning where it begins") {
  const auto facts = conf(vswitch("numPorts", "64") + vmk("mtu", "9000") + vmk("mac", "00:50:56:79:95:48"));
  CHECK(facts.switches.empty());
  CHECK(facts.interfaces.empty());
  CHECK(warnings(facts) == Texts{"esxconf-nameless 2:1", "esxconf-nameless 3:1"});
}

TEST_CASE("a port group without vlanId is untagged, one with a damaged vlanId is not") {
  const auto facts = conf(kVswitch0 + vswitch("portgroup/child[0000]/name", "A") +
                          vswitch("portgroup/child[0001]/name", "B") + vswitch("portgroup/child[0001]/vlanId", "4095") +
                          vswitch("portgroup/child[0002]/name", "C") + vswitch("portgroup/child[0002]/vlanId", "41O"));
  const auto& groups = facts.switches.at(0).portgroups;
  REQUIRE(groups.size() == 3);
  CHECK(text(groups[0].vlan) == "0");
  CHECK(text(groups[1].vlan) == "4095");
  CHECK(text(groups[2].vlan) == "-");
}

TEST_CASE("uplinks are the members, the policy's list is the order, sorted by slot") {
  const auto facts =
      conf(kVswitch0 + vswitch("uplinks/child[0003]/pnic", "vmnic10") + vswitch("uplinks/child[0001]/pnic", "vmnic2") +
           vswitch("teamPolicy/uplinks[0001]/pnic", "vmnic2") + vswitch("teamPolicy/uplinks[0000]/pnic", "vmnic10") +
           vswitch("teamPolicy/maxActive", "1") + vswitch("teamPolicy/hasUplinkOrder", "true"));
  const auto& s = facts.switches.at(0);
  CHECK(names(s.uplinks) == "vmnic2 vmnic10");
  CHECK(names(s.uplink_order) == "vmnic10 vmnic2");
  CHECK(text(s.max_active) == "1");
}

TEST_CASE("an order that is switched off is none") {
  const auto order = kVswitch0 + vswitch("portgroup/child[0000]/name", "A") +
                     vswitch("portgroup/child[0000]/teamPolicy/uplinks[0000]/pnic", "vmnic0") +
                     vswitch("portgroup/child[0000]/teamPolicy/maxActive", "1");
  CHECK(names(conf(order).switches.at(0).portgroups.at(0).uplink_order) == "vmnic0");
  const auto off = conf(order + vswitch("portgroup/child[0000]/teamPolicy/hasUplinkOrder", "false"));
  CHECK(names(off.switches.at(0).portgroups.at(0).uplink_order) == "-");
  CHECK(text(off.switches.at(0).portgroups.at(0).max_active) == "-");
}

TEST_CASE("load balancing that scripts do not carry is said, with its line") {
  const auto balanced = [](const std::string& where, const std::string& how) {
    Texts out;
    for (const auto& note : conf(kVswitch0 + vswitch("portgroup/child[0000]/name", "A") + vswitch(where, how)).notes)
      if (note.code == "load-balancing") out.push_back(fmt::format("{}: {}", note.at.line, note.message));
    return out;
  };
  CHECK(balanced("teamPolicy/team", "lb_srcid").empty());
  constexpr int line = 4;  // behind the uuid, the switch's name and the group's
  CHECK(balanced("teamPolicy/team", "lb_ip") ==
        Texts{fmt::format(
            "{}: vSwitch0 spreads its traffic over uplinks by 'lb_ip': plans and scripts do not carry that", line)});
  CHECK(balanced("portgroup/child[0000]/teamPolicy/team", "explicit") ==
        Texts{fmt::format("{}: A spreads its traffic over uplinks by 'explicit': plans and scripts do not carry that",
                          line)});
}

TEST_CASE("a switch without uplinks says so") {
  const auto facts = conf(kVswitch0);
  REQUIRE(facts.switches.at(0).uplinks);
  CHECK(facts.switches[0].uplinks->value.empty());
}

TEST_CASE("gateway, roles, identity and mounts") {
  const auto facts = conf(
      "/net/routes/kernel/gateway = \"10.0.0.1\"\n"
      "/adv/Migrate/Vmknic = \"vmk0\"\n/adv/FT/Vmknic = \"vmk1\"\n"
      "/adv/Misc/HostName = \"esx01\"\n/adv/Misc/HostIPAddr = \"10.0.0.8\"\n"
      "/adv/Net/ManagementAddr = \"10.0.0.9\"\n/adv/Net/ManagementIface = \"vswif0\"\n"
      "/boot/cosvmdk = \"/vmfs/volumes/x/esxconsole.vmdk\"\n"
      "/nas/iso library/host = \"filer\"\n/nas/iso library/share = \"/vol/iso\"\n/nas/iso library/readOnly = \"true\"\n"
      "/nas/iso library/enabled = \"true\"\n/nas/a=b/host = \"10.0.0.7\"\n");
  CHECK(texts(facts.gateways) == Texts{"vmkernel 10.0.0.1 -"});
  REQUIRE(facts.services.size() == 2);
  CHECK(facts.services[0].service == model::Service::VMotion);
  CHECK(facts.services[0].interface == "vmk0");
  CHECK(facts.services[1].service == model::Service::FaultToleranceLogging);
  CHECK(text(facts.hostname) == "esx01");
  CHECK(text(facts.management_address) == "10.0.0.9");
  CHECK(text(facts.management_interface) == "vswif0");
  CHECK(text(facts.uuid) == "4a3b27ac-5705f21d-6d09-000c2918f3aa");
  CHECK(text(facts.product) == "ESX");
  CHECK(text(facts.version) == "4");
  REQUIRE(facts.nfs.size() == 2);
  CHECK(facts.nfs[0].label == "iso library");
  CHECK(text(facts.nfs[0].server) == "filer");
  CHECK(text(facts.nfs[0].share) == "/vol/iso");
  CHECK(text(facts.nfs[0].read_only) == "yes");
  CHECK(facts.nfs[1].label == "a=b");
}

TEST_CASE("ESXi is known by its device manager or its management interface") {
  CHECK(text(conf("/vmkdevmgr/pci/m0010/alias = \"vmnic0\"\n").product) == "ESXi");
  CHECK(text(conf("/adv/Net/ManagementIface = \"vmk0\"\n").product) == "ESXi");
  CHECK(!conf("/adv/Net/ManagementIface = \"vswif0\"\n").product);
}

TEST_CASE("static routes are taken in the spellings that one may expect, and refused where something is missing") {
  const auto facts = conf(
      "/net/routes/kernel/child[0000]/network = \"10.1.0.0/16\"\n/net/routes/kernel/child[0000]/gateway = "
      "\"10.0.0.2\"\n"
      "/net/routes/kernel/child[0001]/network = \"10.2.0.0\"\n/net/routes/kernel/child[0001]/netmask = "
      "\"255.255.0.0\"\n"
      "/net/routes/kernel/child[0001]/gateway = \"10.0.0.2\"\n"
      "/net/routes/kernel/child[0002]/network = \"10.3.0.0/16\"\n"
      "/net/routes/kernel/child[0003]/network = \"10.4.0.1\"\n/net/routes/kernel/child[0003]/prefix = \"16\"\n"
      "/net/routes/kernel/child[0003]/gateway = \"10.0.0.2\"\n");
  CHECK(texts(facts.routes) == Texts{"vmkernel 10.1.0.0/16 via 10.0.0.2 -", "vmkernel 10.2.0.0/16 via 10.0.0.2 -"});
  CHECK(warnings(facts) == Texts{"esxconf-route 7:1", "esxconf-route 8:1"});
}

TEST_CASE("a service console subtree, should there be one, has the shape of the VMkernel's") {
  const auto facts =
      conf("/net/vswif/child[0000]/name = \"vswif0\"\n/net/vswif/child[0000]/ipv4address = \"10.0.0.5\"\n");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.0.0.5/- dhcp=- on=-"});
}

TEST_CASE("the sample hosts, by what their README says of them") {
  const auto pier02 = read_sample(read_esx_conf, "pier02/etc/vmware/esx.conf");
  CHECK(warnings(pier02) == Texts{"esxconf-nameless 401:1"});
  CHECK(pier02.switches.size() == 3);
  const auto pier01 = read_sample(read_esx_conf, "pier01/etc/vmware/esx.conf");
  CHECK(pier01.pnics.size() == 12);
  const auto crane05 = read_sample(read_esx_conf, "crane05/etc/vmware/esx.conf");
  CHECK(texts(crane05.gateways) == Texts{"vmkernel 10.72.50.25 -"});
  const auto ferry01 = read_sample(read_esx_conf, "ferry01/etc/vmware/esx.conf");
  CHECK(!ferry01.interfaces.at(0).portgroup);
  const auto buoy01 = read_sample(read_esx_conf, "buoy01/etc/vmware/esx.conf");
  CHECK(buoy01.notes.empty());  // no newline at its end, and yet whole
}
