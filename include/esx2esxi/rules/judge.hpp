// Situation in, findings out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/model/endpoint.hpp"
#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/policy.hpp"
#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/rules/catalogue.hpp"
#include "esx2esxi/transform/map.hpp"

namespace esx2esxi::rules {

struct InterfaceRef {
  std::string host;  ///< empty in a host's own findings
  std::string name;  ///< in the state judged
  std::string from;  ///< on the classic host
  friend bool operator==(const InterfaceRef&, const InterfaceRef&) = default;
};

enum class Resolution : std::uint8_t { Open, Waived, Resolved };
std::string_view to_string(Resolution resolution);

struct Finding {
  std::string rule;
  Severity severity = Severity::Error;
  std::string stack;
  std::vector<InterfaceRef> interfaces;
  std::vector<std::string> addresses;  ///< "10.0.0.5/24", "10.0.0.1"; sorted as the predicate gives them
  std::vector<std::string> endpoints;  ///< "NFS server filer-a 10.0.0.9"
  bool introduced = false;
  std::string message;
  std::string kb;
  std::vector<Origin> origins;
  Resolution resolution = Resolution::Open;
  std::string why;                 ///< the waiver's reason and owner, or what resolved it
  std::vector<std::string> hosts;  ///< estate findings: the hosts concerned, sorted
  std::string scope;               ///< estate findings: the cluster's name, or the hosts joined by a blank
};

/// Which state is judged: the mapping as it would be, or the plan's result.
enum class Stage : std::uint8_t { Mapped, Planned };

/// A host as the rules see it. References outlive the call.
struct Situation {
  const model::Host& host;
  const transform::Mapping& mapping;
  const model::State& now;  ///< mapping.state, or the planned state
  const std::vector<model::Endpoint>& endpoints;
  const model::Policy& policy;
  model::Target target;
  model::Path path = model::Path::Fresh;
  Stage stage = Stage::Mapped;
};

/// All findings of one host: rules in catalogue order, waivers and severities of the policy applied. Pure.
std::vector<Finding> judge_host(const Situation& situation, const Catalogue& catalogue, model::Date today);

/// Findings that need several hosts at once; `now` is parallel to `estate.hosts`.
std::vector<Finding> judge_estate(const model::Estate& estate, const std::vector<const model::State*>& now,
                                  const model::Policy& policy, const Catalogue& catalogue, model::Date today,
                                  Stage stage);

/// Waivers that are void, have run out, or met nothing: one warning each.
Diagnostics waiver_notes(const model::Policy& policy, const std::vector<const std::vector<Finding>*>& findings,
                         model::Date today);

/// Not waived, not resolved.
bool counts(const Finding& finding);
Severity worst(const std::vector<Finding>& findings);  ///< among those that count; Note if none does

/// One service's traffic to one region, before and after.
struct EgressChange {
  model::Service service = model::Service::Management;
  net::Ipv4Range region;
  std::vector<InterfaceRef> before;
  std::optional<net::Ipv4Address> next_hop_before;
  std::vector<InterfaceRef> after;
  std::optional<net::Ipv4Address> next_hop_after;
  std::vector<const model::Endpoint*> endpoints;  ///< of this service, in the region
  bool was_on_link = false;
  bool is_on_link = false;
  bool meant = false;  ///< by a remedy: the same interface, re-addressed, or its gateway
};

/// The whole address space compared: every region whose egress differs for a service in use, adjoining ones with the
/// same change joined. Regions the service had no route to before are left out. `examined` counts the regions compared.
struct EgressComparison {
  std::vector<EgressChange> changes;
  std::size_t examined = 0;
};
EgressComparison compare_egress(const Situation& situation);

}  // namespace esx2esxi::rules
