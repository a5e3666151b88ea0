#include "esx_conf_tree.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

/// More than any host can have (ESX 4.1: 248 switches, 512 port groups): a bound for hostile files.
constexpr std::size_t kMostDrafts = 16384;
constexpr unsigned kLargestMtu = 65535;

bool eat(std::string_view& path, std::string_view prefix) {
  if (!path.starts_with(prefix)) return false;
  path.remove_prefix(prefix.size());
  return true;
}

}  // namespace

void EsxConfTree::add(const Entry& entry) {
  if (has_control_character(entry.value) || has_control_character(entry.key))
    return damaged(entry, "control characters");
  auto path = entry.key;
  if (eat(path, "/net/")) return add_net(entry, path);
  if (eat(path, "/nas/")) return add_mount(entry, path);
  if (path == "/system/uuid") return put_text(entry, facts_.uuid);
  if (path == "/boot/cosvmdk") {
    if (!classic_marker_.known()) classic_marker_ = at(entry);
    return;
  }
  if (path.starts_with("/vmkdevmgr/")) {
    if (!esxi_marker_.known()) esxi_marker_ = at(entry);
    return;
  }
  add_option(entry);
}

void EsxConfTree::add_option(const Entry& entry) {
  const auto key = entry.key;
  if (key == "/adv/Migrate/Vmknic") return add_service(entry, model::Service::VMotion);
  if (key == "/adv/FT/Vmknic") return add_service(entry, model::Service::FaultToleranceLogging);
  if (key == "/adv/Misc/HostName") return put_text(entry, facts_.hostname);
  if (key == "/adv/Misc/HostIPAddr") return put_parsed(entry, host_address_);
  if (key == "/adv/Net/ManagementAddr") return put_parsed(entry, facts_.management_address);
  if (key != "/adv/Net/ManagementIface") return;
  put_text(entry, facts_.management_interface);
  if (!is_numbered(entry.value, "vmk")) return;
  add_service(entry, model::Service::Management);
  if (!esxi_marker_.known()) esxi_marker_ = at(entry);
}

void EsxConfTree::add_service(const Entry& entry, model::Service service) {
  if (entry.value.empty()) return;
  if (!is_numbered(entry.value, "vmk")) {
    facts_.lost.push_back({LostFact::Of::Host, {}, fmt::format("interface for {}", to_string(service)), {}, at(entry)});
    return damaged(entry, "not the name of a vmkernel interface");
  }
  const auto same = std::find_if(facts_.services.begin(), facts_.services.end(),
                                 [&](const ServiceFact& fact) { return fact.service == service; });
  if (same == facts_.services.end()) {
    facts_.services.push_back({service, std::string(entry.value), at(entry)});
    return;
  }
  again(entry, same->at);
  *same = {service, std::string(entry.value), at(entry)};
}

void EsxConfTree::add_net(const Entry& entry, std::string_view path) {
  if (eat(path, "vswitch/")) return add_switch(entry, path);
  if (eat(path, "vmkernelnic/")) return add_nic(entry, vmknics_, path);
  if (eat(path, "vswif/")) return add_nic(entry, vswifs_, path);  // never seen, but it would be of this shape
  if (eat(path, "pnic/")) return add_card(entry, path);
  if (path == "routes/console/gateway") return put_parsed(entry, console_gateway_);
  if (eat(path, "routes/kernel/")) return add_route(entry, path);
}

template <class Draft>
Draft* EsxConfTree::slot(const Entry& entry, Slots<Draft>& slots, std::string_view index) {
  const bool fresh = !slots.holds(index);
  if (fresh && ++drafts_ > kMostDrafts) {
    cut_off(entry.line, "more network entries than any host has; the rest is not read");
    return nullptr;
  }
  auto& draft = slots.at(index);
  if (fresh) draft.line = entry.line;
  return &draft;
}

void EsxConfTree::add_switch(const Entry& entry, std::string_view path) {
  const auto part = child(path, "child");
  if (!part) return damaged(entry, "not a key of the form .../child[0000]/...");
  auto* draft = slot(entry, switches_, part->index);
  if (draft == nullptr) return;
  auto rest = part->rest;
  if (rest == "name") {
    put_name(entry, draft->fact);
  } else if (rest == "mtu") {
    put_number(entry, draft->fact.mtu, kLargestMtu);
    if (!draft->fact.mtu) draft->lost.push_back({LostFact::Of::Switch, {}, "mtu", {}, at(entry)});
  } else if (rest == "numPorts") {
    put_number(entry, draft->fact.ports, ~0U);
  } else if (eat(rest, "uplinks/")) {
    const auto uplink = child(rest, "child");
    if (uplink && uplink->rest == "pnic") put_uplink(entry, draft->uplinks, uplink->index);
  } else if (eat(rest, "teamPolicy/")) {
    add_policy(entry, draft->policy, rest);
  } else if (eat(rest, "portgroup/")) {
    add_group(entry, *draft, rest);
  }
}

void EsxConfTree::add_group(const Entry& entry, Switch& vswitch, std::string_view path) {
  const auto part = child(path, "child");
  if (!part) return damaged(entry, "not a key of the form .../child[0000]/...");
  auto* draft = slot(entry, vswitch.groups, part->index);
  if (draft == nullptr) return;
  auto rest = part->rest;
  if (rest == "name") {
    put_name(entry, draft->fact);
  } else if (rest == "vlanId") {
    put_parsed(entry, draft->fact.vlan);
    draft->damaged_vlan = !draft->fact.vlan;
  } else if (rest == "key") {
    put_text(entry, draft->fact.internal_id);
  } else if (eat(rest, "teamPolicy/")) {
    add_policy(entry, draft->policy, rest);
  }
}

void EsxConfTree::add_policy(const Entry& entry, Policy& policy, std::string_view path) {
  if (path == "maxActive") return put_number(entry, policy.max_active, 64);
  if (path == "hasUplinkOrder") return put_flag(entry, policy.in_force);
  if (path == "team") return put_text(entry, policy.balancing);
  const auto uplink = child(path, "uplinks");
  if (uplink && uplink->rest == "pnic") put_uplink(entry, policy.order, uplink->index);
}

void EsxConfTree::add_nic(const Entry& entry, Slots<Nic>& nics, std::string_view path) {
  const auto part = child(path, "child");
  if (!part) return damaged(entry, "not a key of the form .../child[0000]/...");
  auto* draft = slot(entry, nics, part->index);
  if (draft == nullptr) return;
  auto& fact = draft->fact;
  const auto key = part->rest;
  const auto lose_unless = [&](bool known, std::string_view field) {
    if (!known) draft->lost.push_back({LostFact::Of::Interface, {}, std::string(field), {}, at(entry)});
  };
  if (key == "name") {
    put_name(entry, fact);
    if (const auto slot_number = number(part->index); slot_number && *slot_number < kMostDrafts)
      fact.slot = static_cast<unsigned>(*slot_number);
    return;
  }
  if (key == "ipv4address") return put_parsed(entry, fact.address);
  if (key == "ipv4netmask") return put_parsed(entry, fact.netmask);
  if (key == "portgroup") return put_text(entry, fact.portgroup);
  if (key == "mac") return put_parsed(entry, fact.mac);
  if (key == "mtu") {
    put_number(entry, fact.mtu, kLargestMtu);
    return lose_unless(fact.mtu.has_value(), key);
  }
  if (key == "dhcp") {
    put_flag(entry, fact.dhcp);
    return lose_unless(fact.dhcp.has_value(), key);
  }
  if (key == "dhcpDns") return put_flag(entry, fact.peer_dns);
  if (key == "enable") {
    put_flag(entry, fact.enabled);
    return lose_unless(fact.enabled.has_value(), "enabled");
  }
  if (key == "portId") return put_text(entry, fact.dvport);
  if (key == "dvsId") return put_text(entry, fact.dvs);
  if (key == "netstackInstance") return put_text(entry, fact.stack);
}

void EsxConfTree::add_card(const Entry& entry, std::string_view path) {
  const auto part = child(path, "child");
  if (!part) return damaged(entry, "not a key of the form .../child[0000]/...");
  auto* draft = slot(entry, cards_, part->index);
  if (draft == nullptr) return;
  if (part->rest == "mac") return put_parsed(entry, draft->fact.mac);
  if (part->rest == "name") put_name(entry, draft->fact);
}

/// The gateway's key has been seen; those of static routes have not, so several spellings are taken.
void EsxConfTree::add_route(const Entry& entry, std::string_view path) {
  if (path == "gateway") {
    put_parsed(entry, kernel_gateway_);
    damaged_gateway_ = kernel_gateway_ || entry.value.empty() ? Origin{} : at(entry);
    return;
  }
  const auto part = child(path, "child");
  if (!part) return;
  auto* draft = slot(entry, routes_, part->index);
  if (draft == nullptr) return;
  const auto is = [&](auto... names) { return ((part->rest == names) || ...); };
  if (is("network", "destination", "dest", "ipv4network", "address")) return put_text(entry, draft->network);
  if (is("netmask", "mask", "ipv4netmask", "prefix", "prefixLength")) return put_mask(entry, draft->netmask);
  if (is("gateway", "nexthop", "nextHop", "ipv4gateway")) return put_parsed(entry, draft->next_hop);
  if (is("device", "interface", "vmknic")) return put_text(entry, draft->device);
}

void EsxConfTree::add_mount(const Entry& entry, std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) return;
  const auto label = path.substr(0, slash);
  const auto key = path.substr(slash + 1);
  const auto [place, fresh] = mounts_.try_emplace(label, facts_.nfs.size());
  if (fresh) {
    if (++drafts_ > kMostDrafts) return cut_off(entry.line, "more mounts than any host has; the rest is not read");
    NfsFact fact;
    fact.label = std::string(label);
    fact.at = at(entry);
    facts_.nfs.push_back(std::move(fact));
  }
  if (place->second >= facts_.nfs.size()) return;
  auto& mount = facts_.nfs[place->second];
  if (key == "host") return put_text(entry, mount.server);
  if (key == "share") return put_text(entry, mount.share);
  if (key == "readOnly") return put_flag(entry, mount.read_only);
  if (key == "enabled") return put_flag(entry, mount.enabled);
}

void EsxConfTree::again(const Entry& entry, const Origin& before) {
  note(Severity::Warning, "esxconf-duplicate-key", entry.line,
       fmt::format("{} stands here again (before: line {}); the last one counts", excerpt(entry.key), before.line));
}

template <class Fact>
void EsxConfTree::put_name(const Entry& entry, Fact& fact) {
  if (!fact.name.empty()) again(entry, fact.at);
  fact.name = unescaped(entry.value);
  fact.at = at(entry);
}

/// A second value for a key replaces the first, also where it is damaged (none): what the host would read is not known.
template <class T>
void EsxConfTree::put(const Entry& entry, Maybe<T>& field, std::optional<T> value) {
  if (field) again(entry, field->at);
  field.reset();
  if (value) field = Said<T>{std::move(*value), at(entry)};
}

void EsxConfTree::put_text(const Entry& entry, Maybe<std::string>& field) {
  if (!entry.value.empty()) put(entry, field, std::optional(unescaped(entry.value)));
}

void EsxConfTree::put_flag(const Entry& entry, Maybe<bool>& field) {
  const auto flag = boolean(entry.value);
  if (!flag) damaged(entry, "neither true nor false");
  put(entry, field, flag);
}

void EsxConfTree::put_number(const Entry& entry, Maybe<unsigned>& field, unsigned most) {
  auto value = number(entry.value);
  if (!value || *value > most) {
    damaged(entry, "not a number that can stand here");
    value.reset();
  }
  put(entry, field, value ? std::optional(static_cast<unsigned>(*value)) : std::nullopt);
}

template <class T>
void EsxConfTree::put_parsed(const Entry& entry, Maybe<T>& field) {
  if (entry.value.empty()) return;
  const auto value = T::parse(entry.value);
  if (!value) damaged(entry, value.error().what);
  put(entry, field, value ? std::optional<T>(*value) : std::nullopt);
}

void EsxConfTree::put_mask(const Entry& entry, Maybe<net::Ipv4Address>& field) {
  const auto length = number(entry.value);
  if (!length || *length > 32) return put_parsed(entry, field);
  const auto prefix = net::Ipv4Prefix::containing({}, static_cast<unsigned>(*length));
  put(entry, field, std::optional(prefix->netmask()));
}

void EsxConfTree::put_uplink(const Entry& entry, std::vector<Uplink>& list, std::string_view index) {
  if (entry.value.empty()) return;
  Said<std::string> pnic{unescaped(entry.value), at(entry)};
  const auto same = std::find_if(list.begin(), list.end(), [&](const Uplink& u) { return u.index == index; });
  if (same != list.end()) {
    again(entry, same->pnic.at);
    same->pnic = std::move(pnic);
    return;
  }
  constexpr std::size_t kMostUplinks = 256;
  if (list.size() >= kMostUplinks) return cut_off(entry.line, "more uplinks than any switch has");
  list.push_back({index, std::move(pnic)});
}

void EsxConfTree::damaged(const Entry& entry, std::string_view what) {
  note(Severity::Warning, "esxconf-bad-value", entry.line,
       fmt::format("{} = \"{}\": {}; the value is left out", excerpt(entry.key), excerpt(entry.value), what),
       "correct it in the copy of the file");
}

}  // namespace esx2esxi::intake
