#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace esx2esxi {

/// `text` with each byte that is no part of well-formed UTF-8 (Unicode 15, table 3-7) replaced by U+FFFD: host files
/// are bytes in whatever encoding, documents are UTF-8.
std::string valid_utf8(std::string_view text);

/// Where the first byte stands that is no part of well-formed UTF-8; npos: nowhere.
std::size_t malformed_at(std::string_view text);

/// The same text in UTF-8 if `text` is UTF-16, as Windows shells write what a command printed; none: it is not. Told by
/// its byte order mark, or by two ASCII characters at its beginning. What is malformed becomes U+FFFD.
std::optional<std::string> utf8_of_utf16(std::string_view text);

}  // namespace esx2esxi
