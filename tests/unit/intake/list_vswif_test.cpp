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

const std::string kHeader3 =
    "Name     Port Group          IP Address      Netmask         Broadcast       Enabled   DHCP\n";
const std::string kHeader4 =
    "Name     Port Group/DVPort   IP Family IP Address      Netmask         Broadcast       Enabled   TYPE      \n";

}  // namespace

TEST_CASE("esxcfg-vswif -l is read in every dialect") {
  const auto [name, listing, interfaces] = GENERATE(values<Dialect>({
      {"3.x",
       "Name    Port Group      IP Address    Netmask         Broadcast      Enabled  DHCP\n"
       "vswif0  Service Console 192.168.10.50 255.255.255.0   192.168.10.255 true     false\n",
       {"vswif0 192.168.10.50/255.255.255.0 pg=Service Console dhcp=no on=yes"}},
      {"4.x",
       kHeader4 + "vswif0   Service Console     IPv4      10.20.0.130     255.255.255.0   10.20.0.255     true      "
                  "STATIC    \n",
       {"vswif0 10.20.0.130/255.255.255.0 pg=Service Console dhcp=no on=yes"}},
      {"DHCP of 3.x",
       kHeader3 + "vswif0   Service Console     10.0.0.5        255.255.255.0   10.0.0.255      true      true\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=yes on=yes"}},
      {"DHCP of 4.x without a lease",
       kHeader4 + "vswif0   Service Console     IPv4      0.0.0.0  0.0.0.0  0.0.0.0  true  DHCP\n",
       {"vswif0 0.0.0.0/0.0.0.0 pg=Service Console dhcp=yes on=yes"}},
      {"a dvPort",
       kHeader4 + "vswif0   34                  IPv4      10.76.10.41     255.255.255.0   10.76.10.255    true      "
                  "STATIC    \n",
       {"vswif0 10.76.10.41/255.255.255.0 dv=34 dhcp=no on=yes"}},
      {"a port group of 3.x whose name is a number",
       kHeader3 + "vswif0   34   10.0.0.5 255.255.255.0 10.0.0.255 true false\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=34 dhcp=no on=yes"}},
      {"a name that ends in digits",
       kHeader3 + "vswif1   Lab 10 20   10.0.0.5 255.255.255.0 10.0.0.255 false false\n",
       {"vswif1 10.0.0.5/255.255.255.0 pg=Lab 10 20 dhcp=no on=no"}},
      {"a name wider than its column",
       kHeader4 +
           "vswif0   A very long console port group name (old) IPv4 10.0.0.5 255.255.255.0 10.0.0.255 true STATIC\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=A very long console port group name (old) dhcp=no on=yes"}},
      {"a name that fills its column and touches the address",
       "Name     Port Group          IP Address      Netmask         Broadcast       Enabled   DHCP\n"
       "vswif0   Customs-Broker-Links10.71.10.61     255.255.255.0   10.71.10.255    true      false\n",
       {"vswif0 10.71.10.61/255.255.255.0 pg=Customs-Broker-Links dhcp=no on=yes"}},
      {"a name that looks like cells",
       kHeader4 + "vswif0   true IPv4 STATIC  IPv4 10.0.0.5 255.255.255.0 10.0.0.255 true STATIC\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=true IPv4 STATIC dhcp=no on=yes"}},
      {"a mask of fifteen characters",
       kHeader4 + "vswif0 SC IPv4 10.111.111.130 255.255.255.192 10.111.111.191 true STATIC\n",
       {"vswif0 10.111.111.130/255.255.255.192 pg=SC dhcp=no on=yes"}},
      {"an IPv6 row with an empty broadcast",
       kHeader4 + "vswif0   Service Console     IPv4      10.0.0.5   255.255.255.0  10.0.0.255  true  STATIC\n"
                  "vswif0   Service Console     IPv6      fe80::250:56ff:fe4c:9  64                  true  STATIC\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes"}},
      {"no address",
       kHeader4 + "vswif1   Service Console 2   IPv4   N/A  N/A  N/A  true  NONE\n",
       {"vswif1 -/- pg=Service Console 2 dhcp=no on=yes"}},
      {"no Broadcast column",
       "Name Port Group/DVPort IP Family IP Address Netmask Enabled TYPE\n"
       "vswif0 Service Console IPv4 10.0.0.5 255.255.255.0 true STATIC\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes"}},
      {"no Netmask column: the broadcast address is no mask",
       "Name Port Group IP Address Broadcast Enabled DHCP\n"
       "vswif0 Service Console 10.0.0.5 10.0.0.255 true false\n",
       {"vswif0 10.0.0.5/- pg=Service Console dhcp=no on=yes"}},
      {"no DHCP column",
       "Name Port Group IP Address Netmask Broadcast Enabled\nvswif0 Service Console 10.0.0.5 255.0.0.0 10.255.255.255 "
       "true\n",
       {"vswif0 10.0.0.5/255.0.0.0 pg=Service Console dhcp=- on=yes"}},
      {"underscores in the header",
       "Name Port_Group/DVPort IP_Family IP_Address Netmask Broadcast Enabled TYPE\nvswif0 7 IPv4 10.0.0.5 255.0.0.0 "
       "10.255.255.255 true STATIC\n",
       {"vswif0 10.0.0.5/255.0.0.0 dv=7 dhcp=no on=yes"}},
      {"CRLF",
       "Name Port Group IP Address Netmask Broadcast Enabled DHCP\r\nvswif0 SC 10.0.0.5 255.0.0.0 10.255.255.255 true "
       "false\r\n",
       {"vswif0 10.0.0.5/255.0.0.0 pg=SC dhcp=no on=yes"}},
      {"a BOM, a fence, a prompt, indentation",
       "\xef\xbb\xbf```\n[root@esx01 root]# esxcfg-vswif -l\n    " + kHeader3 +
           "    vswif0  SC  10.0.0.5 255.0.0.0 10.255.255.255 true false\n```\n",
       {"vswif0 10.0.0.5/255.0.0.0 pg=SC dhcp=no on=yes"}},
      {"no-break spaces",
       "Name Port\xc2\xa0Group IP\xc2\xa0"
       "Address Netmask Broadcast Enabled DHCP\nvswif0 Service\xc2\xa0"
       "Console 10.0.0.5 255.0.0.0 10.255.255.255 true false\n",
       {"vswif0 10.0.0.5/255.0.0.0 pg=Service Console dhcp=no on=yes"}},
      {"warnings before the output",
       "[2026-02-12 21:14:33 'NotifyDCUI' warning] Notifying the DCUI of configuration change\n" + kHeader3 +
           "vswif0   SC   10.0.0.5 255.0.0.0 10.255.255.255 true false\n",
       {"vswif0 10.0.0.5/255.0.0.0 pg=SC dhcp=no on=yes"}},
      {"a mask with holes",
       kHeader3 + "vswif0 SC 10.0.0.5 255.255.225.0 10.0.0.255 true false\n",
       {"vswif0 10.0.0.5/255.255.225.0 pg=SC dhcp=no on=yes"}},
      {"non-ASCII names",
       kHeader3 + "vswif0 Kühlhaus – 5 10.0.0.5 255.255.255.0 10.0.0.255 true false\n",
       {"vswif0 10.0.0.5/255.255.255.0 pg=Kühlhaus – 5 dhcp=no on=yes"}},
      {"a header without rows", kHeader4, {}},
  }));
  INFO(name);
  const auto facts = read(read_esxcfg_vswif, listing);
  CHECK(texts(facts.interfaces) == interfaces);
  CHECK(warnings(facts) == Texts{});
  CHECK(facts.lists_vswifs);
}

TEST_CASE("a damaged row of esxcfg-vswif -l is refused with its line, and its interface is still known to exist") {
  const auto [row, place] = GENERATE(values<std::pair<std::string, std::string>>({
      {"vswif0   SC   1O.0.0.5 255.0.0.0 10.255.255.255 true false", "row-damaged 2:15"},
      {"vswif0   SC   10.1.x.22 255.0.0.0 10.255.255.255 true false", "row-damaged 2:15"},
      {"vswif0   SC   10.0.0.5 255.0.0.O 10.255.255.255 true false", "row-damaged 2:24"},
      {"vswif0   SC   10.0.0.5 255.0.0.0 10.255.255.255 wahr falsch", "row-damaged 2:1"},
      {"vswif0   SC   10.0.0.5", "row-damaged 2:1"},
  }));
  INFO(row);
  const auto facts = read(read_esxcfg_vswif, kHeader3 + row + "\n");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 -/- dhcp=- on=-"});
  CHECK(warnings(facts) == Texts{place});
}

TEST_CASE("a listing proves that nothing else is there only when all of it was understood") {
  const std::string row = "vswif0   SC   10.0.0.5 255.0.0.0 10.255.255.255 true false\n";
  CHECK(read(read_esxcfg_vswif, kHeader3 + row).lists_vswifs);
  CHECK_FALSE(read(read_esxcfg_vswif, "").lists_vswifs);
  CHECK_FALSE(read(read_esxcfg_vswif, "Error: Unknown command or namespace\n").lists_vswifs);
  CHECK_FALSE(read(read_esxcfg_vswif, kHeader3 + row + "...\n").lists_vswifs);
  CHECK_FALSE(
      read(read_esxcfg_vswif, kHeader3 + "vswifO   SC   10.0.0.5 255.0.0.0 10.255.255.255 true false\n").lists_vswifs);
  CHECK_FALSE(read(read_esxcfg_vswif, row).lists_vswifs);
}

TEST_CASE("rows whose header was cut off are read where their cells leave no choice") {
  CHECK(texts(read(read_esxcfg_vswif, "vswif0 34 IPv4 10.0.0.5 255.0.0.0 10.255.255.255 true STATIC\n").interfaces) ==
        Texts{"vswif0 10.0.0.5/255.0.0.0 dv=34 dhcp=no on=yes"});
  CHECK(texts(read(read_esxcfg_vswif, "vswif0 34 10.0.0.5 255.0.0.0 10.255.255.255 true true\n").interfaces) ==
        Texts{"vswif0 10.0.0.5/255.0.0.0 pg=34 dhcp=yes on=yes"});
  const auto two = read(read_esxcfg_vswif, "vswif0 SC 10.0.0.5 10.255.255.255 true true\n");
  CHECK(texts(two.interfaces) == Texts{"vswif0 -/- dhcp=- on=-"});
  CHECK(warnings(two) == Texts{"row-damaged 1:1"});
}

TEST_CASE("a header in another language is no header, and nothing hangs on it") {
  const auto facts = read(
      read_esxcfg_vswif,
      "Name     Portgruppe/DVPort   IP-Familie IP-Adresse     Netzmaske       Rundruf         Aktiv     TYP\n"
      "vswif0   Service Console     IPv4      10.72.10.24     255.255.0.0     10.72.255.255   true      STATIC\n"
      "vswif1   Service Console 2   IPv4      10.72.10.124    255.255.0.0     10.72.255.255   wahr      STATISCH\n");
  CHECK(texts(facts.interfaces) ==
        Texts{"vswif0 10.72.10.24/255.255.0.0 pg=Service Console dhcp=no on=yes", "vswif1 -/- dhcp=- on=-"});
  CHECK(warnings(facts) == Texts{"row-damaged 3:1"});
  CHECK_FALSE(facts.lists_vswifs);
}

TEST_CASE("other tables in the file do not leak into esxcfg-vswif -l") {
  const auto facts = read(read_esxcfg_vswif, file_text(TEST_ESTATES "/harbor/transcripts/tug35-esx35.txt"));
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.74.10.35/255.255.255.0 pg=Service Console dhcp=no on=yes",
                                         "vswif1 10.74.50.35/255.255.255.0 pg=iSCSI-COS dhcp=no on=yes"});
  CHECK(warnings(facts) == Texts{});
  const auto running = read_sample(read_esxcfg_vswif, "tug35/tmp/ifconfig.20417.txt");
  CHECK(running.interfaces.empty());
  CHECK(warnings(running) == Texts{});
}

TEST_CASE("every value of esxcfg-vswif -l carries its place") {
  const auto facts = read_sample(read_esxcfg_vswif, "crane02/tmp/esxcfg-vswif.12074.txt");
  REQUIRE(facts.interfaces.size() == 3);
  const auto& last = facts.interfaces[2];
  CHECK(to_string(last.at) == "crane02/tmp/esxcfg-vswif.12074.txt:4");
  CHECK(last.address->at.column == 40);
  CHECK(last.portgroup->at.column == 10);
  CHECK(last.slot == 2u);
}

TEST_CASE("a line too long to be a row is skipped with a word") {
  const auto facts = read(read_esxcfg_vswif, kHeader3 + "vswif0 " + std::string(5000, 'x') + "\n" +
                                                 "vswif1   SC   10.0.0.5 255.0.0.0 10.255.255.255 true false\n");
  CHECK(warnings(facts) == Texts{"line-too-long 2:1"});
  CHECK(texts(facts.interfaces) == Texts{"vswif1 10.0.0.5/255.0.0.0 pg=SC dhcp=no on=yes"});
  CHECK_FALSE(facts.lists_vswifs);
}

TEST_CASE("a file in UTF-16 is refused, not misread") {
  CHECK(warnings(read(read_esxcfg_vswif, std::string_view("\xff\xfeN\0a\0", 6))) == Texts{"text-encoding 1:1"});
}
