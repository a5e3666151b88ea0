// A host that refuses what real ones refuse, on the model alone: written from the facts for ordering, not from compose.
#pragma once

#include "hosts.hpp"

namespace test {

/// Checks each step against the state it meets, each prefix against what must hold throughout, and that the last state
/// is `to`.
void expect_sound(const model::State& from, const model::State& to, const std::vector<plan::Step>& steps);

}  // namespace test
