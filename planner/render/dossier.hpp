// What the templates of the dossier can name. The fields are the same for every syntax, so that the documents cannot
// disagree; a table of an estate is made row by row while it is written.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/dossier.hpp"
#include "esx2esxi/render/template.hpp"
#include "figures.hpp"

namespace esx2esxi::render {

/// What all chapters look at. Refers to the plan.
struct Dossier {
  Dossier(const plan::Plan& of_plan, const DossierOptions& options);

  const plan::Plan& plan;
  Particulars particulars;
  bool pictures = true;  ///< there are .svg files to point at
  Figures figures;
  std::vector<std::string> folders;  ///< parallel to the hosts
  std::string root;                  ///< what the paths of all inputs begin with, up to a '/'
};

/// All of them; `dossier` must outlive the fields.
Fields dossier_fields(const Dossier& dossier);

/// What stands in a table cell that has no value.
inline constexpr std::string_view kNone = "–";

/// The value, or kNone.
Value cell(std::string_view text);
Value cell(const std::vector<std::string>& parts, std::string_view between = ", ");

/// Sets `name` to the rows and `has_name` to whether there are any.
void set_rows(Fields& fields, const std::string& name, Rows rows);
void set_rows(Fields& fields, const std::string& name, Each rows);

/// A row an item; `items` must outlive the rows.
template <class Items, class Convert>
Each each_of(const Items& items, Convert convert) {
  return {!items.empty(), [&items, convert](const std::function<void(const Fields&)>& visit) {
            for (const auto& item : items) visit(convert(item));
          }};
}

template <class Items, class Convert>
Rows rows_of(const Items& items, Convert convert) {
  Rows rows;
  for (const auto& item : items) rows.push_back(convert(item));
  return rows;
}

/// Adds the fields of a chapter.
void add_findings(Fields& fields, const Dossier& dossier);  ///< reasons, rule_sections, estate_findings, open
void add_scope(Fields& fields, const Dossier& dossier);     ///< scope, blocked, moves, segments, rejected, clusters
void add_risks(Fields& fields, const Dossier& dossier);     ///< risks, matrix
void add_phases(Fields& fields, const Dossier& dossier);
void add_waves(Fields& fields, const Dossier& dossier);  ///< waves, ripple
void add_hosts(Fields& fields, const Dossier& dossier);  ///< hosts, each with all its tables

/// One host with all its tables; refers to both.
Fields host_fields(const Dossier& dossier, const plan::HostPlan& host);

/// "resolved: vmk1 moves", "waived: ...", "open"
std::string resolution_text(const rules::Finding& finding);

/// FILE:LINE of the first origins, and how many more there are. Files without `root`.
std::string evidence_text(const rules::Finding& finding, std::string_view root);

/// What they are numbered by in the documents: from 1, in the order of the plan.
std::string id_of(const plan::Plan& plan, const plan::HostPlan& host);

/// Cluster -> its hosts; those in none are left out.
std::map<std::string, std::vector<const plan::HostPlan*>> clusters_of(const plan::Plan& plan);

/// One risk, scored.
struct Risk {
  std::string id;  ///< "R1"
  std::string what;
  unsigned likelihood = 1;  ///< 1 to 5
  std::string likelihood_why;
  unsigned impact = 1;  ///< 1 to 5
  std::string impact_why;
  std::string mitigation;
  unsigned score() const { return likelihood * impact; }
};
std::vector<Risk> risks_of(const plan::Plan& plan);
std::string_view grade_of(unsigned score);  ///< "low", "medium", "high"
unsigned worst_score(const plan::Plan& plan);

/// How long a service is interrupted.
struct Interruption {
  std::string service;
  std::size_t hosts = 0;
  std::size_t steps = 0;
  std::size_t longest = 0;  ///< seconds, on the host where it is longest
  std::size_t all = 0;      ///< seconds, one host after another
};
std::vector<Interruption> interruptions(const plan::Plan& plan);
std::string_view who_notices(std::string_view service);

/// A step as the dossier shows it.
struct StepText {
  std::string command;   ///< in the words of the target; what it does where there is no script
  std::string expected;  ///< what the host shows afterwards
};
/// Parallel to `steps`, which begin in state `from`.
std::vector<StepText> step_texts(const plan::Plan& plan, const plan::HostPlan& host, const model::State& from,
                                 const std::vector<plan::Step>& steps);
Rows step_rows(const plan::Plan& plan, const plan::HostPlan& host, const model::State& from,
               const std::vector<plan::Step>& steps);

}  // namespace esx2esxi::render
