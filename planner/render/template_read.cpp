// From a template's text to its tree.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "esx2esxi/core/text.hpp"
#include "template_nodes.hpp"

namespace esx2esxi::render {

namespace {

using Node = Template::Node;
using Nodes = std::vector<Node>;

bool is_name(std::string_view text) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
  return !text.empty() && text.find_first_not_of(kAllowed) == std::string_view::npos;
}

std::uint32_t lines_in(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

std::size_t blanks_at_end(std::string_view text) {
  const auto last = text.find_last_not_of(" \t");
  return last == std::string_view::npos ? text.size() : text.size() - last - 1;
}

/// One file; a partial gets a Parser of its own, which knows the files that include it.
class Parser {
 public:
  Parser(std::string_view path, const TemplateSource& source, std::vector<std::string> including)
      : file_(std::string(path)), source_(source), including_(std::move(including)) {
    including_.emplace_back(path);
  }

  Nodes read(Origin wanted_by) {
    text_ = source_(file_.text());
    if (text_.data() == nullptr) template_fault(wanted_by.known() ? wanted_by : here(), "there is no such template");
    Nodes top;
    open_.push_back({&top, {}, {}});
    while (take_text()) take_tag();
    if (open_.size() > 1) template_fault(open_.back().at, fmt::format("section '{}' is not closed", open_.back().name));
    return top;
  }

 private:
  struct Section {
    Nodes* nodes;
    std::string_view name;
    Origin at;
  };

  Origin here() const { return {file_, line_, 0}; }
  Nodes& nodes() { return *open_.back().nodes; }

  /// Up to the next tag; false: there is none.
  bool take_text() {
    const auto begin = text_.find("{{");
    before_ = text_.substr(0, begin);
    line_ += lines_in(before_);
    if (begin == std::string_view::npos) {
      add_text(before_);
      return false;
    }
    const auto end = text_.find("}}", begin + 2);
    if (end == std::string_view::npos) template_fault(here(), "'{{' without '}}'");
    tag_ = text_.substr(begin + 2, end - begin - 2);
    text_.remove_prefix(end + 2);
    return true;
  }

  void take_tag() {
    const auto blanks = blanks_before();
    const auto rest = stands_alone(blanks);
    add_text(before_.substr(0, before_.size() - (rest ? *blanks : 0)));
    add_tag();
    line_ += lines_in(tag_) + (rest ? 1 : 0);
    text_.remove_prefix(rest.value_or(0));
    at_line_start_ = rest.has_value();
  }

  /// The blanks between the line's start and the tag; none: something else is there.
  std::optional<std::size_t> blanks_before() const {
    if (!at_line_start_ && lines_in(before_) == 0) return std::nullopt;
    const auto blanks = blanks_at_end(before_);
    if (blanks < before_.size() && before_[before_.size() - blanks - 1] != '\n') return std::nullopt;
    return blanks;
  }

  /// How much of the text after a tag belongs to its line, if nothing else is on that line: the line goes with the tag.
  std::optional<std::size_t> stands_alone(std::optional<std::size_t> blanks) const {
    if (!blanks || tag_.empty() || std::string_view("#^/!>").find(tag_.front()) == std::string_view::npos)
      return std::nullopt;
    const auto end = text_.find_first_not_of(" \t");
    if (end == std::string_view::npos) return text_.size();
    if (text_[end] != '\n') return std::nullopt;
    return end + 1;
  }

  void add_text(std::string_view text) {
    if (!text.empty()) nodes().push_back({Node::Kind::Text, std::string(text), here(), {}});
  }

  void add_tag() {
    if (tag_.starts_with('!')) return;
    const char kind = tag_.empty() ? ' ' : tag_.front();
    const bool marked = std::string_view("#^/>").find(kind) != std::string_view::npos;
    const auto name = trim(marked ? tag_.substr(1) : tag_);
    if (!is_name(name)) template_fault(here(), fmt::format("'{{{{{}}}}}' is no tag that this program knows", tag_));
    switch (kind) {
      case '#': open(Node::Kind::Section, name); break;
      case '^': open(Node::Kind::Inverted, name); break;
      case '/': close(name); break;
      case '>': include(name); break;
      default: nodes().push_back({Node::Kind::Value, std::string(name), here(), {}});
    }
  }

  void open(Node::Kind kind, std::string_view name) {
    auto& node = nodes().emplace_back(Node{kind, std::string(name), here(), {}});
    open_.push_back({&node.inside, name, here()});
  }

  void close(std::string_view name) {
    if (open_.size() == 1 || open_.back().name != name)
      template_fault(here(), fmt::format("'{}' ends no open section", name));
    open_.pop_back();
  }

  void include(std::string_view name) {
    const auto path = fmt::format("templates/{}.mustache", name);
    if (std::find(including_.begin(), including_.end(), path) != including_.end())
      template_fault(here(), fmt::format("partial '{}' includes itself", name));
    if (source_(path).data() == nullptr)
      template_fault(here(), fmt::format("there is no partial '{}' ({})", name, path));
    auto inside = Parser(path, source_, including_).read(here());
    std::move(inside.begin(), inside.end(), std::back_inserter(nodes()));
  }

  FileName file_;
  const TemplateSource& source_;
  std::vector<std::string> including_;
  std::vector<Section> open_;
  std::string_view text_;  ///< what is left
  std::string_view before_;
  std::string_view tag_;
  std::uint32_t line_ = 1;
  bool at_line_start_ = true;
};

}  // namespace

void template_fault(Origin at, std::string message) {
  throw DocumentError(
      Diagnostic{Severity::Error, "template", std::move(at), std::move(message), "correct the template"});
}

std::vector<Template::Node> read_template(std::string_view path, const TemplateSource& source) {
  return Parser(path, source, {}).read({});
}

}  // namespace esx2esxi::render
