#include "waivers.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::rules {

using model::Host;
using model::Policy;
using model::Waiver;

namespace {

bool in_cluster(const Host& host, const Policy& policy, std::string_view cluster) {
  if (equals_ignoring_case(host.cluster, cluster)) return true;
  const auto* named = host.cluster.empty() ? policy.cluster_of(host.name, host.fqdn) : nullptr;
  return named && equals_ignoring_case(named->name, cluster);
}

/// By the name on the classic host; by the one in the state judged only where no classic interface has that name, so
/// that a waiver for vmk1 never covers what the mapping calls vmk1.
bool names_interface(const Waiver& waiver, const Finding& finding, const Host& host) {
  if (waiver.interface.empty()) return true;
  const bool classic = host.before.interface(waiver.interface) != nullptr;
  return std::any_of(finding.interfaces.begin(), finding.interfaces.end(), [&](const InterfaceRef& ref) {
    if (!ref.host.empty() && ref.host != host.name) return false;
    return classic ? ref.from == waiver.interface : ref.name == waiver.interface;
  });
}

bool covers(const Waiver& waiver, const Finding& finding, const Policy& policy, const Host& host) {
  if (!waiver.host.empty() && !model::names_host(waiver.host, host.name, host.fqdn)) return false;
  if (!waiver.cluster.empty() && !in_cluster(host, policy, waiver.cluster)) return false;
  return names_interface(waiver, finding, host);
}

/// A finding of a cluster as a whole needs a waiver for the cluster; one of several hosts is covered by a waiver for
/// one of them, or for a cluster that holds them all.
bool covers(const Waiver& waiver, const Finding& finding, const Policy& policy, const model::Estate& estate) {
  std::vector<const Host*> hosts;
  for (const auto& host : estate.hosts)
    if (std::find(finding.hosts.begin(), finding.hosts.end(), host.name) != finding.hosts.end()) hosts.push_back(&host);
  const bool of_cluster = finding.scope != join(finding.hosts, " ");
  if (of_cluster && !equals_ignoring_case(finding.scope, waiver.cluster)) return false;
  if (waiver.host.empty() && !hosts.empty())
    return std::all_of(hosts.begin(), hosts.end(),
                       [&](const Host* host) { return in_cluster(*host, policy, waiver.cluster); });
  return std::any_of(hosts.begin(), hosts.end(),
                     [&](const Host* host) { return covers(waiver, finding, policy, *host); });
}

bool in_force(const Waiver& waiver, model::Date today) { return !waiver.is_void() && today <= *waiver.expires; }

/// Names the waiver's place too, so that it can be told which waivers were used.
std::string why_text(const Waiver& waiver) {
  auto text = fmt::format("{} ({}, until {}", waiver.reason, waiver.owner, to_string(*waiver.expires));
  if (waiver.at.known()) text += fmt::format(", {}", waiver.at);
  return text + ")";
}

std::string lacking(const Waiver& waiver) {
  std::vector<std::string> parts;
  if (waiver.reason.empty()) parts.emplace_back("a reason");
  if (waiver.owner.empty()) parts.emplace_back("an owner");
  if (!waiver.expires) parts.emplace_back("an expiry");
  if (waiver.host.empty() && waiver.cluster.empty()) parts.emplace_back("a host or a cluster");
  return join(parts, ", ");
}

bool was_used(const Waiver& waiver, const std::vector<const std::vector<Finding>*>& findings) {
  const auto why = why_text(waiver);
  return std::any_of(findings.begin(), findings.end(), [&](const std::vector<Finding>* list) {
    return std::any_of(list->begin(), list->end(), [&](const Finding& finding) {
      return finding.resolution == Resolution::Waived && finding.rule == waiver.rule && finding.why == why;
    });
  });
}

}  // namespace

void waive(Finding& finding, const Policy& policy, const model::Estate* estate, const Host* host, model::Date today) {
  for (const auto& waiver : policy.waivers) {
    if (waiver.rule != finding.rule || !in_force(waiver, today)) continue;
    if (!(host ? covers(waiver, finding, policy, *host) : estate && covers(waiver, finding, policy, *estate))) continue;
    finding.resolution = Resolution::Waived;
    finding.why = why_text(waiver);
    return;
  }
}

Diagnostics waiver_notes(const Policy& policy, const std::vector<const std::vector<Finding>*>& findings,
                         model::Date today) {
  Diagnostics notes;
  const auto warn = [&](const Waiver& waiver, std::string code, std::string message, std::string remedy) {
    notes.push_back({Severity::Warning, std::move(code), waiver.at, std::move(message), std::move(remedy)});
  };
  for (const auto& waiver : policy.waivers) {
    if (waiver.is_void())
      warn(waiver, "waiver-void",
           fmt::format("the waiver of '{}' lacks {}: it waives nothing", waiver.rule, lacking(waiver)),
           "complete it or remove it");
    else if (!in_force(waiver, today))
      warn(waiver, "waiver-expired",
           fmt::format("the waiver of '{}' ran out on {}: it waives nothing", waiver.rule, to_string(*waiver.expires)),
           "renew it with its owner's consent or remove it");
    else if (!was_used(waiver, findings))
      warn(waiver, "waiver-unused", fmt::format("the waiver of '{}' met no finding", waiver.rule), "remove it");
  }
  return notes;
}

}  // namespace esx2esxi::rules
