// `esxcli network ip route ipv4 list [-N STACK]`, ESXi 5.1 and later.
//
// Facts relied on: connected networks have the gateway 0.0.0.0 and, like static routes, the source MANUAL (seen); the
// default route is called "default" (seen). A default gateway that cannot be read is a gateway without an address. Host
// routes learned from ICMP redirects are no configuration (KB 344105).
#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "esxi_call.hpp"

namespace esx2esxi::intake {

namespace {

bool is_default(const Record& record) {
  const auto network = record["network"];
  const auto netmask = record["netmask"];
  return network == "default" || (network == "0.0.0.0" && (netmask.empty() || netmask == "0.0.0.0"));
}

/// Connected rows say 0.0.0.0: a row whose gateway is missing or damaged has one that is not known.
void lose(const EsxiCall& call, bool is_default, Origin at, Facts& facts) {
  facts.lost.push_back({is_default ? LostFact::Of::Gateway : LostFact::Of::Route, call.netstack(), {}, {}, at});
}

void add_route(const EsxiCall& call, const Values& values, const Record& record, net::Ipv4Address next_hop,
               Facts& facts) {
  const auto network = values.address(record, "network");
  const auto netmask = values.address(record, "netmask");
  if (!network || !netmask) return lose(call, false, values.at(record), facts);
  const auto length = net::prefix_length(netmask->value);
  const auto prefix = length ? net::Ipv4Prefix::containing(network->value, *length) : std::nullopt;
  if (!prefix || prefix->network() != network->value) {
    values.warn(network->at, "value-damaged",
                fmt::format("{} with the mask {} is no network", network->value, netmask->value));
    return lose(call, false, values.at(record), facts);
  }
  const auto source = record["source"];
  if (*length == 32 && source != "MANUAL" && !source.empty()) {
    values.note(network->at, "route-dynamic", fmt::format("the host route to {} was learned: dropped", network->value));
    return;
  }
  facts.routes.push_back({call.netstack(), *prefix, next_hop, std::string(record["interface"]), network->at});
}

}  // namespace

Facts read_route_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    const auto gateway = values.address(record, "gateway");
    const bool damaged = !gateway && (is_default(record) || (!record["gateway"].empty() && record["gateway"] != "N/A"));
    if (damaged) lose(call, is_default(record), values.at(record), facts);
    if (!gateway || gateway->value.is_unspecified()) continue;
    if (is_default(record)) {
      facts.gateways.push_back({call.netstack(), gateway, values.text(record, "interface"), values.at(record)});
    } else {
      add_route(call, values, record, gateway->value, facts);
    }
  }
  for (const auto& row : call.output.lost)
    lose(call, row.begins == "default" || row.begins == "0.0.0.0", {call.file, row.line, 1}, facts);
  // A stack with addresses has the rows of their networks: nothing printed is nothing seen.
  const bool seen = !call.output.records.empty() || !call.output.lost.empty();
  facts.lists_routes = seen && call.netstack() == model::kDefaultStack;
  return facts;
}

void learn_gateways(const EsxiCall& call, EsxiContext& context) {
  bool whole = call.output.lost.empty() && !call.output.records.empty();
  for (const auto& record : call.output.records) {
    if (!is_default(record)) continue;
    const auto gateway = net::Ipv4Address::parse(record["gateway"]);
    whole = whole && gateway;
    if (gateway) context.gateways[call.netstack()] = *gateway;
  }
  if (whole) context.routed.insert(call.netstack());
}

}  // namespace esx2esxi::intake
