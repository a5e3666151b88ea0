#include "shell_steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "shell_commands.hpp"
#include "shell_words.hpp"
#include "traits.hpp"

namespace esx2esxi::render {

namespace {

using model::State;
using plan::Action;
using plan::Step;

/// Whether `later` brings back what `step` takes away: then `step` is only there for the sake of what stands between.
bool brings_back(const Step& step, const Step& later) {
  const auto same = [&](std::initializer_list<std::string_view> names) {
    return step.interface == later.interface && std::all_of(names.begin(), names.end(), [&](std::string_view name) {
             return step.argument(name) == later.argument(name);
           });
  };
  switch (step.action) {
    case Action::Unbind: return later.action == Action::Bind && same({"adapter"});
    case Action::Unmount: return later.action == Action::Mount && same({"volume"});
    case Action::RemoveRoute: return later.action == Action::AddRoute && same({"stack", "network", "next_hop"});
    case Action::RemoveGateway: return later.action == Action::SetGateway && same({"stack", "gateway"});
    case Action::SetAddress: return step.argument("type") == "none" && later.action == Action::SetAddress && same({});
    case Action::AddPortgroup:
    case Action::SetPortgroupVlan:
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks:
    case Action::RemovePortgroup:
    case Action::Bind:
    case Action::RemoveTag:
    case Action::AddTag:
    case Action::RemoveInterface:
    case Action::AddStack:
    case Action::RemoveStack:
    case Action::AddInterface:
    case Action::SetEnabled:
    case Action::SetMtu:
    case Action::AddRoute:
    case Action::SetGateway:
    case Action::Mount: return false;
  }
  return false;
}

/// Whether `step`, done now, undoes what `later` would find done.
bool takes_along(const Step& step, const Step& later) {
  if (brings_back(step, later)) return true;
  return step.action == Action::RemoveInterface && step.interface == later.interface;
}

bool takes_away(Action action) {
  return action == Action::RemoveInterface || action == Action::RemovePortgroup || action == Action::Unbind ||
         action == Action::RemoveTag || action == Action::RemoveRoute || action == Action::RemoveGateway ||
         action == Action::Unmount || action == Action::RemoveStack;
}

Test is(const Trait& trait, const std::string& value) { return {look_command(trait), "is " + shell_word(value)}; }
Test is_not(const Trait& trait, const std::string& value) {
  return {look_command(trait), "is_not " + shell_word(value)};
}

class Emitter {
 public:
  Emitter(const State& from, const std::vector<Step>& steps, model::Target target)
      : steps_(steps), states_(plan::prefixes(from, steps)), target_(target) {}

  std::vector<ShellStep> all() const {
    std::vector<ShellStep> out;
    for (std::size_t i = 0; i < steps_.size(); ++i) out.push_back(one(i));
    return out;
  }

 private:
  ShellStep one(std::size_t i) const {
    const auto& step = steps_[i];
    ShellStep out;
    out.n = step.n;
    out.title = title_of(step);
    out.tests = tests(i);
    out.tolerated = carries_nothing(i);
    out.commands = command_lines(step, target_, out.tolerated ? "attempt" : "change");
    out.condition = condition(i);
    out.settles = out.condition.find(" settled ") != std::string::npos;
    return out;
  }

  /// Taken away: no longer what it was. Everything else: what it shall be.
  std::vector<Test> tests(std::size_t i) const {
    const auto& step = steps_[i];
    const auto trait = changed_by(step);
    const auto before = shown(trait, states_[i]);
    const auto after = shown(trait, states_[i + 1]);
    if (step.action == Action::RemoveInterface) return removal_tests(i);
    if (step.action == Action::RemoveTag) return {is_not(trait, "tagged")};
    if (takes_away(step.action)) return {is_not(trait, before.value_or("unbound"))};
    std::vector<Test> out;
    if (after) out.push_back(is(trait, *after));
    if (!step.argument("gateway").empty() && step.action == Action::SetAddress)
      out.push_back(is({Look::OwnGateway, {step.interface}}, std::string(step.argument("gateway"))));
    if (step.action == Action::AddInterface && !step.argument("mac").empty())
      out.push_back(is({Look::Mac, {step.interface}}, std::string(step.argument("mac"))));
    return out;
  }

  /// What comes back under the same name must not look like what goes.
  std::vector<Test> removal_tests(std::size_t i) const {
    const auto& step = steps_[i];
    const Trait place{Look::Place, {step.interface}};
    const Trait mac{Look::Mac, {step.interface}};
    const Trait own_gateway{Look::OwnGateway, {step.interface}};
    const auto was = shown(place, states_[i]).value_or("absent");
    const auto again = std::find_if(steps_.begin() + static_cast<std::ptrdiff_t>(i), steps_.end(), [&](const Step& s) {
      return s.action == Action::AddInterface && s.interface == step.interface;
    });
    if (again == steps_.end()) return {is(place, "absent")};
    const auto& after = states_[static_cast<std::size_t>(again - steps_.begin()) + 1];
    if (shown(place, after) != was) return {is_not(place, was)};
    const auto old_mac = shown(mac, states_[i]);
    if (old_mac && old_mac != shown(mac, after)) return {is_not(mac, *old_mac)};
    return {is_not(own_gateway, shown(own_gateway, states_[i]).value_or("absent"))};
  }

  /// A server to which nothing leads; of a name or a lease nobody knows.
  static bool out_of_reach(const State& state, std::string_view server) {
    const auto address = net::Ipv4Address::parse(server);
    const bool leases = std::any_of(state.interfaces.begin(), state.interfaces.end(),
                                    [](const model::Interface& x) { return x.enabled && x.dhcp; });
    return address && !leases && model::table_of(state, model::kDefaultStack).lookup(*address).interfaces.empty();
  }

  /// A route or gateway whose next hop is on no network of the host at that point, or a volume behind such a one.
  bool carries_nothing(std::size_t i) const {
    const auto& step = steps_[i];
    if (step.action == Action::Mount) return out_of_reach(states_[i], step.argument("host"));
    if (step.action != Action::AddRoute && step.action != Action::SetGateway) return false;
    const auto hop = net::Ipv4Address::parse(step.argument(step.action == Action::AddRoute ? "next_hop" : "gateway"));
    return !std::any_of(states_[i].interfaces.begin(), states_[i].interfaces.end(), [&](const model::Interface& x) {
      const bool unknown = x.dhcp && !x.range();
      return x.enabled && x.stack == step.argument("stack") &&
             (unknown || (x.range() && hop && x.range()->contains(*hop)));
    });
  }

  std::optional<std::size_t> brought_back_by(std::size_t i) const {
    for (std::size_t j = i + 1; j < steps_.size(); ++j)
      if (brings_back(steps_[i], steps_[j])) return j;
    return std::nullopt;
  }

  /// True if nothing is to be done: it is done, or what it makes room for is.
  std::string condition(std::size_t i) const {
    auto out = fmt::format("done_{}", steps_[i].n);
    std::string taken;
    for (std::size_t j = 0; j < i; ++j)
      if (takes_along(steps_[j], steps_[i])) taken += fmt::format(" {}", steps_[j].n);
    if (!taken.empty()) out += " && settled" + taken;
    const auto end = brought_back_by(i);
    if (!end) return out;
    std::string between;
    bool vain = false;
    for (std::size_t j = i + 1; j < *end; ++j) {
      vain = vain || carries_nothing(j);
      if (!brought_back_by(j) && !brings_back_another(j) && !carries_nothing(j))
        between += fmt::format(" && done_{}", steps_[j].n);
    }
    // Only what the host will not take stands between: nothing to make room for.
    if (between.empty() && vain) return fmt::format("{{ {}; }} || done_{}", out, steps_[*end].n);
    return between.empty() ? out : fmt::format("{{ {}; }} || {{ {}; }}", out, between.substr(4));
  }

  /// The second half of a pair says nothing of the work between the halves of another.
  bool brings_back_another(std::size_t j) const {
    return std::any_of(steps_.begin(), steps_.begin() + static_cast<std::ptrdiff_t>(j), [&](const Step& earlier) {
      return brings_back(earlier, steps_[j]) && earlier.action != Action::SetAddress;
    });
  }

  const std::vector<Step>& steps_;
  std::vector<State> states_;
  model::Target target_;
};

}  // namespace

std::vector<ShellStep> shell_steps(const State& from, const std::vector<Step>& steps, model::Target target) {
  return Emitter(from, steps, target).all();
}

std::vector<std::string> other_stacks(const std::vector<State>& states) {
  std::set<std::string> out;
  for (const auto& state : states)
    for (const auto& interface : state.interfaces)
      if (interface.stack != model::kDefaultStack) out.insert(interface.stack);
  return {out.begin(), out.end()};
}

}  // namespace esx2esxi::render
