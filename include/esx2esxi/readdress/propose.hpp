// The proposal: the cheapest remedies, by the policy's costs, that leave no error.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/policy.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/rules/judge.hpp"
#include "esx2esxi/transform/map.hpp"

namespace esx2esxi::readdress {

enum class RemedyKind : std::uint8_t {
  Readdress,
  OwnStack,
  StaticRoute,
  RemoveRoute,
  DropInterface,
  FixTeaming,
  Enable,
  MergeServices,
  PortBinding,
  GatewayOverride
};
std::string_view to_string(RemedyKind kind);

/// One thing that the plan does to one host.
struct Remedy {
  RemedyKind kind = RemedyKind::Readdress;
  std::string interface;   ///< mapped name; empty for routes
  std::string from_value;  ///< "10.0.0.5/24"
  std::string to_value;    ///< "10.0.9.5/24 VLAN 120", "stack vmotion", "10.0.40.0/24 by 10.0.30.254", "gateway
                           ///< 10.0.30.254"
  std::string rule;        ///< the finding it answers
  std::string why;         ///< one sentence
  int cost = 0;
  bool to_be_confirmed = false;  ///< not from a pool: the network team has to say yes
};

/// Interfaces of one cluster that serve one service in one subnet: they move together.
struct Segment {
  std::string cluster;  ///< the host's name where it is in none
  model::Service service = model::Service::VMotion;
  net::Ipv4Prefix from;
  std::optional<net::Ipv4Prefix> to;  ///< none: stays, or an own stack
  std::vector<rules::InterfaceRef> members;
  std::string why;
  std::vector<std::string> rejected;  ///< "own stack vmotion: costs 75, re-addressing costs 50"
};

struct HostProposal {
  model::State after;
  std::vector<Remedy> remedies;
  std::vector<rules::Finding> remaining;  ///< findings of the planned state
  std::vector<std::string> blocked;       ///< reasons; empty: resolved or clean
  bool unsolved = false;                  ///< another policy or other pools might have ended an error, or kept a pin
};

/// What was decided together: the cheapest that leaves no error, or how far from it the search may have stopped.
struct Optimum {
  std::string group;  ///< the cluster, or the host outside of one
  std::vector<std::string> hosts;
  int cost = 0;                    ///< of all remedies of these hosts
  bool optimal = true;             ///< false: the search ran out of its budget
  int gap = 0;                     ///< what a better answer could save at most; 0 if optimal
  std::size_t nodes = 0;           ///< combinations looked at
  std::vector<std::string> clash;  ///< blocked: the smallest set of constraints that cannot hold together
};

struct Proposal {
  std::vector<HostProposal> hosts;  ///< parallel to estate.hosts
  std::vector<Segment> segments;
  std::vector<Optimum> groups;            ///< of those with something to decide, sorted by name
  std::vector<rules::Finding> remaining;  ///< of the estate, in the planned state
};

/// Addresses that an earlier plan gave, by host and classic interface name: kept where they can be.
using FormerAddresses = std::map<std::pair<std::string, std::string>, net::Ipv4Address>;

struct Request {
  const model::Estate& estate;
  const std::vector<transform::Mapping>& mappings;  ///< parallel to estate.hosts
  const std::vector<std::vector<model::Endpoint>>& endpoints;
  const model::Policy& policy;
  const model::Pools& pools;
  const rules::Catalogue& catalogue;
  model::Target target;
  model::Path path = model::Path::Fresh;
  model::Date today;
  unsigned jobs = 0;
  const FormerAddresses* former = nullptr;   ///< null: none is known
  std::set<std::string> vmotion_stays = {};  ///< clusters whose vMotion peers would be apart while it moves
  bool storage_may_move = false;             ///< for a question only: what if arrays were everywhere?
  bool is_a_question = false;                ///< whether there is an answer; why there is none is not asked again
};

/// Pure and deterministic: the same estate gives the same proposal whatever order the hosts were read in.
Proposal propose(const Request& request);

}  // namespace esx2esxi::readdress
