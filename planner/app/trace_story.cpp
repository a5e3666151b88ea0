// The story in words: which lines of the table hold the destination, why one of them wins, what the answer needs.
#include "trace_story.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::app {

using model::Endpoint;
using model::TableRow;
using net::Ipv4Address;

namespace {

/// "a, b and c"
std::string listed(const std::vector<std::string>& parts, std::string_view last = " and ") {
  if (parts.size() < 2) return join(parts, "");
  return join({parts.begin(), parts.end() - 1}, ", ") + std::string(last) + parts.back();
}

std::vector<const model::Interface*> interfaces_of(const TracedStack& stack, const TableRow& row) {
  std::vector<const model::Interface*> found;
  for (const auto id : row.interfaces) found.push_back(&model::interface_of(*stack.in->state, id));
  return found;
}

const Candidate* winner_of(const Answer& answer) {
  const auto& all = answer.story.candidates;
  const auto it = std::find_if(all.begin(), all.end(), [](const Candidate& c) { return c.wins; });
  return it == all.end() ? nullptr : &*it;
}

std::string what_is(const Candidate& candidate) {
  switch (candidate.row.kind) {
    case TableRow::Kind::Connected: return "the network of " + listed(candidate.interfaces);
    case TableRow::Kind::Static: return "a static route through " + to_string(*candidate.row.next_hop);
    case TableRow::Kind::Default: return "the default gateway " + to_string(*candidate.row.next_hop);
  }
  return {};
}

std::string fault_text(const TableRow& row) {
  const auto hop = row.next_hop ? to_string(*row.next_hop) : std::string();
  switch (row.fault) {
    case TableRow::Fault::None: return {};
    case TableRow::Fault::Shadowed: return fmt::format("a connected network is equal to {}", row.network);
    case TableRow::Fault::OffLink: return fmt::format("its next hop {} is in no network of this stack", hop);
    case TableRow::Fault::Own: return fmt::format("its next hop {} is an address of the host itself", hop);
  }
  return {};
}

/// Lines that would have come first if they were of any use.
std::string useless_text(const Answer& answer) {
  std::string text;
  for (const auto& candidate : answer.story.candidates) {
    if (candidate.wins) break;
    if (candidate.row.fault == TableRow::Fault::None) continue;
    text += fmt::format("{} by {} is of no use: {}. ", candidate.row.network, what_is(candidate),
                        fault_text(candidate.row));
  }
  return text;
}

std::string choice_text(const Answer& answer, const Candidate& winner) {
  std::set<net::Ipv4Prefix> prefixes;
  for (const auto& candidate : answer.story.candidates)
    if (candidate.row.fault == TableRow::Fault::None) prefixes.insert(candidate.row.network);
  const auto rank = prefixes.size() == 1 ? std::string("the only prefix of the table that holds it")
                                         : fmt::format("the longest of {} prefixes that hold it", prefixes.size());
  auto text = fmt::format("{}, {}, is {}", winner.row.network, what_is(winner), rank);
  if (winner.row.next_hop)
    text += fmt::format("; {} is a neighbour of {}", *winner.row.next_hop, listed(winner.interfaces));
  return text + ".";
}

std::string tie_text(const Answer& answer) {
  if (!answer.ambiguous) return {};
  std::vector<std::string> names;
  for (const auto& interface : answer.interfaces) names.push_back(interface.name);
  if (names.size() == 1) return " Several routes of this prefix tie; the one that is named first is the likely one.";
  return fmt::format(
      " {} tie: VMware leaves undefined which of them is used. {} was created first and is the likely one; the others "
      "do not take over when its link fails.",
      listed(names), names.front());
}

/// Traffic that does not follow the table although it goes to this destination.
std::string exceptions_text(const TracedStack& stack, const Answer& answer, const Candidate& winner,
                            const std::vector<Endpoint>& destinations) {
  std::string text;
  model::Services services;
  for (const auto& destination : destinations) services.add(destination.service);
  const auto tied = interfaces_of(stack, winner.row);
  const bool bound =
      std::all_of(tied.begin(), tied.end(), [](const model::Interface* i) { return !i->bound_to.empty(); });
  if (bound && services.has(model::Service::Iscsi))
    text += fmt::format(" iSCSI sessions do not follow the table here: each bound interface ({}) opens its own.",
                        listed(winner.interfaces));
  if (!answer.next_hop) return text;
  for (const auto& interface : stack.in->state->interfaces)
    if (interface.enabled && interface.stack == stack.name && interface.gateway_override &&
        interface.services.intersects(services))
      text += fmt::format(" {} has a gateway of its own, {}: what is bound to {} leaves by it, past this table.",
                          interface.name, *interface.gateway_override, interface.name);
  return text;
}

}  // namespace

std::vector<Candidate> candidates_of(const TracedStack& stack, Ipv4Address to) {
  const auto& egress = stack.table.lookup(to);
  std::vector<Candidate> candidates;
  for (auto& row : model::rows_holding(*stack.in->state, stack.name, stack.table, to)) {
    Candidate candidate;
    candidate.wins = egress.reachable() && row.fault == TableRow::Fault::None && row.network == egress.by;
    for (const auto* interface : interfaces_of(stack, row)) candidate.interfaces.push_back(interface->name);
    candidate.row = std::move(row);
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

std::string why_text(const TracedStack& stack, const Answer& answer, const std::vector<Endpoint>& destinations) {
  for (const auto& interface : stack.in->state->interfaces)
    if (interface.enabled && interface.stack == stack.name && interface.address == answer.to)
      return fmt::format("{} is {}'s own address: packets to it do not leave the host.", answer.to, interface.name);
  const auto useless = useless_text(answer);
  const auto* winner = winner_of(answer);
  if (!winner && useless.empty())
    return "Nothing in the table holds it: no network of an interface, no static route, no default gateway.";
  if (!winner) return useless + "Nothing else in the table holds it.";
  return useless + choice_text(answer, *winner) + tie_text(answer) +
         exceptions_text(stack, answer, *winner, destinations);
}

namespace {

std::string vlan_text(const model::Interface& interface) {
  if (!interface.vlan) return {};
  return interface.vlan->value() == 0 ? ", untagged," : fmt::format(" on VLAN {}", interface.vlan->value());
}

/// What the policy says of who may talk to the destination; none: nothing.
const model::PolicyEndpoint* guarded(const model::Policy& policy, Ipv4Address to) {
  for (const auto& endpoint : policy.endpoints)
    if (endpoint.address == to && !endpoint.allowed_sources.empty()) return &endpoint;
  return nullptr;
}

std::string doors_text(Story& story, const model::PolicyEndpoint* guard) {
  std::vector<std::string> sources;
  for (const auto source : story.sources) sources.push_back(to_string(source));
  if (!guard) return fmt::format(" It must let in {}.", listed(sources));
  const auto is_let_in = [&](Ipv4Address source) {
    return std::any_of(guard->allowed_sources.begin(), guard->allowed_sources.end(),
                       [&](const net::Ipv4Range& range) { return range.contains(source); });
  };
  std::vector<std::string> refused;
  for (const auto source : story.sources)
    if (!is_let_in(source)) refused.push_back(to_string(source));
  story.let_in = refused.empty();
  if (refused.empty()) return fmt::format(" It lets in {}.", listed(sources));
  std::vector<std::string> allowed;
  for (const auto& range : guard->allowed_sources) allowed.push_back(to_string(range));
  return fmt::format(" It does not let in {}, only {} ({}).", listed(refused, " or "), listed(allowed), guard->at);
}

}  // namespace

void tell_way_back(Story& story, const TracedStack& stack, const Answer& answer, const model::Policy& policy,
                   std::optional<Ipv4Address> earlier) {
  const auto* winner = winner_of(answer);
  if (!winner || !answer.source) return;
  const auto& likely = *interfaces_of(stack, winner->row).front();
  const auto network = *likely.range();
  if (answer.next_hop)
    story.way_back =
        fmt::format("The answer goes to {}: the destination's router needs a way back to {}.", *answer.source, network);
  else
    story.way_back = fmt::format("The answer goes to {} directly: the destination must be in {}{} with that mask.",
                                 *answer.source, network, vlan_text(likely));
  if (story.sources.size() > 1)
    story.way_back += " Whichever address the packet carries, the answer comes to the interface that has it.";
  story.way_back += doors_text(story, guarded(policy, answer.to));
  if (earlier && earlier != answer.source)
    story.way_back +=
        fmt::format(" Until now it saw {}: exports, access lists and firewalls that name it must follow.", *earlier);
}

}  // namespace esx2esxi::app
