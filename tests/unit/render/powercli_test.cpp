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
