#include <utility>

#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/app/reports.hpp"
#include "esx2esxi/app/table.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::app {

namespace {

using Json = nlohmann::ordered_json;

using Places = std::vector<std::pair<std::string, std::string>>;  ///< JSON pointer into a state -> FILE:LINE

/// Collects pointer -> place for every value that the JSON of a state shows.
class OriginMap {
 public:
  explicit OriginMap(const Json& state) : state_(state) {}

  void element(const std::string& pointer, const model::Origins& origins) {
    for (const auto& [field, at] : origins.all()) {
      value(fmt::format("{}/{}", pointer, field), at);
      // One line of a file, two spellings of the value.
      if (field == "netmask" && !origins.find("prefix")) value(pointer + "/prefix", at);
    }
  }
  void value(const std::string& pointer, const Origin& at) {
    if (at.known() && state_.contains(Json::json_pointer(pointer))) found_.emplace_back(pointer, to_string(at));
  }
  Places take() { return std::move(found_); }

 private:
  const Json& state_;
  Places found_;
};

template <class T>
void add_said(OriginMap& map, std::string_view list, const std::vector<Said<T>>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) map.value(fmt::format("{}/{}", list, i), values[i].at);
}

template <class T>
void add_elements(OriginMap& map, const std::string& list, const std::vector<T>& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) map.element(fmt::format("{}/{}", list, i), elements[i].origins);
}

Places origins_of(const model::State& state, const Json& json) {
  OriginMap map(json);
  add_elements(map, "/interfaces", state.interfaces);
  add_elements(map, "/stacks", state.stacks);
  for (std::size_t i = 0; i < state.stacks.size(); ++i)
    add_elements(map, fmt::format("/stacks/{}/routes", i), state.stacks[i].routes);
  add_elements(map, "/switches", state.switches);
  for (std::size_t i = 0; i < state.switches.size(); ++i)
    add_elements(map, fmt::format("/switches/{}/portgroups", i), state.switches[i].portgroups);
  add_said(map, "/dns/servers", state.dns.servers);
  add_said(map, "/ntp", state.ntp);
  add_elements(map, "/nfs", state.nfs);
  add_said(map, "/iscsi/targets", state.iscsi.targets);
  return map.take();
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(valid_utf8(text)); }

Json json_of(const Diagnostic& note) {
  return {{"severity", to_string(note.severity)},
          {"code", note.code},
          {"at", text_or_null(to_string(note.at))},
          {"message", valid_utf8(note.message)},
          {"remedy", text_or_null(note.remedy)}};
}

std::string json_of(const model::Host& host) {
  const auto before = plan::to_json(host.before);
  auto not_found = Json::array();
  for (const auto& what : host.not_found) not_found.push_back(valid_utf8(what));
  auto notes = Json::array();
  for (const auto& note : host.diagnostics) notes.push_back(json_of(note));
  Members origins;
  for (const auto& [pointer, at] : origins_of(host.before, before)) origins.emplace_back(pointer, line_of(at));
  return object_of({{"name", line_of(host.name)},
                    {"product", line_of(text_or_null(host.product))},
                    {"version", line_of(text_or_null(host.version))},
                    {"build", line_of(text_or_null(host.build))},
                    {"uuid", line_of(text_or_null(host.uuid))},
                    {"cluster", line_of(text_or_null(host.cluster))},
                    {"before", line_of(before)},
                    {"origins", object_of(origins)},
                    {"not_found", line_of(not_found)},
                    {"diagnostics", line_of(notes)}});
}

std::string or_dash(const std::string& text) { return text.empty() ? std::string("-") : shown(text); }

std::string services_text(model::Services services) {
  std::vector<std::string> names;
  for (const auto service : services.list()) names.emplace_back(to_string(service));
  return names.empty() ? "-" : join(names, " ");
}

std::string uplinks_text(const model::Teaming& uplinks) {
  auto text = join(uplinks.active, " ");
  if (!uplinks.standby.empty())
    text += fmt::format("{}(standby {})", text.empty() ? "" : " ", join(uplinks.standby, " "));
  return or_dash(text);
}

std::string interfaces_text(const model::State& state) {
  Table table("  ");
  table.row({"interface", "address", "stack", "VLAN", "port group", "switch", "uplinks", "MTU", "services"});
  for (const auto& i : state.interfaces) {
    auto name = i.name + (i.enabled ? "" : " (disabled)") + (i.dhcp && i.address ? " (DHCP)" : "");
    auto group = i.dvport.empty() ? i.portgroup : "dvPort " + i.dvport;
    auto services = services_text(i.services) + (i.bound_to.empty() ? "" : ", bound to " + i.bound_to);
    table.row({shown(name), address_text(i), shown(i.stack), i.vlan ? fmt::to_string(i.vlan->value()) : "-",
               or_dash(group), or_dash(i.vswitch), uplinks_text(i.uplinks), i.mtu ? fmt::to_string(*i.mtu) : "-",
               shown(services)});
  }
  return state.interfaces.empty() ? "  no interface\n" : table.text();
}

std::string stacks_text(const model::State& state) {
  Table table("  ");
  for (const auto& stack : state.stacks) {
    table.row({"stack " + shown(stack.name), stack.gateway ? fmt::format("gateway {}", *stack.gateway) : "no gateway"});
    for (const auto& route : stack.routes)
      table.row({"", fmt::format("route {} by {}", route.network, route.next_hop)});
  }
  return table.text();
}

std::string switches_text(const model::State& state) {
  Table table("  ");
  for (const auto& vswitch : state.switches) {
    std::vector<std::string> groups;
    for (const auto& group : vswitch.portgroups)
      groups.push_back(group.vlan ? fmt::format("{} (VLAN {})", group.name, group.vlan->value()) : group.name);
    table.row({(vswitch.distributed ? "dvSwitch " : "switch ") + shown(vswitch.name),
               "uplinks " + or_dash(join(vswitch.uplinks, " ")),
               "MTU " + (vswitch.mtu ? fmt::to_string(*vswitch.mtu) : std::string("-")), shown(join(groups, ", "))});
  }
  return table.text();
}

template <class T>
std::string values_text(const std::vector<Said<T>>& values) {
  std::string text;
  for (const auto& said : values) text += (text.empty() ? "" : ", ") + fmt::format("{}", said.value);
  return shown(text);
}

std::string services_of(const model::State& state) {
  Table table("  ");
  if (!state.dns.servers.empty()) table.row({"DNS", values_text(state.dns.servers)});
  if (!state.ntp.empty()) table.row({"NTP", values_text(state.ntp)});
  for (const auto& mount : state.nfs)
    table.row({"NFS", shown(fmt::format("{}:{} as {}{}", mount.server, mount.share, mount.label,
                                        mount.read_only ? ", read only" : ""))});
  if (!state.iscsi.targets.empty()) table.row({"iSCSI targets", values_text(state.iscsi.targets)});
  return table.text();
}

std::string origins_text(const model::State& state) {
  Table table("    ");
  for (const auto& [pointer, at] : origins_of(state, plan::to_json(state))) table.row({shown(pointer), shown(at)});
  return "  where it was read\n" + table.text();
}

std::string text_of(const model::Host& host, ShowOrigins origins, Paint paint) {
  auto about = host.product + " " + or_dash(host.version);
  if (!host.build.empty()) about += " build " + host.build;
  if (!host.cluster.empty()) about += ", cluster " + host.cluster;
  if (!host.uuid.empty()) about += ", uuid " + host.uuid;
  auto text = fmt::format("{}  {}\n", paint(Tone::Bold, shown(host.name)), shown(about));
  text +=
      interfaces_text(host.before) + stacks_text(host.before) + switches_text(host.before) + services_of(host.before);
  for (const auto& what : host.not_found) text += fmt::format("  not found: {}\n", shown(what));
  if (origins == ShowOrigins::Yes) text += origins_text(host.before);
  return text + notes_text(host.diagnostics, Severity::Note, paint);
}

template <class Print>
std::vector<std::string> printed(const Session& session, Print print) {
  std::vector<std::string> parts(session.estate.hosts.size());
  parallel_for(parts.size(), session.jobs, [&](std::size_t i) {
    if (session.chosen[i]) parts[i] = print(session.host(i));
  });
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

}  // namespace

std::string inspect_text(const Session& session, ShowOrigins origins, Paint paint) {
  return join(printed(session, [&](const model::Host& host) { return text_of(host, origins, paint); }), "\n");
}

std::string inspect_json(const Session& session) {
  const auto hosts = printed(session, [](const model::Host& host) { return json_of(host); });
  return opening("esx2esxi-inspect") + "\"hosts\": " + array_of(hosts) + "}\n";
}

}  // namespace esx2esxi::app
