// Clusters that nobody names but the folders in which the hosts lie.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "find_hosts.hpp"

namespace esx2esxi::intake {

/// ESTATE/CLUSTER/HOST: a folder below an input that holds hosts (trees or bundles) beside other folders that do names
/// the cluster of those that no inventory puts into one. `groups` has the places of each host, parallel to `hosts`.
///
/// No clusters are folders whose name says what they hold ("hosts", "bundles", a day) or repeats the host in them,
/// folders of one host each, and folders that hold one host twice: they are sources of the same hosts.
void name_clusters_by_folder(const std::vector<std::string>& inputs, const std::vector<Place>& places,
                             const std::vector<std::vector<std::size_t>>& groups, std::vector<model::Host>& hosts);

}  // namespace esx2esxi::intake
