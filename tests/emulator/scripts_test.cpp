// The scripts on an emulated host: mapped -> remediate.sh -> planned, again, rollback.sh -> mapped; refusals; hostile
// names; a failure or a kill at every change.
#include <catch2/catch.hpp>

#include "cases.hpp"
#include "planned.hpp"

using namespace test;

namespace {

using Targets = std::vector<model::Target>;
const Targets kAllTargets{{4, 1}, {5, 0}, {5, 1}, {5, 5}, {6, 0}, {6, 5}, {6, 7}, {7, 0}, {8, 0}};
const Targets kSomeTargets{{4, 1}, {5, 0}, {5, 1}, {6, 0}, {8, 0}};

void whole_cycle(const Planned& planned, const std::string& version, const Environment& ways) {
  Machine machine(planned.folder(), "esx01", version);
  const auto start = machine.state();
  const auto dry = machine.run("remediate.sh", {"--dry-run"}, ways);
  INFO(dry.output);
  CHECK(dry.status == 0);
  CHECK(machine.state() == start);

  const auto there = machine.run("remediate.sh", {}, ways);
  INFO(there.output);
  REQUIRE(there.status == 0);
  CHECK(machine.difference_from("after") == "");

  const auto planned_state = machine.state();
  machine.reset_log();
  const auto again = machine.run("remediate.sh", {}, ways);
  CHECK(again.status == 0);
  CHECK(machine.state() == planned_state);
  CHECK(machine.changes().empty());

  const auto back = machine.run("rollback.sh", {}, ways);
  INFO(back.output);
  REQUIRE(back.status == 0);
  CHECK(machine.difference_from("mapped") == "");
  machine.reset_log();
  CHECK(machine.run("rollback.sh", {}, ways).status == 0);
  CHECK(machine.changes().empty());
}

void cycle(const Case& c, const Targets& targets) {
  for (const auto target : targets) {
    if (target < c.since) continue;
    INFO(c.name << " on " << to_string(target));
    const Planned planned(c.from, c.to, target);
    whole_cycle(planned, to_string(target), {{"EMULATED_WAYS", target.major == 6 ? "keep" : "forget"}});
  }
}

std::size_t lint(const Planned& planned) {
  std::size_t faults = 0;
  for (const auto* script : {"remediate.sh", "rollback.sh", "verify.sh"}) {
    const auto path = (planned.folder() / "hosts/esx01" / script).string();
    for (const auto& command : {"dash -n ", "busybox ash -n ", "shellcheck --shell=dash "})
      if (std::system((command + path).c_str()) != 0) ++faults;
  }
  return faults;
}

}  // namespace

TEST_CASE("an address and a route change", "[cycle]") { cycle(readdressed(), kAllTargets); }
TEST_CASE("an interface moves to its own stack", "[cycle]") { cycle(own_stack(), kAllTargets); }
TEST_CASE("management moves to another subnet", "[cycle]") { cycle(management_moves(), kSomeTargets); }
TEST_CASE("bound interfaces change one after the other", "[cycle]") { cycle(storage_moves(), kSomeTargets); }
TEST_CASE("bound interfaces change and their port groups stay", "[cycle]") {
  cycle(storage_readdressed(), kSomeTargets);
}
TEST_CASE("an interface goes and another comes", "[cycle]") { cycle(dropped_and_added(), kSomeTargets); }
TEST_CASE("two interfaces swap places", "[cycle]") { cycle(swapped(), kSomeTargets); }
TEST_CASE("a disabled interface leaves the gateway's subnet, and the gateway stays", "[cycle]") {
  auto from = pier();
  interface_in(from, "vmk1").enabled = false;
  cycle({"disabled", from, readdressed().to, {5, 0}}, kSomeTargets);
}
TEST_CASE("leases and fixed addresses", "[cycle]") { cycle(leases(), kSomeTargets); }
TEST_CASE("routes that carry nothing are left out on the way back", "[cycle]") { cycle(dead_routes(), kSomeTargets); }

TEST_CASE("names mean themselves and nothing of them is ever executed", "[cycle]") {
  const auto c = hostile_names();
  const Planned planned(c.from, c.to, {8, 0});
  whole_cycle(planned, "8.0", {});
  CHECK(!std::filesystem::exists("pwned"));
  CHECK(lint(planned) == 0);
}

TEST_CASE("names mean themselves to esxcfg-*, whose listings are columns", "[cycle]") {
  const auto c = hostile_names_of_4();
  const Planned planned(c.from, c.to, {4, 1});
  whole_cycle(planned, "4.1", {});
  CHECK(!std::filesystem::exists("pwned"));
  CHECK(lint(planned) == 0);
}

TEST_CASE("ESXi 4.1: lint, another state, guests, and an adapter of another number") {
  CHECK(lint(Planned(pier(), pier(), {4, 1})) == 0);
  const auto c = storage_readdressed();
  const Planned planned(c.from, c.to, {4, 1});
  CHECK(lint(planned) == 0);
  Machine machine(planned.folder(), "esx01", "4.1");
  const auto start = machine.state();
  const auto with = [&](const std::string& from, const std::string& to) {
    auto state = start;
    for (std::size_t at = 0; (at = state.find(from, at)) != std::string::npos; at += to.size())
      state.replace(at, from.size(), to);
    REQUIRE(state != start);
    machine.set_state(state);
  };
  const auto refused = [&](const std::string& expected) {
    const auto ran = machine.run("remediate.sh");
    INFO(ran.output);
    CHECK(ran.status == 4);
    CHECK(ran.output.find(expected) != std::string::npos);
    CHECK(machine.changes().empty());
  };
  with("10.72.50.21", "10.72.50.23");
  refused("vmk1: address: expected 10.72.50.21 255.255.255.0, or 10.72.50.31 255.255.255.0; found 10.72.50.23");
  with("\"maintenance\": false", "\"guests\": [\"db01\"], \"maintenance\": false");
  refused("virtual machines run here");
  with("4.1.0", "5.0.0");
  refused("this is VMware ESXi 5.0.0");
  with("vmhba33", "vmhba40");
  CHECK(machine.run("remediate.sh").status == 0);
  CHECK(machine.state().find("10.72.50.31") != std::string::npos);
}

TEST_CASE("csv without a comma at the end, and errors on the other stream") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {7, 0});
  whole_cycle(planned, "7.0", {{"EMULATED_CSV", "plain"}, {"EMULATED_ERRORS", "stderr"}});
}

TEST_CASE("shellcheck, dash and ash have nothing to say", "[heavy]") {
  for (const auto& c : all_cases()) {
    INFO(c.name);
    CHECK(lint(Planned(c.from, c.to, {8, 0})) == 0);
  }
  CHECK(lint(Planned(pier(), pier(), {8, 0})) == 0);
}

TEST_CASE("a host where nothing is to be done is left alone") {
  const Planned planned(pier(), pier(), {6, 7});
  Machine machine(planned.folder(), "esx01", "6.7");
  for (const auto* script : {"remediate.sh", "rollback.sh"}) {
    const auto ran = machine.run(script);
    CHECK(ran.status == 0);
    CHECK(ran.output.find("nothing to do") != std::string::npos);
  }
  CHECK(machine.changes().empty());
}

TEST_CASE("another host, another release or another state is refused before anything changes") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& expected) {
    auto state = machine.state();
    const auto original = state;
    const auto at = state.find(from);
    REQUIRE(at != std::string::npos);
    state.replace(at, from.size(), to);
    machine.set_state(state);
    for (const auto* script : {"remediate.sh", "rollback.sh"}) {
      const auto ran = machine.run(script);
      INFO(ran.output);
      CHECK(ran.status == 4);
      CHECK(ran.output.find(expected) != std::string::npos);
      CHECK(ran.output.find("nothing was changed") != std::string::npos);
    }
    CHECK(machine.state() == state);
    CHECK(machine.changes().empty());
    machine.set_state(original);
  };
  refused("\"host\": \"esx01\"", "\"host\": \"esx02\"", "this host is esx02; the plan is for esx01");
  refused("\"version\": \"8.0.0\"", "\"version\": \"7.0.3\"", "this is VMware ESXi 7.0.3");
  refused("10.71.10.61", "10.71.10.62",
          "vmk1: address: expected 10.71.10.61 255.255.255.0, or 10.71.20.61 255.255.255.0; found 10.71.10.62 "
          "255.255.255.0");
  refused("\"portgroup\": \"VMotion\"", "\"portgroup\": \"Other\"", "vmk1: expected port group VMotion");
  refused("\"VMotion\"\n   ]", "\"Management\"\n   ]", "vmk1: tags: expected VMotion; found Management");
  refused("\"share\": \"/vol/archive\"", "\"share\": \"/vol/other\"",
          "volume archive: expected 10.71.40.20:/vol/archive");
  CHECK(machine.run("remediate.sh").status == 0);
}

TEST_CASE("the command line is checked, and --help tells the exit codes") {
  const Planned planned(pier(), pier(), {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  for (const auto* script : {"remediate.sh", "rollback.sh"}) {
    CHECK(machine.run(script, {"--frobnicate"}).status == 2);
    const auto help = machine.run(script, {"--help"});
    CHECK(help.status == 0);
    for (const auto* code : {"exit  0", "\n      1", "\n      2", "\n      4"})
      CHECK(help.output.find(code) != std::string::npos);
  }
}

TEST_CASE("the number of the software adapter may change with the installation") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  auto state = machine.state();
  for (std::size_t at = 0; (at = state.find("vmhba33", at)) != std::string::npos;) state.replace(at, 7, "vmhba64");
  machine.set_state(state);
  const auto ran = machine.run("remediate.sh");
  INFO(ran.output);
  CHECK(ran.status == 0);
  CHECK(machine.run("rollback.sh").status == 0);
  CHECK(machine.state() == state);
}

TEST_CASE("a dry run shows the whole of maintenance mode, and how a bound interface is freed in it") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto ran = machine.run("remediate.sh", {"--dry-run"});
  CHECK_THAT(ran.output, Catch::Contains("maintenanceMode set --enable=true") &&
                             Catch::Contains("maintenanceMode set --enable=false") && Catch::Contains("--force"));
}

TEST_CASE("rollback.sh says which address it cannot bring back") {
  auto from = pier();
  interface_in(from, "vmk2").netmask = ip("255.255.225.0");
  const Planned planned(from, pier(), {8, 0});
  CHECK_THAT(
      planned.script("rollback.sh"),
      Catch::Contains("this host is in its mapped state, but vmk2 has no address: ESXi takes no mask 255.255.225.0"));
}

TEST_CASE("the same plan gives the same bytes") {
  const auto c = own_stack();
  const Planned a(c.from, c.to, {8, 0});
  const Planned b(c.from, c.to, {8, 0});
  CHECK(a.script("remediate.sh") == b.script("remediate.sh"));
  CHECK(a.script("rollback.sh") == b.script("rollback.sh"));
}

TEST_CASE("a failure or a kill at any change ends well, by trying again or by going back", "[campaign][heavy]") {
  std::size_t runs = 0;
  for (const auto& c :
       {own_stack(), storage_moves(), management_moves(), swapped(), storage_readdressed(), storage_dropped()}) {
    const auto target = c.since < model::Target{5, 0} ? c.since : model::Target{8, 0};
    const Planned planned(c.from, c.to, target);
    // Every other change fails, and those between them are the last before a kill: the whole fault campaign takes all.
    for (const auto& [fault, least] :
         {std::pair("fail", 1U), std::pair("kill-before", 1U), std::pair("kill-after", 2U)})
      for (unsigned n = least; n <= 40; n += fault == std::string("kill-before") ? 40 : 2) {
        Machine machine(planned.folder(), "esx01", to_string(target));
        const auto start = machine.state();
        const Environment ways{{"EMULATED_FAULT", fault + (":" + std::to_string(n))}};
        INFO(c.name << " " << fault << " at change " << n);
        const auto first = machine.run("remediate.sh", {}, ways);
        if (first.status == 0) break;  // there is no n-th change
        if (std::string(fault) == "fail") CHECK(first.status == 1);
        const auto on = machine.run("remediate.sh");
        INFO(on.output);
        CHECK(on.status == 0);
        CHECK(machine.difference_from("after") == "");
        machine.set_state(start);
        machine.reset_log();
        CHECK(machine.run("remediate.sh", {}, ways).status != 0);
        const auto back = machine.run("rollback.sh");
        INFO(back.output);
        CHECK(back.status == 0);
        CHECK(machine.difference_from("mapped") == "");
        ++runs;
      }
  }
  CHECK(runs > 30);
}

TEST_CASE("a rollback that fails half way can be repeated, or turned round", "[campaign][heavy]") {
  const auto c = own_stack();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh").status == 0);
  const auto there = machine.state();
  for (unsigned n = 1; n < 40; ++n) {
    machine.set_state(there);
    machine.reset_log();
    INFO("fail at change " << n);
    const auto first = machine.run("rollback.sh", {}, {{"EMULATED_FAULT", "fail:" + std::to_string(n)}});
    if (first.status == 0) break;
    CHECK(machine.run("rollback.sh").status == 0);
    CHECK(machine.difference_from("mapped") == "");
    machine.set_state(there);
    machine.reset_log();
    CHECK(machine.run("rollback.sh", {}, {{"EMULATED_FAULT", "fail:" + std::to_string(n)}}).status != 0);
    CHECK(machine.run("remediate.sh").status == 0);
    CHECK(machine.difference_from("after") == "");
  }
}
