// What inspect prints as text and as JSON: where each value came from, and what was noticed. Private to the stage.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "esx2esxi/app/pipeline.hpp"
#include "esx2esxi/app/reports.hpp"
#include "esx2esxi/core/parallel.hpp"

namespace esx2esxi::app {

using Places = std::vector<std::pair<std::string, std::string>>;  ///< JSON pointer into a state -> FILE:LINE

/// A place for every single value that `json`, the JSON of the host's state, shows and that has one.
Places origins_of(const model::Host& host, const nlohmann::ordered_json& json);

/// What the importers noticed, and the doubts: values that disagree, variables that nobody filled in.
Diagnostics diagnostics_of(const model::Host& host);

/// A part for each chosen host, in order; made on several threads.
template <class Print>
std::vector<std::string> printed(const Session& session, Print print) {
  std::vector<std::string> parts(session.estate.hosts.size());
  parallel_for(parts.size(), session.jobs, [&](std::size_t i) {
    if (session.chosen[i]) parts[i] = print(session.host(i));
  });
  std::erase_if(parts, [](const std::string& part) { return part.empty(); });
  return parts;
}

}  // namespace esx2esxi::app
