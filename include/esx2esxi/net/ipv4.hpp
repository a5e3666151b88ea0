#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi::net {

/// An IPv4 address: a regular value, ordered, usable in constant expressions.
class Ipv4Address {
 public:
  constexpr Ipv4Address() = default;

  static constexpr Ipv4Address from_bits(std::uint32_t bits) { return Ipv4Address{bits}; }

  /// Exactly four decimal octets. No leading zeros: the files come from shells and hands, and "010" has meant both
  /// 8 and 10; no letters: a damaged "1O.0.0.5" is refused, never guessed.
  static constexpr Parsed<Ipv4Address> parse(std::string_view text);

  constexpr std::uint32_t bits() const { return bits_; }
  constexpr bool is_unspecified() const { return bits_ == 0; }
  /// 169.254/16 (RFC 3927): what an interface shows that found no DHCP server.
  constexpr bool is_link_local() const { return bits_ >> 16 == 0xa9fe; }

  friend constexpr auto operator<=>(Ipv4Address, Ipv4Address) = default;

 private:
  constexpr explicit Ipv4Address(std::uint32_t bits) : bits_(bits) {}

  std::uint32_t bits_ = 0;  // host order
};

constexpr Parsed<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  std::uint32_t bits = 0;
  std::uint32_t at = 0;
  const auto fault = [&](std::string_view what) { return tl::unexpected(ParseFault{what, at}); };
  for (int octet = 0; octet < 4; ++octet) {
    if (octet > 0) {
      if (at >= text.size() || text[at] != '.') return fault("not four octets with dots between");
      ++at;
    }
    const auto start = at;
    std::uint32_t value = 0;
    while (at < text.size() && at - start < 3 && text[at] >= '0' && text[at] <= '9')
      value = value * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    if (at == start) return fault("a character that is no decimal digit");
    if (at - start > 1 && text[start] == '0') return fault("an octet with a leading zero");
    if (value > 255) return fault("an octet above 255");
    bits = bits << 8 | value;
  }
  if (at != text.size()) return fault("characters after the fourth octet");
  return from_bits(bits);
}

/// A network: an address with no host bits set. Cannot be built otherwise.
class Ipv4Prefix {
 public:
  constexpr Ipv4Prefix() = default;

  /// The prefix of this length that `address` lies in; none if length > 32.
  static constexpr std::optional<Ipv4Prefix> containing(Ipv4Address address, unsigned length) {
    if (length > 32) return std::nullopt;
    return Ipv4Prefix{Ipv4Address::from_bits(address.bits() & mask_bits(length)), length};
  }

  /// "10.0.0.0/8"; host bits must be zero ("10.0.0.1/8" is a typing error somewhere, not a network).
  static constexpr Parsed<Ipv4Prefix> parse(std::string_view text);

  constexpr Ipv4Address network() const { return network_; }
  constexpr Ipv4Address netmask() const { return Ipv4Address::from_bits(mask_bits(length_)); }
  constexpr Ipv4Address broadcast() const { return Ipv4Address::from_bits(network_.bits() | ~mask_bits(length_)); }
  constexpr unsigned length() const { return length_; }

  constexpr bool contains(Ipv4Address a) const { return (a.bits() & mask_bits(length_)) == network_.bits(); }
  constexpr bool contains(Ipv4Prefix other) const { return length_ <= other.length_ && contains(other.network_); }
  constexpr bool overlaps(Ipv4Prefix other) const { return contains(other.network_) || other.contains(network_); }

  friend constexpr auto operator<=>(Ipv4Prefix, Ipv4Prefix) = default;

 private:
  constexpr Ipv4Prefix(Ipv4Address network, unsigned length) : network_(network), length_(length) {}

  static constexpr std::uint32_t mask_bits(unsigned length) {
    return length == 0 ? 0U : ~0U << (32 - length);  // a shift by 32 is undefined
  }

  Ipv4Address network_;
  unsigned length_ = 0;
};

constexpr Parsed<Ipv4Prefix> Ipv4Prefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos)
    return tl::unexpected(ParseFault{"no slash and length", static_cast<std::uint32_t>(text.size())});
  const auto address = Ipv4Address::parse(text.substr(0, slash));
  if (!address) return tl::unexpected(address.error());
  const auto digits = text.substr(slash + 1);
  const auto at = static_cast<std::uint32_t>(slash + 1);
  if (digits.empty() || digits.size() > 2) return tl::unexpected(ParseFault{"a length outside 0 to 32", at});
  unsigned length = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return tl::unexpected(ParseFault{"a length that is no number", at});
    length = length * 10 + static_cast<unsigned>(c - '0');
  }
  const auto prefix = containing(*address, length);
  if (!prefix || (digits.size() == 2 && digits.front() == '0'))
    return tl::unexpected(ParseFault{"a length outside 0 to 32", at});
  if (prefix->network() != *address) return tl::unexpected(ParseFault{"host bits set in a network", 0});
  return *prefix;
}

/// 255.255.255.0 -> 24; none for a mask with holes.
constexpr std::optional<unsigned> prefix_length(Ipv4Address netmask) {
  const auto ones = static_cast<unsigned>(std::countl_one(netmask.bits()));
  if (std::popcount(netmask.bits()) != static_cast<int>(ones)) return std::nullopt;
  return ones;
}

/// Addresses `first` to `last`, both included; `first <= last` by construction.
class Ipv4Range {
 public:
  constexpr Ipv4Range() = default;
  constexpr explicit Ipv4Range(Ipv4Address one) : first_(one), last_(one) {}
  constexpr explicit Ipv4Range(Ipv4Prefix p) : first_(p.network()), last_(p.broadcast()) {}
  static constexpr std::optional<Ipv4Range> make(Ipv4Address first, Ipv4Address last) {
    if (last < first) return std::nullopt;
    Ipv4Range range;
    range.first_ = first;
    range.last_ = last;
    return range;
  }

  /// "A", "A-B" or "A/LEN"
  static constexpr Parsed<Ipv4Range> parse(std::string_view text);

  constexpr Ipv4Address first() const { return first_; }
  constexpr Ipv4Address last() const { return last_; }
  constexpr bool contains(Ipv4Address a) const { return first_ <= a && a <= last_; }
  constexpr std::uint64_t size() const { return std::uint64_t{last_.bits()} - first_.bits() + 1; }

  friend constexpr auto operator<=>(Ipv4Range, Ipv4Range) = default;

 private:
  Ipv4Address first_;
  Ipv4Address last_;
};

constexpr Parsed<Ipv4Range> Ipv4Range::parse(std::string_view text) {
  if (text.find('/') != std::string_view::npos) {
    const auto prefix = Ipv4Prefix::parse(text);
    if (!prefix) return tl::unexpected(prefix.error());
    return Ipv4Range(*prefix);
  }
  const auto dash = text.find('-');
  const auto first = Ipv4Address::parse(text.substr(0, dash));
  if (!first) return tl::unexpected(first.error());
  if (dash == std::string_view::npos) return Ipv4Range(*first);
  const auto at = static_cast<std::uint32_t>(dash + 1);
  const auto last = Ipv4Address::parse(text.substr(dash + 1));
  if (!last) return tl::unexpected(ParseFault{last.error().what, at + last.error().offset});
  const auto range = make(*first, *last);
  if (!range) return tl::unexpected(ParseFault{"a range that ends before it begins", at});
  return *range;
}

std::string to_string(Ipv4Address address);
std::string to_string(Ipv4Prefix prefix);
std::string to_string(Ipv4Range range);  ///< "A" or "A-B"

static_assert((*Ipv4Address::parse("10.0.0.5")).bits() == 0x0a000005);
static_assert(!Ipv4Address::parse("10.0.0.05") && !Ipv4Address::parse("10.0.0.5 ") && !Ipv4Address::parse("1O.0.0.5"));
static_assert(Ipv4Prefix::containing(*Ipv4Address::parse("10.0.0.5"), 0)->contains(Ipv4Address{}));
static_assert(Ipv4Prefix::parse("10.0.0.0/8") && !Ipv4Prefix::parse("10.0.0.1/8") && !Ipv4Prefix::parse("10.0.0.0/33"));
static_assert(!prefix_length(*Ipv4Address::parse("255.0.255.0")));
static_assert((*Ipv4Range::parse("10.0.0.1-10.0.0.9")).size() == 9 && !Ipv4Range::parse("10.0.0.9-10.0.0.1"));

}  // namespace esx2esxi::net
