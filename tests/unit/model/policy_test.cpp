#include "esx2esxi/model/policy.hpp"

#include <catch2/catch.hpp>

using namespace esx2esxi;
using namespace esx2esxi::model;

TEST_CASE("a day is YYYY-MM-DD and exists") {
  auto [text, good] = GENERATE(table<std::string, bool>({{"2031-12-31", true},
                                                         {"2024-02-29", true},
                                                         {"2000-02-29", true},
                                                         {"1900-02-29", false},
                                                         {"2023-02-29", false},
                                                         {"2023-04-31", false},
                                                         {"2023-00-10", false},
                                                         {"2023-13-10", false},
                                                         {"2023-01-00", false},
                                                         {"0000-01-01", false},
                                                         {"23-01-01", false},
                                                         {"2023/01/01", false},
                                                         {"2023-01-01 ", false},
                                                         {"2023-1-01", false},
                                                         {"+023-01-01", false},
                                                         {"", false}}));
  CAPTURE(text);
  const auto date = Date::parse(text);
  CHECK(date.has_value() == good);
  if (date) CHECK(to_string(*date) == text);
}

TEST_CASE("a policy names hosts by short or full name in any case") {
  CHECK(names_host("ESX01", "esx01", "esx01.example"));
  CHECK(names_host("esx01.Example", "esx01", "esx01.example"));
  CHECK(names_host("esx01.example", "esx01", ""));
  CHECK_FALSE(names_host("esx01.other", "esx01", "esx01.example"));
  CHECK_FALSE(names_host("esx0", "esx01", ""));
  CHECK_FALSE(names_host("10.0.0.1", "10", ""));
}

TEST_CASE("the cluster of a host is found whichever way the policy writes the host") {
  Policy policy;
  policy.clusters.push_back({"A", {"esx01", "ESX02.example"}, {}, {}, {}});
  policy.clusters.push_back({"B", {"esx03"}, {}, {}, {}});
  REQUIRE(policy.cluster_of("esx02", "esx02.example"));
  CHECK(policy.cluster_of("esx02", "esx02.example")->name == "A");
  CHECK(policy.cluster_of("esx03", "esx03.example")->name == "B");
  CHECK_FALSE(policy.cluster_of("esx02", "esx02.elsewhere"));
  CHECK(policy.cluster("b") == &policy.clusters[1]);
  CHECK_FALSE(policy.cluster("C"));
}

TEST_CASE("a waiver without reason, owner, expiry or scope is void") {
  Waiver waiver{"same-subnet", "esx01", "", "", "why", "who", Date{2030, 1, 1}, {}};
  CHECK_FALSE(waiver.is_void());
  const int missing = GENERATE(0, 1, 2, 3);
  if (missing == 0) waiver.reason.clear();
  if (missing == 1) waiver.owner.clear();
  if (missing == 2) waiver.expires.reset();
  if (missing == 3) waiver.host.clear();
  CHECK(waiver.is_void());
}
