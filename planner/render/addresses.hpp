// Every address of the plan once: who has it now, who will, and from which wave on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "changes.hpp"

namespace esx2esxi::render {

enum class Fate : std::uint8_t { Kept, New, Released };
std::string_view to_string(Fate fate);

/// An interface that holds an address. Pointers into the plan.
struct Holder {
  const plan::HostPlan* host = nullptr;
  InterfaceChange change;
};

struct AddressUse {
  net::Ipv4Address address;
  Fate fate = Fate::Kept;
  std::vector<Holder> holders;  ///< who will have it, else who had it; never empty; several: a duplicate
  std::vector<Holder> former;   ///< kept: who had it, if that is somebody else
  std::string when;             ///< "before wave 2": register it; "after wave 3": it is free; kept: empty

  const Holder& holder() const { return holders.front(); }
  /// The interface in the state that the address is of.
  const model::Interface& interface() const;
  /// The address that the holder had before, or gets instead; empty: kept, or there is none.
  std::string counterpart() const;
};

/// Sorted by address. The plan of a blocked host is not carried out: its addresses are kept, and it takes no new ones.
std::vector<AddressUse> address_uses(const plan::Plan& plan);

}  // namespace esx2esxi::render
