#include <catch2/catch.hpp>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/render/documents.hpp"
#include "sample_plan.hpp"
#include "texts.hpp"

namespace esx2esxi::render {
namespace {

/// RFC 4180, read back without mercy: lines end in CR LF, quotes are doubled inside quotes only.
std::vector<std::vector<std::string>> read_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows{{""}};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto& cell = rows.back().back();
    if (quoted) {
      if (text[i] != '"')
        cell += text[i];
      else if (i + 1 < text.size() && text[i + 1] == '"')
        cell += text[++i];
      else
        quoted = false;
    } else if (text[i] == '"') {
      REQUIRE(cell.empty());
      quoted = true;
    } else if (text[i] == ',') {
      rows.back().emplace_back();
    } else if (text[i] == '\r') {
      REQUIRE(text.at(++i) == '\n');
      rows.push_back({""});
    } else {
      REQUIRE(text[i] != '\n');
      cell += text[i];
    }
  }
  REQUIRE_FALSE(quoted);
  REQUIRE(rows.back() == std::vector<std::string>{""});  // the last line ends as well
  rows.pop_back();
  return rows;
}

std::vector<std::vector<std::string>> address_plan(const plan::Plan& plan) {
  return read_csv(test::texts_of(plan).at("address-plan.csv"));
}

TEST_CASE("the address plan has one row an interface") {
  const auto rows = address_plan(test::peaceful_plan());
  REQUIRE(rows.size() == 1 + 4 * 2);
  CHECK(rows[0] == std::vector<std::string>{"host", "interface", "from", "address", "prefix", "vlan", "gateway",
                                            "stack", "portgroup", "services", "status", "old_address", "note"});
  CHECK(rows[1] == std::vector<std::string>{"esx01", "vmk0", "vswif0", "10.0.1.11", "24", "10", "10.0.1.1",
                                            "defaultTcpipStack", "Management Network", "management", "kept", "", ""});
  CHECK(rows[2] ==
        std::vector<std::string>{"esx01", "vmk1", "vmk0", "10.0.9.111", "24", "90", "", "defaultTcpipStack",
                                 "PG vmotion", "vmotion", "changed", "10.0.1.111",
                                 "same-subnet: its subnet is management's; to be confirmed by the network team"});
}

TEST_CASE("a dropped interface releases its address and a new one takes one") {
  auto plan = test::peaceful_plan();
  auto& after = plan.hosts[0].after;
  after.interfaces.pop_back();
  auto fresh = test::interface("vmk5", "", "vmotion", "10.0.7.5", 70, model::Service::VMotion);
  after.interfaces.push_back(fresh);
  const auto rows = address_plan(plan);
  REQUIRE(rows.size() == 1 + 3 + 3 * 2);
  CHECK(rows[2][1] == "vmk5");
  CHECK(rows[2][10] == "new");
  CHECK(rows[3][2] == "vmk0");
  CHECK(rows[3][3] == "10.0.1.111");
  CHECK(rows[3][10] == "released");
}

TEST_CASE("a mask that changes is a change, a stack that changes keeps the address") {
  auto plan = test::peaceful_plan();
  auto& after = plan.hosts[0].after.interfaces;
  after[1].address = plan.hosts[0].mapped.interfaces[1].address;
  after[1].stack = "vmotion";
  after[0].netmask = test::ip("255.255.0.0");
  const auto rows = address_plan(plan);
  CHECK(rows[1][10] == "changed");
  CHECK(rows[1][11] == "10.0.1.11");
  CHECK(rows[2][10] == "kept");
}

TEST_CASE("an interface without a lease has no address to register") {
  auto plan = test::peaceful_plan();
  for (auto* state : {&plan.hosts[2].before, &plan.hosts[2].mapped, &plan.hosts[2].after})
    state->interfaces[1].address = net::Ipv4Address();
  plan.hosts[2].after.interfaces[1].dhcp = true;
  const auto rows = address_plan(plan);
  REQUIRE(rows[6][0] == "esx03");
  CHECK(rows[6][3].empty());
  CHECK(rows[6][12] == "DHCP");
}

TEST_CASE("a blocked host's rows say that they are not to be carried out") {
  for (const auto& row : address_plan(test::peaceful_plan()))
    CHECK((row[12].find("blocked") != std::string::npos) == (row[0] == "esx04"));
}

TEST_CASE("no cell of the address plan is a formula, whatever the names are") {
  for (const auto& attack : test::attacks()) {
    const auto rows = address_plan(test::hostile_plan(attack));
    CHECK(rows.size() == 1 + 4 * 2);
    for (const auto& row : rows) {
      REQUIRE(row.size() == 13);
      for (const auto& cell : row) {
        INFO(cell);
        CHECK((cell.empty() || std::string("=+-@\t\r").find(cell[0]) == std::string::npos));
      }
    }
  }
}

}  // namespace
}  // namespace esx2esxi::render
