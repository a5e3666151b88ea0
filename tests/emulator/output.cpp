#include "output.hpp"

#include <algorithm>
#include <map>

namespace emulator {

namespace {

std::string joined(const Cell& cell, const std::string& between) {
  std::string out;
  for (const auto& text : cell.texts) {
    if (!out.empty()) out += between;
    out += text;
  }
  return out;
}

std::string shown(const Cell& cell) { return joined(cell, ", "); }

std::string in_csv(const Cell& cell) {
  auto value = joined(cell, ",");
  if (cell.list && !value.empty()) value += ",";
  if (value.find_first_of(",\"\n\r") == std::string::npos) return value;
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string internal_name(const std::string& field) {
  std::string out;
  for (const char c : field)
    if (c != ' ' && c != '(' && c != ')' && c != '-') out += c;
  return out;
}

}  // namespace

/// Columns are the fields in the order of the alphabet.
void Output::csv(const std::vector<Record>& rows) {
  if (rows.empty()) return;
  const auto end = comma_at_end ? ",\n" : "\n";
  std::string header;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::map<std::string, std::string> cells;
    for (const auto& [name, cell] : rows[r]) cells[internal_name(name)] = in_csv(cell);
    std::string line;
    for (const auto& [name, cell] : cells) {
      if (r == 0) header += (header.empty() ? "" : ",") + name;
      line += (&name == &cells.begin()->first ? "" : ",") + cell;
    }
    if (r == 0) text_ += header + end;
    text_ += line + end;
  }
}

void Output::records(const std::vector<Record>& all, bool headed) {
  if (form == Form::Csv) return csv(all);
  for (const auto& record : all) {
    if (headed) text_ += (&record == &all.front() ? "" : "\n") + shown(record.front().second) + "\n";
    for (const auto& [name, cell] : record) text_ += "   " + name + ": " + shown(cell) + "\n";
  }
}

void Output::table(const std::vector<Record>& rows) {
  if (form == Form::Csv) return csv(rows);
  if (rows.empty()) return;
  const auto columns = rows.front().size();
  std::vector<std::size_t> width(columns);
  for (std::size_t c = 0; c < columns; ++c) {
    width[c] = rows.front()[c].first.size();
    for (const auto& row : rows) width[c] = std::max(width[c], shown(row[c].second).size());
  }
  const auto put = [&](auto&& text) {
    for (std::size_t c = 0; c < columns; ++c) {
      auto cell = text(c);
      if (c + 1 < columns) cell.resize(width[c] + 2, ' ');
      text_ += cell;
    }
    text_ += "\n";
  };
  put([&](std::size_t c) { return rows.front()[c].first; });
  put([&](std::size_t c) { return std::string(width[c], '-'); });
  for (const auto& row : rows) put([&](std::size_t c) { return shown(row[c].second); });
}

}  // namespace emulator
