// The collector as an operator uses it: printed, run by the shell of a host, and its transcript given to `inspect`.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

/// The host's commands as stubs in bin/: each prints what vm-support saved of it, whatever it is asked.
void stub_commands(const Scratch& scratch, const fs::path& outputs) {
  for (const auto& entry : fs::directory_iterator(outputs)) {
    const auto file = entry.path().filename().string();
    const auto program = file.substr(0, file.find_first_of("_."));
    if (!program.starts_with("esxcfg-") && program != "route" && program != "ifconfig" && program != "vmware") continue;
    scratch.put("bin/" + program, "#!/bin/sh\ncat '" + entry.path().string() + "'\n");
    fs::permissions(scratch / ("bin/" + program), fs::perms::owner_all);
  }
}

/// Runs the printed collector; the transcript's path.
std::string collected(const Scratch& scratch, const std::string& shell, const std::string& host) {
  scratch.put("collect.sh", run({"collect"}).out);
  scratch.put("bin/hostname", "#!/bin/sh\necho " + host + ".harbor.example\n");
  fs::permissions(scratch / "bin/hostname", fs::perms::owner_all);
  const auto line = "env -i PATH='" + scratch / "bin" + ":/usr/bin:/bin' COLLECT_ROOT='" + kHosts + "/" + host + "' " +
                    shell + " '" + scratch / "collect.sh" + "' >'" + scratch / "host.txt" + "' 2>'" + scratch / "err" +
                    "' </dev/null";
  REQUIRE(std::system(line.c_str()) == 0);
  CHECK(content(scratch / "err") == "");
  return scratch / "host.txt";
}

json only_host(const std::string& input) {
  const auto outcome = run({"inspect", input, "--format", "json"});
  INFO(outcome.err);
  REQUIRE(outcome.code == 0);
  const auto hosts = json::parse(outcome.out).at("hosts");
  REQUIRE(hosts.size() == 1);
  return hosts.at(0);
}

}  // namespace

TEST_CASE("collect prints one script for a POSIX shell, and takes no operand") {
  const auto outcome = run({"collect"});
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out, Catch::StartsWith("#!/bin/sh\n"));
  CHECK(run({"collect", kHosts}).code == 2);
  CHECK_THAT(run({"collect", "--help"}).out, Contains("Usage: esx2esxi collect"));
  CHECK_THAT(run({"--help"}).out, Contains("esx2esxi collect"));
}

TEST_CASE("what the collector prints on a classic host is inspected as the host's tree is") {
  const auto shell = GENERATE(as<std::string>(), "busybox ash", "dash", "bash --posix");
  const auto [host, outputs] =
      GENERATE(table<std::string, std::string>({{"tug35", "tmp"}, {"ferry01", "commands"}, {"pier01", "commands"}}));
  CAPTURE(shell, host);
  const Scratch scratch;
  stub_commands(scratch, kHosts + "/" + host + "/" + outputs);
  const auto transcript = only_host(collected(scratch, shell, host));
  const auto tree = only_host(kHosts + "/" + host);
  for (const auto field : {"name", "product", "version", "uuid"}) CHECK(transcript.at(field) == tree.at(field));
  CHECK(transcript.at("before") == tree.at("before"));
  for (const auto& note : transcript.at("diagnostics")) {
    INFO(note);
    CHECK(note.at("severity") != "error");
  }
}

TEST_CASE("the collector asks each software adapter of ESX 4 for its bindings") {
  const Scratch scratch;
  const auto outputs = kHosts + "/crane05/var/tmp/vmsupport/";
  stub_commands(scratch, outputs);
  scratch.put("bin/esxcfg-scsidevs",
              "#!/bin/sh\necho 'vmhba1  mptsas     link-n/a  sas.5005  (0:4:0.0) LSI SAS1064'\n"
              "echo 'vmhba33 iscsi_vmk  link-n/a  iqn.1998-01.com.vmware:crane05  () Software iSCSI'\n");
  scratch.put("bin/esxcli", "#!/bin/sh\n[ \"$*\" = 'swiscsi nic list -d vmhba33' ] && cat '" + outputs +
                                "esxcli-swiscsi-nic-list.12485.txt'\n");
  for (const auto program : {"bin/esxcfg-scsidevs", "bin/esxcli"})
    fs::permissions(scratch / program, fs::perms::owner_all);
  auto tree = only_host(kHosts + "/crane05").at("before");
  // The saved file does not say whose bindings it lists; the command does.
  for (auto& interface : tree.at("interfaces"))
    if (interface.at("bound_to") == "vmhba?") interface["bound_to"] = "vmhba33";
  tree["iscsi"]["adapters"] = {"vmhba33"};
  CHECK(only_host(collected(scratch, "busybox ash", "crane05")).at("before") == tree);
}
