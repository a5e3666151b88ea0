#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/app/table.hpp"
#include "esx2esxi/app/trace.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::app {

namespace {

using Json = nlohmann::ordered_json;
using model::TableRow;

std::string name_of(const rules::InterfaceRef& interface) {
  if (interface.from.empty() || interface.from == interface.name) return interface.name;
  return fmt::format("{} (was {})", interface.name, interface.from);
}

std::string path_text(const Answer& answer) {
  if (answer.interfaces.empty()) return "no route";
  std::vector<std::string> names;
  for (const auto& interface : answer.interfaces) names.push_back(name_of(interface));
  auto text = shown(join(names, " or "));
  text += answer.next_hop ? fmt::format(" by {}", *answer.next_hop) : std::string(" on-link");
  if (answer.source) text += fmt::format(", from {}", *answer.source);
  return text + fmt::format(", as {}", *answer.by);
}

std::string_view word_of(TableRow::Kind kind) {
  switch (kind) {
    case TableRow::Kind::Connected: return "connected";
    case TableRow::Kind::Static: return "static";
    case TableRow::Kind::Default: return "default";
  }
  return "connected";
}

std::string_view word_of(TableRow::Fault fault) {
  switch (fault) {
    case TableRow::Fault::None: return "";
    case TableRow::Fault::Shadowed: return "shadowed";
    case TableRow::Fault::OffLink: return "next hop off-link";
    case TableRow::Fault::Own: return "next hop is the host itself";
  }
  return "";
}

constexpr std::size_t kWidth = 100;
constexpr std::string_view kIndent = "      ";

std::string story_line(std::string_view label, std::string_view text) {
  const std::string indent(kIndent.size() + 8, ' ');
  return fmt::format("{}{:<8}{}\n", kIndent, label, wrapped(shown(text), kWidth - indent.size(), indent));
}

std::string table_text(const Story& story, Paint paint) {
  Table table(std::string(kIndent.size() + 8, ' '));
  for (const auto& candidate : story.candidates) {
    const auto way = candidate.row.next_hop ? fmt::format("by {}", *candidate.row.next_hop) : std::string("on-link");
    const std::string verdict(candidate.wins ? "wins" : word_of(candidate.row.fault));
    table.row({to_string(candidate.row.network), std::string(word_of(candidate.row.kind)), way,
               shown(join(candidate.interfaces, " or ")), candidate.wins ? paint(Tone::Green, verdict) : verdict});
  }
  auto text = table.text();
  if (text.empty()) return {};
  const auto label = fmt::format("{}{:<8}", kIndent, "table");
  return label + text.substr(label.size());
}

std::string story_text(const Story& story, Paint paint) {
  auto text = table_text(story, paint) + story_line("why", story.why);
  if (!story.way_back.empty()) text += story_line("answer", story.way_back);
  for (const auto& broken : story.breaks)
    text += story_line(broken.waived ? "waived" : "breaks",
                       fmt::format("{} ({}): {}", broken.rule, to_string(broken.severity), broken.message));
  return text;
}

Json json_of(const rules::InterfaceRef& interface) {
  return {{"name", interface.name}, {"from", interface.from.empty() ? Json() : Json(interface.from)}};
}

template <class Optional>
Json text_or_null(const Optional& value) {
  return value ? Json(to_string(*value)) : Json();
}

Json json_of(const Candidate& candidate) {
  const auto& row = candidate.row;
  return {{"network", to_string(row.network.network())},
          {"prefix", row.network.length()},
          {"kind", word_of(row.kind)},
          {"next_hop", text_or_null(row.next_hop)},
          {"interfaces", candidate.interfaces},
          {"wins", candidate.wins},
          {"fault", row.fault == TableRow::Fault::None ? Json() : Json(word_of(row.fault))}};
}

Json json_of(const Story& story) {
  auto candidates = Json::array();
  for (const auto& candidate : story.candidates) candidates.push_back(json_of(candidate));
  auto sources = Json::array();
  for (const auto source : story.sources) sources.push_back(to_string(source));
  auto breaks = Json::array();
  for (const auto& broken : story.breaks)
    breaks.push_back({{"rule", broken.rule},
                      {"severity", to_string(broken.severity)},
                      {"message", broken.message},
                      {"waived", broken.waived}});
  return {{"candidates", candidates},
          {"why", story.why},
          {"sources", sources},
          {"way_back", story.way_back.empty() ? Json() : Json(story.way_back)},
          {"let_in", story.let_in ? Json(*story.let_in) : Json()},
          {"breaks", breaks}};
}

Json json_of(const Answer& answer) {
  auto interfaces = Json::array();
  for (const auto& interface : answer.interfaces) interfaces.push_back(json_of(interface));
  return {{"host", answer.host},
          {"to", to_string(answer.to)},
          {"state", answer.state},
          {"stack", answer.stack},
          {"interfaces", interfaces},
          {"likely", answer.interfaces.empty() ? Json() : json_of(answer.interfaces.front())},
          {"next_hop", text_or_null(answer.next_hop)},
          {"source", text_or_null(answer.source)},
          {"ambiguous", answer.ambiguous},
          {"story", json_of(answer.story)}};
}

}  // namespace

std::string trace_text(const std::vector<Answer>& answers, Paint paint) {
  std::string text;
  const Answer* last = nullptr;
  for (const auto& answer : answers) {
    if (!last || last->host != answer.host || last->to != answer.to)
      text += paint(Tone::Bold, fmt::format("{} to {}", shown(answer.host), answer.to)) + "\n";
    last = &answer;
    text += fmt::format("  {:<6}  {}  {}", answer.state, shown(answer.stack), path_text(answer));
    text += answer.ambiguous ? "  " + paint(Tone::Red, "ambiguous") + "\n" : "\n";
    text += story_text(answer.story, paint);
  }
  return answers.empty() ? "No stack carries that service.\n" : text;
}

std::string trace_json(const std::vector<Answer>& answers) {
  std::vector<std::string> lines;
  for (const auto& answer : answers) lines.push_back(line_of(json_of(answer)));
  return opening("esx2esxi-trace") + "\"answers\": " + array_of(lines) + "}\n";
}

}  // namespace esx2esxi::app
