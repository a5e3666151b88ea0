#include "esx2esxi/intake/assemble.hpp"

#include <tuple>

#include "merge.hpp"

namespace esx2esxi::intake {

SaidNames all_said(std::vector<std::string> names, const Origin& at) {
  SaidNames out;
  out.reserve(names.size());
  for (auto& name : names) out.push_back({std::move(name), at});
  return out;
}

std::vector<std::string> names_of(const SaidNames& said) {
  std::vector<std::string> out;
  out.reserve(said.size());
  for (const auto& name : said) out.push_back(name.value);
  return out;
}

namespace {

/// An importer's place in the table; those of sessions and containers, which are not in it, come behind.
std::size_t place_in_table(const Importer* importer) {
  const auto all = importers();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (&all[i] == importer) return i;
  return all.size();
}

/// The order in which files are believed: trust, then the importer's place in the table, then the path.
bool believed_before(const FileFacts& a, const FileFacts& b) {
  if (a.importer->trust != b.importer->trust) return a.importer->trust > b.importer->trust;
  if (a.importer == b.importer) return a.path < b.path;
  return std::tuple(place_in_table(a.importer), a.importer->name, std::string_view(a.path)) <
         std::tuple(place_in_table(b.importer), b.importer->name, std::string_view(b.path));
}

void list_inputs(Merge& merge) {
  auto& inputs = merge.host.inputs;
  for (const auto& file : merge.files) {
    const auto& cut_off = file.facts.cut_off;
    const bool never_read = cut_off && cut_off->at.line == 0;
    if (!never_read) inputs.push_back({file.path, std::string(file.kind.empty() ? file.importer->name : file.kind)});
    const auto& notes = file.facts.notes;
    merge.host.diagnostics.insert(merge.host.diagnostics.end(), notes.begin(), notes.end());
  }
  std::sort(inputs.begin(), inputs.end(),
            [](const model::InputFile& a, const model::InputFile& b) { return a.path < b.path; });
}

}  // namespace

model::Host assemble(std::vector<FileFacts> files, std::string fallback_name) {
  std::stable_sort(files.begin(), files.end(), believed_before);
  Merge merge(files);
  list_inputs(merge);
  merge_identity(merge, std::move(fallback_name));
  merge_names_and_time(merge);
  merge_switches(merge);
  merge_interfaces(merge);
  merge_stacks(merge);
  merge_storage(merge);
  merge_services(merge);
  check_agreement(merge);
  check_evidence(merge);
  return std::move(merge.host);
}

}  // namespace esx2esxi::intake
