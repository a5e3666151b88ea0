#include "esx2esxi/core/info.hpp"

#include <boost/property_tree/info_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <random>
#include <sstream>

using namespace esx2esxi;

namespace {

Checked<InfoNode> read(std::string_view text) { return read_info(FileName("p.info"), text); }

/// "key=value@line" of each node, children in braces.
std::string shape(const InfoNode& node) {
  std::string out;
  for (const auto& child : node.children) {
    out += child.key + "=" + child.value + "@" + std::to_string(child.at.line) + " ";
    if (!child.children.empty()) out += "{ " + shape(child) + "} ";
  }
  return out;
}

bool equal(const InfoNode& node, const boost::property_tree::ptree& tree) {
  return node.value == tree.data() && node.children.size() == tree.size() &&
         std::equal(node.children.begin(), node.children.end(), tree.begin(),
                    [](const InfoNode& a, const auto& b) { return a.key == b.first && equal(a, b.second); });
}

}  // namespace

TEST_CASE("every key of an INFO file knows its line") {
  auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"", ""},
      {"a 1\nb 2", "a=1@1 b=2@2 "},
      {"a 1 b 2 ; c 3\n\nd", "a=1@1 b=2@1 d=@3 "},
      {"a\n{\n  b 1\n}\nc 2\n", "a=@1 { b=1@3 } c=2@5 "},
      {"a x { b { c 1 } }\nd", "a=x@1 { b=@1 { c=1@1 } } d=@2 "},
      {"\"a key\" \"a \\\"value\\\";{}\"\nb", "a key=a \"value\";{}@1 b=@2 "},
      {"a \"one \" \\\n\n   \"two\" ; end\nb", "a=one two@1 b=@4 "},
      {"a\r\n{\r\nb 1\r\n}\r\n", "a=@1 { b=1@3 } "},
      {"\xef\xbb\xbf"
       "a 1",
       "a=1@1 "},
      {"a { } b }c", ""},  // a closing brace too many: no tree
  }));
  CAPTURE(text);
  CHECK(shape(read(text).value) == expected);
}

TEST_CASE("a malformed INFO file is refused with the line of the fault") {
  std::string deep;
  for (int i = 0; i < 201; ++i) deep += "a {\n";
  std::string long_value = "a \"\" \\\n";
  for (int i = 0; i < 501; ++i) long_value += "\"\" \\\n";
  auto [text, line, message] = GENERATE_COPY(table<std::string, unsigned, std::string>({
      {"a 1\n#include \"/etc/shadow\"\n", 2, "may not include"},
      {"a 1\n  # a comment of another language\n", 2, "may not include"},
      {"a 1\nb\n{\nc {\n}\n", 3, "never closed"},
      {"a 1\n}\n", 2, "unmatched }"},
      {"{\n", 1, "unexpected {"},
      {"a 1\nb \"open\nc 2\n", 2, "unexpected end of line"},
      {"a \"x\" \\\ny\n", 2, "expected \""},
      {"a 1\nb \\q\n", 2, "unknown escape"},
      {std::string("a 1\nb \0 2\n", 10), 2, "byte 0"},
      {deep, 201, "deep"},
      {long_value, 501, "500 lines"},
  }));
  CAPTURE(message);
  const auto out = read(text);
  REQUIRE(out.notes.size() == 1);
  CHECK(out.notes[0].severity == Severity::Error);
  CHECK(out.notes[0].at.line == line);
  CHECK_THAT(out.notes[0].message, Catch::Contains(message));
  CHECK(out.value.children.empty());
}

TEST_CASE("nesting of 200 braces is read") {
  std::string text;
  for (int i = 0; i < 200; ++i) text += "a {\n";
  text += std::string(200, '}');
  CHECK(read(text).notes.empty());
}

TEST_CASE("whatever Boost reads is read alike, whatever it refuses is refused") {
  constexpr std::string_view kPieces[] = {"a",    "key", " ",  "\t", "\n", "{",  "}",     "\"", "\\", "\\n",
                                          "\\\"", ";",   "x ", "\n", "{}", "\r", "\"s\"", "'",  "\v", "\xc3\xbc"};
  std::mt19937 random(20260301);
  unsigned good = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    for (auto n = random() % 14; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
    boost::property_tree::ptree tree;
    bool readable = true;
    try {
      std::istringstream in(text);
      boost::property_tree::read_info(in, tree);
    } catch (const boost::property_tree::info_parser_error&) {
      readable = false;
    }
    const auto out = read(text);
    CAPTURE(text);
    REQUIRE(out.notes.empty() == readable);
    if (readable) REQUIRE(equal(out.value, tree));
    for (const auto& note : out.notes) REQUIRE(note.at.line > 0);
    good += readable ? 1 : 0;
  }
  CHECK(good > 2000);
}
