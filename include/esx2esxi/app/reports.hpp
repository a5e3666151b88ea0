// What the verbs print: text for a person, JSON as the blueprint lays it down. Pure: values in, text out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/options.hpp"
#include "esx2esxi/app/pipeline.hpp"
#include "esx2esxi/rules/catalogue.hpp"

namespace esx2esxi::app {

/// Pieces of one text, in order.
using Pages = std::vector<std::string>;

// check: text and JSON take the pages that `judge` made of each host, and put the whole around them
std::string host_text(const model::Host& host, const std::vector<rules::Finding>& findings, Paint paint);
std::string host_json(const model::Host& host, const std::vector<rules::Finding>& findings);
Pages check_text(const Session& session, Judgement judgement, Paint paint);
Pages check_json(const Session& session, Judgement judgement);
std::string check_sarif(const Session& session, const Judgement& judgement);
std::string check_junit(const Session& session, const Judgement& judgement, FailOn level);

struct ShownFinding {
  std::string_view host;  ///< empty: of the estate
  const rules::Finding* finding = nullptr;
};

/// The findings shown: those of the chosen hosts and of the estate as far as it concerns them.
std::vector<ShownFinding> shown_findings(const Session& session, const Judgement& judgement);

// inspect
enum class ShowOrigins : std::uint8_t { No, Yes };
std::string inspect_text(const Session& session, ShowOrigins origins, Paint paint);
std::string inspect_json(const Session& session);

// rules
std::string rules_text(const rules::Catalogue& catalogue, Paint paint);
std::string rules_json(const rules::Catalogue& catalogue);
std::string policy_schema_json();
std::string rule_page(const rules::Rule& rule, Paint paint);

}  // namespace esx2esxi::app
