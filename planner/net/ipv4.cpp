#include "esx2esxi/net/ipv4.hpp"

#include <fmt/format.h>

#include "esx2esxi/net/link.hpp"

namespace esx2esxi::net {

std::string to_string(Ipv4Address a) {
  const auto b = a.bits();
  return fmt::format("{}.{}.{}.{}", b >> 24, b >> 16 & 255, b >> 8 & 255, b & 255);
}

std::string to_string(Ipv4Prefix p) { return fmt::format("{}/{}", to_string(p.network()), p.length()); }

std::string to_string(Ipv4Range r) {
  if (r.first() == r.last()) return to_string(r.first());
  return fmt::format("{}-{}", to_string(r.first()), to_string(r.last()));
}

std::string to_string(const Mac& mac) {
  const auto& o = mac.octets();
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", o[0], o[1], o[2], o[3], o[4], o[5]);
}

}  // namespace esx2esxi::net
