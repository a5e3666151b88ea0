// Listings have the widths and the oddities that real hosts were seen to have: a name that fills its column touches the
// next one (esxcfg-vmknic, the switch rows of esxcfg-vswitch), or leaves one blank (port groups).
#include "console.hpp"

#include <map>

#include "ping.hpp"

namespace emulator {

namespace {

using Words = std::vector<std::string>;

std::string pad(const std::string& text, std::size_t width) {
  return text.size() < width ? text + std::string(width - text.size(), ' ') : text;
}

std::string apart(const std::string& text, std::size_t width) {
  return text.size() < width ? pad(text, width) : text + " ";
}

/// Options and operands as getopt takes them: in any order, and none behind `--`.
struct Line {
  std::map<char, std::string> options;
  Words operands;
};

Line parse(const std::string& program, const Words& words, const std::string& with_value) {
  Line line;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--") {
      line.operands.insert(line.operands.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      line.operands.push_back(word);
      continue;
    }
    const bool known = word.size() == 2 && with_value.find(word[1]) != std::string::npos;
    if (!known) throw Refused(program + ": invalid option -- " + word.substr(1));
    if (++i == words.size()) throw Refused(program + ": option requires an argument -- " + word.substr(1));
    if (!line.options.emplace(word[1], words[i]).second) throw Refused(program + ": option given twice");
  }
  return line;
}

std::string broadcast(const Json& i) { return text_of(*ipv4(i.at("address")) | ~*ipv4(i.at("netmask"))); }

bool has_address(const Json& i) { return !i.at("address").get<std::string>().empty(); }

std::string kind(const Json& i) {
  const auto type = i.at("type").get<std::string>();
  return type == "dhcp" ? "DHCP" : type == "none" ? "NONE" : "STATIC";
}

/// Address, mask and broadcast; release 4 names the family, and shows what has no address.
std::string address_cells(const Json& i, bool family) {
  std::string out = family ? pad("IPv4", 10) : "";
  const bool has = has_address(i);
  out += pad(has ? i.at("address").get<std::string>() : "N/A", 16);
  out += apart(has ? i.at("netmask").get<std::string>() : "N/A", 16);
  return out + pad(has ? broadcast(i) : "N/A", 16);
}

std::string enabled(const Json& i) { return i.at("enabled") ? "true" : "false"; }

void list_vmknics(Host& host, Output& out) {
  const bool four = host.release >= 400;
  out.line(four ? "Interface  Port Group/DVPort   IP Family IP Address      Netmask         Broadcast       MAC Address"
                  "       MTU     TSO MSS   Enabled Type"
                : "Interface  Port Group          IP Address      Netmask         Broadcast       MAC Address       MTU"
                  "     TSO MSS   Enabled");
  for (const auto& i : host.state().at("interfaces")) {
    if (i.at("stack") != "vmkernel") continue;
    auto row = pad(i.at("name"), 11) + pad(i.at("portgroup"), 20) + address_cells(i, four) + pad(i.at("mac"), 18) +
               pad(std::to_string(i.at("mtu").get<int>()), 8) + pad("65535", 10);
    out.line(row + (four ? pad(enabled(i), 8) + kind(i) + " " : enabled(i)));
  }
}

void list_vswifs(Host& host, Output& out) {
  const bool four = host.release >= 400;
  out.line(four
               ? "Name     Port Group/DVPort   IP Family IP Address      Netmask         Broadcast       Enabled   TYPE"
               : "Name    Port Group      IP Address      Netmask         Broadcast       Enabled  DHCP");
  for (const auto& i : host.state().at("interfaces"))
    if (i.at("stack") == "console")
      out.line(pad(i.at("name"), four ? 9 : 8) + apart(i.at("portgroup"), four ? 20 : 16) + address_cells(i, four) +
               pad(enabled(i), four ? 10 : 9) +
               (four                     ? kind(i)
                : i.at("type") == "dhcp" ? "true"
                                         : "false"));
}

std::string uplinks(const Json& list) {
  std::string out;
  for (const auto& nic : list) out += (out.empty() ? "" : ",") + nic.get<std::string>();
  return out;
}

void list_switches(Host& host, Output& out) {
  for (const auto& s : host.state().at("switches")) {
    out.line("Switch Name    Num Ports   Used Ports  Configured Ports  MTU     Uplinks");
    out.line(pad(s.at("name"), 16) + pad("64", 12) + pad("5", 12) + pad("64", 18) +
             pad(std::to_string(s.at("mtu").get<int>()), 8) + uplinks(s.at("uplinks")));
    out.line("");
    out.line("  PortGroup Name      VLAN ID  Used Ports  Uplinks");
    for (const auto& group : s.at("portgroups"))
      out.line("  " + apart(group.at("name"), 20) + pad(std::to_string(group.at("vlan").get<int>()), 9) + pad("1", 12) +
               uplinks(s.at("uplinks")));
    out.line("");
  }
}

Json& vmknic_on(Host& host, const std::string& portgroup) {
  for (auto& i : host.state().at("interfaces"))
    if (i.at("stack") == "vmkernel" && i.at("portgroup") == portgroup) return i;
  throw Refused("Error performing operation: There is no VMkernel nic for the connection point specified: " +
                portgroup);
}

void set_address(Host& host, const Line& line, Output& out) {
  const auto& address = line.options.at('i');
  const bool lease = address == "DHCP";
  auto& i = vmknic_on(host, line.operands.front());
  if (lease != (line.options.count('n') == 0)) throw Refused("--ip and --netmask must be given together");
  if (!lease) {
    if (!ipv4(address) || !ipv4(line.options.at('n'))) throw Refused("Invalid IP address: " + address);
    for (const auto& other : host.state().at("interfaces"))
      if (&other != &i && other.at("address") == address) throw Refused("IP address " + address + " is in use");
  }
  i["type"] = lease ? "dhcp" : "static";
  i["address"] = lease ? "" : address;
  i["netmask"] = lease ? "" : line.options.at('n');
  if (host.forgetful) host.existing_stack("vmkernel")["gateway"] = nullptr;
  out.line("[2010-09-22 16:39:03 'NotifyDCUI' warning] Notifying the DCUI of configuration change");
}

void set_vlan(Host& host, const Line& line) {
  const auto& text = line.options.at('v');
  const bool number = !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == std::string::npos;
  if (!number || std::stoi(text) > 4095) throw Refused("Invalid VLAN ID: " + text);
  const auto& name = line.options.at('p');
  auto* vswitch = host.vswitch_of(name);
  if (!vswitch || vswitch->at("name") != line.operands.front())
    throw Refused("Unable to find portgroup " + name + " on " + line.operands.front());
  (*host.portgroup(name))["vlan"] = std::stoi(text);
}

}  // namespace

Act esxcfg_vmknic(const Words& words) {
  if (words == Words{"-l"}) return {false, list_vmknics};
  const auto line = parse("esxcfg-vmknic", words, "in");
  if (line.operands.size() != 1 || !line.options.count('i')) throw Refused("esxcfg-vmknic <options> [<portgroup>]");
  return {true, [line](Host& host, Output& out) { set_address(host, line, out); }};
}

Act esxcfg_vswitch(const Words& words) {
  if (words == Words{"-l"}) return {false, list_switches};
  const auto line = parse("esxcfg-vswitch", words, "vp");
  if (line.operands.size() != 1 || line.options.size() != 2)
    throw Refused("esxcfg-vswitch [options] [vswitch[:ports]]");
  return {true, [line](Host& host, Output&) { set_vlan(host, line); }};
}

Act esxcfg_vswif(const Words& words) {
  if (words == Words{"-l"}) return {false, list_vswifs};
  throw Refused("esxcfg-vswif: only -l is emulated");
}

std::string console_ping(Host& host, const Words& words) {
  if (words.size() != 5 || words[0] != "-c" || words[2] != "-w" || !ipv4(words[4]))
    throw Refused("Usage: ping [-c count] [-w deadline] destination");
  const bool there = answers(host, words[4]);
  const auto text = words[1] + " packets transmitted, " + (there ? words[1] : "0") + " received, ";
  if (!there) throw Refused(text + "100% packet loss");
  return text + "0% packet loss\n";
}

}  // namespace emulator
