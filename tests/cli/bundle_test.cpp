// Support bundles from the command line: what they say, and what hostile ones cost.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "../archives.hpp"
#include "program.hpp"

using namespace cli;
using archives::Entry;
using Catch::Contains;
using Json = nlohmann::json;

namespace {

const std::string kPier01 = "esx-pier01.harbor.example-2026-02-11--19.28.tgz";
const std::string kTop = "vm-support-esx01-2026-02-12--21.14.12074/";

/// light01 as an archive, and members behind it.
std::string light01(const std::vector<Entry>& more = {}) {
  std::vector<Entry> all;
  for (const auto& [path, bytes] : contents(kHosts + "/light01")) all.push_back({kTop + path, bytes});
  all.insert(all.end(), more.begin(), more.end());
  return archives::open_tar(all);
}

/// Exit code, one line of standard error that says `what`, and the price: 2 s and 256 MiB.
void bearable(const std::string& bytes, int code, const std::string& what) {
  const Scratch scratch;
  scratch.put("bundle.tgz", bytes);
  const auto outcome = run({"check", scratch / "bundle.tgz", "--jobs", "1"});
  INFO(outcome.err << outcome.seconds << " s, " << outcome.peak_mib << " MiB");
  CHECK(outcome.code == code);
  CHECK(count_lines(outcome.err) == 1);
  CHECK_THAT(outcome.err, Contains("bundle.tgz") && Contains(what));
  CHECK(outcome.seconds < 2);
  CHECK(outcome.peak_mib < 256);
}

/// The gzip of `mib` MiB of one letter, quickly made.
std::string gzip_of_letters(std::size_t mib) {
  return archives::repeated(archives::gzip(std::string(16U << 20, 'a')), mib / 16);
}

}  // namespace

TEST_CASE("every verb reads a folder of bundles") {
  const auto bundles = kHarbor + "/bundles";
  const auto checked = run({"check", bundles, "--policy", kPolicy, "--pools", kPools});
  CHECK(checked.code == 1);
  CHECK_THAT(checked.err, !Contains("error:"));
  CHECK_THAT(checked.out, Contains("pier01") && Contains("crane02") && Contains("tug35"));
  const auto traced = run({"trace", bundles, "--host", "pier01", "--to", "10.71.40.20"});
  CHECK(traced.out == run({"trace", kHosts, "--host", "pier01", "--to", "10.71.40.20"}).out);
  CHECK_THAT(run({"inspect", bundles, "--origins"}).out,
             Contains(kPier01 + "!etc/sysconfig/network-scripts/ifcfg-vswif0:"));
}

TEST_CASE("a plan made from a bundle writes the same scripts as one from the tree, and names the bundle as its input") {
  const Scratch scratch;
  const auto bundle = kHarbor + "/bundles/" + kPier01;
  const auto plan = [&](const std::string& input, const std::string& out) {
    return run({"plan", input, "--policy", kPolicy, "--pools", kPools, "--date", "2026-11-22", "--out", scratch / out})
        .code;
  };
  REQUIRE(plan(bundle, "of-bundle") == plan(kHosts + "/pier01", "of-tree"));
  auto from_bundle = contents(scratch / "of-bundle");
  auto from_tree = contents(scratch / "of-tree");
  const auto json = Json::parse(from_bundle.at("plan.json"));
  std::map<std::string, std::string> kinds;
  for (const auto& input : json.at("inputs")) kinds[input.at("path")] = input.at("kind");
  CHECK(kinds ==
        std::map<std::string, std::string>{{bundle, "support bundle"}, {kPolicy, "policy"}, {kPools, "pools"}});
  REQUIRE(from_bundle.size() == from_tree.size());
  for (const auto& [path, bytes] : from_tree)
    if (path.ends_with(".sh") || path.ends_with(".csv")) {
      INFO(path);
      CHECK(from_bundle.at(path) == bytes);
    }
}

TEST_CASE("a bundle below a folder with a `!` in its name is found again for its digest") {
  const Scratch scratch;
  scratch.put("urgent!/bundle.tgz", content(kHarbor + "/bundles/" + kPier01));
  const auto outcome = run({"plan", scratch / "urgent!/bundle.tgz", "--out", scratch / "plan", "--format", "json"});
  INFO(outcome.err);
  REQUIRE((outcome.code == 0 || outcome.code == 4));
  CHECK(Json::parse(outcome.out).at("inputs")[0].at("path") == scratch / "urgent!/bundle.tgz");
}

TEST_CASE("a bundle that is cut off is judged as far as it goes, with an error") {
  const Scratch scratch;
  const auto whole = content(kHarbor + "/bundles/" + kPier01);
  // Inside etc/: commands/ was read, esx.conf was not.
  scratch.put("cut.tgz", whole.substr(0, 8000));
  const auto outcome = run({"check", scratch / "cut.tgz"});
  INFO(outcome.err);
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, Contains("cut.tgz: error: the archive is cut off"));
  CHECK_THAT(outcome.out, Contains("pier01") && Contains("evidence-missing"));
  scratch.put("cut.tgz", whole.substr(0, 100));
  CHECK(run({"check", scratch / "cut.tgz"}).code == 3);
  CHECK(run({"check", scratch.path()}).code == 3);
}

TEST_CASE("an unrelated archive among hosts is not taken amiss, one that is named is") {
  const Scratch scratch;
  scratch.put("estate/bundle.tgz", content(kHarbor + "/bundles/" + kPier01));
  scratch.put("estate/holiday.tar", archives::tar({{"photos/beach.jpg", "blue"}}));
  const auto among = run({"inspect", scratch / "estate"});
  CHECK(among.code == 0);
  CHECK_THAT(among.out, Contains("pier01"));
  const auto named = run({"inspect", scratch / "estate/holiday.tar"});
  CHECK(named.code == 3);
  CHECK_THAT(named.err, Contains("holiday.tar: error: no file of a host is in this archive"));
}

TEST_CASE("a zip bomb is left within a moment", "[heavy]") {
  const auto bomb = archives::gzip(archives::tar_header("etc/vmware/esx.conf", 7ULL << 30)) + gzip_of_letters(7168);
  const Scratch scratch;
  scratch.put("bundle.tgz", bomb);
  const auto outcome = run({"check", scratch / "bundle.tgz"});
  INFO(outcome.err << outcome.seconds << " s, " << outcome.peak_mib << " MiB");
  CHECK(outcome.code == 3);
  CHECK_THAT(outcome.err, Contains("as only a zip bomb does") && Contains("more than 16 MiB"));
  CHECK(outcome.seconds < 2);
  CHECK(outcome.peak_mib < 256);
  bearable(archives::gzip(light01() + archives::tar_header(kTop + "etc/noise", 7ULL << 30)) + gzip_of_letters(7168), 1,
           "as only a zip bomb does");
}

TEST_CASE("a million members are left within a moment", "[heavy]") {
  std::vector<Entry> thousand;
  for (int i = 0; i < 1000; ++i) thousand.push_back({kTop + "etc/" + std::to_string(i), {}});
  const auto million = archives::repeated(archives::gzip(archives::open_tar(thousand)), 1000);
  bearable(archives::gzip(light01()) + million, 1, "more than 100000 members");
  bearable(million, 3, "more than 100000 members");
}

TEST_CASE("a line of 2 GiB in a host's file is refused", "[heavy]") {
  const auto line =
      archives::gzip(light01() + archives::tar_header(kTop + "etc/hosts", 2ULL << 30)) + gzip_of_letters(2048);
  const Scratch scratch;
  scratch.put("bundle.tgz", line);
  const auto outcome = run({"check", scratch / "bundle.tgz"});
  INFO(outcome.err << outcome.seconds << " s, " << outcome.peak_mib << " MiB");
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.err, Contains("bundle.tgz!etc/hosts: error: cannot be read: it has more than 16 MiB"));
  CHECK(outcome.seconds < 2);
  CHECK(outcome.peak_mib < 256);
}

TEST_CASE("members that lead out of the archive, and devices, are told and not read") {
  const std::string end(1024, '\0');
  bearable(archives::gzip(light01({{"../../etc/hosts", "10.9.9.9 evil\n"}}) + end), 0, "lead out of the archive");
  bearable(archives::gzip(light01({{kTop + "dev/sda", {}, AE_IFBLK}}) + end), 0, "are devices or pipes");
  bearable(archives::gzip(light01({{kTop + "etc/resolv.conf", {}, AE_IFCHR}}) + end), 1,
           "etc/resolv.conf: error: cannot be read: it is a link or a device");
  bearable(archives::gzip(light01({{kTop + "etc/resolv.conf", {}, AE_IFLNK, "/etc/shadow"}}) + end), 1,
           "etc/resolv.conf: error: cannot be read: it is a link or a device");
}
