// transition.sh and transition-end.sh: a second vMotion interface beside the planned one, for as long as peers need it.
#include <catch2/catch.hpp>

#include <chrono>
#include <set>
#include <thread>

#include "cases.hpp"
#include "estate.hpp"
#include "planned.hpp"

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/scripts.hpp"

using namespace test;

namespace {

struct Second {
  Folder folder;

  explicit Second(model::Target target) {
    auto planned = pier();
    interface_in(planned, "vmk1").address = ip("10.71.20.61");
    auto with = planned;
    with.portgroup("VMotion transition", 110);
    with.vmk({"vmk3", "10.71.10.61/24", "VMotion transition", kVMotion});
    plan::Plan plan;
    plan.target = target;
    plan::HostPlan host;
    host.name = planned.edit().dns.host = with.edit().dns.host = "esx01";
    host.mapped = host.after = planned;
    host.transition = plan::compose(planned, with, target, {}).steps;
    host.transition_end = plan::compose(with, planned, target, {}).steps;
    REQUIRE((!host.transition.empty() && !host.transition_end.empty()));
    plan.hosts.push_back(host);
    write_text(folder.path / "plan.json", plan::json_text(plan));
    write_text(notes("transition.sh"), render::transition_script(plan, host));
    write_text(notes("transition-end.sh"), render::transition_end_script(plan, host));
    write_text(notes("verify.sh"), render::verify_script(plan, host));
  }
  fs::path notes(const std::string& name) const { return folder.path / "hosts/esx01" / name; }
};

}  // namespace

TEST_CASE("the second vMotion interface comes, again without a change, and goes", "[transition]") {
  for (const auto target : {model::Target{5, 1}, {5, 5}, {8, 0}}) {
    INFO(to_string(target));
    const Second second(target);
    Machine machine(second.folder.path, "esx01", to_string(target), "after");
    const auto start = machine.state();
    CHECK(machine.run("transition.sh", {"--dry-run"}).status == 0);
    CHECK(machine.state() == start);
    const auto there = machine.run("transition.sh");
    INFO(there.output);
    REQUIRE(there.status == 0);
    CHECK(there.output.find("this host has its second vMotion interface") != std::string::npos);
    CHECK(machine.state().find("\"10.71.10.61\"") != std::string::npos);
    machine.reset_log();
    CHECK(machine.run("transition.sh").status == 0);
    CHECK(machine.changes().empty());
    const auto report = verified(second.folder.path, machine.run("verify.sh").output);
    REQUIRE(report.hosts.size() == 1);
    std::set<std::string> unexpected;
    for (const auto& check : report.hosts[0].checks) {
      if (check.verdict == verify::Verdict::Equal) continue;
      unexpected.insert(check.subject);
      CHECK(check.verdict == verify::Verdict::Unexpected);
      CHECK(check.mend == std::vector<std::string>{"sh transition-end.sh"});
    }
    CHECK(unexpected == std::set<std::string>{"vmk3", "port group VMotion transition"});
    const auto back = machine.run("transition-end.sh");
    INFO(back.output);
    REQUIRE(back.status == 0);
    CHECK(machine.state() == start);
    for (const std::string script : {"transition.sh", "transition-end.sh"})
      for (const std::string lint : {"dash -n ", "busybox ash -n ", "shellcheck --shell=dash "})
        CHECK(std::system((lint + second.notes(script).string()).c_str()) == 0);
  }
}

TEST_CASE("a failure at any change of a transition is undone or done to the end, and its timer takes it back",
          "[transition][timer]") {
  const Second second({8, 0});
  for (unsigned n = 1; n < 20; ++n) {
    INFO("fail at change " << n);
    Machine machine(second.folder.path, "esx01", "8.0", "after");
    const auto start = machine.state();
    const auto first = machine.run("transition.sh", {}, {{"EMULATED_FAULT", "fail:" + std::to_string(n)}});
    if (first.status == 0) break;
    CHECK(first.output.find("sh transition-end.sh") != std::string::npos);
    const auto broken = machine.state();
    CHECK(machine.run("transition-end.sh").status == 0);
    CHECK(machine.state() == start);
    machine.set_state(broken);
    CHECK(machine.run("transition.sh").status == 0);
  }
  Machine machine(second.folder.path, "esx01", "8.0", "after");
  const auto start = machine.state();
  CHECK(machine.run("transition.sh", {"--confirm-within", "1"}).status == 0);
  for (int tries = 0; tries < 300 && read_text(second.notes("transition.timer")) != "rolled back\n"; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  CHECK(machine.state() == start);
}

TEST_CASE("a host that is not as planned gets no second interface", "[transition]") {
  const Second second({8, 0});
  Machine machine(second.folder.path, "esx01", "8.0", "after");
  CHECK(machine.run("transition.sh").status == 0);
  auto state = machine.state();
  state.replace(state.rfind("\"10.71.10.61\""), 13, "\"10.71.10.62\"");
  machine.set_state(state);
  machine.reset_log();
  const auto refused = machine.run("transition-end.sh");
  INFO(refused.output);
  CHECK(refused.status == 4);
  CHECK(refused.output.find("neither in its planned nor in its transitional state") != std::string::npos);
  CHECK(machine.changes().empty());
}
