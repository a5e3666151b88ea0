#include "esx2esxi/render/scripts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/template.hpp"
#include "shell_functions.hpp"
#include "shell_steps.hpp"
#include "shell_words.hpp"
#include "traits.hpp"

namespace esx2esxi::render {

namespace {

using model::State;
using plan::HostPlan;
using plan::Step;

/// The name that the host itself gave. A host that gave neither name nor uuid is known by its folder's name only.
std::string short_name(const HostPlan& host) {
  const auto& own = host.mapped.dns.host;
  const auto& known = own.empty() && host.uuid.empty() ? host.name : own;
  return lower(known.substr(0, known.find('.')));
}

/// Every state that the two scripts can lead through.
std::vector<State> possible_states(const HostPlan& host) {
  auto states = plan::prefixes(plan::with_all_stacks(host.mapped), host.steps);
  for (auto& state : plan::prefixes(plan::with_all_stacks(host.after), host.rollback))
    states.push_back(std::move(state));
  return states;
}

struct Direction {
  std::string_view path;
  std::string_view goal;
  const State& from;
  const State& to;
  const std::vector<Step>& steps;
};

/// Puts one script's fields together and notes which functions they call.
class Script {
 public:
  Script(const plan::Plan& plan, const HostPlan& host, const Direction& direction)
      : plan_(plan), host_(host), direction_(direction), states_(possible_states(host)) {}

  std::string text() {
    const auto* release = plan::versions().release(plan_.target);
    if (!release) throw std::logic_error("no scripts for ESXi " + to_string(plan_.target));
    const auto shell = shell_steps(plan::with_all_stacks(direction_.from), direction_.steps, plan_.target);
    const bool guarded = !host_.steps.empty() || !host_.rollback.empty();
    if (guarded) functions_.call("expect");
    Fields fields{{"host", host_.name},
                  {"name", short_name(host_)},
                  {"uuid", lower(host_.uuid)},
                  {"uuid_stays", plan_.path == model::Path::Upgrade ? "true" : "false"},
                  {"release", release->banner},
                  {"goal", Ready{std::string(direction_.goal)}},
                  {"guarded", guarded},
                  {"guards", expectations(states_)},
                  {"ends", expectations(ends(shell))},
                  {"steps", steps(shell)},
                  {"stacks", stacks()},
                  {"macs", lines("vmk", remembered_macs(direction_.steps))}};
    functions_.put(fields);
    return expand(direction_.path, fields, Syntax::Shell);
  }

 private:
  Rows lines(std::string_view name, const std::vector<std::string>& texts) {
    Rows rows;
    for (const auto& text : texts) {
      functions_.called_by(text);
      rows.push_back({{std::string(name), Ready{text}}});
    }
    return rows;
  }

  /// Everything that the steps touch, and the values that it may have; what one of the states leaves open is left out.
  Rows expectations(const std::vector<State>& states) {
    Rows rows;
    for (const auto& trait : touched_by(host_.steps, host_.rollback))
      if (auto row = expectation(trait, states)) rows.push_back(std::move(*row));
    return rows;
  }

  std::optional<Fields> expectation(const Trait& trait, const std::vector<State>& states) {
    std::vector<std::string> values;
    for (const auto& state : states) {
      const auto value = shown(trait, state);
      if (!value) return std::nullopt;
      if (std::find(values.begin(), values.end(), *value) == values.end()) values.push_back(*value);
    }
    std::string words;
    for (const auto& value : values) words += " " + shell_word(value);
    const auto look = look_command(trait);
    functions_.called_by(look);
    return Fields{{"look", Ready{look}}, {"subject", subject_of(trait)}, {"values", Ready{words}}};
  }

  /// The state that the steps lead to. Routes that may be left out may be missing.
  std::vector<State> ends(const std::vector<ShellStep>& shell) const {
    const auto to = plan::with_all_stacks(direction_.to);
    auto without = to;
    for (std::size_t i = 0; i < shell.size(); ++i) {
      if (!shell[i].tolerated) continue;
      auto back = direction_.steps[i];
      back.action = back.action == plan::Action::AddRoute ? plan::Action::RemoveRoute : plan::Action::RemoveGateway;
      plan::apply(without, back);
    }
    return {to, without};
  }

  Rows steps(const std::vector<ShellStep>& shell) {
    Rows rows;
    for (std::size_t i = 0; i < shell.size(); ++i) rows.push_back(step_fields(shell[i], direction_.steps[i]));
    return rows;
  }

  Fields step_fields(const ShellStep& shell, const Step& step) {
    Rows looks;
    for (const auto& test : shell.tests) {
      functions_.called_by(test.look);
      functions_.called_by(test.condition);
      looks.push_back({{"look", Ready{test.look}}, {"test", Ready{test.condition}}});
    }
    functions_.call(shell.tolerated ? "attempt" : "change");
    if (shell.settles) functions_.call("settled");
    if (step.action == plan::Action::Unbind) functions_.call("in_maintenance");
    return {{"n", Ready{std::to_string(shell.n)}},
            {"title", shell.title},
            {"why", step.why},
            {"interrupts", step.interrupts},
            {"looks", std::move(looks)},
            {"commands", lines("command", shell.commands)},
            {"condition", Ready{shell.condition}},
            {"unlike", Ready{shell.tolerated ? "left_out" : "unlike"}}};
  }

  Rows stacks() const {
    Rows rows;
    for (const auto& stack : other_stacks(states_))
      rows.push_back({{"stack_option", Ready{shell_option("netstack", stack)}}});
    return rows;
  }

  const plan::Plan& plan_;
  const HostPlan& host_;
  const Direction direction_;
  std::vector<State> states_;
  Functions functions_;
};

}  // namespace

std::string remediate_script(const plan::Plan& plan, const HostPlan& host) {
  return Script(plan, host,
                {"templates/remediate.sh.mustache", "this host is in its planned state", host.mapped, host.after,
                 host.steps})
      .text();
}

std::string rollback_script(const plan::Plan& plan, const HostPlan& host) {
  const auto mapped = plan::acceptable(host.mapped);
  return Script(
             plan, host,
             {"templates/rollback.sh.mustache", "this host is in its mapped state", host.after, mapped, host.rollback})
      .text();
}

}  // namespace esx2esxi::render
