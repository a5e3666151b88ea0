#include <catch2/catch.hpp>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/core/text.hpp"

using namespace esx2esxi;

TEST_CASE("lines end in LF or CRLF, and the last may end in nothing") {
  std::vector<std::pair<std::string, std::uint32_t>> seen;
  for_each_line("a\r\n\nb", [&](std::string_view line, std::uint32_t n) { seen.emplace_back(line, n); });
  CHECK(seen == std::vector<std::pair<std::string, std::uint32_t>>{{"a", 1}, {"", 2}, {"b", 3}});
}

TEST_CASE("names are ordered with numbers by value") {
  CHECK(natural_less("vmk2", "vmk10"));
  CHECK_FALSE(natural_less("vmk10", "vmk2"));
  CHECK(natural_less("vmk", "vmk0"));
  CHECK(natural_less("a1b2", "a1b10"));
  CHECK_FALSE(natural_less("vmk1", "vmk1"));
  CHECK((natural_less("vmk01", "vmk1") != natural_less("vmk1", "vmk01")));  // different names never tie
}

TEST_CASE("numbers are digits only and never overflow") {
  CHECK(number("0128") == 128U);
  for (const auto* bad : {"", "-1", "+1", " 1", "1 ", "0x10", "99999999999999999999"}) CHECK_FALSE(number(bad));
}

TEST_CASE("words and splits keep what is between the separators") {
  CHECK(words("  a \t b\r") == std::vector<std::string_view>{"a", "b"});
  CHECK(split("a,,b,", ',') == std::vector<std::string_view>{"a", "", "b", ""});
  CHECK(trim(" \t x y \r") == "x y");
  CHECK(equals_ignoring_case("ESX01", "esx01"));
}

TEST_CASE("a diagnostic reads FILE:LINE: error: what (what to do)") {
  const Diagnostic d{Severity::Error, "x", {FileName("etc/vmware/esx.conf"), 12, 3}, "no value", "add one"};
  CHECK(to_string(d) == "etc/vmware/esx.conf:12: error: no value (add one)");
  CHECK(to_string(Diagnostic{Severity::Warning, "x", {FileName("f"), 0, 0}, "gone", ""}) == "f: warning: gone");
}
