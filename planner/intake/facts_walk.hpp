// Walking over all places that facts name. Private to the stage.
#pragma once

#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake {

/// Calls `visit(Origin&)` for the place of every fact, value and diagnostic.
template <class Visit>
class OriginWalk {
 public:
  explicit OriginWalk(Visit visit) : visit_(std::move(visit)) {}

  void walk(Facts& f) {
    each(f.interfaces, f.switches, f.pnics, f.gateways, f.routes, f.services, f.nfs, f.bindings, f.hosts_entries,
         f.lost, f.notes);
    each(f.iscsi_targets, f.unresolved, f.dns_servers, f.dns_search, f.ntp_servers);
    these(f.software_iscsi, f.hostname, f.domain, f.uuid, f.product, f.version, f.build, f.management_address);
  }

 private:
  template <class... All>
  void each(All&... all) {
    const auto one = [this](auto& list) {
      for (auto& fact : list) {
        visit_(fact.at);
        inner(fact);
      }
    };
    (one(all), ...);
  }
  template <class... All>
  void these(All&... all) {
    const auto one = [this](auto& value) {
      if (value) visit_(value->at);
    };
    (one(all), ...);
  }

  template <class Fact>
  void inner(Fact&) {}
  void inner(InterfaceFact& f) {
    these(f.address, f.netmask, f.dhcp, f.peer_dns, f.enabled, f.portgroup, f.dvport, f.dvs, f.stack, f.mac, f.mtu,
          f.gateway);
    each(f.unresolved);
  }
  void inner(SwitchFact& f) {
    these(f.mtu, f.ports, f.uplinks, f.uplink_order, f.max_active, f.teaming);
    each(f.portgroups, f.dvports);
  }
  void inner(PortgroupFact& f) { these(f.vlan, f.uplink_order, f.max_active, f.teaming, f.overrides, f.internal_id); }
  void inner(PnicFact& f) { these(f.mac, f.driver); }
  void inner(GatewayFact& f) { these(f.gateway, f.device); }
  void inner(NfsFact& f) { these(f.server, f.share, f.read_only, f.enabled); }

  Visit visit_;
};

template <class Visit>
void for_each_origin(Facts& facts, Visit visit) {
  OriginWalk<Visit>(std::move(visit)).walk(facts);
}

}  // namespace esx2esxi::intake
