// PORTGROUP=, esx.conf and listings name a port group in three ways: by its name, by an internal id ("portgroup6", ESX
// 3), and, on a distributed switch, by the number of a dvPort in its place.
#include "merge_attachment.hpp"

#include "esx2esxi/net/fmt.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

struct Place {
  const model::Switch* vswitch = nullptr;
  const model::Portgroup* group = nullptr;
};

Place find_group(const model::State& state, std::string_view name) {
  for (const auto& vswitch : state.switches)
    for (const auto& group : vswitch.portgroups)
      if (same_name(group.name, name)) return {&vswitch, &group};
  return {};
}

bool is_internal_id(std::string_view name) {
  constexpr std::string_view kPrefix = "portgroup";
  return name.starts_with(kPrefix) && number(name.substr(kPrefix.size()));
}

/// The name behind an internal id, where a source gives the map.
const PortgroupFact* group_with_id(const Merge& merge, std::string_view id) {
  for (const auto& file : merge.files)
    for (const auto& vswitch : file.facts.switches)
      for (const auto& group : vswitch.portgroups)
        if (group.internal_id && group.internal_id->value == id) return &group;
  return nullptr;
}

/// The row of a distributed switch whose client is the interface.
std::pair<const SwitchFact*, const DvPortFact*> dvport_of(const Merge& merge, std::string_view interface) {
  for (const auto& file : merge.files)
    for (const auto& vswitch : file.facts.switches)
      for (const auto& port : vswitch.dvports)
        if (port.client == interface) return {&vswitch, &port};
  return {};
}

/// What the files say of an interface's attachment, sorted into its three kinds.
struct Attachment {
  std::vector<Said<std::string>> names;
  Maybe<std::string> unresolved_id;
  Maybe<std::string> dvport;
  std::vector<Said<std::string>> other_dvports;
  Maybe<std::string> dvs;
};

void sort_in(const Merge& merge, const Said<std::string>& said, Attachment& out) {
  if (find_group(merge.host.before, said.value).group) return out.names.push_back(said);
  if (is_internal_id(said.value)) {
    if (const auto* group = group_with_id(merge, said.value))
      out.names.push_back({group->name, said.at});
    else if (!out.unresolved_id)
      out.unresolved_id = said;
    return;
  }
  if (number(said.value) || is_uuid(said.value)) {  // of a distributed switch, of an opaque network
    if (!out.dvport)
      out.dvport = said;
    else if (out.dvport->value != said.value && number(out.dvport->value) && number(said.value))
      out.other_dvports.push_back(said);
    return;
  }
  out.names.push_back(said);
}

Attachment attachment_of(const Merge& merge, const Voices<InterfaceFact>& voices) {
  Attachment out;
  for (const auto& voice : voices) {
    if (voice.fact->portgroup) sort_in(merge, *voice.fact->portgroup, out);
    if (voice.fact->dvport) sort_in(merge, *voice.fact->dvport, out);
    if (voice.fact->dvs && !out.dvs) out.dvs = voice.fact->dvs;
  }
  return out;
}

void settle_name(Merge& merge, const Attachment& attachment, model::Interface& interface) {
  const auto& used = attachment.names.front();
  for (const auto& other : attachment.names)
    if (!same_name(used.value, other.value)) merge.contradict({interface.name, "portgroup", true}, used, other);
  interface.portgroup = used.value;
  interface.origins.set("portgroup", used.at);
}

/// An id without a map can mean one port group only: the console's, if the host has one console interface and one such
/// group.
void guess_console_group(Merge& merge, const Said<std::string>& id, model::Interface& interface) {
  const model::Portgroup* only = nullptr;
  std::size_t candidates = 0;
  for (const auto& vswitch : merge.host.before.switches)
    for (const auto& group : vswitch.portgroups)
      if (group.name.starts_with("Service Console")) {
        only = &group;
        ++candidates;
      }
  const auto& all = merge.host.before.interfaces;
  const auto consoles = std::count_if(all.begin(), all.end(), [](const auto& i) { return i.is_vswif(); });
  if (!interface.is_vswif() || candidates != 1 || consoles != 1)
    return merge.missing({interface.name, "portgroup", true}, "esxcfg-vswif -l", id.at);
  interface.portgroup = only->name;
  interface.origins.set("portgroup", id.at);
  merge.note(
      Severity::Warning, "portgroup-id", id.at,
      fmt::format("{} is an internal id; {} is taken, the only port group of a service console", id.value, only->name),
      "esxcfg-vswif -l shows the name");
}

void on_standard_switch(Merge& merge, model::Interface& interface) {
  const auto place = find_group(merge.host.before, interface.portgroup);
  if (place.group == nullptr) {
    merge.note(Severity::Warning, "portgroup-unknown", *interface.origins.find("portgroup"),
               fmt::format("{} is on port group {}, which no file describes", interface.name, interface.portgroup),
               "esxcfg-vswitch -l shows switches and port groups");
    return merge.missing({interface.name, "vlan", true}, "esxcfg-vswitch -l", *interface.origins.find("portgroup"));
  }
  interface.vswitch = place.vswitch->name;
  interface.origins.set("vswitch", place.vswitch->origins.any());
  interface.vlan = place.group->vlan;
  if (const auto* at = place.group->origins.find("vlan"))
    interface.origins.set("vlan", *at);
  else
    merge.missing({interface.name, "vlan", true}, "esxcfg-vswitch -l", place.group->origins.any());
  interface.uplinks = place.group->override ? *place.group->override : place.vswitch->teaming;
  interface.origins.adopt("uplinks", place.vswitch->origins, "teaming");
  if (place.group->override) interface.origins.adopt("uplinks", place.group->origins, "override");
}

/// The VLAN of a dvPort belongs to vCenter's dvPort group: no file of the host tells it.
void on_distributed_switch(Merge& merge, const Attachment& attachment, const SwitchFact* vswitch, const DvPortFact* row,
                           model::Interface& interface) {
  Said<std::string> port = attachment.dvport ? *attachment.dvport : Said<std::string>{row->id, row->at};
  if (row != nullptr && attachment.dvport && row->id != port.value)
    merge.contradict({interface.name, "dvport", true}, port, {row->id, row->at});
  for (const auto& other : attachment.other_dvports) merge.contradict({interface.name, "dvport", true}, port, other);
  interface.dvport = port.value;
  interface.origins.set("dvport", port.at);
  if (vswitch != nullptr) {
    interface.vswitch = vswitch->name;
    interface.origins.set("vswitch", vswitch->at);
  } else if (attachment.dvs) {
    interface.vswitch = attachment.dvs->value;
    interface.origins.set("vswitch", attachment.dvs->at);
  }
  if (const auto* known = merge.host.before.switch_named(interface.vswitch)) {
    interface.uplinks = known->teaming;
    interface.origins.adopt("uplinks", known->origins, "teaming");
  }
  merge.missing({interface.name, "vlan"}, "the dvPort group's VLAN in vCenter, or the dvPort tab of RVTools", port.at);
}

bool only_inventory_names(const Voices<InterfaceFact>& voices) {
  return std::all_of(voices.begin(), voices.end(),
                     [](const auto& voice) { return !voice.fact->portgroup || voice.trust == Trust::Inventory; });
}

}  // namespace

void attach(Merge& merge, const Voices<InterfaceFact>& voices, model::Interface& interface) {
  const auto attachment = attachment_of(merge, voices);
  const auto [vswitch, row] = dvport_of(merge, interface.name);
  if (!attachment.names.empty()) {
    const auto& name = attachment.names.front();
    if (row != nullptr && find_group(merge.host.before, name.value).group == nullptr) {
      // An inventory calls the port by its port group, which only vCenter knows.
      if (!only_inventory_names(voices))
        merge.contradict({interface.name, "portgroup", true}, {"dvPort " + row->id, row->at}, name);
      return on_distributed_switch(merge, attachment, vswitch, row, interface);
    }
    settle_name(merge, attachment, interface);
    if (const auto& id = attachment.unresolved_id)
      merge.note(Severity::Note, "portgroup-id", id->at,
                 fmt::format("{} is an internal id: {} has {} on port group {}", id->value,
                             attachment.names.front().at.file.text(), interface.name, interface.portgroup));
    return on_standard_switch(merge, interface);
  }
  if (attachment.dvport || row != nullptr) return on_distributed_switch(merge, attachment, vswitch, row, interface);
  if (attachment.unresolved_id) {
    guess_console_group(merge, *attachment.unresolved_id, interface);
    if (!interface.portgroup.empty()) on_standard_switch(merge, interface);
    return;
  }
  merge.missing(
      {interface.name, "portgroup", true},
      interface.is_vswif() ? "esxcfg-vswif -l and esxcfg-vswitch -l" : "esxcfg-vmknic -l and esxcfg-vswitch -l",
      interface.origins.any());
}

void doubts_of_groups_to_interfaces(Merge& merge) {
  auto& doubts = merge.host.doubts;
  std::vector<model::Doubt> theirs;
  std::erase_if(doubts, [&](const model::Doubt& doubt) {
    if (!doubt.interface.empty()) return false;
    const auto before = theirs.size();
    for (const auto& interface : merge.host.before.interfaces)
      for (const std::string_view what : {"vlan", "uplinks", "vswitch"})
        if (!interface.portgroup.empty() && doubt.subject == Subject{"", what, false, interface.portgroup}.text()) {
          theirs.push_back(doubt);
          theirs.back().interface = interface.name;
          theirs.back().subject = what;
          theirs.back().script_needs_it = true;
        }
    return theirs.size() > before;
  });
  doubts.insert(doubts.end(), theirs.begin(), theirs.end());
}

}  // namespace esx2esxi::intake
