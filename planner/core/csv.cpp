#include "esx2esxi/core/csv.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi {

namespace {

/// No table that people export comes near this; a line of a million commas is no table.
constexpr std::size_t kMostFields = 1024;
/// The first faults tell the story.
constexpr std::size_t kMostNotes = 100;

char separator_of(std::string_view line) {
  return std::count(line.begin(), line.end(), ';') > std::count(line.begin(), line.end(), ',') ? ';' : ',';
}

}  // namespace

CsvReader::CsvReader(FileName file, std::string_view text) : file_(std::move(file)), text_(text) {
  if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  while (!text_.empty()) {  // the separator is looked for in the first line that is not blank
    const auto first = text_.substr(0, text_.find('\n'));
    const auto said = trim(first);
    const bool says_separator = (said == "sep=;" || said == "sep=,") && line_ == 1;
    separator_ = says_separator ? said.back() : separator_of(first);
    if (!said.empty() && !says_separator) break;
    text_.remove_prefix(std::min(first.size() + 1, text_.size()));
    ++line_;
    if (says_separator) break;
  }
}

std::optional<CsvRecord> CsvReader::next() {
  while (at_ < text_.size()) {
    auto record = this->record();
    const bool blank = record.fields.size() == 1 && trim(record.fields.front()).empty();
    if (!blank) return record;
  }
  return std::nullopt;
}

CsvRecord CsvReader::record() {
  CsvRecord out;
  out.line = line_;
  for (;;) {
    const auto line = line_;
    auto field = at_ < text_.size() && text_[at_] == '"' ? quoted() : plain();
    if (out.fields.size() < kMostFields) {
      out.lines.push_back(line);
      out.fields.push_back(std::move(field));
      if (out.fields.size() == kMostFields) complain(line, "a record of more fields than any table has");
    }
    if (at_ == text_.size()) return out;
    if (text_[at_++] == '\n') {
      ++line_;
      return out;
    }
  }
}

std::string CsvReader::plain() {
  const auto end = std::min(text_.find_first_of(separator_ == ',' ? ",\n" : ";\n", at_), text_.size());
  auto field = text_.substr(at_, end - at_);
  at_ = end;
  if (field.ends_with('\r')) field.remove_suffix(1);
  return std::string(field);
}

std::string CsvReader::quoted() {
  const auto begin = line_;
  std::string field;
  for (++at_;; ++at_) {
    if (at_ == text_.size()) {
      complain(begin, "a quote that is never closed");
      return field;
    }
    if (text_[at_] == '"') {
      if (at_ + 1 == text_.size() || text_[at_ + 1] != '"') break;
      ++at_;
    }
    if (text_[at_] == '\n') ++line_;
    field += text_[at_];
  }
  ++at_;
  const auto line = line_;
  if (!trim(plain()).empty()) complain(line, "text behind a closing quote");
  return field;
}

void CsvReader::complain(std::uint32_t line, std::string message) {
  if (notes_.size() == kMostNotes) return;
  notes_.push_back({Severity::Error,
                    "csv-syntax",
                    {file_, line, 0},
                    std::move(message),
                    "a field with a quote in it is quoted, and the quote doubled"});
}

Checked<CsvTable> read_csv(const FileName& file, std::string_view text) {
  CsvReader reader(file, text);
  Checked<CsvTable> out;
  out.value.separator = reader.separator();
  if (auto header = reader.next()) out.value.header = std::move(*header);
  while (auto record = reader.next()) out.value.records.push_back(std::move(*record));
  out.notes = reader.take_notes();
  return out;
}

}  // namespace esx2esxi
