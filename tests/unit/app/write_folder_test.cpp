#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "esx2esxi/app/files.hpp"
#include "esx2esxi/core/sha256.hpp"

using namespace esx2esxi;
using namespace esx2esxi::app;
namespace fs = std::filesystem;

namespace {

class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "esx2esxi-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Scratch() { fs::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(std::string_view name) const { return (path_ / name).string(); }
  /// Everything in the folder, sorted: what must not be left behind is seen here.
  std::vector<std::string> listing() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(path_))
      names.push_back(entry.path().lexically_relative(path_).string());
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  fs::path path_;
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void put(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

using Files = std::map<std::string, std::string>;

Documents documents(const Files& files) {
  Documents out;
  for (const auto& [name, text] : files) out.push_back({name, [text = text](const Put& put) { put(text); }});
  return out;
}

Documents plan_of(const std::string& text) {
  return documents({{"plan.json", text}, {"hosts/esx01/remediate.sh", "#!/bin/sh\n"}});
}

const std::vector<std::string> kPlan = {
    "plan",          "plan/MANIFEST.sha256", "plan/hosts", "plan/hosts/esx01", "plan/hosts/esx01/remediate.sh",
    "plan/plan.json"};

}  // namespace

TEST_CASE("a new folder holds what was asked for and nothing stands beside it") {
  const Scratch scratch;
  REQUIRE(write_folder(scratch / "plan", plan_of("one"), Existing::Refuse));
  CHECK(scratch.listing() == kPlan);
  CHECK(content(scratch / "plan/plan.json") == "one");
}

TEST_CASE("sha256sum accepts the manifest, and refuses a file that was touched") {
  const Scratch scratch;
  // Larger than a buffer, and in pieces.
  const Document big{"big.txt", [](const Put& put) {
                       for (int i = 0; i < 50'000; ++i) put("0123456789\n");
                     }};
  auto files = plan_of("one");
  files.push_back(big);
  REQUIRE(write_folder(scratch / "plan", files, Existing::Refuse));
  CHECK(fs::file_size(scratch / "plan/big.txt") == 550'000);
  const auto check = "cd '" + (scratch / "plan") + "' && sha256sum --strict --quiet -c MANIFEST.sha256 >/dev/null 2>&1";
  CHECK(std::system(check.c_str()) == 0);
  const auto manifest = content(scratch / "plan/MANIFEST.sha256");
  CHECK(std::count(manifest.begin(), manifest.end(), '\n') == 3);
  CHECK(manifest.substr(66, 8) == "big.txt\n");
  put(scratch / "plan/plan.json", "One");
  CHECK(std::system(check.c_str()) != 0);
}

TEST_CASE("one thread or eight write the same bytes") {
  const Scratch scratch;
  Files files;
  for (int i = 0; i < 200; ++i) files["hosts/h" + std::to_string(i) + "/a.txt"] = std::string(1000, char('a' + i % 26));
  REQUIRE(write_folder(scratch / "one", documents(files), Existing::Refuse, 1));
  REQUIRE(write_folder(scratch / "eight", documents(files), Existing::Refuse, 8));
  CHECK(content(scratch / "one/MANIFEST.sha256") == content(scratch / "eight/MANIFEST.sha256"));
}

TEST_CASE("scripts can be executed and documents cannot, as far as the umask allows") {
  const Scratch scratch;
  const auto before = umask(027);
  const auto written = write_folder(scratch / "plan", plan_of("one"), Existing::Refuse);
  umask(before);
  REQUIRE(written);
  const auto mode = [&](std::string_view name) {
    return static_cast<unsigned>(fs::status(scratch / name).permissions());
  };
  CHECK(mode("plan/hosts/esx01/remediate.sh") == 0750);
  CHECK(mode("plan/plan.json") == 0640);
  CHECK(mode("plan") == 0750);
}

TEST_CASE("an existing folder is refused and stays as it is") {
  const Scratch scratch;
  fs::create_directory(scratch / "plan");
  put(scratch / "plan/mine.txt", "mine");
  const auto written = write_folder(scratch / "plan", plan_of("two"), Existing::Refuse);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "out-exists");
  CHECK(scratch.listing() == std::vector<std::string>{"plan", "plan/mine.txt"});
  CHECK(out_obstacle(scratch / "plan", Existing::Refuse).has_value());
  CHECK(out_obstacle(scratch / "plan/", Existing::Refuse).has_value());
  CHECK_FALSE(out_obstacle(scratch / "other", Existing::Refuse).has_value());
}

TEST_CASE("a plan folder is replaced as a whole") {
  const Scratch scratch;
  auto first = plan_of("one");
  REQUIRE(write_folder(scratch / "plan", first, Existing::Refuse));
  const auto written = write_folder(scratch / "plan", documents({{"plan.json", "two"}}), Existing::Replace);
  REQUIRE(written);
  CHECK(written->kept.empty());
  CHECK(scratch.listing() == std::vector<std::string>{"plan", "plan/MANIFEST.sha256", "plan/plan.json"});
  CHECK(content(scratch / "plan/plan.json") == "two");
}

TEST_CASE("a folder with somebody's files is kept under another name when it is replaced") {
  const Scratch scratch;
  REQUIRE(write_folder(scratch / "plan", plan_of("one"), Existing::Refuse));
  put(scratch / "plan/approval.txt", "signed");
  const auto written = write_folder(scratch / "plan", plan_of("two"), Existing::Replace);
  REQUIRE(written);
  CHECK(written->kept == scratch / "plan.old");
  CHECK(content(scratch / "plan.old/approval.txt") == "signed");
  CHECK(content(scratch / "plan.old/plan.json") == "one");
  CHECK(content(scratch / "plan/plan.json") == "two");

  put(scratch / "plan/approval.txt", "signed again");
  const auto again = write_folder(scratch / "plan", plan_of("three"), Existing::Replace);
  REQUIRE(again);
  CHECK(again->kept == scratch / "plan.old-1");
  CHECK(content(scratch / "plan.old/approval.txt") == "signed");
}

TEST_CASE("a file in the place of the folder is refused, even by force") {
  const Scratch scratch;
  put(scratch / "plan", "a file");
  for (const auto existing : {Existing::Refuse, Existing::Replace}) {
    const auto written = write_folder(scratch / "plan", plan_of("one"), existing);
    REQUIRE_FALSE(written);
    CHECK(written.error().code == "out-exists");
  }
  CHECK(content(scratch / "plan") == "a file");
  CHECK(scratch.listing().size() == 1);
}

TEST_CASE("the folder that the program runs in is never replaced") {
  const auto here = fs::current_path();
  CHECK(out_obstacle(here.string(), Existing::Replace).has_value());
  CHECK(out_obstacle(".", Existing::Replace).has_value());
  CHECK(out_obstacle(here.parent_path().string(), Existing::Replace).has_value());
  CHECK(out_obstacle("/", Existing::Replace).has_value());
}

TEST_CASE("missing parents are made, and taken back if the folder cannot be written") {
  const Scratch scratch;
  REQUIRE(write_folder(scratch / "a/b/plan", documents({{"plan.json", "one"}}), Existing::Refuse));
  CHECK(content(scratch / "a/b/plan/plan.json") == "one");
  // A name longer than any file system takes.
  const auto written = write_folder(scratch / "c/d/plan", documents({{std::string(300, 'x'), ""}}), Existing::Refuse);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "out-write");
  CHECK(scratch.listing() ==
        std::vector<std::string>{"a", "a/b", "a/b/plan", "a/b/plan/MANIFEST.sha256", "a/b/plan/plan.json"});
}

TEST_CASE("a failure leaves the earlier folder whole and nothing half-written") {
  const Scratch scratch;
  REQUIRE(write_folder(scratch / "plan", plan_of("one"), Existing::Refuse));
  auto files = plan_of("two");
  files.push_back({"zz/" + std::string(300, 'x'), [](const Put& put) { put("cannot be"); }});
  const auto written = write_folder(scratch / "plan", files, Existing::Replace);
  REQUIRE_FALSE(written);
  CHECK_THAT(to_string(written.error()),
             Catch::Contains("cannot be written") && Catch::Contains("nothing was written"));
  CHECK(scratch.listing() == kPlan);
  CHECK(content(scratch / "plan/plan.json") == "one");
}

TEST_CASE("a parent that is a file is an error") {
  const Scratch scratch;
  put(scratch / "file", "");
  const auto written = write_folder(scratch / "file/plan", plan_of("one"), Existing::Refuse);
  REQUIRE_FALSE(written);
  CHECK(written.error().code == "out-write");
}

TEST_CASE("a link to a folder is followed, so that the link stays a link") {
  const Scratch scratch;
  REQUIRE(write_folder(scratch / "real", plan_of("one"), Existing::Refuse));
  fs::create_directory_symlink("real", scratch / "link");
  REQUIRE(write_folder(scratch / "link", plan_of("two"), Existing::Replace));
  CHECK(fs::is_symlink(scratch / "link"));
  CHECK(content(scratch / "real/plan.json") == "two");
}

TEST_CASE("a document whose path leaves the folder is a fault of the program") {
  const Scratch scratch;
  for (const auto* bad : {"../x", "/x", "a/../../x", "a/./b", "", "a//../b"}) {
    INFO(bad);
    CHECK_THROWS_AS(write_folder(scratch / "plan", documents({{bad, "x"}}), Existing::Refuse), std::logic_error);
    CHECK(scratch.listing().empty());
  }
}

TEST_CASE("a file is read whole and its digest is that of its bytes") {
  const Scratch scratch;
  const std::string bytes(200'000, '\xff');
  put(scratch / "file", bytes);
  CHECK(*read_file(scratch / "file") == bytes);
  CHECK(*sha256_of_file(scratch / "file") == sha256_hex(bytes));
  put(scratch / "abc", "abc");  // FIPS 180-2, appendix B.1
  CHECK(*sha256_of_file(scratch / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("what is no readable file is refused with its name and the reason") {
  const Scratch scratch;
  CHECK_THAT(to_string(read_file(scratch / "none").error()),
             Catch::Contains("none: error: cannot be read: No such file"));
  CHECK_THAT(to_string(read_file(scratch / "").error()), Catch::Contains("directory"));
  REQUIRE(mkfifo((scratch / "pipe").c_str(), 0600) == 0);
  CHECK_THAT(to_string(read_file(scratch / "pipe").error()), Catch::Contains("no regular file"));
}
