// Findings for other programs: SARIF 2.1.0 for code-scanning views, JUnit XML for CI.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "esx2esxi/rules/catalogue.hpp"
#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::render {

/// What was judged. References outlive the call.
struct Report {
  struct Host {
    std::string name;
    const std::vector<rules::Finding>& findings;
  };
  std::vector<Host> hosts;
  const std::vector<rules::Finding>& estate;
  const rules::Catalogue& catalogue;
  Severity fails = Severity::Error;  ///< JUnit: findings from here on are failures
};

/// Identity of a finding from run to run: who, which rule, which interfaces and addresses; not its wording, severity or
/// the file it was found in. `host` is empty for findings of the estate.
std::string fingerprint(std::string_view host, const rules::Finding& finding);

/// OASIS SARIF 2.1.0, one run. Locations point at the line of the input that says so; waived findings are suppressed
/// results with the waiver's reason.
std::string to_sarif(const Report& report);

/// One test suite a host and one for the estate, one test case a rule; waived findings are skipped cases.
std::string to_junit(const Report& report);

}  // namespace esx2esxi::render
