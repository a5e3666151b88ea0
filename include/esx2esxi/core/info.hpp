// Boost INFO with line numbers: Boost parses, a scan of the same grammar tells where each key stands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi {

/// One key of an INFO file, its value and what stands in its braces, in the order of the file.
struct InfoNode {
  std::string key;    ///< empty for the root
  std::string value;  ///< escapes expanded; empty if none was given
  Origin at;          ///< of the key; a value always stands on its key's line
  std::vector<InfoNode> children;
};

/// Reads a whole file. `#include` (INFO would open any file it names), a byte 0, and nesting beyond 200 are refused
/// before Boost sees a byte. With an Error among the notes the tree is empty; every note has a line.
Checked<InfoNode> read_info(const FileName& file, std::string_view text);

}  // namespace esx2esxi
