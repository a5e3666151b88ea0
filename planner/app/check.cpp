#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/app/reports.hpp"
#include "esx2esxi/app/table.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/render/report.hpp"

namespace esx2esxi::app {

namespace {

using rules::Finding;

constexpr std::size_t kWidth = 100;
constexpr std::string_view kIndent = "           ";

struct Count {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t infos = 0;
  std::size_t waived = 0;

  void add(const Finding& finding) {
    if (finding.resolution == rules::Resolution::Waived)
      ++waived;
    else if (finding.severity == Severity::Error)
      ++errors;
    else if (finding.severity == Severity::Warning)
      ++warnings;
    else
      ++infos;
  }
  std::size_t all() const { return errors + warnings + infos + waived; }
};

std::string counted(std::size_t n, std::string_view one) { return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s"); }

std::string text_of(const Count& count) {
  std::string text = counted(count.errors, "error") + ", " + counted(count.warnings, "warning");
  if (count.infos > 0) text += ", " + counted(count.infos, "remark");
  if (count.waived > 0) text += fmt::format(", {} waived", count.waived);
  return text;
}

std::string name_of(const rules::InterfaceRef& interface) {
  auto text = interface.host.empty() ? interface.name : interface.host + " " + interface.name;
  if (!interface.from.empty() && interface.from != interface.name) text += fmt::format(" (was {})", interface.from);
  return text;
}

/// `label  a, b, c`, wrapped and with the rest counted where there are too many; nothing where there are none.
std::string evidence_line(std::string_view label, const std::vector<std::string>& values) {
  constexpr std::size_t kMost = 12;
  if (values.empty()) return {};
  const std::vector<std::string> first(values.begin(),
                                       values.begin() + static_cast<std::ptrdiff_t>(std::min(kMost, values.size())));
  auto text = shown(join(first, ", "));
  if (values.size() > kMost) text += fmt::format(" and {} more", values.size() - kMost);
  const auto indent = std::string(kIndent) + std::string(12, ' ');
  return fmt::format("{}{:<12}{}\n", kIndent, label, wrapped(text, kWidth - indent.size(), indent));
}

std::string text_of(const Finding& finding, Paint paint) {
  const bool waived = finding.resolution == rules::Resolution::Waived;
  const auto word = waived ? std::string_view("waived") : to_string(finding.severity);
  auto text = fmt::format("  {}{} {}", paint(waived ? Tone::Dim : tone_of(finding.severity), word),
                          std::string(8 - word.size(), ' '), paint(Tone::Bold, finding.rule));
  if (finding.introduced) text += paint(Tone::Cyan, "  new on ESXi");
  text += fmt::format("\n{}{}\n", kIndent, wrapped(shown(finding.message), kWidth - kIndent.size(), kIndent));
  std::vector<std::string> interfaces;
  for (const auto& interface : finding.interfaces) interfaces.push_back(name_of(interface));
  std::vector<std::string> origins;
  for (const auto& origin : finding.origins)  // two places of one line are one place to a reader
    if (auto place = to_string(origin); origins.empty() || origins.back() != place) origins.push_back(std::move(place));
  text += evidence_line("interfaces", interfaces);
  text += evidence_line("addresses", finding.addresses);
  text += evidence_line("endpoints", finding.endpoints);
  if (waived) text += evidence_line("waived", {finding.why});
  if (!finding.kb.empty()) text += evidence_line("see", {finding.kb});
  return text + evidence_line("read from", origins);
}

/// Findings alike in all but their endpoint have the same key.
std::string kind_of(const Finding& finding) {
  auto key = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", finding.rule, to_string(finding.severity), finding.stack,
                         finding.introduced, to_string(finding.resolution), finding.why);
  for (const auto& interface : finding.interfaces) key += "\n" + name_of(interface);
  return key;
}

/// Where the others of a kind are: their endpoints, or their addresses.
std::vector<std::string> places_of(const std::vector<const Finding*>& alike) {
  std::vector<std::string> places;
  for (std::size_t i = 1; i < alike.size(); ++i)
    places.push_back(join(alike[i]->endpoints.empty() ? alike[i]->addresses : alike[i]->endpoints, " "));
  return places;
}

/// A host with fifteen peers has fifteen findings of a kind: the first is printed whole, the others by their places.
std::string text_of(const std::vector<Finding>& findings, Paint paint) {
  constexpr std::size_t kAlike = 3;
  std::map<std::string, std::vector<const Finding*>> kinds;
  for (const auto& finding : findings) kinds[kind_of(finding)].push_back(&finding);
  std::string text;
  for (const auto& finding : findings) {
    const auto& alike = kinds[kind_of(finding)];
    const bool folded = alike.size() > kAlike;
    if (folded && alike.front() != &finding) continue;
    text += text_of(finding, paint);
    if (folded) text += evidence_line(fmt::format("{} alike", alike.size() - 1), places_of(alike));
  }
  return text;
}

std::vector<std::size_t> chosen_hosts(const Session& session) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < session.chosen.size(); ++i)
    if (session.chosen[i]) chosen.push_back(i);
  return chosen;
}

/// Findings of the estate that concern a chosen host.
std::vector<const Finding*> estate_findings(const Session& session, const Judgement& judgement) {
  std::vector<const Finding*> found;
  for (const auto& finding : judgement.estate) {
    bool concerned = session.all_chosen();
    for (const auto i : chosen_hosts(session))
      concerned = concerned ||
                  std::find(finding.hosts.begin(), finding.hosts.end(), session.host(i).name) != finding.hosts.end();
    if (concerned) found.push_back(&finding);
  }
  return found;
}

std::string closing_line(const Session& session, const Judgement& judgement, Paint paint) {
  Count count;
  for (const auto& shown : shown_findings(session, judgement)) count.add(*shown.finding);
  const auto hosts = chosen_hosts(session);
  const auto clean =
      std::count_if(hosts.begin(), hosts.end(), [&](std::size_t i) { return judgement.findings[i].empty(); });
  auto text = fmt::format("{} for ESXi {}, path {}: {}; {} without a finding.\n", counted(hosts.size(), "host"),
                          to_string(session.target), to_string(session.path), text_of(count), clean);
  text = paint(Tone::Bold, text);
  if (count.errors + count.warnings > 0)
    text += "'esx2esxi rules RULE' explains a rule; 'esx2esxi plan' proposes what to do.\n";
  return text;
}

}  // namespace

std::vector<ShownFinding> shown_findings(const Session& session, const Judgement& judgement) {
  std::vector<ShownFinding> found;
  for (const auto* finding : estate_findings(session, judgement)) found.push_back({{}, finding});
  for (const auto i : chosen_hosts(session))
    for (const auto& finding : judgement.findings[i]) found.push_back({session.host(i).name, &finding});
  return found;
}

std::string host_text(const model::Host& host, const std::vector<Finding>& findings, Paint paint) {
  Count count;
  for (const auto& finding : findings) count.add(finding);
  auto about = host.product + (host.version.empty() ? "" : " " + host.version);
  if (!host.cluster.empty()) about += ", cluster " + host.cluster;
  const auto text = fmt::format("{}  {}: {}\n", paint(Tone::Bold, shown(host.name)), shown(about),
                                count.all() == 0 ? paint(Tone::Green, "nothing found") : text_of(count));
  return text + text_of(findings, paint) + (findings.empty() ? "" : "\n");
}

std::string host_json(const model::Host& host, const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const auto& finding : findings) lines.push_back(line_of(plan::to_json(finding)));
  return fmt::format("{{\"name\": {}, \"findings\": [{}]}}", line_of(host.name), join(lines, ", "));
}

Pages check_text(const Session& session, Judgement judgement, Paint paint) {
  std::vector<Finding> estate;
  for (const auto* finding : estate_findings(session, judgement)) estate.push_back(*finding);
  auto last = closing_line(session, judgement, paint);
  auto pages = std::move(judgement.pages);
  if (!estate.empty()) pages.push_back(paint(Tone::Bold, "Between hosts") + "\n" + text_of(estate, paint) + "\n");
  pages.push_back(std::move(last));
  return pages;
}

Pages check_json(const Session& session, Judgement judgement) {
  Pages pages{opening("esx2esxi-check") + "\"hosts\": ["};
  for (const auto i : chosen_hosts(session))
    pages.push_back((pages.size() > 1 ? ",\n" : "\n") + std::exchange(judgement.pages[i], {}));
  std::vector<std::string> estate;
  for (const auto* finding : estate_findings(session, judgement)) estate.push_back(line_of(plan::to_json(*finding)));
  pages.push_back("],\n\"estate\": {\"findings\": " + array_of(estate) + "}}\n");
  return pages;
}

namespace {

/// Calls `print` with the report of what is shown.
template <class Print>
std::string reported(const Session& session, const Judgement& judgement, Severity fails, Print print) {
  std::vector<Finding> estate;
  for (const auto* finding : estate_findings(session, judgement)) estate.push_back(*finding);
  render::Report report{{}, estate, rules::built_in_catalogue(), fails};
  for (const auto i : chosen_hosts(session)) report.hosts.push_back({session.host(i).name, judgement.findings[i]});
  return print(report);
}

}  // namespace

std::string check_sarif(const Session& session, const Judgement& judgement) {
  return reported(session, judgement, Severity::Error, render::to_sarif);
}

std::string check_junit(const Session& session, const Judgement& judgement, FailOn level) {
  const auto fails = level == FailOn::Error ? Severity::Error : Severity::Warning;
  return reported(session, judgement, fails, render::to_junit);
}

}  // namespace esx2esxi::app
