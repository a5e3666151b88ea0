// The table to be signed: HTML and Markdown from the same fields.
#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/render/template.hpp"
#include "esx2esxi/verify/report.hpp"

namespace esx2esxi::verify {

namespace {

using render::Fields;
using render::Rows;

std::string cell(const std::string& text) { return text.empty() ? "–" : text; }

std::string count_of(const HostResult& host, Verdict verdict) { return std::to_string(host.count(verdict)); }

std::string verdict_of(const HostResult& host) {
  const std::string verdict = host.as_planned() ? "as planned" : "not as planned";
  return host.blocked ? verdict + " (the plan is blocked for it)" : verdict;
}

Rows field_rows(const HostResult& host) {
  Rows rows;
  for (const auto& check : host.checks)
    rows.push_back({{"subject", cell(check.subject)},
                    {"field", cell(check.field)},
                    {"planned", cell(check.expected)},
                    {"found", cell(check.found)},
                    {"verdict", to_string(check.verdict)},
                    {"mend", cell(join(check.mend, "; "))}});
  for (const auto& one : host.unseen)
    rows.push_back({{"subject", cell(one.what)},
                    {"field", cell("")},
                    {"planned", cell("")},
                    {"found", "the capture does not show it: " + one.command},
                    {"verdict", one.needed ? "not seen" : "not seen, not needed"},
                    {"mend", cell("")}});
  return rows;
}

Fields host_row(const HostResult& host) {
  return {{"host", cell(host.name)},
          {"verdict", verdict_of(host)},
          {"equal", count_of(host, Verdict::Equal)},
          {"different", count_of(host, Verdict::Different)},
          {"missing", count_of(host, Verdict::Missing)},
          {"unexpected", count_of(host, Verdict::Unexpected)},
          {"unseen", std::to_string(host.unseen.size())},
          {"fields", field_rows(host)}};
}

std::string result_of(const Report& report) {
  const auto good =
      std::count_if(report.hosts.begin(), report.hosts.end(), [](const auto& h) { return h.as_planned(); });
  return fmt::format("{} of {} captured hosts as planned", good, report.hosts.size() + report.strangers.size());
}

}  // namespace

std::string to_document(const Report& report, const Verification& about, render::Syntax syntax) {
  Rows hosts;
  for (const auto& host : report.hosts) hosts.push_back(host_row(host));
  Rows captures;
  for (const auto& capture : about.captures)
    captures.push_back({{"path", cell(capture.path)}, {"digest", cell(capture.sha256)}});
  const auto path =
      syntax == render::Syntax::Html ? "templates/verification.html.mustache" : "templates/verification.md.mustache";
  return render::expand(path,
                        {{"result", result_of(report)},
                         {"date", about.date},
                         {"tool", "esx2esxi " ESX2ESXI_VERSION},
                         {"plan", about.plan.path},
                         {"digest", about.plan.sha256},
                         {"target", about.target},
                         {"captures", std::move(captures)},
                         {"uncaptured", join(report.uncaptured, ", ")},
                         {"strangers", join(report.strangers, ", ")},
                         {"hosts", std::move(hosts)}},
                        syntax);
}

}  // namespace esx2esxi::verify
