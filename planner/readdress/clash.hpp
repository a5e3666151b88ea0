#pragma once

#include <string>
#include <vector>

#include "esx2esxi/readdress/propose.hpp"

namespace esx2esxi::readdress {

/// Why there is no answer for some hosts (indices into the estate, all of one group): the smallest set of pins, pools
/// and storage networks that cannot hold together. Each is left out in turn and the group planned again; with more than
/// a few, a set of which none can be spared stands for the smallest. Empty: there is an answer, or none of these is to
/// blame.
std::vector<std::string> smallest_clash(const Request& request, const std::vector<std::size_t>& hosts);

}  // namespace esx2esxi::readdress
