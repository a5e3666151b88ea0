#include <fmt/format.h>

#include "esx2esxi/render/quote.hpp"
#include "esx2esxi/render/report.hpp"

namespace esx2esxi::render {

namespace {

std::string xml(std::string_view text) { return quote(text, Syntax::Xml); }

struct Suite {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
};

/// One rule on one host: passed, or with what was found.
void add_case(Suite& suite, const std::string& name, const rules::Rule& rule,
              const std::vector<rules::Finding>& findings, Severity fails) {
  std::string failed;
  std::string waived;
  std::string noted;
  for (const auto& finding : findings) {
    if (finding.rule != rule.slug) continue;
    auto& where = finding.resolution == rules::Resolution::Waived       ? waived
                  : rules::counts(finding) && finding.severity >= fails ? failed
                                                                        : noted;
    where += fmt::format("{}: {}\n", to_string(finding.severity), finding.message);
    for (const auto& origin : finding.origins)
      if (origin.known()) where += "  " + to_string(origin) + "\n";
    if (!finding.why.empty()) where += "  " + finding.why + "\n";
  }
  ++suite.tests;
  suite.cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(name), xml(rule.slug));
  if (failed.empty() && waived.empty() && noted.empty()) {
    suite.cases += "/>\n";
    return;
  }
  suite.cases += ">\n";
  if (!failed.empty()) {
    ++suite.failures;
    suite.cases += fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", xml(rule.slug),
                               xml(rule.title), xml(failed + noted));
  } else if (!waived.empty()) {
    ++suite.skipped;
    suite.cases += fmt::format("      <skipped message=\"{}\"/>\n", xml("waived: " + waived));
  } else {
    suite.cases += fmt::format("      <system-out>{}</system-out>\n", xml(noted));
  }
  suite.cases += "    </testcase>\n";
}

}  // namespace

std::string to_junit(const Report& report) {
  std::string body;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t skipped = 0;
  const auto add = [&](const std::string& name, const std::vector<rules::Finding>& findings) {
    Suite suite;
    for (const auto& rule : report.catalogue.rules) add_case(suite, name, rule, findings, report.fails);
    body += fmt::format(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\">\n{}  </testsuite>\n",
        xml(name), suite.tests, suite.failures, suite.skipped, suite.cases);
    tests += suite.tests;
    failures += suite.failures;
    skipped += suite.skipped;
  };
  for (const auto& host : report.hosts) add(host.name, host.findings);
  add("estate", report.estate);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"esx2esxi\" tests=\"{}\" failures=\"{}\" "
      "errors=\"0\" "
      "skipped=\"{}\">\n{}</testsuites>\n",
      tests, failures, skipped, body);
}

}  // namespace esx2esxi::render
