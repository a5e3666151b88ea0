// The plan: one versioned value with everything in it; all documents are rendered from it alone.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "esx2esxi/core/document.hpp"
#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/policy.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/plan/ripple.hpp"
#include "esx2esxi/plan/steps.hpp"
#include "esx2esxi/plan/waves.hpp"
#include "esx2esxi/readdress/propose.hpp"
#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::plan {

enum class Status : std::uint8_t { Clean, Resolved, Blocked };
std::string_view to_string(Status status);

struct Proof {
  std::size_t regions = 0;    ///< examined
  std::size_t ambiguous = 0;  ///< regions with a tie after the plan
  /// Egress changes that remain, and why each is meant.
  struct Remaining {
    std::string service;
    std::string region;
    std::string before;
    std::string after;
    std::string why;
  };
  std::vector<Remaining> changes;
};

/// A server or service outside that a host has to reach, from its own files or from the policy.
struct Destination {
  std::string name;  ///< "vCenter vc01", "NFS server filer-a"
  net::Ipv4Address address;
  model::Service service = model::Service::Management;  ///< whose traffic goes there: nfs, iscsi, else management
};

struct HostPlan {
  std::string name;
  std::string product;
  std::string version;
  std::string uuid;
  std::string cluster;
  Status status = Status::Clean;
  std::vector<std::string> blocked;  ///< reasons
  model::State before;
  model::State mapped;
  model::State after;
  /// Of the mapped state, each with its resolution; what is open as the planned state shows it.
  std::vector<rules::Finding> findings;
  std::vector<readdress::Remedy> remedies;
  std::vector<Step> steps;
  std::vector<Step> rollback;
  std::vector<ClassicChange> pre_migration;  ///< what its pre-migrate.sh does; empty: it needs none
  std::vector<Step> transition;              ///< planned state -> with a second vMotion interface; empty: needs none
  std::vector<Step> transition_end;          ///< and back, in the clean-up wave
  Proof proof;
  std::vector<Destination> destinations;  ///< by address; neither peers nor what only HA pings
  Diagnostics diagnostics;
};

struct PlannedInput {
  std::string path;
  std::string sha256;
  std::string kind;
};

struct Plan {
  std::string tool;  ///< "esx2esxi 0.1.0"
  model::Target target;
  model::Path path = model::Path::Fresh;
  model::Date date;
  std::string estate;
  std::vector<PlannedInput> inputs;
  std::vector<HostPlan> hosts;           ///< sorted by name
  std::vector<rules::Finding> findings;  ///< of the estate
  std::vector<readdress::Segment> segments;
  std::vector<readdress::Optimum> groups;  ///< what was decided together, and how good it provably is
  std::vector<Rollout> rollouts;           ///< one a cluster, by name
  std::vector<Wave> waves;                 ///< in the order in which they are carried out
  std::vector<Ripple> ripple;              ///< by wave, then kind, then system
};

struct PlanRequest {
  const model::Estate& estate;
  const model::Policy& policy;
  const model::Pools& pools;
  const rules::Catalogue& catalogue;
  model::Target target;
  model::Path path = model::Path::Fresh;
  model::Date date;
  unsigned jobs = 0;
  const readdress::FormerAddresses* former = nullptr;  ///< what an earlier plan gave; null: none is known
};

/// mapping -> findings -> proposal -> steps -> proof. Pure.
/// A finding of the mapped state is Resolved when the planned state does not show it any more; what only the planned
/// state shows is listed as well, Open. A host is blocked while an error that counts is left, of its own or of the
/// estate, or where no script can bring it to the planned state; it has no steps then. The states carry no origins.
/// `inputs` is left empty: who read the files knows their digests.
Plan make_plan(const PlanRequest& request);

/// The whole address space compared, before the migration and after the plan.
Proof prove(const rules::Situation& planned, const std::vector<readdress::Remedy>& remedies);

/// One remedy in one phrase: "vmk1: 10.0.0.5/24 to 10.0.9.5/24 VLAN 120".
std::string phrase(const readdress::Remedy& remedy);

/// JSON as the blueprint lays it down; key order is fixed.
nlohmann::ordered_json to_json(const model::State& state);
nlohmann::ordered_json to_json(const rules::Finding& finding);
nlohmann::ordered_json to_json(const Plan& plan);

/// The text of plan.json: to_json(plan) indented by one blank, with a final newline. Made host by host, so that an
/// estate of thousands never stands in memory as a tree.
void write_json(const Plan& plan, const Put& put);
std::string json_text(const Plan& plan);

}  // namespace esx2esxi::plan
