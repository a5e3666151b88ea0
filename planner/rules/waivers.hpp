// Waivers: who has accepted what, for how long.
#pragma once

#include <string>

#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::rules {

/// Marks the finding as waived if a waiver in force covers it. `host`: whose finding it is; null for the estate's.
void waive(Finding& finding, const model::Policy& policy, const model::Estate* estate, const model::Host* host,
           model::Date today);

}  // namespace esx2esxi::rules
