#include "esx2esxi/intake/importer.hpp"

#include <algorithm>
#include <array>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "kickstart.hpp"

namespace esx2esxi::intake {

namespace {

using Path = std::string_view;

Path base_name(Path path) { return path.substr(path.rfind('/') + 1); }  // npos + 1 is 0

/// "PREFIX" and digits: ifcfg-vswif0, but neither ifcfg-vswif0.bak nor ifcfg-vswif.
bool is_prefix_and_number(Path path, Path prefix) {
  return path.size() > prefix.size() && path.starts_with(prefix) && number(path.substr(prefix.size())).has_value();
}

/// The command whose output a file holds: `commands/NAME.txt` (vm-support of 4.1), `NAME.PID.txt` anywhere (before).
/// Empty: no saved output.
Path saved_command(Path path) {
  auto name = base_name(path);
  if (!name.ends_with(".txt")) return {};
  name.remove_suffix(4);
  const auto dot = name.rfind('.');
  if (dot != Path::npos && number(name.substr(dot + 1))) return name.substr(0, dot);
  const auto folder = path.substr(0, path.size() - base_name(path).size());
  return folder == "commands/" || folder.ends_with("/commands/") ? name : Path();
}

template <class... Names>
bool is_output_of(Path path, Names... names) {
  const auto command = saved_command(path);
  return !command.empty() && ((command == Path(names)) || ...);
}

bool any_line(std::string_view head, bool (*fits)(std::string_view)) {
  bool found = false;
  for_each_line(head, [&](std::string_view line, std::uint32_t) { found = found || fits(line); });
  return found;
}

/// "Most lines are /key = "value"": the file has neither a header nor a first key of its own.
bool looks_like_esx_conf(std::string_view head) {
  std::size_t entries = 0;
  std::size_t others = 0;
  for_each_line(head, [&](std::string_view line, std::uint32_t) {
    line = trim(line);
    if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    if (line.empty()) return;
    const auto equals = line.find('=');
    const bool entry =
        line.starts_with('/') && equals != std::string_view::npos && line.find('"', equals) < line.size();
    ++(entry ? entries : others);
  });
  return entries > others;
}

/// "Most lines are KEY=value": a script that writes such a file by a here-document holds more besides.
bool are_settings(std::string_view head) {
  std::size_t settings = 0;
  std::size_t others = 0;
  for_each_line(head, [&](std::string_view line, std::uint32_t) {
    line = trim(line);
    if (line.starts_with("export ")) line = trim(line.substr(7));
    if (line.empty() || line.starts_with('#')) return;
    const auto equals = std::min(line.find('='), line.size());
    const bool is_key = equals < line.size() && line.substr(0, equals).find_first_of(" \t") == std::string_view::npos;
    ++(is_key ? settings : others);
  });
  return settings > others;
}

bool looks_like_ifcfg(std::string_view head) {
  return are_settings(head) && any_line(head, [](std::string_view line) {
           line = trim(line);
           if (line.starts_with("export ")) line = trim(line.substr(7));
           return line.starts_with("DEVICE=") && line.find("vswif") != std::string_view::npos;
         });
}

bool looks_like_network(std::string_view head) {
  return are_settings(head) &&
         any_line(head, [](std::string_view line) { return trim(line).starts_with("NETWORKING="); });
}

bool looks_like_vswif(std::string_view head) {
  return any_line(head, [](std::string_view line) {
    const auto all = words(line);
    return all.size() > 2 && all[0] == "Name" && all[1] == "Port" && line.find("Netmask") != std::string_view::npos;
  });
}

bool looks_like_vmknic(std::string_view head) {
  return any_line(head, [](std::string_view line) {
    return trim(line).starts_with("Interface ") && line.find("MAC Address") != std::string_view::npos;
  });
}

bool looks_like_vswitch(std::string_view head) {
  return any_line(head, [](std::string_view line) {
    line = trim(line);
    return line.starts_with("Switch Name ") || line.starts_with("DVS Name ");
  });
}

bool looks_like_esxcfg_route(std::string_view head) {
  return any_line(head, [](std::string_view line) {
    line = trim(line);
    return line.starts_with("VMkernel Routes") || line.starts_with("VM Kernel Routes") ||
           line.starts_with("VMkernel default gateway");
  });
}

bool looks_like_route(std::string_view head) {
  return any_line(head, [](std::string_view line) { return trim(line) == "Kernel IP routing table"; });
}

bool looks_like_ifconfig(std::string_view head) {
  return any_line(head, [](std::string_view line) { return line.find("Link encap:") != std::string_view::npos; });
}

bool looks_like_nics(std::string_view head) {
  return any_line(head, [](std::string_view line) {
    const auto all = words(line);
    return all.size() > 3 && all[0] == "Name" && all[1] == "PCI" && all[2] == "Driver";
  });
}

bool looks_like_swiscsi(std::string_view head) {
  return any_line(head, [](std::string_view line) { return trim(line).starts_with("pNic name:"); });
}

bool looks_like_version(std::string_view head) {
  return any_line(head, [](std::string_view line) {
    return trim(line).starts_with("VMware ESX") && line.find(" build-") != std::string_view::npos;
  });
}

constexpr Path kScripts = "etc/sysconfig/network-scripts/";

/// "ifcfg-vswif0:1" is an alias: a second address of vswif0.
bool is_ifcfg(Path path) {
  if (!path.starts_with(kScripts)) return false;
  path.remove_prefix(kScripts.size());
  const auto colon = std::min(path.find(':'), path.size());
  return is_prefix_and_number(path.substr(0, colon), "ifcfg-vswif") &&
         (colon == path.size() || number(path.substr(colon + 1)));
}
bool is_route_file(Path path) {
  return path.starts_with(kScripts) && is_prefix_and_number(path.substr(kScripts.size()), "route-vswif");
}
bool is_swiscsi(Path path) {
  const auto command = saved_command(path);
  return command.starts_with("esxcli-swiscsi-nic-list") || command.starts_with("esxcli_swiscsi_nic_list");
}

template <std::size_t N>
struct Text {
  char characters[N];
  constexpr Text(const char (&text)[N]) { std::copy_n(text, N, characters); }
  constexpr Path view() const { return {characters, N - 1}; }
};
template <Text Wanted>
bool is_path(Path path) {
  return path == Wanted.view();
}
/// The output of a command, without and with its option in the name.
template <Text Command, Text Option>
bool is_saved(Path path) {
  const auto saved = saved_command(path);
  if (saved == Command.view()) return true;
  return saved.starts_with(Command.view()) && saved.substr(Command.view().size()) == Option.view();
}

// What a host boots with first. ifcfg stands before esx.conf: the console's interfaces are its own.
constexpr std::array kImporters{
    Importer{"ifcfg", Trust::Configuration, is_ifcfg, looks_like_ifcfg, read_ifcfg},
    Importer{"network", Trust::Configuration, is_path<"etc/sysconfig/network">, looks_like_network, read_network},
    Importer{"route-file", Trust::Configuration, is_route_file, nullptr, read_route_file},
    Importer{"static-routes", Trust::Configuration, is_path<"etc/sysconfig/static-routes">, nullptr,
             read_static_routes},
    Importer{"esx.conf", Trust::Configuration, is_path<"etc/vmware/esx.conf">, looks_like_esx_conf, read_esx_conf},
    Importer{"resolv.conf", Trust::Configuration, is_path<"etc/resolv.conf">, nullptr, read_resolv_conf},
    Importer{"hosts", Trust::Configuration, is_path<"etc/hosts">, nullptr, read_hosts},
    Importer{"ntp.conf", Trust::Configuration, is_path<"etc/ntp.conf">, nullptr, read_ntp_conf},
    Importer{"step-tickers", Trust::Configuration, is_path<"etc/ntp/step-tickers">, nullptr, read_step_tickers},
    Importer{"vmkiscsi.conf", Trust::Configuration, is_path<"etc/vmkiscsi.conf">, nullptr, read_vmkiscsi_conf},
    Importer{"vmware-release", Trust::Marker, is_path<"etc/vmware-release">, nullptr, read_vmware_release},
    Importer{"esxcfg-vswif", Trust::Listing, is_saved<"esxcfg-vswif", "_-l">, looks_like_vswif, read_esxcfg_vswif},
    Importer{"esxcfg-vmknic", Trust::Listing, is_saved<"esxcfg-vmknic", "_-l">, looks_like_vmknic, read_esxcfg_vmknic},
    Importer{"esxcfg-vswitch", Trust::Listing, is_saved<"esxcfg-vswitch", "_-l">, looks_like_vswitch,
             read_esxcfg_vswitch},
    Importer{"esxcfg-route", Trust::Listing, is_saved<"esxcfg-route", "_-l">, looks_like_esxcfg_route,
             read_esxcfg_route},
    Importer{"route", Trust::Listing,
             [](Path path) {
               return is_output_of(path, "route", "route_-n", "netstat_-rn", "netstat-rn", "netstat_-nr", "ip_route",
                                   "ip_route_list", "ip_route_show", "ip_-4_route");
             },
             looks_like_route, read_route},
    Importer{"ifconfig", Trust::Listing, is_saved<"ifconfig", "_-a">, looks_like_ifconfig, read_ifconfig},
    Importer{"esxcfg-nics", Trust::Listing, is_saved<"esxcfg-nics", "_-l">, looks_like_nics, read_esxcfg_nics},
    Importer{"esxcfg-nas", Trust::Listing, is_saved<"esxcfg-nas", "_-l">, nullptr, read_esxcfg_nas},
    Importer{"swiscsi", Trust::Listing, is_swiscsi, looks_like_swiscsi, read_swiscsi_nic_list},
    Importer{"vmware", Trust::Listing,
             [](Path path) { return is_output_of(path, "vmware", "vmware_-v", "vmware_-l", "vmware_-vl"); },
             looks_like_version, read_vmware_version},
    Importer{"esxcfg-swiscsi", Trust::Listing, is_saved<"esxcfg-swiscsi", "_-q">, nullptr, read_esxcfg_swiscsi},
    Importer{"esxcfg-info", Trust::Listing, is_saved<"esxcfg-info", "_-a">, nullptr, read_esxcfg_info},
    Importer{"uname", Trust::Listing, [](Path path) { return is_output_of(path, "uname", "uname_-a", "uname_-n"); },
             nullptr, read_uname},
    Importer{"kickstart", Trust::Script, [](Path) { return false; }, looks_like_kickstart, read_kickstart},
};

/// The configuration before a 3-to-4 upgrade, kept beside the one in force.
bool is_decoy(Path path) {
  return path.starts_with("esx3-installation/") || path.find("/esx3-installation/") != Path::npos;
}

}  // namespace

std::span<const Importer> importers() { return kImporters; }

const Importer* importer_for(std::string_view path) {
  // Nothing else is worth asking about: a tree may hold a whole file system.
  if (!path.starts_with("etc/") && !path.ends_with(".txt")) return nullptr;
  if (is_decoy(path)) return nullptr;
  const auto it = std::find_if(kImporters.begin(), kImporters.end(),
                               [&](const Importer& importer) { return importer.wants(path); });
  return it == kImporters.end() ? nullptr : &*it;
}

}  // namespace esx2esxi::intake
