// A terminal session of classic and ESXi hosts as a container. Private to the stage.
#pragma once

#include <string_view>
#include <vector>

#include "esx2esxi/intake/container.hpp"
#include "esxi_call.hpp"
#include "session.hpp"

namespace esx2esxi::intake {

bool is_esxcli(const CommandLine& command);

/// The importer for what this command printed; null: none, or the command is esxcli's.
const Importer* importer_of(const CommandLine& command);

bool recognises_session(std::string_view head);
std::vector<NamedFacts> read_session(const Source& source);

}  // namespace esx2esxi::intake
