// `esxcfg-nics -l`: the physical NICs.
//
//   Name    PCI          Driver      Link Speed      Duplex MAC Address       MTU    Description
//   vmnic0  0000:4b:00.0 icen        Up   25000Mbps  Full   02:00:00:aa:bb:cc 1500   Intel(R) Ethernet Controller
//   E810-C vusb0   Pseudo       cdc_ether   Up   10Mbps     Half   02:21:5e:3a:77:41 1500   Unknown Unknown
//
// Facts relied on: names vmnicN and vusbN; the speed can fill its column; the description holds blanks, may be cut or
// empty (all seen); ESX 3.0 may lack the MTU (assumed).
#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "prompt.hpp"
#include "table.hpp"

namespace esx2esxi::intake {

namespace {

class NicListing {
 public:
  explicit NicListing(Reading& reading) : reading_(reading) {}

  void read(const Line& line) {
    const auto text = trim(line.text);
    if (text.empty() || find_prompt(text)) return;
    if (auto found = read_header(line.text)) {
      header_ = found->has(Col::Duplex) || found->has(Col::Pci) ? *found : usual();
      return;
    }
    const auto name = text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
    if ((!is_numbered(name, "vmnic") && !is_numbered(name, "vusb")) || name.size() == text.size())
      return reading_.unknown(line);
    PnicFact fact;
    fact.name = std::string(name);
    fact.at = reading_.at(line, name);
    if (const auto row = read_row(header_, line.text)) {
      if (const auto cell = (*row)[Col::Mac]; !cell.empty() && cell != "N/A") fact.mac = reading_.mac(line, cell);
      if (const auto cell = (*row)[Col::Driver]; !cell.empty())
        fact.driver = reading_.said(line, cell, std::string(cell));
    } else {
      reading_.warn(fact.at, "row-damaged", fmt::format("the row of {} does not fit its header and was refused", name),
                    "save the output of esxcfg-nics -l again");
    }
    reading_.facts.pnics.push_back(std::move(fact));
  }

 private:
  static Header usual() {
    using enum Col;
    return make_header({Interface, Pci, Driver, Link, Speed, Duplex, Mac, Mtu, Description});
  }

  Reading& reading_;
  Header header_ = usual();
};

}  // namespace

Facts read_esxcfg_nics(const Source& source) {
  Reading reading(source);
  NicListing listing(reading);
  reading.for_each_line([&](const Line& line) { listing.read(line); });
  return reading.take();
}

}  // namespace esx2esxi::intake
