// `esxcfg-route -l` and `esxcfg-route`: the VMkernel's routing table and its default gateway.
//
//   VMkernel Routes:
//   Network          Netmask          Gateway          Interface
//   10.71.10.0       255.255.255.0    Local Subnet     vmk0
//   10.71.40.0       255.255.255.0    10.71.30.253     vmk1
//   default          0.0.0.0          10.71.30.254     vmk1
//
//   VMkernel default gateway is 10.30.64.1
//
// Facts relied on: "VM Kernel Routes:" in old releases (KB 343820); connected rows say `Local Subnet`, two words; the
// Interface column is missing in old releases and cropped copies (all seen). Connected rows are no configuration: two
// equal subnets show only one of them. What is printed without a gateway is not known.
#include <fmt/format.h>

#include "esx2esxi/intake/readers.hpp"
#include "lines.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::string_view kGatewaySentence = "VMkernel default gateway is ";

class RouteListing {
 public:
  explicit RouteListing(Reading& reading) : reading_(reading) {}

  void read(const Line& line) {
    const auto text = trim(line.text);
    if (text.empty()) return;
    if (find_prompt(text)) {
      inside_ = false;
      return;
    }
    if (const auto at = text.find(kGatewaySentence); at == 0)
      return sentence(line, text.substr(kGatewaySentence.size()));
    const auto tokens = words(text);
    if (is_title(text, tokens)) {
      inside_ = true;
      if (tokens.front() == "Network") names_interfaces_ = tokens.size() > 3 && tokens[3] == "Interface";
      reading_.facts.lists_routes = true;
      return;
    }
    if (inside_) return row(line, tokens);
    reading_.unknown(line);
  }

 private:
  static bool is_title(std::string_view text, const std::vector<std::string_view>& tokens) {
    if (text == "VMkernel Routes:" || text == "VM Kernel Routes:") return true;
    return tokens.size() >= 3 && tokens[0] == "Network" && (tokens[1] == "Netmask" || tokens[1] == "Network") &&
           tokens[2] == "Gateway";
  }

  void sentence(const Line& line, std::string_view rest) {
    const bool given = !rest.empty() && ((rest.front() >= '0' && rest.front() <= '9') || rest.front() == '$');
    if (given || looks_like_damaged_address(rest)) return gateway(line, rest, {});
    reading_.note(reading_.at(line), "gateway-unset", "the VMkernel has no default gateway, as far as this line tells");
  }

  void gateway(const Line& line, std::string_view address, std::string_view device) {
    const auto value = reading_.address(line, address);
    if (!value) return lose(line, gateway_lost());
    if (value->value.is_unspecified()) return;
    GatewayFact fact{std::string(model::kVmkernel), value, {}, value->at};
    if (!device.empty()) fact.device = reading_.said(line, device, std::string(device));
    reading_.facts.gateways.push_back(std::move(fact));
  }

  void row(const Line& line, const std::vector<std::string_view>& tokens) {
    if (tokens.size() >= 4 && tokens[2] == "Local" && tokens[3] == "Subnet") return;
    const std::size_t least = names_interfaces_ ? 4 : 3;  // a shorter row was cut, maybe inside an address
    if (tokens.size() < least || tokens.size() > 4 || (tokens.size() == 4 && !is_numbered(tokens[3], "vmk")))
      return refuse(line, tokens);
    const auto device = tokens.size() == 4 ? tokens[3] : std::string_view();
    const bool to_all = tokens[1] == "0.0.0.0";
    if (tokens[0] == "default" || (tokens[0] == "0.0.0.0" && to_all))
      return to_all ? gateway(line, tokens[2], device) : refuse(line, tokens);
    if (!is_like_address(tokens[0]) && !is_like_address(tokens[1])) return reading_.unknown(line);
    const auto network = reading_.network(line, tokens[0], tokens[1]);
    const auto hop = reading_.address(line, tokens[2]);
    if (!network || !hop) return lose(line, to_all ? gateway_lost() : route_lost(network));
    reading_.facts.routes.push_back(
        {std::string(model::kVmkernel), *network, hop->value, std::string(device), reading_.at(line, tokens[0])});
  }

  static bool is_like_address(std::string_view text) {
    return net::Ipv4Address::parse(text).has_value() || looks_like_damaged_address(text);
  }

  /// A word that begins like a row is a damaged one; anything else is somebody's remark.
  void refuse(const Line& line, const std::vector<std::string_view>& tokens) {
    const bool is_default = tokens.front() == "default";
    if (!is_default && !is_like_address(tokens.front())) return reading_.unknown(line);
    reading_.warn(reading_.at(line), "row-damaged", "the row is no route of esxcfg-route -l and was refused",
                  "save the output of esxcfg-route -l again");
    lose(line, is_default ? gateway_lost() : route_lost({}));
  }

  static LostFact gateway_lost() { return {LostFact::Of::Gateway, std::string(model::kVmkernel), {}}; }
  static LostFact route_lost(std::optional<net::Ipv4Prefix> network) {
    return {LostFact::Of::Route, std::string(model::kVmkernel), {}, network};
  }

  void lose(const Line& line, LostFact lost) {
    lost.at = reading_.at(line);
    reading_.lose(std::move(lost));
  }

  Reading& reading_;
  bool inside_ = false;
  bool names_interfaces_ = false;  ///< the titles end with "Interface"
};

}  // namespace

Facts read_esxcfg_route(const Source& source) {
  Reading reading(source);
  RouteListing listing(reading);
  reading.for_each_line([&](const Line& line) { listing.read(line); });
  return reading.take();
}

}  // namespace esx2esxi::intake
