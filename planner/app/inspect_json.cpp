#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/model/endpoint.hpp"
#include "inspect.hpp"

namespace esx2esxi::app {

namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(valid_utf8(text)); }

Json json_of(const Diagnostic& note) {
  return {{"severity", to_string(note.severity)},
          {"code", note.code},
          {"at", text_or_null(to_string(note.at))},
          {"message", valid_utf8(note.message)},
          {"remedy", text_or_null(note.remedy)}};
}

Json json_of(const model::Endpoint& endpoint) {
  return {{"name", valid_utf8(endpoint.name)},
          {"address", to_string(endpoint.address)},
          {"service", to_string(endpoint.service)},
          {"at", text_or_null(to_string(endpoint.at))}};
}

std::string json_of(const Session& session, const model::Host& host) {
  const auto before = plan::to_json(host.before);
  const auto* cluster_at = host.origins.find("cluster");
  auto not_found = Json::array();
  for (const auto& what : host.not_found) not_found.push_back(valid_utf8(what));
  auto notes = Json::array();
  for (const auto& note : diagnostics_of(host)) notes.push_back(json_of(note));
  auto endpoints = Json::array();
  for (const auto& endpoint : model::endpoints_of(host, session.policy, session.estate))
    endpoints.push_back(json_of(endpoint));
  Members origins;
  for (const auto& [pointer, at] : origins_of(host, before)) origins.emplace_back(pointer, line_of(at));
  return object_of({{"name", line_of(host.name)},
                    {"product", line_of(text_or_null(host.product))},
                    {"version", line_of(text_or_null(host.version))},
                    {"build", line_of(text_or_null(host.build))},
                    {"uuid", line_of(text_or_null(host.uuid))},
                    {"cluster", line_of(text_or_null(host.cluster))},
                    {"cluster_origin", line_of(cluster_at ? Json(to_string(*cluster_at)) : Json(nullptr))},
                    {"before", line_of(before)},
                    {"origins", object_of(origins)},
                    {"endpoints", line_of(endpoints)},
                    {"not_found", line_of(not_found)},
                    {"diagnostics", line_of(notes)}});
}

}  // namespace

std::string inspect_json(const Session& session) {
  const auto hosts = printed(session, [&](const model::Host& host) { return json_of(session, host); });
  return opening("esx2esxi-inspect") + "\"hosts\": " + array_of(hosts) + "}\n";
}

}  // namespace esx2esxi::app
