#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "changes.hpp"
#include "diagram.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::render {

namespace {

constexpr int kTop = 22;
constexpr int kGap = 12;
constexpr int kWidth = 310;
constexpr int kRight = kClusterWidth - kWidth - 2;

std::vector<std::string> lines_of(const NetworkUse& use, const std::vector<NetworkUse>& old, Mark& mark) {
  const auto same = [&](const NetworkUse& other) { return other.network == use.network; };
  const auto was = std::find_if(old.begin(), old.end(), same);
  std::vector<std::string> lines{fmt::format("{}  VLAN {}", use.network, join(use.vlans, ", "))};
  for (const auto& [service, hosts] : use.services) {
    auto line = fmt::format("{}: {} host{}", service, hosts, hosts == 1 ? "" : "s");
    if (was == old.end()) {
      mark = Mark::Added;
      line += " NEW HERE";
    } else {
      const auto before = std::find_if(was->services.begin(), was->services.end(),
                                       [&, s = service](const auto& other) { return other.first == s; });
      const std::size_t count = before == was->services.end() ? 0 : before->second;
      if (count != hosts) {
        mark = Mark::Changed;
        line += count == 0 ? " NEW HERE" : fmt::format(" (was {})", count);
      }
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

/// From which network to which other one interfaces go.
std::set<std::pair<net::Ipv4Prefix, net::Ipv4Prefix>> moves_of(const std::vector<const plan::HostPlan*>& hosts) {
  std::set<std::pair<net::Ipv4Prefix, net::Ipv4Prefix>> moves;
  for (const auto* host : hosts)
    for (const auto& change : interface_changes(*host)) {
      if (!change.before || !change.after) continue;
      const auto from = change.before->range();
      const auto to = change.after->range();
      if (from && to && *from != *to) moves.insert({*from, *to});
    }
  return moves;
}

}  // namespace

std::vector<NetworkUse> networks_of(const std::vector<const plan::HostPlan*>& hosts, When when) {
  struct Use {
    std::set<std::string> vlans;
    std::map<model::Service, std::size_t> services;
  };
  std::map<net::Ipv4Prefix, Use> uses;
  for (const auto* host : hosts) {
    std::set<std::pair<net::Ipv4Prefix, model::Service>> of_host;
    const auto& state = when == When::Before ? host->before : host->after;
    for (const auto& i : state.interfaces) {
      const auto range = i.range();
      if (!range || !i.enabled) continue;
      uses[*range].vlans.insert(vlan_text(i.vlan));
      for (const auto service : i.services.list()) of_host.insert({*range, service});
    }
    for (const auto& [range, service] : of_host) ++uses[range].services[service];
  }
  std::vector<NetworkUse> out;
  for (const auto& [network, use] : uses) {
    NetworkUse one{network, {use.vlans.begin(), use.vlans.end()}, {}};
    for (const auto& [service, count] : use.services) one.services.emplace_back(to_string(service), count);
    out.push_back(std::move(one));
  }
  return out;
}

std::string services_text(const NetworkUse& use) {
  std::vector<std::string> parts;
  for (const auto& [service, count] : use.services) parts.push_back(fmt::format("{} {}", service, count));
  return join(parts, ", ");
}

Svg cluster_diagram(const std::vector<const plan::HostPlan*>& hosts) {
  const auto before = networks_of(hosts, When::Before);
  const auto after = networks_of(hosts, When::After);
  Svg svg;
  svg.text(1, 13, "On ESX", columns_in(kWidth));
  svg.text(kRight, 13, "As planned on ESXi", columns_in(kWidth));
  std::map<net::Ipv4Prefix, int> left;
  int y = kTop;
  for (const auto& use : before) {
    Mark mark = Mark::None;
    auto lines = lines_of(use, before, mark);
    const bool stays = std::any_of(after.begin(), after.end(), [&](const auto& n) { return n.network == use.network; });
    if (!stays) lines.emplace_back("LEFT by all of these hosts");
    const Box box{1, y, kWidth, height_of(lines.size())};
    svg.box(box, lines, stays ? Mark::None : Mark::Dropped);
    left[use.network] = box.middle();
    y = box.bottom() + kGap;
  }
  std::map<net::Ipv4Prefix, int> right;
  y = kTop;
  for (const auto& use : after) {
    Mark mark = Mark::None;
    const auto lines = lines_of(use, before, mark);
    const Box box{kRight, y, kWidth, height_of(lines.size())};
    svg.box(box, lines, mark);
    if (const auto it = left.find(use.network); it != left.end())
      svg.arrow(1 + kWidth, it->second, kRight, box.middle());
    right[use.network] = box.middle();
    y = box.bottom() + kGap;
  }
  for (const auto& [from, to] : moves_of(hosts))
    if (left.contains(from) && right.contains(to)) svg.arrow(1 + kWidth, left[from], kRight, right[to], Mark::Changed);
  return svg;
}

}  // namespace esx2esxi::render
