// What a reader needs to know about a step beside the command: how to undo it, what stops meanwhile, how long it takes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::plan {

/// One line; `before` is the state that the step meets.
std::string undo_of(const Step& step, const model::State& before);

/// Follows the steps and tells which services each one interrupts.
class Interruptions {
 public:
  /// Comma list of services; empty: none. `before` is the state that the step meets.
  std::string of(const Step& step, const model::State& before);

 private:
  std::map<std::string, model::Services, std::less<>> down_;  ///< interfaces removed to be added again
};

/// A cautious guess in seconds.
unsigned seconds_of(const Step& step);

}  // namespace esx2esxi::plan
