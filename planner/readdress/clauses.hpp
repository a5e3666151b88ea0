// What any answer has to do: for each pair of interfaces in conflict, one of the two must act.
#pragma once

#include <optional>
#include <vector>

#include "combination.hpp"

namespace esx2esxi::readdress {

/// Necessary conditions drawn from the errors of the mapped hosts. A combination of choices that meets none of the ways
/// to keep one leaves an error.
class Clauses {
 public:
  /// `open[u]`: the choices, as a mask, that unit `u` has.
  Clauses(const GroupContext& context, const std::vector<unsigned>& open);

  /// The least that hosts must spend on acts of their own; none: a conflict is left whatever they do.
  std::optional<int> spent_by_hosts(const std::vector<Choice>& choices) const;

 private:
  struct Clause {
    std::vector<std::pair<std::size_t, unsigned>> ways;  // unit, choices that end the conflict
    std::optional<int> by_host;                          // what an act of the host alone would cost
    friend bool operator==(const Clause&, const Clause&) = default;
  };
  void add(const Work& work, std::size_t w, const rules::Finding& finding);
  Clause clause_of(const Work& work, const std::vector<const model::Interface*>& members, std::string_view rule) const;
  std::optional<int> cheapest_act(const Work& work, const model::Interface& interface, std::string_view rule) const;

  const GroupContext& context_;
  const std::vector<unsigned>& open_;
  std::vector<std::vector<Clause>> by_host_;  // parallel to the group's works
};

constexpr unsigned bit(Choice choice) { return 1U << static_cast<unsigned>(choice); }

/// The act that a choice is for each member.
ActKind act_of(Choice choice);

}  // namespace esx2esxi::readdress
