// Hosts made up at random, from a seed alone: a small address space, so that ranges meet, nest and share gateways.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"

namespace esx2esxi::testing {

/// SplitMix64: the same numbers on every platform, unlike the standard distributions.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(next() % n); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  std::uint32_t bits() { return static_cast<std::uint32_t>(next()); }

 private:
  std::uint64_t state_;
};

/// An address in one of a few neighbouring networks below 10/8.
inline net::Ipv4Address random_address(Random& random) {
  return net::Ipv4Address::from_bits(10U << 24 | random.below(2) << 16 | random.below(4) << 8 | random.below(256));
}

inline net::Ipv4Address random_mask(Random& random) {
  static constexpr unsigned kLengths[] = {24, 24, 24, 24, 16, 16, 23, 25, 30, 8, 22};
  const auto length = kLengths[random.below(std::size(kLengths))];
  return net::Ipv4Prefix::containing(net::Ipv4Address(), length)->netmask();
}

/// Any classic host: nothing about it need be right.
inline model::State random_classic_state(Random& random) {
  model::State state;
  const auto add = [&](std::string name, std::string_view stack) {
    model::Interface interface;
    interface.name = interface.from = std::move(name);
    interface.stack = stack;
    if (!random.one_in(12)) {
      interface.address = random_address(random);
      interface.netmask = random_mask(random);
    }
    if (random.one_in(25)) interface.netmask = net::Ipv4Address::from_bits(0xffffe100U);  // 255.255.225.0
    interface.enabled = !random.one_in(10);
    interface.dhcp = random.one_in(12);
    interface.vswitch = "vSwitch" + std::to_string(random.below(3));
    interface.portgroup = "PG-" + interface.name;
    interface.created = static_cast<std::uint16_t>(state.interfaces.size());
    state.interfaces.push_back(std::move(interface));
  };
  const auto vswifs = 1 + random.below(3);
  for (std::uint32_t i = 0; i < vswifs; ++i) add("vswif" + std::to_string(i), model::kConsole);
  const auto vmks = random.below(6);
  for (std::uint32_t i = 0; i < vmks; ++i) add("vmk" + std::to_string(i), model::kVmkernel);
  for (const auto name : {model::kConsole, model::kVmkernel}) {
    model::Stack stack;
    stack.name = name;
    if (!random.one_in(4)) stack.gateway = random_address(random);
    for (auto n = random.below(4); n > 0; --n) {
      model::Route route;
      const auto lengths = {8U, 16U, 20U, 24U, 24U, 26U, 32U};
      route.network = *net::Ipv4Prefix::containing(random_address(random), *(lengths.begin() + random.below(7)));
      route.next_hop = random_address(random);
      stack.routes.push_back(route);
    }
    state.stacks.push_back(std::move(stack));
  }
  return state;
}

}  // namespace esx2esxi::testing
