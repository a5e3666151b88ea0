// The rule catalogue: identity, severity and wording of each rule, read from rules/*.info. Detection is in
// predicates.hpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"

namespace esx2esxi::rules {

/// A rule may be worse or milder by circumstances that the predicate names ("needed", "legal", "upgrade" ...).
struct Grade {
  std::string name;
  Severity severity = Severity::Error;
  std::string message;  ///< empty: the rule's own
};

struct Rule {
  std::string slug;
  std::string section;  ///< "Ranges", "Gateways and routes", ...
  Severity severity = Severity::Error;
  std::string title;    ///< one line
  std::string message;  ///< with {{words}} that the predicate provides
  std::string explanation;
  std::string vmkernel;  ///< what the VMkernel does
  std::string symptoms;  ///< what an operator would see
  std::string kb;        ///< "KB 2010877 (318546)"
  std::vector<std::string> remedies;
  std::vector<Grade> grades;
  std::string predicate;
  Origin at;

  const Grade* grade(std::string_view name) const;
};

struct Catalogue {
  std::vector<Rule> rules;  ///< in the order of the file, which is the order of the documentation

  const Rule* find(std::string_view slug) const;
};

/// Reads a catalogue and checks everything: unknown or missing keys, unknown predicates, words that the predicate does
/// not provide. An Error among the notes means: do not use it.
Checked<Catalogue> read_catalogue(std::string_view text, FileName file);

/// The catalogue compiled into the program (rules/catalogue.info).
const Catalogue& built_in_catalogue();

/// `text` with each {{word}} replaced.
std::string expand(std::string_view text, const std::vector<std::pair<std::string_view, std::string>>& words);

}  // namespace esx2esxi::rules
