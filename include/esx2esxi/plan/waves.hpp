// In which order the hosts of a cluster are migrated, and what was proved of every state on the way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/model/host.hpp"

namespace esx2esxi::plan {

/// How an interface is attached: one side of a change on a classic host.
struct Attachment {
  std::optional<net::Ipv4Address> address;
  std::optional<net::Ipv4Address> netmask;
  std::optional<net::VlanId> vlan;  ///< none: nobody says; on the `to` side: it stays
  friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// A VMkernel interface that is re-addressed while its host still runs classic ESX (pre-migrate.sh, esxcfg-vmknic). Its
/// port group stays.
struct ClassicChange {
  std::string interface;  ///< its classic name: "vmk0"
  std::string portgroup;
  std::string vswitch;
  Attachment from;
  Attachment to;
  std::string why;  ///< one sentence
};

enum class WaveKind : std::uint8_t {
  PreMigrate,  ///< classic hosts are re-addressed; nobody is migrated
  Migrate,     ///< hosts are evacuated, installed or upgraded, and brought to the planned state
  CleanUp,     ///< the second interfaces of the transition go
};
std::string_view to_string(WaveKind kind);

/// How the vMotion peers of a cluster stay together where their subnet changes.
enum class Transition : std::uint8_t {
  None,             ///< nothing that peers share changes
  PreMigrate,       ///< the classic hosts get the planned addresses first
  SecondInterface,  ///< migrated hosts keep an interface in the old subnet until the last host is done
  AtOnce,           ///< all hosts go in one wave: nobody has to vMotion meanwhile
  Refused,          ///< there is no sound order
};
std::string_view to_string(Transition transition);

/// A cluster half way through, judged by the rules of the estate. Hosts are counted by what they run.
struct MixedState {
  std::string when;  ///< "during wave 3", "after wave 3"
  std::size_t classic = 0;
  std::size_t pre_migrated = 0;  ///< classic, re-addressed
  std::size_t away = 0;          ///< evacuated: in nobody's way, of nobody's use
  std::size_t planned = 0;
  std::vector<std::string> findings;  ///< "ha-networks-differ: ..."; errors never, the order would have been refused
};

struct Wave {
  unsigned n = 0;       ///< from 1, over the whole estate
  std::string cluster;  ///< empty: hosts outside a cluster
  WaveKind kind = WaveKind::Migrate;
  bool pilot = false;
  std::vector<std::string> hosts;
  std::string why;                     ///< one sentence
  std::vector<std::string> waits_for;  ///< what has to be solved first: a blocked host, a name to be confirmed
  std::vector<MixedState> states;      ///< each one proved
};

/// How one cluster is brought over.
struct Rollout {
  std::string cluster;
  unsigned hosts_at_a_time = 1;
  Transition transition = Transition::None;
  std::string why;
  std::vector<std::string> rejected;  ///< the other ways, and why not
  std::vector<std::string> refused;   ///< why there is no order: the findings of the first unsound state; else empty
};

}  // namespace esx2esxi::plan
