// What a script can look at on a host, and what it expects to see there. The texts are those that the `look_...`
// functions of templates/shell/library.sh print.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::render {

enum class Look : std::uint8_t {
  Place,       ///< vmk: port group and stack
  Address,     ///< vmk
  Enabled,     ///< vmk
  Mtu,         ///< vmk
  Mac,         ///< vmk
  OwnGateway,  ///< vmk
  Tags,        ///< vmk: all of them
  Tag,         ///< vmk, tag
  Binding,     ///< vmk, adapter
  Portgroup,   ///< port group: its switch
  Vlan,        ///< port group
  Uplinks,     ///< port group
  Gateway,     ///< stack
  Route,       ///< stack, network, mask, next hop
  Volume,      ///< label
  Stack,       ///< stack
};

/// One property of one thing. Ordered so that what one listing shows stands together.
struct Trait {
  Look look = Look::Place;
  std::vector<std::string> of;  ///< as listed beside the kind
  friend auto operator<=>(const Trait&, const Trait&) = default;
};

/// The shell's words that look at it: "look_address vmk1".
std::string look_command(const Trait& trait);

/// What a person calls it: "vmk1: address".
std::string subject_of(const Trait& trait);

/// What the host shows in that state; none: the model does not know, so nothing can be expected.
std::optional<std::string> shown(const Trait& trait, const model::State& state);

/// Whether the release has a command that shows it.
bool can_look(const Trait& trait, model::Target target);

/// Everything about the things that the steps touch.
std::vector<Trait> touched_by(const std::vector<plan::Step>& steps, const std::vector<plan::Step>& more);

/// The one that a step changes.
Trait changed_by(const plan::Step& step);

}  // namespace esx2esxi::render
