#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/model/target.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::render {

struct Manner {
  std::string_view function = "change";  ///< what runs the command; `attempt`: it may fail
  bool keeps_mac = false;                ///< the interface is made again with the MAC that it had
};

/// The lines that do a step on that target.
std::vector<std::string> command_lines(const plan::Step& step, model::Target target, Manner manner);

/// What a person would type for it: one line, without what only a script can do.
std::string typed_command(const plan::Step& step, model::Target target);

/// One line that says what a step does.
std::string title_of(const plan::Step& step);

}  // namespace esx2esxi::render
