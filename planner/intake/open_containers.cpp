// From files that hold several hosts to one place for each host.
#include <algorithm>
#include <map>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>

#include "bundle.hpp"
#include "disk.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "find_hosts.hpp"

namespace esx2esxi::intake {

namespace {

/// RVTools names hosts as vCenter does: in full, or by their address.
std::string short_name(std::string_view name) {
  return std::string(net::Ipv4Address::parse(name) ? name : name.substr(0, name.find('.')));
}

struct Opened {
  std::vector<Place> places;
  Diagnostics notes;
};

/// Collects the parts of one container by host, hosts in the order of the file.
class Collector {
 public:
  explicit Collector(const ContainerFile& file) : file_(file) {}

  void add(NamedFacts part) {
    auto& notes = out_.notes;
    if (part.only_notes) return void(notes.insert(notes.end(), part.facts.notes.begin(), part.facts.notes.end()));
    auto& place = place_of(part.host.empty() ? file_.name : part.host);
    if (place.cluster.empty()) place.cluster = std::move(part.cluster);
    auto path = fmt::format("{}!{}", file_.path, part.part);
    if (const auto n = ++used_[path]; n > 1) path += fmt::format(" ({})", n);
    const auto* importer = part.importer ? part.importer : &importer_of(*file_.container);
    place.parts.push_back({importer, std::move(path), std::move(part.facts), file_.container->name});
  }

  Opened take() { return std::move(out_); }

 private:
  /// One name in two domains is two hosts; a part that leaves the domain out finds its host when places are grouped.
  Place& place_of(const std::string& name) {
    const auto [known, fresh] = index_.try_emplace(lower(name), out_.places.size());
    if (fresh) {
      out_.places.emplace_back();
      out_.places.back().root = file_.path;
      out_.places.back().name = short_name(name);
    }
    return out_.places[known->second];
  }

  const ContainerFile& file_;
  std::map<std::string, std::size_t> index_;
  std::map<std::string, unsigned> used_;
  Opened out_;
};

Opened open_bundle(const ContainerFile& file) {
  auto stream = FileStream::open(file.path);
  if (!stream) return {{}, {cannot_read(file.path, stream.error())}};
  auto bundle = read_bundle(file.path, [&] { return stream->next(); });
  Opened out;
  for (auto& host : bundle.hosts) {
    Place place;
    place.root = file.path;
    place.name = host.name.empty() ? file.name : std::move(host.name);
    place.parts = std::move(host.files);
    place.whole_host = true;
    out.places.push_back(std::move(place));
  }
  // An archive that lies among hosts may be anything; one that was named is meant.
  if (!file.named)
    for (auto& note : bundle.notes)
      if (note.code == "no-host") note.severity = Severity::Note;
  out.notes = std::move(bundle.notes);
  return out;
}

Opened open(const ContainerFile& file) {
  if (file.container == nullptr) return open_bundle(file);
  FileBuffer buffer;
  const auto text = buffer.read(AT_FDCWD, file.path);
  if (!text) return {{}, {cannot_read(file.path, text.error())}};
  Collector collector(file);
  for (auto& part : file.container->read({FileName(file.path), *text})) collector.add(std::move(part));
  return collector.take();
}

/// Files that lie loose in a folder and name no host take the name of the only host of the containers beside them.
void name_by_neighbours(Found& found, const std::map<std::string, std::set<std::string>>& hosts_of_folder) {
  std::map<std::string, std::size_t> loose;
  for (const auto& place : found.places)
    if (!place.files.empty()) ++loose[place.folder];
  for (auto& place : found.places) {
    if (place.files.empty() || loose[place.folder] != 1) continue;
    const auto beside = hosts_of_folder.find(place.folder);
    if (beside != hosts_of_folder.end() && beside->second.size() == 1) place.name = *beside->second.begin();
  }
}

}  // namespace

void open_containers(Found& found, unsigned jobs) {
  std::vector<Opened> opened(found.containers.size());
  parallel_for(opened.size(), jobs, [&](std::size_t i) { opened[i] = open(found.containers[i]); });
  std::map<std::string, std::set<std::string>> hosts_of_folder;
  std::vector<Place> places;
  for (std::size_t i = 0; i < opened.size(); ++i) {
    for (auto& place : opened[i].places) {
      hosts_of_folder[found.containers[i].folder].insert(place.name);
      places.push_back(std::move(place));
    }
    found.notes.insert(found.notes.end(), opened[i].notes.begin(), opened[i].notes.end());
  }
  name_by_neighbours(found, hosts_of_folder);
  std::move(places.begin(), places.end(), std::back_inserter(found.places));
}

}  // namespace esx2esxi::intake
