// A folder with an emulated host in it, and the scripts of one planned host to run there.
#pragma once

#include <filesystem>
#include <future>
#include <map>
#include <string>
#include <vector>

namespace test {

struct Ran {
  int status = 0;  ///< exit status; 128 + n where a signal ended it
  std::string output;
};

using Environment = std::map<std::string, std::string>;

class Machine {
 public:
  /// `plan` is the folder with plan.json and hosts/NAME/*.sh. The machine begins in state `start`: mapped or after, or
  /// before, which is a classic one; there scripts run in bash.
  Machine(std::filesystem::path plan, std::string host, std::string version, std::string start = "mapped");
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  /// "remediate.sh" or "rollback.sh", in BusyBox ash, with nothing in PATH but the host's own programs and the applets
  /// that ESXi has.
  Ran run(const std::string& script, const std::vector<std::string>& arguments = {}, const Environment& more = {});
  /// The same, beside the caller.
  std::future<Ran> start(const std::string& script, const std::vector<std::string>& arguments, const Environment& more);
  /// One of the host's programs.
  Ran call(const std::vector<std::string>& words);

  /// What differs from a state of the plan; empty: nothing.
  std::string difference_from(const std::string& mapped_or_after);

  std::string state() const;
  void set_state(const std::string& text) const;
  /// The changes since the last reset, a line each.
  std::vector<std::string> changes() const;
  void reset_log() const;
  /// What stands for the host's RAM disk: the scripts' lock, and the copies of what the way back needs.
  std::filesystem::path ram() const { return folder_ / "tmp"; }

 private:
  Ran execute(const std::string& program, const std::vector<std::string>& arguments,
              const Environment& environment) const;

  std::filesystem::path plan_;
  std::string host_;
  std::string version_;
  bool classic_;
  std::filesystem::path folder_;
};

std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);
std::filesystem::path new_folder();
void wait(unsigned milliseconds);

/// Where BusyBox is; throws if it is not installed.
std::string busybox();

}  // namespace test
