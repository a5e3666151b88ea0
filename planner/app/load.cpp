// From the command line to a session: what is read, and what stands in its way.
#include "esx2esxi/app/pipeline.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/policy.hpp"
#include "esx2esxi/intake/read.hpp"
#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/rules/catalogue.hpp"

namespace esx2esxi::app {

namespace {

bool has_error(const Diagnostics& notes) {
  return std::any_of(notes.begin(), notes.end(), [](const Diagnostic& n) { return n.severity == Severity::Error; });
}

/// "hosts/" and "hosts" are one input.
std::string_view without_slash(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool is_input(const Options& options, std::string_view path) {
  return std::any_of(options.operands.begin(), options.operands.end(),
                     [&](const std::string& input) { return without_slash(input) == without_slash(path); });
}

/// An input that could not be read at all ends the run; a file inside one does not.
bool lost_an_input(const Options& options, const Diagnostics& notes) {
  return std::any_of(notes.begin(), notes.end(), [&](const Diagnostic& note) {
    return note.severity == Severity::Error && note.at.line == 0 && is_input(options, note.at.file.text());
  });
}

Diagnostics missing_inputs(const Options& options) {
  Diagnostics notes;
  for (const auto& input : options.operands) {
    std::error_code error;
    const auto status = std::filesystem::status(input, error);
    if (std::filesystem::exists(status)) continue;
    const auto why =
        error && error != std::errc::no_such_file_or_directory ? error.message() : "no such file or folder";
    notes.push_back({Severity::Error, "input-missing", Origin{FileName(input)}, why, {}});
  }
  return notes;
}

bool same_host(const model::Host& host, std::string_view name) {
  return equals_ignoring_case(host.name, name) || (!host.fqdn.empty() && equals_ignoring_case(host.fqdn, name));
}

/// The name that was meant, or a few of those that there are.
std::string known_hosts(std::string_view wrong, const std::vector<model::Host>& hosts) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string_view> names;
  for (const auto& host : hosts) names.push_back(host.name);
  if (const auto near = closest(wrong, names); !near.empty()) return fmt::format("did you mean '{}'?", near);
  if (names.empty()) return {};
  const auto more = names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : std::string();
  names.resize(std::min(names.size(), kShown));
  return fmt::format("there are {}{}", fmt::join(names, ", "), more);
}

Diagnostics choose_hosts(const Options& options, Session& session) {
  const auto& hosts = session.estate.hosts;
  session.chosen.assign(hosts.size(), options.hosts.empty());
  Diagnostics notes;
  for (const auto& name : options.hosts) {
    bool found = false;
    for (std::size_t i = 0; i < hosts.size(); ++i)
      if (same_host(hosts[i], name)) session.chosen[i] = found = true;
    if (!found)
      notes.push_back(
          {Severity::Error, "host-unknown", {}, fmt::format("no host '{}' was found", name), known_hosts(name, hosts)});
  }
  return notes;
}

template <class T, class Read>
bool read_beside(const std::string& path, T& value, Read read, const Console& console) {
  if (path.empty()) return true;
  const auto text = read_file(path);
  if (!text) {
    console.report(text.error());
    return false;
  }
  auto checked = read(intake::Source{FileName(path), *text});
  console.report(checked.notes);
  value = std::move(checked.value);
  return !has_error(checked.notes);
}

/// The command line wins over the policy, and the policy over the defaults.
bool settle_target(const Options& options, Session& session, const Console& console) {
  const auto& policy = session.policy;
  const auto target = options.target          ? options.target
                      : policy.target.empty() ? std::optional(model::Target{8, 0})
                                              : model::target_named(policy.target);
  const auto path = options.path          ? options.path
                    : policy.path.empty() ? std::optional(model::Path::Fresh)
                                          : model::path_named(policy.path);
  const auto refuse = [&](std::string_view what, const std::string& given) {
    console.report(Diagnostic{Severity::Error,
                              "policy-target",
                              Origin{FileName(policy.file)},
                              fmt::format("unknown {} '{}'", what, given),
                              {}});
    return false;
  };
  if (!target) return refuse("target", policy.target);
  if (!path) return refuse("path", policy.path);
  session.target = *target;
  session.path = *path;
  return true;
}

/// Rules that the policy speaks of and nobody knows: its wish would go unheard.
Diagnostics unknown_rules(const model::Policy& policy) {
  const auto& catalogue = rules::built_in_catalogue();
  std::vector<std::string_view> slugs;
  for (const auto& rule : catalogue.rules) slugs.push_back(rule.slug);
  Diagnostics notes;
  const auto check = [&](const std::string& slug, const Origin& at) {
    if (!catalogue.find(slug))
      notes.push_back({Severity::Warning, "policy-unknown-rule", at,
                       fmt::format("there is no rule '{}': this line has no effect", slug), suggestion(slug, slugs)});
  };
  for (const auto& [slug, said] : policy.severities) check(slug, said.second);
  for (const auto& waiver : policy.waivers) check(waiver.rule, waiver.at);
  std::stable_sort(notes.begin(), notes.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return notes;
}

/// Warnings and errors of the importers, host by host; what concerns several hosts once.
Diagnostics notes_of_hosts(const model::Estate& estate) {
  Diagnostics notes;
  std::set<std::pair<std::string, std::string>> said;
  for (const auto& host : estate.hosts)
    for (const auto& note : host.diagnostics)
      if (said.emplace(to_string(note.at), note.message).second) notes.push_back(note);
  return notes;
}

bool read_inputs(const Options& options, Reads reads, Session& session, const Console& console) {
  if (const auto missing = missing_inputs(options); !missing.empty()) {
    console.report(missing);
    return false;
  }
  {
    Progress progress(console, "Reading");
    intake::ReadOptions how{options.jobs, {}, progress.callback()};
    if (reads == Reads::ChosenHosts) how.only = options.hosts;
    session.estate = intake::read_estate(options.operands, how);
  }
  auto notes = session.estate.diagnostics;
  const bool lost = lost_an_input(options, notes);
  if (session.estate.hosts.empty() && options.hosts.empty() && !has_error(notes))
    notes.push_back({Severity::Error,
                     "no-host",
                     {},
                     fmt::format("no host was found in {}", join(options.operands, ", ")),
                     "expected: a host's file tree with etc/vmware/esx.conf, a folder of such trees, or an esx.conf"});
  console.report(notes);
  return !lost && !(session.estate.hosts.empty() && options.hosts.empty());
}

}  // namespace

bool Session::all_chosen() const { return std::find(chosen.begin(), chosen.end(), false) == chosen.end(); }

model::Date day_of(const Options& options) {
  if (options.date) return *options.date;
  std::time_t now = std::time(nullptr);
  std::tm parts = {};
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");  // reproducible-builds.org: seconds, in UTC
  constexpr std::uint64_t kYear10000 = 253402300800;
  if (const auto seconds = epoch ? number(epoch) : std::nullopt; seconds && *seconds < kYear10000) {
    now = static_cast<std::time_t>(*seconds);
    gmtime_r(&now, &parts);
  } else {
    localtime_r(&now, &parts);
  }
  return {parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday};
}

std::optional<Session> load(const Options& options, Reads reads, const Console& console) {
  Session session;
  session.jobs = options.jobs;
  session.today = day_of(options);
  session.policy = intake::default_policy();
  session.policy_file = options.policy;
  session.pools_file = options.pools;
  session.former_file = options.former;
  const bool policy_good = read_beside(options.policy, session.policy, intake::read_policy, console);
  const bool pools_good = read_beside(options.pools, session.pools, intake::read_pools, console);
  const bool former_good = read_beside(options.former, session.former, intake::read_former_addresses, console);
  if (!policy_good || !pools_good || !former_good) return std::nullopt;
  console.report(unknown_rules(session.policy));
  if (!settle_target(options, session, console)) return std::nullopt;
  if (!read_inputs(options, reads, session, console)) return std::nullopt;
  const auto unknown = choose_hosts(options, session);
  console.report(notes_of_hosts(session.estate));
  console.report(unknown);
  if (!unknown.empty()) return std::nullopt;
  Diagnostics notes;
  model::assign_clusters(session.estate, session.policy, notes);
  console.report(notes);
  auto& hosts = session.estate.hosts;
  parallel_for(hosts.size(), session.jobs, [&](std::size_t i) { model::derive_services(hosts[i], session.policy); });
  return session;
}

}  // namespace esx2esxi::app
