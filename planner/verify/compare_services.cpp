// NFS volumes, iSCSI, DNS, NTP.
#include <fmt/format.h>

#include <algorithm>

#include "comparison.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::verify {

namespace {

using model::NfsMount;
using plan::Action;

/// The column Read-Only is not in the listings of 5.x.
bool shows_access(const Comparison& c) { return c.captured.major() >= 6; }

std::string source_of(const Comparison& c, const NfsMount& mount) {
  const auto access = !shows_access(c) ? "" : mount.read_only ? ", read-only" : ", read-write";
  return fmt::format("{}:{}{}", lower(mount.server), mount.share, access);
}

void add_mount(Mend& mend, const NfsMount& mount) {
  mend.step(Action::Mount, {},
            {{"volume", mount.label},
             {"host", mount.server},
             {"share", mount.share},
             {"read_only", mount.read_only ? "true" : "false"}});
}

void compare_volumes(Comparison& c) {
  if (!c.seen_any({"storage nfs list", "esxcfg-nas"})) {
    if (!c.wanted.nfs.empty())
      c.unseen("NFS volumes", c.old_words() ? "esxcfg-nas -l" : "esxcli storage nfs list", true);
    return;
  }
  const auto named = [](const std::vector<NfsMount>& all, const std::string& label) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const NfsMount& m) { return m.label == label; });
    return it == all.end() ? nullptr : &*it;
  };
  for (const auto& wanted : c.wanted.nfs) {
    const auto* found = named(c.found.nfs, wanted.label);
    auto mend = c.mend();
    if (found) mend.step(Action::Unmount, {}, {{"volume", wanted.label}});
    add_mount(mend, wanted);
    c.check("volume " + wanted.label, "", source_of(c, wanted), found ? Text(source_of(c, *found)) : Text(), mend);
  }
  for (const auto& found : c.found.nfs)
    if (!named(c.wanted.nfs, found.label))
      c.check("volume " + found.label, "", {}, source_of(c, found),
              c.mend().step(Action::Unmount, {}, {{"volume", found.label}}));
}

void compare_iscsi(Comparison& c) {
  const auto text = [](bool enabled) { return std::string(enabled ? "enabled" : "disabled"); };
  const auto& wanted = c.wanted.iscsi;
  if (wanted.enabled && c.found.iscsi.enabled)
    c.check("software iSCSI", "", text(*wanted.enabled), text(*c.found.iscsi.enabled),
            c.mend().esxcli("iscsi software set", {{"enabled", *wanted.enabled ? "true" : "false"}}));
  if (!c.seen_any({"iscsi adapter discovery sendtarget list"})) return;
  const auto& found = c.found.iscsi.targets;
  for (const auto& target : wanted.targets) {
    const auto address = to_string(target.value);
    const bool there = std::any_of(found.begin(), found.end(), [&](const auto& t) { return t.value == target.value; });
    c.check("iSCSI target " + address, "", "discovered", there ? Text("discovered") : Text(),
            c.mend().esxcli("iscsi adapter discovery sendtarget add", {{"adapter", "vmhbaN"}, {"address", address}}));
  }
}

std::string comma_list(std::vector<std::string> items) { return items.empty() ? "none" : join(items, ", "); }

/// The order of name servers is the order in which they are asked.
void compare_servers(Comparison& c) {
  if (!c.seen_any({"network ip dns server list"}))
    return c.unseen("DNS servers", "esxcli network ip dns server list", false);
  std::vector<std::string> wanted;
  std::vector<std::string> found;
  for (const auto& server : c.wanted.dns.servers) wanted.push_back(to_string(server.value));
  for (const auto& server : c.found.dns.servers) found.push_back(to_string(server.value));
  auto mend = c.mend();
  for (const auto& server : found) mend.esxcli("network ip dns server remove", {{"server", server}});
  for (const auto& server : wanted) mend.esxcli("network ip dns server add", {{"server", server}});
  c.check("DNS", "servers", comma_list(wanted), comma_list(found), mend);
}

void compare_search(Comparison& c) {
  if (!c.seen_any({"network ip dns search list"})) return;
  std::vector<std::string> wanted;
  std::vector<std::string> found;
  for (const auto& domain : c.wanted.dns.search) wanted.push_back(lower(domain));
  for (const auto& domain : c.found.dns.search) found.push_back(lower(domain));
  if (wanted.empty() && !c.wanted.dns.domain.empty()) wanted.push_back(lower(c.wanted.dns.domain));
  if (wanted.empty()) return;
  auto mend = c.mend();
  for (const auto& domain : found) mend.esxcli("network ip dns search remove", {{"domain", domain}});
  for (const auto& domain : wanted) mend.esxcli("network ip dns search add", {{"domain", domain}});
  c.check("DNS", "search domains", comma_list(wanted), comma_list(found), mend);
}

void compare_domain(Comparison& c) {
  const auto wanted = lower(c.wanted.dns.domain);
  const auto found = lower(c.found.dns.domain);
  if (!c.seen_any({"system hostname get"}) || wanted.empty() || found.empty()) return;
  c.check("DNS", "domain", wanted, found, c.mend().esxcli("system hostname set", {{"domain", wanted}}));
}

void compare_ntp(Comparison& c) {
  const auto names = [](const std::vector<Said<std::string>>& all) {
    std::vector<std::string> out;
    for (const auto& server : all) out.push_back(lower(server.value));
    std::sort(out.begin(), out.end());
    return comma_list(out);
  };
  if (c.found.ntp.empty() && !c.seen_any({"system ntp"})) {
    if (!c.wanted.ntp.empty()) c.unseen("NTP servers", "esxcli system ntp get", false);
    return;
  }
  c.check("NTP", "servers", names(c.wanted.ntp), names(c.found.ntp), c.mend());
}

}  // namespace

void compare_storage(Comparison& c) {
  compare_volumes(c);
  compare_iscsi(c);
}

void compare_names(Comparison& c) {
  compare_servers(c);
  compare_search(c);
  compare_domain(c);
  compare_ntp(c);
}

}  // namespace esx2esxi::verify
