// From a command line to a judged estate:
//
//   inputs ─read─> estate ─┬─ clusters ─ services ─┬─ per host, in parallel: mapping, endpoints, findings
//   policy, pools ─────────┘                       └─ estate: findings that need several hosts
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/exits.hpp"
#include "esx2esxi/app/options.hpp"
#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/policy.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/rules/judge.hpp"
#include "esx2esxi/transform/map.hpp"

namespace esx2esxi::app {

/// What one run works on.
struct Session {
  model::Estate estate;
  model::Policy policy;
  model::Pools pools;
  model::Target target;
  model::Path path = model::Path::Fresh;
  model::Date today;
  unsigned jobs = 0;
  std::string policy_file;  ///< as on the command line; may be empty
  std::string pools_file;
  std::vector<bool> chosen;  ///< parallel to the hosts: named by --host, or all

  const model::Host& host(std::size_t i) const { return estate.hosts[i]; }
  bool all_chosen() const;
};

/// Which hosts are read. A verdict on one host needs its peers, even where --host asks for that one alone.
enum class Reads : std::uint8_t { AllHosts, ChosenHosts };

/// Reads policy, pools and inputs; reports what it notices. None: reported as well, and the exit code is Input.
std::optional<Session> load(const Options& options, Reads reads, const Console& console);

struct Judgement {
  std::vector<transform::Mapping> mappings;           ///< parallel to the hosts
  std::vector<std::vector<rules::Finding>> findings;  ///< parallel to the hosts
  std::vector<rules::Finding> estate;
  Diagnostics notes;  ///< waivers that waive nothing
};

/// The findings of the estate as the mapping leaves it. Pure.
Judgement judge(const Session& session, const rules::Catalogue& catalogue);

/// The plan of the whole estate, with the digests of all that was read; reduced to the chosen hosts. What could not be
/// digested is an error.
Result<plan::Plan> plan_for(const Session& session);

/// The day of a run: --date, else SOURCE_DATE_EPOCH, else the clock's.
model::Date day_of(const Options& options);

}  // namespace esx2esxi::app
