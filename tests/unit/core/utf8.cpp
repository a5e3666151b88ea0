#include "esx2esxi/core/utf8.hpp"

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

}  // namespace
}  // namespace esx2esxi
