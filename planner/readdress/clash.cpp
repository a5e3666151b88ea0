#include "clash.hpp"

#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::readdress {

namespace {

constexpr std::size_t kMostPaired = 6;  // with more constraints than these pairs are not tried one by one
constexpr std::size_t kMostConstraints = 24;

/// What may be left out to see whether there is an answer then.
struct Constraint {
  std::string text;
  std::function<void(model::Policy&, model::Pools&, bool& storage_may_move)> drop;
};

std::string at(const Origin& origin) { return origin.known() ? to_string(origin) + ": " : std::string(); }

/// The group alone.
struct Part {
  model::Estate estate;
  std::vector<transform::Mapping> mappings;
  std::vector<std::vector<model::Endpoint>> endpoints;
};

class Clash {
 public:
  Clash(const Request& request, const std::vector<std::size_t>& hosts) : request_(request) {
    for (const auto i : hosts) {
      part_.estate.hosts.push_back(request.estate.hosts[i]);
      part_.mappings.push_back(request.mappings[i]);
      part_.endpoints.push_back(request.endpoints[i]);
    }
    collect();
  }

  std::vector<std::string> find() {
    const auto n = constraints_.size();
    if (n == 0 || n > kMostConstraints) return {};
    std::vector<std::size_t> all(n);
    std::iota(all.begin(), all.end(), 0);
    if (has_answer(all) || !has_answer({})) return {};
    for (std::size_t a = 0; a < n; ++a)
      if (!has_answer({a})) return texts({a});
    if (n <= kMostPaired)
      for (std::size_t a = 0; a < n; ++a)
        for (std::size_t b = a + 1; b < n; ++b)
          if (!has_answer({a, b})) return texts({a, b});
    return texts(irreducible(all));
  }

 private:
  bool ours(const std::string& host) const {
    return std::any_of(part_.estate.hosts.begin(), part_.estate.hosts.end(),
                       [&](const model::Host& h) { return model::names_host(host, h.name, h.fqdn); });
  }
  std::string label() const {
    const auto& first = part_.estate.hosts.front();
    return first.cluster.empty() ? first.name : first.cluster;
  }

  template <class Pin>
  void add_pins(std::vector<Pin> model::Policy::*list, std::string (*text)(const Pin&),
                bool (Clash::*meant)(const Pin&) const) {
    const auto& pins = request_.policy.*list;
    for (std::size_t i = 0; i < pins.size(); ++i) {
      if (!(this->*meant)(pins[i])) continue;
      // Dropped pins keep their place, so that indices hold: one that names nobody says nothing.
      constraints_.push_back({at(pins[i].at) + text(pins[i]),
                              [list, i](model::Policy& policy, model::Pools&, bool&) { mute((policy.*list)[i]); }});
    }
  }
  static void mute(model::SegmentPin& pin) { pin.cluster = "\n"; }
  template <class Pin>
  static void mute(Pin& pin) {
    pin.host = "\n";
  }
  bool of_segment(const model::SegmentPin& pin) const { return equals_ignoring_case(pin.cluster, label()); }
  template <class Pin>
  bool of_host(const Pin& pin) const {
    return ours(pin.host);
  }

  void collect() {
    add_pins<model::SegmentPin>(
        &model::Policy::segment_pins,
        [](const model::SegmentPin& p) {
          return fmt::format("{} of {} goes to {} ({})", to_string(p.service), p.cluster, p.network, p.reason);
        },
        &Clash::of_segment);
    add_pins<model::InterfacePin>(
        &model::Policy::interface_pins,
        [](const model::InterfacePin& p) {
          return fmt::format("{} of {} gets {} ({})", p.name, p.host, p.address, p.reason);
        },
        &Clash::of_host<model::InterfacePin>);
    add_pins<model::KeepPin>(
        &model::Policy::keep_pins,
        [](const model::KeepPin& p) {
          return fmt::format("{} stays as it is ({})", p.name.empty() ? p.host : p.name + " of " + p.host, p.reason);
        },
        &Clash::of_host<model::KeepPin>);
    add_pins<model::DropPin>(
        &model::Policy::drop_pins,
        [](const model::DropPin& p) { return fmt::format("{} of {} is dropped ({})", p.name, p.host, p.reason); },
        &Clash::of_host<model::DropPin>);
    add_pins<model::StackPin>(
        &model::Policy::stack_pins,
        [](const model::StackPin& p) {
          return fmt::format("{} of {} goes into stack {} ({})", p.name, p.host, p.stack, p.reason);
        },
        &Clash::of_host<model::StackPin>);
    add_pins<model::GatewayPin>(
        &model::Policy::gateway_pins,
        [](const model::GatewayPin& p) {
          return fmt::format("{} of {} gets the gateway {} ({})", p.name, p.host, p.address, p.reason);
        },
        &Clash::of_host<model::GatewayPin>);
    add_pools();
    constraints_.push_back({"storage interfaces stay in the subnet of their array",
                            [](model::Policy&, model::Pools&, bool& storage_may_move) { storage_may_move = true; }});
  }

  /// Left out: a network as large as anybody could want, which no real one overlaps (240/4 is nobody's).
  void add_pools() {
    const auto& first = part_.estate.hosts.front();
    std::vector<std::string> offered;
    for (const auto& pool : request_.pools)
      if (equals_ignoring_case(pool.cluster, first.cluster))
        offered.push_back(fmt::format("{} {}-{}{}", pool.purpose.empty() ? "any:" : pool.purpose + ":", pool.first,
                                      pool.last, pool.gateway ? "" : ", not routed"));
    auto text = offered.empty() ? fmt::format("the pools offer nothing for {}", label())
                                : fmt::format("the pools of {} offer no more than {}", label(), join(offered, "; "));
    if (request_.policy.growth_reserve > 0)
      text += fmt::format(", with {} kept for growth", request_.policy.growth_reserve);
    constraints_.push_back({std::move(text), [cluster = first.cluster](model::Policy&, model::Pools& pools, bool&) {
                              for (unsigned n = 0; n < 8; ++n) {
                                const auto bits = 240U << 24 | n << 16;
                                model::Pool pool;
                                pool.network = *net::Ipv4Prefix::containing(net::Ipv4Address::from_bits(bits), 16);
                                pool.gateway = net::Ipv4Address::from_bits(bits + 1);
                                pool.cluster = cluster;
                                pool.first = net::Ipv4Address::from_bits(bits + 2);
                                pool.last = net::Ipv4Address::from_bits(bits + 0xfffe);
                                pools.push_back(std::move(pool));
                              }
                            }});
  }

  /// With these constraints and no others.
  bool has_answer(const std::vector<std::size_t>& kept) const {
    auto policy = request_.policy;
    auto pools = request_.pools;
    bool storage_may_move = false;
    for (std::size_t c = 0; c < constraints_.size(); ++c)
      if (std::find(kept.begin(), kept.end(), c) == kept.end()) constraints_[c].drop(policy, pools, storage_may_move);
    Request question{part_.estate,       part_.mappings,  part_.endpoints, policy,         pools,
                     request_.catalogue, request_.target, request_.path,   request_.today, 1};
    question.storage_may_move = storage_may_move;
    question.vmotion_stays = request_.vmotion_stays;
    question.is_a_question = true;
    const auto answer = propose(question);
    return std::none_of(answer.hosts.begin(), answer.hosts.end(), [](const HostProposal& h) { return h.unsolved; });
  }

  std::vector<std::size_t> irreducible(std::vector<std::size_t> kept) const {
    for (std::size_t c = 0; c < constraints_.size(); ++c) {
      auto without = kept;
      std::erase(without, c);
      if (without.size() != kept.size() && !has_answer(without)) kept = std::move(without);
    }
    return kept;
  }

  std::vector<std::string> texts(const std::vector<std::size_t>& kept) const {
    std::vector<std::string> out;
    for (const auto c : kept) out.push_back(constraints_[c].text);
    return out;
  }

  const Request& request_;
  Part part_;
  std::vector<Constraint> constraints_;
};

}  // namespace

std::vector<std::string> smallest_clash(const Request& request, const std::vector<std::size_t>& hosts) {
  return Clash(request, hosts).find();
}

}  // namespace esx2esxi::readdress
