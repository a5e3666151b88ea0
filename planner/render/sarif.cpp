#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "esx2esxi/render/report.hpp"

namespace esx2esxi::render {

namespace {

using Json = nlohmann::ordered_json;

std::string_view level_of(Severity severity) {
  switch (severity) {
    case Severity::Note: return "none";
    case Severity::Info: return "note";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
  }
  return "error";
}

/// A relative reference or absolute path as a URI (RFC 3986): all but unreserved characters and `/` are escaped.
std::string uri_of(std::string_view path) {
  std::string out;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~' || c == '/';
    if (plain)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c)));
  }
  return out;
}

Json location_of(const Origin& at, const std::string& scope) {
  Json physical = {{"artifactLocation", {{"uri", uri_of(at.file.text())}}}};
  if (at.line > 0) {
    physical["region"] = {{"startLine", at.line}};
    if (at.column > 0) physical["region"]["startColumn"] = at.column;
  }
  Json location = {{"physicalLocation", std::move(physical)}};
  if (!scope.empty()) location["logicalLocations"] = Json::array({{{"name", scope}, {"kind", "resource"}}});
  return location;
}

/// What a code-scanning page shows beside a finding.
std::string help_of(const rules::Rule& rule) {
  auto text = fmt::format("What the VMkernel does: {}\nWhat you would see: {}\nWhat can be done:", rule.vmkernel,
                          rule.symptoms);
  for (const auto& remedy : rule.remedies) text += "\n- " + remedy;
  return text;
}

Json rule_of(const rules::Rule& rule) {
  return {{"id", rule.slug},
          {"shortDescription", {{"text", rule.title}}},
          {"fullDescription", {{"text", rule.explanation}}},
          {"help", {{"text", help_of(rule)}}},
          {"defaultConfiguration", {{"level", level_of(rule.severity)}}},
          {"properties", {{"section", rule.section}, {"kb", rule.kb}}}};
}

Json result_of(const std::string& host, const rules::Finding& finding, std::size_t index) {
  const auto scope = host.empty() ? finding.scope : host;
  Json result = {{"ruleId", finding.rule},
                 {"ruleIndex", index},
                 {"level", level_of(finding.severity)},
                 {"message", {{"text", fmt::format("{}: {}", scope, finding.message)}}}};
  auto& locations = result["locations"] = Json::array();
  auto& related = result["relatedLocations"] = Json::array();
  for (const auto& origin : finding.origins)
    if (origin.known()) (locations.empty() ? locations : related).push_back(location_of(origin, scope));
  if (locations.empty())
    locations.push_back({{"logicalLocations", Json::array({{{"name", scope}, {"kind", "resource"}}})}});
  result["partialFingerprints"] = {{"finding/v1", fingerprint(host, finding)}};
  if (finding.resolution == rules::Resolution::Waived)
    result["suppressions"] =
        Json::array({{{"kind", "external"}, {"status", "accepted"}, {"justification", finding.why}}});
  Json interfaces = Json::array();
  for (const auto& i : finding.interfaces) interfaces.push_back({{"name", i.name}, {"from", i.from}});
  result["properties"] = {{"introduced", finding.introduced},
                          {"interfaces", std::move(interfaces)},
                          {"addresses", finding.addresses},
                          {"endpoints", finding.endpoints}};
  return result;
}

}  // namespace

std::string fingerprint(std::string_view host, const rules::Finding& finding) {
  std::string text = fmt::format("{}|{}", host.empty() ? std::string_view(finding.scope) : host, finding.rule);
  for (const auto& i : finding.interfaces) text += fmt::format("|{}{}", i.host.empty() ? "" : i.host + " ", i.from);
  for (const auto& address : finding.addresses) text += "|" + address;
  return text;
}

std::string to_sarif(const Report& report) {
  Json rules = Json::array();
  std::map<std::string_view, std::size_t> index;
  for (const auto& rule : report.catalogue.rules) {
    index.emplace(rule.slug, rules.size());
    rules.push_back(rule_of(rule));
  }
  Json results = Json::array();
  for (const auto& host : report.hosts)
    for (const auto& finding : host.findings) results.push_back(result_of(host.name, finding, index[finding.rule]));
  for (const auto& finding : report.estate) results.push_back(result_of({}, finding, index[finding.rule]));
  const Json driver = {{"name", "esx2esxi"}, {"version", ESX2ESXI_VERSION}, {"rules", std::move(rules)}};
  const Json log = {
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       Json::array(
           {{{"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", std::move(results)}}})}};
  return log.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace esx2esxi::render
