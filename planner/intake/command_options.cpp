#include "command_options.hpp"

#include <algorithm>

namespace esx2esxi::intake {

namespace {

/// "–L" -> "-L", "—add" and "–add" -> "--add". What stands in quotes is what it is.
std::string with_plain_dashes(const ShellWord& word) {
  const bool literal = word.raw.starts_with('\'') || word.raw.starts_with('"') || word.raw.starts_with('\\') ||
                       typographic_quotes(word.raw);
  if (literal) return word.text;
  const auto dashes = option_dashes(word.text, 2);
  return std::string(dashes.typed) + word.text.substr(dashes.bytes);
}

/// The part of a word behind its option: "-v10", "--ip=10.0.0.5".
ShellWord rest_of(const ShellWord& word, std::string_view text) {
  ShellWord out = word;
  out.text = std::string(text);
  if (out.raw.size() > text.size()) out.raw.remove_prefix(out.raw.size() - text.size());
  return out;
}

class Parser {
 public:
  Parser(std::span<const ShellWord> words, std::span<const Option> table) : words_(words), table_(table) {}

  Arguments run() {
    while (at_ < words_.size()) {
      const auto& word = words_[at_++];
      const auto text = with_plain_dashes(word);
      if (text == "-")
        out_.lone_dash = true;
      else if (text.starts_with("--"))
        long_option(word, std::string_view(text).substr(2));
      else if (text.starts_with('-'))
        short_options(word, std::string_view(text).substr(1));
      else
        out_.operands.push_back(word);
    }
    return std::move(out_);
  }

 private:
  /// How the remote command line logs in: no operand, no name, and its value goes nowhere.
  static bool is_login(std::string_view name) {
    constexpr std::string_view kLogin[] = {"server", "username", "password", "vihost", "sessionfile", "credstore"};
    return std::find(std::begin(kLogin), std::end(kLogin), name) != std::end(kLogin);
  }

  void long_option(const ShellWord& word, std::string_view text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
    if (is_login(name)) {
      if (equals == std::string_view::npos && at_ < words_.size()) ++at_;
      return;
    }
    const auto option =
        std::find_if(table_.begin(), table_.end(), [&](const Option& o) { return !o.name.empty() && o.name == name; });
    if (option == table_.end()) return out_.unknown.push_back("--" + std::string(name));
    if (equals != std::string_view::npos)
      out_.options[option->letter] = rest_of(word, text.substr(equals + 1));
    else
      set(*option, word);
  }

  void short_options(const ShellWord& word, std::string_view letters) {
    for (std::size_t i = 0; i < letters.size(); ++i) {
      const auto option =
          std::find_if(table_.begin(), table_.end(), [&](const Option& o) { return o.letter == letters[i]; });
      if (option == table_.end()) return out_.unknown.push_back("-" + std::string(1, letters[i]));
      if (option->takes_value && i + 1 < letters.size()) {
        out_.options[option->letter] = rest_of(word, letters.substr(i + 1));
        return;
      }
      set(*option, word);
    }
  }

  /// A flag, or an option whose value is the next word.
  void set(const Option& option, const ShellWord& word) {
    const bool follows = option.takes_value && at_ < words_.size();
    out_.options[option.letter] = follows ? words_[at_++] : word;
    if (option.takes_value && !follows) out_.unknown.push_back(std::string("-") + option.letter + " without a value");
  }

  std::span<const ShellWord> words_;
  std::span<const Option> table_;
  std::size_t at_ = 0;
  Arguments out_;
};

}  // namespace

const ShellWord* Arguments::find(char letter) const {
  const auto at = options.find(letter);
  return at == options.end() ? nullptr : &at->second;
}

Arguments read_arguments(std::span<const ShellWord> words, std::span<const Option> table) {
  return Parser(words, table).run();
}

}  // namespace esx2esxi::intake
