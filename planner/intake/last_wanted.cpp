#include "last_wanted.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "disk.hpp"
#include "esx2esxi/intake/readers.hpp"

namespace esx2esxi::intake {

namespace {

using std::string_view;

/// What vm-support 1.30 takes from every classic host (and its forerunners are assumed to). What only some hosts have
/// (routes of the console, bindings) is not waited for.
constexpr std::array kOfEveryHost{read_ifcfg,          read_network,      read_esx_conf,      read_resolv_conf,
                                  read_hosts,          read_ntp_conf,     read_esxcfg_vswif,  read_esxcfg_vmknic,
                                  read_esxcfg_vswitch, read_esxcfg_route, read_route,         read_ifconfig,
                                  read_esxcfg_nics,    read_esxcfg_nas,   read_vmware_version};

std::size_t hash_of(string_view folder) { return std::hash<string_view>()(folder); }

/// The length of the longest folder that holds both.
std::size_t common_folder(string_view a, string_view b) {
  const auto differ = std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first;
  return folder_of(a.substr(0, static_cast<std::size_t>(differ - a.begin()))).size();
}

/// Calls `visit` for each folder of `path` (which ends in a slash) below the first `known` characters.
template <class Visit>
void for_each_folder(string_view path, std::size_t known, Visit visit) {
  for (auto slash = path.find('/', known); slash != string_view::npos; slash = path.find('/', slash + 1))
    visit(path.substr(0, slash + 1));
}

constexpr string_view kDate = "dddd-dd-dd--dd.dd";

/// Where "2026-02-12--21.14" begins.
std::size_t find_date(string_view name) {
  const auto fits = [](char c, char wanted) { return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted; };
  const auto at = std::search(name.begin(), name.end(), kDate.begin(), kDate.end(), fits);
  return at == name.end() ? string_view::npos : static_cast<std::size_t>(at - name.begin());
}

/// No folder is kept in mind beyond this: the archive is read to its end.
constexpr std::size_t kMostFolders = 20'000;

constexpr std::array<string_view, 2> kPrefixes{"vm-support-", "esx-"};

}  // namespace

bool is_vm_support_folder(string_view name) {
  return name.starts_with(kPrefixes[0]) || (name.starts_with(kPrefixes[1]) && find_date(name) != string_view::npos);
}

string_view host_in_folder_name(string_view name) {
  for (const auto prefix : kPrefixes)
    if (name.starts_with(prefix)) {
      name.remove_prefix(prefix.size());
      break;
    }
  if (const auto date = find_date(name); date != string_view::npos) name = name.substr(0, date);
  while (name.ends_with('-')) name.remove_suffix(1);
  return name;
}

void LastWanted::pass(string_view path) {
  if (first_) {
    first_ = false;
    const auto top = path.substr(0, path.find('/') + 1);
    if (!top.empty() && is_vm_support_folder(top.substr(0, top.size() - 1))) top_ = top;
  }
  if (top_.empty() || !orderly_) return;
  if (path.starts_with(top_))
    change_folder(folder_of(path));
  else
    orderly_ = false;
}

void LastWanted::change_folder(string_view to) {
  const auto common = common_folder(folder_, to);
  for_each_folder(folder_, common, [&](string_view folder) { left_.insert(hash_of(folder)); });
  for_each_folder(to, common, [&](string_view folder) { orderly_ = orderly_ && left_.count(hash_of(folder)) == 0; });
  folder_ = to;
  if (left_.size() > kMostFolders) orderly_ = false;
}

bool LastWanted::has_left(string_view folder) const { return left_.count(hash_of(folder)) > 0; }

void LastWanted::keep(string_view path, string_view text) {
  if (top_.empty() || !orderly_) return;
  const auto inside = path.substr(top_.size());
  const auto* importer = importer_for(inside);
  if (importer == nullptr) return;
  if (!inside.starts_with("etc/")) {
    if (!outputs_.empty() && outputs_ != folder_of(path)) orderly_ = false;
    outputs_ = folder_of(path);
  }
  const auto known = std::find(kOfEveryHost.begin(), kOfEveryHost.end(), importer->read);
  if (known == kOfEveryHost.end()) return;
  seen_ |= 1U << (known - kOfEveryHost.begin());
  if (importer->read == read_ifcfg) ifcfgs_.emplace_back(inside.substr(inside.rfind('-') + 1));
  if (importer->read != read_esxcfg_vswif) return;
  vswifs_.clear();
  for (const auto& vswif : read_esxcfg_vswif({FileName(), text}).interfaces) vswifs_.push_back(vswif.name);
}

bool LastWanted::reached() const {
  constexpr auto kAll = (1U << kOfEveryHost.size()) - 1;
  if (seen_ != kAll || !orderly_ || !has_left(top_ + "etc/") || !has_left(outputs_)) return false;
  return std::all_of(vswifs_.begin(), vswifs_.end(), [&](const std::string& vswif) {
    return std::find(ifcfgs_.begin(), ifcfgs_.end(), vswif) != ifcfgs_.end();
  });
}

}  // namespace esx2esxi::intake
