#include <catch2/catch.hpp>

#include "esx2esxi/render/template.hpp"

using namespace esx2esxi;
using namespace esx2esxi::render;

namespace {

using Files = std::map<std::string, std::string, std::less<>>;

Result<std::string> expanded(const Files& files, const Fields& fields, Syntax syntax = Syntax::Html) {
  return expand("templates/t.mustache", fields, syntax, [&](std::string_view path) {
    const auto it = files.find(path);
    return it == files.end() ? std::string_view() : std::string_view(it->second);
  });
}

std::string fault(const Files& files, const Fields& fields) {
  const auto out = expanded(files, fields);
  return out ? "no fault: " + *out : to_string(out.error());
}

}  // namespace

TEST_CASE("values are escaped for the document's syntax, ready text is placed as it is") {
  const Files files{{"templates/t.mustache", "{{a}} {{b}}"}};
  CHECK(expanded(files, {{"a", "<&>"}, {"b", Ready{"<br>"}}}).value() == "&lt;&amp;&gt; <br>");
  CHECK(expanded(files, {{"a", "it's"}, {"b", "x"}}, Syntax::Shell).value() == "'it'\\''s' 'x'");
}

TEST_CASE("a value that looks like a tag is no tag") {
  CHECK(expanded({{"templates/t.mustache", "{{a}}"}}, {{"a", "{{b}}"}}).value() == "{{b}}");
}

TEST_CASE("sections repeat for rows, see the fields around them and leave no empty lines") {
  const Files files{
      {"templates/t.mustache", "{{#rows}}\n{{name}} on {{host}}\n{{/rows}}\n{{^rows}}\nnone\n{{/rows}}\n"}};
  CHECK(expanded(files, {{"host", "h"}, {"rows", Rows{{{"name", "a"}}, {{"name", "b"}}}}}).value() ==
        "a on h\nb on h\n");
  CHECK(expanded(files, {{"host", "h"}, {"rows", Rows{}}}).value() == "none\n");
}

TEST_CASE("blank lines, and control characters in values, come out as they went in") {
  const Files files{
      {"templates/t.mustache", "a\n\n  {{! note }}\n\n{{#yes}}\n\nb {{v}}\n{{/yes}}\n\n{{#no}}x{{/no}}\nend"}};
  const Fields fields{{"yes", true}, {"no", false}, {"v", Ready{"\x1d\x1e\n\n."}}};
  CHECK(expanded(files, fields).value() == "a\n\n\n\nb \x1d\x1e\n\n.\n\n\nend");
}

TEST_CASE("a partial is another file, and its name shows in errors") {
  const Files good{{"templates/t.mustache", "x\n{{> lib/p}}\ny\n"}, {"templates/lib/p.mustache", "p {{a}}\nq\n"}};
  CHECK(expanded(good, {{"a", "1"}}).value() == "x\np 1\nq\ny\n");
  CHECK(fault(good, {}) == "templates/lib/p.mustache:1: error: no field 'a' (correct the template)");
}

TEST_CASE("what is wrong with a template is said with its file and line") {
  const auto at = [](const std::string& text, const Fields& fields = {}) {
    return fault(
        {{"templates/t.mustache", text}, {"templates/p.mustache", "{{> q}}"}, {"templates/q.mustache", "\n{{> p}}"}},
        fields);
  };
  CHECK(at("a\nb {{missing}}") == "templates/t.mustache:2: error: no field 'missing' (correct the template)");
  CHECK(at("a\n\n{{#missing}}x{{/missing}}").starts_with("templates/t.mustache:3: error: no field 'missing'"));
  CHECK(at("{{^missing}}x{{/missing}}").starts_with("templates/t.mustache:1: error: no field"));
  CHECK(at("{{a").starts_with("templates/t.mustache:1: error: '{{' without '}}'"));
  CHECK(at("{{#a}}", {{"a", true}}).starts_with("templates/t.mustache:1: error: section 'a' is not closed"));
  CHECK(at("{{#a}}{{/b}}", {{"a", true}}).starts_with("templates/t.mustache:1: error: 'b' ends no open section"));
  CHECK(at("\n{{> nothing}}").starts_with("templates/t.mustache:2: error: there is no partial 'nothing'"));
  CHECK(at("{{> p}}").starts_with("templates/q.mustache:2: error: partial 'p' includes itself"));
}

TEST_CASE("there is no way to place a value unescaped, nor to change the delimiters") {
  const Fields fields{{"a", "<"}};
  for (const auto* text : {"{{{a}}}", "{{&a}}", "{{=<% %>=}}", "{{a b}}", "{{}}"})
    CHECK(fault({{"templates/t.mustache", text}}, fields).find("is no tag that this program knows") !=
          std::string::npos);
}

TEST_CASE("a row that lacks a name is not helped by a later row") {
  const Files files{{"templates/t.mustache", "{{#rows}}{{x}}{{/rows}}"}};
  CHECK(fault(files, {{"rows", Rows{{}, {{"x", "1"}}}}}).find("no field 'x'") != std::string::npos);
}

TEST_CASE("a stream is written in its place, and one template is filled many times") {
  const auto read = Template::read("templates/t.mustache", [](std::string_view) { return "a {{s}} b {{n}}\n"; });
  std::string out;
  const Put put = [&out](std::string_view piece) { out += piece; };
  for (const auto* n : {"<1>", "2"})
    read->fill({{"s", Stream{[](const Put& to) { to("<i>"), to("x"); }}}, {"n", n}}, Syntax::Html, put);
  CHECK(out == "a <i>x b &lt;1&gt;\na <i>x b 2\n");
  CHECK(read->names().back().value == "n");
  CHECK_THROWS_AS(read->fill({{"s", "x"}}, Syntax::Html, put), DocumentError);
}

TEST_CASE("a table or a flag cannot be placed as text") {
  CHECK(fault({{"templates/t.mustache", "\n{{a}}"}}, {{"a", true}}) ==
        "templates/t.mustache:2: error: 'a' is no text, but a section (correct the template)");
}
