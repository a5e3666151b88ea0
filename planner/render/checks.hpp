// What somebody types on the migrated host to see that the plan holds.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

struct Check {
  std::string command;  ///< in the words of the plan's target; every value is quoted for the shell
  std::string expected;
};

std::vector<Check> checks_of(const plan::Plan& plan, const plan::HostPlan& host);

/// What shows, after rollback.sh, that the host is in its mapped state again.
std::vector<Check> restored_checks(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
