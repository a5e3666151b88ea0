#include "reaches.hpp"

#include <algorithm>
#include <map>

#include "esx2esxi/model/routing.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using model::Service;
using model::State;
using plan::Destination;

bool on_link(const Interface& interface, net::Ipv4Address address) {
  const auto range = interface.range();
  return range && range->contains(address);
}

/// The policy's names come first; a state may name servers that the classic host did not have.
std::vector<Destination> destinations_of(const plan::HostPlan& host, const State& state) {
  auto all = host.destinations;
  const auto add = [&](const char* name, net::Ipv4Address address, Service service) {
    if (std::none_of(all.begin(), all.end(),
                     [&](const Destination& d) { return d.address == address && d.service == service; }))
      all.push_back({name, address, service});
  };
  for (const auto& mount : state.nfs)
    if (const auto address = net::Ipv4Address::parse(mount.server)) add("NFS server", *address, Service::Nfs);
  for (const auto& target : state.iscsi.targets) add("iSCSI target", target.value, Service::Iscsi);
  return all;
}

class Ways {
 public:
  explicit Ways(const State& state) : state_(state) {}

  std::vector<const Interface*> to(const Destination& destination) {
    auto found = destination.service == Service::Iscsi ? bound(destination.address) : std::vector<const Interface*>();
    if (!found.empty()) return found;
    for (const auto& name : stacks(destination.service))
      for (const auto id : table(name).lookup(destination.address).interfaces)
        found.push_back(&model::interface_of(state_, id));
    return found;
  }

 private:
  /// Those in the target's network, if there are any: an array may have a portal in each of theirs.
  std::vector<const Interface*> bound(net::Ipv4Address target) const {
    std::vector<const Interface*> all;
    std::vector<const Interface*> beside;
    for (const auto& interface : state_.interfaces) {
      if (!interface.enabled || interface.bound_to.empty() || !interface.range()) continue;
      all.push_back(&interface);
      if (on_link(interface, target)) beside.push_back(&interface);
    }
    return beside.empty() ? all : beside;
  }

  /// Storage leaves by the default stack on every version.
  std::vector<std::string> stacks(Service service) const {
    auto names = service == Service::Management ? model::stacks_of(state_, service) : std::vector<std::string>();
    if (names.empty()) names.emplace_back(model::kDefaultStack);
    return names;
  }

  const net::RouteTable& table(const std::string& stack) {
    auto it = tables_.find(stack);
    if (it == tables_.end()) it = tables_.emplace(stack, model::table_of(state_, stack)).first;
    return it->second;
  }

  const State& state_;
  std::map<std::string, net::RouteTable> tables_;
};

}  // namespace

std::vector<Reach> reaches_of(const plan::HostPlan& host, const State& state) {
  std::vector<Reach> out;
  Ways ways(state);
  for (const auto& destination : destinations_of(host, state))
    for (const auto* interface : ways.to(destination))
      out.push_back({interface, destination.name, destination.address, destination.service != Service::Management,
                     on_link(*interface, destination.address)});
  return out;
}

}  // namespace esx2esxi::render
