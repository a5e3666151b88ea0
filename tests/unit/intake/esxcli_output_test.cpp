// esxcli's outputs in all forms: the same records, whatever the form and whatever a copy has done to it.
#include "../../../planner/intake/esxcli_output.hpp"
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

using enum Cell;
constexpr Column kPortgroups[] = {
    {"Name", Text}, {"Virtual Switch", Word}, {"Active Clients", Number}, {"VLAN ID", Number}};
constexpr Column kNfs[] = {
    {"Volume Name", Text}, {"Host", Word},      {"Share", Word}, {"Accessible", Flag},
    {"Mounted", Flag},     {"Read-Only", Flag}, {"isPE", Flag},  {"Hardware Acceleration", Text}};
constexpr Column kIpv4[] = {
    {"Name", Word},         {"IPv4 Address", Address}, {"IPv4 Netmask", Address}, {"IPv4 Broadcast", Address},
    {"Address Type", Word}, {"Gateway", Address},      {"DHCP DNS", Flag}};

EsxcliOutput output(std::string_view text, std::span<const Column> columns = {}, bool csv = false) {
  return read_esxcli({FileName("f"), text}, columns, csv);
}

/// "id{key=value,...}" for each record; list items with + between.
Texts texts(const EsxcliOutput& out) {
  Texts all;
  for (const auto& record : out.records) {
    std::string text = record.id + "{";
    for (const auto& field : record.fields)
      text += field.key + "=" + (field.items.empty() ? field.value : join(field.items, "+")) + ";";
    all.push_back(text + "}");
  }
  return all;
}

Texts codes(const EsxcliOutput& out) {
  Texts all;
  for (const auto& note : out.notes) all.push_back(fmt::format("{} {}", note.code, note.at.line));
  return all;
}

const Texts kTwoGroups{"{name=Management Network;virtualswitch=vSwitch0;activeclients=1;vlanid=110;}",
                       "{name=SPAN 2;virtualswitch=vSwitch-Mirror;activeclients=0;vlanid=4095;}"};

}  // namespace

TEST_CASE("esxcli: a table says the same whatever a copy has done to it") {
  const auto text = GENERATE(values<std::string>({
      "Name                Virtual Switch  Active Clients  VLAN ID\n"
      "------------------  --------------  --------------  -------\n"
      "Management Network  vSwitch0                     1      110\n"
      "SPAN 2              vSwitch-Mirror               0     4095\n",
      // with CRLF, indented, fenced
      "```\r\n   Name                Virtual Switch  Active Clients  VLAN ID\r\n"
      "   ------------------  --------------  --------------  -------\r\n"
      "   Management Network  vSwitch0                     1      110\r\n\r\n"
      "   SPAN 2              vSwitch-Mirror               0     4095\r\n```\r\n",
      // collapsed blanks
      "Name Virtual Switch Active Clients VLAN ID\n"
      "------------------ -------------- -------------- -------\n"
      "Management Network vSwitch0 1 110\n"
      "SPAN 2 vSwitch-Mirror 0 4095",
      // without the dashes
      "Name                Virtual Switch  Active Clients  VLAN ID\n"
      "Management Network  vSwitch0                     1      110\n"
      "SPAN 2              vSwitch-Mirror               0     4095\n",
  }));
  CAPTURE(text);
  const auto out = output(text, kPortgroups);
  CHECK(texts(out) == kTwoGroups);
  CHECK(codes(out) == Texts{});
}

TEST_CASE("esxcli: names that are not ASCII may be counted in characters or in bytes") {
  const auto head = std::string("Name          Virtual Switch  Active Clients  VLAN ID\n") +
                    "------------  --------------  --------------  -------\n";
  const auto characters = "K\xc3\xbchlhaus-VMs  vSwitch1                     0        0\n";
  const auto bytes = "K\xc3\xbchlhaus-VMs vSwitch1                     0        0\n";
  const Texts expected{"{name=K\xc3\xbchlhaus-VMs;virtualswitch=vSwitch1;activeclients=0;vlanid=0;}"};
  CHECK(texts(output(head + characters, kPortgroups)) == expected);
  CHECK(texts(output(head + bytes, kPortgroups)) == expected);
}

TEST_CASE("esxcli: columns that a version lacks or adds do no harm") {
  const auto out = output(
      "Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  DHCP DNS  Shiny New\n"
      "----  ------------  -------------  --------------  ------------  --------  ---------\n"
      "vmk0  10.78.10.61   255.255.255.0  10.78.10.255    STATIC           false  some text\n",
      kIpv4);
  CHECK(texts(out) == Texts{"{name=vmk0;ipv4address=10.78.10.61;ipv4netmask=255.255.255.0;ipv4broadcast=10.78.10.255;"
                            "addresstype=STATIC;dhcpdns=false;shinynew=some text;}"});
}

TEST_CASE("esxcli: a row with two free texts is dealt out if there is one way only") {
  const std::string head =
      "Volume Name Host Share Accessible Mounted Read-Only isPE Hardware Acceleration\n"
      "----------- ----------- -------- ---------- ------- --------- ----- ---------------------\n";
  CHECK(texts(output(head + "iso library 10.71.30.20 /vol/iso true true true false Not Supported\n", kNfs)) ==
        Texts{"{volumename=iso library;host=10.71.30.20;share=/vol/iso;accessible=true;mounted=true;readonly=true;"
              "ispe=false;hardwareacceleration=Not Supported;}"});
  // A share with a blank: where the label ends is not known.
  const auto out = output(head + "iso 10.71.30.20 /vol/my iso true true true false Unknown\n", kNfs);
  CHECK(texts(out).size() <= 1);
  const auto cut = output(head + "iso library 10.71.30.20 /vol/iso true true\n", kNfs);
  CHECK(texts(cut) == Texts{});
  CHECK(codes(cut) == Texts{"row-unreadable 3"});
}

TEST_CASE("esxcli: titles of another language are refused with their line") {
  const auto out = output(
      "Nom Commutateur virtuel Clients actifs ID VLAN\n"
      "------------------ -------------- -------------- -------\n"
      "Management Network vSwitch0 1 110\n",
      kPortgroups);
  CHECK(texts(out) == Texts{});
  CHECK(codes(out) == Texts{"row-unreadable 1"});
}

TEST_CASE("esxcli: records say the same with and without their indent") {
  const Texts expected{"vSwitch0{name=vSwitch0;mtu=1500;beaconrequiredby=;uplinks=vmnic2, vmnic0;}",
                       "vSwitch1{name=vSwitch1;mtu=9000;beaconrequiredby=;uplinks=;}"};
  CHECK(
      texts(output("vSwitch0\n   Name: vSwitch0\n   MTU: 1500\n   Beacon Required By: \n   Uplinks: vmnic2, vmnic0\n\n"
                   "vSwitch1\n   Name: vSwitch1\n   MTU: 9000\n   Beacon Required By: \n   Uplinks: \n")) == expected);
  CHECK(texts(output("vSwitch0\r\nName: vSwitch0\r\nMTU: 1500\r\nBeacon Required By:\r\nUplinks: vmnic2, vmnic0\r\n"
                     "vSwitch1\r\nName: vSwitch1\r\nMTU: 9000\r\nBeacon Required By:\r\nUplinks:\r\n")) == expected);
}

TEST_CASE("esxcli: the id of a binding is repeated, in copies with a colon") {
  const Texts expected{"vmhba64{adapter=vmhba64;vmknic=vmk5;ipv6=;}", "vmhba64{adapter=vmhba64;vmknic=vmk6;ipv6=;}"};
  CHECK(texts(output("vmhba64\n   Adapter: vmhba64\n   Vmknic: vmk5\n   IPv6: \n\n"
                     "vmhba64\n   Adapter: vmhba64\n   Vmknic: vmk6\n   IPv6: \n")) == expected);
  CHECK(texts(output(
            "vmhba64:\nAdapter: vmhba64\nVmknic: vmk5\nIPv6:\nvmhba64:\nAdapter: vmhba64\nVmknic: vmk6\nIPv6:\n")) ==
        expected);
}

TEST_CASE("esxcli: records without an id end where their first key comes again") {
  CHECK(texts(output("   Tags: Management, VMotion\n")) == Texts{"{tags=Management, VMotion;}"});
  CHECK(texts(output("Name: a\nMTU: 1\nName: b\nMTU: 2\n")) == Texts{"{name=a;mtu=1;}", "{name=b;mtu=2;}"});
}

TEST_CASE("esxcli: one structure in keyvalue names its type where a list has its index") {
  const Texts version{"{product=VMware ESXi;version=8.0.2;update=2;}"};
  CHECK(texts(output("VersionGet.Product.string=VMware ESXi\nVersionGet.Version.string=8.0.2\n"
                     "VersionGet.Update.string=2\n")) == version);
  CHECK(texts(output("structure[0].VersionGet.Product.string=VMware ESXi\n"
                     "structure[0].VersionGet.Version.string=8.0.2\nstructure[0].VersionGet.Update.string=2\n")) ==
        version);
  CHECK(texts(output(
            "DNSServers.DNSServers.string[0].string=10.0.0.1\nDNSServers.DNSServers.string[1].string=10.0.0.2\n")) ==
        Texts{"{dnsservers=10.0.0.1+10.0.0.2;}"});
  // Whatever its first field is.
  CHECK(texts(output("FailoverPolicy.ActiveAdapters.string[] =\nFailoverPolicy.Failback.boolean=true\n")) ==
        Texts{"{activeadapters=;failback=true;}"});
  CHECK(
      texts(output("FailoverPolicy.Failback.boolean=true\nFailoverPolicy.StandbyAdapters.string[0].string=vmnic1\n")) ==
      Texts{"{failback=true;standbyadapters=vmnic1;}"});
}

TEST_CASE("esxcli: keyvalue, csv and xml give the keys of the text forms") {
  const Texts expected{"{name=vSwitch0;mtu=1500;uplinks=vmnic0+vmnic1;beaconrequiredby=;}",
                       "{name=v=2;mtu=9000;uplinks=vmnic2;beaconrequiredby=;}"};
  CHECK(texts(output("structure[0].VirtualSwitch.Name.string=vSwitch0\n"
                     "structure[0].VirtualSwitch.MTU.integer=1500\n"
                     "structure[0].VirtualSwitch.Uplinks.string[0].string=vmnic0\n"
                     "structure[0].VirtualSwitch.Uplinks.string[1].string=vmnic1\n"
                     "structure[0].VirtualSwitch.BeaconRequiredBy.string[] = \n"
                     "structure[1].VirtualSwitch.Name.string=v=2\n"
                     "structure[1].VirtualSwitch.MTU.integer=9000\n"
                     "structure[1].VirtualSwitch.Uplinks.string[0].string=vmnic2\n"
                     "structure[1].VirtualSwitch.BeaconRequiredBy.string[] = \n")) == expected);
  CHECK(
      texts(output(
          "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<output "
          "xmlns=\"http://www.vmware.com/Products/ESX/5.0/esxcli/\">\n"
          "<root>\n<list type=\"structure\">\n"
          "<structure typeName=\"VirtualSwitch\">\n<field name=\"Name\"><string>vSwitch0</string></field>\n"
          "<field name=\"MTU\"><integer>1500</integer></field>\n"
          "<field name=\"Uplinks\"><list "
          "type=\"string\"><string>vmnic0</string><string>vmnic1</string></list></field>\n"
          "<field name=\"BeaconRequiredBy\"><list type=\"string\"></list></field>\n</structure>\n"
          "<structure typeName=\"VirtualSwitch\"><field name=\"Name\"><string>v=2</string></field>"
          "<field name=\"MTU\"><integer>9000</integer></field>"
          "<field name=\"Uplinks\"><list type=\"string\"><string>vmnic2</string></list></field>"
          "<field name=\"BeaconRequiredBy\"><list type=\"string\"/></field></structure>\n</list></root></output>\n")) ==
      expected);
  const auto csv =
      output("BeaconRequiredBy,MTU,Name,Uplinks,\n,1500,vSwitch0,\"vmnic0,vmnic1,\",\n,9000,v=2,\"vmnic2,\",\n");
  REQUIRE(csv.records.size() == 2);
  CHECK(csv.records[0]["name"] == "vSwitch0");
  CHECK(csv.records[0]["mtu"] == "1500");
  CHECK(items_of(csv.records[0].find("uplinks")) == Texts{"vmnic0", "vmnic1"});
  CHECK(items_of(csv.records[0].find("beaconrequiredby")) == Texts{});
  CHECK(items_of(csv.records[1].find("uplinks")) == Texts{"vmnic2"});
}

TEST_CASE("esxcli: values keep their line in every form") {
  const auto line = [](std::string_view text, std::span<const Column> columns = {}) {
    const auto out = read_esxcli({FileName("f"), text, 100}, columns);
    REQUIRE(out.records.size() == 2);
    const auto* field = out.records[1].find("mtu");
    REQUIRE(field);
    return field->line;
  };
  CHECK(line("a\n   MTU: 1\nb\n   MTU: 2\n") == 104);
  CHECK(line("structure[0].V.MTU.integer=1\nstructure[1].V.MTU.integer=2\n") == 102);
  CHECK(line("A,B,MTU\n1,2,3\n4,5,6\n") == 103);
  CHECK(line("<output><root><list type=\"structure\">\n<structure><field "
             "name=\"MTU\"><integer>1</integer></field></structure>\n"
             "<structure>\n<field name=\"MTU\"><integer>2</integer></field></structure></list></root></output>") ==
        104);
  constexpr Column kMtu[] = {{"Name", Word}, {"MTU", Number}};
  CHECK(line("Name   MTU\n----  ----\na     1500\nb     9000\n", kMtu) == 104);
}

TEST_CASE("esxcli: a scalar is one value without a name") {
  CHECK(texts(output("true\n")) == Texts{"{=true;}"});
  CHECK(texts(output("boolean=true\n")) == Texts{"{=true;}"});
  CHECK(texts(output("<output><root><boolean>true</boolean></root></output>")) == Texts{"{=true;}"});
}

TEST_CASE("esxcli: an error in place of an output is no empty output") {
  const auto text = GENERATE(values<std::string>({
      "Error: Unknown command or namespace network ip netstack list\n",
      "-sh: esxcli: not found\n",
      "-bash: esxcli: command not found\n",
      "Unable to find a Netstack instance vmotion\n",
  }));
  CAPTURE(text);
  const auto out = output(text);
  CHECK(out.refused);
  CHECK(out.records.empty());
  CHECK(codes(out) == Texts{"command-failed 1"});
  CHECK_FALSE(output("").refused);
}

TEST_CASE("esxcli: damaged XML gives what stands before, and where it breaks") {
  const auto out = output(
      "<output><root><list type=\"structure\">\n<structure><field "
      "name=\"Name\"><string>a</string></field></structure>\n"
      "<structure><field name=\"Name\"><stri");
  CHECK(codes(out) == Texts{"xml-damaged 3"});
  REQUIRE_FALSE(out.records.empty());
  CHECK(out.records[0]["name"] == "a");
}

TEST_CASE("esxcli: nesting without end is no danger") {
  std::string deep = "<output><root>";
  for (int i = 0; i < 200000; ++i) deep += "<list>";
  CHECK(output(deep).notes.size() == 1);
  CHECK(output(std::string(300000, '<')).notes.size() == 1);
  const auto long_line = output("Name: " + std::string(100000, 'x') + "\nMTU: 1\n");
  CHECK(codes(long_line) == Texts{"line-too-long 1"});
  CHECK(texts(long_line) == Texts{"{mtu=1;}"});
}
