// The collector, run under three shells with commands that replay the sample estate: what it prints must be read back
// as the host that the samples are.
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/read.hpp"
#include "esx2esxi/render/collect.hpp"

using namespace esx2esxi;
namespace fs = std::filesystem;

namespace {

const std::string kHarbor = TEST_ESTATES "/harbor/";

std::string slurp(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& path, const std::string& text, bool executable = false) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  if (executable) fs::permissions(path, fs::perms::owner_all);
}

/// A folder of its own for one run, with stub commands in bin/.
class Scene {
 public:
  Scene() {
    std::string name = (fs::temp_directory_path() / "collect-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder_ = name;
    fs::create_directories(folder_ / "bin");
    fs::create_directories(folder_ / "root");
    write(folder_ / "collect.sh", render::collect_script());
  }
  ~Scene() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }

  /// A command that prints `output`; other arguments than these are an error.
  void command(const std::string& name, const std::string& arguments, const std::string& output) {
    write(folder_ / "out" / name / (arguments.empty() ? "none" : file_name(arguments)), output);
    const auto out = (folder_ / "out" / name).string();
    write(folder_ / "bin" / name,
          "#!/bin/sh\nkey=$(printf '%s' \"$*\" | sed 's,[ /],_,g')\nf=" + out +
              "/${key:-none}\nif [ -f \"$f\" ]; then cat \"$f\"; else echo \"Error: Unknown command or namespace $*\"; "
              "exit 1; fi\n",
          true);
  }

  void copy_root(const std::string& host) {
    fs::copy(kHarbor + "hosts/" + host + "/etc", folder_ / "root/etc", fs::copy_options::recursive);
  }

  /// Runs the collector; the transcript's path.
  std::string run(const std::string& shell) {
    const auto transcript = (folder_ / "transcript.txt").string();
    const auto line = "env -i PATH=" + (folder_ / "bin").string() +
                      ":/usr/bin:/bin COLLECT_ROOT=" + (folder_ / "root").string() + " " + shell + " " +
                      (folder_ / "collect.sh").string() + " >" + transcript + " 2>" +
                      (folder_ / "errors.txt").string() + " </dev/null";
    CHECK(std::system(line.c_str()) == 0);
    CHECK(slurp(folder_ / "errors.txt") == "");
    return transcript;
  }

 private:
  static std::string file_name(std::string arguments) {
    for (auto& c : arguments)
      if (c == ' ' || c == '/') c = '_';
    return arguments;
  }

  fs::path folder_;
};

std::string shape(const model::Host& host) {
  auto out = fmt::format("{} {} {} {} {}\n", host.name, host.fqdn, host.product, host.version, host.uuid);
  for (const auto& i : host.before.interfaces) {
    out += fmt::format("{} {} {} {} {} {} {} {} {} {}", i.name, i.stack, model::address_text(i), i.enabled, i.portgroup,
                       i.vswitch, i.vlan ? i.vlan->value() : 9999, i.mtu.value_or(0), i.bound_to, i.created);
    for (const auto s : i.services.list()) out += " " + std::string(model::to_string(s));
    out += " " + join(i.uplinks.active, ",") + "/" + join(i.uplinks.standby, ",") + "\n";
  }
  for (const auto& stack : host.before.stacks) {
    out += stack.name + " " + (stack.gateway ? to_string(*stack.gateway) : "-");
    for (const auto& route : stack.routes) out += " " + to_string(route.network) + " " + to_string(route.next_hop);
    out += "\n";
  }
  for (const auto& s : host.before.switches) {
    out += s.name + " " + join(s.uplinks, ",");
    for (const auto& group : s.portgroups) out += " '" + group.name + "'";
    out += "\n";
  }
  for (const auto& mount : host.before.nfs) out += mount.label + " " + mount.server + " " + mount.share + "\n";
  for (const auto& server : host.before.dns.servers) out += to_string(server.value) + " ";
  for (const auto& server : host.before.ntp) out += server.value + " ";
  return out + join(host.before.dns.search, " ");
}

model::Host only(const std::string& input) {
  const auto estate = intake::read_estate({input}, {});
  for (const auto& note : estate.diagnostics) UNSCOPED_INFO(to_string(note));
  REQUIRE(estate.hosts.size() == 1);
  return estate.hosts.front();
}

/// The commands of a session as stubs.
void replay(Scene& scene, const std::string& capture) {
  std::string program;
  std::string arguments;
  std::string output;
  const auto close = [&] {
    if (!program.empty()) scene.command(program, arguments, output);
    output.clear();
  };
  for_each_line(capture, [&](std::string_view line, std::uint32_t) {
    if (!line.starts_with("[root@")) {
      output += std::string(line) + "\n";
      return;
    }
    close();
    const auto typed = trim(line.substr(line.find(']') + 1));
    program = typed.substr(0, typed.find(' '));
    arguments = typed.size() > program.size() ? typed.substr(program.size() + 1) : "";
    // The collector writes every stack's option out.
    if (const auto at = arguments.find(" -N "); at != std::string::npos) arguments.replace(at, 4, " --netstack=");
  });
  close();
}

}  // namespace

TEST_CASE("the collector's transcript of a classic host is the host's tree") {
  const auto shell = GENERATE(as<std::string>(), "busybox ash", "dash", "bash --posix");
  CAPTURE(shell);
  Scene scene;
  scene.copy_root("buoy01");
  const auto outputs = kHarbor + "hosts/buoy01/commands/";
  scene.command("vmware", "-v", "VMware ESX 4.1.0 build-348481\n");
  scene.command("hostname", "", "buoy01.harbor.example\n");
  for (const std::string name : {"vswif", "vmknic", "vswitch", "route", "nics", "nas"})
    scene.command("esxcfg-" + name, "-l", slurp(outputs + "esxcfg-" + name + "_-l.txt"));
  scene.command("route", "-n", slurp(outputs + "route_-n.txt"));
  scene.command("ifconfig", "-a", slurp(outputs + "ifconfig_-a.txt"));
  const auto transcript = scene.run(shell);
  const auto host = only(transcript);
  CHECK(shape(host) == shape(only(kHarbor + "hosts/buoy01")));
  for (const auto& note : host.diagnostics) {
    INFO(to_string(note));
    CHECK(note.severity <= Severity::Warning);
  }
}

TEST_CASE("the collector's transcript of an ESXi host is its capture") {
  const auto shell = GENERATE(as<std::string>(), "busybox ash", "dash", "bash --posix");
  const auto capture = GENERATE(as<std::string>(), "gantry01-esxi67.txt", "pier01-esxi80.txt");
  CAPTURE(shell, capture);
  Scene scene;
  const auto text = slurp(kHarbor + "esxi-captures/" + capture);
  replay(scene, text);
  const auto name = text.substr(6, text.find(':') - 6);
  scene.command("vmware", "-v",
                text.substr(text.find('\n') + 1, text.find('\n', text.find('\n') + 1) - text.find('\n')));
  scene.command("hostname", "", name + ".harbor.example\n");
  CHECK(shape(only(scene.run(shell))) == shape(only(kHarbor + "esxi-captures/" + capture)));
}

TEST_CASE("the collector leaves secrets on the host") {
  Scene scene;
  scene.copy_root("tug35");
  write(scene.folder() / "root/etc/shadow", "root:$1$CANARY$x:1::\n");
  write(scene.folder() / "root/etc/ntp.conf", "server 10.0.0.1\ncrypto pw CANARY\nkeys /etc/ntp/keys\n");
  write(scene.folder() / "root/etc/vmkiscsi.conf", "DiscoveryAddress=10.74.50.20\nOutgoingPassword=CANARY\n");
  std::ofstream(scene.folder() / "root/etc/vmware/esx.conf", std::ios::app)
      << "/storage/iscsi/chapSecret = \"CANARY\"\n/adv/UserVars/Password = \"CANARY\"\n";
  scene.command("vmware", "-v", "VMware ESX Server 3.5.0 build-207095\n");
  scene.command("hostname", "", "tug35.harbor.example\n");
  const auto transcript = slurp(scene.run("dash"));
  CHECK(transcript.find("CANARY") == std::string::npos);
  CHECK(transcript.find("DiscoveryAddress=10.74.50.20") != std::string::npos);
  CHECK(transcript.find("server 10.0.0.1") != std::string::npos);
  CHECK(transcript.find("/net/vswitch/child[0000]/name") != std::string::npos);
}

TEST_CASE("the collector changes nothing, and only lists") {
  Scene scene;
  scene.copy_root("buoy01");
  scene.command("vmware", "-v", "VMware ESXi 6.7.0 build-1\n");
  scene.command("hostname", "", "h\n");
  write(scene.folder() / "bin/esxcli",
        "#!/bin/sh\ncase \"$*\" in *' list'*|*' get'*) ;; *) echo \"$*\" >>" + (scene.folder() / "wrote").string() +
            ";; esac\n",
        true);
  const auto count = [&] {
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(scene.folder() / "root"))
      files += entry.is_regular_file() ? 1 : 0;
    return files;
  };
  const auto before = count();
  scene.run("busybox ash");
  CHECK(count() == before);
  CHECK_FALSE(fs::exists(scene.folder() / "wrote"));
}

TEST_CASE("the collector asks ESXi 5.0, which has no tags, for its options") {
  Scene scene;
  scene.command("vmware", "-v", "VMware ESXi 5.0.0 build-469512\n");
  scene.command("hostname", "", "e50\n");
  scene.command("esxcli", "network ip interface list",
                "vmk0\n   Name: vmk0\n   Enabled: true\n   Portgroup: Management Network\n\n"
                "vmk1\n   Name: vmk1\n   Enabled: true\n   Portgroup: VMotion\n");
  write(scene.folder() / "root/etc/vmware/esx.conf",
        "/adv/Migrate/Vmknic = \"vmk1\"\n/adv/Net/ManagementIface = \"vmk0\"\n/adv/UserVars/Key = \"CANARY\"\n");
  const auto transcript = scene.run("busybox ash");
  CHECK(slurp(transcript).find("CANARY") == std::string::npos);
  const auto host = only(transcript);
  CHECK(host.before.interface("vmk0")->services.has(model::Service::Management));
  CHECK(host.before.interface("vmk1")->services.has(model::Service::VMotion));
}

TEST_CASE("names with blanks and quotes come back from the collector as they are") {
  Scene scene;
  scene.command("vmware", "-v", "VMware ESXi 6.7.0 build-1\n");
  scene.command("hostname", "", "quay's host\n");
  const std::string group = "Bunker's & Crew <B-Deck> $5";
  scene.command("esxcli", "network ip interface list",
                "vmk0\n   Name: vmk0\n   Enabled: true\n   Portset: vSwitch 0\n   Portgroup: " + group + "\n");
  scene.command("esxcli", "network vswitch standard list",
                "vSwitch 0\n   Name: vSwitch 0\n   Uplinks: vmnic0, vmnic1\n   Portgroups: " + group + "\n");
  scene.command("esxcli", "network vswitch standard portgroup policy failover get -p " + group,
                "   Active Adapters: vmnic1\n   Standby Adapters: \n   Unused Adapters: vmnic0\n   Override Vswitch "
                "Uplinks: true\n");
  const auto host = only(scene.run("dash"));
  CHECK(host.before.interface("vmk0")->portgroup == group);
  CHECK(host.before.interface("vmk0")->uplinks.active == std::vector<std::string>{"vmnic1"});
}

TEST_CASE("a transcript that was cut is an error, not a smaller host") {
  Scene scene;
  scene.copy_root("buoy01");
  scene.command("vmware", "-v", "VMware ESX 4.1.0 build-348481\n");
  scene.command("hostname", "", "buoy01\n");
  const auto path = scene.run("dash");
  auto text = slurp(path);
  CHECK(only(path).doubts.size() < 3);
  text.resize(text.find("cat /etc/sysconfig/network\n"));
  write(path, text);
  const auto host = only(path);
  CHECK(std::any_of(host.doubts.begin(), host.doubts.end(), [](const model::Doubt& doubt) {
    return doubt.kind == model::Doubt::Kind::Missing && doubt.subject.starts_with("rest");
  }));
}
