#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "affected.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "resolve.hpp"
#include "rollout.hpp"

namespace esx2esxi::plan {

namespace {

/// What is known of each host before the proposal; the vectors are parallel to estate.hosts.
struct Survey {
  std::vector<transform::Mapping> mappings;
  std::vector<std::vector<model::Endpoint>> endpoints;
};

rules::Situation situation(const PlanRequest& request, const Survey& survey, std::size_t i, const model::State& now,
                           rules::Stage stage) {
  return {request.estate.hosts[i], survey.mappings[i],      now,  survey.endpoints[i], request.policy,
          request.target,          survey.mappings[i].path, stage};
}

Survey look_at(const PlanRequest& request) {
  const auto& hosts = request.estate.hosts;
  Survey survey;
  survey.mappings.resize(hosts.size());
  survey.endpoints.resize(hosts.size());
  parallel_for(hosts.size(), request.jobs, [&](std::size_t i) {
    survey.mappings[i] = transform::map_host(hosts[i], request.target, request.path);
    survey.endpoints[i] = model::endpoints_of(hosts[i], request.policy, request.estate);
    survey.endpoints[i].shrink_to_fit();
  });
  return survey;
}

/// Judged host by host when the proposal's own work is gone: findings are the largest part of a plan.
std::vector<rules::Finding> findings_of(const PlanRequest& request, const Survey& survey, std::size_t i) {
  return rules::judge_host(situation(request, survey, i, survey.mappings[i].state, rules::Stage::Mapped),
                           request.catalogue, request.date);
}

std::vector<rules::Finding> estate_findings(const PlanRequest& request, const Survey& survey) {
  std::vector<const model::State*> mapped;
  for (const auto& mapping : survey.mappings) mapped.push_back(&mapping.state);
  return rules::judge_estate(request.estate, mapped, request.policy, request.catalogue, request.date,
                             rules::Stage::Mapped);
}

/// What moves each interface and route of the planned state, for the reason of a step.
std::vector<std::pair<std::string, std::string>> reasons(const readdress::HostProposal& proposal) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& remedy : proposal.remedies) {
    if (!remedy.interface.empty()) out.emplace_back(remedy.interface, remedy.rule);
    if (remedy.kind == readdress::RemedyKind::RemoveRoute)
      out.emplace_back("route " + remedy.from_value.substr(0, remedy.from_value.find(' ')), remedy.rule);
  }
  for (const auto& stack : proposal.after.stacks)
    for (const auto& route : stack.routes)
      if (!route.origin.empty() && route.origin != "static")
        out.emplace_back("route " + to_string(route.network), route.origin);
  return out;
}

void add_once(std::vector<std::string>& lines, std::vector<std::string> more) {
  for (auto& line : more)
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
}

/// The scripts' steps, both ways; what stands in their way blocks the host.
void add_steps(HostPlan& host, model::Target target, const std::vector<std::pair<std::string, std::string>>& why) {
  auto forward = compose(host.mapped, host.after, target, why);
  auto back = compose(host.after, host.mapped, target, why);
  add_once(host.blocked, std::move(forward.obstacles));
  add_once(host.blocked, std::move(back.obstacles));
  host.steps = std::move(forward.steps);
  host.rollback = std::move(back.steps);
}

void settle(HostPlan& host) {
  if (!host.blocked.empty()) {
    host.status = Status::Blocked;
    host.steps.clear();
    host.rollback.clear();
    return;
  }
  host.status = host.remedies.empty() && host.steps.empty() ? Status::Clean : Status::Resolved;
}

void forget_origins(model::State& state) {
  for (auto& interface : state.interfaces) interface.origins = {};
  for (auto& vswitch : state.switches) {
    vswitch.origins = {};
    for (auto& group : vswitch.portgroups) group.origins = {};
  }
  for (auto& stack : state.stacks) {
    stack.origins = {};
    for (auto& route : stack.routes) route.origins = {};
  }
  for (auto& mount : state.nfs) mount.origins = {};
}

HostPlan described(const model::Host& host) {
  HostPlan out;
  out.name = host.name;
  out.product = host.product;
  out.version = host.version;
  out.uuid = host.uuid;
  out.cluster = host.cluster;
  out.before = host.before;
  out.diagnostics = host.diagnostics;
  return out;
}

bool is_loopback(net::Ipv4Address address) { return address.bits() >> 24U == 127; }

std::vector<Destination> destinations_of(const std::vector<model::Endpoint>& endpoints) {
  std::vector<Destination> out;
  for (const auto& endpoint : endpoints)
    if (!endpoint.peer && !endpoint.isolation && !is_loopback(endpoint.address))
      out.push_back({endpoint.name, endpoint.address, endpoint.service});
  out.shrink_to_fit();
  return out;
}

HostPlan plan_host(const PlanRequest& request, Survey& survey, readdress::Proposal& proposal, std::size_t i) {
  auto& proposed = proposal.hosts[i];
  auto host = described(request.estate.hosts[i]);
  host.proof = prove(situation(request, survey, i, proposed.after, rules::Stage::Planned), proposed.remedies);
  host.findings = resolve(findings_of(request, survey, i), proposed.remaining, proposed.remedies);
  host.findings.shrink_to_fit();
  host.blocked = std::move(proposed.blocked);
  if (host.blocked.empty()) host.blocked = errors_left(proposed.remaining, host.name);
  proposed.remaining = {};
  add_once(host.blocked, errors_left(proposal.remaining, host.name));
  host.destinations = destinations_of(survey.endpoints[i]);
  const auto why = reasons(proposed);
  host.mapped = std::move(survey.mappings[i].state);
  host.after = std::move(proposed.after);
  host.remedies = std::move(proposed.remedies);
  add_steps(host, request.target, why);
  for (auto* state : {&host.before, &host.mapped, &host.after}) forget_origins(*state);
  settle(host);
  return host;
}

/// The errors of another state than the planned one. The survey's mapped state has moved into the plan.
std::vector<std::string> errors_of(const PlanRequest& request, const Survey& survey, const HostPlan& host,
                                   std::size_t i, const model::State& state) {
  auto mapping = survey.mappings[i];
  mapping.state = host.mapped;
  const rules::Situation situation{request.estate.hosts[i], mapping,        state,        survey.endpoints[i],
                                   request.policy,          request.target, mapping.path, rules::Stage::Planned};
  return errors_left(rules::judge_host(situation, request.catalogue, request.date), host.name);
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::Clean: return "clean";
    case Status::Resolved: return "resolved";
    case Status::Blocked: return "blocked";
  }
  return "blocked";
}

std::string phrase(const readdress::Remedy& remedy) {
  auto subject = remedy.interface.empty() ? std::string(readdress::to_string(remedy.kind)) : remedy.interface;
  if (remedy.from_value.empty() && remedy.to_value.empty()) return subject + ": " + std::string(to_string(remedy.kind));
  if (remedy.from_value.empty()) return subject + ": " + remedy.to_value;
  if (remedy.to_value.empty()) return subject + ": " + remedy.from_value + " goes";
  return subject + ": " + remedy.from_value + " to " + remedy.to_value;
}

namespace {

using Clusters = std::set<std::string>;

/// All of a plan but its ripple.
struct Attempt {
  Survey survey;
  Plan plan;
};

Attempt attempt(const PlanRequest& request, const Clusters& vmotion_stays) {
  auto survey = look_at(request);
  readdress::Request question{request.estate,    survey.mappings, survey.endpoints, request.policy, request.pools,
                              request.catalogue, request.target,  request.path,     request.date,   request.jobs};
  question.former = request.former;
  question.vmotion_stays = vmotion_stays;
  auto proposal = readdress::propose(question);
  Plan plan;
  plan.tool = "esx2esxi " ESX2ESXI_VERSION;
  plan.target = request.target;
  plan.path = request.path;
  plan.date = request.date;
  plan.estate = request.estate.name.empty() ? request.policy.estate : request.estate.name;
  plan.findings = resolve_estate(estate_findings(request, survey), proposal.remaining, proposal);
  plan.hosts.resize(request.estate.hosts.size());
  parallel_for(plan.hosts.size(), request.jobs,
               [&](std::size_t i) { plan.hosts[i] = plan_host(request, survey, proposal, i); });
  plan.segments = std::move(proposal.segments);
  plan.groups = std::move(proposal.groups);
  plan_waves(
      request,
      [&](std::size_t i, const model::State& state) { return errors_of(request, survey, plan.hosts[i], i, state); },
      plan);
  return {std::move(survey), std::move(plan)};
}

/// Clusters whose every order was refused, with the reasons.
std::map<std::string, std::vector<std::string>> without_an_order(const Plan& plan) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& rollout : plan.rollouts)
    if (rollout.transition == Transition::Refused) out.emplace(rollout.cluster, rollout.refused);
  return out;
}

std::set<std::string> blocked_hosts(const Plan& plan) {
  std::set<std::string> out;
  for (const auto& host : plan.hosts)
    if (host.status == Status::Blocked) out.insert(host.name);
  return out;
}

/// Nobody may start what cannot be brought to its end: the first reason of each way that was tried.
std::string no_order(const Rollout& rollout) {
  std::vector<std::string> ways;
  std::vector<std::string> reasons;
  for (const auto& line : rollout.refused) {
    const auto way = line.substr(0, line.find(": "));
    if (std::find(ways.begin(), ways.end(), way) != ways.end()) continue;
    ways.push_back(way);
    reasons.push_back(line);
  }
  return fmt::format("no order of migration is sound for {}: {}", rollout.cluster, join(reasons, "; "));
}

void block_without_an_order(Plan& plan) {
  for (const auto& rollout : plan.rollouts) {
    if (rollout.transition != Transition::Refused) continue;
    const auto why = no_order(rollout);
    for (auto& host : plan.hosts) {
      if (host.cluster != rollout.cluster) continue;
      add_once(host.blocked, {why});
      settle(host);
    }
    for (auto& group : plan.groups)
      if (group.group == rollout.cluster && group.clash.empty()) group.clash = {why};
  }
}

}  // namespace

/// Where vMotion cannot move without parting peers on the way, it stays, if the hosts can do with that.
Plan make_plan(const PlanRequest& request) {
  auto tried = attempt(request, {});
  if (const auto refused = without_an_order(tried.plan); !refused.empty()) {
    const auto blocked = blocked_hosts(tried.plan);
    Clusters staying;
    for (const auto& [cluster, why] : refused) staying.insert(cluster);
    tried = attempt(request, staying);
    for (const auto& [cluster, why] : without_an_order(tried.plan)) staying.erase(cluster);
    for (const auto& host : tried.plan.hosts)
      if (host.status == Status::Blocked && !blocked.contains(host.name)) staying.erase(host.cluster);
    if (staying.size() != refused.size()) tried = attempt(request, staying);
    for (auto& rollout : tried.plan.rollouts)
      if (staying.contains(rollout.cluster))
        for (const auto& why : refused.at(rollout.cluster)) rollout.rejected.push_back("vMotion elsewhere: " + why);
    block_without_an_order(tried.plan);
  }
  tried.plan.ripple = ripple_of(request, tried.survey.endpoints, tried.plan);
  return std::move(tried.plan);
}

}  // namespace esx2esxi::plan
