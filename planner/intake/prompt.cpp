// Facts relied on: bash on the classic console asks with "[user@host dir]# ", busybox on ESXi 4 and 5 with "DIR # ", on
// ESXi 5.5 and later with "[user@host:dir] " (all seen).
#include "prompt.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::intake {

namespace {

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/// The name at the start of `text`; may be empty.
std::string_view name_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && is_name_char(text[end])) ++end;
  return text.substr(0, end);
}

/// Behind the prompt stands "#" or "$", then a blank or nothing.
std::optional<std::string_view> after_sign(std::string_view text) {
  if (text.empty() || (text.front() != '#' && text.front() != '$')) return std::nullopt;
  text.remove_prefix(1);
  if (!text.empty() && text.front() != ' ' && text.front() != '\t') return std::nullopt;
  return trim(text);
}

/// "[user@host dir]# command", "[user@host:dir] command"
std::optional<Prompt> bracketed(std::string_view line) {
  const auto close = line.find(']');
  const auto sign = line.find('@');
  if (close == std::string_view::npos || sign == std::string_view::npos || sign > close || close > 200)
    return std::nullopt;
  if (name_at(line.substr(1)).size() + 1 != sign) return std::nullopt;
  const auto host = name_at(line.substr(sign + 1));
  const auto next = line[sign + 1 + host.size()];
  if (host.empty() || (next != ' ' && next != ':' && next != ']')) return std::nullopt;
  const auto rest = line.substr(close + 1);
  if (const auto command = after_sign(trim(rest))) return Prompt{host, *command};
  // "[root@esx01 ~]#esxcfg-vmknic -l": the blank was lost in copying
  if (rest.starts_with("#esxcfg-") || rest.starts_with("#esxcli ") || rest.starts_with("#cat ") ||
      rest.starts_with("#vmware ") || rest.starts_with("#route") || rest.starts_with("#hostname"))
    return Prompt{host, trim(rest.substr(1))};
  if (next == ':' && (rest.empty() || rest.front() == ' ')) return Prompt{host, trim(rest)};
  return std::nullopt;
}

/// "user@host:dir# command"
std::optional<Prompt> plain(std::string_view line) {
  const auto user = name_at(line);
  if (user.empty() || user.size() >= line.size() || line[user.size()] != '@') return std::nullopt;
  const auto host = name_at(line.substr(user.size() + 1));
  const auto at = user.size() + 1 + host.size();
  if (host.empty() || at >= line.size() || line[at] != ':') return std::nullopt;
  const auto end = line.find_first_of("#$ ", at);
  if (end == std::string_view::npos) return std::nullopt;
  if (const auto command = after_sign(trim(line.substr(end)))) return Prompt{host, *command};
  return std::nullopt;
}

/// "~ # command", "/vmfs/volumes # command"
std::optional<Prompt> busybox(std::string_view line) {
  if (line.empty() || (line.front() != '~' && line.front() != '/')) return std::nullopt;
  const auto end = line.find(" #");
  if (end == std::string_view::npos || line.substr(0, end).find(' ') != std::string_view::npos) return std::nullopt;
  if (const auto command = after_sign(line.substr(end + 1))) return Prompt{{}, *command};
  return std::nullopt;
}

/// A time, a counter, or a word in parentheses before the prompt itself.
bool is_decoration(std::string_view word) {
  if (word.starts_with('(') && word.ends_with(')')) return true;
  return !word.empty() && word.find_first_not_of("0123456789:.-/[]") == std::string_view::npos;
}

bool is_shell(std::string_view name) {
  for (const std::string_view shell : {"-bash", "bash", "-sh", "sh", "-ash", "ash"})
    if (name.starts_with(shell)) return true;
  return false;
}

/// "NAME", "USER@NAME", in brackets or not; empty: no name of a host.
std::string_view host_in(std::string_view stem) {
  if (stem.starts_with('[')) stem.remove_prefix(1);
  stem = stem.substr(stem.find('@') + 1);  // npos + 1 is 0
  return name_at(stem).size() == stem.size() && !is_shell(stem) ? stem : std::string_view();
}

}  // namespace

std::optional<LoosePrompt> find_loose_prompt(std::string_view line) {
  constexpr std::size_t kLongest = 80;
  line = trim(line);
  while (is_decoration(line.substr(0, line.find(' '))) && line.find(' ') < kLongest) {
    line = trim(line.substr(line.find(' ')));
    if (const auto prompt = find_prompt(line)) return LoosePrompt{line.substr(0, line.find_first_of(":] ")), *prompt};
  }
  const auto sign = line.find_first_of("#$>%");
  if (sign == std::string_view::npos || sign == 0 || sign > kLongest) return std::nullopt;
  const auto behind = line.substr(sign + 1);
  if (!behind.empty() && behind.front() != ' ' && behind.front() != '\t') return std::nullopt;
  const auto stem = line.substr(0, std::min(line.find_first_of(":] "), sign));
  if (stem.empty() || stem.find_first_of("\"'=|;,&<") != std::string_view::npos) return std::nullopt;
  // "esx01:~ #" has a folder at most before its sign; "esxcfg-vswitch -a vSwitch1 # ..." is a command with a remark.
  const bool is_command = stem.starts_with("esxcfg-") || stem == "esxcli" || stem == "echo" || stem == "cat";
  if (is_command || words(line.substr(stem.size(), sign - stem.size())).size() > 1) return std::nullopt;
  return LoosePrompt{stem, {host_in(stem), trim(behind)}};
}

std::optional<Prompt> find_prompt(std::string_view line) {
  line = trim(line);
  if (line.starts_with('[')) return bracketed(line);
  if (auto prompt = busybox(line)) return prompt;
  return plain(line);
}

}  // namespace esx2esxi::intake
