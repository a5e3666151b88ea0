#include "reading.hpp"

#include "esx2esxi/intake/importer.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;
using namespace esx2esxi::intake::testing;

namespace {

Facts sample(const std::string& name) {
  return read(read_kickstart, file_text(TEST_ESTATES "/harbor/kickstart/" + name), name);
}

std::string list(const Maybe<SaidNames>& names) { return names ? join(names_of(names->value), ",") : "?"; }

/// "vSwitch0 [vmnic0] Service Console/110 VM Network/0"
Texts switches(const Facts& facts) {
  Texts out;
  for (const auto& one : facts.switches) {
    auto text = fmt::format("{} [{}]", one.name, list(one.uplinks));
    for (const auto& group : one.portgroups) text += fmt::format(" {}/{}", group.name, testing::text(group.vlan));
    out.push_back(text);
  }
  return out;
}

/// All that stands for an unknown value, sorted: "$GW 3", "vswif0 $IPADDR 3".
Texts open_values(const Facts& facts) {
  Texts out;
  for (const auto& said : facts.unresolved) out.push_back(fmt::format("{} {}", said.value, said.at.line));
  for (const auto& fact : facts.interfaces)
    for (const auto& said : fact.unresolved)
      out.push_back(fmt::format("{} {} {}", fact.name, said.value, said.at.line));
  std::sort(out.begin(), out.end());
  return out;
}

/// A kickstart with this in %post, and enough else to be one.
Facts post(std::string_view script) { return read(read_kickstart, fmt::format("rootpw x\n%post\n{}", script)); }

}  // namespace

TEST_CASE("the ESX 4.1 sample is the host that it installs") {
  const auto facts = sample("ks-esx41-pier01.cfg");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.71.10.11/255.255.255.0 pg=Service Console dhcp=no on=yes",
                                         "vmk0 10.71.10.61/255.255.255.0 pg=VMotion dhcp=no on=yes",
                                         "vmk1 10.71.30.11/255.255.255.0 pg=NFS dhcp=no on=yes"});
  CHECK(switches(facts) == Texts{"vSwitch0 [vmnic0,vmnic1] Service Console/110 VMotion/110",
                                 "vSwitch1 [vmnic2,vmnic3] dmz-terminal-operations-vlan0188/188 Cargo-Booking/181 "
                                 "Customs Broker Link (EDI)/183 VM Network/0",
                                 "vSwitch2 [vmnic4,vmnic5] NFS/130"});
  CHECK(texts(facts.gateways) == Texts{"console 10.71.10.1 vswif0", "vmkernel 10.71.30.254 -"});
  CHECK(text(facts.hostname) == "pier01.harbor.example");
  CHECK(facts.dns_servers.size() == 2);
  Texts mounts;
  for (const auto& nfs : facts.nfs) mounts.push_back(nfs.label + "|" + text(nfs.share) + "|" + text(nfs.server));
  CHECK(mounts == Texts{"prod_a_01|/vol/prod_a_01|10.71.30.20", "archive01|/vol/archive01|10.71.40.20",
                        "iso library|/vol/iso|10.71.30.20"});
  CHECK(text(facts.product) == "ESX");
  CHECK(text(facts.version) == "4");
  CHECK(facts.services.empty());
  CHECK(warnings(facts) == Texts{});
  CHECK(open_values(facts) == Texts{});
  CHECK(facts.interfaces[2].address->at.line == 49);
}

TEST_CASE("the ESX 3.5 sample is the host that it installs") {
  const auto facts = sample("ks-esx35-tug35.cfg");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.74.10.35/255.255.255.0 pg=Service Console dhcp=no on=yes",
                                         "vmk0 10.74.20.35/255.255.255.0 pg=VMotion dhcp=no on=yes",
                                         "vmk1 10.74.50.135/255.255.255.0 pg=iSCSI dhcp=no on=yes",
                                         "vswif1 10.74.50.35/255.255.255.0 pg=iSCSI-COS dhcp=no on=yes"});
  CHECK(switches(facts) == Texts{"vSwitch0 [?] Service Console/0 VM Network/0", "vSwitch1 [vmnic1] VMotion/742",
                                 "vSwitch2 [vmnic2] iSCSI/750 iSCSI-COS/750"});
  CHECK(texts(facts.gateways) == Texts{});
  REQUIRE(facts.iscsi_targets.size() == 1);
  CHECK(to_string(facts.iscsi_targets[0].value) == "10.74.50.20");
  CHECK(text(facts.software_iscsi) == "yes");
  CHECK(text(facts.version) == "3");
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE(
    "the template: variables stay open, the typing error is mended with a warning, comments are no configuration") {
  const auto facts = sample("ks-esx35-template.cfg");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 -/255.255.255.0 pg=Service Console dhcp=no on=yes",
                                         "vmk0 -/255.255.255.0 pg=VMotion dhcp=- on=yes",
                                         "vmk1 10.74.61.139/255.255.255.0 pg=iSCSI dhcp=no on=yes",
                                         "vswif1 10.74.61.39/255.255.255.0 pg=iSCSI-COS dhcp=no on=yes"});
  CHECK(open_values(facts) ==
        Texts{"$GW 18", "$HOST 18", "$KGW 54", "$VLAN 18", "vmk0 $VMO 46", "vswif0 $IPADDR 18", "vswif0 $IPADDR 41"});
  CHECK(switches(facts) == Texts{"vSwitch0 [?] Service Console/-", "vSwitch1 [vmnic1] VMotion/0",
                                 "vSwitch2 [vmnic2] iSCSI/0 iSCSI-COS/0"});
  CHECK(warnings(facts) == Texts{"command-mistyped 53:16"});
  CHECK_FALSE(facts.hostname);
  for (const auto& note : facts.notes) CHECK(to_string(note).find("CANARY") == std::string::npos);
}

TEST_CASE("the network line of ESX 3.x and 4.x in all its cases") {
  struct Case {
    std::string line;
    std::string interface;
    Texts gateways;
    Texts told;
  };
  const auto [line, interface, gateways, told] = GENERATE(values<Case>({
      {"network --bootproto=static --ip=10.0.0.5 --netmask=255.255.255.0 --gateway=10.0.0.1",
       "vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes",
       {"console 10.0.0.1 vswif0"},
       {}},
      {"network --bootproto static --ip 10.0.0.5 --netmask 255.255.255.0 --gateway 10.0.0.1 --device eth0",
       "vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes",
       {"console 10.0.0.1 vswif0"},
       {}},
      {"network --bootproto=dhcp --device=vmnic0", "vswif0 -/- pg=Service Console dhcp=yes on=yes", {}, {}},
      {"network", "vswif0 -/- pg=Service Console dhcp=yes on=yes", {}, {"kickstart-computed 1:1"}},
      {"network --bootproto=dhcp --ip=10.0.0.5",
       "vswif0 -/- pg=Service Console dhcp=yes on=yes",
       {},
       {"kickstart-contradicts 1:1"}},
      {"network --bootproto=static --ip=10.0.0.5 --gateway=10.0.0.1",
       "vswif0 10.0.0.5/- pg=Service Console dhcp=no on=yes",
       {"console 10.0.0.1 vswif0"},
       {"kickstart-computed 1:1"}},
      {"network --bootproto=static --ip=1O.0.0.5 --netmask=255.0.0.0 --gateway=10.0.0.1",
       "vswif0 -/255.0.0.0 pg=Service Console dhcp=no on=yes",
       {"console 10.0.0.1 vswif0"},
       {"value-damaged 1:33"}},
      {"network --bootproto=statisch --ip=10.0.0.5",
       "vswif0 -/- pg=Service Console dhcp=- on=yes",
       {},
       {"value-damaged 1:21"}},
  }));
  INFO(line);
  const auto facts = read(read_kickstart, line + "\nrootpw x\nkeyboard us\n");
  REQUIRE(facts.interfaces.size() == 1);
  CHECK(text(facts.interfaces[0]) == interface);
  CHECK(texts(facts.gateways) == gateways);
  CHECK(warnings(facts) == told);
}

TEST_CASE("the network line: port groups, VLAN, NIC, name servers") {
  const auto line = [](std::string_view rest) {
    return read(read_kickstart, fmt::format("network --bootproto=dhcp {}\nrootpw x\nkeyboard us\n", rest));
  };
  CHECK(switches(line("--device=vmnic3 --vlanid=7")) == Texts{"vSwitch0 [vmnic3] Service Console/7 VM Network/7"});
  CHECK(switches(line("--device=00:50:56:00:00:01 --addvmportgroup=FALSE")) == Texts{"vSwitch0 [?] Service Console/0"});
  CHECK(warnings(line("--vlanid=4096")) == Texts{"value-damaged 1:35", "value-damaged 1:35"});
  CHECK(line("--nameserver=10.0.0.1,10.0.0.2,10.0.0.3").dns_servers.size() == 2);
  CHECK(text(line("--hostname=esx7.example.com").hostname) == "esx7.example.com");
  CHECK_FALSE(line("--hostname localhost").hostname);
  CHECK(warnings(read(read_kickstart, "network --bootproto=dhcp\nnetwork --bootproto=dhcp\nrootpw x\n")) ==
        Texts{"kickstart-network-twice 2:1"});
}

TEST_CASE("what the installer of ESX 4.x ignores, refuses or leaves to itself is said") {
  const auto line = [](std::string_view rest) {
    return read(read_kickstart, fmt::format("network {}\naccepteula\nrootpw x\nkeyboard us\n", rest));
  };
  const auto leased = line("--bootproto=dhcp --hostname=a --nameserver=10.0.0.1");
  CHECK(warnings(leased) == Texts{"kickstart-ignored 1:37", "kickstart-ignored 1:52"});
  CHECK_FALSE(leased.hostname);
  CHECK(leased.dns_servers.empty());
  const std::string fixed = "--bootproto=static --ip=10.0.0.5 --netmask=255.0.0.0 --gateway=10.0.0.1 ";
  CHECK(warnings(line(fixed + "--hostname=a --nameserver=10.0.0.1")).empty());
  CHECK(warnings(line(fixed + "--nameserver=10.0.0.1")) == Texts{"kickstart-computed 1:1"});
  CHECK(warnings(line(fixed + "--hostname=a")) == Texts{"kickstart-computed 1:1"});
  const auto old_nic = line("--bootproto=dhcp --device=eth0");
  CHECK(warnings(old_nic) == Texts{"kickstart-device 1:35"});
  CHECK(switches(old_nic) == Texts{"vSwitch0 [?] Service Console/0 VM Network/0"});
  CHECK(warnings(line("--bootproto=dhcp --device=00:50:56:00:00:01")).empty());
  // ESX 3.x calls it ethN and takes a name with DHCP.
  const auto older = read(
      read_kickstart, "network --bootproto=dhcp --device eth0 --hostname=a\nlangsupport en\nrootpw x\nmouse none\n");
  CHECK(warnings(older).empty());
  CHECK(text(older.hostname) == "a");
}

TEST_CASE("an ESXi kickstart configures vmk0") {
  const auto facts =
      read(read_kickstart,
           "vmaccepteula\nrootpw x\ninstall --firstdisk --overwritevmfs\n"
           "network --bootproto=static --ip=10.0.0.5 --netmask=255.0.0.0 --gateway=10.0.0.1 --addvmportgroup=0\n"
           "%firstboot --interpreter=busybox\nesxcli network vswitch standard add -v vSwitch1\n");
  CHECK(texts(facts.interfaces) == Texts{"vmk0 10.0.0.5/255.0.0.0 pg=Management Network dhcp=no on=yes"});
  CHECK(texts(facts.gateways) == Texts{"defaultTcpipStack 10.0.0.1 vmk0"});
  CHECK(text(facts.product) == "ESXi");
}

TEST_CASE("every spelling of the esxcfg commands") {
  const auto facts = post(R"(esxcfg-vswitch -a vSwitch1:64
/usr/sbin/esxcfg-vswitch --add vSwitch2
esxcfg-vswitch -A "PG name" vSwitch1; esxcfg-vswitch -L vmnic1 vSwitch1 && esxcfg-vswitch -L vmnic2 vSwitch1
esxcfg-vswitch vSwitch1 -v 10 -p "PG name"
esxcfg-vswitch --add-pg=Service\ Console vSwitch2   # escaped
esxcfg-vswitch -v11 -p 'Service Console' vSwitch2
esxcfg-vswitch --link=vmnic3 vSwitch2
esxcfg-vswitch -L vmnic4 vSwitch2; esxcfg-vswitch -U vmnic4 vSwitch2
esxcfg-vswitch -A Gone vSwitch2
esxcfg-vswitch -D Gone vSwitch2
esxcfg-vswitch -m 9000 vSwitch2
esxcfg-vswitch -a vSwitch9
esxcfg-vswitch -d vSwitch9
esxcfg-vswitch –a vSwitch3
esxcfg-vswitch —add-pg “Lab 1” vSwitch3
esxcfg-vswitch -A "–Lab ’2’" vSwitch3
esxcfg-vswif -a vswif0 -p "Service Console" -i 10.0.0.5 -n 255.255.255.0 -b 10.0.0.255
esxcfg-vswif --add --portgroup "Service Console" --ip=10.0.1.5 --netmask=255.255.255.0 vswif1
esxcfg-vswif -i DHCP vswif1
esxcfg-vswif -s vswif1
esxcfg-vswif -a -i 10.0.2.5 -n 255.255.255.0 -V dvSwitch -P 34 vswif2
esxcfg-vswif -a vswif3 -p X -i 10.0.3.5 -n 255.0.0.0
esxcfg-vswif -d vswif3
esxcfg-vmknic -a VMotion -i 10.1.0.5 -n 255.255.0.0
esxcfg-vmknic -a -i 10.2.0.5 -n 255.255.0.0 -p "VM kernel"
esxcfg-vmknic -a -i DHCP -P -p Leased
esxcfg-vmknic --add --ip=10.3.0.5 --netmask=255.255.0.0 -m 9000 Jumbo
esxcfg-vmknic -d "VM kernel"
esxcfg-vmknic -a -i 10.4.0.5 -n 255.255.0.0 Again
esxcfg-vmknic -D Leased
esxcfg-route 10.1.0.1
esxcfg-route -a 10.9.0.0/16 10.1.0.2
esxcfg-route -a 10.10.0.0 255.255.0.0 10.1.0.3
esxcfg-nas -a -o filer -s /vol/a "a b"
esxcfg-nas -a c -o filer -s /vol/c
esxcfg-nas -d c
esxcfg-swiscsi -e
vmkiscsi-tool -D -a 10.50.0.20:3260 vmhba40
vmkiscsi-tool -C -a CANARY-secret vmhba40
esxcli swiscsi nic add -n vmk1 -d vmhba33
vmware-vim-cmd hostsvc/vmotion/vnic_set vmk0
esxcfg-advcfg -s vmk3 /FT/Vmknic
esxcfg-vswif -l
)");
  CHECK(switches(facts) == Texts{"vSwitch1 [vmnic1,vmnic2] PG name/10", "vSwitch2 [vmnic3] Service Console/11",
                                 "vSwitch3 [] Lab 1/0 –Lab ’2’/0"});
  CHECK(text(facts.switches[0].ports) == "64");
  CHECK(text(facts.switches[1].mtu) == "9000");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes",
                                         "vswif1 -/255.255.255.0 pg=Service Console dhcp=yes on=no",
                                         "vswif2 10.0.2.5/255.255.255.0 dv=34 dhcp=no on=yes",
                                         "vmk0 10.1.0.5/255.255.0.0 pg=VMotion dhcp=no on=yes",
                                         "vmk2 -/- pg=Leased dhcp=yes on=no",
                                         "vmk3 10.3.0.5/255.255.0.0 pg=Jumbo dhcp=no on=yes mtu=9000",
                                         "vmk1 10.4.0.5/255.255.0.0 pg=Again dhcp=no on=yes"});
  CHECK(texts(facts.gateways) == Texts{"vmkernel 10.1.0.1 -"});
  CHECK(texts(facts.routes) == Texts{"vmkernel 10.9.0.0/16 via 10.1.0.2 -", "vmkernel 10.10.0.0/16 via 10.1.0.3 -"});
  REQUIRE(facts.nfs.size() == 1);
  CHECK(facts.nfs[0].label == "a b");
  REQUIRE(facts.iscsi_targets.size() == 1);
  REQUIRE(facts.bindings.size() == 1);
  CHECK(facts.bindings[0].adapter == "vmhba33");
  REQUIRE(facts.services.size() == 2);
  CHECK(facts.services[0].service == model::Service::VMotion);
  CHECK(facts.services[1].interface == "vmk3");
  CHECK(warnings(facts) == Texts{});
}

TEST_CASE("variables that the script assigns are put in, all others stay open") {
  const auto facts = post(R"(IP=10.0.0.5; NET=10.1.0
export MASK="255.255.255.0"
esxcfg-vswif -a vswif0 -p "Service Console" -i $IP -n ${MASK}
esxcfg-vmknic -a A -i $NET.7 -n "$MASK"
GW=`hostname -i`
esxcfg-route $GW
esxcfg-vmknic -a B -i ${OTHER:-10.9.9.9} -n $MASK
esxcfg-vmknic -a C -i '$IP' -n $MASK
if [ -f /tmp/x ]; then IP=10.0.0.6; fi
esxcfg-vmknic -a D -i $IP -n $MASK
read NAME
esxcfg-vswitch -A $NAME vSwitch0
)");
  CHECK(texts(facts.interfaces) ==
        Texts{"vswif0 10.0.0.5/255.255.255.0 pg=Service Console dhcp=no on=yes",
              "vmk0 10.1.0.7/255.255.255.0 pg=A dhcp=no on=yes", "vmk1 -/255.255.255.0 pg=B dhcp=- on=yes",
              "vmk2 -/255.255.255.0 pg=C dhcp=no on=yes", "vmk3 -/255.255.255.0 pg=D dhcp=- on=yes"});
  CHECK(open_values(facts) == Texts{"$GW 8", "$IP 10", "$NAME 14", "vmk1 ${OTHER:-10.9.9.9} 9", "vmk3 $IP 12"});
}

TEST_CASE("what hangs on a condition is left out, with a warning") {
  const auto facts = post(R"(if [ "$1" = a ]; then
  esxcfg-vmknic -a A -i 10.0.0.5 -n 255.0.0.0
else
  esxcfg-vmknic -a B -i 10.0.0.6 -n 255.0.0.0
fi
for nic in vmnic1 vmnic2; do esxcfg-vswitch -L $nic vSwitch1; done
[ -f /etc/x ] && esxcfg-route 10.0.0.1
esxcfg-vswitch -c vSwitch1 || esxcfg-vswitch -a vSwitch1
case $(hostname) in
  esx1) esxcfg-vmknic -a C -i 10.0.0.7 -n 255.0.0.0 ;;
esac
setup() {
  esxcfg-vmknic -a D -i 10.0.0.8 -n 255.0.0.0
}
{ esxcfg-vmknic -a E -i 10.0.0.9 -n 255.0.0.0; }
esxcfg-vmknic -a F -i 10.0.0.10 -n 255.0.0.0
exit 0
esxcfg-vmknic -a G -i 10.0.0.11 -n 255.0.0.0
)");
  CHECK(texts(facts.interfaces) ==
        Texts{"vmk0 10.0.0.9/255.0.0.0 pg=E dhcp=no on=yes", "vmk1 10.0.0.10/255.0.0.0 pg=F dhcp=no on=yes"});
  CHECK(facts.switches.empty());
  CHECK(facts.gateways.empty());
  CHECK(warnings(facts) == Texts{"command-conditional 4:1", "command-conditional 6:1", "command-conditional 8:1",
                                 "command-conditional 9:1", "command-conditional 10:1", "command-conditional 12:1",
                                 "command-conditional 15:1"});
}

TEST_CASE("files that the script writes are read as the files are, with the script's lines") {
  const auto facts = post(R"(HOST=esx7
cat > /etc/sysconfig/network <<EOF
NETWORKING=yes
HOSTNAME=$HOST.example.com
GATEWAY=10.0.0.1
EOF
cat <<'END' > /etc/hosts
127.0.0.1 localhost
10.0.0.5 esx7.example.com esx7
END
echo "server 10.70.1.31" >> /etc/ntp.conf
echo "server 10.70.1.32" >> /etc/ntp.conf
echo -e "search a.example\nnameserver 10.70.1.21" > /mnt/sysimage/etc/resolv.conf
cat > /etc/sysconfig/network-scripts/ifcfg-vswif0 <<-EOF
	DEVICE=vswif0
	IPADDR=10.0.0.5
	NETMASK=255.255.255.0
	EOF
echo "DEVICE=vswif1" > /etc/sysconfig/network-scripts/ifcfg-vswif1
echo "IPADDR=$UNKNOWN" >> /etc/sysconfig/network-scripts/ifcfg-vswif1
sed -i 's/x/y/' /etc/sysconfig/network
)");
  CHECK(text(facts.hostname) == "esx7.example.com");
  CHECK(to_string(facts.hostname->at) == "f:6");
  CHECK(texts(facts.gateways) == Texts{"console 10.0.0.1 -"});
  REQUIRE(facts.hosts_entries.size() == 2);
  CHECK(facts.hosts_entries[1].at.line == 11);
  REQUIRE(facts.ntp_servers.size() == 2);
  CHECK(facts.ntp_servers[1].at.line == 14);
  REQUIRE(facts.dns_servers.size() == 1);
  CHECK(facts.dns_servers[0].at.line == 15);
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.0.0.5/255.255.255.0 dhcp=- on=-", "vswif1 -/- dhcp=- on=-"});
  CHECK(open_values(facts) == Texts{"vswif1 $UNKNOWN 22"});
  CHECK(warnings(facts) == Texts{"script-edits-file 23:1"});
}

TEST_CASE("a script that the script writes is followed with its own variables") {
  const auto facts = post(R"(A=10.0.0.5
cat > /root/first.sh <<EOF
B=10.0.0.6
X=10.0.0.8
esxcfg-vmknic -a P1 -i $A -n 255.0.0.0
esxcfg-vmknic -a P2 -i \$B -n 255.0.0.0
esxcfg-vmknic -a P3 -i \$A -n 255.0.0.0
esxcfg-vmknic -a P4 -i $X -n 255.0.0.0
EOF
cat > /root/notes.txt <<EOF
esxcfg-vmknic -a Notes -i 10.0.0.7 -n 255.0.0.0
EOF
bash <<'EOF'
esxcfg-vmknic -a Piped -i 10.0.0.9 -n 255.0.0.0
EOF
echo "esxcfg-route 10.0.0.1" >> /etc/rc.d/rc.local
)");
  CHECK(texts(facts.interfaces) ==
        Texts{"vmk0 10.0.0.9/255.0.0.0 pg=Piped dhcp=no on=yes", "vmk1 10.0.0.5/255.0.0.0 pg=P1 dhcp=no on=yes",
              "vmk2 10.0.0.6/255.0.0.0 pg=P2 dhcp=no on=yes", "vmk3 -/255.0.0.0 pg=P3 dhcp=- on=yes",
              "vmk4 -/255.0.0.0 pg=P4 dhcp=- on=yes"});
  CHECK(texts(facts.gateways) == Texts{"vmkernel 10.0.0.1 -"});
  CHECK(facts.interfaces[1].address->at.line == 7);
}

TEST_CASE("%include of what %pre wrote, sections in other languages, lines that go on") {
  const auto facts = read(read_kickstart, R"(rootpw x
%include /tmp/net.cfg
%pre
cat > /tmp/net.cfg <<END
network --bootproto=static --ip=10.0.0.5 --netmask=255.0.0.0 --gateway=10.0.0.1
END
%post --interpreter=python
esxcfg-vmknic -a No -i 10.0.0.6 -n 255.0.0.0
%post
esxcfg-vmknic -a \
  -i 10.0.0.7 \
  -n 255.0.0.0 Yes
)");
  CHECK(texts(facts.interfaces) == Texts{"vswif0 10.0.0.5/255.0.0.0 pg=Service Console dhcp=no on=yes",
                                         "vmk0 10.0.0.7/255.0.0.0 pg=Yes dhcp=no on=yes"});
  CHECK(facts.interfaces[0].address->at.line == 5);
  CHECK(facts.interfaces[1].at.line == 10);
  CHECK(has_note(facts, "script-unread"));
}

TEST_CASE("what a script says wrong is told and left out") {
  struct Case {
    std::string line;
    std::string told;
  };
  const auto [line, told] = GENERATE(values<Case>({
      {"esxcfg-vswif - vswif1", "command-not-understood 3:1"},
      {"esxcfg-vswif -a -p X -i 10.0.0.5 -n 255.0.0.0", "command-not-understood 3:1"},
      {"esxcfg-vmknic -a X -i 10.0.O.5 -n 255.0.0.0", "value-damaged 3:23"},
      {"esxcfg-vmknic -a X --frobnicate 3 -i 10.0.0.5 -n 255.0.0.0", "command-not-understood 3:1"},
      {"esxcfg-vswitch -A", "command-not-understood 3:1"},
      {"esxcfg-vswitch -p X -v 5000 vSwitch1", "value-damaged 3:24"},
      {"esxcfg-route -a 10.0.0.5/8 10.0.0.1", "value-damaged 3:17"},
      {"esxcfg-route 10.0.0.300", "value-damaged 3:14"},
      {"esxcfg-nas -a label", "command-not-understood 3:1"},
      {"esxcli network vswitch standard add -v vSwitch1", "command-not-understood 3:1"},
      {"cat > /etc/hosts <<STOP\n10.0.0.5 x", "script-cut-off 3:1"},
  }));
  INFO(line);
  CHECK(warnings(post(line + "\n")) == Texts{told});
}

TEST_CASE("a script that writes a configuration file is the script, not the file") {
  const std::string text =
      "vmaccepteula\nrootpw x\nnetwork --bootproto=dhcp\n%post\ncat > /etc/sysconfig/network <<STOP\nNETWORKING=yes\n"
      "HOSTNAME=esx7\nSTOP\ncat > /etc/sysconfig/network-scripts/ifcfg-vswif1 <<STOP\nDEVICE=vswif1\nSTOP\n";
  for (const auto& importer : importers()) {
    INFO(importer.name);
    CHECK((importer.recognises != nullptr && importer.recognises(text)) == (importer.name == "kickstart"));
  }
}

TEST_CASE("a kickstart is told by its content, and so is a script of esxcfg commands") {
  const auto all = importers();
  const auto importer =
      std::find_if(all.begin(), all.end(), [](const Importer& one) { return one.name == "kickstart"; });
  REQUIRE(importer != all.end());
  for (const auto name : {"ks-esx35-template.cfg", "ks-esx35-tug35.cfg", "ks-esx41-pier01.cfg"})
    CHECK(importer->recognises(file_text(std::string(TEST_ESTATES "/harbor/kickstart/") + name)));
  CHECK(importer->recognises("#!/bin/sh\nesxcfg-vswitch -a vSwitch1\n"));
  CHECK_FALSE(importer->recognises(file_text(TEST_ESTATES "/harbor/transcripts/tug35-esx35.txt")));
  CHECK_FALSE(importer->recognises(file_text(TEST_ESTATES "/harbor/hosts/tug35/etc/vmware/esx.conf")));
  CHECK_FALSE(importer->recognises(file_text(TEST_ESTATES "/harbor/policy/policy.info")));
  const auto script = read(read_kickstart, "#!/bin/sh\nesxcfg-vmknic -a X -i 10.0.0.5 -n 255.0.0.0\n");
  CHECK(texts(script.interfaces) == Texts{"vmk0 10.0.0.5/255.0.0.0 pg=X dhcp=no on=yes"});
}
