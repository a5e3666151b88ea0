// A migrated host held against its plan, field by field.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "esx2esxi/model/host.hpp"
#include "esx2esxi/plan/read.hpp"

namespace esx2esxi::verify {

enum class Verdict : std::uint8_t { Equal, Different, Missing, Unexpected };
std::string_view to_string(Verdict verdict);  ///< "equal"

/// One field of one thing.
struct Check {
  Verdict verdict = Verdict::Equal;
  std::string subject;            ///< "vmk1", "port group VMotion", "stack defaultTcpipStack"
  std::string field;              ///< "address", "VLAN", "tag VMotion"; empty: the thing itself
  std::string expected;           ///< empty: nothing is expected
  std::string found;              ///< empty: nothing was found
  std::vector<std::string> mend;  ///< command lines for the host's shell, every value quoted; in order
};

/// What the capture does not show, so that nothing can be said.
struct Unseen {
  std::string what;     ///< "VMotion: uplinks"
  std::string command;  ///< would show it
  bool needed = false;  ///< the plan changes it, or nobody can be sure of the host without it
};

struct HostResult {
  std::string name;
  std::vector<Check> checks;
  std::vector<Unseen> unseen;
  bool blocked = false;  ///< the plan itself could not bring the host to what is expected here

  std::size_t count(Verdict verdict) const;
  /// Nothing differs, what had to be seen was seen, and the plan is whole: of a blocked host it holds only what could
  /// be decided, so that a host equal to it has not arrived.
  bool as_planned() const;
};

/// Tolerant to what releases print differently and to what a new machine brings: MAC addresses of other hardware, the
/// number of the software iSCSI adapter, the order of uplinks, the case of names, a lease's gateway. A field that the
/// capture does not show is unseen, never different.
HostResult compare(const plan::ReadPlan& plan, const plan::PlannedHost& expected, const model::Host& found);

/// All captures against a plan.
struct Report {
  std::vector<HostResult> hosts;        ///< those that were captured, in the order of the plan
  std::vector<std::string> uncaptured;  ///< hosts of the plan without a capture
  std::vector<std::string> strangers;   ///< captured hosts that the plan does not hold

  bool as_planned() const;
};

/// A capture belongs to the planned host of its name, or else of its system uuid.
Report compare_all(const plan::ReadPlan& plan, const model::Estate& captured);

}  // namespace esx2esxi::verify
