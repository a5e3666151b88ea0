// Hosts and what is planned for them: each kind of step at least once.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "../unit/plan/hosts.hpp"

namespace test {

struct Case {
  std::string name;
  Host from;
  Host to;
  model::Target since{5, 0};  ///< the first target that has what it needs
};

inline model::Interface& interface_in(Host& host, const std::string& name) {
  for (auto& interface : host.edit().interfaces)
    if (interface.name == name) return interface;
  throw std::logic_error(name);
}

inline Host pier() {
  return Host()
      .vmk({"vmk0", "10.71.10.11/24", "Management Network", kManagement})
      .vmk({"vmk1", "10.71.10.61/24", "VMotion", kVMotion})
      .vmk({"vmk2", "10.71.30.11/24", "NFS", kNfs})
      .gateway("10.71.10.1")
      .nfs("prod", "10.71.30.20")
      .nfs("archive", "10.71.40.20");
}

inline Host crane(const std::string& a, const std::string& b) {
  return Host()
      .portgroup("iSCSI-1", 50, model::Teaming{{"vmnic2"}, {}})
      .portgroup("iSCSI-2", 50, model::Teaming{{"vmnic3"}, {}})
      .vmk({"vmk0", "10.72.10.21/24", "Management Network", kManagement})
      .vmk({.name = "vmk1", .address = a, .portgroup = "iSCSI-1", .services = kIscsi, .bound_to = "vmhba33"})
      .vmk({.name = "vmk2", .address = b, .portgroup = "iSCSI-2", .services = kIscsi, .bound_to = "vmhba?"})
      .gateway("10.72.10.1");
}

inline Case readdressed() {
  auto to = pier().portgroup("VMotion", 120).route("10.71.40.0/24", "10.71.30.254");
  interface_in(to, "vmk1").address = ip("10.71.20.61");
  return {"readdressed", pier(), to, {4, 1}};
}

inline Case own_stack() {
  auto to = pier();
  interface_in(to, "vmk1").stack = model::kVmotionStack;
  to.gateway("10.71.10.1", "vmotion").route("10.99.0.0/16", "10.71.10.2", "vmotion");
  return {"own stack", pier(), to, {6, 0}};
}

inline Case management_moves() {
  auto to = pier().gateway("10.72.0.1");
  interface_in(to, "vmk0").address = ip("10.72.0.11");
  auto& vmotion = interface_in(to, "vmk1");
  vmotion.services = {model::Service::VMotion, model::Service::FaultToleranceLogging};
  vmotion.mtu = 9000;
  return {"management moves", pier(), to, {5, 1}};
}

inline Case storage_moves() {
  auto to = crane("10.72.50.31/24", "10.72.50.32/24");
  to.portgroup("iSCSI-2", 51, model::Teaming{{"vmnic1"}, {}});
  return {"storage moves", crane("10.72.50.21/24", "10.72.50.22/24"), to};
}

/// No port group changes, and nothing has to insist: what ESXi 4.1 can do, too.
inline Case storage_readdressed() {
  auto from = crane("10.72.50.21/24", "10.72.50.22/24");
  auto to = crane("10.72.50.31/24", "10.72.50.32/24").route("10.99.0.0/16", "10.72.50.1");
  for (auto* host : {&from, &to}) {
    interface_in(*host, "vmk1").uplinks = {{"vmnic2"}, {}};
    interface_in(*host, "vmk2").uplinks = {{"vmnic3"}, {}};
  }
  return {"storage readdressed", from, to, {4, 1}};
}

/// Only the way there interrupts storage: what is added again on the way back interrupts nobody.
inline Case storage_dropped() {
  const auto to = crane("10.72.50.21/24", "10.72.50.121/24").gateway("10.72.10.2");
  auto from = crane("10.72.50.21/24", "10.72.50.121/24").portgroup("Heartbeat", 50);
  from.vmk({"vmk3", "10.72.50.221/24", "Heartbeat", kIscsi});
  return {"storage dropped", from, to};
}

inline Case dropped_and_added() {
  auto to = Host()
                .vmk({"vmk0", "10.71.10.11/24", "Management Network", kManagement})
                .portgroup("VMotion")
                .portgroup("FT", 140, model::Teaming{{"vmnic1"}, {"vmnic0"}})
                .vmk({"vmk2", "10.71.30.12/24", "NFS", kNfs})
                .vmk({"vmk3", "10.71.50.61/24", "FT", {model::Service::FaultToleranceLogging}})
                .gateway("10.71.10.1")
                .nfs("prod", "10.71.30.20")
                .nfs("archive", "10.71.40.20");
  return {"dropped and added", pier(), to, {5, 1}};
}

inline Case swapped() {
  auto from = pier();
  interface_in(from, "vmk1").address = ip("10.71.20.61");
  interface_in(from, "vmk2").enabled = false;
  auto to = from;
  interface_in(to, "vmk2").enabled = true;
  std::swap(interface_in(to, "vmk1").portgroup, interface_in(to, "vmk2").portgroup);
  std::swap(interface_in(to, "vmk1").address, interface_in(to, "vmk2").address);
  return {"swapped", from, to, {5, 1}};
}

inline Case leases() {
  auto from = Host()
                  .vmk({"vmk0", "10.75.10.5/24", "Management Network", kManagement})
                  .vmk({"vmk1", "dhcp", "VMotion", kVMotion})
                  .vmk({"vmk2", "", "Spare", {}})
                  .gateway("10.75.10.1");
  auto to = Host()
                .vmk({"vmk0", "10.75.10.5/24", "Management Network", kManagement})
                .vmk({"vmk1", "10.75.20.7/24", "VMotion", kVMotion})
                .vmk({"vmk2", "dhcp", "Spare", {}})
                .gateway("10.75.10.1");
  return {"leases", from, to};
}

/// Rollback has to bring back a route and a gateway that no network of the host reaches.
inline Case dead_routes() {
  auto from = pier().gateway("10.99.0.1").route("10.98.0.0/16", "10.97.0.1");
  return {"dead routes", from, pier(), {4, 1}};
}

inline std::vector<Case> all_cases() {
  return {readdressed(),       own_stack(), management_moves(), storage_moves(),
          dropped_and_added(), swapped(),   leases(),           dead_routes()};
}

/// Names that would do harm if a shell ever read them as more than a name.
inline Case hostile_names() {
  const std::vector<std::string> names{"$(reboot)",
                                       "`touch pwned`",
                                       "'; touch pwned; '",
                                       "\"; touch pwned; \"",
                                       "--help",
                                       "-rf *",
                                       "a\nb\ntouch pwned",
                                       "Kühlhaus & <B> \\ $5 %s %n",
                                       "x,y \"quoted\",",
                                       "ends in \\",
                                       "\xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x80\x98so\xe2\x80\x99",
                                       "\xe2\x80\xaegpj",
                                       "' \"$HOME\" ${IFS}"};
  auto build = [&](const std::string& subnet) {
    Host host;
    host.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement});
    for (std::size_t i = 0; i < names.size(); ++i)
      host.vmk({"vmk" + std::to_string(i + 1), subnet + std::to_string(10 + i) + ".5/24", names[i], {}});
    return host;
  };
  auto from = build("10.2.");
  auto to = build("10.3.");
  for (std::size_t i = 0; i < names.size(); ++i) {
    to.portgroup(names[i], 7, i % 2 ? std::optional(model::Teaming{{"vmnic1"}, {"vmnic0"}}) : std::nullopt);
    to.portgroup("new " + names[i], 8);
    from.portgroup("old " + names[i], 9);
    interface_in(to, "vmk" + std::to_string(i + 1)).stack = i % 3 ? std::string(model::kDefaultStack) : names[i];
    from.nfs(names[i], "server " + names[i]);
    to.nfs(names[i], "other " + names[i]);
  }
  return {"hostile names", from, to, {5, 5}};
}

/// Those of them that the listings of ESXi 4.1 can tell.
inline Case hostile_names_of_4() {
  const std::vector<std::string> names{"$(reboot)",
                                       "`touch pwned`",
                                       "'; touch pwned; '",
                                       "\"; touch pwned; \"",
                                       "Kühlhaus & <B> \\ $5 %s %n",
                                       "x,y \"quoted\",",
                                       "ends in \\",
                                       "\xe2\x80\x9cquoted\xe2\x80\x9d",
                                       "Lab  10 20",
                                       "Lab",
                                       "vmk9 IPv4 10.9.9.9 255.0.0.0",
                                       "sixteen letters_",
                                       "more than twenty-two letters"};
  auto build = [&](const std::string& subnet, unsigned vlan) {
    Host host;
    host.vmk({"vmk0", "10.1.0.5/24", "Management Network", kManagement});
    for (std::size_t i = 0; i < names.size(); ++i) {
      host.vmk({"vmk" + std::to_string(i + 1), subnet + std::to_string(10 + i) + ".5/24", names[i], {}});
      host.portgroup(names[i], vlan + static_cast<unsigned>(i));
    }
    return host;
  };
  const std::string touching = "IBM_CDC_vSwitch0";  // as long as its column
  const auto on_that = [&](Host host) {
    host.edit().switches.front().name = touching;
    for (auto& interface : host.edit().interfaces) interface.vswitch = touching;
    return host;
  };
  auto from = on_that(build("10.2.", 0));
  auto to = on_that(build("10.3.", 10));
  for (std::size_t i = 0; i < names.size(); ++i) {
    to.portgroup("new " + names[i], 8);
    from.portgroup("old " + names[i], 9);
    from.nfs(names[i], "server" + std::to_string(i));
    to.nfs(names[i], "other" + std::to_string(i));
  }
  return {"hostile names of 4.1", from, to, {4, 1}};
}

}  // namespace test
