#include "search_group.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include "clauses.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

std::size_t GroupResult::left() const {
  return static_cast<std::size_t>(
      std::count_if(hosts.begin(), hosts.end(), [](const HostResult& host) { return host.left > 0; }));
}

int GroupResult::cost() const {
  int sum = 0;
  for (const auto& host : hosts) sum += host.draft.cost;
  return sum;
}

namespace {

/// "vmk1" per host in the order of hosts: the interfaces that change.
std::vector<std::pair<std::size_t, std::string>> touched(const GroupResult& result) {
  std::vector<std::pair<std::size_t, std::string>> all;
  for (std::size_t w = 0; w < result.hosts.size(); ++w) {
    const auto& decided = result.hosts[w].decided;
    const auto add = [&](const auto& acts) {
      for (const auto& act : acts) all.emplace_back(w, act.interface);
    };
    add(decided.moves);
    add(decided.own_stack);
    add(decided.drops);
    add(decided.merges);
    add(decided.bindings);
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

bool GroupResult::better_than(const GroupResult& other) const {
  if (left() != other.left()) return left() < other.left();
  if (cost() != other.cost()) return cost() < other.cost();
  const auto mine = touched(*this);
  const auto theirs = touched(other);
  if (mine.size() != theirs.size()) return mine.size() < theirs.size();
  return mine < theirs;
}

namespace {

constexpr std::size_t kMostLookedAt = 512;   // combinations for which hosts are searched
constexpr std::size_t kMostTaken = 100'000;  // combinations taken from the queue, cut ones included
constexpr std::size_t kMostNodes = 40'000;   // sets of acts, over all hosts and combinations

/// What a host was given, for a search that need not be made twice.
using Key = std::pair<std::size_t, std::vector<std::tuple<std::string, std::string, std::uint32_t>>>;

Key key_of(std::size_t work, const Decided& given) {
  Key key{work, {}};
  for (const auto& move : given.moves)
    key.second.emplace_back(move.interface, to_string(move.to.network), move.to.address.bits());
  for (const auto& act : given.own_stack) key.second.emplace_back(act.interface, "stack", 0);
  for (const auto& merge : given.merges) key.second.emplace_back(merge.interface, "onto " + merge.onto, 0);
  for (const auto& binding : given.bindings) key.second.emplace_back(binding.interface, "bound", 0);
  return key;
}

/// What each unit can do, the cheapest first.
struct Option {
  int cost = 0;
  Choice choice = Choice::Stay;
  friend auto operator<=>(const Option&, const Option&) = default;
};
using Options = std::vector<std::vector<Option>>;

class GroupSearch {
 public:
  GroupSearch(const GroupContext& context, const Ledger& ledger)
      : context_(context), ledger_(ledger), placed_(context.units.size()), in_vain_(context.units.size()) {}

  /// Segments are looked at that an error names, or that stand in a pool; what is left when they have moved may name
  /// others.
  Chosen run() {
    std::set<std::size_t> relevant;
    for (const auto* work : context_.group.works) add_named(work->errors, *work, relevant);
    if (!relevant.empty()) add_those_in_pools(relevant);
    for (;;) {
      search(relevant, true);
      if (!best_ || best_->left() > 0) search(relevant, false);
      const auto before = relevant.size();
      for (std::size_t w = 0; w < best_->hosts.size(); ++w)
        if (best_->hosts[w].left > 0) add_named(best_->hosts[w].draft.errors, *context_.group.works[w], relevant);
      if (relevant.size() == before) return chosen();
    }
  }

 private:
  struct Item {
    int bound = 0;
    std::vector<std::size_t> picks;  // per unit: index into its options
    std::size_t last = 0;            // the unit picked last; it and later ones may still change
    bool refined = false;            // `bound` counts what the hosts must spend themselves
    friend bool operator<(const Item& a, const Item& b) {
      return std::tie(a.bound, a.picks) > std::tie(b.bound, b.picks);  // the cheapest on top
    }
  };

  Chosen chosen() const {
    Chosen out{best_choices_, best_->cost(), best_->left(), true, 0, nodes_, in_vain_};
    for (std::size_t u = 0; u < placed_.size(); ++u)
      if (placed_[u]) out.in_vain[u].clear();
    int hosts_gap = 0;
    for (const auto& host : best_->hosts)
      if (!host.exact) hosts_gap += std::max(0, host.draft.cost - host.bound);
    if (cut_off_) out.gap = std::max(0, best_->cost() - *cut_off_);
    out.gap = std::max(out.gap, hosts_gap);
    out.optimal = !cut_off_ && exact_;
    return out;
  }

  void add_named(const std::vector<rules::Finding>& errors, const Work& work, std::set<std::size_t>& relevant) const {
    for (const auto& finding : errors) {
      if (!has_remedy(finding.rule)) continue;
      for (const auto& ref : finding.interfaces)
        if (const auto unit = context_.index.find({&work, ref.name}); unit != context_.index.end())
          relevant.insert(unit->second);
    }
  }

  /// A segment in a pool's network may keep another one out of it.
  void add_those_in_pools(std::set<std::size_t>& relevant) const {
    for (const auto& pool : context_.request.pools) {
      if (!equals_ignoring_case(pool.cluster, context_.group.cluster)) continue;
      for (std::size_t u = 0; u < context_.units.size(); ++u)
        if (context_.units[u].from.overlaps(pool.network)) relevant.insert(u);
    }
  }

  /// One of a host's several seats may go to its sibling, or away, instead of moving along.
  int least_to_move(const Unit& unit, const Seat& seat) const {
    const auto& costs = context_.request.policy.costs;
    int least = move_cost(costs, seat.now());
    if (!unit.has_sibling(*seat.work, seat.interface)) return least;
    if (may_be_dropped(*seat.work, seat.interface)) least = std::min(least, costs.drop_interface);
    if (!siblings_to_merge_with(*seat.work, unit, seat.interface).empty())
      least = std::min(least, costs.merge_services);
    return least;
  }

  /// Octets that change come on top when addresses are known.
  std::vector<Option> options(std::size_t u, bool relevant) const {
    const auto& unit = context_.units[u];
    const auto& costs = context_.request.policy.costs;
    int move = 0;
    for (const auto& seat : unit.seats) move += least_to_move(unit, seat);
    if (unit.single()) return {{0, Choice::Stay}};  // the host's own search decides
    if (unit.pinned_to) return {{move, Choice::Move}};
    std::vector<Option> all{{0, Choice::Stay}};
    const auto members = static_cast<int>(unit.seats.size());
    if (relevant && unit.stuck.empty()) all.push_back({move, Choice::Move});
    if (relevant && unit.may_have_own_stack) all.push_back({members * costs.own_stack, Choice::OwnStack});
    if (relevant && unit.may_merge) all.push_back({members * costs.merge_services, Choice::Merge});
    const auto unbound = std::count_if(unit.seats.begin(), unit.seats.end(),
                                       [](const Seat& seat) { return seat.now().bound_to.empty(); });
    if (relevant && unit.may_bind && unbound > 0)
      all.push_back({static_cast<int>(unbound) * costs.port_binding, Choice::Bind});
    std::sort(all.begin(), all.end());
    return all;
  }

  static std::vector<unsigned> open_choices(const Options& all) {
    std::vector<unsigned> open;
    for (const auto& each : all) {
      open.push_back(0);
      for (const auto& option : each) open.back() |= bit(option.choice);
    }
    return open;
  }

  void search(const std::set<std::size_t>& relevant, bool cut) {
    Options all;
    for (std::size_t u = 0; u < context_.units.size(); ++u) all.push_back(options(u, relevant.contains(u)));
    const auto open = open_choices(all);
    const Clauses clauses(context_, open);
    Item first;
    first.picks.resize(all.size(), 0);
    for (const auto& each : all) first.bound += each.front().cost;
    std::priority_queue<Item> queue;
    queue.push(first);
    cut_off_.reset();
    for (std::size_t taken = 0; !queue.empty(); ++taken) {
      auto item = queue.top();
      if (best_ && item.bound > best_->cost() && !may_help(all)) return;
      if (taken >= kMostTaken || seen_.size() >= kMostLookedAt || nodes_ >= kMostNodes) {
        cut_off_ = item.bound;
        if (!best_) look_at(choices_of(item, all));
        return;
      }
      queue.pop();
      if (!item.refined) push_dearer(item, all, queue);
      const auto choices = choices_of(item, all);
      const auto spent = cut ? clauses.spent_by_hosts(choices) : std::optional(0);
      if (!spent) continue;
      if (!item.refined && *spent > 0) {
        item.bound += *spent;
        item.refined = true;
        queue.push(std::move(item));
        continue;
      }
      look_at(choices);
    }
  }

  static std::vector<Choice> choices_of(const Item& item, const Options& all) {
    std::vector<Choice> choices;
    for (std::size_t u = 0; u < all.size(); ++u) choices.push_back(all[u][item.picks[u]].choice);
    return choices;
  }

  /// An error that is left names a segment that could do something else.
  bool may_help(const Options& all) const {
    for (std::size_t w = 0; w < best_->hosts.size(); ++w) {
      if (best_->hosts[w].left == 0) continue;
      std::set<std::size_t> named;
      add_named(best_->hosts[w].draft.errors, *context_.group.works[w], named);
      if (std::any_of(named.begin(), named.end(), [&](std::size_t u) { return all[u].size() > 1; })) return true;
    }
    return false;
  }

  static void push_dearer(const Item& item, const Options& all, std::priority_queue<Item>& queue) {
    for (std::size_t u = item.last; u < all.size(); ++u) {
      if (item.picks[u] + 1 >= all[u].size()) continue;
      auto next = item;
      next.bound += all[u][item.picks[u] + 1].cost - all[u][item.picks[u]].cost;
      ++next.picks[u];
      next.last = u;
      queue.push(std::move(next));
    }
  }

  void look_at(const std::vector<Choice>& choices) {
    if (!seen_.insert(choices).second) return;
    ++nodes_;
    auto layer = ledger_.layer();
    Combination combination(context_, choices, layer);
    if (combination.contradicts_itself()) return;
    if (!find_places(combination, choices)) return;
    exact_ = exact_ && combination.exact();
    GroupResult result;
    for (std::size_t w = 0; w < context_.group.works.size(); ++w)
      result.hosts.push_back(solve(w, combination.given(w), layer));
    if (best_ && !result.better_than(*best_)) return;
    best_ = std::move(result);
    best_choices_ = choices;
  }

  /// False: one that would move by choice has no place, which is as good as staying.
  bool find_places(Combination& combination, const std::vector<Choice>& choices) {
    const auto refused = combination.place_all();
    bool all = true;
    for (std::size_t u = 0; u < choices.size(); ++u) {
      if (choices[u] != Choice::Move) continue;
      const auto it = refused.find(u);
      placed_[u] = placed_[u] || it == refused.end();
      if (it == refused.end()) continue;
      if (in_vain_[u].empty()) in_vain_[u] = it->second;
      all = all && context_.units[u].pinned_to;
    }
    return all;
  }

  /// Addresses of hosts searched apart may collide: they are given for good when the choices are carried out.
  const HostResult& solve(std::size_t w, const Decided& given, const Ledger& layer) {
    const auto [it, fresh] = known_.try_emplace(key_of(w, given));
    if (fresh) {
      auto own = layer.layer();
      it->second = search_host(context_, *context_.group.works[w], given, own);
      nodes_ += it->second.nodes;
      exact_ = exact_ && it->second.exact;
    }
    return it->second;
  }

  const GroupContext& context_;
  const Ledger& ledger_;
  std::set<std::vector<Choice>> seen_;
  std::map<Key, HostResult> known_;
  std::optional<GroupResult> best_;
  std::vector<Choice> best_choices_;
  std::vector<bool> placed_;          // units for which there was a place at least once
  std::vector<std::string> in_vain_;  // why there was none, the first time
  std::optional<int> cut_off_;        // the bound of what was not looked at any more
  bool exact_ = true;                 // every host's search went to its end
  std::size_t nodes_ = 0;
};

}  // namespace

Chosen search_group(const GroupContext& context, const Ledger& ledger) { return GroupSearch(context, ledger).run(); }

GroupResult realise(const GroupContext& context, const std::vector<Choice>& choices, Ledger& ledger) {
  GroupResult result;
  result.refused.resize(context.units.size());
  Combination combination(context, choices, ledger);
  for (auto& [u, why] : combination.place_all()) result.refused[u] = why;
  for (std::size_t w = 0; w < context.group.works.size(); ++w) {
    result.hosts.push_back(search_host(context, *context.group.works[w], combination.given(w), ledger));
    attribute(context, *context.group.works[w], result.hosts.back());
  }
  return result;
}

}  // namespace esx2esxi::readdress
