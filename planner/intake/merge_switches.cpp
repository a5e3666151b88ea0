// Switches and port groups: what esx.conf has set and what listings print.
//
// A listing prints a port group's uplinks merged, active and standby alike, in an order of its own: it can contradict
// which uplinks are used, never how.
#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

using Names = std::vector<std::string>;

bool holds(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Names sorted(Names names) {
  std::sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return natural_less(a, b); });
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// The first `max_active` of an order are active, the rest standby; all of them where no number is given.
model::Teaming teaming_of(const Names& order, const Maybe<unsigned>& max_active) {
  const auto active = max_active ? std::min<std::size_t>(max_active->value, order.size()) : order.size();
  model::Teaming teaming;
  teaming.active.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(active));
  teaming.standby.assign(order.begin() + static_cast<std::ptrdiff_t>(active), order.end());
  return teaming;
}

/// An uplink that an order still names after it left the switch is not used.
void drop_strangers(Merge& merge, const model::Switch& vswitch, const Origin& where, model::Teaming& teaming) {
  if (!vswitch.origins.find("uplinks")) return;  // which ones it has is not known
  for (auto* list : {&teaming.active, &teaming.standby})
    std::erase_if(*list, [&](const std::string& uplink) {
      if (holds(vswitch.uplinks, uplink)) return false;
      merge.note(Severity::Warning, "uplink-not-on-switch", where,
                 fmt::format("{} stands in an uplink order, but is no uplink of {}", uplink, vswitch.name),
                 "it is left out of the order");
      return true;
    });
}

model::Switch merge_switch(Merge& merge, const Named<SwitchFact>& named) {
  model::Switch vswitch;
  vswitch.name = named.name;
  vswitch.origins.set("name", named.voices.front().fact->at);
  for (const auto& voice : named.voices) {
    if (!voice.fact->distributed || vswitch.distributed) continue;
    vswitch.distributed = true;
    vswitch.origins.set("distributed", voice.fact->at);
  }
  if (const auto* mtu =
          merge.settle(named.voices, {"", "mtu", false, named.name}, member(&SwitchFact::mtu), same_mtu)) {
    vswitch.mtu = mtu->value == 1514 ? 1500 : mtu->value;
    vswitch.origins.set("mtu", mtu->at);
  }
  for (const auto& voice : named.voices)
    if (voice.fact->ports && !vswitch.ports) {
      vswitch.ports = voice.fact->ports->value;
      vswitch.origins.set("ports", voice.fact->ports->at);
    }
  if (const auto* uplinks =
          merge.settle(named.voices, {"", "uplinks", false, named.name}, member(&SwitchFact::uplinks), same_names)) {
    vswitch.uplinks = sorted(names_of(uplinks->value));
    vswitch.origins.set("uplinks", *uplinks);
  }
  return vswitch;
}

void merge_teaming(Merge& merge, const Named<SwitchFact>& named, model::Switch& vswitch) {
  for (const auto& [fact, trust] : named.voices) {
    if (fact->teaming) {
      vswitch.teaming = fact->teaming->value;
      vswitch.origins.set("teaming", fact->teaming->at);
      return;
    }
    if (!fact->uplink_order && !fact->max_active) continue;
    const auto& order = fact->uplink_order;
    vswitch.teaming = teaming_of(order ? names_of(order->value) : vswitch.uplinks, fact->max_active);
    order ? vswitch.origins.set("teaming", *order) : vswitch.origins.set("teaming", fact->max_active->at);
    return drop_strangers(merge, vswitch, *vswitch.origins.find("teaming"), vswitch.teaming);
  }
  vswitch.teaming.active = vswitch.uplinks;
  vswitch.origins.adopt("teaming", vswitch.origins, "uplinks");
}

/// A port group's voice, and the switch that the file puts it on.
struct GroupVoice {
  std::string_view name;  ///< as the most trusted source that means it writes it
  const PortgroupFact* fact = nullptr;
  const SwitchFact* home = nullptr;
  std::string_view vswitch;
  Trust trust = Trust::Inventory;
};
using GroupVoices = std::vector<GroupVoice>;

const Said<SaidNames>* order_of(const GroupVoice& voice) {
  return voice.fact->uplink_order ? &*voice.fact->uplink_order : nullptr;
}

/// What a listing shows for a port group: an order of its own, or the switch's uplinks.
const Said<SaidNames>* listed_uplinks(const GroupVoice& voice) {
  if (voice.trust != Trust::Listing || voice.fact->teaming) return nullptr;
  if (const auto* order = order_of(voice)) return order;
  return voice.home->uplinks ? &*voice.home->uplinks : nullptr;
}

/// `where`: an Origin, or an order with the places of its names.
template <class Where>
void set_override(Merge& merge, const model::Switch& vswitch, model::Portgroup& group, model::Teaming teaming,
                  const Where& where) {
  group.origins.set("override", where);
  drop_strangers(merge, vswitch, *group.origins.find("override"), teaming);
  group.override = std::move(teaming);
}

/// The order of the switch as a port group inherits it: active, then standby.
Names whole_order(const model::Teaming& teaming) {
  auto order = teaming.active;
  order.insert(order.end(), teaming.standby.begin(), teaming.standby.end());
  return order;
}

void merge_override(Merge& merge, const GroupVoices& all, const model::Switch& vswitch, model::Portgroup& group) {
  // Of those believed most, the one that knows most: esxcli tells VLAN and teaming by two commands.
  GroupVoices voices;
  for (const auto& voice : all)
    if (voice.trust == all.front().trust) voices.push_back(voice);
  for (const auto& voice : voices)
    if (const auto& teaming = voice.fact->teaming)
      return set_override(merge, vswitch, group, teaming->value, teaming->at);
  const auto speaks = [](const GroupVoice& voice) { return voice.fact->uplink_order || voice.fact->max_active; };
  const auto best = std::find_if(voices.begin(), voices.end(), speaks);
  if (best == voices.end()) return;
  const auto* order = order_of(*best);
  if (best->trust == Trust::Listing) {
    if (order == nullptr || same_members(names_of(order->value), whole_order(vswitch.teaming))) return;
    return set_override(merge, vswitch, group, {names_of(order->value), {}}, *order);
  }
  if (order != nullptr)
    return set_override(merge, vswitch, group, teaming_of(names_of(order->value), best->fact->max_active), *order);
  set_override(merge, vswitch, group, teaming_of(whole_order(vswitch.teaming), best->fact->max_active),
               best->fact->max_active->at);
}

/// Listings against the order in force, as sets. Not where the switch's own uplinks are in doubt already.
void compare_uplinks(Merge& merge, const GroupVoices& voices, const model::Switch& vswitch,
                     const model::Portgroup& group) {
  if (merge.doubts({"", "uplinks", false, vswitch.name})) return;
  const auto used = whole_order(group.override ? *group.override : vswitch.teaming);
  const auto* where = group.origins.find("override");
  if (where == nullptr) where = vswitch.origins.find("teaming");
  if (where == nullptr) return;
  for (const auto& voice : voices)
    if (const auto* listed = listed_uplinks(voice); listed && !same_members(names_of(listed->value), used))
      merge.contradict({"", "uplinks", false, group.name}, {shown_value(used), *where},
                       {shown_value(listed->value), listed->at});
}

void merge_group(Merge& merge, const GroupVoices& voices, std::vector<model::Switch>& switches) {
  const auto& best = voices.front();
  const auto home =
      std::find_if(switches.begin(), switches.end(), [&](const model::Switch& s) { return s.name == best.vswitch; });
  model::Portgroup group;
  group.name = best.name;
  group.origins.set("name", best.fact->at);
  for (const auto& voice : voices)
    if (voice.vswitch != best.vswitch)
      merge.contradict({"", "vswitch", false, group.name}, {std::string(best.vswitch), best.fact->at},
                       {std::string(voice.vswitch), voice.fact->at});
  const auto vlan_said = [](const GroupVoice& voice) -> const Said<net::VlanId>* {
    return voice.fact->vlan ? &*voice.fact->vlan : nullptr;
  };
  if (const auto* vlan = merge.settle(voices, {"", "vlan", false, group.name}, vlan_said)) {
    group.vlan = vlan->value;
    group.origins.set("vlan", vlan->at);
  }
  merge_override(merge, voices, *home, group);
  compare_uplinks(merge, voices, *home, group);
  home->portgroups.push_back(std::move(group));
}

/// The VIM API writes `/` and `%` in its own way, and inventories with it: what such a name means is the group that a
/// source believed more calls so. One source's two names are two groups.
void adopt_names(GroupVoices& all) {
  const auto is_escaped = [](const GroupVoice& voice) { return voice.name.find('%') != std::string_view::npos; };
  if (std::none_of(all.begin(), all.end(), is_escaped)) return;
  std::stable_sort(all.begin(), all.end(), [](const GroupVoice& a, const GroupVoice& b) { return a.trust > b.trust; });
  std::set<std::string_view> names;
  std::map<std::string, const GroupVoice*> meant;
  for (auto& voice : all) {
    if (names.contains(voice.name)) continue;
    const auto [at, fresh] = meant.try_emplace(unescaped_name(voice.name), &voice);
    if (!fresh && at->second->trust > voice.trust)
      voice.name = at->second->name;
    else
      names.insert(voice.name);
  }
}

GroupVoices group_voices(const std::vector<Named<SwitchFact>>& switches) {
  GroupVoices all;
  for (const auto& named : switches)
    for (const auto& voice : named.voices)
      for (const auto& group : voice.fact->portgroups)
        all.push_back({group.name, &group, voice.fact, named.name, voice.trust});
  adopt_names(all);
  std::stable_sort(all.begin(), all.end(), [](const GroupVoice& a, const GroupVoice& b) {
    if (a.name != b.name) return natural_less(a.name, b.name);
    return a.trust > b.trust;
  });
  return all;
}

/// "/pnics/3/mac" for the origins of a host, which keep no copy of their keys.
std::string_view pnic_pointer(std::size_t number, std::size_t field) {
  constexpr std::size_t kMost = 64;  // ESXi takes 32
  static const auto kPointers = [] {
    std::array<std::array<std::string, 3>, kMost> all;
    for (std::size_t i = 0; i < kMost; ++i)
      all[i] = {fmt::format("/pnics/{}/name", i), fmt::format("/pnics/{}/mac", i), fmt::format("/pnics/{}/driver", i)};
    return all;
  }();
  return number < kMost ? std::string_view(kPointers[number][field]) : std::string_view();
}

void merge_pnics(Merge& merge) {
  for (const auto& named : by_name(merge.files, &Facts::pnics, &PnicFact::name)) {
    model::Pnic pnic;
    pnic.name = named.name;
    auto& origins = merge.host.origins;
    const auto number = merge.host.before.pnics.size();
    origins.set(pnic_pointer(number, 0), named.voices.front().fact->at);
    if (const auto* mac = merge.settle(named.voices, {"", "mac", false, named.name}, member(&PnicFact::mac))) {
      pnic.mac = mac->value;
      origins.set(pnic_pointer(number, 1), mac->at);
    }
    for (const auto& voice : named.voices)
      if (const auto& driver = voice.fact->driver; driver && pnic.driver.empty()) {
        pnic.driver = driver->value;
        origins.set(pnic_pointer(number, 2), driver->at);
      }
    merge.host.before.pnics.push_back(std::move(pnic));
  }
}

}  // namespace

void merge_switches(Merge& merge) {
  const auto named = by_name(merge.files, &Facts::switches, &SwitchFact::name);
  auto& switches = merge.host.before.switches;
  for (const auto& one : named) {
    switches.push_back(merge_switch(merge, one));
    merge_teaming(merge, one, switches.back());
  }
  const auto all = group_voices(named);
  for (auto first = all.begin(); first != all.end();) {
    const auto last =
        std::find_if(first, all.end(), [&](const GroupVoice& voice) { return voice.name != first->name; });
    merge_group(merge, GroupVoices(first, last), switches);
    first = last;
  }
  merge_pnics(merge);
}

}  // namespace esx2esxi::intake
