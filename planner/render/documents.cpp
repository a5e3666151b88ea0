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

Documents plan_documents(const plan::Plan& plan) {
  Documents out;
  out.push_back({"plan.json", [&plan](const Put& put) { plan::write_json(plan, put); }});
  out.push_back({"plan.schema.json", [](const Put& put) { put(data_file("templates/plan.schema.json")); }});
  out.push_back({"change-request.md", [&plan](const Put& put) { put(change_request_md(plan)); }});
  out.push_back({"address-plan.csv", [&plan](const Put& put) { put(address_plan_csv(plan)); }});
  const auto names = folder_names(plan.hosts);
  for (std::size_t i = 0; i < plan.hosts.size(); ++i) {
    const auto& host = plan.hosts[i];
    if (!has_scripts(plan, host)) continue;
    const auto folder = "hosts/" + names[i];
    out.push_back({folder + "/remediate.sh", [&](const Put& put) { put(remediate_script(plan, host)); }});
    out.push_back({folder + "/rollback.sh", [&](const Put& put) { put(rollback_script(plan, host)); }});
  }
  return out;
}

}  // namespace esx2esxi::render
