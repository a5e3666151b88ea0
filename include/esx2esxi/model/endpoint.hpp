// Addresses a host must reach, from its own files and from the policy, in one list.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/policy.hpp"

namespace esx2esxi::model {

struct Endpoint {
  std::string name;  ///< "vCenter vc01", "NFS server 10.0.0.9", "peer esx02 vmk0"
  net::Ipv4Address address;
  Service service = Service::Management;  ///< whose traffic goes there: management (console), nfs, iscsi, vmotion
  bool storage = false;                   ///< must stay on-link where it is on-link
  bool peer = false;
  bool isolation = false;                  ///< pinged by HA only: any way and any source address will do
  std::optional<net::Ipv4Prefix> network;  ///< how wide a route to it may be
  std::optional<net::Ipv4Address> router;
  Origin at;
};

/// Sorted by address, then service, then name; one entry per address and service (the policy's name wins).
/// Known from the host: DNS, NTP, NFS servers and iSCSI targets given as addresses; from the policy: its endpoints and
/// the cluster's isolation addresses; from the estate: peers, i.e. the same service's addresses of the other hosts of
/// the cluster.
std::vector<Endpoint> endpoints_of(const Host& host, const Policy& policy, const Estate& estate);

/// Fills what needs several facts at once: `nfs` and `iscsi` on the interfaces that carry them (bound, or on-link of a
/// server or target, or the egress towards it), `management` on the vswifs.
void derive_services(Host& host, const Policy& policy);

/// Puts each host into the cluster that the policy names for it.
void assign_clusters(Estate& estate, const Policy& policy, Diagnostics& notes);

}  // namespace esx2esxi::model
