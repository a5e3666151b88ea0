// What was found, per rule, per estate and per host.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "sentences.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kOriginsShown = 3;

struct RuleCount {
  Severity worst = Severity::Note;
  std::size_t count = 0;
  std::size_t introduced = 0;
  std::size_t hosts = 0;
  const rules::Finding* example = nullptr;
};

using RuleCounts = std::map<std::string, RuleCount>;

void count_rules(RuleCounts& counts, const std::vector<rules::Finding>& findings) {
  std::set<std::string_view> seen;
  for (const auto& finding : findings) {
    auto& c = counts[finding.rule];
    if (seen.insert(finding.rule).second) ++c.hosts;
    ++c.count;
    if (finding.introduced) ++c.introduced;
    c.worst = std::max(c.worst, finding.severity);
    if (!c.example) c.example = &finding;
  }
}

/// The worst first, then the most frequent.
std::vector<std::pair<std::string, RuleCount>> in_order(const RuleCounts& counts) {
  std::vector<std::pair<std::string, RuleCount>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    if (a.second.worst != b.second.worst) return a.second.worst > b.second.worst;
    return a.second.count > b.second.count;
  });
  return order;
}

Fields reason_row(const std::pair<std::string, RuleCount>& entry) {
  const auto& [rule, c] = entry;
  return {{"rule", cell(rule)},
          {"severity", to_string(c.worst)},
          {"count", std::to_string(c.count)},
          {"introduced", std::to_string(c.introduced)},
          {"hosts_count", std::to_string(c.hosts)},
          {"example", cell(c.example->message)},
          {"kb", cell(c.example->kb)}};
}

Fields estate_row(const rules::Finding& finding, std::string_view root) {
  return {{"rule", cell(finding.rule)},
          {"severity", to_string(finding.severity)},
          {"hosts", cell(finding.hosts)},
          {"message", cell(finding.message)},
          {"kb", cell(finding.kb)},
          {"evidence", cell(evidence_text(finding, root))},
          {"resolution", resolution_text(finding)}};
}

void blank_out(std::string& text, std::string_view part) {
  if (part.empty()) return;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    text.replace(at, part.size(), "*");
}

/// The message without the names and addresses of those it affects.
std::string shape_of(const rules::Finding& finding) {
  auto text = finding.message;
  for (const auto& endpoint : finding.endpoints) {  // "NFS server filer-a 10.0.0.9"
    const auto blank = endpoint.rfind(' ');
    if (blank == std::string::npos) continue;
    blank_out(text, std::string_view(endpoint).substr(0, blank));
    blank_out(text, std::string_view(endpoint).substr(blank + 1));
  }
  return text;
}

/// Findings that differ in nothing but whom they affect.
struct Alike {
  const rules::Finding* first = nullptr;
  std::string shape;
  std::size_t count = 0;
  std::vector<std::string> addresses;
  std::vector<std::string> endpoints;

  bool takes(const rules::Finding& f) const {
    return f.rule == first->rule && f.severity == first->severity && f.interfaces == first->interfaces &&
           f.resolution == first->resolution && f.why == first->why && !f.endpoints.empty() && shape_of(f) == shape;
  }
  void add(const rules::Finding& f) {
    if (!first) {
      first = &f;
      shape = shape_of(f);
    }
    ++count;
    addresses.insert(addresses.end(), f.addresses.begin(), f.addresses.end());
    endpoints.insert(endpoints.end(), f.endpoints.begin(), f.endpoints.end());
  }
};

/// A tie in front of ten neighbours is one row, not ten.
std::vector<Alike> folded(const std::vector<rules::Finding>& findings, std::string_view rule) {
  std::vector<Alike> out;
  for (const auto& finding : findings) {
    if (finding.rule != rule) continue;
    auto it = std::find_if(out.begin(), out.end(), [&](const Alike& a) { return a.takes(finding); });
    if (it == out.end()) it = out.emplace(it);
    it->add(finding);
  }
  return out;
}

Fields finding_row(const Alike& alike, std::string_view root) {
  const auto& finding = *alike.first;
  std::vector<std::string> interfaces;
  for (const auto& ref : finding.interfaces)
    interfaces.push_back(ref.from.empty() || ref.from == ref.name ? ref.name : ref.name + " (" + ref.from + ")");
  return {{"rule", cell(finding.rule)},
          {"count", std::to_string(alike.count)},
          {"severity", to_string(finding.severity)},
          {"interfaces", cell(interfaces)},
          {"addresses", cell(alike.addresses)},
          {"endpoints", cell(alike.endpoints)},
          {"evidence", cell(evidence_text(finding, root))},
          {"resolution", resolution_text(finding)}};
}

/// What the hosts show of one rule.
Each rows_of_rule(const Dossier& d, const std::string& rule) {
  return {true, [&d, rule](const std::function<void(const Fields&)>& visit) {
            for (const auto& host : d.plan.hosts)
              for (const auto& alike : folded(host.findings, rule)) {
                auto row = finding_row(alike, d.root);
                row.insert_or_assign("id", id_of(d.plan, host));
                row.insert_or_assign("host", cell(host.name));
                visit(row);
              }
          }};
}

Rows rule_sections(const Dossier& d) {
  RuleCounts counts;
  for (const auto& host : d.plan.hosts) count_rules(counts, host.findings);
  return rows_of(in_order(counts), [&](const auto& entry) {
    auto section = reason_row(entry);
    section.insert_or_assign("found", rows_of_rule(d, entry.first));
    return section;
  });
}

Rows reason_rows(const plan::Plan& plan) {
  RuleCounts counts;
  for (const auto& host : plan.hosts) count_rules(counts, host.findings);
  count_rules(counts, plan.findings);
  return rows_of(in_order(counts), reason_row);
}

}  // namespace

std::string resolution_text(const rules::Finding& finding) {
  auto text = std::string(to_string(finding.resolution));
  return finding.why.empty() ? text : text + ": " + valid_utf8(finding.why);
}

std::string evidence_text(const rules::Finding& finding, std::string_view root) {
  std::vector<std::string> places;
  for (const auto& at : finding.origins) {
    if (places.size() == kOriginsShown) break;
    auto place = to_string(at);
    places.push_back(!root.empty() && place.starts_with(root) ? place.substr(root.size()) : place);
  }
  auto text = join(places, ", ");
  if (finding.origins.size() > kOriginsShown)
    text += fmt::format(" and {} more in plan.json", finding.origins.size() - kOriginsShown);
  return text;
}

void add_findings(Fields& fields, const Dossier& dossier) {
  const auto& plan = dossier.plan;
  set_rows(fields, "reasons", reason_rows(plan));
  set_rows(fields, "rule_sections", rule_sections(dossier));
  set_rows(fields, "estate_findings",
           each_of(plan.findings, [&](const rules::Finding& f) { return estate_row(f, dossier.root); }));
  set_rows(fields, "open", rows_of(open_points(plan), [](const auto& point) {
             return Fields{{"host", cell(point.first)}, {"point", cell(point.second)}};
           }));
}

}  // namespace esx2esxi::render
