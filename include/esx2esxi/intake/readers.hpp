// One function per format: the bytes of one file in, what it says out. Pure; never throws on content.
#pragma once

#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake {

// Configuration files
Facts read_esx_conf(const Source& source);       ///< /etc/vmware/esx.conf
Facts read_ifcfg(const Source& source);          ///< /etc/sysconfig/network-scripts/ifcfg-vswifN
Facts read_network(const Source& source);        ///< /etc/sysconfig/network
Facts read_route_file(const Source& source);     ///< /etc/sysconfig/network-scripts/route-vswifN
Facts read_static_routes(const Source& source);  ///< /etc/sysconfig/static-routes
Facts read_resolv_conf(const Source& source);
Facts read_hosts(const Source& source);
Facts read_ntp_conf(const Source& source);
Facts read_step_tickers(const Source& source);
Facts read_vmware_release(const Source& source);  ///< /etc/vmware-release
Facts read_vmkiscsi_conf(const Source& source);   ///< discovery addresses only: the CHAP secret never leaves it

// Saved command outputs
Facts read_esxcfg_vswif(const Source& source);    ///< esxcfg-vswif -l
Facts read_esxcfg_vmknic(const Source& source);   ///< esxcfg-vmknic -l
Facts read_esxcfg_vswitch(const Source& source);  ///< esxcfg-vswitch -l
Facts read_esxcfg_route(const Source& source);    ///< esxcfg-route, esxcfg-route -l
Facts read_route(const Source& source);           ///< route, route -n, netstat -rn of the console
Facts read_ifconfig(const Source& source);
Facts read_esxcfg_nics(const Source& source);       ///< esxcfg-nics -l
Facts read_esxcfg_nas(const Source& source);        ///< esxcfg-nas -l
Facts read_swiscsi_nic_list(const Source& source);  ///< esxcli swiscsi nic list -d vmhbaN
Facts read_vmware_version(const Source& source);    ///< vmware -v, -l, -vl

Facts read_uname(const Source& source);           ///< uname -a, uname -n
Facts read_esxcfg_swiscsi(const Source& source);  ///< esxcfg-swiscsi -q
Facts read_esxcfg_advcfg(const Source& source);   ///< esxcfg-advcfg -g /Migrate/Vmknic, with its prompt
Facts read_esxcfg_info(const Source& source);     ///< esxcfg-info -a: uuid and product only
/// Lines that grep found in esx.conf: only what one line alone says. What is missing means nothing.
Facts read_grepped_esx_conf(const Source& source);

// Install scripts
Facts read_kickstart(const Source& source);  ///< kickstarts of ESX 3.x, 4.x and ESXi; scripts of esxcfg commands

}  // namespace esx2esxi::intake
