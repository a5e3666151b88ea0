// The forms of an esxcli output, one file each. Private to the stage; esxcli_output.hpp says how they look.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "esxcli_output.hpp"

namespace esx2esxi::intake {

/// A line fit to be read: no terminal escapes, no trailing blanks; leading blanks kept.
struct OutputLine {
  std::string text;
  std::uint32_t number = 0;
};
using OutputLines = std::vector<OutputLine>;

/// Blank lines, markdown fences and overlong lines left out.
OutputLines output_lines(const Source& source, Diagnostics& notes);

/// Whether these lines begin with a table's titles: a line of dashes below, or known titles alone.
bool is_table(const OutputLines& lines, std::span<const Column> columns);

/// Titles that a terminal broke: the dashes stand in the third line, or go on in a second one.
bool is_wrapped_table(const OutputLines& lines);

void read_esxcli_table(const FileName& file, const OutputLines& lines, std::span<const Column> columns,
                       EsxcliOutput& out);
void read_esxcli_records(const OutputLines& lines, EsxcliOutput& out);
void read_esxcli_keyvalue(const OutputLines& lines, EsxcliOutput& out);
void read_esxcli_csv(const Source& source, EsxcliOutput& out);
void read_esxcli_xml(const Source& source, EsxcliOutput& out);

}  // namespace esx2esxi::intake
