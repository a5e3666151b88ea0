// The proposal, group by group: a cluster is decided as a whole, a host outside of one by itself.
//
//   1. every host is judged as it would be after the mapping and the pins            (in parallel)
//   2. the estate's own findings say whose address is taken, and whose peers are apart
//   3. each group with something to do chooses what moves, as if it were alone        (in parallel)
//   4. the choices are carried out one group after the other, so that no address is given twice
#include "esx2esxi/readdress/propose.hpp"

#include <algorithm>
#include <map>

#include "clash.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "search_group.hpp"
#include "segments.hpp"

namespace esx2esxi::readdress {

std::string_view to_string(RemedyKind kind) {
  switch (kind) {
    case RemedyKind::Readdress: return "re-address";
    case RemedyKind::OwnStack: return "own-stack";
    case RemedyKind::StaticRoute: return "static-route";
    case RemedyKind::RemoveRoute: return "remove-route";
    case RemedyKind::DropInterface: return "drop-interface";
    case RemedyKind::FixTeaming: return "fix-teaming";
    case RemedyKind::Enable: return "enable";
    case RemedyKind::MergeServices: return "merge-services";
    case RemedyKind::PortBinding: return "port-binding";
    case RemedyKind::GatewayOverride: return "gateway-override";
  }
  return "re-address";
}

namespace {

struct GroupWork {
  Group group;
  std::vector<Unit> units;
  UnitIndex index;
  bool peers_apart = false;
  bool busy = false;        ///< something is to be done
  std::size_t optimum = 0;  ///< where it stands among the proposal's groups, if it is busy
  Chosen chosen;
};

class Proposer {
 public:
  explicit Proposer(const Request& request)
      : request_(request), judge_(request), seen_(request), ledger_(seen_), works_(request.estate.hosts.size()) {}

  Proposal run() {
    parallel_for(works_.size(), request_.jobs, [&](std::size_t i) { works_[i] = judged(i); });
    for (auto& work : works_) by_name_.emplace(work.host->name, &work);
    make_groups();
    hear_the_estate();
    parallel_for(groups_.size(), request_.jobs, [&](std::size_t i) { choose(groups_[i]); });
    out_.hosts.resize(works_.size());
    for (auto& group : groups_) carry_out(group);
    explain_clashes();
    finish();
    return std::move(out_);
  }

 private:
  Work judged(std::size_t i) const {
    auto work = prepare(request_, i);
    work.take(judge_.findings(work, work.base));
    return work;
  }

  /// Clusters by name, then hosts by name: the order in which addresses are given does not depend on the inputs' order.
  void make_groups() {
    std::map<std::pair<std::string, std::string>, std::vector<const Work*>> by_name;
    for (const auto& work : works_)
      by_name[{work.host->cluster, work.host->cluster.empty() ? work.host->name : std::string()}].push_back(&work);
    for (auto& [key, works] : by_name) {
      std::sort(works.begin(), works.end(), [](const Work* a, const Work* b) { return a->host->name < b->host->name; });
      GroupWork group;
      group.group = {key.first, key.first.empty() ? key.second : key.first, std::move(works)};
      groups_.push_back(std::move(group));
    }
  }

  void hear_the_estate() {
    std::vector<const model::State*> states;
    for (const auto& work : works_) states.push_back(&work.base);
    const auto findings = counting_errors(rules::judge_estate(
        request_.estate, states, request_.policy, request_.catalogue, request_.today, rules::Stage::Planned));
    for (const auto& finding : findings) {
      if (finding.rule == "duplicate-address") renumber_all_but_one(finding);
      if (finding.rule != "vmotion-peers-apart") continue;
      for (auto& group : groups_)
        group.peers_apart = group.peers_apart || (!group.group.cluster.empty() && group.group.cluster == finding.scope);
    }
  }

  Work* work_named(const std::string& host) const {
    const auto it = by_name_.find(host);
    return it == by_name_.end() ? nullptr : it->second;
  }

  /// One interface keeps the address: one that a pin keeps, else the dearest to move, else that of the first host by
  /// name. Against an endpoint no interface keeps it.
  void renumber_all_but_one(const rules::Finding& finding) {
    struct Holder {
      Work* work;
      const model::Interface* interface;
    };
    std::vector<Holder> holders;
    for (const auto& ref : finding.interfaces)
      if (auto* work = work_named(ref.host); work && work->base.interface(ref.name))
        holders.push_back({work, work->base.interface(ref.name)});
    std::sort(holders.begin(), holders.end(), [&](const Holder& a, const Holder& b) {
      const auto rank = [&](const Holder& h) {
        return std::tuple(h.work->may_change(h.interface->name), -move_cost(request_.policy.costs, *h.interface));
      };
      return std::tuple(rank(a), a.work->host->name, a.interface->name) <
             std::tuple(rank(b), b.work->host->name, b.interface->name);
    });
    const std::size_t keepers = finding.endpoints.empty() ? 1 : 0;
    for (std::size_t i = keepers; i < holders.size(); ++i)
      if (holders[i].work->may_change(holders[i].interface->name))
        holders[i].work->renumber.insert(holders[i].interface->name);
  }

  GroupContext context(const GroupWork& group) const { return {request_, group.group, group.units, group.index}; }

  void choose(GroupWork& group) const {
    group.units = units_of(request_, group.group);
    if (group.peers_apart) gather_peers(request_, group.group, group.units);
    group.index = index_of(group.units);
    group.busy =
        group.peers_apart ||
        std::any_of(group.units.begin(), group.units.end(),
                    [](const Unit& unit) { return unit.pinned_to || !unit.impossible.empty(); }) ||
        std::any_of(group.group.works.begin(), group.group.works.end(), [](const Work* work) {
          return !work->errors.empty() || !work->pinned.empty() || !work->renumber.empty() || !work->gateways.empty();
        });
    if (group.busy) group.chosen = search_group(context(group), ledger_);
  }

  /// Addresses that other groups took meanwhile may spoil a choice: then the group chooses again.
  GroupResult realised(GroupWork& group) {
    auto layer = ledger_.layer();
    auto result = realise(context(group), group.chosen.choices, layer);
    if (result.left() > group.chosen.left || result.cost() > group.chosen.cost) {
      group.chosen = search_group(context(group), ledger_);
      layer = ledger_.layer();
      result = realise(context(group), group.chosen.choices, layer);
    }
    ledger_.absorb(layer);
    result.in_vain = group.chosen.in_vain;
    return result;
  }

  void carry_out(GroupWork& group) {
    if (!group.busy) {
      for (const auto* work : group.group.works) leave_alone(works_[work->index]);
      return;
    }
    auto result = realised(group);
    group.optimum = out_.groups.size();
    out_.groups.push_back(optimum(group, result));
    auto segments = segments_of(context(group), result);
    std::move(segments.begin(), segments.end(), std::back_inserter(out_.segments));
    for (std::size_t w = 0; w < group.group.works.size(); ++w) {
      const auto& work = *group.group.works[w];
      auto& host = out_.hosts[work.index];
      host.blocked = reasons(group, work, result.hosts[w], result);
      host.unsolved = is_unsolved(group, work, result.hosts[w]) || was_refused(group, work, result);
      host.after = std::move(result.hosts[w].draft.state);
      host.remedies = std::move(result.hosts[w].draft.remedies);
      host.remaining = std::move(result.hosts[w].draft.findings);
    }
    for (const auto* work : group.group.works) works_[work->index].forget_findings();
  }

  static bool is_unsolved(const GroupWork& group, const Work& work, const HostResult& result) {
    return result.left > 0 || !result.impossible.empty() || !result.draft.unmet.empty() || !work.impossible.empty() ||
           std::any_of(group.units.begin(), group.units.end(), [&](const Unit& unit) {
             return std::any_of(unit.impossible.begin(), unit.impossible.end(),
                                [&](const auto& each) { return each.first == &work; });
           });
  }

  /// A segment that a pin sends elsewhere had no place there.
  static bool was_refused(const GroupWork& group, const Work& work, const GroupResult& result) {
    for (std::size_t u = 0; u < group.units.size(); ++u)
      if (!result.refused[u].empty() && holds_host(group.units[u], work)) return true;
    return false;
  }

  static std::vector<std::size_t> members_of(const GroupWork& group) {
    std::vector<std::size_t> members;
    for (const auto* work : group.group.works) members.push_back(work->index);
    return members;
  }

  /// Said once for each group, and last on each of its hosts for which there is no answer.
  void explain_clashes() {
    if (request_.is_a_question) return;
    std::vector<const GroupWork*> clashing;
    for (const auto& group : groups_) {
      const auto members = members_of(group);
      if (group.busy && std::any_of(members.begin(), members.end(), [&](auto i) { return out_.hosts[i].unsolved; }))
        clashing.push_back(&group);
    }
    std::vector<std::vector<std::string>> clashes(clashing.size());
    parallel_for(clashing.size(), request_.jobs,
                 [&](std::size_t i) { clashes[i] = smallest_clash(request_, members_of(*clashing[i])); });
    for (std::size_t i = 0; i < clashing.size(); ++i) {
      for (const auto member : members_of(*clashing[i]))
        if (auto& host = out_.hosts[member]; host.unsolved && !clashes[i].empty())
          host.blocked.push_back("no answer keeps all of this: " + join(clashes[i], "; "));
      auto& clash = out_.groups[clashing[i]->optimum].clash;
      clash = clashes[i].empty() ? obstacles_of(*clashing[i]) : std::move(clashes[i]);
    }
  }

  /// Where others are in the way, not what is asked of the group: each of its hosts' first obstacle, once.
  std::vector<std::string> obstacles_of(const GroupWork& group) const {
    std::vector<std::string> out;
    for (const auto member : members_of(group)) {
      const auto& host = out_.hosts[member];
      if (!host.unsolved || host.blocked.empty()) continue;
      if (std::find(out.begin(), out.end(), host.blocked.front()) == out.end()) out.push_back(host.blocked.front());
    }
    return out;
  }

  /// What hosts that were searched apart took from each other may have made the answer dearer than was thought.
  static Optimum optimum(const GroupWork& group, const GroupResult& result) {
    const auto& chosen = group.chosen;
    const int dearer = std::max(0, result.cost() - chosen.cost);
    Optimum out{group.group.label, {}, result.cost(), chosen.optimal && dearer == 0, chosen.gap + dearer,
                chosen.nodes,      {}};
    for (const auto* work : group.group.works) out.hosts.push_back(work->host->name);
    return out;
  }

  /// A host without an error: with one its group would be busy.
  void leave_alone(Work& work) {
    auto& host = out_.hosts[work.index];
    host.blocked = work.impossible;
    host.after = work.base;
    host.remedies = work.by_pins;
    host.remaining = std::move(work.others);
  }

  /// What cannot be done, then what is left, then what stood in the way.
  static std::vector<std::string> reasons(const GroupWork& group, const Work& work, const HostResult& result,
                                          const GroupResult& all) {
    std::vector<std::string> out = work.impossible;
    out.insert(out.end(), result.impossible.begin(), result.impossible.end());
    out.insert(out.end(), result.draft.unmet.begin(), result.draft.unmet.end());
    for (std::size_t u = 0; u < group.units.size(); ++u) {
      for (const auto& [whose, what] : group.units[u].impossible)
        if (whose == &work) out.push_back(what);
      if (!all.refused[u].empty() && !group.units[u].single() && holds_host(group.units[u], work))
        out.push_back(cannot_move(group, group.units[u], all.refused[u]));
    }
    for (const auto& move : result.decided.moves)
      if (const auto* now = work.base.interface(move.interface); needs_vcenter(*now, move))
        out.push_back(fmt::format("{} is on a port of a distributed switch: only vCenter can put it on VLAN {}",
                                  move.interface, move.to.vlan->value()));
    for (const auto& error : result.draft.errors) out.push_back(error.rule + ": " + error.message);
    if (result.draft.errors.empty()) return out;
    out.insert(out.end(), work.keep_reasons.begin(), work.keep_reasons.end());
    out.insert(out.end(), result.obstacles.begin(), result.obstacles.end());
    for (std::size_t u = 0; u < group.units.size(); ++u)
      if (!all.in_vain[u].empty() && all.refused[u].empty() && is_named(group.units[u], work, result))
        out.push_back(cannot_move(group, group.units[u], all.in_vain[u]));
    add_stuck(group, work, result, out);
    return out;
  }

  static std::string cannot_move(const GroupWork& group, const Unit& unit, const std::string& why) {
    return fmt::format("{} of {} cannot move: {}", to_string(unit.service), group.group.label, why);
  }

  /// An error that is left on the host names one of its seats.
  static bool is_named(const Unit& unit, const Work& work, const HostResult& result) {
    return std::any_of(unit.seats.begin(), unit.seats.end(), [&](const Seat& seat) {
      return seat.work == &work && std::any_of(result.draft.errors.begin(), result.draft.errors.end(),
                                               [&](const rules::Finding& f) { return names(f, seat.interface); });
    });
  }

  static bool needs_vcenter(const model::Interface& now, const Move& move) {
    return !now.dvport.empty() && move.to.vlan && move.to.vlan != now.vlan;
  }

  static bool holds_host(const Unit& unit, const Work& work) {
    return std::any_of(unit.seats.begin(), unit.seats.end(), [&](const Seat& seat) { return seat.work == &work; });
  }

  static void add_stuck(const GroupWork& group, const Work& work, const HostResult& result,
                        std::vector<std::string>& out) {
    for (const auto& unit : group.units) {
      if (unit.stuck.empty()) continue;
      for (const auto& seat : unit.seats) {
        const bool named =
            seat.work == &work && std::any_of(result.draft.errors.begin(), result.draft.errors.end(),
                                              [&](const rules::Finding& f) { return names(f, seat.interface); });
        if (named) out.push_back(fmt::format("{} cannot leave {}: {}", seat.interface, unit.from, unit.stuck));
      }
    }
  }

  void finish() {
    std::vector<const model::State*> states;
    for (const auto& host : out_.hosts) states.push_back(&host.after);
    out_.remaining = rules::judge_estate(request_.estate, states, request_.policy, request_.catalogue, request_.today,
                                         rules::Stage::Planned);
    for (const auto& error : counting_errors(out_.remaining))
      for (const auto& name : error.hosts)
        if (const auto* work = work_named(name))
          out_.hosts[work->index].blocked.push_back(error.rule + ": " + error.message);
  }

  const Request& request_;
  Judge judge_;
  Seen seen_;
  Ledger ledger_;
  std::vector<Work> works_;  // parallel to estate.hosts
  std::map<std::string, Work*> by_name_;
  std::vector<GroupWork> groups_;
  Proposal out_;
};

}  // namespace

Proposal propose(const Request& request) { return Proposer(request).run(); }

}  // namespace esx2esxi::readdress
