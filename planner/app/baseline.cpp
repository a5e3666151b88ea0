#include "esx2esxi/app/baseline.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/render/report.hpp"

namespace esx2esxi::app {

namespace {

using Json = nlohmann::json;

std::string text_at(const Json& object, const char* key) {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

/// As much of a finding as its fingerprint is made of.
rules::Finding finding_of(const Json& json) {
  rules::Finding finding;
  finding.rule = text_at(json, "rule");
  finding.scope = text_at(json, "scope");
  for (const auto& i : json.at("interfaces"))
    finding.interfaces.push_back({text_at(i, "host"), text_at(i, "name"), text_at(i, "from")});
  for (const auto& address : json.at("addresses")) finding.addresses.push_back(address.get<std::string>());
  return finding;
}

Diagnostic no_baseline(const std::string& path, const std::string& why) {
  return {Severity::Error,
          "baseline",
          {FileName(path), 0, 0},
          "this is no earlier result: " + why,
          "make one with 'esx2esxi check INPUT... --format json'"};
}

}  // namespace

bool Baseline::holds(std::string_view host, const rules::Finding& finding) const {
  return !known_.empty() && known_.contains(render::fingerprint(host, finding));
}

Result<Baseline> parse_baseline(std::string_view text, const std::string& path) {
  try {
    const auto json = Json::parse(text);
    if (!json.is_object() || text_at(json, "format") != "esx2esxi-check")
      return tl::unexpected(no_baseline(path, "its format is not esx2esxi-check"));
    std::set<std::string> known;
    const auto know = [&](std::string_view host, const Json& finding) {
      // What was waived then was not accepted for good: it counts again when its waiver has run out.
      if (text_at(finding, "resolution") != "waived") known.insert(render::fingerprint(host, finding_of(finding)));
    };
    for (const auto& host : json.at("hosts"))
      for (const auto& finding : host.at("findings")) know(text_at(host, "name"), finding);
    for (const auto& finding : json.at("estate").at("findings")) know({}, finding);
    return Baseline(std::move(known));
  } catch (const Json::exception& fault) {
    return tl::unexpected(no_baseline(path, fault.what()));
  }
}

Result<Baseline> read_baseline(const std::string& path) {
  if (path.empty()) return Baseline();
  const auto text = read_file(path);
  if (!text) return tl::unexpected(text.error());
  return parse_baseline(*text, path);
}

}  // namespace esx2esxi::app
