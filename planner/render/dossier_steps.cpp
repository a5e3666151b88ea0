// A step as a reader sees it: the command, and what the host shows afterwards.
#include <fmt/format.h>

#include "dossier.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "files.hpp"
#include "shell_commands.hpp"
#include "traits.hpp"

namespace esx2esxi::render {

namespace {

std::string expectation(const plan::Step& step, const model::State& after) {
  const auto trait = changed_by(step);
  if (trait.of.empty()) return {};
  const auto found = shown(trait, after);
  return found ? fmt::format("{}: {}", subject_of(trait), *found) : std::string();
}

}  // namespace

std::vector<StepText> step_texts(const plan::Plan& plan, const plan::HostPlan& host, const model::State& from,
                                 const std::vector<plan::Step>& steps) {
  std::vector<StepText> out;
  auto state = plan::with_all_stacks(from);
  for (const auto& step : steps) {
    plan::apply(state, step);
    auto command = has_scripts(plan, host) ? typed_command(step, plan.target) : title_of(step);
    out.push_back({std::move(command), expectation(step, state)});
  }
  return out;
}

Rows step_rows(const plan::Plan& plan, const plan::HostPlan& host, const model::State& from,
               const std::vector<plan::Step>& steps) {
  const auto texts = step_texts(plan, host, from, steps);
  Rows rows;
  for (std::size_t i = 0; i < steps.size(); ++i)
    rows.push_back({{"n", std::to_string(steps[i].n)},
                    {"what", cell(title_of(steps[i]))},
                    {"command", cell(texts[i].command)},
                    {"expected", cell(texts[i].expected)},
                    {"why", cell(steps[i].why)},
                    {"undo", cell(steps[i].undo)},
                    {"interrupts", cell(steps[i].interrupts)},
                    {"seconds", std::to_string(steps[i].seconds)}});
  return rows;
}

}  // namespace esx2esxi::render
