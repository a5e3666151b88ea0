#pragma once

#include "draft.hpp"

namespace esx2esxi::readdress {

/// Ends what needs no choice: routes that were dead before go, bound interfaces are nailed to an uplink, endpoints that
/// lost their way get a static route, or the interface that serves them a gateway of its own (6.5+) where that is
/// cheaper. Judges the state after each step and leaves the last verdict in the draft.
void settle(const Request& request, const Work& work, const Decided& decided, Draft& draft);

}  // namespace esx2esxi::readdress
