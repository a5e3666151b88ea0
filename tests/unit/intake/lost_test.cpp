// What a file gives and nobody can read is missing evidence, never "none".
#include "assembling.hpp"
#include "esx2esxi/intake/readers.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

/// A host of which only an install script is left; what of it stays open, and every doubt at an interface's value.
Texts doubts_of_script(std::string_view post) {
  const auto file = [&] {
    for (const auto& importer : importers())
      if (importer.name == "kickstart") {
        const auto text = fmt::format(
            "vmaccepteula\nrootpw x\nnetwork --bootproto=static --ip=10.0.0.5 --netmask=255.255.255.0 "
            "--gateway=10.0.0.1 --device=vmnic0\n%post\nesxcfg-vswitch -A VMotion vSwitch0\n"
            "esxcfg-vmknic -a -i 10.0.1.5 -n 255.255.255.0 VMotion\nesxcfg-route 10.0.1.1\n{}",
            post);
        return FileFacts{&importer, "ks.cfg", read(importer.read, text, "ks.cfg")};
      }
    throw std::logic_error("no such importer");
  }();
  return doubts(assemble({file}, "x"), "missing");
}

}  // namespace

TEST_CASE("a console gateway that is printed by name, damaged or a variable is missing, with its place") {
  const std::string named = "default         gw-piers.harbor 0.0.0.0         UG    0      0        0 vswif0\n";
  const auto host = host_of({kVswif0, kConf, console_routes(named, "route")});
  REQUIRE(doubts(host) == Texts{"missing console gateway"});
  CHECK(host.doubts[0].script_needs_it);
  CHECK(to_string(host.doubts[0].values.at(0).at) == "commands/route.txt:3");
  CHECK(std::any_of(host.not_found.begin(), host.not_found.end(),
                    [](const std::string& what) { return what.starts_with("cat /etc/sysconfig/network:"); }));
  for (const auto* row : {"0.0.0.0         10.71.1O.1      0.0.0.0         UG    0      0        0 vswif0\n",
                          "O.0.0.0         10.71.10.1      0.0.0.0         UG    0      0        0 vswif0\n",
                          "default         10.71.10.1\n"}) {
    INFO(row);
    CHECK(doubts(host_of({kVswif0, kConf, console_routes(row)})) == Texts{"missing console gateway"});
    CHECK(doubts(host_of({kVswif0, kConf, network(), console_routes(row)})).empty());
  }
  CHECK(doubts(host_of({kVswif0, kConf, output("ip_route", "default via 10.0.0.l dev vswif0\n")})) ==
        Texts{"missing console gateway"});
  CHECK(doubts(host_of({kVswif0, kConf, network("GATEWAY=$GW\n"), console_routes("")})) ==
        Texts{"variable : $GW", "missing console gateway"});
  CHECK(doubts(host_of({kVswif0, kConf, network(""), console_routes(named, "route")})) ==
        Texts{"missing console gateway"});
  const auto lease = ifcfg("vswif0", "BOOTPROTO=dhcp\nONBOOT=yes\nPORTGROUP=\"Service Console\"\n");
  CHECK(doubts(host_of({lease, kConf, network(""), console_routes(named, "route")})) ==
        Texts{"missing console gateway"});
}

TEST_CASE("a VMkernel gateway that is damaged is missing, whatever else lists the routes") {
  for (const auto* row : {"default          0.0.0.0          10.0.1.l         vmk0\n",
                          "default          0.0.0.0          10.0.1.1         vmkO\n", "default\n"}) {
    INFO(row);
    CHECK(doubts(host_of({kVswif0, network(), kConf, kernel_routes(row)})) == Texts{"missing vmkernel gateway"});
  }
  CHECK(
      doubts(host_of({kVswif0, network(), kConf, output("esxcfg-route", "VMkernel default gateway is 1O.0.1.1\n")})) ==
      Texts{"missing vmkernel gateway"});
}

TEST_CASE("a static route that is damaged is missing, unless another copy of the list shows all") {
  const Texts missing{"missing static route of the vmkernel"};
  for (const auto* row : {"10.71.4O.0       255.255.255.0    10.0.1.9         vmk0\n",
                          "10.71.40.0       255.255.255.0    10.0.1.g         vmk0\n",
                          "10.71.40.0       255.255.255.0    10.0.1.9         vmk0 x\n"}) {
    INFO(row);
    const auto host = host_of({kVswif0, network(), kConf, kernel_routes(row)});
    REQUIRE(doubts(host) == missing);
    CHECK(host.doubts[0].script_needs_it);
    CHECK(to_string(host.doubts[0].values.at(0).at).starts_with("commands/esxcfg-route_-l.txt:3"));
    const auto whole = kernel_routes("10.71.40.0 255.255.255.0 10.0.1.9 vmk0\n").second;
    CHECK(doubts(host_of({kVswif0, network(), kConf, kernel_routes(row), output("esxcfg-route", whole)})).empty());
  }
  CHECK(doubts(host_of({kVswif0, network(), kConf,
                        console_routes("10.9.0.0        10.0.0.9        255.255.O.0     UG 0 0 0 vswif0\n")})) ==
        Texts{"missing static route of the console"});
  const std::pair<std::string, std::string> file{"etc/sysconfig/network-scripts/route-vswif0",
                                                 "10.9.0.0/16 via 10.0.0.q\n"};
  CHECK(doubts(host_of({kVswif0, network(), kConf, file})) == Texts{"missing static route of the console"});
  CHECK(doubts(host_of({kVswif0, network(), kConf, file,
                        console_routes("10.9.0.0 10.0.0.9 255.255.0.0 UG 0 0 0 vswif0\n"
                                       "0.0.0.0 10.0.0.1 0.0.0.0 UG 0 0 0 vswif0\n")}))
            .empty());
  CHECK(doubts(host_of({kVswif0, network(), kConf, kernel_routes("a remark of somebody's\n")})).empty());
}

TEST_CASE("half of everything is a route of its own, not a damaged default") {
  const auto host = host_of({kVswif0, network(), kConf,
                             kernel_routes("0.0.0.0          128.0.0.0        10.0.1.9         vmk0\n"
                                           "128.0.0.0        128.0.0.0        10.0.1.9         vmk0\n")});
  CHECK(doubts(host).empty());
  Texts routes;
  for (const auto& route : host.before.stack("vmkernel")->routes) routes.push_back(route_text(route));
  CHECK(routes == Texts{"0.0.0.0/1 via 10.0.1.9", "128.0.0.0/1 via 10.0.1.9"});
}

TEST_CASE("a mount that is damaged is missing") {
  const auto listing = [](std::string_view row) { return output("esxcfg-nas_-l", std::string(row) + "\n"); };
  CHECK(doubts(host_of({kVswif0, network(), kConf, listing("a01 is /vol/a01 frm 10.0.1.20 mounted")})) ==
        Texts{"missing NFS mount"});
  CHECK(doubts(host_of({kVswif0, network(), kConf, listing("a01 is /vol/a01 from 10.0.1.2O mounted")})) ==
        Texts{"missing NFS server of a01"});
  CHECK(doubts(host_of({kVswif0, network(), kConf, listing("no mounts were found here")})).empty());
}

TEST_CASE("an MTU or a switch that cannot be read is missing, unless another file tells it") {
  const auto damaged = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/vmkernelnic/child[0000]/mtu = \"9OOO\"\n");
  CHECK(doubts(host_of({kVswif0, network(), damaged})) == Texts{"missing vmk0 mtu"});
  CHECK(doubts(host_of({kVswif0, network(), damaged, listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|9000|STATIC"})}))
            .empty());
  CHECK(doubts(host_of({kVswif0, network(), esx_conf("/net/vswitch/child[0000]/mtu = \"jumbo\"\n"),
                        listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC"})})) ==
        Texts{"missing mtu of vSwitch0"});
  CHECK(doubts(host_of({console("vswif0", "10.0.0.5/24", "PORTGROUP=\"Service Console\"\nONBOOT=ja\n"), network(),
                        kConf})) == Texts{"missing vswif0 enabled"});
}

TEST_CASE("an interface whose name is damaged does not vanish") {
  const auto listed = listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC",  //
                                   "vmkl|VMotion|10.0.2.5|255.255.255.0|1500|STATIC"});
  CHECK(doubts(host_of({kVswif0, network(), esx_conf(), listed})) == Texts{"missing VMkernel interface"});
}

TEST_CASE("a role that names no interface is missing") {
  CHECK(doubts(host_of(
            {kVswif0, network(), esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/adv/Migrate/Vmknic = \"vmk\"\n")})) ==
        Texts{"missing interface for vmotion"});
}

TEST_CASE("what a script leaves to a variable is missing where a script would need it") {
  CHECK(doubts_of_script("").empty());
  CHECK(doubts_of_script("esxcfg-vmknic -i 10.0.1.5 -n $MASK VMotion\n") == Texts{"missing vmk0 netmask"});
  CHECK(doubts_of_script("esxcfg-vmknic -i $IP -n 255.255.255.0 VMotion\n") == Texts{"missing vmk0 address"});
  CHECK(doubts_of_script("esxcfg-vmknic -m $MTU VMotion\n") == Texts{"missing vmk0 mtu"});
  CHECK(doubts_of_script("esxcfg-vswitch -m $MTU vSwitch0\n") == Texts{"missing mtu of vSwitch0"});
  CHECK(doubts_of_script("esxcfg-vswitch -L $NIC vSwitch0\n") == Texts{"missing uplinks of vSwitch0"});
  CHECK(doubts_of_script("esxcfg-route -a $NET 255.255.255.0 10.0.1.9\n") ==
        Texts{"missing static route of the vmkernel"});
  CHECK(doubts_of_script("esxcfg-route -a 10.9.0.0/16 10.0.1.x\n") == Texts{"missing static route of the vmkernel"});
  CHECK(doubts_of_script("esxcfg-nas -a -o $FILER -s /vol/a a01\n") == Texts{"missing NFS server of a01"});
  CHECK(doubts_of_script("vim-cmd hostsvc/vmotion/vnic_set $VMO\n") == Texts{"missing interface for vmotion"});
}
