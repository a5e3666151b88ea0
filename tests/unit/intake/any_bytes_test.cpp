// Every reader on every file of the sample estate, whole, cut off, and damaged: what the fuzz targets check, in every
// build.
#include "../../fuzz/invariants.hpp"
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

constexpr Reader kReaders[] = {
    read_ifcfg,        read_network,       read_route_file,     read_static_routes,    read_resolv_conf,
    read_hosts,        read_ntp_conf,      read_step_tickers,   read_vmware_release,   read_vmkiscsi_conf,
    read_esxcfg_vswif, read_esxcfg_vmknic, read_esxcfg_vswitch, read_esxcfg_route,     read_route,
    read_ifconfig,     read_esxcfg_nics,   read_esxcfg_nas,     read_swiscsi_nic_list, read_vmware_version,
    read_kickstart,    read_esx_conf};

std::vector<std::string> sample_files() {
  std::vector<std::string> all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(TEST_ESTATES "/harbor"))
    if (entry.is_regular_file() && entry.file_size() < 32768) all.push_back(entry.path().string());
  std::sort(all.begin(), all.end());
  return all;
}

void check_all(const std::string& text) {
  const Source source{FileName("ifcfg-vswif0"), text};
  for (const auto reader : kReaders) Invariants(source).check(reader(source));
}

}  // namespace

TEST_CASE("any reader takes any file of the estate") {
  const auto files = sample_files();
  REQUIRE(files.size() > 100);
  for (const auto& path : files) {
    INFO(path);
    const auto text = file_text(path);
    CHECK_NOTHROW(check_all(text));
    CHECK_NOTHROW(check_all(text.substr(0, text.size() / 2 + 3)));
    auto damaged =
        text;  // a fixed pattern: every 37th byte becomes another one, some of them ends of lines and escapes
    constexpr std::string_view bytes("O\n\x1b[\"\0 \xe2.:'$", 12);
    for (std::size_t i = 5; i < damaged.size(); i += 37) damaged[i] = bytes[i / 37 % bytes.size()];
    CHECK_NOTHROW(check_all(damaged));
  }
}

TEST_CASE("a piece of a file says the same, further down") {
  const auto text = file_text(TEST_ESTATES "/harbor/hosts/tug35/tmp/esxcfg-vswif.20417.txt");
  const auto facts = read_esxcfg_vswif({FileName("session.txt"), text, 40});
  REQUIRE(facts.interfaces.size() == 2);
  CHECK(to_string(facts.interfaces[1].address->at) == "session.txt:43");
}

TEST_CASE("a flood of damage is told in a few words") {
  std::string text = "Name     Port Group          IP Address      Netmask         Broadcast       Enabled   DHCP\n";
  for (int i = 0; i < 20000; ++i) text += "vswif0   SC   1O.0.0.5 255.0.0.0 10.255.255.255 true false\n";
  const auto facts = read(read_esxcfg_vswif, text);
  CHECK(facts.interfaces.size() == 1);
  CHECK(facts.notes.size() < 300);
  CHECK(has_note(facts, "more-diagnostics"));
}
