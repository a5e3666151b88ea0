#include "esx2esxi/render/documents.hpp"

#include <set>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "files.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kLongestName = 100;  // a folder name of 255 bytes is the usual limit; a suffix may follow

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, kLongestName)) out += is_plain(c) ? c : '_';
  if (!out.empty() && (out.front() == '.' || out.front() == '-')) out.front() = '_';
  return out.empty() ? "host" : out;
}

std::string unused(const std::string& wanted, const std::set<std::string>& taken) {
  if (!taken.contains(lower(wanted))) return wanted;
  for (unsigned n = 2;; ++n)
    if (auto name = wanted + "-" + std::to_string(n); !taken.contains(lower(name))) return name;
}

}  // namespace

std::vector<std::string> folder_names(const std::vector<plan::HostPlan>& hosts) {
  std::vector<std::string> names(hosts.size());
  std::set<std::string> taken;
  for (const bool safe : {true, false})  // the safe names first: nobody else's substitute may take one
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      const auto name = plain(hosts[i].name);
      if ((name == hosts[i].name) != safe) continue;
      names[i] = unused(name, taken);
      taken.insert(lower(names[i]));
    }
  return names;
}

bool has_scripts(const plan::Plan& plan, const plan::HostPlan& host) {
  return host.status != plan::Status::Blocked && plan.target >= model::Target{5, 1} &&
         plan.target <= model::Target{8, 0};
}

std::map<std::string, std::string> plan_folder(const plan::Plan& plan) {
  std::map<std::string, std::string> files;
  files["plan.json"] = plan::json_text(plan);
  files["plan.schema.json"] = data_file("templates/plan.schema.json");
  files["change-request.md"] = change_request_md(plan);
  files["address-plan.csv"] = address_plan_csv(plan);
  const auto names = folder_names(plan.hosts);
  for (std::size_t i = 0; i < plan.hosts.size(); ++i) {
    if (!has_scripts(plan, plan.hosts[i])) continue;
    auto scripts = scripts_for(plan, plan.hosts[i]);
    files["hosts/" + names[i] + "/remediate.sh"] = std::move(scripts.remediate);
    files["hosts/" + names[i] + "/rollback.sh"] = std::move(scripts.rollback);
  }
  files["MANIFEST.sha256"] = manifest(files);
  return files;
}

}  // namespace esx2esxi::render
