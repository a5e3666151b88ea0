#include <catch2/catch.hpp>

#include "esx2esxi/render/quote.hpp"

using esx2esxi::render::quote;
using esx2esxi::render::Syntax;

TEST_CASE("a shell word means itself whatever it holds") {
  CHECK(quote("", Syntax::Shell) == "''");
  CHECK(quote("VM Network", Syntax::Shell) == "'VM Network'");
  CHECK(quote("it's $(reboot) `x` \"y\"; \\n\n-rf", Syntax::Shell) == "'it'\\''s $(reboot) `x` \"y\"; \\n\n-rf'");
  CHECK(quote(std::string_view("a\0b", 3), Syntax::Shell) == "'ab'");
}

TEST_CASE("a spreadsheet runs no formula that a name holds") {
  CHECK(quote("vmk0", Syntax::Csv) == "vmk0");
  CHECK(quote("=1+1", Syntax::Csv) == "'=1+1");
  CHECK(quote("+Overflow-VMs", Syntax::Csv) == "'+Overflow-VMs");
  CHECK(quote("@x", Syntax::Csv) == "'@x");
  CHECK(quote("-1", Syntax::Csv) == "'-1");
  CHECK(quote("|cmd /c calc", Syntax::Csv) == "'|cmd /c calc");
  CHECK(quote("a|b", Syntax::Csv) == "a|b");
  CHECK(quote("a,b", Syntax::Csv) == "\"a,b\"");
  CHECK(quote("say \"x\"", Syntax::Csv) == "\"say \"\"x\"\"\"");
  CHECK(quote("a\nb", Syntax::Csv) == "\"a\nb\"");
  CHECK(quote(" a", Syntax::Csv) == "\" a\"");
}

TEST_CASE("a page shows markup instead of obeying it") {
  CHECK(quote("Bunker's & Crew <B-Deck>", Syntax::Html) == "Bunker&#39;s &amp; Crew &lt;B-Deck&gt;");
  CHECK(quote("Kühlhaus", Syntax::Html) == "Kühlhaus");
  CHECK(quote("a\x1b[31m", Syntax::Html) == "a\\x1b[31m");
  CHECK(quote("a\xffz", Syntax::Html) == "a\\xffz");
}

TEST_CASE("markdown keeps a cell in its cell and a line a line") {
  CHECK(quote("a|b", Syntax::Markdown) == "a\\|b");
  CHECK(quote("a\nb", Syntax::Markdown) == "a b");
  CHECK(quote("<script>", Syntax::Markdown) == "&lt;script&gt;");
  CHECK(quote("[x](y)", Syntax::Markdown) == "\\[x\\]\\(y\\)");
  CHECK(quote("- item", Syntax::Markdown) == "\\- item");
  CHECK(quote("1. item", Syntax::Markdown) == "1\\. item");
  CHECK(quote("10.0.0.1", Syntax::Markdown) == "10.0.0.1");
}

TEST_CASE("a terminal gets no control character and no mark that turns the text around") {
  CHECK(quote("a\x1b]0;x\x07", Syntax::Terminal) == "a\\x1b]0;x\\x07");
  CHECK(quote("a\tb\nc", Syntax::Terminal) == "a\\tb\\nc");
  CHECK(quote("\xe2\x80\xae"
              "gpj",
              Syntax::Terminal) == "\\u{202e}gpj");
  CHECK(quote("\xc2\x9b"
              "2J",
              Syntax::Terminal) == "\\u{009b}2J");
  CHECK(quote("\xc0\x80", Syntax::Terminal) == "\\xc0\\x80");
  CHECK(quote("\xed\xa0\x80", Syntax::Terminal) == "\\xed\\xa0\\x80");
  CHECK(quote("Kühlhaus", Syntax::Terminal) == "Kühlhaus");
}
