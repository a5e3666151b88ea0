// ESXi 4.1: which steps its tools can do, and what a step has to name for them.
#include "esx2esxi/plan/old_words.hpp"

#include <catch2/catch.hpp>

#include "hosts.hpp"

using namespace test;
using Catch::Contains;
using model::Target;

namespace {

Host start() {
  return Host()
      .vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.2.0.5/24", "VMotion", kVMotion})
      .gateway("10.1.0.1")
      .nfs("prod", "10.1.0.9");
}

plan::Composition composed(const model::State& from, const model::State& to) {
  return plan::compose(from, to, Target{4, 1}, {});
}

std::string obstacle(const model::State& to) {
  const auto out = composed(start(), to);
  CHECK(out.steps.empty());
  return out.obstacles.empty() ? "none" : out.obstacles.front();
}

model::Interface& second(Host& host) { return host.edit().interfaces.at(1); }

}  // namespace

TEST_CASE("on 4.1 steps name the port group of an interface and the switch of a port group") {
  auto to = start().portgroup("VMotion", 7);
  second(to).address = ip("10.3.0.5");
  const auto out = composed(start(), to);
  REQUIRE(out.obstacles.empty());
  for (const auto& step : out.steps) {
    if (step.action == plan::Action::SetAddress) CHECK(step.argument("portgroup") == "VMotion");
    if (step.action == plan::Action::SetPortgroupVlan) CHECK(step.argument("vswitch") == "vSwitch0");
  }
  for (const auto& step : plan::compose(start(), to, Target{5, 0}, {}).steps)
    if (step.action == plan::Action::SetAddress) CHECK(step.argument("portgroup").empty());
}

TEST_CASE("what the tools of 4.1 cannot do, or not show afterwards, is named") {
  auto to = start();
  second(to).address.reset();
  CHECK_THAT(obstacle(to), Contains("cannot take the address of an interface away"));
  to = start();
  second(to).mtu = 9000;
  CHECK_THAT(obstacle(to), Contains("sets the MTU of an interface only when it makes it"));
  to = start().portgroup("VMotion", 0, model::Teaming{{"vmnic1"}, {}});
  CHECK_THAT(obstacle(to), Contains("no command that shows its own order of uplinks"));
  to = start().vmk({"vmk2", "10.9.0.5/24", "FT", {}});
  CHECK_THAT(obstacle(to), Contains("vmk2: ESXi 4.1 chooses number and MAC address"));
  to = start();
  to.edit().nfs.front().server = "10.1.0.10";
  to.edit().nfs.front().read_only = true;
  CHECK_THAT(obstacle(to), Contains("not known to mount read-only"));
  to = start();
  second(to).services = {model::Service::VMotion, model::Service::FaultToleranceLogging};
  CHECK_THAT(obstacle(to), Contains("ESXi 4.1 has no command that chooses an interface for faultToleranceLogging"));
}

TEST_CASE("names that the tools of 4.1 would take for something else are left to people") {
  for (const std::string name : {"-rf", "--help", " x", "x ", "a\nb", "", "\t"}) {
    INFO(name);
    CHECK(!plan::is_plain_operand(name));
  }
  for (const std::string name : {"a  b", "$(reboot)", "Kühlhaus", "x is y"}) CHECK(plan::is_plain_operand(name));
  CHECK(plan::is_plain_volume("a b", "nas1", "/vol/a b"));
  CHECK(!plan::is_plain_volume("a is b", "nas1", "/vol"));
  CHECK(!plan::is_plain_volume("a", "nas1", "/x from y"));
  CHECK(!plan::is_plain_volume("a", "nas 1", "/vol"));
  CHECK_THAT(obstacle(start().portgroup("-x", 7)), Contains("cannot tell such names"));
  CHECK_THAT(obstacle(start().nfs("--help", "10.1.0.9")), Contains("cannot tell such names"));
}
