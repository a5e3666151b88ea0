#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace esx2esxi::model {

/// What an interface is for. Names as the vSphere API writes them (HostVirtualNicManager.NicType), and `iscsi`, `nfs`,
/// which no tag expresses: they follow from bindings, targets and mounts.
enum class Service : std::uint8_t {
  Management,
  VMotion,
  FaultToleranceLogging,
  Iscsi,
  Nfs,
  VSphereReplication,
  VSphereReplicationNfc,
  VSphereProvisioning,
  Vsan,
  VsanWitness,
  VSphereBackupNfc,
};

inline constexpr std::array<std::string_view, 11> kServiceNames{"management",
                                                                "vmotion",
                                                                "faultToleranceLogging",
                                                                "iscsi",
                                                                "nfs",
                                                                "vSphereReplication",
                                                                "vSphereReplicationNFC",
                                                                "vSphereProvisioning",
                                                                "vsan",
                                                                "vsanWitness",
                                                                "vSphereBackupNFC"};

constexpr std::string_view to_string(Service s) { return kServiceNames[static_cast<std::size_t>(s)]; }

/// By its name in any case ("VMotion", "vmotion").
std::optional<Service> service_named(std::string_view name);

/// A small set, iterated in the order of the enumeration.
class Services {
 public:
  constexpr Services() = default;
  constexpr Services(std::initializer_list<Service> all) {
    for (const auto s : all) add(s);
  }
  constexpr void add(Service s) { bits_ = static_cast<std::uint16_t>(bits_ | bit(s)); }
  constexpr void remove(Service s) { bits_ = static_cast<std::uint16_t>(bits_ & ~bit(s)); }
  constexpr bool has(Service s) const { return (bits_ & bit(s)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr bool intersects(Services other) const { return (bits_ & other.bits_) != 0; }
  constexpr void merge(Services other) { bits_ = static_cast<std::uint16_t>(bits_ | other.bits_); }
  std::vector<Service> list() const;
  friend constexpr bool operator==(Services, Services) = default;

 private:
  static constexpr unsigned bit(Service s) { return 1U << static_cast<unsigned>(s); }
  std::uint16_t bits_ = 0;
};

}  // namespace esx2esxi::model
