// Which form an esxcli output has, told by its first lines.
#include "esxcli_output.hpp"

#include <algorithm>
#include <cctype>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esxcli_forms.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

/// A hostile output can be wrong in every row; the first ones tell the story.
constexpr std::size_t kMostNotes = 100;
constexpr std::size_t kMostRecords = 20000;

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `structure[0].VirtualSwitch.Name.string=vSwitch0`, `VersionGet.Version.string=8.0.2`
bool is_keyvalue(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  const auto path = trim(line.substr(0, equals));
  if (path.find(' ') != std::string_view::npos) return false;
  if (path.starts_with("structure[")) return true;
  const auto kind = path.substr(path.rfind('.') + 1);  // npos + 1 is 0
  return kind == "string" || kind == "boolean" || kind == "integer" || kind == "string[]";
}

/// A row of internal names: letters and digits with commas between, no blanks.
bool is_csv_header(std::string_view line) {
  return std::count(line.begin(), line.end(), ',') >= 2 &&
         std::all_of(line.begin(), line.end(), [](char c) { return is_alnum(c) || c == ','; });
}

void refuse(const Source& source, const OutputLine& line, EsxcliOutput& out) {
  constexpr std::string_view kUnknownHere[] = {"Unknown command", "Invalid option", "sage: esxcli", "not found"};
  out.refused = true;
  out.lacking = std::any_of(std::begin(kUnknownHere), std::end(kUnknownHere),
                            [&](auto words) { return line.text.find(words) != std::string::npos; });
  out.notes.push_back({Severity::Note,
                       "command-failed",
                       {source.file, line.number, 1},
                       "the command printed an error in place of an output: what it would have shown is not known",
                       {}});
}

/// Which letters these bytes stand for, nobody knows: a name guessed would be another name on the host.
bool refuses_encoding(const FileName& file, const OutputLines& lines, EsxcliOutput& out) {
  const auto line = std::find_if(lines.begin(), lines.end(), [](const OutputLine& one) {
    return malformed_at(one.text) != std::string_view::npos;
  });
  if (line == lines.end()) return false;
  out.refused = true;
  out.notes.push_back({Severity::Warning,
                       "text-encoding",
                       {file, line->number, static_cast<std::uint32_t>(malformed_at(line->text)) + 1},
                       "the line is not UTF-8: the output was refused",
                       "convert the file to UTF-8"});
  return true;
}

void read_text(const FileName& file, const OutputLines& lines, std::span<const Column> columns, EsxcliOutput& out) {
  if (is_table(lines, columns) || is_wrapped_table(lines)) return read_esxcli_table(file, lines, columns, out);
  const auto& first = lines.front();
  if (lines.size() > 1 || first.text.find(':') != std::string::npos) return read_esxcli_records(lines, out);
  Record record{{}, first.number, {}};
  record.fields.push_back({{}, std::string(trim(first.text)), {}, first.number, 1});
  out.records.push_back(std::move(record));
}

/// Values with line ends or escapes in them (csv and xml can hold any) are none.
void drop_damaged(const FileName& file, EsxcliOutput& out) {
  for (auto& record : out.records) {
    if (has_control_character(record.id)) record.id.clear();
    for (auto& field : record.fields) {
      const bool damaged = has_control_character(field.value) ||
                           std::any_of(field.items.begin(), field.items.end(),
                                       [](const auto& item) { return has_control_character(item); });
      if (!damaged) continue;
      field.value.clear();
      field.items.clear();
      if (out.notes.size() < kMostNotes)
        out.notes.push_back({Severity::Warning,
                             "value-damaged",
                             {file, field.line, field.column},
                             "a value with control characters in it",
                             {}});
    }
  }
}

void drop_surplus(const FileName& file, EsxcliOutput& out) {
  if (out.records.size() <= kMostRecords) return;
  out.notes.push_back({Severity::Error,
                       "output-too-large",
                       {file, out.records[kMostRecords].line, 1},
                       "more rows than any host has: from here on they are not read",
                       {}});
  out.records.resize(kMostRecords);
}

}  // namespace

const Field* Record::find(std::string_view key) const {
  const auto it = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.key == key; });
  return it == fields.end() ? nullptr : &*it;
}

std::string_view Record::operator[](std::string_view key) const {
  const auto* field = find(key);
  return field ? std::string_view(field->value) : std::string_view();
}

std::string esxcli_key(std::string_view title) {
  std::string key;
  for (const char c : title)
    if (is_alnum(c)) key += c;
  return lower(key);
}

std::vector<std::string> items_of(const Field* field) {
  if (!field) return {};
  if (!field->items.empty()) return field->items;
  std::vector<std::string> out;
  for (const auto item : split(field->value, ','))
    if (!trim(item).empty()) out.emplace_back(trim(item));
  return out;
}

EsxcliOutput read_esxcli(const Source& source, std::span<const Column> columns, bool csv) {
  EsxcliOutput out;
  const auto lines = output_lines(source, out.notes);
  if (lines.empty()) return out;
  const auto first = trim(lines.front().text);
  if (refuses_encoding(source.file, lines, out)) return out;
  if (says_it_failed(first)) {
    refuse(source, lines.front(), out);
  } else if (first.starts_with('<')) {
    read_esxcli_xml(source, out);
  } else if (is_keyvalue(first)) {
    read_esxcli_keyvalue(lines, out);
  } else if (csv || is_csv_header(first)) {
    read_esxcli_csv(source, out);
  } else {
    read_text(source.file, lines, columns, out);
  }
  drop_surplus(source.file, out);
  drop_damaged(source.file, out);
  return out;
}

}  // namespace esx2esxi::intake
