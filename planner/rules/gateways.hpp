// The default gateways of the state judged.
#pragma once

#include <vector>

#include "ground.hpp"

namespace esx2esxi::rules {

struct KeptGateway {
  const model::Stack* stack;
  net::Ipv4Address address;
  Members holders;  ///< interfaces of its stack whose range holds it, first created first
};

std::vector<KeptGateway> kept_gateways(const Situation& s);

/// The stack it was the gateway of before: its namesake, else the console, else the VMkernel; null for a new one.
const model::Stack* own_stack_before(const Situation& s, const KeptGateway& kept);

}  // namespace esx2esxi::rules
