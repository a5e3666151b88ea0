// Archives of a host's files: which members are read, where reading stops, and what a hostile one can cost.
#include "../../../planner/intake/bundle.hpp"
#include "../../../planner/intake/wanted_members.hpp"
#include "../../archives.hpp"
#include "assembling.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;
using archives::Entry;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;

const std::string kHarbor = TEST_ESTATES "/harbor";
const std::string kTop = "vm-support-esx01-2026-02-12--21.14.12074/";

/// Gives bytes in pieces, and remembers how many were asked for.
struct Feed {
  std::string bytes;
  std::size_t piece = 1000;
  std::size_t given = 0;

  Pull pull() {
    return [this] {
      const auto next = std::string_view(bytes).substr(given, piece);
      given += next.size();
      return next;
    };
  }
};

Bundle read(const std::string& bytes, std::size_t piece = 1000) {
  Feed feed{bytes, piece};
  return read_bundle("b.tgz", feed.pull());
}

Bundle read(const std::vector<Entry>& entries) { return read(archives::gzip(archives::tar(entries))); }

/// The paths of what was read, without the archive's name.
Texts paths(const BundleHost& host) {
  Texts out;
  for (const auto& file : host.files)
    if (file.importer->read != nullptr && !file.facts.cut_off) out.push_back(file.path.substr(file.path.find('!') + 1));
  std::sort(out.begin(), out.end());
  return out;
}

Texts paths(const Bundle& bundle) { return bundle.hosts.size() == 1 ? paths(bundle.hosts[0]) : Texts{"not one host"}; }

/// "error bundle-truncated b.tgz" for each diagnostic of the archive or of a file that was refused.
Texts faults(const Bundle& bundle) {
  Texts out;
  const auto add = [&](const Diagnostics& notes) {
    for (const auto& note : notes)
      if (note.code != "route-dropped")
        out.push_back(fmt::format("{} {} {}", to_string(note.severity), note.code, to_string(note.at)));
  };
  add(bundle.notes);
  for (const auto& host : bundle.hosts)
    for (const auto& file : host.files)
      if (file.importer->read == nullptr || file.facts.cut_off) add(file.facts.notes);
  return out;
}

std::string message(const Bundle& bundle) {
  for (const auto& note : bundle.notes) return note.message;
  for (const auto& host : bundle.hosts)
    for (const auto& file : host.files)
      if (file.importer->read == nullptr)
        for (const auto& note : file.facts.notes) return note.message;
  return {};
}

Entry at(const std::string& path, std::string text = "x\n") { return {kTop + path, std::move(text)}; }

const std::string kVswif =
    "Name     Port Group          IP Address      Netmask         Broadcast       Enabled   DHCP\n"
    "vswif0   Service Console     10.0.0.5        255.255.255.0   10.0.0.255      true      false\n";

/// All that vm-support takes from every host, in the order of a sorted tree.
std::vector<Entry> whole_host() {
  std::vector<Entry> all{archives::folder(kTop), archives::folder(kTop + "etc/")};
  for (const auto* name : {"hosts", "ntp.conf", "resolv.conf", "sysconfig/network"})
    all.push_back(at("etc/" + std::string(name)));
  all.push_back(at("etc/sysconfig/network-scripts/ifcfg-vswif0", "DEVICE=vswif0\nIPADDR=10.0.0.5\n"));
  all.push_back(at("etc/vmware/esx.conf", esx_conf().second));
  for (const auto* name :
       {"esxcfg-nas", "esxcfg-nics", "esxcfg-route", "esxcfg-vmknic", "esxcfg-vswitch", "ifconfig", "route", "vmware"})
    all.push_back(at(fmt::format("tmp/{}.12074.txt", name)));
  all.push_back(at("tmp/esxcfg-vswif.12074.txt", kVswif));
  return all;
}

std::vector<Entry> with(std::vector<Entry> all, const std::vector<Entry>& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

/// Random: it does not shrink.
std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 1;
  for (auto& c : out) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  return out;
}

/// How much of the archive was asked for, where 4 MiB of noise follow the members.
std::size_t asked_for(const std::vector<Entry>& members, const std::string& log = kTop + "var/log/vmkernel") {
  Feed feed{archives::gzip(archives::tar(with(members, {{log, noise(4U << 20)}})))};
  (void)read_bundle("b.tgz", feed.pull());
  return feed.given;
}

constexpr std::size_t kLittle = 512U << 10;
constexpr std::size_t kAll = 4U << 20;

}  // namespace

TEST_CASE("a bundle and its tree give the same host, each line at the same place") {
  const std::map<std::string, std::string> bundles{{"pier01", "esx-pier01.harbor.example-2026-02-11--19.28.tgz"},
                                                   {"crane02", "esx-2026-02-12--21.14.12074.tgz"},
                                                   {"tug35", "esx-2026-02-13--08.02.20417.tgz"}};
  for (const auto& [name, file] : bundles) {
    INFO(name);
    const auto bytes = file_text(kHarbor + "/bundles/" + file);
    auto bundle = read(bytes);
    REQUIRE(bundle.hosts.size() == 1);
    CHECK(faults(bundle).empty());
    CHECK(bundle.hosts[0].name == name);
    Texts expected;
    const auto root = kHarbor + "/hosts/" + name + "/";
    for (const auto& entry : fs::recursive_directory_iterator(root))
      if (entry.is_regular_file()) expected.push_back(entry.path().string().substr(root.size()));
    std::sort(expected.begin(), expected.end());
    std::erase_if(expected, [](const std::string& path) { return importer_for(path) == nullptr; });
    CHECK(paths(bundle) == expected);
    for (const auto& one : bundle.hosts[0].files) {
      CHECK(one.kind == "support bundle");
      const auto inside = one.path.substr(one.path.find('!') + 1);
      const auto same = one.importer->read({FileName(one.path), file_text(root + inside)});
      CHECK(texts(one.facts.interfaces) == texts(same.interfaces));
      for (std::size_t i = 0; i < same.interfaces.size(); ++i)
        CHECK(to_string(one.facts.interfaces[i].at) == to_string(same.interfaces[i].at));
    }
  }
}

TEST_CASE("an archive is told by its first bytes") {
  const auto plain = archives::tar({at("etc/hosts")});
  CHECK(is_bundle(plain));
  CHECK(is_bundle(archives::gzip(plain)));
  CHECK(is_bundle(archives::gzip(plain).substr(0, 40)));  // broken, but who would leave it out without a word
  CHECK_FALSE(is_bundle(archives::gzip(esx_conf().second)));
  CHECK_FALSE(is_bundle(archives::gzip("short")));
  CHECK_FALSE(is_bundle(esx_conf().second));
  CHECK_FALSE(is_bundle(std::string(2048, '\0')));
  CHECK_FALSE(is_bundle(""));
  CHECK_FALSE(is_bundle("\x1f"));
  auto damaged = plain;
  damaged[3] = '!';  // the header's checksum
  CHECK_FALSE(is_bundle(damaged));
}

TEST_CASE("a plain tar, pieces of any size, no top folder, names with ./ and / before them") {
  for (const std::string top : {kTop.c_str(), "", "./", "/", "./esx01/", "backup/2010/esx01/"}) {
    INFO(top);
    const auto tar =
        archives::tar({{top + "etc/hosts", "10.0.0.1 x\n"}, {top + "etc/vmware/esx.conf", esx_conf().second}});
    for (const std::size_t piece : {2U, 511U, 512U, 100000U}) {
      CHECK(paths(read(tar, piece)) == Texts{"etc/hosts", "etc/vmware/esx.conf"});
      CHECK(paths(read(archives::gzip(tar), piece)) == Texts{"etc/hosts", "etc/vmware/esx.conf"});
    }
  }
}

TEST_CASE("a host without a name of its own is named after its folder") {
  const auto name = [](const std::string& top) {
    const auto bundle = read({{top + "etc/vmware/esx.conf", esx_conf().second}});
    return bundle.hosts.size() == 1 ? bundle.hosts[0].name : "not one host";
  };
  CHECK(name(kTop) == "esx01");
  CHECK(name("esx-esx02.example.com-2026-02-11--19.28/") == "esx02");
  CHECK(name("esx-10.1.2.3-2026-02-11--19.28/") == "10.1.2.3");
  CHECK(name("vm-support-unknown-host-2026-02-11--19.28.77/") == "unknown-host");
  CHECK(name("esx-03/") == "esx-03");
  CHECK(name("a/b/etched/") == "etched");
  CHECK(name("") == "");
}

TEST_CASE("outputs in commands, in a moved temporary folder, with any process number") {
  const auto bundle = read({at("etc/vmware/esx.conf", esx_conf().second), at("commands/esxcfg-route_-l.txt"),
                            at("var/tmp/vmsupport/esxcfg-vswif.1.txt"), at("scratch/x/esxcfg-nics.99999.txt")});
  CHECK(paths(bundle) == Texts{"commands/esxcfg-route_-l.txt", "etc/vmware/esx.conf", "scratch/x/esxcfg-nics.99999.txt",
                               "var/tmp/vmsupport/esxcfg-vswif.1.txt"});
}

TEST_CASE("a former life, backups, copies and outputs of failed commands are left out") {
  const auto bundle = read(
      {at("etc/vmware/esx.conf", esx_conf().second), at("esx3-installation/etc/vmware/esx.conf"),
       at("etc/vmware/esx.conf.LOCK"), at("etc/vmware/esx.conf.bak"), at("etc/sysconfig/network-scripts/ifcfg-eth0"),
       at("tmp/esxcfg-nas.1.txt.again"), at("root/copy/etc/vmware/esx.conf"), at("root/copy/etc/hosts"),
       at("proc/vmware/esxcfg-nas.1.txt"), at("vmfs/volumes/a/esxcfg-nas.1.txt"), at("var/log/vmkernel.1.txt")});
  CHECK(paths(bundle) == Texts{"etc/vmware/esx.conf"});
  CHECK(faults(bundle).empty());
  CHECK(read({at("esx3-installation/etc/vmware/esx.conf", esx_conf().second)}).hosts.empty());
}

TEST_CASE("an archive of several hosts keeps them apart") {
  const auto bundle = read({{"all/esx01/etc/vmware/esx.conf", esx_conf().second},
                            {"all/esx01/tmp/esxcfg-nas.1.txt", ""},
                            {"all/esx02/commands/esxcfg-nas_-l.txt", ""}});
  REQUIRE(bundle.hosts.size() == 2);
  CHECK(bundle.hosts[0].name == "esx01");
  CHECK(paths(bundle.hosts[0]) == Texts{"all/esx01/etc/vmware/esx.conf", "all/esx01/tmp/esxcfg-nas.1.txt"});
  CHECK(bundle.hosts[1].name == "esx02");
  CHECK(paths(bundle.hosts[1]) == Texts{"all/esx02/commands/esxcfg-nas_-l.txt"});
}

TEST_CASE("of two members of one name the last one counts, as for an extractor") {
  const auto bundle = read({at("etc/vmware/esx.conf", esx_conf().second),
                            at("etc/sysconfig/network-scripts/ifcfg-vswif0", "DEVICE=vswif0\nIPADDR=10.0.0.5\n"),
                            at("etc/sysconfig/network-scripts/ifcfg-vswif0", "DEVICE=vswif0\nIPADDR=10.0.0.6\n")});
  REQUIRE(paths(bundle).size() == 2);
  for (const auto& file : bundle.hosts[0].files)
    if (file.importer->name == "ifcfg") CHECK(texts(file.facts.interfaces)[0].starts_with("vswif0 10.0.0.6/"));
}

TEST_CASE("reading stops when all that is wanted was read and its folders were left") {
  CHECK(asked_for(whole_host()) < kLittle);
  const auto reversed = [] {
    auto all = whole_host();
    std::stable_partition(all.begin() + 1, all.end(),
                          [](const Entry& e) { return e.path.find("/tmp/") < e.path.size(); });
    return all;
  }();
  CHECK(asked_for(reversed) < kLittle);
  // The rest may be anything by then.
  const auto bytes =
      archives::gzip(archives::open_tar(whole_host()) + archives::tar_header(kTop + "var/log/vmkernel", 9)) +
      std::string(kAll, 'x');
  CHECK(faults(read(bytes)).empty());
}

TEST_CASE("reading goes on while anything wanted may follow") {
  const auto find_in_what_follows = [](const std::vector<Entry>& first, const Entry& last) {
    const auto bundle = read(with(first, {{kTop + "var/log/vmkernel", noise(10000)}, last}));
    INFO(last.path);
    const auto found = paths(bundle);
    CHECK(std::find(found.begin(), found.end(), last.path.substr(kTop.size())) != found.end());
  };
  const auto all = whole_host();
  for (const auto& last : all) {  // each file of every host, packed last
    if (last.path.ends_with('/')) continue;
    auto others = all;
    std::erase_if(others, [&](const Entry& e) { return e.path == last.path; });
    find_in_what_follows(others, last);
  }
  auto two_vswifs = all;
  two_vswifs.back().text +=
      "vswif1   Service Console2    10.0.1.5        255.255.255.0   10.0.1.255      true      false\n";
  find_in_what_follows(two_vswifs, at("etc/sysconfig/network-scripts/ifcfg-vswif1"));
  // A folder that is come back to: no tar of one tree.
  find_in_what_follows(with({at("tmp/a"), at("usr/b")}, all), at("etc/sysconfig/static-routes"));
  find_in_what_follows(with({at("root/esxcli-swiscsi-nic-list.1.txt")}, all),
                       at("root/x/esxcli-swiscsi-nic-list.2.txt"));
}

TEST_CASE("reading goes on where the archive is not made by vm-support, or a folder is not left") {
  auto renamed = whole_host();
  for (auto& entry : renamed) entry.path.replace(0, kTop.size(), "esx01/");
  CHECK(asked_for(renamed, "esx01/var/log/vmkernel") > kAll);
  CHECK(asked_for(whole_host(), kTop + "etc/sysconfig/noise") > kAll);
  CHECK(asked_for(whole_host(), kTop + "tmp/noise") > kAll);
  CHECK(asked_for(whole_host(), "another/noise") > kAll);
}

TEST_CASE("an archive that is cut off keeps what was read, and says so") {
  const auto whole = archives::gzip(archives::tar(with(whole_host(), {at("tmp/noise", noise(20000))})));
  for (std::size_t keep = 20; keep < whole.size(); keep += 97) {
    INFO(keep << " of " << whole.size());
    const auto bundle = read(whole.substr(0, keep));
    REQUIRE(faults(bundle) == Texts{"error bundle-truncated b.tgz"});
    if (!bundle.hosts.empty()) CHECK(bundle.hosts[0].files.back().facts.cut_off);
  }
  CHECK(paths(read(whole.substr(0, whole.size() - 5000))).size() == 15);
  // Between two members: nothing but the missing end tells.
  const auto parted = archives::open_tar({at("etc/vmware/esx.conf", esx_conf().second)});
  CHECK(faults(read(parted)) == Texts{"error bundle-truncated b.tgz"});
  CHECK(faults(read(archives::gzip(parted))) == Texts{"error bundle-truncated b.tgz"});
  CHECK(paths(read(parted)) == Texts{"etc/vmware/esx.conf"});
}

TEST_CASE("half a member is no member") {
  const auto conf = archives::open_tar(
      {at("tmp/esxcfg-nas.1.txt"), at("etc/vmware/esx.conf", archives::repeated(esx_conf().second, 10))});
  const auto bundle = read(conf.substr(0, conf.size() - 1500));
  CHECK(paths(bundle) == Texts{"tmp/esxcfg-nas.1.txt"});
}

TEST_CASE("a bit that turned over is told, wherever it is") {
  const auto whole = archives::gzip(archives::tar(with(whole_host(), {at("tmp/noise", noise(3000))})));
  std::size_t told = 0;
  std::size_t places = 0;
  for (std::size_t i = 10; i < whole.size(); i += 53, ++places) {
    auto bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x10);
    const auto all = faults(read(bytes));
    told += std::any_of(all.begin(), all.end(), [](const auto& f) { return f.starts_with("error bundle-"); }) ? 1 : 0;
  }
  CHECK(places > 50);
  CHECK(told == places);
}

TEST_CASE("links and devices in the place of a host's file are refused, others are nothing to us") {
  const auto conf = at("etc/vmware/esx.conf", esx_conf().second);
  const auto refused = [&](Entry odd) {
    const auto bundle = read({conf, std::move(odd)});
    CHECK(paths(bundle) == Texts{"etc/vmware/esx.conf"});
    return faults(bundle);
  };
  const Texts kRefused{"error unreadable b.tgz!etc/hosts"};
  CHECK(refused({kTop + "etc/hosts", {}, AE_IFLNK, "/etc/shadow"}) == kRefused);
  CHECK(refused({kTop + "etc/hosts", {}, AE_IFREG, {}, "etc/vmware/esx.conf"}) == kRefused);
  CHECK(refused({kTop + "etc/hosts", {}, AE_IFCHR}) == kRefused);
  CHECK(refused({kTop + "etc/hosts", {}, AE_IFIFO}) == kRefused);
  CHECK(refused({kTop + "etc/rc.local", {}, AE_IFLNK, "rc.d/rc.local"}).empty());
  CHECK(refused({kTop + "dev/sda", {}, AE_IFBLK}) == Texts{"warning bundle-member b.tgz"});
  CHECK(refused({kTop + "etc/hosts", {}, AE_IFDIR}).empty());
}

TEST_CASE("a name that leads out of the archive is never read, and is told once") {
  const auto conf = at("etc/vmware/esx.conf", esx_conf().second);
  for (const std::string path :
       {"../etc/hosts", "../../../etc/hosts", "a/../../etc/hosts", "/../etc/hosts", "etc/hosts/.."}) {
    INFO(path);
    const auto bundle = read({conf, {path, "1.1.1.1 evil\n"}, {path, "1.1.1.1 evil\n"}});
    CHECK(paths(bundle) == Texts{"etc/vmware/esx.conf"});
    CHECK(faults(bundle) == Texts{"warning bundle-member b.tgz"});
    CHECK_THAT(message(bundle), Contains("2 of its members lead out of the archive"));
  }
  CHECK(read({conf, at("a..b/etc..conf")}).hosts.size() == 1);
  CHECK(faults(read({conf, at("a..b/...")})).empty());
}

TEST_CASE("a member larger than any file of a host is passed over") {
  const auto bundle =
      read({at("etc/hosts", std::string(17U << 20, 'x')), at("etc/vmware/esx.conf", esx_conf().second)});
  CHECK(paths(bundle) == Texts{"etc/vmware/esx.conf"});
  CHECK(faults(bundle) == Texts{"error unreadable b.tgz!etc/hosts"});
}

TEST_CASE("more files of a host than any host has end the reading") {
  std::vector<Entry> many{at("etc/vmware/esx.conf", esx_conf().second)};
  for (int i = 0; i < 5000; ++i) many.push_back(at(fmt::format("tmp/esxcfg-nas.{}.txt", i), ""));
  const auto bundle = read(many);
  CHECK(paths(bundle).size() == 4096);
  CHECK(faults(bundle) == Texts{"error bundle-budget b.tgz"});
}

TEST_CASE("an archive without a file of a host says what was expected") {
  for (const auto& bundle : {read({at("var/log/vmkernel")}), read(std::vector<Entry>{})}) {
    CHECK(bundle.hosts.empty());
    CHECK(faults(bundle) == Texts{"error no-host b.tgz"});
  }
}

TEST_CASE("gzip of something else, gzip in gzip, and a disk that fails say what they are") {
  const auto plain = archives::tar(whole_host());
  CHECK_THAT(message(read(archives::gzip(esx_conf().second))), Contains("this is no tar archive"));
  CHECK(faults(read(archives::gzip(archives::gzip(plain)))) == Texts{"error bundle-damaged b.tgz"});
  bool once = true;
  const auto bundle = read_bundle("b.tgz", [&]() -> tl::expected<std::string_view, Reason> {
    if (std::exchange(once, false)) return std::string_view(plain).substr(0, 3000);
    return tl::unexpected(Reason("Input/output error"));
  });
  CHECK(faults(bundle) == Texts{"error unreadable b.tgz"});
}

TEST_CASE("a text behind the archive means nothing") {
  const auto gzipped = archives::gzip(archives::tar({at("etc/vmware/esx.conf", esx_conf().second)}));
  for (const auto& more : {std::string(5000, '\0'), std::string("signed by nobody")})
    CHECK(faults(read(gzipped + more)).empty());
}
