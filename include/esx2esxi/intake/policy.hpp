#pragma once

#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/intake/facts.hpp"
#include "esx2esxi/model/policy.hpp"

namespace esx2esxi::intake {

/// The policy where none is given: nothing but the costs of rules/remedies.info.
const model::Policy& default_policy();

/// A policy file (Boost INFO). Every fault is reported with its line; an Error among the notes means: do not use it.
/// `#include` is refused and nesting is bounded before Boost sees a byte.
Checked<model::Policy> read_policy(const Source& source);

/// A pools file (CSV). The same.
Checked<model::Pools> read_pools(const Source& source);

}  // namespace esx2esxi::intake
