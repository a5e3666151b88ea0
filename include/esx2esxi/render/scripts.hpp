// remediate.sh and rollback.sh for the host's own shell (BusyBox ash). The steps are typed values that one emitter
// quotes; the templates only place them.
#pragma once

#include <string>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

/// For targets 4.1 to 8.0. The host must not be blocked.
std::string remediate_script(const plan::Plan& plan, const plan::HostPlan& host);
std::string rollback_script(const plan::Plan& plan, const plan::HostPlan& host);
/// remediate.ps1: the same steps for PowerCLI. Empty where the target's esxcli has no word for one of them.
std::string powercli_script(const plan::Plan& plan, const plan::HostPlan& host);
/// remediate.yml: the same steps for Ansible. Empty where a name is no UTF-8, which no YAML can hold.
std::string ansible_playbook(const plan::Plan& plan, const plan::HostPlan& host);
/// ks.cfg, for path fresh: the installation, and the planned state after the first start. Empty where that cannot be
/// written: vmk0 is not the management interface, has neither address nor lease, or is on a distributed switch, or a
/// name has a line break in it.
std::string kickstart_script(const plan::Plan& plan, const plan::HostPlan& host);
/// Whether there is one: path fresh, and none of these.
bool has_kickstart(const plan::Plan& plan, const plan::HostPlan& host);
/// transition.sh and transition-end.sh: from the planned state to one with a second vMotion interface besides, and
/// back (HostPlan::transition, transition_end). For hosts that have any.
std::string transition_script(const plan::Plan& plan, const plan::HostPlan& host);
std::string transition_end_script(const plan::Plan& plan, const plan::HostPlan& host);
/// pre-migrate.sh, for bash on classic ESX: HostPlan::pre_migration and the way back. For hosts that have any.
std::string pre_migrate_script(const plan::Plan& plan, const plan::HostPlan& host);
/// Read-only: a transcript for `verify`, then a verdict a check.
std::string verify_script(const plan::Plan& plan, const plan::HostPlan& host);

}  // namespace esx2esxi::render
