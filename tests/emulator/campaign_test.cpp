// The fault campaign: a failure or a kill at every single change of remediate.sh, then tried again, rolled back, or
// left to the timer; each ends in the planned or in the start state, with management as that state has it.
//
// A sample of hosts and changes runs always. `emulator_tests "the whole fault campaign"` takes all hosts, targets and
// changes, and prints the counts; CAMPAIGN=8.0 in the environment does so for one target.
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <thread>

#include "estate.hpp"

using namespace test;

namespace {

struct Counts {
  std::size_t hosts = 0;
  std::size_t faults = 0;
  std::size_t again = 0;
  std::size_t back = 0;
  std::size_t timer = 0;
};

bool rolled_back(const fs::path& folder) {
  for (int tries = 0; tries < 600; ++tries) {
    if (read_text(folder / "run.timer") == "rolled back\n") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return false;
}

class Campaign {
 public:
  Campaign(const fs::path& plan, const Scripted& host, const std::string& target, Counts& counts)
      : plan_(plan), host_(host), target_(target), counts_(counts) {}

  void run() {
    for (const auto* fault : {"fail", "kill-before", "kill-after"}) changes(fault, 1, 1);
  }
  /// Every other change fails, and those between them are the last before a kill.
  void run_sample() {
    changes("fail", 1, 2);
    changes("kill-after", 2, 2);
  }

 private:
  void changes(const std::string& fault, unsigned first, unsigned step) {
    for (unsigned n = first; n < 60; n += step)
      if (!one(fault, fault + ":" + std::to_string(n))) break;
  }

  fs::path folder() const { return plan_ / "hosts" / host_.host; }

  void forget() const {
    for (const char* note :
         {"run.log", "run.pid", "run.before", "run.timer", "run.maintenance", "run.macs", "run.stop"})
      fs::remove(folder() / note);
  }

  /// False: there is no such change.
  bool one(const std::string& kind, const std::string& fault) {
    forget();
    Machine machine(plan_, host_.host, target_);
    const auto start = machine.state();
    const auto first = machine.run("remediate.sh", {}, {{"EMULATED_FAULT", fault}});
    if (first.status == 0) return false;
    INFO(host_.host << " on " << target_ << ": " << fault << "\n" << first.output);
    ++counts_.faults;
    const auto on = machine.run("remediate.sh");
    INFO(on.output);
    CHECK(on.status == 0);
    CHECK(machine.difference_from("after") == "");
    ++counts_.again;
    again_to(machine, start, fault);
    const auto back = machine.run("rollback.sh");
    INFO(back.output);
    CHECK(back.status == 0);
    at_start(machine);
    ++counts_.back;
    // With the timer, leaving maintenance mode is left to `confirm`: that change cannot fail there.
    const bool at_the_end = first.output.find("Leave maintenance mode") != std::string::npos;
    if (kind == "fail" && !at_the_end) by_timer(machine, start, fault);
    return true;
  }

  /// The same fault once more: the notes beside the scripts belong to the state.
  void again_to(Machine& machine, const std::string& start, const std::string& fault) const {
    forget();
    machine.set_state(start);
    machine.reset_log();
    CHECK(machine.run("remediate.sh", {}, {{"EMULATED_FAULT", fault}}).status != 0);
  }

  void by_timer(Machine& machine, const std::string& start, const std::string& fault) {
    forget();
    machine.set_state(start);
    machine.reset_log();
    CHECK(machine.run("remediate.sh", {"--confirm-within", "1"}, {{"EMULATED_FAULT", fault}}).status == 1);
    CHECK(rolled_back(folder()));
    at_start(machine);
    ++counts_.timer;
  }

  void at_start(Machine& machine) const {
    if (host_.no_way_back.empty()) CHECK(machine.difference_from("mapped") == "");
  }

  const fs::path& plan_;
  const Scripted& host_;
  const std::string& target_;
  Counts& counts_;
};

/// An empty `only`: all hosts, and every change.
void campaign(const std::string& target, const std::string& only, Counts& counts) {
  const Folder folder;
  const auto plan = folder.path / "plan";
  plan_estate(plan, target, "fresh");
  for (const auto& host : hosts_with_scripts(plan)) {
    if (!only.empty() && host.host != only) continue;
    ++counts.hosts;
    Campaign one(plan, host, target, counts);
    only.empty() ? one.run() : one.run_sample();
  }
}

}  // namespace

TEST_CASE("a failure or a kill at any change of a sample host ends in the planned or the start state",
          "[campaign][heavy]") {
  Counts counts;
  const auto [target, host] = GENERATE(table<std::string, std::string>({
      {"8.0", "pier01"},
      {"5.0", "pier01"},
      {"4.1", "pier05"},
  }));
  campaign(target, host, counts);
  CHECK(counts.hosts == 1);
  CHECK(counts.faults > 4);
}

TEST_CASE("the whole fault campaign", "[campaign][.]") {
  const auto* wanted = std::getenv("CAMPAIGN");
  for (const std::string target : {"4.1", "5.0", "5.1", "5.5", "6.0", "6.5", "6.7", "7.0", "8.0"}) {
    if (wanted && wanted != target) continue;
    Counts counts;
    campaign(target, {}, counts);
    std::cout << "campaign on " << target << ": " << counts.hosts << " hosts, " << counts.faults << " faults; "
              << counts.again << " ended by a new run, " << counts.back << " by rollback.sh, " << counts.timer
              << " by the timer" << std::endl;
    CHECK(counts.faults > 0);
  }
}
