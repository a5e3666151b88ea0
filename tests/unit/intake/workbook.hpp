// Makes zips and workbooks for tests, by the library that reads them, in memory.
#pragma once

#include <map>
#include <string>

#include <archive.h>
#include <archive_entry.h>

#include <catch2/catch.hpp>

namespace esx2esxi::intake::testing {

inline std::string zip(const std::map<std::string, std::string>& members) {
  std::string out(1024 * 1024, '\0');
  for (const auto& [name, text] : members) out.resize(out.size() + name.size() * 3 + 512 + text.size() / 100);
  std::size_t used = 0;
  archive* made = archive_write_new();
  archive_write_set_format_zip(made);
  archive_write_set_bytes_in_last_block(made, 1);
  REQUIRE(archive_write_open_memory(made, out.data(), out.size(), &used) == ARCHIVE_OK);
  for (const auto& [name, text] : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    REQUIRE(archive_write_header(made, entry) == ARCHIVE_OK);
    REQUIRE(archive_write_data(made, text.data(), text.size()) == static_cast<la_ssize_t>(text.size()));
    archive_entry_free(entry);
  }
  REQUIRE(archive_write_close(made) == ARCHIVE_OK);
  archive_write_free(made);
  out.resize(used);
  return out;
}

/// A workbook with these sheets; without shared strings where `strings` is empty.
inline std::string workbook(const std::map<std::string, std::string>& sheets, const std::string& strings) {
  std::map<std::string, std::string> members;
  std::string list;
  std::string relations;
  int n = 0;
  for (const auto& [name, xml] : sheets) {
    const auto id = std::to_string(++n);
    list += "<sheet name=\"" + name + "\" sheetId=\"" + id + "\" r:id=\"rId" + id + "\"/>";
    relations += "<Relationship Id=\"rId" + id + "\" Target=\"worksheets/sheet" + id + ".xml\"/>";
    members["xl/worksheets/sheet" + id + ".xml"] = xml;
  }
  members["xl/workbook.xml"] = "<workbook xmlns:r=\"r\"><sheets>" + list + "</sheets></workbook>";
  members["xl/_rels/workbook.xml.rels"] = "<Relationships>" + relations + "</Relationships>";
  if (!strings.empty()) members["xl/sharedStrings.xml"] = strings;
  return zip(members);
}

}  // namespace esx2esxi::intake::testing
