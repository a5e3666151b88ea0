// Who the host is: name, uuid, product, version; and the names and clocks it uses.
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

bool is_host_name(std::string_view name) {
  if (name.empty() || name.size() > 255 || name.front() == '.' || name.front() == '-') return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '_';
  });
}

/// What an installer leaves where nobody gave a name.
bool is_placeholder(std::string_view name) { return equals_ignoring_case(name.substr(0, name.find('.')), "localhost"); }

/// "esx01.example.com" -> "esx01"; an address stays whole.
std::string_view short_name(std::string_view name) {
  if (net::Ipv4Address::parse(name)) return name;
  return name.substr(0, name.find('.'));
}

bool same_host_name(const std::string& a, const std::string& b) {
  const bool both_full = a.find('.') != std::string::npos && b.find('.') != std::string::npos;
  return both_full ? equals_ignoring_case(a, b) : equals_ignoring_case(short_name(a), short_name(b));
}

/// What /etc/hosts calls the address of the console, the first interface's before the others'.
std::optional<Said<std::string>> name_in_hosts_file(const Merge& merge) {
  for (const auto& named : by_name(merge.files, &Facts::interfaces, &InterfaceFact::name)) {
    if (!named.name.starts_with("vswif")) continue;
    for (const auto& voice : named.voices)
      for (const auto& file : merge.files)
        for (const auto& entry : file.facts.hosts_entries) {
          if (!voice.fact->address || voice.fact->address->value != entry.address || entry.names.empty()) continue;
          const auto& name = entry.names.front();
          if (is_host_name(name) && !is_placeholder(name)) return Said<std::string>{name, entry.at};
        }
  }
  return std::nullopt;
}

void merge_name(Merge& merge, std::string fallback) {
  auto& host = merge.host;
  const auto usable = [&](const FileFacts& file) -> const Said<std::string>* {
    const auto& name = file.facts.hostname;
    return name && is_host_name(name->value) && !is_placeholder(name->value) ? &*name : nullptr;
  };
  for (const auto& file : merge.files)
    if (const auto& name = file.facts.hostname; name && !is_host_name(name->value))
      merge.note(Severity::Warning, "host-name", name->at, "a host name with characters that no host name has",
                 "it is not used");
  const auto* used = merge.settle(merge.files, {"", "hostname"}, usable, same_host_name);
  const auto listed = used ? std::nullopt : name_in_hosts_file(merge);
  if (listed) {
    used = &*listed;
    if (short_name(used->value).size() < used->value.size()) {
      host.fqdn = used->value;
      host.origins.set("fqdn", used->at);
    }
  }
  if (used == nullptr) {
    host.name = std::move(fallback);
    return;
  }
  host.name = short_name(used->value);
  host.origins.set("name", used->at);
  for (const auto& file : merge.files)
    if (const auto* name = usable(file); host.fqdn.empty() && name && name->value.size() > host.name.size() &&
                                         same_host_name(name->value, used->value)) {
      host.fqdn = name->value;
      host.origins.set("fqdn", name->at);
    }
}

/// "4.1" says the same as "4.1.0", only less of it.
bool says_less(std::string_view a, std::string_view b) {
  return b.size() > a.size() && b.starts_with(a) && b[a.size()] == '.';
}

/// What `vmware -v` printed comes first: it is the only source that knows updates, and files outlive upgrades.
void merge_version(Merge& merge) {
  const Said<std::string>* used = nullptr;
  for (const bool listing : {true, false})
    for (const auto& file : merge.files) {
      const auto& version = file.facts.version;
      if (!version || (file.importer->trust == Trust::Listing) != listing) continue;
      if (used == nullptr || says_less(used->value, version->value))
        used = &*version;
      else if (used->value != version->value && !says_less(version->value, used->value))
        merge.contradict({"", "version", true}, *used, *version);
    }
  if (used == nullptr) return;
  merge.host.version = used->value;
  merge.host.origins.set("version", used->at);
}

/// The first list counts. Lists have an order, sources print them in one of their own.
template <class T, class Same>
void settle_one(Merge& merge, const Subject& subject, const std::vector<Said<T>>& other, Same same,
                std::vector<Said<T>>& into) {
  const auto printed = [](const std::vector<Said<T>>& all) {
    std::vector<std::string> texts;
    for (const auto& said : all) texts.push_back(shown_value(said.value));
    return Said<std::string>{join(texts, ", "), all.front().at};
  };
  if (other.empty()) return;
  if (into.empty())
    into = other;
  else if (!std::is_permutation(into.begin(), into.end(), other.begin(), other.end(), same))
    merge.contradict(subject, printed(into), printed(other));
}

/// The list of the source that is believed most.
template <class T>
void settle_list(Merge& merge, std::string_view what, std::vector<Said<T>> Facts::*list, std::vector<Said<T>>& into) {
  const auto same = [](const Said<T>& a, const Said<T>& b) { return a.value == b.value; };
  for (const auto& file : merge.files) settle_one(merge, {"", what}, file.facts.*list, same, into);
}

/// A list of all servers; the tickers of the console are others, and a script may add to what the installer wrote.
bool lists_ntp_servers(const FileFacts& file) {
  return file.importer->read != read_step_tickers && file.importer->trust != Trust::Script &&
         !file.facts.ntp_servers.empty();
}

void merge_ntp(Merge& merge) {
  const auto same = [](const Said<std::string>& a, const Said<std::string>& b) {
    return equals_ignoring_case(a.value, b.value);
  };
  auto& all = merge.host.before.ntp;
  for (const auto& file : merge.files)
    if (lists_ntp_servers(file)) settle_one(merge, {"", "NTP servers"}, file.facts.ntp_servers, same, all);
  for (const auto& file : merge.files) {
    if (lists_ntp_servers(file)) continue;
    for (const auto& server : file.facts.ntp_servers)
      if (std::none_of(all.begin(), all.end(), [&](const auto& known) { return same(known, server); }))
        all.push_back(server);
  }
}

}  // namespace

void merge_identity(Merge& merge, std::string fallback_name) {
  auto& host = merge.host;
  if (const auto* uuid = merge.settle(merge.files, {"", "uuid"}, in_facts(&Facts::uuid),
                                      [](const auto& a, const auto& b) { return equals_ignoring_case(a, b); })) {
    host.uuid = uuid->value;
    host.origins.set("uuid", uuid->at);
  }
  const auto* product = merge.settle(merge.files, {"", "product", true}, in_facts(&Facts::product));
  host.product = product ? product->value : "ESX";
  if (product) host.origins.set("product", product->at);
  merge_version(merge);
  if (const auto* build = merge.settle(merge.files, {"", "build"}, in_facts(&Facts::build))) host.build = build->value;
  merge_name(merge, std::move(fallback_name));
}

void merge_names_and_time(Merge& merge) {
  auto& host = merge.host;
  auto& dns = host.before.dns;
  dns.host = host.name;
  settle_list(merge, "DNS servers", &Facts::dns_servers, dns.servers);
  std::vector<Said<std::string>> search;
  settle_list(merge, "DNS search list", &Facts::dns_search, search);
  dns.search = names_of(search);
  merge_ntp(merge);
  if (!search.empty()) host.origins.set("/dns/search", {search, search.front().at});
  if (const auto* at = host.origins.find("name")) host.origins.set("/dns/host", *at);
  for (const auto& file : merge.files) {
    if (dns.domain.empty() && file.facts.domain) {
      dns.domain = file.facts.domain->value;
      host.origins.set("/dns/domain", file.facts.domain->at);
    }
    for (const auto& entry : file.facts.hosts_entries) host.hosts_file.push_back(entry);
    for (const auto& variable : file.facts.unresolved) {
      model::Doubt doubt;
      doubt.kind = model::Doubt::Kind::Variable;
      doubt.values = {variable};
      host.doubts.push_back(std::move(doubt));
    }
  }
  // A full host name knows its domain; the search list is for looking up others.
  if (const auto* at = host.origins.find("fqdn")) {
    dns.domain = host.fqdn.substr(host.name.size() + 1);
    host.origins.set("/dns/domain", *at);
  }
  if (dns.domain.empty() && !search.empty()) {
    dns.domain = dns.search.front();
    host.origins.set("/dns/domain", search.front().at);
  }
  if (host.fqdn.empty() && !dns.domain.empty() && host.origins.find("name")) host.fqdn = host.name + "." + dns.domain;
}

}  // namespace esx2esxi::intake
