// esxcli network ip route ipv4, esxcli network ip netstack
#include "grammar.hpp"

namespace emulator {

namespace {

constexpr const char* kDefault = "defaultTcpipStack";

struct Network {
  std::string address;
  std::string netmask;
};

/// "10.0.0.0/24"; host bits must be zero.
Network network_of(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = ipv4(text.substr(0, slash));
  const auto digits = slash == std::string::npos ? std::string() : text.substr(slash + 1);
  const bool number =
      !digits.empty() && digits.size() <= 2 && digits.find_first_not_of("0123456789") == std::string::npos;
  if (!address || !number || std::stoi(digits) < 1 || std::stoi(digits) > 32)
    throw Refused("Invalid data constraint for parameter 'network'.");
  const auto mask = ~std::uint32_t{0} << (32 - std::stoi(digits));
  if ((*address & ~mask) != 0) throw Refused("Invalid data constraint for parameter 'network'.");
  return {text_of(*address), text_of(mask)};
}

Json* route_in(Json& stack, const Network& network, const std::string& gateway) {
  for (auto& route : stack.at("routes"))
    if (route.at("network") == network.address && route.at("netmask") == network.netmask &&
        route.at("gateway") == gateway)
      return &route;
  return nullptr;
}

void route_add(Host& host, const Given& given, Output&) {
  const auto name = get(given, "netstack", kDefault);
  auto& stack = host.existing_stack(name);
  const auto gateway = get(given, "gateway");
  if (!ipv4(gateway)) throw Refused("Invalid data constraint for parameter 'gateway'.");
  const bool is_default = get(given, "network") == "default";
  const auto network = is_default ? Network{} : network_of(get(given, "network"));
  if (is_default && stack.at("gateway").is_string())
    throw Refused("Unable to add route: a default route already exists");
  if (!is_default && route_in(stack, network, gateway)) throw Refused("Unable to add route: Already exists");
  if (!host.carrier(name, gateway)) throw Refused("Unable to add route: network is unreachable via " + gateway);
  for (const auto& interface : host.state().at("interfaces"))
    if (interface.at("address") == gateway) throw Refused("Unable to add route: " + gateway + " is an own address");
  if (is_default)
    stack["gateway"] = gateway;
  else
    stack["routes"].push_back({{"network", network.address}, {"netmask", network.netmask}, {"gateway", gateway}});
}

void route_remove(Host& host, const Given& given, Output&) {
  auto& stack = host.existing_stack(get(given, "netstack", kDefault));
  const auto gateway = get(given, "gateway");
  if (get(given, "network") == "default") {
    if (stack.at("gateway") != gateway) throw Refused("Unable to remove route: Not found");
    stack["gateway"] = nullptr;
    return;
  }
  auto* route = route_in(stack, network_of(get(given, "network")), gateway);
  if (!route) throw Refused("Unable to remove route: Not found");
  drop(stack["routes"], route);
}

std::string carrier_name(Host& host, const std::string& stack, const std::string& gateway) {
  const auto* carrier = host.carrier(stack, gateway);
  return carrier ? carrier->at("name").get<std::string>() : "";
}

void route_list(Host& host, const Given& given, Output& out) {
  const auto name = get(given, "netstack", kDefault);
  const auto& stack = host.existing_stack(name);
  std::vector<Record> rows;
  const auto row = [&](const std::string& network, const std::string& mask, const std::string& gateway,
                       const std::string& nic) {
    rows.push_back(
        {{"Network", network}, {"Netmask", mask}, {"Gateway", gateway}, {"Interface", nic}, {"Source", "MANUAL"}});
  };
  if (stack.at("gateway").is_string())
    row("default", "0.0.0.0", stack.at("gateway"), carrier_name(host, name, stack.at("gateway")));
  for (const auto& i : host.state().at("interfaces")) {
    const auto address = ipv4(i.value("address", ""));
    const auto mask = ipv4(i.value("netmask", ""));
    if (i.at("stack") == name && i.at("enabled") && address && mask)
      row(text_of(*address & *mask), text_of(*mask), "0.0.0.0", i.at("name"));
  }
  for (const auto& r : stack.at("routes"))
    row(r.at("network"), r.at("netmask"), r.at("gateway"), carrier_name(host, name, r.at("gateway")));
  out.table(rows);
}

void stack_add(Host& host, const Given& given, Output&) {
  const auto name = get(given, "netstack");
  if (host.stack(name)) throw Refused("Netstack instance '" + name + "' is already found in kernel");
  if (host.release < 600 && (name == "vmotion" || name == "vSphereProvisioning"))
    throw Refused("Invalid data constraint for parameter 'netstack'.");
  host.state()["stacks"].push_back({{"name", name}, {"gateway", nullptr}, {"routes", Json::array()}});
}

void stack_remove(Host& host, const Given& given, Output&) {
  const auto name = get(given, "netstack");
  auto& stack = host.existing_stack(name);
  if (name == kDefault) throw Refused("Unable to remove the default netstack");
  for (const auto& interface : host.state().at("interfaces"))
    if (interface.at("stack") == name) throw Refused("Netstack instance " + name + " is in use: Busy");
  drop(host.state()["stacks"], &stack);
}

void stack_list(Host& host, const Given&, Output& out) {
  std::vector<Record> records;
  for (const auto& stack : host.state().at("stacks")) {
    const std::string name = stack.at("name");
    records.push_back({{"Key", name}, {"Name", name}, {"State", "4660"}});
  }
  out.records(records, true);
}

void stack_get(Host& host, const Given& given, Output& out) {
  const std::string name = host.existing_stack(get(given, "netstack")).at("name");
  out.records({{{"Key", name}, {"Name", name}, {"State", "4660"}}}, true);
}

}  // namespace

std::vector<Command> route_commands() {
  const Option gateway{"gateway", 'g', Kind::Text, true};
  const Option network{"network", 'n', Kind::Text, true};
  const Option on{"netstack", 'N', Kind::Text, false, 505};
  const Option name{"netstack", 'N', Kind::Text, true, 505};
  return {
      {"network ip route ipv4 add", 501, true, {gateway, network, on}, route_add},
      {"network ip route ipv4 remove", 501, true, {gateway, network, on}, route_remove},
      {"network ip route ipv4 list", 501, false, {on}, route_list},
      {"network ip netstack add", 505, true, {name, {"disabled", 0, Kind::Bool}}, stack_add},
      {"network ip netstack remove", 505, true, {name}, stack_remove},
      {"network ip netstack get", 505, false, {name}, stack_get},
      {"network ip netstack list", 505, false, {}, stack_list},
  };
}

}  // namespace emulator
