#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::plan {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::AddPortgroup: return "add-portgroup";
    case Action::SetPortgroupVlan: return "set-portgroup-vlan";
    case Action::SetPortgroupUplinks: return "set-portgroup-uplinks";
    case Action::InheritUplinks: return "inherit-uplinks";
    case Action::RemovePortgroup: return "remove-portgroup";
    case Action::Unbind: return "unbind";
    case Action::Bind: return "bind";
    case Action::RemoveTag: return "remove-tag";
    case Action::AddTag: return "add-tag";
    case Action::RemoveInterface: return "remove-interface";
    case Action::AddStack: return "add-stack";
    case Action::RemoveStack: return "remove-stack";
    case Action::AddInterface: return "add-interface";
    case Action::SetAddress: return "set-address";
    case Action::SetEnabled: return "set-enabled";
    case Action::SetMtu: return "set-mtu";
    case Action::RemoveRoute: return "remove-route";
    case Action::AddRoute: return "add-route";
    case Action::RemoveGateway: return "remove-gateway";
    case Action::SetGateway: return "set-gateway";
    case Action::Unmount: return "unmount";
    case Action::Mount: return "mount";
  }
  return {};
}

std::string_view Step::argument(std::string_view name) const {
  for (const auto& [key, value] : arguments)
    if (key == name) return value;
  return {};
}

}  // namespace esx2esxi::plan
