// The words of ESXi 4.1, which has esxcfg-* and esxcli swiscsi in place of esxcli's network, storage and iscsi.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::render {

/// The words of the command that does the step, each quoted. Empty: there is none, or the step does not say on which
/// port group or switch (plan::use_old_words). Routes are those of 5.0, and not here.
std::vector<std::string> old_command(const plan::Step& step);

/// The same of Bind and Unbind, with the adapter as it shall stand there.
std::vector<std::string> old_binding(const plan::Step& step, const std::string& quoted_adapter);

}  // namespace esx2esxi::render
