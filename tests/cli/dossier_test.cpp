// Which documents are written, by whose templates, and what a faulty template leads to.
#include <catch2/catch.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;

namespace {

Outcome plan(const std::string& out, std::vector<std::string> more) {
  std::vector<std::string> arguments{"plan", "--out", out, kHosts + "/light01", "--date", "2026-03-01"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

}  // namespace

TEST_CASE("which documents are written is said by an option") {
  const Scratch scratch;
  CHECK(plan(scratch / "none", {"--documents", "none"}).code == 0);
  for (const auto& [name, bytes] : contents(scratch / "none")) CHECK_THAT(name, !Contains("change"));
  CHECK(plan(scratch / "two", {"--documents", "xlsx,svg"}).code == 0);
  const auto two = contents(scratch / "two");
  CHECK(two.count("change-request.xlsx") == 1);
  CHECK(two.count("diagrams/light01.svg") == 1);
  CHECK(two.count("change-request.html") + two.count("change-request.md") + two.count("servicenow-change.csv") == 0);
  const auto wrong = plan(scratch / "wrong", {"--documents", "html,pdf"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("--documents is none, or some of html,md,xlsx,csv,svg, not 'html,pdf'"));
}

TEST_CASE("the layouts of IPAM systems are chosen by an option, with or without the other documents") {
  const Scratch scratch;
  CHECK(plan(scratch / "both", {"--ipam", "netbox,phpipam=Server rooms", "--documents", "none"}).code == 0);
  const auto both = contents(scratch / "both");
  REQUIRE(both.count("address-plan-netbox.csv") == 1);
  CHECK_THAT(both.at("address-plan-phpipam.csv"), Contains("\r\nServer rooms,"));
  CHECK(both.count("address-changes.csv") == 0);
  CHECK(plan(scratch / "neither", {}).code == 0);
  const auto neither = contents(scratch / "neither");
  CHECK(neither.count("address-changes.csv") == 1);
  CHECK(neither.count("address-plan-netbox.csv") + neither.count("address-plan-phpipam.csv") == 0);
  const auto wrong = plan(scratch / "wrong", {"--ipam", "infoblox"});
  CHECK(wrong.code == 2);
  CHECK_THAT(wrong.err, Contains("--ipam is netbox, phpipam, phpipam=SECTION or a list of them, not 'infoblox'"));
}

TEST_CASE("a window ends after it has begun") {
  const Scratch scratch;
  for (const auto* window : {"2026-01-02 02:00 2026-01-01 22:00", "from 2026-01-01 22:00 to 2026-01-01 22:00"}) {
    const auto wrong = plan(scratch / "plan", {"--window", window});
    CHECK(wrong.code == 2);
    CHECK_THAT(wrong.err, Contains("--window ends before it has begun"));
    CHECK(scratch.listing().empty());
  }
  CHECK(plan(scratch / "plan", {"--window", "2026-01-01 22:00 to 2026-01-02 02:00"}).code == 0);
  CHECK_THAT(content(scratch / "plan/servicenow-change.csv"), Contains(",2026-01-01 22:00:00,2026-01-02 02:00:00,"));
  CHECK(plan(scratch / "words", {"--window", "the night after 2026-01-02 02:00"}).code == 0);
}

TEST_CASE("scripts for PowerCLI are written whatever documents are chosen") {
  const Scratch scratch;
  CHECK(plan(scratch / "plan", {"--documents", "none", "--also", "powercli"}).code == 0);
  CHECK(contents(scratch / "plan").count("hosts/light01/remediate.ps1") == 1);
}

TEST_CASE("a folder of templates replaces some of them, and the rest stays") {
  const Scratch scratch;
  scratch.put("mine/dossier/company.html.mustache", "<p>Harbor Ltd: {{title}}</p>\n{{> dossier/legal}}\n");
  scratch.put("mine/dossier/legal.mustache", "<p>Internal.</p>\n");
  const auto outcome = plan(scratch / "plan", {"--templates", scratch / "mine", "--title", "<b>Move</b>"});
  INFO(outcome.err);
  CHECK(outcome.code == 0);
  const auto page = content(scratch / "plan/change-request.html");
  CHECK_THAT(page, Contains("<p>Harbor Ltd: &lt;b&gt;Move&lt;/b&gt;</p>\n<p>Internal.</p>"));
  CHECK_THAT(page, Contains("16. Approvals"));
}

TEST_CASE("a faulty template is an error with file and line, and nothing is written") {
  const Scratch scratch;
  const auto fault = [&](const std::string& name, const std::string& text) {
    const Scratch folder;
    folder.put(name, text);
    const auto outcome = plan(scratch / "plan", {"--templates", folder.path()});
    CHECK(outcome.code == 3);
    CHECK(scratch.listing().empty());
    return outcome.err;
  };
  CHECK_THAT(fault("dossier/company.md.mustache", "\n{{requestor}}"),
             Contains("dossier/company.md.mustache:2: error: no field 'requestor' (did you mean 'requester'?)"));
  CHECK_THAT(fault("dossier/company.md.mustache", "{{> dossier/none}}"), Contains(":1: error: there is no partial"));
  CHECK_THAT(fault("dossier/company.md.mustache", "{{> dossier/company.md}}"), Contains(":1: error: partial"));
  CHECK_THAT(fault("dossier/compony.md.mustache", "x"),
             Contains("no document asks for this template (did you mean 'dossier/company.md'?)"));
  CHECK_THAT(fault("dossier/company.md.mustache", "one\ntwo \xe4\n"),
             Contains("dossier/company.md.mustache:2: error: is not UTF-8"));
  // a field of a table's rows where there is no table: known only while it is filled in
  CHECK_THAT(fault("dossier/company.md.mustache", "{{sentence}}"),
             Contains("dossier/company.md.mustache:1: error: no field 'sentence'"));
  CHECK(plan(scratch / "plan", {"--templates", scratch / "nowhere"}).code == 3);
}
