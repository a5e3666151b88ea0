#include "command_options.hpp"

#include <algorithm>

namespace esx2esxi::intake {

namespace {

/// "–L" -> "-L", "—add" and "–add" -> "--add": a word processor makes one dash out of two.
std::string with_plain_dashes(std::string_view text) {
  std::size_t dashes = 0;
  for (const std::string_view dash : {"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "\xe2\x80\x90"})
    while (text.starts_with(dash)) {
      text.remove_prefix(dash.size());
      ++dashes;
    }
  if (dashes == 0) return std::string(text);
  const bool is_long = text.find_first_of("= ") > 1 && text.size() > 1;
  return (dashes > 1 || is_long ? "--" : "-") + std::string(text);
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
      const auto text = with_plain_dashes(word.text);
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
  void long_option(const ShellWord& word, std::string_view text) {
    const auto equals = text.find('=');
    const auto name = text.substr(0, equals);
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
