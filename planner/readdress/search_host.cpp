#include "search_host.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::readdress {

using model::Interface;
using net::Ipv4Prefix;

bool HostResult::better_than(const HostResult& other) const {
  if (left != other.left) return left < other.left;
  if (draft.cost != other.draft.cost) return draft.cost < other.draft.cost;
  if (touched.size() != other.touched.size()) return touched.size() < other.touched.size();
  return touched < other.touched;
}

namespace {

constexpr std::size_t kMostSets = 512;  // a host with more answers to its errors than these is a test, not a host

/// Interface -> what is done to it. Ordered, so that equal sets are equal.
using Acts = std::map<std::string, ActKind>;

class HostSearch {
 public:
  HostSearch(const GroupContext& context, const Work& work, const Decided& given, const Ledger& ledger)
      : context_(context), work_(work), given_(given), ledger_(ledger), best_ledger_(ledger.layer()) {
    for (const auto& move : given.moves) settled_.insert(move.interface);
    for (const auto& act : given.own_stack) settled_.insert(act.interface);
    for (const auto& act : given.drops) settled_.insert(act.interface);
    for (const auto& act : given.merges) {
      settled_.insert(act.interface);
      settled_.insert(act.onto);
    }
    for (const auto& act : given.bindings) settled_.insert(act.interface);
  }

  void run() {
    push(possible_of(forced()));
    while (!queue_.empty()) {
      const auto [bound, acts] = queue_.top();
      if (best_ && best_->left == 0 && bound > best_->draft.cost) break;
      if (nodes_ >= kMostSets) {
        cut_off_ = bound;
        break;
      }
      queue_.pop();
      ++nodes_;
      look_at(acts);
    }
    if (!best_) look_at({});  // what is forced is possible one by one, but not together
    if (!best_) throw std::logic_error("search_host: no draft without acts");
  }

  HostResult take() {
    best_->obstacles.assign(obstacles_.begin(), obstacles_.end());
    best_->impossible = std::move(impossible_);
    best_->exact = !cut_off_ && exact_;
    best_->bound = cut_off_.value_or(best_->draft.cost);
    best_->nodes = nodes_;
    return std::move(*best_);
  }
  const Ledger& taken() const { return best_ledger_; }

 private:
  using Item = std::pair<int, Acts>;
  struct Dearer {
    bool operator()(const Item& a, const Item& b) const { return a > b; }
  };

  const Unit* unit_of(const std::string& interface) const { return context_.unit_of(work_, interface); }

  /// An interface that no segment holds: on its own.
  Unit loner(const Interface& interface) const {
    Unit unit;
    unit.service = dearest_service(context_.request.policy.costs, interface).value_or(model::Service::Management);
    if (const auto range = interface.range()) unit.from = *range;
    for (const auto& [name, address] : work_.pinned)
      if (name == interface.name && !unit.from.contains(address))
        unit.pinned_to = pool_with(context_.request, context_.group, address);
    unit.seats.push_back({&work_, interface.name, false});
    return unit;
  }

  Acts forced() const {
    Acts acts;
    for (const auto& unit : context_.units)
      if (unit.single() && unit.pinned_to && unit.seats.front().work == &work_)
        acts.emplace(unit.seats.front().interface, ActKind::Move);
    const auto add = [&](const std::string& interface, ActKind kind) {
      if (!settled_.contains(interface) && work_.base.interface(interface)) acts.emplace(interface, kind);
    };
    for (const auto& interface : work_.renumber) add(interface, ActKind::Renumber);
    for (const auto& [interface, address] : work_.pinned) {
      const auto range = work_.base.interface(interface)->range();
      add(interface, range && range->contains(address) ? ActKind::Renumber : ActKind::Move);
    }
    return acts;
  }

  /// Without those for which there is no address at all.
  Acts possible_of(Acts acts) {
    std::erase_if(acts, [&](const auto& act) {
      auto layer = ledger_.layer();
      auto decided = given_;
      obstacles_.clear();
      if (place_all({act}, decided, layer)) return false;
      impossible_.insert(impossible_.end(), obstacles_.begin(), obstacles_.end());
      return true;
    });
    return acts;
  }

  int bound_of(const Acts& acts) const {
    const auto& costs = context_.request.policy.costs;
    int sum = 0;
    for (const auto& [interface, kind] : acts) {
      if (kind == ActKind::Drop)
        sum += costs.drop_interface;
      else if (kind == ActKind::OwnStack)
        sum += costs.own_stack;
      else if (kind == ActKind::Merge)
        sum += costs.merge_services;
      else
        sum += move_cost(costs, *work_.base.interface(interface));
    }
    for (const auto& move : given_.moves)
      if (!acts.contains(move.interface)) sum += move.cost;
    for (const auto& act : given_.own_stack) sum += act.cost;
    for (const auto& act : given_.merges) sum += act.cost;
    for (const auto& act : given_.bindings) sum += act.cost;
    return sum;
  }

  void push(Acts acts) {
    if (seen_.insert(acts).second) queue_.emplace(bound_of(acts), std::move(acts));
  }

  void look_at(const Acts& acts) {
    if (contradicts_itself(acts)) return;
    auto layer = ledger_.layer();
    auto result = make(acts, layer);
    if (!result) return branch_everywhere(acts);
    auto errors = result->draft.settled;  // an act may be cheaper than what settling did
    errors.insert(errors.end(), result->draft.errors.begin(), result->draft.errors.end());
    if (!best_ || result->better_than(*best_)) {
      best_ = std::move(result);
      best_ledger_ = std::move(layer);
    }
    for (const auto& finding : errors)
      for (const auto& ref : finding.interfaces) branch(acts, finding.rule, ref.name);
  }

  /// The segment takes it elsewhere.
  bool moves_along(const std::string& interface) const {
    return std::any_of(given_.moves.begin(), given_.moves.end(),
                       [&](const Move& move) { return move.interface == interface; });
  }

  /// The first that could take over its services and stays where it is, or beside it in a segment of several hosts;
  /// empty: none.
  std::string keeper_for(const Acts& acts, const std::string& interface) const {
    const auto* unit = unit_of(interface);
    const bool tied = unit && !unit->single();
    const auto keepers = tied ? siblings_to_merge_with(work_, *unit, interface) : merge_targets(work_, interface);
    for (const auto& keeper : keepers)
      if (!acts.contains(keeper) && (tied ? moves_along(keeper) == moves_along(interface) : !settled_.contains(keeper)))
        return keeper;
    return {};
  }

  bool contradicts_itself(const Acts& acts) const {
    return std::any_of(acts.begin(), acts.end(), [&](const auto& act) {
      return act.second == ActKind::Merge && keeper_for(acts, act.first).empty();
    });
  }

  /// There is no place as long as the others stay: any of them might make room.
  void branch_everywhere(const Acts& acts) {
    for (const auto& finding : work_.errors)
      for (const auto& interface : work_.base.interfaces)
        if (interface.enabled && interface.range()) branch(acts, finding.rule, interface.name);
  }

  void branch(const Acts& acts, const std::string& rule, const std::string& name) {
    const auto* interface = work_.base.interface(name);
    if (!interface || !work_.may_change(name)) return;
    const bool settled = settled_.contains(name);
    if (settled && !(moves_along(name) && unit_of(name)->has_sibling(work_, name))) return;
    const auto act = acts.find(name);
    for (const auto kind : {ActKind::Drop, ActKind::Renumber, ActKind::Move, ActKind::OwnStack, ActKind::Merge}) {
      if (settled && kind != ActKind::Drop && kind != ActKind::Merge) continue;  // instead of moving along
      const bool instead = act != acts.end() && act->second == ActKind::Renumber && kind == ActKind::Move;
      if (act != acts.end() && !instead) continue;  // a new network gives a new address as well
      if (!may_end(kind, rule) || !possible(kind, rule, *interface)) continue;
      auto more = acts;
      more.insert_or_assign(name, kind);
      push(std::move(more));
    }
  }

  bool possible(ActKind kind, const std::string& rule, const Interface& interface) const {
    const auto* unit = unit_of(interface.name);
    const bool own = !unit || unit->single();
    switch (kind) {
      case ActKind::Drop: return may_be_dropped(work_, interface.name);
      case ActKind::Renumber: return interface.range().has_value();
      case ActKind::Move:
        if (rule == "several-dhcp-interfaces" && interface.name == work_.management) return false;
        return own && (unit ? unit->stuck.empty() : !work_.gateway_of(interface.name));
      case ActKind::OwnStack:
        return unit &&
               (own ? unit->may_have_own_stack : may_leave_siblings(context_.request, work_, *unit, interface.name));
      case ActKind::Merge:
        if (!own) return !siblings_to_merge_with(work_, *unit, interface.name).empty();
        return (!unit || unit->may_merge) && !merge_targets(work_, interface.name).empty();
      case ActKind::Bind: return false;  // a pair is a segment
    }
    return false;
  }

  std::optional<HostResult> make(const Acts& acts, Ledger& layer) {
    HostResult result;
    result.decided = given_;
    auto& decided = result.decided;
    std::erase_if(decided.moves, [&](const Move& move) { return acts.contains(move.interface); });
    for (const auto& [interface, kind] : acts) {
      if (kind == ActKind::Drop)
        decided.drops.push_back({interface, context_.request.policy.costs.drop_interface, rule_for(work_, interface),
                                 "Another interface serves its purpose."});
      if (kind == ActKind::OwnStack) {
        const auto* unit = unit_of(interface);
        decided.own_stack.push_back(own_stack_of(context_, *unit, seat_in(*unit, interface)));
      }
      if (kind == ActKind::Merge) {
        const auto* known = unit_of(interface);
        const auto unit = known ? Unit{} : loner(*work_.base.interface(interface));
        decided.merges.push_back(merge_of(context_, known ? *known : unit, seat_in(known ? *known : unit, interface),
                                          keeper_for(acts, interface)));
      }
    }
    if (!place_all(acts, decided, layer)) return std::nullopt;
    std::sort(decided.moves.begin(), decided.moves.end(),
              [](const Move& a, const Move& b) { return natural_less(a.interface, b.interface); });
    result.draft = make_draft(context_.request, work_, decided);
    result.left = static_cast<std::size_t>(std::count_if(result.draft.errors.begin(), result.draft.errors.end(),
                                                         [](const rules::Finding& f) { return has_remedy(f.rule); }));
    for (const auto& [interface, kind] : acts) result.touched.push_back(work_.host->name + "/" + interface);
    return result;
  }

  /// Those with the fewest pools to choose from choose first.
  bool place_all(const Acts& acts, Decided& decided, Ledger& layer) {
    std::vector<std::pair<std::size_t, std::string>> order;
    for (const auto& [interface, kind] : acts)
      if (kind == ActKind::Move || kind == ActKind::Renumber)
        order.emplace_back(fitting_pools(wish_of(interface, kind, acts, decided), context_.request.pools), interface);
    std::sort(order.begin(), order.end());
    const auto wish = [&](std::size_t n, const Placements& before) {
      auto taken = decided;
      for (std::size_t m = 0; m < n; ++m)
        if (before[m]) taken.moves.push_back(moved(order[m].second, *before[m]));
      return wish_of(order[n].second, acts.at(order[n].second), acts, taken);
    };
    const auto together = place_together(order.size(), wish, context_.request.pools, layer);
    exact_ = exact_ && together.exact;
    for (std::size_t n = 0; n < order.size(); ++n) {
      const auto& interface = order[n].second;
      if (!together.placements[n]) {
        obstacles_.insert(fmt::format("{} cannot move: {}", interface, together.refused[n]));
        return false;
      }
      decided.moves.push_back(moved(interface, *together.placements[n]));
    }
    return true;
  }

  Move moved(const std::string& interface, const Placement& placement) const {
    const auto* known = unit_of(interface);
    const auto own = known ? Unit{} : loner(*work_.base.interface(interface));
    const auto& unit = known ? *known : own;
    return move_to(context_, unit, seat_in(unit, interface), placement, 0);
  }

  const Seat& seat_in(const Unit& unit, const std::string& interface) const {
    return *std::find_if(unit.seats.begin(), unit.seats.end(),
                         [&](const Seat& seat) { return seat.work == &work_ && seat.interface == interface; });
  }

  Wish wish_of(const std::string& interface, ActKind kind, const Acts& acts, const Decided& decided) const {
    const auto& now = *work_.base.interface(interface);
    const auto* known = unit_of(interface);
    const auto own = known ? Unit{} : loner(now);
    const auto& unit = known ? *known : own;
    auto wish = wish_for(context_.request, context_.group, unit, {&seat_in(unit, interface)});
    if (now.services.empty()) wish.service.reset();
    if (!now.range()) {
      wish.leaves.reset();
      // Nobody knows who its peers are, but those for vMotion are the cluster's.
      if (context_.group.cluster.empty() || unit.service != model::Service::VMotion)
        wish.key += work_.host->name + interface;
    }
    if (kind == ActKind::Renumber) {
      wish.only = now.range();
      wish.home = true;
    } else {
      wish.reserve = context_.request.policy.growth_reserve;
      if (!wish.only) wish.avoid = staying(now, acts, decided);
    }
    return wish;
  }

  /// The ranges that the other interfaces of its stack keep or get.
  std::vector<Ipv4Prefix> staying(const Interface& mover, const Acts& acts, const Decided& decided) const {
    std::vector<Ipv4Prefix> ranges;
    const auto bound_together = [&](const Interface& other) {
      return !mover.bound_to.empty() && other.bound_to == mover.bound_to;
    };
    for (const auto& other : work_.base.interfaces) {
      const auto act = acts.find(other.name);
      const bool leaves = (act != acts.end() && act->second != ActKind::Renumber) || settled_.contains(other.name);
      if (other.name == mover.name || other.stack != mover.stack || leaves || bound_together(other)) continue;
      if (work_.active(other) && other.range()) ranges.push_back(*other.range());
    }
    for (const auto& move : decided.moves)
      if (move.interface != mover.name && !bound_together(*work_.base.interface(move.interface)))
        ranges.push_back(move.to.network);
    return ranges;
  }

  const GroupContext& context_;
  const Work& work_;
  const Decided& given_;
  const Ledger& ledger_;
  Ledger best_ledger_;
  std::set<std::string> settled_;
  std::priority_queue<Item, std::vector<Item>, Dearer> queue_;
  std::set<Acts> seen_;
  std::set<std::string> obstacles_;
  std::vector<std::string> impossible_;
  std::optional<HostResult> best_;
  std::optional<int> cut_off_;  // the bound of what was not looked at any more
  bool exact_ = true;           // all ways to place the movers were tried
  std::size_t nodes_ = 0;
};

template <class A>
std::vector<A> without(std::vector<A> acts, const std::string& interface) {
  std::erase_if(acts, [&](const A& act) { return act.interface == interface; });
  return acts;
}

/// What would be left without the act; empty: nothing that names the interface, so that its rule stands as it is.
std::string rule_without(const GroupContext& context, const Work& work, const Decided& decided,
                         const std::string& interface) {
  const Decided rest{without(decided.moves, interface), without(decided.own_stack, interface),
                     without(decided.drops, interface), without(decided.merges, interface),
                     without(decided.bindings, interface)};
  for (const auto& finding : errors_after(context.request, work, rest))
    if (names(finding, interface)) return finding.rule;
  return {};
}

}  // namespace

void attribute(const GroupContext& context, const Work& work, HostResult& result) {
  auto& decided = result.decided;
  if (decided.size() < 2) return;
  const auto correct = [&](Act& act) {
    if (act.rule == "duplicate-address" || act.rule == "vmotion-peers-apart") return;
    auto rule = rule_without(context, work, decided, act.interface);
    if (rule.empty()) return;
    for (auto& remedy : result.draft.remedies)
      if (remedy.interface == act.interface && remedy.rule == act.rule && remedy.kind != RemedyKind::Enable)
        remedy.rule = rule;
    act.rule = std::move(rule);
  };
  for (auto& act : decided.moves) correct(act);
  for (auto& act : decided.own_stack) correct(act);
  for (auto& act : decided.drops) correct(act);
  for (auto& act : decided.merges) correct(act);
  for (auto& act : decided.bindings) correct(act);
}

HostResult search_host(const GroupContext& context, const Work& work, const Decided& given, Ledger& ledger) {
  HostSearch search(context, work, given, ledger);
  search.run();
  ledger.absorb(search.taken());
  return search.take();
}

}  // namespace esx2esxi::readdress
