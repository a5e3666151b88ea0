// What a step does to a host, as far as the model knows: every prefix of a list of steps is a state.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::plan {

/// `state` after `step`. Total: a step that names what is not there changes nothing. A new interface is enabled, has no
/// address and no tag; a removed one takes its tags along; a new port group has VLAN 0 and the uplinks of its switch.
void apply(model::State& state, const Step& step);

/// Interfaces may name stacks that the list of stacks leaves out, because they have neither gateway nor routes: `state`
/// with all of them. Steps are simulated on such states.
model::State with_all_stacks(model::State state);

/// `state` as far as an ESXi host takes it: an interface whose mask has holes is left without an address, because no
/// script can bring such a mask back.
model::State acceptable(model::State state);

/// `from` and the state after each step.
std::vector<model::State> prefixes(model::State from, const std::vector<Step>& steps);

/// What makes a list of steps unfit for a host: at some prefix management is gone and the step does not name the
/// interruption, or another interface overlaps management's range that does so neither before nor after. Empty: sound.
std::vector<std::string> hazards(const model::State& from, const model::State& to, const std::vector<Step>& steps);

/// What still differs, one phrase each, in all that a host would show: "vmk1: mtu 1500 instead of 9000". Values that
/// one side does not know (MAC, MTU, VLAN), the order of creation, and services that no tag expresses do not count.
std::vector<std::string> differences(const model::State& found, const model::State& wanted);

}  // namespace esx2esxi::plan
