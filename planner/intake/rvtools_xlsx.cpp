// A whole RVTools export as one workbook: a sheet for each tab.
#include <optional>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "lines.hpp"
#include "rvtools.hpp"
#include "xlsx.hpp"
#include "zip.hpp"

namespace esx2esxi::intake {

namespace {

/// Titles stand in the first row that has as many values as a row of titles must.
bool may_be_titles(const RvRow& row) {
  std::size_t filled = 0;
  for (const auto& cell : row.cells) filled += trim(cell).empty() ? 0 : 1;
  return filled >= 3;
}

class Export {
 public:
  explicit Export(const Source& source) : source_(source) {}

  std::vector<NamedFacts> run() {
    auto book = Workbook::open(source_.text);
    if (!book) {
      complain(Severity::Error, source_.file, fmt::format("this is no workbook of RVTools: {}", book.error()),
               "export it again as .xlsx or .csv");
      return std::move(out_);
    }
    bool interfaces = false;
    bool any = false;
    for (const auto& sheet : book->sheets()) {
      const auto tab = tab_named(sheet.name);
      any = any || tab != RvTab::Other;
      interfaces = interfaces || tab == RvTab::Interfaces;
      if (tab != RvTab::Other && tab != RvTab::Cluster) read(*book, sheet, tab);
    }
    if (!any)
      complain(Severity::Error, source_.file, "no sheet of this workbook is a tab of RVTools (vSC_VMK, vHost, ...)",
               "export it again from RVTools");
    else if (!interfaces)
      complain(Severity::Warning, source_.file, "the workbook has no sheet vSC_VMK: the interfaces are not known",
               "export all tabs");
    return std::move(out_);
  }

 private:
  void read(Workbook& book, const Workbook::Sheet& sheet, RvTab tab) {
    const FileName file(std::string(source_.file.text()) + "!" + excerpt(sheet.name));
    std::optional<RvReader> reader;
    const auto wants = [&](std::size_t column) { return !reader || reader->wants(column); };
    const auto end = book.for_each_row(sheet, wants, [&](const RvRow& row) {
      if (reader)
        reader->read(row);
      else if (may_be_titles(row))
        reader.emplace(tab, file, row);
    });
    if (reader)
      for (auto& part : reader->finish()) out_.push_back(std::move(part));
    if (!end)
      complain(Severity::Error, file, fmt::format("the sheet cannot be read: {}", end.error()), "export it again");
    else if (!reader)
      complain(Severity::Note, file, "the sheet is empty", {});
  }

  void complain(Severity severity, const FileName& file, std::string message, std::string remedy) {
    NamedFacts note;
    note.only_notes = true;
    note.facts.notes.push_back({severity, "rvtools-workbook", {file, 0, 0}, std::move(message), std::move(remedy)});
    out_.push_back(std::move(note));
  }

  const Source& source_;
  std::vector<NamedFacts> out_;
};

}  // namespace

bool recognises_rvtools_xlsx(std::string_view head) { return is_zip(head); }

std::vector<NamedFacts> read_rvtools_xlsx(const Source& source) { return Export(source).run(); }

}  // namespace esx2esxi::intake
