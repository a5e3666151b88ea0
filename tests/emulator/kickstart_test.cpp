// ks.cfg: its grammar, and its %firstboot on an emulated host as the installer leaves it.
#include <catch2/catch.hpp>

#include <sstream>

#include <nlohmann/json.hpp>

#include "cases.hpp"
#include "planned.hpp"

using namespace test;
using nlohmann::ordered_json;

namespace {

std::string section(const std::string& ks, const std::string& name) {
  const auto at = ks.find("\n%" + name);
  return at == std::string::npos ? "" : ks.substr(ks.find('\n', at + 1) + 1);
}

/// What the installer makes of the `network` line: one switch with one uplink, one port group, vmk0.
std::string installed(const std::string& mapped) {
  auto state = ordered_json::parse(mapped);
  auto vmk0 = state.at("interfaces").at(0);
  vmk0["portgroup"] = "Management Network";
  vmk0["mtu"] = 1500;
  vmk0["tags"] = {"Management"};
  state["interfaces"] = ordered_json::array({vmk0});
  auto vswitch = state.at("switches").at(0);
  ordered_json group;
  for (const auto& one : vswitch.at("portgroups"))
    if (one.at("name") == "Management Network") group = one;
  group["override"] = nullptr;
  vswitch["mtu"] = 1500;
  vswitch["uplinks"] = vswitch["active"] = {"vmnic0"};
  vswitch["standby"] = ordered_json::array();
  vswitch["portgroups"] = ordered_json::array({group});
  state["switches"] = ordered_json::array({vswitch});
  for (const char* list : {"bindings", "volumes"}) state[list] = ordered_json::array();
  auto stack = state.at("stacks").at(0);
  stack["routes"] = ordered_json::array();
  state["stacks"] = ordered_json::array({stack});
  return state.dump(1);
}

void first_boot(const Case& c, model::Target target) {
  INFO(c.name << " on " << to_string(target));
  const Planned planned(c.to, c.to, target);
  const auto ks = planned.script("ks.cfg");
  REQUIRE(!ks.empty());
  auto body = section(ks, "firstboot");
  REQUIRE(!body.empty());
  const auto at = body.find("/var/log/esx2esxi-firstboot.log");
  REQUIRE(at != std::string::npos);
  const auto log = (planned.folder() / "firstboot.log").string();
  body.replace(at, std::string("/var/log/esx2esxi-firstboot.log").size(), log);
  const auto backup = body.find("do_it /sbin/auto-backup.sh");
  body.erase(backup, body.find('\n', backup) - backup);
  write_text(planned.folder() / "hosts/esx01/firstboot.sh", body);
  Machine machine(planned.folder(), "esx01", to_string(target));
  machine.set_state(installed(machine.state()));
  const auto ran = machine.run("firstboot.sh");
  INFO(ran.output << read_text(log));
  CHECK(read_text(log).find("All commands succeeded") != std::string::npos);
  CHECK(machine.difference_from("after") == "");
  CHECK(machine.run("verify.sh").status == 0);
}

}  // namespace

TEST_CASE("the first start after a scripted installation ends in the planned state") {
  for (const auto target : {model::Target{5, 1}, {6, 7}, {8, 0}})
    for (const auto& c : {readdressed(), own_stack(), storage_moves(), dropped_and_added()})
      if (!(target < c.since)) first_boot(c, target);
}

TEST_CASE("a kickstart has the grammar of ESXi 5 and later, and no password") {
  const auto c = readdressed();
  const auto ks = Planned(c.from, c.to, {8, 0}).script("ks.cfg");
  INFO(ks);
  CHECK_THAT(ks, Catch::Contains("\nvmaccepteula\n") && Catch::Contains("\nrootpw --iscrypted PUT THE HASH HERE\n"));
  CHECK_THAT(ks,
             Catch::Contains("\nnetwork --bootproto=static --device=vmnic0 --ip=10.71.10.11 --netmask=255.255.255.0 "
                             "--gateway=10.71.10.1 "));
  CHECK_THAT(ks, Catch::Contains("\n%firstboot --interpreter=busybox\n"));
  CHECK(ks.find("http") == std::string::npos);
  std::istringstream in(ks);
  std::size_t sections = 0;
  for (std::string line; std::getline(in, line);)
    if (line.rfind("%", 0) == 0) ++sections;
  CHECK(sections == 1);
}

TEST_CASE("names in a kickstart mean themselves, and one with a line break gets none") {
  auto from = pier();
  auto to = pier();
  const std::string name = "$(reboot) '; touch pwned; ' %post";
  to.portgroup(name, 7);
  const auto ks = Planned(from, to, {8, 0}).script("ks.cfg");
  CHECK_THAT(ks, Catch::Contains("'--portgroup-name=$(reboot) '\\''; touch pwned; '\\'' %post'"));
  auto broken = pier();
  broken.portgroup("a\n%include x", 7);
  CHECK(Planned(from, broken, {8, 0}).script("ks.cfg").empty());
}
