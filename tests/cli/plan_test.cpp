// The plan folder as it arrives on the disk.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "esx2esxi/core/sha256.hpp"
#include "esx2esxi/core/text.hpp"
#include "program.hpp"

using namespace cli;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

Outcome plan(const std::string& out, const std::vector<std::string>& inputs, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"plan", "--out", out, "--policy", kPolicy, "--pools", kPools};
  arguments.insert(arguments.end(), inputs.begin(), inputs.end());
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run(arguments);
}

const std::vector<std::string> kDay = {"--date", "2026-03-01"};

}  // namespace

TEST_CASE("a plan folder holds the documents, and its manifest the digest of each") {
  const Scratch scratch;
  const auto outcome = plan(scratch / "plan", {kHosts}, kDay);
  INFO(outcome.err);
  CHECK((outcome.code == 0 || outcome.code == 4));
  CHECK_THAT(outcome.out, Contains("pier01") && Contains(scratch / "plan"));
  const auto files = contents(scratch / "plan");
  for (const auto* name : {"plan.json", "change-request.md", "address-plan.csv", "MANIFEST.sha256"})
    CHECK(files.count(name) == 1);
  std::size_t listed = 0;
  esx2esxi::for_each_line(files.at("MANIFEST.sha256"), [&](std::string_view line, std::uint32_t) {
    const auto gap = line.find("  ");
    REQUIRE(gap == 64);
    const std::string name(line.substr(gap + 2));
    INFO(name);
    REQUIRE(files.count(name) == 1);
    CHECK(esx2esxi::sha256_hex(files.at(name)) == line.substr(0, gap));
    ++listed;
  });
  CHECK(listed == files.size() - 1);
  CHECK(scratch.listing().front() == "plan");
  for (const auto& name : scratch.listing()) CHECK_THAT(name, Catch::StartsWith("plan"));
}

TEST_CASE("the exit code tells whether a host stays blocked, and a blocked host has no script") {
  const Scratch scratch;
  const auto outcome = plan(scratch / "plan", {kHosts}, kDay);
  const auto document = nlohmann::json::parse(content(scratch / "plan/plan.json"));
  bool blocked = false;
  for (const auto& host : document.at("hosts")) {
    const std::string folder = scratch / ("plan/hosts/" + host.at("name").get<std::string>());
    const bool this_one = host.at("status") == "blocked";
    INFO(folder);
    CHECK(fs::exists(folder + "/remediate.sh") == !this_one);
    CHECK(fs::exists(folder + "/rollback.sh") == !this_one);
    blocked = blocked || this_one;
  }
  CHECK(outcome.code == (blocked ? 4 : 0));
}

TEST_CASE("plan.json names every input with its digest") {
  const Scratch scratch;
  REQUIRE(plan(scratch / "plan", {kHosts + "/light01"}, kDay).code == 0);
  const auto document = nlohmann::json::parse(content(scratch / "plan/plan.json"));
  CHECK(document.at("date") == "2026-03-01");
  std::vector<std::string> paths;
  for (const auto& input : document.at("inputs")) {
    INFO(input.at("path"));
    CHECK(input.at("sha256") == esx2esxi::sha256_hex(content(input.at("path"))));
    paths.push_back(input.at("path"));
  }
  CHECK(std::is_sorted(paths.begin(), paths.end()));
  for (const auto& path : {kPolicy, kPools, kHosts + "/light01/etc/vmware/esx.conf"})
    CHECK(std::count(paths.begin(), paths.end(), path) == 1);
}

TEST_CASE("the same inputs give the same bytes, whatever --jobs is and in whatever order they come") {
  const Scratch scratch;
  std::vector<std::string> inputs;
  for (const auto& entry : fs::directory_iterator(kHosts)) inputs.push_back(entry.path().string());
  std::sort(inputs.begin(), inputs.end());
  auto day_and = [](std::vector<std::string> more) {
    more.insert(more.end(), kDay.begin(), kDay.end());
    return more;
  };
  plan(scratch / "a", inputs, day_and({"--jobs", "1"}));
  std::reverse(inputs.begin(), inputs.end());
  plan(scratch / "b", inputs, day_and({"--jobs", "8"}));
  plan(scratch / "c", {kHosts}, kDay);
  const auto a = contents(scratch / "a");
  CHECK(a.size() > 4);
  CHECK(a == contents(scratch / "b"));
  CHECK(a == contents(scratch / "c"));
}

TEST_CASE("with --host the plan is that host's part of the whole estate's plan") {
  const Scratch scratch;
  plan(scratch / "all", {kHosts}, kDay);
  auto more = kDay;
  more.insert(more.end(), {"--host", "pier02"});
  plan(scratch / "one", {kHosts}, more);
  const auto all = nlohmann::json::parse(content(scratch / "all/plan.json"));
  const auto one = nlohmann::json::parse(content(scratch / "one/plan.json"));
  REQUIRE(one.at("hosts").size() == 1);
  auto alone = one.at("hosts").at(0);
  for (auto host : all.at("hosts")) {
    if (host.at("name") != "pier02") continue;
    alone.erase("diagnostics");  // those it changes with are missing
    host.erase("diagnostics");
    CHECK(alone == host);
  }
}

TEST_CASE("without --date the day is SOURCE_DATE_EPOCH's, and without that today") {
  const Scratch scratch;
  Circumstances epoch;
  epoch.environment["SOURCE_DATE_EPOCH"] = "1767225600";  // 2026-01-01T00:00:00Z
  epoch.environment["TZ"] = "America/Anchorage";          // still last year there
  REQUIRE(run({"plan", kHosts + "/light01", "--out", scratch / "a"}, epoch).code == 0);
  CHECK(nlohmann::json::parse(content(scratch / "a/plan.json")).at("date") == "2026-01-01");
  REQUIRE(run({"plan", kHosts + "/light01", "--out", scratch / "b"}).code == 0);
  CHECK(nlohmann::json::parse(content(scratch / "b/plan.json")).at("date") > "2026-01-01");
}

TEST_CASE("plan in JSON prints plan.json and nothing else") {
  const Scratch scratch;
  const auto outcome = plan(scratch / "plan", {kHosts + "/light01"}, {"--format", "json", "--date", "2026-03-01"});
  CHECK(outcome.out == content(scratch / "plan/plan.json"));
}

TEST_CASE("stacks that the policy asks for are planned with their reason, and a pin for nobody is told") {
  const Scratch scratch;
  scratch.put("policy.info",
              "format esx2esxi-policy\nversion 1.0\npins\n{\n"
              "  stack { host pier01 name vmk0 stack vmotion reason \"kept apart\" }\n"
              "  gateway { host ghost name vmk0 address 10.0.0.1 reason \"nobody\" }\n}\n");
  const auto outcome = run({"plan", kHosts + "/pier01", "--out", scratch / "plan", "--policy", scratch / "policy.info",
                            "--date", "2026-03-01"});
  INFO(outcome.out);
  CHECK_THAT(outcome.err, Contains("policy.info:6: warning: the pin is for host 'ghost'"));
  CHECK_THAT(outcome.out, Contains("kept apart"));
  const auto host = nlohmann::json::parse(content(scratch / "plan/plan.json")).at("hosts").at(0);
  bool there = false;
  for (const auto& interface : host.at("after").at("interfaces"))
    if (interface.at("from") == "vmk0") there = interface.at("stack") == "vmotion";
  CHECK(there);
  CHECK(host.at("remedies").at(0).at("kind") == "own-stack");
  CHECK(host.at("remedies").at(0).at("rule").is_null());
}

TEST_CASE("a stack that the target lacks is found by check, and blocks the plan, with the policy's line") {
  const Scratch scratch;
  scratch.put("policy.info",
              "format esx2esxi-policy\nversion 1.0\ntarget 5.5\npins\n{\n"
              "  stack { host light01 name vmk0 stack vmotion reason \"kept apart\" }\n}\n");
  const auto checked = run({"check", kHosts + "/light01", "--policy", scratch / "policy.info", "--date", "2026-03-01"});
  CHECK(checked.code == 1);
  CHECK_THAT(checked.out, Contains("stack-unavailable") && Contains("policy.info:6"));
  const auto outcome = run({"plan", kHosts + "/light01", "--out", scratch / "plan", "--policy", scratch / "policy.info",
                            "--date", "2026-03-01"});
  CHECK(outcome.code == 4);
  const auto host = nlohmann::json::parse(content(scratch / "plan/plan.json")).at("hosts").at(0);
  CHECK_THAT(host.at("blocked").dump(),
             Contains("policy.info:6: kept apart") && Contains("ESXi 5.5 has no such stack"));
}

TEST_CASE("nothing secret of the samples reaches any output") {
  const Scratch scratch;
  const auto outcome = plan(scratch / "plan", {kHosts}, kDay);
  std::string all = outcome.out + outcome.err;
  for (const auto& [name, text] : contents(scratch / "plan")) all += text;
  all += run({"inspect", kHosts, "--origins"}).out + run({"inspect", kHosts, "--format", "json"}).out;
  all += run({"check", kHosts}).out;
  all += run({"inspect", kHarbor + "/bundles", "--format", "json"}).out;
  CHECK(all.find("CANARY") == std::string::npos);
}

TEST_CASE("the sample estate's plan is valid against the schema beside it, and flags are truth values") {
  const Scratch scratch;
  REQUIRE(plan(scratch / "plan", {kHosts}, kDay).code == 4);
  const std::string validate =
      "/usr/bin/python3 -c 'import json,sys,jsonschema; jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))"
      ".validate(json.load(open(sys.argv[2])))' '" +
      (scratch / "plan/plan.schema.json") + "' '" + (scratch / "plan/plan.json") + "'";
  CHECK(std::system(validate.c_str()) == 0);
  const auto document = nlohmann::json::parse(content(scratch / "plan/plan.json"));
  std::size_t forced = 0;
  for (const auto& host : document.at("hosts"))
    for (const auto& step : host.at("rollback"))
      if (step.at("arguments").contains("forced")) {
        CHECK(step.at("arguments").at("forced") == true);
        ++forced;
      }
  CHECK(forced == 1);  // crane02's binding had a standby uplink: the way back has to insist
}

TEST_CASE("a host that is planned without those that change with it is warned of, on stderr and in the plan") {
  const Scratch scratch;
  auto more = kDay;
  more.insert(more.end(), {"--documents", "none", "--host", "pier01"});
  const auto part = plan(scratch / "part", {kHosts}, more);
  CHECK_THAT(part.err, Contains("pier01 changes together with") && Contains("which --host leaves out") &&
                           Contains("carry out their scripts together"));
  const auto document = nlohmann::json::parse(content(scratch / "part/plan.json"));
  REQUIRE(document.at("hosts").size() == 1);
  CHECK_THAT(document.at("hosts")[0].dump(), Contains("host-left-out"));
  CHECK_THAT(plan(scratch / "whole", {kHosts}, kDay).err, !Contains("--host leaves out"));
}

TEST_CASE("a number of hosts at a time that would take a whole cluster away is capped, with the policy's line") {
  const Scratch scratch;
  scratch.put("policy.info",
              "format esx2esxi-policy\nversion 1.0\nclusters\n{\n  cluster CL\n  {\n    host pier01\n    host pier02\n"
              "    hosts-at-a-time 9\n  }\n}\n");
  const auto outcome = run({"plan", kHosts + "/pier01", kHosts + "/pier02", "--out", scratch / "plan", "--policy",
                            scratch / "policy.info", "--documents", "none", "--date", "2026-03-01"});
  CHECK_THAT(outcome.err,
             Contains("policy.info:5: warning: hosts-at-a-time 9 would take all hosts of cluster CL away"));
}

TEST_CASE("what would have been cheaper is said with what it leaves") {
  const Scratch scratch;
  plan(scratch / "plan", {kHosts}, {"--documents", "none", "--date", "2026-03-01"});
  const auto document = nlohmann::json::parse(content(scratch / "plan/plan.json"));
  std::size_t rivals = 0;
  std::size_t drops = 0;
  for (const auto& segment : document.at("estate").at("segments"))
    for (const std::string line : segment.at("rejected")) {
      INFO(line);
      int rival = 0;
      int chosen = 0;
      const auto at = line.find(" instead: costs at least ");
      if (at != std::string::npos && line.find(", but ") == std::string::npos) {
        REQUIRE(std::sscanf(line.c_str() + at, " instead: costs at least %d", &rival) == 1);
        REQUIRE(std::sscanf(line.c_str() + line.rfind(' '), "%d", &chosen) == 1);
        CHECK(rival >= chosen);
        ++rivals;
      }
      if (line.starts_with("dropping ")) {
        CHECK_THAT(line, Contains("costs 6, but leaves "));
        ++drops;
      }
    }
  CHECK(rivals > 0);
  CHECK(drops > 0);
}
