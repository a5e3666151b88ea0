// Options and operands of a command of the esxcfg family, in all spellings that scripts use. Private to the stage.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shell.hpp"

namespace esx2esxi::intake {

struct Option {
  char letter;
  std::string_view name;  ///< long form without dashes; may be empty
  bool takes_value = false;
};

/// `-x V`, `-xV`, `--name V`, `--name=V`, flags in one word, operands before, between and behind; dashes that a word
/// processor made count as typed.
struct Arguments {
  std::map<char, ShellWord> options;
  std::vector<ShellWord> operands;
  std::vector<std::string> unknown;  ///< options that the table does not have
  bool lone_dash = false;            ///< a "-" with its letter missing

  bool has(char letter) const { return options.contains(letter); }
  const ShellWord* find(char letter) const;
  const ShellWord* operand() const { return operands.empty() ? nullptr : &operands.front(); }
};

Arguments read_arguments(std::span<const ShellWord> words, std::span<const Option> table);

}  // namespace esx2esxi::intake
