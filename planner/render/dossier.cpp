// The dossier as a whole: what the head of the document names, and the chapters' fields together.
#include "dossier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "files.hpp"
#include "sentences.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kInputsShown = 500;  // plan.json has them all
constexpr std::size_t kOpenShown = 20;     // hosts whose sections stand open at first

/// What all paths have in common, up to a '/'.
std::string common_folder(const std::vector<plan::PlannedInput>& inputs) {
  if (inputs.size() < 2) return {};
  auto common = inputs.front().path;
  for (const auto& input : inputs) {
    const auto end = std::mismatch(common.begin(), common.end(), input.path.begin(), input.path.end()).first;
    common.erase(end, common.end());
  }
  const auto slash = common.rfind('/');
  return slash == std::string::npos ? std::string() : common.substr(0, slash + 1);
}

Rows sentence_rows(const std::vector<std::string>& sentences) {
  return rows_of(sentences, [](const std::string& sentence) { return Fields{{"sentence", cell(sentence)}}; });
}

Rows figure_rows(const Figures& f) {
  return rows_of(figure_list(f), [](const auto& figure) {
    return Fields{{"label", figure.first}, {"number", std::to_string(figure.second)}};
  });
}

Rows input_rows(const Dossier& d) {
  const auto& inputs = d.plan.inputs;
  if (inputs.size() > kInputsShown)
    return {
        {{"path", fmt::format("{} files", inputs.size())}, {"kind", cell("")}, {"sha256", "one by one in plan.json"}}};
  return rows_of(inputs, [&](const plan::PlannedInput& input) {
    return Fields{{"path", cell(std::string_view(input.path).substr(d.root.size()))},
                  {"kind", cell(input.kind)},
                  {"sha256", cell(input.sha256)}};
  });
}

std::size_t longest_rollback(const plan::Plan& plan) {
  std::size_t longest = 0;
  for (const auto& host : plan.hosts) longest = std::max(longest, seconds(host.rollback));
  return longest;
}

Fields head_fields(const Dossier& d) {
  const auto& given = d.particulars;
  return {{"title", cell(given.title.empty() ? title(d.plan) : given.title)},
          {"change_number", Value(valid_utf8(given.change_number))},
          {"requester", Value(valid_utf8(given.requester))},
          {"window", Value(valid_utf8(given.window))},
          {"date", to_string(d.plan.date)},
          {"tool", cell(d.plan.tool)},
          {"estate", Value(valid_utf8(d.plan.estate))},
          {"target", to_string(d.plan.target)},
          {"path", to_string(d.plan.path)},
          {"fresh", d.plan.path == model::Path::Fresh},
          {"root", Value(valid_utf8(d.root))},
          {"pictures", d.pictures},
          {"few", d.plan.hosts.size() <= kOpenShown},
          {"rollback_seconds", std::to_string(longest_rollback(d.plan))}};
}

}  // namespace

Dossier::Dossier(const plan::Plan& of_plan, const DossierOptions& options)
    : plan(of_plan),
      particulars(options.particulars),
      pictures(options.documents.svg),
      figures(figures_of(plan)),
      folders(folder_names(plan.hosts)),
      root(common_folder(plan.inputs)) {}

Value cell(std::string_view text) { return text.empty() ? Value(kNone) : Value(valid_utf8(text)); }

Value cell(const std::vector<std::string>& parts, std::string_view between) { return cell(join(parts, between)); }

void set_rows(Fields& fields, const std::string& name, Rows rows) {
  fields.insert_or_assign("has_" + name, Value(!rows.empty()));
  fields.insert_or_assign(name, Value(std::move(rows)));
}

void set_rows(Fields& fields, const std::string& name, Each rows) {
  fields.insert_or_assign("has_" + name, Value(rows.any));
  fields.insert_or_assign(name, Value(std::move(rows)));
}

std::string id_of(const plan::Plan& plan, const plan::HostPlan& host) {
  return std::to_string(&host - plan.hosts.data() + 1);
}

Fields dossier_fields(const Dossier& dossier) {
  auto fields = head_fields(dossier);
  set_rows(fields, "summary", sentence_rows(summary_sentences(dossier.plan, dossier.figures)));
  set_rows(fields, "figures", figure_rows(dossier.figures));
  set_rows(fields, "assumptions", sentence_rows(assumptions(dossier.plan)));
  set_rows(fields, "inputs", input_rows(dossier));
  add_findings(fields, dossier);
  add_scope(fields, dossier);
  add_risks(fields, dossier);
  add_phases(fields, dossier);
  add_waves(fields, dossier);
  add_hosts(fields, dossier);
  return fields;
}

}  // namespace esx2esxi::render
