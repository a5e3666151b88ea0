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

using Row = std::vector<std::string>;

std::vector<Row> changes(const plan::Plan& plan) { return read_csv(test::texts_of(plan).at("address-changes.csv")); }

/// The one row of that address.
Row row_of(const std::vector<Row>& rows, std::size_t column, const std::string& address) {
  Row found;
  for (const auto& row : rows) {
    if (row.at(column) != address) continue;
    CHECK(found.empty());
    found = row;
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

TEST_CASE("each address stands once in the list of changes: kept, new or released") {
  const auto rows = changes(test::peaceful_plan());
  CHECK(rows[0] == Row{"status", "address", "prefix", "vlan", "host", "interface", "from", "services", "counterpart",
                       "when", "note"});
  CHECK(row_of(rows, 1, "10.0.1.11") ==
        Row{"kept", "10.0.1.11", "24", "10", "esx01", "vmk0", "vswif0", "management", "", "", ""});
  CHECK(row_of(rows, 1, "10.0.9.111") == Row{"new", "10.0.9.111", "24", "90", "esx01", "vmk1", "vmk0", "vmotion",
                                             "10.0.1.111", "before the change", "to be confirmed by the network team"});
  CHECK(row_of(rows, 1, "10.0.1.111") == Row{"released", "10.0.1.111", "24", "10", "esx01", "", "vmk0", "vmotion",
                                             "10.0.9.111", "after the change", ""});
  CHECK(rows.size() == 1 + 2 * 3 + 2 + 2);  // moved hosts: kept, released, new; the clean and the blocked one: kept
}

TEST_CASE("a blocked host keeps its addresses and takes none") {
  const auto rows = changes(test::peaceful_plan());
  const auto row = row_of(rows, 1, "10.0.1.188");
  CHECK(row[0] == "kept");
  CHECK(row[10] == "host is blocked: nothing changes yet");
  for (const auto& each : rows) CHECK(each[1] != "10.0.9.188");
}

TEST_CASE("an address that one gives up and another one gets is kept, and both are named") {
  auto plan = test::peaceful_plan();
  plan.hosts[1].after.interfaces[1].address = test::ip("10.0.1.111");
  const auto row = row_of(changes(plan), 1, "10.0.1.111");
  CHECK(row[0] == "kept");
  CHECK(row[4] == "esx02");
  CHECK_THAT(row[10], Catch::Contains("until now also esx01 vmk0"));
}

TEST_CASE("the list of changes says from which wave on") {
  auto plan = test::peaceful_plan();
  plan.waves = {{1, "C1", plan::WaveKind::PreMigrate, false, {"esx01"}, "", {}, {}},
                {2, "C1", plan::WaveKind::Migrate, true, {"esx01"}, "", {}, {}},
                {3, "C1", plan::WaveKind::Migrate, false, {"esx02"}, "", {}, {}},
                {4, "C1", plan::WaveKind::CleanUp, false, {"esx02"}, "", {}, {}}};
  plan::ClassicChange early;
  early.from.address = test::ip("10.0.1.111");
  early.to.address = test::ip("10.0.9.111");
  early.from.netmask = early.to.netmask = test::ip("255.255.255.0");
  plan.hosts[0].pre_migration = {early};
  plan::Step second;
  second.action = plan::Action::SetAddress;
  second.arguments = {{"address", "10.0.1.112"}};
  plan.hosts[1].transition = {second};
  const auto rows = changes(plan);
  CHECK(row_of(rows, 1, "10.0.9.111")[9] == "before wave 1");
  CHECK(row_of(rows, 1, "10.0.1.111")[9] == "after wave 1");
  CHECK(row_of(rows, 1, "10.0.9.112")[9] == "before wave 3");
  CHECK(row_of(rows, 1, "10.0.1.112")[9] == "after wave 4");
}

DossierOptions for_ipam(std::string section = {}) {
  DossierOptions options;
  options.ipam = {true, true, std::move(section)};
  return options;
}

TEST_CASE("NetBox reads each address with its mask and a status that it knows") {
  const auto rows = read_csv(test::texts_of(test::peaceful_plan(), for_ipam()).at("address-plan-netbox.csv"));
  CHECK(rows[0] == Row{"address", "status", "device", "interface", "dns_name", "description"});
  CHECK(row_of(rows, 0, "10.0.1.11/24") ==
        Row{"10.0.1.11/24", "active", "esx01", "vmk0", "esx01", "esx01 vmk0 (was vswif0): management"});
  CHECK(row_of(rows, 0, "10.0.9.111/24") ==
        Row{"10.0.9.111/24", "reserved", "esx01", "vmk1", "",
            "esx01 vmk1 (was vmk0): vmotion; to be confirmed by the network team; new before the change"});
  CHECK(row_of(rows, 0, "10.0.1.111/24") ==
        Row{"10.0.1.111/24", "deprecated", "", "", "", "esx01 vmk0: vmotion; released after the change"});
}

TEST_CASE("phpIPAM reads each address with its subnet and a tag that it knows") {
  const auto rows = read_csv(test::texts_of(test::peaceful_plan(), for_ipam("Servers")).at("address-plan-phpipam.csv"));
  CHECK(rows[0] == Row{"section", "ip_addr", "hostname", "description", "vrf", "subnet", "mac", "owner", "device",
                       "note", "tag", "is_gateway", "port", "location"});
  CHECK(row_of(rows, 1, "10.0.9.111") ==
        Row{"Servers", "10.0.9.111", "", "esx01 vmk1 (was vmk0): vmotion", "", "10.0.9.0/24", "", "", "",
            "new before the change, to be confirmed by the network team", "Reserved", "", "vmk1", ""});
  CHECK(row_of(rows, 1, "10.0.1.11")[10] == "Used");
  CHECK(row_of(rows, 1, "10.0.1.11")[2] == "esx01");
  CHECK(row_of(rows, 1, "10.0.1.111")[10] == "Offline");
}

TEST_CASE("an address on lease is said to be one, and one without a mask has no subnet") {
  auto plan = test::peaceful_plan();
  plan.hosts[2].after.interfaces[0].dhcp = true;
  for (auto* state : {&plan.hosts[2].before, &plan.hosts[2].mapped, &plan.hosts[2].after})
    state->interfaces[1].netmask.reset();
  const auto files = test::texts_of(plan, for_ipam());
  CHECK(row_of(read_csv(files.at("address-plan-netbox.csv")), 0, "10.0.1.77/24")[1] == "dhcp");
  CHECK(row_of(read_csv(files.at("address-plan-netbox.csv")), 0, "10.0.1.177")[1] == "active");
  CHECK(row_of(read_csv(files.at("address-plan-phpipam.csv")), 1, "10.0.1.177")[5].empty());
}

TEST_CASE("what IPAM systems import has no formula and nothing that they refuse, whatever the names are") {
  for (const auto& attack : test::attacks()) {
    const auto files = test::texts_of(test::hostile_plan(attack), for_ipam());
    for (const auto* name : {"address-changes.csv", "address-plan-netbox.csv", "address-plan-phpipam.csv"})
      for (const auto& row : read_csv(files.at(name)))
        for (const auto& cell : row) {
          INFO(name << ": " << cell);
          CHECK((cell.empty() || std::string("=+-@|\t\r").find(cell[0]) == std::string::npos));
        }
    for (const auto& row : read_csv(files.at("address-plan-phpipam.csv")))
      for (const auto column : {3U, 9U}) CHECK(row[column].find_first_of(";\"\r\n") == std::string::npos);
    for (const auto& row : read_csv(files.at("address-plan-netbox.csv")))
      CHECK(row[4].find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-_") == std::string::npos);
  }
}

TEST_CASE("no cell of the address plan is a formula, whatever the names are") {
  for (const auto& attack : test::attacks()) {
    const auto rows = address_plan(test::hostile_plan(attack));
    CHECK(rows.size() == 1 + 4 * 2);
    for (const auto& row : rows) {
      REQUIRE(row.size() == 13);
      for (const auto& cell : row) {
        INFO(cell);
        CHECK((cell.empty() || std::string("=+-@|\t\r").find(cell[0]) == std::string::npos));
      }
    }
  }
}

}  // namespace
}  // namespace esx2esxi::render
