// The verbs, one table: the help, the dispatch and the tests walk it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/exits.hpp"
#include "esx2esxi/app/options.hpp"

namespace esx2esxi::app {

struct Verb {
  Grammar grammar;
  std::string_view summary;  ///< one line
  std::string_view help;     ///< a paragraph: what it prints and what its exit code says
  Exit (*run)(const Options& options, Console& console);
};

std::span<const Verb> verbs();
const Verb* verb_named(std::string_view name);

std::string help();  ///< of the program
std::string help_of(const Verb& verb);
std::string version();  ///< the program's, and the digest of the data compiled into it

}  // namespace esx2esxi::app
