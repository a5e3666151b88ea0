// The sentences of the dossier and the terminal summary.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "esx2esxi/plan/plan.hpp"
#include "figures.hpp"

namespace esx2esxi::render {

/// "14 hosts of harbor, ESX to ESXi 8.0"; "12 of 14 hosts ..." where two are blocked
std::string title(const plan::Plan& plan);

/// The clusters that cannot start, each with its reason; of many the first ones, and how many more.
std::string held_names(const plan::Plan& plan);

/// "ESX 4.1.0", "ESX, version not known"
std::string product_of(const plan::HostPlan& host);

/// Five sentences; every number in them is one of `figures`.
std::vector<std::string> summary_sentences(const plan::Plan& plan, const Figures& figures);

/// Host and what somebody has to confirm or decide there: values from no pool, findings that stay open. The host's
/// place is empty where the estate is meant.
std::vector<std::pair<std::string, std::string>> open_points(const plan::Plan& plan);

/// What the plan takes for granted.
std::vector<std::string> assumptions(const plan::Plan& plan);

}  // namespace esx2esxi::render
