// Sources that each tell all of a kind, and do not tell the same: one of them is wrong, or older than the other.
//
// Facts relied on: esx.conf holds every VMkernel interface and leaves an MTU of 1500 out; `esxcfg-vmknic -l`,
// `esxcfg-vswif -l`, `esxcfg-route -l`, `route -n` and `esxcfg-nas -l` print all there is (seen). What a source cannot
// know is no contradiction: the tree of a console does not list its routes, an inventory knows no mounts.
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

using Value = Said<std::string>;
using Of = LostFact::Of;

bool loses_any(const FileFacts& file, Of of) {
  const auto& all = file.facts.lost;
  return std::any_of(all.begin(), all.end(), [&](const LostFact& lost) { return lost.of == of; });
}

/// Where a list stands, for what is not in it.
Origin place_of(const FileFacts& file) {
  const auto& facts = file.facts;
  if (!facts.interfaces.empty()) return facts.interfaces.front().at;
  if (!facts.routes.empty()) return facts.routes.front().at;
  if (!facts.gateways.empty()) return facts.gateways.front().at;
  if (!facts.nfs.empty()) return facts.nfs.front().at;
  return {FileName(file.path), 0, 0};
}

Origin origin_of(const model::Origins& origins, std::string_view field) {
  const auto* at = origins.find(field);
  return at ? *at : origins.any();
}

/// `route -n` or `esxcfg-route -l` as a whole: not one interface's or one destination's, as `ip route` may print them.
bool lists_all_routes(const FileFacts& file, std::string_view stack) {
  if (!file.facts.lists_routes || file.facts.cut_off || loses_any(file, Of::Gateway) || loses_any(file, Of::Route))
    return false;
  const auto path = lower(file.path);
  for (const std::string_view part : {"ip route", "ip_route", "ip-route", "v6"})
    if (path.find(part) != std::string::npos) return false;
  return file.importer->read == (stack == model::kConsole ? read_route : read_esxcfg_route);
}

void compare_gateway(Merge& merge, const model::Stack& stack, const FileFacts& file) {
  const auto& all = file.facts.gateways;
  const auto of_stack = [&](const GatewayFact& fact) { return fact.stack == stack.name; };
  if (!stack.gateway || std::any_of(all.begin(), all.end(), of_stack)) return;
  merge.contradict({"", stack.name + " gateway", true},
                   Value{to_string(*stack.gateway), origin_of(stack.origins, "gateway")},
                   Value{"none", place_of(file)});
}

void compare_routes(Merge& merge, const model::Stack& stack, const FileFacts& file) {
  const auto& all = file.facts.routes;
  for (const auto& route : stack.routes) {
    const auto same = [&](const RouteFact& fact) { return fact.stack == stack.name && fact.network == route.network; };
    if (std::any_of(all.begin(), all.end(), same)) continue;
    merge.contradict({"", fmt::format("{} route to {}", stack.name, route.network), true},
                     Value{to_string(route.next_hop), origin_of(route.origins, "next_hop")},
                     Value{"none", place_of(file)});
  }
}

/// A list of all interfaces of that kind. An esx.conf without any may be a part of one.
bool lists_interfaces(const FileFacts& file, bool vswifs) {
  const auto& facts = file.facts;
  if (facts.cut_off || loses_any(file, Of::Interface) || !(vswifs ? facts.lists_vswifs : facts.lists_vmknics))
    return false;
  return file.importer->read != read_esx_conf || !facts.interfaces.empty();
}

/// An interface that one source has and a complete list has not. Lists may leave out what is switched off.
void compare_interface(Merge& merge, const model::Interface& interface) {
  if (!interface.enabled) return;
  for (const auto& file : merge.files) {
    const auto& all = file.facts.interfaces;
    const auto same = [&](const InterfaceFact& fact) { return fact.name == interface.name; };
    if (!lists_interfaces(file, interface.is_vswif()) || std::any_of(all.begin(), all.end(), same)) continue;
    merge.contradict({interface.name, "presence", true}, Value{"present", origin_of(interface.origins, "name")},
                     Value{"absent", place_of(file)});
  }
}

/// A list without any mount may be one that failed.
bool lists_mounts(const FileFacts& file) {
  const bool reads_all = file.importer->read == read_esx_conf || file.importer->read == read_esxcfg_nas;
  return reads_all && !file.facts.nfs.empty() && !file.facts.cut_off && !loses_any(file, Of::Mount);
}

void compare_mount(Merge& merge, const model::NfsMount& mount) {
  for (const auto& file : merge.files) {
    const auto& all = file.facts.nfs;
    const auto same = [&](const NfsFact& fact) { return same_name(fact.label, mount.label); };
    if (!lists_mounts(file) || std::any_of(all.begin(), all.end(), same)) continue;
    merge.contradict({"", "NFS mount", false, mount.label}, Value{mount.server, origin_of(mount.origins, "label")},
                     Value{"absent", place_of(file)});
  }
}

bool shows_another_mtu(const std::optional<unsigned>& mtu) {
  constexpr unsigned usual = 1500;
  return mtu && !same_mtu(*mtu, usual);
}

/// Silence of esx.conf means 1500.
void compare_mtus(Merge& merge, const FileFacts& conf) {
  const auto& state = merge.host.before;
  for (const auto& fact : conf.facts.interfaces) {
    const auto* known = state.interface(fact.name);
    if (known && !known->is_vswif() && !fact.mtu && shows_another_mtu(known->mtu) &&
        !loses(conf, Of::Interface, fact.name))
      merge.contradict({known->name, "mtu"}, Value{std::to_string(*known->mtu), origin_of(known->origins, "mtu")},
                       Value{"1500", fact.at});
  }
  for (const auto& fact : conf.facts.switches) {
    const auto* known = state.switch_named(fact.name);
    if (known && !known->distributed && !fact.mtu && shows_another_mtu(known->mtu) &&
        !loses(conf, Of::Switch, fact.name))
      merge.contradict({"", "mtu", false, known->name},
                       Value{std::to_string(*known->mtu), origin_of(known->origins, "mtu")}, Value{"1500", fact.at});
  }
}

}  // namespace

void check_agreement(Merge& merge) {
  if (!merge.host.classic()) return;
  const auto& state = merge.host.before;
  for (const auto& stack : state.stacks)
    for (const auto& file : merge.files) {
      if (!lists_all_routes(file, stack.name)) continue;
      compare_gateway(merge, stack, file);
      compare_routes(merge, stack, file);
    }
  for (const auto& interface : state.interfaces) compare_interface(merge, interface);
  for (const auto& mount : state.nfs) compare_mount(merge, mount);
  for (const auto& file : merge.files)
    if (file.importer->read == read_esx_conf && !file.facts.cut_off) compare_mtus(merge, file);
}

}  // namespace esx2esxi::intake
