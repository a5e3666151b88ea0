// /etc/sysconfig/network: the host's name and the service console's default gateway.
//
//   NETWORKING=yes
//   HOSTNAME=esx01.example.com
//   GATEWAY=192.168.10.1
//   GATEWAYDEV=vswif0
//
// Facts relied on: any order; GATEWAYDEV may be absent; a DHCP host may have no GATEWAY (seen). "localhost" is what the
// installer writes where nobody named the host: it names nothing.
#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "settings.hpp"

namespace esx2esxi::intake {

namespace {

/// The value, unless a variable stands for it: then it is noted as unresolved.
const Setting* usable(Reading& reading, const Settings& settings, std::string_view key) {
  const auto* value = settings.find(key);
  if (!value || value->text.empty()) return nullptr;
  if (value->unresolved.empty()) return value;
  reading.facts.unresolved.push_back({value->unresolved, value->at});
  return nullptr;
}

}  // namespace

Facts read_network(const Source& source) {
  Reading reading(source);
  const Settings settings(reading);
  if (const auto* name = usable(reading, settings, "HOSTNAME"); name && !name->text.starts_with("localhost"))
    reading.facts.hostname = Said<std::string>{name->text, name->at};
  GatewayFact fact;
  fact.stack = std::string(model::kConsole);
  if (const auto* value = usable(reading, settings, "GATEWAY")) fact.gateway = read_address(reading, *value);
  if (const auto* value = settings.find("GATEWAY"); value && !value->text.empty() && !fact.gateway)
    reading.lose({LostFact::Of::Gateway, fact.stack, {}, {}, value->at});
  if (fact.gateway && fact.gateway->value.is_unspecified()) fact.gateway.reset();
  if (const auto* value = usable(reading, settings, "GATEWAYDEV"))
    fact.device = Said<std::string>{value->text, value->at};
  if (fact.gateway || fact.device) {
    fact.at = fact.gateway ? fact.gateway->at : fact.device->at;
    reading.facts.gateways.push_back(std::move(fact));
  }
  return reading.take();
}

}  // namespace esx2esxi::intake
