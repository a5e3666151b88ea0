// The emulated host's state, one JSON object:
//
//   product "ESX" (classic; else left out), version "8.0.2", host, domain, uuid, maintenance
//   interfaces[]: name, mac, enabled, portgroup | dvport, stack, type static|dhcp|none, address, netmask, gateway, mtu,
//                 tags[]
//   stacks[]:     name, gateway, routes[]: network "10.0.0.0", netmask, gateway
//   switches[]:   name, mtu, uplinks[], active[], standby[], portgroups[]: name, vlan, override {active[], standby[]}
//   adapters[]:   name, driver;  bindings[]: adapter, nic;  sessions: bool
//   volumes[]:    label, host, share, read_only
//   sleeping[]:   adapters that `iscsi software set` brings back (may be left out);  targets[]: adapter, address
//   dns:          servers[], search[]
//   alive[]:      who answers a ping;  guests[]: virtual machines that run (may be left out)
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace emulator {

using Json = nlohmann::ordered_json;

/// A refusal: the text a host prints, and exit status 1.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A release as one number: 6.5 is 605.
using Release = int;

class Host {
 public:
  explicit Host(Json state) : state_(std::move(state)) {}

  Json& state() { return state_; }
  const Json& state() const { return state_; }
  Release release = 800;
  bool forgetful = false;
  bool unfiltered = false;  ///< `ipv4 get` knows no --netstack

  /// The VMkernel's default stack; classic ESX has no other.
  std::string kernel() const { return state_.contains("product") ? "vmkernel" : "defaultTcpipStack"; }

  Json* interface(const std::string& name) { return find("interfaces", "name", name); }
  Json* stack(const std::string& name) { return find("stacks", "name", name); }
  Json* volume(const std::string& label) { return find("volumes", "label", label); }
  Json* binding(const std::string& nic) { return find("bindings", "nic", nic); }
  Json* adapter(const std::string& name) { return find("adapters", "name", name); }
  Json* vswitch(const std::string& name) { return find("switches", "name", name); }
  /// The port group, or null.
  Json* portgroup(const std::string& name);
  /// The switch that has the port group, or null.
  Json* vswitch_of(const std::string& portgroup);
  Json* user_of(const std::string& portgroup) { return find("interfaces", "portgroup", portgroup); }

  Json& existing_interface(const std::string& name);
  Json& existing_stack(const std::string& name);
  Json& existing_portgroup(const std::string& name);

  /// The enabled interface of the stack in whose network the address lies; null: off-link.
  Json* carrier(const std::string& stack, const std::string& address);
  /// Active and standby uplinks in force.
  Json uplinks_of(const std::string& portgroup);

 private:
  Json* find(const char* list, const char* key, const std::string& value);

  Json state_;
};

std::optional<std::uint32_t> ipv4(const std::string& text);
bool in_network(std::uint32_t address, std::uint32_t of, std::uint32_t mask);
std::string text_of(std::uint32_t address);
bool has(const Json& list, const std::string& item);
void drop(Json& list, const Json* item);

}  // namespace emulator
