// What a script has done in ways that are not followed: said with its line, and missing evidence for the host.
#include "assembling.hpp"
#include "esx2esxi/intake/readers.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

constexpr std::string_view kNfs = "esxcfg-vmknic -a -i 10.95.30.5 -n 255.255.255.0 NFS";

/// Line 4 is the first of `more`.
Facts post(std::string_view more, std::string_view header = "%post") {
  return read(read_kickstart, fmt::format("rootpw x\n{}\nesxcfg-vswitch -A NFS vSwitch0\n{}\n", header, more),
              "ks.cfg");
}

/// "esxcfg-vmknic 5" for each thing that a script leaves to nobody's guess.
Texts lost(const Facts& facts) {
  Texts out;
  for (const auto& one : facts.lost) out.push_back(fmt::format("{} {}", one.name, one.at.line));
  return out;
}

/// The command above in the place of @.
std::string with_command(std::string text) {
  const auto at = text.find('@');
  return at == std::string::npos ? text : text.replace(at, 1, kNfs);
}

const Importer& importer_named(std::string_view name) {
  for (const auto& importer : importers())
    if (importer.name == name) return importer;
  throw std::logic_error("no such importer");
}

/// A host of which this install script is left, and those files.
model::Host installed(std::string_view more, const Files& files = {}) {
  const auto text = fmt::format(
      "vmaccepteula\nrootpw x\nnetwork --bootproto=static --ip=10.0.0.5 --netmask=255.255.255.0 --gateway=10.0.0.1 "
      "--device=vmnic0\n%post\nesxcfg-vswitch -A VMotion vSwitch0\n"
      "esxcfg-vmknic -a -i 10.0.1.5 -n 255.255.255.0 VMotion\nesxcfg-route 10.0.1.1\n{}\n",
      more);
  const auto& kickstart = importer_named("kickstart");
  std::vector<FileFacts> all{{&kickstart, "ks.cfg", read(kickstart.read, text, "ks.cfg")}};
  for (const auto& [path, content] : files)
    all.push_back({importer_for(path), path, importer_for(path)->read({FileName(path), content})});
  return assemble(std::move(all), "x");
}

Texts missing(const model::Host& host) { return doubts(host, "missing"); }

}  // namespace

TEST_CASE("a command that may run or not is lost") {
  const auto text = GENERATE(
      values<std::string>({"for i in 1; do @; done", "for i in 1\ndo\n@\ndone", "while read i; do @; done < /tmp/x",
                           "if [ -f /tmp/x ]; then @; fi", "if @; then echo ok; fi", "[ -f /tmp/x ] && @",
                           "until @; do sleep 1; done", "case $H in\n kk) @ ;;\nesac", "mk() {\n@\n}\nmk",
                           "mk()\n{\n@\n}", "function mk { @; }\nmk", "function mk {\n@\n}", "function mk() {\n@\n}",
                           "function mk\n{\n@\n}", "if [ -x /usr/sbin/esxcfg-vmknic ]; then echo no; else @; fi"}));
  INFO(text);
  const auto facts = post(with_command(text));
  CHECK(facts.interfaces.empty());
  REQUIRE(lost(facts).size() == 1);
  CHECK(lost(facts)[0].starts_with("esxcfg-vmknic "));
  CHECK(has_note(facts, "command-conditional"));
}

TEST_CASE("a condition that always holds is no condition") {
  const auto text = GENERATE(values<std::string>(
      {"if true; then\n@\nfi", "if [ -x /usr/sbin/esxcfg-vmknic ]; then\n@\nfi",
       "if [ -x /usr/sbin/esxcfg-vmknic ]\nthen @; fi", "[ -x /usr/sbin/esxcfg-vmknic ] && @", "time @"}));
  INFO(text);
  const auto facts = post(with_command(text));
  CHECK(facts.interfaces.size() == 1);
  CHECK(lost(facts).empty());
  CHECK(warnings(facts).empty());
}

TEST_CASE("a command that is called in a way that is not followed is said, with its line") {
  const auto text = GENERATE(values<std::string>({"bash -c \"@\"",
                                                  "sh -c '@'",
                                                  "eval \"@\"",
                                                  "CMD=\"@\"\n$CMD",
                                                  "bash <<< \"@\"",
                                                  "echo \"@\" | sh",
                                                  "echo NFS | xargs esxcfg-vmknic -a -i 10.95.30.5 -n 255.255.255.0",
                                                  "echo '-a NFS' | xargs esxcfg-vmknic",
                                                  "chroot /mnt/sysimage @",
                                                  "env LANG=C @",
                                                  "X=$(@)",
                                                  "X=`@`",
                                                  "echo \"done: $(@)\"",
                                                  "printf '%s\\n' '@' >> /etc/rc.d/rc.local",
                                                  "cat <<E | sh\n@\nE",
                                                  "su - root <<E\n@\nE",
                                                  "if [ -f /x ]; then bash <<E\n@\nE\nfi",
                                                  "python <<E\nimport os\nos.system('@')\nE",
                                                  "cat > /etc/cron.d/once <<E\n@\nE",
                                                  "cat > /root/n.txt <<E\n@\nE\nsh /root/n.txt",
                                                  "if [ -f /x ]; then echo '@' >> /etc/rc.local; fi",
                                                  "trap '@' EXIT",
                                                  "alias mk='@'",
                                                  "ssh other \"@",
                                                  "vicfg-vmknic -a -i 10.95.30.5 -n 255.255.255.0 NFS",
                                                  "esxcli storage nfs add -H 10.0.0.1 -s /a -v a",
                                                  "vim-cmd hostsvc/net/portgroup_add vSwitch0 NFS"}));
  INFO(text);
  const auto facts = post(with_command(text));
  CHECK(facts.interfaces.empty());
  REQUIRE_FALSE(facts.lost.empty());
  CHECK(facts.lost[0].at.line >= 4);
  CHECK(has_note(facts, "command-not-understood"));
}

TEST_CASE("another language in %post is searched for such calls") {
  const auto facts = post("import os\nos.system(\"" + std::string(kNfs) + "\")", "%post --interpreter=python");
  CHECK(lost(facts) == Texts{"esxcfg-vswitch 3", "esxcfg-vmknic 5"});
  CHECK(warnings(facts) == Texts{"command-not-understood 3:1", "command-not-understood 5:1"});
  CHECK(lost(post("import subprocess\nsubprocess.call(['/usr/sbin/esxcfg-vmknic','-a','NFS'])",
                  "%post --interpreter /usr/bin/python"))
            .size() == 2);
}

TEST_CASE("comments, words to the terminal and questions are no such calls") {
  const auto text = GENERATE(values<std::string>({"# bash -c '@'",
                                                  "echo \"@\"",
                                                  "echo \"next: @\" > /dev/tty3",
                                                  "echo \"@\" >&2",
                                                  "echo \"@\" | tee -a /root/ks.log",
                                                  "echo '@' >> /var/log/install.log",
                                                  "logger \"@\"",
                                                  "printf '@\\n'",
                                                  "cat <<E\n@\nE",
                                                  "ls -l # @",
                                                  "X=$(esxcfg-vmknic -l | grep NFS)",
                                                  "esxcfg-vswitch -l | grep -q NFS",
                                                  "bash -c 'esxcfg-vswitch -l'",
                                                  "which esxcfg-vmknic",
                                                  "command -v esxcfg-vmknic",
                                                  "VK=/usr/sbin/esxcfg-vmknic",
                                                  "rpm -qf /usr/sbin/esxcfg-route",
                                                  "cat > /root/notes.txt <<E\n@\nE",
                                                  "chmod 755 /usr/sbin/esxcfg-vmknic",
                                                  "vim-cmd hostsvc/enable_ssh",
                                                  "vmware-vim-cmd hostsvc/net/refresh",
                                                  "esxcli network firewall set -e false",
                                                  "esxcli network ip interface list",
                                                  "esxcfg-advcfg -s 1 /Misc/X",
                                                  "cat > /tmp/hint.sh <<E\n# @\nE",
                                                  "exit 0\nbash -c '@'",
                                                  "esxcfg-firewall -e ntpClient",
                                                  "A=(1 2)"}));
  INFO(text);
  const auto facts = post(with_command(text));
  CHECK(lost(facts).empty());
  CHECK(warnings(facts).empty());
}

TEST_CASE("what only a condition writes into a file of the console's network is lost") {
  CHECK(lost(post("if [ -f /x ]; then\ncat > /etc/sysconfig/network <<E\nGATEWAY=10.0.0.9\nE\nfi")) ==
        Texts{"/etc/sysconfig/network 6"});
  CHECK(lost(post("sed -i s/a/b/ /etc/sysconfig/network-scripts/ifcfg-vswif0")) ==
        Texts{"/etc/sysconfig/network-scripts/ifcfg-vswif0 4"});
  CHECK(lost(post("sed -i s/a/b/ /etc/hosts")).empty());
}

TEST_CASE("%pre configures the installer's system, not the host") {
  const auto facts = read(read_kickstart,
                          "rootpw x\n%include /tmp/net.cfg\n%pre\nesxcfg-vmknic -a -i 9.9.9.9 -n 255.0.0.0 Wrong\n"
                          "echo \"network --bootproto=static --ip=10.0.0.5 --netmask=255.0.0.0 --gateway=10.0.0.1\" > "
                          "/tmp/net.cfg\nif true; then esxcfg-route 9.9.9.1; fi\n"
                          "echo 'GATEWAY=9.9.9.9' > /etc/sysconfig/network\n"
                          "%post\nesxcfg-vmknic -a -i 10.1.0.5 -n 255.0.0.0 Right\n",
                          "ks.cfg");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.0.0.5/255.0.0.0 pg=Service Console dhcp=no on=yes",
                                         "vmk0 10.1.0.5/255.0.0.0 pg=Right dhcp=no on=yes"});
  CHECK(texts(facts.gateways) == Texts{"console 10.0.0.1 vswif0"});
  CHECK(warnings(facts).empty());
  CHECK(lost(facts).empty());
  CHECK(std::count_if(facts.notes.begin(), facts.notes.end(),
                      [](const Diagnostic& d) { return d.code == "command-ignored" && d.at.line == 4; }) == 1);
}

TEST_CASE("a file that %pre leaves for the host to run is not passed over in silence") {
  const auto facts =
      read(read_kickstart, "rootpw x\n%pre\ncat > /tmp/post.sh <<E\n" + std::string(kNfs) + "\nE\n%post\necho ok\n");
  CHECK(lost(facts) == Texts{"esxcfg-vmknic 4"});
  CHECK(facts.interfaces.empty());
}

TEST_CASE("what is appended to a variable is not computed") {
  const auto facts = post("A=10.95\nA+=.30.5\nesxcfg-vmknic -a -i $A -n 255.255.255.0 NFS");
  REQUIRE(facts.interfaces.size() == 1);
  CHECK_FALSE(facts.interfaces[0].address);
  CHECK(facts.interfaces[0].unresolved.size() == 1);
  CHECK(warnings(facts).empty());
}

TEST_CASE("a host is not resolved while its script leaves a command out") {
  CHECK(missing(installed("")).empty());
  const auto host = installed("for i in 1 2; do esxcfg-vmknic -a -i 10.0.$i.9 -n 255.255.255.0 P$i; done");
  CHECK(missing(host) == Texts{"missing effect of the script's esxcfg-vmknic commands"});
  CHECK(host.doubts.back().script_needs_it);
  CHECK(to_string(host.doubts.back().values.at(0).at) == "ks.cfg:8");
  CHECK(missing(installed("eval $X esxcfg-nas -a -o 10.0.0.1 -s /a b")) ==
        Texts{"missing effect of the script's esxcfg-nas commands"});
}

TEST_CASE("a source that shows what there is answers for the script") {
  const std::string loop = "for i in 1; do esxcfg-vmknic -a -i 10.0.1.9 -n 255.255.255.0 P; done";
  const auto listed = listed_vmks({"vmk0|VMotion|10.0.1.5|255.255.255.0|1500|STATIC"});
  CHECK(missing(installed(loop, {listed})).empty());
  CHECK(missing(installed(loop, {listed_vswifs({"vswif0|Service Console|10.0.0.5|255.255.255.0|STATIC"})})) ==
        Texts{"missing effect of the script's esxcfg-vmknic commands"});
  CHECK(missing(installed("[ -f /x ] && esxcfg-route -a 10.9.0.0/16 10.0.1.9", {listed})) ==
        Texts{"missing effect of the script's esxcfg-route commands"});
}
