// A step as the host's shell does it.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::render {

/// Two lines of a `done_N` function: look, and what makes it done.
struct Test {
  std::string look;
  std::string condition;
};

struct ShellStep {
  unsigned n = 0;
  std::string title;                  ///< plain text: "vmk1: static 10.0.0.5 255.255.255.0"
  std::vector<Test> tests;            ///< all must hold for the step to be done
  std::vector<std::string> commands;  ///< lines of the shell
  std::string condition;              ///< of the shell: true if nothing is to be done
  bool settles = false;               ///< the condition looks at earlier steps of a dry run
  bool tolerated = false;             ///< may be refused: it adds a route that can carry nothing
};

/// In order. `from` is the state that the first step meets, complete with all stacks.
std::vector<ShellStep> shell_steps(const model::State& from, const std::vector<plan::Step>& steps,
                                   model::Target target);

/// The stacks beside the default one in which an interface is at any point; sorted.
std::vector<std::string> other_stacks(const std::vector<model::State>& states);

}  // namespace esx2esxi::render
