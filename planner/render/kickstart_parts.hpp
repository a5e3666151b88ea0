// What the installer of ESXi makes, for ks.cfg: one switch with one uplink, one port group, vmk0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/target.hpp"

namespace esx2esxi::render {

inline constexpr std::string_view kFirstSwitch = "vSwitch0";
inline constexpr std::string_view kFirstPortgroup = "Management Network";

/// The words of the installer have no quotes to rely on.
bool is_host_name(std::string_view text);

/// Host name and domain; empty if the plan knows no name.
std::string full_name(const model::State& state);

/// The interface that the installer makes: vmk0, for management, with an address or a lease, on a standard switch.
/// Null: the plan wants another one.
const model::Interface* first_interface(const model::State& state);

/// The uplink that the management network leaves by first; empty: none.
std::string first_uplink(const model::State& state, const model::Interface& vmk0);

/// %firstboot: the lines that make the planned state of what the installer made, in the words of the target. `do_it`
/// runs a command; `by_hand` names what the release has no known word for. `folder`: what the host's files are called.
/// The state must have a first_interface.
std::vector<std::string> first_boot(const model::State& state, model::Target target, std::string_view folder);

}  // namespace esx2esxi::render
