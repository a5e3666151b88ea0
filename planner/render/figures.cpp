#include "figures.hpp"

#include <algorithm>

namespace esx2esxi::render {

namespace {

void count(Figures& f, const std::vector<rules::Finding>& findings) {
  for (const auto& finding : findings) {
    ++f.findings;
    if (finding.severity == Severity::Error) ++f.errors;
    if (finding.severity == Severity::Warning) ++f.warnings;
    if (finding.severity < Severity::Warning) ++f.hints;
    if (finding.introduced) ++f.introduced;
    if (finding.resolution == rules::Resolution::Resolved) ++f.ended;
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
  if (host.status == plan::Status::Blocked) ++f.blocked;
  count(f, host.findings);
  f.remedies += host.remedies.size();
  if (!host.remedies.empty()) ++f.remedied_hosts;
  for (const auto& remedy : host.remedies)
    if (remedy.to_be_confirmed) ++f.to_be_confirmed;
  f.steps += host.steps.size();
  for (const auto& step : host.steps)
    if (!step.interrupts.empty()) ++f.interrupting;
  f.longest = std::max(f.longest, seconds(host.steps));
  f.regions += host.proof.regions;
  f.egress_changes += host.proof.changes.size();
}

}  // namespace

Figures figures_of(const plan::Plan& plan) {
  Figures f;
  for (const auto& host : plan.hosts) count(f, host);
  count(f, plan.findings);
  return f;
}

std::vector<std::pair<std::string_view, std::size_t>> figure_list(const Figures& f) {
  return {{"hosts", f.hosts},
          {"clean", f.clean},
          {"resolved", f.resolved},
          {"blocked", f.blocked},
          {"findings", f.findings},
          {"ended by the plan", f.ended},
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
