// What moves together, what may not move, and what a move costs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "place.hpp"
#include "work.hpp"

namespace esx2esxi::readdress {

/// A cluster, or a host outside of one.
struct Group {
  std::string cluster;             ///< empty: outside
  std::string label;               ///< the cluster's name, else the host's
  std::vector<const Work*> works;  ///< sorted by host name
};

/// An interface of a group.
struct Seat {
  const Work* work = nullptr;
  std::string interface;  ///< mapped name
  bool stray = false;     ///< not in the unit's network, where its peers are

  const model::Interface& now() const { return *work->base.interface(interface); }
};

/// The interfaces of a group that serve one service in one subnet, and in a cluster all that have a service in common
/// with one of these: whoever serves several ties their peers together. Outside of one only the dearest counts.
struct Unit {
  model::Service service = model::Service::VMotion;  ///< the dearest
  net::Ipv4Prefix from;
  std::vector<Seat> seats;                   ///< sorted by host, then interface; never empty
  std::optional<net::Ipv4Prefix> pinned_to;  ///< a pin sends it there
  std::string pin_reason;
  std::string stuck;  ///< why it may not move; empty: it may
  bool may_have_own_stack = false;
  bool may_merge = false;  ///< on each host another interface can take the services
  bool may_bind = false;   ///< port binding would be legal on each host
  std::vector<std::pair<const Work*, std::string>> impossible;  ///< pins of its members that cannot be kept

  bool single() const { return seats.size() == 1; }
  bool holds(const Work& work, const std::string& interface) const;
  /// The host has another seat in the unit: they share the subnet wherever the unit goes.
  bool has_sibling(const Work& work, const std::string& interface) const;
};

/// Which unit holds an interface: by host and mapped name, an index into the units.
using UnitIndex = std::map<std::pair<const Work*, std::string_view>, std::size_t>;
UnitIndex index_of(const std::vector<Unit>& units);  ///< its keys point into the units

/// The network of the pool that has the address, for that group; none: no pool has it.
std::optional<net::Ipv4Prefix> pool_with(const Request& request, const Group& group, net::Ipv4Address address);

/// The service that costs most to re-address; none if there is none.
std::optional<model::Service> dearest_of(const model::Costs& costs, model::Services services);
std::optional<model::Service> dearest_service(const model::Costs& costs, const model::Interface& interface);
int move_cost(const model::Costs& costs, const model::Interface& interface);

/// Sorted by service, then network. Interfaces without a service or a usable range are in none, nor is a further
/// management interface beside the one that carries management: nobody's peers look for those.
std::vector<Unit> units_of(const Request& request, const Group& group);

/// Makes one unit of the vMotion units whose members have to meet: those in other subnets are strays in the one that
/// most are in (in a tie the one that has a pool, then the lowest).
void gather_peers(const Request& request, const Group& group, std::vector<Unit>& units);

/// A second management vswif in the subnet of management, a vswif that only ESX 3.x discovery needed, or an interface
/// that shared the subnet of one created before it with no other service, so that it never carried a packet (KB
/// 323116).
bool may_be_dropped(const Work& work, const std::string& interface);

/// The interfaces that could take over the services of `interface`: in the same stack, subnet and VLAN, with the same
/// MTU, not bound, free to change. Management first, then those created before it, the oldest first.
std::vector<std::string> merge_targets(const Work& work, const std::string& interface);

/// Those of them that are in the same unit: where all of it stays or moves, what the one serves can go to the other and
/// still meet its peers.
std::vector<std::string> siblings_to_merge_with(const Work& work, const Unit& unit, const std::string& interface);

/// Whether one of a host's several seats can go into a stack of its own while the rest of the unit stays.
bool may_leave_siblings(const Request& request, const Work& work, const Unit& unit, const std::string& interface);

/// The uplink to which an iSCSI interface would be nailed by binding it beside its like; empty: it cannot be legal.
std::string binding_uplink(const Work& work, const std::string& interface);
/// The one software iSCSI adapter that the host names; empty: none, or several.
std::string binding_adapter(const Work& work);

/// What a unit, or one interface, asks of a new network. `avoid` is left empty.
Wish wish_for(const Request& request, const Group& group, const Unit& unit, const std::vector<const Seat*>& seats);

}  // namespace esx2esxi::readdress
