// What each ESXi release understands: rules/versions.info, read once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/model/service.hpp"
#include "esx2esxi/model/target.hpp"

namespace esx2esxi::plan {

/// How far a fact is believed; the words of rules/versions.info.
enum class Trust : std::uint8_t { Seen, Inferred, Assumed };

struct Release {
  model::Target target;
  std::string banner;  ///< how `vmware -v` begins
};

/// Something that a release has from some version on.
struct Fact {
  std::string name;
  model::Target since;
  Trust trust = Trust::Assumed;
  std::string note;
  std::optional<model::Service> service;  ///< tags: what it tags; stacks: the one service whose own stack it is
};

struct Versions {
  std::vector<Release> releases;  ///< those that scripts are written for
  std::vector<Fact> features;
  std::vector<Fact> stacks;
  std::vector<Fact> tags;

  const Release* release(model::Target target) const;  ///< null: no scripts for that target
  bool has(std::string_view feature, model::Target target) const;
  /// Whether a stack of this name can exist on the target.
  bool has_stack(std::string_view stack, model::Target target) const;
  /// The tag that puts a service on an interface of the default stack; null: no tag does, on any release.
  const Fact* tag_of(model::Service service) const;
  /// The service that needs no tag because the interface is on the service's own stack.
  std::optional<model::Service> service_of_stack(std::string_view stack) const;
};

/// The compiled-in facts. A fault in them is ours: throws std::logic_error with file and line.
const Versions& versions();

/// The same from another text, for tests.
Versions read_versions(std::string_view file, std::string_view text);

}  // namespace esx2esxi::plan
