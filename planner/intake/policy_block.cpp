#include "policy_block.hpp"

#include <algorithm>

#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/host.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::intake {

void complain(Diagnostics& notes, const Origin& at, std::string message, std::string remedy) {
  notes.push_back({Severity::Error, "policy", at, std::move(message), std::move(remedy)});
}

void warn(Diagnostics& notes, const Origin& at, std::string code, std::string message, std::string remedy) {
  notes.push_back({Severity::Warning, std::move(code), at, std::move(message), std::move(remedy)});
}

std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string out = "'";
  for (const char c : text.substr(0, kMost)) out += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
  return out + (text.size() > kMost ? "...'" : "'");
}

Block::Block(const InfoNode& node, std::span<const std::string_view> known, Diagnostics& notes)
    : node_(node), notes_(notes) {
  for (const auto& child : node.children)
    if (std::find(known.begin(), known.end(), child.key) == known.end())
      complain(notes, child.at, "unknown key " + shown(child.key),
               suggestion(child.key, known) + "; a value with blanks is written in double quotes");
}

std::vector<const InfoNode*> Block::all(std::string_view key) const {
  std::vector<const InfoNode*> out;
  for (const auto& child : node_.children)
    if (child.key == key) out.push_back(&child);
  return out;
}

const InfoNode* Block::one(std::string_view key) const {
  const auto found = all(key);
  if (found.empty()) return nullptr;
  for (std::size_t i = 1; i < found.size(); ++i)
    complain(notes_, found[i]->at,
             fmt::format("'{}' is said twice; the first stands in line {}", key, found[0]->at.line), "leave one");
  return found.front();
}

const InfoNode* Block::need(std::string_view key) const {
  const auto* found = one(key);
  if (!found)
    complain(
        notes_, node_.at,
        node_.key.empty() ? fmt::format("'{}' is missing", key) : fmt::format("{} has no '{}'", shown(node_.key), key),
        "add it");
  return found;
}

void takes_no_value(const InfoNode& node, Diagnostics& notes) {
  if (!node.value.empty())
    complain(notes, node.at, fmt::format("'{}' takes no value, but {} stands there", node.key, shown(node.value)),
             "its keys stand in braces, on lines of their own");
}

std::string Block::name() const {
  if (trim(node_.value).empty())
    complain(notes_, node_.at, fmt::format("'{}' has no name", node_.key), "write the name behind it");
  return std::string(trim(node_.value));
}

std::optional<std::string> read_text(const InfoNode& node, Diagnostics& notes) {
  if (!node.children.empty()) {
    complain(notes, node.at, fmt::format("'{}' takes a value, not a block", node.key));
    return std::nullopt;
  }
  const auto text = trim(node.value);
  if (text.empty()) {
    complain(notes, node.at, fmt::format("'{}' has no value", node.key));
    return std::nullopt;
  }
  return std::string(text);
}

namespace {

/// A value by its type's own parser.
template <class Parse>
auto parsed(const InfoNode& node, Diagnostics& notes, std::string_view what, Parse parse)
    -> std::optional<std::decay_t<decltype(*parse(std::string_view()))>> {
  const auto text = read_text(node, notes);
  if (!text) return std::nullopt;
  const auto value = parse(*text);
  if (!value) {
    complain(notes, node.at, fmt::format("'{}': {} is not {}: {}", node.key, shown(*text), what, value.error().what));
    return std::nullopt;
  }
  return *value;
}

}  // namespace

bool may_be_a_host(net::Ipv4Address address) {
  const auto first = address.bits() >> 24;
  return first != 0 && first != 127 && first < 224;
}

std::optional<net::Ipv4Address> read_address(const InfoNode& node, Diagnostics& notes) {
  const auto address = parsed(node, notes, "an IPv4 address", net::Ipv4Address::parse);
  if (address && !may_be_a_host(*address)) {
    complain(notes, node.at, fmt::format("'{}': {} is no address that a host can have", node.key, *address));
    return std::nullopt;
  }
  return address;
}

std::optional<net::Ipv4Prefix> read_network(const InfoNode& node, Diagnostics& notes) {
  const auto network = parsed(node, notes, "a network as ADDRESS/LENGTH", net::Ipv4Prefix::parse);
  if (network && network->length() == 0) {
    complain(notes, node.at, fmt::format("'{}': {} is the default route, not a network", node.key, *network));
    return std::nullopt;
  }
  return network;
}

std::optional<net::Ipv4Range> read_range(const InfoNode& node, Diagnostics& notes) {
  return parsed(node, notes, "an address, a network or a range A-B", net::Ipv4Range::parse);
}

std::optional<model::Date> read_date(const InfoNode& node, Diagnostics& notes) {
  return parsed(node, notes, "a day", model::Date::parse);
}

std::optional<model::Service> read_service(const InfoNode& node, Diagnostics& notes) {
  const auto text = read_text(node, notes);
  if (!text) return std::nullopt;
  const auto service = model::service_named(*text);
  if (!service)
    complain(notes, node.at, fmt::format("'{}': {} is no service", node.key, shown(*text)),
             suggestion(*text, model::kServiceNames));
  return service;
}

std::optional<std::string> read_interface(const InfoNode& node, Diagnostics& notes) {
  const auto text = read_text(node, notes);
  if (!text) return std::nullopt;
  for (const std::string_view prefix : {"vswif", "vmk"})
    if (text->starts_with(prefix) && text->size() < prefix.size() + 5 && number(text->substr(prefix.size())))
      return text;
  complain(notes, node.at, fmt::format("'{}': {} is no interface", node.key, shown(*text)),
           "as on the classic host: vswif0, vmk1");
  return std::nullopt;
}

std::optional<std::string> read_stack(const InfoNode& node, Diagnostics& notes) {
  constexpr std::size_t kLongest = 64;
  const auto text = read_text(node, notes);
  if (!text) return std::nullopt;
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  };
  const bool classic = *text == model::kConsole || *text == model::kVmkernel;
  if (!classic && text->size() <= kLongest && text->front() != '-' && std::all_of(text->begin(), text->end(), fits))
    return text;
  complain(notes, node.at, fmt::format("'{}': {} is no TCP/IP stack of ESXi", node.key, shown(*text)),
           "vmotion, vSphereProvisioning, defaultTcpipStack, or a custom one of letters, digits, '-' and '_'");
  return std::nullopt;
}

std::optional<int> read_integer(const InfoNode& node, Diagnostics& notes, int least, int most) {
  const auto text = read_text(node, notes);
  if (!text) return std::nullopt;
  const auto value = number(*text);
  if (!value || *value < static_cast<unsigned>(least) || *value > static_cast<unsigned>(most)) {
    complain(notes, node.at,
             fmt::format("'{}': {} is not a whole number from {} to {}", node.key, shown(*text), least, most));
    return std::nullopt;
  }
  return static_cast<int>(*value);
}

std::optional<unsigned> read_capacity(const InfoNode& node, Diagnostics& notes) {
  const auto n = read_integer(node, notes, 1, 1000);
  return n ? std::optional(static_cast<unsigned>(*n)) : std::nullopt;
}

}  // namespace esx2esxi::intake
