// The documents of a plan folder, each from the plan alone.
#pragma once

#include <string>

#include "esx2esxi/core/document.hpp"
#include "esx2esxi/plan/plan.hpp"
#include "esx2esxi/render/dossier.hpp"

namespace esx2esxi::render {

/// plan.json, plan.schema.json, change-request.*, address-plan.csv, hosts/NAME/remediate.sh ...; who writes the folder
/// adds MANIFEST.sha256. The plan must outlive them. Writing one may throw DocumentError.
Documents plan_documents(const plan::Plan& plan, const DossierOptions& options = {});

/// The terminal summary of a plan: per host before -> after, what moves and why, what was found, what to do next.
std::string plan_summary(const plan::Plan& plan, bool colour);

}  // namespace esx2esxi::render
