// The whole address space compared. The prefixes of both states cut it into regions in which every destination behaves
// alike; the two cuts are walked side by side.
//
//   before  vmk1 10.0.3.5/24, default by 10.0.3.254:  ...-10.0.2.255 {vmk1} by .254 | 10.0.3.0/24 {vmk1} | ...
//   now     vswif0 10.0.1.5/24, default by 10.0.1.1:  ...-10.0.0.255 {vswif0} by .1 | 10.0.1.0/24 {vswif0} | ...
//   changes for NFS: 0.0.0.0-10.0.0.255 other way | 10.0.1.0/24 becomes on-link | 10.0.2.0/24 other way | ...
#include "egress.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace esx2esxi::rules {

using model::Endpoint;
using model::Service;
using model::State;
using net::Ipv4Address;

Roster::Roster(const State& before, const State& now) {
  for (const auto& interface : before.interfaces) {
    before_ids_.emplace_back(interface.created, static_cast<Identity>(before_.size()));
    before_.push_back(&interface);
  }
  now_.resize(before_.size(), nullptr);
  for (const auto& interface : now.interfaces) {
    const auto same = std::find_if(before_.begin(), before_.end(), [&](const model::Interface* old) {
      return !interface.from.empty() && old->from == interface.from;
    });
    auto id = static_cast<std::size_t>(same - before_.begin());
    if (same == before_.end()) {  // the plan adds it
      id = now_.size();
      now_.push_back(nullptr);
    }
    now_[id] = &interface;
    now_ids_.emplace_back(interface.created, static_cast<Identity>(id));
  }
  for (std::size_t id = 0; id < now_.size(); ++id) refs_.push_back(ref(now_[id] ? *now_[id] : *before_[id]));
  std::sort(before_ids_.begin(), before_ids_.end());
  std::sort(now_ids_.begin(), now_ids_.end());
}

Identity Roster::find(const Ids& ids, net::InterfaceId created) {
  return std::lower_bound(ids.begin(), ids.end(), std::pair{created, Identity{0}})->second;
}

namespace {

using Translate = Identity (Roster::*)(net::InterfaceId) const;

/// Gives equal numbers to equal sets of interfaces and next hops. One interface and at most one next hop, as nearly
/// always, are a number by themselves.
class Sameness {
 public:
  std::uint64_t of(const std::vector<Identity>& who, const std::vector<Ipv4Address>& hops) {
    if (who.size() == 1 && hops.empty()) return std::uint64_t{who[0]} << 33;
    if (who.size() == 1 && hops.size() == 1) return std::uint64_t{who[0]} << 33 | kRouted | hops[0].bits();
    std::pair key(who, hops);
    std::sort(key.first.begin(), key.first.end());
    std::sort(key.second.begin(), key.second.end());
    return kSets | known_.emplace(std::move(key), known_.size()).first->second;
  }

 private:
  static constexpr std::uint64_t kRouted = std::uint64_t{1} << 32;
  static constexpr std::uint64_t kSets = std::uint64_t{1} << 63;
  std::map<std::pair<std::vector<Identity>, std::vector<Ipv4Address>>, std::uint64_t> known_;
};

Way way_of(const net::Egress& egress, const Roster& roster, Translate translate, Sameness& sameness) {
  Way way;
  way.who.reserve(egress.interfaces.size());
  for (const auto id : egress.interfaces) way.who.push_back((roster.*translate)(id));
  way.next_hop = egress.next_hop();
  way.sameness = sameness.of(way.who, egress.next_hops);
  return way;
}

/// One egress for those of several tables (a service that several stacks carry): all of them are possible. Ranks of
/// creation are unique in a state, so that they can be put together.
net::Egress united(const std::vector<net::Egress>& all) {
  net::Egress egress;
  for (const auto& each : all) {
    for (const auto id : each.interfaces) egress.interfaces.push_back(id);
    for (const auto hop : each.next_hops)
      if (std::find(egress.next_hops.begin(), egress.next_hops.end(), hop) == egress.next_hops.end())
        egress.next_hops.push_back(hop);
  }
  return egress;
}

/// A service whose traffic may leave the tables by gateways of its interfaces; none: the tables decide.
using Own = std::optional<Service>;

net::Egress past_the_table(const State& state, const std::string& stack, Own own, const net::Egress& egress) {
  return own ? model::egress_of(state, stack, *own, egress) : egress;
}

Pieces in_pieces(const State& state, const std::vector<std::string>& stacks, Own own, const Roster& roster,
                 Translate translate, Sameness& sameness) {
  Pieces out;
  if (stacks.size() == 1) {
    const auto table = model::table_of(state, stacks.front());
    out.ways.reserve(table.egresses().size());
    out.pieces.reserve(table.regions().size());
    for (const auto& egress : table.egresses())
      out.ways.push_back(way_of(past_the_table(state, stacks.front(), own, egress), roster, translate, sameness));
    for (const auto& region : table.regions())
      out.pieces.push_back({region.first.bits(), region.last.bits(), region.egress});
    return out;
  }
  std::vector<net::RouteTable> tables;
  for (const auto& stack : stacks) tables.push_back(model::table_of(state, stack));
  std::vector<std::size_t> at(tables.size(), 0);
  for (std::uint64_t first = 0; first <= 0xffffffffULL;) {
    auto last = 0xffffffffU;
    std::vector<net::Egress> all;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const auto& region = tables[i].regions()[at[i]];
      last = std::min(last, region.last.bits());
      all.push_back(past_the_table(state, stacks[i], own, tables[i].egress(region)));
    }
    out.pieces.push_back({static_cast<std::uint32_t>(first), last, static_cast<std::uint32_t>(out.ways.size())});
    out.ways.push_back(way_of(united(all), roster, translate, sameness));
    for (std::size_t i = 0; i < tables.size(); ++i)
      if (tables[i].regions()[at[i]].last.bits() == last) ++at[i];
    first = std::uint64_t{last} + 1;
  }
  return out;
}

/// Where the ways differ, adjoining regions with the same change joined; `examined` counts the regions.
std::vector<Difference> differences(const Pieces& before, const Pieces& now, std::size_t& examined) {
  std::vector<Difference> found;
  auto b = before.pieces.begin();
  auto n = now.pieces.begin();
  while (b != before.pieces.end() && n != now.pieces.end()) {
    ++examined;
    const auto first = std::max(b->first, n->first);
    const auto last = std::min(b->last, n->last);
    const auto& old = before.ways[b->way];
    const auto& way = now.ways[n->way];
    if (old.reachable() && old.sameness != way.sameness) {
      const bool joins = !found.empty() && found.back().last + 1 == first &&
                         found.back().before->sameness == old.sameness && found.back().now->sameness == way.sameness;
      if (joins)
        found.back().last = last;
      else
        found.push_back({first, last, &old, &way});
    }
    if (b->last == last) ++b;
    if (n->last == last) ++n;
  }
  return found;
}

/// Comparisons of one pair of stack sets serve every service that uses them.
class Comparer {
 public:
  Comparer(const Situation& s, const Roster& roster) : s_(s), roster_(roster) {}

  struct Compared {
    std::vector<Difference> differences;
    std::size_t examined = 0;
  };

  const Compared& compare(const std::vector<std::string>& before, const std::vector<std::string>& now, Own own) {
    const auto [it, fresh] = compared_.try_emplace(std::tuple{before, now, own});
    if (fresh) {
      const auto& old = pieces(before_, before, own, s_.host.before, &Roster::in_before);
      const auto& way = pieces(now_, now, own, s_.now, &Roster::in_now);
      it->second.differences = differences(old, way, it->second.examined);
    }
    return it->second;
  }

 private:
  using Cut = std::map<std::pair<std::vector<std::string>, Own>, Pieces>;
  const Pieces& pieces(Cut& cut, const std::vector<std::string>& stacks, Own own, const State& state,
                       Translate translate) {
    const auto it = cut.find({stacks, own});
    if (it != cut.end()) return it->second;
    return cut.emplace(std::pair{stacks, own}, in_pieces(state, stacks, own, roster_, translate, sameness_))
        .first->second;
  }

  const Situation& s_;
  const Roster& roster_;
  Sameness sameness_;
  Cut before_;
  Cut now_;
  std::map<std::tuple<std::vector<std::string>, std::vector<std::string>, Own>, Compared> compared_;
};

/// Volumes whose server no interface reaches are in use all the same.
bool carried(const State& state, Service service) {
  if (service == Service::Nfs && !state.nfs.empty()) return true;
  return std::any_of(state.interfaces.begin(), state.interfaces.end(),
                     [&](const model::Interface& i) { return i.enabled && i.services.has(service); });
}

/// On ESX the console carries management and nothing else; all other traffic is the VMkernel's.
std::vector<std::string> stacks_before(const Situation& s, Service service) {
  if (!s.host.classic()) return model::stacks_of(s.host.before, service);
  return {std::string(service == Service::Management ? model::kConsole : model::kVmkernel)};
}

std::vector<std::string> stacks_now(const Situation& s, Service service) {
  auto stacks = model::stacks_of(s.now, service);
  if (stacks.empty()) stacks.emplace_back(model::kDefaultStack);
  return stacks;
}

/// Overrides are the plan's, or were there before: the mapping brings none.
Own own_gateways(const Situation& s, Service service) {
  if (s.stage == Stage::Mapped || !model::kNameTheirInterface.has(service)) return std::nullopt;
  const auto overrides = [&](const State& state) {
    return std::any_of(state.interfaces.begin(), state.interfaces.end(), [&](const model::Interface& i) {
      return i.enabled && i.gateway_override && i.services.has(service);
    });
  };
  return overrides(s.now) || overrides(s.host.before) ? Own(service) : std::nullopt;
}

/// The service's endpoints, by address; the host's own addresses are no destinations.
std::vector<const Endpoint*> endpoints_for(const Situation& s, Service service) {
  std::vector<const Endpoint*> found;
  for (const auto& endpoint : s.endpoints)
    if (endpoint.service == service && !is_own(s.now, endpoint.address) && !is_own(s.host.before, endpoint.address))
      found.push_back(&endpoint);
  std::stable_sort(found.begin(), found.end(),
                   [](const Endpoint* a, const Endpoint* b) { return a->address < b->address; });
  return found;
}

EgressChange change_of(const Difference& d, Service service, const Roster& roster) {
  EgressChange change;
  change.service = service;
  change.region = *net::Ipv4Range::make(Ipv4Address::from_bits(d.first), Ipv4Address::from_bits(d.last));
  change.before.reserve(d.before->who.size());
  change.after.reserve(d.now->who.size());
  for (const auto id : d.before->who) change.before.push_back(roster.ref_of(id));
  for (const auto id : d.now->who) change.after.push_back(roster.ref_of(id));
  change.next_hop_before = d.before->next_hop;
  change.next_hop_after = d.now->next_hop;
  change.was_on_link = d.before->on_link();
  change.is_on_link = d.now->on_link();
  return change;
}

}  // namespace

EgressComparison compare_egress(const Situation& s) {
  const Roster roster(s.host.before, s.now);
  Comparer comparer(s, roster);
  EgressComparison out;
  for (std::size_t i = 0; i < model::kServiceNames.size(); ++i) {
    const auto service = static_cast<Service>(i);
    if (!carried(s.host.before, service)) continue;
    const auto& compared =
        comparer.compare(stacks_before(s, service), stacks_now(s, service), own_gateways(s, service));
    out.examined += compared.examined;
    if (compared.differences.empty()) continue;
    const Meaning meaning(s, roster, service);
    const auto endpoints = endpoints_for(s, service);
    out.changes.reserve(out.changes.size() + compared.differences.size());
    auto next = endpoints.begin();
    for (const auto& difference : compared.differences) {
      auto change = change_of(difference, service, roster);
      while (next != endpoints.end() && (*next)->address.bits() < difference.first) ++next;
      for (; next != endpoints.end() && (*next)->address.bits() <= difference.last; ++next)
        if (!meaning.says_nothing(difference, **next)) change.endpoints.push_back(*next);
      change.meant = meaning.is_meant(difference, !change.endpoints.empty());
      out.changes.push_back(std::move(change));
    }
  }
  return out;
}

}  // namespace esx2esxi::rules
