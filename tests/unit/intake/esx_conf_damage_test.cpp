// esx.conf that is cut off, binary, hostile or not an esx.conf.
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

constexpr std::string_view kUuid = "/system/uuid = \"4a3b27ac-5705f21d-6d09-000c2918f3aa\"\n";

/// The facts of lines that are put into an otherwise sound file.
Facts conf(std::string_view lines) { return read(read_esx_conf, std::string(kUuid) + std::string(lines), "esx.conf"); }

std::string vmk(std::string_view key, std::string_view value, std::string_view slot = "0000") {
  return fmt::format("/net/vmkernelnic/child[{}]/{} = \"{}\"\n", slot, key, value);
}

const std::string kVmk0 = vmk("name", "vmk0");

std::string vswitch(std::string_view key, std::string_view value) {
  return fmt::format("/net/vswitch/child[0000]/{} = \"{}\"\n", key, value);
}

const std::string kVswitch0 = vswitch("name", "vSwitch0");

}  // namespace

TEST_CASE("a file that ends in the middle of a line is not whole") {
  const auto text =
      GENERATE(as<std::string>{}, "/net/vmkernelnic/child[0000]/ipv4address = \"10.0.0.",
               "/net/vmkernelnic/child[0000]/ipv4address = ", "/net/vmkernelnic/child[0000]/ipv4add",
               "/device/000:02.0/vmkname = \"vmni", "/net/vmkernelnic/child[0000]/ipv4address = 10.0.0.5");
  const auto facts = conf(kVmk0 + text);
  CHECK(!facts.interfaces.at(0).address);
  REQUIRE(facts.cut_off);
  CHECK(to_string(facts.cut_off->at) == "esx.conf:3");
  CHECK(has_note(facts, "esxconf-cut-off"));
  CHECK(!facts.lists_vmknics);
}

TEST_CASE("NUL bytes are told once, with their line, and no line that holds one is believed") {
  const auto facts = conf(kVmk0 + "/net/vmkernelnic/child[0000]/mtu = \"90" + std::string(5, '\0') + "\"\n" +
                          std::string(2000, '\0') + "\n" + vmk("dhcp", "true"));
  REQUIRE(facts.cut_off);
  CHECK(to_string(facts.cut_off->at) == "esx.conf:3");
  CHECK(!facts.interfaces.at(0).mtu);
  CHECK(text(facts.interfaces[0].dhcp) == "yes");
  CHECK(facts.notes.size() == 1);
}

TEST_CASE("a quote without its partner is a damaged line") {
  const auto facts = conf(kVmk0 + "/net/vmkernelnic/child[0000]/mtu = \"9000\n" + vmk("dhcp", "true"));
  CHECK(!facts.interfaces.at(0).mtu);
  CHECK(warnings(facts) == Texts{"esxconf-unreadable-line 3:1"});
}

TEST_CASE("lines that are no entries are told, a few of them, and not quoted") {
  std::string junk = "secret passphrase\n";
  for (int i = 0; i < 5000; ++i) junk += "junk\n";
  const auto facts = conf(kVmk0 + junk);
  CHECK(facts.interfaces.size() == 1);
  CHECK(facts.notes.size() < 20);
  for (const auto& note : facts.notes) CHECK(note.message.find("passphrase") == std::string::npos);
}

TEST_CASE("uninteresting lines are not looked at, known words in other places mean nothing") {
  const auto facts = conf(
      "/device/000:02.0/name = \"vmk9\"\n/firewall/services/x = \"unbalanced\n"
      "/adv/Net/Other = \"1O.0.0.1\"\n/storage/net/vmkernelnic/child[0000]/name = \"vmk8\"\n"
      "/net/tcpip/x = \"y\"\n/netx/vmkernelnic/child[0000]/name = \"vmk8\"\n");
  CHECK(facts.interfaces.empty());
  CHECK(facts.notes.empty());
}

TEST_CASE("a file without /system/uuid is suspicious") {
  CHECK(has_note(read(read_esx_conf, kVmk0), "esxconf-no-uuid"));
}

TEST_CASE("terminal escapes never become a name") {
  const auto facts = conf(kVswitch0 + vswitch("portgroup/child[0000]/name", "A\x1b[2J"));
  CHECK(facts.switches.at(0).portgroups.empty());
  CHECK(has_note(facts, "esxconf-bad-value"));
}

TEST_CASE("a flood of entries ends in a diagnostic, not in a flood of memory") {
  std::string text(kUuid);
  for (int i = 0; i < 40000; ++i) text += vmk("name", "vmk1", std::to_string(i));
  const auto facts = read(read_esx_conf, text);
  CHECK(facts.interfaces.size() < 20000);
  CHECK(facts.cut_off);
  CHECK(facts.notes.size() < 300);
}
