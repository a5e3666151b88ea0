// Detection: each predicate takes a situation and returns evidence, i.e. places and named words. It knows no severity
// and writes no sentence. One line in the table each; nothing registers itself.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/rules/judge.hpp"

namespace esx2esxi::rules {

/// One occurrence of what a predicate looks for.
struct Evidence {
  std::string grade;  ///< empty: the rule's own severity and message
  std::string stack;
  std::vector<InterfaceRef> interfaces;
  std::vector<std::string> addresses;
  std::vector<std::string> endpoints;
  bool introduced = false;
  std::vector<Origin> origins;
  std::vector<std::pair<std::string_view, std::string>> words;
  std::vector<std::string> hosts;  ///< estate predicates
  std::string scope;
};

using HostPredicate = std::vector<Evidence> (*)(const Situation&);

/// The hosts of an estate with the state judged.
struct EstateSituation {
  const model::Estate& estate;
  const std::vector<const model::State*>& now;
  const model::Policy& policy;
  Stage stage = Stage::Mapped;
};
using EstatePredicate = std::vector<Evidence> (*)(const EstateSituation&);

struct PredicateEntry {
  std::string_view name;
  HostPredicate host = nullptr;
  EstatePredicate estate = nullptr;
  std::string_view words;   ///< blank-separated: what a message may mention
  std::string_view grades;  ///< blank-separated: what it may return
};

/// Sorted by name.
const std::vector<PredicateEntry>& predicates();
const PredicateEntry* find_predicate(std::string_view name);

}  // namespace esx2esxi::rules
