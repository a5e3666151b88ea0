// Steps to command lines, in the words of the target. Options are long and carry their value with `=`, so that no name
// can be taken for an option. --netstack appears for stacks beside the default one only: no release before 5.5 has it.
#include "shell_commands.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/commands.hpp"
#include "old_commands.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using plan::Action;
using plan::Step;

class Command {
 public:
  explicit Command(std::string_view words) : Command("esxcli", words) {}
  Command(std::string_view program, std::string_view words) {
    words_ = {std::string(program), std::string(words)};
    if (program == "esxcli") call_.words = words;
  }
  explicit Command(std::vector<std::string> quoted) : words_(std::move(quoted)) {}

  Command& option(std::string_view name, std::string_view value) {
    words_.push_back(shell_option(name, value));
    call_.options.emplace_back(name, value);
    return *this;
  }
  /// The value as a word of its own: empty ones are not understood behind `=`.
  Command& option_apart(std::string_view name, std::string_view value) {
    words_.push_back("--" + std::string(name));
    words_.push_back(shell_word(value));
    call_.options.emplace_back(name, value);
    return *this;
  }
  Command& flag(std::string_view name) {
    words_.push_back("--" + std::string(name));
    call_.flags.emplace_back(name);
    return *this;
  }
  Command& option_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : option(name, value);
  }
  Command& word(std::string text) {
    words_.push_back(std::move(text));
    return *this;
  }
  std::string line(std::string_view function = {}) const {
    return function.empty() ? shell_line(words_) : std::string(function) + " " + shell_line(words_);
  }

  const EsxcliCall& call() const { return call_; }
  bool empty() const { return words_.empty(); }

 private:
  std::vector<std::string> words_;
  EsxcliCall call_;
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

/// Before 5.1: `esxcfg-route NEXT-HOP` for the default gateway, which replaces another, and no word that takes it away;
/// -a and -d for all else.
Command classic_route(const Step& step, std::string_view verb) {
  if (step.action == Action::RemoveGateway) return Command(std::vector<std::string>());
  if (step.action == Action::SetGateway) return {"esxcfg-route", shell_word(step.argument("gateway"))};
  Command command("esxcfg-route", verb == "add" ? "-a" : "-d");
  return command.word(shell_word(step.argument("network"))).word(shell_word(step.argument("next_hop")));
}

Command route(const Step& step, std::string_view verb, model::Target target) {
  if (!plan::versions().has("routes", target)) return classic_route(step, verb);
  Command command(fmt::format("network ip route ipv4 {}", verb));
  const bool gateway = step.action == Action::RemoveGateway || step.action == Action::SetGateway;
  command.option("gateway", step.argument(gateway ? "gateway" : "next_hop"));
  command.option("network", gateway ? "default" : step.argument("network"));
  return command.option_if("netstack", beside_default(step, target));
}

Command portgroup(const Step& step, std::string_view verb) {
  Command command(fmt::format("network vswitch standard portgroup {}", verb));
  command.option("portgroup-name", step.argument("portgroup"));
  const bool on_switch = step.action == Action::AddPortgroup || step.action == Action::RemovePortgroup;
  return command.option_if("vswitch-name", on_switch ? step.argument("vswitch") : std::string_view());
}

Command uplinks(const Step& step) {
  auto command = portgroup(step, "policy failover set");
  if (step.action == Action::InheritUplinks) return command.flag("use-vswitch");
  command.option("active-uplinks", step.argument("active"));
  // Empty, not left out: only so a standby uplink that is there becomes unused.
  if (step.argument("standby").empty()) return command.option_apart("standby-uplinks", "");
  return command.option("standby-uplinks", step.argument("standby"));
}

Command tag(const Step& step, std::string_view verb) {
  Command command(fmt::format("network ip interface tag {}", verb));
  return command.option("interface-name", step.interface).option("tagname", step.argument("tag"));
}

Command on_interface(const Step& step, std::string_view verb) {
  return Command(fmt::format("network ip interface {}", verb)).option("interface-name", step.interface);
}

Command add_interface(const Step& step, model::Target target) {
  auto command = on_interface(step, "add");
  command.option("portgroup-name", step.argument("portgroup")).option_if("mtu", step.argument("mtu"));
  return command.option_if("netstack", beside_default(step, target)).option_if("mac-address", step.argument("mac"));
}

Command binding(const Step& step, std::string_view verb) {
  const auto adapter = step.argument("adapter");
  Command command(fmt::format("iscsi networkportal {}", verb));
  command.option("adapter", adapter.empty() || adapter == "vmhba?" ? "vmhbaN" : adapter).option("nic", step.interface);
  return step.argument("forced") == "true" ? command.flag("force") : command;
}

/// The adapter is looked up on the host. With active sessions the host refuses without --force; in maintenance mode
/// nothing uses them. ESXi 4.1 has no --force. What is bound finds its paths by a rescan, after the last step.
std::vector<std::string> binding_lines(const Step& step, bool old) {
  std::vector<std::string> lines{fmt::format("find_adapter {}", shell_word(step.argument("adapter")))};
  if (old) {
    lines.push_back("change " + shell_line(old_binding(step, "\"$adapter\"")));
    if (step.action == Action::Bind) lines.emplace_back("rescan_later");
    return lines;
  }
  Command command(fmt::format("iscsi networkportal {}", step.action == Action::Bind ? "add" : "remove"));
  command.word("\"--adapter=$adapter\"").option("nic", step.interface);
  if (step.action == Action::Bind) {
    if (step.argument("forced") == "true") command.flag("force");
    lines.push_back(command.line("change"));
    lines.emplace_back("rescan_later");
    return lines;
  }
  lines.push_back(command.line("set --"));
  lines.emplace_back("if \"$dry\" || in_maintenance; then");
  lines.emplace_back("  set -- \"$@\" --force");
  lines.emplace_back("fi");
  lines.emplace_back("change \"$@\"");
  return lines;
}

Command mount(const Step& step) {
  Command command("storage nfs add");
  command.option("host", step.argument("host")).option("share", step.argument("share"));
  command.option("volume-name", step.argument("volume"));
  return step.argument("read_only") == "true" ? command.flag("readonly") : command;
}

bool is_old(model::Target target) { return !plan::versions().has("esxcli-network", target); }

bool changes_routes(const Step& step) {
  return step.action == Action::RemoveRoute || step.action == Action::AddRoute ||
         step.action == Action::RemoveGateway || step.action == Action::SetGateway;
}

/// The one command that does the step, a binding's adapter as the step names it; empty if the release has none.
Command command_of(const Step& step, model::Target target) {
  if (is_old(target) && !changes_routes(step)) return Command(old_command(step));
  switch (step.action) {
    case Action::AddPortgroup: return portgroup(step, "add");
    case Action::SetPortgroupVlan: return portgroup(step, "set").option("vlan-id", step.argument("vlan"));
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks: return uplinks(step);
    case Action::RemovePortgroup: return portgroup(step, "remove");
    case Action::Unbind: return binding(step, "remove");
    case Action::Bind: return binding(step, "add");
    case Action::RemoveTag: return tag(step, "remove");
    case Action::AddTag: return tag(step, "add");
    case Action::RemoveInterface: return on_interface(step, "remove");
    case Action::AddInterface: return add_interface(step, target);
    case Action::AddStack: return Command("network ip netstack add").option("netstack", beside_default(step, target));
    case Action::RemoveStack:
      return Command("network ip netstack remove").option("netstack", beside_default(step, target));
    case Action::SetAddress: return address(step, target);
    case Action::SetEnabled: return on_interface(step, "set").option("enabled", step.argument("enabled"));
    case Action::SetMtu: return on_interface(step, "set").option("mtu", step.argument("mtu"));
    case Action::RemoveRoute:
    case Action::RemoveGateway: return route(step, "remove", target);
    case Action::AddRoute:
    case Action::SetGateway: return route(step, "add", target);
    case Action::Unmount: return Command("storage nfs remove").option("volume-name", step.argument("volume"));
    case Action::Mount: return mount(step);
  }
  throw std::logic_error("command_of: not an Action");  // only a bad cast gets here
}

}  // namespace

std::vector<std::string> command_lines(const Step& step, model::Target target, std::string_view function) {
  if (step.action == Action::Bind || step.action == Action::Unbind) return binding_lines(step, is_old(target));
  const auto command = command_of(step, target);
  if (command.empty())
    throw std::logic_error(
        fmt::format("shell_commands: ESXi {} has no command for {}", to_string(target), to_string(step.action)));
  if (step.action == Action::RemoveInterface) return {"keep_mac " + step.interface, command.line(function)};
  if (step.action == Action::AddInterface && step.argument("mac").empty())
    return {command.line("change_with_mac " + step.interface)};
  return {command.line(function)};
}

std::vector<std::string> typed_commands(const Step& step, model::Target target) {
  const auto command = command_of(step, target);
  return command.empty() ? std::vector<std::string>() : std::vector{command.line()};
}

std::optional<EsxcliCall> esxcli_call(const Step& step, model::Target target) {
  auto call = command_of(step, target).call();
  return call.words.empty() ? std::nullopt : std::optional(std::move(call));
}

std::string typed_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const auto& word : words) quoted.push_back(shell_word(word));
  return shell_line(quoted);
}

std::string esxcli_line(std::string_view words, const std::vector<std::pair<std::string, std::string>>& options) {
  Command command(words);
  for (const auto& [name, value] : options) command.option(name, value);
  return command.line();
}

std::string typed_command(const Step& step, model::Target target) {
  const auto command = command_of(step, target);
  return command.empty() ? title_of(step) : command.line();
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
