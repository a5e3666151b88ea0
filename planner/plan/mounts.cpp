#include <algorithm>

#include "detours.hpp"
#include "esx2esxi/model/routing.hpp"

namespace esx2esxi::plan {

using model::Interface;
using model::State;

namespace {

/// How NFS traffic to a server leaves the host. NFS uses the default stack (KB 429518, KB 440159).
struct Way {
  std::vector<std::string> interfaces;  ///< with their addresses: the export list knows the host by them
  std::vector<std::string> names;
  std::vector<net::Ipv4Address> next_hops;
  friend bool operator==(const Way& a, const Way& b) {
    return a.interfaces == b.interfaces && a.next_hops == b.next_hops;
  }
};

void go_by(Way& way, const Interface& interface) {
  way.names.push_back(interface.name);
  way.interfaces.push_back(interface.name + " " + model::address_text(interface));
}

/// Where only the server's name is known, every interface of the default stack may carry it: those that are known to
/// serve NFS if there are such, else all.
Way way_to_name(const State& state) {
  Way way;
  for (const auto& interface : state.interfaces)
    if (interface.services.has(model::Service::Nfs)) go_by(way, interface);
  if (!way.names.empty()) return way;
  for (const auto& interface : state.interfaces)
    if (interface.stack == model::kDefaultStack) go_by(way, interface);
  return way;
}

Way way_to(const State& state, const std::string& server) {
  const auto address = net::Ipv4Address::parse(server);
  if (!address) return way_to_name(state);
  const auto table = model::table_of(state, model::kDefaultStack);
  const auto& egress = table.lookup(*address);
  Way way;
  way.next_hops = egress.next_hops;
  for (const auto id : egress.interfaces) go_by(way, model::interface_of(state, id));
  return way;
}

/// The first interface on the way that changes in this part of the work, by name; empty: none.
std::string disturbed(const Way& way, const Changes& changes, bool late) {
  for (const auto& name : way.names) {
    const auto* change = changes.of(name);
    if (change && change->late == late && (change->moves() || change->link)) return name;
  }
  return {};
}

const model::NfsMount* volume_in(const State& state, const std::string& label) {
  const auto it =
      std::find_if(state.nfs.begin(), state.nfs.end(), [&](const model::NfsMount& m) { return m.label == label; });
  return it == state.nfs.end() ? nullptr : &*it;
}

}  // namespace

Mounts::Mounts(const State& from, const State& middle, const State& to, const Changes& changes) {
  for (const auto& before : from.nfs) {
    const auto start = way_to(from, before.server);
    const auto halfway = way_to(middle, before.server);
    const auto end = way_to(to, before.server);
    auto because = disturbed(start, changes, false);
    const bool early = start != halfway || !because.empty() || !disturbed(end, changes, false).empty();
    const bool late =
        halfway != end || !disturbed(halfway, changes, true).empty() || !disturbed(end, changes, true).empty();
    if (because.empty()) because = disturbed(end, changes, false);
    if (because.empty()) because = end.names.empty() ? std::string() : end.names.front();
    Volume volume;
    volume.before = &before;
    volume.after = volume_in(to, before.label);
    if (!volume.after || *volume.after != before) volume.down_early = volume.up_late = true;
    volume.down_early = volume.down_early || early;
    volume.down_late = !volume.down_early && late;
    volume.up_late = volume.up_late || late;
    volume.up_early = !volume.up_late && early;
    volume.because = because;
    volumes_.push_back(std::move(volume));
  }
  for (const auto& after : to.nfs) {
    if (volume_in(from, after.label)) continue;
    Volume volume;
    volume.after = &after;
    volume.up_late = true;

    volumes_.push_back(std::move(volume));
  }
}

void Mounts::each(Draft& draft, bool Volume::*when, bool up) const {
  for (const auto& volume : volumes_) {
    const auto* mount_point = up ? volume.after : volume.before;
    if (!(volume.*when) || !mount_point) continue;
    if (up)
      mount(draft, *mount_point, volume.because);
    else
      unmount(draft, *mount_point, volume.because);
  }
}

}  // namespace esx2esxi::plan
