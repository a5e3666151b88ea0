// Which hosts, which networks, what moves.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "changes.hpp"
#include "diagram.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "sentences.hpp"
#include "waves.hpp"

namespace esx2esxi::render {

namespace {

/// The rules that it breaks, each once.
std::string rules_of(const plan::HostPlan& host) {
  std::set<std::string> rules;
  for (const auto& finding : host.findings) rules.insert(finding.rule);
  return join({rules.begin(), rules.end()}, " ");
}

Fields scope_row(const plan::Plan& plan, const plan::HostPlan& host) {
  return {{"id", id_of(plan, host)},
          {"host", cell(host.name)},
          {"from", cell(product_of(host))},
          {"cluster", cell(host.cluster)},
          {"status", to_string(host.status)},
          {"rules", Value(rules_of(host))},
          {"interfaces", std::to_string(host.after.interfaces.size())},
          {"remedies", std::to_string(host.remedies.size())},
          {"findings", std::to_string(host.findings.size())},
          {"steps", std::to_string(host.steps.size())},
          {"seconds", std::to_string(seconds(host.steps))}};
}

Rows blocked_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& host : plan.hosts)
    for (const auto& reason : host.blocked)
      rows.push_back({{"id", id_of(plan, host)}, {"host", cell(host.name)}, {"reason", cell(reason)}});
  return rows;
}

Fields move_row(const plan::Plan& plan, const plan::HostPlan& host, const readdress::Remedy& remedy) {
  return {{"id", id_of(plan, host)},
          {"host", cell(name_in_wave(host))},
          {"interface", cell(subject_of(host, remedy))},
          {"from", cell(remedy.from_value)},
          {"to", cell(remedy.to_value)},
          {"rule", cell(remedy.rule)},
          {"why", cell(remedy.why)}};
}

Each move_rows(const plan::Plan& plan) {
  const bool any = std::any_of(plan.hosts.begin(), plan.hosts.end(), [](const auto& h) { return !h.remedies.empty(); });
  return {any, [&plan](const std::function<void(const Fields&)>& visit) {
            for (const auto& host : plan.hosts)
              for (const auto& remedy : host.remedies) visit(move_row(plan, host, remedy));
          }};
}

Fields segment_row(const readdress::Segment& segment) {
  return {{"cluster", cell(segment.cluster)},
          {"service", to_string(segment.service)},
          {"from", to_string(segment.from)},
          {"to", segment.to ? Value(to_string(*segment.to)) : Value("stays")},
          {"members", std::to_string(segment.members.size())},
          {"why", cell(segment.why)}};
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

using Members = std::vector<const plan::HostPlan*>;

Rows network_rows(const Members& hosts) {
  std::map<net::Ipv4Prefix, std::pair<std::string, std::string>> table;
  std::map<net::Ipv4Prefix, std::set<std::string>> vlans;
  for (const auto when : {When::Before, When::After})
    for (const auto& use : networks_of(hosts, when)) {
      auto& row = table[use.network];
      (when == When::Before ? row.first : row.second) = services_text(use);
      vlans[use.network].insert(use.vlans.begin(), use.vlans.end());
    }
  return rows_of(table, [&](const auto& entry) {
    const auto& ids = vlans[entry.first];
    return Fields{{"network", to_string(entry.first)},
                  {"vlans", cell(std::vector<std::string>(ids.begin(), ids.end()))},
                  {"before", cell(entry.second.first)},
                  {"after", cell(entry.second.second)}};
  });
}

Fields cluster_row(const std::string& name, const Members& hosts, std::size_t n) {
  const auto label = fmt::format("Networks of cluster {}, before and after; the table below says the same", name);
  Fields fields{{"cluster_id", std::to_string(n)},
                {"name", cell(name)},
                {"hosts_count", counted(hosts.size(), "host")},
                {"picture_file", cluster_picture(n)},
                {"diagram", Stream{[label, hosts](const Put& put) {
                   put(cluster_diagram(hosts).picture(kClusterWidth, label));
                 }}}};
  set_rows(fields, "networks", network_rows(hosts));
  return fields;
}

}  // namespace

std::map<std::string, std::vector<const plan::HostPlan*>> clusters_of(const plan::Plan& plan) {
  std::map<std::string, Members> clusters;
  for (const auto& host : plan.hosts)
    if (!host.cluster.empty()) clusters[host.cluster].push_back(&host);
  return clusters;
}

void add_scope(Fields& fields, const Dossier& dossier) {
  const auto& plan = dossier.plan;
  set_rows(fields, "scope", each_of(plan.hosts, [&](const auto& host) { return scope_row(plan, host); }));
  set_rows(fields, "blocked", blocked_rows(plan));
  set_rows(fields, "moves", move_rows(plan));
  set_rows(fields, "segments", each_of(plan.segments, segment_row));
  set_rows(fields, "rejected", rejected_rows(plan));
  Rows clusters;
  for (const auto& [name, hosts] : clusters_of(plan)) clusters.push_back(cluster_row(name, hosts, clusters.size() + 1));
  set_rows(fields, "clusters", std::move(clusters));
}

}  // namespace esx2esxi::render
