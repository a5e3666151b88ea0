// What an esxcli command printed, whatever form it was asked for: a list of records, each a list of named values.
//
//   text table      a title line, a line of dashes, rows; numbers and booleans stand at the right of their column
//   text record     an unindented id line, then `   Key: value` lines; copies lose the indent
//   keyvalue        structure[0].VirtualSwitch.Name.string=vSwitch0
//   csv             one header row of internal names, a comma may end each row
//   xml             <output><root><list type="structure"><structure><field name="Name"><string>vSwitch0</string>...
//   scalar          `true`, a uuid: one record with one value without a name
//
// Titles of the text forms ("VLAN ID") and internal names ("VLANID") become the same key: lower case, letters and
// digits only. Private to the stage.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake {

/// What a column of a text table holds: what tells cells apart where a copy has collapsed the blanks.
enum class Cell : std::uint8_t { Word, Text, Number, Flag, Address };

struct Column {
  std::string_view title;  ///< as the text form prints it
  Cell cell = Cell::Word;
  bool key = false;  ///< a table without it is another command's, or in another language: it is refused
};

struct Field {
  std::string key;                 ///< see above; empty for a scalar
  std::string value;               ///< the first item of a list; "N/A" and "-1" stay as they are
  std::vector<std::string> items;  ///< of a list that its form marks as one; else empty
  std::uint32_t line = 0;
  std::uint32_t column = 1;
  std::vector<std::uint32_t> item_lines = {};  ///< of `items`
};

struct Record {
  std::string id;  ///< the line above a text record; may be empty
  std::uint32_t line = 0;
  std::vector<Field> fields;

  const Field* find(std::string_view key) const;            ///< null: not there
  std::string_view operator[](std::string_view key) const;  ///< empty: not there, or nothing in it
};

/// A row that could not be taken apart: what it says is not known.
struct LostRow {
  std::string begins;  ///< its first word
  std::uint32_t line = 0;
};

struct EsxcliOutput {
  std::vector<Record> records;
  std::vector<LostRow> lost;
  Diagnostics notes;
  bool refused = false;  ///< the host printed an error in place of an output, or titles that nobody knows
  bool lacking = false;  ///< the error says that this release does not know the command: nothing is lost with it
};

/// Reads the output of a command whose table has (at most) these columns. `csv`: the command line asked for it; a
/// single column cannot be told from text otherwise.
EsxcliOutput read_esxcli(const Source& source, std::span<const Column> columns, bool csv = false);

/// "VLAN ID" -> "vlanid"
std::string esxcli_key(std::string_view title);

/// The items of a list in any form: "vmnic2, vmnic0", "vmnic0,vmnic1,", or marked as such.
std::vector<std::string> items_of(const Field* field);

}  // namespace esx2esxi::intake
