#include "esx2esxi/intake/policy.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/net/fmt.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using model::Service;

namespace {

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Two lines of frame, so that `body` begins in line 3.
Checked<model::Policy> policy(std::string_view body) {
  static std::string text;
  text = fmt::format("format esx2esxi-policy\nversion 1.0\n{}", body);
  return read_policy({FileName("p.info"), text});
}

std::vector<std::string> faults(const Diagnostics& notes) {
  std::vector<std::string> out;
  for (const auto& note : notes) out.push_back(to_string(note));
  return out;
}

/// The one fault of a policy: where it is and what its message has to mention.
struct Fault {
  std::string body;
  unsigned line;
  Severity severity;
  std::string mentions;
};

}  // namespace

TEST_CASE("the sample policy is read as it stands") {
  const auto text = file_text(TEST_ESTATES "/harbor/policy/policy.info");
  const auto out = read_policy({FileName("policy.info"), text});
  CHECK(faults(out.notes) == std::vector<std::string>{});
  const auto& p = out.value;
  CHECK(p.file == "policy.info");
  CHECK(p.estate == "harbor");
  CHECK(p.target == "8.0");
  CHECK(p.path == "fresh");
  REQUIRE(p.clusters.size() == 2);
  CHECK(p.clusters[0].hosts.size() == 5);
  CHECK(p.clusters[0].at.line == 14);
  REQUIRE(p.clusters[0].isolation_addresses.size() == 2);
  CHECK(to_string(p.clusters[0].isolation_addresses[1].value) == "10.71.30.254");
  CHECK(p.clusters[0].isolation_addresses[1].at.line == 22);
  REQUIRE(p.clusters[1].allow_networks.size() == 2);
  CHECK(p.clusters[1].allow_networks[1].value == "Service Console 2");
  REQUIRE(p.endpoints.size() == 14);
  const auto& archive = p.endpoints[8];
  CHECK(archive.kind == model::EndpointKind::Nfs);
  CHECK(archive.name == "archive");
  CHECK(to_string(*archive.network) == "10.71.40.0/24");
  CHECK(to_string(*archive.router) == "10.71.30.254");
  CHECK(archive.clusters == std::vector<std::string>{"PROD-A"});
  CHECK(archive.exports == std::vector<std::string>{"/vol/archive01"});
  REQUIRE(archive.allowed_sources.size() == 1);
  CHECK(to_string(archive.allowed_sources[0]) == "10.71.30.11-10.71.30.15");
  CHECK(p.endpoints[0].port == 443U);
  REQUIRE(p.segment_pins.size() == 1);
  CHECK(p.segment_pins[0].service == Service::VMotion);
  CHECK(to_string(p.segment_pins[0].network) == "10.71.20.0/24");
  REQUIRE(p.interface_pins.size() == 1);
  CHECK(p.interface_pins[0].name == "vmk0");
  REQUIRE(p.keep_pins.size() == 1);
  CHECK(p.keep_pins[0].name.empty());
  CHECK(p.costs.readdress.at(Service::Nfs) == 80);
  CHECK(p.costs.own_stack == 15);
  CHECK(p.severities.at("interface-unaddressed").first == Severity::Warning);
  REQUIRE(p.waivers.size() == 3);
  CHECK(p.waivers[0].interface == "vmk3");
  CHECK(p.waivers[2].expires == model::Date{2020, 6, 30});
  CHECK_FALSE(p.waivers[1].is_void());
}

TEST_CASE("without a costs block the program's own costs hold") {
  const auto& costs = default_policy().costs;
  CHECK(costs.readdress.at(Service::Management) == 100);
  CHECK(costs.readdress.at(Service::VMotion) == 10);
  CHECK(costs.readdress_default == 40);
  CHECK(costs.change_host_octet == 3);
  const auto out = policy("costs\n{\n  re-address { vmotion 7 }\n  own-stack 0\n}\n");
  CHECK(out.notes.empty());
  CHECK(out.value.costs.readdress.at(Service::VMotion) == 7);
  CHECK(out.value.costs.readdress.at(Service::Management) == 100);
  CHECK(out.value.costs.own_stack == 0);
  CHECK(out.value.costs.static_route == costs.static_route);
}

TEST_CASE("each fault of the frame, the clusters and the endpoints has its line") {
  const auto E = Severity::Error;
  const auto W = Severity::Warning;
  const auto f = GENERATE_COPY(values<Fault>({
      {"estat harbor", 3, E, "did you mean 'estate'"},
      {"target 8.1", 3, E, "'8.1'"},
      {"path freshh", 3, E, "did you mean 'fresh'"},
      {"target\n", 3, E, "has no value"},
      {"estate a\nestate b", 4, E, "line 3"},
      {"estate { x 1 }", 3, E, "not a block"},
      {"pins x { }", 3, E, "takes no value"},
      {"clusters\n{\n  klusster A { }\n}", 5, E, "did you mean 'cluster'"},
      {"clusters\n{\n  cluster { }\n}", 5, E, "no name"},
      {"clusters\n{\n  cluster A { hots esx01 }\n}", 5, E, "did you mean 'host'"},
      {"clusters\n{\n  cluster A {\n host\n }\n}", 6, E, "no value"},
      {"clusters\n{\n  cluster A { host e1 }\n  cluster B {\n host E1\n }\n}", 7, E, "'A' already, in line 5"},
      {"clusters\n{\n  cluster A { host e1.example }\n  cluster B {\n host e1\n }\n}", 7, E, "'A' already, in line 5"},
      {"clusters\n{\n  cluster A { host e1\n host e1 }\n}", 6, W, "already"},
      {"clusters\n{\n  cluster A { }\n  cluster a { }\n}", 6, E, "line 5"},
      {"clusters\n{\n  cluster A { isolation-address 10.0.0.300 }\n}", 5, E, "an octet above 255"},
      {"endpoints\n{\n  vcentre vc { address 10.0.0.1 }\n}", 5, E, "did you mean 'vcenter'"},
      {"endpoints\n{\n  dns a { }\n}", 5, E, "no 'address'"},
      {"endpoints\n{\n  dns { address 10.0.0.1 }\n}", 5, E, "no name"},
      {"endpoints\n{\n  dns a {\n address 10.0.0.1\n address 10.0.0.2 }\n}", 7, E, "line 6"},
      {"endpoints\n{\n  dns a { address 0.0.0.0 }\n}", 5, E, "no address that a host can have"},
      {"endpoints\n{\n  dns a { address 224.0.0.5 }\n}", 5, E, "no address that a host can have"},
      {"endpoints\n{\n  dns a { address 10.0.0.1 port 0 }\n}", 5, E, "from 1 to 65535"},
      {"endpoints\n{\n  dns a { address 10.0.0.1 port 65536 }\n}", 5, E, "from 1 to 65535"},
      {"endpoints\n{\n  dns a { address 10.0.0.1 port -1 }\n}", 5, E, "from 1 to 65535"},
      {"endpoints\n{\n  nfs a { address 10.0.0.1\n network 10.1.0.0/24 }\n}", 6, E, "does not hold"},
      {"endpoints\n{\n  nfs a { address 10.0.0.1\n network 10.0.0.1/24 }\n}", 6, E, "host bits"},
      {"endpoints\n{\n  nfs a { address 10.0.0.1\n network 0.0.0.0/0 }\n}", 6, E, "default route"},
      {"endpoints\n{\n  nfs a { address 10.0.0.1\n router 10.0.0.1 }\n}", 6, E, "is the endpoint itself"},
      {"endpoints\n{\n  nfs a { address 10.0.0.1\n network 10.0.0.0/24\n router 10.0.0.9 }\n}", 7, E, "lies in"},
      {"endpoints\n{\n  nfs a { address 10.0.0.1\n allowed-source 10.0.0.9-10.0.0.1 }\n}", 6, E, "ends before"},
      {"endpoints\n{\n  dns a { address 10.0.0.1\n export /vol }\n}", 6, W, "only nfs"},
      {"endpoints\n{\n  dns a { address 10.0.0.1 }\n  dns a { address 10.0.0.2 }\n}", 6, E, "line 5"},
      {"clusters { cluster PROD { } }\nendpoints\n{\n  dns a { address 10.0.0.1\n cluster PRDO }\n}", 7, W,
       "did you mean 'PROD'"},
  }));
  CAPTURE(f.body);
  const auto out = policy(f.body);
  CAPTURE(faults(out.notes));
  REQUIRE(out.notes.size() == 1);
  CHECK(to_string(out.notes[0].at) == fmt::format("p.info:{}", f.line));
  CHECK(out.notes[0].severity == f.severity);
  CHECK_THAT(to_string(out.notes[0]), Catch::Contains(f.mentions));
}

TEST_CASE("each fault of the pins, costs, severities and waivers has its line") {
  const auto E = Severity::Error;
  const auto W = Severity::Warning;
  const auto f = GENERATE_COPY(values<Fault>({
      {"pins\n{\n segment { cluster A service vmotin network 10.0.0.0/24 reason r }\n}", 5, E,
       "did you mean 'vmotion'"},
      {"pins\n{\n segment {\n cluster A service nfs reason r }\n}", 5, E, "no 'network'"},
      {"pins\n{\n segment {\n cluster A service nfs network 10.0.0.0/24 }\n}", 5, E, "no 'reason'"},
      {"pins\n{\n interface { host h name eth0 address 10.0.0.1 reason r }\n}", 5, E, "no interface"},
      {"pins\n{\n interface { host h name vmk address 10.0.0.1 reason r }\n}", 5, E, "no interface"},
      {"pins\n{\n interface { host h name vmk0 address 255.255.255.255 reason r }\n}", 5, E, "a host can have"},
      {"pins\n{\n keep { name vmk0 reason r }\n}", 5, E, "no 'host'"},
      {"pins\n{\n keep { host h naem vmk0 reason r }\n}", 5, E, "did you mean 'name'"},
      {"pins\n{\n drop { host h reason r }\n}", 5, E, "no 'name'"},
      {"pins\n{\n segment { cluster A service nfs network 10.0.0.0/24 reason r }\n"
       " segment { cluster a service nfs network 10.0.1.0/24 reason r }\n}",
       6, E, "line 5"},
      {"pins\n{\n interface { host h name vmk0 address 10.0.0.1 reason r }\n"
       " interface { host H.example name vmk0 address 10.0.0.2 reason r }\n}",
       6, E, "line 5"},
      {"pins\n{\n interface { host h name vmk0 address 10.0.0.1 reason r }\n"
       " interface { host i name vmk0 address 10.0.0.1 reason r }\n}",
       6, E, "line 5"},
      {"pins\n{\n keep { host h reason r }\n drop { host h name vmk0 reason r }\n}", 6, E, "line 5"},
      {"pins\n{\n keep { host h name vmk0 reason r }\n interface { host h name vmk0 address 10.0.0.1 reason r }\n}", 5,
       E, "line 6"},
      {"pins\n{\n interface { host h name vmk0 address 10.0.0.1 reason r }\n drop { host h name vmk0 reason r }\n}", 6,
       E, "line 5"},
      {"clusters { cluster A { } }\npins\n{\n segment { cluster B service nfs network 10.0.0.0/24 reason r }\n}", 6, W,
       "no cluster 'B'"},
      {"costs\n{\n own-stak 3\n}", 5, E, "did you mean 'own-stack'"},
      {"costs\n{\n own-stack -3\n}", 5, E, "whole number"},
      {"costs\n{\n own-stack 3.5\n}", 5, E, "whole number"},
      {"costs\n{\n own-stack 99999999999999999999\n}", 5, E, "whole number"},
      {"costs\n{\n re-address\n {\n vmotion ten\n }\n}", 7, E, "whole number"},
      {"costs\n{\n re-address\n {\n vmotoin 10\n }\n}", 7, E, "did you mean 'vmotion'"},
      {"severities\n{\n same-subnet eror\n}", 5, E, "did you mean 'error'"},
      {"severities\n{\n same-subnet error\n same-subnet off\n}", 6, E, "line 5"},
      {"waivers\n{\n wavier { }\n}", 5, E, "did you mean 'waiver'"},
      {"waivers\n{\n waiver { host h reason r owner o expires 2030-01-01 }\n}", 5, E, "no 'rule'"},
      {"waivers\n{\n waiver { rule x host h reason r owner o\n expires 2030-02-30 }\n}", 6, E, "a day"},
      {"waivers\n{\n waiver { rule x host h cluster c reason r owner o expires 2030-01-01 }\n}", 5, E, "at once"},
      {"waivers\n{\n waiver { rule x cluster c\n interface vmk0 reason r owner o expires 2030-01-01 }\n}", 6, E,
       "no host"},
      {"waivers\n{\n waiver { rule x host h owner o expires 2030-01-01 }\n}", 5, W, "no reason"},
      {"waivers\n{\n waiver { rule x host h reason \"\" owner o expires 2030-01-01 }\n}", 5, W, "no reason"},
      {"waivers\n{\n waiver { rule x host h reason r expires 2030-01-01 }\n}", 5, W, "no owner"},
      {"waivers\n{\n waiver { rule x host h reason r owner o }\n}", 5, W, "no expires"},
      {"waivers\n{\n waiver { rule x reason r owner o expires 2030-01-01 }\n}", 5, W, "no host or cluster"},
  }));
  CAPTURE(f.body);
  auto out = policy(f.body);
  // A waiver with a faulty date is void as well: the error is what counts.
  if (f.severity == E) std::erase_if(out.notes, [](const Diagnostic& d) { return d.severity != Severity::Error; });
  CAPTURE(faults(out.notes));
  REQUIRE(out.notes.size() == 1);
  CHECK(to_string(out.notes[0].at) == fmt::format("p.info:{}", f.line));
  CHECK(out.notes[0].severity == f.severity);
  CHECK_THAT(to_string(out.notes[0]), Catch::Contains(f.mentions));
}

TEST_CASE("a file of another format or version is refused") {
  const auto empty = read_policy({FileName("p.info"), ""});
  CHECK(faults(empty.notes).size() == 2);
  CHECK(to_string(empty.notes[0].at) == "p.info:1");
  const auto other = read_policy({FileName("p.info"), "format esx2esxi-policy\nversion 2.0\n"});
  REQUIRE(other.notes.size() == 1);
  CHECK(to_string(other.notes[0].at) == "p.info:2");
  const auto include = read_policy({FileName("p.info"), "format esx2esxi-policy\n#include \"/etc/passwd\"\n"});
  REQUIRE(include.notes.size() == 1);
  CHECK(to_string(include.notes[0].at) == "p.info:2");
}

TEST_CASE("all faults of a policy are reported at once, in the order of the lines") {
  const auto out = policy("target 9.9\npins\n{\n keep { }\n}\nestat x\nclusters { cluster A { host } }\n");
  std::vector<unsigned> lines;
  for (const auto& note : out.notes) lines.push_back(note.at.line);
  CHECK(lines == std::vector<unsigned>{3, 6, 6, 8, 9});
}

TEST_CASE("pins ask for stacks and gateways") {
  const auto out = policy(
      "pins\n{\n stack { host h name vmk0 stack vmotion reason r }\n"
      " stack { host h name vmk1 stack ft-net reason r }\n"
      " gateway { host h name vmk1 address 10.0.3.1 reason \"the core\" }\n}\n");
  CHECK(faults(out.notes).empty());
  REQUIRE(out.value.stack_pins.size() == 2);
  CHECK(out.value.stack_pins[1].stack == "ft-net");
  CHECK(out.value.stack_pins[1].name == "vmk1");
  CHECK(out.value.stack_pins[1].at.line == 6);
  REQUIRE(out.value.gateway_pins.size() == 1);
  CHECK(to_string(out.value.gateway_pins[0].address) == "10.0.3.1");
  CHECK(out.value.gateway_pins[0].reason == "the core");
}

TEST_CASE("each fault of pinned stacks and gateways has its line") {
  const auto E = Severity::Error;
  const auto f = GENERATE_COPY(values<Fault>({
      {"pins\n{\n stack { host h name vmk0 reason r }\n}", 5, E, "no 'stack'"},
      {"pins\n{\n stack { host h name vmk0 stack \"a b\" reason r }\n}", 5, E, "no TCP/IP stack of ESXi"},
      {"pins\n{\n stack { host h name vmk0 stack -x reason r }\n}", 5, E, "no TCP/IP stack of ESXi"},
      {"pins\n{\n stack { host h name vmk0 stack console reason r }\n}", 5, E, "no TCP/IP stack of ESXi"},
      {"pins\n{\n stack { host h name vmk0 stack vmkernel reason r }\n}", 5, E, "no TCP/IP stack of ESXi"},
      {"pins\n{\n stack { host h name vmk0 stack vmotion }\n}", 5, E, "no 'reason'"},
      {"pins\n{\n gateway { host h name vmk0 reason r }\n}", 5, E, "no 'address'"},
      {"pins\n{\n gateway { host h name vmk0 address 224.0.0.1 reason r }\n}", 5, E, "a host can have"},
      {"pins\n{\n stack { host h name vmk0 stack a reason r }\n stack { host h name vmk0 stack b reason r }\n}", 6, E,
       "line 5"},
      {"pins\n{\n gateway { host h name vmk0 address 10.0.0.1 reason r }\n"
       " gateway { host H.example name vmk0 address 10.0.0.2 reason r }\n}",
       6, E, "line 5"},
      {"pins\n{\n keep { host h reason r }\n stack { host h name vmk0 stack vmotion reason r }\n}", 5, E, "line 6"},
      {"pins\n{\n keep { host h reason r }\n gateway { host h name vmk0 address 10.0.0.1 reason r }\n}", 5, E,
       "line 6"},
      {"pins\n{\n stack { host h name vmk0 stack a reason r }\n drop { host h name vmk0 reason r }\n}", 6, E, "line 5"},
      {"pins\n{\n gateway { host h name vmk0 address 10.0.0.1 reason r }\n drop { host h name vmk0 reason r }\n}", 6, E,
       "line 5"},
  }));
  const auto out = policy(f.body);
  INFO(f.body);
  REQUIRE(out.notes.size() == 1);
  CHECK(out.notes[0].severity == f.severity);
  CHECK(out.notes[0].at.line == f.line);
  CHECK_THAT(out.notes[0].message + " " + out.notes[0].remedy, Catch::Contains(f.mentions));
}

TEST_CASE("a keep with a faulty name does not become a keep of the whole host") {
  CHECK(policy("pins { keep { host h name eth7 reason r } }").value.keep_pins.empty());
}

TEST_CASE("nothing in a policy reaches a message unescaped") {
  const auto out = policy("\"bad\\nkey\\a\" 1");
  REQUIRE(out.notes.size() == 1);
  CHECK(out.notes[0].message == "unknown key 'bad?key?'");
}

namespace {

std::vector<std::string> alternatives(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == '|')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

/// A value of the kind that the layout names.
std::string value_of_kind(std::string_view kind) {
  static const std::map<std::string, std::string, std::less<>> kValues{{"NAME", "n1"},
                                                                       {"VERSION", "8.0"},
                                                                       {"IP", "10.0.0.9"},
                                                                       {"IP/LEN", "10.0.0.0/24"},
                                                                       {"N", "7"},
                                                                       {"PATH", "/vol/a"},
                                                                       {"PORTGROUP", "\"VM a\""},
                                                                       {"SERVICE", "vmotion"},
                                                                       {"INTERFACE", "vmk1"},
                                                                       {"STACK", "vmotion"},
                                                                       {"TEXT", "\"because\""},
                                                                       {"RULE", "same-subnet"},
                                                                       {"YYYY-MM-DD", "2031-12-31"}};
  const auto first = alternatives(kind).front();
  const auto it = kValues.find(first);
  return it == kValues.end() ? first : it->second;
}

/// A policy that holds every key of the layout but those of `without`.
std::string whole_policy(const std::string& block, const std::set<std::string>& without) {
  std::string text;
  for (const auto& key : policy_layout()) {
    if (key.block != block) continue;
    for (const auto& word : alternatives(key.key)) {
      if (without.contains(block + "/" + word)) continue;
      const bool of_kind = !word.empty() && word.front() >= 'A' && word.front() <= 'Z';
      const auto inner = block == "endpoints" ? "endpoints/*" : (block.empty() ? word : block + "/" + word);
      text += (of_kind ? value_of_kind(word) : word) + " " + (key.value.empty() ? "" : value_of_kind(key.value)) + "\n";
      const auto layout = policy_layout();
      if (std::any_of(layout.begin(), layout.end(), [&](const PolicyKey& k) { return k.block == inner; }))
        text += "{\n" + whole_policy(inner, without) + "}\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("every key of the printed layout is read, and what must be there is asked for") {
  // A router inside the network it leads to, pins that contradict each other and a waiver of two scopes are faults of
  // their own.
  const std::set<std::string> apart{"endpoints/*/router", "pins/keep", "pins/drop", "waivers/waiver/cluster"};
  const auto read = [](const std::string& text) { return faults(read_policy({FileName("p.info"), text}).notes); };
  const auto whole = whole_policy("", apart);
  INFO(whole);
  std::vector<std::string> errors;
  for (const auto& fault : read(whole))
    if (fault.find("error") != std::string::npos) errors.push_back(fault);
  CHECK(errors == std::vector<std::string>{});
  for (const auto& key : policy_layout()) {
    const auto path = std::string(key.block) + "/" + std::string(key.key);
    if (key.occurs != Occurs::Once || apart.contains(std::string(key.block))) continue;
    auto without = apart;
    without.insert(path);
    INFO(path);
    CHECK(read(whole_policy("", without)).size() > errors.size());
  }
  CHECK(policy_layout_text().find("!     address IP") == std::string::npos);  // two levels deep
  CHECK(policy_layout_text().find("!         address IP") != std::string::npos);
}
