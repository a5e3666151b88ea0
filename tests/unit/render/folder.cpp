#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/render/documents.hpp"
#include "sample_plan.hpp"
#include "texts.hpp"

namespace esx2esxi::render {
namespace {

namespace fs = std::filesystem;

/// A folder below the build tree, fresh for each test.
class Folder {
 public:
  explicit Folder(const std::string& name) : path_(fs::path(TEST_BINARY) / "tests" / ("folder-" + name)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  void write(const std::map<std::string, std::string>& files) const {
    for (const auto& [name, text] : files) {
      const auto file = path_ / name;
      fs::create_directories(file.parent_path());
      std::ofstream(file, std::ios::binary) << text;
    }
  }
  int run(const std::string& command) const {
    return std::system(("cd '" + path_.string() + "' && " + command).c_str());
  }

 private:
  fs::path path_;
};

TEST_CASE("a plan folder has its documents and the scripts of hosts that are not blocked") {
  std::set<std::string> names;
  for (const auto& [name, text] : test::texts_of(test::peaceful_plan())) names.insert(name);
  CHECK(names == std::set<std::string>{"plan.json",
                                       "plan.schema.json",
                                       "change-request.html",
                                       "change-request.md",
                                       "change-request.xlsx",
                                       "servicenow-change.csv",
                                       "servicenow-affected-ci.csv",
                                       "address-changes.csv",
                                       "address-plan.csv",
                                       "diagrams/esx01.svg",
                                       "diagrams/esx02.svg",
                                       "diagrams/esx03.svg",
                                       "diagrams/esx04.svg",
                                       "diagrams/cluster/1.svg",
                                       "hosts/esx01/remediate.sh",
                                       "hosts/esx01/rollback.sh",
                                       "hosts/esx01/verify.sh",
                                       "hosts/esx02/remediate.sh",
                                       "hosts/esx02/rollback.sh",
                                       "hosts/esx02/verify.sh",
                                       "hosts/esx03/remediate.sh",
                                       "hosts/esx03/rollback.sh",
                                       "hosts/esx03/verify.sh"});
}

TEST_CASE("a target that rules/versions.info does not know gets documents and no script") {
  auto plan = test::peaceful_plan();
  plan.target = {4, 0};
  for (const auto& [name, text] : test::texts_of(plan)) CHECK_FALSE(name.ends_with(".sh"));
}

TEST_CASE("another library reads the workbook back: the plan's addresses, real numbers, and no formula") {
  const Folder folder("workbook");
  auto plans = std::vector<plan::Plan>{test::peaceful_plan()};
  for (const auto& attack : test::attacks()) plans.push_back(test::hostile_plan(attack));
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < plans.size(); ++i)
    for (auto& [path, text] : test::texts_of(plans[i])) files[std::to_string(i) + "/" + path] = std::move(text);
  folder.write(files);
  CHECK(folder.run(std::string("/usr/bin/python3 '") + TEST_SOURCE + "/workbook.py' *") == 0);
}

TEST_CASE("plan.json keeps to its published schema") {
  const Folder folder("schema");
  const std::string check = std::string("/usr/bin/python3 '") + TEST_SOURCE + "/schema.py' ../plan.schema.json ";
  const auto files = test::texts_of(test::peaceful_plan());
  std::map<std::string, std::string> plans{{"good/peaceful.json", files.at("plan.json")},
                                           {"plan.schema.json", files.at("plan.schema.json")},
                                           {"bad/empty.json", "{\"format\": \"esx2esxi-plan\"}"}};
  for (const auto& attack : test::attacks())
    plans["good/" + std::to_string(plans.size()) + ".json"] = plan::json_text(test::hostile_plan(attack));
  folder.write(plans);
  CHECK(folder.run("cd good && " + check + "*.json") == 0);
  CHECK(folder.run("cd bad && " + check + "*.json > /dev/null 2>&1") != 0);
}

TEST_CASE("host names cannot leave the folder, hide or collide") {
  auto plan = test::peaceful_plan();
  plan.hosts.clear();
  for (const auto* name : {"a/b", "a_b", "A_B", "..", "", ".hidden", "-rf", "a\nb", "\xc3\xbc"})
    plan.hosts.push_back(test::clean_host(name));
  std::set<std::string> folders;
  for (const auto& [name, text] : test::texts_of(plan)) {
    if (!name.ends_with("/remediate.sh")) continue;
    REQUIRE(name.starts_with("hosts/"));
    const auto folder = name.substr(6, name.size() - 6 - 13);
    INFO(folder);
    CHECK(folder.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
          std::string::npos);
    CHECK(folder.front() != '.');
    CHECK(folder.front() != '-');
    folders.insert(folder);
  }
  CHECK(folders.size() == plan.hosts.size());
  CHECK(folders.contains("a_b"));  // the host that has this name keeps it
}

TEST_CASE("the same plan gives the same bytes") {
  CHECK(test::texts_of(test::peaceful_plan()) == test::texts_of(test::peaceful_plan()));
}

TEST_CASE("the text of plan.json is the value that to_json gives, indented by one blank") {
  for (auto plan : {test::peaceful_plan(), plan::Plan{}}) {
    const auto text = plan::json_text(plan);
    CHECK(text == plan::to_json(plan).dump(1) + "\n");
  }
}

}  // namespace
}  // namespace esx2esxi::render
