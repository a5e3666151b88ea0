// From a session to findings and plans.
#include "esx2esxi/app/pipeline.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/rules/catalogue.hpp"

namespace esx2esxi::app {

namespace {

void forget_words(rules::Finding& finding) {
  finding.message = {};
  finding.kb = {};
  finding.endpoints = {};
  finding.origins = {};
}

bool speaks_of(const model::Waiver& waiver, const model::Host& host) {
  return waiver.host.empty() ? equals_ignoring_case(waiver.cluster, host.cluster)
                             : model::names_host(waiver.host, host.name, host.fqdn);
}

/// A waiver for hosts that are not among the inputs could meet nothing: that is no reason to remove it.
void tell_absent_scope(Diagnostic& note, const Session& session) {
  const auto& waivers = session.policy.waivers;
  const auto waiver = std::find_if(waivers.begin(), waivers.end(), [&](const auto& w) { return w.at == note.at; });
  const auto& hosts = session.estate.hosts;
  if (note.code != "waiver-unused" || waiver == waivers.end() ||
      std::any_of(hosts.begin(), hosts.end(), [&](const model::Host& host) { return speaks_of(*waiver, host); }))
    return;
  note.message =
      fmt::format("the waiver of '{}' is for {} '{}', of which nothing is among the inputs", waiver->rule,
                  waiver->host.empty() ? "cluster" : "host", waiver->host.empty() ? waiver->cluster : waiver->host);
  note.remedy = "check the name, or keep it for the run that holds it";
}

template <class Pin>
void tell_absent_hosts(const Session& session, const std::vector<Pin>& pins, Diagnostics& notes) {
  const auto& hosts = session.estate.hosts;
  for (const auto& pin : pins)
    if (std::none_of(hosts.begin(), hosts.end(),
                     [&](const model::Host& host) { return model::names_host(pin.host, host.name, host.fqdn); }))
      notes.push_back({Severity::Warning, "policy-unknown-host", pin.at,
                       fmt::format("the pin is for host '{}', which is not among the inputs", pin.host),
                       "check the name, or keep it for the run that holds it"});
}

/// Pins that decide nothing in this run, in the order of the lines.
Diagnostics pin_notes(const Session& session) {
  Diagnostics notes;
  tell_absent_hosts(session, session.policy.interface_pins, notes);
  tell_absent_hosts(session, session.policy.keep_pins, notes);
  tell_absent_hosts(session, session.policy.drop_pins, notes);
  tell_absent_hosts(session, session.policy.stack_pins, notes);
  tell_absent_hosts(session, session.policy.gateway_pins, notes);
  std::stable_sort(notes.begin(), notes.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
  return notes;
}

Diagnostics waiver_notes(const Session& session, const std::vector<rules::Finding>& estate,
                         const std::vector<const std::vector<rules::Finding>*>& hosts) {
  std::vector<const std::vector<rules::Finding>*> all{&estate};
  all.insert(all.end(), hosts.begin(), hosts.end());
  auto notes = rules::waiver_notes(session.policy, all, session.today);
  std::erase_if(notes, [](const Diagnostic& note) { return note.code == "waiver-void"; });  // said when it was read
  for (auto& note : notes) tell_absent_scope(note, session);
  return notes;
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

/// "bundle.tgz!etc/hosts" is a member of bundle.tgz, unless a file of that very name exists: folders may hold a `!`
/// too.
std::string on_disk(const std::string& path) {
  std::error_code error;
  for (auto end = path.size(); end != std::string::npos && end > 0; end = path.rfind('!', end - 1))
    if (auto file = path.substr(0, end); std::filesystem::exists(file, error)) return file;
  return path;
}

/// Every file that was read, once, sorted by path: its own bytes, or those of the archive it is a member of.
Result<std::vector<plan::PlannedInput>> digests(const Session& session) {
  std::set<std::pair<std::string, std::string>> files;
  for (const auto& host : session.estate.hosts)
    for (const auto& input : host.inputs) files.emplace(on_disk(input.path), input.kind);
  files.emplace(session.policy_file, "policy");
  files.emplace(session.pools_file, "pools");
  files.emplace(session.former_file, "former addresses");
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
  const auto others = [&](const std::string& name) { return names.count(name) == 0; };
  for (auto& wave : plan.waves) std::erase_if(wave.hosts, others);
  std::erase_if(plan.waves, [](const plan::Wave& wave) { return wave.hosts.empty(); });
  std::erase_if(plan.ripple,
                [&](const plan::Ripple& r) { return std::all_of(r.hosts.begin(), r.hosts.end(), others); });
}

/// Hosts that change together with `host`: in a segment, in a wave, or in a transition of their cluster.
std::set<std::string> companions(const plan::Plan& plan, const plan::HostPlan& host) {
  std::set<std::string> all;
  for (const auto& segment : plan.segments) {
    std::set<std::string> members;
    for (const auto& member : segment.members) members.insert(member.host);
    if (members.count(host.name) > 0) all.insert(members.begin(), members.end());
  }
  for (const auto& wave : plan.waves)
    if (!wave.cluster.empty() && std::count(wave.hosts.begin(), wave.hosts.end(), host.name) > 0)
      all.insert(wave.hosts.begin(), wave.hosts.end());
  all.erase(host.name);
  return all;
}

/// What was proved holds only if all of them carry out their scripts.
void tell_those_left_out(plan::Plan& plan, const Session& session, Diagnostics& notes) {
  std::set<std::string> chosen;
  for (std::size_t i = 0; i < session.chosen.size(); ++i)
    if (session.chosen[i]) chosen.insert(session.host(i).name);
  for (auto& host : plan.hosts) {
    if (chosen.count(host.name) == 0) continue;
    std::vector<std::string> missing;
    for (const auto& name : companions(plan, host))
      if (chosen.count(name) == 0) missing.push_back(name);
    if (missing.empty()) continue;
    const auto names = join(missing, ", ");
    Diagnostic note{Severity::Warning,
                    "host-left-out",
                    {},
                    fmt::format("{} changes together with {}, which --host leaves out: what was proved holds only if "
                                "they change as well",
                                host.name, names),
                    fmt::format("plan with --host for {} as well, and carry out their scripts together", names)};
    host.diagnostics.push_back(note);
    notes.push_back(std::move(note));
  }
}

/// A number with which a cluster would lose all of its hosts at once is not followed.
void tell_capped(const plan::Plan& plan, const Session& session, Diagnostics& notes) {
  for (const auto& rollout : plan.rollouts) {
    const auto* cluster = rollout.cluster.empty() ? nullptr : session.policy.cluster(rollout.cluster);
    const auto own = cluster ? cluster->hosts_at_a_time : std::nullopt;
    const auto asked = own.value_or(session.policy.hosts_at_a_time);
    if (rollout.cluster.empty() || rollout.hosts_at_a_time >= asked) continue;
    notes.push_back({Severity::Warning, "capacity-capped",
                     own ? cluster->at : Origin{FileName(session.policy_file), 0, 0},
                     fmt::format("hosts-at-a-time {} would take all hosts of cluster {} away at once: planned with {}",
                                 asked, rollout.cluster, rollout.hosts_at_a_time),
                     "say how many hosts the cluster can spare while the others carry its machines"});
  }
}

}  // namespace

Result<Planned> plan_for(const Session& session) {
  auto inputs = digests(session);
  if (!inputs) return tl::unexpected(inputs.error());
  Planned out;
  auto& plan = out.plan;
  plan = plan::make_plan({session.estate, session.policy, session.pools, rules::built_in_catalogue(), session.target,
                          session.path, session.today, session.jobs, &session.former});
  plan.inputs = std::move(*inputs);
  std::vector<const std::vector<rules::Finding>*> all;
  for (const auto& host : plan.hosts) all.push_back(&host.findings);
  out.notes = pin_notes(session);
  auto unused = waiver_notes(session, plan.findings, all);
  std::move(unused.begin(), unused.end(), std::back_inserter(out.notes));
  tell_capped(plan, session, out.notes);
  if (!session.all_chosen()) {
    tell_those_left_out(plan, session, out.notes);
    reduce(plan, session);
  }
  return out;
}

}  // namespace esx2esxi::app
