#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace esx2esxi::app {

/// Columns a person can read: each as wide as its widest cell, two blanks between, nothing after the last.
class Table {
 public:
  explicit Table(std::string_view indent) : indent_(indent) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  std::string indent_;
  std::vector<std::vector<std::string>> rows_;
};

/// Characters that a UTF-8 text takes on the screen, each counted as one column.
std::size_t columns(std::string_view text);

/// `text` broken at blanks into lines of at most `width` columns, each but the first begun with `indent`.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indent);

}  // namespace esx2esxi::app
