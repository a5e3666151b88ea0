// /etc/sysconfig/network-scripts/ifcfg-vswifN: one interface of the service console. Sourced by bash.
//
//   DEVICE=vswif0
//   MACADDR=00:50:56:43:00:52
//   PORTGROUP="Service Console"
//   BOOTPROTO=static
//   IPADDR=192.168.10.60
//   NETMASK=255.255.255.0
//   ONBOOT=yes
//
// Facts relied on: the last of two equal keys wins (bash); MACADDR counts, not HWADDR; BOOTPROTO none or empty means
// static; ONBOOT is the enabled flag; PORTGROUP is a name or an internal id such as portgroup6, and is absent on a
// distributed switch; BROADCAST and NETWORK may be stale and are not read (seen). PREFIX and MTU are possible
// (assumed).
#include <map>

#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "lines.hpp"
#include "settings.hpp"

namespace esx2esxi::intake {

namespace {

/// "…/ifcfg-vswif1" -> "vswif1"
std::string device_from_name(std::string_view path) {
  path.remove_prefix(path.find_last_of("/!") + 1);  // npos + 1 is 0
  if (!path.starts_with("ifcfg-")) return {};
  path.remove_prefix(6);
  return is_numbered(path, "vswif") ? std::string(path) : std::string();
}

std::optional<bool> truth(std::string_view text) {
  for (const std::string_view yes : {"yes", "y", "true", "t", "on", "1"})
    if (equals_ignoring_case(text, yes)) return true;
  for (const std::string_view no : {"no", "n", "false", "f", "off", "0"})
    if (equals_ignoring_case(text, no)) return false;
  return std::nullopt;
}

class Ifcfg {
 public:
  Ifcfg(Reading& reading, const Settings& settings) : reading_(reading), settings_(settings) {}

  void read() {
    if (settings_.empty() || alias() || !name()) return;
    protocol();
    fact_.address = ipv4("IPADDR");
    netmask();
    fact_.enabled = flag("ONBOOT", "enabled");
    fact_.peer_dns = flag("PEERDNS", {});
    if (const auto* value = usable("PORTGROUP"); value && !value->text.empty())
      fact_.portgroup = Said<std::string>{value->text, value->at};
    mac();
    mtu();
    gateway();
    reading_.facts.interfaces.push_back(std::move(fact_));
  }

 private:
  /// A second address, which ESXi has no place for: it contradicts the first, so that somebody decides.
  bool alias() {
    const auto* device = usable("DEVICE");
    std::string_view name = reading_.file().text();
    name.remove_prefix(name.find_last_of("/!") + 1);
    if (device) name = device->text;
    if (name.starts_with("ifcfg-")) name.remove_prefix(6);
    const auto owner = name.substr(0, name.find(':'));
    if (owner.size() == name.size() || !is_numbered(owner, "vswif")) return false;
    fact_.name = std::string(owner);
    fact_.at = device ? device->at : settings_.first();
    reading_.warn(fact_.at, "ifcfg-alias", fmt::format("an alias gives {} a second address", owner),
                  "ESXi has no aliases: give the address to an interface of its own, or drop it");
    if (const auto on = flag("ONBOOT", {}); on && !on->value) return true;
    fact_.address = ipv4("IPADDR");
    reading_.facts.interfaces.push_back(std::move(fact_));
    return true;
  }

  bool name() {
    const auto from_name = device_from_name(reading_.file().text());
    const auto* device = usable("DEVICE");
    if (!device && from_name.empty()) return false;
    fact_.name = device ? device->text : from_name;
    fact_.at = device ? device->at : settings_.first();
    if (!is_numbered(fact_.name, "vswif")) return false;  // lo, eth0: not the service console's of ESX
    if (!from_name.empty() && from_name != fact_.name)
      reading_.warn(fact_.at, "ifcfg-other-device",
                    fmt::format("the file is named for {} but configures {}", from_name, fact_.name),
                    "DEVICE is what the host goes by");
    return true;
  }

  void protocol() {
    const auto* value = usable("BOOTPROTO");
    if (!value) return lose("dhcp", settings_.find("BOOTPROTO"));
    const auto word = lower(value->text);
    if (word == "dhcp" || word == "bootp")
      fact_.dhcp = Said<bool>{true, value->at};
    else if (word == "static" || word == "none" || word.empty())
      fact_.dhcp = Said<bool>{false, value->at};
    else
      damaged(*value, "static, dhcp or none", "dhcp");
  }

  void mac() {
    const auto* value = usable(settings_.find("MACADDR") ? "MACADDR" : "HWADDR");
    if (!value || value->text.empty()) return;
    const auto parsed = net::Mac::parse(value->text);
    if (!parsed) return damaged(*value, "a MAC address");
    fact_.mac = Said<net::Mac>{*parsed, value->at};
  }

  void mtu() {
    const auto* value = usable("MTU");
    if (!value) return lose("mtu", settings_.find("MTU"));
    if (value->text.empty()) return;
    const auto size = number(value->text);
    if (!size || *size < 68 || *size > 65535) return damaged(*value, "an MTU", "mtu");
    fact_.mtu = Said<unsigned>{static_cast<unsigned>(*size), value->at};
  }

  void netmask() {
    const auto mask = ipv4("NETMASK");
    const auto* prefix = usable("PREFIX");
    if (!prefix) {
      fact_.netmask = mask;
      return;
    }
    const auto length = number(prefix->text);
    const auto network = net::Ipv4Prefix::containing({}, length && *length <= 32 ? static_cast<unsigned>(*length) : 33);
    if (!network) return damaged(*prefix, "a prefix length from 0 to 32");
    if (mask && mask->value != network->netmask())
      return reading_.warn(
          prefix->at, "ifcfg-two-masks",
          fmt::format("PREFIX={} and NETMASK={} contradict each other: neither is taken", *length, mask->value));
    fact_.netmask = mask ? mask : Maybe<net::Ipv4Address>({network->netmask(), prefix->at});
  }

  /// A gateway of the interface's own is a default route of the console by it.
  void gateway() {
    const auto value = ipv4("GATEWAY");
    if (value && !value->value.is_unspecified())
      reading_.facts.gateways.push_back(
          {std::string(model::kConsole), value, Said<std::string>{fact_.name, fact_.at}, value->at});
    if (const auto* given = settings_.find("GATEWAY"); given && !given->text.empty() && !value)
      reading_.lose({LostFact::Of::Gateway, std::string(model::kConsole), {}, {}, given->at});
  }

  Maybe<net::Ipv4Address> ipv4(std::string_view key) {
    const auto* value = usable(key);
    if (!value || value->text.empty()) return std::nullopt;
    return read_address(reading_, *value);
  }

  Maybe<bool> flag(std::string_view key, std::string_view field) {
    const auto* value = usable(key);
    if (!value) lose(field, settings_.find(key));
    if (!value || value->text.empty()) return std::nullopt;
    if (const auto yes = truth(value->text)) return Said<bool>{*yes, value->at};
    damaged(*value, "yes or no", field);
    return std::nullopt;
  }

  void damaged(const Setting& value, std::string_view what, std::string_view field = {}) {
    reading_.warn(value.at, "value-damaged", fmt::format("'{}' is not {}", excerpt(value.text), what));
    lose(field, &value);
  }

  /// A setting of the file that cannot be used, and the field of the interface that stays open by it (empty: none).
  void lose(std::string_view field, const Setting* given) {
    if (given && !field.empty())
      reading_.lose({LostFact::Of::Interface, fact_.name, std::string(field), {}, given->at});
  }

  /// A value that stands in the file; one that a variable stands for is told as unresolved.
  const Setting* usable(std::string_view key) {
    const auto* value = settings_.find(key);
    if (!value || value->unresolved.empty()) return value;
    fact_.unresolved.push_back({value->unresolved, value->at});
    return nullptr;
  }

  Reading& reading_;
  const Settings& settings_;
  InterfaceFact fact_;
};

}  // namespace

Facts read_ifcfg(const Source& source) {
  Reading reading(source);
  const Settings settings(reading);
  Ifcfg(reading, settings).read();
  return reading.take();
}

}  // namespace esx2esxi::intake
