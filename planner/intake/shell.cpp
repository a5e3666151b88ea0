#include "shell.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace esx2esxi::intake {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool starts_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool in_name(char c) { return starts_name(c) || is_digit(c); }
bool ends_word(char c) {
  return is_blank(c) || c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')';
}

std::size_t name_length(std::string_view text) {
  if (text.empty() || !starts_name(text.front())) return 0;
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), in_name) - text.begin());
}

constexpr std::array<std::string_view, 3> kDoubleQuotes{"\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e"};
constexpr std::array<std::string_view, 3> kSingleQuotes{"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a"};

/// Hyphen, non-breaking hyphen, figure dash, en dash, em dash, minus.
constexpr std::array<std::string_view, 6> kDashes{"\xe2\x80\x90", "\xe2\x80\x91", "\xe2\x80\x92",
                                                  "\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92"};

/// Bytes that variables may make of one word or line: a script that doubles a value in every line must not fill the
/// memory.
constexpr std::size_t kMostExpanded = 4096;

/// The parts of a here-document's line: `\$` and its kin, variables with their name, and all other characters one by
/// one.
template <class Visit>
void for_each_part(std::string_view text, Visit visit) {
  while (!text.empty()) {
    std::size_t length = 1;
    std::string_view name;
    if (text[0] == '\\' && text.size() > 1 && std::string_view("$`\\").find(text[1]) != std::string_view::npos) {
      length = 2;
    } else if (text[0] == '$') {
      const bool braced = text.starts_with("${");
      const auto rest = text.substr(braced ? 2 : 1);
      const auto end = name_length(rest);
      if (end > 0 && (!braced || (end < rest.size() && rest[end] == '}'))) {
        name = rest.substr(0, end);
        length = end + (braced ? 3 : 1);
      }
    }
    visit(text.substr(0, length), name);
    text.remove_prefix(length);
  }
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> all) {
  return std::any_of(all.begin(), all.end(), [&](auto glyph) { return text.starts_with(glyph); });
}

}  // namespace

std::optional<std::pair<std::string_view, std::size_t>> ShellWord::assignment() const {
  const auto length = name_length(raw);
  if (length == 0 || length >= raw.size() || raw[length] != '=') return std::nullopt;
  return std::pair(raw.substr(0, length), length + 1);
}

std::optional<TypographicQuotes> typographic_quotes(std::string_view text) {
  for (const auto* quotes : {&kDoubleQuotes, &kSingleQuotes}) {
    if (!starts_with_any(text, *quotes)) continue;
    for (std::size_t end = 3; end < text.size(); ++end)
      if (starts_with_any(text.substr(end), *quotes)) return TypographicQuotes{text.substr(3, end - 3), end + 3};
  }
  return std::nullopt;
}

std::size_t dash_length(std::string_view text) {
  return text.starts_with('-') ? 1 : starts_with_any(text, kDashes) ? 3 : 0;
}

OptionDashes option_dashes(std::string_view text, std::size_t shortest_long) {
  OptionDashes out;
  std::size_t dashes = 0;
  for (; const auto length = dash_length(text.substr(out.bytes)); ++dashes) out.bytes += length;
  if (out.bytes == dashes) return {text.substr(0, dashes), dashes};
  const auto name = text.substr(out.bytes);
  const auto end = std::min(name.find_first_of("= \t"), name.size());
  const bool is_long = end >= shortest_long || (end > 1 && end < name.size() && name[end] == '=');
  out.typed = dashes > 1 || is_long ? "--" : "-";
  return out;
}

std::optional<ShellCommand> ShellLine::next(const ShellVariables& variables) {
  ShellCommand command;
  for (;;) {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
    if (at_ >= line_.size() || line_[at_] == '#') {
      at_ = line_.size();
      if (command.words.empty() && command.redirections.empty()) return std::nullopt;
      return command;
    }
    const auto sign = read_operator();
    if (sign.empty()) {
      command.words.push_back(read_word(variables));
    } else if (sign.front() == '<' || sign.front() == '>') {
      while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
      if (at_ < line_.size() && !ends_word(line_[at_])) command.redirections.push_back({sign, read_word(variables)});
    } else {
      command.end = sign;
      return command;
    }
  }
}

/// The operator here, consumed; empty: a word begins. "2>&1" is read as one redirection to nowhere of interest.
std::string_view ShellLine::read_operator() {
  const auto rest = line_.substr(at_);
  if (is_digit(rest[0]) && rest.size() > 1 && (rest[1] == '>' || rest[1] == '<')) ++at_;
  for (const std::string_view sign : {"<<-", "&&", "||", "<<", ">>", ">&", "&>", ";;"})
    if (line_.substr(at_).starts_with(sign)) {
      at_ += sign.size();
      return sign == ">&" || sign == "&>" ? std::string_view(">") : sign;
    }
  if (!ends_word(line_[at_]) || is_blank(line_[at_])) return {};
  return line_.substr(at_++, 1);
}

ShellWord ShellLine::read_word(const ShellVariables& variables) {
  ShellWord word;
  const auto start = at_;
  while (at_ < line_.size() && !ends_word(line_[at_])) {
    const char c = line_[at_];
    if (c == '\\') {
      if (at_ + 1 < line_.size()) word.text += line_[at_ + 1];
      word.quoted = true;
      at_ = std::min(at_ + 2, line_.size());
    } else if (c == '\'') {
      read_single(word);
    } else if (c == '"') {
      read_double(word, variables);
    } else if (c == '$' || c == '`') {
      read_expansion(word, variables);
    } else if (!read_typographic(word, start)) {
      word.text += c;
      ++at_;
    }
  }
  word.raw = line_.substr(start, at_ - start);
  return word;
}

void ShellLine::read_single(ShellWord& word) {
  word.quoted = true;
  const auto end = line_.find('\'', at_ + 1);
  unterminated_ = unterminated_ || end == std::string_view::npos;
  word.text += line_.substr(at_ + 1, end == std::string_view::npos ? end : end - at_ - 1);
  at_ = end == std::string_view::npos ? line_.size() : end + 1;
}

void ShellLine::read_double(ShellWord& word, const ShellVariables& variables) {
  word.quoted = true;
  ++at_;
  while (at_ < line_.size() && line_[at_] != '"') {
    const char c = line_[at_];
    if (c == '\\' && at_ + 1 < line_.size() &&
        std::string_view("$`\"\\").find(line_[at_ + 1]) != std::string_view::npos) {
      word.text += line_[at_ + 1];
      at_ += 2;
    } else if (c == '$' || c == '`') {
      read_expansion(word, variables);
    } else {
      word.text += c;
      ++at_;
    }
  }
  unterminated_ = unterminated_ || at_ >= line_.size();
  at_ = std::min(at_ + 1, line_.size());
}

/// Quotes that a word processor or a web page made: only at the start of a word or of a value, and only in pairs, so
/// that an apostrophe within a name stays one.
bool ShellLine::read_typographic(ShellWord& word, std::size_t start) {
  if (at_ != start && line_[at_ - 1] != '=') return false;
  const auto quotes = typographic_quotes(line_.substr(at_));
  if (!quotes) return false;
  word.text += quotes->inside;
  word.quoted = true;
  at_ += quotes->bytes;
  return true;
}

/// The offset behind the closer that matches the opener at `open`; the line's end where there is none.
std::size_t ShellLine::closing(std::size_t open, char opener, char closer) {
  std::size_t depth = 0;
  for (auto i = open; i < line_.size(); ++i) {
    if (line_[i] == opener && opener != closer) ++depth;
    if (line_[i] == closer && i > open && (opener == closer || --depth == 0)) return i + 1;
  }
  unterminated_ = true;
  return line_.size();
}

void ShellLine::read_expansion(ShellWord& word, const ShellVariables& variables) {
  const auto start = at_;
  const auto rest = line_.substr(at_);
  std::string_view name;
  if (rest[0] == '`') {
    at_ = closing(at_, '`', '`');
  } else if (rest.size() > 1 && rest[1] == '(') {
    at_ = closing(at_ + 1, '(', ')');
  } else if (rest.size() > 1 && rest[1] == '{') {
    at_ = closing(at_ + 1, '{', '}');
    name = line_.substr(start + 2, at_ - start - 3);
    if (name_length(name) != name.size()) name = {};  // "${A:-b}" and its kin: what they give is not computed
  } else if (const auto length = name_length(rest.substr(1)); length > 0) {
    at_ += 1 + length;
    name = rest.substr(1, length);
  } else if (rest.size() > 1 &&
             (is_digit(rest[1]) || std::string_view("@*?#!$-").find(rest[1]) != std::string_view::npos)) {
    at_ += 2;
  } else {
    ++at_;  // a lone dollar sign
    word.text += '$';
    return;
  }
  expand(word, line_.substr(start, at_ - start), name, variables);
}

void ShellLine::expand(ShellWord& word, std::string_view written, std::string_view name,
                       const ShellVariables& variables) {
  const auto found = name.empty() ? variables.end() : variables.find(name);
  // Bounded: a script that doubles a variable in every line must not fill the memory.
  if (found != variables.end() && found->second && word.text.size() + found->second->size() < kMostExpanded) {
    word.text += *found->second;
    return;
  }
  if (word.unresolved.empty()) word.unresolved = std::string(written);
  word.text += written;
}

std::string expand_here_document(std::string_view text, const ShellVariables& variables) {
  std::string out;
  for_each_part(text, [&](std::string_view part, std::string_view name) {
    const auto found = name.empty() ? variables.end() : variables.find(name);
    const bool known = found != variables.end() && found->second && out.size() < kMostExpanded;
    const bool escaped = part.size() == 2 && part[0] == '\\' && name.empty();
    out += known ? std::string_view(*found->second) : escaped ? part.substr(1) : part;
  });
  return out;
}

std::vector<std::string> open_names(std::string_view text, const ShellVariables& variables) {
  std::vector<std::string> out;
  for_each_part(text, [&](std::string_view, std::string_view name) {
    const auto found = variables.find(name);
    if (!name.empty() && (found == variables.end() || !found->second)) out.emplace_back(name);
  });
  return out;
}

}  // namespace esx2esxi::intake
