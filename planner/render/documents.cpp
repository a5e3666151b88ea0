#include "esx2esxi/render/documents.hpp"

#include <set>

#include "diagram.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/versions.hpp"
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

void add_dossier(Documents& out, const plan::Plan& plan, const DossierOptions& options) {
  const auto add = [&](bool wanted, std::string path, auto write) {
    if (wanted)
      out.push_back({std::move(path), [&plan, options, write](const Put& put) { write(plan, options, put); }});
  };
  const auto& wanted = options.documents;
  add(wanted.html, "change-request.html",
      [](const auto& p, const auto& o, const Put& put) { write_dossier(p, o, Syntax::Html, put); });
  add(wanted.md, "change-request.md",
      [](const auto& p, const auto& o, const Put& put) { write_dossier(p, o, Syntax::Markdown, put); });
  add(wanted.xlsx, "change-request.xlsx", write_workbook);
  add(wanted.csv, "servicenow-change.csv",
      [](const auto& p, const auto& o, const Put& put) { put(servicenow_change_csv(p, o)); });
  add(wanted.csv, "servicenow-affected-ci.csv", write_affected_cis);
}

void add_addresses(Documents& out, const plan::Plan& plan, const DossierOptions& options) {
  out.push_back({"address-plan.csv", [&plan](const Put& put) { put(address_plan_csv(plan)); }});
  if (options.documents.csv)
    out.push_back({"address-changes.csv", [&plan](const Put& put) { put(address_changes_csv(plan)); }});
  if (options.ipam.netbox)
    out.push_back({"address-plan-netbox.csv", [&plan](const Put& put) { put(netbox_csv(plan)); }});
  if (options.ipam.phpipam)
    out.push_back({"address-plan-phpipam.csv",
                   [&plan, section = options.ipam.section](const Put& put) { put(phpipam_csv(plan, section)); }});
}

void add_pictures(Documents& out, const plan::Plan& plan, const std::vector<std::string>& folders) {
  for (std::size_t i = 0; i < plan.hosts.size(); ++i) {
    const auto& host = plan.hosts[i];
    out.push_back({"diagrams/" + folders[i] + ".svg", [&host](const Put& put) {
                     put(svg_file(kHostWidth, host.name + " before and after",
                                  {{"On ESX", host_diagram(host, When::Before)},
                                   {"As planned on ESXi", host_diagram(host, When::After)}}));
                   }});
  }
  std::size_t n = 0;
  for (const auto& [name, hosts] : clusters_of(plan))
    out.push_back({cluster_picture(++n), [name = name, hosts = hosts](const Put& put) {
                     put(svg_file(kClusterWidth, "Cluster " + name + " before and after",
                                  {{"Cluster " + name, cluster_diagram(hosts)}}));
                   }});
}

void add_scripts(Documents& out, const plan::Plan& plan, const std::vector<std::string>& folders,
                 const Selection& wanted) {
  for (std::size_t i = 0; i < plan.hosts.size(); ++i) {
    const auto& host = plan.hosts[i];
    const auto folder = "hosts/" + folders[i];
    if (!host.pre_migration.empty())
      out.push_back({folder + "/pre-migrate.sh", [&](const Put& put) { put(pre_migrate_script(plan, host)); }});
    if (!has_scripts(plan, host)) continue;
    out.push_back({folder + "/remediate.sh", [&](const Put& put) { put(remediate_script(plan, host)); }});
    out.push_back({folder + "/rollback.sh", [&](const Put& put) { put(rollback_script(plan, host)); }});
    if (!host.transition.empty()) {
      out.push_back({folder + "/transition.sh", [&](const Put& put) { put(transition_script(plan, host)); }});
      out.push_back({folder + "/transition-end.sh", [&](const Put& put) { put(transition_end_script(plan, host)); }});
    }
    out.push_back({folder + "/verify.sh", [&](const Put& put) { put(verify_script(plan, host)); }});
    if (has_kickstart(plan, host))
      out.push_back({folder + "/ks.cfg", [&](const Put& put) { put(kickstart_script(plan, host)); }});
    if (wanted.powercli && !powercli_script(plan, host).empty())
      out.push_back({folder + "/remediate.ps1", [&](const Put& put) { put(powercli_script(plan, host)); }});
    if (wanted.ansible && !ansible_playbook(plan, host).empty())
      out.push_back({folder + "/remediate.yml", [&](const Put& put) { put(ansible_playbook(plan, host)); }});
  }
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
  return host.status != plan::Status::Blocked && plan::versions().release(plan.target) != nullptr;
}

Documents plan_documents(const plan::Plan& plan, const DossierOptions& options) {
  Documents out;
  out.push_back({"plan.json", [&plan](const Put& put) { plan::write_json(plan, put); }});
  out.push_back({"plan.schema.json", [](const Put& put) { put(data_file("templates/plan.schema.json")); }});
  add_addresses(out, plan, options);
  const auto folders = folder_names(plan.hosts);
  add_dossier(out, plan, options);
  if (options.documents.svg) add_pictures(out, plan, folders);
  add_scripts(out, plan, folders, options.documents);
  return out;
}

}  // namespace esx2esxi::render
