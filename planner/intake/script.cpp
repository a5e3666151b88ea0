#include "script.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "mentions.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostJoined = 2048;   // bytes of a quoted text that goes on over several lines
constexpr std::size_t kLongestValue = 256;  // of a variable: longer ones are no address and no name

/// A file that will be run: by its name, its place or its first line.
bool is_script(const WrittenFile& file) {
  if (file.path.ends_with(".sh") || file.path.find("rc.local") != std::string::npos) return true;
  if (file.path.starts_with("etc/rc.d/") || file.path.starts_with("etc/init.d/")) return true;
  return !file.lines.empty() && file.lines.front().text.starts_with("#!/bin/");
}

bool goes_on(std::string_view text) {
  std::size_t slashes = 0;
  while (slashes < text.size() && text[text.size() - 1 - slashes] == '\\') ++slashes;
  return slashes % 2 == 1;
}

bool opens_quote(std::string_view text) {
  ShellLine shell(text);
  while (shell.next({})) {
  }
  return shell.unterminated();
}

/// One command line, which may go on over several: by a backslash at the end or an open quote. Gives the index behind
/// it.
std::size_t join(const ScriptLines& lines, std::size_t at, std::string& logical) {
  logical = lines[at].text;
  auto next = at + 1;
  while (goes_on(logical) && next < lines.size() && logical.size() < kLongestLine) {
    logical.pop_back();
    logical += lines[next++].text;
  }
  if (!opens_quote(logical)) return next;
  auto longer = logical;
  for (auto end = next; end < lines.size() && end - next < 16 && longer.size() < kMostJoined; ++end) {
    longer += '\n' + lines[end].text;
    if (opens_quote(longer)) continue;
    logical = std::move(longer);
    return end + 1;
  }
  return next;  // never closed: an apostrophe where none belongs; the line stands alone
}

bool is_word(const ShellCommand& command, std::size_t at, std::initializer_list<std::string_view> all) {
  return at < command.words.size() && !command.words[at].quoted &&
         std::find(all.begin(), all.end(), command.words[at].text) != all.end();
}

/// `true`, and the question whether the host has a command of ESX: the script would do nothing without it.
bool always_holds(const ShellCommand& command, std::size_t first) {
  const auto& words = command.words;
  if (words.size() == first + 1) return is_word(command, first, {"true", ":"});
  if (words.size() < first + 3 || !is_word(command, first, {"[", "test"})) return false;
  const bool closed = words.size() == first + (words[first].text == "[" ? 4U : 3U);
  const auto program = base_name(words[first + 2].text);
  return closed && is_word(command, first + 1, {"-x", "-f", "-e", "-s"}) && program.starts_with("esxcfg-") &&
         names_program(program);
}

/// "A" of "A+=x"; empty: the word appends to nothing.
std::string_view appended_name(const ShellWord& word) {
  const auto name = word.raw.substr(0, std::min(word.raw.find("+="), word.raw.size()));
  const auto rest = word.raw.substr(name.size());
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool is_name = !rest.empty() && std::all_of(name.begin(), name.end(), in_name);
  return is_name ? name : std::string_view();
}

}  // namespace

void Script::run(const ScriptLines& lines) {
  State state;
  run_lines(lines, state);
  run_written(1);
  look_in_files();
}

/// Follows the scripts that were written and not followed yet.
void Script::run_written(unsigned depth) {
  if (depth > kMostDepth || where_ == Where::Installer) return;
  const auto end = files_.size();
  for (; followed_ < end; ++followed_) {
    if (!is_script(files_[followed_])) continue;
    files_[followed_].followed = true;
    State state;
    state.depth = depth;
    state.frozen = files_[followed_].frozen;
    const auto lines = files_[followed_].lines;  // a copy: what it writes may move the files
    run_lines(lines, state);
  }
  if (files_.size() > end) run_written(depth + 1);
}

void Script::run_lines(const ScriptLines& lines, State& state) {
  std::string logical;
  for (std::size_t at = 0; at < lines.size() && !state.ended;) {
    const auto number = lines[at].number;
    at = join(lines, at, logical);
    const Line line{logical, number};
    std::vector<Document> documents;
    ShellLine shell(line.text);
    while (const auto next = shell.next(state.variables)) {
      if (shell.unterminated()) {  // where this word ends is not known
        if (const auto mention = changing_mention(line.text)) unread(line, mention->program);
        break;
      }
      command({line, state, documents}, *next);
    }
    for (const auto& document : documents) {
      ScriptLines body;
      for (; at < lines.size(); ++at) {
        auto text = std::string_view(lines[at].text);
        if (document.strips_tabs) text.remove_prefix(std::min(text.find_first_not_of('\t'), text.size()));
        if (text == document.delimiter) break;
        body.push_back({std::string(text), lines[at].number});
      }
      if (at == lines.size())
        reading_.warn(reading_.at(line), "script-cut-off",
                      "a here-document has no end: the rest of the script is in it");
      at = std::min(at + 1, lines.size());
      finish(document, std::move(body), state);
    }
  }
}

void Script::command(const Context& in, const ShellCommand& command) {
  auto& state = in.state;
  const bool in_block = std::any_of(state.blocks.begin(), state.blocks.end(), [](auto& b) { return b.conditional; });
  std::size_t first = 0;
  const bool consumed = keywords(command, first, state);
  const bool hangs = state.before == "||" || (state.before == "&&" && !state.sure);
  const bool certain = !in_block && !hangs && !state.function &&
                       std::none_of(state.blocks.begin(), state.blocks.end(), [](auto& b) { return b.conditional; });
  state.before = command.end;
  documents_of(in, command, first, certain);
  look_for_unread(in, command, consumed ? 0 : first);
  if (command.end == "(" && !consumed && first == 0 && command.words.size() == 1 && !command.words[0].assignment()) {
    state.function = true;
    return;
  }
  if (consumed || first >= command.words.size() || assignments(command, first, state, certain)) {
    state.sure = true;
    return;
  }
  call(in, command, first, certain);
  const bool alone = command.end.empty() || command.end == ";";
  if (alone && is_word(command, 0, {"if"}) && first == 1 && always_holds(command, first))
    state.blocks.back().conditional = false;
}

/// Opens and closes blocks; true: nothing is left to be called. `first` moves on to the command's own words.
bool Script::keywords(const ShellCommand& command, std::size_t& first, State& state) {
  auto& blocks = state.blocks;
  for (;; ++first) {
    if (is_word(command, first, {"else", "elif"}) && !blocks.empty()) blocks.back().conditional = true;
    if (is_word(command, first, {"then", "else", "elif", "do", "!", "sudo", "exec", "nohup", "time", "command"}))
      continue;
    if (is_word(command, first, {"if"})) {
      blocks.push_back({"fi"});
    } else if (is_word(command, first, {"while", "until"})) {
      blocks.push_back({"done"});
    } else if (is_word(command, first, {"for", "select"})) {
      blocks.push_back({"done"});
      if (first + 1 < command.words.size()) set(state, command.words[first + 1].text, std::nullopt);
      return true;
    } else if (is_word(command, first, {"case"})) {
      blocks.push_back({"esac"});
      return true;
    } else if (is_word(command, first, {"function"})) {
      state.function = true;
      ++first;  // its name
      if (first + 1 >= command.words.size()) return true;
    } else if (is_word(command, first, {"{"})) {
      blocks.push_back({"}", state.function});
      state.function = false;
    } else if (is_word(command, first, {"fi", "done", "esac", "}"})) {
      if (!blocks.empty() && blocks.back().closer == command.words[first].text) blocks.pop_back();
      return true;
    } else {
      return false;
    }
    if (blocks.size() > 100) blocks.erase(blocks.begin());
  }
}

/// True: the command was nothing but assignments.
bool Script::assignments(const ShellCommand& command, std::size_t& first, State& state, bool certain) {
  const auto& words = command.words;
  if (is_word(command, first, {"read", "unset", "getopts", "let"})) {
    for (auto i = first + 1; i < words.size(); ++i) set(state, words[i].text, std::nullopt);
    return true;
  }
  if (const auto name = appended_name(words[first]); !name.empty()) {  // "A+=x": what A holds then is not computed
    set(state, name, std::nullopt);
    return words.size() == first + 1;
  }
  const bool declares = is_word(command, first, {"export", "local", "readonly", "declare", "typeset"});
  auto end = first + (declares ? 1 : 0);
  while (end < words.size() && (words[end].assignment() || (declares && words[end].text.starts_with('-')))) ++end;
  if (end < words.size() && !declares) {
    first = end;  // "A=1 command": for that command only
    return false;
  }
  for (auto i = first; i < end; ++i) {
    const auto assigned = words[i].assignment();
    if (!assigned) continue;
    const bool known = certain && words[i].unresolved.empty();
    set(state, assigned->first,
        known ? std::optional(words[i].text.substr(std::min(assigned->second, words[i].text.size()))) : std::nullopt);
  }
  return true;
}

void Script::set(State& state, std::string_view name, std::optional<std::string> value) {
  if (value && (value->size() > kLongestValue || state.frozen.contains(name))) value.reset();
  if (state.variables.size() < 4096 || state.variables.contains(name))
    state.variables[std::string(name)] = std::move(value);
}

void Script::call(const Context& in, const ShellCommand& command, std::size_t first, bool certain) {
  const auto program = base_name(command.words[first].text);
  const auto arguments = std::span(command.words).subspan(first + 1);
  const Invocation invocation{in.line, program, arguments};
  const bool matters = EsxcfgCommands::matters(invocation);
  in.state.sure = program.starts_with("esxcfg-") || program == "echo" || program == "cat" || program == "cd" ||
                  (first == 0 && always_holds(command, first));
  if (program == "exit" && certain) in.state.ended = true;
  if (program == "echo") return echo(in, command, first, certain);
  if (where_ == Where::Installer) return;
  for (const std::string_view editor : {"sed", "perl", "awk", "printf", "cp", "mv", "ed", "tee"})
    if (program == editor) return edit(in, command, first);
  if (!matters) return;
  if (certain)
    commands_.run(invocation);
  else
    conditional(in.line, program);
}

void Script::conditional(const Line& line, std::string_view program_or_path) {
  if (where_ == Where::Installer) return;
  const bool is_file = program_or_path.starts_with('/');
  if (!is_file || holds_network(program_or_path.substr(1))) commands_.leave_out(line, program_or_path);
  reading_.warn(reading_.at(line), "command-conditional",
                "whether this command runs hangs on a condition or a loop: it was left out",
                "say in a policy or by other inputs what holds for this host");
}

}  // namespace esx2esxi::intake
