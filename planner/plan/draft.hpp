// Steps as they are put together: each takes effect on a simulated host at once, so that what comes next can look at
// it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/steps.hpp"

namespace esx2esxi::plan {

using Arguments = std::vector<std::pair<std::string, std::string>>;

/// Why things are done: mapped interface name, or "route A/L", to the slug of a finding.
class Reasons {
 public:
  explicit Reasons(const std::vector<std::pair<std::string, std::string>>& known) : known_(known) {}
  /// No reason is known for the key: the first there is; there is none at all: "plan".
  std::string of(std::string_view key) const;
  bool has(std::string_view key) const;

 private:
  const std::vector<std::pair<std::string, std::string>>& known_;
};

class Draft {
 public:
  Draft(model::State now, const Reasons& reasons) : now_(std::move(now)), reasons_(&reasons) {}

  /// `because`: the interface, or "route A/L", for whose sake the step is done.
  void add(Action action, std::string_view interface, Arguments arguments, std::string_view because);

  const model::State& now() const { return now_; }
  std::size_t size() const { return steps_.size(); }
  const std::vector<Step>& steps() const { return steps_; }
  void append(const std::vector<Step>& steps);

 private:
  model::State now_;
  const Reasons* reasons_;
  std::vector<Step> steps_;
};

/// A step each, in words of the model. They do nothing where there is nothing to do.
void add_portgroup_steps(Draft& draft, const struct PortgroupChange& change, std::string_view because);
void change_link(Draft& draft, const struct PortgroupChange& change, std::string_view because);
void set_address(Draft& draft, const model::Interface& wanted);
void add_interface(Draft& draft, const model::Interface& wanted, const model::Interface* before);
void add_tags(Draft& draft, const model::Interface& wanted);
void remove_tags(Draft& draft, const model::Interface& wanted);
void mount(Draft& draft, const model::NfsMount& volume, std::string_view because);
void unmount(Draft& draft, const model::NfsMount& volume, std::string_view because);

}  // namespace esx2esxi::plan
