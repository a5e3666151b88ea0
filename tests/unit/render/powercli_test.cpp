// remediate.ps1: the steps in PowerShell's words, and names that try to end a string.
#include <catch2/catch.hpp>

#include <algorithm>

#include "composed_plan.hpp"
#include "esx2esxi/render/scripts.hpp"

using namespace test;
using Catch::Contains;

namespace {

std::string script(const model::State& from, const model::State& to, model::Target target = {8, 0}) {
  const auto plan = composed_plan(from, to, target);
  return render::powercli_script(plan, plan.hosts.front());
}

}  // namespace

TEST_CASE("each step is one call of Get-EsxCli -V2 with the options of esxcli") {
  Host to;
  to.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.2.0.6/24", "VMotion", kVMotion})
      .portgroup("VMotion", 120)
      .gateway("10.1.0.1")
      .route("10.9.0.0/16", "10.2.0.1");
  const auto text = script(host_with_vmotion(), to);
  CHECK_THAT(text, Contains("$esxcli.network.ip.interface.ipv4.set @{ interfacename = ('vmk1'); type = ('static'); "
                            "ipv4 = ('10.2.0.6'); netmask = ('255.255.255.0') }"));
  CHECK_THAT(text,
             Contains("$esxcli.network.vswitch.standard.portgroup.set @{ portgroupname = ('VMotion'); vlanid = 120 }"));
  CHECK_THAT(text,
             Contains("$esxcli.network.ip.route.ipv4.add @{ gateway = ('10.2.0.1'); network = ('10.9.0.0/16') }"));
  CHECK_THAT(text, Contains("StartsWith('8.0.')") && Contains("if ($shown -ne ('esx01'))"));
  CHECK_THAT(text, !Contains("Maintenance"));
}

TEST_CASE("a default gateway is added only where the host has it not, in whichever stack") {
  const auto text = script(host_with_vmotion(), Host(host_with_vmotion()).gateway("10.1.0.2"));
  CHECK_THAT(text, Contains("if (Test-Gateway @{} ('10.1.0.2')) {") && Contains("function Test-Gateway("));
  const auto adds = [&](std::size_t from) { return text.find("route.ipv4.add @{ gateway", from); };
  REQUIRE(adds(0) != std::string::npos);
  CHECK(text.find("if (Test-Gateway") < adds(0));
  CHECK(text.rfind("} else {", adds(0)) != std::string::npos);
  auto own = host_with_vmotion();
  own.vmk({"vmk2", "10.7.0.5/24", "Other", kVMotion, "vmotion"});
  auto with_gateway = own;
  with_gateway.gateway("10.7.0.1", "vmotion");
  CHECK_THAT(script(own, with_gateway), Contains("if (Test-Gateway @{ netstack = ('vmotion') } ('10.7.0.1')) {"));
  // Where none is set, nobody asks.
  CHECK_THAT(script(host_with_vmotion(), Host(host_with_vmotion()).portgroup("VMotion", 9)), !Contains("Test-Gateway"));
}

TEST_CASE("a binding is taken away by force, as the host would refuse it while its sessions are there") {
  const auto text = script(bound_host("10.5.0.5/24"), bound_host("10.6.0.5/24"));
  CHECK_THAT(text, Contains("networkportal.remove @{ adapter = $adapter; nic = ('vmk1'); force = $true }"));
  CHECK_THAT(text, Contains("networkportal.add @{ adapter = $adapter; nic = ('vmk1') }") && Contains("Maintenance"));
}

TEST_CASE("the header names the steps that can cut the connection, and only those") {
  auto to = host_with_vmotion();
  to.portgroup("VMotion", 9).portgroup("Management Network", 5);
  const auto text = script(host_with_vmotion(), to);
  const auto header = text.substr(0, text.find("[CmdletBinding"));
  CHECK_THAT(header, Contains("CAN CUT THE CONNECTION") && Contains(". set-portgroup-vlan\n") && !Contains("'"));
  const auto at = header.find("set-portgroup-vlan");
  CHECK(header.find("set-portgroup-vlan", at + 1) == std::string::npos);
  CHECK_THAT(script(host_with_vmotion(), Host(host_with_vmotion()).portgroup("VMotion", 9)), !Contains("CUT THE"));
}

TEST_CASE("a name that would end a PowerShell string, a line or a script stays a name") {
  auto to = host_with_vmotion();
  to.portgroup("a'; Restart-VMHost; '", 7)
      .portgroup("b\xe2\x80\x99; Stop-VMHost; \xe2\x80\x98", 7)
      .portgroup("c\nStop-VMHost\n", 7)
      .portgroup("d\xc3\x92; Stop-VMHost #\xf0\x9f\x92\xa5 \xff", 7)
      .portgroup("$(reboot) `n", 7);
  const auto text = script(host_with_vmotion(), to);
  CHECK_THAT(text, Contains("('a''; Restart-VMHost; ''')"));
  CHECK_THAT(text, Contains("('b' + [char]8217 + '; Stop-VMHost; ' + [char]8216 + '')"));
  // U+00D2 is C3 92, and 92 is a quote in Windows-1252.
  CHECK_THAT(text,
             Contains("('d' + [char]210 + '; Stop-VMHost #' + [char]55357 + '' + [char]56485 + ' ' + [char]255 + '')"));
  CHECK(std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7e; }));
  CHECK_THAT(text, Contains("('c' + [char]10 + 'Stop-VMHost' + [char]10 + '')"));
  CHECK_THAT(text, !Contains("\nStop-VMHost"));
}

TEST_CASE("a release whose esxcli has no routes gets no script with routes in it") {
  Host to = host_with_vmotion();
  to.route("10.9.0.0/16", "10.1.0.9");
  CHECK(script(host_with_vmotion(), to, {5, 0}).empty());
  CHECK(!script(host_with_vmotion(), to, {5, 1}).empty());
}
