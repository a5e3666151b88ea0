// Facts: what the files say, not yet what it means. Each importer turns the bytes of one file into one `Facts`;
// assemble merges those of one host by trust and keeps what disagrees.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/model/host.hpp"

namespace esx2esxi::intake {

template <class T>
using Maybe = std::optional<Said<T>>;

/// Names in an order, each with its place: esx.conf and scripts give every uplink a line of its own.
using SaidNames = std::vector<Said<std::string>>;

/// Names that stand together at one place.
SaidNames all_said(std::vector<std::string> names, const Origin& at);
/// The names alone.
std::vector<std::string> names_of(const SaidNames& said);

struct InterfaceFact {
  std::string name;  ///< "vswif0", "vmk1"
  Origin at;
  std::optional<unsigned> slot;  ///< storage slot (esx.conf child index), or the row in a listing
  Maybe<net::Ipv4Address> address;
  Maybe<net::Ipv4Address> netmask;
  Maybe<bool> dhcp;
  Maybe<bool> peer_dns;
  Maybe<bool> enabled;
  Maybe<std::string> portgroup;
  Maybe<std::string> dvport;
  Maybe<std::string> dvs;
  Maybe<std::string> stack;
  Maybe<net::Mac> mac;
  Maybe<unsigned> mtu;
  Maybe<net::Ipv4Address> gateway;            ///< ESXi: per-interface gateway
  std::vector<Said<std::string>> unresolved;  ///< shell variables that stand for one of the values
};

struct PortgroupFact {
  std::string name;
  Origin at;
  Maybe<net::VlanId> vlan;        ///< a listing prints it; in esx.conf absence means 0, said by the importer
  Maybe<SaidNames> uplink_order;  ///< override: active, then standby
  Maybe<unsigned> max_active;
  Maybe<model::Teaming> teaming;   ///< where a source gives both lists
  Maybe<bool> overrides;           ///< false: a source says that the switch's order is the group's
  Maybe<std::string> internal_id;  ///< "portgroup6"
};

struct DvPortFact {
  std::string id;
  std::string client;  ///< "vmk1", "vmnic0", a VM, or empty
  Origin at;
};

struct SwitchFact {
  std::string name;
  Origin at;
  bool distributed = false;
  Maybe<unsigned> mtu;
  Maybe<unsigned> ports;
  Maybe<SaidNames> uplinks;
  Maybe<SaidNames> uplink_order;
  Maybe<unsigned> max_active;
  Maybe<model::Teaming> teaming;
  std::vector<PortgroupFact> portgroups;
  std::vector<DvPortFact> dvports;
};

struct PnicFact {
  std::string name;
  Origin at;
  Maybe<net::Mac> mac;
  Maybe<std::string> driver;
};

struct GatewayFact {
  std::string stack;  ///< model::kConsole, kVmkernel, or a netstack
  Maybe<net::Ipv4Address> gateway;
  Maybe<std::string> device;
  Origin at;
};

struct RouteFact {
  std::string stack;
  net::Ipv4Prefix network;
  net::Ipv4Address next_hop;
  std::string device;
  Origin at;
};

struct ServiceFact {
  model::Service service = model::Service::VMotion;
  std::string interface;
  Origin at;
};

struct NfsFact {
  std::string label;
  Origin at;
  Maybe<std::string> server;
  Maybe<std::string> share;
  Maybe<bool> read_only;
  Maybe<bool> enabled;
};

struct BindingFact {
  std::string adapter;  ///< empty: the listing does not say
  std::string interface;
  Origin at;
};

/// A value that the file gives in a form that cannot be read: damaged, printed by name, a shell variable. What it is,
/// is not known; it is never "none".
struct LostFact {
  enum class Of : std::uint8_t { Gateway, Route, Mount, Interface, Switch, Host };
  Of of = Of::Host;
  std::string name;   ///< the stack, interface, switch, label, or a script's command; empty: not known
  std::string field;  ///< "mtu" of an interface or switch, "iSCSI target" of the host
  std::optional<net::Ipv4Prefix> network{};  ///< of a route, where that much was read
  Origin at{};
};

/// Everything that one file says.
struct Facts {
  std::vector<InterfaceFact> interfaces;
  std::vector<SwitchFact> switches;
  std::vector<PnicFact> pnics;
  std::vector<GatewayFact> gateways;
  std::vector<RouteFact> routes;
  std::vector<ServiceFact> services;
  std::vector<NfsFact> nfs;
  std::vector<BindingFact> bindings;
  std::vector<Said<net::Ipv4Address>> iscsi_targets;
  Maybe<bool> software_iscsi;
  Maybe<std::string> hostname;  ///< short or full
  Maybe<std::string> domain;
  Maybe<std::string> uuid;
  Maybe<std::string> product;  ///< "ESX", "ESXi"
  Maybe<std::string> version;  ///< "4.1.0"; "4.1" from weaker markers
  Maybe<std::string> build;
  Maybe<net::Ipv4Address> management_address;  ///< /adv/Net/ManagementAddr and the like: corroborates, never defines
  Maybe<std::string> management_interface;     ///< the interface that has it, where the file says so
  Maybe<std::string> cut_off;                  ///< why the file cannot be whole: what it lacks may exist all the same
  std::vector<Said<net::Ipv4Address>> dns_servers;
  std::vector<Said<std::string>> dns_search;
  std::vector<Said<std::string>> ntp_servers;
  std::vector<model::HostsEntry> hosts_entries;
  std::vector<Said<std::string>> unresolved;  ///< shell variables outside interfaces
  std::vector<LostFact> lost;
  Diagnostics notes;
  /// What this file would have shown if it were there: a listing of vswifs without rows proves that there are none.
  bool lists_vswifs = false;
  bool lists_vmknics = false;
  bool lists_routes = false;
  bool failed = false;  ///< an error stands in place of the output: what it would have shown is not known
};

/// How far a source is believed; the larger wins, the other is a contradiction.
/// Configuration files say what the host boots with; listings say what ran when they were taken.
enum class Trust : std::uint8_t { Inventory, Script, Listing, Marker, Configuration };

/// Bytes already in memory, and the name to blame when they are wrong.
struct Source {
  FileName file;
  std::string_view text;
  /// Lines of the file before `text`, where it is a piece (one command's output in a session): origins count them in.
  std::uint32_t lines_before = 0;
  /// A session that ends here without a line end: whether its last value is whole cannot be told. Saved files often
  /// lack the last line end, and are whole.
  bool open_end = false;
};

}  // namespace esx2esxi::intake
