// From paths on the disk to an estate.
#include "esx2esxi/intake/read.hpp"

#include <mutex>
#include <set>

#include <sys/stat.h>

#include "assembling.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace fs = std::filesystem;

namespace {

const std::string kHosts = TEST_ESTATES "/harbor/hosts";

/// A folder that is gone when the test is.
class Scratch {
 public:
  Scratch() {
    auto name = (fs::temp_directory_path() / "esx2esxi-read-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  std::string path(const std::string& inside = {}) const { return inside.empty() ? path_ : path_ + "/" + inside; }

  void write(const std::string& inside, std::string_view text) const {
    fs::create_directories(fs::path(path(inside)).parent_path());
    std::ofstream(path(inside), std::ios::binary) << text;
  }
  /// A host's tree: its name, its uuid, its console address.
  void host(const std::string& folder, const std::string& name, const std::string& uuid,
            const std::string& address) const {
    const auto text = esx_conf(vmk_lines(0, "vmk0", "10.200.1.5/24")).second;
    write(folder + "/etc/vmware/esx.conf",
          std::string(text).replace(text.find("4a3b27ac-5705f21d-6d09-000c2918f3aa"), 35, uuid));
    write(folder + "/" + console("vswif0", address + "/24").first, console("vswif0", address + "/24").second);
    write(folder + "/etc/sysconfig/network", "HOSTNAME=" + name + "\n");
  }

 private:
  std::string path_;
};

model::Estate read(const std::vector<std::string>& inputs, unsigned jobs = 0) {
  return read_estate(inputs, {jobs, {}, {}});
}

Texts names(const model::Estate& estate) {
  Texts out;
  for (const auto& host : estate.hosts) out.push_back(host.name);
  return out;
}

Texts codes(const model::Estate& estate) {
  Texts out;
  for (const auto& note : estate.diagnostics) out.push_back(fmt::format("{} {}", to_string(note.severity), note.code));
  return out;
}

bool reads(const model::Host& host, std::string_view ending) {
  return std::any_of(host.inputs.begin(), host.inputs.end(),
                     [&](const model::InputFile& file) { return file.path.ends_with(ending); });
}

bool same(const model::Estate& a, const model::Estate& b) {
  return std::equal(a.hosts.begin(), a.hosts.end(), b.hosts.begin(), b.hosts.end(),
                    [](const model::Host& x, const model::Host& y) {
                      return x.name == y.name && x.root == y.root && x.before == y.before && doubts(x) == doubts(y) &&
                             x.inputs.size() == y.inputs.size() && x.diagnostics == y.diagnostics;
                    });
}

}  // namespace

TEST_CASE("the sample estate: fourteen hosts, doubts where its README plants them and nowhere else") {
  const auto estate = read({kHosts});
  REQUIRE(estate.hosts.size() == 14);
  CHECK(estate.diagnostics.empty());
  CHECK(estate.hosts.front().name == "buoy01");
  CHECK(estate.hosts.back().name == "tug35");
  for (const auto& host : estate.hosts) {
    INFO(host.name);
    if (host.name == "pier03")
      CHECK(doubts(host) == Texts{"contradiction vswif0 address: 10.71.10.113 10.71.10.13 10.71.10.13 10.71.10.13"});
    else if (host.name == "ferry01")
      CHECK(doubts(host) == Texts{"missing vswif0 vlan", "missing vmk0 vlan", "missing vmk1 vlan"});
    else
      CHECK(doubts(host).empty());
    for (const auto& note : host.diagnostics) CHECK(note.severity < Severity::Error);
  }
}

TEST_CASE("copies, backups and a former life are no inputs") {
  const auto estate = read({kHosts});
  for (const auto& host : estate.hosts)
    for (const auto& file : host.inputs) {
      INFO(file.path);
      CHECK(file.path.find("esx3-installation") == std::string::npos);
      CHECK(!file.path.ends_with(".bak"));
      CHECK(!file.path.ends_with(".LOCK"));
      CHECK(!file.path.ends_with(".again"));
      CHECK(!file.path.ends_with("ifcfg-eth0"));
    }
}

TEST_CASE("neither the number of threads nor the order or overlap of the inputs changes anything") {
  const auto one = read({kHosts}, 1);
  CHECK(same(one, read({kHosts + "/"}, 8)));
  Texts each;
  for (const auto& entry : fs::directory_iterator(kHosts)) each.push_back(entry.path().string());
  std::sort(each.begin(), each.end());
  CHECK(same(one, read(each, 3)));
  CHECK(same(one, read({each.rbegin(), each.rend()}, 3)));
  CHECK(same(one, read({kHosts + "/pier01", kHosts, kHosts + "/pier01"}, 2)));
}

TEST_CASE("a lone esx.conf, whatever its name") {
  const Scratch scratch;
  scratch.write("backup of friday.dat", file_text(kHosts + "/pier01/etc/vmware/esx.conf"));
  const auto estate = read({scratch.path("backup of friday.dat")});
  REQUIRE(names(estate) == Texts{"pier01"});
  CHECK(doubts(estate.hosts[0]) == Texts{"missing console address"});
  CHECK(estate.hosts[0].inputs.size() == 1);
  CHECK(estate.hosts[0].inputs[0].kind == "esx.conf");
}

TEST_CASE("a folder's name is the host's where nothing inside tells") {
  const Scratch scratch;
  scratch.write("esx07/commands/esxcfg-vswif_-l.txt",
                listed_vswifs({"vswif0|SC|10.0.0.5|255.255.255.0|STATIC"}).second);
  scratch.write("esx08/var/tmp/out/esxcfg-vswif.4711.txt", "");
  scratch.write("esx08/tmp/esxcfg-vmknic.4711.txt", listed_vmks({"vmk0|V|10.0.1.5|255.255.255.0|1500|STATIC"}).second);
  const auto estate = read({scratch.path()});
  REQUIRE(names(estate) == Texts{"esx07", "esx08"});
  CHECK(reads(estate.hosts[1], "esx08/var/tmp/out/esxcfg-vswif.4711.txt"));
}

TEST_CASE("hosts lie at any depth") {
  const Scratch scratch;
  scratch.host("a/b/c/d/x", "esx01", "11111111-1111-1111-1111-111111111111", "10.0.0.1");
  scratch.host("a/y", "esx02", "22222222-2222-2222-2222-222222222222", "10.0.0.2");
  CHECK(names(read({scratch.path()})) == Texts{"esx01", "esx02"});
}

namespace {

/// "esx01 PROD-A" each, "-" for none.
Texts clusters(const model::Estate& estate) {
  Texts out;
  for (const auto& host : estate.hosts) out.push_back(host.name + " " + (host.cluster.empty() ? "-" : host.cluster));
  return out;
}

std::string uuid(unsigned n) { return fmt::format("4a3b27ac-5705f21d-6d09-000c2918f{:03}", n); }

/// Hosts of these names, each in a folder that ends in its name.
void make_hosts(const Scratch& scratch, const Texts& folders) {
  unsigned n = 1;
  for (const auto& folder : folders) {
    scratch.host(folder, folder.substr(folder.rfind('/') + 1), uuid(n), fmt::format("10.0.0.{}", n));
    ++n;
  }
}

}  // namespace

TEST_CASE("folders of hosts side by side are clusters, and that is where they were read") {
  const Scratch scratch;
  make_hosts(scratch, {"PROD-A/esx01", "PROD-A/esx02", "PROD-B/esx03", "other/README/esx04"});
  const auto estate = read({scratch.path()});
  CHECK(clusters(estate) == Texts{"esx01 PROD-A", "esx02 PROD-A", "esx03 PROD-B", "esx04 -"});
  CHECK(to_string(*estate.hosts[0].origins.find("cluster")) == scratch.path("PROD-A"));
  CHECK(clusters(read({scratch.path() + "/"})) == clusters(estate));
  CHECK(clusters(read({scratch.path("PROD-A"), scratch.path("PROD-B")})) == Texts{"esx01 -", "esx02 -", "esx03 -"});
}

TEST_CASE("one folder of hosts is no cluster, nor are folders of one host each") {
  const Scratch scratch;
  make_hosts(scratch, {"PROD-A/esx01", "PROD-A/esx02", "esx03"});
  CHECK(clusters(read({scratch.path()})) == Texts{"esx01 -", "esx02 -", "esx03 -"});
  const Scratch single;
  make_hosts(single, {"rack1/esx01", "rack2/esx02", "rack3/esx03"});
  CHECK(clusters(read({single.path()})) == Texts{"esx01 -", "esx02 -", "esx03 -"});
}

TEST_CASE("folders that say what they hold, or when it was taken, are no clusters") {
  const Scratch scratch;
  make_hosts(scratch, {"hosts/esx01", "hosts/esx02", "Bundles/esx03", "2026-02-13/esx04", "2026-02-13/esx05"});
  for (const auto& line : clusters(read({scratch.path()}))) CHECK(line.ends_with(" -"));
  make_hosts(scratch, {"PROD-A/esx06", "PROD-A/esx07", "PROD-B/esx08"});
  const auto estate = read({scratch.path()});
  CHECK(std::count_if(estate.hosts.begin(), estate.hosts.end(),
                      [](const model::Host& host) { return !host.cluster.empty(); }) == 3);
}

TEST_CASE("folders that hold the same host are two sources of it, no clusters") {
  const Scratch scratch;
  make_hosts(scratch, {"monday/esx01", "monday/esx02"});
  scratch.host("friday/esx01", "esx01", uuid(1), "10.0.0.1");
  scratch.host("friday/esx03", "esx03", uuid(3), "10.0.0.3");
  CHECK(clusters(read({scratch.path()})) == Texts{"esx01 -", "esx02 -", "esx03 -"});
}

TEST_CASE("clusters of one name in two places are told apart") {
  const Scratch scratch;
  make_hosts(scratch, {"north/PROD/esx01", "north/PROD/esx02", "north/TEST/esx03", "south/prod/esx04",
                       "south/prod/esx05", "south/DEV/esx06"});
  CHECK(clusters(read({scratch.path()})) == Texts{"esx01 north/PROD", "esx02 north/PROD", "esx03 TEST",
                                                  "esx04 south/prod", "esx05 south/prod", "esx06 DEV"});
}

TEST_CASE("the sample estate's folders name no cluster") {
  for (const auto& host : read({TEST_ESTATES "/harbor"}).hosts) {
    INFO(host.name);
    const auto* at = host.origins.find("cluster");
    CHECK((at == nullptr || to_string(*at).find("rvtools") != std::string::npos));
  }
}

TEST_CASE("inputs that hold nothing are errors at their name, and leave nothing") {
  const Scratch scratch;
  fs::create_directories(scratch.path("empty/deep"));
  scratch.write("binary", std::string("\x7f"
                                      "ELF\0\1\2\3",
                                      8));
  scratch.write("nothing", "");
  const auto estate =
      read({scratch.path("empty/"), scratch.path("binary"), scratch.path("nothing"), scratch.path("gone")});
  CHECK(estate.hosts.empty());
  CHECK(codes(estate) == Texts{"error unknown-input", "error no-host", "error unreadable", "error unknown-input"});
  for (const auto& note : estate.diagnostics) CHECK(note.at.line == 0);
  CHECK(estate.diagnostics[1].at.file.text() == scratch.path("empty"));
  CHECK(to_string(estate.diagnostics[2]).starts_with(scratch.path("gone") + ": error: cannot be read: "));
}

TEST_CASE("links are not followed, and that is said") {
  const Scratch scratch;
  scratch.host("real/x", "esx01", "11111111-1111-1111-1111-111111111111", "10.0.0.1");
  fs::create_directories(scratch.path("links"));
  fs::create_directory_symlink(scratch.path("real/x"), scratch.path("links/x"));
  const auto estate = read({scratch.path("links")});
  CHECK(estate.hosts.empty());
  CHECK(codes(estate) == Texts{"error no-host", "note link"});
  CHECK(names(read({scratch.path("links/x")})) == Texts{"esx01"});  // the user's own word counts
}

TEST_CASE("a file that cannot be read leaves its host in doubt, and the others alone") {
  const Scratch scratch;
  scratch.host("x", "esx01", "11111111-1111-1111-1111-111111111111", "10.0.0.1");
  scratch.host("y", "esx02", "22222222-2222-2222-2222-222222222222", "10.0.0.2");
  fs::resize_file(scratch.path("x/etc/vmware/esx.conf"), (64U << 20) + 1);  // sparse: no such file has 64 MiB
  REQUIRE(::mkfifo(scratch.path("y/etc/resolv.conf").c_str(), 0600) == 0);  // must not stop the program
  const auto estate = read({scratch.path()});
  REQUIRE(names(estate) == Texts{"esx01", "esx02"});
  const auto left_open = doubts(estate.hosts[0]);
  CHECK(std::count(left_open.begin(), left_open.end(), "missing rest of esx.conf") == 1);
  CHECK(has_diagnostic(estate.hosts[0], "unreadable"));
  CHECK(!reads(estate.hosts[0], "esx.conf"));
  CHECK(doubts(estate.hosts[1]).empty());
  CHECK(has_diagnostic(estate.hosts[1], "unreadable"));
}

TEST_CASE("two hosts of one name are both kept, under two names, with an error") {
  const Scratch scratch;
  scratch.host("x", "esx01", "11111111-1111-1111-1111-111111111111", "10.0.0.1");
  scratch.host("y", "esx01", "22222222-2222-2222-2222-222222222222", "10.0.0.2");
  scratch.host("z", "ESX01", "33333333-3333-3333-3333-333333333333", "10.0.0.3");
  const auto estate = read({scratch.path()});
  CHECK(names(estate) == Texts{"ESX01-3", "esx01", "esx01-2"});
  CHECK(codes(estate) == Texts{"error host-name-twice", "error host-name-twice"});
}

TEST_CASE("two places that describe one host are one host, from all their files") {
  const Scratch scratch;
  scratch.host("x", "esx01", "11111111-1111-1111-1111-111111111111", "10.0.0.1");
  scratch.write("more/esx01/commands/esxcfg-route_-l.txt",
                "VMkernel Routes:\nNetwork          Netmask          Gateway          Interface\n"
                "10.8.0.0         255.255.0.0      10.200.1.254     vmk0\n");
  const auto estate = read({scratch.path()});
  REQUIRE(names(estate) == Texts{"esx01"});
  CHECK(routes(estate.hosts[0], "vmkernel") == Texts{"10.8.0.0/16 via 10.200.1.254"});
  CHECK(estate.hosts[0].inputs.size() == 4);
}

TEST_CASE(
    "a host's files and what it shows after its migration are two states: the classic one is read, and it is said") {
  const std::string harbor = TEST_ESTATES "/harbor/";
  const auto alone = read({harbor + "hosts/pier01"});
  const auto both = read({harbor + "hosts/pier01", harbor + "esxi-captures/pier01-esxi80.txt"});
  REQUIRE(names(both) == Texts{"pier01"});
  const auto& host = both.hosts[0];
  CHECK(host.before == alone.hosts[0].before);
  CHECK(host.product == "ESX");
  CHECK(host.version == alone.hosts[0].version);
  CHECK(has_diagnostic(host, "before-and-after"));
  REQUIRE(host.doubts.size() == alone.hosts[0].doubts.size() + 1);
  const auto& doubt = host.doubts.back();
  CHECK(doubt.subject == "product");
  CHECK(doubt.kind == model::Doubt::Kind::Contradiction);
  REQUIRE(doubt.values.size() == 2);
  CHECK(doubt.values[0].value == "ESX");
  CHECK(doubt.values[1].at.file.text().ends_with("pier01-esxi80.txt"));
}

TEST_CASE("a shared uuid makes no two hosts one that name themselves apart, and is said") {
  const Scratch scratch;
  const std::string uuid = "11111111-1111-1111-1111-111111111111";
  SECTION("installed from one image") {
    for (const auto* folder : {"x", "y"}) {
      scratch.host(folder, std::string("esx-") + folder, uuid, std::string("10.0.0.") + (*folder == 'x' ? "1" : "2"));
      scratch.write(std::string(folder) + "/etc/vmware/esx.conf",
                    "/boot/cosvmdk = \"x\"\n/system/uuid = \"" + uuid + "\"\n");
    }
    const auto estate = read({scratch.path()});
    CHECK(names(estate) == Texts{"esx-x", "esx-y"});
    CHECK(codes(estate) == Texts{"warning uuid-twice"});
  }
  SECTION("a clone that still has the other's address: one of the two is wrong, none may vanish") {
    scratch.host("x", "esx-x", uuid, "10.0.0.1");
    scratch.host("y", "esx-y", uuid, "10.0.0.1");
    const auto estate = read({scratch.path()});
    CHECK(names(estate) == Texts{"esx-x", "esx-y"});
    CHECK(codes(estate) == Texts{"warning uuid-twice"});
  }
  SECTION("a tree that says its name and an output that does not") {
    scratch.host("x", "esx-x", uuid, "10.0.0.1");
    scratch.write("y/esx.conf", "/boot/cosvmdk = \"x\"\n/system/uuid = \"" + uuid + "\"\n");
    CHECK(names(read({scratch.path()})) == Texts{"esx-x"});
  }
}

TEST_CASE("a third source joins two that have nothing in common, whatever their order") {
  const Scratch scratch;
  const std::string uuid = "4a3b27ac-5705f21d-6d09-000c2918f3aa";
  scratch.write("named/all.txt",
                "[root@esx01 ~]# vmware -v\nVMware ESX 4.1.0 build-260247\n[root@esx01 ~]# cat /etc/vmware/esx.conf\n"
                "/system/uuid = \"" +
                    uuid + "\"\n[root@esx01 ~]# \n");
  const auto nameless = console("vswif0", "10.0.0.1/24");
  scratch.write("lone/" + nameless.first, nameless.second);
  scratch.write("conf/esx.conf", std::string(esx_conf(vmk_lines(0, "vmk0", "10.200.1.5/24")).second) +
                                     "/adv/Misc/HostIPAddr = \"10.0.0.1\"\n");
  std::vector<std::string> places{"named/all.txt", "lone", "conf/esx.conf"};
  std::sort(places.begin(), places.end());
  do {
    std::vector<std::string> inputs;
    for (const auto& place : places) inputs.push_back(scratch.path(place));
    INFO(join(places, " "));
    CHECK(names(read(inputs)) == Texts{"esx01"});
  } while (std::next_permutation(places.begin(), places.end()));
}

TEST_CASE("hosts of one short name in two domains are two, unless they share an interface") {
  const Scratch scratch;
  for (const auto* domain : {"north", "south"}) {
    const std::string folder(domain);
    scratch.write(folder + "/etc/sysconfig/network", "HOSTNAME=esx01." + folder + ".example\n");
    const auto vswif = console("vswif0", folder == "north" ? "10.0.0.1/24" : "10.0.1.1/24");
    scratch.write(folder + "/" + vswif.first, vswif.second);
    scratch.write(folder + "/etc/vmware/esx.conf", "/boot/cosvmdk = \"x\"\n");
  }
  const auto estate = read({scratch.path("north"), scratch.path("south")});
  CHECK(names(estate) == Texts{"esx01", "esx01-2"});
  REQUIRE(codes(estate) == Texts{"error host-name-twice"});
  CHECK(estate.diagnostics[0].at.line == 1);
  const auto same = console("vswif0", "10.0.0.1/24");
  scratch.write("south/" + same.first, same.second);
  CHECK(names(read({scratch.path("north"), scratch.path("south")})) == Texts{"esx01"});
}

TEST_CASE("an inventory's hosts of one short name in two domains are two, in one file and over several") {
  const Scratch scratch;
  scratch.write("RVTools_tabvHost.csv",
                "Host,Datacenter,Cluster,CPU Model,# CPU,# Memory,ESX Version,DNS Servers,NTP Server(s),Boot time\n"
                "esx01.north.example,dc,North,,,,VMware ESX 4.1.0 build-260247,10.0.0.53,,\n"
                "esx01.south.example,dc,South,,,,VMware ESX 4.1.0 build-260247,10.0.1.53,,\n");
  scratch.write("RVTools_tabvSC_VMK.csv",
                "Host,Device,IP Address,Subnet mask,DHCP,Port Group,MTU\n"
                "esx01.north.example,vswif0,10.0.0.1,255.255.255.0,False,Service Console,1500\n"
                "esx01.south.example,vswif0,10.0.1.1,255.255.255.0,False,Service Console,1500\n");
  const auto estate = read({scratch.path()});
  REQUIRE(names(estate) == Texts{"esx01", "esx01-2"});
  for (const auto& host : estate.hosts) REQUIRE(host.before.interfaces.size() == 1);
  CHECK(to_string(*estate.hosts[0].before.interfaces[0].address) == "10.0.0.1");
  CHECK(estate.hosts[0].cluster == "North");
  CHECK(to_string(*estate.hosts[1].before.interfaces[0].address) == "10.0.1.1");
  CHECK(estate.hosts[1].cluster == "South");
}

TEST_CASE("a lone esx.conf gets its console from the text capture of the host that is managed where it says") {
  const Scratch scratch;
  const auto conf = [](std::string_view address) {
    return esx_conf(vmk_lines(0, "vmk0", "10.0.1.5/24") + fmt::format("/adv/Misc/HostIPAddr = \"{}\"\n", address))
        .second;
  };
  const auto capture = [](std::string_view host) {
    return fmt::format("[root@{} ~]# esxcfg-vswif -l\n", host) +
           listed_vswifs({"vswif0|Service Console|10.0.0.5|255.255.255.0|STATIC"}).second;
  };
  scratch.write("captures/esx01.txt", capture("esx01"));
  SECTION("the same address") {
    scratch.write("confs/old/esx.conf", conf("10.0.0.5"));
    const auto estate = read({scratch.path()});
    REQUIRE(names(estate) == Texts{"esx01"});
    const auto& state = estate.hosts[0].before;
    CHECK(model::address_text(*state.interface("vswif0")) == "10.0.0.5/24");
    CHECK(state.interface("vswif0")->vlan->value() == 10);
    CHECK(model::address_text(*state.interface("vmk0")) == "10.0.1.5/24");
    CHECK(std::none_of(estate.hosts[0].doubts.begin(), estate.hosts[0].doubts.end(),
                       [](const model::Doubt& doubt) { return doubt.subject == "console address"; }));
  }
  SECTION("another address") {
    scratch.write("confs/old/esx.conf", conf("10.0.0.6"));
    CHECK(names(read({scratch.path()})) == Texts{"esx01", "old"});
  }
  SECTION("two hosts that both have names and share an address are two hosts") {
    scratch.write("captures/esx02.txt", capture("esx02"));
    CHECK(names(read({scratch.path()})) == Texts{"esx01", "esx02"});
  }
}

TEST_CASE("a file in UTF-16, as Windows shells write it, says what it says") {
  const Scratch scratch;
  const std::string text = "[root@esx01 ~]# esxcfg-vswif -l\r\n" +
                           listed_vswifs({"vswif0|Service Console|10.0.0.5|255.255.255.0|STATIC"}).second;
  std::string wide = "\xff\xfe";
  for (const char c : text) (wide += c) += '\0';
  scratch.write("capture.txt", wide);
  const auto estate = read({scratch.path("capture.txt")});
  REQUIRE(names(estate) == Texts{"esx01"});
  CHECK(model::address_text(*estate.hosts[0].before.interface("vswif0")) == "10.0.0.5/24");
  CHECK(estate.hosts[0].before.interface("vswif0")->origins.find("address")->line == 3);
}

TEST_CASE("a folder of install scripts is an estate") {
  const auto estate = read({TEST_ESTATES "/harbor/kickstart"});
  CHECK(estate.hosts.size() == 3);
  CHECK(estate.diagnostics.empty());
}

TEST_CASE("loose files of one folder are one host's, unless two say the same kind of thing") {
  const Scratch scratch;
  const auto conf = [&](std::string_view host) {
    return file_text(kHosts + "/" + std::string(host) + "/etc/vmware/esx.conf");
  };
  SECTION("one host") {
    scratch.write("esx09/a.txt", listed_vswifs({"vswif0|Service Console|10.71.10.11|255.255.255.0|STATIC"}).second);
    scratch.write("esx09/b.conf", conf("pier01"));
    const auto estate = read({scratch.path()});
    REQUIRE(names(estate) == Texts{"pier01"});
    CHECK(estate.hosts[0].before.interface("vswif0") != nullptr);
  }
  SECTION("several hosts") {
    scratch.write("confs/a.conf", conf("pier01"));
    scratch.write("confs/b.conf", conf("pier02"));
    const auto estate = read({scratch.path()});
    CHECK(names(estate) == Texts{"pier01", "pier02"});
    CHECK(codes(estate) == Texts{"warning loose-files"});
  }
}

TEST_CASE("only the hosts that are asked for, by short or full name in any case") {
  CHECK(names(read_estate({kHosts}, {0, {"PIER01", "tug35.harbor.example"}, {}})) == Texts{"pier01", "tug35"});
  CHECK(names(read_estate({kHosts}, {0, {"pier"}, {}})).empty());
}

TEST_CASE("whoever watches is told of each host once") {
  std::mutex guard;
  std::multiset<std::size_t> seen;
  std::size_t all = 0;
  ReadOptions options;
  options.jobs = 4;
  options.progress = [&](std::size_t done, std::size_t total) {
    const std::lock_guard lock(guard);
    seen.insert(done);
    all = total;
  };
  read_estate({kHosts}, options);
  CHECK(all == 14);
  CHECK(seen.size() == 14);
  CHECK(*seen.rbegin() == 14);
}
