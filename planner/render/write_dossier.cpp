// change-request.html and change-request.md: the same fields in two syntaxes.
#include <fmt/format.h>

#include <set>

#include "dossier.hpp"
#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/sha256.hpp"
#include "esx2esxi/core/suggest.hpp"
#include "files.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::string_view kFolder = "templates/";
constexpr std::string_view kEnd = ".mustache";
constexpr std::string_view kScript = "templates/dossier/script.js.mustache";

std::string_view built_in(std::string_view path) { return data_file(path); }

bool is_ours(std::string_view name) {
  return name == "change-request.html" || name == "change-request.md" || name.starts_with("dossier/");
}

/// What the compiled-in templates ask for: no other name exists.
std::set<std::string> known_names() {
  std::set<std::string> known;
  for (const auto syntax : {Syntax::Html, Syntax::Markdown})
    for (const auto& name : Template::read(dossier_template(syntax), built_in).value().names())
      known.insert(name.value);
  return known;
}

/// Base64 of the SHA-256, as a content security policy names a script.
std::string hash_of(std::string_view text) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Sha256 digest;
  digest.add(text);
  std::string out;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (const char c : digest.hex()) {
    held = held << 4U | static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
    for (bits += 4; bits >= 6; held &= (1U << bits) - 1) out += kDigits[held >> (bits -= 6)];
  }
  out += kDigits[held << (6 - bits)];  // 256 bits are 42 digits and four bits
  return out + "=";
}

Result<void> check_names(const Template& read, const std::set<std::string>& known) {
  for (const auto& name : read.names()) {
    if (known.contains(name.value)) continue;
    const std::vector<std::string_view> words(known.begin(), known.end());
    const auto near = closest(name.value, words);
    return tl::unexpected(Diagnostic{Severity::Error, "template", name.at, "no field '" + name.value + "'",
                                     near.empty() ? "correct the template" : fmt::format("did you mean '{}'?", near)});
  }
  return {};
}

}  // namespace

std::string dossier_template(Syntax syntax) {
  return syntax == Syntax::Html ? "templates/change-request.html.mustache" : "templates/change-request.md.mustache";
}

std::vector<std::string> template_names() {
  std::vector<std::string> names;
  for (const auto& file : data_files()) {
    auto name = file.path;
    if (!name.starts_with(kFolder) || !name.ends_with(kEnd)) continue;
    name.remove_prefix(kFolder.size());
    name.remove_suffix(kEnd.size());
    if (is_ours(name)) names.emplace_back(name);
  }
  return names;
}

Result<void> check_templates(const TemplateSource& templates) {
  const auto known = known_names();
  for (const auto syntax : {Syntax::Html, Syntax::Markdown}) {
    const auto read = Template::read(dossier_template(syntax), templates);
    if (!read) return tl::unexpected(read.error());
    if (auto checked = check_names(*read, known); !checked) return checked;
  }
  return {};
}

void write_dossier(const plan::Plan& plan, const DossierOptions& options, Syntax syntax, const Put& put) {
  const auto source = options.templates ? options.templates : TemplateSource(built_in);
  const auto read = Template::read(dossier_template(syntax), source);
  if (!read) throw DocumentError(read.error());
  const Dossier dossier(plan, options);
  auto fields = dossier_fields(dossier);
  fields.insert_or_assign("script_hash", Ready{hash_of(source(kScript))});
  read->fill(fields, syntax, put);
}

}  // namespace esx2esxi::render
