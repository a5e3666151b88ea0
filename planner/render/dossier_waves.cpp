// The order of work: which hosts go together, what is done on each, and what others have to do.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "calls.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "waves.hpp"

namespace esx2esxi::render {

namespace {

std::string wave_name(const plan::Wave& wave) {
  const auto where = wave.cluster.empty() ? std::string("hosts outside a cluster") : "cluster " + wave.cluster;
  const auto* what = wave.kind == plan::WaveKind::PreMigrate ? "re-address on ESX"
                     : wave.kind == plan::WaveKind::CleanUp  ? "clean up"
                                                             : "migrate";
  return fmt::format("Wave {}, {}: {}{}", wave.n, where, what, wave.pilot ? " (pilot)" : "");
}

Work work_of(const plan::Wave& wave) {
  if (wave.kind == plan::WaveKind::PreMigrate) return Work::Readdress;
  return wave.kind == plan::WaveKind::CleanUp ? Work::CleanUp : Work::Migrate;
}

/// A cluster whose hosts no wave takes, because every order was refused.
void add_refused(std::vector<WaveView>& views, const plan::Plan& plan, std::set<std::string>& placed) {
  for (const auto& rollout : plan.rollouts) {
    if (rollout.transition != plan::Transition::Refused || rollout.cluster.empty()) continue;
    WaveView view{0,
                  "Cluster " + rollout.cluster + ": no sound order",
                  "Not to be begun: every order of these hosts was refused.",
                  {},
                  Work::Migrate,
                  {}};
    for (const auto& host : plan.hosts)
      if (host.cluster == rollout.cluster && host.status != plan::Status::Blocked && placed.insert(host.name).second)
        view.hosts.push_back(&host);
    if (!view.hosts.empty()) views.push_back(std::move(view));
  }
}

void add_left_over(std::vector<WaveView>& views, const plan::Plan& plan) {
  std::set<std::string> placed;
  for (const auto& wave : plan.waves)
    if (wave.kind == plan::WaveKind::Migrate) placed.insert(wave.hosts.begin(), wave.hosts.end());
  add_refused(views, plan, placed);
  WaveView rest{
      0, plan.waves.empty() ? "All hosts, in an order to be chosen" : "Hosts that no wave takes", {}, {}, Work::Migrate,
      {}};
  for (const auto& host : plan.hosts)
    if (host.status != plan::Status::Blocked && !placed.contains(host.name)) rest.hosts.push_back(&host);
  if (!rest.hosts.empty()) views.push_back(std::move(rest));
}

Rows classic_rows(const plan::Plan& plan, const plan::HostPlan& host) {
  Rows rows;
  for (const auto& step : classic_steps(plan, host))
    rows.push_back({{"n", std::to_string(rows.size() + 1)},
                    {"command", cell(step.command)},
                    {"expected", cell(step.expected)},
                    {"why", cell(step.why)},
                    {"undo", cell(step.undo)},
                    {"interrupts", cell(step.interrupts)},
                    {"seconds", cell("")}});
  return rows;
}

Rows call_rows(const Dossier& d, const plan::HostPlan& host, Work work) {
  const auto& folder = d.folders[static_cast<std::size_t>(&host - d.plan.hosts.data())];
  return rows_of(calls_of(d.plan, host, work), [&](const Call& call) {
    return Fields{{"file", cell("hosts/" + folder + "/" + call.file)},
                  {"command", cell(call.command)},
                  {"expected", cell(call.expected)}};
  });
}

/// The planned steps, and the second interface of a transition after them.
Rows migrate_rows(const Dossier& d, const plan::HostPlan& host) {
  auto rows = step_rows(d.plan, host, host.mapped, host.steps);
  for (auto& row : step_rows(d.plan, host, host.after, host.transition)) {
    row.insert_or_assign("n", "T" + std::to_string(rows.size() - host.steps.size() + 1));
    rows.push_back(std::move(row));
  }
  return rows;
}

Rows clean_up_rows(const Dossier& d, const plan::HostPlan& host) {
  auto with_second = plan::with_all_stacks(host.after);
  for (const auto& step : host.transition) plan::apply(with_second, step);
  return step_rows(d.plan, host, with_second, host.transition_end);
}

Fields member_fields(const Dossier& d, const plan::HostPlan& host, Work in_wave) {
  const auto work = work_on(host, in_wave);
  auto fields = host_fields(d, host);
  set_rows(fields, "calls", call_rows(d, host, work));
  fields.insert_or_assign("seconds", work == Work::Readdress ? std::string() : std::to_string(seconds_of(host, work)));
  set_rows(fields, "steps",
           work == Work::Readdress ? classic_rows(d.plan, host)
           : work == Work::CleanUp ? clean_up_rows(d, host)
                                   : migrate_rows(d, host));
  return fields;
}

Fields state_row(const plan::MixedState& state) {
  return {{"when", cell(state.when)},
          {"classic", std::to_string(state.classic)},
          {"pre_migrated", std::to_string(state.pre_migrated)},
          {"away", std::to_string(state.away)},
          {"planned", std::to_string(state.planned)},
          {"found", cell(state.findings, "; ")}};
}

Fields wave_row(const Dossier& d, const WaveView& view) {
  std::size_t all = 0;
  std::size_t longest = 0;
  std::size_t back = 0;
  std::vector<std::string> names;
  for (const auto* host : view.hosts) {
    const auto needed = seconds_of(*host, view.work);
    names.push_back(name_in_wave(*host));
    all += needed;
    longest = std::max(longest, needed);
    if (view.work == Work::Migrate) back += seconds(host->rollback);
  }
  Fields fields{{"wave", cell(view.name)},
                {"why_wave", Value(view.why)},
                {"waits_for", Value(join(view.waits_for, "; "))},
                {"hosts_text", cell(names)},
                {"hosts_count", std::to_string(view.hosts.size())},
                {"all_seconds", std::to_string(all)},
                {"longest_seconds", std::to_string(longest)},
                {"back_seconds", std::to_string(back)}};
  set_rows(fields, "members", Each{!view.hosts.empty(), [&d, view](const auto& visit) {
                                     for (const auto* host : view.hosts) visit(member_fields(d, *host, view.work));
                                   }});
  set_rows(fields, "states", view.states ? rows_of(*view.states, state_row) : Rows());
  return fields;
}

Fields ripple_row(const plan::Ripple& r) {
  return {{"kind", to_string(r.kind)}, {"system", cell(r.system)},    {"subject", cell(subject_text(r))},
          {"old", cell(r.old_value)},  {"new", cell(new_text(r))},    {"when", when_text(r)},
          {"who", cell(r.who)},        {"hosts_text", cell(r.hosts)}, {"why", cell(r.why)}};
}

Rows held_rows(const plan::Plan& plan) {
  return rows_of(held_clusters(plan), [](const Held& held) {
    return Fields{{"cluster", cell(held.cluster)}, {"reason", cell(held_text(held))}};
  });
}

Rows refused_rows(const plan::Plan& plan) {
  Rows rows;
  for (const auto& rollout : plan.rollouts)
    for (const auto& reason : rollout.refused)
      rows.push_back({{"cluster", cell(rollout.cluster)}, {"reason", cell(reason)}});
  return rows;
}

}  // namespace

std::string name_in_wave(const plan::HostPlan& host) {
  return host.name + (host.status == plan::Status::Blocked ? " (blocked)" : "");
}

Work work_on(const plan::HostPlan& host, Work in_wave) {
  return in_wave == Work::Readdress && host.product == "ESXi" ? Work::Migrate : in_wave;
}

std::size_t seconds_of(const plan::HostPlan& host, Work work) {
  switch (work) {
    case Work::Migrate: return seconds(host.steps) + seconds(host.transition);
    case Work::CleanUp: return seconds(host.transition_end);
    case Work::Readdress: break;
  }
  return 0;
}

std::string when_text(const plan::Ripple& ripple) {
  return (ripple.before ? "before " : "after ") + (ripple.wave ? fmt::format("wave {}", ripple.wave) : "the change");
}

std::string subject_text(const plan::Ripple& r) {
  if (r.destination.empty()) return r.subject;
  const auto flow = fmt::format("{} to {} {}", r.source, r.destination, r.port);
  return r.subject.empty() ? flow : r.subject + ": " + flow;
}

std::string new_text(const plan::Ripple& r) {
  return r.to_be_confirmed && !r.new_value.empty() ? r.new_value + " (to be confirmed)" : r.new_value;
}

std::vector<WaveView> waves_of(const plan::Plan& plan) {
  std::map<std::string, const plan::HostPlan*> by_name;
  for (const auto& host : plan.hosts) by_name.emplace(host.name, &host);
  std::vector<WaveView> views;
  for (const auto& wave : plan.waves) {
    WaveView view{wave.n, wave_name(wave), wave.why, wave.waits_for, work_of(wave), {}, &wave.states};
    for (const auto& name : wave.hosts)
      if (const auto it = by_name.find(name); it != by_name.end()) view.hosts.push_back(it->second);
    views.push_back(std::move(view));
  }
  add_left_over(views, plan);
  return views;
}

void add_waves(Fields& fields, const Dossier& dossier) {
  set_rows(fields, "waves", rows_of(waves_of(dossier.plan), [&](const auto& view) { return wave_row(dossier, view); }));
  set_rows(fields, "ripple", each_of(dossier.plan.ripple, ripple_row));
  set_rows(fields, "refused", refused_rows(dossier.plan));
  set_rows(fields, "held", held_rows(dossier.plan));
}

}  // namespace esx2esxi::render
