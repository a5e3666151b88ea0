#include "esx2esxi/app/run.hpp"

#include <csignal>
#include <exception>

#include <fmt/format.h>

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/verbs.hpp"
#include "esx2esxi/core/suggest.hpp"

namespace esx2esxi::app {

namespace {

constexpr std::string_view kSeeHelp = "see 'esx2esxi --help'";

Diagnostic wrong_verb(const std::string& given) {
  Diagnostic wrong{Severity::Error, "usage", {}, {}, std::string(kSeeHelp)};
  if (given.starts_with('-')) {
    wrong.message = fmt::format("'{}' stands where the verb belongs", given);
    return wrong;
  }
  wrong.message = fmt::format("unknown verb '{}'", given);
  std::vector<std::string_view> names;
  for (const auto& verb : verbs()) names.push_back(verb.grammar.verb);
  wrong.remedy = suggestion(given, names) + "; " + wrong.remedy;
  return wrong;
}

Exit usage(const Diagnostic& wrong) {
  Console(Colour::Auto, false).report(wrong);
  return Exit::Usage;
}

Exit print(std::string text) {
  Console console(Colour::Never, false);
  console.print(std::move(text));
  const auto flushed = console.flush();
  if (!flushed) console.report(flushed.error());
  return flushed ? Exit::Done : Exit::Input;
}

Exit run_verb(const Verb& verb, const std::vector<std::string>& arguments) {
  const auto options = parse_options(verb.grammar, arguments);
  if (!options) return usage(options.error());
  if (options->help) return print(help_of(verb));
  Console console(options->colour, options->quiet);
  const auto exit = verb.run(*options, console);
  const auto flushed = console.flush();
  if (flushed) return exit;
  console.report(flushed.error());
  return exit == Exit::Done || exit == Exit::Findings ? Exit::Input : exit;
}

Exit dispatch(const std::vector<std::string>& arguments) {
  if (arguments.empty()) return usage({Severity::Error, "usage", {}, "what shall be done?", std::string(kSeeHelp)});
  const auto& first = arguments.front();
  if (first == "--help" || first == "-h") return print(help());
  if (first == "--version") return print(version());
  const auto* verb = verb_named(first);
  if (!verb) return usage(wrong_verb(first));
  return run_verb(*verb, {arguments.begin() + 1, arguments.end()});
}

Exit fault(std::string_view what) {
  Console(Colour::Auto, false)
      .report(Diagnostic{Severity::Error,
                         "fault",
                         {},
                         fmt::format("a fault of the program itself: {}", what),
                         "please report it with the command line"});
  return Exit::Fault;
}

}  // namespace

int run(const std::vector<std::string>& arguments) {
  // A file that may not grow must fail the write, which is reported, and not end the program in silence.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return static_cast<int>(dispatch(arguments));
  } catch (const std::exception& e) {
    return static_cast<int>(fault(e.what()));
  } catch (...) {
    return static_cast<int>(fault("an unknown exception"));
  }
}

}  // namespace esx2esxi::app
