// Lists of prefixes as address managers export them, brought into the layout of a pools file.
#pragma once

#include "esx2esxi/core/csv.hpp"
#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi::intake {

/// NetBox: a column `prefix`; phpIPAM: `subnet` and `mask`.
bool is_ipam_export(const CsvRecord& header);

/// The same rows as network,vlan,gateway,purpose,cluster,first,last,exclude,note. Containers, deprecated prefixes, IPv6
/// and roles that are no service are left out, the last with a note each. Such a list does not say which addresses are
/// taken: the outermost two are left to routers, and one warning says so.
CsvTable pools_of_ipam(const FileName& file, const CsvTable& table, Diagnostics& notes);

}  // namespace esx2esxi::intake
