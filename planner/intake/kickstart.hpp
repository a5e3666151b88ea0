// Private to the stage.
#pragma once

#include <string_view>

namespace esx2esxi::intake {

/// A kickstart, or a shell script that sets up a host's network.
bool looks_like_kickstart(std::string_view head);

}  // namespace esx2esxi::intake
