// What became of each finding.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "esx2esxi/readdress/propose.hpp"
#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::plan {

/// `mapped` with each resolution set by what the planned state still shows, and what only the planned state shows
/// behind them. What is still there stands as the planned state shows it, so that each of `planned` is there once and
/// nothing else is open. `remedies` say why a finding is gone.
std::vector<rules::Finding> resolve(std::vector<rules::Finding> mapped, const std::vector<rules::Finding>& planned,
                                    const std::vector<readdress::Remedy>& remedies);

/// The same for the estate: a segment that moved is what ends a finding there.
std::vector<rules::Finding> resolve_estate(std::vector<rules::Finding> mapped,
                                           const std::vector<rules::Finding>& planned,
                                           const readdress::Proposal& proposal);

/// The network that a route's remedy brings or takes; none for the remedy of an interface.
std::optional<net::Ipv4Prefix> network_of(const readdress::Remedy& remedy);

/// The errors that still count among `findings`, each as one line; those of the estate only where they name `host`.
std::vector<std::string> errors_left(const std::vector<rules::Finding>& findings, const std::string& host);

}  // namespace esx2esxi::plan
