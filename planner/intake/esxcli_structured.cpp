// esxcli's output for programs: keyvalue, csv and xml.
//
//   structure[0].VirtualSwitch.Name.string=vSwitch0               keyvalue: index, type, field, kind
//   structure[0].VirtualSwitch.Uplinks.string[1].string=vmnic2    an item of a list
//   structure[0].VirtualSwitch.BeaconRequiredBy.string[] =        an empty list, with blanks
//   VersionGet.Version.string=8.0.2                               of a command that prints one structure, not a list
//   AddressType,DHCPDNS,Gateway,IPv4Address,...                   csv: names in the order of the alphabet
//
// The kind of a value is not looked at: what a key means is its reader's business.
#include <algorithm>

#include <pugixml.hpp>

#include "esx2esxi/core/csv.hpp"
#include "esx2esxi/core/text.hpp"
#include "esxcli_forms.hpp"

namespace esx2esxi::intake {

namespace {

/// A tree takes some five times its text.
constexpr std::size_t kLargestXml = 16 << 20;

/// An item more of a list, or a value.
void add_value(Record& record, std::string key, std::string value, bool item, std::uint32_t line,
               std::uint32_t column) {
  const auto same = [&](const Field& f) { return f.key == key; };
  auto it = item ? std::find_if(record.fields.begin(), record.fields.end(), same) : record.fields.end();
  if (it == record.fields.end()) {
    record.fields.push_back({std::move(key), value, {}, line, column});
    it = record.fields.end() - 1;
  }
  if (!item) return;
  it->items.push_back(std::move(value));
  it->item_lines.push_back(line);
}

std::uint32_t line_at(std::string_view text, std::ptrdiff_t offset) {
  if (offset < 0) return 0;
  const auto end = text.begin() + std::min<std::ptrdiff_t>(offset, static_cast<std::ptrdiff_t>(text.size()));
  return 1 + static_cast<std::uint32_t>(std::count(text.begin(), end, '\n'));
}

/// One pass over the text for all nodes: nodes come in the order of the text.
class LineCounter {
 public:
  explicit LineCounter(const Source& source) : text_(source.text), before_(source.lines_before) {}
  std::uint32_t operator()(const pugi::xml_node& node) {
    const auto offset =
        std::min<std::size_t>(text_.size(), static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, node.offset_debug())));
    if (offset > at_) {
      line_ += line_at(text_.substr(at_, offset - at_), static_cast<std::ptrdiff_t>(offset - at_)) - 1;
      at_ = offset;
    }
    return line_ + before_;
  }

 private:
  std::string_view text_;
  std::uint32_t before_;
  std::uint32_t line_ = 1;
  std::size_t at_ = 0;
};

/// `<field name="Uplinks"><list type="string"><string>vmnic0</string></list></field>`
void read_xml_field(const pugi::xml_node& field, LineCounter& line_of, Record& record) {
  const auto key = esxcli_key(field.attribute("name").value());
  const auto line = line_of(field);
  const auto content = field.first_child();
  if (std::string_view(content.name()) != "list")
    return add_value(record, key, std::string(trim(content.child_value())), false, line, 1);
  if (content.first_child().empty()) return add_value(record, key, {}, false, line, 1);
  for (const auto& item : content.children())
    add_value(record, key, std::string(trim(item.child_value())), true, line, 1);
}

void read_xml_structure(const pugi::xml_node& structure, LineCounter& line_of, EsxcliOutput& out) {
  Record record{{}, line_of(structure), {}};
  for (const auto& field : structure.children("field")) read_xml_field(field, line_of, record);
  out.records.push_back(std::move(record));
}

}  // namespace

void read_esxcli_keyvalue(const OutputLines& lines, EsxcliOutput& out) {
  std::string open;  // "structure[0]"
  for (const auto& line : lines) {
    const auto equals = line.text.find('=');
    if (equals == std::string::npos) continue;
    const auto parts = split(trim(std::string_view(line.text).substr(0, equals)), '.');
    const auto value = trim(std::string_view(line.text).substr(equals + 1));
    if (out.records.empty() || parts.front() != open) {
      out.records.push_back({{}, line.number, {}});
      open = parts.front();
    }
    // structure[i].Type.Field.kind, Type.Field.kind, or a scalar: its kind alone
    const std::size_t field = parts.front().starts_with("structure[") ? 2 : 1;
    const bool scalar = parts.size() < 3;
    const bool empty_list = parts.back().ends_with("[]");
    const bool item = parts.size() > field + 2 && parts[field + 1].ends_with(']');
    add_value(out.records.back(), scalar ? std::string() : esxcli_key(parts[field]),
              empty_list ? std::string() : std::string(value), item, line.number,
              static_cast<std::uint32_t>(equals + 2));
  }
}

void read_esxcli_csv(const Source& source, EsxcliOutput& out) {
  CsvReader reader(source.file, source.text);
  const auto header = reader.next();
  while (const auto row = reader.next()) {
    Record record{{}, row->line + source.lines_before, {}};
    for (std::size_t i = 0; header && i < std::min(row->fields.size(), header->fields.size()); ++i) {
      auto key = esxcli_key(header->fields[i]);
      if (key.empty()) continue;  // behind the comma that ends a row
      record.fields.push_back(
          {std::move(key), std::string(trim(row->fields[i])), {}, row->lines[i] + source.lines_before, 1});
    }
    out.records.push_back(std::move(record));
  }
  for (auto& note : reader.take_notes()) {
    note.at.line += source.lines_before;
    out.notes.push_back(std::move(note));
  }
}

void read_esxcli_xml(const Source& source, EsxcliOutput& out) {
  if (source.text.size() > kLargestXml) {
    out.notes.push_back({Severity::Warning,
                         "xml-too-large",
                         {source.file, source.lines_before + 1, 1},
                         "no esxcli output is that large: it was not read",
                         {}});
    return;
  }
  pugi::xml_document document;
  const auto begin = source.text.find('<');
  const auto text = source.text.substr(begin);
  const auto result = document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!result) {
    const auto line = line_at(source.text, static_cast<std::ptrdiff_t>(begin) + result.offset) + source.lines_before;
    out.notes.push_back({Severity::Warning,
                         "xml-damaged",
                         {source.file, line, 1},
                         std::string("the XML is damaged here: ") + result.description(),
                         "what stands before was read; take the output again"});
  }
  LineCounter line_of(
      {source.file, text, source.lines_before + line_at(source.text, static_cast<std::ptrdiff_t>(begin)) - 1});
  const auto root = document.child("output").child("root");
  for (const auto& node : root.children()) {
    const std::string_view name = node.name();
    if (name == "list" && node.child("structure")) {
      for (const auto& structure : node.children("structure")) read_xml_structure(structure, line_of, out);
    } else if (name == "list") {
      Record record{{}, line_of(node), {}};
      for (const auto& item : node.children())
        add_value(record, {}, std::string(trim(item.child_value())), true, record.line, 1);
      if (!record.fields.empty()) out.records.push_back(std::move(record));
    } else if (name == "structure") {
      read_xml_structure(node, line_of, out);
    } else {
      Record record{{}, line_of(node), {}};
      add_value(record, {}, std::string(trim(node.child_value())), false, record.line, 1);
      out.records.push_back(std::move(record));
    }
  }
}

}  // namespace esx2esxi::intake
