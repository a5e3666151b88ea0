// Words for the host's shell. The only place that turns a value into a piece of a command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace esx2esxi::render {

/// One word, in quotes only where it needs them.
std::string shell_word(std::string_view text);

/// "--name=value" as one word: a value with a leading dash, a blank or an empty one stays the option's value.
std::string shell_option(std::string_view name, std::string_view value);

/// Words that are quoted already, with blanks between.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace esx2esxi::render
