#include "host.hpp"

#include <algorithm>
#include <array>

namespace emulator {

Json* Host::find(const char* list, const char* key, const std::string& value) {
  for (auto& item : state_.at(list))
    if (item.contains(key) && item.at(key) == value) return &item;
  return nullptr;
}

Json* Host::vswitch_of(const std::string& name) {
  for (auto& vswitch : state_.at("switches"))
    for (auto& group : vswitch.at("portgroups"))
      if (group.at("name") == name) return &vswitch;
  return nullptr;
}

Json* Host::portgroup(const std::string& name) {
  auto* vswitch = vswitch_of(name);
  if (!vswitch) return nullptr;
  for (auto& group : vswitch->at("portgroups"))
    if (group.at("name") == name) return &group;
  return nullptr;
}

Json& Host::existing_interface(const std::string& name) {
  auto* found = interface(name);
  if (!found) throw Refused("Unable to find VMKernel nic " + name + ": Not found");
  return *found;
}

Json& Host::existing_stack(const std::string& name) {
  auto* found = stack(name);
  if (!found) throw Refused("Unable to find a Netstack instance " + name);
  return *found;
}

Json& Host::existing_portgroup(const std::string& name) {
  auto* found = portgroup(name);
  if (!found) throw Refused("Sysinfo error: Not found");
  return *found;
}

Json* Host::carrier(const std::string& stack, const std::string& address) {
  const auto wanted = ipv4(address);
  for (auto& interface : state_.at("interfaces")) {
    if (interface.at("stack") != stack || !interface.at("enabled") || interface.at("type") == "none") continue;
    const auto own = ipv4(interface.value("address", ""));
    const auto mask = ipv4(interface.value("netmask", ""));
    if (wanted && own && mask && in_network(*wanted, *own, *mask)) return &interface;
  }
  return nullptr;
}

Json Host::uplinks_of(const std::string& name) {
  auto* vswitch = vswitch_of(name);
  const auto& own = portgroup(name)->at("override");
  if (!own.is_null()) return own;
  return {{"active", vswitch->at("active")}, {"standby", vswitch->at("standby")}};
}

std::optional<std::uint32_t> ipv4(const std::string& text) {
  std::uint32_t bits = 0;
  std::size_t at = 0;
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0 && (at >= text.size() || text[at++] != '.')) return std::nullopt;
    const auto start = at;
    std::uint32_t value = 0;
    while (at < text.size() && at - start < 3 && text[at] >= '0' && text[at] <= '9')
      value = value * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    if (at == start || value > 255) return std::nullopt;
    bits = bits << 8 | value;
  }
  if (at != text.size()) return std::nullopt;
  return bits;
}

bool in_network(std::uint32_t address, std::uint32_t of, std::uint32_t mask) { return ((address ^ of) & mask) == 0; }

std::string text_of(std::uint32_t address) {
  std::string out;
  for (const int shift : std::array{24, 16, 8, 0}) {
    if (!out.empty()) out += '.';
    out += std::to_string(address >> shift & 255);
  }
  return out;
}

bool has(const Json& list, const std::string& item) { return std::find(list.begin(), list.end(), item) != list.end(); }

void drop(Json& list, const Json* item) {
  for (std::size_t i = 0; i < list.size(); ++i)
    if (&list[i] == item) {
      list.erase(i);
      return;
    }
}

}  // namespace emulator
