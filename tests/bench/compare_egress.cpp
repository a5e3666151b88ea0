// How long the comparison of the whole address space takes for a large host: compare_egress [INTERFACES [ROUTES]]
//
// A classic host with a quarter of its interfaces on the console, both gateways, and its static routes by routers of
// its own networks; every service of a classic host is in use and has endpoints. The fastest of many runs counts.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "esx2esxi/rules/judge.hpp"

using namespace esx2esxi;

namespace {

constexpr model::Service kServices[] = {model::Service::VMotion, model::Service::FaultToleranceLogging,
                                        model::Service::Iscsi, model::Service::Nfs};

net::Ipv4Address address(unsigned a, unsigned b, unsigned c, unsigned d) {
  return net::Ipv4Address::from_bits(a << 24 | b << 16 | c << 8 | d);
}

model::Stack& add_stack(model::State& state, std::string_view name) {
  model::Stack stack;
  stack.name = name;
  state.stacks.push_back(stack);
  return state.stacks.back();
}

/// Interface n is in 10.N.0.0/24; its router is .254.
void add_interface(model::State& state, unsigned n, bool console) {
  model::Interface i;
  i.name = i.from = fmt::format("{}{}", console ? "vswif" : "vmk", n);
  i.stack = console ? model::kConsole : model::kVmkernel;
  i.address = address(10, n, 0, 5);
  i.netmask = address(255, 255, 255, 0);
  i.services.add(console ? model::Service::Management : kServices[n % std::size(kServices)]);
  i.created = static_cast<std::uint16_t>(n);
  state.interfaces.push_back(i);
}

model::Host large_host(unsigned interfaces, unsigned routes) {
  model::Host host;
  host.name = "large";
  host.product = "ESX";
  host.version = "4.1.0";
  host.before.stacks.reserve(2);
  auto& console = add_stack(host.before, model::kConsole);
  auto& vmkernel = add_stack(host.before, model::kVmkernel);
  const auto consoles = std::max(1U, interfaces / 4);
  for (unsigned n = 0; n < interfaces; ++n) add_interface(host.before, n, n < consoles);
  console.gateway = address(10, 0, 0, 254);
  vmkernel.gateway = address(10, consoles, 0, 254);
  for (unsigned n = 0; n < routes; ++n) {
    model::Route route;
    route.network = *net::Ipv4Prefix::containing(address(172, 16 + n / 256, n % 256, 0), 20 + n % 5);
    route.next_hop = address(10, n % interfaces, 0, 254);
    (n % interfaces < consoles ? console : vmkernel).routes.push_back(route);
  }
  return host;
}

std::vector<model::Endpoint> endpoints(unsigned count) {
  std::vector<model::Endpoint> all;
  for (unsigned n = 0; n < count; ++n) {
    model::Endpoint endpoint;
    endpoint.name = "server";
    endpoint.address = address(172, 16 + n / 256, n % 256, 20);
    endpoint.service = kServices[n % std::size(kServices)];
    all.push_back(endpoint);
  }
  return all;
}

unsigned count_at(int argc, char** argv, int at, unsigned otherwise, unsigned most) {
  if (argc <= at) return otherwise;
  return std::clamp(static_cast<unsigned>(std::strtoul(argv[at], nullptr, 10)), 1U, most);
}

}  // namespace

int main(int argc, char** argv) {
  const auto interfaces = count_at(argc, argv, 1, 64, 255);
  const auto routes = count_at(argc, argv, 2, 512, 4096);
  const auto host = large_host(interfaces, routes);
  const auto mapping = transform::map_host(host, {8, 0}, model::Path::Fresh);
  const auto known = endpoints(64);
  const model::Policy policy;
  const rules::Situation situation{host,   mapping, mapping.state,      known,
                                   policy, {8, 0},  model::Path::Fresh, rules::Stage::Mapped};
  std::chrono::duration<double, std::milli> best(1e9);
  rules::EgressComparison comparison;
  for (int run = 0; run < 500; ++run) {
    const auto start = std::chrono::steady_clock::now();
    comparison = rules::compare_egress(situation);
    best = std::min<std::chrono::duration<double, std::milli>>(best, std::chrono::steady_clock::now() - start);
  }
  std::cout << fmt::format("{} interfaces, {} routes: {} regions compared, {} changes, {:.3f} ms\n", interfaces, routes,
                           comparison.examined, comparison.changes.size(), best.count());
  return 0;
}
