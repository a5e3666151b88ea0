#include "machine.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace test {

namespace fs = std::filesystem;

namespace {

/// esxcli.md section 17: one host's `busybox --list`. No tr, no cat.
constexpr const char* kApplets[] = {"awk",    "sed",     "grep",   "egrep",     "fgrep",  "cut",    "expr", "find",
                                    "head",   "tail",    "sort",   "uniq",      "mktemp", "printf", "seq",  "stat",
                                    "tee",    "timeout", "test",   "wc",        "xargs",  "logger", "date", "sleep",
                                    "usleep", "nohup",   "setsid", "sha256sum", "vi",     "wget"};
const std::vector<const char*> kPrograms{"esxcli",   "esxcfg-route", "vim-cmd",       "vmware",
                                         "hostname", "vmkping",      "auto-backup.sh"};
const std::vector<const char*> kConsolePrograms{"esxcfg-vmknic", "esxcfg-vswitch", "esxcfg-vswif", "esxcfg-route",
                                                "vmware",        "hostname",       "vmkping",      "ping"};
/// Later releases have these too, but no script for them may need one.
constexpr const char* kOldPrograms[] = {"esxcfg-vmknic",   "esxcfg-vswitch", "esxcfg-nas",    "esxcfg-nics",
                                        "esxcfg-scsidevs", "esxcfg-swiscsi", "esxcfg-rescan", "vmkiscsi-tool"};

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const Environment& environment, const fs::path& output) {
  setpgid(0, 0);
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  std::vector<std::string> texts{program};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<std::string> settings;
  for (const auto& [name, value] : environment) settings.push_back(name + "=" + value);
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (auto& text : texts) argv.push_back(text.data());
  for (auto& setting : settings) envp.push_back(setting.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  execve(program.c_str(), argv.data(), envp.data());
  _exit(127);
}

}  // namespace

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

fs::path new_folder() {
  auto name = (fs::temp_directory_path() / "esx2esxi-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("cannot make a folder");
  return name;
}

void wait(unsigned milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

std::string busybox() {
  for (const auto* path : {"/bin/busybox", "/usr/bin/busybox"})
    if (fs::exists(path)) return path;
  throw std::runtime_error("busybox is not installed");
}

Machine::Machine(fs::path plan, std::string host, std::string version, std::string start)
    : plan_(std::move(plan)),
      host_(std::move(host)),
      version_(std::move(version)),
      classic_(start == "before"),
      folder_(new_folder()) {
  fs::create_directories(folder_ / "bin");
  fs::create_directories(folder_ / "tmp");
  for (const auto* applet : kApplets) fs::create_symlink(busybox(), folder_ / "bin" / applet);
  fs::create_symlink(busybox(), folder_ / "bin/sh");
  for (const auto* program : classic_ ? kConsolePrograms : kPrograms)
    fs::create_symlink(EMULATED_HOST, folder_ / "bin" / program);
  if (!classic_ && version_.rfind("4.", 0) == 0)
    for (const auto* program : kOldPrograms) fs::create_symlink(EMULATED_HOST, folder_ / "bin" / program);
  const auto made = execute(HOST_STATE, {"make", plan_ / "plan.json", host_, start, version_}, {});
  if (made.status != 0) throw std::runtime_error(made.output);
  set_state(made.output);
}

Machine::~Machine() { fs::remove_all(folder_); }

Ran Machine::execute(const std::string& program, const std::vector<std::string>& arguments,
                     const Environment& environment) const {
  auto name = (folder_ / "output-XXXXXX").string();  // one each: two may run at once
  const int made = mkstemp(name.data());
  if (made < 0) throw std::runtime_error("cannot make a file");
  close(made);
  const fs::path output = name;
  const auto child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become(program, arguments, environment, output);
  int status = 0;
  waitpid(child, &status, 0);
  Ran ran{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read_text(output)};
  fs::remove(output);
  return ran;
}

Ran Machine::run(const std::string& script, const std::vector<std::string>& arguments, const Environment& more) {
  Environment environment{{"PATH", folder_ / "bin"},
                          {"EMULATED_STATE", folder_ / "state.json"},
                          {"EMULATED_LOG", folder_ / "log"},
                          {"ESX2ESXI_TMP", folder_ / "tmp"}};
  for (const auto& [name, value] : more) environment[name] = value;
  std::vector<std::string> words{plan_ / "hosts" / host_ / script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  if (classic_) return execute("/bin/bash", words, environment);
  words.insert(words.begin(), "ash");
  return execute(busybox(), words, environment);
}

std::future<Ran> Machine::start(const std::string& script, const std::vector<std::string>& arguments,
                                const Environment& more) {
  return std::async(std::launch::async, [=, this] { return run(script, arguments, more); });
}

Ran Machine::call(const std::vector<std::string>& words) {
  return execute(folder_ / "bin" / words.front(), {words.begin() + 1, words.end()},
                 {{"EMULATED_STATE", folder_ / "state.json"}, {"EMULATED_LOG", folder_ / "log"}});
}

std::string Machine::difference_from(const std::string& mapped_or_after) {
  const auto ran =
      execute(HOST_STATE, {"compare", plan_ / "plan.json", host_, mapped_or_after, folder_ / "state.json"}, {});
  return ran.status == 0 ? std::string() : ran.output + " (status " + std::to_string(ran.status) + ")";
}

std::string Machine::state() const { return read_text(folder_ / "state.json"); }
void Machine::set_state(const std::string& text) const { write_text(folder_ / "state.json", text); }

std::vector<std::string> Machine::changes() const {
  std::istringstream in(read_text(folder_ / "log"));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

void Machine::reset_log() const { fs::remove(folder_ / "log"); }

}  // namespace test
