#include <optional>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "inspect.hpp"

namespace esx2esxi::app {

using Json = nlohmann::ordered_json;

namespace {

/// Collects pointer -> place for every single value that the JSON of a state shows.
class OriginMap {
 public:
  explicit OriginMap(const Json& state) : state_(state) {}

  void element(const std::string& pointer, const model::Origins& origins) {
    for (const auto& [field, at] : origins.all()) {
      field_of(fmt::format("{}/{}", pointer, field), origins, field);
      if (field == "name") value(pointer + "/from", at);
      if (field == "network") value(pointer + "/prefix", at);
      // One line of a file, two spellings of the value.
      if (field == "netmask" && !origins.find("prefix")) value(pointer + "/prefix", at);
    }
  }

  /// The elements of a list may have places of their own.
  void field_of(const std::string& pointer, const model::Origins& origins, std::string_view field) {
    add(pointer, [&](const Json& leaf) {
      return leaf.is_string() ? origins.find_element(field, leaf.get_ref<const std::string&>()) : origins.find(field);
    });
  }

  /// A list or an object that came from one place: each of its values did.
  void value(const std::string& pointer, const Origin& at) {
    add(pointer, [&](const Json&) { return &at; });
  }

  Places take() { return std::move(found_); }

 private:
  template <class Place>
  void add(const std::string& pointer, Place place) {
    const Json::json_pointer target(pointer);
    if (state_.contains(target)) leaves(pointer, state_.at(target), place);
  }

  template <class Place>
  void leaves(const std::string& pointer, const Json& value, Place place) {
    if (!value.is_structured()) {
      if (const Origin* at = place(value); !value.is_null() && at->known())
        found_.emplace_back(pointer, to_string(*at));
      return;
    }
    std::size_t index = 0;
    for (const auto& [key, child] : value.items())
      leaves(fmt::format("{}/{}", pointer, value.is_array() ? fmt::to_string(index++) : key), child, place);
  }

  const Json& state_;
  Places found_;
};

template <class T>
void add_said(OriginMap& map, std::string_view list, const std::vector<Said<T>>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) map.value(fmt::format("{}/{}", list, i), values[i].at);
}

template <class T>
void add_elements(OriginMap& map, const std::string& list, const std::vector<T>& elements) {
  for (std::size_t i = 0; i < elements.size(); ++i) map.element(fmt::format("{}/{}", list, i), elements[i].origins);
}

/// The stack of a classic interface follows from its name; a service has an origin of its own.
void add_interfaces(OriginMap& map, const std::vector<model::Interface>& interfaces) {
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    const auto& origins = interfaces[i].origins;
    const auto pointer = fmt::format("/interfaces/{}", i);
    map.element(pointer, origins);
    if (const auto* name = origins.find("name"); name && !origins.find("stack")) map.value(pointer + "/stack", *name);
    const auto services = interfaces[i].services.list();
    for (std::size_t k = 0; k < services.size(); ++k)
      if (const auto* at = origins.find(to_string(services[k])))
        map.value(fmt::format("{}/services/{}", pointer, k), *at);
  }
}

}  // namespace

Places origins_of(const model::Host& host, const Json& json) {
  const auto& state = host.before;
  OriginMap map(json);
  add_interfaces(map, state.interfaces);
  add_elements(map, "/stacks", state.stacks);
  for (std::size_t i = 0; i < state.stacks.size(); ++i)
    add_elements(map, fmt::format("/stacks/{}/routes", i), state.stacks[i].routes);
  add_elements(map, "/switches", state.switches);
  for (std::size_t i = 0; i < state.switches.size(); ++i)
    add_elements(map, fmt::format("/switches/{}/portgroups", i), state.switches[i].portgroups);
  add_said(map, "/dns/servers", state.dns.servers);
  add_said(map, "/ntp", state.ntp);
  add_elements(map, "/nfs", state.nfs);
  add_said(map, "/iscsi/targets", state.iscsi.targets);
  for (const auto& [field, at] : host.origins.all())  // what no element of the state keeps: "/dns/domain"
    if (field.starts_with('/')) map.field_of(std::string(field), host.origins, field);
  return map.take();
}

namespace {

/// A doubt as something noticed: values that disagree, each with its place, and variables that nobody filled in. What
/// is missing is listed on its own.
std::optional<Diagnostic> noticed(const model::Doubt& doubt) {
  if (doubt.kind == model::Doubt::Kind::Missing || doubt.values.empty()) return std::nullopt;
  const bool variable = doubt.kind == model::Doubt::Kind::Variable;
  Diagnostic note{
      Severity::Warning, variable ? "unresolved-variable" : "evidence-contradicts", doubt.values.front().at, {}, {}};
  std::vector<std::string> values;
  for (const auto& value : doubt.values)
    values.push_back(value.at.known() ? fmt::format("{} ({})", value.value, to_string(value.at)) : value.value);
  const auto whose = doubt.interface.empty() ? std::string() : fmt::format(" of {}", doubt.interface);
  if (variable)
    note.message = fmt::format("a shell variable stands for a value{}: {}", whose, doubt.values.front().value);
  else
    note.message =
        fmt::format("{}{} is said in several ways: {}; the first is used", doubt.subject, whose, join(values, ", "));
  return note;
}

}  // namespace

Diagnostics diagnostics_of(const model::Host& host) {
  auto notes = host.diagnostics;
  for (const auto& doubt : host.doubts)
    if (auto note = noticed(doubt)) notes.push_back(std::move(*note));
  return notes;
}

}  // namespace esx2esxi::app
