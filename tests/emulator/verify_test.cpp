// verify.sh on an emulated host: what it prints is a capture that `verify` finds as planned, after remediate.sh and not
// before; the verdict in words says the same.
#include <sstream>

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "cases.hpp"
#include "planned.hpp"

using namespace test;

namespace {

std::string text_of(const verify::Report& report) {
  std::string out;
  for (const auto& host : report.hosts) {
    for (const auto& check : host.checks)
      if (check.verdict != verify::Verdict::Equal)
        out += fmt::format("{} {} {}: expected {}, found {}\n", verify::to_string(check.verdict), check.subject,
                           check.field, check.expected, check.found);
    for (const auto& unseen : host.unseen)
      if (unseen.needed) out += "unseen " + unseen.what + "\n";
  }
  return out;
}

void before_and_after(const Case& c, model::Target target) {
  INFO(c.name << " on " << to_string(target));
  const Planned planned(c.from, c.to, target);
  Machine machine(planned.folder(), "esx01", to_string(target));
  const auto before = machine.run("verify.sh");
  INFO(before.output);
  CHECK(before.status == 1);
  CHECK(before.output.find("DIFFERS") != std::string::npos);
  CHECK(!verified(planned.folder(), before.output).as_planned());
  REQUIRE(machine.run("remediate.sh").status == 0);
  machine.reset_log();
  const auto after = machine.run("verify.sh");
  INFO(after.output);
  CHECK(after.status == 0);
  CHECK(after.output.find("This host is as planned.") != std::string::npos);
  for (const auto* refusal : {"Unknown command", "Invalid option"})
    CHECK(after.output.find(refusal) == std::string::npos);
  const auto report = verified(planned.folder(), after.output);
  CHECK(text_of(report) == "");
  CHECK(report.as_planned());
  CHECK(report.hosts.size() == 1);
  CHECK(machine.changes().empty());
}

}  // namespace

TEST_CASE("verify.sh shows what verify reads: as planned after remediate.sh, and not before") {
  for (const auto target : {model::Target{4, 1}, {5, 0}, {5, 1}, {5, 5}, {6, 0}, {8, 0}})
    for (const auto& c : {readdressed(), own_stack(), management_moves(), storage_moves(), storage_readdressed(),
                          dropped_and_added(), swapped()})
      if (!(target < c.since)) before_and_after(c, target);
}

TEST_CASE("a host route is found where listings cannot tell it from a redirect, and missed where it is not") {
  auto c = readdressed();
  c.name = "host route";
  c.to.route("10.71.50.9/32", "10.71.30.254");
  for (const auto target : {model::Target{4, 1}, {5, 0}, {8, 0}}) before_and_after(c, target);
  const Planned planned(c.from, c.to, {4, 1});
  Machine machine(planned.folder(), "esx01", "4.1");
  REQUIRE(machine.run("remediate.sh").status == 0);
  auto capture = machine.run("verify.sh").output;
  const auto row = capture.find("10.71.50.9");
  REQUIRE(row != std::string::npos);
  std::string without;  // every line but those of that route
  std::istringstream lines(capture);
  for (std::string line; std::getline(lines, line);)
    if (line.find("10.71.50.9") == std::string::npos) without += line + '\n';
  CHECK(text_of(verified(planned.folder(), without)) ==
        "missing stack defaultTcpipStack route 10.71.50.9/32: expected 10.71.30.254, found \n");
}

TEST_CASE("an address on another stack is found where `ipv4 get` takes no stack") {
  const auto c = own_stack();
  const Environment unfiltered{{"EMULATED_FILTER", "none"}};
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  const auto there = machine.run("remediate.sh", {}, unfiltered);
  INFO(there.output);
  REQUIRE(there.status == 0);
  CHECK(machine.run("remediate.sh", {}, {{"EMULATED_FILTER", "none"}, {"EMULATED_ALIVE", "10.71.20.61"}}).status == 0);
  const auto shown = machine.run("verify.sh", {}, unfiltered);
  INFO(shown.output);
  CHECK(shown.status == 0);
  CHECK(text_of(verified(planned.folder(), shown.output)) == "");
  CHECK(machine.run("rollback.sh", {}, unfiltered).status == 0);
}

TEST_CASE("verify.sh asks gateways from the interface that has to reach them, with packets as large as its MTU") {
  const auto c = management_moves();
  const Planned planned(c.from, c.to, {8, 0});
  CHECK_THAT(planned.script("verify.sh"), Catch::Contains("must 10.72.0.1 -I vmk0 -d -s 1472"));
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh").status == 0);
  const auto silent = machine.run("verify.sh", {}, {{"EMULATED_DEAD", "10.72.0.1"}});
  CHECK(silent.status == 1);
  CHECK(silent.output.find("NO ANSWER  vmk0: default gateway 10.72.0.1") != std::string::npos);
}

TEST_CASE("verify.sh needs storage behind a router to answer, and only tells of a service that does not") {
  const auto c = management_moves();
  const std::vector<plan::Destination> destinations{{"NFS server far", ip("10.9.0.20"), model::Service::Nfs},
                                                    {"vCenter vc01", ip("10.9.0.5"), model::Service::Management}};
  const Planned planned(c.from, c.to, {8, 0}, destinations);
  Machine machine(planned.folder(), "esx01", "8.0");
  REQUIRE(machine.run("remediate.sh").status == 0);
  const auto well = machine.run("verify.sh");
  INFO(well.output);
  CHECK(well.status == 0);
  CHECK_THAT(well.output, Catch::Contains("ok         vmk0: vCenter vc01 10.9.0.5 answers"));
  const auto hidden = machine.run("verify.sh", {}, {{"EMULATED_DEAD", "10.9.0.5"}});
  CHECK(hidden.status == 0);
  CHECK_THAT(hidden.output, Catch::Contains("no answer  vmk0: vCenter vc01 10.9.0.5"));
  const auto lost = machine.run("verify.sh", {}, {{"EMULATED_DEAD", "10.9.0.20"}});
  CHECK(lost.status == 1);
  CHECK_THAT(lost.output, Catch::Contains("NO ANSWER  vmk0: NFS server far 10.9.0.20"));
}

TEST_CASE("verify.sh refuses another host, knows its options, and leaves shellcheck nothing to say", "[heavy]") {
  const auto c = hostile_names();
  const Planned planned(c.from, c.to, {8, 0});
  Machine machine(planned.folder(), "esx01", "8.0");
  CHECK(machine.run("verify.sh", {"--help"}).status == 0);
  CHECK(machine.run("verify.sh", {"--frobnicate"}).status == 2);
  REQUIRE(machine.run("remediate.sh").status == 0);
  const auto ran = machine.run("verify.sh");
  INFO(ran.output);
  CHECK(ran.status == 0);
  CHECK(!std::filesystem::exists("pwned"));
  const auto path = (planned.folder() / "hosts/esx01/verify.sh").string();
  for (const auto& command : {"dash -n ", "busybox ash -n ", "shellcheck --shell=dash "})
    CHECK(std::system((command + path).c_str()) == 0);
  auto state = machine.state();
  state.replace(state.find("\"host\": \"esx01\""), 15, "\"host\": \"esx02\"");
  machine.set_state(state);
  CHECK(machine.run("verify.sh").status == 4);
}
