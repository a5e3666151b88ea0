// How evidence is put into words: the pieces that several messages share.
#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;
using model::Service;

InterfaceRef ref(const Interface& interface) { return {{}, interface.name, interface.from}; }

Evidence evidence_of(std::string_view stack, const Members& members) {
  Evidence evidence;
  evidence.stack = stack;
  for (const auto* member : members) {
    evidence.interfaces.push_back(ref(*member));
    add_origin(evidence, member->origins, "address");
  }
  return evidence;
}

void add_origin(Evidence& evidence, const model::Origins& origins, std::string_view field) {
  const auto* found = origins.find(field);
  add_origin(evidence, found ? *found : origins.any());
}

void add_origin(Evidence& evidence, const Origin& at) {
  if (at.known() && std::find(evidence.origins.begin(), evidence.origins.end(), at) == evidence.origins.end())
    evidence.origins.push_back(at);
}

namespace {

bool renamed(const Interface& interface) { return !interface.from.empty() && interface.from != interface.name; }

template <class Speak>
std::string spoken_each(const Members& members, Speak speak) {
  std::vector<std::string> parts;
  parts.reserve(members.size());
  for (const auto* member : members) parts.push_back(speak(*member));
  return listed(parts);
}

}  // namespace

std::string spoken(const Interface& interface) {
  return renamed(interface) ? fmt::format("{} (was {})", interface.name, interface.from) : interface.name;
}

std::string spoken_with_address(const Interface& interface) {
  if (!interface.address) return spoken(interface);
  if (!renamed(interface)) return fmt::format("{} ({})", interface.name, address_text(interface));
  return fmt::format("{} (was {}, {})", interface.name, interface.from, address_text(interface));
}

std::string spoken(const Members& members) {
  return spoken_each(members, [](const Interface& i) { return spoken(i); });
}

std::string spoken_with_addresses(const Members& members) { return spoken_each(members, spoken_with_address); }

std::string listed(const std::vector<std::string>& parts, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) text += i + 1 == parts.size() ? last : std::string_view(", ");
    text += parts[i];
  }
  return text;
}

std::string spoken(Service service) {
  switch (service) {
    case Service::Management: return "management";
    case Service::VMotion: return "vMotion";
    case Service::FaultToleranceLogging: return "fault tolerance logging";
    case Service::Iscsi: return "iSCSI";
    case Service::Nfs: return "NFS";
    case Service::VSphereReplication: return "vSphere Replication";
    case Service::VSphereReplicationNfc: return "vSphere Replication NFC";
    case Service::VSphereProvisioning: return "provisioning";
    case Service::Vsan: return "vSAN";
    case Service::VsanWitness: return "vSAN witness";
    case Service::VSphereBackupNfc: return "backup";
  }
  return "unknown";
}

namespace {

/// Symptoms as the articles and field reports name them.
std::string_view harm_of(Service service) {
  switch (service) {
    case Service::Management: return "the host may drop out of vCenter";
    case Service::VMotion: return "vMotion may stop at 10 to 14 %";
    case Service::FaultToleranceLogging: return "fault tolerance may not start";
    case Service::Iscsi: return "iSCSI may use one path only or miss its LUNs";
    case Service::Nfs: return "NFS servers may answer 'permission denied'";
    case Service::VSphereReplication:
    case Service::VSphereReplicationNfc: return "replication may stall";
    case Service::VSphereProvisioning: return "cold migrations and clones may stall";
    case Service::Vsan:
    case Service::VsanWitness: return "the vSAN cluster may fall apart";
    case Service::VSphereBackupNfc: return "backups may stall";
  }
  return "connections may stall";
}

model::Services services_of(const Members& members) {
  model::Services all;
  for (const auto* member : members) all.merge(member->services);
  return all;
}

}  // namespace

std::string harm(model::Services services) {
  std::vector<std::string> parts;
  for (const auto service : services.list()) {
    const std::string part(harm_of(service));
    if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  }
  return parts.empty() ? "connections may stall" : listed(parts);
}

std::string harm(const Members& members) { return harm(services_of(members)); }

std::string spoken_services(const Members& members) {
  const auto all = services_of(members);
  if (all.empty()) return "all";
  std::vector<std::string> parts;
  for (const auto service : all.list()) parts.push_back(spoken(service));
  return listed(parts);
}

std::string spoken(const net::Ipv4Range& range) {
  for (unsigned length = 0; length <= 32; ++length) {
    const auto prefix = *net::Ipv4Prefix::containing(range.first(), length);
    if (net::Ipv4Range(prefix) == range) return to_string(prefix);
  }
  return to_string(range);
}

std::string plain_address(const Interface& interface) {
  return interface.address ? to_string(*interface.address) : std::string();
}

std::vector<std::string> addresses_of(const Members& members) {
  std::vector<std::string> texts;
  for (const auto* member : members) texts.push_back(address_text(*member));
  return texts;
}

}  // namespace esx2esxi::rules
