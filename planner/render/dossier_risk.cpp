// Risks, each scored by what can be counted in the plan: likelihood by the share of hosts concerned, impact by what
// would be hit. The board may score otherwise; it sees from what.
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "changes.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::render {

namespace {

using plan::HostPlan;

constexpr unsigned kScale = 5;

/// 1: no host; then up to a tenth, a third, two thirds, and more of all hosts.
unsigned likelihood_of(std::size_t concerned, std::size_t all) {
  if (concerned == 0) return 1;
  if (concerned * 10 <= all) return 2;
  if (concerned * 3 <= all) return 3;
  return concerned * 3 <= all * 2 ? 4 : 5;
}

bool moves(const HostPlan& host) { return host.status != plan::Status::Blocked; }

bool interrupts(const HostPlan& host, std::string_view service) {
  return std::any_of(host.steps.begin(), host.steps.end(),
                     [&](const plan::Step& s) { return s.interrupts.find(service) != std::string::npos; });
}

bool leaves_open(const HostPlan& host) {
  return std::any_of(host.findings.begin(), host.findings.end(), [](const rules::Finding& f) {
    return f.resolution == rules::Resolution::Open && f.severity >= Severity::Warning;
  });
}

bool is_readdressed(const HostPlan& host) {
  const auto changes = interface_changes(host);
  return std::any_of(changes.begin(), changes.end(), [](const InterfaceChange& c) { return c.readdressed(); });
}

bool has_unconfirmed(const HostPlan& host) {
  return std::any_of(host.remedies.begin(), host.remedies.end(), [](const auto& r) { return r.to_be_confirmed; });
}

bool has_doubts(const HostPlan& host) {
  return std::any_of(host.diagnostics.begin(), host.diagnostics.end(),
                     [](const Diagnostic& d) { return d.severity >= Severity::Warning; });
}

struct Kind {
  std::string_view what;
  std::string_view concerns;  ///< "7 of 14 hosts ..."
  std::function<bool(const HostPlan&)> concerned;
  unsigned impact;
  std::string_view impact_why;
  std::string_view mitigation;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all{
      {"A host cannot be managed while it is changed, or stays so", "have steps that interrupt management",
       [](const HostPlan& h) { return interrupts(h, "management"); }, 4,
       "The host leaves vCenter; its machines go on running, but only its console helps.",
       "Console access to each host before its script; every step is read back, and rollback.sh leads back from any of "
       "them; HA host monitoring is suspended."},
      {"Machines lose their disks", "have steps that interrupt NFS or iSCSI",
       [](const HostPlan& h) { return interrupts(h, "nfs") || interrupts(h, "iscsi"); }, 5,
       "Machines that run on the host stop.", "Maintenance mode first: no machine runs on the host that is changed."},
      {"A host cannot take machines over", "have steps that interrupt vMotion",
       [](const HostPlan& h) { return interrupts(h, "vmotion"); }, 2,
       "No migration to or from the host for seconds; nothing that runs is touched.",
       "Hosts of a cluster one after another, evacuated first."},
      {"A planned address is in use already", "get a value that comes from no pool",
       [](const HostPlan& h) { return moves(h) && has_unconfirmed(h); }, 4,
       "Two machines with one address: both lose packets.",
       "The network team confirms each value of the appendix before the window."},
      {"Something outside names an old address", "get another address than they had on ESX",
       [](const HostPlan& h) { return moves(h) && is_readdressed(h); }, 4,
       "Export lists, firewalls, DNS, monitoring or backup turn the host away.",
       "The chapter on dependencies and address-plan.csv, column old_address, go to their owners before the window."},
      {"Traffic takes another way than on ESX", "send some service another way",
       [](const HostPlan& h) { return moves(h) && !h.proof.changes.empty(); }, 3,
       "The far side sees another source address, or a firewall another path.",
       "Each difference is listed with its reason in the host's appendix, and tested with vmkping."},
      {"A conflict stays", "keep an open finding of severity warning or error",
       [](const HostPlan& h) { return leaves_open(h); }, 3, "What the finding says may happen, happens.",
       "Each is listed under what is to be confirmed, and somebody decides."},
      {"A cluster stays mixed", "are blocked and stay on ESX", [](const HostPlan& h) { return !moves(h); }, 3,
       "vMotion and HA between ESX and ESXi hosts of the cluster go on longer than meant.",
       "The reasons under scope are solved first, or the hosts are left out of the change."},
      {"The plan rests on an incomplete picture", "have inputs that could not be read whole",
       [](const HostPlan& h) { return has_doubts(h); }, 3, "The host is not as the plan believes.",
       "remediate.sh refuses a state that it does not know, before it changes anything."},
  };
  return all;
}

/// The ids of the risks in one field of the matrix.
std::string ids_at(const std::vector<Risk>& risks, unsigned likelihood, unsigned impact) {
  std::vector<std::string> ids;
  for (const auto& risk : risks)
    if (risk.likelihood == likelihood && risk.impact == impact) ids.push_back(risk.id);
  return join(ids, ", ");
}

constexpr std::string_view kLikelihoods[] = {"1 none", "2 rare", "3 possible", "4 likely", "5 expected"};

Rows matrix_rows(const std::vector<Risk>& risks) {
  Rows rows;
  for (unsigned likelihood = kScale; likelihood >= 1; --likelihood) {
    Rows fields;
    for (unsigned impact = 1; impact <= kScale; ++impact)
      fields.push_back({{"grade", grade_of(likelihood * impact)}, {"ids", Value(ids_at(risks, likelihood, impact))}});
    rows.push_back({{"likelihood", kLikelihoods[likelihood - 1]}, {"cells", std::move(fields)}});
  }
  return rows;
}

Fields risk_row(const Risk& risk) {
  return {{"risk_id", risk.id},
          {"what", risk.what},
          {"likelihood", std::to_string(risk.likelihood)},
          {"likelihood_why", risk.likelihood_why},
          {"impact", std::to_string(risk.impact)},
          {"impact_why", risk.impact_why},
          {"score", std::to_string(risk.score())},
          {"grade", grade_of(risk.score())},
          {"mitigation", risk.mitigation}};
}

}  // namespace

std::vector<Risk> risks_of(const plan::Plan& plan) {
  std::vector<Risk> risks;
  const auto all = plan.hosts.size();
  for (const auto& kind : kinds()) {
    const auto n = static_cast<std::size_t>(std::count_if(plan.hosts.begin(), plan.hosts.end(), kind.concerned));
    risks.push_back({fmt::format("R{}", risks.size() + 1), std::string(kind.what), likelihood_of(n, all),
                     fmt::format("{} of {} hosts {}.", n, all, kind.concerns), kind.impact,
                     std::string(kind.impact_why), std::string(kind.mitigation)});
  }
  return risks;
}

std::string_view grade_of(unsigned score) { return score >= 15 ? "high" : score >= 8 ? "medium" : "low"; }

unsigned worst_score(const plan::Plan& plan) {
  unsigned worst = 1;
  for (const auto& risk : risks_of(plan)) worst = std::max(worst, risk.score());
  return worst;
}

void add_risks(Fields& fields, const Dossier& dossier) {
  const auto risks = risks_of(dossier.plan);
  fields.insert_or_assign("worst_score", std::to_string(worst_score(dossier.plan)));
  fields.insert_or_assign("worst_grade", grade_of(worst_score(dossier.plan)));
  set_rows(fields, "risks", rows_of(risks, risk_row));
  set_rows(fields, "matrix", matrix_rows(risks));
}

}  // namespace esx2esxi::render
