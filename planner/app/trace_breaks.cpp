// Which rules a packet's way breaks. The destination is judged as though the policy named it as an endpoint, so that
// the rules say of it what they would say of a server.
#include <algorithm>
#include <array>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "trace_story.hpp"

namespace esx2esxi::app {

using model::Endpoint;
using model::TableRow;
using net::Ipv4Address;
using net::Ipv4Prefix;
using rules::Finding;

namespace {

/// The rules about a packet's way; the others are about other things than where it goes.
constexpr std::array<std::string_view, 12> kOfTheWay{
    "same-subnet",          "overlapping-masks",       "one-subnet-two-vlans", "unbound-beside-bound",
    "two-default-gateways", "gateway-off-subnet",      "gateway-not-a-host",   "gateway-ambiguous",
    "no-default-gateway",   "route-next-hop-off-link", "egress-changes",       "egress-ambiguous"};

rules::Catalogue rules_of_the_way() {
  rules::Catalogue some;
  for (const auto& rule : rules::built_in_catalogue().rules)
    if (std::find(kOfTheWay.begin(), kOfTheWay.end(), rule.slug) != kOfTheWay.end()) some.rules.push_back(rule);
  return some;
}

/// "10.0.0.5/24" as the network it stands in.
std::optional<Ipv4Prefix> network_in(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = slash == std::string_view::npos ? std::nullopt : [&]() -> std::optional<Ipv4Address> {
    const auto parsed = Ipv4Address::parse(text.substr(0, slash));
    return parsed ? std::optional(*parsed) : std::nullopt;
  }();
  const auto length = address ? number(text.substr(slash + 1)) : std::nullopt;
  return length && *length <= 32 ? Ipv4Prefix::containing(*address, static_cast<unsigned>(*length)) : std::nullopt;
}

/// The lines that decide: the winners and the useless ones that would have come before them.
std::vector<const TableRow*> deciding(const Answer& answer) {
  std::vector<const TableRow*> rows;
  std::optional<Ipv4Prefix> won;
  for (const auto& candidate : answer.story.candidates) {
    if (won && candidate.row.network != *won) break;
    if (candidate.wins) won = candidate.row.network;
    rows.push_back(&candidate.row);
  }
  return rows;
}

bool about_next_hop(const Answer& answer, std::string_view hop, const std::vector<Ipv4Prefix>& networks) {
  const auto rows = deciding(answer);
  return std::any_of(rows.begin(), rows.end(), [&](const TableRow* row) {
    return row->next_hop && to_string(*row->next_hop) == hop &&
           (networks.empty() || std::find(networks.begin(), networks.end(), row->network) != networks.end());
  });
}

/// By what the finding names: the destination itself; a next hop of the lines that decide; networks that all hold the
/// address that is looked for on the link.
bool concerns(const Finding& finding, const Answer& answer) {
  if (finding.stack != answer.stack) return false;
  if (finding.rule == "no-default-gateway") return answer.interfaces.empty();
  if (!finding.endpoints.empty()) {
    const auto tail = fmt::format(" {}", answer.to);
    return std::any_of(finding.endpoints.begin(), finding.endpoints.end(),
                       [&](const std::string& endpoint) { return endpoint.ends_with(tail); });
  }
  std::vector<Ipv4Prefix> networks;
  std::vector<std::string_view> hops;
  for (const auto& text : finding.addresses) {
    if (const auto network = network_in(text))
      networks.push_back(*network);
    else
      hops.push_back(text);
  }
  if (!hops.empty())
    return std::any_of(hops.begin(), hops.end(),
                       [&](std::string_view hop) { return about_next_hop(answer, hop, networks); });
  const auto sought = answer.next_hop.value_or(answer.to);
  return !answer.interfaces.empty() && !networks.empty() &&
         std::all_of(networks.begin(), networks.end(), [&](const Ipv4Prefix& n) { return n.contains(sought); });
}

}  // namespace

std::vector<Endpoint> destinations(const model::Host& host, const std::vector<Endpoint>& known,
                                   const std::vector<model::Service>& asked, Ipv4Address to) {
  model::Services wanted;
  std::vector<Endpoint> named;
  for (const auto& endpoint : known)
    if (endpoint.address == to) named.push_back(endpoint);
  for (const auto service : asked) wanted.add(service);
  if (asked.empty())
    for (const auto& endpoint : named) wanted.add(endpoint.service);
  if (wanted.empty())
    for (const auto& interface : host.before.interfaces)
      if (interface.enabled) wanted.merge(interface.services);
  std::vector<Endpoint> all;
  for (const auto service : wanted.list()) {
    const auto it = std::find_if(named.begin(), named.end(), [&](const Endpoint& e) { return e.service == service; });
    Endpoint endpoint;
    endpoint.name = "the destination";
    endpoint.address = to;
    endpoint.service = service;
    all.push_back(it == named.end() ? std::move(endpoint) : *it);
  }
  return all;
}

std::vector<Finding> findings_of(const Session& session, const model::Host& host, const TracedState& state,
                                 const std::vector<Endpoint>& destinations) {
  static const auto kRules = rules_of_the_way();
  const rules::Situation situation{host,           state.mapping,  *state.state,       destinations,
                                   session.policy, session.target, state.mapping.path, state.stage};
  return rules::judge_host(situation, kRules, session.today);
}

std::vector<Broken> broken_by(const std::vector<Finding>& findings, const Answer& answer) {
  std::vector<Broken> broken;
  for (const auto& finding : findings) {
    if (finding.severity < Severity::Warning || !concerns(finding, answer)) continue;
    Broken one{finding.rule, finding.severity, finding.message, finding.resolution == rules::Resolution::Waived};
    if (std::find(broken.begin(), broken.end(), one) == broken.end()) broken.push_back(std::move(one));
  }
  return broken;
}

}  // namespace esx2esxi::app
