// What `verify` gives to other programs.
#pragma once

#include <string>

#include "esx2esxi/verify/compare.hpp"

namespace esx2esxi::verify {

/// {"format": "esx2esxi-verify", "version": "1.0", "as_planned", "hosts": [{"name", "as_planned", "blocked", "equal",
/// "different", "missing", "unexpected", "checks": [{"verdict", "subject", "field", "expected", "found", "mend"[]}],
/// "unseen": [{"what", "command", "needed"}]}], "uncaptured"[], "strangers"[]}
std::string to_json(const Report& report);

/// One suite a host, one case a field; what the capture lacks fails where it is needed, else it is skipped.
std::string to_junit(const Report& report);

}  // namespace esx2esxi::verify
