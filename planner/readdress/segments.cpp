#include "segments.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

using model::Interface;
using model::Service;
using net::Ipv4Prefix;

namespace {

/// An interface that the plan moves.
struct Mover {
  const Work* work;
  const Interface* now;
  const Act* act;
  const Assignment* to;  // null: to a stack of its own
};

struct Key {
  Service service;
  Ipv4Prefix from;
  std::optional<Ipv4Prefix> to;
  friend auto operator<=>(const Key&, const Key&) = default;
};

class Teller {
 public:
  Teller(const GroupContext& context, const GroupResult& result) : context_(context) {
    for (std::size_t w = 0; w < result.hosts.size(); ++w) {
      const auto& work = *context.group.works[w];
      for (const auto& move : result.hosts[w].decided.moves) add(work, move, &move.to);
      for (const auto& act : result.hosts[w].decided.own_stack) add(work, act, nullptr);
    }
  }

  std::vector<Segment> segments() const {
    std::vector<Segment> out;
    for (const auto& [key, movers] : moved_) {
      Segment segment;
      segment.cluster = context_.group.label;
      segment.service = key.service;
      segment.from = key.from;
      segment.to = key.to;
      for (const auto& mover : movers)
        segment.members.push_back({mover.work->host->name, mover.now->name, mover.now->from});
      segment.why = movers.front().act->why;
      segment.rejected = rejected(key, movers);
      out.push_back(std::move(segment));
    }
    return out;
  }

 private:
  void add(const Work& work, const Act& act, const Assignment* to) {
    const auto& now = *work.base.interface(act.interface);
    const auto service = dearest_service(context_.request.policy.costs, now);
    if (!service) return;  // no peers, no segment
    const auto from =
        now.range().value_or(*Ipv4Prefix::containing(now.address.value_or(net::Ipv4Address()), now.address ? 32 : 0));
    moved_[{*service, from, to ? std::optional(to->network) : std::nullopt}].push_back({&work, &now, &act, to});
  }

  static int cost_of(const std::vector<Mover>& movers) {
    int sum = 0;
    for (const auto& mover : movers) sum += mover.act->cost;
    return sum;
  }

  std::vector<std::string> rejected(const Key& key, const std::vector<Mover>& movers) const {
    const auto chosen = fmt::format("{} costs {}", key.to ? "re-addressing" : "a stack of its own", cost_of(movers));
    std::vector<std::string> out;
    if (key.service == Service::VMotion) out.push_back(other_way(key, movers) + ", " + chosen);
    std::set<const Unit*> rivals;
    for (const auto& unit : context_.units)
      if (std::any_of(movers.begin(), movers.end(), [&](const Mover& mover) { return quarrels(unit, mover); }))
        rivals.insert(&unit);
    for (const auto& unit : context_.units)
      if (rivals.contains(&unit)) out.push_back(instead(unit) + ", " + chosen);
    return out;
  }

  std::string other_way(const Key& key, const std::vector<Mover>& movers) const {
    const auto& costs = context_.request.policy.costs;
    if (!key.to) {
      int sum = 0;
      for (const auto& mover : movers) sum += move_cost(costs, *mover.now);
      return fmt::format("re-addressing {}: costs at least {}", key.from, sum);
    }
    if (!context_.request.target.has_vmotion_stack())
      return fmt::format("own stack vmotion: ESXi {} has none", to_string(context_.request.target));
    return fmt::format("own stack vmotion: costs {}", costs.own_stack * static_cast<int>(movers.size()));
  }

  /// An error names both: one of the two had to go.
  static bool quarrels(const Unit& unit, const Mover& mover) {
    if (unit.holds(*mover.work, mover.now->name)) return false;
    for (const auto& finding : mover.work->errors) {
      if (finding.rule != "same-subnet" && finding.rule != "overlapping-masks" && finding.rule != "gateway-ambiguous")
        continue;
      if (!names(finding, mover.now->name)) continue;
      for (const auto& seat : unit.seats)
        if (seat.work == mover.work && names(finding, seat.interface)) return true;
    }
    return false;
  }

  std::string instead(const Unit& unit) const {
    const auto what = fmt::format("{} out of {} instead", to_string(unit.service), unit.from);
    if (!unit.stuck.empty()) return fmt::format("{}: impossible, {}", what, unit.stuck);
    int sum = 0;
    for (const auto& seat : unit.seats) sum += move_cost(context_.request.policy.costs, seat.now());
    return fmt::format("{}: costs at least {}", what, sum);
  }

  const GroupContext& context_;
  std::map<Key, std::vector<Mover>> moved_;
};

}  // namespace

std::vector<Segment> segments_of(const GroupContext& context, const GroupResult& result) {
  return Teller(context, result).segments();
}

}  // namespace esx2esxi::readdress
