// When the rest of a bundle can hold nothing that is wanted. Private to the stage.
//
// A tar has no table of contents, so this rests on how vm-support makes a bundle: it gathers everything in one folder,
// named after itself, and packs that with one call of tar, which writes each folder's members together and never comes
// back to it. Reading stops when
//   - the archive is such a bundle, and no folder was come back to so far;
//   - etc/ was left, and so was the one folder that all saved outputs lay in;
//   - all files that vm-support takes from every classic host were read, and an ifcfg for each vswif that the listing
//   shows.
// Where any of it does not hold, the archive is read to its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "esx2esxi/intake/importer.hpp"

namespace esx2esxi::intake {

class LastWanted {
 public:
  /// Each member of the archive, in its order; a folder's path ends in a slash.
  void pass(std::string_view path);
  /// A member that was read.
  void keep(std::string_view path, std::string_view text);
  /// Nothing wanted follows, not even in the member that was passed last.
  bool reached() const;

 private:
  void change_folder(std::string_view to);
  bool has_left(std::string_view folder) const;

  std::string top_;  ///< with its slash; empty: this is no bundle of vm-support
  bool first_ = true;
  bool orderly_ = true;
  std::string folder_;
  std::unordered_set<std::size_t> left_;  ///< hashes: a bundle may hold very many folders
  std::uint32_t seen_ = 0;                ///< bits: places in the table of what every host has
  std::string outputs_;                   ///< their folder
  std::vector<std::string> ifcfgs_;
  std::vector<std::string> vswifs_;
};

/// The name that vm-support gave the folder that it packed, as in "vm-support-esx01-2026-02-12--21.14.12074".
bool is_vm_support_folder(std::string_view name);
/// The host in it: "esx01"; empty: none.
std::string_view host_in_folder_name(std::string_view name);

}  // namespace esx2esxi::intake
