// Gateways: a stack has one default gateway, and it must be a host on exactly one of the stack's subnets.
#include <algorithm>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "gateways.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Interface;
using model::Stack;
using model::State;
using net::Ipv4Address;

std::vector<KeptGateway> kept_gateways(const Situation& s) {
  std::vector<KeptGateway> kept;
  for (const auto& stack : s.now.stacks)
    if (stack.gateway && !stack.gateway->is_unspecified())
      kept.push_back({&stack, *stack.gateway, holding(in_range_tests(s.now, stack.name), *stack.gateway)});
  return kept;
}

const Stack* own_stack_before(const Situation& s, const KeptGateway& kept) {
  for (const auto name : {std::string_view(kept.stack->name), model::kConsole, model::kVmkernel})
    if (const auto* stack = s.host.before.stack(name); stack && stack->gateway == kept.address) return stack;
  return nullptr;
}

namespace {

/// Whom a gateway that is on no subnet concerns: in the stack of management its interface, elsewhere the first created.
Members concerned(const Situation& s, std::string_view stack) {
  const auto* management = management_in(s);
  if (management && management->stack == stack) return {management};
  auto members = in_range_tests(s.now, stack);
  if (members.size() > 1) members.resize(1);
  return members;
}

Evidence gateway_evidence(const KeptGateway& kept, const Members& members) {
  auto evidence = evidence_of(kept.stack->name, members);
  evidence.origins.clear();
  add_origin(evidence, kept.stack->origins, "gateway");
  for (const auto* member : members) add_origin(evidence, member->origins, "address");
  evidence.addresses = {to_string(kept.address)};
  evidence.words = {{"gateway", to_string(kept.address)}, {"stack", kept.stack->name}};
  return evidence;
}

std::string networks_text(const State& state, std::string_view stack) {
  std::vector<std::string> parts;
  for (const auto& network : networks_of(state, stack)) parts.push_back(to_string(network.range));
  return parts.empty() ? "none" : listed(parts);
}

}  // namespace

std::vector<Evidence> gateway_off_subnet(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& kept : kept_gateways(s)) {
    if (!kept.holders.empty() || unknown_range(s, kept.stack->name)) continue;
    const auto members = concerned(s, kept.stack->name);
    auto evidence = gateway_evidence(kept, members);
    const auto* old = own_stack_before(s, kept);
    evidence.introduced = !old || !holding(in_range_tests(s.host.before, old->name), kept.address).empty();
    evidence.words.emplace_back("networks", networks_text(s.now, kept.stack->name));
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> gateway_ambiguous(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& kept : kept_gateways(s)) {
    if (kept.holders.size() < 2) continue;
    auto evidence = gateway_evidence(kept, kept.holders);
    evidence.introduced = introduced(s, kept.holders);
    evidence.words.emplace_back("members", spoken_with_addresses(kept.holders));
    found.push_back(std::move(evidence));
  }
  return found;
}

namespace {

struct NoHost {
  std::string grade;                   ///< "own", "network", "broadcast"; empty: it may be a host
  const Interface* because = nullptr;  ///< the interface whose address or range says so
};

NoHost why_no_host(const State& state, std::string_view stack, Ipv4Address gateway) {
  for (const auto& interface : state.interfaces)
    if (interface.enabled && interface.stack == stack && interface.addressed() && interface.address == gateway)
      return {"own", &interface};
  for (const auto* interface : in_range_tests(state, stack)) {
    if (interface->range()->network() == gateway) return {"network", interface};
    if (interface->range()->broadcast() == gateway) return {"broadcast", interface};
  }
  return {};
}

void judge_as_host(std::vector<Evidence>& found, const State& state, const KeptGateway& kept) {
  const auto reason = why_no_host(state, kept.stack->name, kept.address);
  if (reason.grade.empty()) return;
  auto evidence = gateway_evidence(kept, {reason.because});
  evidence.grade = reason.grade;
  const auto range = reason.because->range();
  evidence.words.emplace_back("interface", spoken(*reason.because));
  evidence.words.emplace_back("network", range ? to_string(*range) : std::string("its network"));
  found.push_back(std::move(evidence));
}

}  // namespace

std::vector<Evidence> gateway_not_a_host(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto& kept : kept_gateways(s)) judge_as_host(found, s.now, kept);
  // The VMkernel's gateway goes, but whoever set it meant another address: said while the mapping is judged.
  const auto* lost = s.mapping.lost_gateway ? s.host.before.stack(model::kVmkernel) : nullptr;
  if (s.stage == Stage::Mapped && lost && lost->gateway == s.mapping.lost_gateway) {
    std::vector<Evidence> gone;
    judge_as_host(gone, s.host.before, {lost, *lost->gateway, {}});
    for (auto& evidence : gone) {
      // Its interfaces go by the names of the state judged.
      for (auto& interface : evidence.interfaces)
        if (const auto* mapped = s.now.interface_from(interface.from)) interface = ref(*mapped);
      found.push_back(std::move(evidence));
    }
  }
  return found;
}

std::vector<Evidence> no_default_gateway(const Situation& s) {
  const auto* management = management_in(s);
  const std::string_view name = management ? std::string_view(management->stack) : model::kDefaultStack;
  const auto* stack = s.now.stack(name);
  if (stack && stack->gateway && !stack->gateway->is_unspecified()) return {};
  for (const auto& doubt : s.host.doubts)  // there is one, only nobody knows which
    if (doubt.kind != model::Doubt::Kind::Contradiction && doubt.subject.find("gateway") != std::string::npos)
      return {};
  for (const auto& doubt : s.host.doubts)  // of a host that shows no interface nothing is known at all
    if (!management && doubt.kind == model::Doubt::Kind::Missing && doubt.interface.empty() && doubt.script_needs_it)
      return {};
  auto evidence = evidence_of(name, management ? Members{management} : Members{});
  if (management && management->dhcp) evidence.grade = "lease";
  evidence.words = {{"interface", management ? spoken(*management) : std::string("the host")},
                    {"stack", std::string(name)}};
  return {evidence};
}

std::vector<Evidence> gateway_override_unavailable(const Situation& s) {
  std::vector<Evidence> found;
  if (s.target.has_gateway_override()) return found;
  for (const auto& interface : s.now.interfaces) {
    const auto* pin = pin_of(s, s.policy.gateway_pins, interface);
    if (!interface.enabled || (!pin && !interface.gateway_override)) continue;
    const auto gateway = to_string(pin ? pin->address : *interface.gateway_override);
    auto evidence = evidence_of(interface.stack, {&interface});
    if (pin)
      add_origin(evidence, pin->at);
    else
      add_origin(evidence, interface.origins, "gateway_override");
    evidence.addresses = {gateway};
    evidence.words = {{"interface", spoken(interface)},
                      {"gateway", gateway},
                      {"services", spoken_services({&interface})},
                      {"target", to_string(s.target)},
                      {"stack", interface.stack}};
    found.push_back(std::move(evidence));
  }
  return found;
}

}  // namespace esx2esxi::rules
