#include "bundle.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "find_hosts.hpp"
#include "last_wanted.hpp"
#include "wanted_members.hpp"

namespace esx2esxi::intake {

namespace {

/// Stands for what is said of the archive as a whole.
constexpr Importer kArchive{"support bundle", Trust::Marker, nullptr, nullptr, nullptr};

/// Whether a folder that holds this wanted file is a host's root: as a folder on the disk is told.
bool marks_root(std::string_view path) {
  if (importer_for(path) == nullptr) return false;
  const auto folder = folder_of(path);
  return path == "etc/vmware/esx.conf" ||
         (folder == "etc/sysconfig/network-scripts/" && path.find("ifcfg-") < path.size()) || folder == "commands/" ||
         folder == "tmp/" || folder == "var/tmp/";
}

/// The outermost folders that are a host's root, each with its slash; a root below another is a copy kept there.
std::vector<std::string> roots_of(const WantedMembers& members) {
  std::set<std::string> all;
  const auto look_at = [&](std::string_view path) {
    std::size_t at = 0;
    for (int depth = 0; depth < kDeepestRoot; ++depth) {
      if (marks_root(path.substr(at))) all.emplace(path.substr(0, at));
      const auto slash = path.find('/', at);
      if (slash == std::string_view::npos) return;
      at = slash + 1;
    }
  };
  for (const auto& [path, text] : members.files) look_at(path);
  for (const auto& [path, reason] : members.refused) look_at(path);
  std::vector<std::string> outermost;
  for (const auto& root : all)
    if (outermost.empty() || !root.starts_with(outermost.back())) outermost.push_back(root);
  return outermost;
}

/// The host that the folder is named after, short; the folder's own name where vm-support did not name it.
std::string name_of(std::string_view root) {
  if (root.empty()) return {};
  root.remove_suffix(1);
  const auto folder = root.substr(root.rfind('/') + 1);
  if (!is_vm_support_folder(folder)) return std::string(folder);
  const auto host = host_in_folder_name(folder);
  const auto shortened = net::Ipv4Address::parse(host) ? host : host.substr(0, host.find('.'));
  return std::string(shortened.empty() ? folder : shortened);
}

class Hosts {
 public:
  Hosts(const std::string& archive, const WantedMembers& members)
      : archive_(archive), members_(members), roots_(roots_of(members)) {}

  Bundle run() {
    Bundle out;
    for (const auto& root : roots_) out.hosts.push_back({name_of(root), files_below(root)});
    auto notes = notes_of_archive();
    if (out.hosts.empty()) {
      if (!members_.fault)
        notes.push_back(
            note(Severity::Error, "no-host", "no file of a host is in this archive",
                 "expected: a bundle of vm-support, or the packed tree of a host with etc/vmware/esx.conf"));
      out.notes = std::move(notes);
      return out;
    }
    if (notes.empty()) return out;
    Facts facts;
    facts.notes = std::move(notes);
    // Whatever follows the fault is missing.
    if (members_.fault) facts.cut_off = Said<std::string>{members_.fault->message, Origin{FileName(archive_), 0, 0}};
    for (auto& host : out.hosts) host.files.push_back({&kArchive, archive_, facts, kArchive.name});
    return out;
  }

 private:
  std::vector<FileFacts> files_below(const std::string& root) const {
    std::vector<FileFacts> files;
    for (auto it = members_.files.lower_bound(root); it != members_.files.end() && it->first.starts_with(root); ++it)
      if (const auto* importer = wanted_below(root, it->first)) {
        auto path = shown(root, it->first);
        auto facts = importer->read({FileName(path), it->second});
        files.push_back({importer, std::move(path), std::move(facts), kArchive.name});
      }
    for (const auto& [path, reason] : members_.refused)
      if (path.starts_with(root))
        if (const auto* importer = wanted_below(root, path))
          files.push_back(refused(*importer, shown(root, path), reason));
    return files;
  }

  static const Importer* wanted_below(const std::string& root, std::string_view path) {
    const auto inside = path.substr(root.size());
    const auto folder = inside.substr(0, std::min(inside.rfind('/'), inside.size()));
    const bool at_the_root = folder.size() == inside.size();
    return at_the_root || may_hold_wanted(folder) ? importer_for(inside) : nullptr;
  }

  /// One host: its paths are those of the host. Several: the archive's, which tell them apart.
  std::string shown(const std::string& root, const std::string& path) const {
    return fmt::format("{}!{}", archive_, roots_.size() == 1 ? std::string_view(path).substr(root.size()) : path);
  }

  static FileFacts refused(const Importer& importer, std::string path, const Reason& reason) {
    Facts facts;
    facts.notes.push_back({Severity::Error, "unreadable", Origin{FileName(path), 0, 0}, "cannot be read: " + reason,
                           "fetch the file itself from the host"});
    facts.cut_off = Said<std::string>{"cannot be read", Origin{FileName(path), 0, 0}};
    return {&importer, std::move(path), std::move(facts), kArchive.name};
  }

  Diagnostics notes_of_archive() const {
    Diagnostics notes;
    const auto odd = [&](const WantedMembers::Odd& all, std::string_view what) {
      if (all.count == 0) return;
      notes.push_back(note(
          Severity::Warning, "bundle-member",
          fmt::format("{} of its members {}, as in \"{}\": nothing is read from there", all.count, what, all.first),
          "no host makes such an archive: make sure where it comes from"));
    };
    odd(members_.outside, "lead out of the archive");
    odd(members_.devices, "are devices or pipes");
    if (const auto& fault = members_.fault)
      notes.push_back(note(Severity::Error, fault->code, fault->message, fault->remedy));
    return notes;
  }

  Diagnostic note(Severity severity, std::string code, std::string message, std::string remedy) const {
    return {severity, std::move(code), Origin{FileName(archive_), 0, 0}, std::move(message), std::move(remedy)};
  }

  const std::string& archive_;
  const WantedMembers& members_;
  std::vector<std::string> roots_;
};

/// Gives a text once.
Pull once(std::string_view text) {
  return [text]() mutable { return std::exchange(text, {}); };
}

}  // namespace

bool is_bundle(std::string_view head) {
  if (!head.starts_with("\x1f\x8b")) return is_tar(head);
  Unpacker unpacker(once(head));
  const auto begin = unpacker.next();
  constexpr std::size_t kHeader = 512;
  return begin.size() < kHeader ? unpacker.fault().has_value() : is_tar(begin);
}

Bundle read_bundle(const std::string& path, Pull pull) {
  TarReader tar(std::move(pull));
  const auto members = read_wanted(tar);
  return Hosts(path, members).run();
}

}  // namespace esx2esxi::intake
