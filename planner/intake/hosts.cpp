// /etc/hosts: names by address. Corroborates the console's address, never defines it.
//
//   127.0.0.1   localhost.localdomain localhost
//   10.74.10.35 tug35.harbor.example tug35
//
// Facts relied on: the full name first; an alias line may carry a VMkernel address; VirtualCenter adds its HA peers
// (seen).
#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

Facts read_hosts(const Source& source) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto tokens = words(line.text.substr(0, line.text.find('#')));
    if (tokens.empty() || tokens[0].find(':') != std::string_view::npos) return;  // IPv6
    const bool like_address = tokens[0].front() >= '0' && tokens[0].front() <= '9';
    if (!like_address && !looks_like_damaged_address(tokens[0])) return reading.unknown(line);
    const auto address = reading.address(line, tokens[0]);
    if (!address || tokens.size() < 2) return;
    reading.facts.hosts_entries.push_back({address->value, {tokens.begin() + 1, tokens.end()}, address->at});
  });
  return reading.take();
}

}  // namespace esx2esxi::intake
