// `esxcfg-vmknic -l`: the VMkernel's interfaces.
//
//   ESX 3.5  Interface  Port Group  IP Address  Netmask  Broadcast  MAC Address  MTU  TSO MSS  Enabled Type
//   ESX 4.x  Interface  Port Group/DVPort  IP Family IP Address  Netmask  Broadcast  MAC Address  MTU  TSO MSS Enabled
//   Type ESXi 6   ... Port Group/DVPort/Opaque Network ... Type  NetStack
//            vmk0  Management Network  IPv4  10.30.64.10  255.255.255.192 10.30.64.63  02:00:0a:1e:40:0a 1500  65535
//            true  STATIC vmk0  Management Network  IPv6  fe80::aff:fe1e:400a  64  02:00:0a:1e:40:0a 1500  65535  true
//            STATIC, PREFERRED vmk2  iSCSI-A  IPv4  N/A  N/A  N/A  00:50:56:aa:bb:cc 9000  65535  true  NONE
//
// Facts relied on: rows repeat per address; IPv6 rows have a prefix length as mask and an empty broadcast; no address
// prints as N/A, a DHCP interface without a lease as 0.0.0.0; on a distributed switch the second column is a port
// number (all seen). ESX 3 prints MTU 1514 for 1500 (KB 343820): passed on as it stands.
#include "esx2esxi/intake/readers.hpp"
#include "list_interfaces.hpp"

namespace esx2esxi::intake {

Facts read_esxcfg_vmknic(const Source& source) {
  Reading reading(source);
  InterfaceListing listing(reading, "vmk", "esxcfg-vmknic -l");
  reading.for_each_line([&](const Line& line) { listing.read(line); });
  reading.facts.lists_vmknics = listing.complete();
  return reading.take();
}

}  // namespace esx2esxi::intake
