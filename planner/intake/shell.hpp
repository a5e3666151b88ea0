// The part of the shell's grammar that configuration files and install scripts use: words, quotes, variables that the
// text itself assigned, redirections. Nothing is ever run. Private to the stage.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace esx2esxi::intake {

/// What a text assigned so far; no value: assigned, but to what is not known.
using ShellVariables = std::map<std::string, std::optional<std::string>, std::less<>>;

struct ShellWord {
  std::string text;        ///< quotes and escapes gone, known variables put in; unknown ones stand as written
  std::string_view raw;    ///< as written; lies in the line
  std::string unresolved;  ///< the first expansion without a known value, as written: "$GW", "`hostname`"
  bool quoted = false;

  /// "NAME=value": the name, and where the value begins in `text`.
  std::optional<std::pair<std::string_view, std::size_t>> assignment() const;
};

struct Redirection {
  std::string_view sign;  ///< ">", ">>", "<", "<<", "<<-"
  ShellWord target;
};

struct ShellCommand {
  std::vector<ShellWord> words;
  std::vector<Redirection> redirections;
  std::string_view end;  ///< ";", "&&", "||", "|", "&", "(", ")", or empty at the end of the line
};

/// What stands between the typographic quotes that `text` begins with, and the bytes up to behind the closing one.
struct TypographicQuotes {
  std::string_view inside;
  std::size_t bytes = 0;
};
std::optional<TypographicQuotes> typographic_quotes(std::string_view text);

/// Bytes of the dash that `text` begins with, plain or typographic; 0: none.
std::size_t dash_length(std::string_view text);

/// The dashes that `text` begins with, as they were typed: a word processor makes one dash out of two. A name of at
/// least `shortest_long` letters, or one with a value behind "=", had two.
struct OptionDashes {
  std::string_view typed;  ///< "", "-", "--"; more, if no word processor was at work
  std::size_t bytes = 0;   ///< that they take in `text`
};
OptionDashes option_dashes(std::string_view text, std::size_t shortest_long);

/// The simple commands of one line, one after the other, so that an assignment is known to the next.
///
///   A=1; esxcfg-route "$A" > /dev/null # done
///   ->  {A=1} ;   {esxcfg-route, 1} > /dev/null
class ShellLine {
 public:
  explicit ShellLine(std::string_view line) : line_(line) {}

  /// None: the line is used up.
  std::optional<ShellCommand> next(const ShellVariables& variables);

  /// A quote or a substitution that the line opens and does not close: its word is not to be trusted.
  bool unterminated() const { return unterminated_; }

 private:
  std::string_view read_operator();
  ShellWord read_word(const ShellVariables& variables);
  void read_single(ShellWord& word);
  void read_double(ShellWord& word, const ShellVariables& variables);
  bool read_typographic(ShellWord& word, std::size_t start);
  void read_expansion(ShellWord& word, const ShellVariables& variables);
  void expand(ShellWord& word, std::string_view written, std::string_view name, const ShellVariables& variables);
  std::size_t closing(std::size_t open, char opener, char closer);

  std::string_view line_;
  std::size_t at_ = 0;
  bool unterminated_ = false;
};

/// The text of a here-document whose delimiter is not quoted, as the shell writes it: variables put in, `\$` made `$`.
std::string expand_here_document(std::string_view text, const ShellVariables& variables);

/// Names of the variables in such a text that have no known value.
std::vector<std::string> open_names(std::string_view text, const ShellVariables& variables);

}  // namespace esx2esxi::intake
