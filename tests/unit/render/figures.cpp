// Every number that a reader sees is a count over plan.json.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esx2esxi/render/documents.hpp"
#include "sample_plan.hpp"
#include "texts.hpp"

namespace esx2esxi::render {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Json> all_findings(const Json& plan) {
  std::vector<Json> out;
  for (const auto& host : plan["hosts"])
    for (const auto& finding : host["findings"]) out.push_back(finding);
  for (const auto& finding : plan["estate"]["findings"]) out.push_back(finding);
  return out;
}

template <class Range, class Test>
std::string count(const Range& range, Test test) {
  return std::to_string(std::count_if(range.begin(), range.end(), test));
}

/// The five sentences, written anew from the JSON alone.
std::string expected_summary(const Json& plan) {
  const auto findings = all_findings(plan);
  const auto severity = [&](const char* wanted) {
    return count(findings, [&](const Json& f) { return f["severity"] == wanted; });
  };
  const auto resolution = [&](const char* wanted) {
    return count(findings, [&](const Json& f) { return f["resolution"] == wanted; });
  };
  const auto status = [&](const char* wanted) {
    return count(plan["hosts"], [&](const Json& h) { return h["status"] == wanted; });
  };
  std::size_t remedies = 0;
  std::size_t steps = 0;
  std::size_t confirm = 0;
  std::size_t interrupting = 0;
  int longest = 0;
  for (const auto& host : plan["hosts"]) {
    remedies += host["remedies"].size();
    steps += host["steps"].size();
    for (const auto& remedy : host["remedies"]) confirm += remedy["to_be_confirmed"].get<bool>() ? 1 : 0;
    int sum = 0;
    for (const auto& step : host["steps"]) {
      sum += step["seconds"].get<int>();
      interrupting += step["interrupts"].is_null() ? 0 : 1;
    }
    longest = std::max(longest, sum);
  }
  const auto introduced = count(findings, [](const Json& f) { return f["introduced"].get<bool>(); });
  const auto open_errors =
      count(findings, [](const Json& f) { return f["resolution"] == "open" && f["severity"] == "error"; });
  const auto remedied = count(plan["hosts"], [](const Json& h) { return !h["remedies"].empty(); });
  return std::to_string(findings.size()) + " findings: " + severity("error") + " errors, " + severity("warning") +
         " warnings and 0 hints; " + introduced + " of them|" + std::to_string(remedies) + " remedies on " + remedied +
         " hosts; it ends " + resolution("resolved") + " findings, " + resolution("waived") + " waived and " +
         resolution("open") + " left open, " + open_errors + " error among them|" + std::to_string(steps) + " steps, " +
         std::to_string(interrupting) + " of which interrupt|needs " + std::to_string(longest) + " seconds|" +
         status("clean") + " host is clean, " + status("resolved") + " resolved, " + status("blocked") + " blocked; " +
         std::to_string(confirm) + " values are to be confirmed";
}

std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> out{""};
  for (const char c : text) {
    if (c == '|')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

std::string without_escapes(const std::string& markdown) {
  std::string out;
  for (const char c : markdown)
    if (c != '\\') out += c;
  return out;
}

TEST_CASE("the summaries' numbers are counts over plan.json") {
  auto plan = test::peaceful_plan();
  plan.hosts.push_back(test::moved_host("esx05", 15));
  plan.hosts.back().steps.push_back(plan.hosts.back().steps[0]);
  plan.hosts.back().steps.back().interrupts.clear();
  const auto files = test::texts_of(plan);
  const auto json = Json::parse(files.at("plan.json"));
  const auto terminal = plan_summary(plan, false);
  const auto markdown = without_escapes(files.at("change-request.md"));
  for (const auto& part : parts(expected_summary(json))) {
    INFO(part);
    CHECK(terminal.find(part) != std::string::npos);
    CHECK(markdown.find(part) != std::string::npos);
  }
}

}  // namespace
}  // namespace esx2esxi::render
