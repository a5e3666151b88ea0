// The terminal summary: what a person wants to know before opening a file.
//
//   pier01  resolved  ESX 4.1.0, cluster PROD-A, 9 steps, 14 s
//     vswif0 -> vmk0  10.71.10.11/24                    VLAN 110         management
//     vmk0   -> vmk1  10.71.10.61/24 -> 10.71.20.61/24  VLAN 110 -> 120  vmotion
//     why      vmk1: 10.71.10.61/24 to 10.71.20.61/24 VLAN 120 (same-subnet: ...)
//     resolved same-subnet, gateway-ambiguous
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "changes.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/render/documents.hpp"
#include "esx2esxi/render/quote.hpp"
#include "figures.hpp"
#include "files.hpp"
#include "sentences.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kHostsShown = 40;   // more than that nobody reads in a terminal
constexpr std::size_t kReasonsShown = 5;  // of one blocked host
constexpr std::size_t kLabel = 9;         // width of "resolved "

enum class Ink : std::uint8_t { Plain, Bold, Dim, Red, Yellow, Green };

std::string_view code(Ink ink) {
  switch (ink) {
    case Ink::Plain: return "";
    case Ink::Bold: return "\x1b[1m";
    case Ink::Dim: return "\x1b[2m";
    case Ink::Red: return "\x1b[31m";
    case Ink::Yellow: return "\x1b[33m";
    case Ink::Green: return "\x1b[32m";
  }
  return "";
}

std::string safe(std::string_view text) { return quote(text, Syntax::Terminal); }

/// Characters of UTF-8 text, which is its width but for East Asian names.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padded(std::string text, std::size_t wanted) {
  const auto have = width(text);
  return have < wanted ? text.append(wanted - have, ' ') : text;
}

class Terminal {
 public:
  explicit Terminal(bool colour) : colour_(colour) {}

  std::string ink(Ink ink, std::string text) const {
    if (!colour_ || ink == Ink::Plain) return text;
    return std::string(code(ink)) + text + "\x1b[0m";
  }
  void line(const std::string& text) { (out_ += text) += '\n'; }
  /// A label in its column, then text that holds no unescaped name.
  void labelled(Ink ink_of_label, const std::string& label, const std::string& text) {
    line("  " + ink(ink_of_label, padded(label, kLabel)) + text);
  }
  std::string take() { return std::move(out_); }

 private:
  bool colour_;
  std::string out_;
};

Ink ink_of(plan::Status status) {
  return status == plan::Status::Blocked ? Ink::Red : status == plan::Status::Clean ? Ink::Green : Ink::Bold;
}

std::string arrow(const std::string& from, const std::string& to) { return from == to ? to : from + " -> " + to; }

/// The cells of an interface's line: names, addresses, VLAN, the rest.
using Cells = std::array<std::string, 4>;

Cells cells_of(const InterfaceChange& change) {
  const auto& last = change.last();
  const auto& first = change.before ? *change.before : last;
  const auto name = change.dropped() ? std::string("dropped") : last.name;
  const auto from = change.classic_name().empty() ? std::string("(new)") : change.classic_name();
  auto services = services_text(last);
  if (change.after && change.mapped && change.after->stack != change.mapped->stack)
    services += ", stack " + change.after->stack;
  if (!last.enabled) services += services.empty() ? "disabled" : ", disabled";
  return {safe(from + " -> " + name), safe(arrow(address_text(first), address_text(last))),
          "VLAN " + arrow(vlan_text(first.vlan), vlan_text(last.vlan)), safe(services)};
}

void print_interfaces(Terminal& terminal, const plan::HostPlan& host) {
  std::vector<std::pair<Cells, bool>> rows;
  std::array<std::size_t, 4> widths{};
  for (const auto& change : interface_changes(host)) {
    const auto cells = cells_of(change);
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], width(cells[i]));
    rows.emplace_back(cells, !differences(change).empty());
  }
  for (const auto& [cells, changed] : rows) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) line += padded(cells[i], widths[i]) + "  ";
    line.erase(line.find_last_not_of(' ') + 1);
    terminal.line("  " + terminal.ink(changed ? Ink::Bold : Ink::Plain, line));
  }
}

std::string gateways(const model::State& state) {
  std::vector<std::string> parts;
  for (const auto& stack : state.stacks)
    if (stack.gateway) parts.push_back(stack.name + " " + to_string(*stack.gateway));
  return parts.empty() ? "none" : join(parts, ", ");
}

void print_routes(Terminal& terminal, const plan::HostPlan& host) {
  terminal.labelled(Ink::Dim, "gateway", safe(gateways(host.before) + " -> " + gateways(host.after)));
  for (const auto& stack : host.after.stacks)
    for (const auto& route : stack.routes)
      terminal.labelled(Ink::Dim, "route", safe(fmt::format("{} by {}", route.network, route.next_hop)));
}

void print_remedies(Terminal& terminal, const plan::HostPlan& host) {
  for (const auto& remedy : host.remedies) {
    auto named = remedy;
    if (!remedy.interface.empty()) named.interface = subject_of(host, remedy);
    auto text = plan::phrase(named) + " (" + remedy.rule;
    if (!remedy.rule.empty() && !remedy.why.empty()) text += ": ";  // what a pin asks for answers no rule
    text += remedy.why + ")";
    if (remedy.to_be_confirmed) text += " TO BE CONFIRMED";
    terminal.labelled(Ink::Bold, "why", safe(text));
  }
}

/// "error", "warning" ... for what stays open; "waived", "resolved" for the rest.
std::string fate(const rules::Finding& finding) {
  const bool open = finding.resolution == rules::Resolution::Open;
  return std::string(open ? to_string(finding.severity) : to_string(finding.resolution));
}

Ink ink_of_fate(const std::string& fate) {
  if (fate == "error") return Ink::Red;
  if (fate == "warning") return Ink::Yellow;
  return fate == "resolved" ? Ink::Green : Ink::Dim;
}

/// Messages explain at length; a terminal shows what is wrong, the dossier the rest.
std::string first_sentence(const std::string& text) {
  for (auto at = text.find(". "); at != std::string::npos; at = text.find(". ", at + 1))
    if (at + 2 < text.size() && text[at + 2] >= 'A' && text[at + 2] <= 'Z') return text.substr(0, at + 1);
  return text;
}

/// Rules by what becomes of them; how often, if more than once.
void print_findings(Terminal& terminal, const std::vector<rules::Finding>& findings) {
  for (const auto* wanted : {"error", "warning", "info", "note", "waived", "resolved"}) {
    std::vector<std::pair<std::string, std::size_t>> rules;
    for (const auto& finding : findings) {
      if (fate(finding) != wanted) continue;
      const auto same = [&](const auto& entry) { return entry.first == finding.rule; };
      const auto it = std::find_if(rules.begin(), rules.end(), same);
      if (it == rules.end())
        rules.emplace_back(finding.rule, 1);
      else
        ++it->second;
    }
    if (rules.empty()) continue;
    std::vector<std::string> parts;
    for (const auto& [rule, n] : rules) parts.push_back(n == 1 ? rule : fmt::format("{} ({})", rule, n));
    terminal.labelled(ink_of_fate(wanted), wanted, safe(join(parts, ", ")));
  }
}

void print_host(Terminal& terminal, const plan::HostPlan& host) {
  auto about = product_of(host);
  if (!host.cluster.empty()) about += ", cluster " + host.cluster;
  if (!host.steps.empty()) about += fmt::format(", {}, {} s", counted(host.steps.size(), "step"), seconds(host.steps));
  terminal.line(terminal.ink(Ink::Bold, safe(host.name)) + "  " +
                terminal.ink(ink_of(host.status), std::string(to_string(host.status))) + "  " + safe(about));
  print_interfaces(terminal, host);
  print_routes(terminal, host);
  print_remedies(terminal, host);
  print_findings(terminal, host.findings);
  for (std::size_t i = 0; i < std::min(host.blocked.size(), kReasonsShown); ++i)
    terminal.labelled(Ink::Red, "blocked", safe(first_sentence(host.blocked[i])));
  if (host.blocked.size() > kReasonsShown)
    terminal.labelled(Ink::Red, "", counted(host.blocked.size() - kReasonsShown, "more reason") + " in plan.json");
  terminal.line("");
}

/// All hosts of a small estate; of a large one those that need a decision.
void print_hosts(Terminal& terminal, const plan::Plan& plan) {
  const bool all = plan.hosts.size() <= kHostsShown;
  std::size_t shown = 0;
  for (const auto& host : plan.hosts) {
    if (shown == kHostsShown || (!all && host.status != plan::Status::Blocked)) continue;
    print_host(terminal, host);
    ++shown;
  }
  if (shown < plan.hosts.size())
    terminal.line(fmt::format("{} not shown here: the change request has them all.\n",
                              counted(plan.hosts.size() - shown, "host is", "hosts are")));
}

void print_estate(Terminal& terminal, const plan::Plan& plan) {
  if (plan.findings.empty()) return;
  terminal.line(terminal.ink(Ink::Bold, "Estate"));
  for (const auto& finding : plan.findings)
    terminal.labelled(ink_of_fate(fate(finding)), fate(finding),
                      safe(finding.rule + ": " + first_sentence(finding.message)));
  terminal.line("");
}

/// "PROD-A: waves 1 to 6, 1 host at a time. The vMotion subnet changes: ..."
void print_rollouts(Terminal& terminal, const plan::Plan& plan) {
  if (plan.rollouts.empty()) return;
  terminal.line(terminal.ink(Ink::Bold, "Order"));
  for (const auto& rollout : plan.rollouts) {
    const auto name = rollout.cluster.empty() ? std::string("hosts outside a cluster") : rollout.cluster;
    if (rollout.transition == plan::Transition::Refused) {
      const auto why = rollout.refused.empty() ? rollout.why : rollout.refused.front();
      terminal.labelled(Ink::Red, "refused", safe(name + ": " + first_sentence(why)));
      continue;
    }
    std::vector<unsigned> numbers;
    for (const auto& wave : plan.waves)
      if (wave.cluster == rollout.cluster) numbers.push_back(wave.n);
    if (numbers.empty()) continue;
    const auto which = numbers.size() == 1 ? fmt::format("wave {}", numbers.front())
                                           : fmt::format("waves {} to {}", numbers.front(), numbers.back());
    terminal.labelled(Ink::Plain, "waves",
                      safe(fmt::format("{}: {}, {} at a time. {}", name, which,
                                       counted(rollout.hosts_at_a_time, "host"), rollout.why)));
  }
  if (const auto held = held_names(plan); !held.empty()) terminal.labelled(Ink::Red, "held", safe(held));
  if (!plan.ripple.empty())
    terminal.labelled(
        Ink::Plain, "ripple",
        counted(plan.ripple.size(), "change") + " that others make outside the hosts: plan.json, estate.ripple");
  terminal.line("");
}

std::vector<std::string> next_steps(const plan::Plan& plan, const Figures& f) {
  std::vector<std::string> out;
  if (f.blocked > 0)
    out.push_back(fmt::format("Clear what blocks {}: inputs, policy or pools, then plan again. No scripts till then.",
                              counted(f.blocked, "host")));
  if (f.held_clusters > 0)
    out.push_back(fmt::format("Begin nothing in {} that cannot start: {}.", counted(f.held_clusters, "cluster"),
                              safe(held_names(plan))));
  if (f.to_be_confirmed > 0)
    out.push_back(fmt::format("Have the network team confirm {} (appendix B of the change request), or give --pools.",
                              counted(f.to_be_confirmed, "value")));
  out.emplace_back("Give the change request to the change board, address-plan.csv to the network team.");
  const auto early =
      std::count_if(plan.hosts.begin(), plan.hosts.end(), [](const auto& host) { return !host.pre_migration.empty(); });
  if (early > 0)
    out.push_back(
        fmt::format("Before the migration of a cluster run hosts/NAME/pre-migrate.sh where it is written ({}).",
                    counted(static_cast<std::size_t>(early), "host")));
  const bool scripts =
      std::any_of(plan.hosts.begin(), plan.hosts.end(), [&](const auto& host) { return has_scripts(plan, host); });
  if (scripts)
    out.emplace_back("After the migration of a host run hosts/NAME/remediate.sh on it; rollback.sh goes back.");
  else if (f.blocked < f.hosts)
    out.emplace_back("No scripts are written for this target: carry out the steps of the change request.");
  return out;
}

void print_end(Terminal& terminal, const plan::Plan& plan) {
  const auto figures = figures_of(plan);
  terminal.line(terminal.ink(Ink::Bold, "In short"));
  for (const auto& sentence : summary_sentences(plan, figures)) terminal.line("  " + safe(sentence));
  terminal.line("");
  terminal.line(terminal.ink(Ink::Bold, "Next"));
  unsigned n = 0;
  for (const auto& step : next_steps(plan, figures)) terminal.line(fmt::format("  {}. {}", ++n, step));
}

}  // namespace

std::string plan_summary(const plan::Plan& plan, bool colour) {
  Terminal terminal(colour);
  terminal.line(terminal.ink(Ink::Bold, safe(title(plan) + ", path " + std::string(to_string(plan.path)))));
  terminal.line("");
  print_hosts(terminal, plan);
  print_estate(terminal, plan);
  print_rollouts(terminal, plan);
  print_end(terminal, plan);
  return terminal.take();
}

}  // namespace esx2esxi::render
