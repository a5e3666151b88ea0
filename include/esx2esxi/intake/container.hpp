// The contract of inputs that describe several hosts, or several files of one host, in one file: an RVTools export, a
// pasted session, a kickstart. A new one is one function pair, declared and registered in
// planner/intake/containers.cpp. An archive of a host's files may be larger than memory: it has a way of its own,
// planner/intake/bundle.hpp.
//
// A terminal session is split once, for classic hosts and ESXi alike (planner/intake/session.hpp): a command whose
// output is to be read is one line of the table in planner/intake/session_commands.cpp.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/intake/facts.hpp"
#include "esx2esxi/intake/importer.hpp"

namespace esx2esxi::intake {

/// What one part of a container says of one host. Facts of one host in several parts are merged by `assemble`, which is
/// what tells contradictions.
struct NamedFacts {
  std::string host;     ///< name as found, short, full or an address; empty: the container does not say
  std::string cluster;  ///< empty: not said
  std::string part;     ///< sheet or command, for display: "vSC_VMK", "esxcli network ip interface list"
  Facts facts;          ///< origins are lines of the container; in an archive, of the member
  /// The format of this part where it is one that the importers know (a file shown by `cat`, a listing): its trust and
  /// its name count. Null: the container's.
  const Importer* importer = nullptr;
  /// What concerns the container as a whole (`host` empty too): only its notes mean something.
  bool only_notes = false;
};

struct Container {
  std::string_view name;  ///< shown by inspect and in plan.json: "RVTools"
  Trust trust;            ///< of parts that name no importer
  /// Whether the file, whatever its name, is of this kind. `head` is its beginning, at least 64 KiB of it where it is
  /// that long; the whole file is welcome.
  bool (*recognises)(std::string_view head);
  /// Pure: never throws on content. In the order of the file; nothing but notes if there is no host in it.
  std::vector<NamedFacts> (*read)(const Source& source);
};

/// All containers, in the order in which `recognises` is asked. Ask the importers for lone files afterwards: a session
/// holds their headers too.
std::span<const Container> containers();

/// The importer that stands for a container's own parts: its name and trust, and no functions.
const Importer& importer_of(const Container& container);

}  // namespace esx2esxi::intake
