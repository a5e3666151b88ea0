// Shell scripts, followed without being run: what they assign, which commands they call for certain, what they write
// into files. Private to the stage.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "esxcfg_commands.hpp"
#include "lines.hpp"
#include "shell.hpp"

namespace esx2esxi::intake {

struct ScriptLine {
  std::string text;
  std::uint32_t number = 0;  ///< in the file that the script stands in
};
using ScriptLines = std::vector<ScriptLine>;

/// A file that a script writes, by here-document or by echo.
struct WrittenFile {
  std::string path;  ///< without the leading slash, as in "etc/sysconfig/network"
  ScriptLines lines;
  /// Variables that were put in when the file was written, with nobody knows what: not the file's own of that name.
  std::set<std::string, std::less<>> frozen;
  bool extends = false;  ///< the lines stand behind what was in the file before the script ran
};

/// "esxcfg-vswif" of "/usr/sbin/esxcfg-vswif"
inline std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Scripts that write scripts that write scripts are followed this far.
inline constexpr unsigned kMostDepth = 3;

/// What a script does, as far as it can be told.
///
/// A command below a condition or in a loop may run or not: it is left out with a warning, and a value that only such a
/// command assigns is not known. A script that is written by the script is followed afterwards.
class Script {
 public:
  Script(Reading& reading, EsxcfgCommands& commands) : reading_(reading), commands_(commands) {}

  void run(const ScriptLines& lines);

  /// In the order in which they were first written.
  const std::vector<WrittenFile>& files() const { return files_; }

 private:
  struct Document {  // a here-document whose body is still to come
    std::string delimiter;
    std::string target;    ///< the file it is written to; empty: none
    bool expands = false;  ///< the delimiter was not quoted
    bool strips_tabs = false;
    bool certain = false;  ///< not below a condition
    bool runs = false;     ///< fed to a shell
    bool appends = false;
  };
  struct Block {
    std::string_view closer;  ///< "fi", "done", "esac", "}"
    bool conditional = true;
  };
  struct State {
    ShellVariables variables;
    std::set<std::string, std::less<>> frozen;
    std::vector<Block> blocks;
    std::string_view before;  ///< the operator that ended the command before
    bool sure = false;        ///< the command before may be counted on to succeed
    bool function = false;    ///< "name ()" was read
    bool ended = false;       ///< an `exit` was met
    unsigned depth = 0;       ///< of scripts in scripts
  };
  struct Context {
    const Line& line;
    State& state;
    std::vector<Document>& documents;
  };

  void run_lines(const ScriptLines& lines, State& state);
  void run_written(unsigned depth);
  void command(const Context& in, const ShellCommand& command);
  bool keywords(const ShellCommand& command, std::size_t& first, State& state);
  bool assignments(const ShellCommand& command, std::size_t& first, State& state, bool certain);
  void call(const Context& in, const ShellCommand& command, std::size_t first, bool certain);
  void documents_of(const Context& in, const ShellCommand& command, std::size_t first, bool certain);
  void echo(const Context& in, const ShellCommand& command, std::size_t first, bool certain);
  void edit(const Context& in, const ShellCommand& command, std::size_t first);
  void finish(const Document& document, ScriptLines body, State& state);
  void write(std::string_view path, bool appends, ScriptLines lines, const std::set<std::string, std::less<>>& frozen);
  void set(State& state, std::string_view name, std::optional<std::string> value);
  void conditional(const Line& line);

  Reading& reading_;
  EsxcfgCommands& commands_;
  std::vector<WrittenFile> files_;
  std::size_t followed_ = 0;  ///< files that were looked at as scripts
};

}  // namespace esx2esxi::intake
