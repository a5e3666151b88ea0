#include "list_interfaces.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

/// The layouts that rows without a header may have; what they print tells which one it is.
const std::array<Header, 6>& usual_headers() {
  static const std::array<Header, 6> all = [] {
    using enum Col;
    std::array<Header, 6> headers{
        make_header({Interface, Attachment, Family, Address, Netmask, Broadcast, Enabled, Type}),
        make_header({Interface, Attachment, Address, Netmask, Broadcast, Enabled, Dhcp}),
        make_header({Interface, Attachment, Family, Address, Netmask, Broadcast, Mac, Mtu, TsoMss, Enabled, Type}),
        make_header({Interface, Attachment, Address, Netmask, Broadcast, Mac, Mtu, TsoMss, Enabled, Type}),
        make_header(
            {Interface, Attachment, Family, Address, Netmask, Broadcast, Mac, Mtu, TsoMss, Enabled, Type, NetStack}),
        make_header({Interface, Attachment, Address, Netmask, Broadcast, Mac, Mtu, Enabled}),
    };
    for (auto& header : headers) {
      header.names_dvports = header.has(Family);  // both came with ESX 4.0
      header.named = !header.has(Mac);
    }
    return headers;
  }();
  return all;
}

/// No release prints anything behind these: a header that ends elsewhere was cut, or goes on in the next line.
bool is_whole(const Header& header) {
  const auto last = header.columns.back().col;
  return last == Col::Enabled || last == Col::Dhcp || last == Col::Type || last == Col::NetStack;
}

/// What listings begin with; anything else is the rest of a header that a terminal broke.
bool begins_listing(const Header& header) {
  const auto first = header.columns.front().col;
  return first == Col::Interface || first == Col::Switch || first == Col::Portgroup || first == Col::DvPort;
}

}  // namespace

bool InterfaceListing::is_own(const Header& header) const {
  if (!header.has(Col::Address)) return false;
  const bool kernel = header.has(Col::Mac) || header.has(Col::Mtu) || header.has(Col::TsoMss) ||
                      (header.has(Col::Interface) && !header.named);
  return kernel == (prefix_ == "vmk");
}

void InterfaceListing::read(const Line& line) {
  const auto text = trim(line.text);
  if (text.empty()) return;
  if (find_prompt(text)) {
    header_.reset();
    foreign_ = wrapped_ = false;
    return;
  }
  if (is_cut_mark(text)) {
    doubtful_ = true;
    return reading_.unknown(line);
  }
  if (auto found = read_header(line.text)) return header(line, std::move(*found));
  const auto name = text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
  if (is_numbered(name, prefix_) && !foreign_ && name.size() < text.size()) return row(line, name);
  if (header_ && name.starts_with(prefix_)) {
    doubtful_ = true;
    const auto* what = prefix_ == "vmk" ? "VMkernel interface" : "console interface";
    reading_.lose({LostFact::Of::Host, {}, what, {}, reading_.at(line, name)});
    return reading_.warn(reading_.at(line, name), "row-damaged",
                         fmt::format("'{}' is no interface name: the row was refused", excerpt(name)));
  }
  reading_.unknown(line);
}

bool InterfaceListing::begins_as_own(const Header& header) const {
  return header.columns.size() > 1 && header.columns[0].col == Col::Interface &&
         header.columns[1].col == Col::Attachment && header.named == (prefix_ == "vswif");
}

void InterfaceListing::header(const Line& line, Header header) {
  if (wrapped_ && !begins_listing(header)) return;
  wrapped_ = begins_as_own(header) && !is_whole(header);
  if (wrapped_) {
    doubtful_ = true;
    foreign_ = false;
    header_.reset();
    return reading_.warn(reading_.at(line), "listing-wrapped",
                         fmt::format("the header of {} ends too early: wrapped by a terminal, or cut; its rows are "
                                     "refused",
                                     command_),
                         fmt::format("save the output of {} in a file, or widen the window", command_));
  }
  foreign_ = !is_own(header);
  if (foreign_) return header_.reset();
  if (!header.has(Col::Interface)) {
    doubtful_ = foreign_ = true;
    return reading_.warn(reading_.at(line), "listing-unnamed",
                         fmt::format("{} of this release does not name its interfaces: its rows say nothing", command_),
                         "supply etc/vmware/esx.conf of the host");
  }
  seen_ = true;
  header_ = std::move(header);
}

void InterfaceListing::row(const Line& line, std::string_view name) {
  if (wrapped_) {
    // What stands in it may be half of a value.
  } else if (header_) {
    if (const auto row = read_row(*header_, line.text)) return add(line, *row, header_->names_dvports);
  } else {
    for (const auto& header : usual_headers())
      if (is_own(header))
        if (const auto row = read_row(header, line.text)) {
          doubtful_ = true;  // what stood above the row is not known
          return add(line, *row, header.names_dvports);
        }
    if (line.text.find("Link encap") != std::string_view::npos) return;  // ifconfig's row of the same name
  }
  fact(line, name);  // it exists, and that is all the row proves
  const auto token = damaged_token(line.text);
  reading_.warn(reading_.at(line, token.empty() ? name : token), "row-damaged",
                wrapped_        ? fmt::format("the row of {} is wrapped or cut and was refused", name)
                : token.empty() ? fmt::format("the row of {} does not fit its header and was refused", name)
                                : fmt::format("'{}' is damaged: the row of {} was refused", excerpt(token), name),
                fmt::format("save the output of {} again", command_));
}

void InterfaceListing::add(const Line& line, const Row& row, bool names_dvports) {
  seen_ = true;
  auto& fact = this->fact(line, row[Col::Interface]);
  attach(line, fact, row[Col::Attachment], names_dvports);
  if (const auto cell = row[Col::Mac]; !cell.empty() && cell != "N/A" && !fact.mac) fact.mac = reading_.mac(line, cell);
  if (const auto cell = row[Col::Mtu]; !cell.empty() && !fact.mtu) {
    fact.mtu = reading_.mtu(line, cell);
    if (!fact.mtu) reading_.lose({LostFact::Of::Interface, fact.name, "mtu", {}, reading_.at(line, cell)});
  }
  if (const auto cell = row[Col::Enabled]; !cell.empty()) fact.enabled = reading_.said(line, cell, cell == "true");
  if (const auto cell = row[Col::NetStack]; !cell.empty()) fact.stack = reading_.said(line, cell, std::string(cell));
  const auto address = row[Col::Address];
  if (row[Col::Family] != "IPv6" && address.find(':') == std::string_view::npos) return ipv4(line, fact, row);
  reading_.note(reading_.at(line, address), "ipv6-dropped",
                fmt::format("an IPv6 address of {} is left out: plans are for IPv4", fact.name));
}

void InterfaceListing::attach(const Line& line, InterfaceFact& fact, std::string_view cell, bool names_dvports) {
  if (cell.empty()) return;
  const bool dvport = names_dvports && (number(cell) || is_uuid(cell));
  (dvport ? fact.dvport : fact.portgroup) = reading_.said(line, cell, std::string(cell));
}

void InterfaceListing::ipv4(const Line& line, InterfaceFact& fact, const Row& row) {
  const auto type = row[Col::Type];
  if (!type.empty()) fact.dhcp = reading_.said(line, type, type.starts_with("DHCP"));
  if (const auto cell = row[Col::Dhcp]; !cell.empty()) fact.dhcp = reading_.said(line, cell, cell == "true");
  // ESX 3.0 prints no type for the VMkernel; all others do.
  const bool prints_type = prefix_ == "vswif" || !row[Col::TsoMss].empty() || !row[Col::Family].empty();
  if (!fact.dhcp && prints_type) reading_.lose({LostFact::Of::Interface, fact.name, "dhcp", {}, reading_.at(line)});
  const auto cell = row[Col::Address];
  if (cell == "N/A") return;
  const auto address = reading_.address(line, cell);
  if (fact.address && address && fact.address->value != address->value) {
    return reading_.warn(reading_.at(line, cell), "second-address",
                         fmt::format("{} has a second IPv4 address: only the first is taken", fact.name));
  }
  fact.address = address;
  const auto mask = row[Col::Netmask];
  if (mask.empty() || mask == "N/A") return;
  fact.netmask = reading_.address(line, mask);
}

InterfaceFact& InterfaceListing::fact(const Line& line, std::string_view name) {
  auto& all = reading_.facts.interfaces;
  const auto [at, fresh] = known_.try_emplace(std::string(name), all.size());
  if (fresh) {
    InterfaceFact made;
    made.name = std::string(name);
    made.at = reading_.at(line, name);
    made.slot = static_cast<unsigned>(all.size());
    all.push_back(std::move(made));
  }
  return all[at->second];
}

}  // namespace esx2esxi::intake
