// The single documents, and the names that they stand under.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/dossier.hpp"

namespace esx2esxi::render {

/// One line of a CSV file as RFC 4180 has it, in UTF-8; no cell can be a formula.
std::string csv_row(const std::vector<std::string>& cells);

std::string address_plan_csv(const plan::Plan& plan);

/// Every address once: kept, new or released, and when.
std::string address_changes_csv(const plan::Plan& plan);
/// The same for NetBox's import of IP addresses, and for phpIPAM's.
std::string netbox_csv(const plan::Plan& plan);
std::string phpipam_csv(const plan::Plan& plan, const std::string& section);

/// change-request.html or change-request.md. Throws DocumentError.
void write_dossier(const plan::Plan& plan, const DossierOptions& options, Syntax syntax, const Put& put);

/// change-request.xlsx. Throws DocumentError.
void write_workbook(const plan::Plan& plan, const DossierOptions& options, const Put& put);

/// One change, and one row a host, as ServiceNow imports them.
std::string servicenow_change_csv(const plan::Plan& plan, const DossierOptions& options);
void write_affected_cis(const plan::Plan& plan, const DossierOptions& options, const Put& put);

/// The path of the dossier's template.
std::string dossier_template(Syntax syntax);

/// A folder name for each host, parallel to `hosts`: letters, digits, `.`, `_`, `-` only, no leading `.` or `-`, unique
/// even where case does not count. A name that is safe already is kept.
std::vector<std::string> folder_names(const std::vector<plan::HostPlan>& hosts);

/// Whether remediate.sh and rollback.sh are written for it: not blocked, and a target in rules/versions.info.
bool has_scripts(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
