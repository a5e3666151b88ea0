// iSCSI port binding: legal in one subnet only if each bound interface is nailed to one uplink of one vSwitch (KB
// 2038869).
#include <algorithm>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Endpoint;
using model::Interface;

namespace {

/// All enabled interfaces bound to one adapter.
struct Binding {
  std::string_view adapter;
  Members members;  ///< first created first
};

std::vector<Binding> bindings(const Situation& s) {
  std::vector<Binding> found;
  for (const auto& interface : s.now.interfaces) {
    if (!interface.enabled || interface.bound_to.empty()) continue;
    const auto it = std::lower_bound(found.begin(), found.end(), interface.bound_to,
                                     [](const Binding& b, const std::string& name) { return b.adapter < name; });
    if (it != found.end() && it->adapter == interface.bound_to)
      it->members.push_back(&interface);
    else
      found.insert(it, Binding{interface.bound_to, {&interface}});
  }
  for (auto& binding : found)
    std::sort(binding.members.begin(), binding.members.end(),
              [](const Interface* a, const Interface* b) { return a->created < b->created; });
  return found;
}

Members with_range(const Members& members) {
  Members found;
  for (const auto* member : members)
    if (member->range()) found.push_back(member);
  return found;
}

std::vector<const Endpoint*> iscsi_targets(const Situation& s) {
  std::vector<const Endpoint*> found;
  for (const auto& endpoint : s.endpoints)
    if (endpoint.service == model::Service::Iscsi && !endpoint.peer) found.push_back(&endpoint);
  return found;
}

std::string spoken_targets(const std::vector<const Endpoint*>& targets) {
  std::vector<std::string> parts;
  for (const auto* target : targets) parts.push_back(fmt::format("{} ({})", target->name, target->address));
  return parts.empty() ? "no known target" : listed(parts);
}

void add_targets(Evidence& evidence, const std::vector<const Endpoint*>& targets) {
  for (const auto* target : targets) {
    evidence.endpoints.push_back(fmt::format("{} {}", target->name, target->address));
    add_origin(evidence, target->at);
  }
}

bool in_several_subnets(const Members& members) {
  return std::any_of(members.begin(), members.end(),
                     [&](const Interface* i) { return i->range() != members.front()->range(); });
}

}  // namespace

std::vector<Evidence> binding_across_subnets(const Situation& s) {
  std::vector<Evidence> found;
  const auto targets = iscsi_targets(s);
  for (const auto& binding : bindings(s)) {
    const auto members = with_range(binding.members);
    if (members.empty()) continue;
    const bool apart = in_several_subnets(members);
    const bool off_link = !targets.empty() && std::all_of(targets.begin(), targets.end(), [&](const Endpoint* target) {
      return holding(members, target->address).empty();
    });
    if (!apart && !off_link) continue;
    auto evidence = evidence_of(members.front()->stack, members);
    evidence.grade = apart ? "apart" : "targets";
    evidence.addresses = addresses_of(members);
    add_targets(evidence, targets);
    evidence.words = {{"adapter", std::string(binding.adapter)},
                      {"members", spoken_with_addresses(members)},
                      {"targets", spoken_targets(targets)},
                      {"stack", members.front()->stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

namespace {

/// Whether anything is known about the uplinks: nothing is on a port of a distributed switch that no input describes.
bool uplinks_known(const model::State& state, const Interface& interface) {
  if (!interface.uplinks.active.empty() || !interface.uplinks.standby.empty()) return true;
  const auto* vswitch = state.switch_named(interface.vswitch);
  return vswitch && !vswitch->distributed;
}

std::string uplinks_text(const std::vector<std::string>& names) { return names.empty() ? "none" : listed(names); }

}  // namespace

std::vector<Evidence> binding_uplinks(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& binding : bindings(s))
    for (const auto* member : binding.members) {
      const auto& uplinks = member->uplinks;
      if (!uplinks_known(s.now, *member) || uplinks_open(s, *member) ||
          (uplinks.active.size() == 1 && uplinks.standby.empty()))
        continue;
      auto evidence = evidence_of(member->stack, {member});
      if (const auto* group = s.now.portgroup(member->portgroup).second)
        add_origin(evidence, group->origins, "uplinks");
      if (member->addressed()) evidence.addresses = {plain_address(*member)};
      evidence.words = {{"interface", spoken(*member)},
                        {"adapter", std::string(binding.adapter)},
                        {"portgroup", member->portgroup},
                        {"active", uplinks_text(uplinks.active)},
                        {"standby", uplinks_text(uplinks.standby)},
                        {"stack", member->stack}};
      found.push_back(std::move(evidence));
    }
  return found;
}

std::vector<Evidence> binding_across_vswitches(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& binding : bindings(s)) {
    Members apart;
    for (const auto* member : with_range(binding.members)) {
      const auto neighbour = [&](const Interface* other) {
        return other->range() == member->range() && !other->vswitch.empty() && other->vswitch != member->vswitch;
      };
      if (!member->vswitch.empty() && std::any_of(binding.members.begin(), binding.members.end(), neighbour))
        apart.push_back(member);
    }
    if (apart.empty()) continue;
    auto evidence = evidence_of(apart.front()->stack, apart);
    evidence.addresses = addresses_of(apart);
    std::vector<std::string> places;
    for (const auto* member : apart) places.push_back(fmt::format("{} on {}", spoken(*member), member->vswitch));
    evidence.words = {{"adapter", std::string(binding.adapter)},
                      {"members", listed(places)},
                      {"network", to_string(*apart.front()->range())},
                      {"stack", apart.front()->stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

namespace {

/// The interface stands in the target's own subnet: no narrower range of its stack holds the target.
bool beside(const Interface& interface, const Endpoint& target, const Members& members) {
  if (!interface.range()->contains(target.address)) return false;
  return std::none_of(members.begin(), members.end(), [&](const Interface* other) {
    return other->range()->contains(target.address) && other->range()->length() > interface.range()->length();
  });
}

}  // namespace

std::vector<Evidence> console_iscsi_interface(const Situation& s) {
  std::vector<Evidence> found;
  const auto* management = management_in(s);
  const auto targets = iscsi_targets(s);
  for (const auto& interface : s.now.interfaces) {
    if (!interface.enabled || !interface.was_vswif() || &interface == management || !interface.range()) continue;
    std::vector<const Endpoint*> near;
    const auto members = in_range_tests(s.now, interface.stack);
    for (const auto* target : targets)
      if (beside(interface, *target, members)) near.push_back(target);
    if (near.empty()) continue;
    auto evidence = evidence_of(interface.stack, {&interface});
    evidence.addresses = {address_text(interface)};
    for (const auto* target : near) evidence.addresses.push_back(to_string(target->address));
    add_targets(evidence, near);
    evidence.introduced = true;
    evidence.words = {{"interface", spoken_with_address(interface)},
                      {"targets", spoken_targets(near)},
                      {"network", to_string(*interface.range())},
                      {"stack", interface.stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

}  // namespace esx2esxi::rules
