// Small questions about a state that composing, comparing and explaining steps share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"

namespace esx2esxi::plan {

/// The tags that the interface's services need, in the order of the services. None off the default stack: services can
/// be chosen there only; the stack itself says what it is for.
std::vector<std::string> tags_of(const model::Interface& interface);

/// Services that neither a tag nor the interface's stack can express, bindings and mounts aside.
std::vector<model::Service> services_without_tag(const model::Interface& interface);

/// Comma list of the services, for `interrupts`; empty: none.
std::string services_text(model::Services services);

/// All that `ipv4 set` decides: "10.0.0.5 255.255.255.0", "dhcp", "none"; with "gateway A" where the interface has its
/// own.
std::string addressing_text(const model::Interface& interface);

/// Whether a next hop lies in the interface's range, and the interface is enabled.
bool holds(const model::Interface& interface, net::Ipv4Address next_hop);

/// Control characters as blanks: for texts that have to stay one line.
std::string one_line(std::string text);

}  // namespace esx2esxi::plan
