#include "esx2esxi/plan/ripple.hpp"

namespace esx2esxi::plan {

std::string_view to_string(RippleKind kind) {
  switch (kind) {
    case RippleKind::DnsRecord: return "dns-record";
    case RippleKind::NfsExport: return "nfs-export";
    case RippleKind::IscsiInitiator: return "iscsi-initiator";
    case RippleKind::Firewall: return "firewall";
    case RippleKind::SwitchVlan: return "switch-vlan";
    case RippleKind::Monitoring: return "monitoring";
    case RippleKind::Backup: return "backup";
    case RippleKind::HaOption: return "ha-option";
  }
  return {};
}

}  // namespace esx2esxi::plan
