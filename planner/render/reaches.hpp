// Whom a migrated host has to reach, and from which interface: what verify.sh and the test plan both ask.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

struct Reach {
  const model::Interface* interface = nullptr;  ///< of the state asked about
  std::string name;                             ///< "NFS server filer-a"
  net::Ipv4Address address;
  bool storage = false;  ///< else DNS, NTP, vCenter ...: a firewall may drop pings to it
  bool on_link = false;  ///< no router stands in between: packets of the interface's full size get there
};

/// The plan's destinations, and the NFS servers and iSCSI targets of `state`, each by every interface that its packets
/// may leave by: bound interfaces have a session each, all else follows the table. What no route leads to is left out,
/// and so are servers given by a name that nothing resolves.
std::vector<Reach> reaches_of(const plan::HostPlan& host, const model::State& state);

}  // namespace esx2esxi::render
