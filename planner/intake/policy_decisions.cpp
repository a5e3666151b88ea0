// Blocks of a policy that decide: pins and waivers.
#include <algorithm>

#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

namespace {

void read_segment_pin(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("pins/segment"), notes);
  takes_no_value(node, notes);
  const auto cluster = block.must("cluster", read_text);
  const auto service = block.must("service", read_service);
  const auto network = block.must("network", read_network);
  const auto reason = block.must("reason", read_text);
  if (cluster && service && network && reason)
    policy.segment_pins.push_back({*cluster, *service, *network, *reason, node.at});
}

/// A pin that says one thing of one interface.
template <class Pin, class Read>
void read_pin(const InfoNode& node, std::string_view keys, std::string_view key, Read read, std::vector<Pin>& pins,
              Diagnostics& notes) {
  const Block block(node, keys_of(keys), notes);
  takes_no_value(node, notes);
  const auto host = block.must("host", read_text);
  const auto name = block.must("name", read_interface);
  const auto value = block.must(key, read);
  const auto reason = block.must("reason", read_text);
  if (host && name && value && reason) pins.push_back({*host, *name, *value, *reason, node.at});
}

void read_interface_pin(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  read_pin(node, "pins/interface", "address", read_address, policy.interface_pins, notes);
}

void read_keep_pin(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("pins/keep"), notes);
  takes_no_value(node, notes);
  const auto host = block.must("host", read_text);
  const auto name = block.get("name", read_interface);
  const auto reason = block.must("reason", read_text);
  const bool bad_name = block.one("name") && !name;  // must not widen to the whole host
  if (host && reason && !bad_name) policy.keep_pins.push_back({*host, name.value_or(""), *reason, node.at});
}

void read_drop_pin(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("pins/drop"), notes);
  takes_no_value(node, notes);
  const auto host = block.must("host", read_text);
  const auto name = block.must("name", read_interface);
  const auto reason = block.must("reason", read_text);
  if (host && name && reason) policy.drop_pins.push_back({*host, *name, *reason, node.at});
}

void read_stack_pin(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  read_pin(node, "pins/stack", "stack", read_stack, policy.stack_pins, notes);
}

void read_gateway_pin(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  read_pin(node, "pins/gateway", "address", read_address, policy.gateway_pins, notes);
}

/// Two pins of one policy may name a host in two ways; they mean it alike if some host could be meant by both.
bool may_be_same_host(std::string_view a, std::string_view b) {
  return model::names_host(a, b, {}) || model::names_host(b, a, {});
}

template <class Pin>
bool same_interface(const Pin& a, std::string_view host, std::string_view name) {
  return may_be_same_host(a.host, host) && (a.name.empty() || a.name == name);
}

void contradiction(Diagnostics& notes, const Origin& at, std::string what, const Origin& other) {
  complain(notes, at, fmt::format("{} contradicts the pin in line {}", what, other.line), "leave one of the two");
}

void check_segment_pins(const model::Policy& policy, Diagnostics& notes) {
  const auto& pins = policy.segment_pins;
  for (auto later = pins.begin(); later != pins.end(); ++later)
    for (auto pin = pins.begin(); pin != later; ++pin)
      if (equals_ignoring_case(pin->cluster, later->cluster) && pin->service == later->service) {
        if (pin->network != later->network)
          contradiction(notes, later->at,
                        fmt::format("{} of {} to {}", to_string(later->service), shown(later->cluster), later->network),
                        pin->at);
        break;
      }
}

void check_interface_pins(const model::Policy& policy, Diagnostics& notes) {
  const auto& pins = policy.interface_pins;
  for (auto later = pins.begin(); later != pins.end(); ++later)
    for (auto pin = pins.begin(); pin != later; ++pin) {
      const bool same = same_interface(*pin, later->host, later->name);
      if (same != (pin->address == later->address)) {
        contradiction(notes, later->at, fmt::format("{} {} at {}", shown(later->host), later->name, later->address),
                      pin->at);
        break;
      }
    }
}

/// Two pins that want different things of one interface.
template <class Pin, class Value>
void check_one_value(const std::vector<Pin>& pins, Value Pin::*value, Diagnostics& notes) {
  for (auto later = pins.begin(); later != pins.end(); ++later)
    for (auto pin = pins.begin(); pin != later; ++pin)
      if (same_interface(*pin, later->host, later->name) && (*pin).*value != (*later).*value) {
        contradiction(notes, later->at, fmt::format("{} {} at {}", shown(later->host), later->name, (*later).*value),
                      pin->at);
        break;
      }
}

template <class Pin>
void check_dropped(const model::Policy& policy, const std::vector<Pin>& pins, Diagnostics& notes) {
  for (const auto& drop : policy.drop_pins)
    for (const auto& pin : pins)
      if (same_interface(pin, drop.host, drop.name))
        contradiction(notes, drop.at, fmt::format("dropping {} of {}", drop.name, shown(drop.host)), pin.at);
}

template <class Pin>
void check_kept(const model::Policy& policy, const std::vector<Pin>& pins, Diagnostics& notes) {
  for (const auto& keep : policy.keep_pins)
    for (const auto& pin : pins)
      if (same_interface(keep, pin.host, pin.name))
        contradiction(notes, keep.at, fmt::format("keeping {} as it is", shown(keep.host)), pin.at);
}

/// What is dropped is neither kept nor given anything; what is kept is given nothing.
void check_kinds_of_pins(const model::Policy& policy, Diagnostics& notes) {
  check_dropped(policy, policy.keep_pins, notes);
  check_dropped(policy, policy.interface_pins, notes);
  check_dropped(policy, policy.stack_pins, notes);
  check_dropped(policy, policy.gateway_pins, notes);
  check_kept(policy, policy.interface_pins, notes);
  check_kept(policy, policy.stack_pins, notes);
  check_kept(policy, policy.gateway_pins, notes);
}

void check_segment_clusters(const model::Policy& policy, Diagnostics& notes) {
  std::vector<std::string_view> known;
  for (const auto& cluster : policy.clusters) known.push_back(cluster.name);
  if (known.empty()) return;
  for (const auto& pin : policy.segment_pins)
    if (!policy.cluster(pin.cluster))
      warn(notes, pin.at, "policy-unknown-cluster", fmt::format("no cluster {} in this policy", shown(pin.cluster)),
           suggestion(pin.cluster, known));
}

std::string lacks(const model::Waiver& waiver) {
  std::vector<std::string> out;
  if (waiver.reason.empty()) out.emplace_back("reason");
  if (waiver.owner.empty()) out.emplace_back("owner");
  if (!waiver.expires) out.emplace_back("expires");
  if (waiver.host.empty() && waiver.cluster.empty()) out.emplace_back("host or cluster");
  return join(out, ", ");
}

/// Whatever is missing makes a waiver void, which is worth a warning; a value that is there must be right.
void read_waiver(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("waivers/waiver"), notes);
  takes_no_value(node, notes);
  model::Waiver waiver;
  waiver.at = node.at;
  const auto rule = block.must("rule", read_text);
  waiver.host = block.get("host", read_text).value_or("");
  waiver.interface = block.get("interface", read_interface).value_or("");
  waiver.cluster = block.get("cluster", read_text).value_or("");
  waiver.expires = block.get("expires", read_date);
  const auto written = [&](std::string_view key) {  // an empty text is as good as none
    const auto* said = block.one(key);
    return said && (!trim(said->value).empty() || !said->children.empty()) ? read_text(*said, notes).value_or("") : "";
  };
  waiver.reason = written("reason");
  waiver.owner = written("owner");
  if (!waiver.host.empty() && !waiver.cluster.empty())
    complain(notes, node.at, "a waiver for a host and for a cluster at once", "its scope is one of the two");
  if (!waiver.interface.empty() && waiver.host.empty())
    complain(notes, block.one("interface")->at, "a waiver for an interface of no host", "name the host as well");
  if (!rule) return;
  waiver.rule = *rule;
  if (waiver.is_void())
    warn(notes, node.at, "waiver-void",
         fmt::format("the waiver of {} is void and waives nothing: it has no {}", shown(*rule), lacks(waiver)),
         "a waiver needs a reason, an owner, an expiry and a host or cluster");
  policy.waivers.push_back(std::move(waiver));
}

}  // namespace

void read_pins(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  using Read = void (*)(const InfoNode&, model::Policy&, Diagnostics&);
  constexpr std::pair<std::string_view, Read> kReaders[] = {
      {"segment", read_segment_pin}, {"interface", read_interface_pin}, {"keep", read_keep_pin},
      {"drop", read_drop_pin},       {"stack", read_stack_pin},         {"gateway", read_gateway_pin}};
  const Block block(node, keys_of("pins"), notes);
  takes_no_value(node, notes);
  for (const auto& [key, read] : kReaders)
    for (const auto* pin : block.all(key)) read(*pin, policy, notes);
}

void check_pins(const model::Policy& policy, Diagnostics& notes) {
  check_segment_pins(policy, notes);
  check_interface_pins(policy, notes);
  check_one_value(policy.stack_pins, &model::StackPin::stack, notes);
  check_one_value(policy.gateway_pins, &model::GatewayPin::address, notes);
  check_kinds_of_pins(policy, notes);
  check_segment_clusters(policy, notes);
}

void read_waivers(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  const Block block(node, keys_of("waivers"), notes);
  takes_no_value(node, notes);
  for (const auto* waiver : block.all("waiver")) read_waiver(*waiver, policy, notes);
}

}  // namespace esx2esxi::intake
