// Logic-less templates (mustache), made strict. A template places values, it never builds them:
//
//   {{name}}                a value, escaped for the syntax of the document; there is no unescaped form
//   {{#name}}...{{/name}}   once if true, or once for each row of a table
//   {{^name}}...{{/name}}   if false, or if the table is empty
//   {{> path}}              another template: templates/path.mustache
//   {{! comment }}
//
// A name that the fields lack, a missing partial, one that includes itself, an unclosed tag: errors with file and line,
// never an empty string. Half a command is worse than none.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/core/document.hpp"
#include "esx2esxi/render/quote.hpp"

namespace esx2esxi::render {

class Value;
/// What a template can name. A row of a table sees the names of the fields around it, too.
using Fields = std::map<std::string, Value, std::less<>>;
using Rows = std::vector<Fields>;

/// Text that already is in the syntax of the document, made by an emitter that quoted every value in it.
struct Ready {
  std::string text;
};

/// The same, made while the document is written.
struct Stream {
  std::function<void(const Put&)> write;
};

/// Rows made while the document is written: a thousand hosts, one at a time.
struct Each {
  bool any = false;
  std::function<void(const std::function<void(const Fields&)>&)> rows;
};

class Value {
 public:
  Value(std::string text) : value_(std::move(text)) {}
  Value(std::string_view text) : value_(std::string(text)) {}
  Value(const char* text) : value_(std::string(text)) {}
  Value(Ready ready) : value_(std::move(ready)) {}
  Value(Stream stream) : value_(std::move(stream)) {}
  Value(Each each) : value_(std::move(each)) {}
  Value(bool flag) : value_(flag) {}
  Value(Rows rows) : value_(std::move(rows)) {}

  const std::variant<std::string, Ready, Stream, bool, Rows, Each>& get() const { return value_; }

 private:
  std::variant<std::string, Ready, Stream, bool, Rows, Each> value_;
};

/// Finds a template by its path, as in "templates/remediate.sh.mustache"; a null data pointer: there is none.
using TemplateSource = std::function<std::string_view(std::string_view path)>;

/// Why a document could not be made, found while it was being written: a name that the fields lack, a full disk.
class DocumentError : public std::runtime_error {
 public:
  explicit DocumentError(Diagnostic diagnostic)
      : std::runtime_error(to_string(diagnostic)), diagnostic_(std::move(diagnostic)) {}
  const Diagnostic& diagnostic() const { return diagnostic_; }

 private:
  Diagnostic diagnostic_;
};

/// A template with its partials, read once and filled in as often as needed. Copies share what was read.
class Template {
 public:
  struct Node;

  static Result<Template> read(std::string_view path, const TemplateSource& source);

  /// Throws DocumentError.
  void fill(const Fields& fields, Syntax syntax, const Put& put) const;

  /// Each name it asks for, with its place, in order; partials included.
  std::vector<Said<std::string>> names() const;

 private:
  explicit Template(std::shared_ptr<const std::vector<Node>> nodes) : nodes_(std::move(nodes)) {}
  std::shared_ptr<const std::vector<Node>> nodes_;
};

/// The template with its fields filled in.
Result<std::string> expand(std::string_view path, const Fields& fields, Syntax syntax, const TemplateSource& source);

/// The same for the templates that are compiled in, whose faults are ours: throws std::logic_error.
std::string expand(std::string_view path, const Fields& fields, Syntax syntax);

}  // namespace esx2esxi::render
