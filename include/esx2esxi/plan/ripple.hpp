// What has to change outside the hosts because of the plan: derived from their flows before and after.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/net/ipv4.hpp"

namespace esx2esxi::plan {

enum class RippleKind : std::uint8_t {
  DnsRecord,
  NfsExport,
  IscsiInitiator,
  Firewall,
  SwitchVlan,
  Monitoring,
  Backup,
  HaOption,
};
std::string_view to_string(RippleKind kind);  ///< "dns-record"

/// One change that somebody else makes.
struct Ripple {
  RippleKind kind = RippleKind::DnsRecord;
  std::string system;   ///< what is changed: "NFS server archive 10.0.40.20", "cluster PROD-A"
  std::string subject;  ///< what on it: "/vol/archive", "esx01.example", "vmnic0 and vmnic1 of esx01"
  std::string cluster;  ///< empty: none
  std::vector<std::string> hosts;
  std::string old_value;         ///< empty: nothing to take away
  std::string new_value;         ///< empty: nothing to add
  std::string source;            ///< firewall openings only: address or network
  std::string destination;       ///< firewall openings only: address
  std::string port;              ///< firewall openings only: "tcp 902", "tcp 8000"
  bool before = true;            ///< `new_value` has to be there before the wave; else the change follows it
  unsigned wave = 0;             ///< Wave::n; 0: the hosts are in none
  std::string who;               ///< "storage team"
  std::string why;               ///< one sentence
  bool to_be_confirmed = false;  ///< rests on a default or on an address that is to be confirmed
};

}  // namespace esx2esxi::plan
