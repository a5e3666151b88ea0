// CSV as RFC 4180 lays it down, as spreadsheets write it: comma or semicolon, byte order mark, LF or CRLF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi {

struct CsvRecord {
  std::uint32_t line = 0;            ///< on which it begins; a quoted field may hold line ends
  std::vector<std::string> fields;   ///< quotes removed; blanks kept
  std::vector<std::uint32_t> lines;  ///< on which each field begins
};

struct CsvTable {
  char separator = ',';
  CsvRecord header;                ///< the first record that is not blank
  std::vector<CsvRecord> records;  ///< the others, blank lines left out
};

/// Never throws on content. A quote that never closes, or text behind a closing quote, is an Error with its line;
/// reading goes on behind it. The separator is what the first line has more of, or what Excel's `sep=;` says.
Checked<CsvTable> read_csv(const FileName& file, std::string_view text);

}  // namespace esx2esxi
