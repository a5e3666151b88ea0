// The emulated host refuses what it shall refuse: a test that no script can fail would prove nothing.
#include <catch2/catch.hpp>

#include "cases.hpp"
#include "planned.hpp"

using namespace test;

namespace {

class Shell {
 public:
  explicit Shell(const Case& c, model::Target target = {8, 0})
      : planned_(c.from, c.to, target), machine_(planned_.folder(), "esx01", to_string(target)) {}

  std::string operator()(const std::string& line) {
    std::vector<std::string> words{"esxcli"};
    std::string word;
    for (const char ch : line + " ") {
      if (ch != ' ')
        word += ch;
      else if (!word.empty())
        words.push_back(std::exchange(word, {}));
    }
    for (auto& w : words)
      if (w == "''") w.clear();
    const auto ran = machine_.call(words);
    CHECK((ran.status == 0 || ran.status == 1));
    return ran.status == 0 ? "ok" : ran.output.substr(0, ran.output.find('\n'));
  }

 private:
  Planned planned_;
  Machine machine_;
};

}  // namespace

TEST_CASE("words and options exist from their release on only") {
  Shell old(readdressed(), {5, 1});
  CHECK(old("network ip netstack list") == "Error: Unknown command or namespace network ip netstack list");
  CHECK(old("network ip interface list --netstack=vmotion") == "Error: Invalid option --netstack=vmotion");
  CHECK(old("network ip interface ipv4 set -i vmk1 -t static -I 10.0.0.5 -N 255.255.255.0 -g 10.0.0.1") ==
        "Error: Invalid option -g");
  CHECK(old("network ip route ipv4 list") == "ok");
  CHECK(Shell(readdressed(),
              {6, 0})("network ip interface ipv4 set -i vmk1 -t static -I 10.0.0.5 -N 255.255.255.0 -g 10.0.0.1") ==
        "Error: Invalid option -g");
  CHECK(Shell(readdressed(), {6, 5})(
            "network ip interface ipv4 set -i vmk1 -t static -I 10.0.0.5 -N 255.255.255.0 -g 10.0.0.1") == "ok");
  CHECK(Shell(readdressed(), {5, 5})("network ip netstack add -N vmotion") ==
        "Invalid data constraint for parameter 'netstack'.");
}

TEST_CASE("ESXi 4.1 has esxcli for the bindings of iSCSI only, and its tools take no other words") {
  const auto c = storage_readdressed();
  const Planned planned(c.from, c.to, {4, 1});
  Machine machine(planned.folder(), "esx01", "4.1");
  const auto says = [&](const std::vector<std::string>& words) {
    const auto ran = machine.call(words);
    return ran.status == 0 ? "ok" : ran.output.substr(0, ran.output.find('\n'));
  };
  CHECK(says({"esxcli", "network", "ip", "interface", "list"}) ==
        "Error: Unknown command or namespace network ip interface list");
  CHECK(says({"esxcli", "--formatter=csv", "swiscsi", "nic", "list", "-d", "vmhba33"}) ==
        "Error: Invalid option --formatter=csv");
  CHECK(says({"esxcli", "swiscsi", "nic", "list", "-d", "vmhba33"}) == "ok");
  CHECK(says({"esxcfg-vmknic", "-i", "10.0.0.5", "-n", "255.255.255.0", "--help"}) ==
        "Invalid usage of esxcfg-vmknic, see --help");
  CHECK(says({"esxcfg-vmknic", "-i", "10.0.0.5", "-n", "255.255.255.0", "iSCSI-1"}).find("in use by iSCSI") !=
        std::string::npos);
  CHECK(says({"esxcfg-vswitch", "-v", "7", "-p", "iSCSI-1", "vSwitch9"}) ==
        "Error: no portgroup iSCSI-1 on vswitch vSwitch9");
  CHECK(says({"esxcfg-vswitch", "--vlan=7", "-p", "iSCSI-1", "vSwitch0"}) ==
        "Invalid usage of esxcfg-vswitch, see --help");
  CHECK(says({"esxcfg-nas", "-a", "-o", "10.0.0.9", "-s", "/vol/a", "-d"}) ==
        "Invalid usage of esxcfg-nas, see --help");
  CHECK(says({"vmkping", "-I", "vmk0", "10.72.10.1"}).find("illegal option") != std::string::npos);
  CHECK(machine.changes().empty());
}

TEST_CASE("usage errors") {
  Shell esxcli(readdressed());
  CHECK(esxcli("network ip interface frobnicate") ==
        "Error: Unknown command or namespace network ip interface frobnicate");
  CHECK(esxcli("network ip interface tag add -i vmk0") == "Error: Missing required parameter -t|--tagname");
  CHECK(esxcli("network ip interface set -i vmk0 --speed=10") == "Error: Invalid option --speed=10");
  CHECK(esxcli("network ip interface set -i vmk0 --mtu=many").find("While processing '--mtu'") != std::string::npos);
  CHECK(esxcli("network ip interface set -i vmk0 -e perhaps").find("Boolean") != std::string::npos);
  CHECK(esxcli("storage nfs add -H h -s s -v v --readonly=true").find("takes no value") != std::string::npos);
}

TEST_CASE("the refusals of a real host") {
  Shell esxcli(readdressed());
  CHECK(esxcli("network ip interface add -i vmk9 -p NFS").find("already exists") != std::string::npos);
  CHECK(esxcli("network ip interface add -i vmk1 -p NFS").find("Already exists") != std::string::npos);
  CHECK(esxcli("network ip interface add -i vmk9 -p Nowhere").find("Sysinfo error") != std::string::npos);
  CHECK(esxcli("network ip interface tag add -i vmk0 -t Management") == "Vmknic is already tagged with Management");
  CHECK(esxcli("network ip interface tag remove -i vmk0 -t VMotion").find("Vmknic is not tagged") != std::string::npos);
  CHECK(esxcli("network ip route ipv4 add -g 10.71.10.2 -n default").find("default route already") !=
        std::string::npos);
  CHECK(esxcli("network ip route ipv4 add -g 10.9.9.9 -n 10.8.0.0/16").find("unreachable") != std::string::npos);
  CHECK(esxcli("network ip route ipv4 add -g 10.71.10.2 -n 10.8.0.1/16").find("constraint") != std::string::npos);
  CHECK(esxcli("network ip netstack add -N defaultTcpipStack").find("already found in kernel") != std::string::npos);
  CHECK(esxcli("network ip netstack get -N vmotion") == "Unable to find a Netstack instance vmotion");
  CHECK(esxcli("network vswitch standard portgroup remove -p NFS -v vSwitch0").find("Busy") != std::string::npos);
  CHECK(esxcli("network vswitch standard portgroup remove -p X -v vSwitch0") == "Sysinfo error: Not found");
  CHECK(esxcli("network vswitch standard portgroup add -p NFS -v vSwitch0") ==
        "A portgroup with the name NFS already exists");
  CHECK(esxcli("network vswitch standard portgroup policy failover set -p NFS -a vmnic9 -s ''")
            .find("Not a valid pnic") != std::string::npos);
  CHECK(esxcli("network ip interface ipv4 set -i vmk1 -t static -I 10.71.10.11 -N 255.255.255.0").find("in use") !=
        std::string::npos);
  CHECK(esxcli("storage nfs add -H 10.71.30.20 -s /vol/prod -v again").find("already exported") != std::string::npos);
}

TEST_CASE("a bound interface is not reconfigured, and only one that fits is bound") {
  Shell esxcli(storage_moves());
  CHECK(esxcli("network ip interface remove -i vmk1").find("in use by iSCSI") != std::string::npos);
  CHECK(esxcli("network ip interface ipv4 set -i vmk1 -t none").find("in use by iSCSI") != std::string::npos);
  CHECK(esxcli("network vswitch standard portgroup policy failover set -p iSCSI-1 -a vmnic0").find("Busy") !=
        std::string::npos);
  CHECK(esxcli("iscsi networkportal add -A vmhba33 -n vmk0").find("not compatible") != std::string::npos);
  CHECK(esxcli("iscsi networkportal add -A vmhba33 -n vmk1").find("already bound") != std::string::npos);
  CHECK(esxcli("iscsi networkportal add -A vmhba99 -n vmk0").find("Not found") != std::string::npos);
}
