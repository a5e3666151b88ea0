// A template is read into a tree once, and the tree is walked as often as the document needs. Values are escaped where
// they are placed: a tag has no way around that.
#include "esx2esxi/render/template.hpp"

#include <fmt/format.h>

#include "esx2esxi/core/data.hpp"
#include "template_nodes.hpp"

namespace esx2esxi::render {

namespace {

using Node = Template::Node;
using Nodes = std::vector<Node>;

/// Collects small pieces.
class Buffer {
 public:
  explicit Buffer(const Put& put) : put_(put) {}
  void add(std::string_view text) {
    held_ += text;
    if (held_.size() >= kPiece) flush();
  }
  void flush() {
    if (!held_.empty()) put_(held_);
    held_.clear();
  }
  const Put& unbuffered() {
    flush();
    return put_;
  }

 private:
  static constexpr std::size_t kPiece = 1U << 16U;
  const Put& put_;
  std::string held_;
};

class Filler {
 public:
  Filler(Syntax syntax, const Put& put) : syntax_(syntax), out_(put) {}

  void fill(const Nodes& nodes, const Fields& fields) {
    scopes_.push_back(&fields);
    walk(nodes);
    scopes_.pop_back();
  }
  void finish() { out_.flush(); }

 private:
  void walk(const Nodes& nodes) {
    for (const auto& node : nodes) switch (node.kind) {
        case Node::Kind::Text: out_.add(node.text); break;
        case Node::Kind::Value: place(node); break;
        case Node::Kind::Section: repeat(node); break;
        case Node::Kind::Inverted:
          if (!holds(look_up(node))) walk(node.inside);
          break;
      }
  }

  /// The innermost row's value first.
  const Value& look_up(const Node& node) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      if (const auto it = (*scope)->find(node.text); it != (*scope)->end()) return it->second;
    template_fault(node.at, fmt::format("no field '{}'", node.text));
  }

  static bool holds(const Value& value) {
    struct Holds {
      bool operator()(const std::string& text) const { return !text.empty(); }
      bool operator()(const Ready& ready) const { return !ready.text.empty(); }
      bool operator()(const Stream&) const { return true; }
      bool operator()(bool flag) const { return flag; }
      bool operator()(const Rows& rows) const { return !rows.empty(); }
      bool operator()(const Each& each) const { return each.any; }
    };
    return std::visit(Holds{}, value.get());
  }

  void place(const Node& node) {
    struct Place {
      Filler& self;
      const Node& node;
      void operator()(const std::string& text) const { self.out_.add(quote(text, self.syntax_)); }
      void operator()(const Ready& ready) const { self.out_.add(ready.text); }
      void operator()(const Stream& stream) const { stream.write(self.out_.unbuffered()); }
      void operator()(bool) const { refuse(); }
      void operator()(const Rows&) const { refuse(); }
      void operator()(const Each&) const { refuse(); }
      [[noreturn]] void refuse() const {
        template_fault(node.at, fmt::format("'{}' is no text, but a section", node.text));
      }
    };
    std::visit(Place{*this, node}, look_up(node).get());
  }

  void repeat(const Node& node) {
    const auto& value = look_up(node);
    if (const auto* rows = std::get_if<Rows>(&value.get()))
      for (const auto& row : *rows) fill(node.inside, row);
    else if (!holds(value))
      return;
    else if (const auto* each = std::get_if<Each>(&value.get()))
      each->rows([&](const Fields& row) { fill(node.inside, row); });
    else
      walk(node.inside);
  }

  Syntax syntax_;
  Buffer out_;
  std::vector<const Fields*> scopes_;
};

void list_names(const Nodes& nodes, std::vector<Said<std::string>>& out) {
  for (const auto& node : nodes) {
    if (node.kind != Node::Kind::Text) out.push_back({node.text, node.at});
    list_names(node.inside, out);
  }
}

}  // namespace

Result<Template> Template::read(std::string_view path, const TemplateSource& source) {
  try {
    return Template(std::make_shared<const Nodes>(read_template(path, source)));
  } catch (const DocumentError& error) {
    return tl::unexpected(error.diagnostic());
  }
}

void Template::fill(const Fields& fields, Syntax syntax, const Put& put) const {
  Filler filler(syntax, put);
  filler.fill(*nodes_, fields);
  filler.finish();
}

std::vector<Said<std::string>> Template::names() const {
  std::vector<Said<std::string>> out;
  list_names(*nodes_, out);
  return out;
}

namespace {

std::string filled(const Template& from, const Fields& fields, Syntax syntax) {
  std::string out;
  from.fill(fields, syntax, [&out](std::string_view piece) { out += piece; });
  return out;
}

}  // namespace

Result<std::string> expand(std::string_view path, const Fields& fields, Syntax syntax, const TemplateSource& source) {
  const auto read = Template::read(path, source);
  if (!read) return tl::unexpected(read.error());
  try {
    return filled(*read, fields, syntax);
  } catch (const DocumentError& error) {
    return tl::unexpected(error.diagnostic());
  }
}

namespace {

/// Those that are compiled in, each read once: an estate asks for the same few thousands of times.
std::map<std::string_view, Template> read_built_in() {
  std::map<std::string_view, Template> out;
  for (const auto& file : data_files()) {
    if (!file.path.starts_with("templates/") || !file.path.ends_with(".mustache")) continue;
    auto read = Template::read(file.path, [](std::string_view p) { return data_file(p); });
    if (!read) throw std::logic_error(to_string(read.error()));
    out.emplace(file.path, std::move(*read));
  }
  return out;
}

}  // namespace

std::string expand(std::string_view path, const Fields& fields, Syntax syntax) {
  static const auto built_in = read_built_in();
  const auto found = built_in.find(path);
  if (found == built_in.end()) throw std::logic_error(fmt::format("no template {}", path));
  try {
    return filled(found->second, fields, syntax);
  } catch (const DocumentError& error) {
    throw std::logic_error(to_string(error.diagnostic()));
  }
}

}  // namespace esx2esxi::render
