#pragma once

#include <string>
#include <string_view>

namespace esx2esxi {

/// `text` with each byte that is no part of well-formed UTF-8 (Unicode 15, table 3-7) replaced by U+FFFD: host files
/// are bytes in whatever encoding, documents are UTF-8.
std::string valid_utf8(std::string_view text);

}  // namespace esx2esxi
