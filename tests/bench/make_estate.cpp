// An estate as large as wanted: make_estate FOLDER HOSTS [KIB [CLUSTER_SIZE]]
//
//   FOLDER/hosts/esx00042/etc/...   a classic host's tree: esx.conf of KIB (60) KiB and the console's small files
//   FOLDER/policy.info, pools.csv   clusters of CLUSTER_SIZE (16, at most 80) hosts, and a vMotion range for each
//
// Every third cluster shares a subnet between console and vMotion and has two gateways, every third hides its iSCSI
// network inside the console's /16, every third is clean. The bytes depend on the arguments alone.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

namespace {

enum class Habit { SharedSubnet, NestedMask, Clean };

struct HostNumber {
  unsigned number;
  unsigned cluster_size;
  unsigned cluster() const { return number / cluster_size; }
  unsigned octet() const { return 20 + number % cluster_size; }
  Habit habit() const { return static_cast<Habit>(cluster() % 3); }
  std::string name() const { return fmt::format("esx{:05}", number); }
  /// 10.0.0.0/8 holds 2 octets for the cluster; the third one tells the networks of a cluster apart.
  std::string address(unsigned network, unsigned last) const {
    return fmt::format("10.{}.{}.{}", cluster() % 250, cluster() / 250 * 60 + network, last);
  }
};

/// Ballast that a scanner has to pass by: numbers that look alike, from a generator that is the same everywhere.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15U + 1) {}
  std::uint64_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
  }

 private:
  std::uint64_t state_;
};

std::string devices(Noise& noise, std::size_t size) {
  std::string text;
  for (unsigned n = 0; text.size() < size; ++n) {
    const auto key = fmt::format("/device/000:{:03}:{:02}.{}", n / 64, n / 2 % 32, n % 2);
    text += fmt::format("{}/class = \"0{:05x}\"\n", key, noise.next() & 0xfffff);
    text += fmt::format("{}/device = \"{:04x}\"\n", key, noise.next() & 0xffff);
    text += key + "/name = \"Intel Corporation 5520/5500/X58 I/O Hub PCI Express Root Port\"\n";
    text += key + "/options = \"\"\n" + key + "/owner = \"vmkernel\"\n";
    text += fmt::format("{}/subVendor = \"{:04x}\"\n", key, noise.next() & 0xffff);
  }
  return text;
}

std::string storage(Noise& noise, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    const auto lun = fmt::format("naa.6006{:012x}{:016x}", noise.next() & 0xffffffffffff, noise.next());
    text += fmt::format("/storage/lun[{0}]/displayName = \"HP Serial Attached SCSI Disk ({0})\"\n", lun);
    text += fmt::format("/storage/plugin/NMP/device[{}]/psp = \"VMW_PSP_RR\"\n", lun);
    text += fmt::format("/storage/plugin/NMP/device[{}]/rrIops = \"1000\"\n", lun);
  }
  return text;
}

std::string pnics(const HostNumber& host) {
  std::string text;
  for (unsigned n = 0; n < 4; ++n)
    text += fmt::format(
        "/net/pnic/child[{0:04}]/mac = \"00:22:64:{1:02x}:{2:02x}:{0:02x}\"\n"
        "/net/pnic/child[{0:04}]/name = \"vmnic{0}\"\n",
        n, host.number >> 8 & 255, host.number & 255);
  return text;
}

std::string vmknic(unsigned slot, const std::string& address, unsigned number, const std::string& portgroup) {
  const auto key = fmt::format("/net/vmkernelnic/child[{:04}]", slot);
  return key + "/dhcp = \"false\"\n" + key + "/enable = \"true\"\n" +
         fmt::format("{0}/ipv4address = \"{1}\"\n{0}/ipv4netmask = \"255.255.255.0\"\n", key, address) +
         fmt::format("{0}/mac = \"00:50:56:7{2}:00:00\"\n{0}/name = \"vmk{1}\"\n{0}/portgroup = \"{3}\"\n", key, number,
                     number, portgroup);
}

std::string portgroup(unsigned vswitch, unsigned slot, const std::string& name, unsigned vlan) {
  const auto key = fmt::format("/net/vswitch/child[{:04}]/portgroup/child[{:04}]", vswitch, slot);
  return fmt::format("{0}/name = \"{1}\"\n{0}/teamPolicy/team = \"lb_srcid\"\n{0}/vlanId = \"{2}\"\n", key, name, vlan);
}

std::string vswitch(unsigned number, const std::string& portgroups) {
  const auto key = fmt::format("/net/vswitch/child[{:04}]", number);
  return fmt::format("{0}/name = \"vSwitch{1}\"\n{0}/numPorts = \"128\"\n", key, number) + portgroups +
         fmt::format("{0}/teamPolicy/hasUplinkOrder = \"true\"\n{0}/teamPolicy/maxActive = \"2\"\n", key) +
         fmt::format(
             "{0}/teamPolicy/uplinks[0000]/pnic = \"vmnic{1}\"\n{0}/teamPolicy/uplinks[0001]/pnic = \"vmnic{2}\"\n"
             "{0}/uplinks/child[0000]/pnic = \"vmnic{1}\"\n{0}/uplinks/child[0001]/pnic = \"vmnic{2}\"\n",
             key, 2 * number, 2 * number + 1);
}

std::string virtual_machine_groups() {
  std::string text;
  for (unsigned n = 2; n < 14; ++n) text += portgroup(1, n, fmt::format("vm-network-{:04}", 500 + n), 500 + n);
  return text;
}

/// Networks of a cluster by their third octet: 10 console, 20 vMotion, 30 storage.
std::string network(const HostNumber& host) {
  const bool shared = host.habit() == Habit::SharedSubnet;
  std::string text = pnics(host);
  if (shared) text += fmt::format("/net/routes/kernel/gateway = \"{}\"\n", host.address(30, 254));
  text += vmknic(0, shared ? host.address(10, host.octet() + 100) : host.address(20, host.octet()), 0, "VMotion");
  text += vmknic(1, host.address(30, host.octet()), 1, "Storage");
  text += vswitch(0, portgroup(0, 0, "Service Console", 110) + portgroup(0, 1, "VMotion", shared ? 110 : 120));
  return text + vswitch(1, portgroup(1, 0, "Storage", 130) + virtual_machine_groups());
}

std::string esx_conf(const HostNumber& host, std::size_t size) {
  Noise noise(host.number);
  const std::string front = "/adv/FT/Vmknic = \"\"\n/adv/Migrate/Enabled = \"1\"\n/adv/Migrate/Vmknic = \"vmk0\"\n" +
                            fmt::format("/adv/Net/ManagementAddr = \"{}\"\n", host.address(10, host.octet())) +
                            "/adv/Net/ManagementIface = \"vswif0\"\n";
  const auto nets =
      fmt::format(
          "/nas/datastore/host = \"{}\"\n/nas/datastore/readOnly = \"false\"\n/nas/datastore/share = \"/vol/ds\"\n",
          host.address(30, 9)) +
      network(host) +
      fmt::format("/system/uuid = \"{:08x}-{:04x}-{:04x}-{:04x}-0022640{:05x}\"\n", host.number + 0x4b000000,
                  host.number & 0xffff, 7, 9, host.number);
  const auto ballast = size > front.size() + nets.size() ? size - front.size() - nets.size() : 0;
  auto text = front + devices(noise, ballast / 2) + nets;
  return text + storage(noise, size > text.size() ? size - text.size() : 0);
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

void write_host(const std::filesystem::path& folder, const HostNumber& host, std::size_t size) {
  const auto etc = folder / host.name() / "etc";
  const auto own = host.address(10, host.octet());
  const bool nested = host.habit() == Habit::NestedMask;
  const std::string mask = nested ? "255.255.0.0" : "255.255.255.0";
  write(etc / "vmware/esx.conf", esx_conf(host, size));
  write(etc / "vmware-release", "VMware ESX 4.1 (Kandinsky)\n");
  write(etc / "sysconfig/network",
        fmt::format("NETWORKING=yes\nHOSTNAME={}.bench.example\nGATEWAY={}\nGATEWAYDEV=vswif0\n", host.name(),
                    host.address(10, 1)));
  write(
      etc / "sysconfig/network-scripts/ifcfg-vswif0",
      fmt::format("DEVICE=vswif0\nBOOTPROTO=static\nIPADDR={}\nNETMASK={}\nONBOOT=yes\nPORTGROUP=\"Service Console\"\n",
                  own, mask));
  write(etc / "resolv.conf", "search bench.example\nnameserver 172.16.1.21\nnameserver 172.16.1.22\n");
  write(etc / "ntp.conf", "restrict default kod nomodify notrap\nserver 172.16.1.31\ndriftfile /var/lib/ntp/drift\n");
  write(etc / "hosts",
        fmt::format("127.0.0.1\tlocalhost.localdomain localhost\n{0}\t{1}.bench.example {1}\n", own, host.name()));
}

void write_wishes(const std::filesystem::path& folder, unsigned hosts, unsigned cluster_size) {
  std::string policy = "format esx2esxi-policy\nversion 1.0\nestate bench\nclusters\n{\n";
  std::string pools = "network,vlan,gateway,purpose,cluster,first,last,exclude,note\n";
  for (unsigned first = 0; first < hosts; first += cluster_size) {
    const HostNumber host{first, cluster_size};
    const auto name = fmt::format("C{:04}", host.cluster());
    policy += fmt::format("  cluster {}\n  {{\n", name);
    for (unsigned n = first; n < std::min(hosts, first + cluster_size); ++n)
      policy += fmt::format("    host {}\n", HostNumber{n, cluster_size}.name());
    policy += "  }\n";
    const auto pool = [&](unsigned network, const std::string& gateway, const char* purpose) {
      pools += fmt::format("{0}/24,{1},{2},{3},{4},{5},{6},,\n", host.address(network, 0), network + 100, gateway,
                           purpose, name, host.address(network, 20), host.address(network, 200));
    };
    pool(40, "", "vmotion");
    pool(41, host.address(41, 1), "management");
  }
  write(folder / "policy.info", policy + "}\n");
  write(folder / "pools.csv", pools);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc < 3) throw std::invalid_argument("usage: make_estate FOLDER HOSTS [KIB [CLUSTER_SIZE]]");
    const std::filesystem::path folder = argv[1];
    const auto hosts = static_cast<unsigned>(std::stoul(argv[2]));
    const std::size_t size = (argc > 3 ? std::stoul(argv[3]) : 60) * 1024;
    const auto cluster_size = static_cast<unsigned>(argc > 4 ? std::stoul(argv[4]) : 16);
    if (cluster_size == 0 || cluster_size > 80) throw std::invalid_argument("CLUSTER_SIZE must be 1 to 80");
    for (unsigned n = 0; n < hosts; ++n) write_host(folder / "hosts", {n, cluster_size}, size);
    write_wishes(folder, hosts, cluster_size);
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "make_estate: " << e.what() << '\n';
    return 1;
  }
}
