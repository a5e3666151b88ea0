// From finished host plans to an order of migration: clusters one after the other, each with the transition that keeps
// its vMotion peers together, every state on the way judged by the rules.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

/// The errors that count of one host's state, as the planned one: index into the plan's hosts.
using ErrorsOf = std::function<std::vector<std::string>(std::size_t host, const model::State& state)>;

/// Fills rollouts and waves, and what hosts have to do before and after because of them.
void plan_waves(const PlanRequest& request, const ErrorsOf& errors_of, Plan& plan);

/// One cluster, or the hosts outside of one (no name).
struct Crew {
  std::string cluster;
  std::vector<std::size_t> members;  ///< into the plan's hosts, in the order of migration
  std::vector<std::size_t> waiting;  ///< blocked ones: last
  std::vector<std::size_t> peers;    ///< ESXi hosts to which nothing is done
  unsigned at_a_time = 1;
  std::size_t pilots = 0;  ///< the first so many of `members` go one by one
};

/// Members, then those that wait, then peers.
std::vector<std::size_t> everyone(const Crew& crew);

/// A host's part in a transition.
struct Passage {
  model::State classic;  ///< while it waits: as it was, or re-addressed
  model::State planned;  ///< once it is done: as planned, or with a second interface besides
};

/// What a transition would do to a crew; or why it cannot.
struct Proposal {
  Transition kind = Transition::None;
  std::vector<Passage> passages;                    ///< parallel to everyone
  std::vector<std::vector<ClassicChange>> changes;  ///< the same
  std::vector<std::string> obstacles;
};

Proposal as_they_are(const Plan& plan, const Crew& crew);
Proposal re_addressed_first(const Plan& plan, const Crew& crew);
Proposal with_second_interfaces(const Plan& plan, const Crew& crew, const ErrorsOf& errors_of);

/// A cluster's waves, numbered from 1, with what was refused on the way.
struct Trial {
  Proposal way;
  std::vector<Wave> waves;
  std::vector<std::string> refused;  ///< "after wave 2: vmotion-peers-apart: ..."; empty: every state is sound
};
Trial rehearse(const PlanRequest& request, const Plan& plan, const Crew& crew, Proposal way);

/// Whether peers would notice: an interface for vMotion whose address or network changes.
bool moves_vmotion(const HostPlan& host);

}  // namespace esx2esxi::plan
