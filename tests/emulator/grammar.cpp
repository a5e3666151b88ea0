#include "grammar.hpp"

#include <algorithm>

namespace emulator {

namespace {

bool is_below(const std::string& words, const std::string& prefix) {
  return words == prefix || words.rfind(prefix + " ", 0) == 0;
}

bool is_in(const Command& command, Release release) { return command.since <= release && release <= command.until; }

std::string letters(const Option& option) {
  const auto name = "--" + option.name;
  return option.letter ? std::string("-") + option.letter + "|" + name : name;
}

std::string usage(const Command& command, Release release) {
  std::string out = "Usage: esxcli " + command.words + " [cmd options]\n\nCmd options:";
  for (const auto& option : command.options)
    if (option.since <= release) out += "\n  " + letters(option) + (option.required ? " (required)" : "");
  return out;
}

/// The longest run of leading words that is a command; else how far they lead.
const Command* command_at(const std::vector<std::string>& arguments, Release release, std::size_t& used) {
  std::string words;
  const Command* found = nullptr;
  for (std::size_t i = 0; i < arguments.size() && arguments[i].rfind("-", 0) != 0; ++i) {
    words += (words.empty() ? "" : " ") + arguments[i];
    const auto& all = commands();
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const Command& c) { return is_in(c, release) && is_below(c.words, words); });
    if (!known) break;
    for (const auto& command : all)
      if (command.words == words && is_in(command, release)) {
        found = &command;
        used = i + 1;
      }
  }
  return found;
}

std::string all_words(const std::vector<std::string>& arguments) {
  std::string out;
  for (const auto& argument : arguments) {
    if (argument.rfind("-", 0) == 0) break;
    out += (out.empty() ? "" : " ") + argument;
  }
  return out;
}

const Option* option_named(const Command& command, Release release, const std::string& name, char letter) {
  for (const auto& option : command.options)
    if (option.since <= release && (name.empty() ? option.letter == letter && letter != 0 : option.name == name))
      return &option;
  return nullptr;
}

std::string truth(const Option& option, const std::string& value) {
  std::string low = value;
  std::transform(low.begin(), low.end(), low.begin(), [](unsigned char c) { return std::tolower(c); });
  if (low == "true" || low == "yes" || low == "y" || low == "1") return "true";
  if (low == "false" || low == "no" || low == "n" || low == "0") return "false";
  throw Refused("Error: While processing '--" + option.name + "'. Boolean expected, got '" + value + "'.");
}

std::string checked(const Option& option, const std::string& value) {
  if (option.kind == Kind::Bool) return truth(option, value);
  const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
  if (option.kind == Kind::Number && !digits)
    throw Refused("Error: While processing '--" + option.name + "'. Expected integer, got '" + value + "'.");
  return value;
}

class Reader {
 public:
  Reader(const std::vector<std::string>& arguments, std::size_t at, const Command& command, Release release)
      : arguments_(arguments), at_(at), command_(command), release_(release) {}

  Given all() {
    Given given;
    while (at_ < arguments_.size()) one(given);
    for (const auto& option : command_.options)
      if (option.required && option.since <= release_ && !given.count(option.name))
        throw Refused("Error: Missing required parameter " + letters(option) + "\n\n" + usage(command_, release_));
    return given;
  }

 private:
  void one(Given& given) {
    const auto argument = arguments_[at_++];
    const auto equals = argument.find('=');
    const bool is_long = argument.rfind("--", 0) == 0;
    const bool is_short = !is_long && argument.size() == 2 && argument[0] == '-';
    const auto name = is_long ? argument.substr(2, equals == std::string::npos ? equals : equals - 2) : std::string();
    const auto* option =
        is_long || is_short ? option_named(command_, release_, name, is_short ? argument[1] : '\0') : nullptr;
    if (!option || (is_long && name.empty()))
      throw Refused("Error: Invalid option " + argument + "\n\n" + usage(command_, release_));
    if (given.count(option->name) && !option->repeats)
      throw Refused("Error: Option --" + option->name + " given twice");
    if (option->kind == Kind::Flag) {
      if (is_long && equals != std::string::npos) throw Refused("Error: Option --" + option->name + " takes no value");
      given[option->name] = "true";
      return;
    }
    if (is_long && equals != std::string::npos) {
      given[option->name] = checked(*option, argument.substr(equals + 1));
      return;
    }
    if (at_ >= arguments_.size()) throw Refused("Error: Option --" + option->name + " needs a value");
    given[option->name] = checked(*option, arguments_[at_++]);
  }

  const std::vector<std::string>& arguments_;
  std::size_t at_;
  const Command& command_;
  Release release_;
};

}  // namespace

const std::vector<Command>& commands() {
  static const auto all = [] {
    std::vector<Command> out;
    for (auto* part : {&interface_commands, &route_commands, &switch_commands, &storage_commands, &system_commands})
      for (auto& command : (*part)()) out.push_back(std::move(command));
    return out;
  }();
  return all;
}

Parsed parse(const std::vector<std::string>& arguments, Release release) {
  std::size_t used = 0;
  const auto* command = command_at(arguments, release, used);
  if (!command) throw Refused("Error: Unknown command or namespace " + all_words(arguments));
  return {command, Reader(arguments, used, *command, release).all()};
}

}  // namespace emulator
