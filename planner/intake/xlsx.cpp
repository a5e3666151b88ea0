#include "xlsx.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <pugixml.hpp>

#include "esx2esxi/core/text.hpp"
#include "xml_scan.hpp"
#include "zip.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kLargestIndex = 4U << 20;  // the workbook's own part and its relations
constexpr std::size_t kLargestPart = 48U << 20;  // a sheet, or all strings
constexpr std::string_view kStrings = "xl/sharedStrings.xml";
constexpr auto kParse = pugi::parse_default | pugi::parse_ws_pcdata_single;
constexpr std::size_t kMostStrings = 4000000;
constexpr std::size_t kMostCached = 100000;
constexpr std::size_t kLargestRow = 4U << 20;
constexpr std::size_t kLargestString = 4096;  // with its markup
constexpr std::size_t kMostRows = 100000;
constexpr std::size_t kMostColumns = 1024;
constexpr std::size_t kLongestCell = 1024;  // no value that is looked at comes near it

/// The text below a string element: its own, or that of its runs; not the phonetic hints.
std::string string_text(const pugi::xml_node& element) {
  std::string out;
  for (const auto& child : element.children()) {
    const auto name = local_name(child);
    if (name == "t") out += child.child_value();
    if (name == "r")
      for (const auto& run : child.children())
        if (local_name(run) == "t") out += run.child_value();
  }
  return without_escapes(out);
}

/// 1500, 1500.0, 1.5E3: one and the same.
std::string number_text(std::string_view text) {
  if (text.find_first_of(".eE") == std::string_view::npos) return std::string(text);
  double value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole =
      fault == std::errc() && end == text.data() + text.size() && std::abs(value) < 1e15 && std::trunc(value) == value;
  return whole ? fmt::format("{}", static_cast<long long>(value)) : std::string(text);
}

/// "BR15" -> 69; none: no such column.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  for (const char c : reference) {
    if (c < 'A' || c > 'Z') break;
    column = column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    if (column > kMostColumns) return std::nullopt;
  }
  return column == 0 ? std::nullopt : std::optional(column - 1);
}

pugi::xml_node child_called(const pugi::xml_node& parent, std::string_view name) {
  for (const auto& child : parent.children())
    if (local_name(child) == name) return child;
  return {};
}

/// "worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"
std::string part_of(std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  return "xl/" + std::string(target);
}

std::optional<unsigned> hex4(std::string_view text) {
  unsigned value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
  return fault == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// The code unit that an escape at the start of `text` stands for.
std::optional<unsigned> escape_at(std::string_view text) {
  if (text.size() < 7 || text[0] != '_' || text[1] != 'x' || text[6] != '_') return std::nullopt;
  return hex4(text.substr(2, 4));
}

void append_utf8(std::string& out, unsigned code) {
  const auto put = [&](unsigned byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xc0U | code >> 6);
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12);
    put(0x80U | (code >> 6 & 0x3fU));
  } else {
    put(0xf0U | code >> 18);
    put(0x80U | (code >> 12 & 0x3fU));
    put(0x80U | (code >> 6 & 0x3fU));
  }
  put(0x80U | (code & 0x3fU));
}

}  // namespace

std::string without_escapes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto code = escape_at(text);
    if (!code) {
      out += text.front();
      text.remove_prefix(1);
      continue;
    }
    text.remove_prefix(7);
    if (*code >= 0xd800 && *code < 0xe000) {  // one half of a pair
      const auto low = *code < 0xdc00 ? escape_at(text) : std::nullopt;
      const bool pair = low && *low >= 0xdc00 && *low < 0xe000;
      if (pair) text.remove_prefix(7);
      code = pair ? 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00) : 0xfffd;
    }
    append_utf8(out, *code);
  }
  return out;
}

tl::expected<Workbook, std::string> Workbook::open(std::string_view bytes) {
  Workbook out;
  out.bytes_ = bytes;
  const auto workbook = zip_member(bytes, "xl/workbook.xml", kLargestIndex);
  if (!workbook) return tl::unexpected(workbook.error());
  const auto relations = zip_member(bytes, "xl/_rels/workbook.xml.rels", kLargestIndex);
  if (!relations) return tl::unexpected(relations.error());
  if (const auto read = out.read_sheet_names(*workbook, *relations); !read) return tl::unexpected(read.error());
  return out;
}

tl::expected<void, std::string> Workbook::read_sheet_names(std::string_view workbook, std::string_view relations) {
  pugi::xml_document book;
  pugi::xml_document targets;
  if (!book.load_buffer(workbook.data(), workbook.size()) || !targets.load_buffer(relations.data(), relations.size()))
    return tl::unexpected(std::string("its list of sheets is damaged"));
  std::map<std::string, std::string> target_of;
  for (const auto& relation : targets.document_element().children())
    target_of[relation.attribute("Id").value()] = relation.attribute("Target").value();
  for (const auto& sheet : child_called(book.document_element(), "sheets").children()) {
    std::string id;
    for (const auto& attribute : sheet.attributes())
      if (std::string_view(attribute.name()).ends_with(":id")) id = attribute.value();
    if (target_of.contains(id)) sheets_.push_back({sheet.attribute("name").value(), part_of(target_of[id])});
  }
  return {};
}

bool SharedStrings::read(std::string xml) {
  xml_ = std::move(xml);
  XmlScan scan(xml_, "si");
  while (const auto element = scan.next()) {
    if (begins_.size() == kMostStrings) return false;
    begins_.push_back(static_cast<std::uint32_t>(element->data() - xml_.data()));
  }
  return true;
}

std::string SharedStrings::text(std::size_t index) {
  if (index >= begins_.size()) return {};
  if (const auto known = decoded_.find(index); known != decoded_.end()) return known->second;
  const auto element = XmlScan(std::string_view(xml_).substr(begins_[index]), "si").next();
  pugi::xml_document document;
  std::string out;
  if (element && element->size() <= kLargestString && document.load_buffer(element->data(), element->size(), kParse))
    out = string_text(document.document_element());
  if (decoded_.size() < kMostCached) decoded_.emplace(index, out);
  return out;
}

tl::expected<void, std::string> Workbook::read_shared_strings() {
  if (std::exchange(strings_read_, true)) return {};
  const auto names = zip_members(bytes_);
  const auto is_strings = [](const std::string& name) { return equals_ignoring_case(name, kStrings); };
  if (std::none_of(names.begin(), names.end(), is_strings)) return {};  // strings stand in the cells
  auto part = zip_member(bytes_, kStrings, kLargestPart);
  if (!part) return tl::unexpected("its strings cannot be read: " + part.error());
  if (!strings_.read(std::move(*part))) return tl::unexpected(std::string("it has more strings than any workbook"));
  return {};
}

std::string Workbook::cell_text(const pugi::xml_node& cell) {
  const std::string_view type = cell.attribute("t").value();
  if (type == "inlineStr") return string_text(child_called(cell, "is"));
  const auto value = trim(child_called(cell, "v").child_value());
  if (type == "s") return strings_.text(number(value).value_or(kMostStrings));
  if (type == "b") return value == "1" ? "True" : "False";
  if (type == "e") return {};
  if (type == "str") return without_escapes(value);
  return number_text(value);
}

void Workbook::read_row(const pugi::xml_node& element, const std::function<bool(std::size_t)>& wants, RvRow& row) {
  row.line = element.attribute("r").as_uint(row.line + 1);
  row.cells.clear();
  for (const auto& cell : element.children()) {
    if (local_name(cell) != "c") continue;
    const std::string_view reference = cell.attribute("r").value();
    const auto column = reference.empty() ? std::optional(row.cells.size()) : column_of(reference);
    if (!column || *column >= kMostColumns) continue;
    if (row.cells.size() <= *column) row.cells.resize(*column + 1);
    if (!wants(*column)) continue;
    auto text = cell_text(cell);
    if (text.size() <= kLongestCell) row.cells[*column] = std::move(text);
  }
}

tl::expected<void, std::string> Workbook::for_each_row(const Sheet& sheet,
                                                       const std::function<bool(std::size_t)>& wants,
                                                       const std::function<void(const RvRow&)>& visit) {
  if (const auto read = read_shared_strings(); !read) return read;
  const auto part = zip_member(bytes_, sheet.part, kLargestPart);
  if (!part) return tl::unexpected(part.error());
  XmlScan scan(*part, "row");
  std::size_t rows = 0;
  RvRow row;
  pugi::xml_document document;
  while (const auto element = scan.next()) {
    if (++rows > kMostRows) return tl::unexpected(std::string("it has more rows than any estate has interfaces"));
    if (element->size() > kLargestRow || !document.load_buffer(element->data(), element->size(), kParse))
      return tl::unexpected(fmt::format("it is damaged behind row {}", row.line));
    read_row(document.document_element(), wants, row);
    if (!row.cells.empty()) visit(row);
  }
  if (!scan.ended_well()) return tl::unexpected(fmt::format("it ends in the middle, behind row {}", row.line));
  return {};
}

}  // namespace esx2esxi::intake
