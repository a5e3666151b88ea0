// The frame of a policy, its costs and its severities. Its other blocks: policy_estate.cpp, policy_decisions.cpp.
#include "esx2esxi/intake/policy.hpp"

#include <algorithm>
#include <stdexcept>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "policy_block.hpp"

namespace esx2esxi::intake {

namespace {

constexpr int kDearest = 1'000'000;  // sums over an estate stay far inside 64 bits

/// A value that is one of a few words.
std::string read_word(const Block& root, std::string_view key, std::span<const std::string_view> known) {
  const auto text = root.get(key, read_text);
  if (!text) return {};
  if (std::find(known.begin(), known.end(), *text) != known.end()) return *text;
  complain(root.notes(), root.one(key)->at, fmt::format("'{}': {} is not known", key, shown(*text)),
           suggestion(*text, known));
  return {};
}

/// A key that has one right value; without it the file is of another kind.
void expect_value(const Block& root, std::string_view key, std::string_view value) {
  const auto text = root.must(key, read_text);
  if (text && *text != value)
    complain(root.notes(), root.one(key)->at, fmt::format("'{}' is {}, not '{}'", key, shown(*text), value),
             "this program reads format esx2esxi-policy, version 1.0");
}

template <class Read>
void block(const Block& root, std::string_view key, Read read) {
  if (const auto* node = root.one(key)) read(*node);
}

void read_readdress_costs(const InfoNode& node, model::Costs& costs, Diagnostics& notes) {
  std::vector<std::string_view> known(model::kServiceNames.begin(), model::kServiceNames.end());
  known.push_back("default");
  const Block block(node, known, notes);
  takes_no_value(node, notes);
  const auto cost = [](const InfoNode& n, Diagnostics& d) { return read_integer(n, d, 0, kDearest); };
  for (const auto key : known) {
    const auto value = block.get(key, cost);
    if (!value) continue;
    if (const auto service = model::service_named(key))
      costs.readdress[*service] = *value;
    else
      costs.readdress_default = *value;
  }
}

model::Policy built_in() {
  const auto text = data_file("rules/remedies.info");
  const auto tree = read_info(FileName("rules/remedies.info"), text);
  model::Policy policy;
  Diagnostics notes = tree.notes;
  constexpr std::string_view kCosts[] = {"costs"};
  block(Block(tree.value, kCosts, notes), "costs", [&](const InfoNode& n) { read_costs(n, policy.costs, notes); });
  if (!notes.empty()) throw std::logic_error(to_string(notes.front()));  // our own data
  return policy;
}

}  // namespace

const model::Policy& default_policy() {
  static const auto policy = built_in();
  return policy;
}

void read_costs(const InfoNode& node, model::Costs& costs, Diagnostics& notes) {
  constexpr std::pair<std::string_view, int model::Costs::*> kFields[] = {
      {"change-host-octet", &model::Costs::change_host_octet}, {"static-route", &model::Costs::static_route},
      {"gateway-override", &model::Costs::gateway_override},   {"drop-interface", &model::Costs::drop_interface},
      {"port-binding", &model::Costs::port_binding},           {"own-stack", &model::Costs::own_stack},
      {"merge-services", &model::Costs::merge_services}};
  const Block costs_block(node, keys_of("costs"), notes);
  takes_no_value(node, notes);
  block(costs_block, "re-address", [&](const InfoNode& n) { read_readdress_costs(n, costs, notes); });
  const auto cost = [](const InfoNode& n, Diagnostics& d) { return read_integer(n, d, 0, kDearest); };
  for (const auto& [key, field] : kFields)
    if (const auto value = costs_block.get(key, cost)) costs.*field = *value;
}

void read_severities(const InfoNode& node, model::Policy& policy, Diagnostics& notes) {
  constexpr std::string_view kWords[] = {"error", "warning", "info", "off"};
  constexpr std::optional<Severity> kMeant[] = {Severity::Error, Severity::Warning, Severity::Info, std::nullopt};
  takes_no_value(node, notes);
  for (const auto& child : node.children) {
    const auto text = read_text(child, notes);
    if (!text) continue;
    const auto* word = std::find(std::begin(kWords), std::end(kWords), *text);
    if (word == std::end(kWords)) {
      complain(notes, child.at, fmt::format("{}: {} is no severity", shown(child.key), shown(*text)),
               suggestion(*text, kWords));
      continue;
    }
    const auto [entry, fresh] = policy.severities.try_emplace(child.key, kMeant[word - kWords], child.at);
    if (!fresh)
      complain(notes, child.at,
               fmt::format("{} has a severity already, in line {}", shown(child.key), entry->second.second.line),
               "leave one");
  }
}

Checked<model::Policy> read_policy(const Source& source) {
  Checked<model::Policy> out{default_policy(), {}};
  auto& policy = out.value;  // no structured binding: clang 14 cannot capture one
  auto& notes = out.notes;
  policy.file = std::string(source.file.text());
  const auto tree = read_info(source.file, source.text);
  notes = tree.notes;
  if (!notes.empty()) return out;

  const Block root(tree.value, keys_of({}), notes);
  expect_value(root, "format", "esx2esxi-policy");
  expect_value(root, "version", "1.0");
  policy.estate = root.get("estate", read_text).value_or("");
  policy.target = read_word(root, "target", model::kTargetNames);
  policy.path = read_word(root, "path", model::kPathNames);
  if (const auto n = root.get("hosts-at-a-time", read_capacity)) policy.hosts_at_a_time = *n;
  if (const auto n = root.get("growth-reserve", [](auto& at, auto& d) { return read_integer(at, d, 0, 65534); }))
    policy.growth_reserve = static_cast<unsigned>(*n);
  block(root, "clusters", [&](const InfoNode& n) { read_clusters(n, policy, notes); });
  block(root, "endpoints", [&](const InfoNode& n) { read_endpoints(n, policy, notes); });
  block(root, "pins", [&](const InfoNode& n) { read_pins(n, policy, notes); });
  block(root, "costs", [&](const InfoNode& n) { read_costs(n, policy.costs, notes); });
  block(root, "severities", [&](const InfoNode& n) { read_severities(n, policy, notes); });
  block(root, "waivers", [&](const InfoNode& n) { read_waivers(n, policy, notes); });
  check_pins(policy, notes);
  std::stable_sort(notes.begin(), notes.end(), [](const Diagnostic& a, const Diagnostic& b) { return a.at < b.at; });
  return out;
}

}  // namespace esx2esxi::intake
