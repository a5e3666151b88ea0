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

/// Warnings and errors of the importers, host by host.
Diagnostics notes_of_hosts(const model::Estate& estate) {
  Diagnostics notes;
  for (const auto& host : estate.hosts) notes.insert(notes.end(), host.diagnostics.begin(), host.diagnostics.end());
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
  const bool policy_good = read_beside(options.policy, session.policy, intake::read_policy, console);
  const bool pools_good = read_beside(options.pools, session.pools, intake::read_pools, console);
  if (!policy_good || !pools_good) return std::nullopt;
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

namespace {

void forget_words(rules::Finding& finding) {
  finding.message = {};
  finding.kb = {};
  finding.endpoints = {};
  finding.origins = {};
}

Diagnostics waiver_notes(const Session& session, const std::vector<rules::Finding>& estate,
                         const std::vector<const std::vector<rules::Finding>*>& hosts) {
  std::vector<const std::vector<rules::Finding>*> all{&estate};
  all.insert(all.end(), hosts.begin(), hosts.end());
  return rules::waiver_notes(session.policy, all, session.today);
}

}  // namespace

Judgement judge(const Session& session, const rules::Catalogue& catalogue, const PrintHost& print) {
  const auto& hosts = session.estate.hosts;
  Judgement out;
  out.pages.resize(hosts.size());
  out.findings.resize(hosts.size());
  std::vector<transform::Mapping> mappings(hosts.size());
  parallel_for(hosts.size(), session.jobs, [&](std::size_t i) {
    mappings[i] = transform::map_host(hosts[i], session.target, session.path);
    const auto endpoints = model::endpoints_of(hosts[i], session.policy, session.estate);
    const rules::Situation situation{hosts[i],       mappings[i],    mappings[i].state, endpoints,
                                     session.policy, session.target, mappings[i].path,  rules::Stage::Mapped};
    auto& findings = out.findings[i] = rules::judge_host(situation, catalogue, session.today);
    if (!print) return;
    if (session.chosen[i]) out.pages[i] = print(hosts[i], findings);
    for (auto& finding : findings) forget_words(finding);
  });
  std::vector<const model::State*> now;
  for (const auto& mapping : mappings) now.push_back(&mapping.state);
  out.estate = rules::judge_estate(session.estate, now, session.policy, catalogue, session.today, rules::Stage::Mapped);
  std::vector<const std::vector<rules::Finding>*> all;
  for (const auto& findings : out.findings) all.push_back(&findings);
  out.notes = waiver_notes(session, out.estate, all);
  return out;
}

namespace {

/// "bundle.tgz!etc/hosts" is a member of bundle.tgz, unless a file of that very name exists.
std::string on_disk(const std::string& path) {
  const auto mark = path.find('!');
  std::error_code error;
  if (mark == std::string::npos || std::filesystem::exists(path, error)) return path;
  return path.substr(0, mark);
}

/// Every file that was read, once, sorted by path: its own bytes, or those of the archive it is a member of.
Result<std::vector<plan::PlannedInput>> digests(const Session& session) {
  std::set<std::pair<std::string, std::string>> files;
  for (const auto& host : session.estate.hosts)
    for (const auto& input : host.inputs) files.emplace(on_disk(input.path), input.kind);
  files.emplace(session.policy_file, "policy");
  files.emplace(session.pools_file, "pools");
  std::vector<plan::PlannedInput> inputs;
  for (const auto& [path, kind] : files) {
    if (path.empty() || (!inputs.empty() && inputs.back().path == path)) continue;
    inputs.push_back({path, {}, kind});
  }
  std::vector<std::optional<Diagnostic>> failures(inputs.size());
  parallel_for(inputs.size(), session.jobs, [&](std::size_t i) {
    auto digest = sha256_of_file(inputs[i].path);
    if (digest)
      inputs[i].sha256 = std::move(*digest);
    else
      failures[i] = digest.error();
  });
  for (auto& failure : failures)
    if (failure) return tl::unexpected(std::move(*failure));
  return inputs;
}

bool concerns(const rules::Finding& finding, const std::set<std::string>& hosts) {
  return std::any_of(finding.hosts.begin(), finding.hosts.end(),
                     [&](const auto& name) { return hosts.count(name) > 0; });
}

/// What the plan of the whole estate says of the chosen hosts.
void reduce(plan::Plan& plan, const Session& session) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < session.chosen.size(); ++i)
    if (session.chosen[i]) names.insert(session.host(i).name);
  std::erase_if(plan.hosts, [&](const plan::HostPlan& host) { return names.count(host.name) == 0; });
  std::erase_if(plan.findings, [&](const rules::Finding& finding) { return !concerns(finding, names); });
}

}  // namespace

Result<Planned> plan_for(const Session& session) {
  auto inputs = digests(session);
  if (!inputs) return tl::unexpected(inputs.error());
  Planned out;
  auto& plan = out.plan;
  plan = plan::make_plan({session.estate, session.policy, session.pools, rules::built_in_catalogue(), session.target,
                          session.path, session.today, session.jobs});
  plan.inputs = std::move(*inputs);
  std::vector<const std::vector<rules::Finding>*> all;
  for (const auto& host : plan.hosts) all.push_back(&host.findings);
  out.notes = waiver_notes(session, plan.findings, all);
  if (!session.all_chosen()) reduce(plan, session);
  return out;
}

}  // namespace esx2esxi::app
