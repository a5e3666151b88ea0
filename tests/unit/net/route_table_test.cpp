#include <catch2/catch.hpp>

#include "esx2esxi/net/route_table.hpp"

using namespace esx2esxi::net;

namespace {

Ipv4Address ip(const char* text) { return *Ipv4Address::parse(text); }
Connected nic(InterfaceId id, const char* address, unsigned length) {
  return {*Ipv4Prefix::containing(ip(address), length), ip(address), id};
}
StaticRoute route(const char* network, const char* next_hop) { return {*Ipv4Prefix::parse(network), ip(next_hop)}; }
using Ids = std::vector<InterfaceId>;

}  // namespace

TEST_CASE("an empty table reaches nothing") {
  const RouteTable table;
  CHECK_FALSE(table.lookup(ip("10.0.0.1")).reachable());
  CHECK(table.regions().size() == 1);
}

TEST_CASE("the longest prefix takes the traffic") {
  const Connected nics[] = {nic(0, "10.72.10.21", 16), nic(1, "10.72.50.21", 24)};
  const StaticRoute routes[] = {route("0.0.0.0/0", "10.72.0.1"), route("10.72.50.200/32", "10.72.0.1")};
  const RouteTable table(nics, routes);
  CHECK(table.lookup(ip("10.72.50.10")).interfaces == Ids{1});
  CHECK(table.lookup(ip("10.72.51.10")).interfaces == Ids{0});
  CHECK(table.lookup(ip("10.72.50.200")).next_hop() == ip("10.72.0.1"));
  CHECK(table.lookup(ip("8.8.8.8")).by.length() == 0);
}

TEST_CASE("equal ranges tie, and the first created is the likely one") {
  const Connected nics[] = {nic(3, "10.0.0.6", 24), nic(1, "10.0.0.5", 24)};
  const RouteTable table(nics, {});
  const auto& egress = table.lookup(ip("10.0.0.9"));
  CHECK(egress.interfaces == Ids{1, 3});
  CHECK(egress.ambiguous());
  CHECK_FALSE(egress.next_hop());
}

TEST_CASE("a static route equal to a connected network is shadowed by it") {
  const Connected nics[] = {nic(0, "10.0.0.5", 24), nic(1, "10.0.1.5", 24)};
  const StaticRoute routes[] = {route("10.0.1.0/24", "10.0.0.1")};
  CHECK(RouteTable(nics, routes).lookup(ip("10.0.1.9")).interfaces == Ids{1});
}

TEST_CASE("a next hop that is off-link, reached by another route, or an own address makes no route") {
  const Connected nics[] = {nic(0, "10.0.0.5", 24)};
  const StaticRoute off[] = {route("10.9.0.0/16", "10.1.0.1")};
  CHECK_FALSE(RouteTable(nics, off).lookup(ip("10.9.0.1")).reachable());
  const StaticRoute nested[] = {route("10.1.0.0/24", "10.0.0.1"), route("10.9.0.0/16", "10.1.0.1")};
  CHECK_FALSE(RouteTable(nics, nested).lookup(ip("10.9.0.1")).reachable());
  const StaticRoute own[] = {route("10.9.0.0/16", "10.0.0.5")};
  CHECK_FALSE(RouteTable(nics, own).lookup(ip("10.9.0.1")).reachable());
  const StaticRoute itself[] = {route("10.9.0.0/16", "10.9.0.1")};
  CHECK_FALSE(RouteTable(nics, itself).lookup(ip("10.9.0.2")).reachable());
}

TEST_CASE("two routes of one prefix tie, the next hop of the first created interface is the likely one") {
  const Connected nics[] = {nic(0, "10.0.0.5", 24), nic(1, "10.0.1.5", 24)};
  const StaticRoute routes[] = {route("10.9.0.0/16", "10.0.1.1"), route("10.9.0.0/16", "10.0.0.1")};
  const RouteTable table(nics, routes);
  const auto& egress = table.lookup(ip("10.9.0.1"));
  CHECK(egress.interfaces == Ids{0, 1});
  CHECK(egress.next_hop() == ip("10.0.0.1"));
  CHECK(egress.ambiguous());
}

TEST_CASE("the ends of the address space are ordinary addresses") {
  const Connected nics[] = {nic(0, "255.255.255.5", 24), nic(1, "0.0.0.5", 24)};
  const RouteTable table(nics, {});
  CHECK(table.lookup(ip("255.255.255.255")).interfaces == Ids{0});
  CHECK(table.lookup(ip("0.0.0.0")).interfaces == Ids{1});
  CHECK_FALSE(table.lookup(ip("128.0.0.1")).reachable());
}
