#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "esx2esxi/plan/simulate.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;
using Pair = std::pair<std::string, std::string>;

bool manages(const Interface& interface) {
  return interface.enabled && interface.services.has(model::Service::Management) &&
         (interface.addressed() || interface.dhcp);
}

bool reachable(const State& state) { return std::any_of(state.interfaces.begin(), state.interfaces.end(), manages); }

/// Management interfaces whose range another one of their stack overlaps: packets may leave by either.
std::set<Pair> ambiguous(const State& state) {
  std::set<Pair> out;
  for (const auto& a : state.interfaces)
    for (const auto& b : state.interfaces)
      if (a.name != b.name && manages(a) && b.enabled && a.stack == b.stack && a.range() && b.range() &&
          a.range()->overlaps(*b.range()))
        out.insert({a.name, b.name});
  return out;
}

bool names_management(const Step& step) {
  return step.interrupts.find(to_string(model::Service::Management)) != std::string::npos;
}

}  // namespace

std::vector<std::string> hazards(const State& from, const State& to, const std::vector<Step>& steps) {
  std::vector<std::string> out;
  auto known = ambiguous(from);
  known.merge(ambiguous(to));
  auto now = from;
  for (const auto& step : steps) {
    const bool before = reachable(now);
    apply(now, step);
    if (before && !reachable(now) && !names_management(step))
      out.push_back(
          fmt::format("step {} ({}) would take management away without saying so", step.n, to_string(step.action)));
    for (const auto& [a, b] : ambiguous(now))
      if (!known.contains({a, b}))
        out.push_back(one_line(fmt::format("after step {} ({}) management by {} would be ambiguous with {}", step.n,
                                           to_string(step.action), a, b)));
  }
  if (reachable(to) && !reachable(now)) out.emplace_back("the steps would leave the host without management");
  return out;
}

}  // namespace esx2esxi::plan
