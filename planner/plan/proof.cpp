#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

namespace {

/// "vmk1 by 10.0.0.1", "vmk0 or vmk1 on-link", "no route"
std::string egress_text(const std::vector<rules::InterfaceRef>& interfaces, std::string rules::InterfaceRef::*called,
                        std::optional<net::Ipv4Address> next_hop) {
  if (interfaces.empty()) return "no route";
  std::vector<std::string> names;
  for (const auto& ref : interfaces) names.push_back(ref.*called);
  return join(names, " or ") + (next_hop ? " by " + to_string(*next_hop) : std::string(" on-link"));
}

bool names_interface(const rules::EgressChange& change, const std::string& mapped_name) {
  const auto is_it = [&](const rules::InterfaceRef& ref) { return ref.name == mapped_name; };
  return std::any_of(change.after.begin(), change.after.end(), is_it);
}

bool overlap(const net::Ipv4Range& a, const net::Ipv4Range& b) {
  return a.first() <= b.last() && b.first() <= a.last();
}

/// The interfaces that carry the traffic were other ones before.
bool moved_interface(const rules::EgressChange& change) {
  return std::none_of(change.after.begin(), change.after.end(), [&](const rules::InterfaceRef& after) {
    return std::any_of(change.before.begin(), change.before.end(),
                       [&](const rules::InterfaceRef& before) { return before.from == after.from; });
  });
}

std::string remedy_behind(const rules::EgressChange& change, const std::vector<readdress::Remedy>& remedies) {
  for (const auto& remedy : remedies)
    if (!remedy.interface.empty() && names_interface(change, remedy.interface)) return phrase(remedy);
  for (const auto& remedy : remedies) {
    const auto& route = remedy.to_value.empty() ? remedy.from_value : remedy.to_value;  // "10.0.40.0/24 by 10.0.30.254"
    const auto network = net::Ipv4Prefix::parse(route.substr(0, route.find(' ')));
    if (remedy.interface.empty() && network && overlap(net::Ipv4Range(*network), change.region)) return phrase(remedy);
  }
  return {};
}

std::string why_meant(const rules::EgressChange& change, const std::vector<readdress::Remedy>& remedies) {
  const auto remedy = remedy_behind(change, remedies);
  if (change.meant && !remedy.empty()) return "meant: " + remedy;
  if (change.meant) return "meant: the same interface serves it after the plan";
  if (!change.endpoints.empty()) {
    std::vector<std::string> names;
    for (const auto* endpoint : change.endpoints) names.push_back(endpoint->name);
    return "reported as egress-changes: " + join(names, ", ") + " lies in it";
  }
  if (change.is_on_link && !change.was_on_link) return "the range becomes on-link and no known endpoint lies in it";
  if (moved_interface(change)) return "one table serves both old stacks and no known endpoint lies in the region";
  return "no known endpoint lies in the region";
}

std::size_t ties(const model::State& state) {
  std::size_t count = 0;
  for (const auto& stack : state.stacks) {
    const auto table = model::table_of(state, stack.name);
    for (const auto& region : table.regions())
      if (table.egress(region).ambiguous()) ++count;
  }
  return count;
}

}  // namespace

Proof prove(const rules::Situation& planned, const std::vector<readdress::Remedy>& remedies) {
  const auto comparison = rules::compare_egress(planned);
  Proof proof;
  proof.regions = comparison.examined;
  proof.ambiguous = ties(planned.now);
  for (const auto& change : comparison.changes)
    proof.changes.push_back({std::string(to_string(change.service)), to_string(change.region),
                             egress_text(change.before, &rules::InterfaceRef::from, change.next_hop_before),
                             egress_text(change.after, &rules::InterfaceRef::name, change.next_hop_after),
                             why_meant(change, remedies)});
  return proof;
}

}  // namespace esx2esxi::plan
