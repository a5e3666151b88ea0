#include "esx2esxi/intake/read.hpp"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <tuple>

#include <fcntl.h>

#include "disk.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/assemble.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "find_hosts.hpp"
#include "folder_clusters.hpp"

namespace esx2esxi::intake {

namespace {

/// A file that is there but cannot be read may hold anything: the host is not whole without it.
Facts unreadable(const WantedFile& file, const std::string& reason) {
  Facts facts;
  facts.notes.push_back(cannot_read(file.path, reason));
  facts.cut_off = Said<std::string>{"cannot be read", Origin{FileName(file.path), 0, 0}};
  return facts;
}

void read_place(const Place& place, FileBuffer& buffer, std::vector<FileFacts>& into, Diagnostics& notes) {
  into.insert(into.end(), place.parts.begin(), place.parts.end());
  const auto found = place.tree ? files_of_tree(place.root, notes) : place.files;
  for (const auto& file : found) {
    const auto text = buffer.read(AT_FDCWD, file.path);
    into.push_back({file.importer, file.path,
                    text ? file.importer->read({FileName(file.path), *text}) : unreadable(file, text.error())});
  }
}

/// Overlapping inputs name a file twice.
void drop_repeated(std::vector<FileFacts>& files) {
  std::stable_sort(files.begin(), files.end(), [](const FileFacts& a, const FileFacts& b) { return a.path < b.path; });
  files.erase(
      std::unique(files.begin(), files.end(), [](const FileFacts& a, const FileFacts& b) { return a.path == b.path; }),
      files.end());
}

std::string_view short_name(std::string_view name) { return name.substr(0, name.find('.')); }

/// A host, and what tells that it is the same as another.
struct ReadHost {
  model::Host host;
  std::optional<net::Ipv4Address> management;  ///< as an option of the host names it
  std::string own_name;                        ///< HOSTNAME of its own configuration
};

ReadHost read_host(const std::vector<const Place*>& places) {
  thread_local FileBuffer buffer;
  std::vector<FileFacts> files;
  Diagnostics notes;
  for (const auto* place : places) read_place(*place, buffer, files, notes);
  if (places.size() > 1) drop_repeated(files);
  ReadHost out;
  for (const auto& file : files)
    if (const auto& address = file.facts.management_address; address && !address->value.is_unspecified())
      out.management = address->value;
  for (const auto& file : files)
    if (file.importer->read == read_network && file.facts.hostname && out.own_name.empty())
      out.own_name = short_name(file.facts.hostname->value);
  auto& host = out.host = assemble(std::move(files), places.front()->name);
  host.root = places.front()->root;
  for (const auto* place : places) {
    if (host.cluster.empty() && !place->cluster.empty()) {
      host.cluster = place->cluster;
      host.origins.set("cluster", Origin{FileName(place->root), 0, 0});
    }
    if (!place->cluster.empty() && !equals_ignoring_case(place->cluster, host.cluster))
      host.diagnostics.push_back({Severity::Warning, "cluster-contradicts", Origin{FileName(place->root), 0, 0},
                                  fmt::format("cluster {} here, but {} elsewhere", place->cluster, host.cluster),
                                  "name the host's cluster in the policy"});
  }
  host.diagnostics.insert(host.diagnostics.end(), notes.begin(), notes.end());
  return out;
}

/// Counts hosts for whoever watches.
class Progress {
 public:
  Progress(const ReadOptions& options, std::size_t all) : options_(options), all_(all) {}
  void one_more() {
    const auto done = ++done_;
    if (options_.progress) options_.progress(done, all_);
  }

 private:
  const ReadOptions& options_;
  std::size_t all_;
  std::atomic<std::size_t> done_{0};
};

bool knows_name(const model::Host& host) { return host.origins.find("name") != nullptr; }

/// Two hosts of one installation image share a uuid; one host under two names shares more than that.
bool shares_interface(const model::Host& a, const model::Host& b) {
  for (const auto& mine : a.before.interfaces)
    for (const auto& other : b.before.interfaces) {
      if (mine.addressed() && mine.address == other.address) return true;
      if (mine.mac && mine.mac == other.mac) return true;
    }
  return false;
}

/// An inventory may call a host by its address.
bool is_address_of(const model::Host& named, const model::Host& host) {
  const auto address = net::Ipv4Address::parse(named.name);
  return address && std::any_of(host.before.interfaces.begin(), host.before.interfaces.end(),
                                [&](const model::Interface& i) { return i.address == *address; });
}

/// Where the host is managed: what its own option says, its console's addresses, or those with the tag.
std::vector<net::Ipv4Address> management_addresses(const ReadHost& read) {
  std::vector<net::Ipv4Address> all;
  if (read.management) all.push_back(*read.management);
  for (const auto& interface : read.host.before.interfaces)
    if (interface.addressed() && (interface.is_vswif() || interface.services.has(model::Service::Management)))
      all.push_back(*interface.address);
  return all;
}

/// A source that names no host, such as a lone esx.conf, is known by where its host is managed.
bool share_management(const ReadHost& a, const ReadHost& b) {
  if (knows_name(a.host) && knows_name(b.host)) return false;
  const auto mine = management_addresses(a);
  const auto others = management_addresses(b);
  return std::find_first_of(mine.begin(), mine.end(), others.begin(), others.end()) != mine.end();
}

/// Clones share a uuid, network cards' numbers and even addresses: they are two hosts all the same.
bool name_themselves_apart(const ReadHost& x, const ReadHost& y) {
  return !x.own_name.empty() && !y.own_name.empty() && !equals_ignoring_case(x.own_name, y.own_name);
}

/// "esx01.north" and "esx01.south", unless it is one host in the midst of a renaming.
bool have_other_domains(const model::Host& a, const model::Host& b) {
  if (!a.origins.find("fqdn") || !b.origins.find("fqdn") || equals_ignoring_case(a.fqdn, b.fqdn)) return false;
  return !shares_interface(a, b);
}

/// What makes two places one host, the weakest first. Apart: they cannot be, whatever else they share.
enum class Bond : std::uint8_t { Apart, None, Address, Name, Uuid };

Bond bond(const ReadHost& x, const ReadHost& y) {
  const auto& a = x.host;
  const auto& b = y.host;
  const bool uuids = !a.uuid.empty() && !b.uuid.empty();
  if (name_themselves_apart(x, y) || (uuids && !equals_ignoring_case(a.uuid, b.uuid))) return Bond::Apart;
  const bool name = equals_ignoring_case(a.name, b.name);
  const bool address = is_address_of(a, b) || is_address_of(b, a) || share_management(x, y);
  if (uuids)
    return name || address || !knows_name(a) || !knows_name(b) || shares_interface(a, b) ? Bond::Uuid : Bond::Apart;
  if (have_other_domains(a, b)) return Bond::Apart;
  return name ? Bond::Name : address ? Bond::Address : Bond::None;
}

/// By what a host may be known: its name, its uuid, and its addresses, by which an inventory may call it.
std::vector<std::string> keys_of(const ReadHost& read) {
  const auto& host = read.host;
  std::vector<std::string> keys{"name " + lower(host.name)};
  if (!host.uuid.empty()) keys.push_back("uuid " + lower(host.uuid));
  for (const auto& interface : host.before.interfaces)
    if (interface.addressed()) keys.push_back("name " + to_string(*interface.address));
  if (read.management) keys.push_back("name " + to_string(*read.management));
  return keys;
}

/// Pairs of places that may be one host, the strongest bond first, then in the order of the inputs.
struct Pair {
  Bond bond;
  std::size_t a;
  std::size_t b;
};

std::vector<Pair> bonds(const std::vector<ReadHost>& hosts) {
  std::map<std::string, std::vector<std::size_t>> known_by;
  for (std::size_t i = 0; i < hosts.size(); ++i)
    for (auto& key : keys_of(hosts[i]))
      if (auto& all = known_by[key]; all.empty() || all.back() != i) all.push_back(i);
  std::vector<Pair> pairs;
  for (const auto& [key, all] : known_by)
    for (auto b = all.begin(); b != all.end(); ++b)
      for (auto a = all.begin(); a != b; ++a)
        if (const auto how = bond(hosts[*a], hosts[*b]); how > Bond::None) pairs.push_back({how, *a, *b});
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) {
    return std::tuple(y.bond, x.a, x.b) < std::tuple(x.bond, y.a, y.b);
  });
  return pairs;
}

/// Places in groups that describe one host each, the groups in the order of their first place. A third source may join
/// two that have nothing in common; nothing joins what is apart.
std::vector<std::vector<std::size_t>> grouped(const std::vector<ReadHost>& hosts) {
  std::vector<std::vector<std::size_t>> groups(hosts.size());
  std::vector<std::size_t> home(hosts.size());
  for (std::size_t i = 0; i < hosts.size(); ++i) groups[home[i] = i] = {i};
  const auto apart = [&](const std::vector<std::size_t>& some, const std::vector<std::size_t>& others) {
    return std::any_of(some.begin(), some.end(), [&](std::size_t a) {
      return std::any_of(others.begin(), others.end(),
                         [&](std::size_t b) { return bond(hosts[a], hosts[b]) == Bond::Apart; });
    });
  };
  for (const auto& pair : bonds(hosts)) {
    auto& into = groups[std::min(home[pair.a], home[pair.b])];
    auto& from = groups[std::max(home[pair.a], home[pair.b])];
    if (&into == &from || apart(into, from)) continue;
    for (const auto i : from) home[i] = home[into.front()];
    into.insert(into.end(), from.begin(), from.end());
    from.clear();
  }
  std::erase_if(groups, [](const auto& group) { return group.empty(); });
  for (auto& group : groups) std::sort(group.begin(), group.end());
  return groups;
}

/// Hosts of one installation image are several hosts; whoever copied a host's files by mistake should know.
void say_shared_uuids(model::Estate& estate) {
  std::map<std::string, const model::Host*> known;
  for (const auto& host : estate.hosts) {
    if (host.uuid.empty()) continue;
    const auto [at, fresh] = known.try_emplace(lower(host.uuid), &host);
    if (fresh || equals_ignoring_case(at->second->name, host.name)) continue;
    estate.diagnostics.push_back(
        {Severity::Warning, "uuid-twice", Origin{FileName(host.root), 0, 0},
         fmt::format("{} and {} have one uuid and are taken for two hosts", at->second->name, host.name),
         "if they are one host under two names, remove the older copy"});
  }
}

/// Names become folders of a plan: each is given once.
void make_names_unique(model::Estate& estate) {
  std::map<std::string, unsigned> taken;
  for (const auto& host : estate.hosts) taken.try_emplace(lower(host.name), 0);
  for (auto& host : estate.hosts) {
    auto& count = taken[lower(host.name)];
    if (++count == 1) continue;
    const auto old = host.name;
    unsigned n = count;
    while (taken.contains(lower(fmt::format("{}-{}", old, n)))) ++n;
    host.name = fmt::format("{}-{}", old, n);
    taken[lower(host.name)] = 1;
    const auto* said = host.origins.find("name");
    estate.diagnostics.push_back(
        {Severity::Error, "host-name-twice", said ? *said : Origin{FileName(host.root), 0, 0},
         fmt::format("another host is called {} too: this one is shown as {}", old, host.name),
         "uuid, HOSTNAME or domain tell them apart; if they are one host, remove the older copy"});
  }
}

void keep_only(const std::vector<std::string>& wanted, std::vector<model::Host>& hosts) {
  if (wanted.empty()) return;
  std::erase_if(hosts, [&](const model::Host& host) {
    return std::none_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
      return equals_ignoring_case(name, host.name) || (!host.fqdn.empty() && equals_ignoring_case(name, host.fqdn));
    });
  });
}

std::vector<ReadHost> read_places(const std::vector<Place>& places, const ReadOptions& options) {
  std::vector<ReadHost> hosts(places.size());
  Progress progress(options, places.size());
  parallel_for(places.size(), options.jobs, [&](std::size_t i) {
    hosts[i] = read_host({&places[i]});
    progress.one_more();
  });
  return hosts;
}

/// Where the host says to be that product.
const Origin* says_to_be(const model::Host& host, std::string_view product) {
  return host.product == product ? host.origins.find("product") : nullptr;
}

/// One host as ESX here and as ESXi there is two states, before and after its migration, and no mixture of them: the
/// places that show it as ESXi are left out of `group`. What was said of them, with their places.
std::vector<Said<std::string>> leave_out_migrated(const std::vector<ReadHost>& hosts, std::vector<std::size_t>& group) {
  const Origin* classic = nullptr;
  for (const auto i : group)
    if (const auto* at = says_to_be(hosts[i].host, "ESX"); at != nullptr && classic == nullptr) classic = at;
  std::vector<Said<std::string>> products;
  if (classic == nullptr) return products;
  std::erase_if(group, [&](std::size_t i) {
    const auto* at = says_to_be(hosts[i].host, "ESXi");
    if (at != nullptr) products.push_back({"ESXi", *at});
    return at != nullptr;
  });
  if (!products.empty()) products.insert(products.begin(), {"ESX", *classic});
  return products;
}

void say_migrated(std::vector<Said<std::string>> products, model::Host& host) {
  host.diagnostics.push_back(
      {Severity::Warning, "before-and-after", products.back().at,
       fmt::format("{} is ESXi here, and ESX by {}: before and after its migration; this input is left out", host.name,
                   to_string(products.front().at)),
       "give the inputs of one state; `verify` compares a migrated host with its plan"});
  model::Doubt doubt;
  doubt.kind = model::Doubt::Kind::Contradiction;
  doubt.subject = "product";
  doubt.values = std::move(products);
  doubt.script_needs_it = true;
  host.doubts.push_back(std::move(doubt));
}

/// Hosts that several places describe are read again, from all of them together.
std::vector<model::Host> merged(std::vector<ReadHost> hosts, const std::vector<std::vector<std::size_t>>& groups,
                                const std::vector<Place>& places, unsigned jobs) {
  std::vector<model::Host> out(groups.size());
  parallel_for(groups.size(), jobs, [&](std::size_t g) {
    auto group = groups[g];
    auto products = leave_out_migrated(hosts, group);
    if (group.size() == 1) {
      out[g] = std::move(hosts[group.front()].host);
    } else {
      std::vector<const Place*> all;
      for (const auto i : group) all.push_back(&places[i]);
      out[g] = read_host(all).host;
    }
    if (!products.empty()) say_migrated(std::move(products), out[g]);
  });
  return out;
}

}  // namespace

model::Estate read_estate(const std::vector<std::string>& inputs, const ReadOptions& options) {
  auto found = find_hosts(inputs);
  open_containers(found, options.jobs);
  model::Estate estate;
  estate.diagnostics = std::move(found.notes);
  auto read = read_places(found.places, options);
  const auto groups = grouped(read);
  estate.hosts = merged(std::move(read), groups, found.places, options.jobs);
  name_clusters_by_folder(inputs, found.places, groups, estate.hosts);
  std::erase_if(estate.hosts, [&](const model::Host& host) {
    if (!host.inputs.empty()) return false;
    estate.diagnostics.insert(estate.diagnostics.end(), host.diagnostics.begin(), host.diagnostics.end());
    return true;
  });
  say_shared_uuids(estate);
  make_names_unique(estate);
  std::stable_sort(estate.hosts.begin(), estate.hosts.end(),
                   [](const model::Host& a, const model::Host& b) { return natural_less(a.name, b.name); });
  keep_only(options.only, estate.hosts);
  return estate;
}

}  // namespace esx2esxi::intake
