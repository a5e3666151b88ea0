// The table of esxcli commands that are read: one line each. The columns are those of the text tables of all versions;
// an output may have fewer.
#include <algorithm>
#include <array>

#include "esxi_call.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

using enum Cell;

constexpr Column kIpv4[] = {{"Name"},
                            {"Interface"},
                            {"IPv4 Address", Address, true},
                            {"IPv4 Netmask", Address},
                            {"IPv4 Broadcast", Address},
                            {"Address Type"},
                            {"Gateway", Address},
                            {"DHCP DNS", Flag}};
constexpr Column kRoutes[] = {
    {"Network", Word, true}, {"Netmask", Address}, {"Gateway", Address, true}, {"Interface"}, {"Source"}};
constexpr Column kPortgroups[] = {
    {"Name", Text, true}, {"Virtual Switch", Word, true}, {"Active Clients", Number}, {"VLAN ID", Number}};
constexpr Column kNics[] = {{"Name"},   {"PCI Device"},   {"PCI"},         {"Driver"},
                            {"Link"},   {"Admin Status"}, {"Link Status"}, {"Speed", Number},
                            {"Duplex"}, {"MAC Address"},  {"MTU", Number}, {"Description", Text}};
constexpr Column kNfs[] = {{"Volume Name", Text, true},
                           {"Host"},
                           {"Host(s)"},
                           {"Share"},
                           {"Accessible", Flag},
                           {"Mounted", Flag},
                           {"Read-Only", Flag},
                           {"isPE", Flag},
                           {"Security"},
                           {"Hardware Acceleration", Text}};
constexpr Column kLogicalPortals[] = {
    {"Adapter"}, {"Vmknic"}, {"MAC Address"}, {"MAC Address Valid", Flag}, {"Compliant", Flag}};
constexpr Column kSendTargets[] = {{"Adapter"}, {"Sendtarget"}};
constexpr Column kStaticTargets[] = {{"Adapter"}, {"Target Address"}, {"Target Name"}};
constexpr Column kTargetPortals[] = {{"Adapter"}, {"Target"}, {"IP", Address}, {"Port", Number}, {"Tpgt", Number}};

// Sorted by path.
constexpr EsxiCommand kCommands[] = {
    {"iscsi adapter discovery sendtarget list", kSendTargets, read_iscsi_targets, nullptr},
    {"iscsi adapter discovery statictarget list", kStaticTargets, read_iscsi_targets, nullptr},
    {"iscsi adapter target portal list", kTargetPortals, read_iscsi_targets, nullptr},
    {"iscsi logicalnetworkportal list", kLogicalPortals, read_networkportals, nullptr},
    {"iscsi networkportal list", {}, read_networkportals, nullptr, kPortBinding},
    {"iscsi software get", {}, read_iscsi_software, nullptr},
    {"network ip dns search list", {}, read_dns_search, nullptr},
    {"network ip dns server list", {}, read_dns_servers, nullptr},
    {"network ip interface ipv4 address list", kIpv4, read_ipv4_get, nullptr},
    {"network ip interface ipv4 get", kIpv4, read_ipv4_get, nullptr},
    {"network ip interface list", {}, read_interface_list, learn_stacks},
    {"network ip interface tag get", {}, read_tag_get, nullptr, "services"},
    {"network ip route ipv4 list", kRoutes, read_route_list, learn_gateways},
    {"network nic list", kNics, read_nic_list, nullptr},
    {"network vswitch dvs vmware list", {}, read_dvs_list, nullptr},
    {"network vswitch standard list", {}, read_vswitch_list, learn_portgroups},
    {"network vswitch standard policy failover get", {}, read_failover, nullptr},
    {"network vswitch standard portgroup list", kPortgroups, read_portgroup_list, learn_portgroups, "port groups"},
    {"network vswitch standard portgroup policy failover get", {}, read_portgroup_failover, nullptr},
    {"storage nfs list", kNfs, read_nfs_list, nullptr, "NFS mounts"},
    {"storage nfs41 list", kNfs, read_nfs_list, nullptr},
    {"system hostname get", {}, read_hostname, nullptr},
    {"system ntp config get", {}, read_ntp, nullptr},
    {"system ntp get", {}, read_ntp, nullptr},
    {"system uuid get", {}, read_uuid, nullptr},
    {"system version get", {}, read_version, nullptr},
};
static_assert(std::is_sorted(std::begin(kCommands), std::end(kCommands),
                             [](const EsxiCommand& a, const EsxiCommand& b) { return a.path < b.path; }));

}  // namespace

const EsxiCommand* esxi_command(std::string_view path) {
  const auto* end = std::end(kCommands);
  const auto* it = std::lower_bound(std::begin(kCommands), end, path,
                                    [](const EsxiCommand& c, std::string_view p) { return c.path < p; });
  return it != end && it->path == path ? it : nullptr;
}

}  // namespace esx2esxi::intake
