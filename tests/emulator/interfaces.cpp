// esxcli network ip interface
#include <algorithm>
#include <set>

#include "grammar.hpp"

namespace emulator {

namespace {

constexpr const char* kDefault = "defaultTcpipStack";

std::string mac_for(Host& host) {
  for (int n = 1;; ++n) {
    char text[18];
    std::snprintf(text, sizeof text, "00:50:56:6e:%02x:%02x", n / 256 % 256, n % 256);
    const auto& all = host.state().at("interfaces");
    if (std::none_of(all.begin(), all.end(), [&](const Json& i) { return i.at("mac") == text; })) return text;
  }
}

bool is_mac(const std::string& text) {
  if (text.size() != 17) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (i % 3 == 2 ? text[i] != ':' : !std::isxdigit(static_cast<unsigned char>(text[i]))) return false;
  return true;
}

bool is_vmk(const std::string& name) {
  if (name.rfind("vmk", 0) != 0 || name.size() < 4 || name.size() > 5) return false;
  return name.find_first_not_of("0123456789", 3) == std::string::npos;
}

void check_new(Host& host, const std::string& name, const Given& given) {
  if (!is_vmk(name)) throw Refused("Invalid data constraint for parameter 'interface-name'.");
  if (host.interface(name)) throw Refused("Unable to add VMKernel nic " + name + ": Already exists");
  const auto group = get(given, "portgroup-name");
  if (group.empty()) throw Refused("Error: Missing required parameter -p|--portgroup-name");
  if (!host.portgroup(group))
    throw Refused(
        "Unable to complete Sysinfo operation.  Please see the VMkernel log file for more details.: Sysinfo "
        "error: Not foundSee VMkernel log for details.");
  if (host.user_of(group)) throw Refused("A vmkernel nic for the connection point already exists: " + group);
  host.existing_stack(get(given, "netstack", kDefault));
  const auto mac = get(given, "mac-address");
  if (given.count("mac-address") && !is_mac(mac)) throw Refused("Invalid data constraint for parameter 'mac-address'.");
  for (const auto& other : host.state().at("interfaces"))
    if (!mac.empty() && other.at("mac") == mac) throw Refused("MAC address " + mac + " is in use: Already exists");
}

void add(Host& host, const Given& given, Output&) {
  const auto name = get(given, "interface-name");
  check_new(host, name, given);
  Json added;
  added["name"] = name;
  added["mac"] = get(given, "mac-address", mac_for(host));
  added["enabled"] = true;
  added["portgroup"] = get(given, "portgroup-name");
  added["dvport"] = nullptr;
  added["stack"] = get(given, "netstack", kDefault);
  added["type"] = "none";
  for (const char* empty : {"address", "netmask", "gateway"}) added[empty] = "";
  added["mtu"] = std::stoi(get(given, "mtu", "1500"));
  added["tags"] = Json::array();
  host.state()["interfaces"].push_back(added);
  auto& all = host.state()["interfaces"];
  std::sort(all.begin(), all.end(), [](const Json& a, const Json& b) {
    return std::stoi(a.at("name").get<std::string>().substr(3)) < std::stoi(b.at("name").get<std::string>().substr(3));
  });
}

void refuse_if_bound(Host& host, const std::string& name) {
  if (host.binding(name)) throw Refused("VMkernel nic " + name + " is in use by iSCSI: Busy");
}

/// A default route that no interface reaches any more is gone; a static route left behind fails at the next boot.
void forget_routes(Host& host, const std::string& stack) {
  auto& table = host.existing_stack(stack);
  if (table.at("gateway").is_string() && !host.carrier(stack, table.at("gateway"))) table["gateway"] = nullptr;
}

/// A forgetful host takes any interface that reaches the default gateway for the one that owns the route (section 19 of
/// the command reference, fact 19).
void lose_gateway(Host& host, const Json& interface) {
  auto& gateway = host.existing_stack(interface.at("stack"))["gateway"];
  const auto hop = gateway.is_string() ? ipv4(gateway) : std::nullopt;
  const auto own = ipv4(interface.value("address", ""));
  const auto mask = ipv4(interface.value("netmask", ""));
  if (hop && own && mask && in_network(*hop, *own, *mask)) gateway = nullptr;
}

void remove(Host& host, const Given& given, Output&) {
  auto* interface = given.count("interface-name") ? &host.existing_interface(get(given, "interface-name"))
                                                  : host.user_of(get(given, "portgroup-name"));
  if (!interface) throw Refused("Not found");
  refuse_if_bound(host, interface->at("name"));
  const std::string stack = interface->at("stack");
  if (host.forgetful) lose_gateway(host, *interface);
  drop(host.state()["interfaces"], interface);
  forget_routes(host, stack);
}

void set(Host& host, const Given& given, Output&) {
  auto& interface = host.existing_interface(get(given, "interface-name"));
  refuse_if_bound(host, interface.at("name"));
  if (given.count("mtu")) {
    const auto mtu = std::stoi(get(given, "mtu"));
    if (mtu < 1280 || mtu > 9000) throw Refused("Invalid data constraint for parameter 'mtu'.");
    interface["mtu"] = mtu;
  }
  if (given.count("enabled")) {
    if (host.forgetful && !given_true(given, "enabled")) lose_gateway(host, interface);
    interface["enabled"] = given_true(given, "enabled");
  }
  if (host.forgetful) forget_routes(host, interface.at("stack"));
}

std::vector<Json> in_stack(Host& host, const Given& given) {
  const auto stack = get(given, "netstack", kDefault);
  if (host.release >= 505) host.existing_stack(stack);
  std::vector<Json> out;
  for (const auto& interface : host.state().at("interfaces"))
    if (host.release < 505 || interface.at("stack") == stack) out.push_back(interface);
  return out;
}

void list(Host& host, const Given& given, Output& out) {
  std::vector<Record> records;
  for (const auto& i : in_stack(host, given)) {
    const auto group = i.value("portgroup", "");
    auto* vswitch = host.vswitch_of(group);
    Record record{{"Name", i.at("name").get<std::string>()},
                  {"MAC Address", i.at("mac").get<std::string>()},
                  {"Enabled", i.at("enabled").get<bool>() ? "true" : "false"},
                  {"Portset", vswitch ? vswitch->at("name").get<std::string>() : "DvsPortset-0"},
                  {"Portgroup", group.empty() ? "N/A" : group}};
    if (host.release >= 505) record.emplace_back("Netstack Instance", i.at("stack").get<std::string>());
    record.emplace_back("VDS Name", group.empty() ? "dvSwitch" : "N/A");
    record.emplace_back("VDS UUID", "N/A");
    record.emplace_back("VDS Port", i.at("dvport").is_string() ? i.at("dvport").get<std::string>() : "N/A");
    record.emplace_back("VDS Connection", "-1");
    record.emplace_back("MTU", std::to_string(i.at("mtu").get<int>()));
    record.emplace_back("TSO MSS", "65535");
    record.emplace_back("Port ID", "33554436");
    records.push_back(std::move(record));
  }
  out.records(records, true);
}

bool contiguous(std::uint32_t mask) { return mask != 0 && ((~mask & (~mask + 1)) == 0); }

void check_static(Host& host, const Json& interface, const std::string& address, const std::string& mask) {
  const auto bits = ipv4(address);
  const auto netmask = ipv4(mask);
  if (!bits || *bits == 0) throw Refused("Invalid data constraint for parameter 'ipv4'.");
  if (!netmask || !contiguous(*netmask)) throw Refused("Invalid data constraint for parameter 'netmask'.");
  for (const auto& other : host.state().at("interfaces"))
    if (other.at("name") != interface.at("name") && other.at("type") == "static" && other.at("address") == address)
      throw Refused("The address " + address + " is in use by " + other.at("name").get<std::string>());
}

void ipv4_set(Host& host, const Given& given, Output&) {
  auto& interface = host.existing_interface(get(given, "interface-name"));
  const auto type = get(given, "type");
  if (type != "static" && type != "dhcp" && type != "none")
    throw Refused("Invalid data constraint for parameter 'type'.");
  if (type != "static" && (given.count("ipv4") || given.count("netmask")))
    throw Refused("Invalid data constraint for parameter 'ipv4'.");
  refuse_if_bound(host, interface.at("name"));
  if (type == "static") check_static(host, interface, get(given, "ipv4"), get(given, "netmask"));
  if (host.forgetful) lose_gateway(host, interface);
  interface["type"] = type;
  interface["address"] = get(given, "ipv4");
  interface["netmask"] = get(given, "netmask");
  if (given.count("gateway")) {
    if (!ipv4(get(given, "gateway"))) throw Refused("Invalid data constraint for parameter 'gateway'.");
    interface["gateway"] = get(given, "gateway");
  } else if (host.forgetful || type != "static") {
    interface["gateway"] = "";
  }
  forget_routes(host, interface.at("stack"));
}

/// The Gateway column shows the interface's own gateway or, if it has none, the stack's where the interface reaches it.
std::string gateway_column(Host& host, const Json& i) {
  if (!i.at("gateway").get<std::string>().empty()) return i.at("gateway");
  const auto& table = host.existing_stack(i.at("stack"));
  if (!table.at("gateway").is_string()) return "0.0.0.0";
  const auto* carrier = host.carrier(i.at("stack"), table.at("gateway"));
  return carrier && carrier->at("name") == i.at("name") ? table.at("gateway").get<std::string>() : "0.0.0.0";
}

void ipv4_get(Host& host, const Given& given, Output& out) {
  if (given.count("interface-name")) host.existing_interface(get(given, "interface-name"));
  if (given.count("netstack") && host.unfiltered) throw Refused("Error: Invalid option --netstack");
  std::vector<Record> rows;
  const bool one = given.count("interface-name") && !given.count("netstack");
  for (const auto& i : one ? host.state().at("interfaces").get<std::vector<Json>>() : in_stack(host, given)) {
    if (given.count("interface-name") && i.at("name") != get(given, "interface-name")) continue;
    std::string type = i.at("type");
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::toupper(c); });
    const auto address = ipv4(i.value("address", ""));
    const auto mask = ipv4(i.value("netmask", ""));
    Record row{{"Name", i.at("name").get<std::string>()},
               {"IPv4 Address", text_of(address.value_or(0))},
               {"IPv4 Netmask", text_of(mask.value_or(0))},
               {"IPv4 Broadcast", text_of(address && mask ? (*address | ~*mask) : 0)},
               {"Address Type", type}};
    if (host.release >= 605) row.emplace_back("Gateway", gateway_column(host, i));
    row.emplace_back("DHCP DNS", "false");
    rows.push_back(std::move(row));
  }
  out.table(rows);
}

Release tag_since(const std::string& tag) {
  static const std::map<std::string, Release> known{{"Management", 501},
                                                    {"VMotion", 501},
                                                    {"faultToleranceLogging", 501},
                                                    {"vSphereReplication", 501},
                                                    {"VSAN", 505},
                                                    {"vSphereReplicationNFC", 600},
                                                    {"vSphereProvisioning", 600},
                                                    {"VSANWitness", 605},
                                                    {"vSphereBackupNFC", 700},
                                                    {"PTP", 700},
                                                    {"NVMeTCP", 703},
                                                    {"NVMeRDMA", 703}};
  const auto it = known.find(tag);
  return it == known.end() ? 9999 : it->second;
}

void tag_add(Host& host, const Given& given, Output&) {
  auto& interface = host.existing_interface(get(given, "interface-name"));
  const auto tag = get(given, "tagname");
  if (tag_since(tag) > host.release) throw Refused("Invalid tag " + tag);
  if (interface.at("stack") != kDefault) throw Refused("Tag " + tag + " is for the default netstack only");
  if (has(interface.at("tags"), tag)) throw Refused("Vmknic is already tagged with " + tag);
  interface["tags"].push_back(tag);
  std::sort(interface["tags"].begin(), interface["tags"].end());
}

void tag_remove(Host& host, const Given& given, Output&) {
  auto& interface = host.existing_interface(get(given, "interface-name"));
  const auto tag = get(given, "tagname");
  auto& tags = interface["tags"];
  if (!has(tags, tag))
    throw Refused("Error removing tag " + tag + " from interface " + get(given, "interface-name") +
                  ": Vmknic is not tagged with " + tag);
  tags.erase(std::find(tags.begin(), tags.end(), tag));
}

void tag_get(Host& host, const Given& given, Output& out) {
  const auto& interface = host.existing_interface(get(given, "interface-name"));
  out.records({{{"Tags", Cell(interface.at("tags").get<std::vector<std::string>>())}}}, false);
}

}  // namespace

std::vector<Command> interface_commands() {
  const Option name{"interface-name", 'i', Kind::Text, true};
  const Option filter{"netstack", 'N', Kind::Text, false, 505};
  return {
      {"network ip interface add",
       500,
       true,
       {{"interface-name", 'i'},
        {"portgroup-name", 'p'},
        {"mtu", 'm', Kind::Number},
        {"mac-address", 'M'},
        {"netstack", 'N', Kind::Text, false, 505},
        {"dvs-name", 's', Kind::Text, false, 501},
        {"dvport-id", 'P', Kind::Text, false, 501}},
       add},
      {"network ip interface remove",
       500,
       true,
       {{"interface-name", 'i'}, {"portgroup-name", 'p', Kind::Text, false, 501}},
       remove},
      {"network ip interface set", 500, true, {name, {"enabled", 'e', Kind::Bool}, {"mtu", 'm', Kind::Number}}, set},
      {"network ip interface list", 500, false, {filter}, list},
      {"network ip interface ipv4 set",
       500,
       true,
       {name,
        {"type", 't', Kind::Text, true},
        {"ipv4", 'I'},
        {"netmask", 'N'},
        {"peer-dns", 'P', Kind::Bool},
        {"gateway", 'g', Kind::Text, false, 605}},
       ipv4_set},
      {"network ip interface ipv4 get", 500, false, {{"interface-name", 'i'}, filter}, ipv4_get},
      {"network ip interface tag add", 501, true, {name, {"tagname", 't', Kind::Text, true}}, tag_add},
      {"network ip interface tag remove", 501, true, {name, {"tagname", 't', Kind::Text, true}}, tag_remove},
      {"network ip interface tag get", 501, false, {name}, tag_get},
  };
}

}  // namespace emulator
