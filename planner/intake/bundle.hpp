// Support bundles: a host's files in a tar archive, gzipped or not. Private to the stage.
//
// An archive may be larger than memory, so it is no `Container`, which gets a whole text: it is read in one pass, and
// only the bytes of wanted members are kept. Facts relied on: vm-support packs one folder, named after itself, the host
// and the time; below it are the paths of the host (seen). Which folder it is does not matter: a host's root is told as
// on the disk, so that an archive and its tree give the same host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "disk.hpp"
#include "esx2esxi/intake/assemble.hpp"

namespace esx2esxi::intake {

struct BundleHost {
  std::string name;              ///< after its folder; empty: the archive has none
  std::vector<FileFacts> files;  ///< paths "ARCHIVE!MEMBER", the member's below the host's root if there is one host
};

struct Bundle {
  std::vector<BundleHost> hosts;  ///< sorted by their folders
  Diagnostics notes;              ///< only where no host was found: why
};

/// Whether a file that begins so is such an archive, or one that is damaged from the start.
bool is_bundle(std::string_view head);

/// Pure: from bytes to facts; never throws on content. What is wrong with the archive stands among each host's facts.
Bundle read_bundle(const std::string& path, Pull pull);

}  // namespace esx2esxi::intake
