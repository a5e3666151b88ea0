// The model: what the files mean. The state before, the mapped one and the planned one have the same shape.
//
//   Estate -> Host ─┬─ State ─┬─ interfaces   vswif0, vmk1 ...: address, stack, services, port group
//                   │         ├─ stacks       gateway and static routes; before: console, vmkernel; after: netstacks
//                   │         ├─ switches     uplinks, teaming, port groups (VLAN, override)
//                   │         └─ dns, ntp, nfs, iscsi, pnics
//                   ├─ doubts      evidence that is missing, contradicts itself or is a shell variable
//                   └─ diagnostics what the importers noticed
//
// Values are plain; where they came from stands beside them in `Origins`, which never takes part in comparisons.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/model/service.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "esx2esxi/net/link.hpp"

namespace esx2esxi::model {

inline constexpr std::string_view kConsole = "console";                        ///< the service console's stack on ESX
inline constexpr std::string_view kVmkernel = "vmkernel";                      ///< the VMkernel's stack on ESX
inline constexpr std::string_view kDefaultStack = "defaultTcpipStack";         ///< ESXi
inline constexpr std::string_view kVmotionStack = "vmotion";                   ///< ESXi 6.0+
inline constexpr std::string_view kProvisioningStack = "vSphereProvisioning";  ///< ESXi 6.0+

/// Field name (as plan.json spells it) -> where its value came from. Compares equal to everything.
class Origins {
 public:
  void set(std::string_view field, Origin at);  ///< `field` has static storage; a second call replaces
  /// A list, and those of its elements that stand elsewhere than the list as a whole.
  void set(std::string_view field, const Said<std::vector<Said<std::string>>>& list);
  void set_element(std::string_view field, std::string_view element, Origin at);
  /// `field` comes from where `theirs` of another (or the same) element came from, if that is known.
  void adopt(std::string_view field, const Origins& other, std::string_view theirs);
  const Origin* find(std::string_view field) const;
  /// The place of one element of a list: its own, else the list's.
  const Origin* find_element(std::string_view field, std::string_view element) const;
  const std::vector<std::pair<std::string_view, Origin>>& all() const { return all_; }
  /// The first known origin: the element as a whole.
  Origin any() const { return all_.empty() ? Origin{} : all_.front().second; }
  friend bool operator==(const Origins&, const Origins&) { return true; }

 private:
  struct Element {
    std::string_view field;
    std::string name;
    Origin at;
  };
  std::vector<Element>& own_elements();

  std::vector<std::pair<std::string_view, Origin>> all_;
  /// Null: none, as in most. The states of a host share them: they are copied before one is changed.
  std::shared_ptr<std::vector<Element>> elements_;
};

/// The uplinks in use, in order. An uplink of the switch in neither list is unused.
struct Teaming {
  std::vector<std::string> active;
  std::vector<std::string> standby;
  friend bool operator==(const Teaming&, const Teaming&) = default;
};

struct Interface {
  std::string name;   ///< "vswif0", "vmk1"
  std::string from;   ///< its name on the classic host; equal to `name` before, empty for one the plan adds
  std::string stack;  ///< kConsole, kVmkernel, or a netstack
  std::optional<net::Ipv4Address> address;
  std::optional<net::Ipv4Address> netmask;  ///< as given: it may have holes
  bool dhcp = false;
  bool peer_dns = false;  ///< DHCP: take the DNS servers of the lease (PEERDNS, DhcpDNS)
  bool enabled = true;
  std::string portgroup;  ///< empty on a dvPort
  std::string vswitch;
  std::string dvport;  ///< port number on a distributed switch; empty on a standard one
  std::optional<net::VlanId> vlan;
  std::optional<unsigned> mtu;
  std::optional<net::Mac> mac;
  Services services;
  Teaming uplinks;       ///< in force: the port group's override, else the switch's
  std::string bound_to;  ///< iSCSI adapter it is bound to, as in "vmhba33"; empty: not bound
  std::optional<net::Ipv4Address> gateway_override;  ///< per-interface gateway, ESXi 6.5+
  std::uint16_t created = 0;                         ///< rank in the order of creation; unique in a State
  Origins origins;

  bool is_vswif() const { return name.starts_with("vswif"); }
  bool was_vswif() const { return from.starts_with("vswif"); }
  /// Has an address that means something: neither 0.0.0.0 nor 169.254/16.
  bool addressed() const { return address && !address->is_unspecified() && !address->is_link_local(); }
  /// The mask's length; none if there is no mask or it has holes.
  std::optional<unsigned> prefix_length() const { return netmask ? net::prefix_length(*netmask) : std::nullopt; }
  /// The connected network, if it can take part in range tests: addressed, mask contiguous and /1 to /30.
  /// Does not look at `enabled`.
  std::optional<net::Ipv4Prefix> range() const;

  friend bool operator==(const Interface&, const Interface&) = default;
};

/// "/24 on 10.0.0.5" as people write it: "10.0.0.5/24", "10.0.0.5 255.0.255.0", "dhcp", "-".
std::string address_text(const Interface& interface);

struct Route {
  net::Ipv4Prefix network;
  net::Ipv4Address next_hop;
  std::string device;  ///< what the file names, if it does; the range decides
  std::string origin;  ///< "static" or, in a plan, the slug of the rule it answers
  Origins origins;
  friend bool operator==(const Route& a, const Route& b) { return a.network == b.network && a.next_hop == b.next_hop; }
};

struct Stack {
  std::string name;
  std::optional<net::Ipv4Address> gateway;
  std::string gateway_device;  ///< GATEWAYDEV; before only
  std::vector<Route> routes;
  /// Host routes that only a listing shows which cannot tell a configured one from an ICMP redirect (KB 344105): no
  /// rule sees them, but a plan that expects one finds it here.
  std::vector<Route> redirects;
  Origins origins;
  friend bool operator==(const Stack& a, const Stack& b) {
    return a.name == b.name && a.gateway == b.gateway && a.routes == b.routes;
  }
};

struct Portgroup {
  std::string name;
  std::optional<net::VlanId> vlan;
  std::optional<Teaming> override;  ///< own uplink order; none: the switch's
  Origins origins;
  friend bool operator==(const Portgroup&, const Portgroup&) = default;
};

struct Switch {
  std::string name;
  bool distributed = false;
  std::optional<unsigned> mtu;  ///< none: not said, which means 1500 on a standard switch
  std::optional<unsigned> ports;
  std::vector<std::string> uplinks;
  Teaming teaming;
  std::vector<Portgroup> portgroups;
  Origins origins;
  friend bool operator==(const Switch&, const Switch&) = default;
};

struct Pnic {
  std::string name;
  std::optional<net::Mac> mac;
  std::string driver;
  friend bool operator==(const Pnic&, const Pnic&) = default;
};

struct Dns {
  std::string host;    ///< short name
  std::string domain;  ///< may be empty
  std::vector<Said<net::Ipv4Address>> servers;
  std::vector<std::string> search;
};
bool operator==(const Dns& a, const Dns& b);

struct NfsMount {
  std::string label;
  std::string server;  ///< as written: a name or an address
  std::string share;
  bool read_only = false;
  Origins origins;
  friend bool operator==(const NfsMount&, const NfsMount&) = default;
};

struct Iscsi {
  std::optional<bool> enabled;
  std::vector<std::string> adapters;            ///< "vmhba33"; a binding of an unknown adapter is kept as "vmhba?"
  std::vector<Said<net::Ipv4Address>> targets;  ///< discovery addresses the host itself names
};
bool operator==(const Iscsi& a, const Iscsi& b);

struct State {
  std::vector<Interface> interfaces;
  std::vector<Stack> stacks;
  std::vector<Switch> switches;
  std::vector<Pnic> pnics;
  Dns dns;
  std::vector<Said<std::string>> ntp;  ///< addresses or names
  std::vector<NfsMount> nfs;
  Iscsi iscsi;

  const Interface* interface(std::string_view name) const;
  const Interface* interface_from(std::string_view classic_name) const;
  const Stack* stack(std::string_view name) const;
  Stack* stack(std::string_view name);
  const Switch* switch_named(std::string_view name) const;
  /// The switch and the port group of that name; names are unique per host.
  std::pair<const Switch*, const Portgroup*> portgroup(std::string_view name) const;
};
/// Equal in all that a host would show; origins, NTP and DNS origins aside.
bool operator==(const State& a, const State& b);

/// A value that the inputs leave open. The rules evidence-missing, evidence-contradicts, unresolved-variable say so.
struct Doubt {
  enum class Kind : std::uint8_t { Missing, Contradiction, Variable };
  Kind kind = Kind::Missing;
  std::string interface;                  ///< classic name; may be empty
  std::string subject;                    ///< "address", "netmask", "vlan", "portgroup", "gateway", ...
  std::vector<Said<std::string>> values;  ///< contradiction: the one that is used first; variable: as in "$IPADDR";
                                          ///< missing: an empty text where the value should stand, if that is known
  std::string hint;                       ///< which command on the host would tell
  bool script_needs_it = false;           ///< a script could not be written right without it
};

/// An input that says something of a host.
struct InputFile {
  std::string path;  ///< as given, with `/`
  std::string kind;  ///< importer's name: "esx.conf", "ifcfg", "esxcfg-vswif", ...
};

struct HostsEntry {
  net::Ipv4Address address;
  std::vector<std::string> names;
  Origin at;
};

struct Host {
  std::string name;     ///< short; the folder's name where nothing inside tells it
  std::string fqdn;     ///< may be empty
  std::string product;  ///< "ESX" or "ESXi"
  std::string version;  ///< "4.1.0", "3.5.0"; empty: not known
  std::string build;
  std::string uuid;
  std::string cluster;  ///< empty: none
  std::string root;     ///< the folder or file it was read from
  State before;
  std::vector<HostsEntry> hosts_file;
  std::vector<std::pair<std::string, Origin>>
      names_old_portgroup;  ///< what refers to a port group by name (HA options)
  std::vector<Doubt> doubts;
  std::vector<std::string> not_found;  ///< "esxcfg-vswif -l: the console's addresses", for `inspect`
  Diagnostics diagnostics;
  std::vector<InputFile> inputs;
  Origins origins;  ///< name, version, uuid

  bool classic() const { return product != "ESXi"; }
  unsigned major() const;  ///< 3, 4, 5 ...; 0: not known
};

/// All hosts of one run, sorted by name; names are unique.
struct Estate {
  std::string name;
  std::vector<Host> hosts;
  Diagnostics diagnostics;  ///< of the run as a whole
};

}  // namespace esx2esxi::model
