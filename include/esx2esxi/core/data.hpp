#pragma once

#include <span>
#include <string_view>

namespace esx2esxi {

/// A file of rules/ or templates/ compiled into the program.
struct DataFile {
  std::string_view path;  ///< "rules/catalogue.info"
  std::string_view text;
};

std::span<const DataFile> data_files();  ///< sorted by path

/// The text of one; empty view with a null pointer if there is no such file.
std::string_view data_file(std::string_view path);

}  // namespace esx2esxi
