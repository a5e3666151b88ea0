#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::Interface;
using model::State;

/// Collects phrases about one element.
class Differ {
 public:
  Differ(std::vector<std::string>& out, std::string subject) : out_(out), subject_(std::move(subject)) {}

  void check(std::string_view what, const std::string& found, const std::string& wanted) {
    if (found != wanted)
      out_.push_back(fmt::format("{}: {} {} instead of {}", subject_, what, found.empty() ? "none" : found,
                                 wanted.empty() ? "none" : wanted));
  }
  template <class T>
  void check_if_known(std::string_view what, const std::optional<T>& found, const std::optional<T>& wanted) {
    if (found && wanted && *found != *wanted) check(what, text(*found), text(*wanted));
  }

 private:
  static std::string text(unsigned value) { return std::to_string(value); }
  static std::string text(const net::Mac& mac) { return to_string(mac); }
  static std::string text(net::VlanId vlan) { return std::to_string(vlan.value()); }

  std::vector<std::string>& out_;
  std::string subject_;
};

std::string optional_text(const std::optional<net::Ipv4Address>& address) {
  return address ? to_string(*address) : std::string();
}

void compare(const Interface& found, const Interface& wanted, std::vector<std::string>& out) {
  Differ differ(out, wanted.name);
  differ.check("stack", found.stack, wanted.stack);
  differ.check("port group", found.portgroup, wanted.portgroup);
  differ.check("switch", found.vswitch, wanted.vswitch);
  differ.check("dvPort", found.dvport, wanted.dvport);
  differ.check("address", addressing_text(found), addressing_text(wanted));
  differ.check("state", found.enabled ? "enabled" : "disabled", wanted.enabled ? "enabled" : "disabled");
  differ.check_if_known("mtu", found.mtu, wanted.mtu);
  differ.check_if_known("mac", found.mac, wanted.mac);
  differ.check_if_known("vlan", found.vlan, wanted.vlan);
  differ.check("tags", join(tags_of(found), ", "), join(tags_of(wanted), ", "));
  differ.check("binding", found.bound_to, wanted.bound_to);
}

std::string teaming_text(const model::Teaming& teaming) {
  return fmt::format("active {} standby {}", join(teaming.active, ","), join(teaming.standby, ","));
}

void compare(const model::Switch& found, const model::Switch& wanted, std::vector<std::string>& out) {
  Differ differ(out, wanted.name);
  differ.check_if_known("mtu", found.mtu, wanted.mtu);
  differ.check("uplinks", join(found.uplinks, ","), join(wanted.uplinks, ","));
  differ.check("teaming", teaming_text(found.teaming), teaming_text(wanted.teaming));
}

void compare(const model::Portgroup& found, const model::Portgroup& wanted, std::vector<std::string>& out) {
  Differ differ(out, fmt::format("port group \"{}\"", wanted.name));
  differ.check_if_known("vlan", found.vlan, wanted.vlan);
  const auto own = [](const auto& group) { return group.override ? teaming_text(*group.override) : std::string(); };
  differ.check("own uplinks", own(found), own(wanted));
}

void compare(const model::NfsMount& found, const model::NfsMount& wanted, std::vector<std::string>& out) {
  const auto text = [](const model::NfsMount& m) {
    return fmt::format("{}:{} {}", m.server, m.share, m.read_only ? "read-only" : "read-write");
  };
  Differ(out, fmt::format("volume \"{}\"", wanted.label)).check("source", text(found), text(wanted));
}

std::vector<std::string> route_texts(const model::Stack& stack) {
  std::vector<std::string> out;
  for (const auto& route : stack.routes) out.push_back(fmt::format("{} by {}", route.network, route.next_hop));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

void compare(const model::Stack& found, const model::Stack& wanted, std::vector<std::string>& out) {
  Differ differ(out, "stack " + wanted.name);
  differ.check("gateway", optional_text(found.gateway), optional_text(wanted.gateway));
  differ.check("routes", join(route_texts(found), ", "), join(route_texts(wanted), ", "));
}

/// Pairs what has the same name and names what has no partner.
template <class T, class Name>
void compare_all(std::string_view kind, const std::vector<T>& found, const std::vector<T>& wanted, Name name,
                 std::vector<std::string>& out) {
  const auto partner = [&](const std::vector<T>& all, const T& one) {
    const auto it = std::find_if(all.begin(), all.end(), [&](const T& other) { return name(other) == name(one); });
    return it == all.end() ? nullptr : &*it;
  };
  for (const auto& one : wanted) {
    if (const auto* other = partner(found, one))
      compare(*other, one, out);
    else
      out.push_back(fmt::format("{} {} is missing", kind, name(one)));
  }
  for (const auto& one : found)
    if (!partner(wanted, one)) out.push_back(fmt::format("{} {} is there, but not wanted", kind, name(one)));
}

/// The port groups of a switch, taken from a copy so that a switch and its port groups are compared one by one.
std::vector<model::Portgroup> portgroups_of(const State& state) {
  std::vector<model::Portgroup> out;
  for (const auto& vswitch : state.switches)
    for (auto group : vswitch.portgroups) {
      group.name = vswitch.name + "/" + group.name;
      out.push_back(std::move(group));
    }
  return out;
}

}  // namespace

std::vector<std::string> differences(const State& found, const State& wanted) {
  std::vector<std::string> out;
  const auto by_name = [](const auto& item) -> const std::string& { return item.name; };
  compare_all("interface", found.interfaces, wanted.interfaces, by_name, out);
  compare_all("stack", found.stacks, wanted.stacks, by_name, out);
  compare_all("switch", found.switches, wanted.switches, by_name, out);
  compare_all("port group", portgroups_of(found), portgroups_of(wanted), by_name, out);
  compare_all(
      "volume", found.nfs, wanted.nfs, [](const model::NfsMount& m) -> const std::string& { return m.label; }, out);
  if (!(found.dns == wanted.dns)) out.emplace_back("DNS settings differ");
  const auto same = [](const auto& a, const auto& b) { return a.value == b.value; };
  if (!std::equal(found.ntp.begin(), found.ntp.end(), wanted.ntp.begin(), wanted.ntp.end(), same))
    out.emplace_back("NTP servers differ");
  if (!(found.iscsi == wanted.iscsi)) out.emplace_back("iSCSI settings differ");
  return out;
}

}  // namespace esx2esxi::plan
