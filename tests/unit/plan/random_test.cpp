// Random pairs of states: the steps lead from one to the other and back, and no step meets a host that would refuse it.
#include <random>

#include "esx2esxi/plan/simulate.hpp"
#include "hosts.hpp"
#include "strict_host.hpp"

using namespace esx2esxi;
using namespace test;

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  unsigned below(unsigned n) { return static_cast<unsigned>(engine_() % n); }
  bool one_in(unsigned n) { return below(n) == 0; }

 private:
  std::mt19937 engine_;
};

std::string subnet(unsigned s) { return "10." + std::to_string(s) + ".0."; }

model::Services services_of(Dice& dice, unsigned i) {
  if (i == 0) return kManagement;
  switch (dice.below(5)) {
    case 0: return kVMotion;
    case 1: return kNfs;
    case 2: return {model::Service::FaultToleranceLogging};
    case 3: return {model::Service::VMotion, model::Service::FaultToleranceLogging};
    default: return {};
  }
}

/// Up to five interfaces with subnets, port groups and numbers dealt from one pack, so that states get in each other's
/// way.
Host random_host(Dice& dice) {
  Host host;
  for (const auto* name : {"A", "B", "C", "D", "E", "F"})
    host.portgroup(
        name, dice.below(3) * 10,
        dice.one_in(3) ? std::optional(model::Teaming{{"vmnic" + std::to_string(dice.below(4))}, {}}) : std::nullopt);
  std::vector<std::string> groups{"A", "B", "C", "D", "E", "F"};
  std::vector<unsigned> subnets{1, 2, 3, 4, 5, 6, 7};
  const auto draw = [&](auto& pack) {
    const auto at = dice.below(static_cast<unsigned>(pack.size()));
    const auto item = pack[at];
    pack.erase(pack.begin() + at);
    return item;
  };
  std::vector<std::string> default_subnets;
  for (unsigned i = 0; i < 5; ++i) {
    if (i > 0 && dice.one_in(4)) continue;
    const auto s = subnet(draw(subnets));
    Vmk v{"vmk" + std::to_string(i), s + std::to_string(5 + dice.below(2)) + "/24", draw(groups), services_of(dice, i)};
    if (i > 0 && dice.one_in(8)) v.address = dice.one_in(2) ? "dhcp" : "";
    if (i > 0 && v.services == kVMotion && dice.one_in(2))
      v.stack = model::kVmotionStack;
    else if (i > 0 && dice.one_in(4)) {
      v.services = kIscsi;
      v.bound_to = "vmhba33";
    }
    v.mtu = dice.one_in(3) ? 9000 : 1500;
    v.enabled = i == 0 || !dice.one_in(6);
    host.vmk(v);
    if (v.stack == model::kDefaultStack && v.enabled && v.address.find('/') != std::string::npos)
      default_subnets.push_back(s);
    if (v.stack == model::kVmotionStack && v.enabled && dice.one_in(2)) host.gateway(s + "1", "vmotion");
  }
  if (!dice.one_in(6)) host.gateway(default_subnets[dice.below(static_cast<unsigned>(default_subnets.size()))] + "1");
  for (unsigned r = 0; r < 2; ++r)
    if (dice.one_in(2))
      host.route("172.16." + std::to_string(r) + ".0/24",
                 default_subnets[dice.below(static_cast<unsigned>(default_subnets.size()))] + "254");
  host.nfs("near", "10.3.0.200").nfs("far", "172.16.1.9");
  return host;
}

}  // namespace

TEST_CASE("from any state to any other and back, as a strict host would take it") {
  unsigned composed = 0;
  for (unsigned seed = 0; seed < 1000; ++seed) {
    INFO("seed " << seed);
    Dice dice(seed);
    const auto from = random_host(dice);
    const auto to = random_host(dice);
    const auto forward = plan::compose(from, to, {8, 0}, {});
    const auto back = plan::compose(to, from, {8, 0}, {});
    REQUIRE(forward.obstacles == std::vector<std::string>{});
    REQUIRE(back.obstacles == std::vector<std::string>{});
    expect_sound(from, to, forward.steps);
    expect_sound(to, from, back.steps);
    composed += static_cast<unsigned>(forward.steps.size());
  }
  CHECK(composed > 10000);
}

TEST_CASE("the same two states give the same steps") {
  Dice dice(7);
  const auto from = random_host(dice);
  const auto to = random_host(dice);
  CHECK(outline(plan::compose(from, to, {8, 0}, {}).steps) == outline(plan::compose(from, to, {8, 0}, {}).steps));
}
