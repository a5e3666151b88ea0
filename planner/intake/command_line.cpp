// Facts relied on: the shells are bash (classic) and BusyBox ash; both split at blanks, take '...' literally and know
// \ in
// "...". Pages and mail programs turn the dashes of options into typographic ones and quotes into curly ones: they are
// mended where a word begins, never within quotes.
#include "command_line.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "esx2esxi/core/text.hpp"
#include "shell.hpp"

namespace esx2esxi::intake {

namespace {

/// A name of two letters behind a single dash is two options: `vmware –vl`, `netstat –rn`.
constexpr std::size_t kShortestLong = 3;

/// Splits as the shell does, up to the first operator.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  CommandLine run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (typographic()) continue;
      if (c == '\'' || c == '"') {
        begin(true);
        quoted(c);
      } else if (c == '\\' && at_ + 1 < text_.size()) {
        begin(true);
        word_ += text_[++at_];
      } else if (c == ' ' || c == '\t') {
        finish();
      } else if (c == '#' && !in_word_) {
        break;
      } else if (c == ';' || c == '|' || c == '&' || c == '>' || c == '<') {
        if (!go_on_behind_operator()) break;
      } else {
        if (c == '$' || c == '`') out_.doubtful = Doubtful::Variable;
        begin(false);
        word_ += c;
      }
    }
    finish();
    return std::move(out_);
  }

 private:
  void begin(bool quoted) {
    if (!in_word_) out_.quoted.push_back(quoted);
    in_word_ = true;
  }

  void finish() {
    if (in_word_) out_.words.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  /// What a word processor made of quotes and dashes, consumed up to its last byte; or nothing.
  bool typographic() {
    const auto rest = text_.substr(at_);
    if (!in_word_ || word_.ends_with('='))
      if (const auto quotes = typographic_quotes(rest)) {
        begin(true);
        word_ += quotes->inside;
        at_ += quotes->bytes - 1;
        return true;
      }
    const auto length = dash_length(rest);
    if (length == 0) return false;
    const bool in_option = word_.starts_with('-') && word_.find('=') == std::string::npos;
    if (in_word_ && !in_option && !out_.words.empty()) return false;  // of a name
    const auto dashes = in_word_ ? OptionDashes{"-", length} : option_dashes(rest, kShortestLong);
    begin(false);
    word_ += dashes.typed;
    at_ += dashes.bytes - 1;
    return true;
  }

  void quoted(char quote) {
    for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size())
        ++at_;
      else if (quote == '"' && (text_[at_] == '$' || text_[at_] == '`'))
        out_.doubtful = Doubtful::Variable;
      word_ += text_[at_];
    }
  }

  /// At an operator: errors sent elsewhere and pagers change nothing, all else does.
  bool go_on_behind_operator() {
    const char c = text_[at_];
    const auto behind = std::min(text_.find_first_not_of(" \t", at_ + 1), text_.size());
    const auto rest = trim(text_.substr(behind));
    if (c == '>' && word_ == "2") {
      word_.clear();
      out_.quoted.pop_back();
      in_word_ = false;
      at_ = std::min(text_.find_first_of(" \t|;", behind), text_.size()) - 1;
      return true;
    }
    const auto next = rest.substr(0, rest.find_first_of(" \t|;"));
    const bool pager = c == '|' && is_any(next, {"more", "less", "cat", "tee"});
    const bool ends = rest.empty() && (c == ';' || c == '&');
    if (!pager && !ends)
      out_.doubtful = c == '|' ? Doubtful::Filtered : c == '>' ? Doubtful::Redirected : Doubtful::Chained;
    if (c == '|' && rest.starts_with('|')) out_.doubtful = Doubtful::Chained;
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string word_;
  bool in_word_ = false;
  CommandLine out_;
};

}  // namespace

CommandLine parse_command(std::string_view typed) {
  auto out = Splitter(typed).run();
  while (out.words.size() > 1 && is_any(out.words.front(), {"sudo", "time", "nice"})) {
    out.words.erase(out.words.begin());
    out.quoted.erase(out.quoted.begin());
  }
  if (out.words.empty()) return out;
  auto& program = out.words.front();
  if (is_any(program, {"for", "while", "if", "until", "case", "function", "("})) out.doubtful = Doubtful::Chained;
  if (program.starts_with('/')) program.erase(0, program.rfind('/') + 1);
  return out;
}

std::string_view EsxcliWords::option(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : options)
    if (is_any(name, names)) return value;
  return {};
}

namespace {

/// Whatever follows these is their value, as on the host.
bool takes_value(std::string_view option) {
  return is_any(option,
                {"-i", "--interface-name", "-p", "--portgroup-name", "-v", "--vswitch-name", "-N", "--netstack"});
}

bool is_flag(std::string_view option) { return is_any(option, {"--debug", "--help", "-?", "--all", "-a"}); }

/// Whether the word at `i` is the value of the option before it.
bool is_value(const CommandLine& command, std::size_t i) {
  if (i >= command.words.size()) return false;
  const std::string_view option = command.words[i - 1];
  return takes_value(option) || (!is_flag(option) && (command.quoted[i] || !command.words[i].starts_with('-')));
}

/// Words from `i` on that belong to esxcli itself: with which server to talk, as whom, and with what password. None of
/// them is a name, none leaves this function.
std::size_t behind_own_options(const std::vector<std::string>& words, std::size_t i) {
  for (; i < words.size() && words[i].starts_with('-') && words[i].size() > 1; ++i) {
    if (is_any(words[i], {"--debug", "--help", "-?", "--version", "--passthroughauth"})) continue;
    if (words[i].starts_with("--formatter")) return i;
    const bool is_short = words[i].size() == 2;
    const bool takes_next = is_short || (words[i].starts_with("--") && words[i].find('=') == std::string::npos);
    if (takes_next) ++i;
  }
  return std::min(i, words.size());
}

}  // namespace

EsxcliWords esxcli_words(const CommandLine& command) {
  EsxcliWords out;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    if (out.path.empty()) i = behind_own_options(command.words, i);
    if (i == command.words.size()) break;
    const std::string_view word = command.words[i];
    if (!word.starts_with('-') || word.size() == 1) {
      if (!out.path.empty()) out.path += ' ';
      out.path += word;
      continue;
    }
    const auto equals = word.find('=');
    if (equals != std::string_view::npos) {
      out.options.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    } else if (is_value(command, i + 1)) {
      out.options.emplace_back(word, command.words[++i]);
    } else {
      out.options.emplace_back(word, std::string());
    }
  }
  // Behind the command's name -p is a port group, but not where a server is named there too.
  const bool remote = !out.option({"-s", "--server", "-u", "--username", "--password"}).empty();
  std::erase_if(out.options, [&](const auto& option) {
    return is_any(option.first, {"-s", "--server", "-u", "--username", "--password"}) ||
           (remote && option.first == "-p");
  });
  return out;
}

}  // namespace esx2esxi::intake
