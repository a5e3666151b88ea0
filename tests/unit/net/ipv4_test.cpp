#include <catch2/catch.hpp>

#include "esx2esxi/net/ipv4.hpp"
#include "esx2esxi/net/link.hpp"

using namespace esx2esxi;
using namespace esx2esxi::net;

TEST_CASE("addresses are four plain decimal octets and nothing else") {
  for (const auto* good : {"0.0.0.0", "10.71.10.11", "255.255.255.255", "1.2.3.4"}) {
    const auto parsed = Ipv4Address::parse(good);
    REQUIRE(parsed);
    CHECK(to_string(*parsed) == good);
  }
  const std::pair<const char*, std::string_view> bad[] = {{"", "a character that is no decimal digit"},
                                                          {"10.0.0", "not four octets with dots between"},
                                                          {"10.0.0.256", "an octet above 255"},
                                                          {"10.0.0.1.2", "characters after the fourth octet"},
                                                          {"10.0.0.01", "an octet with a leading zero"},
                                                          {"1O.0.0.1", "not four octets with dots between"},
                                                          {"10.1.x.22", "a character that is no decimal digit"},
                                                          {" 10.0.0.1", "a character that is no decimal digit"},
                                                          {"10.0.0.1 ", "characters after the fourth octet"},
                                                          {"10.0.0.1000", "characters after the fourth octet"},
                                                          {"-1.0.0.1", "a character that is no decimal digit"}};
  for (const auto& [text, why] : bad) {
    INFO(text);
    const auto parsed = Ipv4Address::parse(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().what == why);
  }
}

TEST_CASE("a fault points at the offending character") {
  CHECK(Ipv4Address::parse("10.0.x.1").error().offset == 5);
  CHECK(Ipv4Range::parse("10.0.0.1-10.0.0.x").error().offset == 16);
}

TEST_CASE("prefixes have no host bits and lengths from 0 to 32") {
  CHECK(to_string(*Ipv4Prefix::parse("10.72.0.0/16")) == "10.72.0.0/16");
  CHECK(Ipv4Prefix::parse("0.0.0.0/0")->contains(*Ipv4Address::parse("255.255.255.255")));
  for (const auto* bad : {"10.72.0.1/16", "10.72.0.0", "10.72.0.0/", "10.72.0.0/33", "10.72.0.0/016", "10.72.0.0/1x"})
    CHECK_FALSE(Ipv4Prefix::parse(bad));
  const auto wide = *Ipv4Prefix::parse("10.72.0.0/16");
  const auto narrow = *Ipv4Prefix::parse("10.72.50.0/24");
  CHECK(wide.overlaps(narrow));
  CHECK(narrow.overlaps(wide));
  CHECK(wide.contains(narrow));
  CHECK_FALSE(narrow.contains(wide));
  CHECK(to_string(wide.broadcast()) == "10.72.255.255");
}

TEST_CASE("masks with holes have no length") {
  CHECK(prefix_length(*Ipv4Address::parse("255.255.255.0")) == 24U);
  CHECK(prefix_length(*Ipv4Address::parse("0.0.0.0")) == 0U);
  CHECK_FALSE(prefix_length(*Ipv4Address::parse("255.255.225.0")));
}

TEST_CASE("ranges are written as one address, two, or a prefix") {
  CHECK(Ipv4Range::parse("10.0.0.5")->size() == 1);
  CHECK(Ipv4Range::parse("10.0.0.0/24")->size() == 256);
  CHECK(to_string(*Ipv4Range::parse("10.0.0.5-10.0.0.9")) == "10.0.0.5-10.0.0.9");
  CHECK(Ipv4Range::parse("0.0.0.0/0")->size() == std::uint64_t{1} << 32);
  CHECK_FALSE(Ipv4Range::parse("10.0.0.9-10.0.0.5"));
}

TEST_CASE("MAC addresses and VLAN ids are read in the forms that hosts print") {
  CHECK(to_string(*Mac::parse("00:50:56:4B:5E:88")) == "00:50:56:4b:5e:88");
  CHECK_FALSE(Mac::parse("00:50:56:4B:5E"));
  CHECK_FALSE(Mac::parse("00:50:56:4B:5E:8J"));
  CHECK(VlanId::parse("4095")->value() == 4095);
  for (const auto* bad : {"", "4096", "-1", "12x", "00001"}) CHECK_FALSE(VlanId::parse(bad));
}
