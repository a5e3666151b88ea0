#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "resolve.hpp"

namespace esx2esxi::plan {

namespace {

std::string classic_name(const rules::InterfaceRef& ref) { return ref.from.empty() ? ref.name : ref.from; }

/// Names of two worlds stand side by side: "vmk1 (was vmk0)".
std::string name_on_esxi(const rules::InterfaceRef& ref) {
  return ref.from.empty() || ref.from == ref.name ? ref.name : ref.name + " (was " + ref.from + ")";
}

/// "vmk1 by 10.0.0.1", "vmk0 or vmk1 on-link", "no route"
std::string egress_text(const std::vector<rules::InterfaceRef>& interfaces,
                        std::string (*called)(const rules::InterfaceRef&), std::optional<net::Ipv4Address> next_hop) {
  if (interfaces.empty()) return "no route";
  std::vector<std::string> names;
  for (const auto& ref : interfaces) names.push_back(called(ref));
  return join(names, " or ") + (next_hop ? " by " + to_string(*next_hop) : std::string(" on-link"));
}

bool overlap(const net::Ipv4Range& a, const net::Ipv4Range& b) {
  return a.first() <= b.last() && b.first() <= a.last();
}

bool names(const std::vector<rules::InterfaceRef>& refs, const std::string& interface) {
  return std::any_of(refs.begin(), refs.end(), [&](const rules::InterfaceRef& ref) { return ref.name == interface; });
}

/// The remedy that decides: a route into the region, else what moved the interface that serves it now, else what moved
/// the one that served it before.
const readdress::Remedy* remedy_behind(const rules::EgressChange& change,
                                       const std::vector<readdress::Remedy>& remedies) {
  for (const auto& remedy : remedies)
    if (const auto network = network_of(remedy); network && overlap(net::Ipv4Range(*network), change.region))
      return &remedy;
  for (const auto* refs : {&change.after, &change.before})
    for (const auto& remedy : remedies)
      if (!remedy.interface.empty() && names(*refs, remedy.interface)) return &remedy;
  return nullptr;
}

std::string without_remedy(const rules::EgressChange& change) {
  if (change.meant) return "the interface that serves it has moved";
  if (change.is_on_link && !change.was_on_link) return "the range becomes on-link";
  return "one table serves what were two";
}

std::string why_meant(const rules::EgressChange& change, const std::vector<readdress::Remedy>& remedies) {
  const auto* remedy = remedy_behind(change, remedies);
  auto text = remedy ? phrase(*remedy) : without_remedy(change);
  if (change.meant) return "meant: " + text;
  const auto service = std::string(to_string(change.service));
  if (change.endpoints.empty()) return text + "; no known endpoint of " + service + " lies in it";
  std::vector<std::string> endpoints;
  for (const auto* endpoint : change.endpoints) endpoints.push_back(endpoint->name);
  return "reported as egress-changes: " + join(endpoints, ", ") + " lies in it";
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
                             egress_text(change.before, classic_name, change.next_hop_before),
                             egress_text(change.after, name_on_esxi, change.next_hop_after),
                             why_meant(change, remedies)});
  return proof;
}

}  // namespace esx2esxi::plan
