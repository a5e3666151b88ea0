// RVTools exports: tabs as .csv, whole exports as .xlsx.
#include <map>
#include <numeric>

#include "../../../planner/intake/xlsx.hpp"
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/read.hpp"
#include "reading.hpp"
#include "workbook.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

const Container* recognised(std::string_view text) {
  for (const auto& container : containers())
    if (container.recognises(text)) return &container;
  return nullptr;
}

std::vector<NamedFacts> read_container(std::string_view text) {
  const auto* container = recognised(text);
  REQUIRE(container);
  CHECK(container->trust == Trust::Inventory);
  return container->read({FileName("export"), text});
}

/// "host [cluster] interface ..." for each interface in any part.
Texts interfaces(const std::vector<NamedFacts>& parts) {
  Texts out;
  for (const auto& part : parts)
    for (const auto& fact : part.facts.interfaces) out.push_back(part.host + " [" + part.cluster + "] " + text(fact));
  return out;
}

Texts codes(const std::vector<NamedFacts>& parts) {
  Texts out;
  for (const auto& part : parts)
    for (const auto& note : part.facts.notes)
      if (note.severity > Severity::Note) out.push_back(fmt::format("{} {}", note.code, to_string(note.at)));
  return out;
}

const std::string kHead =
    "Host,Datacenter,Cluster,Port Group,Device,Mac Address,DHCP,IP Address,IP 6 Address,Subnet mask,Gateway,IP 6 "
    "Gateway,MTU\n";
const std::string kRow =
    "a.example,DC,C1,Service Console,vswif0,00:50:56:4a:5c:76,False,10.0.0.5,,255.255.255.0,,,1500\n";
const std::string kRead =
    "a.example [C1] vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=- mac=00:50:56:4a:5c:76 mtu=1500";

const std::string kHarbor = TEST_ESTATES "/harbor/rvtools/";

std::string shape(const model::Interface& i) {
  return fmt::format("{} {} {} {} {} {}", i.name, i.stack, address_text(i), i.portgroup, i.vswitch,
                     i.vlan ? std::to_string(i.vlan->value()) : "-");
}

std::string shape(const model::Estate& estate) {
  std::string out;
  for (const auto& host : estate.hosts) {
    out += host.name + " " + host.fqdn + " " + host.cluster + " " + host.product + " " + host.version + "\n";
    for (const auto& i : host.before.interfaces) out += "  " + shape(i) + "\n";
    for (const auto& s : host.before.switches)
      out += fmt::format("  {} {} {} {}\n", s.name, s.mtu.value_or(0), join(s.uplinks, ","), s.portgroups.size());
  }
  return out;
}

}  // namespace

TEST_CASE("RVTools: a tab of interfaces in all its guises") {
  const auto semicolons = [](std::string text) {
    std::replace(text.begin(), text.end(), ',', ';');
    return text;
  };
  const auto text = GENERATE_COPY(values<std::string>({
      kHead + kRow,
      "\xef\xbb\xbf" + semicolons(kHead + kRow),
      "sep=;\n" + semicolons(kHead + kRow),
      // CRLF, quoted, in another order, with a column of somebody's own
      "\"IP Address\",Subnet mask,Device,MTU,Owner,Host,Cluster,DHCP,Port Group,Mac Address\r\n"
      "10.0.0.5,255.255.255.0,vswif0,1500,\"Jane, \"\"the\r\nadmin\"\"\",a.example,C1,False,\"Service "
      "Console\",00:50:56:4A:5C:76\r\n",
      // internal names, in any case
      "vSCVMKHost,vSCVMKDataCenter,vSCVMKCluster,vSCVMKPortGroup,vSCVMKDevice,vSCVMKMacAddress,vSCVMKDHCP,"
      "vSCVMKIPAddress,vSCVMKSubnetMask,vSCVMKMTU\na.example,DC,C1,Service Console,vswif0,00-50-56-4a-5c-76,FALSE,"
      "10.0.0.5,255.255.255.0,1500",
  }));
  CAPTURE(text);
  const auto parts = read_container(text);
  CHECK(interfaces(parts) == Texts{kRead});
  CHECK(codes(parts) == Texts{});
}

TEST_CASE("RVTools: exports put behind each other repeat their titles, which are no host") {
  const auto parts = read_container(kHead + kRow + kHead + kRow);
  CHECK(interfaces(parts) == Texts{kRead, kRead});
  CHECK(codes(parts) == Texts{});
}

TEST_CASE("RVTools: the tab of hosts by its internal names") {
  const auto parts = read_container(
      "vHostName,vHostDatacenter,vHostCluster,vHostCpuModel,vHostESXVersion,vHostBootTime,vHostConsole\n"
      "a.example,DC,C1,Xeon,VMware ESX 4.1.0 build-1,x,400\n");
  REQUIRE(parts.front().host == "a.example");
  CHECK(parts.front().cluster == "C1");
  CHECK(parts.front().facts.version->value == "4.1.0");
}

TEST_CASE("RVTools: a host that shows no console is ESXi") {
  const std::string esxi =
      "b.example,DC,C1,Management Network,vmk0,00:50:56:4a:5c:77,False,10.0.0.6,,255.255.255.0,,,1500\n";
  const auto parts = read_container(kHead + kRow + esxi);
  for (const auto& part : parts)
    CHECK((part.facts.product ? part.facts.product->value : "-") == (part.host == "b.example" ? "ESXi" : "-"));
}

TEST_CASE("RVTools: each missing column is named, and only what needs it is missing") {
  const auto [column, code] = GENERATE(table<std::string, std::string>({
      {"Host", "error"},
      {"Device", "error"},
      {"Cluster", "warning"},
      {"Port Group", "warning"},
      {"Mac Address", "warning"},
      {"DHCP", "warning"},
      {"IP Address", "warning"},
      {"Subnet mask", "warning"},
      {"MTU", "warning"},
      {"Gateway", "-"},
      {"Datacenter", "-"},
      {"IP 6 Address", "-"},
  }));
  CAPTURE(column);
  auto titles = split(std::string_view(kHead).substr(0, kHead.size() - 1), ',');
  auto cells = split(std::string_view(kRow).substr(0, kRow.size() - 1), ',');
  const auto at = std::find(titles.begin(), titles.end(), column) - titles.begin();
  titles.erase(titles.begin() + at);
  cells.erase(cells.begin() + at);
  const auto line = [](const std::vector<std::string_view>& all) {
    return std::accumulate(all.begin(), all.end(), std::string(), [](std::string a, std::string_view b) {
      return a.empty() ? std::string(b) : a + "," + std::string(b);
    });
  };
  const auto text = line(titles) + "\n" + line(cells) + "\n";
  const auto parts = read_container(text);
  CHECK(interfaces(parts).size() == (code == "error" ? 0 : 1));
  if (code == "-") {
    CHECK(codes(parts) == Texts{});
  } else {
    CHECK(parts.back().only_notes == (code == "error"));  // else the host itself lacks it
    REQUIRE(parts.back().facts.notes.size() == 1);
    const auto& note = parts.back().facts.notes.front();
    CHECK(to_string(note.severity) == code);
    CHECK(note.message.find("'" + column + "'") != std::string::npos);
    CHECK(to_string(note.at) == "export:1");
  }
}

TEST_CASE("RVTools: a tab with too few titles to tell it is known by the name of its file") {
  const auto read = [](std::string_view name, std::string_view text) {
    const auto* container = recognised(text);
    REQUIRE(container);
    return container->read({FileName(std::string(name)), text});
  };
  const std::string_view no_vlan = "Host,Port Group,Switch,VI SDK Server\na.example,x,vSwitch0,vc\n";
  for (const auto* name : {"RVTools_tabvPort.csv", "in/RVTools_tabvPort.csv", "vPort.csv"}) {
    INFO(name);
    const auto parts = read(name, no_vlan);
    REQUIRE(parts.size() == 1);
    CHECK(parts[0].facts.switches.at(0).portgroups.at(0).name == "x");
    CHECK_FALSE(parts[0].facts.switches[0].portgroups[0].vlan);
    REQUIRE(parts[0].facts.notes.size() == 1);
    CHECK(parts[0].facts.notes[0].message.find("'VLAN'") != std::string::npos);
  }
  const auto no_switch = read("RVTools_tabvPort.csv", "Host,Port Group,VLAN,VI SDK Server\na.example,x,5,vc\n");
  REQUIRE(codes(no_switch) == Texts{"rvtools-column-missing RVTools_tabvPort.csv:1"});
  CHECK(no_switch[0].facts.notes[0].severity == Severity::Error);
  CHECK(codes(read("RVTools_tabvInfo.csv", no_vlan)) == Texts{});
  CHECK(codes(read("RVTools_tabvPort.csv", "Host,Powerstate,CPUs,VI SDK Server\na.example,x,5,vc\n")) == Texts{});
}

TEST_CASE("RVTools: names of port groups are those of the host, not of vCenter's inventory") {
  const auto groups = read_container(
      "Host,Port Group,Switch,VLAN\na,NFS: Ablage%2falt,vSwitch0,5\na,50%25 %5c,vSwitch0,6\na,100%,vSwitch0,7\n");
  Texts names;
  for (const auto& group : groups.at(0).facts.switches.at(0).portgroups) names.push_back(group.name);
  CHECK(names == Texts{"NFS: Ablage/alt", "50% \\", "100%"});
  auto row = kRow;
  row.replace(row.find("Service Console"), 15, "Service%2FConsole");
  CHECK(read_container(kHead + row).at(0).facts.interfaces.at(0).portgroup->value == "Service/Console");
}

TEST_CASE("RVTools: one name in two clusters is two hosts, and said once") {
  auto other = kRow;
  other.replace(other.find("C1"), 2, "C2");
  CHECK(codes(read_container(kHead + kRow + kRow)) == Texts{});
  CHECK(codes(read_container(kHead + kRow + other + other)) == Texts{"hosts-of-one-name export:3"});
}

TEST_CASE("RVTools: titles of another language are refused, never guessed") {
  const auto parts = read_container(
      "Rechner;Rechenzentrum;Gruppe;Portgruppe;Ger\xc3\xa4t;MAC;Leihadresse;IP-Adresse;Maske\n"
      "a.example;DC;C1;Service Console;vswif0;00:50:56:4a:5c:76;Falsch;10.0.0.5;255.255.255.0\n");
  CHECK(interfaces(parts) == Texts{});
  CHECK(codes(parts) == Texts{"rvtools-titles export:1"});
}

TEST_CASE("RVTools: values of another language and damaged ones are refused with their line") {
  const auto row = [](const std::string& from, const std::string& to) {
    auto text = kHead + "\n" + kRow;
    return text.replace(text.find(from), from.size(), to);
  };
  const auto codes_with = [&](const std::string& from, const std::string& to) {
    return codes(read_container(row(from, to)));
  };
  CHECK(codes_with("False", "Tosi") == Texts{"value-damaged export:3"});
  CHECK(codes_with("10.0.0.5", "1O.0.0.5") == Texts{"value-damaged export:3"});
  CHECK(codes_with("10.0.0.5", "10.0.0.005") == Texts{"value-damaged export:3"});
  CHECK(codes_with("00:50:56:4a:5c:76", "00:50:56:4a:5c:7J") == Texts{"value-damaged export:3"});
  CHECK(codes_with(",1500", ",jumbo") == Texts{"value-damaged export:3"});
  CHECK(codes_with("vswif0", "eth0") == Texts{"row-unreadable export:3"});
  CHECK(codes_with("a.example,DC", ",DC") == Texts{"row-unreadable export:3"});
  // An unquoted comma shifts all behind it.
  CHECK(codes_with("Service Console", "Service, Console") == Texts{"row-unreadable export:3"});
  // A mask with a hole is what the host has, and for the rules to judge.
  CHECK(interfaces(read_container(row("255.255.255.0", "255.255.225.0"))).front().find("255.255.225.0") !=
        std::string::npos);
}

TEST_CASE("RVTools: a gateway is the stack's, and none where rows disagree") {
  const auto gateways = [](const std::string& first, const std::string& second) {
    const auto parts = read_container(kHead + "a,,,x,vmk0,,,10.0.0.5,,255.255.255.0," + first +
                                      ",,\na,,,y,vmk1,,,10.0.1.5,,255.255.255.0," + second + ",,\n");
    return texts(parts.front().facts.gateways);
  };
  CHECK(gateways("", "") == Texts{});
  CHECK(gateways("10.0.0.1", "") == Texts{"vmkernel 10.0.0.1 -"});
  CHECK(gateways("10.0.0.1", "10.0.0.1") == Texts{"vmkernel 10.0.0.1 -"});
  CHECK(gateways("10.0.0.1", "10.0.1.1") == Texts{"vmkernel - -"});
  CHECK(gateways("0.0.0.0", "") == Texts{});
}

TEST_CASE("RVTools: a host may be called by its address") {
  const auto parts = read_container(kHead + "10.0.0.5" + kRow.substr(kRow.find(',')));
  REQUIRE(parts.size() == 1);
  CHECK(parts[0].host == "10.0.0.5");
  CHECK_FALSE(parts[0].facts.hostname);
  CHECK(text(parts[0].facts.management_address) == "10.0.0.5");
}

TEST_CASE("RVTools: the other tabs") {
  const auto host = read_container(
      "Host,Cluster,ESX Version,DNS Servers,Domain,DNS Search Order,NTP Server(s),CPU Model,# NICs\n"
      "a.example,C1,VMware ESX Server 3.5.0 build-207095,\"10.0.0.1, 10.0.0.2\",example,\"example, corp\",\"ntp1, "
      "10.0.0.3\",x,2\n");
  REQUIRE(host.size() == 1);
  CHECK(text(host[0].facts.product) == "ESX");
  CHECK(text(host[0].facts.version) == "3.5.0");
  CHECK(text(host[0].facts.build) == "207095");
  CHECK(host[0].facts.version->at.line == 2);
  CHECK(host[0].facts.dns_servers.size() == 2);
  CHECK(host[0].facts.dns_search.size() == 2);
  CHECK(host[0].facts.ntp_servers.size() == 2);

  const auto nics = read_container(
      "Host,Network Device,Driver,Speed,Duplex,MAC,Switch,Uplink port,PCI\n"
      "a,vmnic0,bnx2,1000,True,00:24:e8:32:b4:10,vSwitch0,,01:00.0\n"
      "a,vmnic1,bnx2,1000,True,00:24:e8:32:b4:12,dv1,dvUplink1,01:00.1\n"
      "a,vmnic2,bnx2,1000,True,00:24:e8:32:b4:14,vSwitch0,,01:00.2\n"
      "a,vmnic3,bnx2,1000,True,00:24:e8:32:b4:16,,,01:00.3\n");
  REQUIRE(nics.size() == 1);
  CHECK(nics[0].facts.pnics.size() == 4);
  REQUIRE(nics[0].facts.switches.size() == 2);
  CHECK(join(names_of(nics[0].facts.switches[0].uplinks->value), ",") == "vmnic0,vmnic2");
  CHECK_FALSE(nics[0].facts.switches[0].distributed);
  CHECK(nics[0].facts.switches[1].distributed);

  const auto groups = read_container(
      "Host,Port Group,Switch,VLAN,Promiscuous Mode,Mac "
      "Changes\na,x,vSwitch0,0,False,True\na,y,vSwitch0,4095,False,True\n"
      "a,z,vSwitch0,lots,False,True\n");
  REQUIRE(groups[0].facts.switches.size() == 1);
  Texts vlans;
  for (const auto& group : groups[0].facts.switches[0].portgroups) vlans.push_back(group.name + " " + text(group.vlan));
  CHECK(vlans == Texts{"x 0", "y 4095", "z -"});
  CHECK(codes(groups) == Texts{"value-damaged export:4"});
}

TEST_CASE("RVTools: what is a tab, and what is none") {
  CHECK(recognised(kHead));
  CHECK(recognised("VM,Powerstate,DNS Name,CPUs,Host,VI SDK Server,VI SDK UUID\n"));
  CHECK_FALSE(
      recognised("network,vlan,gateway,purpose,cluster,first,last,exclude,note\n10.0.0.0/24,1,,vmotion,,,,,\n"));
  CHECK_FALSE(recognised("a,b\n"));
  CHECK_FALSE(recognised(""));
  const auto other = read_container("VM,Powerstate,DNS Name,CPUs,Host,VI SDK Server,VI SDK UUID\n");
  CHECK(interfaces(other) == Texts{});
  CHECK(codes(other) == Texts{});
  CHECK(has_note(other.front().facts, "rvtools-tab-unused"));
  // dvPort shares titles with vPort, but knows no hosts.
  CHECK(codes(read_container("Port,Switch,Type,# Ports,VLAN,Speed,Full Duplex,Blocked,Allow Promiscuous,Mac Changes,"
                             "Active Uplink,Standby Uplink,Policy,Forged Transmits\n")) == Texts{});
}

TEST_CASE("RVTools: the three forms of the sample give the same estate") {
  const auto comma = shape(read_estate({kHarbor + "csv"}, {}));
  CHECK(comma == shape(read_estate({kHarbor + "csv-semicolon"}, {})));
  CHECK(comma == shape(read_estate({kHarbor + "RVTools_export_all_harbor.xlsx"}, {})));
  const auto estate = read_estate({kHarbor + "csv"}, {});
  CHECK(estate.hosts.size() == 14);
  for (const auto& note : estate.diagnostics) CHECK(note.severity == Severity::Note);
  const auto& crane01 = estate.hosts.at(1);
  CHECK(crane01.name == "crane01");
  CHECK(crane01.cluster == "PROD-B");
  CHECK(crane01.version == "4.0.0");
  Texts all;
  for (const auto& i : crane01.before.interfaces) all.push_back(shape(i));
  CHECK(all == Texts{"vswif0 console 10.72.10.21/16 Service Console vSwitch0 210",
                     "vswif1 console 10.72.10.121/16 Service Console 2 vSwitch2 210",
                     "vmk0 vmkernel 192.168.172.21/24 VMotion vSwitch0 272",
                     "vmk1 vmkernel 10.72.50.21/24 iSCSI-1 vSwitch1 250",
                     "vmk2 vmkernel 10.72.50.121/24 iSCSI-2 vSwitch1 250",
                     "vmk3 vmkernel 10.72.50.221/24 iSCSI-Heartbeat vSwitch1 250"});
}

TEST_CASE("RVTools: beside the hosts' own files it adds clusters and contradicts nothing") {
  const std::string harbor = TEST_ESTATES "/harbor/";
  const auto alone = read_estate({harbor + "hosts"}, {});
  const auto both = read_estate({harbor + "hosts", kHarbor + "csv"}, {});
  REQUIRE(alone.hosts.size() == both.hosts.size());
  for (std::size_t i = 0; i < alone.hosts.size(); ++i) {
    const auto& a = alone.hosts[i];
    const auto& b = both.hosts[i];
    CAPTURE(a.name);
    CHECK(a.name == b.name);
    CHECK(a.cluster.empty());
    CHECK(b.cluster == (a.name.starts_with("pier") ? "PROD-A" : a.name.starts_with("crane") ? "PROD-B" : ""));
    const auto contradictions = [](const model::Host& host) {
      Texts out;
      for (const auto& doubt : host.doubts)
        if (doubt.kind == model::Doubt::Kind::Contradiction) out.push_back(doubt.interface + " " + doubt.subject);
      return out;
    };
    CHECK(contradictions(a) == contradictions(b));
  }
}

TEST_CASE("xlsx: escapes in strings") {
  CHECK(without_escapes("plain_x_0041_text") == "plain_x_0041_text");
  CHECK(without_escapes("a_x000D__x000A_b") == "a\r\nb");
  CHECK(without_escapes("_x005F_x000D_") == "_x000D_");
  CHECK(without_escapes("_x00FC__x20AC_") == "\xc3\xbc\xe2\x82\xac");
  CHECK(without_escapes("_xD83D__xDE00_") == "\xf0\x9f\x98\x80");
  CHECK(without_escapes("_xD83D_x") == "\xef\xbf\xbdx");
  CHECK(without_escapes("_x00G0_") == "_x00G0_");
  CHECK(without_escapes("_x000") == "_x000");
}

TEST_CASE("xlsx: strings shared and in their cells, rich text, numbers, gaps, prefixes") {
  const std::string strings =
      "<sst><si><t>Host</t></si><si><r><t>Dev</t></r><r><t>ice</t></r><rPh><t>X</t></rPh></si><si><t>IP "
      "Address</t></si>"
      "<si><t xml:space=\"preserve\"> a </t></si></sst>";
  const std::string sheet =
      "<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" t=\"s\"><x:v>0</x:v></x:c>"
      "<x:c r=\"B1\" t=\"s\"><x:v>1</x:v></x:c><x:c r=\"C1\" t=\"s\"><x:v>2</x:v></x:c>"
      "<x:c r=\"F1\" t=\"inlineStr\"><x:is><x:t>MTU</x:t></x:is></x:c><x:c t=\"str\"><x:v>Port "
      "Group</x:v></x:c></x:row>"
      "<x:row r=\"2\"/><x:row r=\"7\"><x:c r=\"A7\" t=\"s\"><x:v>3</x:v></x:c>"
      "<x:c r=\"B7\" t=\"inlineStr\"><x:is><x:t>vmk0</x:t></x:is></x:c>"
      "<x:c r=\"C7\" t=\"str\"><x:v>10.0.0.5</x:v></x:c><x:c r=\"F7\"><x:v>1.5E3</x:v></x:c>"
      "<x:c r=\"G7\" t=\"inlineStr\"><x:is><x:t>A_x0026_B</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>";
  const auto parts = read_container(workbook({{"vSC_VMK", sheet}}, strings));
  CHECK(interfaces(parts) == Texts{"a [] vmk0 10.0.0.5/- pg=A&B dhcp=- on=- mtu=1500"});
  REQUIRE_FALSE(parts.empty());
  CHECK(to_string(parts[0].facts.interfaces[0].address->at) == "export!vSC_VMK:7");
}

TEST_CASE("xlsx: what is no workbook of RVTools is said to be none") {
  const auto sheet = "<worksheet><sheetData/></worksheet>";
  CHECK(codes(read_container(workbook({{"Budget", sheet}}, ""))) == Texts{"rvtools-workbook export"});
  CHECK(codes(read_container(workbook({{"vHost", sheet}}, ""))) == Texts{"rvtools-workbook export"});
  CHECK(codes(read_container(zip({{"readme.txt", "hello"}}))) == Texts{"rvtools-workbook export"});
  const auto& container = containers().front();
  REQUIRE(container.name == "RVTools workbook");
  CHECK_FALSE(container.recognises("ustar ./xl/workbook.xml"));
  CHECK(codes(container.read({FileName("export"), std::string(1024, '\0') + "ustar"})) ==
        Texts{"rvtools-workbook export"});
}

TEST_CASE("xlsx: damage ends in a diagnostic wherever it is") {
  const auto whole = file_text(kHarbor + "RVTools_export_all_harbor.xlsx");
  const auto step = whole.size() / 40;
  for (std::size_t size = 4; size < whole.size(); size += step) {
    const auto parts = read_container(std::string_view(whole).substr(0, size));
    CAPTURE(size);
    CHECK_FALSE(codes(parts).empty());
  }
  for (std::size_t at = 100; at < whole.size(); at += step) {
    auto flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
    (void)read_container(flipped);
  }
  const auto cut =
      "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Host</t></is></c></row><row r=\"2\"><c";
  CHECK(codes(read_container(workbook({{"vSC_VMK", cut}}, ""))) == Texts{"rvtools-workbook export!vSC_VMK"});
  const auto behind_a_cell =
      "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>2</v></c>";
  CHECK(codes(read_container(workbook({{"vSC_VMK", behind_a_cell}}, ""))) == Texts{"rvtools-workbook export!vSC_VMK"});
}

TEST_CASE("xlsx: bombs are refused early") {
  const auto bomb = workbook({{"vSC_VMK", "<worksheet>" + std::string(60U << 20, ' ') + "</worksheet>"}}, "");
  CHECK(bomb.size() < 200000);
  CHECK(codes(read_container(bomb)) == Texts{"rvtools-workbook export!vSC_VMK"});
  std::string deep;
  for (int i = 0; i < 300000; ++i) deep += "<row>";
  CHECK_FALSE(codes(read_container(workbook({{"vSC_VMK", deep}}, ""))).empty());
  CHECK_FALSE(
      codes(read_container(workbook({{"vSC_VMK", std::string(4U << 20, '<')}}, std::string(4U << 20, '<')))).empty());
  std::map<std::string, std::string> many;
  for (int i = 0; i < 5000; ++i) many[std::to_string(i)] = "";
  CHECK_FALSE(codes(read_container(zip(many))).empty());
}
