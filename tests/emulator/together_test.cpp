// Two scripts at once, and who decides when one confirms late: the lock, what it says of the dead, and the timer when
// the datastore is away.
#include <unistd.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <functional>
#include <sstream>

#include "cases.hpp"
#include "planned.hpp"

using namespace test;

namespace {

namespace fs = std::filesystem;

bool comes_true(const std::function<bool()>& condition) {
  for (int tries = 0; tries < 400; ++tries) {
    if (condition()) return true;
    wait(100);
  }
  return false;
}

/// A script that is started now, on a host whose programs take some time.
std::future<Ran> started(Machine& machine, const std::string& script, const std::vector<std::string>& arguments = {}) {
  return machine.start(script, arguments, {{"EMULATED_DELAY", "20"}});
}

/// The last row of the lock, and the name of the next one.
fs::path next_row(const Machine& machine) {
  std::string lock;
  for (const auto& entry : fs::directory_iterator(machine.ram()))
    if (const auto path = entry.path().string(); path.size() > 7 && path.substr(path.size() - 7) == ".lock.1")
      lock = path.substr(0, path.size() - 1);
  REQUIRE(!lock.empty());
  unsigned row = 1;
  while (fs::exists(lock + std::to_string(row))) ++row;
  return lock + std::to_string(row);
}

/// When this process began, as /proc has it.
std::string began() {
  auto text = read_text("/proc/self/stat");
  std::istringstream in(text.substr(text.rfind(')') + 1));
  std::string field;
  for (int i = 3; i <= 22; ++i) in >> field;
  return field;
}

std::string row_of_this_process(const std::string& since) {
  return std::to_string(getpid()) + " other.sh steps " + since + "\n";
}

}  // namespace

TEST_CASE("two scripts at once come one after the other, whichever they are", "[together]") {
  const auto c = storage_moves();
  const std::vector<std::pair<std::string, std::string>> pairs{{"remediate.sh", "rollback.sh"},
                                                               {"remediate.sh", "remediate.sh"},
                                                               {"rollback.sh", "remediate.sh"},
                                                               {"rollback.sh", "rollback.sh"}};
  for (const auto& [one, other] : pairs)
    for (const unsigned later : {0U, 60U, 700U}) {
      INFO(one << ", and " << other << " after " << later << " ms");
      const Planned planned(c.from, c.to, {8, 0});
      Machine machine(planned.folder(), "esx01", "8.0", one == "rollback.sh" ? "after" : "mapped");
      auto first = started(machine, one);
      wait(later);
      auto second = started(machine, other);
      const auto a = first.get();
      const auto b = second.get();
      INFO(a.output << b.output);
      const bool planned_now = machine.difference_from("after").empty();
      CHECK((planned_now || machine.difference_from("mapped").empty()));
      const bool stopped = a.output.find("rollback.sh asked for it") != std::string::npos ||
                           b.output.find("rollback.sh asked for it") != std::string::npos;
      CHECK(((a.status == 0 && b.status == 0) || stopped));
      CHECK(machine.state().find("\"maintenance\": true") == std::string::npos);
    }
}

TEST_CASE("who has the lock and is alive is waited for, even if its beat stands still", "[together]") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh", {"--confirm-within", "3600"}).status == 0);
  const auto row = next_row(machine);
  write_text(row, row_of_this_process(began()));
  const auto confirmed = machine.run("remediate.sh", {"confirm"});
  CHECK(confirmed.status == 4);
  CHECK_THAT(confirmed.output, Catch::Contains("other.sh"));
  auto back = started(machine, "rollback.sh");
  CHECK(back.wait_for(std::chrono::seconds(14)) == std::future_status::timeout);
  CHECK(machine.state().find("10.71.20.61") != std::string::npos);
  write_text(row, "free\n");
  CHECK(back.get().status == 0);
  CHECK(machine.difference_from("mapped") == "");
}

TEST_CASE("the number of a process that somebody else has by now stops nobody, and is not killed",
          "[together][timer]") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh", {}, {{"EMULATED_FAULT", "kill-after:2"}}).status != 0);
  SECTION("another process by the time at which it began") {
    write_text(next_row(machine), row_of_this_process("1"));
    const auto begin = std::chrono::steady_clock::now();
    CHECK(machine.run("rollback.sh").status == 0);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(15));
  }
  SECTION("where nothing tells that time, the beat decides") {
    write_text(next_row(machine), row_of_this_process("-"));
    CHECK(machine.run("rollback.sh", {}, {{"ESX2ESXI_PROC", "/nowhere"}}).status == 0);
  }
  SECTION("a row that was never written") {
    write_text(next_row(machine), "");
    CHECK(machine.run("rollback.sh").status == 0);
  }
  CHECK(machine.difference_from("mapped") == "");
}

TEST_CASE("after a reboot nothing of the run is left but its notes, and its timer goes on", "[together][timer]") {
  const auto c = readdressed();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto timer = planned.folder() / "hosts/esx01/run.timer";
  REQUIRE(machine.run("remediate.sh").status == 0);
  for (const auto& entry : fs::directory_iterator(machine.ram())) fs::remove(entry.path());
  write_text(timer, "armed 1-2\n");
  CHECK(machine.run("remediate.sh", {"--resume", "1"}).status == 0);
  CHECK(machine.difference_from("mapped") == "");
  CHECK(read_text(timer) == "rolled back\n");
}

TEST_CASE("a datastore that goes away does not stop the timer, and the way back needs nothing of it",
          "[together][timer]") {
  const auto c = own_stack();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto start = machine.state();
  const auto folder = planned.folder() / "hosts/esx01";
  const auto away = planned.folder() / "away";
  const bool returns = GENERATE(true, false);
  INFO((returns ? "for a moment" : "for good"));
  CHECK(machine.run("remediate.sh", {"--confirm-within", "6"}).status == 0);
  fs::rename(folder, away);
  if (returns) {
    wait(3000);
    fs::rename(away, folder);
  }
  CHECK(comes_true([&] { return machine.difference_from("mapped").empty(); }));
  CHECK(machine.state() == start);
  wait(1000);
}

TEST_CASE("a dry run of confirm changes nothing", "[together][timer]") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  CHECK(machine.run("remediate.sh", {"confirm", "--dry-run"}).status == 1);
  REQUIRE(machine.run("remediate.sh", {"--confirm-within", "3600"}).status == 0);
  const auto timer = planned.folder() / "hosts/esx01/run.timer";
  const auto armed = read_text(timer);
  const auto state = machine.state();
  const auto dry = machine.run("remediate.sh", {"--dry-run", "confirm"});
  CHECK(dry.status == 0);
  CHECK_THAT(dry.output,
             Catch::Contains("nothing was changed") && Catch::Contains("maintenanceMode set --enable=false"));
  CHECK(read_text(timer) == armed);
  CHECK(machine.state() == state);
  CHECK(machine.run("remediate.sh", {"confirm"}).status == 0);
  CHECK(machine.state().find("\"maintenance\": false") != std::string::npos);
}

TEST_CASE("what is not the planned state cannot be confirmed: the timer stays set", "[together][timer]") {
  const auto c = storage_moves();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto failed = machine.run("remediate.sh", {"--confirm-within", "3600"}, {{"EMULATED_FAULT", "fail:4"}});
  CHECK(failed.status == 1);
  CHECK_THAT(failed.output, Catch::Contains("The timer is set: 3600 seconds from now rollback.sh is run"));
  const auto state = machine.state();
  const auto confirmed = machine.run("remediate.sh", {"confirm"});
  CHECK(confirmed.status == 1);
  CHECK_THAT(confirmed.output, Catch::Contains("not confirmed") && Catch::Contains("sh rollback.sh"));
  CHECK(machine.state() == state);
  CHECK(read_text(planned.folder() / "hosts/esx01/run.timer").substr(0, 6) == "armed ");
  CHECK(machine.run("remediate.sh").status == 0);
  CHECK(machine.run("remediate.sh", {"confirm"}).status == 0);
  CHECK(machine.difference_from("after") == "");
}

TEST_CASE("who confirms while the time runs out is told what happened", "[together][timer]") {
  const auto c = readdressed();
  for (const unsigned later : {500U, 1200U, 1500U, 1800U, 2100U, 2400U}) {
    INFO("confirmed after " << later << " ms");
    const Planned planned(c.from, c.to, {8, 0});
    Machine machine(planned.folder(), "esx01", "8.0");
    REQUIRE(machine.run("remediate.sh", {"--confirm-within", "2"}).status == 0);
    wait(later);
    const auto confirmed = started(machine, "remediate.sh", {"confirm"}).get();
    INFO(confirmed.output);
    const std::string end = confirmed.status == 0 ? "confirmed\n" : "rolled back\n";
    CHECK(comes_true([&] { return read_text(planned.folder() / "hosts/esx01/run.timer") == end; }));
    wait(confirmed.status == 0 ? 4000 : 0);
    CHECK(machine.difference_from(confirmed.status == 0 ? "after" : "mapped") == "");
    if (confirmed.status != 0) CHECK_THAT(confirmed.output, Catch::Contains("too late"));
  }
}

TEST_CASE("who confirms while rollback.sh is at work is told that it is too late", "[together][timer]") {
  const auto c = own_stack();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh", {"--confirm-within", "3600"}).status == 0);
  auto back = started(machine, "rollback.sh");
  wait(600);
  const auto confirmed = machine.run("remediate.sh", {"confirm"});
  CHECK(confirmed.status == 1);
  CHECK_THAT(confirmed.output, Catch::Contains("too late: rollback.sh is at work"));
  CHECK(back.get().status == 0);
  CHECK(machine.difference_from("mapped") == "");
}
