// A terminal session, split by command and host.
#include "../../../planner/intake/session.hpp"
#include "../../../planner/intake/session_read.hpp"
#include "reading.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

/// "host: command | command" for each host.
Texts hosts(std::string_view text) {
  Texts out;
  for (const auto& host : sort_by_host(split_session({FileName("s"), text}))) {
    Texts typed;
    for (const auto& command : host.commands)
      if (!command.typed.empty()) typed.push_back(command.typed);
    out.push_back(host.host + ": " + join(typed, " | "));
  }
  return out;
}

Texts parts(std::string_view text) {
  Texts out;
  for (const auto& part : read_session({FileName("s"), text}))
    out.push_back(part.host + ": " + part.part + (part.importer ? " by " + std::string(part.importer->name) : ""));
  return out;
}

std::string words_of(std::string_view typed) { return join(parse_command(typed).words, "|"); }

}  // namespace

TEST_CASE("session: prompts name the host") {
  CHECK(hosts("[root@pier02 ~]# vmware -v\nVMware ESX 4.1.0 build-1\n[root@pier02 tmp]# esxcfg-vswif -l\nx\n") ==
        Texts{"pier02: vmware -v | esxcfg-vswif -l"});
  CHECK(hosts("[root@gantry01:~] vmware -v\n[root@gantry01:/vmfs/volumes] esxcli network nic list\n") ==
        Texts{"gantry01: vmware -v | esxcli network nic list"});
}

TEST_CASE("session: several hosts in one file, even in turns") {
  CHECK(hosts("[root@a:~] vmware -v\n[root@b:~] vmware -v\n[root@a:~] hostname\na.example\n") ==
        Texts{"a: vmware -v | hostname", "b: vmware -v"});
}

TEST_CASE("session: the listing in which a collector's transcript ends is told apart from a whole one") {
  const std::string begin = "[root@a:~] : esx2esxi-collect begin\n[root@a:~] esxcli storage nfs list\n[root@a:~] ";
  CHECK(parts(begin + "esxcli network ip interface list\nvmk0\n   Name: vmk0\n") ==
        Texts{"a: esxcli storage nfs list", "a: esxcli network ip interface list (cut off)", "a: collect"});
  CHECK(parts(begin + "uptime\n") == Texts{"a: esxcli storage nfs list", "a: collect"});
  CHECK(parts(begin + ": esx2esxi-collect end\n") == Texts{"a: esxcli storage nfs list"});
}

TEST_CASE("session: what stands in quotes is what it is, however it begins and whatever a word processor makes") {
  const auto name =
      GENERATE(values<std::string>({"-p $(reboot) `id`", "--help", "NFS \xe2\x80\x93 S\xc3\xbc\x64", "\xe2\x80\x94l",
                                    "\xe2\x80\x93", "\xc3\x9cn\xc3\xaf \xe2\x80\x9cq\xe2\x80\x9d \xe2\x80\x99s",
                                    "\xe2\x80\x98x\xe2\x80\x99", "\xe2\x88\x92-p", "a=-b"}));
  const std::string get = "esxcli network vswitch standard portgroup policy failover get ";
  for (const auto& typed : {get + "-p '" + name + "'", get + "--portgroup-name='" + name + "'"}) {
    INFO(typed);
    const auto command = parse_command(typed);
    const auto words = esxcli_words(command);
    CHECK(command.doubtful == Doubtful::No);
    CHECK(words.path == "network vswitch standard portgroup policy failover get");
    CHECK(words.option({"-p", "--portgroup-name"}) == name);
  }
  const auto two = esxcli_words(parse_command(get + "-p \xe2\x80\x9cvMotion 1\xe2\x80\x9d --debug -x '-y'"));
  CHECK(two.option({"-p"}) == "vMotion 1");
  CHECK(two.option({"-x"}) == "-y");
  CHECK(two.option({"--debug"}) == "");
  CHECK(esxcli_words(parse_command(get + "-p -DMZ")).option({"-p"}) == "-DMZ");  // no quotes are needed for it
}

TEST_CASE("session: where prompts are mute the outputs name the host") {
  CHECK(hosts("~ # vmware -v\n~ # hostname\nesx5.example\n~ # esxcfg-route\n") ==
        Texts{"esx5.example: vmware -v | hostname | esxcfg-route"});
  CHECK(hosts("~ # hostname\nesx5\n~ # esxcfg-route\n~ # hostname\nesx6\n~ # esxcfg-route\n") ==
        Texts{"esx5: hostname | esxcfg-route", "esx6: hostname | esxcfg-route"});
  CHECK(hosts("~ # esxcli system hostname get\n   Fully Qualified Domain Name: esx7.example\n   Host Name: esx7\n") ==
        Texts{"esx7.example: esxcli system hostname get"});
}

TEST_CASE("session: ssh leads to another host, exit back") {
  CHECK(hosts("~ # hostname\nesx5\n~ # ssh root@10.0.0.6\n~ # esxcfg-route\n~ # exit\n~ # esxcfg-vmknic -l\n") ==
        Texts{"esx5: hostname | ssh root@10.0.0.6 | esxcfg-vmknic -l", "10.0.0.6: esxcfg-route | exit"});
}

TEST_CASE("session: two hosts that nothing names are two hosts") {
  const auto names = hosts("[root@localhost ~]# esxcfg-vswif -l\nx\n~ # esxcfg-route\ny\n");
  CHECK(names == Texts{": esxcfg-vswif -l", "unnamed-2: esxcfg-route"});
}

TEST_CASE("session: a placeholder is no name") {
  CHECK(hosts("[root@localhost:~] vmware -v\n[root@localhost:~] hostname\nesx9\n") ==
        Texts{"esx9: vmware -v | hostname"});
}

TEST_CASE("session: commands without a prompt") {
  CHECK(hosts("esxcfg-vswif -l\nName ...\n\nesxcfg-vmknic -l\nInterface ...\n") ==
        Texts{": esxcfg-vswif -l | esxcfg-vmknic -l"});
  CHECK(hosts("# esxcli network ip interface list\nvmk0\n") == Texts{": esxcli network ip interface list"});
  // A script calls them too, but does not list.
  CHECK(hosts("esxcfg-vswitch -a vSwitch1\n# esxcfg-vswif changes this\nesxcli network firewall refresh\n") == Texts{});
}

TEST_CASE("session: a prompt that somebody set up is known by the listings behind it") {
  const auto [first, second, host] = GENERATE(table<std::string, std::string, std::string>({
      {"esx9:~ # ", "esx9:/tmp # ", "esx9"},
      {"esx9# ", "esx9# ", "esx9"},
      {"esx9:/root> ", "esx9:/var/log> ", "esx9"},
      {"root@esx9 # ", "root@esx9 # ", "esx9"},
      {"-bash-3.00# ", "-bash-3.00# ", ""},
      {"sh-3.2$ ", "sh-3.2$ ", ""},
      {"12:01:03 [root@esx9 ~]# ", "12:02:44 [root@esx9 tmp]# ", "esx9"},
      {"(maintenance) [root@esx9 ~]# ", "(maintenance) [root@esx9 ~]# ", "esx9"},
  }));
  CAPTURE(first);
  // Commands that are not read end an output all the same.
  CHECK(hosts(first + "vmware -v\nVMware ESX 4.1.0 build-1\n" + second + "dmesg\nvmk0 up\n" + first +
              "esxcfg-vswif -l\nx\n") == Texts{host + ": vmware -v | dmesg | esxcfg-vswif -l"});
  CHECK(hosts("the log says\n" + first + "dmesg\n") == Texts{});
}

TEST_CASE("session: a sign alone is a prompt where a listing stands behind it") {
  CHECK(hosts("# vmware -v\nVMware ESX 4.1.0 build-1\n# hostname\npier02\n# route -n\nx\n# cat /etc/resolv.conf\n"
              "# a remark in it\n") == Texts{"pier02: vmware -v | hostname | route -n | cat /etc/resolv.conf"});
  CHECK(hosts("~ # cat /etc/hosts\n# hostname\n10.0.0.1 x\n") == Texts{": cat /etc/hosts"});
}

TEST_CASE("session: a remark behind a command is no prompt") {
  CHECK(hosts("esxcfg-vswitch -a vSwitch1 # esxcfg-vswitch -l\nmkdir -p /x # esxcfg-nics -l\n") == Texts{});
}

TEST_CASE("session: a prompt names the host where no output does") {
  const auto name = [](const std::string& text) {
    Texts names;
    for (const auto& part : read_session({FileName("s"), text}))
      if (part.facts.hostname)
        names.push_back(fmt::format("{}:{}", part.facts.hostname->value, part.facts.hostname->at.line));
    return names;
  };
  CHECK(name("# dmesg\n[root@esx1 ~]# vmware -v\nVMware ESX 4.1.0 build-1\n[root@esx1 ~]# esxcfg-route\nx\n") ==
        Texts{"esx1:2"});
  CHECK(name("[root@esx1 ~]# vmware -v\nx\n[root@esx1 ~]# hostname\nesx1.example\n") == Texts{"esx1.example:4"});
  CHECK(name("[root@localhost ~]# vmware -v\nx\n") == Texts{});
  CHECK(name("~ # vmware -v\nx\n") == Texts{});
}

TEST_CASE("session: two hosts behind prompts of their own are two hosts") {
  CHECK(hosts("esx8# esxcfg-route\nx\nesx9# esxcfg-route\ny\n") == Texts{"esx8: esxcfg-route", "esx9: esxcfg-route"});
}

TEST_CASE("session: words of a command") {
  CHECK(words_of("esxcli network vswitch standard portgroup policy failover get -p \"vMotion 1\"") ==
        "esxcli|network|vswitch|standard|portgroup|policy|failover|get|-p|vMotion 1");
  CHECK(words_of("esxcfg-vswif \xe2\x80\x93l") == "esxcfg-vswif|-l");
  CHECK(words_of("esxcli \xe2\x80\x94"
                 "formatter=csv network nic list") == "esxcli|--formatter=csv|network|nic|list");
  CHECK(words_of("esxcfg-vmknic \xe2\x80\x94l") == "esxcfg-vmknic|-l");
  CHECK(words_of("esxcfg\xe2\x80\x93vmknic \xe2\x80\x93list") == "esxcfg-vmknic|--list");
  CHECK(words_of("vmware \xe2\x80\x93vl") == "vmware|-vl");
  CHECK(words_of("esxcli -\xe2\x80\x91"
                 "interface\xe2\x80\x91name=vmk0") == "esxcli|--interface-name=vmk0");
  CHECK(words_of("/usr/sbin/esxcfg-vswif -l 2>&1") == "esxcfg-vswif|-l");
  CHECK(words_of("esxcfg-vswif -l 2> /dev/null | more") == "esxcfg-vswif|-l");
  CHECK(words_of("cat Service\\ Console 'a b' # why") == "cat|Service Console|a b");
  CHECK(words_of("") == "");
  CHECK(words_of("cmd 2>") == "cmd");
  CHECK(words_of("\"never closed") == "never closed");
}

TEST_CASE("session: outputs that cannot be told apart are passed over, and said") {
  const auto [typed, doubtful] = GENERATE(table<std::string, Doubtful>({
      {"esxcfg-vswif -l", Doubtful::No},
      {"esxcfg-vswif -l;", Doubtful::No},
      {"esxcfg-vswif -l | less", Doubtful::No},
      {"esxcfg-vswif -l | grep vswif0", Doubtful::Filtered},
      {"esxcfg-vswif -l > /tmp/x", Doubtful::Redirected},
      {"esxcfg-vswif -l; hostname", Doubtful::Chained},
      {"esxcfg-vswif -l && hostname", Doubtful::Chained},
      {"esxcfg-vswif -l || hostname", Doubtful::Chained},
      {"for i in 0 1; do esxcli network ip interface tag get -i vmk$i; done", Doubtful::Chained},
      {"esxcli network ip interface tag get -i $i", Doubtful::Variable},
  }));
  CAPTURE(typed);
  CHECK(parse_command(typed).doubtful == doubtful);
}

TEST_CASE("session: each output goes to its reader, with the lines of the file") {
  const std::string text =
      "[root@pier02 ~]# vmware -v\nVMware ESX 4.1.0 build-348481\n"
      "[root@pier02 ~]# date\nMon\n"
      "[root@pier02 ~]# cat "
      "/etc/sysconfig/network\nNETWORKING=yes\nHOSTNAME=pier02.harbor.example\nGATEWAY=10.71.10.1\n"
      "[root@pier02 ~]# cat /etc/shadow\nroot:$1$CANARY:1::\n"
      "[root@pier02 ~]# esxcfg-route\nVMkernel default gateway is 10.71.30.254\n"
      "[root@pier02 ~]# \n";
  CHECK(parts(text) == Texts{"pier02: vmware -v by vmware", "pier02: cat /etc/sysconfig/network by network",
                             "pier02: esxcfg-route by esxcfg-route"});
  const auto read = read_session({FileName("s"), text});
  CHECK(read[0].facts.version->at.line == 2);
  CHECK(read[1].facts.hostname->at.line == 7);
  REQUIRE(read[2].facts.gateways.size() == 1);
  CHECK(read[2].facts.gateways[0].at.line == 12);
}

TEST_CASE("session: what is one, and what is none") {
  CHECK(recognises_session("[root@a ~]# esxcfg-vswif -l\n"));
  CHECK(recognises_session("[root@a ~]# uname -a\nLinux\n[root@a ~]# date\n"));
  CHECK_FALSE(recognises_session(""));
  CHECK_FALSE(recognises_session("/adv/Misc/HostName = \"a\"\n/boot/cosvmdk = \"x\"\n"));
  CHECK_FALSE(recognises_session("Name    Port Group      IP Address\nvswif0  Service Console 10.0.0.5\n"));
  CHECK_FALSE(recognises_session("#!/bin/sh\n# esxcfg-vswitch -a vSwitch1\nesxcfg-vswitch -a vSwitch1\n"));
}

TEST_CASE("session: thousands of unrelated lines around one listing") {
  std::string noise;
  for (int i = 0; i < 2000; ++i) noise += "[root@a ~]# ls -l /tmp\ntotal 0 10.9.9.9 vmk0\n";
  const auto all = parts(noise + "[root@a ~]# esxcfg-route\nVMkernel default gateway is 10.0.0.1\n" + noise);
  CHECK(all == Texts{"a: esxcfg-route by esxcfg-route"});
  const auto none = read_session({FileName("s"), noise});
  REQUIRE(none.size() == 1);
  CHECK(none[0].only_notes);
  CHECK(has_note(none[0].facts, "session-empty"));
}
