// CSV as RFC 4180 lays it down, as spreadsheets write it: comma or semicolon, byte order mark, LF or CRLF.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi {

struct CsvRecord {
  std::uint32_t line = 0;            ///< on which it begins; a quoted field may hold line ends
  std::vector<std::string> fields;   ///< quotes removed; blanks kept
  std::vector<std::uint32_t> lines;  ///< on which each field begins
};

/// Reads one record after the other, so that a large export need not be in memory twice. Never throws on content. A
/// quote that never closes, text behind a closing quote, or a record of more than 1024 fields is an Error with its
/// line; reading goes on behind it. The separator is what the first line has more of, or what Excel's `sep=;` says.
class CsvReader {
 public:
  CsvReader(FileName file, std::string_view text);

  char separator() const { return separator_; }
  std::optional<CsvRecord> next();  ///< blank lines are left out; none: the end
  Diagnostics take_notes() { return std::move(notes_); }

 private:
  CsvRecord record();
  std::string plain();
  std::string quoted();
  void complain(std::uint32_t line, std::string message);

  FileName file_;
  std::string_view text_;
  char separator_ = ',';
  std::uint32_t line_ = 1;
  std::size_t at_ = 0;
  Diagnostics notes_;
};

struct CsvTable {
  char separator = ',';
  CsvRecord header;                ///< the first record that is not blank
  std::vector<CsvRecord> records;  ///< the others, blank lines left out
};

/// The whole file at once, by the same rules: for files that people write.
Checked<CsvTable> read_csv(const FileName& file, std::string_view text);

}  // namespace esx2esxi
