// The tools with which the facts of one host become a model. Private to the stage.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/assemble.hpp"

namespace esx2esxi::intake {

/// What one file says of one thing, and how far it is believed.
template <class Fact>
struct Voice {
  const Fact* fact = nullptr;
  Trust trust = Trust::Inventory;
};

/// All that is said of one thing, most trusted first.
template <class Fact>
using Voices = std::vector<Voice<Fact>>;

/// The value in question, as a Doubt names it: "address" of vswif0, "uplinks of vSwitch1" of the host.
struct Subject {
  std::string_view interface;  ///< empty: the host as a whole
  std::string_view what;
  bool script_needs_it = false;
  std::string_view of = {};  ///< the switch, port group ... where it is no interface's value

  std::string text() const { return of.empty() ? std::string(what) : std::string(what) + " of " + std::string(of); }
};

// Values as a Doubt shows them.
std::string shown_value(bool value);
std::string shown_value(unsigned value);
std::string shown_value(net::Ipv4Address value);
std::string shown_value(const net::Mac& value);
std::string shown_value(net::VlanId value);
std::string shown_value(const std::string& value);
std::string shown_value(const std::vector<std::string>& value);
std::string shown_value(const SaidNames& value);

/// `/`, `\` and `%` in the place of %2f, %5c and %25, as the VIM API writes them.
std::string unescaped_name(std::string_view name);

/// Equal, where `/`, `\` and `%` may be written %2f, %5c and %25 as the VIM API does.
bool same_name(std::string_view a, std::string_view b);

/// Equal but for the order.
bool same_members(const std::vector<std::string>& a, const std::vector<std::string>& b);
bool same_names(const SaidNames& a, const SaidNames& b);

/// ESX 3 prints 1514, frame header included, where others print 1500 (KB 343820).
bool same_mtu(unsigned a, unsigned b);

/// Assembling one host.
class Merge {
 public:
  /// `files` in the order of trust; they outlive this object.
  explicit Merge(const std::vector<FileFacts>& all) : files(all) {}

  const std::vector<FileFacts>& files;
  model::Host host;

  void contradict(const Subject& subject, const Said<std::string>& used, const Said<std::string>& other);
  void missing(const Subject& subject, std::string_view hint, const Origin& where = {});
  bool doubts(const Subject& subject) const;
  void note(Severity severity, std::string_view code, const Origin& where, std::string message,
            std::string remedy = {});

  /// The first value said; what differs from it becomes a contradiction. `get(voice)` gives a `const Said<T>*` or null.
  template <class List, class Get, class Same>
  auto settle(const List& voices, const Subject& subject, Get get, Same same) -> decltype(get(voices.front())) {
    decltype(get(voices.front())) used = nullptr;
    for (const auto& voice : voices) {
      const auto* said = get(voice);
      if (said == nullptr) continue;
      if (used == nullptr) used = said;
      if (!same(used->value, said->value)) contradict(subject, printed(*used), printed(*said));
    }
    return used;
  }
  template <class List, class Get>
  auto settle(const List& voices, const Subject& subject, Get get) {
    return settle(voices, subject, get, std::equal_to<>());
  }

 private:
  template <class T>
  static Said<std::string> printed(const Said<T>& said) {
    return {shown_value(said.value), said.at};
  }
};

/// For `settle`: the value of an optional member.
template <class Fact, class T>
auto member(Maybe<T> Fact::*field) {
  return [field](const Voice<Fact>& voice) -> const Said<T>* {
    const auto& maybe = voice.fact->*field;
    return maybe ? &*maybe : nullptr;
  };
}

/// For `settle` over whole files.
template <class T>
auto in_facts(Maybe<T> Facts::*field) {
  return [field](const FileFacts& file) -> const Said<T>* {
    const auto& maybe = file.facts.*field;
    return maybe ? &*maybe : nullptr;
  };
}

template <class Fact>
struct Named {
  std::string_view name;
  Voices<Fact> voices;
};

/// Facts of one kind from all files under their names, in natural order; most trusted first under each name.
template <class Fact>
std::vector<Named<Fact>> by_name(const std::vector<FileFacts>& files, std::vector<Fact> Facts::*list,
                                 std::string Fact::*name) {
  Voices<Fact> all;
  for (const auto& file : files)
    for (const auto& fact : file.facts.*list) all.push_back({&fact, file.importer->trust});
  std::stable_sort(all.begin(), all.end(), [&](const Voice<Fact>& a, const Voice<Fact>& b) {
    return natural_less(a.fact->*name, b.fact->*name);
  });
  std::vector<Named<Fact>> out;
  for (const auto& voice : all) {
    if (out.empty() || out.back().name != voice.fact->*name) out.push_back({voice.fact->*name, {}});
    out.back().voices.push_back(voice);
  }
  return out;
}

// The steps of `assemble`, in the order in which they are taken.
void merge_identity(Merge& merge, std::string fallback_name);  ///< name, uuid, product, version
void merge_names_and_time(Merge& merge);                       ///< DNS, hosts file, NTP
void merge_switches(Merge& merge);                             ///< switches, port groups, pnics
void merge_interfaces(Merge& merge);
void merge_stacks(Merge& merge);   ///< gateways and routes
void merge_storage(Merge& merge);  ///< NFS, iSCSI, bindings
void merge_services(Merge& merge);
void check_agreement(Merge& merge);  ///< what only one of two complete lists has
void check_lost(Merge& merge);       ///< what was given, but could not be read
void check_unsaid(Merge& merge);     ///< what no input says, and a decision needs
void check_evidence(Merge& merge);   ///< what is missing

/// Whether the host shows its network by esxcli: ESXi 5.0 and later.
bool has_esxcli(const Merge& merge);

/// The command that lists an interface of that name.
std::string_view interface_listing(const Merge& merge, std::string_view interface);

/// Whether the file gives such a value in a form that cannot be read.
bool loses(const FileFacts& file, LostFact::Of of, std::string_view name);

/// Whether a file of this kind was read.
bool was_read(const Merge& merge, Facts (*reader)(const Source&));

/// Ends the name of a part that told nothing: who wants to know what was listed can tell it from one without rows.
inline constexpr std::string_view kNotRead = " (not read)";

/// Whether a session shows this esxcli command and an output of it.
bool was_run(const Merge& merge, std::string_view command);

}  // namespace esx2esxi::intake
