// Install scripts: the kickstarts of ESX 3.x (anaconda), ESX 4.x (weasel) and ESXi, and plain scripts of esxcfg
// commands.
//
//   network --bootproto=static --device=vmnic0 --ip=10.71.10.11 --netmask=255.255.255.0 --gateway=10.71.10.1
//   --vlanid=110 %post --interpreter=bash esxcfg-vswitch -A VMotion vSwitch0 esxcfg-vmknic -a -i 10.71.10.61 -n
//   255.255.255.0 -p VMotion
//
// Facts relied on (seen): options as `--opt value` or `--opt=value`; one network line makes one vswif on a switch of
// its own, with port groups "Service Console" and, unless switched off, "VM Network", both on `--vlanid`; ESX 3.x names
// the NIC ethN, which says nothing of vmnics; without --bootproto the installer takes DHCP, without --netmask and
// --gateway it computes them: such values are not printed anywhere, so they are left open with a warning. On ESXi the
// line is vmk0's.
#include "kickstart.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/importer.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "esxcfg_commands.hpp"
#include "overlay.hpp"
#include "script.hpp"

namespace esx2esxi::intake {

namespace {

std::string_view first_word(std::string_view line) {
  const auto text = trim(line);
  return text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
}

bool is_section(std::string_view word) {
  return is_any(word, {"%pre", "%post", "%packages", "%firstboot", "%vmlicense_text", "%end", "%addon"});
}

/// "%post --interpreter=/bin/bash": the shell, as it is where nothing is said.
bool is_shell(std::string_view header) {
  const auto at = header.find("--interpreter");
  if (at == std::string_view::npos) return true;
  const auto named = trim(header.substr(at + std::string_view("--interpreter").size()));
  const auto word = first_word(trim(named.substr(named.starts_with('=') ? 1 : 0)));
  return word.ends_with("sh") || word.ends_with("busybox");
}

bool is_kickstart_command(std::string_view word) {
  return is_any(word,
                {"network",   "rootpw",     "bootloader",  "clearpart", "part",        "partition",   "timezone",
                 "install",   "url",        "keyboard",    "auth",      "authconfig",  "autopart",    "vmaccepteula",
                 "vmlicense", "accepteula", "langsupport", "lang",      "esxlocation", "virtualdisk", "reboot",
                 "zerombr",   "firewall",   "skipx",       "paranoid",  "serialnum",   "vmserialnum"});
}

enum NetworkOption : char {
  Bootproto = 'b',
  Device = 'd',
  Ip = 'i',
  Netmask = 'n',
  Gateway = 'g',
  Nameserver = 's',
  NoDns = 'N',
  Hostname = 'h',
  VlanId = 'v',
  AddVmPortgroup = 'p',
  OnBoot = 'o'
};
constexpr Option kNetwork[] = {{Bootproto, "bootproto", true},
                               {Device, "device", true},
                               {Ip, "ip", true},
                               {Netmask, "netmask", true},
                               {Gateway, "gateway", true},
                               {Nameserver, "nameserver", true},
                               {NoDns, "nodns"},
                               {Hostname, "hostname", true},
                               {VlanId, "vlanid", true},
                               {AddVmPortgroup, "addvmportgroup", true},
                               {OnBoot, "onboot", true}};

struct Section {
  std::string name;  ///< "%post"; empty: the commands before any section
  std::string header;
  ScriptLines lines;
};

class Kickstart {
 public:
  explicit Kickstart(Reading& reading) : reading_(reading), facts_(reading.facts), commands_(reading) {}

  void read() {
    collect();
    mark_product();
    for (const auto& section : sections_)
      if (section.name == "%pre") script(section, installer_);
    for (const auto& section : sections_)
      if (section.name.empty()) commands(section.lines, 0);
    for (const auto& section : sections_)
      if (section.name == "%post" || section.name == "%firstboot") script(section, script_);
    for (const auto& file : script_.files()) configuration(file);
  }

 private:
  void collect() {
    sections_.push_back({});
    bool known = false;
    reading_.for_each_line([&](const Line& line) {
      const auto word = first_word(line.text);
      if (sections_.size() == 1 && sections_[0].lines.empty() && word.starts_with("#!")) sections_[0].name = "%post";
      known = known || is_kickstart_command(word);
      if (is_section(word))
        sections_.push_back({word == "%end" ? "%none" : std::string(word), std::string(line.text), {}});
      else
        sections_.back().lines.push_back({std::string(line.text), line.number});
    });
    if (known && sections_[0].name == "%post") sections_[0].name.clear();  // a kickstart that says "#!" for some reason
  }

  /// ESXi's own words; else the host is classic, of the version whose words the file uses.
  void mark_product() {
    for (const auto& section : sections_) {
      if (section.name == "%firstboot" || section.header.find("busybox") != std::string::npos) embedded_ = true;
      if (!section.name.empty()) continue;
      for (const auto& line : section.lines) {
        const auto word = first_word(line.text);
        if (word.starts_with("install") && line.text.find(" --") != std::string::npos) embedded_ = true;
        if (word == "accepteula") weasel_ = true;
        if (is_any(word, {"vmlicense", "langsupport", "mouse"})) version("3", line);
        if (is_any(word, {"virtualdisk", "esxlocation"})) version("4", line);
      }
    }
    if (embedded_) facts_.version.reset();
    facts_.product = Said<std::string>{embedded_ ? "ESXi" : "ESX", {reading_.file(), 0, 0}};
  }

  void version(std::string_view major, const ScriptLine& line) {
    if (!facts_.version) facts_.version = Said<std::string>{std::string(major), {reading_.file(), line.number, 1}};
  }

  void script(const Section& section, Script& script) {
    if (is_shell(section.header)) return script.run(section.lines);
    reading_.note({reading_.file(), section.lines.empty() ? 0 : section.lines[0].number, 1}, "script-unread",
                  "a section in another language than the shell's was passed over");
    script.pass_over(section.lines);
  }

  void commands(const ScriptLines& lines, unsigned depth) {
    for (const auto& one : lines) {
      const auto word = first_word(one.text);
      if (word == "%include" && depth < 3)
        if (const auto* file = written(trim(trim(one.text).substr(word.size())))) commands(file->lines, depth + 1);
      if (word != "network") continue;
      const Line line{one.text, one.number};
      if (network_seen_) {
        reading_.warn(reading_.at(line), "kickstart-network-twice", "only the first network line counts");
        continue;
      }
      network_seen_ = true;
      ShellLine shell(line.text);
      if (const auto command = shell.next({}))
        network(line, read_arguments(std::span(command->words).subspan(1), kNetwork));
    }
  }

  /// A file that %pre wrote.
  const WrittenFile* written(std::string_view path) const {
    if (path.starts_with('/')) path.remove_prefix(1);
    const auto& files = installer_.files();
    const auto at =
        std::find_if(files.begin(), files.end(), [&](const WrittenFile& file) { return file.path == path; });
    return at == files.end() ? nullptr : &*at;
  }

  void network(const Line& line, const Arguments& given) {
    auto& fact = commands_.interface(line, embedded_ ? "vmk0" : "vswif0", line.text);
    if (embedded_) facts_.services.push_back({model::Service::Management, fact.name, fact.at});
    addressing(line, given, fact);
    auto& parent = commands_.add_switch(line, "vSwitch0", line.text);
    device(line, given, parent);
    groups(line, given, fact, parent);
    if (ignores_names(line, given, fact)) return;
    if (const auto* name = given.find(Hostname);
        name && !commands_.is_lost(line, *name, LostFact::Of::Host, {}, "name") && !name->text.starts_with("localhost"))
      facts_.hostname = Said<std::string>{name->text, reading_.at(line, name->raw)};
    if (const auto* servers = given.find(Nameserver);
        servers && !commands_.is_lost(line, *servers, LostFact::Of::Host, {}, "DNS server"))
      name_servers(line, *servers);
  }

  void device(const Line& line, const Arguments& given, SwitchFact& parent) {
    const auto* device = given.find(Device);
    if (!device || commands_.is_open(line, *device)) return;
    if (is_numbered(device->text, "vmnic"))
      parent.uplinks =
          reading_.said(line, device->raw, SaidNames{reading_.said(line, device->raw, std::string(device->text))});
    else if (is_version_4() && device->text.find(':') == std::string::npos)
      reading_.warn(reading_.at(line, device->raw), "kickstart-device",
                    fmt::format("the installer refuses '{}': it knows vmnicN and MACs", excerpt(device->text)),
                    "name the NIC as vmnicN");
  }

  /// The installer of ESX 4.x takes neither name nor servers together with DHCP, and says what a static line lacks.
  bool ignores_names(const Line& line, const Arguments& given, const InterfaceFact& fact) {
    if (!is_version_4() || !fact.dhcp) return false;
    for (const auto& [option, name] : {std::pair{Hostname, "--hostname"}, std::pair{Nameserver, "--nameserver"}}) {
      const auto* word = given.find(option);
      if (fact.dhcp->value && word)
        reading_.warn(reading_.at(line, word->raw), "kickstart-ignored",
                      fmt::format("the installer ignores {} together with DHCP", name));
      if (!fact.dhcp->value && !word)
        reading_.warn(reading_.at(line), "kickstart-computed",
                      fmt::format("without {} the host gets {}", name, option == Hostname ? "localhost" : "none"));
    }
    return fact.dhcp->value;
  }

  void addressing(const Line& line, const Arguments& given, InterfaceFact& fact) {
    const auto* bootproto = given.find(Bootproto);
    const bool dhcp = !bootproto || equals_ignoring_case(bootproto->text, "dhcp");
    if (bootproto && commands_.is_open(line, *bootproto)) return;
    if (!bootproto)
      reading_.warn(reading_.at(line), "kickstart-computed", "without --bootproto the installer takes DHCP");
    if (bootproto && !dhcp && !equals_ignoring_case(bootproto->text, "static"))
      return reading_.warn(reading_.at(line, bootproto->raw), "value-damaged",
                           fmt::format("'{}' is not static or dhcp", excerpt(bootproto->text)));
    const bool contradicts = given.has(Ip) || given.has(Netmask) || given.has(Gateway);
    if (dhcp && contradicts)
      reading_.warn(reading_.at(line), "kickstart-contradicts", "the installer refuses addresses together with DHCP",
                    "say --bootproto=static if the addresses are meant");
    fact.dhcp = Said<bool>{dhcp, bootproto ? reading_.at(line, bootproto->raw) : reading_.at(line)};
    if (dhcp) return;
    if (!given.has(Ip) || !given.has(Netmask)) computed(line, given.has(Ip) ? "--netmask" : "--ip");
    if (!given.has(Gateway) && !is_version_3()) computed(line, "--gateway");
    commands_.set_address(line, fact, given.find(Ip), given.find(Netmask));
    const std::string stack(embedded_ ? model::kDefaultStack : model::kConsole);
    if (const auto* gateway = given.find(Gateway);
        gateway && !commands_.is_lost(line, *gateway, LostFact::Of::Gateway, stack)) {
      if (const auto value = reading_.address(line, {gateway->text, gateway->raw}))
        facts_.gateways.push_back({stack, value, Said<std::string>{fact.name, value->at}, value->at});
      else
        reading_.lose({LostFact::Of::Gateway, stack, {}, {}, reading_.at(line, gateway->raw)});
    }
  }

  /// The installer of ESX 3.x leaves out what is not said; the later one computes it.
  bool is_version_3() const { return facts_.version && facts_.version->value == "3"; }

  bool is_version_4() const {
    return !embedded_ && !is_version_3() && (weasel_ || (facts_.version && facts_.version->value == "4"));
  }

  void computed(const Line& line, std::string_view option) {
    reading_.warn(reading_.at(line), "kickstart-computed",
                  fmt::format("{} is missing: what the installer computes in its place is left open", option));
  }

  /// The port groups of the new switch; a VLAN is both groups' own.
  void groups(const Line& line, const Arguments& given, InterfaceFact& fact, SwitchFact& parent) {
    const auto make = [&](std::string_view name) {
      ShellWord word;
      word.text = std::string(name);
      word.raw = line.text.substr(0, 1);
      auto& group = commands_.portgroup(line, parent, word);
      if (const auto* vlan = given.find(VlanId)) {
        group.vlan.reset();
        if (vlan->unresolved.empty()) commands_.set_vlan(line, group, *vlan);
      }
    };
    const std::string own = embedded_ ? "Management Network" : "Service Console";
    make(own);
    fact.portgroup = Said<std::string>{own, reading_.at(line)};
    if (const auto* vlan = given.find(VlanId)) commands_.is_open(line, *vlan);
    const auto* wanted = given.find(AddVmPortgroup);
    if (!wanted || !is_any(lower(wanted->text), {"0", "false", "no"})) make("VM Network");
  }

  void name_servers(const Line& line, const ShellWord& servers) {
    constexpr std::size_t most = 2;  // the installer ignores the rest
    for (const auto part : split(servers.text, ',')) {
      if (facts_.dns_servers.size() >= most || trim(part).empty()) continue;
      if (const auto address = reading_.address(line, {trim(part), servers.raw}))
        facts_.dns_servers.push_back(*address);
      else
        reading_.lose({LostFact::Of::Host, {}, "DNS server", {}, reading_.at(line, servers.raw)});
    }
  }

  /// A file of the console that the script writes: read as the file is, each place where the script says it.
  void configuration(const WrittenFile& file) {
    const auto* importer = importer_for(file.path);
    if (!importer) return;
    std::string text;
    for (const auto& line : file.lines) text += line.text + "\n";
    auto said = moved(importer->read({FileName(file.path), text}), reading_.file(), file.lines);
    // The installer wrote the file from the network line before.
    if (file.extends && !said.dns_servers.empty())
      said.dns_servers.insert(said.dns_servers.begin(), facts_.dns_servers.begin(), facts_.dns_servers.end());
    overlay(facts_, std::move(said));
  }

  Reading& reading_;
  Facts& facts_;
  EsxcfgCommands commands_;
  Script installer_{reading_, commands_, Script::Where::Installer};
  Script script_{reading_, commands_};
  std::vector<Section> sections_;
  bool embedded_ = false;
  bool weasel_ = false;  ///< a word that ESX 4.x brought, and ESXi has too
  bool network_seen_ = false;
};

}  // namespace

bool looks_like_kickstart(std::string_view head) {
  std::size_t commands = 0;
  bool sections = false;
  bool esxcfg = false;
  bool network = false;
  for_each_line(head, [&](std::string_view line, std::uint32_t) {
    const auto word = first_word(line);
    commands += is_kickstart_command(word) ? 1 : 0;
    network = network || (word == "network" && line.find(" --bootproto") != std::string_view::npos);
    sections = sections || word == "%post" || word == "%firstboot" || word == "%packages";
    esxcfg = esxcfg || word.starts_with("esxcfg-v");
  });
  return commands >= 3 || network || (sections && commands >= 1) || (esxcfg && head.starts_with("#!"));
}

Facts read_kickstart(const Source& source) {
  Reading reading(source);
  Kickstart(reading).read();
  return reading.take();
}

}  // namespace esx2esxi::intake
