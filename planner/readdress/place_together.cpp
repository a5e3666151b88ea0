// Several movers at once: which network each gets, so that the whole is best.
#include <algorithm>

#include <fmt/format.h>

#include "candidates.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

namespace {

constexpr unsigned kMostWays = 256;  // placements tried for one set of movers

/// How good a way to place the movers is; smaller is better.
struct Score {
  std::size_t refused = 0;
  std::size_t unconfirmed = 0;
  std::size_t former_lost = 0;
  std::size_t other_purpose = 0;
  std::size_t octets = 0;
  friend auto operator<=>(const Score&, const Score&) = default;
};

Score operator+(Score a, const Score& b) {
  a.refused += b.refused;
  a.unconfirmed += b.unconfirmed;
  a.former_lost += b.former_lost;
  a.other_purpose += b.other_purpose;
  a.octets += b.octets;
  return a;
}

Score score_of(const Placement& placement, const Wish& wish, bool other_purpose) {
  Score score;
  score.unconfirmed = placement.to_be_confirmed ? 1 : 0;
  score.other_purpose = other_purpose ? 1 : 0;
  for (std::size_t i = 0; i < wish.demands.size(); ++i) {
    const auto& demand = wish.demands[i];
    score.former_lost += demand.former && *demand.former != placement.addresses[i] ? 1 : 0;
    score.octets += keeps_octet(demand.current, placement.addresses[i]) ? 0 : 1;
  }
  return score;
}

/// Depth first over movers and candidates; the first way without a flaw ends it.
class Placer {
 public:
  Placer(std::size_t movers, const WishOf& wish_of, const model::Pools& pools)
      : movers_(movers), wish_of_(wish_of), pools_(pools) {}

  Together run(Ledger& ledger) {
    auto root = ledger.layer();
    path_ = {&root};
    place(0, {});
    if (best_ledger_) ledger.absorb(*best_ledger_);
    best_.exact = !out_of_ways_;
    return std::move(best_);
  }

 private:
  static bool pinned(const Wish& wish) {
    return std::any_of(wish.demands.begin(), wish.demands.end(), [](const Demand& d) { return d.pinned.has_value(); });
  }

  bool done() const { return (found_ && best_score_ == Score{}) || out_of_ways_; }

  void place(std::size_t n, const Score& score) {
    if (done() || (found_ && best_score_ <= score)) return;
    if (n == movers_) return keep(score);
    const auto wish = wish_of_(n, now_.placements);
    std::vector<std::string> refused;
    bool placed = false;
    const auto all = candidates(wish, pools_, refused);
    const bool choosy = !wish.only && !all.empty() && all.front().exact;  // a pool for any purpose is second best
    for (const auto& candidate : all) {
      const bool other = choosy && !candidate.exact;
      auto layer = path_.back()->layer();
      auto placement = place_in(candidate, wish, layer);
      if (!placement) {
        refused.push_back(placement.error());
        continue;
      }
      placed = true;
      const auto now = score + score_of(*placement, wish, other);  // before the placement is moved away
      go_on(n, now, std::move(*placement), layer);
      if (done()) return;
    }
    if (!placed) place_elsewhere(n, score, wish, std::move(refused));
  }

  /// Pools that are too small or in use are the network team's to mend: nothing is made up in their place.
  void place_elsewhere(std::size_t n, const Score& score, const Wish& wish, std::vector<std::string> refused) {
    const bool private_space = !wish.only && !wish.storage && !wish.needs_gateway && wish.beside.empty() &&
                               !pinned(wish) && !has_pool_rows(wish, pools_);
    if (private_space) {
      auto layer = path_.back()->layer();
      if (auto placement = place_in_private_space(wish, layer)) {
        const auto now = score + score_of(*placement, wish, false);
        return go_on(n, now, std::move(*placement), layer);
      }
      refused.emplace_back("private address space is used up");
    }
    if (refused.empty())
      refused.push_back(wish.only ? fmt::format("no pool offers {}", *wish.only) : std::string("no pool fits"));
    if (wish.needs_gateway) refused.emplace_back("it needs a routed network");
    now_.placements.emplace_back();
    now_.refused.push_back(join(refused, ", "));
    Score worse = score;
    ++worse.refused;
    place(n + 1, worse);
    now_.placements.pop_back();
    now_.refused.pop_back();
  }

  void go_on(std::size_t n, const Score& score, Placement placement, const Ledger& layer) {
    if (++ways_ > kMostWays && found_) {
      out_of_ways_ = true;
      return;
    }
    now_.placements.push_back(std::move(placement));
    now_.refused.emplace_back();
    path_.push_back(&layer);
    place(n + 1, score);
    path_.pop_back();
    now_.placements.pop_back();
    now_.refused.pop_back();
  }

  void keep(const Score& score) {
    found_ = true;
    best_score_ = score;
    best_ = now_;
    best_ledger_ = path_.front()->layer();
    for (const auto* layer : path_) best_ledger_->absorb(*layer);
  }

  std::size_t movers_;
  const WishOf& wish_of_;
  const model::Pools& pools_;
  std::vector<const Ledger*> path_;
  Together now_;
  Together best_;
  Score best_score_;
  bool found_ = false;
  bool out_of_ways_ = false;
  unsigned ways_ = 0;
  std::optional<Ledger> best_ledger_;
};

}  // namespace

Together place_together(std::size_t movers, const WishOf& wish_of, const model::Pools& pools, Ledger& ledger) {
  return Placer(movers, wish_of, pools).run(ledger);
}

}  // namespace esx2esxi::readdress
