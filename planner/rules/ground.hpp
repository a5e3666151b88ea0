// What several predicates stand on: who takes part, which groups are legal, how interfaces are spoken of.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/rules/predicates.hpp"

namespace esx2esxi::rules {

using Members = std::vector<const model::Interface*>;

// --- who takes part ---

/// The stacks that the state lists or that an enabled interface uses, sorted by name.
std::vector<std::string_view> stacks_in(const model::State& state);

/// Enabled interfaces of a stack with a usable range, in the order of creation.
Members in_range_tests(const model::State& state, std::string_view stack);

/// Those of `members` whose range holds the address.
Members holding(const Members& members, net::Ipv4Address address);

/// One connected network of a stack and all that sit in it, first created first.
struct Network {
  net::Ipv4Prefix range;
  Members members;
};

/// Sorted by network.
std::vector<Network> networks_of(const model::State& state, std::string_view stack);

/// The management interface of the state judged; null if there is none or it is disabled.
const model::Interface* management_in(const Situation& s);

/// A netstack that ESXi does not have by itself: neither the default one nor one of before.
bool own_netstack(std::string_view stack);

/// What the policy asks for that interface by one of these pins; null: nothing.
template <class Pin>
const Pin* pin_of(const Situation& s, const std::vector<Pin>& pins, const model::Interface& interface) {
  for (const auto& pin : pins)
    if (model::names_host(pin.host, s.host.name, s.host.fqdn) && model::named_in_policy(s.now, pin.name) == &interface)
      return &pin;
  return nullptr;
}

/// An address of an enabled interface: of any stack, or of one.
bool is_own(const model::State& state, net::Ipv4Address address);
bool is_own(const model::State& state, std::string_view stack, net::Ipv4Address address);

// --- legal groups ---

/// Reading 6: all bound interfaces of its adapter are in one subnet, on one VLAN and one vSwitch, each with exactly one
/// active uplink and no standby one. One alone is a group.
/// The uplink order of the interface is missing evidence: neither legal nor illegal, and said as such.
bool uplinks_open(const Situation& s, const model::Interface& interface);

bool legally_bound(const model::State& state, const model::Interface& interface);

/// Carries vMotion by its tag or by the stack it is in.
bool carries_vmotion(const model::Interface& interface);

/// Two or more vMotion interfaces of one subnet that may share it: target 5.0+, one VLAN, exactly one active uplink
/// each, all different.
bool legal_multi_nic(const Members& members, model::Target target);

/// A network of a stack seen with the eyes of `same-subnet`.
struct SubnetGroup {
  std::string_view stack;
  net::Ipv4Prefix range;
  Members conflict;  ///< two or more that may not share it; else empty
  Members beside;    ///< unbound ones beside a legally bound group
  Members bound;     ///< that group
};

/// The networks in which something is wrong.
std::vector<SubnetGroup> subnet_groups(const Situation& s);

// --- what the inputs leave open ---

/// The doubt that leaves the field of an interface (classic name) without a value; null if there is none.
const model::Doubt* open_doubt(const model::Host& host, std::string_view interface, std::string_view subject);

/// An enabled interface of the stack whose range nobody knows: DHCP without a lease, or a value that no input gives.
const model::Interface* unknown_range(const Situation& s, std::string_view stack);

// --- evidence and words ---

/// Reading 15: not introduced if all of them shared one stack before.
bool introduced(const Situation& s, const Members& members);

InterfaceRef ref(const model::Interface& interface);

/// Stack, interfaces and the origins of their addresses.
Evidence evidence_of(std::string_view stack, const Members& members);

void add_origin(Evidence& evidence, const model::Origins& origins, std::string_view field);
void add_origin(Evidence& evidence, const Origin& at);

std::string spoken(const model::Interface& interface);               ///< "vmk0 (was vswif0)"
std::string spoken_with_address(const model::Interface& interface);  ///< "vmk0 (was vswif0, 10.0.0.5/24)"
std::string spoken(const Members& members);                          ///< "vmk0 (was vswif0) and vmk2 (was vmk0)"
std::string spoken_with_addresses(const Members& members);
std::string listed(const std::vector<std::string>& parts, std::string_view last = " and ");  ///< "a, b and c"
std::string spoken(model::Service service);                                                  ///< "vMotion"
std::string spoken_services(const Members& members);  ///< "management and vMotion"; "all" if none is known
/// What goes wrong where this traffic leaves by the wrong interface: "the host may drop out of vCenter".
std::string harm(model::Services services);
std::string harm(const Members& members);
std::string spoken(const net::Ipv4Range& range);                ///< "10.0.0.0/24" where it is a network
std::string plain_address(const model::Interface& interface);   ///< without its mask
std::vector<std::string> addresses_of(const Members& members);  ///< "10.0.0.5/24" each

}  // namespace esx2esxi::rules
