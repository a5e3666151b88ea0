// What the inputs leave open. Equal doubts are one finding: three unknown VLANs are one question to the operator.
#include <algorithm>
#include <map>

#include "detect.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "ground.hpp"

namespace esx2esxi::rules {

using model::Doubt;

namespace {

std::string grade_of(const Doubt& doubt) { return doubt.script_needs_it ? "script" : ""; }

/// The interfaces in doubt, by the name in the state judged; where the values come from, or the interface if there are
/// none.
void add_subject(Evidence& evidence, const Situation& s, const Doubt& doubt) {
  if (!doubt.interface.empty()) {
    const auto* interface = s.now.interface_from(doubt.interface);
    const auto named = interface ? ref(*interface) : InterfaceRef{{}, doubt.interface, doubt.interface};
    if (interface && evidence.stack.empty()) evidence.stack = interface->stack;
    if (std::find(evidence.interfaces.begin(), evidence.interfaces.end(), named) == evidence.interfaces.end())
      evidence.interfaces.push_back(named);
    if (interface && doubt.values.empty()) add_origin(evidence, interface->origins.any());
  }
  for (const auto& value : doubt.values) {
    const auto& known = evidence.addresses;
    if (!value.value.empty() && std::find(known.begin(), known.end(), value.value) == known.end())
      evidence.addresses.push_back(value.value);
    add_origin(evidence, value.at);
  }
}

/// "vmk0 (was vswif0) and vmk2 (was vmk1)"; "the host" for a value of no interface.
std::string whose(const Situation& s, const Evidence& evidence) {
  std::vector<std::string> parts;
  for (const auto& named : evidence.interfaces) {
    const auto* interface = s.now.interface(named.name);
    parts.push_back(interface ? spoken(*interface) : named.name);
  }
  return parts.empty() ? "the host" : listed(parts);
}

std::vector<const Doubt*> doubts_of(const Situation& s, Doubt::Kind kind) {
  std::vector<const Doubt*> found;
  for (const auto& doubt : s.host.doubts)
    if (doubt.kind == kind) found.push_back(&doubt);
  return found;
}

/// "10.0.0.5 (ifcfg-vswif0:4) and 10.0.0.6 (commands/route.txt:2)"
std::string values_text(const Doubt& doubt) {
  std::vector<std::string> parts;
  for (const auto& value : doubt.values)
    parts.push_back(value.at.known() ? fmt::format("{} ({})", value.value, value.at) : value.value);
  return parts.empty() ? "no value" : listed(parts);
}

/// "$IPADDR (ks.cfg:18) for the address of vswif0", as far as that is known.
std::string variable_text(const Doubt& doubt) {
  auto text = values_text(doubt);
  if (!doubt.subject.empty()) text += fmt::format(" for the {}", doubt.subject);
  if (!doubt.interface.empty()) text += fmt::format("{} {}", doubt.subject.empty() ? " at" : " of", doubt.interface);
  return text;
}

}  // namespace

std::vector<Evidence> evidence_missing(const Situation& s) {
  std::map<std::pair<std::string, bool>, std::vector<const Doubt*>> questions;
  for (const auto* doubt : doubts_of(s, Doubt::Kind::Missing))
    questions[{doubt->subject, doubt->script_needs_it}].push_back(doubt);
  std::vector<Evidence> found;
  for (const auto& [question, doubts] : questions) {
    Evidence evidence;
    evidence.grade = grade_of(*doubts.front());
    std::vector<std::string> hints;
    for (const auto* doubt : doubts) {
      add_subject(evidence, s, *doubt);
      if (!doubt->hint.empty() && std::find(hints.begin(), hints.end(), doubt->hint) == hints.end())
        hints.push_back(doubt->hint);
    }
    if (evidence.origins.empty()) add_origin(evidence, s.host.origins.any());
    evidence.words = {{"subject", question.first},
                      {"interface", whose(s, evidence)},
                      {"hint", hints.empty() ? std::string("ask the host's administrator") : listed(hints)}};
    found.push_back(std::move(evidence));
  }
  for (auto& evidence : undecided_gateways_and_routes(s)) found.push_back(std::move(evidence));
  return found;
}

std::vector<Evidence> evidence_contradicts(const Situation& s) {
  std::vector<Evidence> found;
  for (const auto* doubt : doubts_of(s, Doubt::Kind::Contradiction)) {
    Evidence evidence;
    evidence.grade = grade_of(*doubt);
    add_subject(evidence, s, *doubt);
    evidence.words = {{"subject", doubt->subject},
                      {"interface", whose(s, evidence)},
                      {"values", values_text(*doubt)},
                      {"used", doubt->values.empty() ? std::string("none") : doubt->values.front().value},
                      {"hint", doubt->hint.empty() ? std::string("ask the host itself") : doubt->hint}};
    found.push_back(std::move(evidence));
  }
  return found;
}

std::vector<Evidence> unresolved_variable(const Situation& s) {
  const auto doubts = doubts_of(s, Doubt::Kind::Variable);
  if (doubts.empty()) return {};
  Evidence evidence;
  std::vector<std::string> variables;
  for (const auto* doubt : doubts) {
    add_subject(evidence, s, *doubt);
    variables.push_back(variable_text(*doubt));
  }
  evidence.words = {{"variables", listed(variables)}};
  return {evidence};
}

}  // namespace esx2esxi::rules
