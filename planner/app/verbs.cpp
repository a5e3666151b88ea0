#include "esx2esxi/app/verbs.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/app/baseline.hpp"
#include "esx2esxi/app/files.hpp"
#include "esx2esxi/app/pipeline.hpp"
#include "esx2esxi/app/reports.hpp"
#include "esx2esxi/app/templates.hpp"
#include "esx2esxi/app/trace.hpp"
#include "esx2esxi/app/verify.hpp"
#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/sha256.hpp"
#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/intake/policy.hpp"
#include "esx2esxi/render/collect.hpp"
#include "esx2esxi/render/documents.hpp"

namespace esx2esxi::app {

namespace {

constexpr auto kAny = std::numeric_limits<std::size_t>::max();

Exit run_inspect(const Options& options, Console& console) {
  const auto session = load(options, Reads::ChosenHosts, console);
  if (!session) return Exit::Input;
  const auto origins = options.origins ? ShowOrigins::Yes : ShowOrigins::No;
  console.print(options.format == Format::Json ? inspect_json(*session)
                                               : inspect_text(*session, origins, console.paint()));
  return Exit::Done;
}

bool reaches(Severity severity, FailOn level) {
  switch (level) {
    case FailOn::Never: return false;
    case FailOn::Warning: return severity >= Severity::Warning;
    case FailOn::Error: return severity >= Severity::Error;
  }
  return true;
}

/// A file that could not be read right may hide a finding: it counts like one.
bool fails(const Session& session, const Judgement& judgement, FailOn level, const Baseline& known) {
  for (const auto& shown : shown_findings(session, judgement))
    if (rules::counts(*shown.finding) && reaches(shown.finding->severity, level) &&
        !known.holds(shown.host, *shown.finding))
      return true;
  const auto bad = [&](const Diagnostic& note) {
    return note.severity == Severity::Error && reaches(note.severity, level);
  };
  bool any = std::any_of(session.estate.diagnostics.begin(), session.estate.diagnostics.end(), bad);
  for (std::size_t i = 0; i < session.chosen.size(); ++i) {
    const auto& notes = session.host(i).diagnostics;
    any = any || (session.chosen[i] && std::any_of(notes.begin(), notes.end(), bad));
  }
  return any;
}

Exit exit_for(const Diagnostic& failure) { return failure.code == "out-exists" ? Exit::Usage : Exit::Input; }

Exit refuse(const Diagnostic& failure, const Console& console) {
  console.report(failure);
  return exit_for(failure);
}

/// How `judge` is to print each host; the other formats want the findings whole.
PrintHost host_printer(const Options& options, const Console& console) {
  if (options.format == Format::Json) return host_json;
  if (options.format != Format::Text) return {};
  return [quiet = options.quiet, paint = console.paint()](const auto& host, const auto& findings) {
    return quiet ? std::string() : host_text(host, findings, paint);
  };
}

Exit run_check(const Options& options, Console& console) {
  const auto session = load(options, Reads::AllHosts, console);
  if (!session) return Exit::Input;
  const auto known = read_baseline(options.baseline);
  if (!known) return refuse(known.error(), console);
  auto judgement = judge(*session, rules::built_in_catalogue(), host_printer(options, console));
  console.report(judgement.notes);
  const auto exit = fails(*session, judgement, options.fail_on, *known) ? Exit::Findings : Exit::Done;
  switch (options.format) {
    case Format::Json: console.print(check_json(*session, std::move(judgement))); break;
    case Format::Sarif: console.print(check_sarif(*session, judgement)); break;
    case Format::Junit: console.print(check_junit(*session, judgement, options.fail_on)); break;
    case Format::Text:
      if (!options.quiet) console.print(check_text(*session, std::move(judgement), console.paint()));
      break;
  }
  return exit;
}

Result<Planned> planned_for(const Session& session, const Console& console) {
  Progress progress(console, fmt::format("Planning {} hosts", session.estate.hosts.size()));
  progress.busy();
  return plan_for(session);
}

Diagnostic kept_note(const Options& options, const Written& written) {
  return {Severity::Warning,
          "out-kept",
          Origin{FileName(options.out)},
          fmt::format("the former folder held files of others and is now {}", written.kept),
          {}};
}

/// A template may ask for a field where there is none: known only once it is filled in.
Result<Written> write_documents(const plan::Plan& plan, const Options& options, const render::TemplateSource& templates,
                                Existing existing) {
  try {
    const auto documents =
        render::plan_documents(plan, {options.particulars, options.documents, templates, options.ipam});
    return write_folder(options.out, documents, existing, options.jobs);
  } catch (const render::DocumentError& error) {
    return tl::unexpected(in_folder(error.diagnostic(), options.templates));
  }
}

Exit run_plan(const Options& options, Console& console) {
  const auto existing = options.force ? Existing::Replace : Existing::Refuse;
  if (const auto obstacle = out_obstacle(options.out, existing)) return refuse(*obstacle, console);
  const auto templates = read_templates(options.templates);
  if (!templates) return refuse(templates.error(), console);
  auto session = load(options, Reads::AllHosts, console);
  if (!session) return Exit::Input;
  const auto planned = planned_for(*session, console);
  if (!planned) return refuse(planned.error(), console);
  console.report(planned->notes);
  const auto& plan = planned->plan;
  session.reset();  // an estate and its documents need not be in memory together
  const auto written = write_documents(plan, options, *templates, existing);
  if (!written) return refuse(written.error(), console);
  if (!written->kept.empty()) console.report(kept_note(options, *written));
  if (options.format == Format::Json)
    console.print(plan::json_text(plan));
  else if (!options.quiet)
    console.print(render::plan_summary(plan, console.paint().on) + fmt::format("\nWritten: {}\n", shown(options.out)));
  const bool blocked = std::any_of(plan.hosts.begin(), plan.hosts.end(),
                                   [](const plan::HostPlan& host) { return host.status == plan::Status::Blocked; });
  return blocked ? Exit::Blocked : Exit::Done;
}

/// The destinations of the command line, then those of the files, each once. None: what is wrong was reported.
std::optional<Options> with_destinations(Options options, const Console& console) {
  for (const auto& path : options.from_files) {
    const auto text = read_file(path);
    if (!text) {
      console.report(text.error());
      return std::nullopt;
    }
    const auto list = read_addresses(FileName(path), *text);
    console.report(list.notes);
    if (!list.notes.empty()) return std::nullopt;
    options.to.insert(options.to.end(), list.value.begin(), list.value.end());
  }
  std::set<net::Ipv4Address> seen;
  std::erase_if(options.to, [&](net::Ipv4Address to) { return !seen.insert(to).second; });
  return options;
}

Exit run_trace(const Options& given, Console& console) {
  const auto complete = with_destinations(given, console);
  if (!complete) return Exit::Input;
  const auto& options = *complete;
  const bool planned = !options.policy.empty() || !options.pools.empty();
  const auto session = load(options, planned ? Reads::AllHosts : Reads::ChosenHosts, console);
  if (!session) return Exit::Input;
  std::optional<plan::Plan> plan;
  if (planned) {
    auto made = planned_for(*session, console);
    if (!made) return refuse(made.error(), console);
    console.report(made->notes);
    plan = std::move(made->plan);
  }
  const auto answers = trace(*session, options, plan ? &*plan : nullptr);
  console.print(options.format == Format::Json ? trace_json(answers) : trace_text(answers, console.paint()));
  return Exit::Done;
}

Exit run_rules(const Options& options, Console& console) {
  const auto& catalogue = rules::built_in_catalogue();
  if (options.policy_schema) {
    console.print(options.format == Format::Json ? policy_schema_json() : intake::policy_layout_text());
    return Exit::Done;
  }
  if (options.operands.empty()) {
    console.print(options.format == Format::Json ? rules_json(catalogue) : rules_text(catalogue, console.paint()));
    return Exit::Done;
  }
  const auto& name = options.operands.front();
  if (const auto* rule = catalogue.find(name)) {
    console.print(options.format == Format::Json ? rules_json({{*rule}}) : rule_page(*rule, console.paint()));
    return Exit::Done;
  }
  std::vector<std::string_view> names;
  for (const auto& rule : catalogue.rules) names.push_back(rule.slug);
  const auto near = closest(name, names);
  console.report(Diagnostic{Severity::Error,
                            "usage",
                            {},
                            fmt::format("no rule '{}'", name),
                            near.empty() ? "'esx2esxi rules' lists them" : fmt::format("did you mean '{}'?", near)});
  return Exit::Usage;
}

Exit run_collect(const Options&, Console& console) {
  console.print(render::collect_script());
  return Exit::Done;
}

constexpr std::array kVerbs = {
    Verb{{"inspect", "INPUT...", "origins host policy format jobs quiet color", "", 1, kAny},
         "what each host is, and where every value came from",
         "Prints interfaces, stacks, switches and services as they are on the classic host.",
         run_inspect},
    Verb{{"check", "INPUT...", "target path policy pools host date format fail-on baseline jobs quiet color", "", 1,
          kAny},
         "the conflicts a migration would bring; writes nothing",
         "Maps every host onto ESXi and judges the result. Exit code 1: findings at or above --fail-on, or files of a\n"
         "host that could not be read.",
         run_check},
    Verb{{"plan", "INPUT... --out DIR",
          "out force also target path policy pools former host date documents ipam templates title change-number "
          "requester window format jobs quiet color",
          "out", 1, kAny},
         "mapping, conflicts, proposal, scripts, dossier",
         "Writes the plan folder DIR: whole, or not at all. Exit code 4: a host stays blocked; its documents are\n"
         "written, its scripts are withheld.",
         run_plan},
    Verb{{"trace", "INPUT... --to IP",
          "to from-file service target path policy pools host date format jobs quiet color", "to|from-file", 1, kAny},
         "a packet's story before, after the mapping, after the plan",
         "Looks a destination up in every stack's table: which lines hold it, why one wins, what the answer needs, "
         "which\n"
         "rules the way breaks. The state after the plan is shown with --policy or --pools.",
         run_trace},
    Verb{
        {"verify", "DIR CAPTURE...", "host format report force date jobs quiet color", "", 2, kAny},
        "a migrated host's capture held against its plan",
        "Compares what hosts show after the migration with DIR/plan.json, field by field. A CAPTURE is what verify.sh\n"
        "printed, or any pasted session of a host; `-` is standard input. Exit code 1: a captured host is not as\n"
        "planned, is not in the plan, or does not show what has to be seen. Hosts without a capture do not count.",
        run_verify},
    Verb{{"rules", "[RULE]", "policy-schema format color", "", 0, 1},
         "the rule catalogue, or one rule explained",
         "With --policy-schema: the keys that a policy file may hold, as this program checks them.",
         run_rules},
    Verb{{"collect", "", "", "", 0, 0},
         "prints a read-only script that gathers what a host knows",
         "The script is for ESX 3.x to 4.1 and ESXi 4.1 to 8.0. What it prints on a host is an INPUT of the other "
         "verbs:\n"
         "  esx2esxi collect > collect.sh;  ssh root@HOST sh < collect.sh > HOST.txt\n"
         "It lists and reads, changes nothing, and leaves passwords and keys on the host.",
         run_collect},
};

}  // namespace

std::span<const Verb> verbs() { return kVerbs; }

const Verb* verb_named(std::string_view name) {
  const auto it = std::find_if(kVerbs.begin(), kVerbs.end(), [&](const Verb& v) { return v.grammar.verb == name; });
  return it == kVerbs.end() ? nullptr : &*it;
}

std::string help() {
  std::string text =
      "esx2esxi: conflict-free address plans for the move from VMware ESX classic to ESXi. Works offline on the "
      "hosts'\n"
      "configuration files.\n\n";
  for (const auto& verb : verbs())
    text += fmt::format("  esx2esxi {:<26} {}\n", fmt::format("{} {}", verb.grammar.verb, verb.grammar.operands),
                        verb.summary);
  text += fmt::format("  esx2esxi {:<26} {}\n", "VERB --help", "the options of a verb");
  text += fmt::format("  esx2esxi {:<26} {}\n", "--version", "the version, and the digest of the data compiled in");
  return text +
         "\nINPUT is a file or a folder, told apart by content: a host's file tree (with etc/vmware/esx.conf), a "
         "vm-support\n"
         "bundle (.tgz), a folder of either, a lone esx.conf or saved command output, a pasted terminal session of ESX "
         "or\n"
         "ESXi, a kickstart, or an RVTools export (.csv, .xlsx). What describes one host is merged.\n\n"
         "Exit codes: 0 done, 1 findings (check) or differences (verify), 2 wrong command line, 3 an input could not "
         "be read or the result "
         "not\n"
         "written, 4 a host stays blocked (plan), 70 a fault of the program itself.\n";
}

std::string help_of(const Verb& verb) {
  auto text =
      fmt::format("Usage: esx2esxi {} {} [OPTION...]\n\n{}\n", verb.grammar.verb, verb.grammar.operands, verb.summary);
  if (!verb.help.empty()) text += fmt::format("\n{}\n", verb.help);
  return text + "\n" + options_help(verb.grammar);
}

std::string version() {
  Sha256 digest;
  for (const auto& file : data_files()) {
    // Lengths too: otherwise a byte could move from one file to the next unseen.
    digest.add(fmt::format("{} {}\n", file.path, file.text.size()));
    digest.add(file.text);
  }
  return fmt::format("esx2esxi {}\ndata {}\n", ESX2ESXI_VERSION, digest.hex());
}

}  // namespace esx2esxi::app
