// /etc/vmkiscsi.conf of ESX 3.x: the software initiator's discovery addresses.
//
//   DiscoveryAddress=10.74.50.20:3260
//
// The file also holds CHAP secrets (assumed): of all other lines only their number is taken notice of, and no text of
// theirs reaches a fact or a diagnostic.
#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::string_view kKey = "DiscoveryAddress";

/// What the line says behind `DiscoveryAddress =`; empty: it is another line.
std::string_view discovery_address(std::string_view text) {
  text = trim(text);
  if (text.size() <= kKey.size() || !equals_ignoring_case(text.substr(0, kKey.size()), kKey)) return {};
  text = trim(text.substr(kKey.size()));
  if (!text.starts_with('=')) return {};
  text = trim(text.substr(1));
  return text.substr(0, text.find_first_of(" \t#"));
}

}  // namespace

Facts read_vmkiscsi_conf(const Source& source) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto value = discovery_address(line.text);
    if (value.empty()) return;
    const auto host = value.substr(0, value.find(':'));
    const bool numeric = host.find_first_not_of("0123456789.") == std::string_view::npos;
    if (!numeric && !looks_like_damaged_address(host))
      return reading.note(reading.at(line, value), "iscsi-target-name", "a discovery address is given by name");
    if (const auto address = reading.address(line, host)) reading.facts.iscsi_targets.push_back(*address);
  });
  return reading.take();
}

}  // namespace esx2esxi::intake
