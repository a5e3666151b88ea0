// Every number that a reader sees is a count over plan.json.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esx2esxi/render/documents.hpp"
#include "sample_plan.hpp"
#include "texts.hpp"

namespace esx2esxi::render {
namespace {

using Json = nlohmann::ordered_json;

std::vector<Json> all_findings(const Json& plan) {
  std::vector<Json> out;
  for (const auto& host : plan["hosts"])
    for (const auto& finding : host["findings"]) out.push_back(finding);
  for (const auto& finding : plan["estate"]["findings"]) out.push_back(finding);
  return out;
}

template <class Range, class Test>
std::string count(const Range& range, Test test) {
  return std::to_string(std::count_if(range.begin(), range.end(), test));
}

/// The five sentences, written anew from the JSON alone.
std::string expected_summary(const Json& plan) {
  const auto findings = all_findings(plan);
  const auto severity = [&](const char* wanted) {
    return count(findings, [&](const Json& f) { return f["severity"] == wanted; });
  };
  const auto resolution = [&](const char* wanted) {
    return count(findings, [&](const Json& f) { return f["resolution"] == wanted; });
  };
  const auto is_blocked = [](const Json& h) { return h["status"] == "blocked"; };
  std::size_t waiting = 0;  // findings that only what is proposed for blocked hosts would end
  std::size_t waiting_remedies = 0;
  const auto status = [&](const char* wanted) {
    return count(plan["hosts"], [&](const Json& h) { return h["status"] == wanted; });
  };
  std::size_t remedies = 0;
  std::size_t steps = 0;
  std::size_t confirm = 0;
  std::size_t interrupting = 0;
  int longest = 0;
  for (const auto& host : plan["hosts"]) {
    (is_blocked(host) ? waiting_remedies : remedies) += host["remedies"].size();
    for (const auto& finding : host["findings"])
      if (is_blocked(host) && finding["resolution"] == "resolved") ++waiting;
    steps += host["steps"].size();
    for (const auto& remedy : host["remedies"]) confirm += remedy["to_be_confirmed"].get<bool>() ? 1 : 0;
    int sum = 0;
    for (const auto& step : host["steps"]) {
      sum += step["seconds"].get<int>();
      interrupting += step["interrupts"].is_null() ? 0 : 1;
    }
    longest = std::max(longest, sum);
  }
  const auto introduced = count(findings, [](const Json& f) { return f["introduced"].get<bool>(); });
  const auto open_errors =
      count(findings, [](const Json& f) { return f["resolution"] == "open" && f["severity"] == "error"; });
  const auto remedied = count(plan["hosts"], [&](const Json& h) { return !is_blocked(h) && !h["remedies"].empty(); });
  const auto ended = std::to_string(std::stoul(resolution("resolved")) - waiting);
  const auto moving = count(plan["hosts"], [&](const Json& h) { return !is_blocked(h); });
  return "moves " + moving + " of " + std::to_string(plan["hosts"].size()) + " hosts of the estate|; " +
         status("blocked") + " are blocked and stay as they are.|" + std::to_string(findings.size()) +
         " findings: " + severity("error") + " errors, " + severity("warning") + " warnings and 0 hints; " +
         introduced + " of them|" + std::to_string(remedies) + " remedies on " + remedied + " hosts; it ends " + ended +
         " findings, " + resolution("waived") + " waived and " + resolution("open") + " left open, " + open_errors +
         " error among them; " + std::to_string(waiting_remedies) + " more remedies and the end of " +
         std::to_string(waiting) + " finding wait with the blocked hosts.|" + std::to_string(steps) + " steps, " +
         std::to_string(interrupting) + " of which interrupt|needs " + std::to_string(longest) + " seconds|" +
         status("clean") + " host is clean, " + status("resolved") + " resolved, " + status("blocked") + " blocked; " +
         std::to_string(confirm) + " values are to be confirmed";
}

std::vector<std::string> parts(const std::string& text) {
  std::vector<std::string> out{""};
  for (const char c : text) {
    if (c == '|')
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

std::string without_escapes(const std::string& markdown) {
  std::string out;
  for (const char c : markdown)
    if (c != '\\') out += c;
  return out;
}

TEST_CASE("the summaries' numbers are counts over plan.json") {
  auto plan = test::peaceful_plan();
  plan.hosts.push_back(test::moved_host("esx05", 15));
  plan.hosts.back().steps.push_back(plan.hosts.back().steps[0]);
  plan.hosts.back().steps.back().interrupts.clear();
  plan.hosts.push_back(test::blocked_host("esx06"));
  plan.hosts.back().findings.front().resolution = rules::Resolution::Resolved;
  const auto files = test::texts_of(plan);
  const auto json = Json::parse(files.at("plan.json"));
  const auto terminal = plan_summary(plan, false);
  const auto markdown = without_escapes(files.at("change-request.md"));
  for (const auto& part : parts(expected_summary(json))) {
    INFO(part);
    CHECK(terminal.find(part) != std::string::npos);
    CHECK(markdown.find(part) != std::string::npos);
  }
}

/// C1 and C2 of three hosts each, of which one is blocked: it takes part in the first wave of C1, and in the last of
/// C2.
plan::Plan plan_with_blocked_hosts() {
  plan::Plan plan;
  plan.estate = "harbor";
  plan.target = {8, 0};
  for (const auto* cluster : {"C1", "C2"}) {
    const auto n = std::string(cluster).substr(1);
    plan.hosts.push_back(test::moved_host("esx" + n + "a", 11));
    plan.hosts.push_back(test::moved_host("esx" + n + "b", 12));
    plan.hosts.push_back(test::blocked_host("esx" + n + "c"));
    for (auto i = plan.hosts.size() - 3; i < plan.hosts.size(); ++i) plan.hosts[i].cluster = cluster;
  }
  const auto wave = [&](const char* cluster, plan::WaveKind kind, std::vector<std::string> hosts) {
    plan::Wave w;
    w.n = static_cast<unsigned>(plan.waves.size() + 1);
    w.cluster = cluster;
    w.kind = kind;
    w.hosts = std::move(hosts);
    plan.waves.push_back(w);
  };
  wave("C1", plan::WaveKind::PreMigrate, {"esx1a", "esx1b", "esx1c"});
  wave("C1", plan::WaveKind::Migrate, {"esx1a"});
  wave("C2", plan::WaveKind::Migrate, {"esx2a", "esx2b"});
  wave("C2", plan::WaveKind::Migrate, {"esx2c"});
  plan.rollouts = {{"C1", 1, plan::Transition::PreMigrate, "", {}, {}}, {"C2", 2, plan::Transition::None, "", {}, {}}};
  return plan;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_CASE("every document says which hosts move, which stay, and which clusters cannot start") {
  const auto plan = plan_with_blocked_hosts();
  const auto files = test::texts_of(plan);
  const auto terminal = plan_summary(plan, false);
  const std::string_view title = "4 of 6 hosts of harbor, ESX to ESXi 8.0";
  const std::string_view held =
      "1 cluster cannot start, and 2 of the moving hosts wait with it: C1 (esx1c of its first wave is blocked).";
  const auto& markdown = files.at("change-request.md");
  for (const auto& text :
       {terminal, without_escapes(markdown), files.at("change-request.html"), files.at("servicenow-change.csv")}) {
    CHECK(has(text, title));
    CHECK(has(text, held));
    CHECK_FALSE(has(text, "C2 ("));
  }
  CHECK(has(terminal, "Begin nothing in 1 cluster that cannot start: C1 ("));
  CHECK(has(markdown, "### Clusters that cannot start"));
  CHECK(has(markdown, "| hosts that move | 4 |"));
  CHECK(has(markdown, "Hosts: esx1a, esx1b, esx1c \\(blocked\\)."));
  CHECK(has(markdown, "| esx1c \\(blocked\\) | vmk1 "));
  CHECK(has(markdown, "| esx1a | vmk1 "));
  CHECK(has(markdown, "2 of 6 hosts are blocked and stay on ESX."));
  CHECK(has(markdown, "4 of 6 hosts get another address"));
}

TEST_CASE("a cluster of which every order was refused cannot start, and no document hands out an order") {
  auto plan = plan_with_blocked_hosts();
  plan.waves.erase(plan.waves.begin(), plan.waves.begin() + 2);
  plan.rollouts[0].transition = plan::Transition::Refused;
  plan.rollouts[0].refused = {"vmotion-peers-apart: two camps"};
  const auto files = test::texts_of(plan);
  for (const auto& text : {plan_summary(plan, false), without_escapes(files.at("change-request.md")),
                           files.at("change-request.html"), files.at("servicenow-change.csv")}) {
    CHECK(has(text, "C1 (no order of its hosts is sound)"));
    CHECK_FALSE(has(text, "in an order to be chosen"));
  }
  CHECK(has(files.at("servicenow-change.csv"), "Cluster C1: no sound order:\nNot to be begun"));
}

TEST_CASE("the implementation for ServiceNow counts the steps of each wave's own script") {
  auto plan = plan_with_blocked_hosts();
  plan.hosts[0].pre_migration = {{"vmk0",
                                  "VMotion",
                                  "vSwitch0",
                                  {test::ip("10.0.1.111"), test::ip("255.255.255.0"), net::VlanId::make(10).value()},
                                  {test::ip("10.0.9.111"), test::ip("255.255.255.0"), net::VlanId::make(90).value()},
                                  "peers move together"}};
  plan.hosts[0].steps.resize(4, plan.hosts[0].steps[0]);
  const auto text = test::texts_of(plan).at("servicenow-change.csv");
  CHECK(has(text, "re-address on ESX:\n- esx1a: 2 steps of pre-migrate.sh\n"));
  CHECK(has(text, "- esx1c: blocked; nothing is done here"));
  CHECK(has(text, "migrate:\n- esx1a: 4 steps, 12 s by estimate"));
}

}  // namespace
}  // namespace esx2esxi::render
