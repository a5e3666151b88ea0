// Layer 2: MAC addresses and VLAN ids.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi::net {

/// A MAC address; printed in lower case with colons, read in either case with colons or dashes.
class Mac {
 public:
  constexpr Mac() = default;

  static constexpr Parsed<Mac> parse(std::string_view text) {
    Mac mac;
    if (text.size() != 17) return tl::unexpected(ParseFault{"not six pairs of hexadecimal digits", 0});
    for (std::uint32_t i = 0; i < 17; ++i) {
      if (i % 3 == 2) {
        if (text[i] != ':' && text[i] != '-') return tl::unexpected(ParseFault{"no colon between the pairs", i});
        continue;
      }
      const int digit = hex(text[i]);
      if (digit < 0) return tl::unexpected(ParseFault{"a character that is no hexadecimal digit", i});
      auto& octet = mac.octets_[i / 3];
      octet = static_cast<std::uint8_t>(octet << 4 | digit);
    }
    return mac;
  }

  constexpr const std::array<std::uint8_t, 6>& octets() const { return octets_; }
  friend constexpr auto operator<=>(const Mac&, const Mac&) = default;

 private:
  static constexpr int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

  std::array<std::uint8_t, 6> octets_{};
};

/// An 802.1Q id on a port group: 0 = untagged, 1 to 4094 = tagged, 4095 = trunk to the guest.
class VlanId {
 public:
  constexpr VlanId() = default;

  static constexpr Parsed<VlanId> make(unsigned id) {
    if (id > 4095) return tl::unexpected(ParseFault{"a VLAN id above 4095", 0});
    return VlanId{static_cast<std::uint16_t>(id)};
  }
  static constexpr Parsed<VlanId> parse(std::string_view text) {
    if (text.empty() || text.size() > 4) return tl::unexpected(ParseFault{"not a VLAN id from 0 to 4095", 0});
    unsigned id = 0;
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] < '0' || text[i] > '9') return tl::unexpected(ParseFault{"a character that is no decimal digit", i});
      id = id * 10 + static_cast<unsigned>(text[i] - '0');
    }
    return make(id);
  }

  constexpr unsigned value() const { return id_; }
  friend constexpr auto operator<=>(VlanId, VlanId) = default;

 private:
  constexpr explicit VlanId(std::uint16_t id) : id_(id) {}
  std::uint16_t id_ = 0;
};

std::string to_string(const Mac& mac);

static_assert(Mac::parse("00:50:56:4B:5e:88") == Mac::parse("00-50-56-4b-5E-88"));
static_assert(!Mac::parse("00:50:56:4B:5e:8J") && !VlanId::parse("4096") && VlanId::parse("4095"));

}  // namespace esx2esxi::net
