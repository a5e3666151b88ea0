// What a wrong command line is answered with.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// Refused: exit code 2, one line on standard error, nothing on standard output.
std::string refused(const std::vector<std::string>& arguments) {
  const auto outcome = run(arguments);
  INFO(outcome.err);
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(count_lines(outcome.err) == 1);
  CHECK_THAT(outcome.err, StartsWith("esx2esxi: error: "));
  return outcome.err;
}

}  // namespace

TEST_CASE("no argument at all is answered with the way to the help") { CHECK_THAT(refused({}), Contains("--help")); }

TEST_CASE("help and version go to standard output") {
  for (const std::string argument : {"--help", "-h", "--version"}) {
    const auto outcome = run({argument});
    CHECK(outcome.code == 0);
    CHECK(outcome.err.empty());
    CHECK_THAT(outcome.out, Contains("esx2esxi"));
  }
  CHECK_THAT(run({"plan", "--help"}).out, Contains("--out DIR") && Contains("--pools FILE"));
}

TEST_CASE("an unknown verb is answered with the nearest one") {
  CHECK_THAT(refused({"chekc", kHosts}), Contains("unknown verb 'chekc'") && Contains("did you mean 'check'?"));
  CHECK_THAT(refused({"frobnicate"}), Contains("known are"));
}

TEST_CASE("an option before the verb is refused") { CHECK_THAT(refused({"--quiet", "check"}), Contains("--quiet")); }

TEST_CASE("a wrong option is refused before any input is read") {
  CHECK_THAT(refused({"check", "/nowhere/at/all", "--bogus"}), Contains("unknown option --bogus"));
  CHECK_THAT(refused({"check", kHosts, "--jobs", "-1"}), Contains("jobs"));
  CHECK_THAT(refused({"check", kHosts, "--target", "9"}), Contains("--target is one of"));
  CHECK_THAT(refused({"inspect", kHosts, "--format", "sarif"}), Contains("for 'check' only"));
}

TEST_CASE("plan needs a folder and trace a destination") {
  CHECK_THAT(refused({"plan", kHosts}), Contains("'plan' needs --out DIR"));
  CHECK_THAT(refused({"trace", kHosts}), Contains("'trace' needs --to IP or --from-file FILE"));
  CHECK_THAT(refused({"trace", kHosts, "--to", "10.0.0.256"}), Contains("an octet above 255"));
}

TEST_CASE("an unknown rule is answered with the nearest one") {
  CHECK_THAT(refused({"rules", "same-subnets"}), Contains("did you mean 'same-subnet'?"));
  CHECK_THAT(refused({"rules", "zzzzzzzzzz"}), Contains("'esx2esxi rules' lists them"));
}

TEST_CASE("a hostile argument reaches the terminal without its control characters") {
  const auto text = refused({"check", kHosts, "--host=\x1b[2J", "--fail-on", "\x1b]0;x\x07"});
  CHECK(text.find('\x1b') == std::string::npos);
}

TEST_CASE("the rules are listed, and each explained in a page") {
  const auto list = run({"rules"});
  CHECK(list.code == 0);
  CHECK_THAT(list.out, Contains("same-subnet") && Contains("egress-changes") && Contains("duplicate-address"));
  const auto page = run({"rules", "same-subnet"});
  CHECK(page.code == 0);
  CHECK_THAT(page.out, StartsWith("same-subnet: ") && Contains("KB"));
}
