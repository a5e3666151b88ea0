// From a command line to a judged estate:
//
//   inputs ─read─> estate ─┬─ clusters ─ services ─┬─ per host, in parallel: mapping, endpoints, findings
//   policy, pools ─────────┘                       └─ estate: findings that need several hosts
#pragma once

#include <functional>
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
  std::string former_file;
  readdress::FormerAddresses former;
  std::vector<bool> chosen;  ///< parallel to the hosts: named by --host, or all

  const model::Host& host(std::size_t i) const { return estate.hosts[i]; }
  bool all_chosen() const;
};

/// Which hosts are read. A verdict on one host needs its peers, even where --host asks for that one alone.
enum class Reads : std::uint8_t { AllHosts, ChosenHosts };

/// Reads policy, pools and inputs; reports what it notices. None: reported as well, and the exit code is Input.
std::optional<Session> load(const Options& options, Reads reads, const Console& console);

/// What is printed of one host; called from any thread. May be empty.
using PrintHost = std::function<std::string(const model::Host&, const std::vector<rules::Finding>&)>;

struct Judgement {
  std::vector<std::vector<rules::Finding>> findings;  ///< parallel to the hosts
  std::vector<rules::Finding> estate;
  std::vector<std::string> pages;  ///< parallel to the hosts: what was printed of those that were chosen
  Diagnostics notes;               ///< waivers that waive nothing
};

/// The findings of the estate as the mapping leaves it. With `print` each host's page is made at once, and its findings
/// lose their words (message, KB, endpoints, origins) afterwards: a large estate's would fill the memory twice.
Judgement judge(const Session& session, const rules::Catalogue& catalogue, const PrintHost& print = {});

struct Planned {
  plan::Plan plan;    ///< of the whole estate, reduced to the chosen hosts, with the digests of all that was read
  Diagnostics notes;  ///< waivers that waive nothing
};

/// The error is a file that was read before and can no longer be.
Result<Planned> plan_for(const Session& session);

/// The day of a run: --date, else SOURCE_DATE_EPOCH, else the clock's.
model::Date day_of(const Options& options);

}  // namespace esx2esxi::app
