// The scripts of a host as somebody starts them, in order, each with what it shows if all is well.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "waves.hpp"

namespace esx2esxi::render {

struct Call {
  std::string file;  ///< below the host's folder: "remediate.sh"
  std::string command;
  std::string expected;
};

/// What is done with a host's files in that kind of wave. Files that are not written for it are left out.
std::vector<Call> calls_of(const plan::Plan& plan, const plan::HostPlan& host, Work work);

/// The one that shows that the host is as planned; nothing where it has no scripts.
std::vector<Call> verify_calls(const plan::Plan& plan, const plan::HostPlan& host);

/// One thing that pre-migrate.sh changes on a classic host.
struct ClassicStep {
  std::string command;
  std::string expected;
  std::string why;
  std::string undo;
  std::string interrupts;
};
std::vector<ClassicStep> classic_steps(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
