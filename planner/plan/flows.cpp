#include "flows.hpp"

#include <algorithm>
#include <map>

#include "esx2esxi/model/routing.hpp"

namespace esx2esxi::plan {

using model::Service;
using model::State;
using net::Ipv4Address;

namespace {

/// The routing tables of one state, each made once.
class Tables {
 public:
  Tables(const State& state, bool classic) : state_(state), classic_(classic) {}

  /// Bound interfaces each open a session of their own; all else follows the table.
  std::vector<Ipv4Address> sources(const model::Endpoint& endpoint, bool& routed) {
    std::vector<Ipv4Address> found;
    if (endpoint.service == Service::Iscsi)
      for (const auto& interface : state_.interfaces)
        if (interface.enabled && !interface.bound_to.empty() && interface.range() && interface.addressed())
          found.push_back(*interface.address);
    routed = false;
    if (found.empty()) by_table(endpoint, found, routed);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }

 private:
  void by_table(const model::Endpoint& endpoint, std::vector<Ipv4Address>& found, bool& routed) {
    for (const auto& stack : stacks(endpoint.service)) {
      auto it = tables_.find(stack);
      if (it == tables_.end()) it = tables_.emplace(stack, model::table_of(state_, stack)).first;
      const auto& egress = it->second.lookup(endpoint.address);
      if (!egress.reachable()) continue;
      const auto& interface = model::interface_of(state_, egress.interfaces.front());
      if (interface.address) found.push_back(*interface.address);
      routed = routed || egress.next_hop().has_value();
    }
  }

  std::vector<std::string> stacks(Service service) const {
    if (classic_) return {std::string(service == Service::Management ? model::kConsole : model::kVmkernel)};
    auto stacks = model::stacks_of(state_, service);
    if (stacks.empty()) stacks.emplace_back(model::kDefaultStack);
    return stacks;
  }

  const State& state_;
  bool classic_;
  std::map<std::string, net::RouteTable> tables_;
};

}  // namespace

std::vector<Flow> flows_of(const HostPlan& host, const std::vector<model::Endpoint>& endpoints) {
  Tables before(host.before, host.product != "ESXi");
  Tables after(host.after, false);
  std::vector<Flow> flows;
  for (const auto& endpoint : endpoints) {
    if (endpoint.peer || endpoint.isolation) continue;
    Flow flow;
    flow.endpoint = &endpoint;
    flow.old_sources = before.sources(endpoint, flow.was_routed);
    flow.new_sources = after.sources(endpoint, flow.routed);
    flows.push_back(std::move(flow));
  }
  return flows;
}

}  // namespace esx2esxi::plan
