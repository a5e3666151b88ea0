// servicenow-change.csv and servicenow-affected-ci.csv: the fields of the change_request table as an import set takes
// them. What the plan does not know stays empty.
#include <fmt/format.h>

#include <algorithm>

#include "calls.hpp"
#include "changes.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "files.hpp"
#include "sentences.hpp"
#include "svg.hpp"
#include "waves.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kShortDescription = 160;  // characters, the column's length
constexpr std::size_t kLines = 40;              // of a text field; the dossier has them all

/// One line of a text field: a name cannot begin another one.
std::string safe(std::string_view text) { return quote(valid_utf8(text), Syntax::Terminal); }

/// The first lines, and how many more there are.
std::string lines_text(std::vector<std::string> lines) {
  if (lines.size() <= kLines) return join(lines, "\n");
  const auto more = lines.size() - kLines;
  lines.resize(kLines);
  return join(lines, "\n") + fmt::format("\n... and {} more in the dossier", more);
}

std::string change_title(const Dossier& d) {
  const auto& given = d.particulars.title;
  return fitted(given.empty() ? fmt::format("{}, {} re-addressed or re-routed", title(d.plan),
                                            counted(d.figures.remedied_hosts, "host"))
                              : given,
                kShortDescription);
}

std::string description(const Dossier& d) {
  auto lines = summary_sentences(d.plan, d.figures);
  for (auto& line : lines) line = safe(line);
  if (!d.particulars.window.empty()) lines.push_back("Window: " + safe(d.particulars.window));
  lines.emplace_back("Before and after of each host: change-request.html.");
  return join(lines, "\n");
}

std::string justification(const plan::Plan& plan) {
  std::vector<std::string> lines{
      "ESXi has no service console: all interfaces share one routing table (VMware KB 2010877, now KB 318546).",
      "Not doing it: vMotion fails, storage times out or refuses the host, hosts drop off vCenter on the night of the "
      "migration."};
  std::vector<std::string> rules;
  for (const auto& host : plan.hosts)
    for (const auto& finding : host.findings)
      if (finding.severity >= Severity::Warning) rules.push_back(finding.rule);
  std::sort(rules.begin(), rules.end());
  rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
  if (!rules.empty()) lines.push_back("Rules that would be broken: " + join(rules, ", ") + ".");
  return join(lines, "\n");
}

/// "6 steps, 18 s by estimate"
std::string work_text(const plan::Plan& plan, const plan::HostPlan& host, Work in_wave) {
  if (host.status == plan::Status::Blocked) return "blocked; nothing is done here till that is cleared";
  const auto work = work_on(host, in_wave);
  if (work == Work::Readdress) return counted(classic_steps(plan, host).size(), "step") + " of pre-migrate.sh";
  const auto steps = work == Work::CleanUp ? host.transition_end.size() : host.steps.size() + host.transition.size();
  return fmt::format("{}, {} s by estimate", counted(steps, "step"), seconds_of(host, work));
}

std::string implementation(const plan::Plan& plan) {
  std::vector<std::string> lines{"For each host: maintenance mode, backup, migration, remediate.sh, tests."};
  for (const auto& held : held_clusters(plan)) lines.push_back("Cannot start: " + safe(held_text(held)) + ".");
  for (const auto& wave : waves_of(plan)) {
    lines.push_back(safe(wave.name) + ":");
    if (wave.n == 0 && !wave.why.empty()) lines.push_back(wave.why);
    for (const auto* host : wave.hosts)
      lines.push_back(fmt::format("- {}: {}", safe(host->name), work_text(plan, *host, wave.work)));
  }
  return lines_text(std::move(lines));
}

std::string back_out(const plan::Plan& plan) {
  std::vector<std::string> lines{
      "rollback.sh on the host's console leads back to the state after the migration; it reads back each step.",
      "Triggers: a step or a test fails and is not understood within ten minutes; the host stays away from vCenter for "
      "ten minutes; the window is three quarters over.",
      "Back to classic ESX only by installing it again: the boot disk was overwritten."};
  for (const auto& host : plan.hosts)
    if (!host.rollback.empty())
      lines.push_back(fmt::format("- {}: {}, {} s by estimate", safe(host.name), counted(host.rollback.size(), "step"),
                                  seconds(host.rollback)));
  return lines_text(std::move(lines));
}

std::string tests() {
  return "vmkping from every interface to its gateway and storage, and to vCenter, DNS and NTP; routing tables and "
         "mounts as in the dossier; "
         "vMotion "
         "from each host and back; HA reconfigured without an issue; each host connected to vCenter for ten minutes.";
}

/// One item: the cluster if all hosts are in one, else the first host.
std::string item_of(const plan::Plan& plan) {
  if (plan.hosts.empty()) return {};
  const auto& first = plan.hosts.front();
  const bool one = !first.cluster.empty() && std::all_of(plan.hosts.begin(), plan.hosts.end(),
                                                         [&](const auto& h) { return h.cluster == first.cluster; });
  return safe(one ? first.cluster : first.name);
}

std::string management_of(const model::State& state) {
  for (const auto& i : state.interfaces)
    if (i.services.has(model::Service::Management) && i.addressed()) return to_string(*i.address);
  return {};
}

}  // namespace

std::string servicenow_change_csv(const plan::Plan& plan, const DossierOptions& options) {
  const Dossier d(plan, options);
  const auto grade = grade_of(worst_score(plan));
  const bool high = grade == "high";
  const bool medium = grade == "medium";
  const auto [begin, end] = window_dates(d.particulars.window);
  return csv_row({"number", "short_description", "description", "type", "category", "priority", "risk", "impact",
                  "requested_by", "assigned_to", "assignment_group", "start_date", "end_date", "cmdb_ci",
                  "business_service", "justification", "implementation_plan", "backout_plan", "test_plan"}) +
         csv_row({safe(d.particulars.change_number), change_title(d), description(d), "normal", "Network",
                  high     ? "2 - High"
                  : medium ? "3 - Moderate"
                           : "4 - Low",
                  high     ? "High"
                  : medium ? "Moderate"
                           : "Low",
                  high     ? "1 - High"
                  : medium ? "2 - Medium"
                           : "3 - Low",
                  safe(d.particulars.requester), "", "", begin, end, item_of(plan), "", justification(plan),
                  implementation(plan), back_out(plan), tests()});
}

void write_affected_cis(const plan::Plan& plan, const DossierOptions& options, const Put& put) {
  put(csv_row(
      {"task", "ci_item", "cluster", "product", "plan_status", "management_before", "management_after", "uuid"}));
  for (const auto& host : plan.hosts)
    put(csv_row({safe(options.particulars.change_number), safe(host.name), safe(host.cluster), safe(product_of(host)),
                 std::string(to_string(host.status)), management_of(host.before), management_of(host.after),
                 safe(host.uuid)}));
}

}  // namespace esx2esxi::render
