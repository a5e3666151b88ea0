#include "esx2esxi/core/csv.hpp"

#include <catch2/catch.hpp>

using namespace esx2esxi;

namespace {

/// Fields in brackets, each record behind its line.
std::string shape(const CsvTable& table) {
  std::string out;
  const auto add = [&](const CsvRecord& record) {
    out += std::to_string(record.line) + ":";
    for (const auto& field : record.fields) out += "[" + field + "]";
    out += " ";
  };
  add(table.header);
  for (const auto& record : table.records) add(record);
  return out;
}

}  // namespace

TEST_CASE("CSV is read as RFC 4180 writes it") {
  auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"a,b\n1,2\n", "1:[a][b] 2:[1][2] "},
      {"a,b\r\n1,2", "1:[a][b] 2:[1][2] "},
      {"\xef\xbb\xbf"
       "a;b\n1;2,5\n",
       "1:[a][b] 2:[1][2,5] "},
      {"sep=;\na;b,c,d\n", "2:[a][b,c,d] "},
      {"\n\na;b\n", "3:[a][b] "},
      {"a,b\n\"x, \"\"y\"\"\",\"line\r\nbreak\"\n3,4", "1:[a][b] 2:[x, \"y\"][line\r\nbreak] 4:[3][4] "},
      {"a,b\n,\n\n1,\n", "1:[a][b] 2:[][] 4:[1][] "},
      {"a,b\n\"\",\"\" \n", "1:[a][b] 2:[][] "},
  }));
  CAPTURE(text);
  const auto out = read_csv(FileName("p.csv"), text);
  CHECK(out.notes.empty());
  CHECK(shape(out.value) == expected);
}

TEST_CASE("a damaged quote is reported where it stands") {
  const auto open = read_csv(FileName("p.csv"), "a,b\n1,\"two\nthree\n");
  REQUIRE(open.notes.size() == 1);
  CHECK(to_string(open.notes[0].at) == "p.csv:2");
  const auto behind = read_csv(FileName("p.csv"), "a,b\n1,\"two\"x\n3,4\n");
  REQUIRE(behind.notes.size() == 1);
  CHECK(to_string(behind.notes[0].at) == "p.csv:2");
  CHECK(behind.value.records.size() == 2);
}
