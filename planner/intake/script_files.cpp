// What a script writes into files: here-documents, echo, and edits that are not followed.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/importer.hpp"
#include "script.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostFiles = 64;
constexpr std::size_t kMostWritten = 20000;  // lines of one written file

bool is_configuration(std::string_view path) { return importer_for(installed_path(path)) != nullptr; }

std::set<std::string, std::less<>> names_of(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

}  // namespace

std::string_view installed_path(std::string_view path) {
  for (const std::string_view root : {"/mnt/sysimage/", "/mnt/sysimage", "/"})
    if (path.starts_with(root)) {
      path.remove_prefix(root.size());
      break;
    }
  return path;
}

const Redirection* output_of(const ShellCommand& command) {
  for (const auto& one : command.redirections)
    if (one.sign.starts_with('>')) return &one;
  return nullptr;
}

bool holds_network(std::string_view path) {
  return path.starts_with("etc/sysconfig/") || path.starts_with("etc/vmware/") || path == "etc/resolv.conf";
}

bool is_prose(std::string_view path) {
  for (const std::string_view folder : {"dev/", "proc/", "var/log/", "etc/motd", "etc/issue"})
    if (path.starts_with(folder)) return true;
  for (const std::string_view kind : {".txt", ".log", ".out", ".md"})
    if (path.ends_with(kind)) return true;
  return path.find_first_not_of("0123456789&-") == std::string_view::npos;  // "2>&1"
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
    document.shown = program == "cat" && !output && command.end != "|";
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
  if (body.empty() || document.shown) return;
  if (document.target.empty()) return pass_over(body);
  if (document.certain) return write(document.target, document.appends, std::move(body), frozen);
  uncertain_file({body.front().text, body.front().number}, document.target, body);
}

/// What is written below a condition: it may be there or not.
void Script::uncertain_file(const Line& line, std::string_view path, const ScriptLines& lines) {
  path = installed_path(path);
  if (is_configuration(path)) return conditional(line, "/" + std::string(path));
  if (!is_prose(path)) pass_over(lines);
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
  uncertain_file(in.line, target, lines);
}

/// A file of interest that is changed in a way that is not followed here.
void Script::edit(const Context& in, const ShellCommand& command, std::size_t first) {
  const bool reads_document = std::any_of(command.redirections.begin(), command.redirections.end(),
                                          [](const Redirection& one) { return one.sign.starts_with("<<"); });
  if (reads_document) return;
  const auto* output = output_of(command);
  std::string_view touched;
  const auto touch = [&](std::string_view path) {
    if (is_configuration(path) && !holds_network(touched)) touched = installed_path(path);
  };
  if (output) touch(output->target.text);
  const auto program = base_name(command.words[first].text);
  if (program == "cp" || program == "mv" || program == "tee")
    touch(command.words.back().text);
  else if (program != "printf" && !output)
    for (auto i = first + 1; i < command.words.size(); ++i) touch(command.words[i].text);
  if (touched.empty()) return;
  if (holds_network(touched)) commands_.leave_out(in.line, "/" + std::string(touched));
  reading_.warn(reading_.at(in.line), "script-edits-file",
                fmt::format("what {} makes of the file is not followed", excerpt(program)),
                "supply the file as it is on the host");
}

void Script::write(std::string_view path, bool appends, ScriptLines lines,
                   const std::set<std::string, std::less<>>& frozen) {
  path = installed_path(path);
  auto at = std::find_if(files_.begin(), files_.end(), [&](const WrittenFile& file) { return file.path == path; });
  if (at == files_.end()) {
    if (files_.size() >= kMostFiles) return pass_over(lines);
    at = files_.insert(files_.end(), WrittenFile{std::string(path), {}, {}, false, appends});
  }
  if (!appends) {
    if (named_.contains(path)) pass_over(at->lines);  // it may have run before it is written anew
    at->lines.clear();
    at->frozen.clear();
    at->extends = false;
  }
  if (at->lines.size() + lines.size() > kMostWritten) return pass_over(lines);
  std::move(lines.begin(), lines.end(), std::back_inserter(at->lines));
  at->frozen.insert(frozen.begin(), frozen.end());
}

}  // namespace esx2esxi::intake
