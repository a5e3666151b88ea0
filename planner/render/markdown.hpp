// What the two parts of change-request.md share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/template.hpp"

namespace esx2esxi::render {

/// What stands in a table cell that has no value.
inline constexpr std::string_view kNone = "–";

/// The value, or kNone.
Value cell(std::string_view text);
Value cell(const std::vector<std::string>& parts, std::string_view between = ", ");

/// Sets `name` to the rows and `has_name` to whether there are any.
void set_rows(Fields& fields, const std::string& name, Rows rows);

/// "resolved: vmk1 moves", "waived: ...", "open"
std::string resolution_text(const rules::Finding& finding);

/// FILE:LINE of up to `kOriginsShown` origins, and how many more there are.
std::string evidence_text(const rules::Finding& finding);

/// One host's section.
std::string host_section(const plan::Plan& plan, const plan::HostPlan& host, std::string_view folder);

}  // namespace esx2esxi::render
