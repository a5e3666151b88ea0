// What the program does to the disk: whole files in, whole folders out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/core/document.hpp"

namespace esx2esxi::app {

inline constexpr std::size_t kLargestInput = 64U << 20;
inline constexpr std::size_t kLargestPlan = 2U << 30;  ///< a thousand hosts take a hundred megabytes

/// The bytes of a regular file, at most so many. Code "unreadable".
Result<std::string> read_file(const std::string& path, std::size_t most = kLargestInput);

/// All of standard input, at most kLargestInput, as a file that has a path as long as the program runs.
Result<std::string> standard_input_as_file();

/// SHA-256 in hexadecimal of a file's bytes, whatever its size.
Result<std::string> sha256_of_file(const std::string& path);

enum class Existing : std::uint8_t { Refuse, Replace };

/// Why `folder` cannot be the result of a run, known before any work is done; code "out-exists".
std::optional<Diagnostic> out_obstacle(const std::string& folder, Existing existing);

/// Writes one file; a former one stays as it is until the new one is whole. Errors as those of write_folder.
Result<void> write_file(const std::string& path, std::string_view text, Existing existing);

/// What write_folder did besides.
struct Written {
  std::string kept;  ///< where the replaced folder is, if it held files that its own MANIFEST.sha256 does not list
};

/// Writes the documents as one folder, and MANIFEST.sha256 over all of them (a line each, sorted by path, as
/// `sha256sum -c` reads it): into a sibling first, then in one step into place, so that the folder appears whole or not
/// at all, and an earlier one stays whole until then. Scripts (*.sh) become executable. Missing parents are made.
/// Errors: "out-exists" as above, "out-write" when the disk refuses; nothing is left behind either way.
Result<Written> write_folder(const std::string& folder, const Documents& documents, Existing existing,
                             unsigned jobs = 0);

}  // namespace esx2esxi::app
