#include "esx2esxi/rules/judge.hpp"

#include <algorithm>
#include <stdexcept>

#include "esx2esxi/rules/predicates.hpp"
#include "waivers.hpp"

namespace esx2esxi::rules {

std::string_view to_string(Resolution resolution) {
  switch (resolution) {
    case Resolution::Open: return "open";
    case Resolution::Waived: return "waived";
    case Resolution::Resolved: return "resolved";
  }
  return "open";
}

namespace {

/// The policy's word on a rule: none: it says nothing.
struct Ordered {
  bool off = false;
  std::optional<Severity> severity;
};

Ordered ordered(const model::Policy& policy, const std::string& slug) {
  const auto it = policy.severities.find(slug);
  if (it == policy.severities.end()) return {};
  return {!it->second.first.has_value(), it->second.first};
}

const PredicateEntry& predicate_of(const Rule& rule) {
  const auto* entry = find_predicate(rule.predicate);
  if (!entry) throw std::logic_error("no predicate '" + rule.predicate + "'");  // reading the catalogue refuses that
  return *entry;
}

Finding finding_of(const Rule& rule, const Ordered& order, Evidence evidence) {
  const auto* grade = evidence.grade.empty() ? nullptr : rule.grade(evidence.grade);
  Finding finding;
  finding.rule = rule.slug;
  finding.severity = order.severity.value_or(grade ? grade->severity : rule.severity);
  finding.stack = std::move(evidence.stack);
  finding.interfaces = std::move(evidence.interfaces);
  finding.addresses = std::move(evidence.addresses);
  finding.endpoints = std::move(evidence.endpoints);
  finding.introduced = evidence.introduced;
  finding.message = expand(grade && !grade->message.empty() ? grade->message : rule.message, evidence.words);
  finding.kb = rule.kb;
  finding.origins = std::move(evidence.origins);
  finding.hosts = std::move(evidence.hosts);
  finding.scope = std::move(evidence.scope);
  std::sort(finding.hosts.begin(), finding.hosts.end());
  finding.hosts.erase(std::unique(finding.hosts.begin(), finding.hosts.end()), finding.hosts.end());
  return finding;
}

}  // namespace

std::vector<Finding> judge_host(const Situation& situation, const Catalogue& catalogue, model::Date today) {
  std::vector<Finding> findings;
  for (const auto& rule : catalogue.rules) {
    const auto& entry = predicate_of(rule);
    const auto order = ordered(situation.policy, rule.slug);
    if (!entry.host || order.off) continue;
    for (auto& evidence : entry.host(situation)) {
      findings.push_back(finding_of(rule, order, std::move(evidence)));
      waive(findings.back(), situation.policy, nullptr, &situation.host, today);
    }
  }
  return findings;
}

std::vector<Finding> judge_estate(const model::Estate& estate, const std::vector<const model::State*>& now,
                                  const model::Policy& policy, const Catalogue& catalogue, model::Date today,
                                  Stage stage) {
  const EstateSituation situation{estate, now, policy, stage};
  std::vector<Finding> findings;
  for (const auto& rule : catalogue.rules) {
    const auto& entry = predicate_of(rule);
    const auto order = ordered(policy, rule.slug);
    if (!entry.estate || order.off) continue;
    for (auto& evidence : entry.estate(situation)) {
      findings.push_back(finding_of(rule, order, std::move(evidence)));
      waive(findings.back(), policy, &estate, nullptr, today);
    }
  }
  return findings;
}

bool counts(const Finding& finding) { return finding.resolution == Resolution::Open; }

Severity worst(const std::vector<Finding>& findings) {
  auto severity = Severity::Note;
  for (const auto& finding : findings)
    if (counts(finding)) severity = std::max(severity, finding.severity);
  return severity;
}

}  // namespace esx2esxi::rules
