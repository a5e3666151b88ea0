// One tab of RVTools as .csv: comma or semicolon, with or without a byte order mark.
#include <algorithm>

#include "esx2esxi/core/csv.hpp"
#include "esx2esxi/core/text.hpp"
#include "lines.hpp"
#include "rvtools.hpp"

namespace esx2esxi::intake {

namespace {

RvRow row_of(CsvRecord&& record, std::uint32_t lines_before) {
  return {std::move(record.fields), record.line + lines_before};
}

/// An interface and a MAC in one record: the tab of interfaces, whatever its titles say.
bool shows_an_interface(const CsvRecord& record) {
  const auto& cells = record.fields;
  return std::any_of(cells.begin(), cells.end(),
                     [](const auto& c) { return is_numbered(trim(c), "vmk") || is_numbered(trim(c), "vswif"); }) &&
         std::any_of(cells.begin(), cells.end(), [](const auto& c) { return net::Mac::parse(trim(c)).has_value(); });
}

std::vector<NamedFacts> refusal(Severity severity, const FileName& file, std::uint32_t line, std::string_view code,
                                std::string_view message, std::string_view remedy) {
  NamedFacts out;
  out.only_notes = true;
  out.facts.notes.push_back({severity, std::string(code), {file, line, 0}, std::string(message), std::string(remedy)});
  std::vector<NamedFacts> all;
  all.push_back(std::move(out));
  return all;
}

/// By the titles, or by the name that RVTools gives the file where a column is missing: which one is said then.
std::optional<RvTab> tab_of(const FileName& file, const std::vector<std::string>& titles) {
  const auto tab = tab_with_titles(titles);
  if (tab && *tab != RvTab::Other) return tab;
  const auto path = file.text();
  const auto name = path.substr(path.find_last_of("/\\!") + 1);
  const auto named = tab_named(name.substr(0, name.rfind('.')));
  return named != RvTab::Other && has_titles_of(named, titles) ? named : tab;
}

}  // namespace

bool recognises_rvtools_csv(std::string_view head) {
  constexpr int kRowsToTry = 20;
  CsvReader reader(FileName(), head.substr(0, 65536));
  const auto titles = reader.next();
  if (!titles || titles->fields.size() < 3) return false;
  if (tab_with_titles(titles->fields)) return true;
  for (int i = 0; i < kRowsToTry; ++i) {
    const auto row = reader.next();
    if (!row) return false;
    if (shows_an_interface(*row)) return true;
  }
  return false;
}

std::vector<NamedFacts> read_rvtools_csv(const Source& source) {
  CsvReader reader(source.file, source.text);
  auto header = reader.next();
  if (!header)
    return refusal(Severity::Error, source.file, 0, "rvtools-empty", "the file has no title row", "export it again");
  const auto titles = row_of(std::move(*header), source.lines_before);
  const auto tab = tab_of(source.file, titles.cells);
  if (!tab)
    return refusal(Severity::Error, source.file, titles.line, "rvtools-titles",
                   "the titles are not those of an RVTools tab in English: the file is not read",
                   "export it again from an English RVTools, titles unchanged");
  if (*tab == RvTab::Other || *tab == RvTab::Cluster)
    return refusal(Severity::Note, source.file, titles.line, "rvtools-tab-unused",
                   "this tab of RVTools says nothing of a host's network", {});
  RvReader rows(*tab, source.file, titles);
  while (auto record = reader.next()) rows.read(row_of(std::move(*record), source.lines_before));
  auto out = rows.finish();
  if (auto notes = reader.take_notes(); !notes.empty()) {
    out.emplace_back();
    out.back().only_notes = true;
    out.back().facts.notes = std::move(notes);
  }
  return out;
}

}  // namespace esx2esxi::intake
