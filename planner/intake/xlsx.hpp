// Workbooks as spreadsheets and report tools write them (ECMA-376): names of sheets, cells as text. Private to the
// stage.
//
// Memory is bounded: a sheet is parsed row by row and never as a whole, strings are shared by reference, and each part
// has a budget. What is larger is refused, and said.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <pugixml.hpp>
#include <tl/expected.hpp>

#include "rvtools.hpp"

namespace esx2esxi::intake {

/// Strings that cells share, decoded when they are asked for.
class SharedStrings {
 public:
  /// Takes the part xl/sharedStrings.xml; false: it has more strings than any workbook.
  bool read(std::string xml);
  std::string text(std::size_t index);

 private:
  std::string xml_;
  std::vector<std::uint32_t> begins_;
  std::map<std::size_t, std::string> decoded_;
};

class Workbook {
 public:
  struct Sheet {
    std::string name;
    std::string part;  ///< "xl/worksheets/sheet1.xml"
  };

  /// `bytes` outlive the workbook. The error is a phrase for a diagnostic.
  static tl::expected<Workbook, std::string> open(std::string_view bytes);

  const std::vector<Sheet>& sheets() const { return sheets_; }

  /// Calls `visit` for each row that has cells. A cell in a column that is not wanted is left empty. An error says why
  /// reading ended early.
  tl::expected<void, std::string> for_each_row(const Sheet& sheet, const std::function<bool(std::size_t)>& wants,
                                               const std::function<void(const RvRow&)>& visit);

 private:
  tl::expected<void, std::string> read_sheet_names(std::string_view workbook, std::string_view relations);
  tl::expected<void, std::string> read_shared_strings();
  std::string cell_text(const pugi::xml_node& cell);
  void read_row(const pugi::xml_node& element, const std::function<bool(std::size_t)>& wants, RvRow& row);

  std::string_view bytes_;
  std::vector<Sheet> sheets_;
  SharedStrings strings_;
  bool strings_read_ = false;
};

/// "line_x000D__x000A_two" -> the characters; "_x005F_" is the underscore that keeps the rest from being one.
std::string without_escapes(std::string_view text);

}  // namespace esx2esxi::intake
