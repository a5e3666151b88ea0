// The catalogue's data and the predicates' table agree; a bad catalogue is refused with all its faults.
#include <catch2/catch.hpp>

#include <set>

#include "build.hpp"
#include "esx2esxi/core/data.hpp"
#include "esx2esxi/rules/predicates.hpp"

using namespace esx2esxi;
using namespace esx2esxi::rules;

namespace {

/// Slugs of rules.md, by section, in its order.
const std::vector<std::string_view> kSlugs{"same-subnet",
                                           "overlapping-masks",
                                           "one-subnet-two-vlans",
                                           "unbound-beside-bound",
                                           "interface-unaddressed",
                                           "mask-invalid",
                                           "two-default-gateways",
                                           "gateway-off-subnet",
                                           "gateway-not-a-host",
                                           "gateway-ambiguous",
                                           "no-default-gateway",
                                           "route-next-hop-off-link",
                                           "routes-lost-at-reboot",
                                           "gateway-override-unavailable",
                                           "egress-changes",
                                           "egress-ambiguous",
                                           "binding-across-subnets",
                                           "binding-uplinks",
                                           "binding-across-vswitches",
                                           "console-iscsi-interface",
                                           "vmotion-multi-nic",
                                           "vmotion-stack-shadows",
                                           "stack-unavailable",
                                           "several-ft-interfaces",
                                           "upgrade-disables-interface",
                                           "upgrade-leaves-conflict",
                                           "upgrade-path",
                                           "several-dhcp-interfaces",
                                           "management-on-dhcp",
                                           "mtu-mismatch",
                                           "service-console-name",
                                           "isolation-address-moves",
                                           "duplicate-address",
                                           "vmotion-peers-apart",
                                           "ha-networks-differ",
                                           "evidence-missing",
                                           "evidence-contradicts",
                                           "unresolved-variable"};

std::string sample(std::string_view changed_from = {}, std::string_view changed_to = {}) {
  std::string text = R"(rule same-subnet
{
    section "Ranges"
    severity error
    predicate same-subnet
    title "t"
    message "{{members}} in {{network}}"
    explanation "e" \
                "f"
    vmkernel "v"
    symptoms "s"
    kb "KB 1"
    remedy "r"
    remedy "q"
}
)";
  if (!changed_from.empty()) {
    const auto at = text.find(changed_from);
    REQUIRE(at != std::string::npos);
    text.replace(at, changed_from.size(), changed_to);
  }
  return text;
}

Diagnostics faults(const std::string& text) { return read_catalogue(text, FileName("x.info")).notes; }

/// The one fault of a catalogue, as a line.
std::string fault(const std::string& text) {
  const auto notes = faults(text);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].severity == Severity::Error);
  return to_string(notes[0]);
}

}  // namespace

TEST_CASE("the catalogue holds every rule, once, in the order of the documentation") {
  std::vector<std::string_view> slugs;
  for (const auto& rule : built_in_catalogue().rules) slugs.emplace_back(rule.slug);
  CHECK(slugs == kSlugs);
  CHECK(std::set<std::string_view>(slugs.begin(), slugs.end()).size() == slugs.size());
  CHECK(built_in_catalogue().find("same-subnet") != nullptr);
  CHECK(built_in_catalogue().find("same") == nullptr);
}

TEST_CASE("every rule is documented in sentences") {
  for (const auto& rule : built_in_catalogue().rules) {
    INFO(rule.slug);
    for (const auto* text : {&rule.message, &rule.explanation, &rule.vmkernel, &rule.symptoms}) {
      CHECK(text->size() > 10);
      CHECK((text->ends_with('.') || text->ends_with('\'') || text->ends_with('!') || text->ends_with("'!'.")));
      CHECK(text->find("  ") == std::string::npos);
    }
    CHECK(rule.title.size() > 10);
    CHECK(rule.title.size() <= 110);
    CHECK_FALSE(rule.title.ends_with('.'));
    CHECK(rule.explanation.size() > 80);
    CHECK_FALSE(rule.kb.empty());
    REQUIRE_FALSE(rule.remedies.empty());
    for (const auto& remedy : rule.remedies) CHECK(remedy.ends_with('.'));
    for (const auto& grade : rule.grades) CHECK((grade.message.empty() || grade.message.ends_with('.')));
    CHECK(rule.at.line > 0);
  }
}

TEST_CASE("severities are those of the documentation") {
  const std::set<std::string_view> warnings{
      "one-subnet-two-vlans",  "unbound-beside-bound",    "interface-unaddressed",   "no-default-gateway",
      "routes-lost-at-reboot", "console-iscsi-interface", "vmotion-stack-shadows",   "management-on-dhcp",
      "mtu-mismatch",          "service-console-name",    "isolation-address-moves", "ha-networks-differ",
      "evidence-missing",      "evidence-contradicts",    "unresolved-variable"};
  for (const auto& rule : built_in_catalogue().rules) {
    INFO(rule.slug);
    const auto expected = rule.slug == "vmotion-multi-nic" ? Severity::Info
                          : warnings.contains(rule.slug)   ? Severity::Warning
                                                           : Severity::Error;
    CHECK(rule.severity == expected);
  }
}

TEST_CASE("predicates are sorted, unique, used, and have a function") {
  std::set<std::string_view> used;
  for (const auto& rule : built_in_catalogue().rules) used.insert(rule.predicate);
  std::string_view last;
  for (const auto& entry : predicates()) {
    INFO(entry.name);
    CHECK(last < entry.name);
    last = entry.name;
    CHECK(used.contains(entry.name));
    CHECK((entry.host || entry.estate));
    CHECK(find_predicate(entry.name) == &entry);
  }
  CHECK(find_predicate("same-subne") == nullptr);
  CHECK(find_predicate("zzz") == nullptr);
}

TEST_CASE("each word a predicate promises is used by a message") {
  for (const auto& rule : built_in_catalogue().rules) {
    const auto* entry = find_predicate(rule.predicate);
    auto all = rule.message;
    for (const auto& grade : rule.grades) all += grade.message;
    for (const auto word : words(entry->words)) {
      INFO(rule.slug << ": " << word);
      CHECK((word == "stack" || all.find("{{" + std::string(word) + "}}") != std::string::npos));
    }
  }
}

TEST_CASE("a good catalogue is read whole") {
  const auto read = read_catalogue(sample(), FileName("x.info"));
  CHECK(read.notes.empty());
  REQUIRE(read.value.rules.size() == 1);
  const auto& rule = read.value.rules[0];
  CHECK(rule.explanation == "ef");
  CHECK(rule.remedies == std::vector<std::string>{"r", "q"});
  CHECK(rule.at.line == 1);
  CHECK(rule.grade("x") == nullptr);
}

TEST_CASE("a bad catalogue says where and what") {
  CHECK(fault(sample("predicate same-subnet", "predicate same")) ==
        "x.info:5: error: rule 'same-subnet': there is no predicate 'same'");
  CHECK(fault(sample("{{network}}", "{{net}}")) ==
        "x.info:7: error: rule 'same-subnet': predicate 'same-subnet' provides no word 'net'");
  CHECK(fault(sample("{{network}}", "{{network")) == "x.info:7: error: rule 'same-subnet': a {{ is never closed");
  CHECK(fault(sample("    vmkernel \"v\"\n", "")) == "x.info:1: error: rule 'same-subnet': 'vmkernel' is missing");
  CHECK(fault(sample("    severity error\n", "")) == "x.info:1: error: rule 'same-subnet': 'severity' is missing");
  CHECK(fault(sample("severity error", "severity bad")) ==
        "x.info:4: error: rule 'same-subnet': 'bad' is no severity: error, warning or info");
  CHECK(fault(sample("remedy \"q\"", "grade worse\n{\nseverity info\n}")) ==
        "x.info:14: error: rule 'same-subnet': predicate 'same-subnet' knows no grade 'worse'");
  CHECK(fault(sample("rule same-subnet", "rule Same")) ==
        "x.info:1: error: rule 'Same': a slug is made of lower-case letters and dashes");
  CHECK(fault(sample("remedy \"q\"", "title \"u\"")) == "x.info:14: error: rule 'same-subnet': 'title' is given twice");
  CHECK(fault(sample("remedy \"q\"", "severity info")) ==
        "x.info:14: error: rule 'same-subnet': 'severity' is given twice");
  CHECK(fault(sample("kb \"KB 1\"", "kb \"KB 1\"\n{\na b\n}")) ==
        "x.info:12: error: rule 'same-subnet': 'kb' takes no braces");
  CHECK(fault(sample() + "other x\n") == "x.info:16: error: unknown key 'other'");
  CHECK(fault(sample() + sample()) == "x.info:16: error: rule 'same-subnet' is there already, in line 1");
  CHECK(fault("") == "x.info: error: no rule at all");
}

TEST_CASE("all faults of a catalogue are said at once") {
  auto text = sample("severity error", "severity bad");
  text.replace(text.find("kb"), 2, "kc");
  const auto notes = faults(text);
  REQUIRE(notes.size() == 3);  // no severity, an unknown key, a missing one
}

TEST_CASE("grades need a severity, once each, and all that the predicate returns") {
  const auto graded = [](std::string_view grades) {
    auto text = sample("same-subnet\n    title", "binding-across-subnets\n    title");
    text.replace(text.find("{{members}} in {{network}}"), 26, "{{members}}");
    text.replace(text.find("    remedy \"q\"\n"), 15, grades);
    return text;
  };
  CHECK(
      faults(graded("grade apart\n{\nseverity error\nmessage \"{{adapter}}\"\n}\ngrade targets\n{\nseverity info\n}\n"))
          .empty());
  CHECK(fault(graded("grade apart\n{\nseverity error\n}\n")) ==
        "x.info:1: error: rule 'same-subnet': grade 'targets' of its predicate is missing");
  CHECK(fault(graded("grade apart\n{\n}\ngrade targets\n{\nseverity info\n}\n")) ==
        "x.info:14: error: rule 'same-subnet': grade 'apart' has no severity");
  CHECK(fault(graded("grade apart\n{\nseverity error\ncolour red\n}\ngrade targets\n{\nseverity info\n}\n")) ==
        "x.info:17: error: rule 'same-subnet': unknown key 'colour' in grade 'apart'");
  CHECK(fault(graded("grade apart\n{\nseverity error\nmessage \"{{x}}\"\n}\ngrade targets\n{\nseverity info\n}\n")) ==
        "x.info:17: error: rule 'same-subnet': predicate 'binding-across-subnets' provides no word 'x'");
}

TEST_CASE("a catalogue may neither include another file nor nest without end") {
  CHECK(fault("#include \"/etc/passwd\"\n").find("x.info:1: error: a directive") == 0);
  std::string deep;
  for (int i = 0; i < 300; ++i) deep += "a\n{\n";
  CHECK(fault(deep).find("nested") != std::string::npos);
}

TEST_CASE("expand replaces each word") {
  CHECK(expand("{{a}} and {{b}} and {{a}}", {{"a", "1"}, {"b", "{{a}}"}}) == "1 and {{a}} and 1");
  CHECK(expand("plain", {}) == "plain");
  CHECK(expand("", {}).empty());
  CHECK_THROWS(expand("{{c}}", {{"a", "1"}}));
}

TEST_CASE("what a predicate returns has the words and the grades of its table line") {
  using namespace test;
  // A host on which much is wrong at once.
  const auto scene = esx("a")
                         .console("vswif0", "10.0.0.5/16")
                         .gateway("10.0.1.255")
                         .console("vswif1", "10.0.0.6/16")
                         .vlan(3)
                         .vmkernel("vmk0", "10.0.1.5/24")
                         .bound("vmhba33")
                         .kernel_gateway("10.0.9.1")
                         .vmkernel("vmk1", "10.0.1.6/24")
                         .vmkernel("vmk2", "10.0.2.6/24")
                         .bound("vmhba34")
                         .mtu(9000)
                         .vmkernel("vmk3", "10.0.2.7/24")
                         .bound("vmhba34")
                         .on("vSwitch1")
                         .uplinks({}, {"vmnic1"})
                         .vmkernel("vmk4")
                         .dhcp()
                         .carries(Service::FaultToleranceLogging)
                         .vmkernel("vmk5")
                         .dhcp()
                         .carries(Service::FaultToleranceLogging)
                         .route("10.5.0.0/16", "10.77.0.1")
                         .reaches(Service::Management, "10.0.1.9")
                         .reaches(Service::Iscsi, "10.0.0.9")
                         .isolation("10.0.9.1")
                         .scene();
  std::set<std::string> seen;
  for (const auto& entry : predicates()) {
    if (!entry.host) continue;
    for (const auto& evidence : entry.host(scene.situation())) {
      INFO(entry.name);
      seen.emplace(entry.name);
      const auto grades = words(entry.grades);
      CHECK((evidence.grade.empty() || std::find(grades.begin(), grades.end(), evidence.grade) != grades.end()));
      for (const auto word : words(entry.words))
        CHECK(
            std::any_of(evidence.words.begin(), evidence.words.end(), [&](const auto& w) { return w.first == word; }));
    }
  }
  CHECK(seen.size() > 15);
  for (const auto& finding : scene.judge()) {
    INFO(finding.rule << ": " << finding.message);
    CHECK(finding.message.find("{{") == std::string::npos);
    CHECK(finding.message.find("  ") == std::string::npos);
    CHECK_FALSE(finding.kb.empty());
  }
}
