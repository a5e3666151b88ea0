// The command line as a value. Boost.Program_options stays behind this header.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/model/policy.hpp"
#include "esx2esxi/model/service.hpp"
#include "esx2esxi/model/target.hpp"
#include "esx2esxi/net/ipv4.hpp"
#include "esx2esxi/render/dossier.hpp"

namespace esx2esxi::app {

enum class Format : std::uint8_t { Text, Json, Sarif, Junit };
enum class FailOn : std::uint8_t { Error, Warning, Never };
enum class Colour : std::uint8_t { Auto, Always, Never };

struct Options {
  std::vector<std::string> operands;  ///< INPUT..., or the rule of `rules`
  std::vector<std::string> hosts;     ///< short or full names; empty: all
  std::vector<net::Ipv4Address> to;
  std::vector<std::string> from_files;   ///< files of more destinations
  std::vector<model::Service> services;  ///< empty: all
  std::optional<model::Target> target;   ///< none: the policy's, else 8.0
  std::optional<model::Path> path;       ///< none: the policy's, else fresh
  std::optional<model::Date> date;       ///< none: today
  std::string policy;                    ///< a file's path; empty: none
  std::string pools;
  std::string former;    ///< an earlier plan's address-plan.csv
  std::string baseline;  ///< an earlier `check --format json`: what it holds is known and fails nothing
  std::string out;
  std::string report;     ///< verify: a file to write the table to be signed to, .html or .md; empty: none
  std::string templates;  ///< a folder that replaces the dossier's templates; empty: none
  render::Selection documents;
  render::Particulars particulars;
  render::IpamLayouts ipam;
  Format format = Format::Text;
  FailOn fail_on = FailOn::Error;
  Colour colour = Colour::Auto;
  unsigned jobs = 0;  ///< 0: as many as there are cores
  bool quiet = false;
  bool force = false;
  bool origins = false;
  bool policy_schema = false;
  bool help = false;
};

/// What parse_options needs to know of a verb.
struct Grammar {
  std::string_view verb;
  std::string_view operands;  ///< as shown in the help: "INPUT...", "[RULE]"
  std::string_view options;   ///< blank-separated names, in the order of the help
  std::string_view required;  ///< blank-separated names; "to|from-file": one of the two
  std::size_t least = 0;      ///< operands
  std::size_t most = 0;
};

/// Reads what follows the verb. The error is one clear line; code "usage". With --help nothing else is checked.
Result<Options> parse_options(const Grammar& grammar, const std::vector<std::string>& arguments);

/// The lines of `--help` that describe the verb's options.
std::string options_help(const Grammar& grammar);

}  // namespace esx2esxi::app
