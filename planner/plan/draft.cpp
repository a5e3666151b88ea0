#include "draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "changes.hpp"
#include "esx2esxi/core/text.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

std::string text(const std::optional<net::Ipv4Address>& address) {
  return address ? to_string(*address) : std::string();
}

std::string commas(const std::vector<std::string>& items) { return join(items, ","); }

}  // namespace

std::string Reasons::of(std::string_view key) const {
  for (const auto& [known, why] : known_)
    if (known == key) return why;
  return known_.empty() ? "plan" : known_.front().second;
}

bool Reasons::has(std::string_view key) const {
  return std::any_of(known_.begin(), known_.end(), [&](const auto& reason) { return reason.first == key; });
}

void Draft::add(Action action, std::string_view interface, Arguments arguments, std::string_view because) {
  Step step;
  step.action = action;
  step.interface = interface;
  step.arguments = std::move(arguments);
  step.why = reasons_->of(because);
  apply(now_, step);
  steps_.push_back(std::move(step));
}

void Draft::append(const std::vector<Step>& steps) {
  for (const auto& step : steps) {
    apply(now_, step);
    steps_.push_back(step);
  }
}

void change_link(Draft& draft, const PortgroupChange& change, std::string_view because) {
  if (!change.to) return;
  const auto& group = *change.to;
  if (change.uplinks && group.override)
    draft.add(Action::SetPortgroupUplinks, {},
              {{"portgroup", group.name},
               {"active", commas(group.override->active)},
               {"standby", commas(group.override->standby)}},
              because);
  if (change.uplinks && !group.override) draft.add(Action::InheritUplinks, {}, {{"portgroup", group.name}}, because);
  if (change.vlan)
    draft.add(Action::SetPortgroupVlan, {}, {{"portgroup", group.name}, {"vlan", std::to_string(group.vlan->value())}},
              because);
}

void add_portgroup_steps(Draft& draft, const PortgroupChange& change, std::string_view because) {
  draft.add(Action::AddPortgroup, {}, {{"portgroup", change.name()}, {"vswitch", change.vswitch->name}}, because);
  change_link(draft, change, because);
}

void set_address(Draft& draft, const model::Interface& wanted) {
  const auto* now = draft.now().interface(wanted.name);
  if (now && addressing_text(*now) == addressing_text(wanted)) return;
  if (wanted.dhcp) {
    Arguments arguments{{"type", "dhcp"}, {"address", ""}, {"netmask", ""}, {"gateway", ""}};
    if (wanted.peer_dns) arguments.emplace_back("peer_dns", "true");
    return draft.add(Action::SetAddress, wanted.name, std::move(arguments), wanted.name);
  }
  const bool addressed = wanted.address && !wanted.address->is_unspecified();
  if (!addressed)
    return draft.add(Action::SetAddress, wanted.name,
                     {{"type", "none"}, {"address", ""}, {"netmask", ""}, {"gateway", ""}}, wanted.name);
  draft.add(Action::SetAddress, wanted.name,
            {{"type", "static"},
             {"address", text(wanted.address)},
             {"netmask", text(wanted.netmask)},
             {"gateway", text(wanted.gateway_override)}},
            wanted.name);
}

void add_interface(Draft& draft, const model::Interface& wanted, const model::Interface* before) {
  auto mtu = wanted.mtu;
  if (!mtu && before) mtu = before->mtu;
  auto mac = wanted.mac;
  if (!mac && before) mac = before->mac;
  draft.add(Action::AddInterface, wanted.name,
            {{"portgroup", wanted.portgroup},
             {"mtu", mtu ? fmt::to_string(*mtu) : std::string()},
             {"mac", mac ? to_string(*mac) : std::string()},
             {"stack", wanted.stack}},
            wanted.name);
}

void add_tags(Draft& draft, const model::Interface& wanted) {
  const auto* now = draft.now().interface(wanted.name);
  const auto there = now ? tags_of(*now) : std::vector<std::string>();
  for (const auto& tag : tags_of(wanted))
    if (std::find(there.begin(), there.end(), tag) == there.end())
      draft.add(Action::AddTag, wanted.name, {{"tag", tag}}, wanted.name);
}

void remove_tags(Draft& draft, const model::Interface& wanted) {
  const auto* now = draft.now().interface(wanted.name);
  if (!now) return;
  const auto kept = tags_of(wanted);
  for (const auto& tag : tags_of(*now))
    if (std::find(kept.begin(), kept.end(), tag) == kept.end())
      draft.add(Action::RemoveTag, wanted.name, {{"tag", tag}}, wanted.name);
}

void mount(Draft& draft, const model::NfsMount& volume, std::string_view because) {
  draft.add(Action::Mount, {},
            {{"volume", volume.label},
             {"host", volume.server},
             {"share", volume.share},
             {"read_only", volume.read_only ? "true" : "false"}},
            because);
}

void unmount(Draft& draft, const model::NfsMount& volume, std::string_view because) {
  draft.add(Action::Unmount, {}, {{"volume", volume.label}}, because);
}

}  // namespace esx2esxi::plan
