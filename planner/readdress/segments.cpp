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

/// An interface that the plan changes.
struct Mover {
  const Work* work;
  const Interface* now;
  const Act* act;
};

struct Key {
  Service service;
  Ipv4Prefix from;
  Choice choice;
  std::optional<Ipv4Prefix> to;  // of those that move
  friend auto operator<=>(const Key&, const Key&) = default;
};

class Teller {
 public:
  Teller(const GroupContext& context, const GroupResult& result) : context_(context), result_(result) {
    for (std::size_t w = 0; w < result.hosts.size(); ++w) {
      const auto& work = *context.group.works[w];
      const auto& decided = result.hosts[w].decided;
      for (const auto& move : decided.moves) add(work, move, Choice::Move, move.to.network);
      for (const auto& act : decided.own_stack) add(work, act, Choice::OwnStack, {});
      for (const auto& act : decided.merges) add(work, act, Choice::Merge, {});
      for (const auto& act : decided.bindings) add(work, act, Choice::Bind, {});
      for (const auto& act : decided.drops) changed_.emplace(&work, act.interface);
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
  void add(const Work& work, const Act& act, Choice choice, std::optional<Ipv4Prefix> to) {
    changed_.emplace(&work, act.interface);
    const auto& now = *work.base.interface(act.interface);
    const auto* unit = context_.unit_of(work, act.interface);
    const auto service = unit ? unit->service : dearest_service(context_.request.policy.costs, now);
    if (!service) return;  // no peers, no segment
    const auto from =
        now.range().value_or(*Ipv4Prefix::containing(now.address.value_or(net::Ipv4Address()), now.address ? 32 : 0));
    moved_[{*service, from, choice, to}].push_back({&work, &now, &act});
  }

  static int cost_of(const std::vector<Mover>& movers) {
    int sum = 0;
    for (const auto& mover : movers) sum += mover.act->cost;
    return sum;
  }

  /// One line for each other remedy, then one for each segment that could have moved instead.
  std::vector<std::string> rejected(const Key& key, const std::vector<Mover>& movers) const {
    const auto chosen = fmt::format("{} costs {}", name_of(key.choice), cost_of(movers));
    std::vector<std::string> out;
    for (const auto choice : {Choice::Stay, Choice::OwnStack, Choice::Move, Choice::Merge, Choice::Bind})
      if (choice != key.choice) out.push_back(other_way(choice, key, movers, chosen));
    out.push_back(not_dropped(movers));
    out.emplace_back("static route: it leads packets elsewhere, but parts no ranges and gives nobody another address");
    out.push_back(no_gateway_of_its_own());
    std::set<const Unit*> rivals;
    for (const auto& unit : context_.units)
      if (std::any_of(movers.begin(), movers.end(), [&](const Mover& mover) { return quarrels(unit, mover); }))
        rivals.insert(&unit);
    for (const auto& unit : context_.units)
      if (rivals.contains(&unit)) out.push_back(instead(unit, movers) + ", " + chosen);
    if (auto line = dropping_instead(movers); !line.empty()) out.push_back(line + ", " + chosen);
    return out;
  }

  static std::string_view name_of(Choice choice) {
    switch (choice) {
      case Choice::Stay: return "keeping it";
      case Choice::Move: return "re-addressing";
      case Choice::OwnStack: return "a stack of its own";
      case Choice::Merge: return "merging";
      case Choice::Bind: return "port binding";
    }
    return {};
  }

  std::string other_way(Choice choice, const Key& key, const std::vector<Mover>& movers,
                        const std::string& chosen) const {
    const auto& costs = context_.request.policy.costs;
    const auto each = [&](int cost) { return cost * static_cast<int>(movers.size()); };
    switch (choice) {
      case Choice::Stay: return "keep: " + left_if_kept(movers);
      case Choice::OwnStack: {
        const auto why = no_own_stack(key, movers);
        if (!why.empty()) return "own stack: " + why;
        return fmt::format("own stack vmotion: costs {}, {}", each(costs.own_stack), chosen);
      }
      case Choice::Move: return re_addressing(key, movers, chosen);
      case Choice::Merge: {
        const auto why = not_merged(movers);
        if (!why.empty()) return "merge services: " + why;
        return fmt::format("merge services: costs {}, {}", each(costs.merge_services), chosen);
      }
      case Choice::Bind: {
        const auto why = not_bound(movers);
        if (!why.empty()) return "port binding: " + why;
        return fmt::format("port binding: costs {}, {}", each(costs.port_binding), chosen);
      }
    }
    return {};
  }

  static std::string left_if_kept(const std::vector<Mover>& movers) {
    for (const auto& mover : movers)
      for (const auto& finding : mover.work->errors)
        if (names(finding, mover.now->name))
          return fmt::format("leaves {} on {} ({})", finding.rule, mover.work->host->name, finding.message);
    const auto& rule = movers.front().act->rule;
    return rule.empty() ? "the policy sends it elsewhere" : fmt::format("leaves {}", rule);
  }

  std::string no_own_stack(const Key& key, const std::vector<Mover>& movers) const {
    if (key.service != Service::VMotion) return fmt::format("ESXi has none that carries {}", to_string(key.service));
    if (!context_.request.target.has_vmotion_stack())
      return fmt::format("ESXi {} has none for vMotion", to_string(context_.request.target));
    for (const auto& mover : movers) {
      if (mover.now->services != model::Services{Service::VMotion})
        return fmt::format("{} of {} serves something else besides", mover.now->name, mover.work->host->name);
      if (const auto* unit = context_.unit_of(*mover.work, mover.now->name); unit && !unit->may_have_own_stack)
        return "a pin decides where it goes, or a member may not change";
    }
    return {};
  }

  std::string re_addressing(const Key& key, const std::vector<Mover>& movers, const std::string& chosen) const {
    for (const auto& mover : movers)
      if (const auto* unit = context_.unit_of(*mover.work, mover.now->name); unit && !unit->stuck.empty())
        return fmt::format("re-addressing {}: impossible, {}", key.from, unit->stuck);
    if (const auto* unit = context_.unit_of(*movers.front().work, movers.front().now->name))
      if (const auto why = no_place(*unit); !why.empty())
        return fmt::format("re-addressing {}: there is no place, {}", key.from, why);
    int sum = 0;
    for (const auto& mover : movers) sum += move_cost(context_.request.policy.costs, *mover.now);
    return fmt::format("re-addressing {}: costs at least {}, {}", key.from, sum, chosen);
  }

  static std::string not_merged(const std::vector<Mover>& movers) {
    for (const auto& mover : movers)
      if (merge_targets(*mover.work, mover.now->name).empty())
        return fmt::format("no interface of {} can take over what {} serves: none in its subnet and VLAN is free to",
                           mover.work->host->name, mover.now->name);
    return {};
  }

  static std::string not_bound(const std::vector<Mover>& movers) {
    for (const auto& mover : movers) {
      if (mover.now->services != model::Services{Service::Iscsi}) return "only iSCSI interfaces can be bound";
      if (!mover.now->bound_to.empty())
        return fmt::format("{} of {} is bound already", mover.now->name, mover.work->host->name);
      if (binding_uplink(*mover.work, mover.now->name).empty())
        return fmt::format("it would not be legal for {} of {}", mover.now->name, mover.work->host->name);
    }
    return {};
  }

  static std::string not_dropped(const std::vector<Mover>& movers) {
    for (const auto& mover : movers)
      if (!may_be_dropped(*mover.work, mover.now->name))
        return fmt::format("drop: {} of {} is in use", mover.now->name, mover.work->host->name);
    return "drop: its peers need it";
  }

  std::string no_gateway_of_its_own() const {
    const auto target = to_string(context_.request.target);
    return context_.request.target.has_gateway_override()
               ? std::string("gateway of its own: leaves the ranges as they are, in one table")
               : fmt::format("gateway of its own: ESXi {} has none for an interface", target);
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

  std::string instead(const Unit& unit, const std::vector<Mover>& movers) const {
    const auto what = fmt::format("{} out of {} instead", to_string(unit.service), unit.from);
    if (!unit.stuck.empty()) return fmt::format("{}: impossible, {}", what, unit.stuck);
    const auto no_room = no_place(unit);
    int sum = 0;
    for (const auto& seat : unit.seats) {
      sum += move_cost(context_.request.policy.costs, seat.now());
      if (changed_.contains({seat.work, seat.interface}))
        return fmt::format("{}: {} of {} is changed as well, {}", what, seat.interface, seat.work->host->name,
                           no_room.empty() ? "and that alone is not enough" : "alone there is no place: " + no_room);
    }
    if (!no_room.empty()) return fmt::format("{}: there is no place, {}", what, no_room);
    const auto costs = fmt::format("{}: costs at least {}", what, sum);
    return sum < cost_of(movers) ? costs + ", but " + left_by(unit, movers) : costs;
  }

  /// What a cheaper rival would leave.
  static std::string left_by(const Unit& unit, const std::vector<Mover>& movers) {
    for (const auto& mover : movers) {
      if (quarrels(unit, mover)) continue;
      for (const auto& finding : mover.work->errors)
        if (names(finding, mover.now->name))
          return fmt::format("leaves {} on {}", finding.rule, mover.work->host->name);
    }
    return "not without leaving an error or a dearer remedy besides";
  }

  /// The first interface in conflict with a mover that could have gone, with what would be left then.
  std::string dropping_instead(const std::vector<Mover>& movers) const {
    const int cost = context_.request.policy.costs.drop_interface;
    for (const auto& mover : movers)
      for (const auto& finding : mover.work->errors) {
        if (!names(finding, mover.now->name)) continue;
        for (const auto& ref : finding.interfaces) {
          if (ref.name == mover.now->name || !may_be_dropped(*mover.work, ref.name)) continue;
          if (changed_.contains({mover.work, ref.name})) continue;
          const auto left = make_draft(context_.request, *mover.work, {{}, {}, {{ref.name, cost, "", ""}}, {}, {}});
          if (left.errors.empty()) continue;
          return fmt::format("dropping {} of {} instead: costs {}, but leaves {}", ref.name, mover.work->host->name,
                             cost, left.errors.front().rule);
        }
      }
    return {};
  }

  /// Why a move that was looked at was none; empty: it was not tried, or there was a place.
  std::string no_place(const Unit& unit) const {
    if (!unit.single()) return result_.in_vain[static_cast<std::size_t>(&unit - context_.units.data())];
    const auto start = unit.seats.front().interface + " cannot move: ";
    for (std::size_t w = 0; w < result_.hosts.size(); ++w)
      if (context_.group.works[w] == unit.seats.front().work)
        for (const auto& obstacle : result_.hosts[w].obstacles)
          if (obstacle.starts_with(start)) return obstacle.substr(start.size());
    return {};
  }

  const GroupContext& context_;
  const GroupResult& result_;
  std::set<std::pair<const Work*, std::string>> changed_;
  std::map<Key, std::vector<Mover>> moved_;
};

}  // namespace

std::vector<Segment> segments_of(const GroupContext& context, const GroupResult& result) {
  return Teller(context, result).segments();
}

}  // namespace esx2esxi::readdress
