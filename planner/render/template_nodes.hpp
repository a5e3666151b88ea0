// What a template looks like once it is read. Partials stand where they were included.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

struct Template::Node {
  enum class Kind : std::uint8_t { Text, Value, Section, Inverted };
  Kind kind = Kind::Text;
  std::string text;  ///< or the name
  Origin at;
  std::vector<Node> inside;
};

[[noreturn]] void template_fault(Origin at, std::string message);  ///< throws DocumentError

/// Throws DocumentError.
std::vector<Template::Node> read_template(std::string_view path, const TemplateSource& source);

}  // namespace esx2esxi::render
