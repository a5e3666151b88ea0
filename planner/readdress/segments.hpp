#pragma once

#include <vector>

#include "search_group.hpp"

namespace esx2esxi::readdress {

/// What moved in a group, told segment by segment, with what else could have been done and what that would have cost.
std::vector<Segment> segments_of(const GroupContext& context, const GroupResult& result);

}  // namespace esx2esxi::readdress
