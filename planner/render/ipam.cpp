// address-changes.csv, and the addresses in the layouts that two IPAM systems import.
//
// NetBox: the columns of IPAddressImportForm (netbox/ipam/forms/bulk_import.py); `address` and `status` are required, a
// `device` and its `interface` must exist. There is no `is_primary`: a false one would take the device's primary
// address away (netbox-community/netbox#20459).
// phpIPAM: app/admin/import-export/import-ipaddr-*.php; `section`, `ip_addr` and `subnet` (with its mask) are required,
// texts may hold none of ; ' ", a description has 64 characters, a tag is one of Used, Reserved, Offline, DHCP.
#include <algorithm>

#include <fmt/format.h>

#include "addresses.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/render/quote.hpp"
#include "files.hpp"
#include "svg.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kNetboxDescription = 200;  // characters
constexpr std::size_t kPhpipamDescription = 64;
constexpr std::size_t kLongestLabel = 63;

bool blocked(const AddressUse& use) { return use.holder().host->status == plan::Status::Blocked; }

/// Its name on ESXi; empty: it has none there.
std::string new_name(const AddressUse& use) {
  const auto& last = use.holder().change.last();
  return use.fate == Fate::Released || last.is_vswif() ? std::string() : last.name;
}

std::string called(const Holder& holder) {
  return fmt::format("{} {}", holder.host->name,
                     holder.change.classic_name().empty() ? holder.change.last().name : holder.change.classic_name());
}

/// "pier01 vmk1 (was vmk0): vmotion"
std::string description(const AddressUse& use) {
  const auto name = new_name(use);
  const auto classic = use.holder().change.classic_name();
  auto text = fmt::format("{} {}", use.holder().host->name, name.empty() ? classic : name);
  if (!name.empty() && !classic.empty() && classic != name) text += fmt::format(" (was {})", classic);
  if (const auto services = services_text(use.interface()); !services.empty()) text += ": " + services;
  return text;
}

std::string note(const AddressUse& use) {
  std::vector<std::string> notes;
  if (blocked(use)) notes.emplace_back("host is blocked: nothing changes yet");
  for (std::size_t i = 1; i < use.holders.size(); ++i) notes.push_back("also " + called(use.holders[i]));
  for (const auto& old : use.former) notes.push_back("until now also " + called(old));
  if (use.fate == Fate::New)
    for (const auto* remedy : remedies_of(*use.holder().host, use.holder().change.last().name))
      if (remedy->to_be_confirmed) notes.emplace_back("to be confirmed by the network team");
  if (use.interface().dhcp) notes.emplace_back("DHCP");
  if (!use.interface().enabled) notes.emplace_back("disabled");
  return join(notes, ", ");
}

std::string prefix_text(const AddressUse& use) {
  const auto length = use.interface().prefix_length();
  return length ? std::to_string(*length) : std::string();
}

bool is_dns_name(std::string_view name) {
  const auto is_inner = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  };
  const auto labels = split(name, '.');
  return name.size() <= 253 && std::all_of(labels.begin(), labels.end(), [&](std::string_view label) {
           return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' && label.back() != '-' &&
                  std::all_of(label.begin(), label.end(), is_inner);
         });
}

/// The host's own name belongs to the address that manages it.
std::string dns_name(const AddressUse& use) {
  if (use.fate == Fate::Released || !use.interface().services.has(model::Service::Management)) return {};
  const auto& host = *use.holder().host;
  const auto& domain = host.after.dns.domain.empty() ? host.before.dns.domain : host.after.dns.domain;
  const auto name = domain.empty() ? host.name : host.name + "." + domain;
  return is_dns_name(name) ? name : std::string();
}

/// Without what phpIPAM refuses in a text, and on one line.
std::string plain(std::string_view text) {
  auto out = valid_utf8(text);
  for (auto& c : out)
    if (c == ';' || c == '\'' || c == '"' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return out;
}

std::string_view netbox_status(const AddressUse& use) {
  if (use.fate == Fate::Released) return "deprecated";
  if (use.interface().dhcp) return "dhcp";
  return use.fate == Fate::New ? "reserved" : "active";
}

std::string_view phpipam_tag(const AddressUse& use) {
  if (use.fate == Fate::Released) return "Offline";
  if (use.interface().dhcp) return "DHCP";
  return use.fate == Fate::New ? "Reserved" : "Used";
}

std::string subnet_text(const AddressUse& use) {
  const auto length = use.interface().prefix_length();
  return length ? to_string(*net::Ipv4Prefix::containing(use.address, *length)) : std::string();
}

}  // namespace

std::string csv_row(const std::vector<std::string>& cells) {
  std::string line;
  for (const auto& cell : cells) {
    if (&cell != &cells.front()) line += ',';
    line += quote(valid_utf8(cell), Syntax::Csv);
  }
  return line + "\r\n";
}

std::string address_changes_csv(const plan::Plan& plan) {
  auto out = csv_row(
      {"status", "address", "prefix", "vlan", "host", "interface", "from", "services", "counterpart", "when", "note"});
  const auto uses = address_uses(plan);
  for (const auto& use : uses) {
    const auto& interface = use.interface();
    out +=
        csv_row({std::string(to_string(use.fate)), to_string(use.address), prefix_text(use),
                 interface.vlan ? std::to_string(interface.vlan->value()) : "", use.holder().host->name, new_name(use),
                 use.holder().change.classic_name(), services_text(interface), use.counterpart(), use.when, note(use)});
  }
  return out;
}

std::string netbox_csv(const plan::Plan& plan) {
  auto out = csv_row({"address", "status", "device", "interface", "dns_name", "description"});
  const auto uses = address_uses(plan);
  for (const auto& use : uses) {
    const auto prefix = prefix_text(use);
    const auto name = new_name(use);
    auto text = description(use);
    if (const auto more = note(use); !more.empty()) text += "; " + more;
    if (!use.when.empty()) text += fmt::format("; {} {}", to_string(use.fate), use.when);
    out +=
        csv_row({to_string(use.address) + (prefix.empty() ? "" : "/" + prefix), std::string(netbox_status(use)),
                 name.empty() ? "" : use.holder().host->name, name, dns_name(use), fitted(text, kNetboxDescription)});
  }
  return out;
}

std::string phpipam_csv(const plan::Plan& plan, const std::string& section) {
  auto out = csv_row({"section", "ip_addr", "hostname", "description", "vrf", "subnet", "mac", "owner", "device",
                      "note", "tag", "is_gateway", "port", "location"});
  const auto uses = address_uses(plan);
  for (const auto& use : uses) {
    auto more = note(use);
    if (!use.when.empty())
      more = fmt::format("{} {}{}{}", to_string(use.fate), use.when, more.empty() ? "" : ", ", more);
    out +=
        csv_row({section, to_string(use.address), dns_name(use), fitted(plain(description(use)), kPhpipamDescription),
                 "", subnet_text(use), "", "", "", plain(more), std::string(phpipam_tag(use)), "", new_name(use), ""});
  }
  return out;
}

}  // namespace esx2esxi::render
