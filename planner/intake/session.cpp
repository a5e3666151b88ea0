#include "session.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "esx2esxi/core/text.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

struct Start {
  std::string host;
  std::string typed;
  bool bare = false;
};

/// A program that only hosts have, so that a line before which anything may stand is a command.
bool is_listing(std::string_view typed) {
  const auto program = typed.substr(0, typed.find(' '));
  return program == "esxcli" || program == "localcli" || program.starts_with("esxcfg-") || program == "vmware";
}

bool is_sign_alone(std::string_view line) { return line.starts_with("# ") || line.starts_with("$ "); }

/// "# esxcfg-vswif -l", "$ esxcli ...", or the command alone: only where it is one that prints something to be read, or
/// any comment would do.
std::optional<Start> bare_command(std::string_view line) {
  if (is_sign_alone(line)) line.remove_prefix(2);
  if (!is_listing(line) || !is_read(parse_command(line))) return std::nullopt;
  return Start{{}, std::string(line), true};
}

using Stems = std::set<std::string, std::less<>>;

/// The prompts of a kind that only this session shows, told by the commands behind them.
Stems loose_stems(std::string_view text) {
  Stems stems;
  std::string scratch;
  for_each_line(text, [&](std::string_view raw, std::uint32_t) {
    constexpr std::size_t kMost = 64;
    if (raw.size() > kLongestLine || stems.size() >= kMost || raw.find_first_of("#$>%") == std::string_view::npos)
      return;
    const auto line = trim(clean(raw, scratch));
    if (line.empty() || find_prompt(line)) return;
    // A sign alone is a prompt where a command of a host stands behind it somewhere: elsewhere it begins a remark.
    if (is_sign_alone(line) && bare_command(line)) return void(stems.emplace(line.substr(0, 1)));
    const auto loose = find_loose_prompt(line);
    if (loose && is_listing(loose->prompt.command) && is_read(parse_command(loose->prompt.command)))
      stems.emplace(loose->stem);
  });
  return stems;
}

std::optional<Start> start_of_command(std::string_view raw, const Stems& stems, std::string& scratch) {
  if (raw.size() > kLongestLine) return std::nullopt;
  const auto line = trim(clean(raw, scratch));
  if (line.empty()) return std::nullopt;
  if (const auto prompt = find_prompt(line)) return Start{std::string(prompt->host), std::string(prompt->command)};
  if (!stems.empty())
    if (const auto loose = find_loose_prompt(line); loose && stems.contains(loose->stem))
      return Start{std::string(loose->prompt.host), std::string(loose->prompt.command)};
  if (is_sign_alone(line) && stems.contains(line.substr(0, 1)))
    if (const auto typed = trim(line.substr(2)); is_read(parse_command(typed)))
      return Start{{}, std::string(typed), true};
  return bare_command(line);
}

std::string_view short_name(std::string_view name) {
  return net::Ipv4Address::parse(name) ? name : name.substr(0, name.find('.'));
}

bool same_host(std::string_view a, std::string_view b) { return equals_ignoring_case(short_name(a), short_name(b)); }

/// What an installer leaves where nobody gave a name.
bool is_placeholder(std::string_view name) { return name.empty() || same_host(name, "localhost"); }

/// "ssh root@esx02": where the session goes on.
std::string ssh_operand(const CommandLine& command) {
  if (command.program() != "ssh" || command.words.size() < 2 || runs_over_ssh(command)) return {};
  const std::string_view last = command.words.back();
  return std::string(last.substr(last.find('@') + 1));  // npos + 1 is 0
}

/// Walks through the commands and says of each to which host it belongs.
class Sorter {
 public:
  void add(SessionCommand command) {
    const auto printed = printed_host_name(command);
    if (!belongs_here(command, printed)) begin();
    ssh_.clear();
    auto& session = sessions_[current_];
    if (session.prompt.empty()) session.prompt = command.host;
    session.bare = session.bare && command.bare;
    if (!is_placeholder(printed)) session.printed = printed;
    if (const auto next = ssh_operand(command.words); !next.empty()) {
      left_.push_back(current_);
      ssh_ = next;
    } else if (!left_.empty() && (command.words.program() == "exit" || command.words.program() == "logout")) {
      back_ = left_.back();
      left_.pop_back();
    }
    session.commands.push_back(std::move(command));
  }

  std::vector<HostSession> finish() {
    std::vector<HostSession> out;
    std::map<std::string, std::size_t> index;
    std::size_t unnamed = 0;
    for (auto& session : sessions_) {
      auto name = name_of(session);
      if (name.empty() && ++unnamed > 1) name = "unnamed-" + std::to_string(unnamed);  // no two of them are one host
      const auto [known, fresh] = index.try_emplace(lower(short_name(name)), out.size());
      if (fresh) out.push_back({name, {}});
      auto& all = out[known->second].commands;
      std::move(session.commands.begin(), session.commands.end(), std::back_inserter(all));
    }
    return out;
  }

 private:
  struct Session {
    std::string prompt;
    std::string printed;
    std::string ssh;
    bool bare = true;  // no prompt so far
    std::vector<SessionCommand> commands;
  };

  static std::string name_of(const Session& session) {
    if (!session.printed.empty()) return session.printed;
    return is_placeholder(session.prompt) ? session.ssh : session.prompt;
  }

  bool belongs_here(const SessionCommand& command, std::string_view printed) {
    if (sessions_.empty() || (!ssh_.empty() && command.host.empty())) return false;
    if (back_ && command.host.empty()) current_ = *back_;
    back_.reset();
    const auto& now = sessions_[current_];
    if (!is_placeholder(printed) && !now.printed.empty() && !same_host(printed, now.printed)) return false;
    if (command.bare || now.bare) return true;
    if (command.host.empty() || now.prompt.empty()) return command.host.empty() == now.prompt.empty();
    return same_host(command.host, now.prompt);
  }

  void begin() {
    sessions_.emplace_back();
    sessions_.back().ssh = ssh_;
    current_ = sessions_.size() - 1;
  }

  std::vector<Session> sessions_;
  std::size_t current_ = 0;
  std::vector<std::size_t> left_;    // sessions from which ssh led away
  std::optional<std::size_t> back_;  // the one that `exit` leads back to
  std::string ssh_;                  // operand of the last ssh, until a prompt follows
};

}  // namespace

bool runs_over_ssh(const CommandLine& command) {
  if (command.program() != "ssh") return false;
  return std::any_of(command.words.begin(), command.words.end(), [](const std::string& word) {
    return word.starts_with("esxcfg-") || word.starts_with("esxcli") || word.starts_with("localcli");
  });
}

std::vector<SessionCommand> split_session(const Source& source) {
  const auto stems = loose_stems(source.text);
  std::vector<SessionCommand> out;
  std::string scratch;
  const auto* end = source.text.data() + source.text.size();
  const auto close = [&](const char* at) {
    if (out.empty()) return;
    auto& last = out.back();
    last.output = {last.output.data(), static_cast<std::size_t>(at - last.output.data())};
  };
  for_each_line(source.text, [&](std::string_view raw, std::uint32_t number) {
    if (out.size() > kMostCommands) return;
    auto start = start_of_command(raw, stems, scratch);
    if (!start) return;
    close(raw.data());
    const auto newline = source.text.find('\n', static_cast<std::size_t>(raw.data() - source.text.data()));
    const auto* below = newline == std::string_view::npos ? end : source.text.data() + newline + 1;
    auto words = parse_command(start->typed);
    out.push_back({std::move(start->host),
                   start->bare,
                   std::move(start->typed),
                   std::move(words),
                   source.lines_before + number,
                   {below, 0}});
  });
  close(end);
  return out;
}

std::vector<HostSession> sort_by_host(std::vector<SessionCommand> commands) {
  Sorter sorter;
  for (auto& command : commands) sorter.add(std::move(command));
  return sorter.finish();
}

}  // namespace esx2esxi::intake
