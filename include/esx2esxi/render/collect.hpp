#pragma once

#include <string>

namespace esx2esxi::render {

/// The script that `esx2esxi collect` prints: POSIX shell, read-only, without secrets, for ESX 3.x to 4.1 and ESXi 4.1
/// to 8.0. What it prints on a host is a session that intake reads.
std::string collect_script();

}  // namespace esx2esxi::render
