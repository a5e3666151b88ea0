#include "esx2esxi/app/options.hpp"

#include <catch2/catch.hpp>

#include "esx2esxi/app/verbs.hpp"
#include "esx2esxi/core/text.hpp"

using namespace esx2esxi;
using namespace esx2esxi::app;

namespace {

constexpr Grammar kGrammar{"check", "INPUT...", "target path host jobs format fail-on quiet date to service out force",
                           "",      1,          3};

/// The message of a command line that must be refused.
std::string refusal(const std::vector<std::string>& arguments, const Grammar& grammar = kGrammar) {
  const auto options = parse_options(grammar, arguments);
  REQUIRE_FALSE(options.has_value());
  CHECK(options.error().code == "usage");
  return options.error().message + " (" + options.error().remedy + ")";
}

Options accepted(const std::vector<std::string>& arguments, const Grammar& grammar = kGrammar) {
  const auto options = parse_options(grammar, arguments);
  INFO((options ? std::string() : options.error().message));
  REQUIRE(options.has_value());
  return *options;
}

}  // namespace

TEST_CASE("without options everything has its default") {
  const auto options = accepted({"hosts"});
  CHECK(options.operands == std::vector<std::string>{"hosts"});
  CHECK_FALSE(options.target);
  CHECK_FALSE(options.path);
  CHECK_FALSE(options.date);
  CHECK(options.format == Format::Text);
  CHECK(options.fail_on == FailOn::Error);
  CHECK(options.jobs == 0);
  CHECK_FALSE(options.quiet);
  CHECK_FALSE(options.force);
}

TEST_CASE("options and operands may be mixed, and a value may follow an equal sign") {
  const auto options = accepted({"--target=5.5", "a", "--path", "upgrade", "b", "--jobs", "8", "--fail-on=never"});
  CHECK(options.operands == std::vector<std::string>{"a", "b"});
  CHECK(options.target == model::Target{5, 5});
  CHECK(options.path == model::Path::Upgrade);
  CHECK(options.jobs == 8);
  CHECK(options.fail_on == FailOn::Never);
}

TEST_CASE("a repeatable option takes one value each time, so that operands behind it stay operands") {
  const auto options = accepted({"--host", "a", "x", "--host", "b", "y", "--to", "10.0.0.1", "--to", "10.0.0.2"});
  CHECK(options.hosts == std::vector<std::string>{"a", "b"});
  CHECK(options.operands == std::vector<std::string>{"x", "y"});
  CHECK(options.to.size() == 2);
}

TEST_CASE("behind two dashes everything is an operand") {
  CHECK(accepted({"--quiet", "--", "--host", "-x"}).operands == std::vector<std::string>{"--host", "-x"});
}

TEST_CASE("an abbreviation is no option") {
  CHECK_THAT(refusal({"hosts", "--forc"}), Catch::Contains("unknown option --forc") && Catch::Contains("'force'"));
  CHECK_THAT(refusal({"hosts", "--tar", "8.0"}), Catch::Contains("unknown option --tar"));
}

TEST_CASE("an unknown option is named, with the nearest one and the way to the help") {
  const auto message = refusal({"hosts", "--fromat", "json"});
  CHECK_THAT(message, Catch::Contains("--fromat") && Catch::Contains("did you mean 'format'?") &&
                          Catch::Contains("esx2esxi check --help"));
}

TEST_CASE("an option of another verb is told apart from an unknown one") {
  CHECK_THAT(refusal({"hosts", "--pools", "x"}), Catch::Contains("'check' takes no --pools"));
}

TEST_CASE("a switch takes no value and an option needs one") {
  CHECK_THAT(refusal({"hosts", "--quiet=yes"}), Catch::Contains("quiet"));
  CHECK_THAT(refusal({"hosts", "--target"}), Catch::Contains("target"));
  CHECK_THAT(refusal({"hosts", "--target="}), Catch::Contains("target"));
  CHECK_THAT(refusal({"hosts", "--host", ""}), Catch::Contains("--host is empty"));
}

TEST_CASE("an option that is given twice is refused unless it is repeatable") {
  CHECK_THAT(refusal({"hosts", "--target", "8.0", "--target", "7.0"}), Catch::Contains("--target"));
}

TEST_CASE("the name that Boost knows the operands by is no option") {
  CHECK_THAT(refusal({"hosts", "--operand", "x"}), Catch::Contains("unknown option --operand"));
}

TEST_CASE("the number of threads is a number in range") {
  for (const auto* bad : {"0", "-1", "1025", "4294967297", "18446744073709551617", "1.5", "two", "8x", " 8", "0x8"}) {
    INFO(bad);
    CHECK_THAT(refusal({"hosts", std::string("--jobs=") + bad}), Catch::Contains("--jobs is a number from 1 to 1024"));
  }
  CHECK(accepted({"hosts", "--jobs", "1"}).jobs == 1);
  CHECK(accepted({"hosts", "--jobs", "1024"}).jobs == 1024);
}

TEST_CASE("every target of the blueprint is known and no other") {
  for (const auto* good : {"4.1", "5.0", "5.1", "5.5", "6.0", "6.5", "6.7", "7.0", "8.0"})
    CHECK(to_string(*accepted({"hosts", "--target", good}).target) == good);
  for (const auto* bad : {"4.0", "8", "8.0.1", "9.0", "6,7", "", "8.0 "})
    CHECK_THAT(refusal({"hosts", "--target", bad}), Catch::Contains("--target is one of 4.1, 5.0"));
}

TEST_CASE("what --also asks for is asked for wherever it stands") {
  const Grammar plan{"plan", "INPUT...", "also documents", "", 1, 3};
  const auto options = accepted({"hosts", "--also", "ansible", "--documents", "none", "--also", "powercli"}, plan);
  CHECK(options.documents.ansible);
  CHECK(options.documents.powercli);
  CHECK_FALSE(options.documents.html);
  CHECK_FALSE(accepted({"hosts", "--also", "ansible"}, plan).documents.powercli);
  CHECK_THAT(refusal({"hosts", "--also", "puppet"}, plan), Catch::Contains("powercli or ansible"));
}

TEST_CASE("words that are none of the known ones are refused by name") {
  CHECK_THAT(refusal({"hosts", "--path", "in-place"}),
             Catch::Contains("fresh or upgrade") && Catch::Contains("in-place"));
  CHECK_THAT(refusal({"hosts", "--format", "xml"}), Catch::Contains("text, json, sarif or junit"));
  CHECK_THAT(refusal({"hosts", "--format", "JSON"}), Catch::Contains("text, json, sarif or junit"));
  CHECK_THAT(refusal({"hosts", "--fail-on", "info"}), Catch::Contains("error, warning or never"));
  CHECK_THAT(refusal({"hosts", "--date", "2026-02-30"}), Catch::Contains("YYYY-MM-DD"));
  CHECK_THAT(refusal({"hosts", "--to", "10.0.0"}), Catch::Contains("--to is an IPv4 address"));
  CHECK_THAT(refusal({"hosts", "--service", "scsi"}), Catch::Contains("management, vmotion"));
}

TEST_CASE("too few operands, too many and empty ones are refused") {
  CHECK_THAT(refusal({}), Catch::Contains("'check' needs INPUT..."));
  CHECK_THAT(refusal({"a", "b", "c", "d"}), Catch::Contains("'d' is one too many"));
  CHECK_THAT(refusal({""}), Catch::Contains("empty"));
}

TEST_CASE("a required option that is missing is named with its value") {
  auto grammar = kGrammar;
  grammar.required = "out";
  CHECK_THAT(refusal({"hosts"}, grammar), Catch::Contains("'check' needs --out DIR"));
  CHECK(accepted({"hosts", "--out", "x"}, grammar).out == "x");
}

TEST_CASE("with --help nothing else is checked") {
  CHECK(accepted({"--help", "--target", "nonsense"}).help);
  CHECK(accepted({"-h"}).help);
}

TEST_CASE("every verb names only options that exist, and its help lists each of them") {
  for (const auto& verb : verbs()) {
    INFO(verb.grammar.verb);
    const auto text = help_of(verb);
    for (const auto name : words(verb.grammar.options))
      CHECK_THAT(text, Catch::Contains("--" + std::string(name) + " "));
    CHECK_THAT(text, Catch::Contains("Usage: esx2esxi " + std::string(verb.grammar.verb)));
    CHECK_THAT(help(), Catch::Contains("esx2esxi " + std::string(verb.grammar.verb)));
  }
  CHECK(verb_named("check") != nullptr);
  CHECK(verb_named("chec") == nullptr);
}
