// Which commands of a session are read, and by whom: esxcli's by the table in esxi_commands.cpp, all others by the
// importer of the file that vm-support saves their output in ("commands/esxcfg-vswif_-l.txt"), `cat FILE` by that
// file's.
#include <algorithm>
#include <array>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "session_read.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::string_view kPrograms[] = {
    "esxcfg-vswif", "esxcfg-vmknic", "esxcfg-vswitch", "esxcfg-route", "esxcfg-nics",
    "esxcfg-nas",   "route",         "netstat",        "ip",           "ifconfig",
    "vmware",       "uname",         "esxcfg-swiscsi", "esxcfg-info"};

/// "esxcfg-route --netstack=vmotion -l" is the listing of another stack: the option is no part of the file's name.
bool is_netstack_option(std::string_view word) { return word.starts_with("-N") || word.starts_with("--netstack"); }

std::string saved_name(const CommandLine& command) {
  std::string name = "commands/";
  for (std::size_t i = 0; i < command.words.size(); ++i) {
    const std::string_view word = command.words[i];
    if (is_netstack_option(word)) {
      if (word == "-N" || word == "--netstack") ++i;
      continue;
    }
    if (name.back() != '/') name += '_';
    if (word == "--list")
      name += "-l";
    else
      for (const char c : word) name += c == '/' ? '_' : c;
  }
  return name + ".txt";
}

/// "esxcli swiscsi nic list -d vmhba33" of ESX 4.x.
bool is_swiscsi(const CommandLine& command) {
  return command.words.size() > 3 && command.words[1] == "swiscsi" && command.words[2] == "nic" &&
         command.words[3] == "list";
}

constexpr Importer kAdvcfg{"esxcfg-advcfg", Trust::Listing, nullptr, nullptr, read_esxcfg_advcfg};
constexpr Importer kGrep{"grep esx.conf", Trust::Configuration, nullptr, nullptr, read_grepped_esx_conf};

/// `esxcfg-advcfg -g /Migrate/Vmknic`, `grep Vmknic /etc/vmware/esx.conf`: one value of the configuration.
const Importer* importer_of_value(const CommandLine& command) {
  const auto& words = command.words;
  if (command.program() == "esxcfg-advcfg") return words.size() == 3 && words[1] == "-g" ? &kAdvcfg : nullptr;
  const bool plain = words.size() == 3 || (words.size() == 4 && words[1] == "-i");
  return command.program() == "grep" && plain && words.back() == "/etc/vmware/esx.conf" ? &kGrep : nullptr;
}

const Importer* importer_of_cat(const CommandLine& command) {
  if (command.words.size() != 2 || !command.words[1].starts_with('/')) return nullptr;
  return importer_for(std::string_view(command.words[1]).substr(1));
}

}  // namespace

bool is_esxcli(const CommandLine& command) {
  return (command.program() == "esxcli" || command.program() == "localcli") && !is_swiscsi(command);
}

const Importer* importer_of(const CommandLine& command) {
  if (command.program() == "grep" || command.program() == "esxcfg-advcfg") return importer_of_value(command);
  if (command.program() == "cat" || command.program() == "more" || command.program() == "less")
    return importer_of_cat(command);
  if (is_swiscsi(command)) return importer_for("commands/esxcli_swiscsi_nic_list.txt");
  const bool listed = std::find(std::begin(kPrograms), std::end(kPrograms), command.program()) != std::end(kPrograms);
  return listed ? importer_for(saved_name(command)) : nullptr;
}

bool is_read(const CommandLine& command) {
  if (is_esxcli(command)) return esxi_command(esxcli_words(command).path) != nullptr;
  return command.program() == "hostname" || importer_of(command) != nullptr;
}

namespace {

std::string host_name_in(const SessionCommand& command) {
  if (command.words.doubtful != Doubtful::No) return {};
  const auto& words = command.words.words;
  if (command.words.program() == "hostname" && (words.size() == 1 || words[1].starts_with('-'))) {
    const auto printed = esx2esxi::words(command.output.substr(0, command.output.find_first_of("\r\n")));
    return printed.size() == 1 ? std::string(printed.front()) : std::string();
  }
  if (!is_esxcli(command.words) || esxcli_words(command.words).path != "system hostname get") return {};
  const auto output = read_esxcli({FileName(), command.output}, {});
  for (const auto& record : output.records)
    for (const auto key : {"fullyqualifieddomainname", "hostname"})
      if (const auto name = record[key]; !name.empty()) return std::string(name);
  return {};
}

}  // namespace

std::string printed_host_name(const SessionCommand& command) {
  const auto name = host_name_in(command);
  const bool fit = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_';
  });
  return fit ? name : std::string();
}

}  // namespace esx2esxi::intake
