// esxcli iscsi, esxcli storage nfs
#include "grammar.hpp"
#include "ping.hpp"

namespace emulator {

namespace {

void adapter_list(Host& host, const Given& given, Output& out) {
  std::vector<Record> rows;
  for (const auto& adapter : host.state().at("adapters")) {
    const std::string name = adapter.at("name");
    if (given.count("adapter") && name != get(given, "adapter")) continue;
    rows.push_back({{"Adapter", name},
                    {"Driver", adapter.at("driver").get<std::string>()},
                    {"State", "online"},
                    {"UID", "iscsi." + name},
                    {"Description", "iSCSI Software Adapter"}});
  }
  out.table(rows);
}

/// Exactly one active uplink and no standby one, on the default stack, with an address.
bool compliant(Host& host, const Json& interface) {
  const auto group = interface.value("portgroup", "");
  if (interface.at("stack") != "defaultTcpipStack" || interface.at("type") == "none" || !host.portgroup(group))
    return false;
  const auto uplinks = host.uplinks_of(group);
  return uplinks.at("active").size() == 1 && uplinks.at("standby").empty();
}

void portal_add(Host& host, const Given& given, Output&) {
  const auto nic = get(given, "nic");
  auto& interface = host.existing_interface(nic);
  if (!host.adapter(get(given, "adapter")))
    throw Refused("Unable to find adapter " + get(given, "adapter") + ": Not found");
  if (host.binding(nic)) throw Refused("VMkernel nic " + nic + " is already bound");
  if (!given.count("force") && !compliant(host, interface))
    throw Refused("VMkernel nic " + nic + " is not compatible with iSCSI multipathing");
  host.state()["bindings"].push_back({{"adapter", get(given, "adapter")}, {"nic", nic}});
}

void portal_remove(Host& host, const Given& given, Output&) {
  auto* binding = host.binding(get(given, "nic"));
  if (!binding || binding->at("adapter") != get(given, "adapter"))
    throw Refused("VMkernel nic " + get(given, "nic") + " is not bound to " + get(given, "adapter"));
  if (host.state().value("sessions", false) && !given.count("force"))
    throw Refused("VMkernel nic " + get(given, "nic") + " has active paths: Busy");
  drop(host.state()["bindings"], binding);
}

void portal_list(Host& host, const Given& given, Output& out) {
  std::vector<Record> records;
  for (const auto& binding : host.state().at("bindings")) {
    if (given.count("adapter") && binding.at("adapter") != get(given, "adapter")) continue;
    const auto& interface = host.existing_interface(binding.at("nic"));
    records.push_back({{"Adapter", binding.at("adapter").get<std::string>()},
                       {"Vmknic", binding.at("nic").get<std::string>()},
                       {"MAC Address", interface.at("mac").get<std::string>()},
                       {"IPv4", interface.at("address").get<std::string>()},
                       {"IPv4 Subnet Mask", interface.at("netmask").get<std::string>()},
                       {"Compliant Status", compliant(host, interface) ? "compliant" : "noncompliant"},
                       {"PortGroup", interface.value("portgroup", "")},
                       {"Path Status", "active"}});
  }
  out.records(records, true);
}

/// ESX and ESXi 4: a block for each interface.
void swiscsi_list(Host& host, const Given& given, Output& out) {
  const auto name = get(given, "adapter");
  if (!host.adapter(name)) throw Refused("Invalid adapter " + name);
  for (const auto& binding : host.state().at("bindings")) {
    if (binding.at("adapter") != name) continue;
    const auto& interface = host.existing_interface(binding.at("nic"));
    out.line(binding.at("nic"));
    out.line("    pNic name: vmnic2");
    out.line("    ipv4 address: " + interface.at("address").get<std::string>());
    out.line("    ipv4 net mask: " + interface.at("netmask").get<std::string>());
    out.line("    ipv6 addresses:");
    out.line("    mac address: 00:1b:21:00:00:02");
    out.line("    mtu: " + std::to_string(interface.at("mtu").get<int>()));
    out.line("");
  }
}

void nfs_add(Host& host, const Given& given, Output&) {
  const auto label = get(given, "volume-name");
  for (const auto& volume : host.state().at("volumes"))
    if (volume.at("label") == label ||
        (volume.at("host") == get(given, "host") && volume.at("share") == get(given, "share")))
      throw Refused(get(given, "host") + ":" + get(given, "share") + " is already exported by a volume with the name " +
                    volume.at("label").get<std::string>());
  if (ipv4(get(given, "host")) && !egress(host, host.kernel(), get(given, "host")))
    throw Refused(
        "Unable to complete Sysinfo operation.  Please see the VMkernel log file for more details.: Sysinfo "
        "error: Unable to connect to NFS serverSee VMkernel log for details.");
  host.state()["volumes"].push_back({{"label", label},
                                     {"host", get(given, "host")},
                                     {"share", get(given, "share")},
                                     {"read_only", given.count("readonly") > 0}});
}

void nfs_remove(Host& host, const Given& given, Output&) {
  auto* volume = host.volume(get(given, "volume-name"));
  if (!volume) throw Refused("Volume '" + get(given, "volume-name") + "' does not exist: Not found");
  if (volume->value("busy", false))
    throw Refused("Unable to remove " + get(given, "volume-name") + ": Sysinfo error: Busy");
  drop(host.state()["volumes"], volume);
}

void nfs_list(Host& host, const Given&, Output& out) {
  std::vector<Record> rows;
  for (const auto& volume : host.state().at("volumes")) {
    Record row{{"Volume Name", volume.at("label").get<std::string>()},
               {"Host", volume.at("host").get<std::string>()},
               {"Share", volume.at("share").get<std::string>()},
               {"Accessible", "true"},
               {"Mounted", "true"}};
    if (host.release >= 600) row.emplace_back("Read-Only", volume.at("read_only").get<bool>() ? "true" : "false");
    row.emplace_back("Hardware Acceleration", "Not Supported");
    rows.push_back(std::move(row));
  }
  out.table(rows);
}

void nothing(Host&, const Given&, Output& out) { out.table({}); }

/// The adapter of an installation before has its number again.
void software_set(Host& host, const Given& given, Output& out) {
  auto& adapters = host.state()["adapters"];
  if (!given_true(given, "enabled")) throw Refused("This emulator keeps software iSCSI");
  if (adapters.empty()) adapters = host.state().value("sleeping", Json::array());
  if (adapters.empty()) adapters.push_back({{"name", "vmhba64"}, {"driver", "iscsi_vmk"}});
  out.line("Software iSCSI Enabled");
}

void target_add(Host& host, const Given& given, Output&) {
  if (!host.adapter(get(given, "adapter")))
    throw Refused("Unable to find adapter " + get(given, "adapter") + ": Not found");
  host.state()["targets"].push_back({{"adapter", get(given, "adapter")}, {"address", get(given, "address")}});
}

void target_list(Host& host, const Given&, Output& out) {
  std::vector<Record> rows;
  for (const auto& target : host.state().value("targets", Json::array()))
    rows.push_back({{"Adapter", target.at("adapter").get<std::string>()},
                    {"Sendtarget", target.at("address").get<std::string>() + ":3260"}});
  out.table(rows);
}

void rescan(Host& host, const Given& given, Output&) {
  if (given.count("adapter") && !host.adapter(get(given, "adapter")))
    throw Refused("Unable to find adapter " + get(given, "adapter") + ": Not found");
}

void rediscover(Host& host, const Given& given, Output& out) {
  rescan(host, given, out);
  out.line("Rediscovery started");
}

void software_get(Host& host, const Given&, Output& out) {
  out.line(host.state().at("adapters").empty() ? "false" : "true");
}

}  // namespace

std::vector<Command> storage_commands() {
  const Option adapter{"adapter", 'A', Kind::Text, true};
  const Option nic{"nic", 'n', Kind::Text, true};
  const Option force{"force", 'f', Kind::Flag};
  const Option old_adapter{"adapter", 'd', Kind::Text, true, 401};
  const Option old_nic{"nic", 'n', Kind::Text, true, 401};
  return {
      {"iscsi adapter list", 500, false, {{"adapter", 'A'}}, adapter_list},
      {"iscsi software get", 500, false, {}, software_get},
      {"iscsi software set", 500, true, {{"enabled", 'e', Kind::Bool, true}}, software_set},
      {"iscsi adapter discovery sendtarget add", 500, true, {adapter, {"address", 'a', Kind::Text, true}}, target_add},
      {"iscsi adapter discovery sendtarget list", 500, false, {{"adapter", 'A'}}, target_list},
      {"iscsi adapter discovery statictarget list", 500, false, {{"adapter", 'A'}}, nothing},
      {"iscsi adapter discovery rediscover", 500, false, {adapter}, rediscover},
      {"storage core adapter rescan", 500, false, {{"adapter", 'A'}}, rescan},
      {"network vswitch dvs vmware list", 500, false, {{"vds-name", 'v'}}, nothing},
      {"storage nfs41 list", 600, false, {}, nothing},
      {"iscsi networkportal add", 500, true, {adapter, nic, force}, portal_add},
      {"iscsi networkportal remove", 500, true, {adapter, nic, force}, portal_remove},
      {"iscsi networkportal list", 500, false, {{"adapter", 'A'}}, portal_list},
      {"swiscsi nic add", 401, true, {old_adapter, old_nic}, portal_add, 401},
      {"swiscsi nic remove", 401, true, {old_adapter, old_nic}, portal_remove, 401},
      {"swiscsi nic list", 401, false, {old_adapter}, swiscsi_list, 401},
      {"storage nfs add",
       500,
       true,
       {{"host", 'H', Kind::Text, true},
        {"share", 's', Kind::Text, true},
        {"volume-name", 'v', Kind::Text, true},
        {"readonly", 'r', Kind::Flag}},
       nfs_add},
      {"storage nfs remove", 500, true, {{"volume-name", 'v', Kind::Text, true}}, nfs_remove},
      {"storage nfs list", 500, false, {}, nfs_list},
  };
}

}  // namespace emulator
