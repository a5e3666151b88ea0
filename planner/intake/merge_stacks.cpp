// Gateways and static routes of the console and of the VMkernel.
//
// A listing prints what runs: what was configured, what a lease brought, and what ICMP redirects left behind. Its rows
// complete the configuration (no file is known that holds the VMkernel's static routes), but for those that no host
// boots with.
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

/// The VMkernel's stack has another name on ESXi.
std::string_view stack_name(const Merge& merge, std::string_view name) {
  return !merge.host.classic() && name == model::kVmkernel ? model::kDefaultStack : name;
}

Voices<GatewayFact> gateway_voices(const Merge& merge, std::string_view stack) {
  Voices<GatewayFact> out;
  for (const auto& file : merge.files)
    for (const auto& fact : file.facts.gateways)
      if (stack_name(merge, fact.stack) == stack) out.push_back({&fact, file.importer->trust});
  return out;
}

/// The enabled interfaces of a stack whose range holds `address`.
std::vector<const model::Interface*> on_link(const model::State& state, std::string_view stack,
                                             net::Ipv4Address address) {
  std::vector<const model::Interface*> out;
  for (const auto& interface : state.interfaces) {
    if (interface.stack != stack || !interface.enabled) continue;
    if (const auto range = interface.range(); range && range->contains(address)) out.push_back(&interface);
  }
  return out;
}

/// A file names the interface by which `hop` is reached; the range decides, and a disagreement is said.
void compare_device(Merge& merge, std::string_view stack, net::Ipv4Address hop, const Said<std::string>& device,
                    std::string_view what) {
  const auto reached = on_link(merge.host.before, stack, hop);
  const auto same = [&](const model::Interface* i) { return i->name == device.value; };
  if (reached.empty() || std::any_of(reached.begin(), reached.end(), same)) return;
  const auto* used = reached.front();
  const auto* where = used->origins.find("address");
  merge.contradict({device.value, what}, {used->name, where ? *where : used->origins.any()}, device);
}

bool has_lease(const model::State& state, std::string_view stack) {
  return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const model::Interface& interface) {
    return interface.stack == stack && interface.dhcp && interface.enabled;
  });
}

const Said<net::Ipv4Address>* gateway_said(const Voice<GatewayFact>& voice) {
  const auto& gateway = voice.fact->gateway;
  return gateway && !gateway->value.is_unspecified() ? &*gateway : nullptr;
}

void merge_gateway(Merge& merge, model::Stack& stack) {
  const auto voices = gateway_voices(merge, stack.name);
  const auto subject = stack.name + " gateway";
  const auto* used = merge.settle(voices, {"", subject, true}, gateway_said);
  const Voice<GatewayFact>* device = nullptr;
  for (const auto& voice : voices)
    if (voice.fact->device && device == nullptr) device = &voice;
  if (device != nullptr && stack.name == model::kConsole) {
    stack.gateway_device = device->fact->device->value;
    stack.origins.set("gateway_device", device->fact->device->at);
  }
  if (used == nullptr) return;
  stack.gateway = used->value;
  stack.origins.set("gateway", used->at);
  if (device != nullptr && device->trust == Trust::Configuration)
    compare_device(merge, stack.name, used->value, *device->fact->device, "gateway device");
  const bool configured = std::any_of(voices.begin(), voices.end(), [](const Voice<GatewayFact>& voice) {
    return (voice.trust == Trust::Configuration || voice.trust == Trust::Script) && gateway_said(voice) != nullptr;
  });
  const auto file_reader = stack.name == model::kConsole ? read_network : read_esx_conf;
  if (!configured && was_read(merge, file_reader) && !has_lease(merge.host.before, stack.name))
    merge.note(Severity::Note, "gateway-not-configured", used->at,
               fmt::format("the {}'s default gateway {} runs, but the configuration file does not set it", stack.name,
                           used->value));
}

bool is_storage(const Merge& merge, net::Ipv4Address address) {
  const auto text = to_string(address);
  for (const auto& file : merge.files) {
    for (const auto& mount : file.facts.nfs)
      if (mount.server && mount.server->value == text) return true;
    for (const auto& target : file.facts.iscsi_targets)
      if (target.value == address) return true;
  }
  return false;
}

/// Rows of a running table that no host boots with: link-local ones, and what may be a redirect.
bool is_dynamic(Merge& merge, model::Stack& stack, const RouteFact& route, Trust trust) {
  if (route.network.network().is_link_local()) {
    merge.note(Severity::Note, "route-link-local", route.at, fmt::format("the route to {} is dropped", route.network));
    return true;
  }
  const bool redirect = trust == Trust::Listing && route.stack == model::kVmkernel && route.network.length() == 32;
  if (!redirect) return false;
  stack.redirects.push_back({route.network, route.next_hop, route.device, {}, {}});
  merge.note(is_storage(merge, route.network.network()) ? Severity::Warning : Severity::Note, "route-redirect",
             route.at,
             fmt::format("the route to {} by {} is taken for an ICMP redirect (KB 344105) and dropped", route.network,
                         route.next_hop),
             "if it was set by hand, add it to the migrated host by hand");
  return true;
}

/// A next hop that differs from the configured one for the same network.
const model::Route* other_way(const model::Stack& stack, const RouteFact& route) {
  const model::Route* other = nullptr;
  for (const auto& known : stack.routes) {
    if (known.network != route.network) continue;
    if (known.next_hop == route.next_hop) return nullptr;
    if (other == nullptr) other = &known;
  }
  return other;
}

bool is_known(const model::Stack& stack, const RouteFact& route) {
  return std::any_of(stack.routes.begin(), stack.routes.end(), [&](const model::Route& known) {
    return known.network == route.network && known.next_hop == route.next_hop;
  });
}

void add_route(Merge& merge, model::Stack& stack, const RouteFact& fact) {
  model::Route route{fact.network, fact.next_hop, fact.device, "static", {}};
  route.origins.set("network", fact.at);
  route.origins.set("next_hop", fact.at);
  if (!fact.device.empty()) compare_device(merge, stack.name, fact.next_hop, {fact.device, fact.at}, "route device");
  stack.routes.push_back(std::move(route));
}

/// Routes of one network by several next hops are legal within a source; between sources they are a contradiction.
void merge_routes(Merge& merge, model::Stack& stack) {
  for (const auto& file : merge.files) {
    const auto trust = file.importer->trust;
    std::vector<const RouteFact*> fresh;
    for (const auto& route : file.facts.routes) {
      if (stack_name(merge, route.stack) != stack.name || route.network.length() == 0 || is_known(stack, route))
        continue;
      if (is_dynamic(merge, stack, route, trust)) continue;
      if (const auto* used = other_way(stack, route); used && trust != Trust::Configuration) {
        const auto subject = fmt::format("{} route to {}", stack.name, route.network);
        merge.contradict({"", subject, true}, {to_string(used->next_hop), *used->origins.find("next_hop")},
                         {to_string(route.next_hop), route.at});
        continue;
      }
      fresh.push_back(&route);
    }
    for (const auto* route : fresh)
      if (!is_known(stack, *route)) add_route(merge, stack, *route);
  }
  std::stable_sort(stack.routes.begin(), stack.routes.end(), [](const model::Route& a, const model::Route& b) {
    return a.network != b.network ? a.network < b.network : a.next_hop < b.next_hop;
  });
}

}  // namespace

void merge_stacks(Merge& merge) {
  auto& state = merge.host.before;
  std::vector<std::string_view> names;
  if (merge.host.classic()) names = {model::kConsole, model::kVmkernel};
  if (!merge.host.classic()) names = {model::kDefaultStack};
  const auto add = [&](std::string_view name) {
    name = stack_name(merge, name);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  for (const auto& interface : state.interfaces) add(interface.stack);
  for (const auto& file : merge.files) {
    for (const auto& gateway : file.facts.gateways) add(gateway.stack);
    for (const auto& route : file.facts.routes) add(route.stack);
  }
  for (const auto name : names) {
    model::Stack stack;
    stack.name = name;
    merge_gateway(merge, stack);
    merge_routes(merge, stack);
    state.stacks.push_back(std::move(stack));
  }
}

}  // namespace esx2esxi::intake
