// A plan read back from its plan.json, as far as somebody who looks at a migrated host needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/core/origin.hpp"
#include "esx2esxi/model/host.hpp"
#include "esx2esxi/model/target.hpp"

namespace esx2esxi::plan {

struct PlannedHost {
  std::string name;
  std::string uuid;      ///< empty: not known
  bool blocked = false;  ///< no script can bring the host to `after`
  model::State mapped;
  model::State after;
  /// What transition.sh adds until transition-end.sh takes it away: "vmk3", "port group VMotion transition".
  std::vector<std::string> transitional;
};

struct ReadPlan {
  model::Target target;
  model::Path path = model::Path::Fresh;
  std::vector<PlannedHost> hosts;
};

/// The text of a plan.json. Whatever to_json wrote comes back equal (origins aside); what else a plan.json holds is
/// passed over. The error names the file and the value that is not as the schema says; code "plan-damaged".
Result<ReadPlan> read_plan(const FileName& file, std::string_view text);

}  // namespace esx2esxi::plan
