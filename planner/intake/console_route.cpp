// `route`, `route -n`, `netstat -rn`, `ip route` on the service console: its routing table as it runs.
//
//   Kernel IP routing table
//   Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
//   10.20.0.0       0.0.0.0         255.255.255.0   U     0      0        0 vswif0
//   169.254.0.0     0.0.0.0         255.255.0.0     U     0      0        0 vswif0
//   0.0.0.0         10.20.0.1       0.0.0.0         UG    0      0        0 vswif0
//
//   default via 10.20.0.1 dev vswif0
//
// Facts relied on: `route` without -n prints names, cut at 15 characters, `*` for no gateway and the word `default`; D
// marks what an ICMP redirect taught (KB 344105), 169.254.0.0/16 is Linux zeroconf: neither is configuration (all
// seen).
#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

constexpr auto kZeroconf = net::Ipv4Prefix::containing(net::Ipv4Address::from_bits(0xa9fe0000), 16).value();

bool is_flags(std::string_view text) {
  return !text.empty() && text.size() <= 8 && text.find_first_not_of("UGHDMRACI!") == std::string_view::npos;
}

class ConsoleTable {
 public:
  explicit ConsoleTable(Reading& reading) : reading_(reading) {}

  void read(const Line& line) {
    const auto text = trim(line.text);
    if (text.empty() || text == "Kernel IP routing table") return;
    if (find_prompt(text)) {
      inside_ = false;
      return;
    }
    const auto tokens = words(text);
    if (tokens.size() >= 4 && tokens[0] == "Destination" && tokens[1] == "Gateway" && tokens[2] == "Genmask") {
      inside_ = true;
      reading_.facts.lists_routes = true;
      return;
    }
    if (const auto dev = value_after(tokens, "dev"); !dev.empty()) return ip_row(line, tokens, dev);
    if (inside_ || (tokens.size() >= 5 && is_flags(tokens[3]))) return row(line, tokens);
    reading_.unknown(line);
  }

 private:
  using Tokens = std::vector<std::string_view>;

  static std::string_view value_after(const Tokens& tokens, std::string_view word) {
    const auto at = std::find(tokens.begin(), tokens.end(), word);
    return at == tokens.end() || at + 1 == tokens.end() ? std::string_view() : *(at + 1);
  }

  void row(const Line& line, const Tokens& tokens) {
    if (tokens.size() < 5 || !is_flags(tokens[3])) return refuse(line, tokens);
    const auto flags = tokens[3];
    const auto device = tokens.back();
    if (flags.find('!') != std::string_view::npos) return drop(line, "rejects its destination");
    if (tokens[0] == "169.254.0.0" && tokens[2] == "255.255.0.0") return drop(line, "is Linux zeroconf");
    if (flags.find('D') != std::string_view::npos) return drop(line, "was taught by an ICMP redirect");
    if (flags.find('G') == std::string_view::npos) return;  // connected: follows from the interfaces
    if (tokens[0] == "default" || (tokens[0] == "0.0.0.0" && tokens[2] == "0.0.0.0"))
      return gateway(line, tokens[1], device);
    if (!is_numeric(tokens[0])) return nameless(line, tokens[2] == "0.0.0.0" ? gateway_lost() : route_lost());
    const auto network = reading_.network(line, tokens[0], tokens[2]);
    if (!network) return lose(line, tokens[2] == "0.0.0.0" ? gateway_lost() : route_lost());
    if (is_numeric(tokens[1])) return route(line, *network, tokens[1], device);
    nameless(line, route_lost(network));
  }

  void ip_row(const Line& line, const Tokens& tokens, std::string_view device) {
    reading_.facts.lists_routes = true;
    const auto via = value_after(tokens, "via");
    if (via.empty()) return;  // connected
    if (tokens[0] == "default") return gateway(line, via, device);
    auto text = std::string(tokens[0]);
    if (text.find('/') == std::string::npos) text += "/32";
    const auto network = net::Ipv4Prefix::parse(text);
    if (!network) return refuse(line, tokens);
    if (value_after(tokens, "proto") == "redirect") return drop(line, "was taught by an ICMP redirect");
    route(line, *network, via, device);
  }

  /// Names stand where -n was not given: they are no damage, but they are no address either.
  static bool is_numeric(std::string_view text) {
    return !text.empty() && ((text.front() >= '0' && text.front() <= '9') || looks_like_damaged_address(text));
  }

  void gateway(const Line& line, std::string_view text, std::string_view device) {
    if (!is_numeric(text)) return nameless(line, gateway_lost());
    const auto value = reading_.address(line, text);
    if (!value) return lose(line, gateway_lost());
    if (value->value.is_unspecified()) return;
    reading_.facts.gateways.push_back(
        {std::string(model::kConsole), value, reading_.said(line, device, std::string(device)), value->at});
  }

  void route(const Line& line, net::Ipv4Prefix network, std::string_view hop, std::string_view device) {
    if (kZeroconf.contains(network)) return drop(line, "is Linux zeroconf");
    const auto value = reading_.address(line, hop);
    if (!value) return lose(line, route_lost(network));
    reading_.facts.routes.push_back(
        {std::string(model::kConsole), network, value->value, std::string(device), reading_.at(line, trim(line.text))});
  }

  void drop(const Line& line, std::string_view why) {
    reading_.note(reading_.at(line), "route-dropped", fmt::format("the route {}: it is no configuration", why));
  }

  static LostFact gateway_lost() { return {LostFact::Of::Gateway, std::string(model::kConsole), {}}; }
  static LostFact route_lost(std::optional<net::Ipv4Prefix> network = {}) {
    return {LostFact::Of::Route, std::string(model::kConsole), {}, network};
  }

  void lose(const Line& line, LostFact lost) {
    lost.at = reading_.at(line);
    reading_.lose(std::move(lost));
  }

  void nameless(const Line& line, LostFact lost) {
    reading_.note(reading_.at(line), "route-by-name",
                  "the route is printed by name, maybe cut: route -n would tell more");
    lose(line, std::move(lost));
  }

  void refuse(const Line& line, const Tokens& tokens) {
    // Cut before its mask, a row to 0.0.0.0 can only be the default route.
    const bool is_default = tokens.front() == "default" || (tokens.front() == "0.0.0.0" && tokens.size() < 3);
    if (!is_default && !is_numeric(tokens.front())) return reading_.unknown(line);
    reading_.warn(reading_.at(line), "row-damaged", "the row is no route and was refused",
                  "save the output of route -n again");
    lose(line, is_default || (tokens.size() > 2 && tokens[2] == "0.0.0.0") ? gateway_lost() : route_lost());
  }

  Reading& reading_;
  bool inside_ = false;
};

}  // namespace

Facts read_route(const Source& source) {
  Reading reading(source);
  ConsoleTable table(reading);
  reading.for_each_line([&](const Line& line) { table.read(line); });
  return reading.take();
}

}  // namespace esx2esxi::intake
