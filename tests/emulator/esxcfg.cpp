// esxcfg-vmknic, -vswitch, -nas, -nics and -scsidevs, as ESXi 4.1 has them: one short option or a fixed run of them,
// and operands. Nothing else is taken; an operand that begins with a dash would be an option.
#include <algorithm>
#include <cstdio>
#include <map>

#include "classic.hpp"

namespace emulator {

namespace {

using Words = std::vector<std::string>;

[[noreturn]] void usage(const std::string& program) { throw Refused("Invalid usage of " + program + ", see --help"); }

/// Whether the words are these; an empty text stands for an operand.
bool are(const Words& words, const Words& form) {
  return words.size() == form.size() &&
         std::equal(words.begin(), words.end(), form.begin(), [](auto& word, auto& part) {
           return part.empty() ? !word.empty() && word.front() != '-' : word == part;
         });
}

std::string in_columns(const std::vector<std::pair<std::string, std::size_t>>& cells) {
  std::string out;
  for (const auto& [text, width] : cells) {
    out += text;
    out.append(text.size() < width ? width - text.size() : 0, ' ');
    out += ' ';
  }
  out.pop_back();
  return out;
}

std::string joined(const Json& list) {
  std::string out;
  for (const auto& item : list) out += (out.empty() ? "" : ",") + item.get<std::string>();
  return out;
}

Json& on_portgroup(Host& host, const std::string& portgroup) {
  auto* interface = host.user_of(portgroup);
  if (!interface) throw Refused("Error performing operation: Vmknic for portgroup " + portgroup + " does not exist");
  return *interface;
}

std::string vmknic_row(const Json& i) {
  const bool none = i.at("type") == "none" || i.value("address", "").empty();
  std::string type = i.at("type");
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::toupper(c); });
  const auto address = ipv4(i.value("address", ""));
  const auto mask = ipv4(i.value("netmask", ""));
  const auto group = i.value("portgroup", "");
  return in_columns({{i.at("name"), 10},
                     {group.empty() ? i.value("dvport", "") : group, 19},
                     {"IPv4", 9},
                     {none ? "N/A" : text_of(*address), 39},
                     {none ? "N/A" : text_of(*mask), 15},
                     {none ? "N/A" : text_of(*address | ~*mask), 15},
                     {i.at("mac"), 17},
                     {std::to_string(i.at("mtu").get<int>()), 7},
                     {"65535", 9},
                     {i.at("enabled").get<bool>() ? "true" : "false", 7},
                     {type, 0}});
}

void list_vmknics(Host& host, Output& out) {
  out.line(in_columns({{"Interface", 10},
                       {"Port Group/DVPort", 19},
                       {"IP Family", 9},
                       {"IP Address", 39},
                       {"Netmask", 15},
                       {"Broadcast", 15},
                       {"MAC Address", 17},
                       {"MTU", 7},
                       {"TSO MSS", 9},
                       {"Enabled", 7},
                       {"Type", 0}}));
  for (const auto& i : host.state().at("interfaces")) out.line(vmknic_row(i));
}

/// The interfaces are called by their port groups.
void set_address(Host& host, const Words& options, const std::string& portgroup, Output& out) {
  Words words{"network", "ip", "interface", "ipv4", "set", "-i", on_portgroup(host, portgroup).at("name")};
  words.insert(words.end(), options.begin(), options.end());
  run_esxcli(host, words, out);
  out.line("[2012-09-22 16:39:03 'NotifyDCUI' warning] Notifying the DCUI of configuration change");
}

void list_switches(Host& host, Output& out) {
  for (const auto& s : host.state().at("switches")) {
    out.line("Switch Name      Num Ports   Used Ports  Configured Ports  MTU     Uplinks   ");
    const std::string name = s.at("name");
    // A name of 16 letters touches the number behind it.
    out.line(name + std::string(name.size() < 17 ? 16 - std::min<std::size_t>(16, name.size()) : 0, ' ') +
             (name.size() == 16 ? "" : " ") +
             in_columns({{"128", 11}, {"3", 11}, {"128", 17}, {std::to_string(s.at("mtu").get<int>()), 7}}) + " " +
             joined(s.at("uplinks")));
    out.line("");
    if (s.at("portgroups").empty()) continue;
    out.line("  PortGroup Name        VLAN ID  Used Ports  Uplinks   ");
    for (const auto& group : s.at("portgroups"))
      out.line("  " +
               in_columns({{group.at("name"), 21}, {std::to_string(group.at("vlan").get<int>()), 8}, {"1", 11}}) + " " +
               joined(host.uplinks_of(group.at("name")).at("active")));
    out.line("");
  }
}

/// All that is done to a port group names its switch too.
void check_place(Host& host, const std::string& portgroup, const std::string& vswitch) {
  auto* found = host.vswitch_of(portgroup);
  if (!found || found->at("name") != vswitch)
    throw Refused("Error: no portgroup " + portgroup + " on vswitch " + vswitch);
}

void list_volumes(Host& host, Output& out) {
  for (const auto& v : host.state().at("volumes"))
    out.line(v.at("label").get<std::string>() + " is " + v.at("share").get<std::string>() + " from " +
             v.at("host").get<std::string>() + " mounted");
}

void list_nics(Host& host, Output& out) {
  out.line("Name    PCI          Driver      Link Speed     Duplex MAC Address       MTU    Description");
  for (const auto& s : host.state().at("switches"))
    for (const auto& nic : s.at("uplinks")) {
      char mac[18];
      std::snprintf(mac, sizeof mac, "00:1b:21:00:00:%02x", static_cast<unsigned>(nic.get<std::string>().back()));
      out.line(in_columns({{nic, 7}, {"0000:02:01.00", 13}, {"e1000", 11}, {"Up", 4}, {"1000Mbps", 9}}) + " Full   " +
               mac + " 1500   Intel Corporation");
    }
}

void list_adapters(Host& host, Output& out) {
  out.line("vmhba0  mptsas            link-n/a  sas.0                          (0000:03:00.0) LSI Logic");
  for (const auto& adapter : host.state().at("adapters"))
    out.line(in_columns({{adapter.at("name"), 7}, {adapter.at("driver"), 17}}) +
             " online    iscsi.x                        iSCSI Software Adapter");
}

Act esxcli_act(Words words) {
  return {true, [words = std::move(words)](Host& host, Output& out) { run_esxcli(host, words, out); }};
}

/// `esxcfg-vmknic -a -i IP|DHCP [-n MASK] [-m MTU] -p PG`; the host takes the lowest free number.
void add_vmknic(Host& host, const Words& a, Output& out) {
  std::map<std::string, std::string> given;
  for (std::size_t at = 1; at < a.size(); at += 2) {
    const bool known = at + 1 < a.size() && (a[at] == "-i" || a[at] == "-n" || a[at] == "-m" || a[at] == "-p");
    if (!known || a[at + 1].empty() || a[at + 1].front() == '-' || !given.emplace(a[at], a[at + 1]).second)
      usage("esxcfg-vmknic");
  }
  const bool lease = given["-i"] == "DHCP";
  if (given["-i"].empty() || given["-p"].empty() || lease != given["-n"].empty()) usage("esxcfg-vmknic");
  int number = 0;
  while (host.interface("vmk" + std::to_string(number))) ++number;
  const auto name = "vmk" + std::to_string(number);
  Words add{"network", "ip", "interface", "add", "-i", name, "-p", given["-p"]};
  if (!given["-m"].empty()) add.insert(add.end(), {"-m", given["-m"]});
  run_esxcli(host, add, out);
  set_address(host, lease ? Words{"-t", "dhcp"} : Words{"-t", "static", "-I", given["-i"], "-N", given["-n"]},
              given["-p"], out);
}

/// Takes an uplink away from one port group, which has an order of its own from then on.
void drop_from_portgroup(Host& host, const std::string& nic, const std::string& portgroup) {
  auto now = host.uplinks_of(portgroup);
  bool there = false;
  for (const char* list : {"active", "standby"}) {
    auto& all = now[list];
    there = there || has(all, nic);
    all.erase(std::remove(all.begin(), all.end(), Json(nic)), all.end());
  }
  if (!there) throw Refused("Uplink " + nic + " is not on portgroup " + portgroup);
  (*host.portgroup(portgroup))["override"] = now;
}

}  // namespace

Act esxi_vmknic(const Words& a) {
  if (are(a, {"-l"})) return {false, list_vmknics};
  if (are(a, {"-i", "DHCP", ""}))
    return {true, [a](Host& host, Output& out) { set_address(host, {"-t", "dhcp"}, a[2], out); }};
  if (are(a, {"-i", "", "-n", "", ""}))
    return {true, [a](Host& host, Output& out) {
              set_address(host, {"-t", "static", "-I", a[1], "-N", a[3]}, a[4], out);
            }};
  if (!a.empty() && a[0] == "-a") return {true, [a](Host& host, Output& out) { add_vmknic(host, a, out); }};
  if (are(a, {"-d", ""}))
    return {
        true, [a](Host& host, Output& out) {
          run_esxcli(host, {"network", "ip", "interface", "remove", "-i", on_portgroup(host, a[1]).at("name")}, out);
        }};
  if (are(a, {"-e", ""}) || are(a, {"-D", ""}))
    return {true, [a](Host& host, Output& out) {
              run_esxcli(host,
                         {"network", "ip", "interface", "set", "-i", on_portgroup(host, a[1]).at("name"), "-e",
                          a[0] == "-e" ? "true" : "false"},
                         out);
            }};
  usage("esxcfg-vmknic");
}

Act esxi_vswitch(const Words& a) {
  const Words portgroup{"network", "vswitch", "standard", "portgroup"};
  const auto with = [&](Words more) {
    more.insert(more.begin(), portgroup.begin(), portgroup.end());
    return more;
  };
  if (are(a, {"-l"})) return {false, list_switches};
  const Words standard{"network", "vswitch", "standard"};
  const auto below = [&](Words more) {
    more.insert(more.begin(), standard.begin(), standard.end());
    return esxcli_act(more);
  };
  if (are(a, {"-a", ""})) return below({"add", "-v", a[1]});
  if (are(a, {"-d", ""})) return below({"remove", "-v", a[1]});
  if (are(a, {"-m", "", ""})) return below({"set", "-m", a[1], "-v", a[2]});
  if (are(a, {"-L", "", ""})) return below({"uplink", "add", "-u", a[1], "-v", a[2]});
  if (are(a, {"-U", "", ""})) return below({"uplink", "remove", "-u", a[1], "-v", a[2]});
  if (are(a, {"-N", "", "-p", "", ""}))
    return {true, [a](Host& host, Output&) {
              check_place(host, a[3], a[4]);
              drop_from_portgroup(host, a[1], a[3]);
            }};
  if (are(a, {"-A", "", ""})) return esxcli_act(with({"add", "-p", a[1], "-v", a[2]}));
  if (are(a, {"-D", "", ""})) return esxcli_act(with({"remove", "-p", a[1], "-v", a[2]}));
  if (are(a, {"-v", "", "-p", "", ""}))
    return {true, [a, words = with({"set", "-p", a[3], "-v", a[1]})](Host& host, Output& out) {
              check_place(host, a[3], a[4]);
              run_esxcli(host, words, out);
            }};
  usage("esxcfg-vswitch");
}

Act esxi_nas(const Words& a) {
  if (are(a, {"-l"})) return {false, list_volumes};
  if (are(a, {"-a", "-o", "", "-s", "", ""}))
    return esxcli_act({"storage", "nfs", "add", "-H", a[2], "-s", a[4], "-v", a[5]});
  if (are(a, {"-d", ""})) return esxcli_act({"storage", "nfs", "remove", "-v", a[1]});
  usage("esxcfg-nas");
}

Act esxi_nics(const Words& a) {
  if (are(a, {"-l"})) return {false, list_nics};
  usage("esxcfg-nics");
}

Act esxi_iscsi(const std::string& program, const Words& a) {
  if (program == "esxcfg-swiscsi" && are(a, {"-e"})) return esxcli_act({"iscsi", "software", "set", "-e", "true"});
  if (program == "esxcfg-rescan" && are(a, {""}))
    return esxcli_act({"storage", "core", "adapter", "rescan", "-A", a[0]});
  if (program == "vmkiscsi-tool" && are(a, {"-D", "-a", "", ""}))
    return esxcli_act({"iscsi", "adapter", "discovery", "sendtarget", "add", "-a", a[2], "-A", a[3]});
  usage(program);
}

Act esxi_scsidevs(const Words& a) {
  if (are(a, {"-a"})) return {false, list_adapters};
  usage("esxcfg-scsidevs");
}

}  // namespace emulator
