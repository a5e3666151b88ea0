// Words for tests of assemble: a host from the texts of its files.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "esx2esxi/intake/assemble.hpp"
#include "reading.hpp"

namespace esx2esxi::intake::testing {

using Files = std::vector<std::pair<std::string, std::string>>;  ///< path in the host's tree, text

inline model::Host host_of(const Files& files, std::string name = "folder") {
  std::vector<FileFacts> all;
  for (const auto& [path, text] : files) {
    const auto* importer = importer_for(path);
    INFO(path);
    REQUIRE(importer != nullptr);
    all.push_back({importer, path, importer->read({FileName(path), text})});
  }
  return assemble(std::move(all), std::move(name));
}

/// The only host of a session or an export.
inline model::Host host_of_container(std::string_view name, std::string_view text) {
  const auto& container = container_named(name);
  std::vector<FileFacts> files;
  for (auto& part : container.read({FileName("s"), text})) {
    const auto* importer = part.importer ? part.importer : &importer_of(container);
    if (!part.only_notes) files.push_back({importer, "s!" + part.part, std::move(part.facts), container.name});
  }
  return assemble(std::move(files), "x");
}

inline std::pair<std::string, std::string> ifcfg(std::string_view name, std::string_view more) {
  return {fmt::format("etc/sysconfig/network-scripts/ifcfg-{}", name), fmt::format("DEVICE={}\n{}", name, more)};
}

/// A static console interface: "10.0.0.5/24" on port group "Service Console" unless `more` says otherwise.
inline std::pair<std::string, std::string> console(std::string_view name, std::string_view address,
                                                   std::string_view more = "PORTGROUP=\"Service Console\"\n") {
  const auto slash = address.find('/');
  const auto prefix = net::Ipv4Prefix::containing({}, static_cast<unsigned>(*number(address.substr(slash + 1))));
  return ifcfg(name, fmt::format("BOOTPROTO=static\nIPADDR={}\nNETMASK={}\nONBOOT=yes\n{}", address.substr(0, slash),
                                 to_string(prefix->netmask()), more));
}

/// An esx.conf with one switch (vmnic0 and vmnic1 active) and the port groups "Service Console" (VLAN 10) and "VMotion"
/// (untagged), and the lines of `more`.
inline std::pair<std::string, std::string> esx_conf(std::string_view more = {}) {
  std::string text =
      "/boot/cosvmdk = \"/vmfs/x.vmdk\"\n"
      "/system/uuid = \"4a3b27ac-5705f21d-6d09-000c2918f3aa\"\n"
      "/net/vswitch/child[0000]/name = \"vSwitch0\"\n"
      "/net/vswitch/child[0000]/uplinks/child[0000]/pnic = \"vmnic0\"\n"
      "/net/vswitch/child[0000]/uplinks/child[0001]/pnic = \"vmnic1\"\n"
      "/net/vswitch/child[0000]/portgroup/child[0000]/name = \"Service Console\"\n"
      "/net/vswitch/child[0000]/portgroup/child[0000]/vlanId = \"10\"\n"
      "/net/vswitch/child[0000]/portgroup/child[0001]/name = \"VMotion\"\n";
  return {"etc/vmware/esx.conf", text + std::string(more)};
}

/// Lines of esx.conf for a static VMkernel interface.
inline std::string vmk_lines(unsigned slot, std::string_view name, std::string_view address,
                             std::string_view portgroup = "VMotion") {
  const auto slash = address.find('/');
  const auto prefix = net::Ipv4Prefix::containing({}, static_cast<unsigned>(*number(address.substr(slash + 1))));
  const auto key = [&](std::string_view what, std::string_view value) {
    return fmt::format("/net/vmkernelnic/child[{:04}]/{} = \"{}\"\n", slot, what, value);
  };
  return key("name", name) + key("ipv4address", address.substr(0, slash)) +
         key("ipv4netmask", to_string(prefix->netmask())) + key("portgroup", portgroup) + key("enable", "true");
}

// The console and the VMkernel of the usual host.
inline const auto kVswif0 = console("vswif0", "10.0.0.5/24");
inline const auto kConf = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24"));

inline std::pair<std::string, std::string> network(std::string_view more = "GATEWAY=10.0.0.1\nGATEWAYDEV=vswif0\n") {
  return {"etc/sysconfig/network", "NETWORKING=yes\nHOSTNAME=esx01.example.com\n" + std::string(more)};
}

inline std::pair<std::string, std::string> output(std::string_view command, std::string_view text) {
  return {fmt::format("commands/{}.txt", command), std::string(text)};
}

/// `route -n`, or `route`.
inline std::pair<std::string, std::string> console_routes(std::string_view rows,
                                                          std::string_view command = "route_-n") {
  return output(command,
                "Kernel IP routing table\n"
                "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n" +
                    std::string(rows));
}

/// `esxcfg-vswif -l` of ESX 4.x with these rows: "vswif0 | Service Console | 10.0.0.5 | 255.255.255.0 | STATIC".
inline std::pair<std::string, std::string> listed_vswifs(std::initializer_list<std::string_view> rows) {
  std::string text =
      "Name     Port Group/DVPort   IP Family IP Address      Netmask         Broadcast       Enabled   TYPE\n";
  for (const auto row : rows) {
    auto cells = split(row, '|');
    for (auto& cell : cells) cell = trim(cell);
    text += fmt::format("{:<8} {:<19} IPv4      {:<15} {:<15} 10.255.255.255  true      {}\n", cells.at(0), cells.at(1),
                        cells.at(2), cells.at(3), cells.at(4));
  }
  return output("esxcfg-vswif_-l", text);
}

/// `esxcfg-vmknic -l` of ESX 4.x: "vmk0 | VMotion | 10.0.0.5 | 255.255.255.0 | 1500 | STATIC".
inline std::pair<std::string, std::string> listed_vmks(std::initializer_list<std::string_view> rows) {
  std::string text =
      "Interface  Port Group/DVPort   IP Family IP Address      Netmask         Broadcast       MAC Address       MTU  "
      "   "
      "TSO MSS   Enabled Type\n";
  for (const auto row : rows) {
    auto cells = split(row, '|');
    for (auto& cell : cells) cell = trim(cell);
    text += fmt::format(
        "{:<10} {:<19} IPv4      {:<15} {:<15} 10.255.255.255  00:50:56:79:95:48 {:<7} 65535     true    {}\n",
        cells.at(0), cells.at(1), cells.at(2), cells.at(3), cells.at(4), cells.at(5));
  }
  return output("esxcfg-vmknic_-l", text);
}

/// "missing vswif0 address", "contradiction vswif0 address: 10.0.0.5 10.0.0.6"
inline Texts doubts(const model::Host& host) {
  constexpr std::string_view kKinds[] = {"missing", "contradiction", "variable"};
  Texts out;
  for (const auto& doubt : host.doubts) {
    auto line = fmt::format("{} {}{}{}", kKinds[static_cast<std::size_t>(doubt.kind)], doubt.interface,
                            doubt.interface.empty() ? "" : " ", doubt.subject);
    if (doubt.kind != model::Doubt::Kind::Missing) line += ":";
    for (const auto& value : doubt.values)
      if (!value.value.empty()) line += " " + value.value;
    out.push_back(std::move(line));
  }
  return out;
}

/// Those of one kind: "missing", "contradiction", "variable".
inline Texts doubts(const model::Host& host, std::string_view kind) {
  Texts out;
  for (auto& text : doubts(host))
    if (text.starts_with(kind)) out.push_back(std::move(text));
  return out;
}

inline std::string route_text(const model::Route& route) {
  return fmt::format("{} via {}", route.network, route.next_hop);
}

inline Texts routes(const model::Host& host, std::string_view stack) {
  Texts out;
  for (const auto& route : host.before.stack(stack)->routes) out.push_back(route_text(route));
  return out;
}

inline std::string gateway(const model::Host& host, std::string_view stack) {
  const auto& value = host.before.stack(stack)->gateway;
  return value ? to_string(*value) : "-";
}

inline bool has_diagnostic(const model::Host& host, std::string_view code) {
  return std::any_of(host.diagnostics.begin(), host.diagnostics.end(),
                     [&](const Diagnostic& d) { return d.code == code; });
}

inline std::pair<std::string, std::string> kernel_routes(std::string_view rows) {
  return output("esxcfg-route_-l",
                "VMkernel Routes:\nNetwork          Netmask          Gateway          Interface\n" + std::string(rows));
}

}  // namespace esx2esxi::intake::testing
