// Bad inputs: the exit code of the contract, a clear line that names the file, and nothing half-written.
#include <filesystem>

#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "program.hpp"

using namespace cli;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

const std::string kEsxConf = "etc/vmware/esx.conf";

/// A sample host's tree under `name`, to be damaged.
void copy_host(const Scratch& scratch, const std::string& host, const std::string& name) {
  fs::create_directories(scratch / name);
  fs::copy(kHosts + "/" + host, scratch / name, fs::copy_options::recursive);
}

/// Every reading verb ends with exit code 3, an error that mentions `what`, and no output.
void unusable(const std::vector<std::string>& inputs, const std::string& what) {
  const Scratch scratch;
  const std::vector<std::vector<std::string>> verbs = {
      {"check"}, {"inspect"}, {"trace", "--to", "10.0.0.1"}, {"plan", "--out", scratch / "plan"}};
  for (auto arguments : verbs) {
    arguments.insert(arguments.begin() + 1, inputs.begin(), inputs.end());
    const auto outcome = run(arguments);
    INFO(arguments[0] << ": " << outcome.err);
    CHECK(outcome.code == 3);
    CHECK(outcome.out.empty());
    CHECK(count_lines(outcome.err) == 1);
    CHECK_THAT(outcome.err, Contains("error: ") && Contains(what));
  }
  CHECK(scratch.listing().empty());
}

}  // namespace

TEST_CASE("an input that does not exist ends the run") {
  unusable({"/nowhere/at/all"}, "/nowhere/at/all: error: no such file or folder");
}

TEST_CASE("a folder without hosts ends the run") {
  const Scratch scratch;
  scratch.put("notes/readme.txt", "nothing of a host\n");
  unusable({scratch.path()}, scratch.path());
}

TEST_CASE("an empty folder ends the run") {
  const Scratch scratch;
  unusable({scratch.path()}, scratch.path());
}

TEST_CASE("a binary file ends the run") {
  const Scratch scratch;
  std::string bytes;
  for (unsigned i = 0; i < 100'000; ++i) bytes += static_cast<char>((i * 2654435761U) >> 13);
  scratch.put("disk.bin", bytes);
  unusable({scratch / "disk.bin"}, "disk.bin");
}

TEST_CASE("an empty file ends the run") {
  const Scratch scratch;
  scratch.put("esx.conf", "");
  unusable({scratch / "esx.conf"}, "esx.conf");
}

TEST_CASE("one bad input among good ones ends the run: half an estate is no estate") {
  unusable({kHosts, "/nowhere/at/all"}, "/nowhere/at/all");
  const Scratch scratch;
  scratch.put("disk.bin", std::string(5000, '\x01'));
  unusable({kHosts + "/light01", scratch / "disk.bin"}, "disk.bin");
}

TEST_CASE("a file that the user may not read ends the run") {
  if (::geteuid() == 0) return;  // root reads everything
  const Scratch scratch;
  scratch.put("esx.conf", content(kHosts + "/light01/" + kEsxConf));
  fs::permissions(scratch / "esx.conf", fs::perms::none);
  unusable({scratch / "esx.conf"}, "esx.conf");
}

TEST_CASE("a host that the inputs do not name ends the run and tells who is there") {
  const auto outcome = run({"check", kHosts, "--host", "pier99"});
  CHECK(outcome.code == 3);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains("no host 'pier99' was found (did you mean 'pier01'?)"));
  CHECK_THAT(run({"trace", kHosts, "--to", "10.0.0.1", "--host", "unheard-of"}).err,
             Contains("error: no host 'unheard-of'"));
}

TEST_CASE("a policy or pools file that cannot be read ends the run") {
  for (const std::string option : {"--policy", "--pools"}) {
    const auto missing = run({"check", kHosts, option, "/nowhere"});
    CHECK(missing.code == 3);
    CHECK_THAT(missing.err, Contains("/nowhere: error: cannot be read: No such file"));
    const auto folder = run({"check", kHosts, option, kHosts});
    CHECK(folder.code == 3);
  }
}

TEST_CASE("a fault in the policy is named with its line, and ends the run") {
  const Scratch scratch;
  scratch.put("policy.info", "format esx2esxi-policy\nversion 1.0\nestate x\nclusterz\n{\n}\n");
  const auto outcome = run({"check", kHosts, "--policy", scratch / "policy.info"});
  CHECK(outcome.code == 3);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains("policy.info:4: error: ") && Contains("clusterz"));
}

TEST_CASE("a truncated esx.conf is told with its file, wherever it was cut") {
  const auto whole = content(kHosts + "/light01/" + kEsxConf);
  for (const std::size_t keep : {whole.size() / 3, whole.size() / 2, whole.size() - 5}) {
    const Scratch scratch;
    copy_host(scratch, "light01", "hosts/light01");
    scratch.put("hosts/light01/" + kEsxConf, whole.substr(0, keep));
    const auto outcome = run({"check", scratch / "hosts"});
    INFO(keep << " bytes of " << whole.size() << ": " << outcome.err << outcome.out);
    CHECK((outcome.code == 0 || outcome.code == 1));
    CHECK_THAT(outcome.out + outcome.err, Contains("esx.conf"));
  }
}

TEST_CASE("a folder in the place of a host's file is told, and the other hosts are judged") {
  const Scratch scratch;
  copy_host(scratch, "light01", "hosts/light01");
  copy_host(scratch, "pier01", "hosts/pier01");
  fs::remove(scratch / ("hosts/light01/" + kEsxConf));
  fs::create_directory(scratch / ("hosts/light01/" + kEsxConf));
  const auto outcome = run({"check", scratch / "hosts"});
  INFO(outcome.err);
  CHECK(outcome.code == 1);
  CHECK_THAT(outcome.out, Contains("pier01") && Contains("same-subnet"));
}

TEST_CASE("an existing folder is not overwritten without --force") {
  const Scratch scratch;
  scratch.put("plan/approval.txt", "signed");
  const auto outcome = run({"plan", kHosts + "/light01", "--out", scratch / "plan"});
  CHECK(outcome.code == 2);
  CHECK(outcome.out.empty());
  CHECK(count_lines(outcome.err) == 1);
  CHECK_THAT(outcome.err, Contains("plan: error: exists already") && Contains("--force"));
  CHECK(scratch.listing() == std::vector<std::string>{"plan", "plan/approval.txt"});
}

TEST_CASE("with --force a plan folder is replaced, and files of others are kept beside it") {
  const Scratch scratch;
  const std::vector<std::string> plan{"plan", kHosts + "/light01", "--out", scratch / "plan"};
  REQUIRE(run(plan).code == 0);
  auto forced = plan;
  forced.push_back("--force");
  REQUIRE(run(forced).code == 0);
  CHECK_FALSE(fs::exists(scratch / "plan.old"));
  scratch.put("plan/approval.txt", "signed");
  const auto outcome = run(forced);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.err, Contains("warning: ") && Contains("plan.old"));
  CHECK(content(scratch / "plan.old/approval.txt") == "signed");
  CHECK_FALSE(fs::exists(scratch / "plan/approval.txt"));
}

TEST_CASE("a disk that takes no more leaves nothing behind, and an earlier plan whole") {
  const Scratch scratch;
  const std::vector<std::string> plan{"plan", kHosts + "/pier01", "--out", scratch / "plan", "--force"};
  Circumstances full;
  full.largest_file = 1000;  // plan.json is larger
  const auto first = run(plan, full);
  INFO(first.err);
  CHECK(first.code == 3);
  CHECK(first.out.empty());
  CHECK(count_lines(first.err) == 1);
  CHECK_THAT(first.err, Contains("cannot be written") && Contains("nothing was written"));
  CHECK(scratch.listing().empty());

  REQUIRE(run({"plan", kHosts + "/light01", "--out", scratch / "plan"}).code == 0);
  const auto before = contents(scratch / "plan");
  CHECK(run(plan, full).code == 3);
  CHECK(contents(scratch.path()).size() == before.size());
  CHECK(contents(scratch / "plan") == before);
}

TEST_CASE("a file system without space leaves nothing behind") {
  const Scratch scratch;
  fs::create_directory(scratch / "small");
  if (::mount("none", (scratch / "small").c_str(), "tmpfs", 0, "size=16k") != 0) return;  // needs root
  const auto outcome = run({"plan", kHosts, "--out", scratch / "small/plan"});
  const auto left = fs::is_empty(scratch / "small");
  ::umount((scratch / "small").c_str());
  INFO(outcome.err);
  CHECK(outcome.code == 3);
  CHECK_THAT(outcome.err, Contains("No space left on device") && Contains("nothing was written"));
  CHECK(left);
}

TEST_CASE("a standard output that takes nothing is told") {
  Circumstances full;
  full.out_to = "/dev/full";
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"check", kHosts + "/light01"}, {"rules"}, {"--help"}}) {
    const auto outcome = run(arguments, full);
    CHECK(outcome.code == 3);
    CHECK_THAT(outcome.err, Contains("cannot write to standard output: No space left on device"));
  }
}
