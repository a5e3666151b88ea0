#include "parts.hpp"

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/versions.hpp"

namespace esx2esxi::plan {

std::vector<std::string> tags_of(const model::Interface& interface) {
  std::vector<std::string> out;
  if (interface.stack != model::kDefaultStack) return out;
  for (const auto service : interface.services.list())
    if (const auto* tag = versions().tag_of(service)) out.push_back(tag->name);
  return out;
}

std::vector<model::Service> services_without_tag(const model::Interface& interface) {
  std::vector<model::Service> out;
  if (interface.stack == model::kDefaultStack) return out;
  for (const auto service : interface.services.list()) {
    const bool followed_from_elsewhere = !versions().tag_of(service);
    if (!followed_from_elsewhere && versions().service_of_stack(interface.stack) != service) out.push_back(service);
  }
  return out;
}

std::string services_text(model::Services services) {
  std::vector<std::string> names;
  for (const auto service : services.list()) names.emplace_back(to_string(service));
  return join(names, ", ");
}

std::string addressing_text(const model::Interface& interface) {
  if (interface.dhcp) return interface.peer_dns ? "dhcp with its DNS servers" : "dhcp";
  if (!interface.address || interface.address->is_unspecified()) return "none";
  auto out = to_string(*interface.address);
  if (interface.netmask) out += " " + to_string(*interface.netmask);
  if (interface.gateway_override) out += fmt::format(" gateway {}", *interface.gateway_override);
  return out;
}

bool holds(const model::Interface& interface, net::Ipv4Address next_hop) {
  const auto range = interface.range();
  return interface.enabled && range && range->contains(next_hop);
}

std::string one_line(std::string text) {
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

}  // namespace esx2esxi::plan
