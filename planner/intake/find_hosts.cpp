// A folder is a host's tree if it holds etc/vmware/esx.conf, an ifcfg-vswifN in its place, or saved command outputs
// where vm-support leaves them. Any other folder is looked through: files that lie loose in it are told by their
// content, folders in it may be hosts.
#include "find_hosts.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>

#include <fcntl.h>

#include "bundle.hpp"
#include "disk.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/readers.hpp"

namespace esx2esxi::intake {

namespace {

constexpr int kDeepest = 24;
constexpr std::size_t kMostLooseFiles = 10000;

std::string below(const std::string& folder, std::string_view name) {
  std::string path = folder;
  if (!path.ends_with('/')) path += '/';
  path += name;
  return path;
}

std::string_view last_part(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

/// Folders in which a host keeps outputs; they say nothing about its name.
bool is_output_folder(std::string_view name) {
  constexpr std::array<std::string_view, 8> kNames{"commands", "tmp",    "var",       "vmsupport",
                                                   "etc",      "vmware", "sysconfig", "network-scripts"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

/// The folder's name; where the path ends in `.` or `..`, that of the folder it leads to.
std::string folder_name(const std::string& path) {
  std::string_view rest = path;
  auto name = last_part(rest);
  std::string real;
  if (name.empty() || name == "." || name == ".." || name == "/") {
    const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr), &std::free);
    if (!resolved) return "host";
    real = resolved.get();
    rest = real;
    name = last_part(rest);
  }
  while (is_output_folder(name) && rest.size() > name.size() + 1) {
    rest.remove_suffix(rest.size() - static_cast<std::size_t>(name.data() - rest.data()));
    while (rest.size() > 1 && rest.ends_with('/')) rest.remove_suffix(1);
    name = last_part(rest);
  }
  return name.empty() || name == "/" ? std::string("host") : std::string(name);
}

/// The file's name without its ending, unless it is only what the file is: then the folder's.
std::string loose_name(const std::string& path) {
  auto name = last_part(path);
  name = name.substr(0, name.find('.') == 0 ? name.size() : name.find('.'));
  for (const std::string_view common :
       {"esx", "ifcfg", "network", "route", "ifconfig", "vmware", "netstat", "vswif", "vmk"})
    if (name.starts_with(common)) return folder_name(std::string(folder_of(path)) + ".");
  return std::string(name);
}

bool has_ifcfg(const Folder& folder) {
  if (folder.has_file("etc/sysconfig/network-scripts/ifcfg-vswif0")) return true;
  const auto scripts = Folder::open(folder.descriptor(), "etc/sysconfig/network-scripts");
  if (!scripts) return false;
  const auto entries = scripts->list();
  return entries && std::any_of(entries->begin(), entries->end(), [](const FolderEntry& entry) {
           return entry.kind == EntryKind::File && importer_for("etc/sysconfig/network-scripts/" + entry.name);
         });
}

bool has_outputs(const Folder& folder, const char* inner) {
  const auto place = Folder::open(folder.descriptor(), inner);
  if (!place) return false;
  const auto entries = place->list();
  return entries && std::any_of(entries->begin(), entries->end(), [&](const FolderEntry& entry) {
           return entry.kind == EntryKind::File && importer_for(std::string(inner) + "/" + entry.name);
         });
}

bool is_tree(const Folder& folder, const std::vector<FolderEntry>& entries) {
  const auto holds = [&](std::string_view name) {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const FolderEntry& entry) { return entry.kind == EntryKind::Folder && entry.name == name; });
  };
  if (holds("etc") && (folder.has_file("etc/vmware/esx.conf") || has_ifcfg(folder))) return true;
  if (holds("commands") && has_outputs(folder, "commands")) return true;
  return (holds("tmp") && has_outputs(folder, "tmp")) || (holds("var") && has_outputs(folder, "var/tmp"));
}

/// Asked before the importers: a session holds the headers of their files too.
const Container* recognised_container(std::string_view head) {
  for (const auto& container : containers())
    if (container.recognises(head)) return &container;
  return nullptr;
}

const Importer* recognised(std::string_view head) {
  for (const auto& importer : importers())
    if (importer.recognises != nullptr && importer.recognises(head)) return &importer;
  return nullptr;
}

/// A host has several of these files; of any other kind it has one.
bool may_repeat(const Importer& importer) {
  return importer.read == read_ifcfg || importer.read == read_swiscsi_nic_list;
}

bool is_one_host(const std::vector<WantedFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (files[i].importer == files[k].importer && !may_repeat(*files[i].importer)) return false;
  return true;
}

/// Install scripts are whole hosts each.
bool are_scripts(const std::vector<WantedFile>& files) {
  return std::all_of(files.begin(), files.end(),
                     [](const WantedFile& file) { return file.importer->read == read_kickstart; });
}

Place loose_place(const std::string& root, std::string name, std::vector<WantedFile> files) {
  Place place;
  place.root = root;
  place.name = std::move(name);
  place.folder = folder_of(files.front().path);
  place.files = std::move(files);
  return place;
}

Diagnostic note_at(Severity severity, std::string code, const std::string& path, std::string message,
                   std::string remedy) {
  return {severity, std::move(code), Origin{FileName(path), 0, 0}, std::move(message), std::move(remedy)};
}

class Search {
 public:
  void input(const std::string& path) {
    auto folder = Folder::open(AT_FDCWD, path);
    if (!folder) return lone_file(path);
    found_any_ = false;
    look_through(path, std::move(*folder), 0);
    if (!found_any_)
      found_.notes.push_back(note_at(
          Severity::Error, "no-host", path, "no host was found in this folder",
          "expected: a host's file tree with etc/vmware/esx.conf, a folder of such trees or of support bundles, "
          "or saved command outputs"));
  }

  Found take() && {
    for (auto& [folder, files] : lone_) gather(folder, std::move(files));
    auto& places = found_.places;
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.root < b.root; });
    auto& notes = found_.notes;
    std::stable_sort(notes.begin(), notes.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
    return std::move(found_);
  }

 private:
  void look_through(const std::string& path, Folder folder, int depth) {
    if (const auto [at, fresh] = seen_.insert(folder.identity()); !fresh) {
      found_any_ = true;  // by way of another input
      return;
    }
    const auto entries = folder.list();
    if (!entries) return found_.notes.push_back(cannot_read(path, entries.error()));
    if (is_tree(folder, *entries)) {
      found_any_ = true;
      Place place;
      place.root = path;
      place.name = folder_name(path);
      place.tree = place.whole_host = true;
      return found_.places.push_back(std::move(place));
    }
    std::vector<WantedFile> loose;
    for (const auto& entry : *entries) look_at(folder, entry, below(path, entry.name), depth, loose);
    gather(path, std::move(loose));
  }

  void look_at(const Folder& folder, const FolderEntry& entry, const std::string& path, int depth,
               std::vector<WantedFile>& loose) {
    switch (entry.kind) {
      case EntryKind::Other: return;
      case EntryKind::File: return loose_file(folder.descriptor(), entry.name, path, loose);
      case EntryKind::Link:
        return found_.notes.push_back(note_at(Severity::Note, "link", path, "a link is not followed",
                                              "name what it leads to as an input of its own"));
      case EntryKind::Folder: break;
    }
    if (depth >= kDeepest)
      return found_.notes.push_back(note_at(Severity::Warning, "too-deep", path,
                                            "the folders below are not looked into",
                                            "name the hosts' folders as inputs"));
    auto next = Folder::open(folder.descriptor(), entry.name);
    if (next) return look_through(path, std::move(*next), depth + 1);
    found_.notes.push_back(cannot_read(path, next.error()));
  }

  /// What cannot be read here may not concern us at all: only an input of its own is missed.
  void loose_file(int folder, const std::string& name, const std::string& path, std::vector<WantedFile>& loose) {
    if (loose.size() >= kMostLooseFiles) return;
    const auto head = buffer_.read_head(folder, name);
    if (!head) return found_.notes.push_back(cannot_read(path, head.error()));
    if (is_container(*head, path, false)) return;
    if (const auto* importer = recognised(*head)) loose.push_back({path, importer});
  }

  void lone_file(const std::string& path) {
    const auto head = buffer_.read_head(AT_FDCWD, path);
    if (!head) return found_.notes.push_back(cannot_read(path, head.error()));
    if (is_container(*head, path, true)) return;
    const auto* importer = recognised(*head);
    if (importer == nullptr)
      return found_.notes.push_back(
          note_at(Severity::Error, "unknown-input", path, "no file that this program knows",
                  "expected: a support bundle, an esx.conf, a session, a kickstart, an RVTools export, or the saved "
                  "output of one command"));
    lone_[std::string(folder_of(path)) + "."].push_back({path, importer});
  }

  /// Whether the file was kept as one that holds several hosts, or several files of one.
  bool is_container(std::string_view head, const std::string& path, bool named) {
    const bool bundle = is_bundle(head);
    const auto* container = bundle ? nullptr : recognised_container(head);
    if (!bundle && container == nullptr) return false;
    found_any_ = true;
    found_.containers.push_back({path, std::string(folder_of(path)), loose_name(path), container, named});
    return true;
  }

  /// Files that lie loose in one folder are one host's, unless two of them say the same kind of thing.
  void gather(const std::string& folder, std::vector<WantedFile> files) {
    if (files.empty()) return;
    found_any_ = true;
    auto& places = found_.places;
    if (files.size() == 1) {
      const auto path = files.front().path;
      return places.push_back(loose_place(path, loose_name(path), std::move(files)));
    }
    if (is_one_host(files)) return places.push_back(loose_place(folder, folder_name(folder), std::move(files)));
    if (!are_scripts(files))
      found_.notes.push_back(note_at(Severity::Warning, "loose-files", folder,
                                     "the files in this folder belong to several hosts: each is taken alone",
                                     "put the files of each host into a folder of its own"));
    for (auto& file : files) places.push_back(loose_place(file.path, loose_name(file.path), {file}));
  }

  std::set<std::pair<std::uint64_t, std::uint64_t>> seen_;
  std::map<std::string, std::vector<WantedFile>> lone_;  ///< inputs that are files, by folder
  bool found_any_ = false;
  Found found_;
  FileBuffer buffer_;
};

}  // namespace

Diagnostic cannot_read(const std::string& path, const std::string& reason) {
  return note_at(Severity::Error, "unreadable", path, "cannot be read: " + reason,
                 "check that it exists and that its permissions let you read it");
}

Found find_hosts(const std::vector<std::string>& inputs) {
  std::set<std::string> sorted;  // what is found must not depend on the order in which it was asked for
  for (auto path : inputs) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    sorted.insert(std::move(path));
  }
  Search search;
  for (const auto& path : sorted) search.input(path);
  return std::move(search).take();
}

}  // namespace esx2esxi::intake
