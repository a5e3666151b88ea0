// Static routes of the service console (assumed from Red Hat practice, no sample of ESX has been seen):
//
//   /etc/sysconfig/network-scripts/route-vswif0     10.79.0.0/16 via 10.73.1.1 [dev vswif0]
//                                          or       ADDRESS0=10.79.0.0
//                                                   NETMASK0=255.255.0.0
//                                                   GATEWAY0=10.73.1.1
//   /etc/sysconfig/static-routes                    any net 10.79.0.0 netmask 255.255.0.0 gw 10.73.1.1
//                                                   any host 10.80.0.9 gw 10.73.1.1
//                                                   vswif0 net 10.79.0.0/16 gw 10.73.1.1
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "prompt.hpp"
#include "settings.hpp"

namespace esx2esxi::intake {

namespace {

using Tokens = std::vector<std::string_view>;

std::string_view after(const Tokens& tokens, std::string_view word) {
  const auto at = std::find(tokens.begin(), tokens.end(), word);
  return at == tokens.end() || at + 1 == tokens.end() ? std::string_view() : *(at + 1);
}

/// "…/route-vswif1" -> "vswif1"
std::string device_from_name(std::string_view path) {
  path.remove_prefix(path.find_last_of("/!") + 1);
  if (!path.starts_with("route-")) return {};
  path.remove_prefix(6);
  return is_numbered(path, "vswif") ? std::string(path) : std::string();
}

void add(Reading& reading, net::Ipv4Prefix network, const Said<net::Ipv4Address>& hop, std::string device, Origin at) {
  if (network.length() == 0) {
    GatewayFact fact{std::string(model::kConsole), hop, {}, at};
    if (!device.empty()) fact.device = Said<std::string>{std::move(device), at};
    return reading.facts.gateways.push_back(std::move(fact));
  }
  reading.facts.routes.push_back({std::string(model::kConsole), network, hop.value, std::move(device), at});
}

void lose(Reading& reading, std::optional<net::Ipv4Prefix> network, Origin at) {
  const bool is_default = network && network->length() == 0;
  reading.lose({is_default ? LostFact::Of::Gateway : LostFact::Of::Route,
                std::string(model::kConsole),
                {},
                network,
                std::move(at)});
}

/// "[to] NET/LEN via GW [dev X] ..."
void ip_line(Reading& reading, const Line& line, const Tokens& tokens, const std::string& device) {
  const auto via = after(tokens, "via");
  if (via.empty()) return reading.unknown(line);
  const auto to = tokens.front() == "to" || tokens.front() == "add" ? tokens[1] : tokens.front();
  const auto hop = reading.address(line, via);
  const auto network = to == "default"                          ? net::Ipv4Prefix()
                       : to.find('/') == std::string_view::npos ? reading.network(line, to, "255.255.255.255")
                                                                : reading.prefix(line, to);
  if (!hop || !network) return lose(reading, network, reading.at(line, to));
  const auto dev = after(tokens, "dev");
  add(reading, *network, *hop, dev.empty() ? device : std::string(dev), reading.at(line, to));
}

/// ADDRESSn, NETMASKn, GATEWAYn
void numbered(Reading& reading, const Settings& settings, const std::string& device) {
  for (const auto& [key, address] : settings.all()) {
    if (!key.starts_with("ADDRESS") || !number(std::string_view(key).substr(7))) continue;
    const auto index = key.substr(7);
    const auto* mask = settings.find("NETMASK" + index);
    const auto* gateway = settings.find("GATEWAY" + index);
    if (!gateway || !mask) {
      reading.warn(address.at, "route-incomplete",
                   fmt::format("{} has no {}{}: the route was left out", key, gateway ? "NETMASK" : "GATEWAY", index));
      lose(reading, {}, address.at);
      continue;
    }
    bool open = false;
    for (const auto* value : {&address, mask, gateway})
      if (!value->unresolved.empty()) {
        reading.facts.unresolved.push_back({value->unresolved, value->at});
        open = true;
      }
    if (open) {
      lose(reading, {}, address.at);
      continue;
    }
    const auto to = read_address(reading, address);
    const auto ones = read_address(reading, *mask);
    const auto hop = read_address(reading, *gateway);
    const auto length = ones ? net::prefix_length(ones->value) : std::nullopt;
    auto network = to && length ? net::Ipv4Prefix::containing(to->value, *length) : std::nullopt;
    if (to && ones && (!network || network->network() != to->value)) {
      reading.warn(to->at, "value-damaged", fmt::format("{} and mask {} are no network", to->value, ones->value));
      network.reset();
    }
    if (!network || !hop)
      lose(reading, network, address.at);
    else
      add(reading, *network, *hop, device, to->at);
  }
}

void static_route(Reading& reading, const Line& line, const Tokens& tokens) {
  const auto gw = after(tokens, "gw");
  const bool host = tokens.size() > 2 && tokens[1] == "host";
  const bool net = tokens.size() > 2 && (tokens[1] == "net" || tokens[1] == "-net");
  if (gw.empty() || (!host && !net)) return reading.unknown(line);
  const auto hop = reading.address(line, gw);
  const auto mask = after(tokens, "netmask");
  std::optional<net::Ipv4Prefix> network;
  if (host)
    network = reading.network(line, tokens[2], "255.255.255.255");
  else if (tokens[2].find('/') != std::string_view::npos)
    network = reading.prefix(line, tokens[2]);
  else if (!mask.empty())
    network = reading.network(line, tokens[2], mask);
  else
    reading.warn(reading.at(line, tokens[2]), "route-incomplete", "the route has no netmask: it was left out");
  if (!hop || !network) return lose(reading, network, reading.at(line, tokens[2]));
  add(reading, *network, *hop, tokens[0] == "any" ? std::string() : std::string(tokens[0]),
      reading.at(line, tokens[2]));
}

/// Words of a line that is neither blank nor a comment nor a prompt.
template <class Visit>
void for_each_entry(Reading& reading, Visit visit) {
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto text = line.text.substr(0, line.text.find('#'));
    const auto tokens = words(text);
    if (!tokens.empty()) visit(line, tokens);
  });
}

}  // namespace

Facts read_route_file(const Source& source) {
  Reading reading(source);
  const auto device = device_from_name(source.file.text());
  bool assigns = false;
  for_each_entry(reading, [&](const Line& line, const Tokens& tokens) {
    if (tokens.front().find('=') != std::string_view::npos)
      assigns = true;
    else
      ip_line(reading, line, tokens, device);
  });
  if (assigns) {
    Reading only(source);
    numbered(reading, Settings(only), device);
  }
  return reading.take();
}

Facts read_static_routes(const Source& source) {
  Reading reading(source);
  for_each_entry(reading, [&](const Line& line, const Tokens& tokens) { static_route(reading, line, tokens); });
  return reading.take();
}

}  // namespace esx2esxi::intake
