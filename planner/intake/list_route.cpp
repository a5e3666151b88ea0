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
    if (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') return gateway(line, rest, {});
    reading_.note(reading_.at(line), "gateway-unset", "the VMkernel has no default gateway, as far as this line tells");
  }

  void gateway(const Line& line, std::string_view address, std::string_view device) {
    const auto value = reading_.address(line, address);
    if (!value || value->value.is_unspecified()) return;
    GatewayFact fact{std::string(model::kVmkernel), value, {}, value->at};
    if (!device.empty()) fact.device = reading_.said(line, device, std::string(device));
    reading_.facts.gateways.push_back(std::move(fact));
  }

  void row(const Line& line, const std::vector<std::string_view>& tokens) {
    if (tokens.size() >= 4 && tokens[2] == "Local" && tokens[3] == "Subnet") return;
    const bool is_default = tokens.front() == "default" || tokens.front() == "0.0.0.0";
    if (tokens.size() < 3 || tokens.size() > 4 || (tokens.size() == 4 && !is_numbered(tokens[3], "vmk")))
      return refuse(line, tokens.front());
    const auto device = tokens.size() == 4 ? tokens[3] : std::string_view();
    if (is_default) return tokens[1] == "0.0.0.0" ? gateway(line, tokens[2], device) : refuse(line, tokens.front());
    const auto network = reading_.network(line, tokens[0], tokens[1]);
    const auto hop = reading_.address(line, tokens[2]);
    if (!network || !hop) return;
    reading_.facts.routes.push_back(
        {std::string(model::kVmkernel), *network, hop->value, std::string(device), reading_.at(line, tokens[0])});
  }

  /// A word that begins like a row is a damaged one; anything else is somebody's remark.
  void refuse(const Line& line, std::string_view first) {
    const bool like_row = first == "default" || net::Ipv4Address::parse(first) || looks_like_damaged_address(first);
    if (!like_row) return reading_.unknown(line);
    reading_.warn(reading_.at(line), "row-damaged", "the row is no route of esxcfg-route -l and was refused",
                  "save the output of esxcfg-route -l again");
  }

  Reading& reading_;
  bool inside_ = false;
};

}  // namespace

Facts read_esxcfg_route(const Source& source) {
  Reading reading(source);
  RouteListing listing(reading);
  reading.for_each_line([&](const Line& line) { listing.read(line); });
  return reading.take();
}

}  // namespace esx2esxi::intake
