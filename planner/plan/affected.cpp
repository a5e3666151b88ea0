#include "affected.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "flows.hpp"

namespace esx2esxi::plan {

using model::EndpointKind;
using model::Interface;
using model::Service;
using net::Ipv4Address;

namespace {

/// What is spoken with an endpoint of a kind where the policy names no port. `inbound`: it calls the host.
struct Conversation {
  EndpointKind kind;
  std::string_view port;
  bool inbound;
};
constexpr std::array kConversations{
    Conversation{EndpointKind::Vcenter, "tcp 443", true},  Conversation{EndpointKind::Vcenter, "tcp 902", true},
    Conversation{EndpointKind::Vcenter, "udp 902", false}, Conversation{EndpointKind::Dns, "udp 53", false},
    Conversation{EndpointKind::Dns, "tcp 53", false},      Conversation{EndpointKind::Ntp, "udp 123", false},
    Conversation{EndpointKind::Syslog, "udp 514", false},  Conversation{EndpointKind::Nfs, "tcp 111", false},
    Conversation{EndpointKind::Nfs, "tcp 2049", false},    Conversation{EndpointKind::Iscsi, "tcp 3260", false}};

std::string texts(const std::vector<Ipv4Address>& addresses) {
  std::vector<std::string> all;
  for (const auto address : addresses) all.push_back(to_string(address));
  return join(all, ", ");
}

std::string full_name(const model::Host& host) {
  if (!host.fqdn.empty()) return host.fqdn;
  return host.before.dns.domain.empty() ? host.name : host.name + "." + host.before.dns.domain;
}

/// When a host is migrated, and when it is re-addressed beforehand; 0: in no wave.
struct Dates {
  unsigned migrated = 0;
  unsigned pre_migrated = 0;
};

std::map<std::string, Dates> dates_of(const Plan& plan) {
  std::map<std::string, Dates> dates;
  for (const auto& wave : plan.waves)
    for (const auto& host : wave.hosts) {
      if (wave.kind == WaveKind::Migrate) dates[host].migrated = wave.n;
      if (wave.kind == WaveKind::PreMigrate) dates[host].pre_migrated = wave.n;
    }
  return dates;
}

/// The ripple of one host.
class HostRipple {
 public:
  HostRipple(const PlanRequest& request, const model::Host& host, const HostPlan& plan, Dates dates)
      : request_(request), host_(host), plan_(plan), dates_(dates) {}

  std::vector<Ripple> run(const std::vector<model::Endpoint>& endpoints) {
    const auto flows = flows_of(plan_, endpoints);
    for (const auto& flow : flows) follow(flow);
    if (const auto* old = management(); old && moved(*old)) tell_the_name(*old);
    for (const auto& interface : plan_.after.interfaces) carry_vlan(interface);
    return std::move(out_);
  }

 private:
  Ripple& add(RippleKind kind, std::string system, std::string subject, std::string_view who) {
    Ripple ripple;
    ripple.kind = kind;
    ripple.system = std::move(system);
    ripple.subject = std::move(subject);
    ripple.cluster = plan_.cluster;
    ripple.hosts = {plan_.name};
    ripple.wave = dates_.migrated;
    ripple.who = who;
    out_.push_back(std::move(ripple));
    return out_.back();
  }

  /// The classic interface that carried management.
  const Interface* management() const {
    if (plan_.product != "ESXi") return transform::management_of(plan_.before);
    for (const auto& interface : plan_.before.interfaces)
      if (interface.enabled && interface.services.has(Service::Management)) return &interface;
    return nullptr;
  }

  const Interface* after(const Interface& old) const {
    return plan_.after.interface_from(old.from.empty() ? old.name : old.from);
  }
  bool moved(const Interface& old) const {
    return after(old) && after(old)->address && after(old)->address != old.address;
  }

  bool confirmed(Ipv4Address address) const {
    for (const auto& interface : plan_.after.interfaces)
      if (interface.address == address)
        return std::none_of(plan_.remedies.begin(), plan_.remedies.end(), [&](const readdress::Remedy& r) {
          return r.interface == interface.name && r.to_be_confirmed;
        });
    return true;
  }

  const model::PolicyEndpoint* in_policy(const model::Endpoint& endpoint) const {
    for (const auto& each : request_.policy.endpoints)
      if (each.address == endpoint.address && each.kind != EndpointKind::Isolation) return &each;
    return nullptr;
  }

  /// Sources that the policy's list of those let in today leaves out; none if it has no such list.
  static std::vector<Ipv4Address> shut_out(const model::PolicyEndpoint* policy,
                                           const std::vector<Ipv4Address>& sources) {
    std::vector<Ipv4Address> out;
    if (!policy || policy->allowed_sources.empty()) return out;
    for (const auto source : sources)
      if (std::none_of(policy->allowed_sources.begin(), policy->allowed_sources.end(),
                       [&](const net::Ipv4Range& range) { return range.contains(source); }))
        out.push_back(source);
    return out;
  }

  void follow(const Flow& flow) {
    const auto* policy = in_policy(*flow.endpoint);
    if (!flow.changes() || flow.new_sources.empty()) return;  // as today, or nothing talks to it any more
    if (flow.another_source() && flow.endpoint->service == Service::Nfs)
      list_source(RippleKind::NfsExport, flow, policy);
    if (flow.another_source() && flow.endpoint->service == Service::Iscsi)
      list_source(RippleKind::IscsiInitiator, flow, policy);
    const auto outside = shut_out(policy, flow.new_sources);
    const bool let_in = policy && !policy->allowed_sources.empty() && outside.empty();
    if (!let_in && (flow.routed || !outside.empty())) open_firewall(flow, policy);
  }

  /// Export and initiator lists name the addresses that they serve.
  void list_source(RippleKind kind, const Flow& flow, const model::PolicyEndpoint* policy) {
    std::vector<std::string> paths;
    if (policy) paths = policy->exports;
    if (kind == RippleKind::NfsExport && paths.empty())
      for (const auto& mount : plan_.before.nfs)
        if (Ipv4Address::parse(mount.server) == flow.endpoint->address) paths.push_back(mount.share);
    auto& ripple = add(kind, fmt::format("{} {}", flow.endpoint->name, flow.endpoint->address),
                       kind == RippleKind::NfsExport ? join(paths, ", ") : "access list of the initiators' addresses",
                       "storage team");
    set_values(ripple, flow);
    ripple.why = fmt::format("{} leaves from another address.", to_string(flow.endpoint->service));
  }

  void set_values(Ripple& ripple, const Flow& flow) const {
    ripple.old_value = flow.another_source() ? texts(flow.old_sources) : std::string();
    ripple.new_value = texts(flow.new_sources);
    ripple.to_be_confirmed =
        std::any_of(flow.new_sources.begin(), flow.new_sources.end(), [&](Ipv4Address a) { return !confirmed(a); });
  }

  void open_firewall(const Flow& flow, const model::PolicyEndpoint* policy) {
    const auto kind = policy ? policy->kind : kind_of(flow);
    bool known = false;
    for (const auto& conversation : kConversations) {
      if (conversation.kind != kind) continue;
      const bool first = !known;
      known = true;
      if (policy && policy->port && kind != EndpointKind::Vcenter) {
        if (first) open_one(flow, fmt::format("{}{}", protocol(conversation.port), *policy->port), false);
        continue;
      }
      open_one(flow, std::string(conversation.port), conversation.inbound);
    }
    if (!known && policy && policy->port) open_one(flow, fmt::format("tcp {}", *policy->port), false);
  }

  static std::string_view protocol(std::string_view port) { return port.substr(0, port.find(' ') + 1); }

  EndpointKind kind_of(const Flow& flow) const {
    if (flow.endpoint->service == Service::Nfs) return EndpointKind::Nfs;
    if (flow.endpoint->service == Service::Iscsi) return EndpointKind::Iscsi;
    for (const auto& server : plan_.before.dns.servers)
      if (server.value == flow.endpoint->address) return EndpointKind::Dns;
    for (const auto& server : plan_.before.ntp)
      if (Ipv4Address::parse(server.value) == flow.endpoint->address) return EndpointKind::Ntp;
    return EndpointKind::Other;
  }

  void open_one(const Flow& flow, std::string port, bool inbound) {
    auto& ripple = add(RippleKind::Firewall, "firewalls on the way", {}, "network security");
    set_values(ripple, flow);
    const auto mine = texts(flow.new_sources);
    const auto theirs = to_string(flow.endpoint->address);
    ripple.source = inbound ? theirs : mine;
    ripple.destination = inbound ? mine : theirs;
    ripple.port = std::move(port);
    ripple.subject = fmt::format("{} {}", inbound ? "from" : "to", flow.endpoint->name);
    ripple.why =
        fmt::format("{} of {} {} {} now{}.", to_string(flow.endpoint->service), plan_.name,
                    inbound ? "is reached at" : "leaves from", mine, flow.another_source() ? "" : ", by a router");
    ripple.to_be_confirmed = true;  // what stands on the way is not known here
  }

  /// DNS follows at once, or nobody finds the host; what only watches it follows when it is back.
  void tell_the_name(const Interface& old) {
    const auto name = full_name(host_);
    const auto from = old.address ? to_string(*old.address) : std::string();
    const auto to = to_string(*after(old)->address);
    const auto one = [&](RippleKind kind, std::string system, std::string_view who, std::string why) {
      auto& ripple = add(kind, std::move(system), name, who);
      ripple.old_value = from;
      ripple.new_value = to;
      ripple.before = false;
      ripple.why = std::move(why);
      ripple.to_be_confirmed = !confirmed(*after(old)->address) || kind != RippleKind::DnsRecord;
    };
    one(RippleKind::DnsRecord, "DNS: A and PTR record", "DNS administrators",
        "The host's name follows its management address; lower the record's lifetime beforehand.");
    one(RippleKind::Monitoring, "monitoring", "monitoring team", "An entry by address would watch an empty place.");
    one(RippleKind::Backup, "backup of the host and its machines", "backup team",
        "A job that names the host by address would fail.");
  }

  static std::string vlan_text(const std::optional<net::VlanId>& vlan) {
    return vlan ? fmt::format("VLAN {}", vlan->value()) : std::string();
  }

  bool in_use(const std::string& vswitch, net::VlanId vlan) const {
    const auto* found = plan_.after.switch_named(vswitch);
    return found && std::any_of(found->portgroups.begin(), found->portgroups.end(),
                                [&](const model::Portgroup& group) { return group.vlan == vlan; });
  }

  void carry_vlan(const Interface& interface) {
    const auto* old = interface.from.empty() ? nullptr : plan_.before.interface(interface.from);
    if (!old || !interface.enabled) return;
    const bool unsaid =
        interface.range() && interface.range() != old->range() && interface.address && !confirmed(*interface.address);
    // A network that nobody has a VLAN for yet is asked about as well.
    if (!unsaid && (!interface.vlan || interface.vlan == old->vlan)) return;
    const auto* vswitch = plan_.after.switch_named(interface.vswitch);
    std::vector<std::string> uplinks = interface.uplinks.active;
    uplinks.insert(uplinks.end(), interface.uplinks.standby.begin(), interface.uplinks.standby.end());
    if (uplinks.empty() && vswitch) uplinks = vswitch->uplinks;
    auto& ripple = add(RippleKind::SwitchVlan, fmt::format("switch ports of {}", plan_.name),
                       uplinks.empty() ? interface.vswitch : join(uplinks, ", "), "network team");
    if (old->vlan && !in_use(interface.vswitch, *old->vlan)) ripple.old_value = vlan_text(old->vlan);
    ripple.new_value = vlan_text(interface.vlan);
    ripple.why = fmt::format("{} carries {}.", interface.name, services_of(interface));
    if (unsaid) {
      ripple.old_value = vlan_text(old->vlan);
      ripple.new_value += ripple.new_value.empty() ? "a VLAN of its own" : ", or one of its own";
      ripple.why += fmt::format(" No pool names the VLAN of {}.", *interface.range());
    }
    ripple.to_be_confirmed = !interface.address || !confirmed(*interface.address);
    const bool early = std::any_of(plan_.pre_migration.begin(), plan_.pre_migration.end(),
                                   [&](const ClassicChange& change) { return change.interface == interface.from; });
    if (early && dates_.pre_migrated != 0) ripple.wave = dates_.pre_migrated;
  }

  static std::string services_of(const Interface& interface) {
    std::vector<std::string> names;
    for (const auto service : interface.services.list()) names.emplace_back(to_string(service));
    return names.empty() ? std::string("no known service") : join(names, ", ");
  }

  const PlanRequest& request_;
  const model::Host& host_;
  const HostPlan& plan_;
  Dates dates_;
  std::vector<Ripple> out_;
};

}  // namespace

std::vector<Ripple> ripple_of(const PlanRequest& request, const std::vector<std::vector<model::Endpoint>>& endpoints,
                              const Plan& plan) {
  const auto dates = dates_of(plan);
  std::vector<std::vector<Ripple>> by_host(plan.hosts.size());
  parallel_for(plan.hosts.size(), request.jobs, [&](std::size_t i) {
    if (plan.hosts[i].status == Status::Blocked) return;
    const auto date = dates.find(plan.hosts[i].name);
    by_host[i] =
        HostRipple(request, request.estate.hosts[i], plan.hosts[i], date == dates.end() ? Dates{} : date->second)
            .run(endpoints[i]);
  });
  std::vector<Ripple> all;
  for (auto& each : by_host) std::move(each.begin(), each.end(), std::back_inserter(all));
  for (const auto& cluster : request.policy.clusters) add_ha_options(plan, cluster, all);
  std::stable_sort(all.begin(), all.end(), [](const Ripple& a, const Ripple& b) {
    return std::tie(a.wave, a.kind, a.system, a.subject) < std::tie(b.wave, b.kind, b.system, b.subject);
  });
  return all;
}

}  // namespace esx2esxi::plan
