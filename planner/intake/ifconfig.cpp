// `ifconfig`, `ifconfig -a` on the service console: its interfaces as they run.
//
//   vswif0    Link encap:Ethernet  HWaddr 00:50:56:4C:00:09
//             inet addr:10.20.0.130  Bcast:10.20.0.255  Mask:255.255.255.0
//             inet6 addr: fe80::250:56ff:fe4c:9/64 Scope:Link
//             UP BROADCAST RUNNING MULTICAST  MTU:1500  Metric:1
//
// Facts relied on: net-tools' form, MAC in upper case (seen); a block begins with a line that is not indented. In a
// copy that lost its indent, with the line that holds "Link encap". Other languages than English are refused: their
// words differ.
#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

/// What stands behind `label` up to the next blank; empty: not there.
std::string_view behind(std::string_view text, std::string_view label) {
  const auto at = text.find(label);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + label.size());
  return rest.substr(0, std::min(rest.find_first_of(" \t"), rest.size()));
}

class Blocks {
 public:
  explicit Blocks(Reading& reading) : reading_(reading) {}

  void read(const Line& line) {
    const auto text = trim(line.text);
    if (text.empty() || find_prompt(text)) return void(current_ = kNone);
    const auto encap = text.find("Link encap");
    if (encap != std::string_view::npos || line.text.front() > ' ') {
      const auto name = text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
      if (encap != std::string_view::npos || is_numbered(name, "vswif")) return open(line, name, text);
    }
    if (current_ == kNone) return other_ ? void() : reading_.unknown(line);
    detail(line, text, reading_.facts.interfaces[current_]);
  }

 private:
  void open(const Line& line, std::string_view name, std::string_view text) {
    current_ = kNone;
    other_ = true;
    if (!is_numbered(name, "vswif")) return;  // lo, vmnicN, and aliases such as vswif0:1
    InterfaceFact fact;
    fact.name = std::string(name);
    fact.at = reading_.at(line, name);
    if (const auto mac = behind(text, "HWaddr "); !mac.empty()) fact.mac = reading_.mac(line, mac);
    current_ = reading_.facts.interfaces.size();
    reading_.facts.interfaces.push_back(std::move(fact));
  }

  void detail(const Line& line, std::string_view text, InterfaceFact& fact) {
    if (text.starts_with("inet ")) return inet(line, text, fact);
    if (const auto mtu = behind(text, " MTU:"); !mtu.empty()) {
      fact.mtu = reading_.mtu(line, mtu);
      fact.enabled = reading_.said(line, text, text.starts_with("UP "));
    }
  }

  void inet(const Line& line, std::string_view text, InterfaceFact& fact) {
    const auto address = behind(text, "inet addr:");
    const auto mask = behind(text, " Mask:");
    if (address.empty() || mask.empty()) {
      return reading_.warn(
          reading_.at(line, text), "row-damaged",
          fmt::format("the address line of {} is not in ifconfig's English form and was refused", fact.name),
          "save the output of LANG=C ifconfig -a");
    }
    fact.address = reading_.address(line, address);
    fact.netmask = reading_.address(line, mask);
  }

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  Reading& reading_;
  std::size_t current_ = kNone;
  bool other_ = false;  ///< inside some block: its lines are known to be of no interest
};

}  // namespace

Facts read_ifconfig(const Source& source) {
  Reading reading(source);
  Blocks blocks(reading);
  reading.for_each_line([&](const Line& line) { blocks.read(line); });
  return reading.take();
}

}  // namespace esx2esxi::intake
