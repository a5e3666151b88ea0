#include "search_group.hpp"

#include <algorithm>
#include <map>
#include <queue>
#include <set>

#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using net::Ipv4Prefix;

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

std::vector<std::string> touched(const GroupResult& result) {
  std::vector<std::string> all;
  for (const auto& host : result.hosts) {
    for (const auto& move : host.decided.moves) all.push_back(move.interface);
    for (const auto& act : host.decided.own_stack) all.push_back(act.interface);
    for (const auto& act : host.decided.drops) all.push_back(act.interface);
  }
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

constexpr std::size_t kMostCombinations = 256;

/// What the segments of several hosts mean for each host of the group.
class Combination {
 public:
  Combination(const GroupContext& context, const std::vector<Choice>& choices, Ledger& ledger)
      : context_(context), choices_(choices), ledger_(ledger), given_(context.group.works.size()) {}

  /// Units for which there is no place, with the reason; they stay.
  std::map<std::size_t, std::string> place_all() {
    std::map<std::size_t, std::string> refused;
    std::vector<std::pair<std::size_t, std::size_t>> order;  // those with the fewest pools first
    for (std::size_t u = 0; u < units().size(); ++u) {
      if (units()[u].single()) continue;
      if (choices_[u] == Choice::OwnStack) give_own_stacks(units()[u]);
      const auto wish = wish_of(u);
      if (!wish.demands.empty()) order.emplace_back(fitting_pools(wish, context_.request.pools), u);
    }
    std::sort(order.begin(), order.end());
    for (const auto& [count, u] : order) {
      const auto placement = place(wish_of(u), context_.request.pools, ledger_);
      if (!placement) {
        refused.emplace(u, placement.error());
        continue;
      }
      const auto seats = movers(u);
      for (std::size_t n = 0; n < seats.size(); ++n)
        given_of(*seats[n]).moves.push_back(move_to(context_, units()[u], *seats[n], *placement, n));
    }
    return refused;
  }

  const Decided& given(std::size_t work) const { return given_[work]; }

 private:
  const std::vector<Unit>& units() const { return context_.units; }

  std::size_t place_of(const Seat& seat) const {
    const auto& works = context_.group.works;
    return static_cast<std::size_t>(std::find(works.begin(), works.end(), seat.work) - works.begin());
  }
  Decided& given_of(const Seat& seat) { return given_[place_of(seat)]; }

  void give_own_stacks(const Unit& unit) {
    for (const auto& seat : unit.seats) given_of(seat).own_stack.push_back(own_stack_of(context_, unit, seat));
  }

  /// Who gets an address: all where the unit moves; else strays, and those whose address is not theirs alone or pinned.
  std::vector<const Seat*> movers(std::size_t u) const {
    std::vector<const Seat*> seats;
    for (const auto& seat : units()[u].seats) {
      const bool pinned = std::any_of(seat.work->pinned.begin(), seat.work->pinned.end(), [&](const auto& pin) {
        return pin.first == seat.interface && units()[u].from.contains(pin.second);
      });
      if (choices_[u] == Choice::Move || seat.stray || pinned || seat.work->renumber.contains(seat.interface))
        seats.push_back(&seat);
    }
    return seats;
  }

  Wish wish_of(std::size_t u) const {
    const auto& unit = units()[u];
    const auto seats = movers(u);
    auto wish = wish_for(context_.group, unit, seats);
    if (choices_[u] != Choice::Move) {
      wish.only = unit.from;
      wish.home = true;
    } else if (!wish.only) {
      wish.avoid = staying(unit);
    }
    return wish;
  }

  bool leaves(const Work& work, const std::string& interface) const {
    for (std::size_t u = 0; u < units().size(); ++u)
      if (choices_[u] != Choice::Stay && !units()[u].single() && units()[u].holds(work, interface)) return true;
    return may_be_dropped(work, interface);
  }

  /// The ranges that other interfaces of the unit's hosts keep or got.
  std::vector<Ipv4Prefix> staying(const Unit& unit) const {
    std::set<Ipv4Prefix> ranges;
    for (const auto& seat : unit.seats) {
      const auto& mover = seat.now();
      const auto together = [&](const model::Interface& other) {
        return other.name == mover.name || (!mover.bound_to.empty() && other.bound_to == mover.bound_to);
      };
      for (const auto& other : seat.work->base.interfaces)
        if (!together(other) && other.stack == mover.stack && seat.work->active(other) && other.range() &&
            !leaves(*seat.work, other.name))
          ranges.insert(*other.range());
      for (const auto& move : given_[place_of(seat)].moves)
        if (const auto* other = seat.work->base.interface(move.interface); !together(*other))
          ranges.insert(move.to.network);
    }
    return {ranges.begin(), ranges.end()};
  }

  const GroupContext& context_;
  const std::vector<Choice>& choices_;
  Ledger& ledger_;
  std::vector<Decided> given_;
};

/// What a host was given, for a search that need not be made twice.
using Key = std::pair<std::size_t, std::vector<std::tuple<std::string, std::string, std::uint32_t>>>;

Key key_of(std::size_t work, const Decided& given) {
  Key key{work, {}};
  for (const auto& move : given.moves)
    key.second.emplace_back(move.interface, to_string(move.to.network), move.to.address.bits());
  for (const auto& act : given.own_stack) key.second.emplace_back(act.interface, "", 0);
  return key;
}

class GroupSearch {
 public:
  GroupSearch(const GroupContext& context, const Ledger& ledger) : context_(context), ledger_(ledger) {}

  /// Segments are looked at that an error names; what is left when they have moved may name others.
  Chosen run() {
    std::set<std::size_t> relevant;
    for (const auto* work : context_.group.works) add_named(work->errors, *work, relevant);
    for (;;) {
      search(relevant);
      const auto before = relevant.size();
      for (std::size_t w = 0; w < best_->hosts.size(); ++w)
        if (best_->hosts[w].left > 0) add_named(best_->hosts[w].draft.errors, *context_.group.works[w], relevant);
      if (relevant.size() == before) return {best_choices_, best_->left()};
    }
  }

 private:
  struct Option {
    int cost = 0;
    Choice choice = Choice::Stay;
    friend auto operator<=>(const Option&, const Option&) = default;
  };
  using Options = std::vector<std::vector<Option>>;
  struct Item {
    int bound = 0;
    std::vector<std::size_t> picks;  // per unit: index into its options
    std::size_t last = 0;            // the unit picked last; it and later ones may still change
    friend bool operator<(const Item& a, const Item& b) {
      return std::pair(a.bound, a.picks) > std::pair(b.bound, b.picks);  // the cheapest on top
    }
  };

  void add_named(const std::vector<rules::Finding>& errors, const Work& work, std::set<std::size_t>& relevant) const {
    for (const auto& finding : errors)
      for (const auto& ref : finding.interfaces)
        for (std::size_t u = 0; u < context_.units.size(); ++u)
          if (has_remedy(finding.rule) && context_.units[u].holds(work, ref.name)) relevant.insert(u);
  }

  /// Cheapest first; octets that change come on top when addresses are known.
  std::vector<Option> options(std::size_t u, bool relevant) const {
    const auto& unit = context_.units[u];
    const auto& costs = context_.request.policy.costs;
    int move = 0;
    for (const auto& seat : unit.seats) move += move_cost(costs, seat.now());
    if (unit.single()) return {{0, Choice::Stay}};  // the host's own search decides
    if (unit.pinned_to) return {{move, Choice::Move}};
    std::vector<Option> all{{0, Choice::Stay}};
    if (relevant && unit.stuck.empty()) all.push_back({move, Choice::Move});
    if (relevant && unit.may_have_own_stack)
      all.push_back({static_cast<int>(unit.seats.size()) * costs.own_stack, Choice::OwnStack});
    std::sort(all.begin(), all.end());
    return all;
  }

  void search(const std::set<std::size_t>& relevant) {
    Options all;
    for (std::size_t u = 0; u < context_.units.size(); ++u) all.push_back(options(u, relevant.contains(u)));
    Item first;
    first.picks.resize(all.size(), 0);
    for (const auto& each : all) first.bound += each.front().cost;
    std::priority_queue<Item> queue;
    queue.push(first);
    for (std::size_t looked_at = 0; !queue.empty() && looked_at < kMostCombinations; ++looked_at) {
      const auto item = queue.top();
      queue.pop();
      if (best_ && item.bound > best_->cost() && !may_help(all)) return;
      look_at(item, all);
      push_dearer(item, all, queue);
    }
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

  void look_at(const Item& item, const Options& all) {
    std::vector<Choice> choices;
    for (std::size_t u = 0; u < all.size(); ++u) choices.push_back(all[u][item.picks[u]].choice);
    if (!seen_.insert(choices).second) return;
    auto layer = ledger_.layer();
    Combination combination(context_, choices, layer);
    for (const auto& [u, why] : combination.place_all())
      if (choices[u] == Choice::Move && !context_.units[u].pinned_to) return;  // as good as staying
    GroupResult result;
    for (std::size_t w = 0; w < context_.group.works.size(); ++w)
      result.hosts.push_back(solve(w, combination.given(w), layer));
    if (best_ && !result.better_than(*best_)) return;
    best_ = std::move(result);
    best_choices_ = std::move(choices);
  }

  /// Addresses of hosts searched apart may collide: they are given for good when the choices are carried out.
  const HostResult& solve(std::size_t w, const Decided& given, const Ledger& layer) {
    const auto [it, fresh] = known_.try_emplace(key_of(w, given));
    if (fresh) {
      auto own = layer.layer();
      it->second = search_host(context_, *context_.group.works[w], given, own);
    }
    return it->second;
  }

  const GroupContext& context_;
  const Ledger& ledger_;
  std::set<std::vector<Choice>> seen_;
  std::map<Key, HostResult> known_;
  std::optional<GroupResult> best_;
  std::vector<Choice> best_choices_;
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
