#include "calls.hpp"

#include <fmt/format.h>

#include "esx2esxi/render/scripts.hpp"
#include "files.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::string_view kDryRun = "it names the steps below, and no fault; nothing is changed";

std::string last_line(std::string_view text) { return fmt::format("exit code 0; the last line: {}", text); }

void add_pair(std::vector<Call>& calls, const std::string& shell, const std::string& file, std::string_view done) {
  calls.push_back({file, shell + " " + file + " --dry-run", std::string(kDryRun)});
  calls.push_back({file, shell + " " + file, last_line(done)});
}

std::vector<Call> classic_calls() {
  std::vector<Call> calls;
  add_pair(calls, "bash", "pre-migrate.sh", "this host is re-addressed");
  calls.push_back({"pre-migrate.sh", "bash pre-migrate.sh --undo",
                   "only to go back: " + last_line("this host is as the plan found it")});
  return calls;
}

}  // namespace

std::vector<Call> verify_calls(const plan::Plan& plan, const plan::HostPlan& host) {
  if (!has_scripts(plan, host)) return {};
  return {{"verify.sh", "sh verify.sh > HOST.txt", last_line("This host is as planned.")},
          {"verify.sh", "esx2esxi verify DIR HOST.txt",
           "where the plan folder DIR is: exit code 0; 1 of 1 captured hosts as planned"}};
}

std::vector<Call> calls_of(const plan::Plan& plan, const plan::HostPlan& host, Work work) {
  if (work == Work::Readdress) return host.pre_migration.empty() ? std::vector<Call>() : classic_calls();
  if (!has_scripts(plan, host)) return {};
  std::vector<Call> calls;
  if (work == Work::CleanUp) {
    if (!host.transition.empty())
      add_pair(calls, "sh", "transition-end.sh",
               "this host is in its planned state, without the second vMotion interface");
    return calls;
  }
  if (host.product != "ESXi" && has_kickstart(plan, host))
    calls.push_back({"ks.cfg", "install with ks=.../ks.cfg, once the hash of the root password is in it",
                     "/var/log/esx2esxi-firstboot.log ends with: All commands succeeded"});
  add_pair(calls, "sh", "remediate.sh", "this host is in its planned state");
  for (auto& call : verify_calls(plan, host)) calls.push_back(std::move(call));
  if (!host.transition.empty()) add_pair(calls, "sh", "transition.sh", "this host has its second vMotion interface");
  return calls;
}

}  // namespace esx2esxi::render
