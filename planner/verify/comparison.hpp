// One host's comparison as it is put together. Private to the stage.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/plan/steps.hpp"
#include "esx2esxi/verify/compare.hpp"

namespace esx2esxi::verify {

using Text = std::optional<std::string>;

/// Commands, given as steps of a plan or as lines.
class Mend {
 public:
  explicit Mend(model::Target target) : target_(target) {}
  Mend& step(plan::Action action, std::string_view interface,
             std::vector<std::pair<std::string, std::string>> arguments);
  /// "esxcli WORDS --name=value ..."
  Mend& esxcli(std::string_view words, std::vector<std::pair<std::string, std::string>> options);
  /// "PROGRAM OPTION VALUE ... OPERAND", an empty value for an option without one, on a release without esxcli for
  /// networks. Nothing if a name is none to those programs.
  Mend& esxcfg(std::string_view program, const std::vector<std::pair<std::string, std::string>>& options,
               const std::string& operand);
  /// The lines of that file which begin with that word: these values, in this order.
  Mend& lines_of(const std::string& file, const std::string& word, const std::vector<std::string>& values,
                 bool others_there);
  Mend& raw(std::string line);
  /// One line for all: what cuts the connection must not wait for somebody to type the rest.
  Mend& at_once();
  bool old_words() const;  ///< ESXi 4.1: no esxcli for networks
  model::Target target() const { return target_; }
  std::vector<std::string> lines() const { return lines_; }

 private:
  model::Target target_;
  std::vector<std::string> lines_;
};

/// What the capture's commands listed, whether or not there was anything to list: a classic program's name
/// ("esxcfg-route"), or esxcli's words and the one thing they were asked of ("network ip interface tag get vmk0").
/// Sorted.
std::vector<std::string> listings_of(const model::Host& capture);

/// Whether that file ("/etc/ntp.conf") was shown whole, by `cat` or in a tree, whether or not there was anything in it.
bool has_file(const model::Host& capture, std::string_view path);

class Comparison {
 public:
  Comparison(const plan::ReadPlan& plan, const plan::PlannedHost& host, const model::Host& found);

  const plan::PlannedHost& planned;
  const model::State wanted;  ///< what a script can reach, with all stacks
  const model::Host& captured;
  const model::State& found;
  const model::Target target;
  const std::vector<std::string> listings;  ///< of the capture, as listings_of gives them
  const bool new_machine;                   ///< path fresh: hardware differs
  const bool cut;                           ///< a transcript lacks its end
  const bool classic;                       ///< captured before its migration: nothing is to be mended there
  HostResult result;

  /// Whether one of these listings was captured; `of` is the thing that it had to be asked of.
  bool seen(std::initializer_list<std::string_view> listings, std::string_view of = {}) const;
  /// The same, whatever the listing was asked of.
  bool seen_any(std::initializer_list<std::string_view> listings) const;
  /// ESXi 4.1: no esxcli for networks.
  bool old_words() const;
  void unseen(std::string what, std::string command, bool needed);

  Mend mend() const { return Mend(target); }

  /// Says of a field that both sides know how they compare; no text: there is no such thing.
  void check(std::string_view subject, std::string_view field, const Text& expected, const Text& shown,
             const Mend& mend);
  void equal(std::string_view subject, std::string_view field, std::string value);
};

void compare_interfaces(Comparison& comparison);
void compare_stacks(Comparison& comparison);
void compare_switches(Comparison& comparison);
void compare_surplus(Comparison& comparison);  ///< switches and port groups that nobody planned
void compare_storage(Comparison& comparison);
void compare_names(Comparison& comparison);  ///< DNS, NTP

/// An interface as a plan's steps make it: added, addressed, tagged, bound.
void make_interface(Mend& mend, const model::Interface& wanted);
void remove_interface(Mend& mend, const model::Interface& found);
/// What `wanted` needs before it can be made: its stack; and its port group left by an interface that is to be
/// elsewhere.
void make_room(Mend& mend, const Comparison& comparison, const model::Interface& wanted);
plan::Step address_step(const model::Interface& wanted);

/// The tags that an interface of the default stack carries on that release.
std::vector<std::string> tags_of(const model::Interface& interface, model::Target target);

}  // namespace esx2esxi::verify
