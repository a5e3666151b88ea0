#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

const std::string kName = "etc/sysconfig/network-scripts/ifcfg-vswif0";

Facts ifcfg(std::string_view text, std::string_view name = kName) { return read(read_ifcfg, text, name); }

/// The one interface of a file in short, or what was found instead.
std::string only(const Facts& facts) {
  return facts.interfaces.size() == 1 ? text(facts.interfaces[0])
                                      : fmt::format("{} interfaces", facts.interfaces.size());
}

}  // namespace

TEST_CASE("ifcfg is read as bash reads it, and a little more kindly") {
  struct Case {
    std::string name;
    std::string file;
    std::string expected;
  };
  const auto [name, file, expected] = GENERATE(values<Case>({
      {"3.x",
       "DEVICE=vswif0\nMACADDR=00:50:56:43:00:52\nPORTGROUP=portgroup6\nBOOTPROTO=static\nBROADCAST=192.168.10.255\n"
       "IPADDR=192.168.10.60\nNETMASK=255.255.255.0\nONBOOT=yes\n",
       "vswif0 192.168.10.60/255.255.255.0 pg=portgroup6 dhcp=no on=yes mac=00:50:56:43:00:52"},
      {"a deployer's comment, a quoted name, stale keys",
       "# Broadcom "
       "NetXtreme\nDEVICE=vswif0\nBOOTPROTO=none\nONBOOT=no\nIPADDR=10.0.0.5\nNETMASK=255.0.0.0\nBROADCAST=10.0.0.255\n"
       "NETWORK=192.168.0.0\nPORTGROUP=\"Service Console 2\"\n",
       "vswif0 10.0.0.5/255.0.0.0 pg=Service Console 2 dhcp=no on=no"},
      {"DHCP",
       "DEVICE=vswif0\nBOOTPROTO=dhcp\nPEERDNS=yes\nMACADDR=00:50:56:4a:5c:76\nONBOOT=yes\nPORTGROUP=\"Service "
       "Console\"\n",
       "vswif0 -/- pg=Service Console dhcp=yes on=yes mac=00:50:56:4a:5c:76"},
      {"an empty BOOTPROTO means static", "DEVICE=vswif0\nBOOTPROTO=\nIPADDR=10.0.0.5\nNETMASK=255.0.0.0\n",
       "vswif0 10.0.0.5/255.0.0.0 dhcp=no on=-"},
      {"export, single quotes, comments, lower case, blanks at the ends",
       "  export DEVICE='vswif0'  # the first\nipaddr=10.0.0.5 # was .6\nNETMASK=\"255.0.0.0\"\t\nonboot=YES\n",
       "vswif0 10.0.0.5/255.0.0.0 dhcp=- on=yes"},
      {"the last of equal keys wins", "DEVICE=vswif0\nIPADDR=10.0.0.5\nNETMASK=255.0.0.0\nIPADDR=10.0.0.6\n",
       "vswif0 10.0.0.6/255.0.0.0 dhcp=- on=-"},
      {"several on a line", "DEVICE=vswif0; IPADDR=10.0.0.5 NETMASK=255.0.0.0\n",
       "vswif0 10.0.0.5/255.0.0.0 dhcp=- on=-"},
      {"PREFIX", "DEVICE=vswif0\nIPADDR=10.0.0.5\nPREFIX=22\n", "vswif0 10.0.0.5/255.255.252.0 dhcp=- on=-"},
      {"PREFIX and NETMASK agree", "DEVICE=vswif0\nIPADDR=10.0.0.5\nPREFIX=8\nNETMASK=255.0.0.0\n",
       "vswif0 10.0.0.5/255.0.0.0 dhcp=- on=-"},
      {"HWADDR only without MACADDR", "DEVICE=vswif0\nHWADDR=00:50:56:00:00:01\n",
       "vswif0 -/- dhcp=- on=- mac=00:50:56:00:00:01"},
      {"MACADDR before HWADDR", "DEVICE=vswif0\nHWADDR=00:50:56:00:00:01\nMACADDR=00-50-56-00-00-02\n",
       "vswif0 -/- dhcp=- on=- mac=00:50:56:00:00:02"},
      {"the file's name where DEVICE is missing", "IPADDR=10.0.0.5\nNETMASK=255.0.0.0\n",
       "vswif0 10.0.0.5/255.0.0.0 dhcp=- on=-"},
      {"a mask with holes is passed on", "IPADDR=10.0.0.5\nNETMASK=255.255.225.0\n",
       "vswif0 10.0.0.5/255.255.225.0 dhcp=- on=-"},
      {"CRLF and a BOM",
       "\xef\xbb\xbf"
       "DEVICE=vswif0\r\nIPADDR=10.0.0.5\r\nNETMASK=255.0.0.0\r\nPORTGROUP=\"Service Console 2\"\r\n",
       "vswif0 10.0.0.5/255.0.0.0 pg=Service Console 2 dhcp=- on=-"},
      {"escapes and quotes within a word", "DEVICE=vswif0\nPORTGROUP=Bunker\\'s\\ \"& Crew <B> \\$5\"\n",
       "vswif0 -/- pg=Bunker's & Crew <B> $5 dhcp=- on=-"},
      {"quotes of a word processor", "DEVICE=vswif0\nPORTGROUP=“Service Console”\n",
       "vswif0 -/- pg=Service Console dhcp=- on=-"},
      {"a variable that the file itself assigned",
       "NET=10.0.0\nIPADDR=$NET.5\nNETMASK=${M}\nM=255.0.0.0\nNETMASK=${M}\n", "vswif0 10.0.0.5/255.0.0.0 dhcp=- on=-"},
      {"MTU", "DEVICE=vswif0\nMTU=9000\n", "vswif0 -/- dhcp=- on=- mtu=9000"},
      {"pasted with its prompt",
       "[root@tug35 root]# cat /etc/sysconfig/network-scripts/ifcfg-vswif0\nDEVICE=vswif0\nIPADDR=10.0.0.5\n",
       "vswif0 10.0.0.5/- dhcp=- on=-"},
      {"no newline at the end", "DEVICE=vswif0\nIPADDR=10.0.0.5", "vswif0 10.0.0.5/- dhcp=- on=-"},
  }));
  INFO(name);
  const auto facts = ifcfg(file);
  CHECK(only(facts) == expected);
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("ifcfg: what is damaged is refused with its line, and only that") {
  struct Case {
    std::string line;
    std::string place;
    std::string expected;
  };
  const auto [line, place, expected] = GENERATE(values<Case>({
      {"IPADDR=1O.0.0.5", "value-damaged 3:8", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"IPADDR=\"10.1.x.22\"", "value-damaged 3:9", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"IPADDR=010.0.0.5", "value-damaged 3:8", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"IPADDR=10.0.0.5/8", "value-damaged 3:8", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"MACADDR=00:50:56:J3:00:52", "value-damaged 3:9", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"BOOTPROTO=statisch", "value-damaged 3:11", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"ONBOOT=ja", "value-damaged 3:8", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"PREFIX=33", "value-damaged 3:8", "vswif0 -/- dhcp=- on=-"},
      {"PREFIX=24", "ifcfg-two-masks 3:8", "vswif0 -/- dhcp=- on=-"},
      {"IPADDR = 10.0.0.5", "setting-ignored 3:1", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"PORTGROUP=\"Service Console", "value-damaged 3:12", "vswif0 -/255.0.0.0 dhcp=- on=-"},
      {"DEVICE=vswif1", "ifcfg-other-device 3:8", "vswif1 -/255.0.0.0 dhcp=- on=-"},
      {"MTU=15OO", "value-damaged 3:5", "vswif0 -/255.0.0.0 dhcp=- on=-"},
  }));
  INFO(line);
  const auto facts = ifcfg("DEVICE=vswif0\nNETMASK=255.0.0.0\n" + line + "\n");
  CHECK(only(facts) == expected);
  CHECK(warnings(facts) == Texts{place});
}

TEST_CASE("ifcfg: a shell variable leaves the value open, named and with its line") {
  const auto facts = ifcfg(
      "DEVICE=vswif0\nIPADDR=$IPADDR\nNETMASK=\"${MASK:-255.0.0.0}\"\nPORTGROUP='$5 a pop'\nMACADDR=`cat /tmp/mac`\n");
  CHECK(only(facts) == "vswif0 -/- pg=$5 a pop dhcp=- on=-");
  REQUIRE(facts.interfaces[0].unresolved.size() == 3);
  Texts open;
  for (const auto& said : facts.interfaces[0].unresolved)
    open.push_back(said.value + " " + std::to_string(said.at.line));
  std::sort(open.begin(), open.end());
  CHECK(open == Texts{"$IPADDR 2", "${MASK:-255.0.0.0} 3", "`cat /tmp/mac` 5"});
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("ifcfg: other devices and empty files say nothing") {
  CHECK(ifcfg("").interfaces.empty());
  CHECK(ifcfg("# all gone\n").interfaces.empty());
  CHECK(ifcfg("DEVICE=eth0\nIPADDR=192.168.199.35\n", "ifcfg-eth0").interfaces.empty());
  CHECK(ifcfg("IPADDR=10.0.0.5\n", "ifcfg-vswif0.bak").interfaces.empty());
  CHECK(ifcfg("IPADDR=10.0.0.5\n", "b.tgz!top/etc/sysconfig/network-scripts/ifcfg-vswif3").interfaces[0].name ==
        "vswif3");
}

TEST_CASE("ifcfg: a gateway of its own is a default route of the console") {
  const auto facts = ifcfg("DEVICE=vswif1\nGATEWAY=10.0.0.1\n", "ifcfg-vswif1");
  CHECK(texts(facts.gateways) == Texts{"console 10.0.0.1 vswif1"});
}

TEST_CASE("ifcfg: places of values") {
  const auto facts = read_sample(read_ifcfg, "crane04/etc/sysconfig/network-scripts/ifcfg-vswif1");
  REQUIRE(facts.interfaces.size() == 1);
  const auto& fact = facts.interfaces[0];
  CHECK(text(fact) == "vswif1 10.72.10.124/255.255.0.0 pg=Service Console 2 dhcp=no on=yes mac=00:50:56:42:5b:4c");
  CHECK(fact.at.line == 1);
  CHECK(fact.address->at.line == 5);
  CHECK(fact.address->at.column == 8);
  CHECK(fact.portgroup->at.line == 11);
  CHECK(fact.portgroup->at.column == 12);
}
