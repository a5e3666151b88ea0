#pragma once

namespace esx2esxi::app {

/// The program's contract with scripts that call it.
enum class Exit : int {
  Done = 0,      ///< nothing at or above --fail-on (check), every host resolved (plan)
  Findings = 1,  ///< check: findings at or above --fail-on
  Usage = 2,     ///< the command line is wrong; nothing was written
  Input =
      3,  ///< an input could not be read at all, no host was found, or the disk refused the result; nothing was written
  Blocked = 4,  ///< plan: a host stays blocked; its documents are written, its scripts are withheld
  Fault = 70,   ///< a fault of the program itself
};

}  // namespace esx2esxi::app
