// Ranges: one stack x one overlapping address range is the unit of conflict (KB 318546), never a host x a network.
#include <algorithm>
#include <array>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;

namespace {

Members joined(const Members& a, const Members& b) {
  Members all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end(), [](const Interface* x, const Interface* y) { return x->created < y->created; });
  return all;
}

/// "vmk0 (was vswif0)" and what remains: the first created is the likely egress, the others stay silent.
void add_likely(Evidence& evidence, const Members& members) {
  evidence.words.emplace_back("likely", spoken(*members.front()));
  evidence.words.emplace_back("silent", spoken(Members(members.begin() + 1, members.end())));
}

}  // namespace

std::vector<Evidence> same_subnet(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& group : subnet_groups(s)) {
    if (group.conflict.empty()) continue;
    auto evidence = evidence_of(group.stack, group.conflict);
    evidence.addresses = addresses_of(group.conflict);
    evidence.introduced = introduced(s, group.conflict);
    evidence.words = {{"members", spoken_with_addresses(group.conflict)},
                      {"network", to_string(group.range)},
                      {"stack", std::string(group.stack)},
                      {"services", spoken_services(group.conflict)},
                      {"harm", harm(group.conflict)}};
    add_likely(evidence, group.conflict);
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> overlapping_masks(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto stack : stacks_in(s.now)) {
    const auto networks = networks_of(s.now, stack);
    // Sorted by network: what a wide one holds follows it directly.
    for (auto wide = networks.begin(); wide != networks.end(); ++wide)
      for (auto narrow = std::next(wide); narrow != networks.end() && wide->range.overlaps(narrow->range); ++narrow) {
        const auto members = joined(wide->members, narrow->members);
        auto evidence = evidence_of(stack, members);
        evidence.addresses = addresses_of(members);
        evidence.introduced = introduced(s, members);
        evidence.words = {{"wide", to_string(wide->range)},
                          {"narrow", to_string(narrow->range)},
                          {"wide_members", spoken_with_addresses(wide->members)},
                          {"narrow_members", spoken_with_addresses(narrow->members)},
                          {"services", spoken_services(wide->members)},
                          {"harm", harm(wide->members)},
                          {"stack", std::string(stack)}};
        found.push_back(std::move(evidence));
      }
  }
  return found;
}

std::vector<Evidence> one_subnet_two_vlans(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto stack : stacks_in(s.now))
    for (const auto& network : networks_of(s.now, stack)) {
      Members tagged;
      for (const auto* member : network.members)
        if (member->vlan) tagged.push_back(member);
      const bool differ = std::any_of(tagged.begin(), tagged.end(),
                                      [&](const Interface* i) { return i->vlan != tagged.front()->vlan; });
      if (!differ) continue;
      auto evidence = evidence_of(stack, tagged);
      for (const auto* member : tagged) add_origin(evidence, member->origins, "vlan");
      evidence.addresses = addresses_of(tagged);
      evidence.introduced = introduced(s, tagged);
      std::vector<std::string> vlans;
      for (const auto* member : tagged)
        vlans.push_back(fmt::format("{} on VLAN {}", spoken(*member), member->vlan->value()));
      evidence.words = {
          {"members", listed(vlans)}, {"network", to_string(network.range)}, {"stack", std::string(stack)}};
      found.push_back(std::move(evidence));
    }
  return found;
}

std::vector<Evidence> unbound_beside_bound(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& group : subnet_groups(s)) {
    if (group.beside.empty()) continue;
    const auto all = joined(group.bound, group.beside);
    auto evidence = evidence_of(group.stack, all);
    evidence.addresses = addresses_of(all);
    evidence.words = {{"unbound", spoken_with_addresses(group.beside)}, {"bound", spoken_with_addresses(group.bound)},
                      {"adapter", group.bound.front()->bound_to},       {"network", to_string(group.range)},
                      {"services", spoken_services(group.beside)},      {"stack", std::string(group.stack)}};
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> interface_unaddressed(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& interface : s.now.interfaces) {
    if (!interface.enabled || interface.addressed()) continue;
    if (open_doubt(s.host, interface.from, "address")) continue;  // it has one, only nobody knows which
    auto evidence = evidence_of(interface.stack, {&interface});
    evidence.grade = interface.address && interface.address->is_link_local() ? "link-local"
                     : interface.dhcp                                        ? "lease"
                                                                             : "none";
    if (interface.address)
      evidence.addresses = {to_string(*interface.address)};
    else if (interface.dhcp)
      evidence.addresses = {"0.0.0.0"};  // what a host shows that waits for its lease
    evidence.words = {{"interface", spoken(interface)},
                      {"address", interface.address ? to_string(*interface.address) : "no address"},
                      {"services", spoken_services({&interface})},
                      {"stack", interface.stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

namespace {

/// Which of the mask's faults an addressed interface has; empty: none.
std::string mask_fault(const Interface& interface) {
  if (!interface.addressed() || !interface.netmask) return {};
  const auto length = interface.prefix_length();
  if (!length) return "holes";
  if (*length == 0 || *length > 30) return "length";
  const auto range = *interface.range();
  if (interface.address == range.network()) return "network";
  if (interface.address == range.broadcast()) return "broadcast";
  return {};
}

}  // namespace

std::vector<Evidence> mask_invalid(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& interface : s.now.interfaces) {
    const auto fault = interface.enabled ? mask_fault(interface) : std::string();
    if (fault.empty()) continue;
    auto evidence = evidence_of(interface.stack, {&interface});
    evidence.grade = fault;
    add_origin(evidence, interface.origins, "netmask");
    evidence.addresses = {to_string(*interface.address), to_string(*interface.netmask)};
    const auto range = interface.range();
    evidence.words = {{"interface", spoken(interface)},
                      {"address", to_string(*interface.address)},
                      {"mask", to_string(*interface.netmask)},
                      {"network", range ? to_string(*range) : std::string("no network")},
                      {"services", spoken_services({&interface})},
                      {"stack", interface.stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

}  // namespace esx2esxi::rules
