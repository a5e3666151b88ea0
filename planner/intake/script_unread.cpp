// What a script hands to programs that are not followed: said to be left out where it names one that configures the
// network.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "mentions.hpp"
#include "script.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostNamed = 4096;

bool prints(std::string_view program) { return is_any(program, {"echo", "printf", "logger", "wall"}); }

/// Programs that take another's name for that of a file. "-v" is what is left of "command -v".
bool takes_files(std::string_view program) {
  return is_any(program, {"[", "[[", "test", "which", "type", "hash", "ls", "rpm", "chmod", "man", "grep", "egrep",
                          "fgrep", "cp", "mv", "rm", "ln", "-v", "-V"});
}

/// The shell runs a part of the word itself.
bool substitutes(const ShellWord& word) {
  return !word.raw.starts_with('\'') &&
         (word.raw.find("$(") != std::string_view::npos || word.raw.find('`') != std::string_view::npos);
}

/// What the command hands on, as one text, but for the assignments in it.
std::string handed_on(const ShellCommand& command, std::size_t from, bool only_substitutions) {
  std::string text;
  for (auto i = from; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (!word.assignment() && (!only_substitutions || substitutes(word))) text += word.text + ' ';
  }
  return text;
}

template <class Visit>
void for_each_mention(const ScriptLines& lines, Visit visit) {
  for (const auto& line : lines)
    if (const auto mention = changing_mention(line.text); mention && !trim(line.text).starts_with('#'))
      visit(Line{line.text, line.number}, *mention);
}

}  // namespace

void Script::look_for_unread(const Context& in, const ShellCommand& command, std::size_t first) {
  const auto& words = command.words;
  for (const auto& word : words) {
    if (word.text.find('/') != std::string::npos && named_.size() < kMostNamed)
      named_.insert(std::string(installed_path(word.text)));
    if (!word.assignment()) continue;
    if (const auto mention = changing_mention(word.text); mention && !mention->bare) unread(in.line, mention->program);
  }
  for (const auto& one : command.redirections)
    if (const auto mention = changing_mention(one.target.text); mention && !mention->bare)
      unread(in.line, mention->program);
  while (first < words.size() && words[first].assignment()) ++first;
  const auto program = first < words.size() ? base_name(words[first].text) : std::string_view();
  look_at_pipe(in, command, program);
  const bool followed = where_ == Where::Host && names_program(program);
  const auto* output = output_of(command);
  const bool piped = command.end == "|";
  const bool shown =
      prints(program) && !piped && (!output || program == "echo" || is_prose(installed_path(output->target.text)));
  const auto mention = changing_mention(handed_on(command, first + (followed ? 1 : 0), shown));
  if (!mention || (mention->bare && (takes_files(program) || prints(program)))) return;
  if (takes_files(program) && !changing_mention(handed_on(command, first, true))) return;
  if (prints(program) && piped)
    in.state.piped = mention->program;
  else
    unread(in.line, mention->program);
}

/// What was printed into a pipe, unless it ends in a log.
void Script::look_at_pipe(const Context& in, const ShellCommand& command, std::string_view program) {
  if (in.state.piped.empty() || command.words.empty()) return;
  const auto printed = std::exchange(in.state.piped, {});
  const bool logs = is_any(program, {"logger", "wall", "mail", "grep"}) ||
                    (program == "tee" && is_prose(installed_path(command.words.back().text)));
  if (!logs) unread(in.line, printed);
}

void Script::pass_over(const ScriptLines& lines) {
  for_each_mention(lines, [&](const Line& line, const Mention& mention) { unread(line, mention.program); });
}

/// Files that hold such commands and were not followed as scripts: nobody knows who runs them, or where.
void Script::look_in_files() {
  for (const auto& file : files_) {
    if (file.followed || (is_prose(file.path) && !named_.contains(file.path))) continue;
    for_each_mention(file.lines, [&](const Line& line, const Mention& mention) { left_out(line, mention.program); });
  }
}

void Script::unread(const Line& line, std::string_view program) {
  if (where_ == Where::Host) return left_out(line, program);
  if (told_.emplace(line.number, program).second)
    reading_.note(reading_.at(line), "command-ignored",
                  fmt::format("{}: what %pre runs configures the installer's system, not the host", program));
}

void Script::left_out(const Line& line, std::string_view program) {
  if (!told_.emplace(line.number, program).second) return;
  reading_.warn(reading_.at(line), "command-not-understood",
                fmt::format("{} is called in a way that is not followed: what it sets was left out", program),
                "take what the host itself prints: esx2esxi collect");
  commands_.leave_out(line, program);
}

}  // namespace esx2esxi::intake
