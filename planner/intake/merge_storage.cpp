// NFS mounts, iSCSI bindings and targets, and the services that advanced options give to interfaces.
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

/// An adapter that a saved `esxcli swiscsi nic list` does not name.
constexpr std::string_view kUnknownAdapter = "vmhba?";

model::Interface* interface_named(model::State& state, std::string_view name) {
  const auto it = std::find_if(state.interfaces.begin(), state.interfaces.end(),
                               [&](const model::Interface& interface) { return interface.name == name; });
  return it == state.interfaces.end() ? nullptr : &*it;
}

void merge_mounts(Merge& merge) {
  for (const auto& named : by_name(merge.files, &Facts::nfs, &NfsFact::label)) {
    const auto& voices = named.voices;
    model::NfsMount mount;
    mount.label = named.name;
    mount.origins.set("label", voices.front().fact->at);
    const auto on = [&](std::string_view what) { return Subject{"", what, false, named.name}; };
    if (const auto* server = merge.settle(voices, on("NFS server"), member(&NfsFact::server),
                                          [](auto& a, auto& b) { return equals_ignoring_case(a, b); })) {
      mount.server = server->value;
      mount.origins.set("server", server->at);
    }
    if (const auto* share = merge.settle(voices, on("NFS share"), member(&NfsFact::share))) {
      mount.share = share->value;
      mount.origins.set("share", share->at);
    }
    if (const auto* read_only = merge.settle(voices, on("NFS access"), member(&NfsFact::read_only))) {
      mount.read_only = read_only->value;
      mount.origins.set("read_only", read_only->at);
    }
    const auto& enabled = voices.front().fact->enabled;
    if (enabled && !enabled->value) {
      merge.note(Severity::Note, "nfs-disabled", enabled->at,
                 fmt::format("mount {} is disabled: left out", named.name));
      continue;
    }
    if (mount.server.empty())
      merge.missing({"", "NFS server", true, named.name},
                    merge.host.classic() ? "esxcfg-nas -l" : "esxcli storage nfs list", voices.front().fact->at);
    merge.host.before.nfs.push_back(std::move(mount));
  }
}

void merge_bindings(Merge& merge) {
  auto& state = merge.host.before;
  for (const auto& file : merge.files)
    for (const auto& binding : file.facts.bindings) {
      const std::string adapter(binding.adapter.empty() ? kUnknownAdapter : std::string_view(binding.adapter));
      auto* interface = interface_named(state, binding.interface);
      if (interface == nullptr) {
        merge.note(Severity::Warning, "binding-of-nothing", binding.at,
                   fmt::format("iSCSI binds {}, which no file describes", binding.interface), "esxcfg-vmknic -l");
        continue;
      }
      if (interface->bound_to.empty() || interface->bound_to == kUnknownAdapter) {
        interface->bound_to = adapter;
        interface->origins.set("bound_to", binding.at);
      }
    }
  for (const auto& interface : state.interfaces) {
    if (interface.bound_to.empty()) continue;
    state.iscsi.adapters.push_back(interface.bound_to);
    auto& origins = merge.host.origins;
    const auto& at = *interface.origins.find("bound_to");
    if (!origins.find("/iscsi/adapters")) origins.set("/iscsi/adapters", at);
    origins.set_element("/iscsi/adapters", interface.bound_to, at);
  }
  auto& adapters = state.iscsi.adapters;
  std::sort(adapters.begin(), adapters.end(), [](const auto& a, const auto& b) { return natural_less(a, b); });
  adapters.erase(std::unique(adapters.begin(), adapters.end()), adapters.end());
}

}  // namespace

void merge_storage(Merge& merge) {
  merge_mounts(merge);
  merge_bindings(merge);
  auto& iscsi = merge.host.before.iscsi;
  if (const auto* enabled = merge.settle(merge.files, {"", "software iSCSI"}, in_facts(&Facts::software_iscsi))) {
    iscsi.enabled = enabled->value;
    merge.host.origins.set("/iscsi/enabled", enabled->at);
  }
  for (const auto& file : merge.files)
    for (const auto& target : file.facts.iscsi_targets) {
      const auto same = [&](const Said<net::Ipv4Address>& known) { return known.value == target.value; };
      if (std::none_of(iscsi.targets.begin(), iscsi.targets.end(), same)) iscsi.targets.push_back(target);
    }
}

namespace {

/// What a source believed more says of the service; ESX has one interface for each, ESXi may have several.
struct Role {
  model::Service service;
  Said<std::string> interface;
  const FileFacts* file = nullptr;
};

/// Whether the service is another interface's already, by a source believed more: then that is said.
bool is_taken(Merge& merge, std::vector<Role>& roles, const FileFacts& file, const ServiceFact& fact) {
  if (!merge.host.classic()) return false;
  const auto known =
      std::find_if(roles.begin(), roles.end(), [&](const Role& role) { return role.service == fact.service; });
  if (known == roles.end()) {
    roles.push_back({fact.service, {fact.interface, fact.at}, &file});
    return false;
  }
  if (known->file == &file || known->interface.value == fact.interface) return false;
  merge.contradict({"", fmt::format("{} interface", to_string(fact.service)), true}, known->interface,
                   {fact.interface, fact.at});
  return true;
}

void give_role(Merge& merge, const ServiceFact& fact) {
  auto* interface = interface_named(merge.host.before, fact.interface);
  if (interface == nullptr)
    return merge.note(Severity::Warning, "service-of-nothing", fact.at,
                      fmt::format("{} is to use {}, which no file describes", to_string(fact.service), fact.interface),
                      "esxcfg-vmknic -l");
  interface->services.add(fact.service);
  const auto name = to_string(fact.service);
  if (interface->origins.find(name) == nullptr) interface->origins.set(name, fact.at);
}

}  // namespace

/// What an option names is a role of that interface, also where it is disabled.
void merge_services(Merge& merge) {
  std::vector<Role> roles;
  for (const auto& file : merge.files)
    for (const auto& fact : file.facts.services)
      if (!is_taken(merge, roles, file, fact)) give_role(merge, fact);
}

}  // namespace esx2esxi::intake
