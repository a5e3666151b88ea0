// What the user wants, beyond what the hosts can say. Layout: README, "Policy and pools".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/model/service.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "esx2esxi/net/link.hpp"

namespace esx2esxi::model {

/// A calendar day, for expiries and documents.
struct Date {
  int year = 1970;
  int month = 1;
  int day = 1;
  static Parsed<Date> parse(std::string_view text);  ///< YYYY-MM-DD
  friend auto operator<=>(const Date&, const Date&) = default;
};
std::string to_string(Date date);

/// Whether a policy's host name means this host: its short or its full name, in any case. A full name means a host
/// whose domain no input tells if the short parts agree.
bool names_host(std::string_view said, std::string_view short_name, std::string_view fqdn);

struct Cluster {
  std::string name;
  std::vector<std::string> hosts;  ///< short or full names
  std::vector<Said<net::Ipv4Address>> isolation_addresses;
  std::vector<Said<std::string>> allow_networks;  ///< port-group names
  Origin at;
  std::optional<unsigned> hosts_at_a_time = {};  ///< how many it can spare at once; none: the policy's
  std::vector<std::string> pilots = {};          ///< hosts that go first, one by one
};

enum class EndpointKind : std::uint8_t { Vcenter, Dns, Ntp, Syslog, Nfs, Iscsi, Isolation, Other };
std::string_view to_string(EndpointKind kind);

/// An address that hosts must reach, as the policy names it.
struct PolicyEndpoint {
  EndpointKind kind = EndpointKind::Other;
  std::string name;
  net::Ipv4Address address;
  std::optional<unsigned> port;
  std::optional<net::Ipv4Prefix> network;  ///< how wide a static route to it may be; none: /32
  std::optional<net::Ipv4Address> router;  ///< leads to it from the storage side
  std::vector<std::string> clusters;       ///< who needs it; both empty: all hosts
  std::vector<std::string> hosts;
  std::vector<std::string> exports;
  std::vector<net::Ipv4Range> allowed_sources;
  Origin at;
};

struct SegmentPin {
  std::string cluster;
  Service service = Service::VMotion;
  net::Ipv4Prefix network;
  std::string reason;
  Origin at;
};
struct InterfacePin {
  std::string host;
  std::string name;  ///< as on the classic host
  net::Ipv4Address address;
  std::string reason;
  Origin at;
};
struct KeepPin {
  std::string host;
  std::string name;  ///< empty: the whole host
  std::string reason;
  Origin at;
};
struct DropPin {
  std::string host;
  std::string name;
  std::string reason;
  Origin at;
};

struct StackPin {
  std::string host;
  std::string name;   ///< as on the classic host
  std::string stack;  ///< a netstack of ESXi
  std::string reason;
  Origin at;
};
struct GatewayPin {
  std::string host;
  std::string name;
  net::Ipv4Address address;
  std::string reason;
  Origin at;
};

/// Integers per interface or per use; lower is preferred. Defaults are those of rules/remedies.info.
struct Costs {
  std::map<Service, int> readdress;
  int readdress_default = 40;
  int change_host_octet = 3;
  int static_route = 4;
  int gateway_override = 5;
  int drop_interface = 6;
  int port_binding = 12;
  int own_stack = 15;
  int merge_services = 25;
};

struct Waiver {
  std::string rule;
  std::string host;       ///< scope: host, host and interface, or cluster
  std::string interface;  ///< as on the classic host, or as mapped
  std::string cluster;
  std::string reason;
  std::string owner;
  std::optional<Date> expires;  ///< last day it holds
  Origin at;
  /// Lacks a reason, an owner or an expiry, or has no scope: it waives nothing.
  bool is_void() const;
};

struct Policy {
  std::string file;  ///< empty: none was given
  std::string estate;
  std::string target;  ///< empty: not said
  std::string path;
  std::vector<Cluster> clusters;
  std::vector<PolicyEndpoint> endpoints;
  std::vector<SegmentPin> segment_pins;
  std::vector<InterfacePin> interface_pins;
  std::vector<KeepPin> keep_pins;
  std::vector<DropPin> drop_pins;
  std::vector<StackPin> stack_pins;
  std::vector<GatewayPin> gateway_pins;
  Costs costs;
  unsigned growth_reserve = 0;   ///< addresses left free in a network into which a segment moves
  unsigned hosts_at_a_time = 1;  ///< of clusters that say nothing themselves
  std::map<std::string, std::pair<std::optional<Severity>, Origin>> severities;  ///< none = "off"
  std::vector<Waiver> waivers;

  const Cluster* cluster(std::string_view name) const;
  const Cluster* cluster_of(std::string_view short_name, std::string_view fqdn) const;
};

/// One free range of the network team: a row of --pools.
struct Pool {
  net::Ipv4Prefix network;
  std::optional<net::VlanId> vlan;
  std::optional<net::Ipv4Address> gateway;
  std::string purpose;  ///< a service name, or empty / "any"
  std::string cluster;  ///< empty: any host outside a cluster
  net::Ipv4Address first;
  net::Ipv4Address last;
  std::vector<net::Ipv4Range> exclude;
  std::string note;
  Origin at;
};

using Pools = std::vector<Pool>;

}  // namespace esx2esxi::model
