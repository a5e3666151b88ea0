// Members of a zip in memory, one by one, each within a budget. Private to the stage.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace esx2esxi::intake {

/// Begins with a local file header: any zip that is not empty.
bool is_zip(std::string_view bytes);

/// Names of all members; empty: it is no zip, or damaged, or has more of them than any workbook.
std::vector<std::string> zip_members(std::string_view zip);

/// The member's bytes, or why there are none: a phrase for a diagnostic. Only the zip format is tried, and nothing is
/// ever written; a member larger than `most` bytes is refused before more of it is inflated.
tl::expected<std::string, std::string> zip_member(std::string_view zip, std::string_view name, std::size_t most);

}  // namespace esx2esxi::intake
