#include "folder_clusters.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::intake {

namespace {

using HostIndices = std::set<std::size_t>;
using Folders = std::map<std::string, HostIndices>;  // by path

std::string_view parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos || slash == 0 ? std::string_view() : path.substr(0, slash);
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_below_an_input(std::string_view folder, const std::vector<std::string>& inputs) {
  return std::any_of(inputs.begin(), inputs.end(), [&](std::string_view input) {
    while (input.size() > 1 && input.ends_with('/')) input.remove_suffix(1);
    if (input == "/") return folder.size() > 1;
    return folder.size() > input.size() + 1 && folder.starts_with(input) && folder[input.size()] == '/';
  });
}

/// The name says what is in it, or when it was put there.
bool says_what_it_holds(std::string_view name) {
  constexpr std::array<std::string_view, 28> kNames{
      "archive",  "backup",     "backups",         "bundle", "bundles",
      "captures", "classic",    "collected",       "data",   "dumps",
      "esx",      "esxi",       "esxi-captures",   "files",  "host",
      "hosts",    "input",      "inputs",          "logs",   "old",
      "sessions", "support",    "support-bundles", "tmp",    "transcripts",
      "trees",    "vm-support", "vmsupport"};
  return std::find(kNames.begin(), kNames.end(), lower(name)) != kNames.end() ||
         name.find_first_not_of("0123456789-_.T:") == std::string_view::npos;
}

/// Folders that hold hosts, by the folder above them.
std::map<std::string, Folders> candidates(const std::vector<std::string>& inputs, const std::vector<Place>& places,
                                          const std::vector<std::vector<std::size_t>>& groups,
                                          const std::vector<model::Host>& hosts) {
  std::map<std::string, Folders> found;
  for (std::size_t h = 0; h < groups.size(); ++h)
    for (const auto p : groups[h]) {
      const auto folder = parent_of(places[p].root);
      const auto name = last_part(folder);
      if (!places[p].whole_host || folder.empty() || !is_below_an_input(folder, inputs)) continue;
      if (says_what_it_holds(name) || equals_ignoring_case(name, hosts[h].name)) continue;
      found[std::string(parent_of(folder))][std::string(folder)].insert(h);
    }
  return found;
}

bool are_clusters(const Folders& folders) {
  HostIndices seen;
  bool several = false;
  for (const auto& [folder, members] : folders) {
    several = several || members.size() > 1;
    for (const auto h : members)
      if (!seen.insert(h).second) return false;
  }
  return folders.size() > 1 && several;
}

}  // namespace

void name_clusters_by_folder(const std::vector<std::string>& inputs, const std::vector<Place>& places,
                             const std::vector<std::vector<std::size_t>>& groups, std::vector<model::Host>& hosts) {
  std::map<std::string, std::set<std::string>> same_name;  // folders, by the cluster that they name
  std::map<std::size_t, std::string> folder_of_host;       // the first by path, where there are several
  for (const auto& [above, folders] : candidates(inputs, places, groups, hosts)) {
    if (!are_clusters(folders)) continue;
    for (const auto& [folder, members] : folders) {
      same_name[lower(last_part(folder))].insert(folder);
      for (const auto h : members) folder_of_host.emplace(h, folder);
    }
  }
  for (const auto& [h, folder] : folder_of_host) {
    if (!hosts[h].cluster.empty()) continue;
    const bool unique = same_name.at(lower(last_part(folder))).size() == 1;
    hosts[h].cluster = unique ? std::string(last_part(folder))
                              : std::string(last_part(parent_of(folder))) + "/" + std::string(last_part(folder));
    hosts[h].origins.set("cluster", Origin{FileName(folder), 0, 0});
  }
}

}  // namespace esx2esxi::intake
