#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace esx2esxi::model {

/// An ESXi release line: "8.0" is {8, 0}.
struct Target {
  unsigned major = 8;
  unsigned minor = 0;

  constexpr bool has_netstacks() const { return *this >= Target{5, 5}; }          ///< custom stacks (GUID-..., API 5.5)
  constexpr bool has_vmotion_stack() const { return *this >= Target{6, 0}; }      ///< vmotion, vSphereProvisioning
  constexpr bool has_gateway_override() const { return *this >= Target{6, 5}; }   ///< GUID-44CAFD7C
  constexpr bool has_multi_nic_vmotion() const { return *this >= Target{5, 0}; }  ///< multihoming.md 14
  constexpr bool has_interface_tags() const { return *this >= Target{5, 1}; }     ///< esxcli ... interface tag
  constexpr bool loses_routes_at_reboot() const { return *this == Target{5, 0}; }
  constexpr bool upgradable_from_esx4() const { return *this >= Target{5, 0} && *this <= Target{5, 5}; }

  friend constexpr auto operator<=>(Target, Target) = default;
};

std::string to_string(Target target);

/// The releases a plan can be made for, oldest first.
inline constexpr std::array<std::string_view, 9> kTargetNames = {"4.1", "5.0", "5.1", "5.5", "6.0",
                                                                 "6.5", "6.7", "7.0", "8.0"};
/// One of kTargetNames.
std::optional<Target> target_named(std::string_view name);

/// How the host gets to ESXi: a new installation, or VMware's in-place upgrade (ESX 4.x to 5.0, 5.1, 5.5).
enum class Path : std::uint8_t { Fresh, Upgrade };

constexpr std::string_view to_string(Path path) { return path == Path::Fresh ? "fresh" : "upgrade"; }

inline constexpr std::array<std::string_view, 2> kPathNames = {"fresh", "upgrade"};
std::optional<Path> path_named(std::string_view name);

}  // namespace esx2esxi::model
