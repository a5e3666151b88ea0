#pragma once

#include <fmt/format.h>

#include "esx2esxi/core/origin.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "esx2esxi/net/link.hpp"

namespace esx2esxi {

/// fmt for every value type that has a `to_string` of its own.
template <class T>
struct PrintsItself : fmt::formatter<std::string_view> {
  auto format(const T& value, fmt::format_context& ctx) const {
    return fmt::formatter<std::string_view>::format(to_string(value), ctx);
  }
};

}  // namespace esx2esxi

template <>
struct fmt::formatter<esx2esxi::Origin> : esx2esxi::PrintsItself<esx2esxi::Origin> {};
template <>
struct fmt::formatter<esx2esxi::net::Ipv4Address> : esx2esxi::PrintsItself<esx2esxi::net::Ipv4Address> {};
template <>
struct fmt::formatter<esx2esxi::net::Ipv4Prefix> : esx2esxi::PrintsItself<esx2esxi::net::Ipv4Prefix> {};
template <>
struct fmt::formatter<esx2esxi::net::Ipv4Range> : esx2esxi::PrintsItself<esx2esxi::net::Ipv4Range> {};
template <>
struct fmt::formatter<esx2esxi::net::Mac> : esx2esxi::PrintsItself<esx2esxi::net::Mac> {};
