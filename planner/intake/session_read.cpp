#include "session_read.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

/// What was asked for stands in the command only: which adapter, which value.
bool is_told_by_its_prompt(const Importer& importer) {
  return importer.read == read_swiscsi_nic_list || importer.read == read_esxcfg_advcfg;
}

std::string_view why(Doubtful doubtful) {
  switch (doubtful) {
    case Doubtful::No: return {};
    case Doubtful::Chained: return "several commands in one line: whose output is whose is not known";
    case Doubtful::Filtered: return "the output was filtered: what is missing means nothing";
    case Doubtful::Redirected: return "the output went into a file";
    case Doubtful::Variable: return "a shell variable stands for an argument";
  }
  return {};
}

/// Whose listing it is, in the words of esxcli.
std::string asked_of(const EsxcliWords& words) {
  std::string out;
  for (const auto* option :
       {"-i", "--interface-name", "-p", "--portgroup-name", "-v", "--vswitch-name", "-N", "--netstack"}) {
    const auto value = words.option({option});
    if (!value.empty()) out += fmt::format(" {} {}", option, value);
  }
  return out;
}

/// What was typed as far as it is known to be harmless: other words may hold a password.
std::string part_name(const SessionCommand& command) {
  if (command.words.doubtful != Doubtful::No) return std::string(command.words.program());
  if (is_esxcli(command.words)) {
    const auto words = esxcli_words(command.words);
    return fmt::format("{} {}{}", command.words.program(), words.path, asked_of(words));
  }
  return join(command.words.words, " ");
}

/// All of one host's session: outputs are read first, then what they mean beside each other.
class HostReader {
 public:
  HostReader(const Source& source, const HostSession& session) : source_(source), session_(session) {}

  std::vector<NamedFacts> run() {
    for (const auto& command : session_.commands) read(command);
    check_collection();
    for (const auto& call : calls_)
      if (call.command->learn && !call.output.refused) call.command->learn(of(call), context_);
    for (const auto& call : calls_) finish(call);
    lose_refused();
    name_by_prompt();
    return std::move(parts_);
  }

 private:
  struct Call {
    const SessionCommand* session = nullptr;
    EsxcliWords words;
    const EsxiCommand* command = nullptr;
    EsxcliOutput output;
    std::size_t part = 0;  // where its facts go: parts keep the order of the session
  };

  EsxiCall of(const Call& call) const {
    return {source_.file, call.session->words, call.output, context_, call.session->line};
  }

  /// The file ends in this output without a line end: people copy from a terminal up to the next prompt, so that
  /// maybe the last line is not whole. What cannot lack anything (words, whole rows) is believed all the same.
  bool is_open_end(const SessionCommand& command) const {
    const auto& all = source_.text;
    const auto& output = command.output;
    return !output.empty() && output.data() + output.size() == all.data() + all.size() && all.back() != '\n';
  }

  /// The collector's transcript says where it begins and ends: one that was cut lacks what the host has all the same.
  void check_collection() {
    const SessionCommand* open = nullptr;
    for (const auto& command : session_.commands) {
      const auto& words = command.words.words;
      if (words.size() != 3 || words[0] != ":" || words[1] != "esx2esxi-collect") continue;
      open = words[2] == "begin" ? &command : nullptr;
    }
    if (!open) return;
    if (is_read(session_.commands.back().words)) parts_.back().part += " (cut off)";
    const Origin at{source_.file, open->line, 1};
    auto& part = parts_.emplace_back();
    part.host = session_.host;
    part.part = "collect";
    part.facts.cut_off = Said<std::string>{"the collector's last line is missing", at};
    part.facts.notes.push_back({Severity::Error, "collection-cut", at,
                                "the end of the collector's transcript is missing",
                                "run the script again, and copy all that it prints"});
  }

  /// Where no output names the host, its prompt does.
  void name_by_prompt() {
    const auto& commands = session_.commands;
    const auto named = std::find_if(commands.begin(), commands.end(), [](const SessionCommand& command) {
      return !command.host.empty() && !command.host.starts_with("localhost");
    });
    const auto has_name = [](const NamedFacts& part) { return part.facts.hostname.has_value(); };
    if (named == commands.end() || parts_.empty() || std::any_of(parts_.begin(), parts_.end(), has_name)) return;
    const auto listing = std::find_if(parts_.begin(), parts_.end(), [](const NamedFacts& part) {
      return part.importer == nullptr || part.importer->trust == Trust::Listing;
    });
    auto& facts = (listing == parts_.end() ? parts_.begin() : listing)->facts;
    facts.hostname = Said<std::string>{named->host, {source_.file, named->line, 1}};
  }

  void read(const SessionCommand& command) {
    const bool remote = runs_over_ssh(command.words);
    if (!is_read(command.words) && !remote) return;
    auto& part = parts_.emplace_back();
    part.host = session_.host;
    part.part = remote ? std::string(command.words.program()) : part_name(command);
    if (remote || malformed_at(command.typed) != std::string_view::npos) {
      refuse(command, remote, part);
    } else if (command.words.doubtful != Doubtful::No) {
      part.facts.notes.push_back(
          {Severity::Warning,
           "command-not-read",
           {source_.file, command.line, 1},
           fmt::format("'{}' is passed over: {}", command.words.program(), why(command.words.doubtful)),
           "run the command alone"});
      part.part += kNotRead;
    } else if (is_esxcli(command.words)) {
      read_call(command, parts_.size() - 1);
    } else if (const auto* importer = importer_of(command.words)) {
      part.importer = importer;
      // The adapter of a binding stands in the command only.
      if (is_told_by_its_prompt(*importer)) {
        // Whatever the prompt looked like, the reader gets one it knows.
        const auto text = fmt::format("[root@host ~]# {}\n{}", command.typed, command.output);
        part.facts = importer->read({source_.file, text, command.line - 1, is_open_end(command)});
      } else {
        part.facts = importer->read({source_.file, command.output, command.line, is_open_end(command)});
      }
      name_stack(command, part.facts);
    } else if (const auto name = printed_host_name(command); !name.empty()) {
      part.facts.hostname = Said<std::string>{name, {source_.file, command.line + 1, 1}};
    }
  }

  /// The output of another host, or the name of something in bytes that nobody can read.
  void refuse(const SessionCommand& command, bool remote, NamedFacts& part) const {
    const Origin at{source_.file, command.line, 1};
    part.part += kNotRead;
    part.facts.notes.push_back(remote ? Diagnostic{Severity::Warning, "command-not-read", at,
                                                   "'ssh' with a command is passed over: its output is another host's",
                                                   "run the command at that host's own prompt"}
                                      : Diagnostic{Severity::Warning, "text-encoding", at,
                                                   "the line is not UTF-8: its output was refused",
                                                   "convert the file to UTF-8"});
    if (!remote) lose_undamaged_text(part.facts, at);
  }

  void read_call(const SessionCommand& command, std::size_t part) {
    auto words = esxcli_words(command.words);
    const auto* known = esxi_command(words.path);
    const bool csv = words.option({"--formatter"}) == "csv";
    calls_.push_back({&command, std::move(words), known,
                      read_esxcli({source_.file, command.output, command.line}, known->columns, csv), part});
  }

  /// A classic listing that was asked for another stack, or that shows the default gateway an esxcli listing hides.
  void name_stack(const SessionCommand& command, Facts& facts) {
    const auto words = esxcli_words(command.words);
    const auto named = words.option({"-N", "--netstack"});
    for (auto& gateway : facts.gateways) {
      if (gateway.stack != model::kVmkernel) continue;
      if (!named.empty()) gateway.stack = named;
      const std::string stack(named.empty() ? model::kDefaultStack : named);
      if (gateway.gateway) context_.gateways.emplace(stack, gateway.gateway->value);
    }
    for (auto& route : facts.routes)
      if (!named.empty() && route.stack == model::kVmkernel) route.stack = named;
    if (facts.lists_routes && command.words.program() == "esxcfg-route")
      context_.routed.insert(std::string(named.empty() ? model::kDefaultStack : named));
  }

  void finish(const Call& call) {
    auto& facts = parts_[call.part].facts;
    if (call.output.refused)
      parts_[call.part].part += kNotRead;
    else
      facts = call.command->read(of(call));
    facts.notes.insert(facts.notes.begin(), call.output.notes.begin(), call.output.notes.end());
    // Only ESXi 5.0 and later knows these commands.
    if (!call.output.refused && !call.output.records.empty() && !facts.product)
      facts.product = Said<std::string>{"ESXi", {source_.file, call.session->line, 1}};
  }

  /// Outputs that were refused, where no other of the same command tells what they would have.
  void lose_refused() {
    using Asked = std::tuple<std::string_view, const decltype(EsxcliWords::options)&>;
    const auto asked = [](const Call& call) { return Asked(call.words.path, call.words.options); };
    std::set<Asked> answered;
    for (const auto& call : calls_)
      if (!call.output.refused) answered.insert(asked(call));
    for (const auto& call : calls_)
      if (call.output.refused && !answered.contains(asked(call))) lose(call);
  }

  void lose(const Call& call) {
    const bool misencoded = !call.output.notes.empty() && call.output.notes.back().code == "text-encoding";
    auto what = misencoded ? std::string(kUndamagedText) : std::string(call.command->tells);
    if (what.empty() || call.output.lacking) return;
    if (const auto interface = call.words.option({"-i", "--interface-name"});
        !misencoded && is_numbered(interface, "vmk"))
      what += fmt::format(" of {}", interface);
    const auto line = call.output.notes.empty() ? call.session->line : call.output.notes.back().at.line;
    parts_[call.part].facts.lost.push_back({LostFact::Of::Host, {}, std::move(what), {}, {source_.file, line, 1}});
  }

  const Source& source_;
  const HostSession& session_;
  EsxiContext context_;
  std::vector<Call> calls_;
  std::vector<NamedFacts> parts_;
};

NamedFacts complaint(const Source& source, std::string message, std::string remedy) {
  NamedFacts out;
  out.only_notes = true;
  out.facts.notes.push_back(
      {Severity::Warning, "session-empty", {source.file, 0, 0}, std::move(message), std::move(remedy)});
  return out;
}

}  // namespace

bool recognises_session(std::string_view head) {
  const auto commands = split_session({FileName(), head});
  const auto typed =
      std::count_if(commands.begin(), commands.end(), [](const SessionCommand& c) { return !c.words.words.empty(); });
  return typed > 1 ||
         std::any_of(commands.begin(), commands.end(), [](const SessionCommand& c) { return is_read(c.words); });
}

std::vector<NamedFacts> read_session(const Source& source) {
  auto commands = split_session(source);
  if (commands.size() > kMostCommands) return {complaint(source, "more prompts than any session has", {})};
  const auto hosts = sort_by_host(std::move(commands));
  std::vector<NamedFacts> out;
  for (const auto& host : hosts) {
    auto parts = HostReader(source, host).run();
    std::move(parts.begin(), parts.end(), std::back_inserter(out));
  }
  if (out.empty())
    out.push_back(complaint(source, "no command in this session shows anything of a host's network",
                            "`esx2esxi collect` prints a script that runs those that do"));
  return out;
}

}  // namespace esx2esxi::intake
