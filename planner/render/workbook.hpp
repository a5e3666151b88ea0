// A workbook of plain tables: text stays text, numbers are numbers.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "esx2esxi/core/document.hpp"
#include "esx2esxi/model/policy.hpp"

namespace esx2esxi::render {

using Cell = std::variant<std::string, std::size_t, model::Date>;

struct Column {
  std::string head;
  unsigned width = 12;  ///< characters
};

/// Rows are written at once and leave the memory. The same calls give the same bytes.
class Workbook {
 public:
  Workbook(const std::string& title, model::Date created);
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  /// What follows goes into this sheet: a head that stays in sight and is repeated on each page, filters, a print area.
  void sheet(const std::string& name, const std::vector<Column>& columns);
  void row(const std::vector<Cell>& cells);

  /// Ends the workbook and hands over its bytes. Throws DocumentError if there is no room for temporary files.
  void finish(const Put& put);

 private:
  struct Book;
  std::unique_ptr<Book> book_;
};

}  // namespace esx2esxi::render
