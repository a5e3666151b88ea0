// The members of an archive that may be a host's files. Private to the stage.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tar.hpp"

namespace esx2esxi::intake {

struct WantedMembers {
  std::map<std::string, std::string> files;  ///< path -> bytes
  std::map<std::string, Reason> refused;     ///< path -> why it was not read
  /// What no host's archive holds, and how often: members that no path leads to are never read.
  struct Odd {
    std::size_t count = 0;
    std::string first;
  };
  Odd outside;                 ///< "../../etc/passwd"
  Odd devices;                 ///< devices and pipes
  std::optional<Fault> fault;  ///< why there may be more
};

/// So many folders a host's root may lie deep in an archive.
inline constexpr int kDeepestRoot = 8;

/// Whether the path, taken below any folder, may be a file of a host that an importer wants.
bool may_be_wanted(std::string_view path);

/// In one pass, which ends where nothing wanted can follow.
WantedMembers read_wanted(TarReader& tar);

}  // namespace esx2esxi::intake
