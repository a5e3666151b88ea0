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

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

/// A word of the `network` command.
std::string told(const std::string& ks, const std::string& option) {
  const auto line = ks.substr(ks.find("\nnetwork ") + 1);
  std::istringstream words(line.substr(0, line.find('\n')));
  for (std::string word; words >> word;)
    if (word.rfind("--" + option + "=", 0) == 0) return word.substr(option.size() + 3);
  return {};
}

/// What the installer makes of the `network` line: vSwitch0 with one uplink, Management Network with an order of its
/// own, vmk0; and nothing else of what the host shall have.
std::string installed(const std::string& mapped, const std::string& ks) {
  const auto otherwise = [](const std::string& text, const std::string& value) { return text.empty() ? value : text; };
  auto state = ordered_json::parse(mapped);
  auto vmk0 = state.at("interfaces").at(0);
  const auto nic = told(ks, "device");
  for (const auto* word : {"type", "gateway"}) vmk0[word] = "";
  vmk0["portgroup"] = "Management Network";
  vmk0["stack"] = "defaultTcpipStack";
  vmk0["type"] = told(ks, "bootproto");
  if (vmk0["type"] == "static") {
    vmk0["address"] = told(ks, "ip");
    vmk0["netmask"] = told(ks, "netmask");
  }
  vmk0["mtu"] = 1500;
  vmk0["tags"] = {"Management"};
  state["interfaces"] = ordered_json::array({vmk0});
  ordered_json group{{"name", "Management Network"},
                     {"vlan", std::stoi(otherwise(told(ks, "vlanid"), "0"))},
                     {"override", {{"active", {nic}}, {"standby", ordered_json::array()}}}};
  const bool inherits = state.at("version").get<std::string>().rfind("4.", 0) == 0;
  if (inherits) group["override"] = nullptr;
  const ordered_json vswitch{{"name", "vSwitch0"},
                             {"mtu", 1500},
                             {"uplinks", {nic}},
                             {"active", {nic}},
                             {"standby", ordered_json::array()},
                             {"portgroups", ordered_json::array({group})}};
  state["switches"] = ordered_json::array({vswitch});
  const auto server = told(ks, "nameserver");
  state["dns"] = {{"servers", server.empty() ? ordered_json::array() : ordered_json::array({server})},
                  {"search", ordered_json::array()}};
  for (const char* list : {"bindings", "volumes", "targets"}) state[list] = ordered_json::array();
  state["sleeping"] = state.at("adapters");
  state["adapters"] = ordered_json::array();
  const auto gateway = told(ks, "gateway");
  state["stacks"] = ordered_json::array({{{"name", "defaultTcpipStack"},
                                          {"gateway", gateway.empty() ? ordered_json() : ordered_json(gateway)},
                                          {"routes", ordered_json::array()}}});
  const auto name = otherwise(told(ks, "hostname"), "localhost");
  state["host"] = name.substr(0, name.find('.'));
  state["uuid"] = "11111111-0000-0000-0000-000000000000";
  return state.dump(1);
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

/// A first start, with the files that it writes kept in the plan's folder.
class FirstStart {
 public:
  FirstStart(const model::State& planned, model::Target target)
      : planned_(planned, planned, target), machine_(planned_.folder(), "esx01", to_string(target)) {
    const auto ks = planned_.script("ks.cfg");
    REQUIRE(!ks.empty());
    auto body = section(ks, "firstboot");
    REQUIRE(!body.empty());
    replace_all(body, "/var/log/esx2esxi-firstboot.log", file("firstboot.log"));
    write_text(file("rc.local"), "#!/bin/sh\nexit 0\n");
    replace_all(body, "/etc/ntp.conf", file("ntp.conf"));
    replace_all(body, "/etc/rc.local", file("rc.local"));
    replace_all(body, "/etc/resolv.conf", file("resolv.conf"));
    replace_all(body, "do_it /sbin/auto-backup.sh", "");
    replace_all(body, "do_it chkconfig ", ": chkconfig ");
    replace_all(body, "do_it /etc/init.d/", ": ");
    REQUIRE(body.find("/etc/") == std::string::npos);
    write_text(planned_.folder() / "hosts/esx01/firstboot.sh", body);
    machine_.set_state(installed(machine_.state(), ks));
    output_ = machine_.run("firstboot.sh").output;
  }

  std::string file(const std::string& name) const { return (planned_.folder() / name).string(); }
  std::string log() const { return output_ + read_text(file("firstboot.log")); }
  std::string ks() const { return planned_.script("ks.cfg"); }
  Machine& machine() { return machine_; }

 private:
  Planned planned_;
  Machine machine_;
  std::string output_;
};

void first_boot(const Case& c, model::Target target) {
  INFO(c.name << " on " << to_string(target));
  FirstStart start(c.to, target);
  INFO(start.log());
  CHECK(start.log().find("All commands succeeded") != std::string::npos);
  CHECK(start.machine().difference_from("after") == "");
  const auto verified = start.machine().run("verify.sh");
  INFO(verified.output);
  CHECK(verified.status == 0);
}

/// Management on the second switch, and on the first one nothing or other interfaces.
Host two_switches(const std::string& portgroup, bool keep_first) {
  Host host;
  host.vmk({"vmk0", "10.71.10.11/24", portgroup, kManagement}).gateway("10.71.10.1");
  auto& state = host.edit();
  auto second = state.switches.front();
  second.name = "vSwitch1";
  second.uplinks = {"vmnic0", "vmnic1"};
  second.teaming = {{"vmnic0"}, {"vmnic1"}};
  state.interfaces.front().vswitch = second.name;
  state.interfaces.front().uplinks = second.teaming;
  state.switches.front().portgroups.clear();
  state.switches.front().uplinks = {"vmnic2", "vmnic3"};
  state.switches.front().teaming = {{"vmnic2", "vmnic3"}, {}};
  if (!keep_first) {
    state.switches = {second};
    return host;
  }
  host.vmk({"vmk1", "10.71.20.11/24", portgroup == "Management Network" ? "VMotion" : "Management Network", kVMotion});
  state.switches.push_back(second);
  return host;
}

}  // namespace

TEST_CASE("the first start after a scripted installation ends in the planned state") {
  for (const auto target : {model::Target{5, 0}, {5, 1}, {6, 7}, {8, 0}})
    for (const auto& c : {readdressed(), own_stack(), storage_moves(), dropped_and_added()})
      if (!(target < c.since)) first_boot(c, target);
}

TEST_CASE("management on another switch than the installer's ends on its own uplinks") {
  for (const auto target : {model::Target{5, 1}, {8, 0}})
    for (const auto* portgroup : {"Management Network", "Service Console"})
      for (const bool keep_first : {true, false})
        first_boot({portgroup, {}, two_switches(portgroup, keep_first)}, target);
}

TEST_CASE("a host that gets its address by DHCP is installed so, with a lease that is known or without") {
  for (const auto* address : {"dhcp", "10.75.10.140/24"}) {
    Host host;
    host.vmk({"vmk0", address, "Management Network", kManagement})
        .vmk({"vmk1", "10.75.20.7/24", "VMotion", kVMotion})
        .gateway("10.75.10.1");
    host.edit().interfaces.front().dhcp = true;
    host.edit().dns.servers.push_back({ip("10.75.10.53"), {}});
    FirstStart start(host, {8, 0});
    INFO(start.log());
    CHECK_THAT(start.ks(), Catch::Contains("\nnetwork --bootproto=dhcp --device=vmnic0 --hostname=esx01 "));
    CHECK_THAT(start.ks(), Catch::Contains("network ip dns server add --server=10.75.10.53"));
    CHECK(start.log().find("All commands succeeded") != std::string::npos);
    CHECK(start.machine().run("verify.sh").status == 0);
  }
}

TEST_CASE("time servers, targets of software iSCSI and a name that no installer takes come with the first start") {
  auto host = pier();
  host.edit().ntp.push_back({"ntp1.example.com", {}});
  host.edit().iscsi.targets.push_back({ip("10.71.30.50"), {}});
  host.edit().dns.domain = "lab_x.example";
  for (const auto target : {model::Target{5, 1}, {7, 0}, {8, 0}}) {
    FirstStart start(host, target);
    INFO(start.log());
    CHECK(start.log().find("All commands succeeded") != std::string::npos);
    const bool has_words = !(target < model::Target{8, 0});
    CHECK(read_text(start.file("ntp.conf")) == (has_words ? "" : "server ntp1.example.com\n"));
    CHECK((start.machine().state().find("\"ntp\": \"ntp1.example.com") != std::string::npos) == has_words);
    CHECK(start.machine().state().find("10.71.30.50") != std::string::npos);
    CHECK(start.machine().state().find("lab_x.example") != std::string::npos);
    CHECK(start.machine().run("verify.sh").status == 0);
  }
}

TEST_CASE("an interface on a distributed switch is left to vCenter, and so is the route that needs it") {
  auto host = readdressed().to;
  host.vmk({"vmk3", "10.71.60.11/24", "", kNfs}).route("10.88.0.0/16", "10.71.60.1");
  auto& vmk3 = interface_in(host, "vmk3");
  vmk3.dvport = "51";
  vmk3.vswitch = "dvSwitch0";
  for (const auto target : {model::Target{4, 1}, {8, 0}}) {
    plan::HostPlan planned;
    planned.name = "esx01";
    planned.after = host;
    plan::Plan plan;
    plan.target = target;
    const auto ks = render::kickstart_script(plan, planned);
    CHECK_THAT(ks, Catch::Contains("by_hand 'vmk3, 10.71.60.11/24, on a port of the distributed switch dvSwitch0"));
    CHECK_THAT(ks, Catch::Contains("by_hand 'the route to 10.88.0.0/16 by 10.71.60.1, once vmk3 is there'"));
    for (const auto& line : lines_of(section(ks, "firstboot")))
      if (line.find("10.71.60.1") != std::string::npos || line.find("vmk3") != std::string::npos)
        CHECK(line.rfind("by_hand ", 0) == 0);
    CHECK_THAT(ks, Catch::Contains("10.71.30.254"));  // the route that is made at once
  }
}

TEST_CASE("ESXi 4.1 is installed in its own grammar, and set up by the tools that it has") {
  auto host = readdressed().to;
  host.edit().dns.search = {"example.com"};
  host.edit().iscsi.targets.push_back({ip("10.71.30.50"), {}});
  host.portgroup("Backup", 9, model::Teaming{{"vmnic1"}, {}});
  for (auto& s : host.edit().switches) s.teaming.active = s.uplinks;
  FirstStart start(host, {4, 1});
  INFO(start.log());
  CHECK_THAT(start.ks(), Catch::Contains("\naccepteula\n") && Catch::Contains("\nautopart --firstdisk=local\n") &&
                             Catch::Contains("\ninstall url http://PUT.THE.SERVER.HERE/\n") &&
                             Catch::Contains("\n%firstboot --interpreter=busybox --unsupported --level=47\n"));
  CHECK(start.ks().find("by_hand") == std::string::npos);
  CHECK(start.log().find("All commands succeeded") != std::string::npos);
  CHECK(start.machine().state().find("10.71.30.50") != std::string::npos);
  CHECK(read_text(start.file("resolv.conf")) == "search example.com\n");
  CHECK(read_text(start.file("rc.local")) ==
        "#!/bin/sh\nesxcfg-route -a 10.71.40.0/24 10.71.30.254 # esx2esxi: a route of esx01\nexit 0\n");
  const auto verified = start.machine().run("verify.sh");
  INFO(verified.output);
  CHECK(verified.status == 0);
}

TEST_CASE("ESXi 4.1: management on another switch, and what no word says is left to a person") {
  for (const auto* portgroup : {"Management Network", "Service Console"}) {
    FirstStart start(two_switches(portgroup, true), {4, 1});
    INFO(start.log());
    CHECK(start.log().find("by hand: switch vSwitch1: uplinks active vmnic0, standby vmnic1") != std::string::npos);
    CHECK(start.log().find("\nfailed") == std::string::npos);
    CHECK(start.machine().run("verify.sh").status == 0);
  }
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
