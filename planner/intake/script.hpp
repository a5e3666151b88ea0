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
  bool followed = false;  ///< as a script
  bool extends = false;   ///< the lines stand behind what was in the file before the script ran
};

/// "esxcfg-vswif" of "/usr/sbin/esxcfg-vswif"
inline std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// As the importers know paths: without the root of the system that is being installed.
std::string_view installed_path(std::string_view path);

/// The file that a command's output goes to; null: its terminal, or a pipe.
const Redirection* output_of(const ShellCommand& command);

/// Whether the file decides on the host's addresses and ways.
bool holds_network(std::string_view installed_path);

/// A terminal, a log, a note: nothing of it is run.
bool is_prose(std::string_view installed_path);

/// Scripts that write scripts that write scripts are followed this far.
inline constexpr unsigned kMostDepth = 3;

/// What a script does, as far as it can be told.
///
/// A command below a condition or in a loop may run or not: it is left out with a warning, what it would have set is
/// lost, and a value that only such a command assigns is not known. A script that is written by the script is followed
/// afterwards. Whatever else names a program that configures the network (`bash -c`, xargs, a substitution, another
/// language) is not followed, and said so: no such text is passed over in silence.
class Script {
 public:
  enum class Where : std::uint8_t { Host, Installer };

  /// In the installer's own system (%pre) no command configures the host; only the files that are written count.
  Script(Reading& reading, EsxcfgCommands& commands, Where where = Where::Host)
      : reading_(reading), commands_(commands), where_(where) {}

  void run(const ScriptLines& lines);

  /// Text in another language, or for a program that is not followed.
  void pass_over(const ScriptLines& lines);

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
    bool shown = false;  ///< printed to the terminal
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
    std::string piped;        ///< the program that the text names which the command before printed into a pipe
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
  void conditional(const Line& line, std::string_view program_or_path);
  void uncertain_file(const Line& line, std::string_view path, const ScriptLines& lines);
  void look_for_unread(const Context& in, const ShellCommand& command, std::size_t first);
  void look_at_pipe(const Context& in, const ShellCommand& command, std::string_view program);
  void look_in_files();
  void unread(const Line& line, std::string_view program);
  void left_out(const Line& line, std::string_view program);

  Reading& reading_;
  EsxcfgCommands& commands_;
  Where where_;
  std::vector<WrittenFile> files_;
  std::set<std::string, std::less<>> named_;              ///< files that a command names
  std::size_t followed_ = 0;                              ///< files that were looked at as scripts
  std::set<std::pair<std::uint32_t, std::string>> told_;  ///< lines and programs that were said to be left out
};

}  // namespace esx2esxi::intake
