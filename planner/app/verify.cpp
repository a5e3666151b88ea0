// verify DIR CAPTURE...: captures of migrated hosts held against the plan in DIR.
#include "esx2esxi/app/verify.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/app/pipeline.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/read.hpp"
#include "esx2esxi/verify/report.hpp"

namespace esx2esxi::app {

namespace {

using verify::Check;
using verify::HostResult;
using verify::Report;
using verify::Verdict;

std::string field_of(const Check& check) {
  return check.field.empty() ? shown(check.subject) : shown(fmt::format("{}: {}", check.subject, check.field));
}

std::string difference_text(const Check& check, Paint paint) {
  const auto value = [](const std::string& text) { return text.empty() ? std::string("nothing") : shown(text); };
  auto out =
      fmt::format("  {} {}: expected {}, found {}\n", paint(Tone::Red, fmt::format("{:<10}", to_string(check.verdict))),
                  field_of(check), value(check.expected), value(check.found));
  for (const auto& line : check.mend) out += fmt::format("    mend  {}\n", shown(line));
  return out;
}

/// What one command would show, in one line.
std::string unseen_text(const std::vector<verify::Unseen>& all, Paint paint) {
  std::string out;
  for (auto one = all.begin(); one != all.end();) {
    const auto end = std::find_if(one, all.end(), [&](const verify::Unseen& other) {
      return other.command != one->command || other.needed != one->needed;
    });
    const auto word = fmt::format("{:<10}", "not shown");
    const auto more = end - one > 1 ? fmt::format(" and {} more", end - one - 1) : std::string();
    out += fmt::format("  {} {}{}: {}\n", one->needed ? paint(Tone::Red, word) : paint(Tone::Dim, word),
                       shown(one->what), more, shown(one->command));
    one = end;
  }
  return out;
}

std::string host_text(const HostResult& host, Paint paint) {
  const auto differences = host.checks.size() - host.count(Verdict::Equal);
  auto out = fmt::format("{}  ", paint(Tone::Bold, shown(host.name)));
  if (host.as_planned())
    out += paint(Tone::Green, fmt::format("as planned: {} fields equal", host.checks.size()));
  else
    out += paint(Tone::Red, fmt::format("not as planned: {} of {} fields differ", differences, host.checks.size()));
  out += "\n";
  if (host.blocked) out += "  the plan is blocked for this host: what it expects is not complete\n";
  for (const auto& check : host.checks)
    if (check.verdict != Verdict::Equal) out += difference_text(check, paint);
  return out + unseen_text(host.unseen, paint);
}

std::string report_text(const Report& report, Paint paint) {
  std::string out;
  for (const auto& host : report.hosts) out += host_text(host, paint);
  for (const auto& name : report.strangers)
    out += fmt::format("{}  {}\n", paint(Tone::Bold, shown(name)), paint(Tone::Red, "is not in the plan"));
  const auto good =
      std::count_if(report.hosts.begin(), report.hosts.end(), [](const HostResult& host) { return host.as_planned(); });
  out += fmt::format("\n{} of {} captured hosts as planned", good, report.hosts.size() + report.strangers.size());
  if (!report.uncaptured.empty()) out += fmt::format("; no capture of {}", shown(join(report.uncaptured, ", ")));
  return out + "\n";
}

Result<plan::ReadPlan> plan_in(const std::string& folder) {
  const auto path = folder + "/plan.json";
  const auto text = read_file(path, kLargestPlan);
  if (!text) return tl::unexpected(text.error());
  return plan::read_plan(FileName(path), *text);
}

/// The notes of reading captures that a person must see; what a capture lacks is the comparison's to say.
Diagnostics notes_of(const model::Estate& estate) {
  auto notes = estate.diagnostics;
  for (const auto& host : estate.hosts) notes.insert(notes.end(), host.diagnostics.begin(), host.diagnostics.end());
  // "Add it by hand", says reading: here the plan says which of those routes are configured.
  std::erase_if(notes, [](const Diagnostic& note) { return note.code == "route-redirect"; });
  return notes;
}

/// A file as a whole, not a line of it.
bool lost_a_capture(const model::Estate& estate) {
  const auto& notes = estate.diagnostics;
  return std::any_of(notes.begin(), notes.end(),
                     [](const Diagnostic& note) { return note.severity == Severity::Error && note.at.line == 0; });
}

/// Named hosts only; one that is not in the plan is a typing error.
Result<void> choose(const Options& options, plan::ReadPlan& plan) {
  if (options.hosts.empty()) return {};
  const auto is = [](const std::string& name) {
    return [&](const plan::PlannedHost& host) { return equals_ignoring_case(host.name, name); };
  };
  for (const auto& name : options.hosts)
    if (std::none_of(plan.hosts.begin(), plan.hosts.end(), is(name)))
      return tl::unexpected(
          Diagnostic{Severity::Error, "host-unknown", {}, fmt::format("the plan has no host '{}'", name), {}});
  std::erase_if(plan.hosts, [&](const plan::PlannedHost& host) {
    return std::none_of(options.hosts.begin(), options.hosts.end(),
                        [&](const std::string& name) { return equals_ignoring_case(host.name, name); });
  });
  return {};
}

/// The host of another release line is compared all the same: its scripts are not for it, though.
void warn_of_releases(const plan::ReadPlan& plan, const model::Estate& captured, Diagnostics& notes) {
  const auto wanted = to_string(plan.target);
  for (const auto& host : captured.hosts)
    if (!host.version.empty() && host.version != wanted && !host.version.starts_with(wanted + "."))
      notes.push_back(
          {Severity::Warning,
           "release-differs",
           Origin{FileName(host.root)},
           fmt::format("{} runs {} {}; the plan is for ESXi {}", host.name, host.product, host.version, wanted),
           {}});
}

verify::Verification::File digested(const std::string& file, const std::string& called) {
  return {called, sha256_of_file(file).value_or(std::string())};
}

/// The table to be signed, if somebody wants it. `called` is what the captures are called on the command line.
Result<void> write_report(const Report& result, const Options& options, const plan::ReadPlan& plan,
                          const std::vector<std::string>& captures) {
  if (options.report.empty()) return {};
  const auto path = options.operands.front() + "/plan.json";
  verify::Verification about;
  about.date = to_string(day_of(options));
  about.target = to_string(plan.target);
  about.plan = digested(path, path);
  for (std::size_t i = 0; i < captures.size(); ++i) {
    const auto& called = options.operands[i + 1];
    about.captures.push_back(digested(captures[i], called == "-" ? "standard input" : called));
  }
  const auto syntax = options.report.ends_with(".html") ? render::Syntax::Html : render::Syntax::Markdown;
  return write_file(options.report, to_document(result, about, syntax),
                    options.force ? Existing::Replace : Existing::Refuse);
}

Exit report(const Report& result, const Options& options, Console& console) {
  switch (options.format) {
    case Format::Json: console.print(to_json(result)); break;
    case Format::Junit: console.print(to_junit(result)); break;
    case Format::Sarif:
    case Format::Text:
      if (!options.quiet) console.print(report_text(result, console.paint()));
      break;
  }
  return result.as_planned() ? Exit::Done : Exit::Findings;
}

}  // namespace

Exit run_verify(const Options& options, Console& console) {
  const auto refuse = [&](const Diagnostic& why) {
    console.report(why);
    return Exit::Input;
  };
  auto plan = plan_in(options.operands.front());
  if (!plan) return refuse(plan.error());
  if (const auto chosen = choose(options, *plan); !chosen) return refuse(chosen.error());
  std::vector<std::string> captures(options.operands.begin() + 1, options.operands.end());
  if (const auto dash = std::find(captures.begin(), captures.end(), "-"); dash != captures.end()) {
    auto input = standard_input_as_file();
    if (!input) return refuse(input.error());
    *dash = std::move(*input);
  }
  auto estate = intake::read_estate(captures, {options.jobs, options.hosts, {}});
  auto notes = notes_of(estate);
  warn_of_releases(*plan, estate, notes);
  console.report(notes);
  if (lost_a_capture(estate)) return Exit::Input;
  if (estate.hosts.empty())
    return refuse(
        {Severity::Error, "no-host", {}, "no host was found in the captures", "verify.sh prints what is read"});
  const auto result = verify::compare_all(*plan, estate);
  if (const auto written = write_report(result, options, *plan, captures); !written) return refuse(written.error());
  return report(result, options, console);
}

}  // namespace esx2esxi::app
