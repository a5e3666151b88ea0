// Secrets never reach any output: every place of every input format in which one can stand holds a word, and no output
// of any verb may hold it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

constexpr auto kSecret = "CANARY";

void append(const std::string& path, const std::string& text) {
  const auto before = content(path);
  fs::remove(path);
  std::ofstream(path, std::ios::binary) << before << text;
}

/// A host's tree with everything that a host keeps to itself.
void put_tree(const Scratch& scratch) {
  fs::create_directories(scratch / "tree");
  fs::copy(kHosts + "/tug35", scratch / "tree", fs::copy_options::recursive);
  const auto etc = scratch / "tree/etc/";
  append(etc + "vmware/esx.conf",
         "/storage/iscsi/vmhba40/chapSecret = \"CANARY1\"\n/adv/UserVars/HostClientPassword = \"CANARY2\"\n"
         "/nas/secure/password = \"CANARY3\"\n/net/vmkernelnic/child[0000]/password = \"CANARY4\"\n"
         "/net/vswitch/child[0000]/secret = \"CANARY5\nCANARY6 without a key\n");
  append(etc + "sysconfig/network-scripts/ifcfg-vswif0", "KEY=s:CANARY7\nIEEE_8021X_PASSWORD='CANARY8\nCANARY9\n");
  append(etc + "sysconfig/network", "PROXY=http://root:CANARY10@10.0.0.1/\n");
  append(etc + "ntp.conf", "crypto pw CANARY11\nkeys CANARY12\ntrustedkey CANARY13\n");
  append(etc + "vmkiscsi.conf", "\nOutgoingPassword=CANARY14\nIncomingPassword CANARY15\nUsername=CANARY16\n");
  append(etc + "resolv.conf", "# pass CANARY17\nCANARY18\n");
  append(etc + "hosts", "# CANARY19\n");
  append(scratch / "tree/tmp/esxcfg-vswif.20417.txt", "CANARY20: authentication failure\n");
  scratch.put("tree/etc/shadow", "root:$1$CANARY21$x:12345:0:99999:7:::\n");
  scratch.put("tree/etc/snmp/snmpd.conf", "rocommunity CANARY22\n");
  scratch.put("tree/tmp/esxcfg-info.20417.txt",
              "|----System UUID......4a90f054-81df1561-795f-3e94982742b4\n|----CHAP Secret......CANARY23\n");
  scratch.put("tree/tmp/esxcfg-swiscsi.20417.txt", "CHAP CANARY24\n");
}

const std::string kSession =
    "login as: root\r\nroot@10.9.9.9's password: CANARY30\r\n"
    "[root@quay01 ~]# vmware -v\nVMware ESX 4.1.0 build-348481\n"
    "[root@quay01 ~]# echo CANARY31 | passwd --stdin root\nChanging password.\n"
    "[root@quay01 ~]# esxcfg-auth --enablead --addomain x --passwd CANARY32\n"
    "[root@quay01 ~]# cat /etc/shadow\nroot:$6$CANARY33$x:1::\n"
    "[root@quay01 ~]# cat /etc/snmp/snmpd.conf\nrocommunity CANARY34\n"
    "[root@quay01 ~]# cat /etc/vmkiscsi.conf\nDiscoveryAddress=10.9.8.1\nOutgoingPassword=CANARY35\n"
    "[root@quay01 ~]# cat /etc/vmware/esx.conf\n/system/uuid = \"4a90f054-81df1561-795f-aaaaaaaaaaaa\"\n"
    "/storage/iscsi/chapSecret = \"CANARY36\"\nCANARY37\n"
    "[root@quay01 ~]# esxcfg-vmknic -l && echo CANARY38 | passwd --stdin root\nvmk0\n"
    "[root@quay01 ~]# esxcfg-route -l | sed s/CANARY39//\n"
    "[root@quay01 ~]# PW=CANARY40 esxcfg-nas -l\n"
    "[root@quay01 ~]# esxcfg-nics -l > /tmp/CANARY41\n"
    "[root@quay01 ~]# esxcfg-vswif -l\n"
    "Name     Port Group/DVPort   IP Family IP Address  Netmask        Broadcast     Enabled   TYPE\n"
    "CANARY42\n"
    "vswif0   Service Console     IPv4      10.9.9.9    255.255.255.0  10.9.9.255    true      STATIC\n";

const std::string kCapture =
    "[root@berth01:~] vmware -v\nVMware ESXi 6.7.0 build-1\n"
    "[root@berth01:~] esxcli system snmp set --communities CANARY50\n"
    "[root@berth01:~] esxcli system snmp get\n   Communities: CANARY51\n   Enable: true\n"
    "[root@berth01:~] esxcli iscsi adapter auth chap set --secret=CANARY52 -A vmhba64\n"
    "[root@berth01:~] esxcli iscsi adapter auth chap get -A vmhba64\n   Secret: CANARY53\n"
    "[root@berth01:~] esxcli storage nfs41 list --password=CANARY54\n"
    "[root@berth01:~] esxcli --password CANARY55 network ip interface ipv4 get\n"
    "Name  IPv4 Address  IPv4 Netmask   IPv4 Broadcast  Address Type  DHCP DNS\n"
    "----  ------------  -------------  --------------  ------------  --------\n"
    "vmk0  10.9.7.9      255.255.255.0  10.9.7.255      STATIC        false\n"
    "[root@berth01:~] esxcli --formatter=keyvalue network ip interface list\n"
    "structure[0].NetworkInterface.Name.string=vmk0\nstructure[0].NetworkInterface.Secret.string=CANARY56\n"
    "structure[0].CANARY57\n";

const std::string kKickstart =
    "rootpw --iscrypted $1$CANARY60$x\nvmserialnum --esx=CANARY61\nvmaccepteula\nkeyboard us\n"
    "url --url http://deploy:CANARY62@10.0.0.1/esx\n"
    "network --bootproto=static --ip=10.9.6.9 --netmask=255.255.255.0 --gateway=10.9.6.1 "
    "--hostname=ramp01.harbor.example\n"
    "%post\nuseradd -p '$1$CANARY63$x' deckhand\nPW=CANARY64\nvmkiscsi-tool -C -U chap -P $PW -s CANARY65 vmhba40\n"
    "esxcfg-auth --enablead --passwd CANARY66\nesxcfg-nas -a -o 10.9.6.20 -s /vol/x --password CANARY67 vol\n"
    "esxcfg-vswitch -Z CANARY68 vSwitch0\n"
    "cat > /etc/snmp/snmpd.conf <<EOF\nrocommunity CANARY70\nEOF\n"
    "cat >> /etc/sysconfig/network <<EOF\nPASSWORD=CANARY71\nCANARY72\nEOF\n";

/// The inventory with a column of the administrators' own.
std::string inventory() {
  std::istringstream in(content(kHarbor + "/rvtools/csv/RVTools_tabvHost.csv"));
  std::string out;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    out += line + (out.empty() ? ",iLO password\n" : ",CANARY80\n");
  }
  return out;
}

void check_silence(const std::string& where, const std::string& text) {
  const auto at = text.find(kSecret);
  INFO(where << ": " << text.substr(at == std::string::npos ? 0 : at - std::min<std::size_t>(at, 80), 160));
  CHECK(at == std::string::npos);
}

}  // namespace

TEST_CASE("a secret in any input is in no output of any verb") {
  const Scratch scratch;
  put_tree(scratch);
  scratch.put("in/quay01.txt", kSession);
  scratch.put("in/berth01.txt", kCapture);
  scratch.put("ks/ramp01.cfg", kKickstart);
  scratch.put("in/RVTools_tabvHost.csv", inventory());
  const std::vector<std::string> inputs{scratch / "tree", scratch / "in", scratch / "ks"};
  const auto verb = [&](std::vector<std::string> arguments, const std::vector<std::string>& more = {}) {
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto outcome = run(arguments);
    CHECK((outcome.code == 0 || outcome.code == 1 || outcome.code == 4));
    check_silence(arguments.front() + " printed", outcome.out);
    check_silence(arguments.front() + " complained", outcome.err);
    return outcome.out;
  };
  // All of it was read.
  const auto text = verb({"inspect", "--origins"});
  for (const auto* host : {"tug35  ESX", "quay01  ESX", "berth01  ESXi", "ramp01  ESX", "pier01  ESX"})
    CHECK_THAT(text, Contains(host));
  CHECK_THAT(text, Contains("10.9.9.9") && Contains("10.9.7.9") && Contains("10.9.6.9") && Contains("10.9.8.1"));
  verb({"inspect"}, {"--format", "json"});
  for (const auto* format : {"text", "json", "sarif", "junit"}) verb({"check"}, {"--format", format});
  verb({"trace", "--to", "10.0.0.1"}, {"--pools", kPools});
  verb({"trace", "--to", "10.0.0.1"}, {"--format", "json"});
  verb({"plan", "--out", scratch / "plan", "--date", "2026-03-01"});
  const auto files = contents(scratch / "plan");
  CHECK(files.size() > 5);
  for (const auto& [name, bytes] : files) check_silence("plan/" + name, bytes);
}

TEST_CASE("the samples' own secrets are in no output") {
  for (const auto* input : {"/hosts", "/bundles", "/kickstart", "/transcripts", "/esxi-captures", "/rvtools"}) {
    const auto outcome = run({"inspect", kHarbor + input, "--format", "json"});
    CHECK(outcome.code == 0);
    check_silence(input, outcome.out + outcome.err);
  }
}

TEST_CASE("what no configuration means is dropped with its line: zeroconf, redirects, link-local IPv6") {
  const Scratch scratch;
  scratch.put("quay02.txt",
              "[root@quay02 ~]# vmware -v\nVMware ESX 4.1.0 build-348481\n"
              "[root@quay02 ~]# esxcfg-vmknic -l\n"
              "Interface  Port Group/DVPort   IP Family IP Address               Netmask         Broadcast       MAC "
              "Address       MTU     TSO MSS   Enabled Type\n"
              "vmk0       VMotion             IPv4      10.9.5.9                 255.255.255.0   10.9.5.255      "
              "00:50:56:7a:26:38 1500    65535     true    STATIC\n"
              "vmk0       VMotion             IPv6      fe80::250:56ff:fe7a:2638 64                              "
              "00:50:56:7a:26:38 1500    65535     true    STATIC, PREFERRED\n"
              "[root@quay02 ~]# esxcfg-route -l\nVMkernel Routes:\n"
              "Network          Netmask          Gateway          Interface\n"
              "10.9.5.0         255.255.255.0    Local Subnet     vmk0\n"
              "10.3.3.3         255.255.255.255  10.9.5.254       vmk0\n"
              "default          0.0.0.0          10.9.5.1         vmk0\n"
              "[root@quay02 ~]# route -n\nKernel IP routing table\n"
              "Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n"
              "169.254.0.0     0.0.0.0         255.255.0.0     U     0      0        0 vswif0\n"
              "0.0.0.0         10.9.9.1        0.0.0.0         UG    0      0        0 vswif0\n");
  const auto outcome = run({"inspect", scratch / "quay02.txt"});
  INFO(outcome.out);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.out, Contains("quay02.txt:6: note: ") && Contains("IPv6"));
  CHECK_THAT(outcome.out, Contains("quay02.txt:11: note: ") && Contains("10.3.3.3/32") && Contains("redirect"));
  CHECK_THAT(outcome.out, Contains("quay02.txt:16: note: ") && Contains("zeroconf"));
  CHECK_THAT(outcome.out, !Contains("fe80") && !Contains("route 10.3.3.3"));
}

TEST_CASE("a letter in an address is refused with its line in every format, and the address is missing") {
  const Scratch scratch;
  const auto damaged = GENERATE(table<std::string, std::string>(
      {{"ifcfg-vswif0", "DEVICE=vswif0\nBOOTPROTO=static\nIPADDR=1O.9.4.9\nNETMASK=255.255.255.0\n"},
       {"quay03.txt",
        "[root@quay03 ~]# esxcfg-vswif -l\n"
        "Name     Port Group/DVPort   IP Family IP Address  Netmask        Broadcast     Enabled   TYPE\n"
        "vswif0   Service Console     IPv4      1O.9.4.9    255.255.255.0  10.9.4.255    true      STATIC\n"},
       {"ks.cfg",
        "rootpw x\nvmaccepteula\nnetwork --bootproto=static --ip=1O.9.4.9 --netmask=255.255.255.0 "
        "--gateway=10.9.4.1\n"},
       {"RVTools_tabvSC_VMK.csv",
        "Host,Cluster,Port Group,Device,Mac Address,DHCP,IP Address,Subnet mask,MTU\n\n"
        "quay03.harbor.example,,Service Console,vswif0,00:50:56:40:00:01,False,1O.9.4.9,255.255.255.0,1500\n"}}));
  const auto& [name, text] = damaged;
  scratch.put(name, text);
  const auto outcome = run({"inspect", scratch / name});
  INFO(name << ": " << outcome.out << outcome.err);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.err, Contains(name + ":3: warning: ") && Contains("1O.9.4.9"));
  CHECK_THAT(outcome.out, !Contains("10.9.4.9") && Contains("not found: esxcfg-vswif -l"));
}
