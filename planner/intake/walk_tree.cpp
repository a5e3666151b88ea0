// Which files of a host's tree are read. The tree may be a copy of a whole file system: only folders in which a wanted
// file can lie are looked into.
#include <algorithm>
#include <array>

#include <fcntl.h>

#include "disk.hpp"
#include "find_hosts.hpp"

namespace esx2esxi::intake {

namespace {

constexpr int kDeepest = 12;
constexpr std::size_t kMostFiles = 4096;

/// Below etc/ the wanted files are known by their full path.
bool may_hold_configuration(std::string_view folder) {
  constexpr std::array<std::string_view, 5> kFolders{"etc", "etc/vmware", "etc/sysconfig",
                                                     "etc/sysconfig/network-scripts", "etc/ntp"};
  return std::find(kFolders.begin(), kFolders.end(), folder) != kFolders.end();
}

/// Outputs lie anywhere else (vm-support -w), but not where the system keeps its own, nor in the copy of a former life.
bool may_hold_outputs(std::string_view folder) {
  constexpr std::array<std::string_view, 12> kSystem{"proc",  "sys", "dev",  "vmfs", "usr",  "lib",
                                                     "lib64", "bin", "sbin", "boot", "home", "esx3-installation"};
  return std::find(kSystem.begin(), kSystem.end(), folder.substr(0, folder.find('/'))) == kSystem.end();
}

class Walk {
 public:
  Walk(const std::string& root, Diagnostics& notes) : root_(root), notes_(notes) {
    if (!root_.ends_with('/')) root_ += '/';
  }

  std::vector<WantedFile> run() {
    auto folder = Folder::open(AT_FDCWD, root_);
    if (!folder)
      notes_.push_back(cannot_read(root_, folder.error()));
    else
      visit(*folder, {}, 0);
    return std::move(files_);
  }

 private:
  /// `inside` is the folder's path in the tree, with a slash at its end; empty for the root.
  void visit(const Folder& folder, const std::string& inside, int depth) {
    const auto entries = folder.list();
    if (!entries) return notes_.push_back(cannot_read(root_ + inside, entries.error()));
    for (const auto& entry : *entries) {
      const auto path = inside + entry.name;
      if (entry.kind == EntryKind::Folder) {
        if (depth < kDeepest && may_hold_wanted(path)) descend(folder, entry.name, path, depth);
        continue;
      }
      const auto* importer = importer_for(path);
      if (importer == nullptr) continue;
      if (entry.kind == EntryKind::File)
        add({root_ + path, importer});
      else
        notes_.push_back(cannot_read(root_ + path, "it is a link or a device, and those are not followed"));
    }
  }

  void descend(const Folder& folder, const std::string& name, const std::string& path, int depth) {
    const auto inner = Folder::open(folder.descriptor(), name);
    if (!inner) return notes_.push_back(cannot_read(root_ + path, inner.error()));
    visit(*inner, path + "/", depth + 1);
  }

  void add(WantedFile file) {
    if (files_.size() < kMostFiles) return files_.push_back(std::move(file));
    if (files_.size() == kMostFiles && !full_)
      notes_.push_back(cannot_read(root_, "it holds more files of a host than any host has"));
    full_ = true;
  }

  std::string root_;
  Diagnostics& notes_;
  std::vector<WantedFile> files_;
  bool full_ = false;
};

}  // namespace

bool may_hold_wanted(std::string_view folder) {
  const bool configuration = folder == "etc" || folder.starts_with("etc/");
  return configuration ? may_hold_configuration(folder) : may_hold_outputs(folder);
}

std::vector<WantedFile> files_of_tree(const std::string& root, Diagnostics& notes) {
  auto files = Walk(root, notes).run();
  std::sort(files.begin(), files.end(), [](const WantedFile& a, const WantedFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace esx2esxi::intake
