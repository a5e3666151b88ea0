// How an interface is attached: port group or dvPort, and what follows from it. Private to the stage.
#pragma once

#include "merge.hpp"

namespace esx2esxi::intake {

/// Sets port group or dvPort, switch, VLAN and uplinks of `interface`. The switches are merged already.
void attach(Merge& merge, const Voices<InterfaceFact>& voices, model::Interface& interface);

/// A doubt about a port group becomes one about each interface on it.
void doubts_of_groups_to_interfaces(Merge& merge);

}  // namespace esx2esxi::intake
