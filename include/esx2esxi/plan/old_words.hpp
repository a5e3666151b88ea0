// ESXi 4.1, which has no esxcli for networks: esxcfg-vswitch, esxcfg-vmknic, esxcfg-route, esxcfg-nas and esxcli
// swiscsi.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::plan {

/// Whether those commands take it for a name, and their listings, whose columns are set apart by blanks, show it so
/// that it can be told from what stands beside it.
bool is_plain_operand(std::string_view name);

/// A volume, in whose line of `esxcfg-nas -l` the words "is" and "from" stand between its parts.
bool is_plain_volume(std::string_view label, std::string_view server, std::string_view share);

/// Those commands call an interface by its port group, and a port group together with its switch: adds `portgroup` and
/// `vswitch` to the steps that begin in `from`. Says which steps they have no words for, or none that can be read back.
std::vector<std::string> use_old_words(std::vector<Step>& steps, model::State from);

/// Before ESXi 5.1 a default gateway is replaced by `esxcfg-route NEXT-HOP`, and no word takes it away (section 4.1 of
/// the command reference): leaves out the removals that a later step makes good. Why the others cannot be done.
std::vector<std::string> replace_gateways(std::vector<Step>& steps, model::Target target);

}  // namespace esx2esxi::plan
