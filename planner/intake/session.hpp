// A terminal session, split into its commands and sorted by host. Private to the stage.
//
// A line with a prompt begins a command; the lines up to the next one are its output. Copies lose their prompts: a line
// that is nothing but a listing command begins one too. The prompt names the host; where it does not ("~ #"), the
// output of `hostname` and the operand of `ssh` do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "command_line.hpp"
#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake {

struct SessionCommand {
  std::string host;   ///< of the prompt; empty: it names none
  bool bare = false;  ///< there is no prompt
  std::string typed;
  CommandLine words;
  std::uint32_t line = 0;   ///< of the prompt
  std::string_view output;  ///< the lines below
};

struct HostSession {
  std::string host;  ///< as found; empty: nothing names it, and it is the only such one
  std::vector<SessionCommand> commands;
};

/// More commands than anybody pastes.
inline constexpr std::size_t kMostCommands = 50000;

/// All commands, in the order of the file, but no more than one above that limit; views point into the source.
std::vector<SessionCommand> split_session(const Source& source);

/// The same, by host, in the order in which hosts first appear.
std::vector<HostSession> sort_by_host(std::vector<SessionCommand> commands);

/// "ssh esx01 esxcfg-vmknic -l": the output is that host's, and the session stays where it is.
bool runs_over_ssh(const CommandLine& command);

/// Whether the program or a reader of files can make something of this command's output.
bool is_read(const CommandLine& command);

/// The host name that this command printed, if it is one that prints it; else empty.
std::string printed_host_name(const SessionCommand& command);

}  // namespace esx2esxi::intake
