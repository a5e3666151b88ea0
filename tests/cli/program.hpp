// The program as a user's shell sees it: arguments in, exit code and two streams out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cli {

struct Outcome {
  int code = -1;        ///< exit code; 128 + signal if a signal ended it
  std::string out;      ///< standard output
  std::string err;      ///< standard error
  double seconds = 0;   ///< of processor time
  double peak_mib = 0;  ///< resident
};

struct Circumstances {
  std::map<std::string, std::string> environment;  ///< besides PATH; nothing is inherited
  std::string folder;                              ///< to run in; empty: this one
  std::optional<unsigned long> largest_file;       ///< bytes that a file may grow to (RLIMIT_FSIZE)
  std::string out_to;                              ///< a file for standard output instead of `out`
};

/// Runs build/.../esx2esxi.
Outcome run(const std::vector<std::string>& arguments, const Circumstances& circumstances = {});

/// A folder that is removed at the end.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  /// Writes a file, with the folders above it.
  void put(const std::string& name, const std::string& bytes) const;
  /// Everything in it, sorted, relative.
  std::vector<std::string> listing() const;

 private:
  std::string path_;
};

std::string content(const std::string& path);
/// Path relative to `folder` -> bytes, of every file in it.
std::map<std::string, std::string> contents(const std::string& folder);
std::size_t count_lines(const std::string& text);

inline const std::string kHarbor = TEST_ESTATES "/harbor";
inline const std::string kHosts = kHarbor + "/hosts";
inline const std::string kPolicy = kHarbor + "/policy/policy.info";
inline const std::string kPools = kHarbor + "/policy/pools.csv";

}  // namespace cli
