// /etc/ntp.conf and /etc/ntp/step-tickers: the clocks the host follows.
//
//   server<TAB>127.127.1.0<TAB># local clock       a pseudo server, skipped
//   server 10.70.1.31 prefer
//
// Facts relied on: the defaults of RHEL 3 with trailing blanks and comments (seen); step-tickers holds plain names or
// addresses (assumed).
#include <algorithm>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostServers = 64;  // ntpd itself uses ten

void add_server(Reading& reading, const Line& line, std::string_view name) {
  if (name.starts_with("127.127.") || name == "127.0.0.1" || name.find(':') != std::string_view::npos) return;
  if (looks_like_damaged_address(name)) {
    reading.address(line, name);  // says what is wrong with it
    return;
  }
  auto& all = reading.facts.ntp_servers;
  const bool known = std::any_of(all.begin(), all.end(), [&](const auto& said) { return said.value == name; });
  if (!known && all.size() < kMostServers) all.push_back(reading.said(line, name, std::string(name)));
}

template <class Visit>
Facts read_lines(const Source& source, Visit visit) {
  Reading reading(source);
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    const auto tokens = words(line.text.substr(0, line.text.find('#')));
    if (!tokens.empty()) visit(reading, line, tokens);
  });
  return reading.take();
}

}  // namespace

Facts read_ntp_conf(const Source& source) {
  return read_lines(source, [](Reading& reading, const Line& line, const std::vector<std::string_view>& tokens) {
    if ((tokens[0] == "server" || tokens[0] == "peer" || tokens[0] == "pool") && tokens.size() >= 2) {
      const auto options_first = tokens[1] == "-4" && tokens.size() > 2;
      add_server(reading, line, tokens[options_first ? 2 : 1]);
    }
  });
}

Facts read_step_tickers(const Source& source) {
  return read_lines(source, [](Reading& reading, const Line& line, const std::vector<std::string_view>& tokens) {
    for (const auto name : tokens) add_server(reading, line, name);
  });
}

}  // namespace esx2esxi::intake
