// What the esxcfg commands of a script make of a host, one after the other. Private to the stage.
#pragma once

#include <span>
#include <string_view>

#include "command_options.hpp"
#include "lines.hpp"
#include "shell.hpp"

namespace esx2esxi::intake {

/// A command of a script. The words lie in the line's text.
struct Invocation {
  const Line& line;
  std::string_view program;  ///< without its folder
  std::span<const ShellWord> arguments;
};

inline Token token(const ShellWord& word) { return {word.text, word.raw}; }

class EsxcfgCommands {
 public:
  explicit EsxcfgCommands(Reading& reading) : reading_(reading), facts_(reading.facts) {}

  /// Whether the command would change what is asked for here.
  static bool matters(const Invocation& call);
  /// A command that is not followed: what it would have set, or made of the file, is nobody's guess.
  void leave_out(const Line& line, std::string_view program_or_path);
  void run(const Invocation& call);

  // What the kickstart's own `network` line needs of the same.
  InterfaceFact& interface(const Line& line, std::string_view name, std::string_view token);
  SwitchFact& add_switch(const Line& line, std::string_view name, std::string_view token);
  PortgroupFact& portgroup(const Line& line, SwitchFact& parent, const ShellWord& name);
  void set_vlan(const Line& line, PortgroupFact& group, const ShellWord& vlan);
  void set_address(const Line& line, InterfaceFact& fact, const ShellWord* address, const ShellWord* netmask);
  /// A value that a variable stands for: noted where it belongs, and true.
  bool is_open(const Line& line, const ShellWord& word);
  /// The same where nothing else shows that the value is missing.
  bool is_lost(const Line& line, const ShellWord& word, LostFact::Of of, std::string_view name,
               std::string_view field = {});

 private:
  void vswitch(const Invocation& call);
  void vswif(const Invocation& call);
  void vmknic(const Invocation& call);
  void route(const Invocation& call);
  void nas(const Invocation& call);
  void swiscsi(const Invocation& call);
  void discovery(const Invocation& call);
  void not_followed(const Invocation& call, std::string_view what);
  void esxcli(const Invocation& call);
  void vim_cmd(const Invocation& call);
  void advcfg(const Invocation& call);

  Arguments arguments(const Invocation& call, std::span<const Option> table);
  bool refused(const Invocation& call, const Arguments& given);
  Said<SaidNames> changed(const Line& line, SaidNames list, const ShellWord& pnic, bool add) const;
  void uplink(const Invocation& call, SwitchFact& target, const ShellWord& pnic, bool add);
  void group_uplink(const Invocation& call, SwitchFact& target, const ShellWord& name, const ShellWord& pnic, bool add);
  void attach(const Invocation& call, InterfaceFact& fact, const ShellWord* portgroup, const ShellWord* dvs,
              const ShellWord* dvport);
  SwitchFact* find_switch(std::string_view name);
  InterfaceFact* find_interface(std::string_view name);
  InterfaceFact* find_vmknic(const ShellWord* portgroup, const ShellWord* dvport);
  std::string next_vmk() const;
  void remove_interface(std::string_view name);
  void incomplete(const Invocation& call, std::string_view what);

  template <class T>
  Said<T> said(const Line& line, const ShellWord& word, T value) const {
    return {std::move(value), reading_.at(line, word.raw)};
  }

  Reading& reading_;
  Facts& facts_;
};

}  // namespace esx2esxi::intake
