#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/model/target.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::render {

/// A command of esxcli, for those who do not call it through a shell.
struct EsxcliCall {
  std::string words;                                         ///< "network ip interface ipv4 set"
  std::vector<std::pair<std::string, std::string>> options;  ///< long names without dashes
  std::vector<std::string> flags;
};

/// The call that does a step; none: the target has no such command in esxcli.
std::optional<EsxcliCall> esxcli_call(const plan::Step& step, model::Target target);

/// The lines that do a step on that target; `function` runs the command: `change`, or `attempt`, which may fail.
std::vector<std::string> command_lines(const plan::Step& step, model::Target target, std::string_view function);

/// What a person would type for it: one line, without what only a script can do.
std::string typed_command(const plan::Step& step, model::Target target);

/// One line that says what a step does.
std::string title_of(const plan::Step& step);

}  // namespace esx2esxi::render
