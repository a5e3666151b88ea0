#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/app/table.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "inspect.hpp"

namespace esx2esxi::app {

namespace {

using Json = nlohmann::ordered_json;

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

/// Which interfaces carry a service.
std::string services_of(const model::State& state) {
  Table table("  ");
  for (std::size_t i = 0; i < model::kServiceNames.size(); ++i) {
    std::vector<std::string> carriers;
    for (const auto& interface : state.interfaces)
      if (interface.services.has(static_cast<model::Service>(i)))
        carriers.push_back(interface.name + (interface.enabled ? "" : " (disabled)"));
    if (!carriers.empty()) table.row({fmt::format("service {}", model::kServiceNames[i]), shown(join(carriers, ", "))});
  }
  return table.text();
}

/// What the host must reach, and the names that nothing here resolves.
std::string endpoints_text(const model::Host& host, const Session& session) {
  Table table("  ");
  for (const auto& endpoint : model::endpoints_of(host, session.policy, session.estate))
    table.row({fmt::format("endpoint {}", endpoint.address), shown(endpoint.name),
               fmt::format("{}", to_string(endpoint.service))});
  for (const auto& server : host.before.ntp)
    if (!net::Ipv4Address::parse(server.value)) table.row({"endpoint " + shown(server.value), "NTP server", "by name"});
  return table.text();
}

std::string mounts_text(const model::State& state) {
  Table table("  ");
  for (const auto& mount : state.nfs)
    table.row({"NFS", shown(fmt::format("{}:{} as {}{}", mount.server, mount.share, mount.label,
                                        mount.read_only ? ", read only" : ""))});
  return table.text();
}

/// A value as a table shows it; a text without its quotes.
std::string value_text(const Json& value) { return shown(value.is_string() ? value.get<std::string>() : value.dump()); }

std::string origins_text(const model::Host& host) {
  Table table("    ");
  const auto json = plan::to_json(host.before);
  for (const auto& [pointer, at] : origins_of(host, json))
    table.row({shown(pointer), value_text(json.at(Json::json_pointer(pointer))), shown(at)});
  return "  where it was read\n" + table.text();
}

std::string text_of(const model::Host& host, const Session& session, ShowOrigins origins, Paint paint) {
  auto about = host.product + " " + or_dash(host.version);
  if (!host.build.empty()) about += " build " + host.build;
  if (!host.cluster.empty()) about += ", cluster " + host.cluster;
  if (const auto* at = host.origins.find("cluster"); at && origins == ShowOrigins::Yes)
    about += fmt::format(" ({})", *at);
  if (!host.uuid.empty()) about += ", uuid " + host.uuid;
  auto text = fmt::format("{}  {}\n", paint(Tone::Bold, shown(host.name)), shown(about));
  text += interfaces_text(host.before) + stacks_text(host.before) + switches_text(host.before) +
          mounts_text(host.before) + services_of(host.before) + endpoints_text(host, session);
  for (const auto& what : host.not_found) text += fmt::format("  not found: {}\n", shown(what));
  if (origins == ShowOrigins::Yes) text += origins_text(host);
  return text + notes_text(diagnostics_of(host), Severity::Note, paint);
}

}  // namespace

std::string inspect_text(const Session& session, ShowOrigins origins, Paint paint) {
  return join(printed(session, [&](const model::Host& host) { return text_of(host, session, origins, paint); }), "\n");
}

}  // namespace esx2esxi::app
