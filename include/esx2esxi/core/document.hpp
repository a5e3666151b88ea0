// A text that is made while it is written, so that an estate's documents never stand in memory together.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace esx2esxi {

/// Takes a text piece by piece.
using Put = std::function<void(std::string_view)>;

/// One file of a folder. `write` may be called more than once and from any thread, and gives the same bytes each time.
struct Document {
  std::string path;  ///< inside the folder, parts joined by '/'
  std::function<void(const Put&)> write;
};

using Documents = std::vector<Document>;

}  // namespace esx2esxi
