// esx.conf, and the host that is made of it alone. Beyond what holds for every reader: line ends and lines that mean
// nothing change nothing, a host's ranks are unique, and no doubt is without a subject.
#include <cstddef>
#include <cstdint>
#include <set>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/intake/assemble.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "invariants.hpp"

using namespace esx2esxi;
using namespace esx2esxi::intake;

namespace {

void want(bool holds) {
  if (!holds) __builtin_trap();
}

template <class T>
std::string said(const Maybe<T>& value) {
  return value ? fmt::format("{}@{} ", value->value, value->at.line) : "- ";
}
std::string said(const Maybe<net::VlanId>& value) { return value ? std::to_string(value->value.value()) + " " : "- "; }
std::string said(const Maybe<SaidNames>& value) { return value ? join(names_of(value->value), ",") + " " : "- "; }

/// Everything that counts, with lines but without columns.
std::string summary(const Facts& facts) {
  std::string out;
  for (const auto& f : facts.interfaces)
    out += f.name + ' ' + said(f.address) + said(f.netmask) + said(f.portgroup) + said(f.mtu) + said(f.mac) +
           said(f.dhcp) + said(f.enabled) + '\n';
  for (const auto& s : facts.switches) {
    out += s.name + ' ' + said(s.mtu) + said(s.uplinks) + said(s.uplink_order) + said(s.max_active) + '\n';
    for (const auto& g : s.portgroups) out += g.name + ' ' + said(g.vlan) + said(g.uplink_order) + '\n';
  }
  for (const auto& g : facts.gateways) out += g.stack + ' ' + said(g.gateway) + '\n';
  for (const auto& n : facts.nfs) out += n.label + ' ' + said(n.server) + said(n.share) + '\n';
  for (const auto& n : facts.notes) out += fmt::format("{}:{}\n", n.code, n.at.line);
  return out + said(facts.uuid) + said(facts.hostname) + said(facts.version) + said(facts.cut_off);
}

std::string facts_of(std::string_view text) {
  const Source source{FileName("etc/vmware/esx.conf"), text};
  const auto facts = read_esx_conf(source);
  testing::Invariants(source).check(facts);
  return summary(facts);
}

void check_line_ends(std::string_view text) {
  if (text.find('\r') != std::string_view::npos || text.find('\0') != std::string_view::npos) return;
  std::string crlf;
  for (const char c : text) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  want(facts_of(crlf) == facts_of(text));
}

void check_ballast(std::string_view text) {
  if (!text.ends_with('\n')) return;
  const auto more = std::string(text) + "/firewall/blockIncoming = \"true\"\n\n# remark\n";
  want(facts_of(more) == facts_of(text));
}

void check_host(std::string_view text) {
  const auto* importer = importer_for("etc/vmware/esx.conf");
  const FileName file("etc/vmware/esx.conf");
  const auto host = assemble({{importer, "etc/vmware/esx.conf", importer->read({file, text})}}, "folder");
  std::set<std::uint16_t> ranks;
  for (const auto& interface : host.before.interfaces) {
    want(ranks.insert(interface.created).second);
    want(interface.name.starts_with("vmk") || interface.name.starts_with("vswif"));
  }
  for (const auto& doubt : host.doubts) want(!doubt.subject.empty());
  want(!host.name.empty() && host.name.find('/') == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  want(facts_of(text) == facts_of(text));
  check_line_ends(text);
  check_ballast(text);
  check_host(text);
  for (const auto& importer : importers())
    if (importer.recognises != nullptr) importer.recognises(text);
  return 0;
}
