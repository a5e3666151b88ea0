// The single documents, and the names that they stand under.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

std::string address_plan_csv(const plan::Plan& plan);
std::string change_request_md(const plan::Plan& plan);

/// A folder name for each host, parallel to `hosts`: letters, digits, `.`, `_`, `-` only, no leading `.` or `-`, unique
/// even where case does not count. A name that is safe already is kept.
std::vector<std::string> folder_names(const std::vector<plan::HostPlan>& hosts);

/// Whether remediate.sh and rollback.sh are written for it: not blocked, and a target from 5.1 to 8.0.
bool has_scripts(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
