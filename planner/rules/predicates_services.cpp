// vMotion, fault tolerance and netstacks.
#include <algorithm>
#include <map>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;

namespace {

Members carrying_vmotion(const Members& members) {
  Members found;
  for (const auto* member : members)
    if (carries_vmotion(*member)) found.push_back(member);
  return found;
}

std::string uplinks_of(const Interface& interface) {
  const auto& active = interface.uplinks.active;
  const auto vlan = interface.vlan ? fmt::format("VLAN {}", interface.vlan->value()) : std::string("an unknown VLAN");
  return fmt::format("{} on {} with active uplink {}", spoken(interface), vlan,
                     active.empty() ? std::string("unknown") : listed(active));
}

}  // namespace

std::vector<Evidence> vmotion_multi_nic(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto stack : stacks_in(s.now))
    for (const auto& network : networks_of(s.now, stack)) {
      const auto members = carrying_vmotion(network.members);
      if (members.size() < 2) continue;
      if (std::any_of(members.begin(), members.end(), [&](const Interface* i) { return uplinks_open(s, *i); }))
        continue;
      auto evidence = evidence_of(stack, members);
      evidence.grade = legal_multi_nic(members, s.target) ? "legal" : "illegal";
      evidence.addresses = addresses_of(members);
      std::vector<std::string> uplinks;
      for (const auto* member : members) uplinks.push_back(uplinks_of(*member));
      evidence.words = {{"members", spoken_with_addresses(members)},
                        {"uplinks", listed(uplinks)},
                        {"network", to_string(network.range)},
                        {"target", to_string(s.target)},
                        {"stack", std::string(stack)}};
      found.push_back(std::move(evidence));
    }
  return found;
}

std::vector<Evidence> vmotion_stack_shadows(const Situation& s) {
  Members shadowed;
  Members own;
  for (const auto& interface : s.now.interfaces) {
    if (!interface.enabled) continue;
    if (interface.stack == model::kVmotionStack) own.push_back(&interface);
    if (interface.stack == model::kDefaultStack && interface.services.has(model::Service::VMotion))
      shadowed.push_back(&interface);
  }
  if (shadowed.empty() || (own.empty() && !s.now.stack(model::kVmotionStack))) return {};
  auto all = shadowed;
  all.insert(all.end(), own.begin(), own.end());
  auto evidence = evidence_of(model::kDefaultStack, all);
  evidence.words = {{"shadowed", spoken(shadowed)},
                    {"own", own.empty() ? std::string("no interface yet") : spoken(own)},
                    {"stack", std::string(model::kDefaultStack)}};
  return {evidence};
}

namespace {

/// The release that first has the stack; none: the target has it.
std::optional<model::Target> needed_for(std::string_view stack, model::Target target) {
  if (!own_netstack(stack)) return std::nullopt;
  const bool special = stack == model::kVmotionStack || stack == model::kProvisioningStack;
  if (special ? target.has_vmotion_stack() : target.has_netstacks()) return std::nullopt;
  return special ? model::Target{6, 0} : model::Target{5, 5};
}

struct Asked {
  Members members;
  std::vector<const Origin*> pins;  ///< of the policy
};

/// The stacks that the state has or the policy asks for, with their interfaces.
std::map<std::string_view, Asked> asked_stacks(const Situation& s) {
  std::map<std::string_view, Asked> all;
  for (const auto stack : stacks_in(s.now)) all[stack];
  for (const auto& interface : s.now.interfaces) {
    if (!interface.enabled) continue;
    const auto* pin = pin_of(s, s.policy.stack_pins, interface);
    auto& asked = all[pin ? std::string_view(pin->stack) : std::string_view(interface.stack)];
    asked.members.push_back(&interface);
    if (pin) asked.pins.push_back(&pin->at);
  }
  return all;
}

}  // namespace

std::vector<Evidence> stack_unavailable(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& [stack, asked] : asked_stacks(s)) {
    const auto needed = needed_for(stack, s.target);
    if (!needed) continue;
    const auto& members = asked.members;
    auto evidence = evidence_of(stack, members);
    for (const auto* at : asked.pins) add_origin(evidence, *at);
    evidence.words = {{"stack", std::string(stack)},
                      {"members", members.empty() ? std::string("no interface") : spoken(members)},
                      {"services", spoken_services(members)},
                      {"needed", to_string(*needed)},
                      {"target", to_string(s.target)}};
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> several_ft_interfaces(const Situation& s) {
  Members members;
  for (const auto& interface : s.now.interfaces)
    if (interface.enabled && interface.services.has(model::Service::FaultToleranceLogging))
      members.push_back(&interface);
  if (members.size() < 2) return {};
  auto evidence = evidence_of(members.front()->stack, members);
  evidence.words = {{"members", spoken_with_addresses(members)}, {"stack", members.front()->stack}};
  return {evidence};
}

}  // namespace esx2esxi::rules
