#pragma once

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/exits.hpp"
#include "esx2esxi/app/options.hpp"

namespace esx2esxi::app {

/// verify DIR CAPTURE...: Exit::Findings where a captured host is not as DIR/plan.json says. A capture `-` is standard
/// input.
Exit run_verify(const Options& options, Console& console);

}  // namespace esx2esxi::app
