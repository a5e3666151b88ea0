// Egress: where packets left before, and where they leave now.
#include <algorithm>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Endpoint;
using model::Interface;

namespace {

/// Error if a known endpoint lies in it; warning if a service's packets were routed there; a region that becomes
/// on-link or was on-link is of interest only with an endpoint (Reading 12).
std::string grade_of(const EgressChange& change) {
  if (change.meant) return {};
  if (!change.endpoints.empty()) return "endpoint";
  return change.was_on_link || change.is_on_link ? "" : "routed";
}

bool same_change(const EgressChange& a, const EgressChange& b) {
  return a.service == b.service && a.before == b.before && a.after == b.after &&
         a.next_hop_before == b.next_hop_before && a.next_hop_after == b.next_hop_after &&
         a.was_on_link == b.was_on_link && a.is_on_link == b.is_on_link;
}

/// Changes of one finding: one region, or several without endpoints that only other regions keep apart.
struct Group {
  std::string grade;
  std::vector<const EgressChange*> changes;
};

std::vector<Group> grouped(const std::vector<EgressChange>& changes) {
  std::vector<Group> groups;
  for (const auto& change : changes) {
    const auto grade = grade_of(change);
    if (grade.empty()) continue;
    const auto joins = [&](const Group& g) { return g.grade == "routed" && same_change(*g.changes.front(), change); };
    const auto it = grade == "routed" ? std::find_if(groups.begin(), groups.end(), joins) : groups.end();
    if (it != groups.end())
      it->changes.push_back(&change);
    else
      groups.push_back({grade, {&change}});
  }
  return groups;
}

std::string spoken_ref(const InterfaceRef& ref) {
  return ref.from.empty() || ref.from == ref.name ? ref.name : fmt::format("{} (was {})", ref.name, ref.from);
}

std::string way_text(const std::vector<InterfaceRef>& interfaces, std::string_view called_by,
                     std::optional<net::Ipv4Address> next_hop) {
  if (interfaces.empty()) return "no way at all";
  std::vector<std::string> names;
  for (const auto& ref : interfaces) names.push_back(called_by == "from" ? ref.from : spoken_ref(ref));
  return listed(names, " or ") + (next_hop ? fmt::format(" through {}", *next_hop) : std::string(" directly"));
}

void add_ref(Evidence& evidence, const InterfaceRef& ref) {
  if (std::find(evidence.interfaces.begin(), evidence.interfaces.end(), ref) == evidence.interfaces.end())
    evidence.interfaces.push_back(ref);
}

/// Those that carry the service, those its packets left by, those they leave by.
void add_interfaces(Evidence& evidence, const Situation& s, const EgressChange& change) {
  for (const auto& carrier : s.host.before.interfaces) {
    if (!carrier.enabled || !carrier.services.has(change.service)) continue;
    const auto* now = s.now.interface_from(carrier.from);
    add_ref(evidence, ref(now ? *now : carrier));
    add_origin(evidence, carrier.origins, "address");
  }
  for (const auto& interface : change.before) add_ref(evidence, interface);
  for (const auto& interface : change.after) add_ref(evidence, interface);
}

std::string regions_text(const Group& group) {
  constexpr std::size_t kShown = 3;
  std::vector<std::string> parts;
  for (const auto* change : group.changes) {
    if (parts.size() == kShown) break;
    parts.push_back(spoken(change->region));
  }
  if (group.changes.size() > parts.size())
    parts.push_back(fmt::format("{} more region(s)", group.changes.size() - parts.size()));
  return listed(parts);
}

Evidence evidence_of_group(const Situation& s, const Group& group) {
  const auto& change = *group.changes.front();
  Evidence evidence;
  evidence.grade = group.grade == "endpoint" && change.after.empty() ? "unreachable" : group.grade;
  if (group.grade == "routed" && change.after.empty()) evidence.grade = "routed-unreachable";
  const auto stacks = model::stacks_of(s.now, change.service);
  evidence.stack = stacks.empty() ? std::string(model::kDefaultStack) : stacks.front();
  add_interfaces(evidence, s, change);
  std::vector<std::string> names;
  for (const auto* endpoint : change.endpoints) {
    evidence.addresses.push_back(to_string(endpoint->address));
    evidence.endpoints.push_back(fmt::format("{} {}", endpoint->name, endpoint->address));
    add_origin(evidence, endpoint->at);
    if (names.size() < 5) names.push_back(fmt::format("{} ({})", endpoint->name, endpoint->address));
  }
  if (change.endpoints.size() > names.size())
    names.push_back(fmt::format("{} more", change.endpoints.size() - names.size()));
  if (change.endpoints.empty())
    for (const auto* each : group.changes) evidence.addresses.push_back(spoken(each->region));
  evidence.introduced = true;
  evidence.words = {{"service", spoken(change.service)},
                    {"region", regions_text(group)},
                    {"endpoints", names.empty() ? std::string("no known endpoint") : listed(names)},
                    {"before", way_text(change.before, "from", change.next_hop_before)},
                    {"after", way_text(change.after, "name", change.next_hop_after)},
                    {"harm", harm(model::Services{change.service})},
                    {"stack", evidence.stack}};
  return evidence;
}

}  // namespace

std::vector<Evidence> egress_changes(const Situation& s) {
  const auto comparison = compare_egress(s);
  std::vector<Evidence> found;
  for (const auto& group : grouped(comparison.changes)) found.push_back(evidence_of_group(s, group));
  return found;
}

namespace {

/// Interfaces of the longest range that holds the address.
Members nearest(const Members& members, net::Ipv4Address address) {
  auto tie = holding(members, address);
  unsigned longest = 0;
  for (const auto* member : tie) longest = std::max(longest, member->range()->length());
  std::erase_if(tie, [&](const Interface* i) { return i->range()->length() < longest; });
  return tie;
}

/// Legal groups may tie: their traffic does not follow the table. A multi-NIC vMotion beside another interface is none,
/// as for same-subnet: what is meant for that interface may leave by any of them. One unbound interface beside a bound
/// group is `unbound-beside-bound`, which says that all but iSCSI may leave by any of them.
void leave_legal_groups_out(Members& tie, const Situation& s) {
  std::erase_if(tie, [&](const Interface* i) { return legally_bound(s.now, *i); });
  if (legal_multi_nic(tie, s.target)) tie.clear();
}

/// The names of all endpoints with one address.
std::vector<const Endpoint*> distinct_addresses(const Situation& s) {
  std::vector<const Endpoint*> found;
  for (const auto& endpoint : s.endpoints)
    if (!is_own(s.now, endpoint.address)) found.push_back(&endpoint);
  std::stable_sort(found.begin(), found.end(),
                   [](const Endpoint* a, const Endpoint* b) { return a->address < b->address; });
  return found;
}

}  // namespace

std::vector<Evidence> egress_ambiguous(const Situation& s) {
  std::vector<Evidence> found;
  const auto endpoints = distinct_addresses(s);
  for (const auto stack : stacks_in(s.now)) {
    const auto members = in_range_tests(s.now, stack);
    if (members.size() < 2) continue;
    for (auto it = endpoints.begin(); it != endpoints.end();) {
      const auto address = (*it)->address;
      const auto end = std::find_if(it, endpoints.end(), [&](const Endpoint* e) { return e->address != address; });
      auto tie = nearest(members, address);
      if (tie.size() > 1) leave_legal_groups_out(tie, s);
      if (tie.size() > 1) {
        auto evidence = evidence_of(stack, tie);
        evidence.addresses = {to_string(address)};
        std::vector<std::string> names;
        model::Services services;
        for (; it != end; ++it) {
          services.add((*it)->service);
          evidence.endpoints.push_back(fmt::format("{} {}", (*it)->name, address));
          add_origin(evidence, (*it)->at);
          names.push_back((*it)->name);
        }
        evidence.introduced = introduced(s, tie);
        evidence.words = {
            {"endpoint", listed(names)},      {"address", to_string(address)}, {"members", spoken_with_addresses(tie)},
            {"likely", spoken(*tie.front())}, {"harm", harm(services)},        {"stack", std::string(stack)}};
        found.push_back(std::move(evidence));
      }
      it = end;
    }
  }
  return found;
}

}  // namespace esx2esxi::rules
