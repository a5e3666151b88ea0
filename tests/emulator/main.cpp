// The emulated programs: which one is decided by the name it is called by.
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "classic.hpp"
#include "console.hpp"
#include "grammar.hpp"
#include "ping.hpp"

namespace emulator {

namespace {

std::string setting(const char* name, const std::string& otherwise = {}) {
  const char* value = std::getenv(name);
  return value ? value : otherwise;
}

Release release_of(const std::string& text) {
  const auto dot = text.find('.');
  return std::stoi(text.substr(0, dot)) * 100 + std::stoi(text.substr(dot + 1));
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::string& path, const std::string& text) {
  const auto fresh = path + ".new";
  std::ofstream(fresh, std::ios::binary) << text;
  if (std::rename(fresh.c_str(), path.c_str()) != 0) throw Refused("the emulator cannot write " + path);
}

std::size_t changes_so_far() {
  const auto log = read_file(setting("EMULATED_LOG"));
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

void log_change(const std::vector<std::string>& arguments) {
  const auto path = setting("EMULATED_LOG");
  if (path.empty()) return;
  std::string line;
  for (const auto& argument : arguments)
    for (const char c : (line.empty() ? "" : " ") + argument) line += c == '\n' ? ' ' : c;
  std::ofstream(path, std::ios::app | std::ios::binary) << line << '\n';
}

/// "fail", "kill-before", "kill-after" if this change is the one; else empty.
std::string fault_now() {
  const auto fault = setting("EMULATED_FAULT");
  const auto colon = fault.find(':');
  if (colon == std::string::npos) return {};
  return changes_so_far() + 1 == std::stoul(fault.substr(colon + 1)) ? fault.substr(0, colon) : std::string();
}

Host load() {
  Host host(Json::parse(read_file(setting("EMULATED_STATE"))));
  host.release = release_of(setting("EMULATED_VERSION", host.state().at("version")));
  host.forgetful = setting("EMULATED_WAYS") == "forget";
  host.unfiltered = setting("EMULATED_FILTER") == "none";
  return host;
}

void run_change(Host& host, const std::function<void()>& act, const std::vector<std::string>& arguments) {
  const auto fault = fault_now();
  if (fault == "kill-before") kill(0, SIGKILL);
  if (fault == "fail") {
    log_change(arguments);
    throw Refused("Connect to localhost failed: Connection failure");
  }
  act();
  log_change(arguments);
  write_file(setting("EMULATED_STATE"), host.state().dump(1) + "\n");
  if (fault == "kill-after") kill(0, SIGKILL);
}

int esxcli(std::vector<std::string> arguments) {
  Output out;
  out.comma_at_end = setting("EMULATED_CSV") != "plain";
  auto host = load();
  while (!arguments.empty() && arguments.front().rfind("-", 0) == 0) {
    if (arguments.front() != "--formatter=csv" || host.release < 500)
      throw Refused("Error: Invalid option " + arguments.front());
    out.form = Form::Csv;
    arguments.erase(arguments.begin());
  }
  const auto parsed = parse(arguments, host.release);
  const auto act = [&] { parsed.command->run(host, parsed.given, out); };
  if (parsed.command->changes)
    run_change(host, act, arguments);
  else
    act();
  std::cout << out.text();
  return 0;
}

Act act_of(const std::string& program, const std::vector<std::string>& arguments, const Host& host) {
  const bool console = host.state().contains("product");
  if (program == "vim-cmd") return vim_cmd(arguments, host.release);
  if (program == "esxcfg-route") return esxcfg_route(arguments);
  if (program == "esxcfg-vmknic") return console ? esxcfg_vmknic(arguments) : esxi_vmknic(arguments);
  if (program == "esxcfg-vswitch") return console ? esxcfg_vswitch(arguments) : esxi_vswitch(arguments);
  if (program == "esxcfg-vswif" && console) return esxcfg_vswif(arguments);
  if (program == "esxcfg-nas") return esxi_nas(arguments);
  if (program == "esxcfg-nics") return esxi_nics(arguments);
  if (program == "esxcfg-scsidevs") return esxi_scsidevs(arguments);
  if (program == "esxcfg-swiscsi" || program == "esxcfg-rescan" || program == "vmkiscsi-tool")
    return esxi_iscsi(program, arguments);
  throw Refused(program + ": not emulated");
}

int other(const std::string& program, std::vector<std::string> arguments) {
  Output out;
  auto host = load();
  const auto act = act_of(program, arguments, host);
  arguments.insert(arguments.begin(), program);
  if (act.changes)
    run_change(
        host, [&] { act.run(host, out); }, arguments);
  else
    act.run(host, out);
  std::cout << out.text();
  return 0;
}

int vmware(const std::vector<std::string>& arguments) {
  if (arguments != std::vector<std::string>{"-v"}) throw Refused("vmware: only -v is emulated");
  const auto host = load();
  const bool three = host.release < 400;
  std::cout << (host.state().contains("product") ? three ? "VMware ESX Server " : "VMware ESX " : "VMware ESXi ")
            << host.state().at("version").get<std::string>() << " build-1000000\n";
  return 0;
}

int hostname(const std::vector<std::string>&) {
  std::cout << load().state().at("host").get<std::string>() << "\n";
  return 0;
}

int vmkping(const std::vector<std::string>& arguments) {
  auto host = load();
  std::cout << ping(host, arguments);
  return 0;
}

int ping_by_console(const std::vector<std::string>& arguments) {
  auto host = load();
  std::cout << console_ping(host, arguments);
  return 0;
}

int auto_backup() {
  const auto path = setting("EMULATED_STATE");
  write_file(path + ".backup", read_file(path));
  return 0;
}

int run(const std::string& program, const std::vector<std::string>& arguments) {
  if (program == "esxcli") return esxcli(arguments);
  if (program.rfind("esxcfg-", 0) == 0 || program == "vim-cmd" || program == "vmkiscsi-tool")
    return other(program, arguments);
  if (program == "vmware") return vmware(arguments);
  if (program == "hostname") return hostname(arguments);
  if (program == "vmkping") return vmkping(arguments);
  if (program == "ping") return ping_by_console(arguments);
  if (program == "auto-backup.sh") return auto_backup();
  throw Refused(program + ": not emulated");
}

}  // namespace

}  // namespace emulator

int main(int argc, char** argv) {
  std::string program = argv[0];
  program.erase(0, program.rfind('/') + 1);
  usleep(static_cast<useconds_t>(std::stoul(emulator::setting("EMULATED_DELAY", "0"))) * 1000);
  try {
    return emulator::run(program, {argv + 1, argv + argc});
  } catch (const emulator::Refused& refused) {
    (emulator::setting("EMULATED_ERRORS") == "stderr" ? std::cerr : std::cout) << refused.what() << "\n";
    return 1;
  } catch (const std::exception& error) {
    std::cerr << "emulator: " << error.what() << "\n";
    return 70;
  }
}
