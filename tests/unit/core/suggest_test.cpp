#include "esx2esxi/core/suggest.hpp"

#include <catch2/catch.hpp>

using namespace esx2esxi;

TEST_CASE("the nearest word is suggested, a far one is not") {
  constexpr std::string_view kKnown[] = {"host", "isolation-address", "allow-network"};
  auto [word, expected] = GENERATE(table<std::string, std::string>({{"hots", "host"},
                                                                    {"Host", "host"},
                                                                    {"isolation-adress", "isolation-address"},
                                                                    {"allownetwork", "allow-network"},
                                                                    {"x", ""},
                                                                    {"", ""},
                                                                    {"completely-else", ""}}));
  CAPTURE(word);
  CHECK(closest(word, kKnown) == expected);
  CHECK(closest(std::string(100000, 'h'), kKnown).empty());
  CHECK(suggestion("hots", kKnown) == "did you mean 'host'?");
  CHECK(suggestion("zzz", kKnown) == "known are host, isolation-address, allow-network");
}
