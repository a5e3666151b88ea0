// The plan of the sample estate, as the program writes it.
#pragma once

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "machine.hpp"

namespace test {

namespace fs = std::filesystem;

struct Folder {
  fs::path path = new_folder();
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
};

inline void plan_estate(const fs::path& out, const std::string& target, const std::string& path) {
  const std::string harbor = TEST_ESTATES "/harbor";
  const auto command = std::string("'" TEST_BINARY "/esx2esxi' plan '") + harbor + "/hosts' --policy '" + harbor +
                       "/policy/policy.info' --pools '" + harbor + "/policy/pools.csv' --target " + target +
                       " --path " + path + " --date 2026-03-01 --force --quiet --out '" + out.string() +
                       "' >/dev/null 2>&1";
  const auto code = WEXITSTATUS(std::system(command.c_str()));
  REQUIRE((code == 0 || code == 4));
}

struct Scripted {
  std::string host;
  std::string no_way_back;  ///< path of an interface whose mask no ESXi takes: it comes back without an address
};

inline std::vector<Scripted> hosts_with_scripts(const fs::path& plan) {
  std::vector<Scripted> found;
  std::ifstream file(plan / "plan.json");
  const auto document = nlohmann::json::parse(file);
  for (const auto& host : document.at("hosts")) {
    const auto name = host.at("name").get<std::string>();
    const bool blocked = host.at("status") == "blocked";
    CHECK(fs::exists(plan / "hosts" / name / "remediate.sh") != blocked);
    if (blocked) continue;
    found.push_back({name, {}});
    const auto& interfaces = host.at("mapped").at("interfaces");
    for (std::size_t i = 0; i < interfaces.size(); ++i)
      if (interfaces[i].at("prefix").is_null() && !interfaces[i].at("netmask").is_null())
        found.back().no_way_back = "/interfaces/" + std::to_string(i) + "/";
  }
  return found;
}

}  // namespace test
