#include "addresses.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace esx2esxi::render {

namespace {

bool holds_one(const model::Interface* interface) {
  return interface && interface->address && !interface->address->is_unspecified() &&
         !interface->address->is_link_local();
}

struct Sides {
  std::vector<Holder> before;
  std::vector<Holder> after;
};

std::map<net::Ipv4Address, Sides> sides_of(const plan::Plan& plan) {
  std::map<net::Ipv4Address, Sides> all;
  for (const auto& host : plan.hosts)
    for (const auto& change : interface_changes(host)) {
      const auto* now = change.before ? change.before : change.mapped;
      const auto* then = host.status == plan::Status::Blocked ? now : change.after;
      if (holds_one(now)) all[*now->address].before.push_back({&host, change});
      if (holds_one(then)) all[*then->address].after.push_back({&host, change});
    }
  return all;
}

bool same(const Holder& a, const Holder& b) { return a.host == b.host && &a.change.last() == &b.change.last(); }

std::string moment(const plan::Plan& plan, const plan::HostPlan& host, plan::WaveKind kind, std::string_view side) {
  for (const auto& wave : plan.waves)
    if (wave.kind == kind && std::find(wave.hosts.begin(), wave.hosts.end(), host.name) != wave.hosts.end())
      return fmt::format("{} wave {}", side, wave.n);
  return fmt::format("{} the change", side);
}

/// A classic host that is re-addressed first has the new address, and leaves the old one, before it is migrated.
std::string when_new(const plan::Plan& plan, const AddressUse& use) {
  const auto& host = *use.holder().host;
  const bool early = std::any_of(host.pre_migration.begin(), host.pre_migration.end(),
                                 [&](const plan::ClassicChange& change) { return change.to.address == use.address; });
  return moment(plan, host, early ? plan::WaveKind::PreMigrate : plan::WaveKind::Migrate, "before");
}

/// A second interface keeps the old address until the clean-up.
std::string when_released(const plan::Plan& plan, const AddressUse& use) {
  const auto& host = *use.holder().host;
  const bool early = std::any_of(host.pre_migration.begin(), host.pre_migration.end(),
                                 [&](const plan::ClassicChange& change) { return change.from.address == use.address; });
  const bool late = std::any_of(host.transition.begin(), host.transition.end(), [&](const plan::Step& step) {
    return step.action == plan::Action::SetAddress && step.argument("address") == to_string(use.address);
  });
  const auto kind = early ? plan::WaveKind::PreMigrate : late ? plan::WaveKind::CleanUp : plan::WaveKind::Migrate;
  return moment(plan, host, kind, "after");
}

}  // namespace

std::string_view to_string(Fate fate) {
  switch (fate) {
    case Fate::Kept: return "kept";
    case Fate::New: return "new";
    case Fate::Released: return "released";
  }
  return "kept";
}

const model::Interface& AddressUse::interface() const {
  const auto& change = holder().change;
  const auto* now = change.before ? change.before : change.mapped;
  const bool later = fate != Fate::Released && holder().host->status != plan::Status::Blocked;
  return later || !now ? change.last() : *now;
}

std::string AddressUse::counterpart() const {
  const auto& change = holder().change;
  const auto* now = change.before ? change.before : change.mapped;
  const auto* other = fate == Fate::New ? now : fate == Fate::Released ? change.after : nullptr;
  return holds_one(other) ? to_string(*other->address) : std::string();
}

std::vector<AddressUse> address_uses(const plan::Plan& plan) {
  std::vector<AddressUse> uses;
  for (auto& [address, sides] : sides_of(plan)) {
    AddressUse use{address, Fate::Kept, {}, {}, {}};
    use.fate = sides.after.empty() ? Fate::Released : sides.before.empty() ? Fate::New : Fate::Kept;
    use.holders = use.fate == Fate::Released ? sides.before : sides.after;
    if (use.fate == Fate::Kept)
      std::copy_if(sides.before.begin(), sides.before.end(), std::back_inserter(use.former), [&](const Holder& old) {
        return std::none_of(use.holders.begin(), use.holders.end(), [&](const Holder& h) { return same(h, old); });
      });
    if (use.fate == Fate::New) use.when = when_new(plan, use);
    if (use.fate == Fate::Released) use.when = when_released(plan, use);
    uses.push_back(std::move(use));
  }
  return uses;
}

}  // namespace esx2esxi::render
