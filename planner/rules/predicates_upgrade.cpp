// What VMware's in-place upgrade does to interfaces, and what it leaves broken (vSphere 5.x Upgrade guide).
#include <algorithm>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;

namespace {

/// The migrated vswifs in whose subnet and on whose vSwitch the vmk sits.
Members rivals(const Situation& s, const Interface& vmk) {
  Members found;
  for (const auto& interface : s.now.interfaces)
    if (interface.enabled && interface.was_vswif() && interface.vswitch == vmk.vswitch && interface.range() &&
        interface.range() == vmk.range())
      found.push_back(&interface);
  return found;
}

std::vector<std::string> plain_addresses(const Members& members) {
  std::vector<std::string> texts;
  for (const auto* member : members) texts.push_back(plain_address(*member));
  return texts;
}

}  // namespace

std::vector<Evidence> upgrade_disables_interface(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& name : s.mapping.disabled) {
    const auto* vmk = s.now.interface_from(name);
    if (!vmk || vmk->enabled) continue;  // the plan drops it or enables it again
    auto evidence = evidence_of(vmk->stack, {vmk});
    evidence.addresses = {plain_address(*vmk)};
    evidence.introduced = true;
    const auto others = rivals(s, *vmk);
    const auto range = vmk->range();
    evidence.words = {{"interface", spoken_with_address(*vmk)},
                      {"vswif", others.empty() ? std::string("a migrated vswif") : spoken_with_addresses(others)},
                      {"network", range ? to_string(*range) : std::string("its subnet")},
                      {"vswitch", vmk->vswitch},
                      {"services", spoken_services({vmk})},
                      {"stack", vmk->stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> upgrade_leaves_conflict(const Situation& s) {
  std::vector<Evidence> found;
  if (s.mapping.path != model::Path::Upgrade) return found;
  for (const auto& group : subnet_groups(s)) {
    const auto& members = group.conflict;
    if (std::none_of(members.begin(), members.end(), [](const Interface* i) { return i->was_vswif(); })) continue;
    auto evidence = evidence_of(group.stack, members);
    evidence.addresses = plain_addresses(members);
    evidence.introduced = introduced(s, members);
    evidence.words = {{"members", spoken_with_addresses(members)},
                      {"network", to_string(group.range)},
                      {"services", spoken_services(members)},
                      {"harm", harm(members)},
                      {"stack", std::string(group.stack)}};
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> upgrade_path(const Situation& s) {
  if (!s.mapping.upgrade_refused) return {};
  Evidence evidence;
  evidence.stack = model::kDefaultStack;
  add_origin(evidence, s.host.origins, "version");
  evidence.words = {{"obstacle", transform::upgrade_obstacle(s.host, s.target)}};
  return {evidence};
}

}  // namespace esx2esxi::rules
