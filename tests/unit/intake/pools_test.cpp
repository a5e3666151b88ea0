#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "esx2esxi/intake/policy.hpp"
#include "esx2esxi/net/fmt.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;

namespace {

Checked<model::Pools> pools(std::string text) {
  static std::string kept;
  kept = std::move(text);
  return read_pools({FileName("pools.csv"), kept});
}

const std::string kHeader = "network,vlan,gateway,purpose,cluster,first,last,exclude,note\n";

}  // namespace

TEST_CASE("the sample pools are read as they stand") {
  std::ifstream in(TEST_ESTATES "/harbor/policy/pools.csv", std::ios::binary);
  const auto out = pools({std::istreambuf_iterator<char>(in), {}});
  CHECK(out.notes.empty());
  REQUIRE(out.value.size() == 6);
  const auto& first = out.value[0];
  CHECK(to_string(first.network) == "10.71.20.0/24");
  CHECK(first.vlan->value() == 120);
  CHECK_FALSE(first.gateway);
  CHECK(first.purpose == "vmotion");
  CHECK(first.cluster == "PROD-A");
  CHECK(to_string(first.first) == "10.71.20.11");
  CHECK(to_string(first.last) == "10.71.20.199");
  REQUIRE(first.exclude.size() == 1);
  CHECK(to_string(first.exclude[0]) == "10.71.20.50-10.71.20.59");
  CHECK(first.note == "vMotion of the piers; .50-.59 belong to the load tester");
  CHECK(to_string(first.at) == "pools.csv:2");
  CHECK(to_string(*out.value[2].gateway) == "172.22.10.1");
  CHECK(out.value[2].exclude.size() == 2);
  CHECK(out.value[5].cluster.empty());
}

TEST_CASE("columns are found by name in any order, with semicolons, a BOM and CRLF") {
  const auto out = pools(
      "\xef\xbb\xbfLast;First; Network ;Purpose\r\n10.0.0.20;10.0.0.10;10.0.0.0/24;VMotion\r\n"
      "10.0.1.20;10.0.1.10;10.0.1.0/24;any\r\n");
  CHECK(out.notes.empty());
  REQUIRE(out.value.size() == 2);
  CHECK(to_string(out.value[0].first) == "10.0.0.10");
  CHECK(out.value[0].purpose == "vmotion");
  CHECK(out.value[1].purpose.empty());
  CHECK_FALSE(out.value[0].vlan);
  CHECK(out.value[1].at.line == 3);
}

TEST_CASE("each fault of a pool has its line") {
  struct Fault {
    std::string text;
    unsigned line;
    std::string mentions;
  };
  const auto f = GENERATE_COPY(values<Fault>({
      {"", 1, "no column 'network'"},
      {"network,first\n", 1, "no column 'last'"},
      {"network,network,first,last\n", 1, "twice"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1\n", 2, "6 fields where the header has 9"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,,a note, with a comma\n", 2, "10 fields"},
      {kHeader + "10.0.0.1/24,1,,,,10.0.0.1,10.0.0.9,,\n", 2, "network: '10.0.0.1/24'"},
      {kHeader + "10.0.0.0,1,,,,10.0.0.1,10.0.0.9,,\n", 2, "no slash"},
      {kHeader + "10.0.0.0/31,1,,,,10.0.0.0,10.0.0.1,,\n", 2, "8 to 30"},
      {kHeader + "127.0.0.0/24,1,,,,127.0.0.1,127.0.0.9,,\n", 2, "a host can have"},
      {kHeader + "10.0.0.0/24,4096,,,,10.0.0.1,10.0.0.9,,\n", 2, "vlan: '4096'"},
      {kHeader + "10.0.0.0/24,4095,,,,10.0.0.1,10.0.0.9,,\n", 2, "4095"},
      {kHeader + "10.0.0.0/24,1x,,,,10.0.0.1,10.0.0.9,,\n", 2, "vlan: '1x'"},
      {kHeader + "10.0.0.0/24,1,10.0.1.1,,,10.0.0.1,10.0.0.9,,\n", 2, "gateway: 10.0.1.1 lies outside"},
      {kHeader + "10.0.0.0/24,1,10.0.0.255,,,10.0.0.1,10.0.0.9,,\n", 2, "gateway: 10.0.0.255 is the broadcast"},
      {kHeader + "10.0.0.0/24,1,10.0.0.256,,,10.0.0.1,10.0.0.9,,\n", 2, "gateway: '10.0.0.256'"},
      {kHeader + "10.0.0.0/24,1,,vmtion,,10.0.0.1,10.0.0.9,,\n", 2, "did you mean 'vmotion'"},
      {kHeader + "10.0.0.0/24,1,,,,,10.0.0.9,,\n", 2, "first: ''"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.0,10.0.0.9,,\n", 2, "first: 10.0.0.0 is the network"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.255,,\n", 2, "last: 10.0.0.255 is the broadcast"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.1.9,,\n", 2, "last: 10.0.1.9 lies outside"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.9,10.0.0.1,,\n", 2, "10.0.0.1 comes before 10.0.0.9"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,10.0.1.5,\n", 2, "exclude: 10.0.1.5 lies outside"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,10.0.0.5-7,\n", 2, "exclude: '10.0.0.5-7'"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,,\n\n10.0.0.0/16,1,,,,10.0.0.1,10.0.0.9,,\n", 4,
       "overlaps 10.0.0.0/24 of line 2"},
      {kHeader + "10.0.0.0/16,1,,,,10.0.0.1,10.0.0.9,,\n10.1.0.0/16,1,,,,10.1.0.1,10.1.0.9,,\n"
                 "10.0.3.0/24,1,,,,10.0.3.1,10.0.3.9,,\n",
       4, "overlaps 10.0.0.0/16 of line 2"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,,\n10.0.0.0/24,2,,,,10.0.0.10,10.0.0.19,,\n", 3,
       "another VLAN or gateway in line 2"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,,\"open\n", 2, "never closed"},
      {kHeader + "10.0.0.0/24,1,,,,10.0.0.1,10.0.0.9,,\"a\nnote\"\n10.0.1.0/24,1,,,,10.0.1.0,10.0.1.9,,\n", 4,
       "first: 10.0.1.0 is the network"},
  }));
  CAPTURE(f.text);
  const auto out = pools(f.text);
  std::vector<std::string> errors;
  for (const auto& note : out.notes)
    if (note.severity == Severity::Error) errors.push_back(to_string(note));
  CAPTURE(errors);
  REQUIRE_FALSE(errors.empty());
  const bool mentioned = std::any_of(errors.begin(), errors.end(), [&](const std::string& e) {
    return e.starts_with(fmt::format("pools.csv:{}: error: ", f.line)) && e.find(f.mentions) != std::string::npos;
  });
  CHECK(mentioned);
  CHECK((errors.size() == 1 || f.line == 1));
}

TEST_CASE("two free ranges of one network are one network") {
  const auto out =
      pools(kHeader + "10.0.0.0/24,1,,nfs,,10.0.0.1,10.0.0.9,,\n10.0.0.0/24,1,,vmotion,,10.0.0.20,10.0.0.29,,\n");
  CHECK(out.notes.empty());
  CHECK(out.value.size() == 2);
}

TEST_CASE("an unknown column is named and not read") {
  const auto out = pools("network,first,last,vlam\n10.0.0.0/24,10.0.0.1,10.0.0.9,7\n");
  REQUIRE(out.notes.size() == 1);
  CHECK(out.notes[0].severity == Severity::Warning);
  CHECK_THAT(to_string(out.notes[0]), Catch::Contains("did you mean 'vlan'"));
  CHECK(out.value.size() == 1);
}

TEST_CASE("a NetBox export of prefixes is a pools file as well") {
  const auto out = pools(
      "Prefix,Status,VLAN,Role,Site,Description,cf_gateway\n"
      "10.0.20.0/24,Active,vMotion (120),vMotion,PROD-A,piers,10.0.20.1\n"
      "10.0.0.0/16,Container,,,,all of it,\n"
      "10.0.30.0/24,Active,130,Servers,PROD-A,no service,\n"
      "2001:db8::/64,Active,,,,,\n"
      "10.0.40.0/24,Active,,,PROD-A,for anything,\n");
  REQUIRE(out.value.size() == 2);
  const auto& first = out.value[0];
  CHECK(to_string(first.network) == "10.0.20.0/24");
  CHECK(first.vlan->value() == 120);
  CHECK(first.purpose == "vmotion");
  CHECK(first.cluster == "PROD-A");
  CHECK(first.gateway == net::Ipv4Address::parse("10.0.20.1").value());
  CHECK(to_string(first.first) == "10.0.20.2");
  CHECK(to_string(first.last) == "10.0.20.253");
  CHECK(to_string(first.at) == "pools.csv:2");
  CHECK(out.value[1].purpose.empty());
  REQUIRE(out.notes.size() == 2);
  CHECK(out.notes[0].code == "pools-ipam");  // which addresses are taken is not said
  CHECK(out.notes[1].code == "pools-role");
  CHECK(out.notes[1].at.line == 4);
}

TEST_CASE("a phpIPAM export of subnets is a pools file as well") {
  const auto out = pools(
      "Section;Subnet;Mask;Description;VLAN;cluster;purpose;first;last\n"
      "DC1;10.0.20.0;24;piers;120;PROD-A;vmotion;10.0.20.11;10.0.20.99\n"
      "DC1;10.0.21.0;255.255.255.0;piers;121;PROD-A;;10.0.21.11;10.0.21.99\n"
      "DC1;10.0.22.1;24;host bits;;;;;\n");
  REQUIRE(out.value.size() == 2);
  CHECK(to_string(out.value[0].last) == "10.0.20.99");
  CHECK(to_string(out.value[1].network) == "10.0.21.0/24");
  REQUIRE_FALSE(out.notes.empty());
  CHECK(out.notes.back().at.line == 4);
  CHECK(out.notes.back().severity == Severity::Error);
}
