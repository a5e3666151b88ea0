// The only file that knows Boost.Program_options. It splits words into options and values, all of them text; values are
// converted here, by parsers that refuse "-1" for a count and "12x" for a number.
#include "esx2esxi/app/options.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <boost/program_options.hpp>

#include "esx2esxi/core/suggest.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::app {

namespace po = boost::program_options;

namespace {

using Fault = std::string;  ///< what is wrong; empty: nothing
using Apply = Fault (*)(Options&, const std::string& value);

struct OptionEntry {
  std::string_view name;
  std::string_view value;  ///< as the help shows it; empty: a switch
  bool repeats;
  std::string_view text;
  Apply apply;
};

template <class T>
struct Word {
  std::string_view word;
  T value;
};

template <class T, std::size_t N>
std::optional<T> value_of(const std::array<Word<T>, N>& table, std::string_view word) {
  for (const auto& entry : table)
    if (entry.word == word) return entry.value;
  return std::nullopt;
}

constexpr std::array kFormats = {Word<Format>{"text", Format::Text}, Word<Format>{"json", Format::Json},
                                 Word<Format>{"sarif", Format::Sarif}, Word<Format>{"junit", Format::Junit}};
constexpr std::array kFailOn = {Word<FailOn>{"error", FailOn::Error}, Word<FailOn>{"warning", FailOn::Warning},
                                Word<FailOn>{"never", FailOn::Never}};
constexpr std::array kColours = {Word<Colour>{"auto", Colour::Auto}, Word<Colour>{"always", Colour::Always},
                                 Word<Colour>{"never", Colour::Never}};

Fault set_format(Options& o, const std::string& v) {
  const auto format = value_of(kFormats, v);
  if (!format) return fmt::format("--format is text, json, sarif or junit, not '{}'", v);
  o.format = *format;
  return {};
}

Fault set_fail_on(Options& o, const std::string& v) {
  const auto fail_on = value_of(kFailOn, v);
  if (!fail_on) return fmt::format("--fail-on is error, warning or never, not '{}'", v);
  o.fail_on = *fail_on;
  return {};
}

Fault set_colour(Options& o, const std::string& v) {
  const auto colour = value_of(kColours, v);
  if (!colour) return fmt::format("--color is auto, always or never, not '{}'", v);
  o.colour = *colour;
  return {};
}

Fault set_target(Options& o, const std::string& v) {
  o.target = model::target_named(v);
  if (o.target) return {};
  const std::vector<std::string> names(model::kTargetNames.begin(), model::kTargetNames.end());
  return fmt::format("--target is one of {}, not '{}'", join(names, ", "), v);
}

Fault set_path(Options& o, const std::string& v) {
  o.path = model::path_named(v);
  return o.path ? Fault() : fmt::format("--path is fresh or upgrade, not '{}'", v);
}

Fault set_jobs(Options& o, const std::string& v) {
  constexpr std::uint64_t kMost = 1024;
  const auto jobs = number(v);
  if (!jobs || *jobs < 1 || *jobs > kMost) return fmt::format("--jobs is a number from 1 to {}, not '{}'", kMost, v);
  o.jobs = static_cast<unsigned>(*jobs);
  return {};
}

Fault set_date(Options& o, const std::string& v) {
  const auto date = model::Date::parse(v);
  if (!date) return fmt::format("--date is YYYY-MM-DD, not '{}': {}", v, date.error().what);
  o.date = *date;
  return {};
}

Fault add_to(Options& o, const std::string& v) {
  const auto address = net::Ipv4Address::parse(v);
  if (!address) return fmt::format("--to is an IPv4 address, not '{}': {}", v, address.error().what);
  if (std::find(o.to.begin(), o.to.end(), *address) == o.to.end()) o.to.push_back(*address);
  return {};
}

Fault add_service(Options& o, const std::string& v) {
  if (const auto service = model::service_named(v)) {
    if (std::find(o.services.begin(), o.services.end(), *service) == o.services.end()) o.services.push_back(*service);
    return {};
  }
  const std::vector<std::string> names(model::kServiceNames.begin(), model::kServiceNames.end());
  return fmt::format("--service is one of {}, not '{}'", join(names, ", "), v);
}

Fault not_empty(std::string& field, std::string_view name, const std::string& v) {
  field = v;
  return v.empty() ? fmt::format("{} is empty", name) : Fault();
}

Fault add_from_file(Options& o, const std::string& v) {
  return not_empty(o.from_files.emplace_back(), "--from-file", v);
}
Fault add_host(Options& o, const std::string& v) { return not_empty(o.hosts.emplace_back(), "--host", v); }
Fault set_policy(Options& o, const std::string& v) { return not_empty(o.policy, "--policy", v); }
Fault set_pools(Options& o, const std::string& v) { return not_empty(o.pools, "--pools", v); }
Fault set_former(Options& o, const std::string& v) { return not_empty(o.former, "--former", v); }
Fault set_baseline(Options& o, const std::string& v) { return not_empty(o.baseline, "--baseline", v); }
Fault set_report(Options& o, const std::string& v) {
  o.report = v;
  const bool known = v.ends_with(".html") || v.ends_with(".md");
  return known ? Fault() : fmt::format("--report is a file that ends in .html or .md, not '{}'", v);
}
Fault set_out(Options& o, const std::string& v) { return not_empty(o.out, "--out", v); }

Fault set_templates(Options& o, const std::string& v) { return not_empty(o.templates, "--templates", v); }
Fault set_title(Options& o, const std::string& v) { return not_empty(o.particulars.title, "--title", v); }
Fault set_change_number(Options& o, const std::string& v) {
  return not_empty(o.particulars.change_number, "--change-number", v);
}
Fault set_requester(Options& o, const std::string& v) { return not_empty(o.particulars.requester, "--requester", v); }
Fault set_window(Options& o, const std::string& v) {
  const auto [begin, end] = render::window_dates(v);  // moments compare as their texts do
  if (!begin.empty() && end <= begin) return fmt::format("--window ends before it has begun: '{}'", v);
  return not_empty(o.particulars.window, "--window", v);
}

constexpr std::array kDocuments = {Word<bool render::Selection::*>{"html", &render::Selection::html},
                                   Word<bool render::Selection::*>{"md", &render::Selection::md},
                                   Word<bool render::Selection::*>{"xlsx", &render::Selection::xlsx},
                                   Word<bool render::Selection::*>{"csv", &render::Selection::csv},
                                   Word<bool render::Selection::*>{"svg", &render::Selection::svg}};

Fault set_documents(Options& o, const std::string& v) {
  auto& d = o.documents;  // what --also asks for stays
  d.html = d.md = d.xlsx = d.csv = d.svg = false;
  if (v == "none") return {};
  for (const auto word : split(v, ',')) {
    const auto wanted = value_of(kDocuments, word);
    if (!wanted) return fmt::format("--documents is none, or some of html,md,xlsx,csv,svg, not '{}'", v);
    o.documents.*(*wanted) = true;
  }
  return {};
}

Fault add_also(Options& o, const std::string& v) {
  if (v == "powercli") return o.documents.powercli = true, Fault();
  if (v == "ansible") return o.documents.ansible = true, Fault();
  return fmt::format("--also is powercli or ansible, not '{}'", v);
}

Fault set_ipam(Options& o, const std::string& v) {
  constexpr std::string_view kSection = "phpipam=";
  for (const auto word : split(v, ',')) {
    if (word == "netbox")
      o.ipam.netbox = true;
    else if (word == "phpipam" || (word.starts_with(kSection) && word.size() > kSection.size()))
      o.ipam.phpipam = true;
    else
      return fmt::format("--ipam is netbox, phpipam, phpipam=SECTION or a list of them, not '{}'", v);
    if (word.starts_with(kSection)) o.ipam.section = word.substr(kSection.size());
  }
  return {};
}

Fault set_quiet(Options& o, const std::string&) { return o.quiet = true, Fault(); }
Fault set_force(Options& o, const std::string&) { return o.force = true, Fault(); }
Fault set_origins(Options& o, const std::string&) { return o.origins = true, Fault(); }
Fault set_policy_schema(Options& o, const std::string&) { return o.policy_schema = true, Fault(); }
Fault set_help(Options& o, const std::string&) { return o.help = true, Fault(); }

constexpr std::array kOptions = {
    OptionEntry{"out", "DIR", false, "the plan folder to write", set_out},
    OptionEntry{"force", "", false, "replace an existing plan folder, or report", set_force},
    OptionEntry{"documents", "LIST", false, "of html,md,xlsx,csv,svg; or none (all)", set_documents},
    OptionEntry{"ipam", "LIST", false,
                "the addresses as netbox and phpipam[=SECTION] import them: address-plan-netbox.csv, ...", set_ipam},
    OptionEntry{"templates", "DIR", false, "replaces templates of the dossier", set_templates},
    OptionEntry{"title", "TEXT", false, "the change's title", set_title},
    OptionEntry{"change-number", "TEXT", false, "its number", set_change_number},
    OptionEntry{"requester", "TEXT", false, "who asks for it", set_requester},
    OptionEntry{"window", "TEXT", false, "when; two YYYY-MM-DD HH:MM also go to ServiceNow", set_window},
    OptionEntry{"also", "powercli|ansible", true,
                "the steps for these too: hosts/NAME/remediate.ps1, remediate.yml; repeatable", add_also},
    OptionEntry{"to", "IP", true, "a destination; repeatable", add_to},
    OptionEntry{"from-file", "FILE", true, "more destinations: addresses, one a line, # begins a comment",
                add_from_file},
    OptionEntry{"service", "NAME", true, "only the stacks that carry this service; repeatable", add_service},
    OptionEntry{"origins", "", false, "show where each value came from", set_origins},
    OptionEntry{"policy-schema", "", false, "print the layout of --policy FILE instead", set_policy_schema},
    OptionEntry{"target", "VERSION", false, "ESXi release: 4.1 5.0 5.1 5.5 6.0 6.5 6.7 7.0 8.0 (default 8.0)",
                set_target},
    OptionEntry{"path", "fresh|upgrade", false, "new installation (default), or VMware's upgrade in place", set_path},
    OptionEntry{"policy", "FILE", false, "clusters, endpoints, pins, costs, waivers (Boost INFO)", set_policy},
    OptionEntry{"pools", "FILE", false, "free address ranges (CSV)", set_pools},
    OptionEntry{"former", "FILE", false, "an earlier plan's address-plan.csv: its addresses are kept where they can be",
                set_former},
    OptionEntry{"host", "NAME", true, "only this host; repeatable", add_host},
    OptionEntry{"date", "YYYY-MM-DD", false, "the day of the plan or report, and for waivers' expiry (default today)",
                set_date},
    OptionEntry{"format", "NAME", false, "text (default) or json; check also sarif, check and verify junit",
                set_format},
    OptionEntry{"baseline", "FILE", false, "an earlier check --format json: what it holds fails nothing", set_baseline},
    OptionEntry{"fail-on", "LEVEL", false, "error (default), warning or never: when the exit code is 1", set_fail_on},
    OptionEntry{"report", "FILE", false, "a table to be signed, each field planned and found: .html or .md",
                set_report},
    OptionEntry{"jobs", "N", false, "threads (default: as many as there are cores)", set_jobs},
    OptionEntry{"quiet", "", false, "errors only: no progress, no warnings, no report", set_quiet},
    OptionEntry{"color", "WHEN", false, "auto (default), always or never; NO_COLOR is respected", set_colour},
    OptionEntry{"help", "", false, "this help", set_help},
};

/// Boost gives every positional word an option's name; the blank keeps anybody from typing it.
constexpr const char* kOperand = "operand ";

const OptionEntry* entry_named(std::string_view name) {
  const auto it = std::find_if(kOptions.begin(), kOptions.end(), [&](const OptionEntry& e) { return e.name == name; });
  return it == kOptions.end() ? nullptr : &*it;
}

std::vector<std::string_view> names_of(const Grammar& grammar) {
  auto names = words(grammar.options);
  names.push_back("help");
  return names;
}

Diagnostic usage_error(const Grammar& grammar, std::string message, std::string advice = {}) {
  if (!advice.empty()) advice += "; ";
  return {
      Severity::Error, "usage", {}, std::move(message), advice + fmt::format("see 'esx2esxi {} --help'", grammar.verb)};
}

po::options_description description_of(const Grammar& grammar) {
  po::options_description all;
  for (const auto name : names_of(grammar)) {
    const auto* entry = entry_named(name);
    const std::string key = name == "help" ? "help,h" : std::string(name);
    if (entry->value.empty())
      all.add_options()(key.c_str(), po::bool_switch());
    else if (entry->repeats)
      all.add_options()(key.c_str(), po::value<std::vector<std::string>>());
    else
      all.add_options()(key.c_str(), po::value<std::string>());
  }
  all.add_options()(kOperand, po::value<std::vector<std::string>>());
  return all;
}

Diagnostic unknown_option(const Grammar& grammar, const std::string& given) {
  const auto bare = given.substr(std::min(given.find_first_not_of('-'), given.size()));
  if (entry_named(bare)) return usage_error(grammar, fmt::format("'{}' takes no --{}", grammar.verb, bare));
  return usage_error(grammar, fmt::format("unknown option {}", given), suggestion(bare, names_of(grammar)));
}

/// What the words mean, still as text. Boost's exceptions end here.
Result<po::variables_map> split_words(const Grammar& grammar, const std::vector<std::string>& arguments) {
  namespace style = po::command_line_style;
  // No guessing: with it "--for" would mean --force or --format by what this version happens to know.
  constexpr int kStyle = style::unix_style & ~style::allow_guessing;
  try {
    const auto all = description_of(grammar);
    po::positional_options_description positional;
    positional.add(kOperand, -1);
    po::variables_map map;
    po::store(po::command_line_parser(arguments).options(all).positional(positional).style(kStyle).run(), map);
    return map;
  } catch (const po::unknown_option& e) {
    return tl::unexpected(unknown_option(grammar, e.get_option_name()));
  } catch (const po::multiple_occurrences& e) {
    return tl::unexpected(usage_error(grammar, fmt::format("{} is given more than once", e.get_option_name())));
  } catch (const po::error& e) {
    return tl::unexpected(usage_error(grammar, e.what()));
  }
}

/// The values given for an option, in order; a switch that is set has one empty value.
std::vector<std::string> values_of(const po::variables_map& map, const OptionEntry& entry) {
  const auto& value = map[std::string(entry.name)];
  if (value.empty()) return {};
  if (entry.value.empty()) return value.as<bool>() ? std::vector<std::string>{""} : std::vector<std::string>{};
  if (entry.repeats) return value.as<std::vector<std::string>>();
  return {value.as<std::string>()};
}

std::optional<Diagnostic> missing_option(const Grammar& grammar, const po::variables_map& map) {
  for (const auto alternatives : words(grammar.required)) {
    std::vector<std::string> wanted;
    bool given = false;
    for (const auto name : split(alternatives, '|')) {
      const auto* entry = entry_named(name);
      given = given || !values_of(map, *entry).empty();
      wanted.push_back(fmt::format("--{} {}", name, entry->value));
    }
    if (!given) return usage_error(grammar, fmt::format("'{}' needs {}", grammar.verb, join(wanted, " or ")));
  }
  return std::nullopt;
}

std::optional<Diagnostic> wrong_count(const Grammar& grammar, const Options& options) {
  const auto count = options.operands.size();
  if (count < grammar.least) return usage_error(grammar, fmt::format("'{}' needs {}", grammar.verb, grammar.operands));
  if (count > grammar.most) return usage_error(grammar, fmt::format("'{}' is one too many", options.operands.back()));
  for (const auto& operand : options.operands)
    if (operand.empty()) return usage_error(grammar, "an operand is empty");
  return std::nullopt;
}

}  // namespace

Result<Options> parse_options(const Grammar& grammar, const std::vector<std::string>& arguments) {
  const auto map = split_words(grammar, arguments);
  if (!map) return tl::unexpected(map.error());
  Options options;
  options.help = (*map)["help"].as<bool>();
  if (options.help) return options;
  for (const auto name : names_of(grammar)) {
    const auto* entry = entry_named(name);
    for (const auto& value : values_of(*map, *entry))
      if (auto fault = entry->apply(options, value); !fault.empty())
        return tl::unexpected(usage_error(grammar, std::move(fault)));
  }
  if (options.format == Format::Sarif && grammar.verb != "check")
    return tl::unexpected(usage_error(grammar, "--format sarif is for 'check' only"));
  if (options.format == Format::Junit && grammar.verb != "check" && grammar.verb != "verify")
    return tl::unexpected(usage_error(grammar, "--format junit is for 'check' and 'verify' only"));
  if (map->count(kOperand)) options.operands = (*map)[kOperand].as<std::vector<std::string>>();
  if (auto missing = missing_option(grammar, *map)) return tl::unexpected(std::move(*missing));
  if (auto wrong = wrong_count(grammar, options)) return tl::unexpected(std::move(*wrong));
  return options;
}

std::string options_help(const Grammar& grammar) {
  std::string text;
  for (const auto name : names_of(grammar)) {
    const auto* entry = entry_named(name);
    const auto left = fmt::format("--{}{}{}", entry->name, entry->value.empty() ? "" : " ", entry->value);
    text += fmt::format("  {:<23} {}\n", left, entry->text);
  }
  return text;
}

}  // namespace esx2esxi::app
