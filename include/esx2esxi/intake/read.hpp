// From paths on the disk to an estate: the only part of intake that touches files.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"

namespace esx2esxi::intake {

struct ReadOptions {
  unsigned jobs = 0;                                                ///< 0: as many as there are cores
  std::vector<std::string> only;                                    ///< host names; empty: all
  std::function<void(std::size_t done, std::size_t all)> progress;  ///< called from any thread; may be empty
};

/// Each input is a host's tree, a folder of such, or a lone file, told apart by content. Hosts are read in parallel and
/// come out sorted by name. A host that appears twice is merged. `diagnostics` of the estate holds what could not be
/// read; no host at all leaves `hosts` empty and says why.
model::Estate read_estate(const std::vector<std::string>& inputs, const ReadOptions& options);

/// The path whose bytes `inputs[]` of a plan digest: every file that was read, sorted.
struct ReadFile {
  std::string path;
  std::string kind;
};

}  // namespace esx2esxi::intake
