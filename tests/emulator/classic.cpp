// esxcfg-route and vim-cmd, as far as ESX, ESXi 4.1 and 5.0 need them. Neither knows a stack but the default one.
#include "classic.hpp"

#include <algorithm>
#include <cstdlib>

#include "grammar.hpp"

namespace emulator {

void run_esxcli(Host& host, const std::vector<std::string>& words, Output& out) {
  const auto parsed = parse(words, 800);  // the table is the same; only the words are others
  parsed.command->run(host, parsed.given, out);
}

namespace {

void show_gateway(Host& host, Output& out) {
  const auto& gateway = host.existing_stack(host.kernel()).at("gateway");
  out.line(gateway.is_string() ? "VMkernel default gateway is " + gateway.get<std::string>()
                               : "VMkernel default gateway is not set");
}

void show_routes(Host& host, Output& out) {
  Output table;
  run_esxcli(host, {"network", "ip", "route", "ipv4", "list"}, table);
  out.line("VMkernel Routes:");
  out.line("Network          Netmask          Gateway          Interface");
  auto text = table.text();
  for (std::size_t lines = 0; lines < 2; ++lines) text.erase(0, text.find('\n') + 1);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    auto row = text.substr(at, end - at);
    const auto local = row.find(" 0.0.0.0 ");
    if (row.rfind("default", 0) != 0 && local != std::string::npos) row.replace(local, 9, " Local Subnet ");
    row.erase(row.find_last_not_of(" MANUAL") + 1);
    out.line(row);
    at = end + 1;
  }
}

void set_gateway(Host& host, const std::string& gateway, Output& out) {
  auto& stack = host.existing_stack(host.kernel());
  if (!ipv4(gateway) || !host.carrier(host.kernel(), gateway))
    throw Refused("Error: Unable to set VMkernel gateway " + gateway);
  stack["gateway"] = gateway;
  out.line("VMkernel default gateway set to " + gateway);
}

void all_guests(Host& host, Output& out) {
  out.line("Vmid   Name   File                  Guest OS      Version   Annotation");
  out.line("16     off    [ds] off/off.vmx      otherGuest    vmx-07    5 blanks");
  out.line("7 of them are not numbers of guests");
  if (!host.state().contains("guests")) return;
  int id = 32;
  for (const auto& guest : host.state().at("guests"))
    out.line(std::to_string(id++) + "     " + guest.get<std::string>() + "   [ds] x/x.vmx   otherGuest   vmx-07");
}

void power_state(Host& host, const std::string& id, Output& out) {
  const int on = host.state().contains("guests") ? static_cast<int>(host.state().at("guests").size()) : 0;
  const bool known = id == "16" || (id.size() == 2 && std::atoi(id.c_str()) >= 32 && std::atoi(id.c_str()) < 32 + on);
  if (!known) throw Refused("Unable to find a VM corresponding to \"" + id + "\"");
  out.line("Retrieved runtime info");
  out.line(id == "16" ? "Powered off" : "Powered on");
}

}  // namespace

Act esxcfg_route(const std::vector<std::string>& a) {
  if (a.empty()) return {false, show_gateway};
  if (a.size() == 1 && a[0] == "-l") return {false, show_routes};
  if (a.size() == 1 && ipv4(a[0])) return {true, [a](Host& host, Output& out) { set_gateway(host, a[0], out); }};
  if (a.size() == 3 && (a[0] == "-a" || a[0] == "-d") && a[1].find('/') != std::string::npos)
    return {true, [a](Host& host, Output& out) {
              run_esxcli(host,
                         {"network", "ip", "route", "ipv4", a[0] == "-a" ? "add" : "remove", "-n", a[1], "-g", a[2]},
                         out);
              out.line(a[0] == "-a" ? "Adding static route " + a[1] + " to VMkernel"
                                    : "Deleting static route " + a[1] + " from VMkernel");
            }};
  throw Refused("Invalid usage: esxcfg-route [-a|-d network/length gateway] [-l] [gateway]");
}

namespace {

/// One interface at a time has the service.
void choose(Host& host, const std::string& tag, const std::string& name) {
  host.existing_interface(name);
  for (auto& i : host.state().at("interfaces")) {
    auto& tags = i["tags"];
    tags.erase(std::remove(tags.begin(), tags.end(), Json(tag)), tags.end());
    if (i.at("name") == name) tags.push_back(tag);
  }
}

}  // namespace

Act vim_cmd(const std::vector<std::string>& a, Release) {
  const auto set = [](bool wanted) {
    return Act{true, [wanted](Host& host, Output&) {
                 const bool guests = host.state().contains("guests") && !host.state().at("guests").empty();
                 if (wanted && guests) throw Refused("(vim.fault.Timedout) {}");
                 if (host.state().at("maintenance") == wanted) throw Refused("(vim.fault.InvalidState) {}");
                 host.state()["maintenance"] = wanted;
               }};
  };
  if (a == std::vector<std::string>{"hostsvc/maintenance_mode_enter"}) return set(true);
  if (a == std::vector<std::string>{"hostsvc/maintenance_mode_exit"}) return set(false);
  if (a == std::vector<std::string>{"hostsvc/runtimeinfo"})
    return {false, [](Host& host, Output& out) {
              out.line(std::string("   inMaintenanceMode = ") +
                       (host.state().at("maintenance").get<bool>() ? "true" : "false") + ", ");
            }};
  if (a == std::vector<std::string>{"hostsvc/net/refresh"}) return {false, [](Host&, Output&) {}};
  if (a.size() == 2 && a[0] == "hostsvc/vmotion/vnic_set")
    return {true, [a](Host& host, Output&) { choose(host, "VMotion", a[1]); }};
  if (a.size() == 4 && a[0] == "hostsvc/advopt/update" && a[1] == "FT.Vmknic" && a[2] == "string")
    return {true, [a](Host& host, Output&) { choose(host, "faultToleranceLogging", a[3]); }};
  // No reference has these two; a host may refuse them.
  const char* guests = std::getenv("EMULATED_GUESTS");
  if (guests && !a.empty() && a[0].rfind("vmsvc/", 0) == 0) throw Refused("Invalid command '" + a[0] + "'.");
  if (a == std::vector<std::string>{"vmsvc/getallvms"}) return {false, all_guests};
  if (a.size() == 2 && a[0] == "vmsvc/power.getstate")
    return {false, [a](Host& host, Output& out) { power_state(host, a[1], out); }};
  throw Refused("Invalid command '" + (a.empty() ? std::string() : a[0]) + "'.");
}

}  // namespace emulator
