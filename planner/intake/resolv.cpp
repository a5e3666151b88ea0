// /etc/resolv.conf: DNS servers and search list.
//
//   search harbor.example
//   nameserver 10.70.1.21
//
// Facts relied on (resolver(5)): comments begin with `;` or `#`; three servers at most count; the last of `search` and
// `domain` wins. `$VAR` stands for nothing here.
#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

Facts read_resolv_conf(const Source& source) {
  constexpr std::size_t most_servers = 3;
  Reading reading(source);
  auto& facts = reading.facts;
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto tokens = words(line.text.substr(0, line.text.find_first_of(";#")));
    if (tokens.empty()) return;
    if (tokens[0] == "nameserver" && tokens.size() >= 2) {
      if (tokens[1].find(':') != std::string_view::npos)
        return reading.note(reading.at(line, tokens[1]), "ipv6-ignored", "an IPv6 name server was passed over");
      const auto server = reading.address(line, tokens[1]);
      if (server && facts.dns_servers.size() < most_servers)
        facts.dns_servers.push_back(*server);
      else if (server)
        reading.note(server->at, "dns-server-unused", "the resolver asks the first three name servers only");
    } else if ((tokens[0] == "search" || tokens[0] == "domain") && tokens.size() >= 2) {
      if (tokens[0] == "domain") facts.domain = reading.said(line, tokens[1], std::string(tokens[1]));
      facts.dns_search.clear();
      for (std::size_t i = 1; i < (tokens[0] == "domain" ? 2 : tokens.size()); ++i)
        facts.dns_search.push_back(reading.said(line, tokens[i], std::string(tokens[i])));
    } else if (tokens[0] != "options" && tokens[0] != "sortlist") {
      reading.unknown(line);
    }
  });
  return reading.take();
}

}  // namespace esx2esxi::intake
