// pre-migrate.sh on an emulated classic host: there, again, back, refused, broken off at every change; and what the
// migrated host's remediate.sh finds afterwards.
#include <catch2/catch.hpp>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "cases.hpp"
#include "estate.hpp"
#include "machine.hpp"

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/scripts.hpp"

using namespace test;
using nlohmann::ordered_json;

namespace {

net::VlanId vlan(unsigned id) { return net::VlanId::make(id).value(); }

/// Two hosts of a cluster; esx01 has a console, NFS behind a gateway, and as many vMotion interfaces as are asked for.
class Planned {
 public:
  explicit Planned(std::vector<std::string> portgroups = {"VMotion"}, const std::string& vswitch = "vSwitch0") {
    plan_.hosts = {host("esx01", 11, portgroups, vswitch), host("esx02", 12, portgroups, vswitch)};
    write_text(folder_.path / "plan.json", plan::json_text(plan_));
    write_text(script(), render::pre_migrate_script(plan_, plan_.hosts.front()));
  }

  const fs::path& folder() const { return folder_.path; }
  fs::path script() const { return folder_.path / "hosts/esx01/pre-migrate.sh"; }
  Machine machine(const std::string& version = "4.1") const { return {folder_.path, "esx01", version, "before"}; }

 private:
  static plan::HostPlan host(const std::string& name, unsigned n, const std::vector<std::string>& groups,
                             const std::string& vswitch) {
    Host from;
    from.vmk({.name = "vswif0",
              .address = "10.1.0." + std::to_string(n) + "/24",
              .portgroup = "Service Console",
              .services = kManagement,
              .stack = "console"});
    from.vmk({"vmk0", "10.1.30." + std::to_string(n) + "/24", "NFS", kNfs, "vmkernel"});
    from.gateway("10.1.0.1", "console").gateway("10.1.30.1", "vmkernel");
    auto to = from;
    plan::HostPlan host;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto vmk = "vmk" + std::to_string(i + 1);
      const auto tail = "." + std::to_string(i) + "." + std::to_string(n);
      from.portgroup(groups[i], 10).vmk({vmk, "10.2" + tail + "/24", groups[i], kVMotion, "vmkernel"});
      to.portgroup(groups[i], 90).vmk({vmk, "10.3" + tail + "/25", groups[i], kVMotion, "vmkernel"});
      plan::ClassicChange change{vmk, groups[i], vswitch, {}, {}, "the peers move as well"};
      change.from = {ip("10.2" + tail), ip("255.255.255.0"), vlan(10)};
      change.to = {ip("10.3" + tail), ip("255.255.255.128"), vlan(90)};
      host.pre_migration.push_back(change);
    }
    from.edit().switches.front().name = to.edit().switches.front().name = vswitch;
    host.name = name;
    host.cluster = "C1";
    host.uuid = "4A5B6C7D-0000-0000-0000-00000000000" + std::to_string(n % 10);
    host.before = from;
    host.mapped = host.after = to;
    for (auto* state : {&host.before, &host.mapped, &host.after}) state->dns.host = name;
    return host;
  }

  Folder folder_;
  plan::Plan plan_;
};

/// The state that the changes in plan.json lead to, worked out on the text of the start state.
std::string wanted(const std::string& start, const fs::path& plan, const std::string& name) {
  auto state = ordered_json::parse(start);
  const auto document = ordered_json::parse(read_text(plan / "plan.json"));
  for (const auto& host : document.at("hosts")) {
    if (host.at("name") != name) continue;
    for (const auto& change : host.at("pre_migration")) {
      for (auto& i : state.at("interfaces"))
        if (i.at("name") == change.at("interface")) {
          i["type"] = "static";
          i["address"] = change.at("to").at("address");
          i["netmask"] = change.at("to").at("netmask");
        }
      if (change.at("to").at("vlan").is_null()) continue;
      for (auto& s : state.at("switches"))
        for (auto& group : s.at("portgroups"))
          if (group.at("name") == change.at("portgroup")) group["vlan"] = change.at("to").at("vlan");
    }
  }
  return state.dump(1) + "\n";
}

void whole_cycle(Machine& machine, const fs::path& plan, const std::string& host, const Environment& ways) {
  const auto start = machine.state();
  const auto end = wanted(start, plan, host);
  const auto dry = machine.run("pre-migrate.sh", {"--dry-run"}, ways);
  INFO(dry.output);
  CHECK(dry.status == 0);
  CHECK(machine.state() == start);
  CHECK(!fs::exists(plan / "hosts" / host / "pre-migrate.log"));
  const auto there = machine.run("pre-migrate.sh", {"--yes"}, ways);
  INFO(there.output);
  REQUIRE(there.status == 0);
  CHECK(machine.state() == end);
  machine.reset_log();
  CHECK(machine.run("pre-migrate.sh", {}, ways).status == 0);
  CHECK(machine.changes().empty());
  const auto back = machine.run("pre-migrate.sh", {"--undo"}, ways);
  INFO(back.output);
  REQUIRE(back.status == 0);
  CHECK(machine.state() == start);
  machine.reset_log();
  CHECK(machine.run("pre-migrate.sh", {"--undo"}, ways).status == 0);
  CHECK(machine.changes().empty());
}

std::size_t lint(const fs::path& script) {
  std::size_t faults = 0;
  for (const std::string command : {"bash -n ", "dash -n ", "shellcheck "})
    if (std::system((command + script.string()).c_str()) != 0) ++faults;
  return faults;
}

}  // namespace

TEST_CASE("a classic host is re-addressed, again without a change, and back byte for byte", "[classic]") {
  for (const std::string version : {"3.5", "4.0", "4.1"})
    for (const std::string ways : {"keep", "forget"}) {
      INFO(version << " " << ways);
      const Planned planned;
      auto machine = planned.machine(version);
      whole_cycle(machine, planned.folder(), "esx01", {{"EMULATED_WAYS", ways}});
    }
}

TEST_CASE("names that fill their column, and names that begin with each other", "[classic]") {
  const Planned planned({"Lab", "Lab 10", "Lab 10 20 1", "exactly twenty bytes", "more than twenty bytes, by far"},
                        "IBM_CDC_vSwitch0");
  auto machine = planned.machine();
  whole_cycle(machine, planned.folder(), "esx01", {});
}

TEST_CASE("names on a classic host mean themselves and nothing of them is ever executed", "[classic]") {
  std::vector<std::string> names{"$(touch pwned)",
                                 "`touch pwned`",
                                 "'; touch pwned; '",
                                 "\"; touch pwned; \"",
                                 "--help",
                                 "-rf *",
                                 "a\nb\ntouch pwned",
                                 "Kühlhaus & <B> \\ $5 %s %n",
                                 "-l",
                                 "~root",
                                 "' \"$HOME\" ${IFS}"};
  for (const std::string vswitch : {"vSwitch0", "-v $(touch pwned)"}) {
    const Planned planned(names, vswitch);
    auto machine = planned.machine();
    whole_cycle(machine, planned.folder(), "esx01", {});
    CHECK(lint(planned.script()) == 0);
    CHECK(!fs::exists("pwned"));
  }
}

TEST_CASE("another host, another system or another state is refused before a classic host changes", "[classic]") {
  const Planned planned;
  auto machine = planned.machine();
  const auto start = machine.state();
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& expected,
                           const Environment& more = {}) {
    auto state = start;
    const auto at = state.find(from);
    REQUIRE(at != std::string::npos);
    state.replace(at, from.size(), to);
    machine.set_state(state);
    for (const std::vector<std::string>& options : {std::vector<std::string>{}, {"--undo"}, {"--dry-run"}}) {
      const auto ran = machine.run("pre-migrate.sh", options, more);
      INFO(ran.output);
      CHECK(ran.status == 4);
      CHECK(ran.output.find(expected) != std::string::npos);
      CHECK(ran.output.find("nothing was changed") != std::string::npos);
    }
    CHECK(machine.state() == state);
    CHECK(machine.changes().empty());
  };
  refused("\"host\": \"esx01\"", "\"host\": \"esx02\"", "this host is esx02; the plan is for esx01");
  refused("\"product\": \"ESX\",", "", "this is VMware ESXi 4.1.0");
  refused("10.1.0.11", "10.1.0.13", "no console interface of this host has 10.1.0.11");
  refused(
      "10.2.0.11", "10.2.0.12",
      "vmk1 on port group VMotion: expected 10.2.0.11 255.255.255.0, or 10.3.0.11 255.255.255.128; found 10.2.0.12");
  refused("\"vlan\": 10,", "\"vlan\": 11,", "port group VMotion: VLAN: expected 10, or 90; found 11");
  refused("\"portgroup\": \"VMotion\"", "\"portgroup\": \"VMotion 2\"", "vmk1 on port group VMotion: expected");
  refused("\"gateway\": \"10.1.30.1\"", "\"gateway\": \"10.1.30.2\"", "default gateway of the VMkernel: expected");
  const auto conf = planned.folder() / "esx.conf";
  write_text(conf, "/system/uuid = \"4a5b6c7d-0000-0000-0000-000000000009\"\n");
  refused("esx01", "esx01", "the system uuid of this host is", {{"ESX2ESXI_CONF", conf.string()}});
  write_text(conf, "/system/uuid = \"4a5b6c7d-0000-0000-0000-000000000001\"\n");
  CHECK(machine.run("pre-migrate.sh", {}, {{"ESX2ESXI_CONF", conf.string()}}).status == 0);
}

TEST_CASE("an address that somebody else answers is not taken on ESX, and the way back only warns", "[classic]") {
  const Planned planned;
  auto machine = planned.machine();
  const auto refused = machine.run("pre-migrate.sh", {}, {{"EMULATED_ALIVE", "10.3.0.11"}});
  INFO(refused.output);
  CHECK(refused.status == 4);
  CHECK(refused.output.find("somebody else has 10.3.0.11") != std::string::npos);
  CHECK(machine.changes().empty());
  const auto there = machine.run("pre-migrate.sh", {}, {{"EMULATED_ALIVE", "10.3.0.12"}});
  INFO(there.output);
  CHECK(there.status == 0);
  CHECK(there.output.find("esx02, 10.3.0.12, answers") != std::string::npos);
  const auto back = machine.run("pre-migrate.sh", {"--undo"}, {{"EMULATED_ALIVE", "10.2.0.11"}});
  CHECK(back.status == 0);
  CHECK(back.output.find("warning: somebody else has 10.2.0.11") != std::string::npos);
  CHECK(back.output.find("esx02, 10.2.0.12, does not answer") != std::string::npos);
}

TEST_CASE("a failure or a kill at any change of a classic host is undone, or done to the end", "[classic][campaign]") {
  std::size_t runs = 0;
  const Planned planned({"VMotion", "VMotion 2"});
  for (const std::string fault : {"fail:", "kill-before:", "kill-after:"})
    for (unsigned n = 1; n < 20; ++n) {
      INFO(fault << n);
      auto machine = planned.machine();
      const auto start = machine.state();
      Environment ways{{"EMULATED_FAULT", fault + std::to_string(n)}, {"EMULATED_WAYS", "forget"}};
      const auto first = machine.run("pre-migrate.sh", {}, ways);
      if (first.status == 0) break;
      INFO(first.output);
      if (fault == "fail:") {
        CHECK(first.status == 1);
        CHECK(first.output.find("To go back: bash pre-migrate.sh --undo") != std::string::npos);
      }
      const auto broken = machine.state();
      CHECK(machine.run("pre-migrate.sh", {"--undo"}, {{"EMULATED_WAYS", "forget"}}).status == 0);
      CHECK(machine.state() == start);
      machine.set_state(broken);
      CHECK(machine.run("pre-migrate.sh", {}, {{"EMULATED_WAYS", "forget"}}).status == 0);
      CHECK(machine.state() == wanted(start, planned.folder(), "esx01"));
      ++runs;
    }
  CHECK(runs == 15);  // two VLANs, two addresses, the gateway that a forgetful host lost
}

TEST_CASE("the command line of pre-migrate.sh is checked, and --help tells the exit codes", "[classic]") {
  const Planned planned;
  auto machine = planned.machine();
  CHECK(machine.run("pre-migrate.sh", {"--confirm-within"}).status == 2);
  const auto help = machine.run("pre-migrate.sh", {"--help"});
  CHECK(help.status == 0);
  for (const auto* code : {"exit  0", "\n      1", "\n      2", "\n      4"})
    CHECK(help.output.find(code) != std::string::npos);
  CHECK(lint(planned.script()) == 0);
  CHECK(machine.run("pre-migrate.sh", {}).status == 0);
  const auto log = read_text(planned.folder() / "hosts/esx01/pre-migrate.log");
  CHECK(log.find("esxcfg-vswitch -p VMotion -v 90 vSwitch0") != std::string::npos);
  CHECK(log.find("esxcfg-vmknic -i 10.3.0.11 -n 255.255.255.128 VMotion") != std::string::npos);
  CHECK(log.find("succeeded") != std::string::npos);
}

TEST_CASE("pre-migrate.sh waits for another run of it", "[classic][together]") {
  const Planned planned;
  auto machine = planned.machine();
  auto there = machine.start("pre-migrate.sh", {}, {{"EMULATED_DELAY", "20"}});
  wait(400);
  const auto back = machine.run("pre-migrate.sh", {"--undo"});
  CHECK((there.get().status == 0 && back.status == 0));
  CHECK(back.output.find("waiting for another run: pre-migrate.sh") != std::string::npos);
}

TEST_CASE("the sample estate before the migration, and what remediate.sh meets after it", "[classic][estate]") {
  const Folder folder;
  const auto plan = folder.path / "plan";
  plan_estate(plan, "5.5", "upgrade");
  const auto document = ordered_json::parse(read_text(plan / "plan.json"));
  std::size_t hosts = 0;
  for (const auto& host : document.at("hosts")) {
    const auto name = host.at("name").get<std::string>();
    CHECK(fs::exists(plan / "hosts" / name / "pre-migrate.sh") == !host.at("pre_migration").empty());
    if (host.at("pre_migration").empty()) continue;
    ++hosts;
    INFO(name);
    CHECK(lint(plan / "hosts" / name / "pre-migrate.sh") == 0);
    Machine machine(plan, name, "4.1", "before");
    whole_cycle(machine, plan, name, {});
    Machine migrated(plan, name, "5.5");
    auto mapped = wanted(migrated.state(), plan, name);  // an upgrade keeps the names of VMkernel interfaces
    migrated.set_state(mapped);
    const auto ran = migrated.run("remediate.sh");
    INFO(ran.output);
    CHECK(ran.status == 0);
    CHECK(migrated.difference_from("after") == "");
  }
  CHECK(hosts > 0);
}
