#include "sentences.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kHeldShown = 5;  // clusters in a sentence

/// "12 of 14 hosts"; "14 hosts" where none is blocked
std::string moving_hosts(std::size_t moving, std::size_t all) {
  return (moving == all ? "" : fmt::format("{} of ", moving)) + counted(all, "host");
}

std::string what_moves(const plan::Plan& plan, const Figures& f) {
  return fmt::format(
      "This change moves {}{} from VMware ESX to ESXi {}, path {}{}.", moving_hosts(f.moving, f.hosts),
      plan.estate.empty() ? "" : " of the estate " + plan.estate, to_string(plan.target), to_string(plan.path),
      f.blocked == 0 ? ""
                     : fmt::format("; {} blocked and {} as {}", counted(f.blocked, "is", "are"),
                                   f.blocked == 1 ? "stays" : "stay", f.blocked == 1 ? "it is" : "they are"));
}

std::string what_would_happen(const Figures& f) {
  if (f.findings == 0) return "Moved as they are, they would break no rule.";
  return fmt::format(
      "Moved as they are, they would show {}: {}, {} and {}; {} of them legal on ESX and a conflict only on ESXi.",
      counted(f.findings, "finding"), counted(f.errors, "error"), counted(f.warnings, "warning"),
      counted(f.hints, "hint"), f.introduced);
}

std::string what_is_done(const Figures& f) {
  if (f.findings == 0 && f.remedies + f.waiting_remedies == 0) return "The plan changes nothing.";
  auto text = fmt::format("The plan answers with {} on {}; it ends {}, {} waived and {} left open, {} among them",
                          counted(f.remedies, "remedy", "remedies"), counted(f.remedied_hosts, "host"),
                          counted(f.ended, "finding"), f.waived, f.open, counted(f.open_errors, "error"));
  if (f.waiting + f.waiting_remedies > 0)
    text += fmt::format("; {} and the end of {} wait with the blocked hosts",
                        counted(f.waiting_remedies, "more remedy", "more remedies"), counted(f.waiting, "finding"));
  return text + ".";
}

std::string what_it_takes(const Figures& f) {
  return fmt::format("It takes {}, {} of which interrupt a service; the host that takes longest needs {}, by estimate.",
                     counted(f.steps, "step"), f.interrupting, counted(f.longest, "second"));
}

std::string where_it_stands(const plan::Plan& plan, const Figures& f) {
  auto text = fmt::format("{} clean, {} resolved, {} blocked; {} to be confirmed by the network team",
                          counted(f.clean, "host is", "hosts are"), f.resolved, f.blocked,
                          counted(f.to_be_confirmed, "value is", "values are"));
  if (f.held_clusters > 0)
    text += fmt::format("; {} start, and {} with {}: {}", counted(f.held_clusters, "cluster cannot", "clusters cannot"),
                        counted(f.held_hosts, "of the moving hosts waits", "of the moving hosts wait"),
                        f.held_clusters == 1 ? "it" : "them", held_names(plan));
  return text + ".";
}

void add_open_findings(std::vector<std::pair<std::string, std::string>>& points, const std::string& host,
                       const std::vector<rules::Finding>& findings) {
  for (const auto& finding : findings)
    if (finding.resolution == rules::Resolution::Open && finding.severity >= Severity::Warning)
      points.emplace_back(host, finding.rule + ": " + finding.message);
}

bool any_dhcp(const plan::Plan& plan) {
  return std::any_of(plan.hosts.begin(), plan.hosts.end(), [](const plan::HostPlan& host) {
    const auto& all = host.after.interfaces;
    return std::any_of(all.begin(), all.end(), [](const model::Interface& i) { return i.enabled && i.dhcp; });
  });
}

bool any_distributed(const plan::Plan& plan) {
  return std::any_of(plan.hosts.begin(), plan.hosts.end(), [](const plan::HostPlan& host) {
    const auto& all = host.after.interfaces;
    return std::any_of(all.begin(), all.end(), [](const model::Interface& i) { return !i.dvport.empty(); });
  });
}

}  // namespace

std::string title(const plan::Plan& plan) {
  const auto blocked = [](const plan::HostPlan& host) { return host.status == plan::Status::Blocked; };
  const auto moving =
      plan.hosts.size() - static_cast<std::size_t>(std::count_if(plan.hosts.begin(), plan.hosts.end(), blocked));
  return moving_hosts(moving, plan.hosts.size()) + (plan.estate.empty() ? "" : " of " + plan.estate) +
         ", ESX to ESXi " + to_string(plan.target);
}

std::string held_names(const plan::Plan& plan) {
  std::vector<std::string> names;
  const auto held = held_clusters(plan);
  for (const auto& one : held)
    if (names.size() < kHeldShown) names.push_back(held_text(one));
  return join(names, ", ") +
         (held.size() > kHeldShown ? fmt::format(" and {} more", held.size() - kHeldShown) : std::string());
}

std::string product_of(const plan::HostPlan& host) {
  const auto product = host.product.empty() ? std::string("ESX") : host.product;
  return host.version.empty() ? product + ", version not known" : product + " " + host.version;
}

std::vector<std::string> summary_sentences(const plan::Plan& plan, const Figures& f) {
  return {what_moves(plan, f), what_would_happen(f), what_is_done(f), what_it_takes(f), where_it_stands(plan, f)};
}

std::vector<std::pair<std::string, std::string>> open_points(const plan::Plan& plan) {
  std::vector<std::pair<std::string, std::string>> points;
  for (const auto& host : plan.hosts) {
    for (const auto& remedy : host.remedies)
      if (remedy.to_be_confirmed)
        points.emplace_back(host.name, "the network team provides or agrees to " + plan::phrase(remedy));
    add_open_findings(points, host.name, host.findings);
  }
  add_open_findings(points, "", plan.findings);
  return points;
}

std::vector<std::string> assumptions(const plan::Plan& plan) {
  std::vector<std::string> out;
  out.emplace_back(plan.path == model::Path::Fresh
                       ? "Path fresh: the hosts are installed anew; management becomes vmk0, the other vswifs follow, "
                         "then the vmks, each by number. Switches, port groups and interfaces stand as in the state "
                         "\"mapped\" of plan.json before a script runs."
                       : "Path upgrade: VMware's in-place upgrade keeps the names of the vmks; the vswifs follow the "
                         "highest number. It may leave interfaces disabled; the state \"mapped\" of plan.json says "
                         "which.");
  out.emplace_back("Where the console and the VMkernel had different default gateways, ESXi keeps the console's.");
  out.emplace_back(
      "Where two interfaces of one stack tie, the first created is taken to be the likely one; VMware calls the choice "
      "undefined.");
  out.emplace_back("The uplinks vmnic0, vmnic1 ... are the same ports before and after.");
  out.emplace_back("The inputs show the hosts as they are on the day of the change.");
  out.emplace_back("Seconds are estimates; no step was timed on these hosts.");
  if (any_dhcp(plan)) out.emplace_back("DHCP servers give out the addresses that the inputs show.");
  if (any_distributed(plan))
    out.emplace_back("Ports of distributed switches are moved by vCenter, not by these scripts.");
  return out;
}

}  // namespace esx2esxi::render
