#include "esx2esxi/model/policy.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::model {

namespace {

int days_in(int year, int month) {
  constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::string_view short_part(std::string_view name) {
  if (net::Ipv4Address::parse(name)) return name;  // a host that is known by its address
  return name.substr(0, name.find('.'));
}

}  // namespace

Parsed<Date> Date::parse(std::string_view text) {
  constexpr std::string_view kShape = "dddd-dd-dd";
  const auto fault = [](std::string_view what, std::size_t at) {
    return tl::unexpected(ParseFault{what, static_cast<std::uint32_t>(at)});
  };
  if (text.size() != kShape.size()) return fault("not a date as YYYY-MM-DD", 0);
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != '-') return fault("not a date as YYYY-MM-DD", i);
  }
  const auto part = [&](std::size_t at, std::size_t length) {
    return static_cast<int>(number(text.substr(at, length)).value_or(0));
  };
  const Date date{part(0, 4), part(5, 2), part(8, 2)};
  if (date.year < 1) return fault("no year 0", 0);
  if (date.month < 1 || date.month > 12) return fault("a month outside 01 to 12", 5);
  if (date.day < 1 || date.day > days_in(date.year, date.month)) return fault("a day that its month does not have", 8);
  return date;
}

std::string to_string(Date date) { return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day); }

std::string_view to_string(EndpointKind kind) {
  switch (kind) {
    case EndpointKind::Vcenter: return "vcenter";
    case EndpointKind::Dns: return "dns";
    case EndpointKind::Ntp: return "ntp";
    case EndpointKind::Syslog: return "syslog";
    case EndpointKind::Nfs: return "nfs";
    case EndpointKind::Iscsi: return "iscsi";
    case EndpointKind::Isolation: return "isolation";
    case EndpointKind::Other: return "other";
  }
  return "other";
}

bool Waiver::is_void() const {
  return reason.empty() || owner.empty() || !expires || (host.empty() && cluster.empty());
}

bool names_host(std::string_view said, std::string_view short_name, std::string_view fqdn) {
  if (equals_ignoring_case(said, short_name)) return true;
  if (!fqdn.empty()) return equals_ignoring_case(said, fqdn);
  return equals_ignoring_case(short_part(said), short_name);  // nothing in the inputs tells the host's domain
}

const Cluster* Policy::cluster(std::string_view name) const {
  const auto it = std::find_if(clusters.begin(), clusters.end(),
                               [&](const Cluster& c) { return equals_ignoring_case(c.name, name); });
  return it == clusters.end() ? nullptr : &*it;
}

const Cluster* Policy::cluster_of(std::string_view short_name, std::string_view fqdn) const {
  for (const auto& cluster : clusters)
    for (const auto& host : cluster.hosts)
      if (names_host(host, short_name, fqdn)) return &cluster;
  return nullptr;
}

}  // namespace esx2esxi::model
