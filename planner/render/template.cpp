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

Result<std::string> expand(std::string_view path, const Fields& fields, Syntax syntax, const TemplateSource& source) {
  const auto read = Template::read(path, source);
  if (!read) return tl::unexpected(read.error());
  try {
    std::string out;
    read->fill(fields, syntax, [&out](std::string_view piece) { out += piece; });
    return out;
  } catch (const DocumentError& error) {
    return tl::unexpected(error.diagnostic());
  }
}

std::string expand(std::string_view path, const Fields& fields, Syntax syntax) {
  auto out = expand(path, fields, syntax, [](std::string_view p) { return data_file(p); });
  if (!out) throw std::logic_error(to_string(out.error()));
  return std::move(*out);
}

}  // namespace esx2esxi::render
