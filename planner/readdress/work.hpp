// One host of a proposal: what is given, what the pins say, and the judge.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "esx2esxi/readdress/propose.hpp"

namespace esx2esxi::readdress {

/// A gateway that the policy asks for.
struct PinnedGateway {
  std::string interface;  ///< mapped name
  net::Ipv4Address address;
  std::string reason;
  std::string said;  ///< "vmk0 is pinned to the gateway 10.0.3.254 (policy.info:7: why)"
};

/// A host's part of the request.
struct Work {
  std::size_t index = 0;  ///< in request.estate.hosts
  const model::Host* host = nullptr;
  const transform::Mapping* mapping = nullptr;
  const std::vector<model::Endpoint>* endpoints = nullptr;

  model::State base;                      ///< mapped, without what pins drop
  std::string management;                 ///< the interface that carries management, by its mapped name; empty: none
  bool can_tag = true;                    ///< the target can mark an interface for management
  bool keep_host = false;                 ///< a pin says that nothing may change
  std::set<std::string> kept;             ///< interfaces that may not change
  std::vector<std::string> keep_reasons;  ///< "pinned to stay (policy.info:7: why)"
  std::vector<std::pair<std::string, net::Ipv4Address>> pinned;  ///< addresses that interfaces must get
  std::set<std::string> renumber;                                ///< interfaces whose address another host has
  std::vector<std::string> impossible;                           ///< pins that cannot be kept
  std::vector<Remedy> by_pins;                                   ///< done in `base` already
  std::vector<PinnedGateway> gateways;                           ///< that interfaces must get as their own

  std::vector<rules::Finding> errors;  ///< of `base`, as the planned state, that count
  std::vector<rules::Finding> others;  ///< its other findings

  void take(std::vector<rules::Finding> findings);
  /// What was found is asked no more: an estate of thousands has no room for it twice.
  void forget_findings() { errors = others = {}; }

  const PinnedGateway* gateway_of(const std::string& interface) const;  ///< null: no pin gives it one
  bool may_change(const std::string& interface) const { return !keep_host && !kept.contains(interface); }
  bool disabled_by_upgrade(const model::Interface& interface) const;
  /// Takes part, or will once the plan has enabled it again.
  bool active(const model::Interface& interface) const { return interface.enabled || disabled_by_upgrade(interface); }
};

/// The rules, asked about planned states.
class Judge {
 public:
  explicit Judge(const Request& request) : request_(request) {}

  rules::Situation situation(const Work& work, const model::State& now) const;
  std::vector<rules::Finding> findings(const Work& work, const model::State& now) const;

 private:
  const Request& request_;
};

/// Errors that are neither waived nor resolved.
std::vector<rules::Finding> counting_errors(std::vector<rules::Finding> findings);

bool names(const rules::Finding& finding, const std::string& interface);

/// Everything but the findings, which need the judge.
Work prepare(const Request& request, std::size_t index);

}  // namespace esx2esxi::readdress
