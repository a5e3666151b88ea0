// How remediate.sh and rollback.sh run: maintenance mode, addresses that others have, the timer, what is kept for
// later.
#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <thread>

#include "cases.hpp"
#include "planned.hpp"

using namespace test;

namespace {

void with(Machine& machine, const std::string& from, const std::string& to) {
  auto state = machine.state();
  const auto at = state.find(from);
  REQUIRE(at != std::string::npos);
  machine.set_state(state.replace(at, from.size(), to));
}

bool comes_true(const std::function<bool()>& condition) {
  for (int tries = 0; tries < 300; ++tries) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

std::string log_of(const Planned& planned) { return read_text(planned.folder() / "hosts/esx01/run.log"); }

}  // namespace

TEST_CASE("steps that interrupt storage are done in maintenance mode, and it is left at the end") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  with(machine, "\"sessions\": false", "\"sessions\": true");
  const auto ran = machine.run("remediate.sh");
  INFO(ran.output);
  CHECK(ran.status == 0);
  CHECK(machine.changes().front() == "system maintenanceMode set --enable=true --timeout=300");
  CHECK(machine.changes().back() == "system maintenanceMode set --enable=false");
  CHECK(machine.difference_from("after") == "");
  CHECK(machine.run("rollback.sh").status == 0);
  CHECK(machine.difference_from("mapped") == "");
}

TEST_CASE("what was bound is looked for again: once, after the last step, and by the next run if this one is killed") {
  const auto c = storage_readdressed();
  for (const auto target : {model::Target{4, 1}, {8, 0}}) {
    const Planned planned(c.from, c.to, target);
    Machine machine(planned.folder(), "esx01", to_string(target));
    const std::string rescan = target.major == 4 ? "esxcfg-rescan vmhba33" : "adapter rescan --adapter=vmhba33";
    const auto found = [&](const std::string& output) {
      const auto at = output.find(rescan);
      return at != std::string::npos && output.find(rescan, at + 1) == std::string::npos &&
             output.find("does not take it") == std::string::npos;
    };
    CHECK(found(machine.run("remediate.sh", {"--dry-run"}).output));
    const auto changes = machine.run("remediate.sh").output;
    INFO(changes);
    CHECK(found(changes));
    CHECK(changes.find(rescan) < changes.find("Leave maintenance mode"));
    CHECK(machine.run("remediate.sh").output.find(rescan) == std::string::npos);
    const auto last = std::to_string(machine.changes().size() - 1);  // before maintenance mode is left
    CHECK(found(machine.run("rollback.sh").output));
    machine.reset_log();
    CHECK(machine.run("remediate.sh", {}, {{"EMULATED_FAULT", "kill-after:" + last}}).status != 0);
    CHECK(found(machine.run("remediate.sh").output));
    CHECK(machine.difference_from("after") == "");
  }
}

TEST_CASE("who was in maintenance mode before stays there") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  with(machine, "\"maintenance\": false", "\"maintenance\": true");
  CHECK(machine.run("remediate.sh").status == 0);
  CHECK(machine.state().find("\"maintenance\": true") != std::string::npos);
}

TEST_CASE("with virtual machines on the host, steps that interrupt storage are refused before anything changes") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  with(machine, "\"maintenance\": false", "\"guests\": [\"db01\"], \"maintenance\": false");
  const auto start = machine.state();
  const auto ran = machine.run("remediate.sh");
  INFO(ran.output);
  CHECK(ran.status == 4);
  CHECK(ran.output.find("virtual machines run here") != std::string::npos);
  CHECK(machine.state() == start);
  CHECK(machine.changes().empty());
}

TEST_CASE("virtual machines do not matter where storage is left alone") {
  auto from = Host()
                  .vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
                  .vmk({"vmk1", "10.1.0.6/24", "VMotion", kVMotion});
  auto to = Host()
                .vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
                .vmk({"vmk1", "10.2.0.6/24", "VMotion", kVMotion});
  const Planned planned(from, to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  with(machine, "\"maintenance\": false", "\"guests\": [\"db01\"], \"maintenance\": false");
  CHECK(machine.run("remediate.sh").status == 0);
}

TEST_CASE("an address that somebody else answers is not taken, unless everything answers") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto refused = machine.run("remediate.sh", {}, {{"EMULATED_ALIVE", "10.71.20.61"}});
  INFO(refused.output);
  CHECK(refused.status == 4);
  CHECK(refused.output.find("somebody else has 10.71.20.61") != std::string::npos);
  CHECK(machine.changes().empty());
  const auto warned = machine.run("remediate.sh", {}, {{"EMULATED_ALIVE", "10.71.20.61,192.0.2.1"}});
  CHECK(warned.status == 0);
  CHECK(warned.output.find("that tells nothing") != std::string::npos);
}

TEST_CASE("a gateway that does not answer afterwards is named") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto ran = machine.run("remediate.sh", {}, {{"EMULATED_DEAD", "10.71.30.254"}});
  CHECK(ran.status == 0);
  CHECK(ran.output.find("warning: 10.71.30.254 does not answer") != std::string::npos);
}

TEST_CASE("the log has each command with its time and result, and a dry run writes nothing at all") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  CHECK(machine.run("remediate.sh", {"--dry-run"}).status == 0);
  CHECK(!std::filesystem::exists(planned.folder() / "hosts/esx01/run.log"));
  CHECK(machine.run("remediate.sh", {"--yes"}).status == 0);
  const auto log = log_of(planned);
  CHECK_THAT(log, Catch::Contains("esxcli network vswitch standard portgroup set") && Catch::Contains("succeeded"));
  CHECK(log.substr(0, 2) == "20");
  CHECK(read_text(planned.folder() / "hosts/esx01/run.before").find("10.71.10.61") != std::string::npos);
}

TEST_CASE("nobody confirms: the timer rolls back, also after a step that failed and after a kill", "[timer]") {
  const auto c = own_stack();
  for (const auto* fault : {"none:1", "fail:4", "kill-after:3"}) {
    INFO(fault);
    const Planned planned(c.from, c.to, {8, 0});
    Machine machine(planned.folder(), "esx01", "8.0");
    const auto start = machine.state();
    const auto ran = machine.run("remediate.sh", {"--confirm-within", "2"}, {{"EMULATED_FAULT", fault}});
    INFO(ran.output);
    CHECK((ran.status == 0) == (std::string(fault) == "none:1"));
    const auto& folder = planned.folder();
    CHECK(comes_true([&] { return read_text(folder / "hosts/esx01/run.timer") == "rolled back\n"; }));
    INFO(log_of(planned));
    CHECK(machine.difference_from("mapped") == "");
    CHECK(machine.run("remediate.sh", {"confirm"}).status == 1);
  }
}

TEST_CASE("who confirms in time keeps the planned state", "[timer]") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  CHECK(machine.run("remediate.sh", {"confirm"}).status == 1);
  const auto ran = machine.run("remediate.sh", {"--yes", "--confirm-within=3"});
  INFO(ran.output);
  CHECK(ran.status == 0);
  CHECK(machine.state().find("\"maintenance\": true") != std::string::npos);
  CHECK(machine.run("remediate.sh", {"confirm"}).status == 0);
  std::this_thread::sleep_for(std::chrono::seconds(5));
  CHECK(machine.difference_from("after") == "");
  CHECK(machine.run("remediate.sh", {"--confirm-within", "soon"}).status == 2);
  CHECK(machine.run("remediate.sh", {"--confirm-within"}).status == 2);
}

TEST_CASE("rollback.sh stops the timer", "[timer]") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  CHECK(machine.run("remediate.sh", {"--confirm-within", "3600"}).status == 0);
  CHECK(machine.run("rollback.sh").status == 0);
  CHECK(machine.difference_from("mapped") == "");
  CHECK(read_text(planned.folder() / "hosts/esx01/run.timer") == "rolled back\n");
}

TEST_CASE(
    "an interface that is made again keeps its MAC, even if the run is killed in between, and there and back is "
    "byte for byte the start") {
  const auto c = own_stack();
  const Planned planned(c.from, c.to, {8, 0});
  for (unsigned n = 1; n < 40; ++n) {
    Machine machine(planned.folder(), "esx01", "8.0");
    const auto start = machine.state();
    const auto first = machine.run("remediate.sh", {}, {{"EMULATED_FAULT", "kill-after:" + std::to_string(n)}});
    if (first.status == 0) break;
    INFO("killed after change " << n);
    CHECK(machine.run("remediate.sh").status == 0);
    CHECK(machine.run("rollback.sh").status == 0);
    for (const auto* mac : {"00:50:56:60:00:00", "00:50:56:60:00:01", "00:50:56:60:00:02"})
      CHECK(machine.state().find(mac) != std::string::npos);
    CHECK(machine.difference_from("mapped") == "");
  }
}

TEST_CASE("the timer starts again after a reboot, and leaves the start file as it was", "[timer]") {
  const auto c = readdressed();
  for (const auto target : {model::Target{5, 0}, {8, 0}}) {
    const Planned planned(c.from, c.to, target);
    Machine machine(planned.folder(), "esx01", to_string(target));
    const auto file = planned.folder() / "local.sh";
    const std::string own = "#!/bin/sh\n# local configuration\nif [ ! -e /store ]; then\n  exit 0\nfi\nexit 0\n";
    write_text(file, own);
    const Environment ways{{"ESX2ESXI_START_FILE", file.string()}, {"ESX2ESXI_VOLUMES", planned.folder().string()}};
    const auto ran = machine.run("remediate.sh", {"--confirm-within", "3600"}, ways);
    INFO(ran.output);
    CHECK(ran.status == 0);
    const auto armed = read_text(file);
    const auto line = armed.find("remediate.sh --resume 3600 >/dev/null 2>&1 & # esx2esxi");
    CHECK(line != std::string::npos);
    CHECK(line < armed.find("if "));
    CHECK((armed.find("esxcfg-route -a 10.71.40.0/24 10.71.30.254") != std::string::npos) ==
          (target.minor == 0 && target.major == 5));
    CHECK(machine.run("remediate.sh", {"confirm"}, ways).status == 0);
    CHECK(read_text(file).find("--resume") == std::string::npos);
    CHECK(machine.run("rollback.sh", {}, ways).status == 0);
    CHECK(read_text(file) == own);
  }
}

TEST_CASE("who keeps the scripts on a RAM disk is told that a reboot ends the timer", "[timer]") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto file = planned.folder() / "local.sh";
  write_text(file, "exit 0\n");
  const Environment ways{{"ESX2ESXI_START_FILE", file.string()}};
  const auto ran = machine.run("remediate.sh", {"--confirm-within", "3600"}, ways);
  INFO(ran.output);
  CHECK(ran.output.find("a reboot ends the timer") != std::string::npos);
  CHECK(read_text(file) == "exit 0\n");
  CHECK(machine.run("remediate.sh", {"confirm"}, ways).status == 0);
}

TEST_CASE("a timer that is set again replaces the first, and one that is left is named", "[timer]") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh", {"--confirm-within", "3"}).status == 0);
  REQUIRE(machine.run("remediate.sh", {"--confirm-within", "3600"}).status == 0);
  std::this_thread::sleep_for(std::chrono::seconds(6));
  const auto without = machine.run("remediate.sh");
  INFO(without.output);
  CHECK(without.output.find("The timer of an earlier run is still set") != std::string::npos);
  CHECK(machine.run("remediate.sh", {"confirm"}).status == 0);
  CHECK(machine.difference_from("after") == "");
  CHECK(machine.run("remediate.sh").output.find("timer") == std::string::npos);
}

TEST_CASE("a script on the volume that it would unmount refuses") {
  auto to = pier();
  interface_in(to, "vmk2").address = ip("10.71.30.12");
  const Planned planned(pier(), to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  std::filesystem::create_directory(planned.folder() / "volumes");
  std::filesystem::create_symlink(planned.folder() / "hosts", planned.folder() / "volumes/prod");
  const Environment ways{{"ESX2ESXI_VOLUMES", (planned.folder() / "volumes").string()}};
  const auto refused = machine.run("remediate.sh", {}, ways);
  INFO(refused.output);
  CHECK(refused.status == 4);
  CHECK(refused.output.find("stands on volume prod") != std::string::npos);
  CHECK(machine.changes().empty());
  CHECK(machine.run("remediate.sh").status == 0);
}

TEST_CASE("ESXi 4.1: where nothing shows the virtual machines, maintenance mode decides") {
  const auto c = storage_readdressed();
  const Planned planned(c.from, c.to, {4, 1});
  Machine machine(planned.folder(), "esx01", "4.1");
  const auto start = machine.state();
  const Environment ways{{"EMULATED_GUESTS", "unlisted"}};
  with(machine, "\"maintenance\": false", "\"guests\": [\"db01\"], \"maintenance\": false");
  const auto refused = machine.run("remediate.sh", {}, ways);
  INFO(refused.output);
  CHECK(refused.status == 1);
  CHECK(refused.output.find("cannot see whether virtual machines run") != std::string::npos);
  CHECK(machine.state().find("10.72.50.21") != std::string::npos);
  machine.set_state(start);
  machine.reset_log();
  CHECK(machine.run("remediate.sh", {}, ways).status == 0);
}
