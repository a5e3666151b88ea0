// Two sources that each know all of a kind, and do not say the same.
#include "assembling.hpp"
#include "esx2esxi/intake/readers.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

const auto kListed = listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC"});

/// With the row of the console's own network.
std::pair<std::string, std::string> all_console_routes(const std::string& more) {
  return console_routes("10.0.0.0        0.0.0.0         255.255.255.0   U     0      0        0 vswif0\n" + more);
}

Texts contradictions(const model::Host& host) { return doubts(host, "contradiction"); }

}  // namespace

TEST_CASE("vMotion on two interfaces of ESX by two sources is a contradiction, and the first counts") {
  const auto more = vmk_lines(0, "vmk0", "10.0.1.5/24") + vmk_lines(1, "vmk1", "10.0.2.5/24");
  const auto conf = esx_conf(more + "/adv/Migrate/Vmknic = \"vmk0\"\n");
  CHECK(contradictions(host_of({kVswif0, network(), conf})).empty());
  constexpr Importer grep{"grep", Trust::Configuration, nullptr, nullptr, read_grepped_esx_conf};
  const auto beside = [&](std::string_view name) {
    std::vector<FileFacts> files;
    for (const auto& [path, text] : {kVswif0, network(), conf})
      files.push_back({importer_for(path), path, importer_for(path)->read({FileName(path), text})});
    files.push_back({&grep, "z", read(grep.read, fmt::format("/adv/Migrate/Vmknic = \"{}\"\n", name), "z")});
    return assemble(files, "x");
  };
  CHECK(contradictions(beside("vmk0")).empty());
  const auto host = beside("vmk1");
  REQUIRE(contradictions(host) == Texts{"contradiction vmotion interface: vmk0 vmk1"});
  CHECK(host.doubts[0].script_needs_it);
  CHECK(host.before.interface("vmk0")->services.has(model::Service::VMotion));
  CHECK_FALSE(host.before.interface("vmk1")->services.has(model::Service::VMotion));
}

TEST_CASE("NTP lists that differ contradict, whatever their order") {
  const std::pair<std::string, std::string> conf{"etc/ntp.conf", "server 10.0.0.1\nserver 10.0.0.2\n"};
  const std::pair<std::string, std::string> tickers{"etc/ntp/step-tickers", "10.0.0.3\n"};
  const auto host = host_of({kVswif0, network(), kConf, conf, tickers});
  CHECK(contradictions(host).empty());
  CHECK(host.before.ntp.size() == 3);
  const auto session = [&](std::string_view text) {
    std::vector<FileFacts> files;
    for (const auto& [path, content] : {kVswif0, network(), kConf, conf})
      files.push_back({importer_for(path), path, importer_for(path)->read({FileName(path), content})});
    files.push_back({importer_for(conf.first), "z!cat /etc/ntp.conf", read(read_ntp_conf, text, "z")});
    return assemble(files, "x");
  };
  CHECK(contradictions(session("server 10.0.0.2\nserver 10.0.0.1\n")).empty());
  const auto other = session("server 10.0.0.9\n");
  CHECK(contradictions(other) == Texts{"contradiction NTP servers: 10.0.0.1, 10.0.0.2 10.0.0.9"});
  CHECK(other.before.ntp.size() == 2);
}

TEST_CASE("a gateway that a whole route table does not have is a contradiction") {
  const auto set = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/routes/kernel/gateway = \"10.0.1.1\"\n");
  const auto with = host_of({kVswif0, network(), set});
  REQUIRE(gateway(with, "vmkernel") == "10.0.1.1");
  CHECK(contradictions(with).empty());
  const auto local = "10.0.1.0         255.255.255.0    Local Subnet     vmk0\n";
  const auto none = host_of({kVswif0, network(), set, kernel_routes(local)});
  CHECK(contradictions(none) == Texts{"contradiction vmkernel gateway: 10.0.1.1 none"});
  CHECK(none.doubts[0].values.at(1).at.known());
  CHECK(contradictions(
            host_of({kVswif0, network(), set, kernel_routes(std::string(local) + "default 0.0.0.0 10.0.1.1 vmk0\n")}))
            .empty());
  CHECK(contradictions(host_of({kVswif0, network(), kConf, all_console_routes("")})) ==
        Texts{"contradiction console gateway: 10.0.0.1 none"});
  CHECK(contradictions(
            host_of({kVswif0, network(), kConf, all_console_routes("0.0.0.0 10.0.0.1 0.0.0.0 UG 0 0 0 vswif0\n")}))
            .empty());
}

TEST_CASE("an interface that a complete list does not have is a contradiction") {
  const auto two = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + vmk_lines(1, "vmk1", "10.0.2.5/24"));
  CHECK(contradictions(host_of({kVswif0, network(), kConf, kListed})).empty());
  const auto host = host_of({kVswif0, network(), two, kListed});
  CHECK(contradictions(host) == Texts{"contradiction vmk1 presence: present absent"});
  CHECK(host.doubts[0].script_needs_it);
  CHECK(to_string(host.doubts[0].values.at(1).at).starts_with("commands/esxcfg-vmknic_-l.txt"));
  const auto more = listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC",  //
                                 "vmk1|VMotion|10.0.2.5|255.255.255.0|1500|STATIC"});
  const auto none = listed_vmks({});
  CHECK(contradictions(host_of({kVswif0, network(), kConf, none})) ==
        Texts{"contradiction vmk0 presence: present absent"});
  // An esx.conf without any may be a part of one.
  CHECK(contradictions(host_of({kVswif0, network(), esx_conf(), kListed})).empty());
  CHECK(contradictions(host_of({kVswif0, network(), kConf, more})) ==
        Texts{"contradiction vmk1 presence: present absent"});
  CHECK(contradictions(host_of({console("vswif1", "10.0.3.5/24"), network(), kConf,
                                listed_vswifs({"vswif0|Service Console|10.0.0.5|255.255.255.0|STATIC"})})) ==
        Texts{"contradiction vswif1 presence: present absent"});
}

TEST_CASE("a route that one whole table has and the other has not is a contradiction") {
  const auto rows = "10.71.40.0 255.255.255.0 10.0.1.9 vmk0\n";
  const auto whole = kernel_routes(rows);
  const auto second = [&](std::string_view text) { return output("esxcfg-route", kernel_routes(text).second); };
  CHECK(contradictions(host_of({kVswif0, network(), kConf, whole, second(rows)})).empty());
  const auto host = host_of({kVswif0, network(), kConf, whole, second("10.0.1.0 255.255.255.0 Local Subnet vmk0\n")});
  CHECK(contradictions(host) == Texts{"contradiction vmkernel route to 10.71.40.0/24: 10.0.1.9 none"});
  const std::pair<std::string, std::string> file{"etc/sysconfig/network-scripts/route-vswif0",
                                                 "10.9.0.0/16 via 10.0.0.9\n"};
  CHECK(contradictions(host_of(
            {kVswif0, network(), kConf, file, all_console_routes("0.0.0.0 10.0.0.1 0.0.0.0 UG 0 0 0 vswif0\n")})) ==
        Texts{"contradiction console route to 10.9.0.0/16: 10.0.0.9 none"});
  // A route that only ran is no contradiction: no file would tell it.
  CHECK(contradictions(host_of({kVswif0, network(), kConf, whole})).empty());
}

TEST_CASE("silence of esx.conf is an MTU of 1500") {
  CHECK(contradictions(
            host_of({kVswif0, network(), kConf, listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|9000|STATIC"})})) ==
        Texts{"contradiction vmk0 mtu: 9000 1500"});
  const auto said = esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + "/net/vmkernelnic/child[0000]/mtu = \"9000\"\n");
  CHECK(contradictions(
            host_of({kVswif0, network(), said, listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|9000|STATIC"})}))
            .empty());
}

TEST_CASE("a mount that one of two lists does not have is a contradiction") {
  const auto listing = [](std::string_view rows) { return output("esxcfg-nas_-l", rows); };
  const std::string a = "a01 is /vol/a01 from 10.0.1.20 mounted\n";
  const std::string b = "b01 is /vol/b01 from 10.0.1.20 mounted\n";
  const auto both = host_of({kVswif0, network(), kConf, listing(a + b)});
  CHECK(contradictions(both).empty());
  std::vector<FileFacts> files;
  for (const auto& [path, text] : {kVswif0, network(), kConf, listing(a)})
    files.push_back({importer_for(path), path, importer_for(path)->read({FileName(path), text})});
  files.push_back({importer_for("commands/esxcfg-nas_-l.txt"), "z", read(read_esxcfg_nas, a + b, "z")});
  CHECK(contradictions(assemble(files, "x")) == Texts{"contradiction NFS mount of b01: 10.0.1.20 absent"});
}

TEST_CASE("two numbers of one interface's dvPort are a contradiction") {
  const auto conf = esx_conf(
      "/net/vmkernelnic/child[0000]/name = \"vmk0\"\n/net/vmkernelnic/child[0000]/ipv4address = \"10.0.1.5\"\n"
      "/net/vmkernelnic/child[0000]/ipv4netmask = \"255.255.255.0\"\n"
      "/net/vmkernelnic/child[0000]/dvsId = \"aa bb\"\n/net/vmkernelnic/child[0000]/portId = \"51\"\n"
      "/net/vmkernelnic/child[0000]/enable = \"true\"\n");
  const auto listed = [](std::string_view port) {
    return listed_vmks({fmt::format("vmk0|{}|10.0.1.5|255.255.255.0|1500|STATIC", port)});
  };
  CHECK(contradictions(host_of({kVswif0, network(), conf, listed("51")})).empty());
  CHECK(contradictions(host_of({kVswif0, network(), conf, listed("77")})) == Texts{"contradiction vmk0 dvport: 51 77"});
}
