// remediate.sh and rollback.sh for the host's own shell (BusyBox ash). The steps are typed values that one emitter
// quotes; the templates only place them.
#pragma once

#include <string>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

/// For targets 5.1 to 8.0. The host must not be blocked.
std::string remediate_script(const plan::Plan& plan, const plan::HostPlan& host);
std::string rollback_script(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
