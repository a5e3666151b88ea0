#pragma once

#include <set>
#include <string>
#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::app {

/// Findings that an earlier run reported: CI fails only on what is new. A finding is the same if host (or scope), rule,
/// interfaces and addresses are; its wording and severity may change.
class Baseline {
 public:
  Baseline() = default;
  explicit Baseline(std::set<std::string> fingerprints) : known_(std::move(fingerprints)) {}

  /// `host` is empty for a finding of the estate.
  bool holds(std::string_view host, const rules::Finding& finding) const;

 private:
  std::set<std::string> known_;
};

/// The text of an earlier `check --format json`. Code "baseline": it is something else.
Result<Baseline> parse_baseline(std::string_view text, const std::string& path);

/// The file at `path`; without one an empty baseline.
Result<Baseline> read_baseline(const std::string& path);

}  // namespace esx2esxi::app
