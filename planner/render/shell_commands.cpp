// Steps to command lines, in the words of the target. Options are long and carry their value with `=`, so that no name
// can be taken for an option. --netstack appears for stacks beside the default one only: no release before 5.5 has it.
#include "shell_commands.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using plan::Action;
using plan::Step;

class Command {
 public:
  explicit Command(std::string_view words) { words_.push_back("esxcli " + std::string(words)); }

  Command& option(std::string_view name, std::string_view value) {
    words_.push_back(shell_option(name, value));
    return *this;
  }
  Command& option_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : option(name, value);
  }
  Command& word(std::string text) {
    words_.push_back(std::move(text));
    return *this;
  }
  std::string line(std::string_view function) const { return std::string(function) + " " + shell_line(words_); }

 private:
  std::vector<std::string> words_;
};

void need(std::string_view feature, model::Target target) {
  if (!plan::versions().has(feature, target))
    throw std::logic_error(
        fmt::format("shell_commands: a step needs {}, which ESXi {} lacks", feature, to_string(target)));
}

/// The stack as an option; nothing for the default one.
std::string_view beside_default(const Step& step, model::Target target) {
  const auto stack = step.argument("stack");
  if (stack.empty() || stack == model::kDefaultStack) return {};
  need("netstacks", target);
  return stack;
}

Command address(const Step& step, model::Target target) {
  Command command("network ip interface ipv4 set");
  command.option("interface-name", step.interface).option("type", step.argument("type"));
  command.option_if("ipv4", step.argument("address")).option_if("netmask", step.argument("netmask"));
  if (!step.argument("gateway").empty()) need("gateway-override", target);
  return command.option_if("gateway", step.argument("gateway")).option_if("peer-dns", step.argument("peer_dns"));
}

Command route(const Step& step, std::string_view verb, model::Target target) {
  Command command(fmt::format("network ip route ipv4 {}", verb));
  const bool gateway = step.action == Action::RemoveGateway || step.action == Action::SetGateway;
  command.option("gateway", step.argument(gateway ? "gateway" : "next_hop"));
  command.option("network", gateway ? "default" : step.argument("network"));
  return command.option_if("netstack", beside_default(step, target));
}

Command portgroup(const Step& step, std::string_view verb) {
  Command command(fmt::format("network vswitch standard portgroup {}", verb));
  return command.option("portgroup-name", step.argument("portgroup"))
      .option_if("vswitch-name", step.argument("vswitch"));
}

Command uplinks(const Step& step) {
  auto command = portgroup(step, "policy failover set");
  if (step.action == Action::InheritUplinks) return command.word("--use-vswitch");
  command.option("active-uplinks", step.argument("active"));
  // Empty, not left out: only so a standby uplink that is there becomes unused.
  if (step.argument("standby").empty()) return command.word("--standby-uplinks").word("''");
  return command.option("standby-uplinks", step.argument("standby"));
}

Command tag(const Step& step, std::string_view verb) {
  Command command(fmt::format("network ip interface tag {}", verb));
  return command.option("interface-name", step.interface).option("tagname", step.argument("tag"));
}

Command on_interface(const Step& step, std::string_view verb) {
  return Command(fmt::format("network ip interface {}", verb)).option("interface-name", step.interface);
}

/// A recreated interface keeps its MAC: the plan's, or the one that it had when this script removed it.
std::vector<std::string> add_interface(const Step& step, model::Target target, bool keeps_mac) {
  auto command = on_interface(step, "add");
  command.option("portgroup-name", step.argument("portgroup")).option_if("mtu", step.argument("mtu"));
  command.option_if("netstack", beside_default(step, target));
  if (!keeps_mac) return {command.option_if("mac-address", step.argument("mac")).line("change")};
  return {command.line("set --"), fmt::format("if [ -n \"$mac_{}\" ]; then", step.interface),
          fmt::format("  set -- \"$@\" \"--mac-address=$mac_{}\"", step.interface), "fi", "change \"$@\""};
}

std::vector<std::string> remove_interface(const Step& step, bool keeps_mac) {
  if (!keeps_mac) return {on_interface(step, "remove").line("change")};
  return {fmt::format("look_mac {}", step.interface), fmt::format("mac_{}=$found", step.interface),
          on_interface(step, "remove").line("change")};
}

/// With active sessions the host refuses without --force; in maintenance mode nothing uses them.
std::vector<std::string> binding(const Step& step) {
  std::vector<std::string> lines{fmt::format("find_adapter {}", shell_word(step.argument("adapter")))};
  Command command(fmt::format("iscsi networkportal {}", step.action == Action::Bind ? "add" : "remove"));
  command.word("\"--adapter=$adapter\"").option("nic", step.interface);
  if (step.action == Action::Bind) {
    if (step.argument("forced") == "true") command.word("--force");
    lines.push_back(command.line("change"));
    return lines;
  }
  lines.push_back(command.line("set --"));
  lines.emplace_back("if in_maintenance; then");
  lines.emplace_back("  set -- \"$@\" --force");
  lines.emplace_back("fi");
  lines.emplace_back("change \"$@\"");
  return lines;
}

Command mount(const Step& step) {
  Command command("storage nfs add");
  command.option("host", step.argument("host")).option("share", step.argument("share"));
  command.option("volume-name", step.argument("volume"));
  return step.argument("read_only") == "true" ? command.word("--readonly") : command;
}

}  // namespace

std::vector<std::string> command_lines(const Step& step, model::Target target, Manner manner) {
  const auto one = [&](const Command& command) { return std::vector<std::string>{command.line(manner.function)}; };
  switch (step.action) {
    case Action::AddPortgroup: return one(portgroup(step, "add"));
    case Action::SetPortgroupVlan: return one(portgroup(step, "set").option("vlan-id", step.argument("vlan")));
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return one(uplinks(step));
    case Action::RemovePortgroup: return one(portgroup(step, "remove"));
    case Action::Unbind:
    case Action::Bind: return binding(step);
    case Action::RemoveTag: return one(tag(step, "remove"));
    case Action::AddTag: return one(tag(step, "add"));
    case Action::RemoveInterface: return remove_interface(step, manner.keeps_mac);
    case Action::AddInterface: return add_interface(step, target, manner.keeps_mac);
    case Action::AddStack:
      return one(Command("network ip netstack add").option("netstack", beside_default(step, target)));
    case Action::RemoveStack:
      return one(Command("network ip netstack remove").option("netstack", beside_default(step, target)));
    case Action::SetAddress: return one(address(step, target));
    case Action::SetEnabled: return one(on_interface(step, "set").option("enabled", step.argument("enabled")));
    case Action::SetMtu: return one(on_interface(step, "set").option("mtu", step.argument("mtu")));
    case Action::RemoveRoute:
    case Action::RemoveGateway: return one(route(step, "remove", target));
    case Action::AddRoute:
    case Action::SetGateway: return one(route(step, "add", target));
    case Action::Unmount: return one(Command("storage nfs remove").option("volume-name", step.argument("volume")));
    case Action::Mount: return one(mount(step));
  }
  return {};
}

std::string typed_command(const Step& step, model::Target target) {
  if (step.action == Action::Bind || step.action == Action::Unbind) {
    Command command(fmt::format("iscsi networkportal {}", step.action == Action::Bind ? "add" : "remove"));
    command.option("adapter", step.argument("adapter")).option("nic", step.interface);
    if (step.argument("forced") == "true") command.word("--force");
    return std::string(trim(command.line("")));
  }
  constexpr std::string_view kFunction = "change ";
  const auto line = command_lines(step, target, {}).front();
  return line.starts_with(kFunction) ? line.substr(kFunction.size()) : line;
}

std::string title_of(const Step& step) {
  const auto arg = [&](std::string_view name) { return step.argument(name); };
  const auto& vmk = step.interface;
  switch (step.action) {
    case Action::AddPortgroup: return fmt::format("add port group {} on {}", arg("portgroup"), arg("vswitch"));
    case Action::SetPortgroupVlan: return fmt::format("port group {}: VLAN {}", arg("portgroup"), arg("vlan"));
    case Action::SetPortgroupUplinks:
      return fmt::format("port group {}: uplinks active {}, standby {}", arg("portgroup"), arg("active"),
                         arg("standby").empty() ? "none" : arg("standby"));
    case Action::InheritUplinks: return fmt::format("port group {}: uplinks of its switch", arg("portgroup"));
    case Action::RemovePortgroup: return fmt::format("remove port group {}", arg("portgroup"));
    case Action::Unbind: return fmt::format("{}: unbind from {}", vmk, arg("adapter"));
    case Action::Bind: return fmt::format("{}: bind to {}", vmk, arg("adapter"));
    case Action::RemoveTag: return fmt::format("{}: remove tag {}", vmk, arg("tag"));
    case Action::AddTag: return fmt::format("{}: tag {}", vmk, arg("tag"));
    case Action::RemoveInterface: return fmt::format("remove {}", vmk);
    case Action::AddStack: return fmt::format("add stack {}", arg("stack"));
    case Action::RemoveStack: return fmt::format("remove stack {}", arg("stack"));
    case Action::AddInterface:
      return fmt::format("add {} on port group {}, stack {}", vmk, arg("portgroup"), arg("stack"));
    case Action::SetAddress:
      if (arg("type") != "static") return fmt::format("{}: address {}", vmk, arg("type"));
      return fmt::format("{}: address {} {}", vmk, arg("address"), arg("netmask"));
    case Action::SetEnabled: return fmt::format("{} {}", arg("enabled") == "true" ? "enable" : "disable", vmk);
    case Action::SetMtu: return fmt::format("{}: MTU {}", vmk, arg("mtu"));
    case Action::RemoveRoute:
      return fmt::format("{}: remove route {} by {}", arg("stack"), arg("network"), arg("next_hop"));
    case Action::AddRoute: return fmt::format("{}: route {} by {}", arg("stack"), arg("network"), arg("next_hop"));
    case Action::RemoveGateway: return fmt::format("{}: remove default gateway {}", arg("stack"), arg("gateway"));
    case Action::SetGateway: return fmt::format("{}: default gateway {}", arg("stack"), arg("gateway"));
    case Action::Unmount: return fmt::format("unmount volume {}", arg("volume"));
    case Action::Mount: return fmt::format("mount volume {} of {}:{}", arg("volume"), arg("host"), arg("share"));
  }
  return {};
}

}  // namespace esx2esxi::render
