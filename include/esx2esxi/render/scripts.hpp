// remediate.sh and rollback.sh for the host's own shell (BusyBox ash). The steps are typed values that one emitter
// quotes; the templates only place them.
#pragma once

#include <string>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

struct Scripts {
  std::string remediate;
  std::string rollback;
};

/// For targets 5.1 to 8.0. The host must not be blocked.
Scripts scripts_for(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
