// A command as typed at a prompt. Private to the stage.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esx2esxi::intake {

/// Why an output cannot be taken for the command's own.
enum class Doubtful : std::uint8_t {
  No,
  Chained,     ///< several commands, a loop: whose line is whose is not known
  Filtered,    ///< through grep and the like: what is missing means nothing
  Redirected,  ///< the output went into a file
  Variable,    ///< a shell variable stands for an argument
};

struct CommandLine {
  std::vector<std::string> words;  ///< quotes resolved, typographic dashes of options straightened; the program
                                   ///< without its folder
  std::vector<bool> quoted;        ///< of each word: it begins within quotes, so that it may begin with a dash as well
  Doubtful doubtful = Doubtful::No;

  std::string_view program() const { return words.empty() ? std::string_view() : std::string_view(words.front()); }
};

CommandLine parse_command(std::string_view typed);

/// The words of an esxcli call: what it does, and with what.
struct EsxcliWords {
  std::string path;                                          ///< "network ip interface list"
  std::vector<std::pair<std::string, std::string>> options;  ///< "-i", "vmk0"; "--formatter", "csv"

  /// The value of the first option with one of these names; empty: not given.
  std::string_view option(std::initializer_list<std::string_view> names) const;
};

EsxcliWords esxcli_words(const CommandLine& command);

}  // namespace esx2esxi::intake
