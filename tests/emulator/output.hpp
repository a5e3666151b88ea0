// What a command prints, in the forms that esxcli has.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace emulator {

enum class Form { Text, Csv };

/// Lists are kept apart from texts: text form joins them with ", ", csv with commas and one at the end.
struct Cell {
  Cell(std::string text) : texts{std::move(text)} {}
  Cell(const char* text) : texts{text} {}
  Cell(std::vector<std::string> items) : texts(std::move(items)), list(true) {}
  std::vector<std::string> texts;
  bool list = false;
};

/// One structure: field names as text output shows them ("VLAN ID"), and values.
using Record = std::vector<std::pair<std::string, Cell>>;

class Output {
 public:
  Form form = Form::Text;
  bool comma_at_end = true;

  /// Records, each under its first field's value ("vmk0"), or without a head.
  void records(const std::vector<Record>& all, bool headed);
  void table(const std::vector<Record>& rows);
  void line(const std::string& text) { text_ += text + "\n"; }

  const std::string& text() const { return text_; }

 private:
  void csv(const std::vector<Record>& rows);

  std::string text_;
};

}  // namespace emulator
