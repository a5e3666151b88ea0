#include "candidates.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using model::Pool;
using net::Ipv4Address;
using net::Ipv4Prefix;

bool keeps_octet(std::optional<Ipv4Address> old, Ipv4Address now) {
  return !old || (old->bits() & 255U) == (now.bits() & 255U);
}

namespace {

constexpr unsigned kPrivateLength = 24;
constexpr std::uint64_t kMostCounted = 1U << 16;  // addresses counted for a message or a reserve

/// The addresses of a candidate that may be given.
class Addresses {
 public:
  Addresses(const Candidate& candidate, const Ledger& ledger) : candidate_(candidate), ledger_(ledger) {
    for (const auto* row : candidate.rows) ranges_.push_back(*net::Ipv4Range::make(row->first, row->last));
    if (candidate.rows.empty()) ranges_.push_back(inner(candidate.network));
  }

  bool allows(Ipv4Address address) const {
    if (address == candidate_.network.network() || address == candidate_.network.broadcast()) return false;
    if (!candidate_.network.contains(address)) return false;
    if (candidate_.rows.empty()) return true;
    return std::any_of(candidate_.rows.begin(), candidate_.rows.end(), [&](const Pool* row) {
      const bool excluded = std::any_of(row->exclude.begin(), row->exclude.end(),
                                        [&](const net::Ipv4Range& range) { return range.contains(address); });
      return row->first <= address && address <= row->last && !excluded && row->gateway != address;
    });
  }

  bool is_free(Ipv4Address address) const { return allows(address) && ledger_.is_free(address); }
  /// An address that an earlier plan gave is free for whom it gave it to.
  bool is_free_for(const Demand& demand, Ipv4Address address) const {
    return is_free(address) || (demand.former == address && allows(address) && ledger_.is_free_for_former(address));
  }

  std::optional<Ipv4Address> with_octet_of(Ipv4Address model) const {
    const auto octet = model.bits() & 255U;
    for (const auto& range : ranges_) {
      std::uint64_t bits = (range.first().bits() & ~255U) | octet;
      if (bits < range.first().bits()) bits += 256;
      for (; bits <= range.last().bits(); bits += 256)
        if (const auto a = Ipv4Address::from_bits(static_cast<std::uint32_t>(bits)); is_free(a)) return a;
    }
    return std::nullopt;
  }

  /// Free ones and all that may be given; at most `limit` are looked at.
  std::pair<std::uint64_t, std::uint64_t> count(std::uint64_t limit, const Wish& wish) const {
    std::set<Ipv4Address> former;
    for (const auto& demand : wish.demands)
      if (demand.former && is_free_for(demand, *demand.former)) former.insert(*demand.former);
    std::set<Ipv4Address> all;
    std::uint64_t free = 0;
    for (const auto& range : ranges_)
      for (std::uint64_t bits = range.first().bits(); bits <= range.last().bits() && all.size() < limit; ++bits)
        if (const auto a = Ipv4Address::from_bits(static_cast<std::uint32_t>(bits)); allows(a) && all.insert(a).second)
          free += ledger_.is_free(a) || former.contains(a) ? 1 : 0;
    return {free, all.size()};
  }

  std::optional<Ipv4Address> lowest() const {
    std::optional<Ipv4Address> best;
    for (const auto& range : ranges_)
      for (std::uint64_t bits = range.first().bits(); bits <= range.last().bits(); ++bits) {
        const auto a = Ipv4Address::from_bits(static_cast<std::uint32_t>(bits));
        if (best && *best <= a) break;
        if (!is_free(a)) continue;
        best = a;
        break;
      }
    return best;
  }

 private:
  /// The outermost addresses are where routers live by habit: of a network that no pool describes they are not chosen.
  static net::Ipv4Range inner(Ipv4Prefix network) {
    const auto spare = network.length() <= 28 ? 2U : 1U;
    return *net::Ipv4Range::make(Ipv4Address::from_bits(network.network().bits() + spare),
                                 Ipv4Address::from_bits(network.broadcast().bits() - spare));
  }

  const Candidate& candidate_;
  const Ledger& ledger_;
  std::vector<net::Ipv4Range> ranges_;
};

using Given = std::vector<std::optional<Ipv4Address>>;

/// Gives each demand an address; in rounds, so that a demand without wishes takes no address that another would keep.
/// What cannot be done is said in `why`.
class Round {
 public:
  Round(const Candidate& candidate, const Wish& wish, Ledger& ledger)
      : candidate_(candidate), wish_(wish), ledger_(ledger), given_(wish.demands.size()) {}

  bool pins() {
    return each([&](const Demand& d, const Addresses& addresses) -> std::optional<Ipv4Address> {
             if (!d.pinned) return std::nullopt;
             if (addresses.allows(*d.pinned) && ledger_.is_free_for_pin(*d.pinned)) return d.pinned;
             why = fmt::format("{} is pinned, but {}", *d.pinned,
                               addresses.allows(*d.pinned) ? std::string("in use already")
                                                           : fmt::format("{} does not offer it", candidate_.network));
             return std::nullopt;
           }) &&
           why.empty();
  }
  void former() {
    each([](const Demand& d, const Addresses& addresses) -> std::optional<Ipv4Address> {
      return d.former && !d.pinned && addresses.is_free_for(d, *d.former) ? d.former : std::nullopt;
    });
  }
  void octets() {
    each([&](const Demand& d, const Addresses& addresses) -> std::optional<Ipv4Address> {
      if (!d.current || d.pinned) return std::nullopt;
      const bool keeps =
          d.may_keep && ledger_.seen().belongs_to_one_interface(*d.current) && addresses.allows(*d.current);
      return keeps ? d.current : addresses.with_octet_of(*d.current);
    });
    each([](const Demand& d, const Addresses& addresses) {
      return d.management && !d.pinned ? addresses.with_octet_of(*d.management) : std::nullopt;
    });
  }
  bool rest() {
    return each([](const Demand&, const Addresses& addresses) { return addresses.lowest(); });
  }

  /// Fewer than `reserve` addresses are left.
  bool short_of(std::size_t reserve) const {
    return reserve > 0 && Addresses(candidate_, ledger_).count(kMostCounted, wish_).first < reserve;
  }

  std::vector<Ipv4Address> addresses() const {
    std::vector<Ipv4Address> out;
    for (const auto& address : given_) out.push_back(*address);
    return out;
  }

  std::string why;

 private:
  /// True if every demand has an address afterwards.
  template <class Choose>
  bool each(Choose choose) {
    const Addresses addresses(candidate_, ledger_);
    bool all = true;
    for (std::size_t i = 0; i < given_.size(); ++i) {
      if (!given_[i]) given_[i] = choose(wish_.demands[i], addresses);
      if (given_[i])
        ledger_.give(*given_[i]);
      else
        all = false;
    }
    return all;
  }

  const Candidate& candidate_;
  const Wish& wish_;
  Ledger& ledger_;
  Given given_;
};

/// "10.0.9.0/24 (pools.csv:3, pools.csv:4)"
std::string named(Ipv4Prefix network, const std::vector<const Pool*>& rows) {
  std::vector<std::string> lines;
  for (const auto* row : rows)
    if (row->at.known()) lines.push_back(to_string(row->at));
  return lines.empty() ? to_string(network) : fmt::format("{} ({})", network, join(lines, ", "));
}
std::string named(const Candidate& candidate) { return named(candidate.network, candidate.rows); }

/// "10.0.9.0/24 (pools.csv:3) has 4 free addresses of 10, 6 are needed and 2 kept for growth"
std::string too_small(const Candidate& candidate, const Wish& wish, const Ledger& ledger) {
  const auto [free, all] = Addresses(candidate, ledger).count(kMostCounted, wish);
  auto text = fmt::format("{} has {} free address{} of {}, {} {} needed", named(candidate), free, free == 1 ? "" : "es",
                          all, wish.demands.size(), wish.demands.size() == 1 ? "is" : "are");
  if (wish.reserve > 0) text += fmt::format(" and {} kept for growth", wish.reserve);
  return text;
}

}  // namespace

tl::expected<Placement, std::string> place_in(const Candidate& candidate, const Wish& wish, Ledger& ledger) {
  auto layer = ledger.layer();
  Round round(candidate, wish, layer);
  round.pins();
  if (!round.why.empty()) return tl::unexpected(round.why);
  round.former();
  round.octets();
  if (!round.rest() || round.short_of(wish.reserve)) return tl::unexpected(too_small(candidate, wish, ledger));
  ledger.absorb(layer);
  Placement placement;
  placement.network = candidate.network;
  placement.addresses = round.addresses();
  placement.to_be_confirmed = candidate.rows.empty();
  if (!candidate.rows.empty()) {
    placement.vlan = candidate.rows.front()->vlan;
    placement.gateway = candidate.rows.front()->gateway;
  }
  return placement;
}

namespace {

bool fits(const Pool& pool, const Wish& wish) {
  const bool cluster = equals_ignoring_case(pool.cluster, wish.cluster);
  const bool any = pool.purpose.empty() || equals_ignoring_case(pool.purpose, "any");
  const bool purpose = any || (wish.service && equals_ignoring_case(pool.purpose, to_string(*wish.service)));
  return cluster && (purpose || (wish.decided && wish.only == pool.network));
}

/// Why a pool's network will not do; empty: it will.
std::string obstacle(Ipv4Prefix network, bool routed, const Wish& wish) {
  if (wish.only) return network == *wish.only ? "" : "another network";
  if (wish.leaves == network) return "they are in it now";
  for (const auto taken : wish.avoid)
    if (taken.overlaps(network)) return fmt::format("it overlaps {}, which stays or is given to others", taken);
  const auto holds = [&](Ipv4Address a) { return network.contains(a); };
  if (!wish.beside.empty() && std::none_of(wish.beside.begin(), wish.beside.end(), holds)) return "no target is in it";
  if (wish.needs_gateway && !routed) return "it has no gateway";
  return {};
}

}  // namespace

std::vector<Candidate> candidates(const Wish& wish, const model::Pools& pools, std::vector<std::string>& refused) {
  std::vector<Candidate> found;
  for (const auto& pool : pools) {
    if (!fits(pool, wish)) continue;
    if (const auto why = obstacle(pool.network, pool.gateway.has_value(), wish); !why.empty()) {
      if (!wish.only) refused.push_back(fmt::format("pool {}: {}", named(pool.network, {&pool}), why));
      continue;
    }
    auto it = std::find_if(found.begin(), found.end(), [&](const Candidate& c) { return c.network == pool.network; });
    if (it == found.end()) it = found.insert(found.end(), Candidate{pool.network, {}, false});
    it->rows.push_back(&pool);
    it->exact = it->exact || (wish.service && equals_ignoring_case(pool.purpose, to_string(*wish.service)));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& a, const Candidate& b) { return a.exact > b.exact; });
  if (wish.only && wish.home) found.push_back({*wish.only, {}, false});
  return found;
}

bool has_pool_rows(const Wish& wish, const model::Pools& pools) {
  return std::any_of(pools.begin(), pools.end(), [&](const Pool& pool) { return fits(pool, wish); });
}

tl::expected<Placement, std::string> place_in_private_space(const Wish& wish, Ledger& ledger) {
  unsigned length = kPrivateLength;
  while (length > 8 && (std::uint64_t{1} << (32 - length)) < wish.demands.size() + 4) --length;
  for (unsigned n = 1; n <= 64; ++n) {
    const auto network = ledger.private_network(fmt::format("{} {}/{}", wish.key, n, length), length);
    if (!network) break;
    if (auto placement = place_in({*network, {}, false}, wish, ledger)) return placement;
  }
  return tl::unexpected(std::string("private address space is used up"));
}

std::size_t fitting_pools(const Wish& wish, const model::Pools& pools) {
  std::vector<std::string> refused;
  return candidates(wish, pools, refused).size();
}

}  // namespace esx2esxi::readdress
