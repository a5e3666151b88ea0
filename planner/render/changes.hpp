// A host's interfaces, before -> mapped -> after: what the address plan, the dossier and the summary all show.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

/// One interface through the three states. Pointers into the plan; null where it does not exist.
struct InterfaceChange {
  const model::Interface* before = nullptr;
  const model::Interface* mapped = nullptr;
  const model::Interface* after = nullptr;

  /// The state to speak of: planned, else mapped, else before. Never null.
  const model::Interface& last() const { return after ? *after : mapped ? *mapped : *before; }
  const std::string& classic_name() const { return before ? before->name : last().from; }
  bool dropped() const { return after == nullptr; }
  bool added() const { return before == nullptr && mapped == nullptr; }
  /// Address or mask are not those that the classic host had.
  bool readdressed() const;
};

/// What becomes of its address: "kept", "changed", "new", "released".
std::string_view fate_of(const InterfaceChange& change);

/// Ordered by the name on ESXi, vmk2 before vmk10; those that are dropped come last.
std::vector<InterfaceChange> interface_changes(const plan::HostPlan& host);

/// What the plan does to an interface, compared with the mapping: "VLAN 110 to 120", "stack vmotion". Empty: nothing.
std::vector<std::string> differences(const InterfaceChange& change);

/// Its own gateway, else its stack's if that lies in its subnet.
std::optional<net::Ipv4Address> gateway_of(const model::State& state, const model::Interface& interface);

std::string vlan_text(const std::optional<net::VlanId>& vlan);  ///< "110", "untagged", "?"
std::string services_text(const model::Interface& interface);   ///< "management, nfs"

/// The interface of a remedy by both its names: "vmk1 (was vmk0)", or "vswif1" for one that is dropped. Empty for
/// routes.
std::string subject_of(const plan::HostPlan& host, const readdress::Remedy& remedy);

/// The remedies that name the interface.
std::vector<const readdress::Remedy*> remedies_of(const plan::HostPlan& host, const std::string& interface);

}  // namespace esx2esxi::render
