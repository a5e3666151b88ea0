#pragma once

#include <string>
#include <vector>

#include "esx2esxi/intake/importer.hpp"
#include "esx2esxi/model/host.hpp"

namespace esx2esxi::intake {

/// What one file of a host said.
struct FileFacts {
  const Importer* importer = nullptr;
  std::string path;  ///< of a part of a container: "FILE!PART", unique in it
  Facts facts;
  std::string_view kind = {};  ///< of the file as a whole, where that is a container; has static storage
};

/// Merges the files of one host: the most trusted value wins, within one trust the earlier importer of the table, then
/// the path; a value that differs becomes a Doubt with both origins. Pure; the order of `files` does not matter.
/// `fallback_name` is used where nothing inside tells the host's name.
model::Host assemble(std::vector<FileFacts> files, std::string fallback_name);

}  // namespace esx2esxi::intake
