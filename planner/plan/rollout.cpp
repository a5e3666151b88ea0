// The order: pilots first, one by one, then as many hosts at a time as the cluster can spare; blocked ones last.
#include "rollout.hpp"

#include <algorithm>
#include <map>

#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::plan {

namespace {

std::string why_of(Transition kind) {
  switch (kind) {
    case Transition::None: return "Nothing that vMotion peers share changes.";
    case Transition::PreMigrate:
      return "The vMotion subnet changes: the classic hosts are re-addressed first; migrated hosts meet them there.";
    case Transition::SecondInterface:
      return "The vMotion subnet changes: migrated hosts keep an interface in the old subnet until the last one is "
             "done.";
    case Transition::AtOnce: return "All hosts go in one wave: no machine has to be moved by vMotion meanwhile.";
    case Transition::Refused: return "In every order some hosts would be unable to vMotion to each other.";
  }
  return {};
}

void add_all(std::vector<std::string>& lines, const std::vector<std::string>& more, std::string_view before) {
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < std::min(more.size(), kShown); ++i)
    lines.push_back(fmt::format("{}: {}", before, more[i]));
  if (more.size() > kShown) lines.push_back(fmt::format("{}: {} more", before, more.size() - kShown));
}

/// Looks for the first transition that holds, the one with the fewest changes first.
class Choice {
 public:
  Choice(const PlanRequest& request, const ErrorsOf& errors_of, const Plan& plan, const Crew& crew)
      : request_(request), errors_of_(errors_of), plan_(plan), crew_(crew) {
    rollout.cluster = crew.cluster;
    rollout.hosts_at_a_time = crew.at_a_time;
  }

  void choose() {
    const auto all = everyone(crew_);
    const bool moves =
        std::any_of(all.begin(), all.end(), [&](std::size_t i) { return moves_vmotion(plan_.hosts[i]); });
    if (attempt(as_they_are(plan_, crew_), "no transition", moves && all.size() > 1)) {
      if (moves && trial.waves.size() == 1 && all.size() > 1) rollout.transition = Transition::AtOnce;
      rollout.why = why_of(rollout.transition);
      return;
    }
    if (!attempt(re_addressed_first(plan_, crew_), "re-addressing the classic hosts first", true))
      attempt(with_second_interfaces(plan_, crew_, errors_of_), "a second interface during the transition", true);
    else
      reject_second();
    rollout.why = why_of(rollout.transition);
    if (rollout.transition == Transition::Refused) rollout.refused = rollout.rejected;
  }

  Rollout rollout;
  Trial trial;

 private:
  bool attempt(Proposal way, std::string_view name, bool tell) {
    const auto kind = way.kind;
    if (!way.obstacles.empty()) {
      add_all(rollout.rejected, way.obstacles, name);
    } else {
      auto tried = rehearse(request_, plan_, crew_, std::move(way));
      if (tried.refused.empty()) {
        rollout.transition = kind;
        trial = std::move(tried);
        return true;
      }
      if (tell) add_all(rollout.rejected, tried.refused, name);
    }
    rollout.transition = Transition::Refused;
    return false;
  }

  void reject_second() {
    const auto second = with_second_interfaces(plan_, crew_, errors_of_);
    if (second.obstacles.empty())
      rollout.rejected.emplace_back(
          "a second interface during the transition: every host would be changed twice more, once to add it and once "
          "to remove it");
    else
      add_all(rollout.rejected, second.obstacles, "a second interface during the transition");
  }

  const PlanRequest& request_;
  const ErrorsOf& errors_of_;
  const Plan& plan_;
  const Crew& crew_;
};

/// Hosts that something is done to; an ESXi host that is clean is a peer and no more.
bool takes_part(const HostPlan& host) { return host.product != "ESXi" || host.status != Status::Clean; }

std::size_t pilot_rank(const std::vector<std::string>& pilots, const model::Host& host) {
  for (std::size_t p = 0; p < pilots.size(); ++p)
    if (model::names_host(pilots[p], host.name, host.fqdn)) return p;
  return pilots.size();
}

Crew crew_of(const PlanRequest& request, const Plan& plan, const std::string& name,
             const std::vector<std::size_t>& hosts) {
  Crew crew;
  crew.cluster = name;
  const auto* cluster = name.empty() ? nullptr : request.policy.cluster(name);
  const auto pilots = cluster ? cluster->pilots : std::vector<std::string>();
  crew.at_a_time =
      cluster ? cluster->hosts_at_a_time.value_or(request.policy.hosts_at_a_time) : request.policy.hosts_at_a_time;
  if (!name.empty() && hosts.size() > 1)  // somebody has to take the machines
    crew.at_a_time = std::min(crew.at_a_time, static_cast<unsigned>(hosts.size()) - 1);
  std::vector<std::tuple<std::size_t, std::size_t>> order;
  for (const auto i : hosts) {
    if (plan.hosts[i].status == Status::Blocked)
      crew.waiting.push_back(i);
    else if (takes_part(plan.hosts[i]))
      order.emplace_back(pilot_rank(pilots, request.estate.hosts[i]), i);
    else
      crew.peers.push_back(i);
  }
  std::sort(order.begin(), order.end());
  for (const auto& [rank, i] : order) {
    crew.members.push_back(i);
    if (rank < pilots.size()) ++crew.pilots;
  }
  return crew;
}

void store(Choice choice, const Crew& crew, const PlanRequest& request, Plan& plan) {
  const auto first = plan.waves.empty() ? 0 : plan.waves.back().n;
  const auto all = everyone(crew);
  for (auto& wave : choice.trial.waves) {
    wave.n += first;
    for (auto& state : wave.states)
      state.when = state.when.substr(0, state.when.rfind(' ') + 1) + std::to_string(wave.n);
    plan.waves.push_back(std::move(wave));
  }
  for (std::size_t m = 0; m < choice.trial.way.passages.size(); ++m) {
    auto& host = plan.hosts[all[m]];
    if (host.status == Status::Blocked) continue;
    host.pre_migration = std::move(choice.trial.way.changes[m]);
    if (choice.rollout.transition != Transition::SecondInterface || !moves_vmotion(host)) continue;
    const auto& with = choice.trial.way.passages[m].planned;
    host.transition = compose(host.after, with, request.target, {}).steps;
    host.transition_end = compose(with, host.after, request.target, {}).steps;
  }
  plan.rollouts.push_back(std::move(choice.rollout));
}

}  // namespace

void plan_waves(const PlanRequest& request, const ErrorsOf& errors_of, Plan& plan) {
  std::map<std::string, std::vector<std::size_t>> by_cluster;
  for (std::size_t i = 0; i < plan.hosts.size(); ++i) by_cluster[plan.hosts[i].cluster].push_back(i);
  std::vector<Crew> crews;
  for (const auto& [name, hosts] : by_cluster)
    if (!name.empty()) crews.push_back(crew_of(request, plan, name, hosts));
  if (const auto alone = by_cluster.find(""); alone != by_cluster.end())
    crews.push_back(crew_of(request, plan, "", alone->second));  // last: nobody depends on them
  std::erase_if(crews, [](const Crew& crew) { return crew.members.empty() && crew.waiting.empty(); });
  std::vector<std::optional<Choice>> choices(crews.size());
  parallel_for(crews.size(), request.jobs, [&](std::size_t c) {
    choices[c].emplace(request, errors_of, plan, crews[c]);
    choices[c]->choose();
  });
  for (std::size_t c = 0; c < crews.size(); ++c) store(std::move(*choices[c]), crews[c], request, plan);
}

}  // namespace esx2esxi::plan
