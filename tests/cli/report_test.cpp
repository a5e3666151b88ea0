// check for CI: SARIF, JUnit XML, and a baseline.
#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;

namespace {

Outcome check(std::vector<std::string> more) {
  std::vector<std::string> arguments{"check", kHosts, "--policy", kPolicy, "--pools", kPools};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

}  // namespace

TEST_CASE("SARIF is valid against its schema, and its regions point at lines of the inputs") {
  const Scratch scratch;
  const auto outcome = check({"--format", "sarif"});
  CHECK(outcome.code == 1);
  std::ofstream(scratch / "out.sarif") << outcome.out;
  const std::string validate =
      "/usr/bin/python3 -c 'import json,sys,jsonschema; jsonschema.Draft7Validator(json.load(open(sys.argv[1])))"
      ".validate(json.load(open(sys.argv[2])))' '" TEST_SOURCE "/schemas/sarif-2.1.0.json' '" +
      (scratch / "out.sarif") + "'";
  CHECK(std::system(validate.c_str()) == 0);
  const auto log = nlohmann::json::parse(outcome.out);
  const auto& results = log.at("runs")[0].at("results");
  const auto& rules = log.at("runs")[0].at("tool").at("driver").at("rules");
  std::size_t suppressed = 0;
  std::size_t placed = 0;
  for (const auto& result : results) {
    CHECK(rules[result.at("ruleIndex").get<std::size_t>()].at("id") == result.at("ruleId"));
    suppressed += result.contains("suppressions");
    const auto& location = result.at("locations")[0];
    if (location.contains("physicalLocation") && location["physicalLocation"].contains("region")) {
      CHECK(location["physicalLocation"]["region"]["startLine"] > 0);
      ++placed;
    }
  }
  for (const auto& rule : rules)
    CHECK_THAT(rule.at("help").at("text").get<std::string>(), Contains("can be done:\n- "));
  CHECK(suppressed == 6);  // unbound-beside-bound of crane01, service-console-name of five hosts
  CHECK(placed > 100);
}

TEST_CASE("the regions of SARIF point at the lines that hold the addresses") {
  const auto log = nlohmann::json::parse(check({"--format", "sarif"}).out);
  std::size_t looked_at = 0;
  for (const auto& result : log.at("runs")[0].at("results")) {
    if (result.at("ruleId") != "same-subnet" && result.at("ruleId") != "overlapping-masks") continue;
    auto locations = result.at("locations");
    for (const auto& related : result.at("relatedLocations")) locations.push_back(related);
    for (const auto& location : locations) {
      const auto& place = location.at("physicalLocation");
      std::istringstream lines(content(place.at("artifactLocation").at("uri")));  // no path of the estate needs escapes
      std::string line;
      for (auto n = place.at("region").at("startLine").get<int>(); n > 0; --n) REQUIRE(std::getline(lines, line));
      bool holds = false;
      for (const auto& address : result.at("properties").at("addresses")) {
        const auto text = address.get<std::string>();
        holds = holds || line.find(text.substr(0, text.find('/'))) != std::string::npos;
      }
      INFO(place.dump() << " " << line);
      CHECK(holds);
      ++looked_at;
    }
  }
  CHECK(looked_at > 40);
}

TEST_CASE("JUnit XML counts what it holds, and skips what is waived") {
  const auto outcome = check({"--format", "junit"});
  pugi::xml_document xml;
  REQUIRE(xml.load_string(outcome.out.c_str()));
  const auto root = xml.child("testsuites");
  const auto count = [&](const char* path) { return root.select_nodes(path).size(); };
  CHECK(count("testsuite") == 15);  // fourteen hosts and the estate
  CHECK(count("testsuite/testcase") == root.attribute("tests").as_uint());
  CHECK(count("testsuite/testcase/failure") == root.attribute("failures").as_uint());
  CHECK(count("testsuite/testcase/skipped") == root.attribute("skipped").as_uint());
  CHECK(count("testsuite[@name='light01']/testcase/*") == 0);
  CHECK(count("testsuite[@name='pier01']/testcase[@name='same-subnet']/failure") == 1);
  CHECK(count("testsuite[@name='crane01']/testcase[@name='unbound-beside-bound']/skipped") == 1);
}

TEST_CASE("with a baseline only what is new fails") {
  const Scratch scratch;
  const auto first = check({"--format", "json"});
  REQUIRE(first.code == 1);
  std::ofstream(scratch / "base.json") << first.out;
  CHECK(check({"--baseline", scratch / "base.json"}).code == 0);
  auto thinner = nlohmann::json::parse(first.out);
  for (auto& host : thinner.at("hosts"))
    if (host.at("name") == "tug35") host["findings"] = nlohmann::json::array();
  std::ofstream(scratch / "thin.json") << thinner.dump();
  CHECK(check({"--baseline", scratch / "thin.json"}).code == 1);
  // A waiver that has run out since uncovers what it covered.
  auto waived = nlohmann::json::parse(first.out);
  for (auto& host : waived.at("hosts"))
    if (host.at("name") == "tug35")
      for (auto& finding : host.at("findings")) finding["resolution"] = "waived";
  std::ofstream(scratch / "waived.json") << waived.dump();
  CHECK(check({"--baseline", scratch / "waived.json"}).code == 1);
}

TEST_CASE("a baseline that is none is told, and SARIF is for check only") {
  const Scratch scratch;
  std::ofstream(scratch / "bad.json") << "{\"format\": \"other\"}";
  const auto outcome = check({"--baseline", scratch / "bad.json"});
  CHECK(outcome.code == 3);
  CHECK_THAT(outcome.err, Contains("bad.json: error: this is no earlier result"));
  CHECK(run({"inspect", kHosts, "--format", "sarif"}).code == 2);
}
