#include "esx2esxi/render/scripts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/template.hpp"
#include "script_parts.hpp"
#include "shell_functions.hpp"
#include "shell_steps.hpp"
#include "shell_words.hpp"
#include "traits.hpp"

namespace esx2esxi::render {

namespace {

using model::State;
using plan::HostPlan;
using plan::Step;

/// Every state that the two scripts can lead through.
std::vector<State> possible_states(const HostPlan& host) {
  auto states = plan::prefixes(plan::with_all_stacks(host.mapped), host.steps);
  for (auto& state : plan::prefixes(plan::with_all_stacks(host.after), host.rollback))
    states.push_back(std::move(state));
  return states;
}

/// What the scripts of a pair call each other, and the states between which they lead.
struct Pair {
  std::string_view back;   ///< the script that the timer runs
  std::string_view notes;  ///< what the names of log, snapshot and timer begin with
  std::string_view start;
  std::string_view end;
  std::string_view mark;  ///< put before the host's name where something of the pair must be told from all else
};
constexpr Pair kMigration{"rollback.sh", "run", "mapped", "planned", ""};
constexpr Pair kTransition{"transition-end.sh", "transition", "planned", "transitional", "transition-"};

struct Direction {
  const Pair& pair;
  std::string_view path;
  std::string goal;
  const State& from;
  const State& to;
  const std::vector<Step>& steps;
  bool forward;
};

/// Puts one script's fields together and notes which functions they call.
class Script {
 public:
  Script(const plan::Plan& plan, const HostPlan& host, const Direction& direction)
      : plan_(plan), host_(host), direction_(direction), states_(possible_states(host)) {}

  std::string text() {
    const auto shell = shell_steps(plan::with_all_stacks(direction_.from), direction_.steps, plan_.target);
    const bool guarded = !host_.steps.empty() || !host_.rollback.empty();
    if (guarded) functions_.call("expect");
    auto fields = identity_fields(plan_, host_);
    const auto& pair = direction_.pair;
    fields.merge(Fields{{"back", Ready{std::string(pair.back)}},
                        {"notes", Ready{std::string(pair.notes)}},
                        {"start", Ready{std::string(pair.start)}},
                        {"end", Ready{std::string(pair.end)}},
                        {"goal", Ready{direction_.goal}},
                        {"guarded", guarded},
                        {"guards", expectations(states_)},
                        {"ends", expectations(ends(shell))},
                        {"steps", steps(shell)},
                        {"stacks_any", !other_stacks(states_).empty()},
                        {"stacks", stack_rows(other_stacks(states_))}});
    add_run_fields(fields, shell);
    functions_.put(fields);
    return expand(direction_.path, fields, Syntax::Shell);
  }

 private:
  /// What templates/shell/run.sh needs: the log, the timer, maintenance mode, who answers.
  void add_run_fields(Fields& fields, const std::vector<ShellStep>& shell) {
    Rows storage;
    Rows unmounts;
    bool hops = false;
    bool binds = false;
    unsigned seconds = 0;
    for (std::size_t i = 0; i < shell.size(); ++i) {
      const auto& step = direction_.steps[i];
      seconds += step.seconds;
      hops = hops || (!shell[i].tolerated && !hop_of(step).empty());
      binds = binds || step.action == plan::Action::Bind;
      const Ready condition{shell[i].condition};
      if (interrupts_storage(step)) storage.push_back({{"condition", condition}});
      if (step.action == plan::Action::Unmount)
        unmounts.push_back({{"condition", condition}, {"volume", Ready{shell_word(step.argument("volume"))}}});
    }
    auto news = new_addresses();
    const bool maintenance = plan::versions().has("maintenance", plan_.target);
    if (maintained()) functions_.call("in_maintenance");
    if (binds) functions_.call("attempt");
    fields.merge(
        Fields{{"forward", direction_.forward},
               {"folder", Ready{plain_name(host_.name)}},
               {"mark", Ready{std::string(direction_.pair.mark) + plain_name(host_.name)}},
               {"rc", Ready{std::string(start_file(plan_.target))}},
               {"secure_boot", plan::versions().has("secure-boot", plan_.target)},
               {"estimate", Ready{std::to_string(seconds)}},
               {"storage_any", maintained()},
               {"storage", std::move(storage)},
               {"volumes_any", direction_.forward || !unmounts.empty()},
               {"binds_any", binds},
               {"unmounts_any", !unmounts.empty()},
               {"unmounts", std::move(unmounts)},
               {"enter_maintenance", Ready{maintenance ? "esxcli system maintenanceMode set --enable=true --timeout=300"
                                                       : "vim-cmd hostsvc/maintenance_mode_enter"}},
               {"leave_maintenance", Ready{maintenance ? "esxcli system maintenanceMode set --enable=false"
                                                       : "vim-cmd hostsvc/maintenance_mode_exit"}},
               {"boot_routes_any", !plan::versions().has("lasting-routes", plan_.target)},
               {"boot_routes", boot_routes()},
               {"hops_any", hops},
               {"pings_any", hops || !news.empty()},
               {"news_any", !news.empty()},
               {"news", std::move(news)}});
  }

  /// Either script may find the host in the maintenance mode that the other one entered, and broke off in.
  bool maintained() const {
    const auto any = [](const std::vector<Step>& steps) {
      return std::any_of(steps.begin(), steps.end(), interrupts_storage);
    };
    return any(host_.steps) || any(host_.rollback);
  }

  /// What the host has to be told again at each start, where it forgets routes.
  Rows boot_routes() const {
    Rows rows;
    for (const auto& stack : direction_.to.stacks)
      for (const auto& route : stack.routes)
        rows.push_back({{"network", Ready{to_string(route.network)}}, {"next_hop", Ready{to_string(route.next_hop)}}});
    return rows;
  }

  /// The addresses that the steps take and that the host does not have before them.
  Rows new_addresses() const {
    std::set<std::string> known;
    for (const auto& interface : direction_.from.interfaces)
      if (interface.address) known.insert(to_string(*interface.address));
    Rows rows;
    for (const auto& step : direction_.steps)
      if (const std::string address(step.argument("address"));
          step.action == plan::Action::SetAddress && !address.empty() && known.insert(address).second)
        rows.push_back({{"address", Ready{shell_word(address)}}, {"interface", Ready{shell_word(step.interface)}}});
    return rows;
  }

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
      if (can_look(trait, plan_.target))
        if (auto row = expectation(trait, states)) rows.push_back(std::move(*row));
    return rows;
  }

  std::optional<Fields> expectation(const Trait& trait, const std::vector<State>& states) {
    std::vector<std::string> values;
    // A host may lose a route with an interface, and the run be killed before the route is back.
    if (&states == &states_ && trait.look == Look::Gateway) values.emplace_back("none");
    if (&states == &states_ && trait.look == Look::Route) values.emplace_back("absent");
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
    for (std::size_t i = 0; i < shell.size(); ++i)
      if (shell[i].tolerated) plan::apply(without, left_out(direction_.steps[i]));
    return {to, without, with_former_gateways(without, shell)};
  }

  static Step left_out(Step step) {
    step.action = step.action == plan::Action::SetGateway ? plan::Action::RemoveGateway
                  : step.action == plan::Action::Mount    ? plan::Action::Unmount
                                                          : plan::Action::RemoveRoute;
    return step;
  }

  /// Before ESXi 5.1 a gateway that is not taken may leave the former one in place.
  State with_former_gateways(State state, const std::vector<ShellStep>& shell) const {
    for (std::size_t i = 0; i < shell.size(); ++i) {
      const auto& step = direction_.steps[i];
      const auto* former = direction_.from.stack(step.argument("stack"));
      auto* stack = state.stack(step.argument("stack"));
      if (shell[i].tolerated && step.action == plan::Action::SetGateway && former && stack &&
          !plan::versions().has("routes", plan_.target))
        stack->gateway = former->gateway;
    }
    return state;
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
    functions_.call(shell.tolerated ? "left_out" : "change");
    if (shell.settles) functions_.call("settled");
    if (step.action == plan::Action::Unbind) functions_.call("in_maintenance");
    return {{"n", Ready{std::to_string(shell.n)}},
            {"title", shell.title},
            {"why", step.why},
            {"interrupts", step.interrupts},
            {"looks", std::move(looks)},
            {"commands", lines("command", shell.commands)},
            {"condition", Ready{shell.condition}},
            {"hops", hops_after(shell, step)},
            {"unlike", Ready{shell.tolerated ? "left_out" : "unlike"}}};
  }

  static Rows hops_after(const ShellStep& shell, const Step& step) {
    const auto hop = hop_of(step);
    if (shell.tolerated || hop.empty()) return {};
    return {{{"words", Ready{hop}}}};
  }

  const plan::Plan& plan_;
  const HostPlan& host_;
  const Direction direction_;
  std::vector<State> states_;
  Functions functions_;
};

}  // namespace

std::string transition_script(const plan::Plan& plan, const HostPlan& host) {
  const auto stage = in_transition(host);
  return Script(plan, stage,
                {kTransition, "templates/transition.sh.mustache", "this host has its second vMotion interface",
                 stage.mapped, stage.after, stage.steps, true})
      .text();
}

std::string transition_end_script(const plan::Plan& plan, const HostPlan& host) {
  const auto stage = in_transition(host);
  return Script(plan, stage,
                {kTransition, "templates/transition-end.sh.mustache",
                 "this host is in its planned state, without the second vMotion interface", stage.after, stage.mapped,
                 stage.rollback, false})
      .text();
}

std::string remediate_script(const plan::Plan& plan, const HostPlan& host) {
  return Script(plan, host,
                {kMigration, "templates/remediate.sh.mustache", "this host is in its planned state", host.mapped,
                 host.after, host.steps, true})
      .text();
}

std::string rollback_script(const plan::Plan& plan, const HostPlan& host) {
  const auto mapped = plan::acceptable(host.mapped);
  return Script(plan, host,
                {kMigration, "templates/rollback.sh.mustache", mapped_goal(host.mapped), host.after, mapped,
                 host.rollback, false})
      .text();
}

}  // namespace esx2esxi::render
