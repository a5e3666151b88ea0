// The way back from plan.json. Every value is checked as the schema describes it: a damaged plan must not pass for one
// that expects less.
#include "esx2esxi/plan/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::plan {

namespace {

using nlohmann::json;

/// Thrown and caught in this file only.
struct Damaged : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const json& at(const json& object, const char* key) {
  const auto it = object.is_object() ? object.find(key) : object.end();
  if (!object.is_object() || it == object.end()) throw Damaged(fmt::format("'{}' is missing", key));
  return *it;
}

std::string text_of(const json& value, const char* key) {
  if (value.is_null()) return {};
  if (!value.is_string()) throw Damaged(fmt::format("'{}' is no text", key));
  return value.get<std::string>();
}

std::string text(const json& object, const char* key) { return text_of(at(object, key), key); }

bool flag(const json& object, const char* key) {
  const auto& value = at(object, key);
  if (!value.is_boolean()) throw Damaged(fmt::format("'{}' is neither true nor false", key));
  return value.get<bool>();
}

std::optional<unsigned> number(const json& object, const char* key) {
  const auto& value = at(object, key);
  if (value.is_null()) return std::nullopt;
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > std::numeric_limits<unsigned>::max())
    throw Damaged(fmt::format("'{}' is no number", key));
  return value.get<unsigned>();
}

template <class T>
std::optional<T> parsed_text(const std::string& text, const char* key) {
  if (text.empty()) return std::nullopt;
  const auto value = T::parse(text);
  if (!value) throw Damaged(fmt::format("'{}' is '{}': {}", key, text, value.error().what));
  return *value;
}

template <class T>
std::optional<T> parsed(const json& object, const char* key) {
  return parsed_text<T>(text(object, key), key);
}

net::Ipv4Address address(const json& object, const char* key) {
  const auto value = parsed<net::Ipv4Address>(object, key);
  if (!value) throw Damaged(fmt::format("'{}' is empty", key));
  return *value;
}

const json& items(const json& object, const char* key) {
  const auto& value = at(object, key);
  if (!value.is_array()) throw Damaged(fmt::format("'{}' is no list", key));
  return value;
}

template <class Convert>
auto list(const json& object, const char* key, Convert convert) {
  std::vector<decltype(convert(object))> out;
  for (const auto& item : items(object, key)) out.push_back(convert(item));
  return out;
}

std::vector<std::string> texts(const json& object, const char* key) {
  return list(object, key, [&](const json& item) { return text_of(item, key); });
}

std::vector<Said<net::Ipv4Address>> addresses(const json& object, const char* key) {
  return list(object, key, [&](const json& item) {
    const auto value = parsed_text<net::Ipv4Address>(text_of(item, key), key);
    if (!value) throw Damaged(fmt::format("'{}' holds an empty address", key));
    return Said<net::Ipv4Address>{*value, {}};
  });
}

std::optional<net::VlanId> vlan(const json& object) {
  const auto value = number(object, "vlan");
  if (!value) return std::nullopt;
  const auto id = net::VlanId::make(*value);
  if (!id) throw Damaged(fmt::format("'vlan' is {}: {}", *value, id.error().what));
  return *id;
}

model::Teaming teaming(const json& value) { return {texts(value, "active"), texts(value, "standby")}; }

model::Services services(const json& object) {
  model::Services out;
  for (const auto& name : texts(object, "services")) {
    const auto service = model::service_named(name);
    if (!service) throw Damaged(fmt::format("'services' holds '{}', which is none", name));
    out.add(*service);
  }
  return out;
}

model::Interface interface(const json& value) {
  model::Interface out;
  out.name = text(value, "name");
  out.from = text(value, "from");
  out.stack = text(value, "stack");
  out.address = parsed<net::Ipv4Address>(value, "address");
  out.netmask = parsed<net::Ipv4Address>(value, "netmask");
  out.dhcp = flag(value, "dhcp");
  out.enabled = flag(value, "enabled");
  out.portgroup = text(value, "portgroup");
  out.vswitch = text(value, "vswitch");
  out.dvport = text(value, "dvport");
  out.vlan = vlan(value);
  out.mtu = number(value, "mtu");
  out.mac = parsed<net::Mac>(value, "mac");
  out.services = services(value);
  out.uplinks = teaming(at(value, "uplinks"));
  out.bound_to = text(value, "bound_to");
  out.gateway_override = parsed<net::Ipv4Address>(value, "gateway_override");
  return out;
}

model::Route route(const json& value) {
  model::Route out;
  const auto network = address(value, "network");
  const auto length = number(value, "prefix");
  const auto prefix = length ? net::Ipv4Prefix::containing(network, *length) : std::nullopt;
  if (!prefix || prefix->network() != network)
    throw Damaged(fmt::format("'network' {} and its 'prefix' are no network", to_string(network)));
  out.network = *prefix;
  out.next_hop = address(value, "next_hop");
  out.origin = text(value, "origin");
  return out;
}

model::Stack stack(const json& value) {
  model::Stack out;
  out.name = text(value, "name");
  out.gateway = parsed<net::Ipv4Address>(value, "gateway");
  out.routes = list(value, "routes", route);
  return out;
}

model::Portgroup portgroup(const json& value) {
  model::Portgroup out;
  out.name = text(value, "name");
  out.vlan = vlan(value);
  if (const auto& own = at(value, "override"); !own.is_null()) out.override = teaming(own);
  return out;
}

model::Switch vswitch(const json& value) {
  model::Switch out;
  out.name = text(value, "name");
  out.distributed = flag(value, "distributed");
  out.mtu = number(value, "mtu");
  out.ports = number(value, "ports");
  out.uplinks = texts(value, "uplinks");
  out.teaming = teaming(at(value, "teaming"));
  out.portgroups = list(value, "portgroups", portgroup);
  return out;
}

model::Pnic pnic(const json& value) {
  return {text(value, "name"), parsed<net::Mac>(value, "mac"), text(value, "driver")};
}

model::Dns dns(const json& value) {
  return {text(value, "host"), text(value, "domain"), addresses(value, "servers"), texts(value, "search")};
}

model::NfsMount mount(const json& value) {
  return {text(value, "label"), text(value, "server"), text(value, "share"), flag(value, "read_only"), {}};
}

model::Iscsi iscsi(const json& value) {
  std::optional<bool> enabled;
  if (!at(value, "enabled").is_null()) enabled = flag(value, "enabled");
  return {enabled, texts(value, "adapters"), addresses(value, "targets")};
}

model::State state(const json& value) {
  model::State out;
  out.interfaces = list(value, "interfaces", interface);
  for (std::size_t i = 0; i < out.interfaces.size(); ++i)
    out.interfaces[i].created = static_cast<std::uint16_t>(std::min<std::size_t>(i, 0xffff));
  out.stacks = list(value, "stacks", stack);
  out.switches = list(value, "switches", vswitch);
  out.pnics = list(value, "pnics", pnic);
  out.dns = dns(at(value, "dns"));
  for (auto& server : texts(value, "ntp")) out.ntp.push_back({std::move(server), {}});
  out.nfs = list(value, "nfs", mount);
  out.iscsi = iscsi(at(value, "iscsi"));
  return out;
}

/// A plan of another hand need not know of transitions.
std::vector<std::string> transitional(const json& host) {
  std::vector<std::string> out;
  if (!host.contains("transition")) return out;
  for (const auto& step : at(at(host, "transition"), "steps")) {
    if (text(step, "action") == to_string(Action::AddInterface)) out.push_back(text(step, "interface"));
    if (text(step, "action") == to_string(Action::AddPortgroup))
      out.push_back("port group " + text(at(step, "arguments"), "portgroup"));
  }
  return out;
}

PlannedHost host(const json& value) {
  PlannedHost out;
  out.name = text(value, "name");
  try {
    out.uuid = text(value, "uuid");
    out.blocked = text(value, "status") == "blocked";
    out.mapped = state(at(value, "mapped"));
    out.after = state(at(value, "after"));
    out.transitional = transitional(value);
  } catch (const Damaged& damaged) {
    throw Damaged(fmt::format("host {}: {}", out.name, damaged.what()));
  }
  return out;
}

/// An estate's plan has hundreds of megabytes: what is not needed never becomes a tree.
bool wanted(int depth, json::parse_event_t event, json& value) {
  constexpr int kHost = 3;  // {"hosts": [{"KEY": ...
  if (event != json::parse_event_t::key || (depth != kHost && depth != 1)) return true;
  const auto& key = value.get_ref<const std::string&>();
  if (depth == 1) return key != "estate" && key != "inputs";
  return key == "name" || key == "uuid" || key == "status" || key == "mapped" || key == "after" || key == "transition";
}

ReadPlan plan_of(const json& value) {
  if (text(value, "format") != "esx2esxi-plan") throw Damaged("this is no plan of esx2esxi");
  if (const auto version = text(value, "version"); !version.starts_with("1."))
    throw Damaged(fmt::format("format version {} is newer than this program", version));
  ReadPlan out;
  const auto target = model::target_named(text(value, "target"));
  const auto path = model::path_named(text(value, "path"));
  if (!target) throw Damaged("'target' is no release of ESXi");
  if (!path) throw Damaged("'path' is neither fresh nor upgrade");
  out.target = *target;
  out.path = *path;
  out.hosts = list(value, "hosts", host);
  return out;
}

}  // namespace

Result<ReadPlan> read_plan(const FileName& file, std::string_view text) {
  const auto damaged = [&](std::string what) {
    return tl::unexpected(Diagnostic{Severity::Error, "plan-damaged", Origin{file}, std::move(what),
                                     "give the folder that `esx2esxi plan` wrote"});
  };
  const auto value = json::parse(text, wanted, false);
  if (value.is_discarded()) return damaged("is no JSON");
  try {
    return plan_of(value);
  } catch (const Damaged& fault) {
    return damaged(fault.what());
  }
}

}  // namespace esx2esxi::plan
