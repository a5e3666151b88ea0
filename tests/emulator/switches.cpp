// esxcli network vswitch standard
#include <algorithm>

#include "grammar.hpp"

namespace emulator {

namespace {

std::vector<std::string> items(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::vector<std::string> texts(const Json& list) { return list.get<std::vector<std::string>>(); }

Json& existing_switch(Host& host, const std::string& name) {
  auto* found = host.vswitch(name);
  if (!found) throw Refused("No such vswitch: " + name + ": Not found");
  return *found;
}

void portgroup_add(Host& host, const Given& given, Output&) {
  const auto name = get(given, "portgroup-name");
  if (name.empty()) throw Refused("Invalid data constraint for parameter 'portgroup-name'.");
  if (host.portgroup(name)) throw Refused("A portgroup with the name " + name + " already exists");
  auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  vswitch["portgroups"].push_back({{"name", name}, {"vlan", 0}, {"override", nullptr}});
}

void portgroup_remove(Host& host, const Given& given, Output&) {
  const auto name = get(given, "portgroup-name");
  auto& group = host.existing_portgroup(name);
  auto* vswitch = host.vswitch_of(name);
  if (vswitch->at("name") != get(given, "vswitch-name")) throw Refused("Sysinfo error: Not found");
  if (host.user_of(name)) throw Refused("Portgroup " + name + " is in use: Sysinfo error: Busy");
  drop((*vswitch)["portgroups"], &group);
}

void refuse_if_bound(Host& host, const std::string& portgroup) {
  const auto* user = host.user_of(portgroup);
  if (user && host.binding(user->at("name")))
    throw Refused("VMkernel nic " + user->at("name").get<std::string>() + " on it is in use by iSCSI: Busy");
}

void portgroup_set(Host& host, const Given& given, Output&) {
  auto& group = host.existing_portgroup(get(given, "portgroup-name"));
  if (!given.count("vlan-id")) return;
  const auto vlan = std::stoi(get(given, "vlan-id"));
  if (vlan > 4095) throw Refused("Invalid data constraint for parameter 'vlan-id'.");
  refuse_if_bound(host, get(given, "portgroup-name"));
  group["vlan"] = vlan;
}

void portgroup_list(Host& host, const Given&, Output& out) {
  std::vector<Record> rows;
  for (const auto& vswitch : host.state().at("switches"))
    for (const auto& group : vswitch.at("portgroups")) {
      const std::string name = group.at("name");
      rows.push_back({{"Name", name},
                      {"Virtual Switch", vswitch.at("name").get<std::string>()},
                      {"Active Clients", host.user_of(name) ? "1" : "0"},
                      {"VLAN ID", std::to_string(group.at("vlan").get<int>())}});
    }
  std::sort(rows.begin(), rows.end(),
            [](const Record& a, const Record& b) { return a[0].second.texts < b[0].second.texts; });
  out.table(rows);
}

void failover_set(Host& host, const Given& given, Output&) {
  const auto name = get(given, "portgroup-name");
  auto& group = host.existing_portgroup(name);
  const auto* vswitch = host.vswitch_of(name);
  refuse_if_bound(host, name);
  if (given.count("use-vswitch")) group["override"] = nullptr;
  if (!given.count("active-uplinks") && !given.count("standby-uplinks")) return;
  auto now = host.uplinks_of(name);
  if (given.count("active-uplinks")) now["active"] = items(get(given, "active-uplinks"));
  if (given.count("standby-uplinks")) now["standby"] = items(get(given, "standby-uplinks"));
  // -a alone takes the other uplinks out of use, but leaves standby ones where they were.
  for (const char* list : {"active", "standby"})
    for (const auto& uplink : now.at(list))
      if (!has(vswitch->at("uplinks"), uplink)) throw Refused("Not a valid pnic: " + uplink.get<std::string>());
  for (const auto& uplink : now.at("active"))
    if (has(now.at("standby"), uplink)) throw Refused("Uplink " + uplink.get<std::string>() + " is active and standby");
  if (now.at("active").empty()) throw Refused("This emulator takes no port group without an active uplink");
  group["override"] = now;
}

void failover_get(Host& host, const Given& given, Output& out) {
  const auto name = get(given, "portgroup-name");
  const auto& group = host.existing_portgroup(name);
  const auto now = host.uplinks_of(name);
  std::vector<std::string> unused;
  for (const auto& uplink : host.vswitch_of(name)->at("uplinks"))
    if (!has(now.at("active"), uplink) && !has(now.at("standby"), uplink)) unused.push_back(uplink);
  out.records({{{"Load Balancing", "srcport"},
                {"Network Failure Detection", "link"},
                {"Notify Switches", "true"},
                {"Failback", "true"},
                {"Active Adapters", Cell(texts(now.at("active")))},
                {"Standby Adapters", Cell(texts(now.at("standby")))},
                {"Unused Adapters", Cell(unused)},
                {"Override Vswitch Load Balancing", "false"},
                {"Override Vswitch Network Failure Detection", "false"},
                {"Override Vswitch Notify Switches", "false"},
                {"Override Vswitch Failback", "false"},
                {"Override Vswitch Uplinks", group.at("override").is_null() ? "false" : "true"}}},
              false);
}

void switch_add(Host& host, const Given& given, Output&) {
  const auto name = get(given, "vswitch-name");
  if (host.vswitch(name)) throw Refused("A portset with this name already exists");
  host.state()["switches"].push_back({{"name", name},
                                      {"mtu", 1500},
                                      {"uplinks", Json::array()},
                                      {"active", Json::array()},
                                      {"standby", Json::array()},
                                      {"portgroups", Json::array()}});
}

void switch_remove(Host& host, const Given& given, Output&) {
  auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  for (const auto& group : vswitch.at("portgroups"))
    if (host.user_of(group.at("name"))) throw Refused("vSwitch is in use: Sysinfo error: Busy");
  drop(host.state()["switches"], &vswitch);
}

void switch_set(Host& host, const Given& given, Output&) {
  auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  if (given.count("mtu")) vswitch["mtu"] = std::stoi(get(given, "mtu"));
}

void uplink_add(Host& host, const Given& given, Output&) {
  const auto nic = get(given, "uplink-name");
  if (nic.rfind("vmnic", 0) != 0 && nic.rfind("vusb", 0) != 0) throw Refused("Not a valid pnic: " + nic);
  for (const auto& other : host.state().at("switches"))
    if (has(other.at("uplinks"), nic)) throw Refused("Uplink already exists: " + nic);
  auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  vswitch["uplinks"].push_back(nic);
  vswitch["active"].push_back(nic);
}

void uplink_remove(Host& host, const Given& given, Output&) {
  const auto nic = get(given, "uplink-name");
  auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  if (!has(vswitch.at("uplinks"), nic)) throw Refused("No such uplink: " + nic);
  for (const char* list : {"uplinks", "active", "standby"}) {
    auto& all = vswitch[list];
    all.erase(std::remove(all.begin(), all.end(), Json(nic)), all.end());
  }
}

void switch_failover_set(Host& host, const Given& given, Output&) {
  auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  if (given.count("active-uplinks")) vswitch["active"] = items(get(given, "active-uplinks"));
  if (given.count("standby-uplinks")) vswitch["standby"] = items(get(given, "standby-uplinks"));
  for (const char* list : {"active", "standby"})
    for (const auto& nic : vswitch.at(list))
      if (!has(vswitch.at("uplinks"), nic)) throw Refused("Not a valid pnic: " + nic.get<std::string>());
}

void switch_failover_get(Host& host, const Given& given, Output& out) {
  const auto& vswitch = existing_switch(host, get(given, "vswitch-name"));
  out.records({{{"Load Balancing", "srcport"},
                {"Active Adapters", Cell(texts(vswitch.at("active")))},
                {"Standby Adapters", Cell(texts(vswitch.at("standby")))}}},
              false);
}

void switch_list(Host& host, const Given& given, Output& out) {
  std::vector<Record> records;
  for (const auto& s : host.state().at("switches")) {
    if (given.count("vswitch-name") && s.at("name") != get(given, "vswitch-name")) continue;
    std::vector<std::string> groups;
    for (const auto& group : s.at("portgroups")) groups.push_back(group.at("name"));
    records.push_back({{"Name", s.at("name").get<std::string>()},
                       {"Class", host.release < 605 ? "etherswitch" : "cswitch"},
                       {"Num Ports", "7680"},
                       {"Used Ports", "7"},
                       {"Configured Ports", "128"},
                       {"MTU", std::to_string(s.at("mtu").get<int>())},
                       {"CDP Status", "listen"},
                       {"Uplinks", Cell(texts(s.at("uplinks")))},
                       {"Portgroups", Cell(groups)}});
  }
  out.records(records, true);
}

}  // namespace

std::vector<Command> switch_commands() {
  const Option group{"portgroup-name", 'p', Kind::Text, true};
  const Option vswitch{"vswitch-name", 'v', Kind::Text, true};
  const std::string below = "network vswitch standard ";
  return {
      {below + "list", 500, false, {{"vswitch-name", 'v'}}, switch_list},
      {below + "add", 500, true, {vswitch, {"ports", 'P', Kind::Number}}, switch_add},
      {below + "remove", 500, true, {vswitch}, switch_remove},
      {below + "set", 500, true, {vswitch, {"mtu", 'm', Kind::Number}, {"cdp-status", 'c'}}, switch_set},
      {below + "uplink add", 500, true, {{"uplink-name", 'u', Kind::Text, true}, vswitch}, uplink_add},
      {below + "uplink remove", 500, true, {{"uplink-name", 'u', Kind::Text, true}, vswitch}, uplink_remove},
      {below + "policy failover set",
       500,
       true,
       {vswitch, {"active-uplinks", 'a'}, {"standby-uplinks", 's'}},
       switch_failover_set},
      {below + "policy failover get", 500, false, {vswitch}, switch_failover_get},
      {below + "portgroup add", 500, true, {group, vswitch}, portgroup_add},
      {below + "portgroup remove", 500, true, {group, vswitch}, portgroup_remove},
      {below + "portgroup set", 500, true, {group, {"vlan-id", 'v', Kind::Number}}, portgroup_set},
      {below + "portgroup list", 500, false, {}, portgroup_list},
      {below + "portgroup policy failover set",
       500,
       true,
       {group,
        {"active-uplinks", 'a'},
        {"standby-uplinks", 's'},
        {"failback", 'b', Kind::Bool},
        {"failure-detection", 'f'},
        {"load-balancing", 'l'},
        {"notify-switches", 'n', Kind::Bool},
        {"use-vswitch", 'u', Kind::Flag}},
       failover_set},
      {below + "portgroup policy failover get", 500, false, {group}, failover_get},
  };
}

}  // namespace emulator
