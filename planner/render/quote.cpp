#include "esx2esxi/render/quote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace esx2esxi::render {

namespace {

/// One UTF-8 character, or one byte that begins none.
struct Character {
  std::string_view bytes;
  std::uint32_t code = 0;
  bool valid = false;
};

constexpr std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

Character first_character(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const auto length = sequence_length(lead);
  const Character broken{text.substr(0, 1), lead, false};
  if (length == 0 || length > text.size()) return broken;
  std::uint32_t code = length == 1 ? lead : lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0U) != 0x80U) return broken;
    code = code << 6 | (next & 0x3fU);
  }
  constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[length] || surrogate || code > 0x10ffff) return broken;
  return {text.substr(0, length), code, true};
}

/// Characters that have no glyph but change what a reader sees: C0 and C1 controls, marks that turn the direction of
/// writing, zero-width ones, line and paragraph separators.
constexpr bool is_invisible(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x2069) || c == 0xfeff || (c >= 0xe0000 && c <= 0xe007f);
}

/// Bytes and characters that cannot be shown as they are, spelled out.
std::string spelled_out(const Character& c) {
  if (c.valid && c.code == '\n') return "\\n";
  if (c.valid && c.code == '\t') return "\\t";
  if (c.valid && c.code == '\r') return "\\r";
  if (!c.valid || c.code < 0x80) return fmt::format("\\x{:02x}", c.code);
  return fmt::format("\\u{{{:04x}}}", c.code);
}

/// Calls `visible(bytes)` for what can be shown and `hidden(character)` for what cannot.
template <class Visible, class Hidden>
void for_each_character(std::string_view text, Visible visible, Hidden hidden) {
  while (!text.empty()) {
    const auto c = first_character(text);
    if (c.valid && !is_invisible(c.code))
      visible(c.bytes);
    else
      hidden(c);
    text.remove_prefix(c.bytes.size());
  }
}

std::string quote_csv(std::string_view text) {
  std::string cell;
  if (!text.empty() && std::string_view("=+-@|\t\r").find(text.front()) != std::string_view::npos) cell = "'";
  cell += text;
  const bool edges = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
  if (!edges && cell.find_first_of(",;\"\r\n\t") == std::string::npos) return cell;
  std::string out = "\"";
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string quote_html(std::string_view text) {
  std::string out;
  const auto visible = [&](std::string_view bytes) {
    switch (bytes.front()) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += bytes;
    }
  };
  const auto hidden = [&](const Character& c) {
    if (c.valid && (c.code == '\n' || c.code == '\t'))
      out += c.bytes;
    else
      out += spelled_out(c);
  };
  for_each_character(text, visible, hidden);
  return out;
}

/// Escapes what has a meaning anywhere in a line of CommonMark or of a GitHub table.
void append_markdown(std::string& out, char c) {
  if (c == '&')
    out += "&amp;";
  else if (c == '<')
    out += "&lt;";
  else if (c == '>')
    out += "&gt;";
  else {
    if (std::string_view("\\`*_{}[]()#|!~$").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
}

/// How many characters at the start of a line would make it a list item, a rule or an underlined heading.
std::size_t line_marker(std::string_view text) {
  if (text.empty()) return 0;
  if (std::string_view("-+=").find(text.front()) != std::string_view::npos) return 1;
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const bool item = digits > 0 && digits < text.size() && text[digits] == '.' &&
                    (digits + 1 == text.size() || text[digits + 1] == ' ');
  return item ? digits + 1 : 0;
}

std::string quote_markdown(std::string_view text) {
  std::string out;
  if (const auto marker = line_marker(text); marker > 0) {
    out += text.substr(0, marker - 1);
    out += '\\';
    out += text[marker - 1];
    text.remove_prefix(marker);
  }
  const auto visible = [&](std::string_view bytes) {
    if (bytes.size() > 1)
      out += bytes;
    else
      append_markdown(out, bytes.front());
  };
  const auto hidden = [&](const Character& c) {
    if (c.valid && (c.code == '\n' || c.code == '\t' || c.code == '\r'))
      out += ' ';
    else
      (out += '\\') += spelled_out(c);
  };
  for_each_character(text, visible, hidden);
  return out;
}

/// Only the plain quote is doubled; what is not printable ASCII is spelled in UTF-16 units.
std::string quote_powershell(std::string_view text) {
  std::string out = "'";
  const auto unit = [&](std::uint32_t code) { out += fmt::format("' + [char]{} + '", code); };
  while (!text.empty()) {
    const auto c = first_character(text);
    text.remove_prefix(c.bytes.size());
    if (c.code > 0xffff) {
      unit(0xd800 + ((c.code - 0x10000) >> 10));
      unit(0xdc00 + ((c.code - 0x10000) & 0x3ff));
    } else if (c.code < 0x20 || c.code >= 0x7f) {
      unit(c.code);
    } else {
      out += c.bytes;
      if (c.code == '\'') out += '\'';
    }
  }
  return out + "'";
}

std::string quote_shell(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c != '\0')
      out += c;  // no word of a shell can hold it; plan::compose refuses names that do
  }
  return out + "'";
}

std::string quote_terminal(std::string_view text) {
  std::string out;
  for_each_character(
      text, [&](std::string_view bytes) { out += bytes; }, [&](const Character& c) { out += spelled_out(c); });
  return out;
}

std::string quote_xml(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    clean += byte >= 0x20 || c == '\t' || c == '\n' ? c : ' ';
  }
  std::string out;
  for (const char c : quote_html(clean)) {
    if (c == '\n')
      out += "&#10;";  // attributes would fold it
    else
      out += c;
  }
  return out;
}

/// Double quotes: the only form of a scalar that can hold every character. What PyYAML would refuse, and what a reader
/// would not see, is escaped.
std::string quote_yaml(std::string_view text) {
  std::string out = "\"";
  const auto escaped = [&](std::uint32_t code) {
    if (code == '\n')
      out += "\\n";
    else if (code <= 0xff)
      out += fmt::format("\\x{:02X}", code);
    else
      out += code <= 0xffff ? fmt::format("\\u{:04X}", code) : fmt::format("\\U{:08X}", code);
  };
  while (!text.empty()) {
    const auto c = first_character(text);
    if (!c.valid || is_invisible(c.code) || (c.code & 0xfffeU) == 0xfffe)
      escaped(c.code);
    else
      (out += c.code == '"' || c.code == '\\' ? "\\" : "") += c.bytes;
    text.remove_prefix(c.bytes.size());
  }
  return out + "\"";
}

}  // namespace

std::string quote(std::string_view text, Syntax syntax) {
  switch (syntax) {  // no default: -Wswitch names the case that a new syntax forgets
    case Syntax::Csv: return quote_csv(text);
    case Syntax::Html: return quote_html(text);
    case Syntax::Markdown: return quote_markdown(text);
    case Syntax::PowerShell: return quote_powershell(text);
    case Syntax::Shell: return quote_shell(text);
    case Syntax::Terminal: return quote_terminal(text);
    case Syntax::Xml: return quote_xml(text);
    case Syntax::Yaml: return quote_yaml(text);
  }
  throw std::logic_error("quote: not a Syntax");  // only a bad cast gets here
}

}  // namespace esx2esxi::render
