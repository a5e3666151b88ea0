#include "esx2esxi/core/utf8.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace esx2esxi {
namespace {

TEST_CASE("well-formed UTF-8 stays as it is") {
  for (const auto* text : {"", "plain", "K\xc3\xbchlhaus", "\xe2\x80\xae", "\xf0\x9f\x9a\xa2", "\xf4\x8f\xbf\xbf"})
    CHECK(valid_utf8(text) == text);
}

TEST_CASE("each byte outside a well-formed character becomes one replacement character") {
  const std::string r = "\xef\xbf\xbd";
  CHECK(valid_utf8("\xff") == r);
  CHECK(valid_utf8("a\xfc"
                   "b") == "a" + r + "b");
  CHECK(valid_utf8("\xc3") == r);                          // cut off
  CHECK(valid_utf8("\xc0\xaf") == r + r);                  // overlong slash
  CHECK(valid_utf8("\xe0\x80\x80") == r + r + r);          // overlong
  CHECK(valid_utf8("\xed\xa0\x80") == r + r + r);          // surrogate
  CHECK(valid_utf8("\xf4\x90\x80\x80") == r + r + r + r);  // above U+10FFFF
  CHECK(valid_utf8("\xe2\x80z") == r + r + "z");
}

TEST_CASE("the place of the first byte outside a well-formed character") {
  CHECK(malformed_at("") == std::string_view::npos);
  CHECK(malformed_at("a\xc3\xa4\xe2\x82\xac") == std::string_view::npos);
  CHECK(malformed_at("a\xc3\xa4\xff!") == 3);
  CHECK(malformed_at("ab\xe2\x82") == 2);
  for (std::size_t at = 0; at < 40; ++at) {
    std::string text(40, 'a');
    text.replace(at / 2, 2, "\xc3\xa4");
    CHECK(malformed_at(text) == std::string_view::npos);
    if (at < at / 2 + 2) continue;
    text[at] = '\xff';
    CHECK(malformed_at(text) == at);
  }
}

TEST_CASE("UTF-16 is told by its mark or by its first letters, in both orders") {
  using namespace std::string_literals;
  const auto text = "K\xc3\xbch\xf0\x9f\x9a\xa2\r\n"s;
  const auto little = "K\0\xfc\0h\0\x3d\xd8\xa2\xde\r\0\n\0"s;
  const auto big = "\0K\0\xfc\0h\xd8\x3d\xde\xa2\0\r\0\n"s;
  CHECK(utf8_of_utf16("\xff\xfe" + little) == text);
  CHECK(utf8_of_utf16("\xfe\xff" + big) == text);
  CHECK(utf8_of_utf16("a\0b\0"s) == "ab");
  CHECK(utf8_of_utf16("\0a\0b"s) == "ab");
  CHECK(utf8_of_utf16("\xff\xfe"s) == "");
  for (const auto& other : {""s, "ab"s, "plain text"s, "a\0b"s, "\0\0\0\0"s, "PK\x03\x04"s})
    CHECK_FALSE(utf8_of_utf16(other).has_value());
}

TEST_CASE("what is malformed in UTF-16 becomes a replacement character") {
  using namespace std::string_literals;
  const std::string r = "\xef\xbf\xbd";
  CHECK(utf8_of_utf16("\xff\xfe\x3d\xd8"s) == r);              // half a pair
  CHECK(utf8_of_utf16("\xff\xfe\xa2\xde\x41\0"s) == r + "A");  // the other half
  CHECK(utf8_of_utf16("\xff\xfe\x41\0\x42"s) == "A" + r);      // cut off
}

}  // namespace
}  // namespace esx2esxi
