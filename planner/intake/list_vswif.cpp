// `esxcfg-vswif -l`: the service console's interfaces as they run.
//
//   ESX 3.x  Name    Port Group      IP Address    Netmask         Broadcast      Enabled  DHCP
//            vswif0  Service Console 192.168.10.50 255.255.255.0   192.168.10.255 true     false
//   ESX 4.x  Name     Port Group/DVPort   IP Family IP Address  Netmask        Broadcast     Enabled   TYPE
//            vswif0   Service Console     IPv4      10.20.0.130 255.255.255.0  10.20.0.255   true      STATIC
//
// Facts relied on: the name stands first; the last column is true/false under DHCP and a word under TYPE (seen); one
// row per address family, with an empty broadcast on IPv6 rows (seen for vmknic); on a distributed switch the second
// column is a port number (assumed). A header without rows means that there is no vswif.
#include "esx2esxi/intake/readers.hpp"
#include "list_interfaces.hpp"

namespace esx2esxi::intake {

Facts read_esxcfg_vswif(const Source& source) {
  Reading reading(source);
  InterfaceListing listing(reading, "vswif", "esxcfg-vswif -l");
  reading.for_each_line([&](const Line& line) { listing.read(line); });
  reading.facts.lists_vswifs = listing.complete();
  return reading.take();
}

}  // namespace esx2esxi::intake
