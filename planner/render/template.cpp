// The packaged mustache renders; this file makes it strict. Before it renders, each tag's name gets its place appended
// (`name<US>file:line`), so that a lookup that fails can say where; values are escaped before they become data, so that
// no tag can place one unescaped.
#include "esx2esxi/render/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <kainjow/mustache.hpp>
#include <optional>
#include <stdexcept>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::render {

namespace {

namespace engine = kainjow::mustache;

constexpr char kPlace = '\x1f';  // cannot be part of a name
// The engine drops a line that holds a section's tag and blanks, but keeps it if the section is left out, and drops
// blank lines that follow a tag. So it is shown no newlines: those of a template travel as kNewline, and values that
// happen to hold that character as kEscape and a letter.
constexpr char kNewline = '\x1e';
constexpr char kEscape = '\x1d';

std::string encoded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == kNewline)
      (out += kEscape) += 'n';
    else if (c == kEscape)
      (out += kEscape) += 'e';
    else
      out += c == '\n' ? kNewline : c;
  }
  return out;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kEscape)
      out += text[++i] == 'n' ? kNewline : kEscape;
    else
      out += text[i] == kNewline ? '\n' : text[i];
  }
  return out;
}

/// Carries a diagnostic out of the engine's callbacks; caught in `expand`.
struct Fault {
  Diagnostic diagnostic;
};

[[noreturn]] void fail(std::string_view path, std::size_t line, std::string message) {
  throw Fault{Diagnostic{Severity::Error, "template",
                         Origin{FileName(std::string(path)), static_cast<std::uint32_t>(line), 0}, std::move(message),
                         "correct the template"}};
}

bool is_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

/// One template, its partials appended to `partials_` on the way.
class Loader {
 public:
  explicit Loader(const TemplateSource& source) : source_(source) {}

  std::string load(std::string_view path) {
    const auto text = source_(path);
    if (text.data() == nullptr) fail(path, 0, "there is no such template");
    including_.emplace_back(path);
    auto out = annotated(path, text);
    including_.pop_back();
    return out;
  }

  const std::map<std::string, std::string, std::less<>>& partials() const { return partials_; }

 private:
  struct Section {
    std::string_view name;
    std::string marked;
    std::size_t line;
  };

  std::string annotated(std::string_view path, std::string_view text) {
    std::string out;
    std::vector<Section> open;
    std::size_t line = 1;
    bool at_line_start = true;
    for (;;) {
      const auto begin = text.find("{{");
      const auto before = text.substr(0, begin);
      if (begin == std::string_view::npos) {
        if (!open.empty()) fail(path, open.back().line, fmt::format("section '{}' is not closed", open.back().name));
        return out + encoded(before);
      }
      line += lines_in(before);
      const auto end = text.find("}}", begin + 2);
      if (end == std::string_view::npos) fail(path, line, "'{{' without '}}'");
      const auto tag = text.substr(begin + 2, end - begin - 2);
      text.remove_prefix(end + 2);
      const auto blanks = at_line_start || lines_in(before) > 0 ? blanks_at_end(before) : std::string_view::npos;
      const auto rest = stands_alone(tag, before, blanks, text);
      out += encoded(before.substr(0, before.size() - (rest ? blanks : 0)));
      out += annotated_tag(path, line, tag, open);
      line += lines_in(tag) + (rest ? 1 : 0);
      text.remove_prefix(rest.value_or(0));
      at_line_start = rest.has_value();
    }
  }

  static std::size_t blanks_at_end(std::string_view text) {
    const auto last = text.find_last_not_of(" \t");
    return last == std::string_view::npos ? text.size() : text.size() - last - 1;
  }

  /// How much of the text after a tag belongs to its line, if nothing else is on that line: the line goes with the tag.
  /// `blanks`: what stands before the tag on its line; npos: not only blanks.
  static std::optional<std::size_t> stands_alone(std::string_view tag, std::string_view before, std::size_t blanks,
                                                 std::string_view after) {
    if (blanks == std::string_view::npos || tag.empty() ||
        std::string_view("#^/!>").find(tag.front()) == std::string_view::npos)
      return std::nullopt;
    if (blanks < before.size() && before[before.size() - blanks - 1] != '\n') return std::nullopt;
    const auto end = after.find_first_not_of(" \t");
    if (end == std::string_view::npos) return after.size();
    if (after[end] != '\n') return std::nullopt;
    return end + 1;
  }

  static std::size_t lines_in(std::string_view text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  std::string annotated_tag(std::string_view path, std::size_t line, std::string_view tag, std::vector<Section>& open) {
    if (tag.starts_with('!')) return "{{!}}";
    const char kind = tag.empty() ? ' ' : tag.front();
    const bool marked = std::string_view("#^/>").find(kind) != std::string_view::npos;
    const auto name = trim(marked ? tag.substr(1) : tag);
    if (!is_name(name)) fail(path, line, fmt::format("'{{{{{}}}}}' is no tag that this program knows", tag));
    auto whole = fmt::format("{}{}{}:{}", name, kPlace, path, line);
    if (kind == '>') {
      include(path, line, name);
    } else if (kind == '#' || kind == '^') {
      open.push_back({name, whole, line});
    } else if (kind == '/') {
      if (open.empty() || open.back().name != name) fail(path, line, fmt::format("'{}' ends no open section", name));
      whole = open.back().marked;
      open.pop_back();
    }
    return fmt::format("{{{{{}{}}}}}", marked ? std::string(1, kind) : std::string(), whole);
  }

  void include(std::string_view path, std::size_t line, std::string_view name) {
    const auto target = fmt::format("templates/{}.mustache", name);
    if (std::find(including_.begin(), including_.end(), target) != including_.end())
      fail(path, line, fmt::format("partial '{}' includes itself", name));
    if (partials_.contains(name)) return;
    if (source_(target).data() == nullptr) fail(path, line, fmt::format("there is no partial '{}' ({})", name, target));
    partials_.emplace(name, load(target));
  }

  const TemplateSource& source_;
  std::vector<std::string> including_;
  std::map<std::string, std::string, std::less<>> partials_;
};

engine::data to_data(const Fields& fields, Syntax syntax);

struct ToData {
  Syntax syntax;
  engine::data operator()(const std::string& text) const { return {encoded(quote(text, syntax))}; }
  engine::data operator()(const Ready& ready) const { return {encoded(ready.text)}; }
  engine::data operator()(bool flag) const { return {flag}; }
  engine::data operator()(const Rows& rows) const {
    engine::data list{engine::data::type::list};
    for (const auto& row : rows) list.push_back(to_data(row, syntax));
    return list;
  }
};

engine::data to_data(const Fields& fields, Syntax syntax) {
  engine::data object{engine::data::type::object};
  for (const auto& [name, value] : fields) object.set(name, std::visit(ToData{syntax}, value.get()));
  return object;
}

/// Looks names up without their place, and throws with it if there is none.
class StrictContext : public engine::context<std::string> {
 public:
  StrictContext(const engine::data* data, const Loader& loader) : engine::context<std::string>(data) {
    for (const auto& [name, text] : loader.partials()) partials_.emplace(name, engine::data(text));
  }

  const engine::data* get(const std::string& name) const override {
    const auto place = name.find(kPlace);
    const auto* found = engine::context<std::string>::get(name.substr(0, place));
    if (found == nullptr) refuse(name, place, "no field");
    return found;
  }

  const engine::data* get_partial(const std::string& name) const override {
    const auto place = name.find(kPlace);
    const auto it = partials_.find(name.substr(0, place));
    if (it == partials_.end()) refuse(name, place, "no partial");
    return &it->second;
  }

 private:
  [[noreturn]] static void refuse(std::string_view name, std::size_t place, std::string_view what) {
    const auto where = name.substr(place + 1);
    const auto colon = where.rfind(':');
    fail(where.substr(0, colon), static_cast<std::size_t>(number(where.substr(colon + 1)).value_or(0)),
         fmt::format("{} '{}'", what, name.substr(0, place)));
  }

  std::map<std::string, engine::data, std::less<>> partials_;
};

}  // namespace

Result<std::string> expand(std::string_view path, const Fields& fields, Syntax syntax, const TemplateSource& source) {
  try {
    Loader loader(source);
    engine::mustache tmpl(loader.load(path));
    if (!tmpl.is_valid()) fail(path, 0, tmpl.error_message());
    tmpl.set_custom_escape([](const std::string& text) { return text; });  // escaped already, in to_data
    const auto data = to_data(fields, syntax);
    StrictContext context(&data, loader);
    auto out = tmpl.render(context);
    if (!tmpl.is_valid()) fail(path, 0, tmpl.error_message());
    return decoded(out);
  } catch (Fault& fault) {
    return tl::unexpected(std::move(fault.diagnostic));
  }
}

std::string expand(std::string_view path, const Fields& fields, Syntax syntax) {
  auto out = expand(path, fields, syntax, [](std::string_view p) { return data_file(p); });
  if (!out) throw std::logic_error(to_string(out.error()));
  return std::move(*out);
}

}  // namespace esx2esxi::render
