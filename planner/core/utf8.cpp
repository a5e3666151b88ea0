#include "esx2esxi/core/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace esx2esxi {

namespace {

struct Lead {
  std::size_t length = 0;    // of the sequence; 0: no lead byte
  std::uint8_t low = 0x80;   // what the second byte may be: overlong forms, surrogates and values above U+10FFFF are
  std::uint8_t high = 0xbf;  // refused there
};

Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1};
  if (byte < 0xc2) return {};
  if (byte < 0xe0) return {2};
  if (byte == 0xe0) return {3, 0xa0};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte < 0xf0) return {3};
  if (byte == 0xf0) return {4, 0x90};
  if (byte < 0xf4) return {4};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {};
}

/// Length of the well-formed character at the start of `text`; 0 if there is none.
std::size_t character_at(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto lead = lead_of(byte(0));
  if (lead.length == 0 || lead.length > text.size()) return 0;
  for (std::size_t i = 1; i < lead.length; ++i) {
    const std::uint8_t low = i == 1 ? lead.low : 0x80;
    const std::uint8_t high = i == 1 ? lead.high : 0xbf;
    if (byte(i) < low || byte(i) > high) return 0;
  }
  return lead.length;
}

constexpr char32_t kReplacement = 0xfffd;

void append(std::string& out, char32_t c) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    tail(12), tail(6), tail(0);
  }
}

enum class Order { Little, Big };

std::optional<Order> order_of(std::string_view text) {
  if (text.starts_with("\xff\xfe")) return Order::Little;
  if (text.starts_with("\xfe\xff")) return Order::Big;
  const auto ascii = [&](std::size_t i) { return text[i] > 0; };
  if (text.size() < 4) return std::nullopt;
  if (ascii(0) && text[1] == 0 && ascii(2) && text[3] == 0) return Order::Little;
  if (text[0] == 0 && ascii(1) && text[2] == 0 && ascii(3)) return Order::Big;
  return std::nullopt;
}

bool is_high(char32_t unit) { return unit >= 0xd800 && unit < 0xdc00; }
bool is_low(char32_t unit) { return unit >= 0xdc00 && unit < 0xe000; }

}  // namespace

std::optional<std::string> utf8_of_utf16(std::string_view text) {
  const auto order = order_of(text);
  if (!order) return std::nullopt;
  const auto unit = [&](std::size_t i) -> char32_t {
    const auto first = static_cast<std::uint8_t>(text[2 * i]);
    const auto second = static_cast<std::uint8_t>(text[2 * i + 1]);
    return *order == Order::Little ? static_cast<char32_t>(first | second << 8)
                                   : static_cast<char32_t>(first << 8 | second);
  };
  const std::size_t count = text.size() / 2;
  std::string out;
  out.reserve(count);
  for (std::size_t i = unit(0) == 0xfeff ? 1 : 0; i < count; ++i) {
    const auto c = unit(i);
    if (is_high(c) && i + 1 < count && is_low(unit(i + 1)))
      append(out, 0x10000 + ((c - 0xd800) << 10) + (unit(++i) - 0xdc00));
    else
      append(out, is_high(c) || is_low(c) ? kReplacement : c);
  }
  if (text.size() % 2 != 0) append(out, kReplacement);
  return out;
}

std::size_t malformed_at(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    // Nearly all text is ASCII, and every line that is read passes here: eight bytes at a time where it is.
    std::uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const auto length = character_at(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto length = character_at(text);
    out += length == 0 ? std::string_view("\xef\xbf\xbd") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace esx2esxi
