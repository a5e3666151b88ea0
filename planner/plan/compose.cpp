// The order of a change, and the reasons for it:
//
//   stacks and port groups that are new      nobody uses them yet
//   NFS unmounted where its way changes      the server knows the host by its address
//   all interfaces but management            each: routes off, unbind, remove | set, tags, bind; who stands in
//   another's
//                                            way goes first; those that go away for good go last
//   routes, mounts                           as soon as their next hop is there
//   management                               new interfaces first, then those that move, then the gateway, then what
//   goes port groups and stacks nobody uses       last, they hurt nobody
#include "esx2esxi/plan/steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changes.hpp"
#include "detours.hpp"
#include "draft.hpp"
#include "esx2esxi/plan/old_words.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "explain.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;

class Composer {
 public:
  Composer(const State& from, const State& to, const Changes& changes, const Reasons& reasons)
      : from_(from),
        to_(to),
        changes_(changes),
        reasons_(reasons),
        routes_(from, to, changes, reasons),
        visits_(changes.interfaces.size()),
        linked_(changes.portgroups.size()) {}

  std::vector<Step> steps() {
    Draft prepared(from_, reasons_);
    prepare(prepared);
    Draft early(prepared.now(), reasons_);
    work(early, false);
    Draft late(early.now(), reasons_);
    work(late, true);

    const Mounts mounts(from_, early.now(), to_, changes_);
    Draft all(from_, reasons_);
    all.append(prepared.steps());
    mounts.unmount_early(all);
    all.append(early.steps());
    mounts.mount_early(all);
    mounts.unmount_late(all);
    all.append(late.steps());
    mounts.mount_late(all);
    clean_up(all);
    return all.steps();
  }

 private:
  struct Visit {
    bool begun = false;
    bool done = false;
    bool vacated = false;
  };

  const InterfaceChange& change(std::size_t i) const { return changes_.interfaces[i]; }

  std::string user_of(std::string_view portgroup) const {
    for (const auto* state : {&to_, &from_})
      for (const auto& interface : state->interfaces)
        if (interface.portgroup == portgroup) return interface.name;
    return {};
  }

  void prepare(Draft& draft) {
    for (const auto& stack : to_.stacks) {
      if (from_.stack(stack.name)) continue;
      std::string because;
      for (const auto& interface : to_.interfaces)
        if (interface.stack == stack.name && because.empty()) because = interface.name;
      draft.add(Action::AddStack, {}, {{"stack", stack.name}}, because);
    }
    for (std::size_t i = 0; i < changes_.portgroups.size(); ++i) {
      const auto& group = changes_.portgroups[i];
      if (group.from) continue;
      linked_[i] = true;
      add_portgroup_steps(draft, group, user_of(group.name()));
    }
  }

  /// Added ones, then changed ones, then removed ones; management's own interfaces after all others of their kind.
  std::vector<std::size_t> order(bool late, bool removed) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < visits_.size(); ++i)
      if (change(i).late == late && !change(i).to == removed) out.push_back(i);
    const auto rank = [&](std::size_t i) {
      const auto& c = change(i);
      const auto manages = [](const Interface* x) { return x && x->services.has(model::Service::Management); };
      return (c.from ? 2 : 0) + (manages(c.from) || manages(c.to) ? 1 : 0);
    };
    std::stable_sort(out.begin(), out.end(), [&](auto a, auto b) { return rank(a) < rank(b); });
    return out;
  }

  void work(Draft& draft, bool late) {
    for (const auto i : order(late, false)) visit(draft, i);
    if (late) routes_.settle(draft, Routes::When::BeforeRemovals);
    for (const auto i : order(late, false)) remove_tags(draft, *change(i).to);
    for (const auto i : order(late, true)) visit(draft, i);
    routes_.settle(draft, late ? Routes::When::AtTheEnd : Routes::When::AfterOthers);
    change_free_links(draft, late);
  }

  void visit(Draft& draft, std::size_t i) {
    if (visits_[i].begun) return;
    visits_[i].begun = true;
    for (const auto j : change(i).after) {
      if (visits_[j].done) continue;
      if (visits_[j].begun)
        vacate(draft, j);
      else
        visit(draft, j);
    }
    take_turn(draft, i);
    routes_.bring_back(draft, change(i));
    visits_[i].done = true;
  }

  /// Frees what the interface holds before its own turn has come: two want each other's place.
  void vacate(Draft& draft, std::size_t i) {
    if (visits_[i].vacated || !change(i).from) return;
    visits_[i].vacated = true;
    leave(draft, i);
    const auto& c = change(i);
    if (c.to && !c.rebuild)
      draft.add(Action::SetAddress, c.name(), {{"type", "none"}, {"address", ""}, {"netmask", ""}, {"gateway", ""}},
                c.name());
  }

  /// Routes and bindings off; the interface itself, if it goes.
  void leave(Draft& draft, std::size_t i) {
    const auto& c = change(i);
    if (!c.from) return;
    if (c.moves()) routes_.release(draft, c);
    if (c.unbinds()) draft.add(Action::Unbind, c.name(), {{"adapter", c.from->bound_to}}, c.name());
    if (!c.to || c.rebuild) draft.add(Action::RemoveInterface, c.name(), {}, c.name());
  }

  void take_turn(Draft& draft, std::size_t i) {
    const auto& c = change(i);
    if (!visits_[i].vacated) leave(draft, i);
    if (!c.to) return;
    const auto& wanted = *c.to;
    change_link_of(draft, wanted.portgroup, c.name());
    if (!c.from || c.rebuild)
      add_interface(draft, wanted, c.from);
    else if (c.mtu)
      draft.add(Action::SetMtu, c.name(), {{"mtu", std::to_string(*wanted.mtu)}}, c.name());
    if (!wanted.enabled) set_enabled(draft, wanted);
    set_address(draft, wanted);
    if (wanted.enabled) set_enabled(draft, wanted);
    add_tags(draft, wanted);
    const auto* now = draft.now().interface(wanted.name);
    if (now && !wanted.bound_to.empty() && now->bound_to != wanted.bound_to)
      draft.add(Action::Bind, c.name(), binding_of(wanted), c.name());
  }

  /// A state that the classic host left behind may bind an interface that the host refuses to bind again (KB 2038869:
  /// one active uplink, no standby one); the way back to it has to insist.
  static std::vector<std::pair<std::string, std::string>> binding_of(const Interface& wanted) {
    std::vector<std::pair<std::string, std::string>> arguments{{"adapter", wanted.bound_to}};
    if (wanted.uplinks.active.size() != 1 || !wanted.uplinks.standby.empty()) arguments.emplace_back("forced", "true");
    return arguments;
  }

  static void set_enabled(Draft& draft, const Interface& wanted) {
    const auto* now = draft.now().interface(wanted.name);
    if (now && now->enabled != wanted.enabled)
      draft.add(Action::SetEnabled, wanted.name, {{"enabled", wanted.enabled ? "true" : "false"}}, wanted.name);
  }

  void change_link_of(Draft& draft, std::string_view portgroup, std::string_view because) {
    for (std::size_t i = 0; i < changes_.portgroups.size(); ++i) {
      if (linked_[i] || changes_.portgroups[i].name() != portgroup) continue;
      linked_[i] = true;
      change_link(draft, changes_.portgroups[i], because);
    }
  }

  /// Port groups that no interface waits for: once nobody who is about to leave uses them.
  void change_free_links(Draft& draft, bool late) {
    for (const auto& group : changes_.portgroups) {
      const auto& all = draft.now().interfaces;
      const bool in_use =
          std::any_of(all.begin(), all.end(), [&](const Interface& i) { return i.portgroup == group.name(); });
      const bool wanted = std::any_of(to_.interfaces.begin(), to_.interfaces.end(),
                                      [&](const Interface& i) { return i.portgroup == group.name(); });
      if (late || (!in_use && !wanted)) change_link_of(draft, group.name(), user_of(group.name()));
    }
  }

  void clean_up(Draft& draft) {
    for (const auto& group : changes_.portgroups)
      if (!group.to)
        draft.add(Action::RemovePortgroup, {}, {{"portgroup", group.name()}, {"vswitch", group.vswitch->name}},
                  user_of(group.name()));
    for (const auto& stack : from_.stacks)
      if (!to_.stack(stack.name)) draft.add(Action::RemoveStack, {}, {{"stack", stack.name}}, std::string_view());
  }

  const State& from_;
  const State& to_;
  const Changes& changes_;
  const Reasons& reasons_;
  Routes routes_;
  std::vector<Visit> visits_;
  std::vector<bool> linked_;  ///< parallel to the port group changes: done
};

/// Numbers the steps and adds what a reader wants to know.
void annotate(std::vector<Step>& steps, State now) {
  Interruptions interruptions;
  unsigned n = 0;
  for (auto& step : steps) {
    step.n = ++n;
    step.undo = undo_of(step, now);
    step.interrupts = interruptions.of(step, now);
    step.seconds = seconds_of(step);
    apply(now, step);
  }
}

}  // namespace

Composition compose(const State& from, const State& to, model::Target target,
                    const std::vector<std::pair<std::string, std::string>>& why) {
  const auto start = with_all_stacks(from);
  const auto end = with_all_stacks(acceptable(to));
  const auto changes = changes_between(start, end, target);
  Composition out;
  out.obstacles = obstacles(start, end, changes, target);
  if (!out.obstacles.empty()) return out;

  const Reasons reasons(why);
  out.steps = Composer(start, end, changes, reasons).steps();
  if (!versions().has("routes", target)) out.obstacles = replace_gateways(out.steps, target);
  if (!versions().has("esxcli-network", target))
    for (auto& lack : use_old_words(out.steps, start)) out.obstacles.push_back(std::move(lack));
  annotate(out.steps, start);
  for (const auto& left : differences(prefixes(start, out.steps).back(), end))
    out.obstacles.push_back(one_line("no step of a script changes this: " + left));
  for (auto& hazard : hazards(start, end, out.steps)) out.obstacles.push_back(std::move(hazard));
  if (!out.obstacles.empty()) out.steps.clear();
  return out;
}

}  // namespace esx2esxi::plan
