#include <algorithm>
#include <catch2/catch.hpp>

#include <pugixml.hpp>

#include "../../../planner/render/svg.hpp"
#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/render/documents.hpp"
#include "sample_plan.hpp"
#include "texts.hpp"

namespace esx2esxi::render {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for_each_line(text, [&](std::string_view line, std::uint32_t) { out.emplace_back(line); });
  return out;
}

std::string dossier(const plan::Plan& plan) { return test::texts_of(plan).at("change-request.md"); }

std::vector<std::string> headings(const std::string& markdown) {
  std::vector<std::string> out;
  for (const auto& line : lines_of(markdown))
    if (line.starts_with('#')) out.push_back(line.substr(0, line.find(' ')));
  return out;
}

/// Bars that divide cells: those without a backslash before them.
std::size_t bars(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '|')
      ++count;
  }
  return count;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("the dossier has what a board asks for, in its order") {
  const auto text = dossier(test::peaceful_plan());
  std::size_t at = 0;
  for (const auto* part : {"# Change request",
                           "## 1. Summary",
                           "## 2. Reason, and the effect of not doing it",
                           "KB 2010877",
                           "## 3. Scope and affected systems",
                           "### Blocked hosts",
                           "## 4. Risk",
                           "## 5. Impact, phase by phase",
                           "## 6. Before and after",
                           "### Cluster C1, 3 hosts",
                           "### esx01, cluster C1: resolved",
                           "## 7. Address plan",
                           "### What moves, and why",
                           "## 8. Findings",
                           "### Of the estate",
                           "### same-subnet: error, findings: 3",
                           "KB 2010877",
                           "## 9. Considered and rejected",
                           "costs 30",
                           "## 10. Implementation",
                           "#### Steps on esx01",
                           "## 11. Test plan",
                           "## 12. Back-out plan",
                           "## 13. Dependencies outside the hosts",
                           "## 14. Schedule",
                           "## 15. Communication",
                           "## 16. Approvals",
                           "## Appendix A: hosts",
                           "### Details of esx04",
                           "## Appendix B: to be confirmed",
                           "## Appendix C: assumptions",
                           "## Appendix D: inputs"}) {
    INFO(part);
    const auto found = text.find(part, at);
    REQUIRE(found != std::string::npos);
    at = found;
  }
}

TEST_CASE("the dossier shows before and after, evidence, undo and tests of a host") {
  const auto text = dossier(test::peaceful_plan());
  CHECK(has(text, "| esx01 | vmk0 | 10.0.1.111/24 | 10 | vmk1 | 10.0.9.111/24 | 90 |"));
  CHECK(has(text, "| on ESX | vmkernel | 10.0.3.254 |"));
  CHECK(has(text, "| planned | defaultTcpipStack | 10.0.1.1 | 10.0.40.0/24 by 10.0.1.254 |"));
  CHECK(has(text, "esx01/etc/vmware/esx.conf:12"));
  CHECK(has(text, "set the address 10.0.1.111 again"));
  CHECK(has(text, "| esx01 | vmkping -I vmk0 -c 3 10.0.1.1"));
  CHECK(has(text, "| esx01 | vmkping -I vmk1 -c 3 10.0.9.112"));  // the peer of its cluster
  CHECK(has(text, "hosts/esx01/remediate.sh"));
  CHECK(has(text, "--type=static --ipv4=10.0.9.111"));
}

TEST_CASE("findings that differ only in whom they affect share a row, and their number is told") {
  auto plan = test::peaceful_plan();
  auto& findings = plan.hosts[0].findings;
  findings.clear();
  for (const auto* who : {"DNS server a 10.0.1.53", "DNS server b 10.0.1.54"}) {
    rules::Finding tie;
    tie.rule = "egress-ambiguous";
    tie.interfaces = {{"", "vmk0", "vswif0"}};
    tie.endpoints = {who};
    const std::string name(who, 12);
    tie.message = name + " (" + std::string(who + 13) + ") is a neighbour of two";
    findings.push_back(tie);
  }
  findings.push_back(findings[1]);
  findings.back().message = "something else";
  const auto text = dossier(plan);
  CHECK(has(text, "| esx01 | error | 2 | vmk0 \\(vswif0\\) | – | DNS server a 10.0.1.53, DNS server b 10.0.1.54 |"));
  CHECK(has(text, "For example: DNS server a \\(10.0.1.53\\) is a neighbour of two"));
  CHECK(has(text, "| esx01 | error | 1 | vmk0"));
}

TEST_CASE("what one command shows is one test") {
  auto plan = test::peaceful_plan();
  for (auto& interface : plan.hosts[0].after.interfaces) interface.bound_to = "vmhba?";
  const auto text = dossier(plan);
  CHECK(has(text, "| esx01 | esxcli iscsi networkportal list | vmk0 is listed; vmk1 is listed |"));
}

TEST_CASE("the test plan pings each array by each interface that carries it, and what management has to reach") {
  using model::Service;
  auto plan = test::peaceful_plan();
  auto& host = plan.hosts[0];
  for (const auto* octet : {"21", "22"}) {
    auto port = test::interface("vmk" + std::string(octet), "vmk5", "defaultTcpipStack",
                                "10.0.50." + std::string(octet), 50, Service::Iscsi);
    port.bound_to = "vmhba33";
    port.created = static_cast<std::uint16_t>(port.address->bits() & 0xffU);
    port.mtu = 9000;
    host.after.interfaces.push_back(port);
  }
  host.after.interfaces.back().address = test::ip("10.0.51.22");
  host.destinations = {{"iSCSI target array-a", test::ip("10.0.50.10"), Service::Iscsi},
                       {"iSCSI target far", test::ip("10.0.60.10"), Service::Iscsi},
                       {"NFS server archive", test::ip("10.0.40.20"), Service::Nfs},
                       {"NFS server near", test::ip("10.0.9.20"), Service::Nfs},
                       {"vCenter vc01", test::ip("10.9.0.5"), Service::Management}};
  plan.hosts[1].destinations = {{"DNS server a", test::ip("10.9.0.21"), Service::Management},
                                {"NTP server b", test::ip("10.9.0.22"), Service::Management}};
  const auto files = test::texts_of(plan);
  const auto& text = files.at("change-request.md");
  CHECK(has(text, "| vmkping -I vmk21 -d -s 8972 -c 3 10.0.50.10 | iSCSI target array-a: 3 packets received |"));
  CHECK_FALSE(has(text, "-I vmk22 -d -s 8972 -c 3 10.0.50.10"));  // that portal is in the other one's network
  CHECK(has(text, "| vmkping -I vmk21 -c 3 10.0.60.10 | iSCSI target far: 3 packets received |"));
  CHECK(has(text, "| vmkping -I vmk22 -c 3 10.0.60.10 |"));
  CHECK(has(text, "| vmkping -I vmk0 -c 3 10.0.40.20 | NFS server archive: 3 packets received |"));
  CHECK(has(text, "| vmkping -I vmk1 -d -s 1472 -c 3 10.0.9.20 | NFS server near: 3 packets received |"));
  CHECK(has(text, "| vmkping -I vmk0 -c 3 10.9.0.5 | vCenter vc01: 3 packets received |"));
  CHECK(has(text,
            "| for to in 10.9.0.21 10.9.0.22; do vmkping -I vmk0 -c 3 \\$to; done | DNS server a, NTP server "
            "b: 3 packets received each |"));
  CHECK(has(text, "A firewall may drop pings"));
  const auto& script = files.at("hosts/esx01/verify.sh");
  CHECK(has(script, "must 10.0.50.10 -I vmk21 -d -s 8972"));
  CHECK_FALSE(has(script, "must 10.0.50.10 -I vmk22"));
  CHECK(has(script, "must 10.0.60.10 -I vmk22\n"));
  CHECK(has(script, "must 10.0.40.20 -I vmk0\n"));
  CHECK(has(script, "must 10.0.9.20 -I vmk1 -d -s 1472"));
  CHECK(has(script, "ask 10.9.0.5 -I vmk0\n"));
}

TEST_CASE("a blocked host has its reason, and neither steps, tests nor scripts") {
  const auto text = dossier(test::peaceful_plan());
  CHECK(has(text, "| esx04 | evidence-missing: the VLAN of dvPort 34"));
  CHECK_FALSE(has(text, "hosts/esx04/"));
  CHECK_FALSE(has(text, "Steps on esx04"));
  CHECK_FALSE(has(text, "| esx04 | vmkping"));
}

/// Three waves of C1: re-address on ESX, migrate, clean up; esx03 is in none.
plan::Plan plan_in_waves() {
  auto plan = test::peaceful_plan();
  const auto wave = [&](plan::WaveKind kind, bool pilot) {
    plan::Wave w;
    w.n = static_cast<unsigned>(plan.waves.size() + 1);
    w.cluster = "C1";
    w.kind = kind;
    w.pilot = pilot;
    w.hosts = {"esx01", "esx02"};
    w.why = "the pilot first";
    w.waits_for = {"esx04 is blocked"};
    w.states = {{"after wave 1", 1, 0, 0, 1, {"ha-networks-differ: two"}}};
    plan.waves.push_back(w);
  };
  wave(plan::WaveKind::PreMigrate, false);
  wave(plan::WaveKind::Migrate, true);
  wave(plan::WaveKind::CleanUp, false);
  auto& host = plan.hosts[0];
  host.pre_migration = {{"vmk0",
                         "VMotion",
                         "vSwitch0",
                         {test::ip("10.0.1.111"), test::ip("255.255.255.0"), net::VlanId::make(10).value()},
                         {test::ip("10.0.9.111"), test::ip("255.255.255.0"), net::VlanId::make(90).value()},
                         "peers move together"}};
  host.transition = host.transition_end = host.steps;
  plan::Ripple ripple;
  ripple.kind = plan::RippleKind::Firewall;
  ripple.system = "firewall of C1";
  ripple.source = "10.0.9.111";
  ripple.destination = "10.0.40.20";
  ripple.port = "tcp 2049";
  ripple.new_value = "allow";
  ripple.to_be_confirmed = true;
  ripple.hosts = {"esx01"};
  ripple.wave = 2;
  ripple.who = "network team";
  plan.ripple = {ripple};
  plan.rollouts = {{"C2", 1, plan::Transition::Refused, "", {}, {"vmotion-peers-apart: no way"}}};
  return plan;
}

TEST_CASE("waves come in their order, with what each host does in them, and hosts that are in none come last") {
  const auto text = dossier(plan_in_waves());
  std::size_t at = 0;
  for (const auto* part :
       {"### No sound order",
        "| C2 | vmotion-peers-apart: no way |",
        "### Wave 1, cluster C1: re-address on ESX",
        "the pilot first",
        "Waits for: esx04 is blocked",
        "| after wave 1 | 1 | 0 | 0 | 1 | ha-networks-differ: two |",
        "#### Steps on esx01",
        "| hosts/esx01/pre-migrate.sh | bash pre-migrate.sh | exit code 0; the last line: this host is re-addressed |",
        "| hosts/esx01/pre-migrate.sh | bash pre-migrate.sh --undo | only to go back: ",
        "| 1 | esxcfg-vswitch -p VMotion -v 90 vSwitch0 | port group VMotion: VLAN: 90 |",
        "| 2 | esxcfg-vmknic -i 10.0.9.111 -n 255.255.255.0 VMotion | vmk0 on port group VMotion: 10.0.9.111 ",
        "### Wave 2, cluster C1: migrate \\(pilot\\)",
        "| hosts/esx01/remediate.sh | sh remediate.sh --dry-run |",
        "| hosts/esx01/verify.sh | sh verify.sh &gt; HOST.txt |",
        "| hosts/esx01/transition.sh | sh transition.sh |",
        "| T1 | esxcli network ip interface ipv4 set",
        "#### Steps on esx02",
        "### Wave 3, cluster C1: clean up",
        "| hosts/esx01/transition-end.sh | sh transition-end.sh |",
        "### Hosts that no wave takes",
        "Hosts: esx03.",
        "| esx01 | sh verify.sh &gt; HOST.txt | exit code 0; the last line: This host is as planned. |",
        "| How, on classic ESX | pre-migrate.sh --undo",
        "## 13. Dependencies outside the hosts",
        "10.0.9.111 to 10.0.40.20 tcp 2049",
        "before wave 2"}) {
    INFO(part);
    const auto found = text.find(part, at);
    REQUIRE(found != std::string::npos);
    at = found;
  }
}

TEST_CASE("both dossiers name the scripts that are written, and only those") {
  const auto files = test::texts_of(plan_in_waves());
  CHECK(files.contains("hosts/esx01/pre-migrate.sh"));
  CHECK(files.contains("hosts/esx01/transition.sh"));
  CHECK_FALSE(files.contains("hosts/esx02/pre-migrate.sh"));
  const auto& html = files.at("change-request.html");
  CHECK(has(html, "hosts/esx01/pre-migrate.sh<td><code>bash pre-migrate.sh --undo</code><td>only to go back"));
  CHECK_FALSE(has(html, "hosts/esx02/pre-migrate.sh"));
  const auto quiet = test::texts_of(test::peaceful_plan()).at("change-request.html");
  CHECK_FALSE(has(quiet, "pre-migrate.sh"));
  CHECK(has(plan_summary(plan_in_waves(), false), "run hosts/NAME/pre-migrate.sh where it is written (1 host)."));
}

TEST_CASE("what nobody said is a blank, and what somebody said stands there") {
  CHECK(has(dossier(test::peaceful_plan()), "| Requested by | `__________` |"));
  const auto plan = test::peaceful_plan();
  DossierOptions options;
  options.particulars = {"Harbor to ESXi", "CHG0001", "A. Person", "2026-12-01 20:00 to 2026-12-01 23:30"};
  const auto files = test::texts_of(plan, options);
  CHECK(has(files.at("change-request.md"), "# Change request: Harbor to ESXi"));
  CHECK(has(files.at("change-request.html"), "<th scope=\"row\">Requested by<td>A. Person"));
  CHECK(has(files.at("servicenow-change.csv"), ",2026-12-01 20:00:00,2026-12-01 23:30:00,"));
}

TEST_CASE("only the documents that were asked for are written") {
  const auto plan = test::peaceful_plan();
  DossierOptions options;
  options.documents = {false, true, false, false, false};
  std::size_t count = 0;
  for (const auto& [path, text] : test::texts_of(plan, options))
    if (path.starts_with("change-request") || path.starts_with("servicenow") || path.starts_with("diagrams")) {
      ++count;
      CHECK(path == "change-request.md");
      CHECK_FALSE(has(text, ".svg"));
    }
  CHECK(count == 1);
}

TEST_CASE("the change for ServiceNow keeps to its fields") {
  auto plan = test::peaceful_plan();
  plan.estate = std::string(300, 'x');
  const auto files = test::texts_of(plan);
  const auto& text = files.at("servicenow-change.csv");
  const auto row = text.substr(text.find("\r\n") + 2);
  const auto begin = row.find(',') + 1;
  CHECK(row.substr(begin, row.find(',', begin) - begin).size() <= 162);  // 160 characters, one of three bytes
  CHECK(text.starts_with("number,short_description,description,type,"));
  CHECK(has(text, "esx01"));
  CHECK(lines_of(files.at("servicenow-affected-ci.csv")).size() == plan.hosts.size() + 1);
}

TEST_CASE("the same plan gives the same workbook") {
  const auto plan = test::peaceful_plan();
  const auto book = test::texts_of(plan).at("change-request.xlsx");
  CHECK(book.starts_with("PK"));
  CHECK(book == test::texts_of(plan).at("change-request.xlsx"));
}

TEST_CASE("pictures are well-formed whatever the names are, and cut what does not fit") {
  for (const auto& attack : test::attacks()) {
    const auto plan = test::hostile_plan(attack);
    for (const auto& [path, text] : test::texts_of(plan)) {
      if (!path.ends_with(".svg")) continue;
      INFO(path << attack);
      CHECK(pugi::xml_document().load_buffer(text.data(), text.size()));
      CHECK_FALSE(has(text, "<script"));
    }
  }
  CHECK(fitted("abcdef", 6) == "abcdef");
  CHECK(fitted("abcdefg", 6) == "abcd…");
  CHECK(fitted("\xe2\x80\xae", 30) == "\\u{202e}");
}

TEST_CASE("a template that names no field, includes what is not there or itself is refused with its place") {
  const auto with = [](std::string name, std::string text) -> std::string {
    const auto path = "templates/" + name + ".mustache";
    const auto checked =
        check_templates([&](std::string_view p) { return p == path ? std::string_view(text) : data_file(p); });
    return checked ? "no fault" : to_string(checked.error());
  };
  CHECK(with("dossier/company.html", "<p>Harbor Ltd, {{estate}}</p>") == "no fault");
  CHECK(with("dossier/company.html", "\n{{titel}}") ==
        "templates/dossier/company.html.mustache:2: error: no field 'titel' (did you mean 'title'?)");
  CHECK(has(with("change-request.md", "{{> dossier/nothing}}"),
            "change-request.md.mustache:1: error: there is no partial"));
  CHECK(has(with("dossier/company.md", "{{> dossier/company.md}}"), "company.md.mustache:1: error: partial"));
}

TEST_CASE("every table row of the dossier has as many cells as its head") {
  auto plans = std::vector<plan::Plan>{test::peaceful_plan()};
  for (const auto& attack : test::attacks()) plans.push_back(test::hostile_plan(attack));
  for (const auto& plan : plans) {
    std::size_t wanted = 0;
    for (const auto& line : lines_of(dossier(plan))) {
      if (!line.starts_with('|')) {
        wanted = 0;
        continue;
      }
      INFO(line);
      if (wanted == 0) wanted = bars(line);
      CHECK(bars(line) == wanted);
    }
  }
}

TEST_CASE("no name from an input becomes markup in the dossier") {
  auto alone = test::peaceful_plan();
  alone.hosts[0].cluster = "of its own";  // as an attack makes it
  const auto wanted = headings(dossier(alone));
  for (const auto& attack : test::attacks()) {
    const auto text = dossier(test::hostile_plan(attack));
    INFO(attack);
    CHECK(headings(text) == wanted);
    CHECK_FALSE(has(text, "<script"));
    CHECK_FALSE(has(text, "<img"));
    CHECK_FALSE(has(text, "](http"));
    CHECK_FALSE(has(text, "\n```"));
    CHECK_FALSE(has(text, "\xe2\x80\xae"));
    CHECK(std::none_of(text.begin(), text.end(),
                       [](char c) { return c != '\n' && static_cast<unsigned char>(c) < 0x20; }));
  }
}

TEST_CASE("an estate without conflicts says so and holds no empty table") {
  auto plan = test::peaceful_plan();
  plan.hosts = {test::clean_host("esx03")};
  plan.hosts[0].proof.changes.clear();
  plan.findings.clear();
  plan.segments.clear();
  const auto text = dossier(plan);
  CHECK(has(text, "Nothing was found"));
  CHECK(has(text, "Nothing moves."));
  const auto lines = lines_of(text);
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    if (lines[i].starts_with("|--") || lines[i].starts_with("|---:")) CHECK(lines[i + 1].starts_with('|'));
}

TEST_CASE("the terminal summary shows before and after, why, and what to do next") {
  const auto text = plan_summary(test::peaceful_plan(), false);
  CHECK(has(text, "vmk0 -> vmk1    10.0.1.111/24 -> 10.0.9.111/24  VLAN 10 -> 90  vmotion"));
  CHECK(has(text, "console 10.0.1.1, vmkernel 10.0.3.254 -> defaultTcpipStack 10.0.1.1"));
  CHECK(has(
      text,
      "why      vmk1 (was vmk0): 10.0.1.111/24 to 10.0.9.111/24 VLAN 90 (same-subnet: its subnet is management's)"));
  CHECK(has(text, "blocked  evidence-missing: the VLAN of dvPort 34"));
  CHECK(has(text, "Next\n  1. Clear what blocks 1 host"));
  CHECK_FALSE(has(text, "\x1b"));
}

TEST_CASE("a dropped interface is called by its classic name, and a long reason by its first sentence") {
  auto plan = test::peaceful_plan();
  auto& host = plan.hosts[0];
  host.after.interfaces.pop_back();
  host.remedies[0].kind = readdress::RemedyKind::DropInterface;
  host.remedies[0].to_value.clear();
  plan.hosts[3].blocked = {"same-subnet: 10.0.0.5/24 of vmk0 clashes. The host may drop out."};
  const auto text = plan_summary(plan, false);
  CHECK(has(text, "vmk0 -> dropped"));
  CHECK(has(text, "why      vmk0: 10.0.1.111/24 goes (same-subnet"));
  CHECK(has(text, "blocked  same-subnet: 10.0.0.5/24 of vmk0 clashes.\n"));
}

TEST_CASE("colour changes nothing but colour, and no name reaches the terminal raw") {
  for (const auto& attack : test::attacks()) {
    const auto plan = test::hostile_plan(attack);
    auto coloured = plan_summary(plan, true);
    for (const auto* sgr : {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"})
      for (auto at = coloured.find(sgr); at != std::string::npos; at = coloured.find(sgr))
        coloured.erase(at, std::string_view(sgr).size());
    CHECK(coloured == plan_summary(plan, false));
    CHECK(std::none_of(coloured.begin(), coloured.end(),
                       [](char c) { return c != '\n' && static_cast<unsigned char>(c) < 0x20; }));
    CHECK_FALSE(has(coloured, "\xe2\x80\xae"));
  }
}

TEST_CASE("a large estate's summary stays readable") {
  auto plan = test::peaceful_plan();
  for (int i = 0; i < 500; ++i) plan.hosts.push_back(test::clean_host("clean" + std::to_string(i)));
  const auto text = plan_summary(plan, false);
  CHECK(lines_of(text).size() < 60);
  CHECK(has(text, "esx04"));
  CHECK(has(text, "503 hosts are not shown here"));
}

}  // namespace
}  // namespace esx2esxi::render
