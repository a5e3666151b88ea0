// Where hosts are in what the user named, and which of their files are worth reading. Private to the stage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/intake/assemble.hpp"
#include "esx2esxi/intake/container.hpp"
#include "esx2esxi/intake/importer.hpp"

namespace esx2esxi::intake {

/// A file of a host, and who reads it.
struct WantedFile {
  std::string path;  ///< as the user would write it
  const Importer* importer = nullptr;
};

/// One place that describes one host: a tree, files that lie loose, or what a container says of the host.
struct Place {
  std::string root;               ///< the folder, or the file
  std::string name;               ///< of the host, where nothing inside tells it
  bool tree = false;              ///< the files are still to be found
  std::vector<WantedFile> files;  ///< loose ones
  std::string folder;             ///< in which they lie
  std::vector<FileFacts> parts;   ///< of a container, read already
  std::string cluster;            ///< as the container says; may be empty
  bool whole_host = false;        ///< a host's tree or support bundle, not a file or two of it
};

/// A file that may hold several hosts.
struct ContainerFile {
  std::string path;
  std::string folder;
  std::string name;                      ///< of a host in it that nothing names
  const Container* container = nullptr;  ///< null: an archive of a host's files
  bool named = false;                    ///< an input of its own, not found in a folder
};

struct Found {
  std::vector<Place> places;  ///< sorted by root, each once
  std::vector<ContainerFile> containers;
  Diagnostics notes;
};

/// Looks through the inputs. Links below them are not followed.
Found find_hosts(const std::vector<std::string>& inputs);

/// Reads the containers: a place for each host in each of them. A host's files that lie loose beside a container of one
/// host only are that host's, unless they name another.
void open_containers(Found& found, unsigned jobs);

/// Whether a wanted file may lie in this folder of a host's tree ("etc/vmware"; empty: the tree itself).
bool may_hold_wanted(std::string_view folder);

/// The files of a tree that an importer wants, sorted by path; what could not be looked into becomes a note.
std::vector<WantedFile> files_of_tree(const std::string& root, Diagnostics& notes);

/// "unreadable": the file or folder, why, and what to do.
Diagnostic cannot_read(const std::string& path, const std::string& reason);

}  // namespace esx2esxi::intake
