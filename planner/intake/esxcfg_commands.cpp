// Facts relied on: the spellings of section "esxcfg commands inside scripts" of the format notes (seen); vmkernel NICs
// take the lowest free number in the order of their creation; a new switch has no uplink, a new port group no VLAN;
// `esxcfg-vmknic` does not switch vMotion on, `vim-cmd hostsvc/vmotion/vnic_set` does (seen).
#include "esxcfg_commands.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "mentions.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostInterfaces = 128;  // no host has as many

constexpr Option kVswif[] = {{'a', "add"},      {'d', "del"},           {'l', "list"},
                             {'e', "enable"},   {'s', "disable"},       {'p', "portgroup", true},
                             {'i', "ip", true}, {'n', "netmask", true}, {'b', "broadcast", true},
                             {'c', "check"},    {'D', "disable-all"},   {'E', "enable-all"},
                             {'r', "restore"},  {'V', "dvs", true},     {'P', "dvport", true}};
constexpr Option kVmknic[] = {{'a', "add"},
                              {'d', "del"},
                              {'e', "enable"},
                              {'D', "disable"},
                              {'l', "list"},
                              {'i', "ip", true},
                              {'n', "netmask", true},
                              {'r', "restore"},
                              {'t', "tso", true},
                              {'m', "mtu", true},
                              {'M', "mac", true},
                              {'p', "portgroup", true},
                              {'s', "dvs-name", true},
                              {'v', "dvport-id", true},
                              {'P', ""},
                              {'j', "jumbo"}};
constexpr Option kRoute[] = {{'a', "add"}, {'d', "del"}, {'l', "list"}, {'r', "restore"}, {'f', "family", true}};

}  // namespace

bool EsxcfgCommands::matters(const Invocation& call) {
  if (!names_program(call.program)) return false;
  std::vector<std::string_view> words;
  for (const auto& word : call.arguments) words.push_back(word.text);
  return !only_shows(call.program, words);
}

void EsxcfgCommands::leave_out(const Line& line, std::string_view program_or_path) {
  reading_.lose({LostFact::Of::Host, std::string(program_or_path), {}, {}, reading_.at(line)});
}

void EsxcfgCommands::run(const Invocation& call) {
  if (!matters(call)) return;
  if (call.program == "esxcfg-vswitch") return vswitch(call);
  if (call.program == "esxcfg-vswif") return vswif(call);
  if (call.program == "esxcfg-vmknic") return vmknic(call);
  if (call.program == "esxcfg-route") return route(call);
  if (call.program == "esxcfg-nas") return nas(call);
  if (call.program == "esxcfg-swiscsi") return swiscsi(call);
  if (call.program == "vmkiscsi-tool") return discovery(call);
  if (call.program == "esxcli") return esxcli(call);
  if (call.program == "esxcfg-advcfg") return advcfg(call);
  if (call.program.ends_with("vim-cmd")) return vim_cmd(call);
  not_followed(call, call.program);
}

Arguments EsxcfgCommands::arguments(const Invocation& call, std::span<const Option> table) {
  return read_arguments(call.arguments, table);
}

/// An option that is not known could take a value: what is what cannot be told then.
bool EsxcfgCommands::refused(const Invocation& call, const Arguments& given) {
  if (given.unknown.empty()) return false;
  reading_.warn(
      reading_.at(call.line), "command-not-understood",
      fmt::format("{} with {} was left out: the option is not known", call.program, excerpt(given.unknown.front())));
  leave_out(call.line, call.program);
  return true;
}

void EsxcfgCommands::incomplete(const Invocation& call, std::string_view what) {
  reading_.warn(reading_.at(call.line), "command-not-understood",
                fmt::format("{} was left out: {} is missing", call.program, what));
  leave_out(call.line, call.program);
}

bool EsxcfgCommands::is_open(const Line& line, const ShellWord& word) {
  if (word.unresolved.empty()) return false;
  facts_.unresolved.push_back({word.unresolved, reading_.at(line, word.raw)});
  return true;
}

bool EsxcfgCommands::is_lost(const Line& line, const ShellWord& word, LostFact::Of of, std::string_view name,
                             std::string_view field) {
  if (!is_open(line, word)) return false;
  reading_.lose({of, std::string(name), std::string(field), {}, reading_.at(line, word.raw)});
  return true;
}

InterfaceFact* EsxcfgCommands::find_interface(std::string_view name) {
  const auto at = std::find_if(facts_.interfaces.begin(), facts_.interfaces.end(),
                               [&](const InterfaceFact& fact) { return fact.name == name; });
  return at == facts_.interfaces.end() ? nullptr : &*at;
}

InterfaceFact& EsxcfgCommands::interface(const Line& line, std::string_view name, std::string_view token) {
  if (auto* known = find_interface(name)) return *known;
  InterfaceFact fact;
  fact.name = std::string(name);
  fact.at = reading_.at(line, token);
  fact.slot = static_cast<unsigned>(facts_.interfaces.size());
  fact.enabled = Said<bool>{true, fact.at};
  if (facts_.interfaces.size() >= kMostInterfaces) facts_.interfaces.pop_back();
  facts_.interfaces.push_back(std::move(fact));
  return facts_.interfaces.back();
}

void EsxcfgCommands::remove_interface(std::string_view name) {
  std::erase_if(facts_.interfaces, [&](const InterfaceFact& fact) { return fact.name == name; });
}

/// Reads the address ("DHCP" for a lease) and the mask; a variable leaves them open.
void EsxcfgCommands::set_address(const Line& line, InterfaceFact& fact, const ShellWord* address,
                                 const ShellWord* netmask) {
  const auto open = [&](const ShellWord& word) {
    if (word.unresolved.empty()) return false;
    fact.unresolved.push_back({word.unresolved, reading_.at(line, word.raw)});
    return true;
  };
  if (address) {
    fact.address.reset();
    const bool dhcp = equals_ignoring_case(address->text, "dhcp");
    if (!open(*address)) {
      fact.dhcp = said(line, *address, dhcp);
      if (!dhcp) fact.address = reading_.address(line, token(*address));
    }
  }
  if (netmask) {
    fact.netmask.reset();
    if (!open(*netmask)) fact.netmask = reading_.address(line, token(*netmask));
  }
}

void EsxcfgCommands::attach(const Invocation& call, InterfaceFact& fact, const ShellWord* portgroup,
                            const ShellWord* dvs, const ShellWord* dvport) {
  if (portgroup && !is_open(call.line, *portgroup)) fact.portgroup = said(call.line, *portgroup, portgroup->text);
  if (dvs && !is_open(call.line, *dvs)) fact.dvs = said(call.line, *dvs, dvs->text);
  if (dvport && !is_open(call.line, *dvport)) fact.dvport = said(call.line, *dvport, dvport->text);
}

void EsxcfgCommands::vswif(const Invocation& call) {
  const auto given = arguments(call, kVswif);
  if (refused(call, given)) return;
  const auto named = std::find_if(given.operands.begin(), given.operands.end(),
                                  [](const ShellWord& word) { return is_numbered(word.text, "vswif"); });
  if (named == given.operands.end()) return incomplete(call, "the name of the interface");
  if (given.has('d')) return remove_interface(named->text);
  const bool whole = given.has('p') && given.has('i') && given.has('n');
  if (given.lone_dash) {
    if (!whole) return incomplete(call, "the letter of an option");
    reading_.warn(reading_.at(call.line, named->raw), "command-mistyped",
                  fmt::format("'{} - {}' has lost its letter: taken as -a", call.program, named->text),
                  "write -a in the script");
  }
  auto& fact = interface(call.line, named->text, named->raw);
  attach(call, fact, given.find('p'), given.find('V'), given.find('P'));
  set_address(call.line, fact, given.find('i'), given.find('n'));
  if (given.has('e') || given.has('s')) fact.enabled = said(call.line, *named, given.has('e'));
}

/// The lowest number that no VMkernel NIC has.
std::string EsxcfgCommands::next_vmk() const {
  for (unsigned n = 0;; ++n) {
    auto name = fmt::format("vmk{}", n);
    const bool taken = std::any_of(facts_.interfaces.begin(), facts_.interfaces.end(),
                                   [&](const InterfaceFact& fact) { return fact.name == name; });
    if (!taken) return name;
  }
}

InterfaceFact* EsxcfgCommands::find_vmknic(const ShellWord* portgroup, const ShellWord* dvport) {
  const auto at = std::find_if(facts_.interfaces.begin(), facts_.interfaces.end(), [&](const InterfaceFact& fact) {
    if (!fact.name.starts_with("vmk")) return false;
    if (dvport) return fact.dvport && fact.dvport->value == dvport->text;
    return portgroup && fact.portgroup && fact.portgroup->value == portgroup->text;
  });
  return at == facts_.interfaces.end() ? nullptr : &*at;
}

void EsxcfgCommands::vmknic(const Invocation& call) {
  const auto given = arguments(call, kVmknic);
  if (refused(call, given)) return;
  const auto* portgroup = given.has('p') ? given.find('p') : given.operand();
  const auto* dvport = given.find('v');
  if (!portgroup && !dvport) return incomplete(call, "the port group");
  auto* fact = given.has('a') ? nullptr : find_vmknic(portgroup, dvport);
  if (given.has('d')) return fact ? remove_interface(fact->name) : void();
  if (given.has('a') && facts_.interfaces.size() >= kMostInterfaces) return incomplete(call, "a free number");
  if (given.has('a')) {
    fact = &interface(call.line, next_vmk(), call.arguments.front().raw);
    attach(call, *fact, portgroup, given.find('s'), dvport);
  }
  if (!fact) return incomplete(call, "an interface of that port group");
  set_address(call.line, *fact, given.find('i'), given.find('n'));
  if (const auto* mtu = given.find('m')) {
    fact->mtu.reset();
    if (!is_lost(call.line, *mtu, LostFact::Of::Interface, fact->name, "mtu")) {
      fact->mtu = reading_.mtu(call.line, token(*mtu));
      if (!fact->mtu) reading_.lose({LostFact::Of::Interface, fact->name, "mtu", {}, reading_.at(call.line, mtu->raw)});
    }
  }
  if (const auto* mac = given.find('M'); mac && !is_open(call.line, *mac))
    fact->mac = reading_.mac(call.line, token(*mac));
  if (given.has('e') || given.has('D')) fact->enabled = Said<bool>{given.has('e'), reading_.at(call.line)};
}

void EsxcfgCommands::route(const Invocation& call) {
  const auto given = arguments(call, kRoute);
  if (refused(call, given) || given.has('f')) return;
  if (given.has('d')) return not_followed(call, "esxcfg-route -d");
  const auto& words = given.operands;
  const bool is_default = words.size() == 1 || (words.size() == 2 && words[0].text == "default");
  const auto lost = is_default ? LostFact::Of::Gateway : LostFact::Of::Route;
  const auto open = [&](const ShellWord& word) { return is_lost(call.line, word, lost, model::kVmkernel); };
  if (std::any_of(words.begin(), words.end(), open)) return;
  const auto lose = [&](std::optional<net::Ipv4Prefix> network) {
    reading_.lose({lost, std::string(model::kVmkernel), {}, network, reading_.at(call.line, words[0].raw)});
  };
  if (is_default) {
    const auto hop = reading_.address(call.line, token(words.back()));
    if (!hop) return lose({});
    std::erase_if(facts_.gateways, [](const GatewayFact& fact) { return fact.stack == model::kVmkernel; });
    return facts_.gateways.push_back({std::string(model::kVmkernel), hop, {}, hop->at});
  }
  if (!given.has('a') || words.size() < 2 || words.size() > 3) return incomplete(call, "the network or the gateway");
  const auto network = words.size() == 3 ? reading_.network(call.line, token(words[0]), token(words[1]))
                                         : reading_.prefix(call.line, token(words[0]));
  const auto hop = reading_.address(call.line, token(words.back()));
  if (!network || !hop) return lose(network);
  facts_.routes.push_back(
      {std::string(model::kVmkernel), *network, hop->value, {}, reading_.at(call.line, words[0].raw)});
}

}  // namespace esx2esxi::intake
