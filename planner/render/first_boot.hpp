// The lines of %firstboot: one command each.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/plan/steps.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "kickstart_parts.hpp"

namespace esx2esxi::render {

class FirstBoot {
 public:
  using Arguments = std::vector<std::pair<std::string, std::string>>;
  using Words = std::vector<std::string>;

  /// The state must have a first_interface.
  FirstBoot(const model::State& state, model::Target target);

  const model::State& state;
  const model::Interface& vmk0;
  const model::Target target;
  const bool old;  ///< ESXi 4.1, which has esxcfg-* instead of esxcli
  Words lines;

  /// In the words of the target; where it has none, left to a person.
  void step(plan::Action action, std::string_view interface, Arguments arguments);
  void esxcli(std::string_view words, const Arguments& options);
  /// esxcfg-* and vim-cmd: every word quoted; what they would take for an option is left to a person.
  void words(const Words& all);
  void by_hand(std::string_view what);
  /// A line at the end of a file; `format` is printf's.
  void append(std::string_view indent, std::string_view format, std::string_view value, std::string_view file);
};

/// Switches, port groups, interfaces and routes. `folder`: what the host's files are called.
void first_boot_network(FirstBoot& out, std::string_view folder);
/// Names, time and storage, once the network is there.
void first_boot_services(FirstBoot& out);

}  // namespace esx2esxi::render
