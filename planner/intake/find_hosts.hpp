// Where hosts are in what the user named, and which of their files are worth reading. Private to the stage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/intake/importer.hpp"

namespace esx2esxi::intake {

/// A file of a host, and who reads it.
struct WantedFile {
  std::string path;  ///< as the user would write it
  const Importer* importer = nullptr;
};

/// One place that describes one host: a tree, or files that lie loose.
struct Place {
  std::string root;               ///< the folder, or the file
  std::string name;               ///< of the host, where nothing inside tells it
  bool tree = false;              ///< the files are still to be found
  std::vector<WantedFile> files;  ///< loose ones
};

struct Found {
  std::vector<Place> places;  ///< sorted by root, each once
  Diagnostics notes;
};

/// Looks through the inputs. Links below them are not followed.
Found find_hosts(const std::vector<std::string>& inputs);

/// The files of a tree that an importer wants, sorted by path; what could not be looked into becomes a note.
std::vector<WantedFile> files_of_tree(const std::string& root, Diagnostics& notes);

/// "unreadable": the file or folder, why, and what to do.
Diagnostic cannot_read(const std::string& path, const std::string& reason);

}  // namespace esx2esxi::intake
