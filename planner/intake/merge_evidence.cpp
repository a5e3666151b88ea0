// What no input gave: doubts where a decision needs it, and the list of commands that would tell.
#include <array>

#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

using model::Interface;

bool tells_interfaces(const Merge& merge, std::string_view prefix, bool Facts::*lists) {
  return std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
    const auto& all = file.facts.interfaces;
    return file.facts.*lists || std::any_of(all.begin(), all.end(),
                                            [&](const InterfaceFact& fact) { return fact.name.starts_with(prefix); });
  });
}

bool tells_console(const Merge& merge) { return tells_interfaces(merge, "vswif", &Facts::lists_vswifs); }
bool tells_vmkernel(const Merge& merge) { return tells_interfaces(merge, "vmk", &Facts::lists_vmknics); }

bool is_damaged(const Facts& facts) {
  return facts.cut_off || std::any_of(facts.notes.begin(), facts.notes.end(),
                                      [](const Diagnostic& d) { return d.severity >= Severity::Warning; });
}

/// `esxcfg-route -l`, or its like of esxcli, which has no reader of its own.
bool lists_vmkernel_routes(const FileFacts& file) {
  return file.facts.lists_routes && (file.importer->read == read_esxcfg_route || file.importer->read == nullptr);
}

/// A gateway that was read, or a source that would have shown it and shows none.
bool tells_gateway(const Merge& merge, std::string_view stack, Facts (*file_reader)(const Source&),
                   Facts (*list_reader)(const Source&)) {
  if (const auto* known = merge.host.before.stack(stack); known && known->gateway) return true;
  return std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
    const auto damaged = [&](const GatewayFact& g) { return g.stack == stack && !g.gateway && !g.device; };
    const auto& gateways = file.facts.gateways;
    if (std::any_of(gateways.begin(), gateways.end(), damaged)) return false;
    if (file.importer->read == list_reader) return file.facts.lists_routes;
    if (stack != model::kConsole && lists_vmkernel_routes(file)) return true;
    if (file.importer->read != file_reader) return false;
    return file_reader == read_network ? !is_damaged(file.facts) : !file.facts.cut_off.has_value();
  });
}

/// A gateway that some file gives, if only nobody can read it, is not "none".
bool is_lost_gateway(const Merge& merge, std::string_view stack) {
  if (const auto* known = merge.host.before.stack(stack); known && known->gateway) return false;
  return std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
    return loses(file, LostFact::Of::Gateway, stack) ||
           (stack == model::kDefaultStack && loses(file, LostFact::Of::Gateway, model::kVmkernel));
  });
}

bool tells_console_gateway(const Merge& merge) {
  if (is_lost_gateway(merge, model::kConsole)) return false;
  return tells_gateway(merge, model::kConsole, read_network, read_route);
}
bool tells_vmkernel_gateway(const Merge& merge) {
  const auto stack = merge.host.classic() ? model::kVmkernel : model::kDefaultStack;
  if (is_lost_gateway(merge, stack)) return false;
  return tells_gateway(merge, stack, read_esx_conf, read_esxcfg_route);
}

bool tells_switches(const Merge& merge) {
  return std::any_of(merge.files.begin(), merge.files.end(),
                     [](const FileFacts& file) { return !file.facts.switches.empty(); });
}

bool lacks_lease(const Merge& merge) {
  const auto& all = merge.host.before.interfaces;
  return std::any_of(all.begin(), all.end(), [](const Interface& i) { return i.dhcp && i.enabled && !i.address; });
}

/// Whether esx.conf was read as a whole: not through grep.
bool tells_esx_conf(const Merge& merge) { return was_read(merge, read_esx_conf); }

bool tells_services(const Merge& merge) {
  return tells_esx_conf(merge) || was_run(merge, "network ip interface tag get") ||
         std::any_of(merge.files.begin(), merge.files.end(), [](const FileFacts& file) {
           // A stack says what its own interfaces carry, and nothing of the others.
           const bool of_stacks = file.importer->read == nullptr && file.facts.lists_vmknics;
           return (!file.facts.services.empty() && !of_stacks) ||
                  (file.importer->read == read_grepped_esx_conf && !file.facts.failed);
         });
}

/// Where no port group is known, that is what is missing.
bool tells_teaming(const Merge& merge) {
  return tells_esx_conf(merge) || !tells_switches(merge) ||
         was_run(merge, "network vswitch standard portgroup policy failover get");
}

bool tells_mounts(const Merge& merge) {
  return tells_esx_conf(merge) || was_read(merge, read_esxcfg_nas) || !merge.host.before.nfs.empty() ||
         was_run(merge, "storage nfs list");
}

bool tells_bindings(const Merge& merge) {
  if (merge.host.classic() && merge.host.major() < 4) return true;  // ESX 3 has no port binding
  return was_read(merge, read_swiscsi_nic_list) || was_run(merge, "iscsi networkportal list") ||
         !merge.host.before.iscsi.adapters.empty();
}

bool tells_dns(const Merge& merge) {
  return was_read(merge, read_resolv_conf) || was_run(merge, "network ip dns server list") ||
         !merge.host.before.dns.servers.empty();
}

bool tells_routes(const Merge& merge) {
  return std::any_of(merge.files.begin(), merge.files.end(), lists_vmkernel_routes);
}

/// The command that would tell, on ESX (and ESXi 4, which has its commands) and on ESXi 5 and later.
struct Supply {
  std::string_view classic;  ///< empty: that host cannot tell
  std::string_view esxi;
  std::string_view what;
  bool (*given)(const Merge&);
};

constexpr std::array kSupplies{
    Supply{"esxcfg-vswif -l", {}, "the console's interfaces and addresses", tells_console},
    Supply{"cat /etc/sysconfig/network", {}, "the console's default gateway", tells_console_gateway},
    Supply{"esxcfg-vmknic -l", "esxcli network ip interface list and ipv4 get",
           "the VMkernel's interfaces and addresses", tells_vmkernel},
    Supply{"esxcfg-route", "esxcli network ip route ipv4 list", "the VMkernel's default gateway",
           tells_vmkernel_gateway},
    Supply{"esxcfg-route -l", "esxcli network ip route ipv4 list", "static routes of the VMkernel", tells_routes},
    Supply{"esxcfg-vswitch -l", "esxcli network vswitch standard list and portgroup list",
           "switches, port groups and VLANs", tells_switches},
    Supply{"cat /etc/vmware/esx.conf", "esxcli network vswitch standard portgroup policy failover get -p NAME",
           "the uplink order of single port groups", tells_teaming},
    Supply{"grep Vmknic /etc/vmware/esx.conf", "esxcli network ip interface tag get -i vmkN",
           "which interfaces carry vMotion and fault tolerance logging", tells_services},
    Supply{"esxcfg-vmknic -l, esxcfg-vswif -l", "esxcli network ip interface ipv4 get", "the addresses that DHCP gave",
           [](const Merge& m) { return !lacks_lease(m); }},
    Supply{"esxcli swiscsi nic list -d vmhbaN", "esxcli iscsi networkportal list", "iSCSI port binding",
           tells_bindings},
    Supply{"esxcfg-nas -l", "esxcli storage nfs list", "NFS mounts", tells_mounts},
    Supply{"cat /etc/resolv.conf", "esxcli network ip dns server list", "DNS servers", tells_dns},
    Supply{"cat /etc/ntp.conf", "cat /etc/ntp.conf", "NTP servers",
           [](const Merge& m) { return !m.host.before.ntp.empty(); }},
    Supply{"vmware -v", "vmware -v", "version and build", [](const Merge& m) { return !m.host.build.empty(); }},
    Supply{"hostname", "hostname", "the host's name",
           [](const Merge& m) { return m.host.origins.find("name") != nullptr; }},
};

/// ESXi 5.0 has neither tags nor routes in esxcli, but still the commands of ESX for them.
bool lacks_50(bool (*given)(const Merge&)) {
  return given == tells_services || given == tells_routes || given == tells_vmkernel_gateway;
}

void list_supplies(Merge& merge) {
  const auto& host = merge.host;
  const bool esxi = !host.classic() && host.major() != 3 && host.major() != 4;
  const bool first = host.version == "5.0" || host.version.starts_with("5.0.");
  for (const auto& supply : kSupplies) {
    const auto command = esxi && !(first && lacks_50(supply.given)) ? supply.esxi : supply.classic;
    const bool of_console = supply.esxi.empty();
    if (!command.empty() && (host.classic() || !of_console) && !supply.given(merge))
      merge.host.not_found.push_back(fmt::format("{}: {}", command, supply.what));
  }
}

/// Values of single interfaces that no input gave, one line for those that the same command would tell.
void list_missing_values(Merge& merge) {
  std::vector<std::pair<std::string, std::vector<std::string>>> lines;  // what, of whom
  for (const auto& doubt : merge.host.doubts) {
    if (doubt.kind != model::Doubt::Kind::Missing || doubt.interface.empty()) continue;
    const auto what = fmt::format("{}: {} of", doubt.hint, doubt.subject);
    auto line = std::find_if(lines.begin(), lines.end(), [&](const auto& known) { return known.first == what; });
    if (line == lines.end()) line = lines.insert(line, {what, {}});
    line->second.push_back(doubt.interface);
  }
  for (const auto& [what, interfaces] : lines)
    merge.host.not_found.push_back(fmt::format("{} {}", what, join(interfaces, ", ")));
}

/// A row that was refused says nothing but a name, and `esxcli network ip interface list` nothing of addresses.
bool shows_addresses(const Importer& importer, const InterfaceFact& fact) {
  const bool of_esxcli = importer.read == nullptr;
  return of_esxcli ? fact.dhcp.has_value() : fact.portgroup || fact.dvport || fact.enabled;
}

/// A listing that shows the interface without an address answers the question; only silence leaves it open.
bool listed_without_address(const Merge& merge, const Interface& interface) {
  return std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
    const auto& all = file.facts.interfaces;
    return file.importer->trust == Trust::Listing && std::any_of(all.begin(), all.end(), [&](const InterfaceFact& f) {
             return f.name == interface.name && shows_addresses(*file.importer, f);
           });
  });
}

void check_interface(Merge& merge, const Interface& interface) {
  if (!interface.enabled) return;
  const std::string_view command = interface.is_vswif() ? "esxcfg-vswif -l"
                                   : has_esxcli(merge)  ? "esxcli network ip interface ipv4 get"
                                                        : "esxcfg-vmknic -l";
  if (!interface.address) {
    if (!interface.dhcp && !listed_without_address(merge, interface))
      merge.missing({interface.name, "address", true}, command, interface.origins.any());
    return;
  }
  if (!interface.netmask) merge.missing({interface.name, "netmask", true}, command, *interface.origins.find("address"));
}

/// What the host calls its management address must be the address of an interface. A lease may have changed since.
void check_management_address(Merge& merge) {
  auto& all = merge.host.before.interfaces;
  for (const auto& file : merge.files) {
    const auto& said = file.facts.management_address;
    if (!said || said->value.is_unspecified()) continue;
    const auto has_it = [&](const Interface& i) { return i.address == said->value; };
    if (std::any_of(all.begin(), all.end(), has_it)) continue;
    const auto& name = file.facts.management_interface;
    const auto used = std::find_if(all.begin(), all.end(), [&](const Interface& i) {
      return name ? i.name == name->value : i.is_vswif() && i.enabled && i.addressed();
    });
    if (used == all.end() || used->dhcp || !used->address) continue;
    merge.contradict({used->name, "address", true}, {to_string(*used->address), *used->origins.find("address")},
                     {to_string(said->value), said->at});
  }
}

/// Files without which interfaces, gateways or routes may be missing unnoticed.
bool must_be_whole(const Importer& importer) {
  constexpr std::array kReaders{read_ifcfg, read_network, read_route_file, read_static_routes, read_esx_conf};
  const bool container = importer.read == nullptr;
  return container || std::find(kReaders.begin(), kReaders.end(), importer.read) != kReaders.end();
}

void check_whole_files(Merge& merge) {
  for (const auto& file : merge.files)
    if (file.facts.cut_off && must_be_whole(*file.importer))
      merge.missing({"", "rest", true, file.importer->name}, "copy the file from the host again",
                    file.facts.cut_off->at);
}

/// The port group of the service console is in esx.conf; who is on it is not.
void check_stacks(Merge& merge) {
  const bool without_any = !merge.host.classic() && merge.host.before.interfaces.empty();  // no ESXi host is
  if (!tells_vmkernel(merge) || without_any)
    merge.missing({"", "VMkernel interfaces", true}, "esxcfg-vmknic -l, or cat /etc/vmware/esx.conf");
  const auto is_silent = [&](std::string_view what) { return !merge.doubts({"", what}); };
  if (is_silent("vmkernel gateway") && !tells_vmkernel_gateway(merge) && tells_vmkernel(merge))
    merge.missing({"", "vmkernel gateway", true}, "esxcfg-route");
  if (!merge.host.classic()) return;
  if (!tells_console(merge))
    merge.missing({"", "console address", true}, "cat /etc/sysconfig/network-scripts/ifcfg-vswif*, or esxcfg-vswif -l");
  else if (is_silent("console gateway") && !tells_console_gateway(merge))
    merge.missing({"", "console gateway", true}, "cat /etc/sysconfig/network, or route -n");
}

}  // namespace

void check_evidence(Merge& merge) {
  check_whole_files(merge);
  check_management_address(merge);
  for (const auto& interface : merge.host.before.interfaces) check_interface(merge, interface);
  check_lost(merge);
  check_unsaid(merge);
  check_stacks(merge);
  list_supplies(merge);
  list_missing_values(merge);
}

}  // namespace esx2esxi::intake
