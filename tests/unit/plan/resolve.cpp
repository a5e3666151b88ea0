// What becomes of a finding: the planned state decides.
#include "../../../planner/plan/resolve.hpp"

#include <catch2/catch.hpp>

namespace esx2esxi::plan {
namespace {

using rules::Finding;
using rules::Resolution;

Finding same_subnet(std::vector<std::string> interfaces, std::vector<std::string> addresses) {
  Finding finding;
  finding.rule = "same-subnet";
  for (auto& name : interfaces) finding.interfaces.push_back({"", name, name});
  finding.addresses = std::move(addresses);
  finding.message = "they share a subnet";
  return finding;
}

readdress::Remedy move(std::string interface, std::string rule) {
  readdress::Remedy remedy;
  remedy.interface = std::move(interface);
  remedy.from_value = "10.0.0.6/24";
  remedy.to_value = "10.0.9.6/24 VLAN 90";
  remedy.rule = std::move(rule);
  return remedy;
}

const Finding kPair = same_subnet({"vmk0", "vmk1"}, {"10.0.0.5/24", "10.0.0.6/24"});

TEST_CASE("a finding that the planned state does not show is resolved by the remedy that answers it") {
  const auto out = resolve({kPair}, {}, {move("vmk7", "mask-invalid"), move("vmk1", "same-subnet")});
  REQUIRE(out.size() == 1);
  CHECK(out[0].resolution == Resolution::Resolved);
  CHECK(out[0].why == "vmk1: 10.0.0.6/24 to 10.0.9.6/24 VLAN 90");
}

TEST_CASE("a route is blamed only for what it leads to") {
  readdress::Remedy route;
  route.kind = readdress::RemedyKind::StaticRoute;
  route.to_value = "10.0.40.0/24 by 10.0.30.254";
  route.rule = "egress-changes";
  auto archive = kPair;
  archive.rule = "egress-changes";
  archive.endpoints = {"nfs archive 10.0.40.20"};
  auto dns = kPair;
  dns.rule = "egress-changes";
  dns.endpoints = {"dns a 10.0.70.2"};
  const auto out = resolve({archive, dns}, {}, {move("vmk1", "same-subnet"), route});
  CHECK(out[0].why == "static-route: 10.0.40.0/24 by 10.0.30.254");
  CHECK(out[1].why == "vmk1: 10.0.0.6/24 to 10.0.9.6/24 VLAN 90");
}

TEST_CASE("a finding that is still there stays open, and is listed once") {
  const auto out = resolve({kPair}, {kPair}, {move("vmk1", "same-subnet")});
  REQUIRE(out.size() == 1);
  CHECK(out[0].resolution == Resolution::Open);
  CHECK(out[0].why.empty());
}

TEST_CASE("an open finding tells what the planned state shows, and nothing else is open") {
  auto mapped = same_subnet({"vmk0", "vmk1", "vmk2"}, {"10.0.0.5/24", "10.0.0.6/24", "10.0.0.7/24"});
  mapped.message = "three share a subnet";
  mapped.introduced = true;
  mapped.origins = {{FileName("esx.conf"), 7, 0}};
  auto nearer = same_subnet({"vmk2", "vmk1"}, {"10.0.0.7/24", "10.0.0.6/24"});
  nearer.message = "two of them";
  auto planned = same_subnet({"vmk2", "vmk0"}, {"10.0.0.7/24", "10.0.0.5/24"});
  planned.message = "two share a subnet";
  // both mapped ones could have become the only planned one: it is listed once, for the one it is nearest to
  const auto out = resolve({nearer, mapped}, {planned}, {move("vmk1", "same-subnet")});
  REQUIRE(out.size() == 2);
  CHECK(out[0].resolution == Resolution::Open);
  CHECK(out[0].message == "two share a subnet");
  CHECK(out[1].resolution == Resolution::Resolved);
  CHECK(out[1].message == "three share a subnet");
  const auto one = resolve({mapped}, {planned}, {move("vmk1", "same-subnet")});
  REQUIRE(one.size() == 1);
  CHECK(one[0].message == "two share a subnet");
  CHECK(one[0].interfaces == planned.interfaces);
  CHECK(one[0].addresses == planned.addresses);
  CHECK(one[0].introduced);
  CHECK(one[0].origins == mapped.origins);
}

TEST_CASE("each service's change of egress becomes its own, not another service's") {
  auto change = [](const std::string& first, const std::string& message) {
    auto finding = same_subnet({first, "vmk9"}, {"10.0.0.0-10.0.255.255"});
    finding.rule = "egress-changes";
    finding.message = message;
    return finding;
  };
  const auto out =
      resolve({change("vmk0", "management before"), change("vmk1", "nfs before")}, {change("vmk1", "nfs planned")}, {});
  REQUIRE(out.size() == 2);
  CHECK(out[0].resolution == Resolution::Resolved);
  CHECK(out[0].message == "management before");
  CHECK(out[1].message == "nfs planned");
}

TEST_CASE("what is left of a group of three is the same finding") {
  const auto three = same_subnet({"vmk0", "vmk1", "vmk2"}, {"10.0.0.5/24", "10.0.0.6/24", "10.0.0.7/24"});
  const auto two = same_subnet({"vmk0", "vmk2"}, {"10.0.0.5/24", "10.0.0.7/24"});
  const auto out = resolve({three}, {two}, {move("vmk1", "same-subnet")});
  REQUIRE(out.size() == 1);
  CHECK(out[0].resolution == Resolution::Open);
}

TEST_CASE("a region from which a route was cut out is the same region") {
  auto all = same_subnet({"vmk0"}, {"0.0.0.0-9.255.255.255", "11.0.0.0-255.255.255.255"});
  auto rest = same_subnet({"vmk0"}, {"0.0.0.0-9.0.0.255"});
  CHECK(resolve({all}, {rest}, {}).size() == 1);
  rest.addresses = {"10.0.0.0/24"};
  CHECK(resolve({all}, {rest}, {}).size() == 2);
}

TEST_CASE("what only the planned state shows is listed behind, open") {
  const auto elsewhere = same_subnet({"vmk1", "vmk2"}, {"10.0.9.6/24", "10.0.9.7/24"});
  const auto out = resolve({kPair}, {elsewhere}, {move("vmk1", "same-subnet")});
  REQUIRE(out.size() == 2);
  CHECK(out[0].resolution == Resolution::Resolved);
  CHECK(out[1].resolution == Resolution::Open);
  CHECK(out[1].addresses == elsewhere.addresses);
}

TEST_CASE("an error that became a warning is resolved, and the warning is open") {
  auto milder = kPair;
  milder.severity = Severity::Warning;
  const auto out = resolve({kPair}, {milder}, {});
  REQUIRE(out.size() == 2);
  CHECK(out[0].resolution == Resolution::Resolved);
  CHECK(out[1].severity == Severity::Warning);
  CHECK(out[1].resolution == Resolution::Open);
}

TEST_CASE("a waived finding stays waived whether or not it is still there") {
  auto waived = kPair;
  waived.resolution = Resolution::Waived;
  waived.why = "accepted";
  for (const auto& planned : {std::vector<Finding>{}, std::vector<Finding>{waived}}) {
    const auto out = resolve({waived}, planned, {});
    REQUIRE(out.size() == 1);
    CHECK(out[0].resolution == Resolution::Waived);
    CHECK(out[0].why == "accepted");
  }
}

TEST_CASE("a waiver does not hide what it no longer covers") {
  auto waived = kPair;
  waived.resolution = Resolution::Waived;
  const auto out = resolve({waived}, {kPair}, {});
  REQUIRE(out.size() == 2);
  CHECK(errors_left(out, "esx01") == std::vector<std::string>{"same-subnet: they share a subnet"});
}

TEST_CASE("an error of the estate is left only for the hosts that it names") {
  auto duplicate = kPair;
  duplicate.rule = "duplicate-address";
  duplicate.hosts = {"esx01", "esx02"};
  CHECK(errors_left({duplicate}, "esx02").size() == 1);
  CHECK(errors_left({duplicate}, "esx03").empty());
  duplicate.severity = Severity::Warning;
  CHECK(errors_left({duplicate}, "esx02").empty());
}

TEST_CASE("a finding of the estate is ended by the segment that moved") {
  auto apart = kPair;
  apart.rule = "vmotion-peers-apart";
  apart.hosts = {"esx01", "esx02"};
  apart.interfaces = {{"esx01", "vmk1", "vmk0"}, {"esx02", "vmk1", "vmk0"}};
  readdress::Proposal proposal;
  readdress::Segment segment;
  segment.cluster = "C1";
  segment.from = net::Ipv4Prefix::parse("10.0.0.0/24").value();
  segment.to = net::Ipv4Prefix::parse("10.0.9.0/24").value();
  segment.members = {{"esx02", "vmk1", "vmk0"}};
  proposal.segments = {segment};
  const auto out = resolve_estate({apart}, {}, proposal);
  CHECK(out[0].resolution == Resolution::Resolved);
  CHECK(out[0].why == "vmotion of C1 moves from 10.0.0.0/24 to 10.0.9.0/24");
}

}  // namespace
}  // namespace esx2esxi::plan
