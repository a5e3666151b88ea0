#include <catch2/catch.hpp>

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/table.hpp"

using namespace esx2esxi;
using namespace esx2esxi::app;

namespace {

Diagnostic note(Severity severity, std::string code, std::string message) {
  return {severity, std::move(code), Origin{FileName("f"), 3, 1}, std::move(message), {}};
}

}  // namespace

TEST_CASE("columns are as wide as their widest cell, and lines end without blanks") {
  Table table("  ");
  table.row({"a", "bb", "c"});
  table.row({"aaa", "", ""});
  table.row({"K\xc3\xbchlhaus", "x", ""});
  CHECK(table.text() ==
        "  a         bb  c\n"
        "  aaa\n"
        "  K\xc3\xbchlhaus  x\n");
}

TEST_CASE("text is broken at blanks, and a word longer than a line stands alone") {
  CHECK(wrapped("one two three", 7, "> ") == "one two\n> three");
  CHECK(wrapped("x abcdefghij y", 5, "") == "x\nabcdefghij\ny");
  CHECK(wrapped("", 5, "  ").empty());
}

TEST_CASE("a note is one line with file, line, severity and advice") {
  auto n = note(Severity::Warning, "w", "odd");
  n.remedy = "mend it";
  CHECK(notes_text({n}, Severity::Warning, Paint{}) == "f:3: warning: odd (mend it)\n");
  n.at = {};
  CHECK(notes_text({n}, Severity::Warning, Paint{}) == "esx2esxi: warning: odd (mend it)\n");
}

TEST_CASE("notes below the wanted severity are left out") {
  const Diagnostics notes{note(Severity::Info, "i", "info"), note(Severity::Error, "e", "error")};
  CHECK(notes_text(notes, Severity::Warning, Paint{}) == "f:3: error: error\n");
}

TEST_CASE("ten notes of a kind are printed, eleven are folded into the first with a count") {
  Diagnostics notes(10, note(Severity::Error, "e", "bad"));
  notes.push_back(note(Severity::Error, "other", "worse"));
  const auto lines = [&] {
    const auto text = notes_text(notes, Severity::Error, Paint{});
    return std::count(text.begin(), text.end(), '\n');
  };
  CHECK(lines() == 11);
  notes.push_back(note(Severity::Error, "e", "bad"));
  CHECK(lines() == 2);
  CHECK_THAT(notes_text(notes, Severity::Error, Paint{}),
             Catch::StartsWith("f:3: error: bad [and 10 more of this kind]\n"));
}

TEST_CASE("a terminal sees no control character of an input") {
  auto n = note(Severity::Error, "e", "name \x1b]0;owned\x07\nsecond line");
  n.at.file = FileName("evil\x1b[2J");
  const auto text = notes_text({n}, Severity::Error, Paint{});
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("colour is put around the text only where it is wanted") {
  CHECK(Paint{false}(Tone::Red, "x") == "x");
  CHECK(Paint{true}(Tone::Red, "x") == "\x1b[1;31mx\x1b[0m");
  CHECK(Paint{true}(Tone::Plain, "x") == "x");
}
