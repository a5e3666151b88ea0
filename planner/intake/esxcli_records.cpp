// esxcli's text records.
//
//   vSwitch0                     the id, unindented
//      Name: vSwitch0            three blanks, key, colon, value; an empty value leaves the colon
//      Uplinks: vmnic2, vmnic0
//
// A blank line separates records; some outputs (`system hostname get`) are one record without an id. Copies lose the
// indent and the blank lines: then the id is a line without a colon, or one whose only colon ends it and whose name the
// line below repeats ("vmhba36:", "Adapter: vmhba36").
#include <optional>

#include "esx2esxi/core/text.hpp"
#include "esxcli_forms.hpp"

namespace esx2esxi::intake {

namespace {

struct Pair {
  std::string_view key;
  std::string_view value;
};

/// "   Key: value"; a value may hold colons (a MAC, a path), a key does not.
std::optional<Pair> pair_in(std::string_view line) {
  const auto text = trim(line);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  if (colon + 1 < text.size() && text[colon + 1] != ' ' && text[colon + 1] != '\t') return std::nullopt;
  return Pair{trim(text.substr(0, colon)), trim(text.substr(colon + 1))};
}

bool is_indented(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

bool any_indented_pair(const OutputLines& lines) {
  for (const auto& line : lines)
    if (is_indented(line.text) && pair_in(line.text)) return true;
  return false;
}

/// The line names a record instead of a value.
bool is_id(const OutputLines& lines, std::size_t i, bool indented) {
  const auto pair = pair_in(lines[i].text);
  if (indented) return !is_indented(lines[i].text) && (!pair || pair->value.empty());
  if (!pair) return true;
  if (!pair->value.empty() || i + 1 == lines.size()) return false;
  const auto below = pair_in(lines[i + 1].text);
  return below && below->value == pair->key;
}

/// "ork" below "   Portgroups: Management Network, VM Netw": a terminal broke the value. An id has a first value like
/// itself, and stands below no line that fills a terminal.
bool is_rest_of_value(const OutputLines& lines, std::size_t i) {
  constexpr std::size_t kNarrowest = 60;
  if (i == 0 || lines[i - 1].text.size() < kNarrowest || !is_indented(lines[i - 1].text)) return false;
  const auto below = i + 1 < lines.size() && is_indented(lines[i + 1].text) ? pair_in(lines[i + 1].text) : std::nullopt;
  return !below || below->value != trim(lines[i].text);
}

std::string_view id_of(std::string_view line) {
  line = trim(line);
  if (line.ends_with(':')) line.remove_suffix(1);
  return line;
}

}  // namespace

void read_esxcli_records(const OutputLines& lines, EsxcliOutput& out) {
  const bool indented = any_indented_pair(lines);
  bool open = false;  // the record began with an id or a first key
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto& line = lines[i];
    if (indented && open && is_id(lines, i, indented) && is_rest_of_value(lines, i)) {
      auto& fields = out.records.back().fields;
      if (!fields.empty()) fields.pop_back();
      out.lost.push_back({out.records.back().id, line.number});
      continue;
    }
    if (is_id(lines, i, indented)) {
      out.records.push_back({std::string(id_of(line.text)), line.number, {}});
      open = true;
      continue;
    }
    const auto pair = pair_in(line.text);
    if (!pair) continue;
    auto key = esxcli_key(pair->key);
    // Without ids a record ends where its first key comes again.
    const bool again = open && out.records.back().id.empty() && !out.records.back().fields.empty() &&
                       out.records.back().fields.front().key == key;
    if (!open || again) out.records.push_back({{}, line.number, {}});
    open = true;
    const auto column = pair->value.empty() ? 1 : pair->value.data() - line.text.data() + 1;
    out.records.back().fields.push_back(
        {std::move(key), std::string(pair->value), {}, line.number, static_cast<std::uint32_t>(column)});
  }
}

}  // namespace esx2esxi::intake
