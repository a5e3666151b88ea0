#include "figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::render {

namespace {

/// `waits`: of a blocked host, on which nothing is carried out.
void count(Figures& f, const std::vector<rules::Finding>& findings, bool waits) {
  for (const auto& finding : findings) {
    ++f.findings;
    if (finding.severity == Severity::Error) ++f.errors;
    if (finding.severity == Severity::Warning) ++f.warnings;
    if (finding.severity < Severity::Warning) ++f.hints;
    if (finding.introduced) ++f.introduced;
    if (finding.resolution == rules::Resolution::Resolved) ++(waits ? f.waiting : f.ended);
    if (finding.resolution == rules::Resolution::Waived) ++f.waived;
    if (finding.resolution != rules::Resolution::Open) continue;
    ++f.open;
    if (finding.severity == Severity::Error) ++f.open_errors;
  }
}

void count(Figures& f, const plan::HostPlan& host) {
  ++f.hosts;
  if (host.status == plan::Status::Clean) ++f.clean;
  if (host.status == plan::Status::Resolved) ++f.resolved;
  const bool waits = host.status == plan::Status::Blocked;
  ++(waits ? f.blocked : f.moving);
  count(f, host.findings, waits);
  (waits ? f.waiting_remedies : f.remedies) += host.remedies.size();
  if (!waits && !host.remedies.empty()) ++f.remedied_hosts;
  for (const auto& remedy : host.remedies)
    if (remedy.to_be_confirmed) ++f.to_be_confirmed;
  f.steps += host.steps.size();
  for (const auto& step : host.steps)
    if (!step.interrupts.empty()) ++f.interrupting;
  f.longest = std::max(f.longest, seconds(host.steps));
  f.regions += host.proof.regions;
  f.egress_changes += host.proof.changes.size();
}

void count_held(Figures& f, const plan::Plan& plan) {
  std::set<std::string> names;
  for (const auto& held : held_clusters(plan)) names.insert(held.cluster);
  f.held_clusters = names.size();
  for (const auto& host : plan.hosts)
    if (host.status != plan::Status::Blocked && names.contains(host.cluster)) ++f.held_hosts;
}

}  // namespace

Figures figures_of(const plan::Plan& plan) {
  Figures f;
  for (const auto& host : plan.hosts) count(f, host);
  count(f, plan.findings, false);
  count_held(f, plan);
  return f;
}

std::vector<Held> held_clusters(const plan::Plan& plan) {
  std::set<std::string> blocked;
  for (const auto& host : plan.hosts)
    if (host.status == plan::Status::Blocked) blocked.insert(host.name);
  std::map<std::string, const plan::Wave*> first;
  for (const auto& wave : plan.waves)
    if (!wave.cluster.empty()) first.emplace(wave.cluster, &wave);  // outside a cluster nobody waits for another one
  std::map<std::string, Held> held;
  for (const auto& [cluster, wave] : first)
    for (const auto& name : wave->hosts)
      if (blocked.contains(name)) {
        held[cluster].cluster = cluster;
        held[cluster].blocked.push_back(name);
      }
  for (const auto& rollout : plan.rollouts)
    if (rollout.transition == plan::Transition::Refused && !rollout.cluster.empty())
      held.insert_or_assign(rollout.cluster, Held{rollout.cluster, {}});
  std::vector<Held> out;
  for (auto& [name, one] : held) out.push_back(std::move(one));
  return out;
}

std::string held_text(const Held& held) {
  if (held.blocked.empty()) return held.cluster + " (no order of its hosts is sound)";
  return fmt::format("{} ({} of its first wave {} blocked)", held.cluster, join(held.blocked, ", "),
                     held.blocked.size() == 1 ? "is" : "are");
}

std::vector<std::pair<std::string_view, std::size_t>> figure_list(const Figures& f) {
  return {{"hosts", f.hosts},
          {"hosts that move", f.moving},
          {"clean", f.clean},
          {"resolved", f.resolved},
          {"blocked", f.blocked},
          {"clusters that cannot start", f.held_clusters},
          {"hosts that wait in them", f.held_hosts},
          {"findings", f.findings},
          {"ended by the plan", f.ended},
          {"ended once blocked hosts move", f.waiting},
          {"left open", f.open},
          {"errors left open", f.open_errors},
          {"remedies", f.remedies},
          {"steps", f.steps},
          {"seconds on the longest host", f.longest},
          {"values to be confirmed", f.to_be_confirmed}};
}

std::size_t seconds(const std::vector<plan::Step>& steps) {
  std::size_t sum = 0;
  for (const auto& step : steps) sum += step.seconds;
  return sum;
}

std::string counted(std::size_t n, std::string_view one, std::string_view plural) {
  auto text = std::to_string(n) + " ";
  if (n == 1) return text.append(one);
  return plural.empty() ? text.append(one).append("s") : text.append(plural);
}

}  // namespace esx2esxi::render
