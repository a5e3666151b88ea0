// What each phase of the change interrupts, for how long, and who notices.
#include <algorithm>
#include <map>

#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::render {

namespace {

/// "management, nfs" -> its parts
std::vector<std::string> services_in(std::string_view interrupts) {
  std::vector<std::string> out;
  for (const auto part : split(interrupts, ','))
    if (const auto name = trim(part); !name.empty()) out.emplace_back(name);
  return out;
}

Fields phase(std::string_view name, std::string_view what, std::size_t hosts, std::string longest, std::string all,
             std::string_view who) {
  return {
      {"phase", name},         {"what", what}, {"hosts_count", std::to_string(hosts)}, {"longest", std::move(longest)},
      {"all", std::move(all)}, {"who", who}};
}

Fields phase(std::string_view name, std::string_view what, std::size_t hosts, std::size_t longest, std::size_t all,
             std::string_view who) {
  return phase(name, what, hosts, std::to_string(longest), std::to_string(all), who);
}

struct Way {
  std::size_t hosts = 0;
  std::size_t longest = 0;
  std::size_t all = 0;
};

Way way_back(const plan::Plan& plan) {
  Way way;
  for (const auto& host : plan.hosts) {
    const auto needed = seconds(host.rollback);
    if (!host.rollback.empty()) ++way.hosts;
    way.longest = std::max(way.longest, needed);
    way.all += needed;
  }
  return way;
}

}  // namespace

std::vector<Interruption> interruptions(const plan::Plan& plan) {
  std::map<std::string, Interruption> table;
  for (const auto& host : plan.hosts) {
    std::map<std::string, std::size_t> of_host;
    for (const auto& step : host.steps)
      for (const auto& service : services_in(step.interrupts)) {
        of_host[service] += step.seconds;
        ++table[service].steps;
      }
    for (const auto& [service, needed] : of_host) {
      auto& row = table[service];
      ++row.hosts;
      row.longest = std::max(row.longest, needed);
      row.all += needed;
    }
  }
  std::vector<Interruption> out;
  for (auto& [service, row] : table) {
    row.service = service;
    out.push_back(row);
  }
  return out;
}

std::string_view who_notices(std::string_view service) {
  if (service == "management")
    return "Administrators: vCenter shows the host disconnected. HA, unless it is suspended.";
  if (service == "vmotion") return "Nobody, unless a migration runs.";
  if (service == "nfs" || service == "iscsi") return "Machines on its datastores; nobody in maintenance mode.";
  if (service == "faultToleranceLogging") return "Machines with fault tolerance lose their second copy; switch it off.";
  if (service.starts_with("vSphereReplication")) return "Replication runs late.";
  if (service == "vSphereProvisioning") return "Clones and cold migrations wait.";
  if (service.starts_with("vsan")) return "vSAN: objects of the host are resynchronised.";
  return "Users of that service.";
}

void add_phases(Fields& fields, const Dossier& dossier) {
  const auto& plan = dossier.plan;
  const auto& f = dossier.figures;
  const auto back = way_back(plan);
  Rows rows{phase("Preparation", "Backups, confirmations, changes outside the hosts", f.hosts, 0, 0, "Nobody."),
            phase("Migration", "The host is evacuated and installed; not part of this tool's estimate",
                  f.hosts - f.blocked, std::string(), std::string(),
                  "Administrators: the cluster has one host less. Users: nobody, if its machines were moved.")};
  for (const auto& i : interruptions(plan)) {
    const auto what =
        counted(i.steps, "step") + " of remediate.sh " + (i.steps == 1 ? "interrupts " : "interrupt ") + i.service;
    rows.push_back(phase("Remediation", what, i.hosts, i.longest, i.all, who_notices(i.service)));
  }
  rows.push_back(phase("Test", "Pings, tables and mounts are looked at", f.hosts - f.blocked, 0, 0, "Nobody."));
  rows.push_back(
      phase("Back-out, if decided", "rollback.sh", back.hosts, back.longest, back.all, "As in the remediation."));
  set_rows(fields, "phases", std::move(rows));
}

}  // namespace esx2esxi::render
