#include "old_commands.hpp"

#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using plan::Action;
using plan::Step;
using Words = std::vector<std::string>;

/// No option of these tools carries its value with `=`; names that begin with a dash are kept from here by the plan.
Words quoted(Words words) {
  for (auto& word : words) {
    if (word.empty()) return {};
    word = shell_word(word);
  }
  return words;
}

Words address(const Step& step) {
  const std::string portgroup(step.argument("portgroup"));
  if (step.argument("type") == "dhcp") return quoted({"esxcfg-vmknic", "-i", "DHCP", portgroup});
  if (step.argument("type") != "static") return {};
  return quoted({"esxcfg-vmknic", "-i", std::string(step.argument("address")), "-n",
                 std::string(step.argument("netmask")), portgroup});
}

Words on_portgroup(const Step& step, std::string option) {
  return quoted({"esxcfg-vswitch", std::move(option), std::string(step.argument("portgroup")),
                 std::string(step.argument("vswitch"))});
}

}  // namespace

Words old_binding(const Step& step, const std::string& quoted_adapter) {
  return {
      "esxcli", "swiscsi",     "nic", step.action == Action::Bind ? "add" : "remove", "-n", shell_word(step.interface),
      "-d",     quoted_adapter};
}

Words old_command(const Step& step) {
  const auto arg = [&](std::string_view name) { return std::string(step.argument(name)); };
  switch (step.action) {
    case Action::AddPortgroup: return on_portgroup(step, "-A");
    case Action::RemovePortgroup: return on_portgroup(step, "-D");
    case Action::SetPortgroupVlan:
      return quoted({"esxcfg-vswitch", "-v", arg("vlan"), "-p", arg("portgroup"), arg("vswitch")});
    case Action::SetAddress: return address(step);
    case Action::SetEnabled: return quoted({"esxcfg-vmknic", arg("enabled") == "true" ? "-e" : "-D", arg("portgroup")});
    case Action::Unbind:
    case Action::Bind: return old_binding(step, shell_word(arg("adapter") == "vmhba?" ? "vmhbaN" : arg("adapter")));
    case Action::Unmount: return quoted({"esxcfg-nas", "-d", arg("volume")});
    case Action::Mount:
      if (arg("read_only") == "true") return {};
      return quoted({"esxcfg-nas", "-a", "-o", arg("host"), "-s", arg("share"), arg("volume")});
    case Action::SetPortgroupUplinks:
    case Action::InheritUplinks:
    case Action::RemoveTag:
    case Action::AddTag:
    case Action::RemoveInterface:
    case Action::AddInterface:
    case Action::AddStack:
    case Action::RemoveStack:
    case Action::SetMtu:
    case Action::RemoveRoute:
    case Action::AddRoute:
    case Action::RemoveGateway:
    case Action::SetGateway: return {};
  }
  return {};
}

}  // namespace esx2esxi::render
