#include "esx2esxi/core/sha256.hpp"
#include "files.hpp"

namespace esx2esxi::render {

std::string manifest(const std::map<std::string, std::string>& files) {
  std::string out;
  for (const auto& [path, content] : files) out += sha256_hex(content) + "  " + path + "\n";
  return out;
}

}  // namespace esx2esxi::render
