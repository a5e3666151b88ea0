#include "units.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "edit.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using model::Interface;
using model::Service;
using net::Ipv4Prefix;

namespace {

int service_cost(const model::Costs& costs, Service service) {
  const auto it = costs.readdress.find(service);
  return it == costs.readdress.end() ? costs.readdress_default : it->second;
}

}  // namespace

std::optional<Service> dearest_of(const model::Costs& costs, model::Services services) {
  std::optional<Service> dearest;
  for (const auto service : services.list())
    if (!dearest || service_cost(costs, service) > service_cost(costs, *dearest)) dearest = service;
  return dearest;
}

std::optional<Service> dearest_service(const model::Costs& costs, const Interface& interface) {
  return dearest_of(costs, interface.services);
}

int move_cost(const model::Costs& costs, const Interface& interface) {
  const auto service = dearest_service(costs, interface);
  return service ? service_cost(costs, *service) : costs.readdress_default;
}

bool Unit::holds(const Work& work, const std::string& interface) const {
  return std::any_of(seats.begin(), seats.end(),
                     [&](const Seat& seat) { return seat.work == &work && seat.interface == interface; });
}

bool Unit::has_sibling(const Work& work, const std::string& interface) const {
  return std::any_of(seats.begin(), seats.end(),
                     [&](const Seat& seat) { return seat.work == &work && seat.interface != interface; });
}

namespace {

bool is_storage(Service service) { return service == Service::Nfs || service == Service::Iscsi; }

/// The storage endpoint beside which the interface has to stay; null: none.
const model::Endpoint* array_of(const Work& work, const Interface& interface) {
  for (const auto& endpoint : *work.endpoints)
    if (endpoint.storage && interface.services.has(endpoint.service) && interface.range()->contains(endpoint.address))
      return &endpoint;
  return nullptr;
}

std::string why_stuck(const Request& request, const Group& group, const Unit& unit) {
  const bool held = request.vmotion_stays.contains(group.cluster);
  for (const auto& seat : unit.seats) {
    if (held && seat.now().services.has(Service::VMotion))
      return "no order of migration would keep the vMotion peers together meanwhile";
    if (const auto* pin = seat.work->gateway_of(seat.interface);
        pin && !unit.pinned_to && unit.from.contains(pin->address))
      return pin->said;
    if (!seat.work->may_change(seat.interface))
      return fmt::format("{} {} is pinned to stay as it is", seat.work->host->name, seat.interface);
    if (const auto* array = request.storage_may_move ? nullptr : array_of(*seat.work, seat.now()))
      return fmt::format("it stays beside {} ({})", array->name, array->address);
  }
  return {};
}

bool own_stack_possible(const Request& request, const Unit& unit) {
  return request.target.has_vmotion_stack() && !unit.pinned_to &&
         std::all_of(unit.seats.begin(), unit.seats.end(), [](const Seat& seat) {
           const auto& now = seat.now();
           return now.services == model::Services{Service::VMotion} && now.stack == model::kDefaultStack &&
                  seat.work->may_change(seat.interface);
         });
}

bool in_a_unit(const Work& work, const Interface& interface) {
  if (!work.active(interface) || !interface.range() || interface.services.empty()) return false;
  return interface.name == work.management || interface.services != model::Services{Service::Management};
}

void apply_segment_pins(const Request& request, const Group& group, Unit& unit) {
  for (const auto& pin : request.policy.segment_pins) {
    if (!equals_ignoring_case(pin.cluster, group.label)) continue;
    const bool meant = std::any_of(unit.seats.begin(), unit.seats.end(),
                                   [&](const Seat& seat) { return seat.now().services.has(pin.service); });
    if (!meant) continue;
    if (unit.pinned_to && unit.pinned_to != pin.network) {
      for (const auto& seat : unit.seats)
        unit.impossible.emplace_back(
            seat.work, fmt::format("{} of {} is pinned to {} ({}), but its segment to {} ({})", to_string(pin.service),
                                   group.label, pin.network, pin.reason, *unit.pinned_to, unit.pin_reason));
      continue;
    }
    unit.pinned_to = pin.network;
    unit.pin_reason = pin.reason;
  }
}

const net::Ipv4Address* pinned_address(const Seat& seat) {
  for (const auto& [name, address] : seat.work->pinned)
    if (name == seat.interface) return &address;
  return nullptr;
}

}  // namespace

std::optional<Ipv4Prefix> pool_with(const Request& request, const Group& group, net::Ipv4Address address) {
  for (const auto& pool : request.pools)
    if (pool.network.contains(address) && equals_ignoring_case(pool.cluster, group.cluster)) return pool.network;
  return std::nullopt;
}

namespace {

/// A pinned address outside the unit's network takes the whole unit into the pool that has it.
void apply_interface_pins(const Request& request, const Group& group, Unit& unit) {
  for (auto& seat : unit.seats) {
    const auto* address = pinned_address(seat);
    const auto home = unit.pinned_to.value_or(unit.from);
    if (!address || home.contains(*address)) continue;
    const auto refuse = [&](std::string why) {
      unit.impossible.emplace_back(seat.work, fmt::format("{} is pinned to {}, but {}", seat.interface, *address, why));
    };
    const auto network = pool_with(request, group, *address);
    if (unit.pinned_to) {
      refuse(fmt::format("its segment to {}", *unit.pinned_to));
    } else if (!network) {
      refuse("no pool offers that address");
    } else {
      unit.pinned_to = network;
      unit.pin_reason = fmt::format("{} {} is pinned to {}", seat.work->host->name, seat.interface, *address);
    }
  }
}

/// A pinned gateway does the same: the unit goes to where that is a neighbour.
void apply_gateway_pins(const Request& request, const Group& group, Unit& unit) {
  for (auto& seat : unit.seats) {
    const auto* pin = seat.work->gateway_of(seat.interface);
    const auto home = unit.pinned_to.value_or(unit.from);
    if (!pin || home.contains(pin->address)) continue;
    const auto network = unit.pinned_to ? std::nullopt : pool_with(request, group, pin->address);
    if (network) {
      unit.pinned_to = network;
      unit.pin_reason = pin->said;
    } else {
      unit.impossible.emplace_back(seat.work, fmt::format("{}, but its segment is in {}{}", pin->said, home,
                                                          unit.pinned_to ? "" : ", and no pool has that address"));
    }
  }
}

template <class Test>
bool all_seats(const Unit& unit, Test test) {
  return std::all_of(unit.seats.begin(), unit.seats.end(), test);
}

void settle_pins(Unit& unit) {
  if (unit.pinned_to == unit.from) {
    if (unit.stuck.empty()) unit.stuck = fmt::format("it is pinned to {}", unit.from);
    unit.may_have_own_stack = unit.may_merge = false;
    unit.pinned_to.reset();
  }
  if (!unit.pinned_to || unit.stuck.empty()) return;
  for (const auto& seat : unit.seats)
    unit.impossible.emplace_back(
        seat.work, fmt::format("{} is pinned to {}, but {}", seat.interface, *unit.pinned_to, unit.stuck));
  unit.pinned_to.reset();
}

}  // namespace

UnitIndex index_of(const std::vector<Unit>& units) {
  UnitIndex index;
  for (std::size_t u = 0; u < units.size(); ++u)
    for (const auto& seat : units[u].seats) index.emplace(std::pair(seat.work, std::string_view(seat.interface)), u);
  return index;
}

namespace {

/// What ties an interface to others of its subnet. Nobody's peers look for a further management interface.
model::Services ties_of(const Request& request, const Group& group, const Work& work, const Interface& interface) {
  if (group.cluster.empty()) return {*dearest_service(request.policy.costs, interface)};
  auto ties = interface.services;
  if (interface.name != work.management) ties.remove(Service::Management);
  return ties;
}

/// Every seat of a subnet whose ties meet, directly or through others, with the services that all of them have.
struct Tied {
  model::Services services;
  std::vector<Seat> seats;
};

void tie(std::vector<Tied>& all, model::Services services, Seat seat) {
  const auto meets = [&](const Tied& tied) { return tied.services.intersects(services); };
  const auto home = std::find_if(all.begin(), all.end(), meets);
  if (home == all.end()) return all.push_back({services, {std::move(seat)}});
  home->services.merge(services);
  home->seats.push_back(std::move(seat));
  for (auto other = home + 1; other != all.end(); ++other) {
    if (!meets(*other)) continue;
    home->services.merge(other->services);
    std::move(other->seats.begin(), other->seats.end(), std::back_inserter(home->seats));
    other->seats.clear();
  }
  std::erase_if(all, [](const Tied& tied) { return tied.seats.empty(); });
}

/// By host, then in the order of the host's interfaces.
bool sits_before(const Seat& a, const Seat& b) {
  if (a.work != b.work) return a.work->host->name < b.work->host->name;
  return &a.now() < &b.now();
}

std::map<std::pair<Service, Ipv4Prefix>, Unit> seated(const Request& request, const Group& group) {
  std::map<Ipv4Prefix, std::vector<Tied>> by_network;
  for (const auto* work : group.works)
    for (const auto& interface : work->base.interfaces)
      if (in_a_unit(*work, interface))
        tie(by_network[*interface.range()], ties_of(request, group, *work, interface), {work, interface.name, false});
  std::map<std::pair<Service, Ipv4Prefix>, Unit> units;
  for (auto& [network, all] : by_network)
    for (auto& tied : all) {
      const auto service = *dearest_of(request.policy.costs, tied.services);
      auto& unit = units[{service, network}];
      unit.service = service;
      unit.from = network;
      unit.seats = std::move(tied.seats);
      std::sort(unit.seats.begin(), unit.seats.end(), sits_before);
    }
  return units;
}

}  // namespace

std::vector<Unit> units_of(const Request& request, const Group& group) {
  auto units = seated(request, group);
  std::vector<Unit> out;
  for (auto& [key, unit] : units) {
    apply_segment_pins(request, group, unit);
    apply_interface_pins(request, group, unit);
    apply_gateway_pins(request, group, unit);
    unit.stuck = why_stuck(request, group, unit);
    unit.may_have_own_stack = own_stack_possible(request, unit);
    unit.may_merge = !unit.pinned_to && all_seats(unit, [](const Seat& seat) {
      return !merge_targets(*seat.work, seat.interface).empty();
    });
    unit.may_bind = unit.service == Service::Iscsi && !unit.pinned_to && all_seats(unit, [](const Seat& seat) {
                      return !seat.now().bound_to.empty() || !binding_uplink(*seat.work, seat.interface).empty();
                    });
    settle_pins(unit);
    out.push_back(std::move(unit));
  }
  return out;
}

namespace {

bool has_pool(const Request& request, const Group& group, Ipv4Prefix network) {
  return std::any_of(request.pools.begin(), request.pools.end(), [&](const model::Pool& pool) {
    return pool.network == network && equals_ignoring_case(pool.cluster, group.cluster);
  });
}

}  // namespace

void gather_peers(const Request& request, const Group& group, std::vector<Unit>& units) {
  const auto is_vmotion = [](const Unit& unit) { return unit.service == Service::VMotion; };
  const auto members = [](const Unit& unit) {
    return std::count_if(unit.seats.begin(), unit.seats.end(), [](const Seat& seat) {
      return seat.now().services.has(Service::VMotion) && !seat.now().services.has(Service::Management);
    });
  };
  Unit* home = nullptr;
  for (auto& unit : units) {
    if (!is_vmotion(unit) && members(unit) == 0) continue;
    if (unit.pinned_to) return;  // all of them go where the pin says
    const auto weight = [&](const Unit& u) { return std::pair(members(u), has_pool(request, group, u.from)); };
    if (!home || weight(unit) > weight(*home)) home = &unit;
  }
  if (!home) return;
  auto gathered = *home;
  for (auto& unit : units) {
    if (!is_vmotion(unit) || &unit == home || !unit.stuck.empty()) continue;
    for (auto& seat : unit.seats) {
      seat.stray = true;
      gathered.seats.push_back(seat);
    }
    gathered.may_have_own_stack = gathered.may_have_own_stack && unit.may_have_own_stack;
    gathered.may_merge = false;
    unit.seats.clear();
  }
  *home = std::move(gathered);
  std::erase_if(units, [](const Unit& unit) { return unit.seats.empty(); });
}

namespace {

bool never_used(const Work& work, const Interface& interface) {
  const model::Services storage{Service::Nfs, Service::Iscsi};
  auto other_services = interface.services;
  for (const auto service : storage.list()) other_services.remove(service);
  if (interface.services.empty() || !other_services.empty() || !interface.bound_to.empty()) return false;
  return std::any_of(work.base.interfaces.begin(), work.base.interfaces.end(), [&](const Interface& first) {
    auto all = first.services;
    all.merge(interface.services);
    return first.enabled && first.created < interface.created && first.stack == interface.stack &&
           first.was_vswif() == interface.was_vswif() && first.range() == interface.range() && all == first.services;
  });
}

bool only_for_discovery(const Work& work, const Interface& interface) {
  if (!interface.was_vswif()) return false;
  const auto named = [&](const std::vector<rules::Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(), [&](const rules::Finding& f) {
      return f.rule == "console-iscsi-interface" && names(f, interface.name);
    });
  };
  return (named(work.others) || named(work.errors)) &&
         std::any_of(work.base.interfaces.begin(), work.base.interfaces.end(), [&](const Interface& other) {
           return other.enabled && !other.was_vswif() && other.range() == interface.range() &&
                  other.services.has(Service::Iscsi);
         });
}

}  // namespace

bool may_be_dropped(const Work& work, const std::string& name) {
  const auto* interface = work.base.interface(name);
  if (!interface || name == work.management || !work.may_change(name) || !interface->range()) return false;
  if (work.gateway_of(name)) return false;
  const auto* management = work.base.interface(work.management);
  // Without tags rollback.sh could not give it back what it carries.
  if (!work.can_tag && interface->services.has(Service::Management)) return false;
  const bool second_console = interface->was_vswif() && interface->services == model::Services{Service::Management} &&
                              management && management->range() == interface->range();
  return second_console || only_for_discovery(work, *interface) || never_used(work, *interface);
}

namespace {

unsigned mtu_of(const Interface& interface) { return interface.mtu.value_or(1500); }

bool may_take_over(const Work& work, const Interface& keeper, const Interface& leaving) {
  return keeper.name != leaving.name && keeper.enabled && keeper.stack == leaving.stack && keeper.addressed() &&
         keeper.range() == leaving.range() && keeper.bound_to.empty() && keeper.vlan && keeper.vlan == leaving.vlan &&
         mtu_of(keeper) == mtu_of(leaving) && work.may_change(keeper.name) && !keeper.services.empty();
}

}  // namespace

std::vector<std::string> merge_targets(const Work& work, const std::string& name) {
  const auto* leaving = work.base.interface(name);
  if (!leaving || name == work.management || !work.may_change(name) || !leaving->enabled || !leaving->range() ||
      leaving->services.empty() || !leaving->bound_to.empty() || leaving->services.has(Service::Management))
    return {};
  if (work.renumber.contains(name) || pinned_address({&work, name, false}) || work.gateway_of(name)) return {};
  std::vector<std::pair<unsigned, std::string>> found;
  for (const auto& keeper : work.base.interfaces) {
    if (!may_take_over(work, keeper, *leaving)) continue;
    const bool management = keeper.name == work.management;
    if (management || keeper.created < leaving->created)
      found.emplace_back(management ? 0U : keeper.created + 1U, keeper.name);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  for (auto& [rank, keeper] : found) names.push_back(std::move(keeper));
  return names;
}

std::vector<std::string> siblings_to_merge_with(const Work& work, const Unit& unit, const std::string& name) {
  if (!unit.has_sibling(work, name)) return {};
  auto targets = merge_targets(work, name);
  std::erase_if(targets, [&](const std::string& target) { return !unit.holds(work, target); });
  return targets;
}

bool may_leave_siblings(const Request& request, const Work& work, const Unit& unit, const std::string& name) {
  const auto* interface = work.base.interface(name);
  return interface && unit.has_sibling(work, name) && !unit.may_have_own_stack && !unit.pinned_to &&
         request.target.has_vmotion_stack() && interface->services == model::Services{Service::VMotion} &&
         interface->stack == model::kDefaultStack && work.may_change(name);
}

std::string binding_adapter(const Work& work) {
  const auto& adapters = work.base.iscsi.adapters;
  return adapters.size() == 1 && adapters.front().find('?') == std::string::npos ? adapters.front() : std::string();
}

namespace {

/// The interfaces that binding would put side by side: all of the subnet in its stack, or none if one cannot be.
std::vector<const Interface*> bound_together(const Work& work, const Interface& interface) {
  std::vector<const Interface*> all;
  const auto adapter = binding_adapter(work);
  for (const auto& other : work.base.interfaces) {
    if (!other.enabled || other.stack != interface.stack || other.range() != interface.range()) continue;
    const bool alike = other.services == model::Services{Service::Iscsi} && other.vswitch == interface.vswitch &&
                       other.vlan && other.vlan == interface.vlan && work.base.portgroup(other.portgroup).second &&
                       (other.bound_to.empty() || other.bound_to == adapter) && work.may_change(other.name);
    const bool alone = std::none_of(work.base.interfaces.begin(), work.base.interfaces.end(), [&](const Interface& i) {
      return i.name != other.name && i.portgroup == other.portgroup;
    });
    if (!alike || !alone) return {};
    all.push_back(&other);
  }
  std::sort(all.begin(), all.end(), [](const Interface* a, const Interface* b) {
    return std::pair(a->bound_to.empty(), a->created) < std::pair(b->bound_to.empty(), b->created);
  });
  return all;
}

}  // namespace

std::string binding_uplink(const Work& work, const std::string& name) {
  const auto* interface = work.base.interface(name);
  if (!interface || !interface->range() || binding_adapter(work).empty()) return {};
  const auto group = bound_together(work, *interface);
  if (group.size() < 2) return {};
  std::set<std::string> taken;
  for (const auto* member : group) {  // bound ones first, then in the order of creation
    auto uplinks = member->uplinks.active;
    uplinks.insert(uplinks.end(), member->uplinks.standby.begin(), member->uplinks.standby.end());
    const auto free = std::find_if(uplinks.begin(), uplinks.end(), [&](const auto& u) { return !taken.contains(u); });
    if (free == uplinks.end()) return {};
    if (member == interface) return *free;
    taken.insert(*free);
  }
  return {};
}

namespace {

std::optional<net::Ipv4Address> former_address(const Request& request, const Seat& seat) {
  if (!request.former) return std::nullopt;
  const auto it = request.former->find({seat.work->host->name, seat.now().from});
  return it == request.former->end() ? std::nullopt : std::optional(it->second);
}

Demand demand_of(const Request& request, const Seat& seat) {
  const auto& now = seat.now();
  const bool renumber = seat.work->renumber.contains(seat.interface);
  Demand demand;
  if (now.addressed()) demand.current = now.address;
  demand.may_keep = !renumber && !now.dhcp;
  if (const auto* management = seat.work->base.interface(seat.work->management);
      management && management->addressed() && seat.interface != seat.work->management)
    demand.management = management->address;
  if (const auto* address = pinned_address(seat)) demand.pinned = *address;
  demand.former = former_address(request, seat);
  return demand;
}

void stay_beside_targets(const Seat& seat, Wish& wish) {
  if (seat.now().bound_to.empty()) return;
  for (const auto& endpoint : *seat.work->endpoints)
    if (endpoint.service == Service::Iscsi && !endpoint.peer) wish.beside.push_back(endpoint.address);
}

}  // namespace

Wish wish_for(const Request& request, const Group& group, const Unit& unit, const std::vector<const Seat*>& seats) {
  Wish wish;
  wish.cluster = group.cluster;
  wish.service = unit.service;
  wish.leaves = unit.from;
  wish.only = unit.pinned_to;
  wish.decided = unit.pinned_to.has_value();
  wish.storage = is_storage(unit.service);
  wish.key = fmt::format("{} {} {}", group.cluster, to_string(unit.service), unit.from);
  for (const auto* seat : seats) {
    const auto& now = seat->now();
    wish.demands.push_back(demand_of(request, *seat));
    if (now.dhcp) wish.leaves.reset();
    const auto* owner = gateway_owner(seat->work->base, now.stack, seat->work->management);
    wish.needs_gateway = wish.needs_gateway || (owner && owner->name == seat->interface);
    if (unit.service == Service::Iscsi) stay_beside_targets(*seat, wish);
  }
  return wish;
}

}  // namespace esx2esxi::readdress
