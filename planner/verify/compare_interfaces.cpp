// Interfaces: where they are, what address they have, what they are for.
#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/versions.hpp"

namespace esx2esxi::verify {

namespace {

using model::Interface;
using plan::Action;

Text text_or_none(const std::string& text) { return text.empty() ? Text() : Text(text); }

template <class T>
Text printed(const std::optional<T>& value) {
  return value ? Text(to_string(*value)) : Text();
}

std::string address_of(const Interface& i) {
  if (i.dhcp) return "dhcp";
  return !i.address || i.address->is_unspecified() ? "none" : model::address_text(i);
}

std::string summary(const Interface& i) {
  return fmt::format("{} on port group {}, stack {}", address_of(i), i.portgroup.empty() ? i.dvport : i.portgroup,
                     i.stack);
}

bool carries_management(const Interface& i) { return i.services.has(model::Service::Management); }

/// A host forgets the default gateway with the interface that it leaves by.
void restore_gateway(Mend& mend, const Comparison& c, const Interface& wanted) {
  const auto* stack = c.wanted.stack(wanted.stack);
  const auto range = wanted.range();
  if (stack && stack->gateway && range && range->contains(*stack->gateway))
    mend.step(Action::SetGateway, {}, {{"stack", stack->name}, {"gateway", to_string(*stack->gateway)}});
}

Mend made_again(const Comparison& c, const Interface& wanted, const Interface& found) {
  auto mend = c.mend();
  make_room(mend, c, wanted);
  remove_interface(mend, found);
  make_interface(mend, wanted);
  restore_gateway(mend, c, wanted);
  if (carries_management(wanted) || carries_management(found)) mend.at_once();
  return mend;
}

void compare_place(Comparison& c, const Interface& wanted, const Interface& found) {
  const auto again = made_again(c, wanted, found);
  c.check(wanted.name, "stack", wanted.stack, found.stack.empty() ? std::string(model::kDefaultStack) : found.stack,
          again);
  if (wanted.dvport.empty())
    c.check(wanted.name, "port group", text_or_none(wanted.portgroup), text_or_none(found.portgroup), again);
}

/// The Gateway column shows the stack's gateway at the interface it leaves by: an own gateway equal to it is not told
/// apart from none.
void compare_own_gateway(Comparison& c, const Interface& wanted, const Interface& found, const Mend& mend) {
  if (!plan::versions().has("gateway-override", c.target)) return;
  const auto* stack = c.wanted.stack(wanted.stack);
  if (wanted.gateway_override && !found.gateway_override && stack && stack->gateway == wanted.gateway_override)
    return c.equal(wanted.name, "own gateway", to_string(*wanted.gateway_override));
  c.check(wanted.name, "own gateway", printed(wanted.gateway_override), printed(found.gateway_override), mend);
}

void compare_address(Comparison& c, const Interface& wanted, const Interface& found) {
  if (!c.seen_any({"network ip interface ipv4 get", "network ip interface ipv4 address list", "esxcfg-vmknic"})) return;
  const auto step = address_step(wanted);
  const auto mend = c.mend().step(step.action, step.interface, step.arguments);
  c.check(wanted.name, "address", address_of(wanted), address_of(found), mend);
  if (!wanted.dhcp && !found.dhcp) compare_own_gateway(c, wanted, found, mend);
}

void compare_settings(Comparison& c, const Interface& wanted, const Interface& found) {
  const auto state = [](const Interface& i) { return std::string(i.enabled ? "enabled" : "disabled"); };
  c.check(wanted.name, "state", state(wanted), state(found),
          c.mend().step(Action::SetEnabled, wanted.name,
                        {{"enabled", wanted.enabled ? "true" : "false"}, {"portgroup", wanted.portgroup}}));
  if (wanted.mtu && found.mtu) {
    const auto mtu = std::to_string(*wanted.mtu);
    // ESXi 4.1 sets it only when it makes the interface.
    const auto mend =
        c.old_words() ? made_again(c, wanted, found) : c.mend().step(Action::SetMtu, wanted.name, {{"mtu", mtu}});
    c.check(wanted.name, "MTU", mtu, std::to_string(*found.mtu), mend);
  }
  if (wanted.mac && found.mac && !c.new_machine)
    c.check(wanted.name, "MAC address", to_string(*wanted.mac), to_string(*found.mac), c.mend());
}

/// Whether a stack's own service shows as a tag is not known: tags count on the default stack only.
void compare_tags(Comparison& c, const Interface& wanted, const Interface& found) {
  if (wanted.stack != model::kDefaultStack || found.stack != wanted.stack) return;
  if (!plan::versions().has("tags", c.target)) return;
  if (!c.seen({"network ip interface tag get"}, wanted.name))
    return c.unseen(wanted.name + ": tags", fmt::format("esxcli network ip interface tag get -i {}", wanted.name),
                    true);
  const auto expected = tags_of(wanted, c.target);
  const auto shown = tags_of(found, c.target);
  const auto has = [](const std::vector<std::string>& all, const std::string& tag) {
    return std::find(all.begin(), all.end(), tag) != all.end();
  };
  for (const auto& tag : expected)
    c.check(wanted.name, "tag " + tag, tag, has(shown, tag) ? Text(tag) : Text(),
            c.mend().step(Action::AddTag, wanted.name, {{"tag", tag}}));
  for (const auto& tag : shown)
    if (!has(expected, tag))
      c.check(wanted.name, "tag " + tag, {}, tag, c.mend().step(Action::RemoveTag, wanted.name, {{"tag", tag}}));
}

/// The number of the software adapter belongs to the installation, not to the plan.
bool same_adapter(const Comparison& c, const Interface& wanted, const Interface& found) {
  const auto unknown = [](const std::string& adapter) { return adapter == "vmhba?"; };
  return wanted.bound_to == found.bound_to || (!wanted.bound_to.empty() && !found.bound_to.empty() &&
                                               (c.new_machine || unknown(wanted.bound_to) || unknown(found.bound_to)));
}

void compare_binding(Comparison& c, const Interface& wanted, const Interface& found) {
  if (!c.seen_any({"iscsi networkportal list", "iscsi logicalnetworkportal list", "swiscsi nic list"})) {
    if (!wanted.bound_to.empty())
      c.unseen(wanted.name + ": binding",
               c.old_words() ? "esxcli swiscsi nic list -d vmhbaN" : "esxcli iscsi networkportal list", true);
    return;
  }
  if (!wanted.bound_to.empty() && same_adapter(c, wanted, found))
    return c.equal(wanted.name, "binding", found.bound_to);
  auto mend = c.mend();
  if (!found.bound_to.empty()) mend.step(Action::Unbind, wanted.name, {{"adapter", found.bound_to}});
  if (!wanted.bound_to.empty()) mend.step(Action::Bind, wanted.name, {{"adapter", wanted.bound_to}});
  c.check(wanted.name, "binding", text_or_none(wanted.bound_to), text_or_none(found.bound_to), mend);
}

void compare_interface(Comparison& c, const Interface& wanted) {
  const auto* found = c.found.interface(wanted.name);
  if (!found && c.cut && wanted.stack != model::kDefaultStack &&
      !c.seen({"network ip interface list", "esxcfg-vmknic"}, wanted.stack))
    return c.unseen(wanted.name, fmt::format("esxcli network ip interface list -N {}", wanted.stack), true);
  if (!found) {
    auto mend = c.mend();
    make_room(mend, c, wanted);
    make_interface(mend, wanted);
    return c.check(wanted.name, "", summary(wanted), {}, mend);
  }
  compare_place(c, wanted, *found);
  compare_address(c, wanted, *found);
  compare_settings(c, wanted, *found);
  compare_tags(c, wanted, *found);
  compare_binding(c, wanted, *found);
}

}  // namespace

std::vector<std::string> tags_of(const Interface& interface, model::Target target) {
  std::vector<std::string> out;
  for (const auto service : interface.services.list())
    if (const auto* tag = plan::versions().tag_of(service); tag && tag->since <= target) out.push_back(tag->name);
  return out;
}

namespace {

/// Its number is the next free one.
void make_old_interface(Mend& mend, const Interface& wanted) {
  const auto step = address_step(wanted);
  if (step.argument("type") == "none") return;
  std::vector<std::pair<std::string, std::string>> options{{"-a", ""}};
  options.emplace_back("-i", wanted.dhcp ? std::string("DHCP") : std::string(step.argument("address")));
  if (!wanted.dhcp) options.emplace_back("-n", step.argument("netmask"));
  if (wanted.mtu) options.emplace_back("-m", std::to_string(*wanted.mtu));
  options.emplace_back("-p", wanted.portgroup);
  mend.esxcfg("esxcfg-vmknic", options, "");
  if (!wanted.bound_to.empty()) mend.step(Action::Bind, wanted.name, {{"adapter", wanted.bound_to}});
}

}  // namespace

plan::Step address_step(const Interface& wanted) {
  plan::Step step;
  step.action = Action::SetAddress;
  step.interface = wanted.name;
  const bool fixed = !wanted.dhcp && wanted.address && wanted.netmask && !wanted.address->is_unspecified();
  step.arguments.emplace_back("portgroup", wanted.portgroup);  // what ESXi 4.1 calls the interface by
  step.arguments.emplace_back("type", wanted.dhcp ? "dhcp" : fixed ? "static" : "none");
  if (!fixed) return step;
  step.arguments.emplace_back("address", to_string(*wanted.address));
  step.arguments.emplace_back("netmask", to_string(*wanted.netmask));
  if (wanted.gateway_override) step.arguments.emplace_back("gateway", to_string(*wanted.gateway_override));
  return step;
}

void make_room(Mend& mend, const Comparison& c, const Interface& wanted) {
  if (wanted.stack != model::kDefaultStack && !c.found.stack(wanted.stack))
    mend.step(Action::AddStack, {}, {{"stack", wanted.stack}});
  for (const auto& found : c.found.interfaces) {
    const auto* planned = c.wanted.interface(found.name);
    // Those before it in the list have gone to their own port groups by then.
    if (planned && planned > &wanted && !wanted.portgroup.empty() && found.portgroup == wanted.portgroup)
      remove_interface(mend, found);
  }
}

void make_interface(Mend& mend, const Interface& wanted) {
  if (mend.old_words()) return make_old_interface(mend, wanted);
  mend.step(Action::AddInterface, wanted.name,
            {{"portgroup", wanted.portgroup},
             {"mtu", wanted.mtu ? std::to_string(*wanted.mtu) : std::string()},
             {"mac", wanted.mac ? to_string(*wanted.mac) : std::string()},
             {"stack", wanted.stack}});
  const auto step = address_step(wanted);
  if (step.argument("type") != "none") mend.step(step.action, step.interface, step.arguments);
  if (!wanted.enabled)
    mend.step(Action::SetEnabled, wanted.name, {{"enabled", "false"}, {"portgroup", wanted.portgroup}});
  if (wanted.stack == model::kDefaultStack)
    for (const auto service : wanted.services.list())
      if (const auto* tag = plan::versions().tag_of(service))
        mend.step(Action::AddTag, wanted.name, {{"tag", tag->name}});
  if (!wanted.bound_to.empty()) mend.step(Action::Bind, wanted.name, {{"adapter", wanted.bound_to}});
}

void remove_interface(Mend& mend, const Interface& found) {
  if (!found.bound_to.empty()) mend.step(Action::Unbind, found.name, {{"adapter", found.bound_to}});
  if (mend.old_words())
    mend.esxcfg("esxcfg-vmknic", {{"-d", found.portgroup}}, "");
  else
    mend.step(Action::RemoveInterface, found.name, {});
}

void compare_interfaces(Comparison& c) {
  if (!c.seen_any({"network ip interface list", "esxcfg-vmknic"}))
    return c.unseen("interfaces", c.old_words() ? "esxcfg-vmknic -l" : "esxcli network ip interface list", true);
  if (!c.seen_any({"network ip interface ipv4 get", "network ip interface ipv4 address list", "esxcfg-vmknic"}))
    c.unseen("addresses", "esxcli network ip interface ipv4 get", true);
  // Where a port group or an address is taken, that interface has to go before.
  const auto in_the_way = [&](const Interface& found) {
    return std::any_of(c.wanted.interfaces.begin(), c.wanted.interfaces.end(), [&](const Interface& wanted) {
      return (!found.portgroup.empty() && wanted.portgroup == found.portgroup) ||
             (found.addressed() && wanted.address == found.address);
    });
  };
  const auto check_surplus_interfaces = [&](bool first) {
    for (const auto& found : c.found.interfaces) {
      if (c.wanted.interface(found.name) || in_the_way(found) != first) continue;
      auto mend = c.mend();
      remove_interface(mend, found);
      c.check(found.name, "", {}, summary(found), mend);
    }
  };
  check_surplus_interfaces(true);
  for (const auto& wanted : c.wanted.interfaces) compare_interface(c, wanted);
  check_surplus_interfaces(false);
}

}  // namespace esx2esxi::verify
