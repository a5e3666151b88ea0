// Single commands for a person who sits at a host's shell.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/model/target.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::render {

/// The lines that do one step on that target, every value quoted for the shell. An iSCSI adapter that the step does not
/// name is left as vmhbaN for the reader to fill in.
std::vector<std::string> typed_commands(const plan::Step& step, model::Target target);

/// Words of any program, each quoted where it needs it.
std::string typed_line(const std::vector<std::string>& words);

/// "esxcli WORDS --name=value ...", every value quoted.
std::string esxcli_line(std::string_view words, const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace esx2esxi::render
