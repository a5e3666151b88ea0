// Interfaces: who has which address, where it is attached, and in which order they came into being.
#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"
#include "merge_attachment.hpp"

namespace esx2esxi::intake {

namespace {

using InterfaceVoices = Voices<InterfaceFact>;

/// "vswif0", "vmk12": nothing else is an interface of a host; a name goes into scripts.
bool is_interface_name(std::string_view name) {
  const std::string_view prefix = name.starts_with("vswif") ? "vswif" : "vmk";
  return name.starts_with(prefix) && name.size() <= prefix.size() + 4 && number(name.substr(prefix.size()));
}

template <class T, class Same = std::equal_to<>>
const Said<T>* settle(Merge& merge, const InterfaceVoices& voices, Maybe<T> InterfaceFact::*field,
                      const Subject& subject, Same same = {}) {
  return merge.settle(voices, subject, member(field), same);
}

template <class T, class Value>
void adopt(model::Interface& interface, std::string_view field, const Said<T>* said, Value& value) {
  if (said == nullptr) return;
  value = said->value;
  interface.origins.set(field, said->at);
}

/// A DHCP interface has the address of its lease, which only a listing knows; an address that its configuration still
/// holds is not in use. A static one has what is configured.
InterfaceVoices voices_on_address(const InterfaceVoices& voices, bool dhcp) {
  if (!dhcp) return voices;
  InterfaceVoices listings;
  for (const auto& voice : voices)
    if (voice.trust != Trust::Configuration) listings.push_back(voice);
  return listings;
}

/// A listing's 0.0.0.0 for an interface that is switched off says that it is off.
bool same_address(net::Ipv4Address used, net::Ipv4Address other, bool enabled) {
  return used == other || (!enabled && other.is_unspecified());
}

void merge_address(Merge& merge, const InterfaceVoices& all, model::Interface& interface) {
  const auto voices = voices_on_address(all, interface.dhcp);
  if (voices.empty()) return;
  const auto same = [&](auto a, auto b) { return same_address(a, b, interface.enabled); };
  const auto* address = settle(merge, voices, &InterfaceFact::address, {interface.name, "address", true}, same);
  const auto* netmask = settle(merge, voices, &InterfaceFact::netmask, {interface.name, "netmask", true}, same);
  adopt(interface, "address", address, interface.address);
  adopt(interface, "netmask", netmask, interface.netmask);
}

void take_variables(Merge& merge, const InterfaceVoices& voices) {
  for (const auto& voice : voices)
    for (const auto& variable : voice.fact->unresolved) {
      model::Doubt doubt;
      doubt.kind = model::Doubt::Kind::Variable;
      doubt.interface = voice.fact->name;
      doubt.values = {variable};
      doubt.script_needs_it = true;
      merge.host.doubts.push_back(std::move(doubt));
    }
}

std::string stack_of(const Merge& merge, std::string_view name, const Said<std::string>* said) {
  if (said != nullptr) return said->value;
  if (name.starts_with("vswif")) return std::string(model::kConsole);
  return std::string(merge.host.classic() ? model::kVmkernel : model::kDefaultStack);
}

model::Interface merge_interface(Merge& merge, const Named<InterfaceFact>& named) {
  const auto& voices = named.voices;
  model::Interface out;
  out.name = out.from = named.name;
  out.origins.set("name", voices.front().fact->at);
  const auto* stack = settle(merge, voices, &InterfaceFact::stack, {out.name, "stack"});
  out.stack = stack_of(merge, out.name, stack);
  if (stack != nullptr) out.origins.set("stack", stack->at);
  adopt(out, "dhcp", settle(merge, voices, &InterfaceFact::dhcp, {out.name, "dhcp", true}), out.dhcp);
  adopt(out, "peer_dns", settle(merge, voices, &InterfaceFact::peer_dns, {out.name, "peer_dns"}), out.peer_dns);
  adopt(out, "enabled", settle(merge, voices, &InterfaceFact::enabled, {out.name, "enabled", true}), out.enabled);
  merge_address(merge, voices, out);
  adopt(out, "mac", settle(merge, voices, &InterfaceFact::mac, {out.name, "mac"}), out.mac);
  adopt(out, "mtu", settle(merge, voices, &InterfaceFact::mtu, {out.name, "mtu"}, same_mtu), out.mtu);
  if (out.mtu == 1514U) out.mtu = 1500;
  adopt(out, "gateway_override", settle(merge, voices, &InterfaceFact::gateway, {out.name, "gateway"}),
        out.gateway_override);
  take_variables(merge, voices);
  return out;
}

/// Where an interface stands in the order of creation: esx.conf keeps slots in that order, a listing prints rows.
struct Birth {
  Trust trust = Trust::Inventory;
  unsigned slot = ~0U;
};

Birth birth_of(const InterfaceVoices& voices) {
  for (const auto& voice : voices)
    if (voice.fact->slot) return {voice.trust, *voice.fact->slot};
  return {};
}

/// The console's interfaces by number, the VMkernel's by birth. Ranks are compared within one stack only.
void rank(std::vector<model::Interface>& interfaces, const std::vector<Birth>& births) {
  std::vector<std::size_t> order(interfaces.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const bool console_a = interfaces[a].is_vswif();
    const bool console_b = interfaces[b].is_vswif();
    if (console_a != console_b) return console_a;
    if (console_a) return false;  // in natural order already
    if (births[a].trust != births[b].trust) return births[a].trust > births[b].trust;
    return births[a].slot < births[b].slot;
  });
  for (std::size_t i = 0; i < order.size(); ++i) interfaces[order[i]].created = static_cast<std::uint16_t>(i);
}

}  // namespace

void merge_interfaces(Merge& merge) {
  auto all = by_name(merge.files, &Facts::interfaces, &InterfaceFact::name);
  std::stable_partition(all.begin(), all.end(),
                        [](const Named<InterfaceFact>& named) { return named.name.starts_with("vswif"); });
  auto& interfaces = merge.host.before.interfaces;
  std::vector<Birth> births;
  for (const auto& named : all) {
    if (!is_interface_name(named.name)) {
      merge.note(Severity::Warning, "interface-name", named.voices.front().fact->at,
                 "an interface whose name is neither vswifN nor vmkN is left out");
      continue;
    }
    interfaces.push_back(merge_interface(merge, named));
    births.push_back(birth_of(named.voices));
  }
  rank(interfaces, births);
  std::size_t next = 0;
  for (const auto& named : all)
    if (is_interface_name(named.name)) attach(merge, named.voices, interfaces[next++]);
  doubts_of_groups_to_interfaces(merge);
}

}  // namespace esx2esxi::intake
