// remediate.yml: the steps as an Ansible playbook, run where Ansible is.
//
// A module of community.vmware is used where it does what the step does and nothing else; everything else goes over SSH
// in the words of remediate.sh. As its sources show (versions 1.18 to 6.2):
//
//   vmware_portgroup       takes a port group's own policies away when it changes its VLAN: for adding and removing
//   only vmware_vmkernel        makes a new interface where it does not find the device, with a number that the host
//   chooses;
//                          asks for services that releases before 7.0 do not know
//   vmware_host_datastore  looks for the volume to unmount in the whole of vCenter: for mounting only
//
// Names are marked !unsafe, or Ansible would take braces in them for expressions.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/commands.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "esx2esxi/render/template.hpp"
#include "old_commands.hpp"
#include "script_parts.hpp"
#include "shell_commands.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using model::Service;
using model::State;
using plan::Action;
using plan::Step;

/// A value as YAML has it.
std::string text(std::string_view value) { return "!unsafe " + quote(value, Syntax::Yaml); }
std::string flag(bool value) { return value ? "true" : "false"; }

std::string list(const std::vector<std::string>& items) {
  std::vector<std::string> quoted;
  for (const auto& item : items) quoted.push_back(text(item));
  return "[" + join(quoted, ", ") + "]";
}

/// What a module is told beside the host.
struct Task {
  std::string module;
  std::vector<std::pair<std::string, std::string>> values;  ///< in YAML
};

Task add_portgroup(const Step& step, const State& after) {
  Task task{"vmware_portgroup",
            {{"switch", text(step.argument("vswitch"))}, {"portgroup", text(step.argument("portgroup"))}}};
  // All at once: a second run must not take VLAN and uplinks away again.
  const auto* group = after.portgroup(step.argument("portgroup")).second;
  task.values.emplace_back("vlan_id", group && group->vlan ? std::to_string(group->vlan->value()) : "0");
  if (group && group->override)
    task.values.emplace_back("teaming", fmt::format("{{active_adapters: {}, standby_adapters: {}}}",
                                                    list(group->override->active), list(group->override->standby)));
  return task;
}

Task remove_portgroup(const Step& step) {
  return {"vmware_portgroup",
          {{"switch", text(step.argument("vswitch"))},
           {"portgroup", text(step.argument("portgroup"))},
           {"state", text("absent")}}};
}

Task mount(const Step& step) {
  return {"vmware_host_datastore",
          {{"datastore_name", text(step.argument("volume"))},
           {"datastore_type", text("nfs")},
           {"nfs_server", text(step.argument("host"))},
           {"nfs_path", text(step.argument("share"))},
           {"nfs_ro", flag(step.argument("read_only") == "true")},
           {"auto_expand", flag(false)}}};
}

/// The module's name of a stack; empty: it has none.
std::string_view stack_word(std::string_view stack) {
  if (stack == model::kDefaultStack) return "default";
  if (stack == model::kVmotionStack) return "vmotion";
  return stack == model::kProvisioningStack ? "provisioning" : "";
}

std::string network_of(const Interface& i) {
  std::string out = fmt::format("{{type: {}", text(i.dhcp ? "dhcp" : "static"));
  if (!i.dhcp) {
    out += ", ip_address: " + text(to_string(*i.address));
    out += ", subnet_mask: " + text(to_string(*i.netmask));
    if (i.gateway_override) out += ", default_gateway: " + text(to_string(*i.gateway_override));
  }
  return out + ", tcpip_stack: " + text(stack_word(i.stack)) + "}";
}

/// The module knows it from community.vmware 4.2.0 on, and leaves out what it is not told of.
constexpr auto kYoung = Service::VSphereBackupNfc;

bool needs_young_module(const Fields& step) {
  const auto& values = std::get<Rows>(step.at("values").get());
  return std::any_of(values.begin(), values.end(), [](const auto& value) {
    return std::get<Ready>(value.at("key").get()).text == "enable_backup_nfc";
  });
}

/// The module sets all of an interface at once: it is told all of it.
std::optional<Task> vmkernel(const Interface& i, model::Target target) {
  const bool addressed = i.dhcp || (i.address && !i.address->is_unspecified() && i.netmask);
  if (target < model::Target{7, 0} || !addressed || !i.mtu || i.portgroup.empty() || stack_word(i.stack).empty())
    return std::nullopt;
  Task task{"vmware_vmkernel",
            {{"device", text(i.name)},
             {"vswitch_name", text(i.vswitch)},
             {"portgroup_name", text(i.portgroup)},
             {"mtu", std::to_string(*i.mtu)},
             {"network", network_of(i)}}};
  if (i.stack != model::kDefaultStack) return task;
  constexpr std::pair<std::string_view, Service> kFlags[] = {
      {"enable_mgmt", Service::Management},
      {"enable_vmotion", Service::VMotion},
      {"enable_ft", Service::FaultToleranceLogging},
      {"enable_provisioning", Service::VSphereProvisioning},
      {"enable_replication", Service::VSphereReplication},
      {"enable_replication_nfc", Service::VSphereReplicationNfc},
      {"enable_backup_nfc", Service::VSphereBackupNfc},
      {"enable_vsan", Service::Vsan},
  };
  for (const auto& [name, service] : kFlags)
    if (service != kYoung || i.services.has(service)) task.values.emplace_back(name, flag(i.services.has(service)));
  return task;
}

std::optional<Task> module_task(const Step& step, const State& now, const State& after, model::Target target) {
  if (step.action == Action::AddPortgroup) return add_portgroup(step, after);
  if (step.action == Action::RemovePortgroup) return remove_portgroup(step);
  if (step.action == Action::Mount) return mount(step);
  const bool on_interface = step.action == Action::SetAddress || step.action == Action::SetMtu ||
                            step.action == Action::AddTag || step.action == Action::RemoveTag;
  const auto* interface = on_interface ? now.interface(step.interface) : nullptr;
  return interface ? vmkernel(*interface, target) : std::nullopt;
}

constexpr std::string_view kAdapter = "{{ adapter.stdout | quote }}";

bool binds(const Step& step) { return step.action == Action::Bind || step.action == Action::Unbind; }

/// The plan ends with the gateway that has been there all the time, in case that a host forgot it; adding it twice is
/// refused.
bool may_be_there(const Step& step, const State& before, model::Target target) {
  const auto* stack = before.stack(step.argument("stack"));
  return step.action == Action::SetGateway && plan::versions().has("routes", target) && stack && stack->gateway &&
         to_string(*stack->gateway) == step.argument("gateway");
}

std::string unless_there(const Step& step, model::Target target) {
  const auto stack = std::string(step.argument("stack"));
  std::vector<std::pair<std::string, std::string>> options;
  if (stack != model::kDefaultStack) options.emplace_back("netstack", stack);
  return fmt::format("{} | grep -q '^default .* {} ' || {}", esxcli_line("network ip route ipv4 list", options),
                     step.argument("gateway"), typed_command(step, target));
}

/// The command line for the host's shell, as YAML. That of a binding is a template: the adapter's number belongs to the
/// installation; all else in it is of the plan's own making. In maintenance mode nothing uses what is unbound.
std::string command_of(const Step& step, const State& before, model::Target target) {
  if (may_be_there(step, before, target)) return text(unless_there(step, target));
  if (!binds(step)) return text(typed_command(step, target));
  if (!plan::versions().has("esxcli-network", target))
    return quote(join(old_binding(step, std::string(kAdapter)), " "), Syntax::Yaml);
  const bool forced = step.action == Action::Unbind || step.argument("forced") == "true";
  return quote(
      fmt::format("esxcli iscsi networkportal {} --adapter={} --nic={}{}",
                  step.action == Action::Bind ? "add" : "remove", kAdapter, step.interface, forced ? " --force" : ""),
      Syntax::Yaml);
}

Fields fields_of(const Step& step, const State& before, const State& now, const State& after, model::Target target) {
  const auto task = module_task(step, now, after, target);
  Rows values;
  if (task)
    for (const auto& [name, value] : task->values) values.push_back({{"key", Ready{name}}, {"value", Ready{value}}});
  return {{"title", fmt::format("{}. {}", step.n, title_of(step))},
          {"by_module", task.has_value()},
          {"module", Ready{task ? task->module : std::string()}},
          {"values", std::move(values)},
          {"command", Ready{task ? std::string() : command_of(step, before, target)}}};
}

bool is_utf8(const plan::HostPlan& host) {
  return std::all_of(host.steps.begin(), host.steps.end(), [](const Step& step) {
    return std::all_of(step.arguments.begin(), step.arguments.end(),
                       [](const auto& argument) { return valid_utf8(argument.second) == argument.second; });
  });
}

/// The interfaces that vmware_vmkernel is told of: it must not make them.
std::vector<std::string> devices(const Rows& steps, const std::vector<Step>& of) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < of.size(); ++i)
    if (std::get<Ready>(steps[i].at("module").get()).text == "vmware_vmkernel" &&
        std::find(out.begin(), out.end(), of[i].interface) == out.end())
      out.push_back(of[i].interface);
  return out;
}

}  // namespace

std::string ansible_playbook(const plan::Plan& plan, const plan::HostPlan& host) {
  if (!is_utf8(host)) return {};
  Rows steps;
  auto now = plan::with_all_stacks(host.mapped);
  for (const auto& step : host.steps) {
    const auto before = now;
    plan::apply(now, step);
    steps.push_back(fields_of(step, before, now, host.after, plan.target));
  }
  const auto identity = identity_fields(plan, host);
  const auto name = std::get<std::string>(identity.at("name").get());
  const auto has = [&](auto what) { return std::any_of(host.steps.begin(), host.steps.end(), what); };
  const auto known = devices(steps, host.steps);
  std::vector<std::string> made;
  for (const auto& step : host.steps)
    if (step.action == Action::AddInterface) made.push_back(step.interface);
  auto cuts = cutting_steps(host.steps);
  const bool young = std::any_of(steps.begin(), steps.end(), needs_young_module);
  const bool old = !plan::versions().has("esxcli-network", plan.target);
  return expand("templates/remediate.yml.mustache",
                {{"host", plain_name(host.name)},
                 {"host_word", Ready{plain_name(host.name)}},
                 {"vcenter_name", valid_utf8(host.name)},
                 {"open", Ready{"{{"}},
                 {"close", Ready{"}}"}},
                 {"named", !name.empty()},
                 {"name", valid_utf8(name)},
                 {"version", to_string(plan.target) + "."},
                 {"storage", has(interrupts_storage)},
                 {"cuts_any", !cuts.empty()},
                 {"cuts", std::move(cuts)},
                 {"young", young},
                 {"adapter", has(binds)},
                 {"adapters", Ready{old ? "esxcfg-scsidevs -a" : "esxcli iscsi adapter list"}},
                 {"devices_any", !known.empty()},
                 {"devices", Ready{list(known)}},
                 {"made", Ready{list(made)}},
                 {"steps", std::move(steps)}},
                Syntax::Yaml);
}

}  // namespace esx2esxi::render
