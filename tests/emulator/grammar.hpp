// Words and options of esxcli, by release.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "host.hpp"
#include "output.hpp"

namespace emulator {

enum class Kind { Text, Bool, Number, Flag };

struct Option {
  std::string name;
  char letter = 0;  ///< 0: long form only
  Kind kind = Kind::Text;
  bool required = false;
  Release since = 500;
  bool repeats = false;
};

/// The options as given, under their long names; flags are "true".
using Given = std::map<std::string, std::string>;

struct Command {
  std::string words;  ///< "network ip interface add"
  Release since = 500;
  bool changes = false;
  std::vector<Option> options;
  std::function<void(Host&, const Given&, Output&)> run;
  Release until = 9999;  ///< the last release that has it
};

const std::vector<Command>& commands();

// One part of the tree each.
std::vector<Command> interface_commands();
std::vector<Command> route_commands();
std::vector<Command> switch_commands();
std::vector<Command> storage_commands();
std::vector<Command> system_commands();

/// What the words after the program's own options mean. Refuses, with a host's texts, what the release does not have.
struct Parsed {
  const Command* command = nullptr;
  Given given;
};
Parsed parse(const std::vector<std::string>& arguments, Release release);

/// The value of an option, or a default.
inline std::string get(const Given& given, const std::string& name, const std::string& otherwise = {}) {
  const auto it = given.find(name);
  return it == given.end() ? otherwise : it->second;
}
inline bool given_true(const Given& given, const std::string& name) { return get(given, name) == "true"; }

}  // namespace emulator
