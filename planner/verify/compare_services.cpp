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
  // A host mounts nothing twice: what stands under another label has to go before.
  const auto in_the_way = [&](const NfsMount& found) {
    return std::any_of(c.wanted.nfs.begin(), c.wanted.nfs.end(), [&](const NfsMount& wanted) {
      return lower(wanted.server) == lower(found.server) && wanted.share == found.share;
    });
  };
  const auto check_surplus = [&](bool first) {
    for (const auto& found : c.found.nfs)
      if (!named(c.wanted.nfs, found.label) && in_the_way(found) == first)
        c.check("volume " + found.label, "", {}, source_of(c, found),
                c.mend().step(Action::Unmount, {}, {{"volume", found.label}}));
  };
  check_surplus(true);
  for (const auto& wanted : c.wanted.nfs) {
    const auto* found = named(c.found.nfs, wanted.label);
    auto mend = c.mend();
    if (found) mend.step(Action::Unmount, {}, {{"volume", wanted.label}});
    add_mount(mend, wanted);
    c.check("volume " + wanted.label, "", source_of(c, wanted), found ? Text(source_of(c, *found)) : Text(), mend);
  }
  check_surplus(false);
}

/// Where the plan names no target, nobody knew the classic host's: then one that is found tells nothing.
void compare_targets(Comparison& c) {
  const auto& wanted = c.wanted.iscsi.targets;
  const auto& found = c.found.iscsi.targets;
  if (wanted.empty()) return;
  if (!c.seen_any({"iscsi adapter discovery sendtarget list"})) {
    if (!c.old_words()) c.unseen("iSCSI targets", "esxcli iscsi adapter discovery sendtarget list", false);
    return;
  }
  const auto in = [](const auto& all, const auto& target) {
    return std::any_of(all.begin(), all.end(), [&](const auto& one) { return one.value == target.value; });
  };
  const auto check = [&](const auto& target, std::string_view verb, const Text& expected, const Text& shown) {
    const auto address = to_string(target.value);
    c.check("iSCSI target " + address, "", expected, shown,
            c.mend().esxcli(fmt::format("iscsi adapter discovery sendtarget {}", verb),
                            {{"adapter", "vmhbaN"}, {"address", address}}));
  };
  for (const auto& target : wanted) check(target, "add", "discovered", in(found, target) ? Text("discovered") : Text());
  for (const auto& target : found)
    if (!in(wanted, target)) check(target, "remove", {}, "discovered");
}

void compare_iscsi(Comparison& c) {
  const auto text = [](bool enabled) { return std::string(enabled ? "enabled" : "disabled"); };
  const auto& wanted = c.wanted.iscsi;
  if (wanted.enabled && c.found.iscsi.enabled)
    c.check("software iSCSI", "", text(*wanted.enabled), text(*c.found.iscsi.enabled),
            c.mend().esxcli("iscsi software set", {{"enabled", *wanted.enabled ? "true" : "false"}}));
  compare_targets(c);
}

std::string comma_list(std::vector<std::string> items) { return items.empty() ? "none" : join(items, ", "); }

std::vector<std::string> texts(const std::vector<Said<net::Ipv4Address>>& all) {
  std::vector<std::string> out;
  for (const auto& one : all) out.push_back(to_string(one.value));
  return out;
}

/// The order of name servers is the order in which they are asked.
void compare_servers(Comparison& c) {
  if (c.old_words())  // its resolv.conf may be a lease's
    return c.unseen("DNS servers", "compare /etc/resolv.conf by eye", false);
  if (!c.seen_any({"network ip dns server list"}))
    return c.unseen("DNS servers", "esxcli network ip dns server list", false);
  const auto wanted = texts(c.wanted.dns.servers);
  const auto found = texts(c.found.dns.servers);
  auto mend = c.mend();
  for (const auto& server : found) mend.esxcli("network ip dns server remove", {{"server", server}});
  for (const auto& server : wanted) mend.esxcli("network ip dns server add", {{"server", server}});
  c.check("DNS", "servers", comma_list(wanted), comma_list(found), mend);
}

void compare_search(Comparison& c) {
  std::vector<std::string> wanted;
  std::vector<std::string> found;
  for (const auto& domain : c.wanted.dns.search) wanted.push_back(lower(domain));
  for (const auto& domain : c.found.dns.search) found.push_back(lower(domain));
  if (wanted.empty() && !c.wanted.dns.domain.empty()) wanted.push_back(lower(c.wanted.dns.domain));
  if (wanted.empty() || c.old_words()) return;
  if (!c.seen_any({"network ip dns search list"}))
    return c.unseen("DNS search domains", "esxcli network ip dns search list", false);
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

/// ESXi 7.0 and later keeps the servers elsewhere and writes the file anew from there.
void set_time_servers(Mend& mend, const std::vector<std::string>& servers, bool others_there) {
  if (mend.target() < model::Target{7, 0}) {
    mend.lines_of("/etc/ntp.conf", "server", servers, others_there).raw("/etc/init.d/ntpd restart");
  } else if (!servers.empty()) {
    std::vector<std::pair<std::string, std::string>> options{{"enabled", "true"}};
    for (const auto& server : servers) options.emplace_back("server", server);
    mend.esxcli("system ntp set", options);
  }
}

void compare_ntp(Comparison& c) {
  const auto names = [](const std::vector<Said<std::string>>& all) {
    std::vector<std::string> out;
    for (const auto& server : all) out.push_back(lower(server.value));
    std::sort(out.begin(), out.end());
    return out;
  };
  const auto wanted = names(c.wanted.ntp);
  const auto found = names(c.found.ntp);
  if (found.empty() && !has_file(c.captured, "/etc/ntp.conf") && !c.seen_any({"system ntp"})) {
    if (!wanted.empty()) c.unseen("NTP servers", "cat /etc/ntp.conf", false);
    return;
  }
  auto mend = c.mend();
  set_time_servers(mend, wanted, !found.empty());
  c.check("NTP", "servers", comma_list(wanted), comma_list(found), mend);
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
