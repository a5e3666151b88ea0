// One transition of one cluster, gone through wave by wave.
#include <algorithm>
#include <set>
#include <tuple>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "rollout.hpp"

namespace esx2esxi::plan {

using model::State;

namespace {

/// What the other hosts of a cluster see of a state: where it does vMotion and management, and its addresses.
using Face = std::set<std::tuple<net::Ipv4Address, unsigned, bool, bool>>;

Face face_of(const State& state) {
  Face face;
  for (const auto& i : state.interfaces)
    if (i.enabled && i.addressed())
      face.insert({*i.address, i.prefix_length().value_or(0),
                   i.services.has(model::Service::VMotion) || i.stack == model::kVmotionStack,
                   i.services.has(model::Service::Management)});
  return face;
}

enum class Phase : std::uint8_t { Classic, Away, Planned };

/// One cluster on its way.
class Walk {
 public:
  Walk(const PlanRequest& request, const Plan& plan, const Crew& crew, const Proposal& way)
      : request_(request),
        plan_(plan),
        everyone_(everyone(crew)),
        way_(way),
        phases_(way.passages.size(), Phase::Classic) {
    for (const auto i : everyone_) estate_.hosts.push_back(request.estate.hosts[i]);
    std::fill(phases_.end() - static_cast<std::ptrdiff_t>(crew.peers.size()), phases_.end(), Phase::Planned);
    alike_ = std::all_of(way.passages.begin(), way.passages.end(),
                         [](const Passage& p) { return face_of(p.classic) == face_of(p.planned); });
    known_ = keys(errors(judge(true)));
  }

  void set(std::size_t member, Phase phase) { phases_[member] = phase; }

  /// The state as it is now; errors that were not there at the start, and peers apart, go to `refused`.
  MixedState state(std::string when, std::vector<std::string>& refused) {
    MixedState out;
    out.when = std::move(when);
    for (std::size_t m = 0; m < phases_.size(); ++m) {
      if (phases_[m] == Phase::Away) ++out.away;
      if (phases_[m] == Phase::Planned) ++out.planned;
      if (phases_[m] == Phase::Classic) ++(way_.changes[m].empty() ? out.classic : out.pre_migrated);
    }
    const auto findings = judge(false);
    for (const auto& finding : findings) {
      if (!rules::counts(finding)) continue;
      const auto line = finding.rule + ": " + join(finding.addresses, ", ");
      const bool bad =
          finding.severity == Severity::Error && (finding.rule == "vmotion-peers-apart" || !known_.contains(line));
      if (bad) refused.push_back(fmt::format("{}: {}: {}", out.when, finding.rule, finding.message));
      if (finding.severity >= Severity::Warning) out.findings.push_back(line);
    }
    return out;
  }

 private:
  static std::vector<rules::Finding> errors(std::vector<rules::Finding> all) {
    std::erase_if(all, [](const auto& f) { return f.severity != Severity::Error || !rules::counts(f); });
    return all;
  }
  static std::set<std::string> keys(const std::vector<rules::Finding>& findings) {
    std::set<std::string> out;
    for (const auto& finding : findings) out.insert(finding.rule + ": " + join(finding.addresses, ", "));
    return out;
  }

  /// Hosts whose peers notice no difference need not be judged again for each mixture.
  std::vector<rules::Finding> judge(bool at_the_start) {
    if (alike_ && judged_) return *judged_;
    static const State kAway;
    std::vector<const State*> now;
    for (std::size_t m = 0; m < phases_.size(); ++m) {
      const auto& passage = way_.passages[m];
      if (at_the_start)
        now.push_back(&plan_.hosts[everyone_[m]].before);
      else if (alike_ || phases_[m] == Phase::Classic)
        now.push_back(&passage.classic);
      else
        now.push_back(phases_[m] == Phase::Planned ? &passage.planned : &kAway);
    }
    auto found =
        rules::judge_estate(estate_, now, request_.policy, request_.catalogue, request_.date, rules::Stage::Planned);
    if (alike_ && !at_the_start) judged_ = found;
    return found;
  }

  const PlanRequest& request_;
  const Plan& plan_;
  std::vector<std::size_t> everyone_;
  const Proposal& way_;
  model::Estate estate_;
  std::vector<Phase> phases_;
  bool alike_ = false;
  std::optional<std::vector<rules::Finding>> judged_;
  std::set<std::string> known_;
};

/// The members of each migration wave, as indices into the crew.
std::vector<std::vector<std::size_t>> batches(const Crew& crew) {
  std::vector<std::vector<std::size_t>> out;
  for (std::size_t m = 0; m < crew.members.size(); ++m) {
    const bool fresh = m < crew.pilots || m == crew.pilots || out.back().size() >= crew.at_a_time;
    if (fresh) out.emplace_back();
    out.back().push_back(m);
  }
  for (std::size_t m = 0; m < crew.waiting.size(); ++m) out.push_back({crew.members.size() + m});
  return out;
}

class Rehearsal {
 public:
  Rehearsal(const PlanRequest& request, const Plan& plan, const Crew& crew, Proposal way)
      : plan_(plan),
        crew_(crew),
        everyone_(everyone(crew)),
        trial_{std::move(way), {}, {}},
        walk_(request, plan, crew, trial_.way) {}

  Trial run() {
    if (trial_.way.kind == Transition::PreMigrate) pre_migrate();
    for (const auto& batch : batches(crew_))
      if (trial_.refused.empty()) migrate(batch);
    if (trial_.way.kind == Transition::SecondInterface) clean_up();
    return std::move(trial_);
  }

 private:
  const HostPlan& host(std::size_t member) const { return plan_.hosts[everyone_[member]]; }

  Wave& add(WaveKind kind) {
    Wave wave;
    wave.n = static_cast<unsigned>(trial_.waves.size()) + 1;
    wave.cluster = crew_.cluster;
    wave.kind = kind;
    trial_.waves.push_back(std::move(wave));
    return trial_.waves.back();
  }

  static void wait_for(Wave& wave, const HostPlan& host) {
    if (host.status == Status::Blocked)
      wave.waits_for.push_back(fmt::format("{} is blocked: {}", host.name, host.blocked.front()));
  }

  void note(Wave& wave, std::string_view when) {
    if (crew_.cluster.empty()) return;  // nobody's peers
    wave.states.push_back(walk_.state(fmt::format("{} wave {}", when, wave.n), trial_.refused));
  }

  void pre_migrate() {
    auto& wave = add(WaveKind::PreMigrate);
    for (std::size_t m = 0; m < trial_.way.passages.size(); ++m) {
      const bool own_script = host(m).product == "ESXi" && moves_vmotion(host(m));
      if (trial_.way.changes[m].empty() && !own_script) continue;
      wave.hosts.push_back(host(m).name);
      wait_for(wave, host(m));
    }
    wave.why =
        "vMotion gets its planned addresses on all hosts before the first is migrated. Until the wave has ended no "
        "machine is moved: set DRS to manual.";
    note(wave, "after");
  }

  void migrate(const std::vector<std::size_t>& batch) {
    auto& wave = add(WaveKind::Migrate);
    wave.pilot = batch.front() < crew_.pilots;
    for (const auto m : batch) {
      wave.hosts.push_back(host(m).name);
      wait_for(wave, host(m));
      walk_.set(m, Phase::Away);
    }
    wave.why = why_migrate(wave);
    note(wave, "during");
    for (const auto m : batch) walk_.set(m, Phase::Planned);
    note(wave, "after");
  }

  std::string why_migrate(const Wave& wave) const {
    if (wave.pilot) return "The policy names it as pilot: it goes alone, before the others.";
    if (crew_.cluster.empty()) return "Outside a cluster: its machines are down meanwhile, or moved elsewhere by hand.";
    return fmt::format("The cluster can spare {} host{} at a time.", crew_.at_a_time, crew_.at_a_time == 1 ? "" : "s");
  }

  void clean_up() {
    auto& wave = add(WaveKind::CleanUp);
    for (std::size_t m = 0; m < trial_.way.passages.size(); ++m)
      if (moves_vmotion(host(m))) wave.hosts.push_back(host(m).name);
    wave.why = "All hosts meet in the planned subnet: the second interfaces go.";
  }

  const Plan& plan_;
  const Crew& crew_;
  std::vector<std::size_t> everyone_;
  Trial trial_;
  Walk walk_;
};

}  // namespace

Trial rehearse(const PlanRequest& request, const Plan& plan, const Crew& crew, Proposal way) {
  return Rehearsal(request, plan, crew, std::move(way)).run();
}

}  // namespace esx2esxi::plan
