#include "esx2esxi/core/data.hpp"

namespace esx2esxi {

std::string_view data_file(std::string_view path) {
  for (const auto& file : data_files())
    if (file.path == path) return file.text;
  return {};
}

}  // namespace esx2esxi
