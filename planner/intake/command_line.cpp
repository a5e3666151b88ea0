// Facts relied on: the shells are bash (classic) and BusyBox ash; both split at blanks, take '...' literally and know
// \ in
// "...". Pages and mail programs turn "-" into a typographic dash and quotes into curly ones.
#include "command_line.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::intake {

namespace {

bool one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

struct Glyph {
  std::string_view from;
  std::string_view to;
};

constexpr Glyph kGlyphs[] = {
    {"\xe2\x80\x90", "-"},  {"\xe2\x80\x91", "-"},  {"\xe2\x80\x92", "-"}, {"\xe2\x80\x93", "-"},
    {"\xe2\x80\x94", "--"}, {"\xe2\x88\x92", "-"},  {"\xe2\x80\x98", "'"}, {"\xe2\x80\x99", "'"},
    {"\xe2\x80\x9c", "\""}, {"\xe2\x80\x9d", "\""}, {"\xc2\xa0", " "},
};

std::string straightened(std::string_view typed) {
  std::string out;
  while (!typed.empty()) {
    const auto it = std::find_if(std::begin(kGlyphs), std::end(kGlyphs),
                                 [&](const Glyph& glyph) { return typed.starts_with(glyph.from); });
    out += it == std::end(kGlyphs) ? typed.substr(0, 1) : it->to;
    typed.remove_prefix(it == std::end(kGlyphs) ? 1 : it->from.size());
  }
  return out;
}

/// Splits as the shell does, up to the first operator.
class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  CommandLine run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\'' || c == '"') {
        quoted(c);
      } else if (c == '\\' && at_ + 1 < text_.size()) {
        add(text_[++at_]);
      } else if (c == ' ' || c == '\t') {
        finish();
      } else if (c == '#' && !in_word_) {
        break;
      } else if (c == ';' || c == '|' || c == '&' || c == '>' || c == '<') {
        if (!go_on_behind_operator()) break;
      } else {
        if (c == '$' || c == '`') out_.doubtful = Doubtful::Variable;
        add(c);
      }
    }
    finish();
    return std::move(out_);
  }

 private:
  void add(char c) {
    word_ += c;
    in_word_ = true;
  }

  void finish() {
    if (in_word_) out_.words.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  void quoted(char quote) {
    in_word_ = true;
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
      in_word_ = false;
      at_ = std::min(text_.find_first_of(" \t|;", behind), text_.size()) - 1;
      return true;
    }
    const auto next = rest.substr(0, rest.find_first_of(" \t|;"));
    const bool pager = c == '|' && one_of(next, {"more", "less", "cat", "tee"});
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
  const auto text = straightened(typed);
  auto out = Splitter(text).run();
  while (out.words.size() > 1 && one_of(out.words.front(), {"sudo", "time", "nice"}))
    out.words.erase(out.words.begin());
  if (out.words.empty()) return out;
  auto& program = out.words.front();
  if (one_of(program, {"for", "while", "if", "until", "case", "function", "("})) out.doubtful = Doubtful::Chained;
  if (program.starts_with('/')) program.erase(0, program.rfind('/') + 1);
  return out;
}

std::string_view EsxcliWords::option(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : options)
    if (one_of(name, names)) return value;
  return {};
}

EsxcliWords esxcli_words(const CommandLine& command) {
  EsxcliWords out;
  for (std::size_t i = 1; i < command.words.size(); ++i) {
    const std::string_view word = command.words[i];
    if (!word.starts_with('-') || word.size() == 1) {
      if (!out.path.empty()) out.path += ' ';
      out.path += word;
      continue;
    }
    const auto equals = word.find('=');
    if (equals != std::string_view::npos) {
      out.options.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    } else if (!one_of(word, {"--debug", "--help", "-?", "--all", "-a"}) && i + 1 < command.words.size() &&
               !command.words[i + 1].starts_with('-')) {
      out.options.emplace_back(word, command.words[++i]);
    } else {
      out.options.emplace_back(word, std::string());
    }
  }
  return out;
}

}  // namespace esx2esxi::intake
