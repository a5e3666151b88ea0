#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace esx2esxi::render {

/// What the text around a value is written in.
enum class Syntax : std::uint8_t { Csv, Html, Markdown, PowerShell, Shell, Terminal, Xml, Yaml };

/// `text` so that it means itself, and nothing more, inside `syntax`.
/// Csv: quoted if needed, and a leading = + - @ | tab is defused with an apostrophe (spreadsheets run formulas).
/// Xml: for texts and attributes of XML 1.0, which has no way at all to write most control characters: they are blanks.
/// Yaml: a scalar in double quotes; a byte that is no UTF-8 becomes the character of that number.
/// PowerShell: a string in ASCII: Windows PowerShell 5.1 reads a file without a mark in the code page of the day, in
/// which a byte of another character may be a typographic quote, and that ends a string like the plain one. Shell: one
/// word in single quotes. Terminal: control characters and bidi marks made visible.
std::string quote(std::string_view text, Syntax syntax);

}  // namespace esx2esxi::render
