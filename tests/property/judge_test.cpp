// Thousands of hosts made at random, judged by the program and by a second reading of the catalogue.
#include <catch2/catch.hpp>

#include "property/judge.hpp"
#include "property/random_host.hpp"

using namespace esx2esxi;
using model::Service;
using testing::Random;

namespace {

void equip(Random& random, model::State& state) {
  for (auto& i : state.interfaces) {
    i.vlan = random.one_in(8) ? std::nullopt : std::optional(*net::VlanId::make(random.one_in(4) ? 20 : 10));
    if (random.one_in(6)) i.mtu = 9000;
    for (auto n = random.one_in(3) ? random.below(3) : 1; n > 0; --n)
      i.uplinks.active.push_back("vmnic" + std::to_string(random.below(2) + 2 * n));
    if (random.one_in(6)) i.uplinks.standby.push_back("vmnic9");
    if (random.one_in(2)) i.vswitch = "vSwitch0";
    if (i.is_vswif()) {
      i.services.add(Service::Management);
      continue;
    }
    for (const auto service : {Service::VMotion, Service::FaultToleranceLogging, Service::Nfs})
      if (random.one_in(3)) i.services.add(service);
    if (random.one_in(2)) continue;
    i.bound_to = random.one_in(6) ? "vmhba34" : "vmhba33";
    i.services.add(Service::Iscsi);
    // Bound interfaces mostly share a subnet, else hardly any binding would be legal.
    if (i.address && !random.one_in(3))
      i.address = net::Ipv4Address::from_bits(10U << 24 | 0x0300U | random.below(256));
    if (i.netmask && !random.one_in(4)) i.netmask = net::Ipv4Address::from_bits(0xffffff00U);
  }
  for (unsigned n = 0; n < 3; ++n) {
    model::Switch s;
    s.name = "vSwitch" + std::to_string(n);
    if (random.one_in(3)) s.mtu = random.one_in(2) ? 9000 : 1500;
    state.switches.push_back(s);
  }
}

std::vector<model::Endpoint> endpoints(Random& random) {
  std::vector<model::Endpoint> all;
  for (auto n = random.below(5); n > 0; --n) {
    model::Endpoint e;
    e.name = "e";
    e.address =
        random.one_in(5) ? net::Ipv4Address::from_bits(random.bits() % 0xe0000000U) : testing::random_address(random);
    static constexpr Service kServices[] = {Service::Management, Service::VMotion, Service::Iscsi, Service::Nfs};
    e.service = kServices[random.below(4)];
    e.peer = e.service == Service::VMotion;
    all.push_back(e);
  }
  return all;
}

constexpr model::Target kTargets[] = {{4, 1}, {5, 0}, {5, 1}, {5, 5}, {6, 0}, {6, 5}, {8, 0}};

testing::Case classic_case(std::uint64_t seed) {
  Random random(seed * 7919);
  testing::Case one;
  one.host.name = "h";
  one.host.product = "ESX";
  one.host.version = random.one_in(8) ? "3.5.0" : "4.1.0";
  one.host.before = testing::random_classic_state(random);
  equip(random, one.host.before);
  for (auto& stack : one.host.before.stacks) {  // now and then an address that is no router's
    const auto& i =
        one.host.before.interfaces[random.below(static_cast<std::uint32_t>(one.host.before.interfaces.size()))];
    if (stack.gateway && i.address && random.one_in(8)) stack.gateway = i.address;
    if (stack.gateway && random.one_in(12)) stack.gateway = net::Ipv4Address::from_bits(stack.gateway->bits() | 0xffU);
  }
  one.endpoints = endpoints(random);
  one.target = kTargets[random.below(std::size(kTargets))];
  one.path = random.one_in(3) ? model::Path::Upgrade : model::Path::Fresh;
  return one;
}

/// An ESXi host that is judged as it is, with stacks of its own.
testing::Case esxi_case(std::uint64_t seed) {
  auto one = classic_case(seed);
  Random random(seed * 104723);
  one.host.product = "ESXi";
  one.host.version = "6.7.0";
  one.path = model::Path::Fresh;
  auto& state = one.host.before;
  state.stacks[0].name = model::kDefaultStack;
  state.stacks[1].name = random.one_in(2) ? "vmotion" : "other";
  static constexpr std::string_view kStacks[] = {"defaultTcpipStack",  "defaultTcpipStack", "vmotion", "other", "vxlan",
                                                 "vSphereProvisioning"};
  unsigned n = 0;
  for (auto& i : state.interfaces) {
    i.name = i.from = "vmk" + std::to_string(n++);
    i.stack = kStacks[random.below(std::size(kStacks))];
    if (random.one_in(8)) i.gateway_override = testing::random_address(random);
  }
  return one;
}

/// The program's findings in the words of testing::Judge.
std::multiset<std::string> program(const testing::Case& one) {
  const auto mapping = transform::map_host(one.host, one.target, one.path);
  const model::Policy policy;
  const auto found = rules::judge_host(
      {one.host, mapping, mapping.state, one.endpoints, policy, one.target, one.path, rules::Stage::Mapped},
      rules::built_in_catalogue(), {2026, 3, 1});
  static const std::set<std::string> kByAddress{"gateway-off-subnet", "gateway-not-a-host", "route-next-hop-off-link",
                                                "routes-lost-at-reboot", "evidence-missing"};
  static const std::set<std::string> kByBoth{"gateway-ambiguous", "egress-ambiguous"};
  std::multiset<std::string> all;
  for (const auto& f : found) {
    std::set<std::string> from;
    for (const auto& i : f.interfaces) from.insert(i.from);
    std::string names;
    for (const auto& name : from) names += name + " ";
    std::string addresses;
    for (const auto& a : f.addresses) addresses += (addresses.empty() ? "" : " ") + a;
    const auto start = f.rule + " " + std::string(to_string(f.severity)) + " ";
    if (f.rule == "egress-changes") {
      if (f.severity == Severity::Error)  // one for each region and service; endpoints are what a stranger can count
        for (const auto& a : std::set<std::string>(f.addresses.begin(), f.addresses.end())) all.insert(start + a);
    } else if (f.rule == "two-default-gateways" || f.rule == "upgrade-path") {
      all.insert(start);
    } else if (kByAddress.contains(f.rule)) {
      all.insert(start + addresses);
    } else {
      all.insert(start + (kByBoth.contains(f.rule) ? addresses + " " : "") + names);
    }
  }
  return all;
}

std::string difference(const std::multiset<std::string>& a, const std::multiset<std::string>& b) {
  std::vector<std::string> only;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only));
  std::string text;
  for (const auto& line : only) text += "  " + line + "\n";
  return text;
}

void compare(const testing::Case& one, std::uint64_t seed, std::map<std::string, std::size_t>& seen) {
  const auto here = program(one);
  const auto there = testing::Judge(one).findings();
  if (here != there)
    FAIL("seed " << seed << "\nonly the program says:\n"
                 << difference(here, there) << "only the second reading says:\n"
                 << difference(there, here));
  for (const auto& line : here) ++seen[line.substr(0, line.find(' '))];
}

}  // namespace

TEST_CASE("random classic hosts are judged as a second reading of the catalogue judges them") {
  std::map<std::string, std::size_t> seen;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) compare(classic_case(seed), seed, seen);
  for (const auto* rule : {"same-subnet",
                           "overlapping-masks",
                           "one-subnet-two-vlans",
                           "unbound-beside-bound",
                           "interface-unaddressed",
                           "mask-invalid",
                           "two-default-gateways",
                           "gateway-off-subnet",
                           "gateway-not-a-host",
                           "gateway-ambiguous",
                           "no-default-gateway",
                           "route-next-hop-off-link",
                           "routes-lost-at-reboot",
                           "egress-changes",
                           "egress-ambiguous",
                           "binding-across-subnets",
                           "binding-uplinks",
                           "binding-across-vswitches",
                           "console-iscsi-interface",
                           "vmotion-multi-nic",
                           "several-ft-interfaces",
                           "upgrade-disables-interface",
                           "upgrade-leaves-conflict",
                           "upgrade-path",
                           "several-dhcp-interfaces",
                           "management-on-dhcp",
                           "mtu-mismatch",
                           "evidence-missing"})
    CHECK((std::string(rule) + ": " + (seen[rule] > 5 ? "seen" : "hardly seen")) == std::string(rule) + ": seen");
}

TEST_CASE("random ESXi hosts are judged as a second reading of the catalogue judges them") {
  std::map<std::string, std::size_t> seen;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) compare(esxi_case(seed), seed, seen);
  for (const auto* rule : {"same-subnet", "vmotion-stack-shadows", "stack-unavailable", "gateway-override-unavailable",
                           "vmotion-multi-nic", "no-default-gateway", "gateway-ambiguous", "egress-ambiguous"})
    CHECK((std::string(rule) + ": " + (seen[rule] > 5 ? "seen" : "hardly seen")) == std::string(rule) + ": seen");
}
