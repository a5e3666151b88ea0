#include "shell_functions.hpp"

#include <algorithm>
#include <array>

namespace esx2esxi::render {

namespace {

/// A section of the library, and the sections that it calls in turn.
struct Section {
  std::string_view name;
  std::string_view calls;
  std::string_view calls_too;
};

/// What is called stands below its callers.
constexpr std::array kSections{
    Section{"left_out", "attempt", ""},
    Section{"attempt", "change", ""},
    Section{"change_with_mac", "recall_macs", "change"},
    Section{"keep_mac", "recall_macs", "look_mac"},
    Section{"recall_macs", "", ""},
    Section{"change", "", ""},
    Section{"settled", "", ""},
    Section{"is", "", ""},
    Section{"is_not", "", ""},
    Section{"expect", "", ""},
    Section{"look_stack", "", ""},
    Section{"look_volume", "", ""},
    Section{"look_route", "load_routes", ""},
    Section{"look_gateway", "load_routes", ""},
    Section{"load_routes", "", ""},
    Section{"look_uplinks", "look_portgroup", ""},
    Section{"look_vlan", "look_portgroup", ""},
    Section{"look_portgroup", "", ""},
    Section{"look_binding", "find_adapter", ""},
    Section{"find_adapter", "", ""},
    Section{"in_maintenance", "", ""},
    Section{"look_tag", "look_tags", ""},
    Section{"look_tags", "interface_field", ""},
    Section{"look_own_gateway", "address_field", ""},
    Section{"look_address", "interface_field", "address_field"},
    Section{"look_mtu", "interface_field", ""},
    Section{"look_enabled", "interface_field", ""},
    Section{"look_mac", "interface_field", ""},
    Section{"look_place", "interface_field", ""},
    Section{"address_field", "", ""},
    Section{"interface_field", "", ""},
};

}  // namespace

void Functions::called_by(std::string_view line) { call(line.substr(0, line.find(' '))); }

void Functions::call(std::string_view function) { called_.emplace(function); }

void Functions::put(Fields& fields) const {
  auto called = called_;
  for (const auto& section : kSections) {
    const bool used = called.contains(section.name);
    if (used) called.emplace(section.calls);
    if (used) called.emplace(section.calls_too);
    fields.insert_or_assign(std::string(section.name), used);
  }
}

}  // namespace esx2esxi::render
