// remediate.yml: the steps in the words of Ansible's modules and of the host's shell, and names that try to leave their
// scalar or to be a template. tests/playbook.py reads the same with PyYAML.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "composed_plan.hpp"
#include "esx2esxi/render/scripts.hpp"

using namespace test;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

/// The playbook; PyYAML has read it and found the steps of plan.json in it.
std::string playbook(const model::State& from, const model::State& to, model::Target target = {8, 0}) {
  const auto plan = composed_plan(from, to, target);
  const auto text = render::ansible_playbook(plan, plan.hosts.front());
  const auto folder = fs::path(TEST_BINARY) / "tests" / "playbook";
  fs::remove_all(folder);
  fs::create_directories(folder / "hosts/esx01");
  std::ofstream(folder / "plan.json", std::ios::binary) << plan::json_text(plan);
  std::ofstream(folder / "hosts/esx01/remediate.yml", std::ios::binary) << text;
  CHECK(std::system(("/usr/bin/python3 '" PROJECT_SOURCE "/tests/playbook.py' '" + folder.string() + "'").c_str()) ==
        0);
  return text;
}

Host moved() {
  Host to;
  to.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.2.0.6/24", "VMotion", kVMotion})
      .portgroup("VMotion", 120)
      .gateway("10.1.0.1")
      .route("10.9.0.0/16", "10.2.0.1");
  return to;
}

}  // namespace

TEST_CASE("a step is a module where one does that and no more, else the host's own words over SSH") {
  const auto text = playbook(host_with_vmotion(), moved());
  CHECK_THAT(text, Contains("community.vmware.vmware_vmkernel:\n        esxi_hostname: \"{{ esxi_hostname }}\"\n"
                            "        device: !unsafe \"vmk1\"\n        vswitch_name: !unsafe \"vSwitch0\"\n"));
  CHECK_THAT(text, Contains("ip_address: !unsafe \"10.2.0.6\", subnet_mask: !unsafe \"255.255.255.0\""));
  CHECK_THAT(text, Contains("enable_mgmt: false\n        enable_vmotion: true\n"));
  CHECK_THAT(text, Contains("\"{{ esxi_ssh }}\", !unsafe \"esxcli network vswitch standard portgroup set "
                            "--portgroup-name=VMotion --vlan-id=120\"]"));
  CHECK_THAT(text,
             Contains("!unsafe \"esxcli network ip route ipv4 list | grep -q '^default .* 10.1.0.1 ' || esxcli network "
                      "ip route ipv4 add --gateway=10.1.0.1 --network=default\""));
  CHECK_THAT(text, Contains("release: \"8.0.\"") && Contains("planned_name: !unsafe \"esx01\""));
  CHECK_THAT(text, !Contains("maintenance") && !Contains("password:"));
}

TEST_CASE(
    "what only a young collection knows is asked of it only for the interface that has it, and the header says so") {
  const auto text = playbook(host_with_vmotion(), moved());
  CHECK_THAT(text, !Contains("enable_backup_nfc") && !Contains("4.2.0") && Contains("enable_replication_nfc: false"));
  auto from = host_with_vmotion();
  auto to = moved();
  for (auto* host : {&from, &to}) host->edit().interfaces[1].services.add(model::Service::VSphereBackupNfc);
  CHECK_THAT(playbook(from, to), Contains("enable_backup_nfc: true") && Contains("community.vmware, 4.2.0 or later"));
}

TEST_CASE("the header of the playbook names the steps that can cut the connection") {
  auto to = host_with_vmotion();
  to.portgroup("Management Network", 5);
  CHECK_THAT(playbook(host_with_vmotion(), to),
             Contains("CAN CUT THE CONNECTION") && Contains("#   1. set-portgroup-vlan\n"));
  CHECK_THAT(playbook(host_with_vmotion(), Host(host_with_vmotion()).portgroup("VMotion", 9)), !Contains("CUT THE"));
}

TEST_CASE("before 7.0 vmware_vmkernel asks for services that are not there: the shell's words") {
  for (const auto target : {model::Target{4, 1}, {5, 0}, {6, 7}}) {
    const auto text = playbook(host_with_vmotion(), moved(), target);
    CHECK_THAT(text, !Contains("vmware_vmkernel:"));
    CHECK_THAT(text, Contains(target.major == 4 ? "esxcfg-vmknic -i 10.2.0.6 -n 255.255.255.0 VMotion"
                                                : "esxcli network ip interface ipv4 set --interface-name=vmk1"));
  }
}

TEST_CASE("a new port group comes with its VLAN and uplinks, so that a second run takes nothing away") {
  auto to = host_with_vmotion();
  to.portgroup("FT", 140, model::Teaming{{"vmnic1"}, {"vmnic0"}});
  const auto text = playbook(host_with_vmotion(), to);
  CHECK_THAT(text, Contains("portgroup: !unsafe \"FT\"\n        vlan_id: 140\n        teaming: {active_adapters: "
                            "[!unsafe \"vmnic1\"], standby_adapters: [!unsafe \"vmnic0\"]}\n"));
}

TEST_CASE("a binding asks the host for its adapter, in maintenance mode") {
  const auto text = playbook(bound_host("10.5.0.5/24"), bound_host("10.6.0.5/24"));
  CHECK_THAT(text, Contains("ansible_in_maintenance_mode") && Contains("esxcli iscsi adapter list | awk"));
  CHECK_THAT(text, Contains("networkportal remove --adapter={{ adapter.stdout | quote }} --nic=vmk1 --force\""));
  CHECK_THAT(playbook(bound_host("10.5.0.5/24"), bound_host("10.6.0.5/24"), {4, 1}),
             Contains("\"esxcli swiscsi nic add -n vmk1 -d {{ adapter.stdout | quote }}\""));
}

TEST_CASE("a name that would end a scalar, a line or a playbook, or be a template, stays a name") {
  auto to = host_with_vmotion();
  const std::vector<std::string> names{
      "a\"\n  tasks: [evil]",
      "{{ lookup('pipe', 'reboot') }}",
      "{% set x = 1 %}",
      "$(reboot) `reboot`",
      "'; reboot; '",
      "# no comment: x",
      "- - !!python/object/apply:os.system [reboot]",
      "\\x41 \\N",
      "tab\t bell\a del\x7f",
      "\xe2\x80\xae gpj \xe2\x80\xa8 K\xc3\xbchlhaus \xc2\x85 \xef\xbf\xbe \xf0\x9f\x98\x80",
      "...\n---\n"};
  unsigned vlan = 7;
  for (const auto& name : names) {
    to.portgroup(name, vlan++);
    to.nfs("vol " + name, "nas " + name);
  }
  const auto text = playbook(host_with_vmotion(), to);
  CHECK_THAT(text, Contains("K\xc3\xbchlhaus") && Contains("\\u202E") && !Contains("\n---\n\n"));
  const auto bytes = composed_plan(host_with_vmotion(), Host(host_with_vmotion()).portgroup("\xff", 7), {8, 0});
  CHECK(render::ansible_playbook(bytes, bytes.hosts.front()).empty());
}
