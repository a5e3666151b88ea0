#include "script.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/importer.hpp"

namespace esx2esxi::intake {

namespace {

constexpr unsigned kMostDepth = 3;          // scripts that write scripts that write scripts
constexpr std::size_t kMostJoined = 2048;   // bytes of a quoted text that goes on over several lines
constexpr std::size_t kLongestValue = 256;  // of a variable: longer ones are no address and no name
constexpr std::size_t kMostFiles = 64;
constexpr std::size_t kMostWritten = 20000;  // lines of one written file

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// As the importers know paths: without the root of the system that is being installed.
std::string_view installed_path(std::string_view path) {
  for (const std::string_view root : {"/mnt/sysimage/", "/mnt/sysimage", "/"})
    if (path.starts_with(root)) {
      path.remove_prefix(root.size());
      break;
    }
  return path;
}

bool is_configuration(std::string_view path) { return importer_for(installed_path(path)) != nullptr; }

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

/// The file that a command's output goes to, and whether it is added to.
const Redirection* output_of(const ShellCommand& command) {
  for (const auto& one : command.redirections)
    if (one.sign.starts_with('>')) return &one;
  return nullptr;
}

std::set<std::string, std::less<>> names_of(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

}  // namespace

void Script::run(const ScriptLines& lines) {
  State state;
  run_lines(lines, state);
  run_written(1);
}

/// Follows the scripts that were written and not followed yet.
void Script::run_written(unsigned depth) {
  if (depth > kMostDepth) return;
  const auto end = files_.size();
  for (; followed_ < end; ++followed_) {
    if (!is_script(files_[followed_])) continue;
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
      if (shell.unterminated()) break;  // where this word ends is not known
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
  const bool certain = !in_block && !hangs &&
                       std::none_of(state.blocks.begin(), state.blocks.end(), [](auto& b) { return b.conditional; });
  state.before = command.end;
  documents_of(in, command, first, certain);
  if (command.end == "(" && command.words.size() == 1) {
    state.function = true;
    return;
  }
  if (consumed || first >= command.words.size() || assignments(command, first, state, certain)) {
    state.sure = true;
    return;
  }
  call(in, command, first, certain);
}

/// Opens and closes blocks; true: nothing is left to be called. `first` moves on to the command's own words.
bool Script::keywords(const ShellCommand& command, std::size_t& first, State& state) {
  auto& blocks = state.blocks;
  for (;; ++first) {
    if (is_word(command, first, {"then", "else", "elif", "do", "!", "sudo", "exec", "nohup", "command"})) continue;
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
      if (is_word(command, command.words.size() - 1, {"{"})) blocks.push_back({"}"});
      return true;
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
  in.state.sure = program.starts_with("esxcfg-") || program == "echo" || program == "cat" || program == "cd";
  if (program == "exit" && certain) in.state.ended = true;
  if (program == "echo") return echo(in, command, first, certain);
  for (const std::string_view editor : {"sed", "perl", "awk", "printf", "cp", "mv", "ed", "tee"})
    if (program == editor) return edit(in, command, first);
  if (!matters) return;
  if (certain)
    commands_.run(invocation);
  else
    conditional(in.line);
}

void Script::conditional(const Line& line) {
  reading_.warn(reading_.at(line), "command-conditional",
                "whether this command runs hangs on a condition or a loop: it was left out",
                "say in a policy or by other inputs what holds for this host");
}

void Script::documents_of(const Context& in, const ShellCommand& command, std::size_t first, bool certain) {
  const auto program = first < command.words.size() ? base_name(command.words[first].text) : std::string_view();
  const auto* output = output_of(command);
  for (const auto& one : command.redirections) {
    if (!one.sign.starts_with("<<")) continue;
    Document document;
    document.delimiter = one.target.text;
    document.expands = !one.target.quoted;
    document.strips_tabs = one.sign == "<<-";
    document.certain = certain;
    document.runs = program == "sh" || program == "bash" || program == "ash";
    if (program == "cat" && output) {
      document.target = output->target.text;
      document.appends = output->sign == ">>";
    } else if (program == "tee" && command.words.size() > first + 1) {
      document.target = command.words.back().text;
      document.appends = command.words[first + 1].text == "-a";
    }
    in.documents.push_back(std::move(document));
  }
}

void Script::finish(const Document& document, ScriptLines body, State& state) {
  std::set<std::string, std::less<>> frozen;
  if (document.expands)
    for (auto& line : body) {
      frozen.merge(names_of(open_names(line.text, state.variables)));
      line.text = expand_here_document(line.text, state.variables);
    }
  if (document.runs && document.certain && state.depth < kMostDepth) {
    State inner;
    inner.depth = state.depth + 1;
    inner.frozen = std::move(frozen);
    return run_lines(body, inner);
  }
  if (document.target.empty() || body.empty()) return;
  if (document.certain) return write(document.target, document.appends, std::move(body), frozen);
  if (is_configuration(document.target)) conditional({body.front().text, body.front().number});
}

/// `echo TEXT > FILE`
void Script::echo(const Context& in, const ShellCommand& command, std::size_t first, bool certain) {
  const auto* output = output_of(command);
  if (!output) return;
  std::string text;
  bool escapes = false;
  for (auto i = first + 1; i < command.words.size(); ++i) {
    const auto& word = command.words[i];
    if (text.empty() && (word.text == "-e" || word.text == "-n" || word.text == "-en" || word.text == "-ne")) {
      escapes = escapes || word.text.find('e') != std::string::npos;
      continue;
    }
    text += (text.empty() ? "" : " ") + word.text;
  }
  ScriptLines lines;
  for (std::size_t from = 0; from <= text.size();) {
    auto end = text.find('\n', from);
    std::size_t skip = 1;
    if (const auto escape = escapes ? text.find("\\n", from) : std::string::npos; escape < end) {
      end = escape;
      skip = 2;
    }
    lines.push_back({text.substr(from, end == std::string::npos ? end : end - from), in.line.number});
    if (end == std::string::npos) break;
    from = end + skip;
  }
  const auto& target = output->target.text;
  if (certain) return write(target, output->sign == ">>", std::move(lines), {});
  if (is_configuration(target)) conditional(in.line);
}

/// A file of interest that is changed in a way that is not followed here.
void Script::edit(const Context& in, const ShellCommand& command, std::size_t first) {
  const bool reads_document = std::any_of(command.redirections.begin(), command.redirections.end(),
                                          [](const Redirection& one) { return one.sign.starts_with("<<"); });
  if (reads_document) return;
  const auto* output = output_of(command);
  bool touches = output && is_configuration(output->target.text);
  const auto program = base_name(command.words[first].text);
  if (program == "cp" || program == "mv" || program == "tee")
    touches = touches || is_configuration(command.words.back().text);
  else if (program != "printf" && !output)
    for (auto i = first + 1; i < command.words.size(); ++i)
      touches = touches || is_configuration(command.words[i].text);
  if (touches)
    reading_.warn(reading_.at(in.line), "script-edits-file",
                  fmt::format("what {} makes of the file is not followed", excerpt(program)),
                  "supply the file as it is on the host");
}

void Script::write(std::string_view path, bool appends, ScriptLines lines,
                   const std::set<std::string, std::less<>>& frozen) {
  path = installed_path(path);
  auto at = std::find_if(files_.begin(), files_.end(), [&](const WrittenFile& file) { return file.path == path; });
  if (at == files_.end()) {
    if (files_.size() >= kMostFiles) return;
    at = files_.insert(files_.end(), {std::string(path), {}, {}});
  }
  if (!appends) {
    at->lines.clear();
    at->frozen.clear();
  }
  if (at->lines.size() + lines.size() > kMostWritten) return;
  std::move(lines.begin(), lines.end(), std::back_inserter(at->lines));
  at->frozen.insert(frozen.begin(), frozen.end());
}

}  // namespace esx2esxi::intake
