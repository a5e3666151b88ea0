#include "esx2esxi/app/templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/render/dossier.hpp"

namespace esx2esxi::app {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kFolder = "templates/";
constexpr std::string_view kEnd = ".mustache";

using Texts = std::map<std::string, std::string, std::less<>>;  ///< "templates/dossier/style.css.mustache" -> text

Diagnostic fault(const fs::path& at, std::string code, std::string message, std::string remedy) {
  return {Severity::Error, std::move(code), Origin{FileName(at.generic_string())}, std::move(message),
          std::move(remedy)};
}

/// What is written from it is UTF-8, and nobody repairs a template's own text.
std::optional<Diagnostic> no_utf8(const fs::path& file, std::string_view text) {
  const auto at = malformed_at(text);
  if (at == std::string_view::npos) return std::nullopt;
  auto found = fault(file, "template", "is not UTF-8", "save it in that encoding");
  found.at.line =
      static_cast<std::uint32_t>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1);
  return found;
}

Result<Texts> texts_in(const fs::path& folder) {
  Texts texts;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (!it->is_regular_file(error)) continue;
    const auto name = it->path().lexically_relative(folder).generic_string();
    if (!name.ends_with(kEnd)) continue;
    auto text = read_file(it->path().string());
    if (!text) return tl::unexpected(std::move(text.error()));
    if (auto wrong = no_utf8(it->path(), *text)) return tl::unexpected(std::move(*wrong));
    texts.emplace(std::string(kFolder) + name, std::move(*text));
  }
  if (error)
    return tl::unexpected(fault(folder, "unreadable", "cannot be read: " + error.message(), "--templates is a folder"));
  if (texts.empty())
    return tl::unexpected(
        fault(folder, "template", "holds no template", "name them as in change-request.html.mustache"));
  return texts;
}

Diagnostic unused(const fs::path& folder, const std::string& path) {
  const auto name = path.substr(kFolder.size(), path.size() - kFolder.size() - kEnd.size());
  const auto names = render::template_names();
  const std::vector<std::string_view> known(names.begin(), names.end());
  return fault(folder / (name + std::string(kEnd)), "template", "no document asks for this template",
               suggestion(name, known));
}

}  // namespace

Diagnostic in_folder(Diagnostic found, const std::string& folder) {
  const auto path = found.at.file.text();
  if (folder.empty() || !path.starts_with(kFolder)) return found;
  const auto file = fs::path(folder) / path.substr(kFolder.size());
  std::error_code error;
  if (fs::is_regular_file(file, error)) found.at.file = FileName(file.generic_string());
  return found;
}

Result<render::TemplateSource> read_templates(const std::string& folder) {
  if (folder.empty()) return render::TemplateSource(data_file);
  auto read = texts_in(folder);
  if (!read) return tl::unexpected(std::move(read.error()));
  const auto texts = std::make_shared<const Texts>(std::move(*read));
  const render::TemplateSource source = [texts](std::string_view path) {
    const auto it = texts->find(path);
    return it == texts->end() ? data_file(path) : std::string_view(it->second);
  };
  std::set<std::string, std::less<>> asked;
  const auto checked = render::check_templates([&](std::string_view path) {
    asked.emplace(path);
    return source(path);
  });
  if (!checked) return tl::unexpected(in_folder(checked.error(), folder));
  for (const auto& [path, text] : *texts)
    if (!asked.contains(path)) return tl::unexpected(unused(folder, path));
  return source;
}

}  // namespace esx2esxi::app
