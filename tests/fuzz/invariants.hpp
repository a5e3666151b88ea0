// What holds for the facts of any bytes at all: used by the fuzz targets and by a unit test over the samples.
#pragma once

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake::testing {

/// Walks over all that a reader let out and throws at the first thing that must not be.
class Invariants {
 public:
  explicit Invariants(const Source& source)
      : first_(source.lines_before),
        last_(source.lines_before + 1 +
              static_cast<std::uint32_t>(std::count(source.text.begin(), source.text.end(), '\n'))) {}

  void check(const Facts& facts) {
    for (const auto& note : facts.notes)
      place(note.at), want(!note.code.empty() && !note.message.empty(), "a silent diagnostic");
    want(facts.notes.size() <= 1000, "a flood of diagnostics");
    for (const auto& fact : facts.interfaces) interface(fact);
    for (const auto& fact : facts.switches) one_switch(fact);
    for (const auto& fact : facts.pnics) name(fact.name), place(fact.at), said(fact.mac), said(fact.driver);
    for (const auto& fact : facts.gateways) name(fact.stack), place(fact.at), said(fact.gateway), said(fact.device);
    for (const auto& fact : facts.routes) name(fact.stack), place(fact.at);
    for (const auto& fact : facts.services) place(fact.at);
    for (const auto& fact : facts.nfs) place(fact.at), said(fact.server), said(fact.share);
    for (const auto& fact : facts.bindings) name(fact.interface), place(fact.at);
    for (const auto& fact : facts.hosts_entries) place(fact.at);
    all(facts.iscsi_targets), all(facts.dns_servers), all(facts.dns_search), all(facts.ntp_servers),
        all(facts.unresolved);
    said(facts.hostname), said(facts.domain), said(facts.uuid), said(facts.product), said(facts.version),
        said(facts.build);
  }

 private:
  static void want(bool holds, const char* what) {
    if (!holds) throw std::logic_error(what);
  }
  void place(const Origin& at) const {
    want(at.line == 0 || (at.line > first_ && at.line <= last_), "an origin outside the file");
  }
  /// Terminal escapes in a name would end up on terminals. A line end may stand in a quoted word of a script: writers
  /// quote it.
  static void name(std::string_view text) {
    want(std::none_of(text.begin(), text.end(),
                      [](char c) { return (c >= 0 && c < ' ' && c != '\t' && c != '\n') || c == 0x7f; }),
         "a control character in a name");
  }
  template <class T>
  void said(const std::optional<Said<T>>& value) const {
    if (value) place(value->at);
    if constexpr (std::is_same_v<T, std::string>)
      if (value) name(value->value);
  }
  template <class T>
  void all(const std::vector<Said<T>>& values) const {
    for (const auto& value : values) place(value.at);
  }
  void interface(const InterfaceFact& f) const {
    name(f.name), place(f.at), said(f.address), said(f.netmask), said(f.dhcp), said(f.enabled), said(f.portgroup);
    said(f.dvport), said(f.stack), said(f.mac), said(f.mtu), all(f.unresolved);
    want(!f.name.empty(), "an interface without a name");
  }
  void one_switch(const SwitchFact& f) const {
    name(f.name), place(f.at), said(f.mtu), said(f.ports), said(f.uplinks), said(f.uplink_order);
    for (const auto* list : {&f.uplinks, &f.uplink_order})
      if (*list) all((*list)->value);
    for (const auto& group : f.portgroups) name(group.name), place(group.at), said(group.vlan), said(group.internal_id);
    for (const auto& port : f.dvports) name(port.id), name(port.client), place(port.at);
  }

  std::uint32_t first_;
  std::uint32_t last_;
};

}  // namespace esx2esxi::intake::testing
