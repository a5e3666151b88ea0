// The layout of a policy as data: the reader refuses every key that is not in this table, and the table is what
// `rules --policy-schema` prints.
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/policy.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

namespace {

constexpr auto kMust = Occurs::Once;
constexpr auto kMay = Occurs::AtMostOnce;
constexpr auto kAny = Occurs::AnyNumber;

// In the order of printing: what stands in a block follows its line. A block whose key is an alternative ("dns|ntp")
// has one line for all of them.
constexpr PolicyKey kLayout[] = {
    {"", "format", "esx2esxi-policy", kMust, "what this file is"},
    {"", "version", "1.0", kMust, "of this layout"},
    {"", "estate", "NAME", kMay, "a title for the documents"},
    {"", "target", "VERSION", kMay, "4.1 5.0 5.1 5.5 6.0 6.5 6.7 7.0 8.0; the command line wins"},
    {"", "path", "fresh|upgrade", kMay, "the command line wins"},
    {"", "hosts-at-a-time", "N", kMay, "how many hosts a cluster can spare while it is migrated (default: 1)"},
    {"", "growth-reserve", "N", kMay, "addresses left free in a network into which a segment moves (default: 0)"},

    {"", "clusters", "", kMay, "which hosts belong together"},
    {"clusters", "cluster", "NAME", kAny, ""},
    {"clusters/cluster", "host", "NAME", kAny, "short or full"},
    {"clusters/cluster", "hosts-at-a-time", "N", kMay, "of this cluster"},
    {"clusters/cluster", "pilot", "NAME", kAny, "hosts that are migrated first, one by one"},
    {"clusters/cluster", "isolation-address", "IP", kAny, "what HA pings"},
    {"clusters/cluster", "allow-network", "PORTGROUP", kAny, "HA networks by the name of their port group"},

    {"", "endpoints", "", kMay, "addresses that hosts must reach; the key says for which service"},
    {"endpoints", "vcenter|dns|ntp|syslog|nfs|iscsi|isolation|other", "NAME", kAny, ""},
    {"endpoints/*", "address", "IP", kMust, ""},
    {"endpoints/*", "port", "N", kMay, "1 to 65535"},
    {"endpoints/*", "network", "IP/LEN", kMay, "how wide a static route to it may be (default: /32)"},
    {"endpoints/*", "router", "IP", kMay, "leads to it from the storage side"},
    {"endpoints/*", "cluster", "NAME", kAny, "who needs it; no cluster and no host: all"},
    {"endpoints/*", "host", "NAME", kAny, ""},
    {"endpoints/*", "export", "PATH", kAny, "nfs: what is mounted"},
    {"endpoints/*", "allowed-source", "IP|IP/LEN|IP-IP", kAny, "who is let in today"},

    {"", "pins", "", kMay, "decisions already taken"},
    {"pins", "segment", "", kAny, "this segment goes to that pool"},
    {"pins/segment", "cluster", "NAME", kMust, ""},
    {"pins/segment", "service", "SERVICE", kMust, "management, vmotion, faultToleranceLogging, iscsi, nfs ..."},
    {"pins/segment", "network", "IP/LEN", kMust, ""},
    {"pins/segment", "reason", "TEXT", kMust, ""},
    {"pins", "interface", "", kAny, "this interface gets that address"},
    {"pins/interface", "host", "NAME", kMust, ""},
    {"pins/interface", "name", "INTERFACE", kMust, "as on the classic host"},
    {"pins/interface", "address", "IP", kMust, ""},
    {"pins/interface", "reason", "TEXT", kMust, ""},
    {"pins", "keep", "", kAny, "must not change"},
    {"pins/keep", "host", "NAME", kMust, ""},
    {"pins/keep", "name", "INTERFACE", kMay, "as on the classic host; without it the whole host"},
    {"pins/keep", "reason", "TEXT", kMust, ""},
    {"pins", "drop", "", kAny, "is not mapped"},
    {"pins/drop", "host", "NAME", kMust, ""},
    {"pins/drop", "name", "INTERFACE", kMust, "as on the classic host"},
    {"pins/drop", "reason", "TEXT", kMust, ""},
    {"pins", "stack", "", kAny, "this interface goes into that TCP/IP stack"},
    {"pins/stack", "host", "NAME", kMust, ""},
    {"pins/stack", "name", "INTERFACE", kMust, "as on the classic host"},
    {"pins/stack", "stack", "STACK", kMust, "vmotion, vSphereProvisioning, or a custom one"},
    {"pins/stack", "reason", "TEXT", kMust, ""},
    {"pins", "gateway", "", kAny, "this interface gets a gateway of its own (6.5 and later)"},
    {"pins/gateway", "host", "NAME", kMust, ""},
    {"pins/gateway", "name", "INTERFACE", kMust, "as on the classic host"},
    {"pins/gateway", "address", "IP", kMust, "in the subnet that the interface has or gets"},
    {"pins/gateway", "reason", "TEXT", kMust, ""},

    {"", "costs", "", kMay, "whole numbers per interface or per use; lower is preferred"},
    {"costs", "re-address", "", kMay, "an interface gets another address: by service, or default"},
    {"costs/re-address", "SERVICE|default", "N", kAny, ""},
    {"costs", "change-host-octet", "N", kMay, ""},
    {"costs", "static-route", "N", kMay, ""},
    {"costs", "gateway-override", "N", kMay, ""},
    {"costs", "drop-interface", "N", kMay, ""},
    {"costs", "port-binding", "N", kMay, ""},
    {"costs", "own-stack", "N", kMay, ""},
    {"costs", "merge-services", "N", kMay, ""},

    {"", "severities", "", kMay, "of rules, other than the catalogue's"},
    {"severities", "RULE", "error|warning|info|off", kAny, "'esx2esxi rules' lists them"},

    {"", "waivers", "", kMay, "findings that are accepted"},
    {"waivers", "waiver", "", kAny, "without reason, owner, expiry or scope it is void and waives nothing"},
    {"waivers/waiver", "rule", "RULE", kMust, ""},
    {"waivers/waiver", "host", "NAME", kMay, "scope: a host, a host and one interface, or a cluster"},
    {"waivers/waiver", "interface", "INTERFACE", kMay, "as on the classic host"},
    {"waivers/waiver", "cluster", "NAME", kMay, ""},
    {"waivers/waiver", "reason", "TEXT", kMay, ""},
    {"waivers/waiver", "owner", "TEXT", kMay, "who answers for it"},
    {"waivers/waiver", "expires", "YYYY-MM-DD", kMay, "the last day it holds"},
};

std::string_view sign(Occurs occurs) {
  switch (occurs) {
    case Occurs::Once: return "!";
    case Occurs::AtMostOnce: return " ";
    case Occurs::AnyNumber: return "*";
  }
  return " ";
}

std::size_t depth(std::string_view block) {
  return block.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(block.begin(), block.end(), '/'));
}

}  // namespace

std::span<const PolicyKey> policy_layout() { return kLayout; }

std::string policy_layout_text() {
  std::string text =
      "; The layout of --policy FILE: Boost INFO, one key and one value a line, children in braces, values with "
      "blanks\n"
      "; in double quotes, comments after a semicolon. #include is refused.\n"
      "; ! must be there, * may repeat, else at most once. a|b: one of the words; CAPITALS: a value of that kind.\n\n";
  for (const auto& key : kLayout) {
    if (depth(key.block) == 0 && key.value.empty()) text += '\n';
    auto line = fmt::format("{} {}{}", sign(key.occurs), std::string(4 * depth(key.block), ' '), key.key);
    if (!key.value.empty()) line += fmt::format(" {}", key.value);
    text += key.text.empty() ? line + "\n" : fmt::format("{:<44} ; {}\n", line, key.text);
  }
  return text;
}

std::vector<std::string_view> keys_of(std::string_view block) {
  std::vector<std::string_view> keys;
  for (const auto& key : kLayout) {
    if (key.block != block) continue;
    auto rest = key.key;
    for (auto bar = rest.find('|'); bar != std::string_view::npos; bar = rest.find('|')) {
      keys.push_back(rest.substr(0, bar));
      rest.remove_prefix(bar + 1);
    }
    keys.push_back(rest);
  }
  return keys;
}

}  // namespace esx2esxi::intake
