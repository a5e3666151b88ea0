// A captured host held against its plan: what a capture does not show, and whether the mends mend.
#include <catch2/catch.hpp>

#include <algorithm>

#include "../plan/hosts.hpp"

#include "esx2esxi/verify/compare.hpp"

using namespace test;
using verify::Check;
using verify::HostResult;
using verify::Verdict;
using Texts = std::vector<std::string>;

namespace {

const Texts kOld{"esxcfg-vmknic -l", "esxcfg-vswitch -l", "esxcfg-route -l", "esxcfg-nas -l"};
const Texts kNew{"esxcli network ip interface list",
                 "esxcli network ip interface ipv4 get",
                 "esxcli network ip interface tag get -i vmk0",
                 "esxcli network ip interface tag get -i vmk1",
                 "esxcli network ip interface tag get -i vmk2",
                 "esxcli network ip route ipv4 list",
                 "esxcli network ip route ipv4 list -N vmotion",
                 "esxcli network vswitch standard list",
                 "esxcli network vswitch standard portgroup list",
                 "esxcli iscsi networkportal list",
                 "esxcli storage nfs list"};

struct Compared {
  model::State wanted;
  model::State found;
  model::Target target{8, 0};
  Texts shown = kNew;
  std::vector<model::InputFile> files = {};
  bool blocked = false;
  std::string product = "ESXi";

  HostResult run() const {
    plan::PlannedHost planned;
    planned.name = "esx01";
    planned.mapped = planned.after = wanted;
    planned.blocked = blocked;
    model::Host host;
    host.name = "esx01";
    host.product = product;
    host.before = found;
    host.inputs = files;
    for (const auto& one : shown) host.inputs.push_back({"capture.txt!" + one, "session"});
    return verify::compare({target, model::Path::Fresh, {}}, planned, host);
  }
};

Host usual() {
  Host host;
  host.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.2.0.5/24", "VMotion", kVMotion})
      .vmk({"vmk2", "10.3.0.5/24", "NFS", kNfs})
      .gateway("10.1.0.1");
  return host;
}

Texts differences(const HostResult& result) {
  Texts out;
  for (const auto& check : result.checks)
    if (check.verdict != Verdict::Equal)
      out.push_back(std::string(to_string(check.verdict)) + " " + check.subject +
                    (check.field.empty() ? "" : ": " + check.field));
  return out;
}

/// All mends, in the order in which somebody would type them.
Texts mends(const HostResult& result) {
  Texts out;
  for (const auto& check : result.checks) out.insert(out.end(), check.mend.begin(), check.mend.end());
  return out;
}

Texts unseen(const HostResult& result) {
  Texts out;
  for (const auto& one : result.unseen) out.push_back(one.what + (one.needed ? "!" : ""));
  return out;
}

model::State with_time(model::State state, const Texts& servers) {
  for (const auto& server : servers) state.ntp.push_back({server, {}});
  return state;
}

}  // namespace

TEST_CASE("a time configuration that was shown without a server has none, and one that was not shown may have any") {
  Compared compared{with_time(usual(), {"10.0.0.1", "ntp.example"}), usual(), {6, 7}};
  CHECK(differences(compared.run()).empty());
  CHECK(compared.run().unseen.back().command == "cat /etc/ntp.conf");
  compared.files = {{"capture.txt!cat /etc/ntp.conf (cut off)", "session"}};
  CHECK(differences(compared.run()).empty());
  compared.files = {{"capture.txt!cat /etc/ntp.conf", "session"}};
  CHECK(differences(compared.run()) == Texts{"different NTP: servers"});
  CHECK(mends(compared.run()) == Texts{"echo 'server 10.0.0.1' >> /etc/ntp.conf",
                                       "echo 'server ntp.example' >> /etc/ntp.conf", "/etc/init.d/ntpd restart"});
  CHECK(!compared.run().as_planned());
  compared.target = {8, 0};
  CHECK(mends(compared.run()) == Texts{"esxcli system ntp set --enabled=true --server=10.0.0.1 --server=ntp.example"});
  compared.found = with_time(usual(), {"NTP.example", "10.0.0.1"});
  CHECK(differences(compared.run()).empty());
}

TEST_CASE("servers that nobody planned leave the file before the planned ones are written") {
  const Compared compared{with_time(usual(), {"10.0.0.1"}),
                          with_time(usual(), {"10.9.9.9"}),
                          {5, 5},
                          kNew,
                          {{"x!cat /etc/ntp.conf", "session"}}};
  const auto lines = mends(compared.run());
  REQUIRE(lines.size() == 4);
  CHECK(lines[0].find("grep -v '^[[:space:]]*server[[:space:]]' /etc/ntp.conf > ") == 0);
  CHECK(lines[1].find(" > /etc/ntp.conf") != std::string::npos);
  CHECK(lines[2] == "echo 'server 10.0.0.1' >> /etc/ntp.conf");
}

TEST_CASE("what a cut listing would have shown is not shown, and nothing is to be removed or made for it") {
  const auto listing = GENERATE(values<std::string>(
      {"esxcli network ip interface list", "esxcli network vswitch standard portgroup list",
       "esxcli network vswitch standard list", "esxcli storage nfs list", "esxcli network ip route ipv4 list"}));
  INFO(listing);
  Host none;
  none.edit().switches.clear();
  Compared compared{Host(usual()).nfs("vol", "10.3.0.9"), none};
  std::erase_if(compared.shown, [&](const std::string& one) { return one.rfind(listing, 0) == 0; });
  const auto all = Texts{compared.shown};
  compared.shown.push_back(listing + " (cut off)");
  const auto cut = compared.run();
  compared.shown = all;
  CHECK(differences(cut) == differences(compared.run()));  // as if it had not been asked for
  CHECK(unseen(cut) == unseen(compared.run()));
  CHECK(!cut.unseen.empty());
}

TEST_CASE("before the interfaces of a stack come its stack, and those that hold their port groups go") {
  auto wanted = usual();
  wanted.edit().interfaces[1].stack = "vmotion";
  Compared compared{wanted, usual()};
  auto lines = mends(compared.run());
  REQUIRE(lines.size() >= 3);
  CHECK(lines[0] == "esxcli network ip netstack add --netstack=vmotion");
  CHECK(lines[1] == "esxcli network ip interface remove --interface-name=vmk1");
  CHECK(lines[2].find("esxcli network ip interface add --interface-name=vmk1") == 0);

  Host other;
  other.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.2.0.5/24", "VMotion", kVMotion})
      .vmk({"vmk5", "10.3.0.5/24", "NFS", kNfs})
      .gateway("10.1.0.1");
  compared = {usual(), other};
  CHECK(differences(compared.run()) == Texts{"unexpected vmk5", "missing vmk2"});

  auto swapped = usual();
  std::swap(swapped.edit().interfaces[1].portgroup, swapped.edit().interfaces[2].portgroup);
  compared = {usual(), swapped};
  lines = mends(compared.run());
  REQUIRE(lines.size() >= 3);
  CHECK(lines[0] == "esxcli network ip interface remove --interface-name=vmk2");
  CHECK(lines[1] == "esxcli network ip interface remove --interface-name=vmk1");
}

TEST_CASE("an interface that carries management is made again in one line, with the gateway that leaves by it") {
  auto found = usual();
  found.edit().interfaces[0].portgroup = "Other";
  found.portgroup("Other");
  const auto result = Compared{usual(), found}.run();
  const auto again = std::find_if(result.checks.begin(), result.checks.end(),
                                  [](const Check& check) { return check.field == "port group"; });
  REQUIRE(again != result.checks.end());
  REQUIRE(again->mend.size() == 1);
  const auto& line = again->mend.front();
  CHECK(line.find("remove --interface-name=vmk0; esxcli") != std::string::npos);
  CHECK(line.find("route ipv4 add --gateway=10.1.0.1 --network=default") != std::string::npos);
  // Nor must the new gateway wait for somebody who came by the old one.
  auto elsewhere = usual();
  elsewhere.gateway("10.1.0.2");
  CHECK(mends(Compared{usual(), elsewhere}.run()).size() == 1);
}

TEST_CASE("a port group on another switch is left by its interfaces before it is removed") {
  auto found = usual();
  model::Switch second;
  second.name = "vSwitch1";
  auto& first = found.edit().switches.front().portgroups;
  const auto nfs = std::find_if(first.begin(), first.end(), [](const auto& group) { return group.name == "NFS"; });
  second.portgroups.push_back(*nfs);
  first.erase(nfs);
  found.edit().switches.push_back(second);
  const auto lines = mends(Compared{usual(), found}.run());
  REQUIRE(lines.size() >= 4);
  CHECK(lines[0] == "esxcli network ip interface remove --interface-name=vmk2");
  CHECK(lines[1] == "esxcli network vswitch standard portgroup remove --portgroup-name=NFS --vswitch-name=vSwitch1");
  CHECK(lines[2] == "esxcli network vswitch standard portgroup add --portgroup-name=NFS --vswitch-name=vSwitch0");
  CHECK(lines[3].find("esxcli network ip interface add --interface-name=vmk2") == 0);
  CHECK(lines.back() == "esxcli network vswitch standard remove --vswitch-name=vSwitch1");
}

TEST_CASE("a switch that is missing comes with its uplinks, which another gives up first") {
  auto found = usual();
  found.edit().switches.front().name = "vSwitch7";
  const auto lines = mends(Compared{usual(), found}.run());
  REQUIRE(lines.size() > 3);
  CHECK(lines[0] == "esxcli network vswitch standard add --vswitch-name=vSwitch0");
  CHECK(lines[1] == "esxcli network vswitch standard uplink remove --uplink-name=vmnic0 --vswitch-name=vSwitch7");
  CHECK(lines[2] == "esxcli network vswitch standard uplink add --uplink-name=vmnic0 --vswitch-name=vSwitch0");
}

TEST_CASE("a volume that is mounted under another label is unmounted before it is mounted under its own") {
  Host wanted = usual();
  Host found = usual();
  wanted.nfs("vol", "10.3.0.9");
  found.nfs("other", "10.3.0.9");
  found.edit().nfs.front().share = "/vol/vol";
  CHECK(differences(Compared{wanted, found}.run()) == Texts{"unexpected volume other", "missing volume vol"});
}

TEST_CASE("ESXi 4.1 is mended in its own words") {
  auto wanted = usual();
  wanted.edit().switches.front().mtu = 9000;
  wanted.edit().interfaces[2].mtu = 9000;
  auto found = usual();
  found.edit().switches.front().mtu = 1500;
  found.edit().switches.front().uplinks = {"vmnic0", "vmnic1", "vmnic2", "vmnic9"};
  CHECK(mends(Compared{wanted, found, {4, 1}, kOld}.run()) ==
        Texts{"esxcfg-vswitch -L vmnic3 vSwitch0", "esxcfg-vswitch -U vmnic9 vSwitch0",
              "esxcfg-vswitch -m 9000 vSwitch0", "esxcfg-vmknic -d NFS",
              "esxcfg-vmknic -a -i 10.3.0.5 -n 255.255.255.0 -m 9000 -p NFS"});
  // Those programs would take such a name for an option.
  wanted.edit().interfaces[2].portgroup = found.edit().interfaces[2].portgroup = "-D";
  for (auto* state : {&wanted, &found}) state->portgroup("-D");
  for (const auto& line : mends(Compared{wanted, found, {4, 1}, kOld}.run()))
    CHECK(line.find("esxcfg-vmknic") == std::string::npos);
}

TEST_CASE("a target of iSCSI that nobody planned is told, and one that no listing shows") {
  auto wanted = usual();
  wanted.edit().iscsi.targets.push_back({ip("10.4.0.20"), {}});
  auto found = wanted;
  found.edit().iscsi.targets.push_back({ip("10.4.0.21"), {}});
  Compared compared{wanted, found};
  const auto all = unseen(compared.run());
  CHECK(std::count(all.begin(), all.end(), "iSCSI targets") == 1);
  compared.shown.push_back("esxcli iscsi adapter discovery sendtarget list");
  CHECK(differences(compared.run()) == Texts{"unexpected iSCSI target 10.4.0.21"});
  CHECK(mends(compared.run()) ==
        Texts{"esxcli iscsi adapter discovery sendtarget remove --adapter=vmhbaN --address=10.4.0.21"});
}

TEST_CASE("a host whose plan is blocked has not arrived, whatever it shows") {
  Compared compared{usual(), usual()};
  CHECK(compared.run().as_planned());
  compared.blocked = true;
  CHECK(differences(compared.run()).empty());
  CHECK(!compared.run().as_planned());
}

TEST_CASE("a host that was captured before its migration differs by its release, and nothing is to be mended there") {
  Compared compared{usual(), Host()};
  compared.product = "ESX";
  const auto result = compared.run();
  REQUIRE(!result.checks.empty());
  CHECK(result.checks.front().subject == "release");
  CHECK(result.checks.front().expected == "ESXi 8.0");
  CHECK(mends(result).empty());
  compared.product = "ESXi";
  CHECK(!mends(compared.run()).empty());
}
