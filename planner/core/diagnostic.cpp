#include "esx2esxi/core/diagnostic.hpp"

#include <fmt/format.h>

namespace esx2esxi {

std::string to_string(const Origin& origin) {
  if (origin.line == 0) return std::string(origin.file.text());
  return fmt::format("{}:{}", origin.file.text(), origin.line);
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::Note: return "note";
    case Severity::Info: return "info";
    case Severity::Warning: return "warning";
    case Severity::Error: return "error";
  }
  return "error";
}

std::string to_string(const Diagnostic& d) {
  std::string text;
  if (d.at.known()) text = to_string(d.at) + ": ";
  text += fmt::format("{}: {}", to_string(d.severity), d.message);
  if (!d.remedy.empty()) text += fmt::format(" ({})", d.remedy);
  return text;
}

}  // namespace esx2esxi
