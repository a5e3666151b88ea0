// change-request.md as a whole.
#include "markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "changes.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "figures.hpp"
#include "files.hpp"
#include "sentences.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kInputsShown = 500;  // plan.json has them all

Rows sentence_rows(const std::vector<std::string>& sentences) {
  Rows rows;
  for (const auto& sentence : sentences) rows.push_back({{"sentence", cell(sentence)}});
  return rows;
}

struct RuleCount {
  Severity worst = Severity::Note;
  std::size_t count = 0;
  std::size_t introduced = 0;
  const rules::Finding* example = nullptr;
};

void count_rules(std::map<std::string, RuleCount>& counts, const std::vector<rules::Finding>& findings) {
  for (const auto& finding : findings) {
    auto& c = counts[finding.rule];
    ++c.count;
    if (finding.introduced) ++c.introduced;
    c.worst = std::max(c.worst, finding.severity);
    if (!c.example) c.example = &finding;
  }
}

/// One row a rule: the worst first, then the most frequent.
Rows reason_rows(const plan::Plan& plan) {
  std::map<std::string, RuleCount> counts;
  for (const auto& host : plan.hosts) count_rules(counts, host.findings);
  count_rules(counts, plan.findings);
  std::vector<std::pair<std::string, RuleCount>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.second.worst != b.second.worst) return a.second.worst > b.second.worst;
    return a.second.count > b.second.count;
  });
  Rows rows;
  for (const auto& [rule, c] : order)
    rows.push_back({{"rule", cell(rule)},
                    {"severity", to_string(c.worst)},
                    {"count", std::to_string(c.count)},
                    {"introduced", std::to_string(c.introduced)},
                    {"message", cell(c.example->message)},
                    {"kb", cell(c.example->kb)}});
  return rows;
}

Rows scope_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& host : plan.hosts)
    rows.push_back({{"host", cell(host.name)},
                    {"from", cell(product_of(host))},
                    {"cluster", cell(host.cluster)},
                    {"status", to_string(host.status)},
                    {"interfaces", std::to_string(host.after.interfaces.size())},
                    {"remedies", std::to_string(host.remedies.size())},
                    {"findings", std::to_string(host.findings.size())},
                    {"steps", std::to_string(host.steps.size())},
                    {"seconds", std::to_string(seconds(host.steps))}});
  return rows;
}

Rows blocked_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& host : plan.hosts)
    for (const auto& reason : host.blocked) rows.push_back({{"host", cell(host.name)}, {"reason", cell(reason)}});
  return rows;
}

Rows move_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& host : plan.hosts)
    for (const auto& remedy : host.remedies)
      rows.push_back({{"host", cell(host.name)},
                      {"interface", cell(subject_of(host, remedy))},
                      {"from", cell(remedy.from_value)},
                      {"to", cell(remedy.to_value)},
                      {"rule", cell(remedy.rule)},
                      {"why", cell(remedy.why)}});
  return rows;
}

Rows segment_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& segment : plan.segments)
    rows.push_back({{"cluster", cell(segment.cluster)},
                    {"service", to_string(segment.service)},
                    {"from", to_string(segment.from)},
                    {"to", segment.to ? Value(to_string(*segment.to)) : Value("stays")},
                    {"members", std::to_string(segment.members.size())},
                    {"why", cell(segment.why)}});
  return rows;
}

Rows rejected_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& segment : plan.segments)
    for (const auto& alternative : segment.rejected)
      rows.push_back({{"cluster", cell(segment.cluster)},
                      {"service", to_string(segment.service)},
                      {"subnet", to_string(segment.from)},
                      {"alternative", cell(alternative)}});
  return rows;
}

Rows estate_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& finding : plan.findings)
    rows.push_back({{"rule", cell(finding.rule)},
                    {"severity", to_string(finding.severity)},
                    {"hosts", cell(finding.hosts)},
                    {"message", cell(finding.message)},
                    {"evidence", cell(evidence_text(finding))},
                    {"kb", cell(finding.kb)},
                    {"resolution", resolution_text(finding)}});
  return rows;
}

Rows open_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& [host, point] : open_points(plan)) rows.push_back({{"host", cell(host)}, {"point", cell(point)}});
  return rows;
}

Rows input_rows(const plan::Plan& plan) {
  Rows rows;
  if (plan.inputs.size() > kInputsShown) {
    rows.push_back({{"path", fmt::format("{} files", plan.inputs.size())},
                    {"kind", cell("")},
                    {"sha256", "one by one in plan.json"}});
    return rows;
  }
  for (const auto& input : plan.inputs)
    rows.push_back({{"path", cell(input.path)}, {"kind", cell(input.kind)}, {"sha256", cell(input.sha256)}});
  return rows;
}

/// One host at a time: the fields of a thousand hosts at once would be most of the program's memory.
std::string host_sections(const plan::Plan& plan) {
  const auto folders = folder_names(plan.hosts);
  std::string out;
  for (std::size_t i = 0; i < plan.hosts.size(); ++i) out += host_section(plan, plan.hosts[i], folders[i]);
  return out;
}

std::size_t longest_rollback(const plan::Plan& plan) {
  std::size_t longest = 0;
  for (const auto& host : plan.hosts) longest = std::max(longest, seconds(host.rollback));
  return longest;
}

}  // namespace

std::string change_request_md(const plan::Plan& plan) {
  Fields fields{{"title", cell(title(plan))},
                {"date", to_string(plan.date)},
                {"tool", cell(plan.tool)},
                {"target", to_string(plan.target)},
                {"path", to_string(plan.path)},
                {"summary", sentence_rows(summary_sentences(plan, figures_of(plan)))},
                {"scope", scope_rows(plan)},
                {"hosts", Ready{host_sections(plan)}},
                {"rollback_seconds", std::to_string(longest_rollback(plan))},
                {"assumptions", sentence_rows(assumptions(plan))}};
  set_rows(fields, "reasons", reason_rows(plan));
  set_rows(fields, "blocked", blocked_rows(plan));
  set_rows(fields, "moves", move_rows(plan));
  set_rows(fields, "segments", segment_rows(plan));
  set_rows(fields, "rejected", rejected_rows(plan));
  set_rows(fields, "estate_findings", estate_rows(plan));
  set_rows(fields, "open", open_rows(plan));
  set_rows(fields, "inputs", input_rows(plan));
  return expand("templates/change-request.md.mustache", fields, Syntax::Markdown);
}

}  // namespace esx2esxi::render
