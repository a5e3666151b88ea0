// host_state make PLAN.json HOST mapped|after VERSION     an emulated host in that state
// host_state make PLAN.json HOST before VERSION           the classic host
// host_state compare PLAN.json HOST mapped|after STATE    what differs; exit 1 if something does
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "host.hpp"
#include "ping.hpp"

namespace {

using emulator::Json;

const std::map<std::string, std::string> kTags{{"management", "Management"},
                                               {"vmotion", "VMotion"},
                                               {"faultToleranceLogging", "faultToleranceLogging"},
                                               {"vSphereReplication", "vSphereReplication"},
                                               {"vSphereReplicationNFC", "vSphereReplicationNFC"},
                                               {"vSphereProvisioning", "vSphereProvisioning"},
                                               {"vsan", "VSAN"},
                                               {"vsanWitness", "VSANWitness"},
                                               {"vSphereBackupNFC", "vSphereBackupNFC"}};

Json read(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  return Json::parse(in);
}

const Json& host_in(const Json& plan, const std::string& name) {
  for (const auto& host : plan.at("hosts"))
    if (host.at("name") == name) return host;
  throw std::runtime_error("no host " + name + " in the plan");
}

std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string(); }

std::vector<std::string> sorted_tags(const Json& interface) {
  std::vector<std::string> out;
  if (interface.at("stack") != "defaultTcpipStack") return out;
  for (const auto& service : interface.at("services"))
    if (kTags.count(service)) out.push_back(kTags.at(service));
  std::sort(out.begin(), out.end());
  return out;
}

std::string netmask(const Json& interface) {
  if (interface.contains("netmask") && interface.at("netmask").is_string()) return interface.at("netmask");
  if (!interface.at("prefix").is_number()) return {};
  const auto length = interface.at("prefix").get<int>();
  return emulator::text_of(length == 0 ? 0 : ~std::uint32_t{0} << (32 - length));
}

std::string mask_of(const Json& route) {
  const auto length = route.at("prefix").get<int>();
  return emulator::text_of(length == 0 ? 0 : ~std::uint32_t{0} << (32 - length));
}

Json interface_from(const Json& i, std::size_t n) {
  const bool dhcp = i.at("dhcp");
  const bool addressed = !dhcp && i.at("address").is_string();
  char mac[18];
  std::snprintf(mac, sizeof mac, "00:50:56:60:%02x:%02x", static_cast<unsigned>(n / 256 % 256),
                static_cast<unsigned>(n % 256));
  Json out;
  out["name"] = i.at("name");
  out["mac"] = i.at("mac").is_string() ? i.at("mac") : Json(mac);
  out["enabled"] = i.at("enabled");
  out["portgroup"] = text(i.at("portgroup"));
  out["dvport"] = i.at("dvport");
  out["stack"] = i.at("stack");
  out["type"] = dhcp ? "dhcp" : addressed ? "static" : "none";
  out["address"] = text(i.at("address"));
  out["netmask"] = out.at("address") == "" ? std::string() : netmask(i);
  out["gateway"] = text(i.at("gateway_override"));
  out["mtu"] = i.at("mtu").is_number() ? i.at("mtu") : Json(1500);
  out["tags"] = sorted_tags(i);
  return out;
}

Json stacks_from(const Json& state) {
  Json out = Json::array();
  std::set<std::string> seen;
  for (const auto& stack : state.at("stacks")) {
    Json routes = Json::array();
    for (const auto& r : stack.at("routes"))
      routes.push_back({{"network", r.at("network")}, {"netmask", mask_of(r)}, {"gateway", r.at("next_hop")}});
    out.push_back({{"name", stack.at("name")}, {"gateway", stack.at("gateway")}, {"routes", routes}});
    seen.insert(stack.at("name"));
  }
  for (const auto& interface : state.at("interfaces"))
    if (seen.insert(interface.at("stack")).second)
      out.push_back({{"name", interface.at("stack")}, {"gateway", nullptr}, {"routes", Json::array()}});
  return out;
}

Json switches_from(const Json& state) {
  Json out = Json::array();
  for (const auto& s : state.at("switches")) {
    Json groups = Json::array();
    for (const auto& group : s.at("portgroups"))
      groups.push_back({{"name", group.at("name")},
                        {"vlan", group.at("vlan").is_number() ? group.at("vlan") : Json(0)},
                        {"override", group.at("override")}});
    out.push_back({{"name", s.at("name")},
                   {"mtu", s.at("mtu").is_number() ? s.at("mtu") : Json(1500)},
                   {"uplinks", s.at("uplinks")},
                   {"active", s.at("teaming").at("active")},
                   {"standby", s.at("teaming").at("standby")},
                   {"portgroups", groups}});
  }
  return out;
}

/// The adapter's name; a host knows its adapter's number even where the inputs do not.
std::string adapter_name(const Json& state, const std::string& name) {
  if (name != "vmhba?") return name;
  for (const auto& adapter : state.at("iscsi").at("adapters"))
    if (adapter != "vmhba?") return adapter;
  for (const auto& i : state.at("interfaces"))
    if (!text(i.at("bound_to")).empty() && i.at("bound_to") != "vmhba?") return i.at("bound_to");
  return "vmhba64";
}

void add_iscsi(Json& out, const Json& state) {
  std::set<std::string> adapters;
  out["bindings"] = Json::array();
  for (const auto& i : state.at("interfaces")) {
    if (text(i.at("bound_to")).empty()) continue;
    const auto adapter = adapter_name(state, i.at("bound_to"));
    out["bindings"].push_back({{"adapter", adapter}, {"nic", i.at("name")}});
    adapters.insert(adapter);
  }
  for (const auto& adapter : state.at("iscsi").at("adapters")) adapters.insert(adapter_name(state, adapter));
  out["adapters"] = Json::array();
  for (const auto& adapter : adapters) out["adapters"].push_back({{"name", adapter}, {"driver", "iscsi_vmk"}});
  out["targets"] = Json::array();
  for (const auto& target : state.at("iscsi").at("targets"))
    out["targets"].push_back({{"adapter", adapter_name(state, "vmhba?")}, {"address", target}});
  out["sessions"] = false;
}

/// Who answers: gateways, next hops and servers of all states, and all that the plan says the host has to reach.
Json alive(const Json& host, bool classic) {
  std::set<std::string> out;
  const std::vector<const char*> states =
      classic ? std::vector<const char*>{"before"} : std::vector<const char*>{"mapped", "after"};
  for (const char* which : states) {
    const auto& state = host.at(which);
    for (const auto& stack : state.at("stacks")) {
      out.insert(text(stack.at("gateway")));
      for (const auto& route : stack.at("routes")) out.insert(text(route.at("next_hop")));
    }
    for (const auto& i : state.at("interfaces")) out.insert(text(i.at("gateway_override")));
    for (const auto& mount : state.at("nfs")) out.insert(text(mount.at("server")));
    for (const auto& target : state.at("iscsi").at("targets")) out.insert(text(target));
  }
  for (const auto& destination : host.at("destinations")) out.insert(text(destination.at("address")));
  Json list = Json::array();
  for (const auto& address : out)
    if (emulator::ipv4(address)) list.push_back(address);
  return list;
}

Json made(const Json& host, const std::string& which, const std::string& version) {
  const auto& state = host.at(which);
  const bool classic = which == "before";
  Json out;
  if (classic) out["product"] = "ESX";
  out["version"] = version + ".0";
  out["host"] = text(state.at("dns").at("host")).empty() ? host.at("name") : state.at("dns").at("host");
  out["domain"] = text(state.at("dns").at("domain"));
  out["dns"] = {{"servers", state.at("dns").at("servers")}, {"search", state.at("dns").at("search")}};
  out["uuid"] = host.at("uuid").is_string() ? host.at("uuid") : Json("00000000-0000-0000-0000-000000000000");
  out["maintenance"] = false;
  out["interfaces"] = Json::array();
  for (const auto& i : state.at("interfaces")) out["interfaces"].push_back(interface_from(i, out["interfaces"].size()));
  out["stacks"] = stacks_from(state);
  out["switches"] = switches_from(state);
  add_iscsi(out, state);
  out["volumes"] = Json::array();
  for (const auto& v : state.at("nfs"))
    out["volumes"].push_back({{"label", v.at("label")},
                              {"host", v.at("server")},
                              {"share", v.at("share")},
                              {"read_only", v.at("read_only")}});
  out["alive"] = alive(host, classic);
  return out;
}

/// A route or gateway whose next hop is on no network carries nothing: the host need not have it, nor a volume there.
void forget_dead_routes(Json& state) {
  emulator::Host host(state);
  for (auto& stack : state.at("stacks")) {
    const std::string name = stack.at("name");
    if (stack.at("gateway").is_string() && !host.carrier(name, stack.at("gateway"))) stack["gateway"] = nullptr;
    Json alive = Json::array();
    for (const auto& route : stack.at("routes"))
      if (host.carrier(name, route.at("gateway"))) alive.push_back(route);
    std::sort(alive.begin(), alive.end());
    stack["routes"] = alive;
  }
  Json volumes = Json::array();
  for (const auto& volume : state.at("volumes"))
    if (!emulator::ipv4(volume.at("host")) || emulator::egress(host, host.kernel(), volume.at("host")))
      volumes.push_back(volume);
  state["volumes"] = volumes;
}

/// What no plan says: values that the host gave itself, the order of lists, empty stacks.
Json comparable(Json state, const Json& wanted_host) {
  forget_dead_routes(state);
  for (auto& i : state.at("interfaces")) {
    i.erase("mac");
    if (i.at("type") == "dhcp") i["address"] = i["netmask"] = "";
    if (i.at("stack") != "defaultTcpipStack") i["tags"] = Json::array();
    for (const auto& w : wanted_host.at("interfaces"))
      if (w.at("name") == i.at("name") && !w.at("mtu").is_number()) i.erase("mtu");
  }
  Json stacks = Json::object();
  for (const auto& stack : state.at("stacks"))
    if (!stack.at("gateway").is_null() || !stack.at("routes").empty()) stacks[text(stack.at("name"))] = stack;
  state["stacks"] = stacks;
  for (const char* list : {"interfaces", "switches", "bindings", "volumes"})
    std::sort(state.at(list).begin(), state.at(list).end());
  for (auto& s : state.at("switches")) std::sort(s.at("portgroups").begin(), s.at("portgroups").end());
  for (const char* own :
       {"version", "host", "domain", "uuid", "adapters", "dns", "sleeping", "targets", "sessions", "alive"})
    state.erase(own);
  return state;
}

/// Before ESXi 5.1 no word takes a default gateway away: where the wanted one reaches nothing, the former one stays.
void keep_former_gateways(const Json& wanted, Json& found) {
  const auto version = text(found.at("version"));
  if (version.rfind("4.1", 0) != 0 && version.rfind("5.0", 0) != 0) return;
  emulator::Host host(wanted);
  for (auto& stack : found.at("stacks")) {
    const auto* planned = host.stack(stack.at("name"));
    if (planned && planned->at("gateway").is_string() && !host.carrier(stack.at("name"), planned->at("gateway")))
      stack["gateway"] = nullptr;
  }
}

int compare(const Json& host, const std::string& which, Json found) {
  const auto start = made(host, which, "8.0");
  keep_former_gateways(start, found);
  const auto wanted = comparable(start, host.at(which));
  const auto patch = nlohmann::json::diff(nlohmann::json(wanted), nlohmann::json(comparable(found, host.at(which))));
  for (const auto& change : patch) std::cout << change.dump() << "\n";
  return patch.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() != 5 || (arguments[3] != "mapped" && arguments[3] != "after" && arguments[3] != "before")) {
    std::cerr
        << "usage: host_state make PLAN.json HOST mapped|after VERSION | compare PLAN.json HOST mapped|after STATE\n";
    return 2;
  }
  try {
    const auto plan = read(arguments[1]);
    const auto& host = host_in(plan, arguments[2]);
    if (arguments[0] == "compare") return compare(host, arguments[3], read(arguments[4]));
    std::cout << made(host, arguments[3], arguments[4]).dump(1) << "\n";
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "host_state: " << error.what() << "\n";
    return 70;
  }
}
