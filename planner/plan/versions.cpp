#include "esx2esxi/plan/versions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/info.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::plan {

namespace {

[[noreturn]] void refuse(const InfoNode& node, std::string_view what) {
  throw std::logic_error(fmt::format("{}: error: {}: {}", to_string(node.at), node.key, what));
}

model::Target target_of(const InfoNode& node, std::string_view text) {
  const auto parts = split(text, '.');
  const auto major = number(parts.front());
  const auto minor = parts.size() == 2 ? number(parts.back()) : std::nullopt;
  if (!major || !minor || *major > 99 || *minor > 99) refuse(node, "not a release like 6.5");
  return {static_cast<unsigned>(*major), static_cast<unsigned>(*minor)};
}

Trust trust_of(const InfoNode& node) {
  if (node.value == "seen") return Trust::Seen;
  if (node.value == "inferred") return Trust::Inferred;
  if (node.value == "assumed") return Trust::Assumed;
  refuse(node, "not seen, inferred or assumed");
}

model::Service service_of(const InfoNode& node) {
  const auto service = model::service_named(node.value);
  if (!service) refuse(node, "no such service");
  return *service;
}

Fact fact_of(const InfoNode& node) {
  Fact fact;
  fact.name = node.value;
  bool dated = false;
  for (const auto& child : node.children) {
    if (child.key == "since")
      fact.since = target_of(child, child.value), dated = true;
    else if (child.key == "trust")
      fact.trust = trust_of(child);
    else if (child.key == "note")
      fact.note = child.value;
    else if (child.key == "service" || child.key == "carries")
      fact.service = service_of(child);
    else
      refuse(child, "an unknown key");
  }
  if (fact.name.empty() || !dated) refuse(node, "needs a name and `since`");
  return fact;
}

Release release_of(const InfoNode& node) {
  Release release{target_of(node, node.value), {}};
  for (const auto& child : node.children) {
    if (child.key != "banner") refuse(child, "an unknown key");
    release.banner = child.value;
  }
  if (release.banner.empty()) refuse(node, "needs `banner`");
  return release;
}

const Fact* named(const std::vector<Fact>& facts, std::string_view name) {
  const auto it = std::find_if(facts.begin(), facts.end(), [&](const Fact& fact) { return fact.name == name; });
  return it == facts.end() ? nullptr : &*it;
}

}  // namespace

const Release* Versions::release(model::Target target) const {
  const auto it = std::find_if(releases.begin(), releases.end(), [&](const Release& r) { return r.target == target; });
  return it == releases.end() ? nullptr : &*it;
}

bool Versions::has(std::string_view feature, model::Target target) const {
  const auto* fact = named(features, feature);
  if (!fact) throw std::logic_error(fmt::format("rules/versions.info: error: no feature {}", feature));
  return target >= fact->since;
}

bool Versions::has_stack(std::string_view stack, model::Target target) const {
  const auto* fact = named(stacks, stack);
  return fact ? target >= fact->since : has("netstacks", target);
}

const Fact* Versions::tag_of(model::Service service) const {
  const auto it = std::find_if(tags.begin(), tags.end(), [&](const Fact& tag) { return tag.service == service; });
  return it == tags.end() ? nullptr : &*it;
}

std::optional<model::Service> Versions::service_of_stack(std::string_view stack) const {
  const auto* fact = named(stacks, stack);
  return fact ? fact->service : std::nullopt;
}

Versions read_versions(std::string_view file, std::string_view text) {
  const auto tree = read_info(FileName(std::string(file)), text);
  for (const auto& note : tree.notes)
    if (note.severity == Severity::Error) throw std::logic_error(to_string(note));
  Versions out;
  for (const auto& node : tree.value.children) {
    if (node.key == "release")
      out.releases.push_back(release_of(node));
    else if (node.key == "feature")
      out.features.push_back(fact_of(node));
    else if (node.key == "stack")
      out.stacks.push_back(fact_of(node));
    else if (node.key == "tag")
      out.tags.push_back(fact_of(node));
    else
      refuse(node, "an unknown key");
  }
  return out;
}

const Versions& versions() {
  static const Versions known = read_versions("rules/versions.info", data_file("rules/versions.info"));
  return known;
}

}  // namespace esx2esxi::plan
