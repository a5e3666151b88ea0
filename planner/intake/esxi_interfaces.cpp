// VMkernel interfaces of ESXi 5.0 to 8.0.
//
// Facts relied on: `interface list` has "Netstack Instance" from 5.5 on, before there is one stack; off a distributed
// switch "VDS Name: N/A", on one "Portgroup: N/A" (seen). "Address Type" is STATIC, DHCP or NONE (seen). The Gateway
// column of `ipv4 get` (6.5 and later) shows the stack's default gateway at the interface it leaves by, so that it
// proves no gateway of the interface's own unless the two differ (seen).
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esxi_call.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

std::string name_of(const Record& record) {
  for (const auto key : {"name", "interface"})
    if (const auto name = record[key]; is_numbered(name, "vmk")) return std::string(name);
  return is_numbered(record.id, "vmk") ? record.id : std::string();
}

/// No listing of ESXi shows the order of creation; numbers are handed out in order.
unsigned rank_of(std::string_view name) { return static_cast<unsigned>(*number(name.substr(3))); }

InterfaceFact interface_at(const Values& values, const Record& record, const std::string& name) {
  InterfaceFact fact;
  fact.name = name;
  fact.at = values.at(record);
  fact.slot = rank_of(name);
  return fact;
}

/// The record gives a value that could not be read.
void lose_unless(bool known, const Values& values, const Record& record, std::string_view key, std::string_view name,
                 std::string_view field, Facts& facts) {
  const auto* given = record.find(key);
  if (!known && given && !given->value.empty() && given->value != "N/A")
    facts.lost.push_back({LostFact::Of::Interface, std::string(name), std::string(field), {}, values.at(*given)});
}

std::string stack_of(const EsxiCall& call, const Record& record) {
  const auto named = record["netstackinstance"];
  return named.empty() ? call.netstack() : std::string(named);
}

/// What the stack carries without any tag.
void add_service_of_stack(const InterfaceFact& fact, Facts& facts) {
  if (fact.stack->value == model::kVmotionStack)
    facts.services.push_back({model::Service::VMotion, fact.name, fact.stack->at});
  if (fact.stack->value == model::kProvisioningStack)
    facts.services.push_back({model::Service::VSphereProvisioning, fact.name, fact.stack->at});
}

/// The stack an interface is known to be on; in an output without -N that is the default one if nothing else says so.
std::string known_stack(const EsxiCall& call, const std::string& name) {
  const auto it = call.context.stacks.find(name);
  return it == call.context.stacks.end() ? call.netstack() : it->second;
}

/// Decides what the Gateway column means; see above.
void read_gateway(const EsxiCall& call, const Values& values, const Record& record, InterfaceFact& fact, Facts& facts) {
  const auto shown = values.address(record, "gateway");
  if (!shown || shown->value.is_unspecified()) return;
  const auto stack = known_stack(call, fact.name);
  const auto known = call.context.gateways.find(stack);
  if (known != call.context.gateways.end() && known->second == shown->value) return;
  if (known == call.context.gateways.end() && !call.context.routed.contains(stack)) {
    values.warn(shown->at, "gateway-unclear",
                fmt::format("{} may be the default gateway of the stack or {}'s own: the route list is missing",
                            shown->value, fact.name),
                "add the output of: esxcli network ip route ipv4 list -N " + stack);
    return;
  }
  if (fact.dhcp && fact.dhcp->value) {
    values.note(shown->at, "gateway-of-lease",
                fmt::format("the gateway {} came with {}'s lease", shown->value, fact.name));
    return;
  }
  fact.gateway = shown;
  (void)facts;
}

void read_address(const EsxiCall& call, const Values& values, const Record& record, Facts& facts) {
  const auto name = name_of(record);
  if (name.empty()) return;
  auto fact = interface_at(values, record, name);
  const auto* type = record.find("addresstype");
  if (type && equals_ignoring_case(type->value, "DHCP")) fact.dhcp = Said<bool>{true, values.at(*type)};
  if (type && (equals_ignoring_case(type->value, "STATIC") || equals_ignoring_case(type->value, "NONE")))
    fact.dhcp = Said<bool>{false, values.at(*type)};
  lose_unless(fact.dhcp.has_value(), values, record, "addresstype", name, "dhcp", facts);
  const bool none = type && equals_ignoring_case(type->value, "NONE");
  if (!none) {
    fact.address = values.address(record, "ipv4address");
    fact.netmask = values.address(record, "ipv4netmask");
  }
  fact.peer_dns = values.flag(record, "dhcpdns");
  if (const auto words = esxcli_words(call.command); !words.option({"-N", "--netstack"}).empty())
    fact.stack = Said<std::string>{call.netstack(), {call.file, call.line, 1}};
  read_gateway(call, values, record, fact, facts);
  facts.interfaces.push_back(std::move(fact));
}

}  // namespace

Facts read_interface_list(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) {
    const auto name = name_of(record);
    if (name.empty()) continue;
    auto fact = interface_at(values, record, name);
    fact.enabled = values.flag(record, "enabled");
    lose_unless(fact.enabled.has_value(), values, record, "enabled", name, "enabled", facts);
    fact.portgroup = values.text(record, "portgroup");
    fact.dvs = values.text(record, "vdsname");
    fact.dvport = values.text(record, "vdsport");
    fact.mac = values.mac(record, "macaddress");
    fact.mtu = values.number(record, "mtu");
    lose_unless(fact.mtu.has_value(), values, record, "mtu", name, "mtu", facts);
    const auto* stack = record.find("netstackinstance");
    fact.stack = Said<std::string>{stack_of(call, record), stack ? values.at(*stack) : fact.at};
    add_service_of_stack(fact, facts);
    facts.interfaces.push_back(std::move(fact));
  }
  facts.lists_vmknics = true;
  return facts;
}

void learn_stacks(const EsxiCall& call, EsxiContext& context) {
  for (const auto& record : call.output.records)
    if (const auto name = name_of(record); !name.empty()) context.stacks[name] = stack_of(call, record);
}

Facts read_ipv4_get(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  for (const auto& record : call.output.records) read_address(call, values, record, facts);
  return facts;
}

Facts read_tag_get(const EsxiCall& call) {
  Facts facts;
  const Values values(call, facts);
  const auto words = esxcli_words(call.command);
  const std::string interface(words.option({"-i", "--interface-name"}));
  const Origin here{call.file, call.line, 1};
  if (!is_numbered(interface, "vmk")) {
    values.warn(here, "interface-unknown", "the command does not say whose tags these are", "use -i vmkN");
    return facts;
  }
  for (const auto& record : call.output.records) {
    const auto* field = record.find("tags") ? record.find("tags") : record.find("");
    for (const auto& tag : items_of(field)) {
      if (const auto service = model::service_named(tag)) {
        facts.services.push_back({*service, interface, values.at(*field)});
      } else {
        values.note(values.at(*field), "tag-unknown",
                    fmt::format("the tag '{}' on {} is not looked at", excerpt(tag), interface));
      }
    }
  }
  return facts;
}

}  // namespace esx2esxi::intake
