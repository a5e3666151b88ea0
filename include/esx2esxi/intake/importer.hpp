// The contract of an importer, and the table of all of them. A new format is one .cpp with one function, declared and
// registered here.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake {

struct Importer {
  std::string_view name;  ///< shown by inspect and in plan.json: "esx.conf", "esxcfg-vswif"
  Trust trust;
  /// Whether a file of a host's tree with this path (relative to the host's root, `/` between) is of this kind.
  bool (*wants)(std::string_view path);
  /// Whether a file alone, whatever its name, is of this kind; null: never taken alone.
  bool (*recognises)(std::string_view head);
  /// Pure: from bytes to facts; never throws on content.
  Facts (*read)(const Source& source);
};

/// All importers, in the order in which `wants` is asked.
std::span<const Importer> importers();

/// The importer for a path in a host's tree; null: not wanted.
const Importer* importer_for(std::string_view path);

}  // namespace esx2esxi::intake
