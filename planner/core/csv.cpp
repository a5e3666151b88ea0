#include "esx2esxi/core/csv.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi {

namespace {

class Reader {
 public:
  Reader(const FileName& file, std::string_view text, char separator, std::uint32_t line)
      : file_(file), text_(text), separator_(separator), line_(line) {}

  std::vector<CsvRecord> records() {
    std::vector<CsvRecord> out;
    while (at_ < text_.size()) {
      auto record = this->record();
      const bool blank = record.fields.size() == 1 && trim(record.fields.front()).empty();
      if (!blank) out.push_back(std::move(record));
    }
    return out;
  }

  Diagnostics notes;

 private:
  CsvRecord record() {
    CsvRecord out;
    out.line = line_;
    for (;;) {
      out.lines.push_back(line_);
      out.fields.push_back(at_ < text_.size() && text_[at_] == '"' ? quoted() : plain());
      if (at_ == text_.size()) return out;
      const char end = text_[at_++];
      if (end == '\n') {
        ++line_;
        return out;
      }
    }
  }

  std::string plain() {
    const auto end = std::min(text_.find_first_of(separator_ == ',' ? ",\n" : ";\n", at_), text_.size());
    auto field = text_.substr(at_, end - at_);
    at_ = end;
    if (field.ends_with('\r')) field.remove_suffix(1);
    return std::string(field);
  }

  std::string quoted() {
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

  void complain(std::uint32_t line, std::string message) {
    notes.push_back({Severity::Error,
                     "csv-syntax",
                     {file_, line, 0},
                     std::move(message),
                     "a field with a quote in it is quoted, and the quote doubled"});
  }

  const FileName& file_;
  std::string_view text_;
  char separator_;
  std::uint32_t line_;
  std::size_t at_ = 0;
};

char separator_of(std::string_view line) {
  return std::count(line.begin(), line.end(), ';') > std::count(line.begin(), line.end(), ',') ? ';' : ',';
}

}  // namespace

Checked<CsvTable> read_csv(const FileName& file, std::string_view text) {
  Checked<CsvTable> out;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::uint32_t line = 1;
  while (!text.empty()) {  // the separator is looked for in the first line that is not blank
    const auto first = text.substr(0, text.find('\n'));
    const auto said = trim(first);
    const bool says_separator = (said == "sep=;" || said == "sep=,") && line == 1;
    out.value.separator = says_separator ? said.back() : separator_of(first);
    if (!said.empty() && !says_separator) break;
    text.remove_prefix(std::min(first.size() + 1, text.size()));
    ++line;
    if (says_separator) break;
  }
  Reader reader(file, text, out.value.separator, line);
  out.value.records = reader.records();
  out.notes = std::move(reader.notes);
  if (out.value.records.empty()) return out;
  out.value.header = std::move(out.value.records.front());
  out.value.records.erase(out.value.records.begin());
  return out;
}

}  // namespace esx2esxi
