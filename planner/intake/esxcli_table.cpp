// esxcli's text tables.
//
//   Name                Virtual Switch  Active Clients  VLAN ID
//   ------------------  --------------  --------------  -------
//   Management Network  vSwitch0                     1      110
//
// The dashes say where the columns are. Copies collapse blanks or lose the dashes: then the titles are looked for among
// those that the command is known to print, and a row is taken apart by the kinds of its cells, if there is only one
// way.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "esxcli_forms.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
};

struct Layout {
  std::vector<Column> columns;
  std::vector<Span> spans;  ///< empty: not known
};

/// More columns or words than this are no row of esxcli.
constexpr std::size_t kMostColumns = 40;
constexpr std::size_t kMostWords = 80;
/// No output of one command is longer; what follows is not looked at.
constexpr std::size_t kMostLines = 200000;
constexpr std::size_t kMostNotes = 100;

bool is_dashes(std::string_view line) {
  line = trim(line);
  return line.size() >= 2 && line.find_first_not_of("- \t") == std::string_view::npos;
}

/// Dashes that a word processor made of them stand for nobody knows how many: no width is to be had from them.
bool is_typographic_dashes(std::string_view line) {
  bool any = false;
  for (line = trim(line); !line.empty();) {
    const auto code = line.substr(0, 3);
    const bool dash = code == "\u2010" || code == "\u2011" || code == "\u2012" || code == "\u2013" ||
                      code == "\u2014" || code == "\u2015" || code == "\u2212";
    if (!dash && line.front() != '-' && line.front() != ' ' && line.front() != '\t') return false;
    any = any || dash;
    line.remove_prefix(dash ? 3 : 1);
  }
  return any;
}

std::vector<Span> dash_spans(std::string_view line) {
  std::vector<Span> out;
  for (std::size_t at = line.find('-'); at != std::string_view::npos && out.size() < kMostColumns;) {
    const auto end = std::min(line.find_first_not_of('-', at), line.size());
    out.push_back({at, end});
    at = line.find('-', end);
  }
  return out;
}

/// Where each character of the line begins, and its end: widths count characters where names are not ASCII.
std::vector<std::size_t> character_starts(std::string_view line) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < line.size(); ++i)
    if ((static_cast<unsigned char>(line[i]) & 0xc0U) != 0x80U) out.push_back(i);
  out.push_back(line.size());
  return out;
}

/// The cells of a line by position; none if something stands between two columns. The last cell goes to the line's end.
std::optional<std::vector<std::string_view>> cut(std::string_view line, const std::vector<Span>& spans,
                                                 bool by_characters) {
  const auto starts = by_characters ? character_starts(line) : std::vector<std::size_t>();
  const auto offset = [&](std::size_t position) {
    if (!by_characters) return std::min(position, line.size());
    return starts[std::min(position, starts.size() - 1)];
  };
  std::vector<std::string_view> cells;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const auto start = offset(spans[i].start);
    const auto before = i == 0 ? 0 : offset(spans[i - 1].end);
    if (!trim(line.substr(before, start - before)).empty()) return std::nullopt;
    const auto end = i + 1 == spans.size() ? line.size() : offset(spans[i].end);
    cells.push_back(trim(line.substr(start, end - start)));
  }
  return cells;
}

bool fits(Cell cell, std::string_view text) {
  if (text == "N/A") return true;
  switch (cell) {
    case Cell::Number: return number(text).has_value() || text == "-1";
    case Cell::Flag: return equals_ignoring_case(text, "true") || equals_ignoring_case(text, "false");
    case Cell::Address: return net::Ipv4Address::parse(text).has_value() || looks_like_damaged_address(text);
    case Cell::Word:
    case Cell::Text: return true;
  }
  return false;
}

/// The known titles that the words of this line are, in order; none if some word belongs to no title.
std::optional<std::vector<Column>> known_titles(std::string_view line, std::span<const Column> columns) {
  std::vector<Column> out;
  const auto tokens = words(line);
  for (std::size_t i = 0; i < tokens.size();) {
    const Column* best = nullptr;
    std::size_t taken = 0;
    for (const auto& column : columns) {
      const auto title = words(column.title);
      if (title.size() <= taken || i + title.size() > tokens.size()) continue;
      if (std::equal(title.begin(), title.end(), tokens.begin() + static_cast<std::ptrdiff_t>(i))) {
        best = &column;
        taken = title.size();
      }
    }
    if (!best || out.size() == kMostColumns) return std::nullopt;
    out.push_back(*best);
    i += taken;
  }
  return out;
}

/// Titles under which rows are read by position; one that no version is known to print may hold anything.
std::optional<Layout> layout_by_dashes(std::string_view titles, std::string_view dashes,
                                       std::span<const Column> columns) {
  Layout out;
  out.spans = dash_spans(dashes);
  if (const auto cells = cut(titles, out.spans, false)) {
    for (const auto cell : *cells) {
      const auto it = std::find_if(columns.begin(), columns.end(),
                                   [&](const Column& c) { return esxcli_key(c.title) == esxcli_key(cell); });
      out.columns.push_back(it != columns.end() ? *it : Column{cell, Cell::Text});
    }
    return out;
  }
  auto known = known_titles(titles, columns);
  if (!known || known->size() != out.spans.size()) return std::nullopt;
  return Layout{std::move(*known), {}};
}

/// Columns that stand for one another ("Name" and "Interface") are no keys.
bool has_keys(const Layout& layout, std::span<const Column> columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const Column& column) {
    return !column.key || std::any_of(layout.columns.begin(), layout.columns.end(), [&](const Column& shown) {
      return esxcli_key(shown.title) == esxcli_key(column.title);
    });
  });
}

/// The only way to deal the words of a collapsed row out to its columns: one word each, text columns one or more.
/// ways[i][j] counts, up to two, how columns from i can take words from j: more than one way is no way.
std::optional<std::vector<std::string_view>> deal_out(std::string_view line, const std::vector<Column>& columns) {
  const auto tokens = words(line);
  const auto n = columns.size();
  const auto m = tokens.size();
  if (m < n || m > kMostWords) return std::nullopt;
  std::vector<std::vector<unsigned>> ways(n + 1, std::vector<unsigned>(m + 1, 0));
  ways[n][m] = 1;
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t j = 0; j < m; ++j) {
      if (!fits(columns[i].cell, tokens[j])) continue;
      const auto last = columns[i].cell == Cell::Text ? m : j + 1;
      for (auto next = j + 1; next <= last; ++next) ways[i][j] = std::min(2U, ways[i][j] + ways[i + 1][next]);
    }
  }
  if (ways[0][0] != 1) return std::nullopt;
  std::vector<std::string_view> cells;
  for (std::size_t i = 0, j = 0; i < n; ++i) {
    auto next = j + 1;
    while (ways[i + 1][next] == 0) ++next;
    const auto* begin = tokens[j].data();
    cells.emplace_back(begin, static_cast<std::size_t>(tokens[next - 1].data() + tokens[next - 1].size() - begin));
    j = next;
  }
  return cells;
}

std::optional<std::vector<std::string_view>> read_cells(std::string_view line, const Layout& layout) {
  const auto all_fit = [&](const std::vector<std::string_view>& cells) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].empty() ? layout.columns[i].cell == Cell::Number : !fits(layout.columns[i].cell, cells[i]))
        return false;  // a number is never left out: without it, the row was cut
    return !cells.front().empty();
  };
  for (const bool by_characters : {true, false}) {
    if (layout.spans.empty()) break;
    auto cells = cut(line, layout.spans, by_characters);
    if (cells && all_fit(*cells)) return cells;
  }
  return deal_out(line, layout.columns);
}

}  // namespace

OutputLines output_lines(const Source& source, Diagnostics& notes) {
  OutputLines out;
  std::string scratch;
  for_each_line(source.text, [&](std::string_view raw, std::uint32_t number) {
    number += source.lines_before;
    if (out.size() >= kMostLines) return;
    if (raw.size() > kLongestLine) {
      if (notes.size() < kMostNotes)
        notes.push_back({Severity::Warning,
                         "line-too-long",
                         {source.file, number, 1},
                         fmt::format("a line of more than {} bytes was skipped", kLongestLine),
                         {}});
      return;
    }
    const auto text = clean(raw, scratch);
    if (trim(text).empty() || trim(text).starts_with("```")) return;
    out.push_back({std::string(text), number});
  });
  return out;
}

bool is_table(const OutputLines& lines, std::span<const Column> columns) {
  if (columns.empty()) return false;
  const auto below = [&](bool (*dashes)(std::string_view)) {
    return lines.size() > 1 && dashes(lines[1].text) && !dashes(lines[0].text);
  };
  if (below(is_dashes) || below(is_typographic_dashes)) return true;
  const auto titles = known_titles(lines.front().text, columns);
  return titles && titles->size() > 1;
}

bool is_wrapped_table(const OutputLines& lines) {
  constexpr std::size_t kMostTitleLines = 8;
  const auto dashes = [&](std::size_t i) { return i < lines.size() && is_dashes(lines[i].text); };
  std::size_t first = 0;
  while (first < kMostTitleLines && !dashes(first)) ++first;
  return first < kMostTitleLines && (first > 1 || dashes(first + 1));
}

void read_esxcli_table(const FileName& file, const OutputLines& lines, std::span<const Column> columns,
                       EsxcliOutput& out) {
  std::optional<Layout> layout;
  const auto warn = [&](const OutputLine& line, std::string message, std::string remedy) {
    if (out.notes.size() < kMostNotes)
      out.notes.push_back(
          {Severity::Warning, "row-unreadable", {file, line.number, 1}, std::move(message), std::move(remedy)});
  };
  if (is_wrapped_table(lines)) {
    warn(lines.front(), "the table was wrapped by a terminal: it is refused",
         "save the output in a file, or widen the window");
    out.refused = true;
    return;
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i].text;
    const bool typographic = i + 1 < lines.size() && is_typographic_dashes(lines[i + 1].text);
    if (typographic || (i + 1 < lines.size() && is_dashes(lines[i + 1].text))) {
      auto titles = typographic ? known_titles(line, columns) : std::nullopt;
      layout = typographic ? std::nullopt : layout_by_dashes(line, lines[i + 1].text, columns);
      if (titles) layout = Layout{std::move(*titles), {}};
      ++i;
      if (layout && !has_keys(*layout, columns)) layout.reset();
      if (layout) continue;
      warn(lines[i - 1], "these titles are not those of the command: the table is refused",
           "paste the output unchanged, in English");
      out.refused = true;
      continue;
    }
    if (auto titles = known_titles(line, columns); titles && titles->size() > 1) {
      layout = Layout{std::move(*titles), {}};
      continue;
    }
    if (!layout) continue;
    const auto cells = read_cells(line, *layout);
    if (!cells) {
      warn(lines[i], fmt::format("the row does not fit its table: '{}'", excerpt(trim(line))),
           "paste the output unchanged");
      if (out.lost.size() < kMostNotes) out.lost.push_back({std::string(words(line).front()), lines[i].number});
      continue;
    }
    Record record{{}, lines[i].number, {}};
    for (std::size_t c = 0; c < cells->size(); ++c) {
      const auto column = static_cast<std::uint32_t>((*cells)[c].empty() ? 1 : (*cells)[c].data() - line.data() + 1);
      record.fields.push_back(
          {esxcli_key(layout->columns[c].title), std::string((*cells)[c]), {}, lines[i].number, column});
    }
    out.records.push_back(std::move(record));
  }
  if (out.refused) out.records.clear();
}

}  // namespace esx2esxi::intake
