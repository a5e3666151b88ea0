// The documents of a plan folder, each from the plan alone.
#pragma once

#include <map>
#include <string>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

/// Path inside the plan folder -> content: plan.json, plan.schema.json, change-request.md, address-plan.csv,
/// hosts/NAME/remediate.sh ..., and MANIFEST.sha256 over all of them.
std::map<std::string, std::string> plan_folder(const plan::Plan& plan);

/// The terminal summary of a plan: per host before -> after, what moves and why, what was found, what to do next.
std::string plan_summary(const plan::Plan& plan, bool colour);

}  // namespace esx2esxi::render
