#include "esx2esxi/plan/old_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/plan/simulate.hpp"
#include "parts.hpp"

namespace esx2esxi::plan {

namespace {

using model::State;

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool has_blank(std::string_view text) { return text.find(' ') != std::string_view::npos; }

std::string of_interface(const Step& step) {
  const auto& vmk = step.interface;
  if (step.action == Action::AddInterface || step.action == Action::RemoveInterface)
    return fmt::format("{}: ESXi 4.1 chooses number and MAC address of an interface itself, so it cannot be made again",
                       vmk);
  if (step.action == Action::SetMtu)
    return fmt::format("{}: ESXi 4.1 sets the MTU of an interface only when it makes it", vmk);
  if (step.argument("type") == "none")
    return fmt::format("{}: ESXi 4.1 cannot take the address of an interface away", vmk);
  if (step.argument("peer_dns") == "true")
    return fmt::format("{}: ESXi 4.1 is not known to choose whether a lease brings DNS servers", vmk);
  if (step.argument("forced") == "true")
    return fmt::format("{}: ESXi 4.1 cannot be made to bind an interface with more than one uplink", vmk);
  return {};
}

std::string of_portgroup(const Step& step) {
  const auto name = step.argument("portgroup");
  if (step.action == Action::SetPortgroupUplinks || step.action == Action::InheritUplinks)
    return fmt::format("port group \"{}\": ESXi 4.1 has no command that shows its own order of uplinks", name);
  if (!is_plain_operand(name) || !is_plain_operand(step.argument("vswitch")))
    return fmt::format("port group \"{}\" on \"{}\": the commands of ESXi 4.1 cannot tell such names", name,
                       step.argument("vswitch"));
  return {};
}

std::string of_volume(const Step& step, const State& now) {
  const auto label = step.argument("volume");
  if (step.action == Action::Mount && step.argument("read_only") == "true")
    return fmt::format("volume \"{}\": ESXi 4.1 is not known to mount read-only", label);
  const auto known = [&](const model::NfsMount& mount) {
    return mount.label == label && is_plain_volume(mount.label, mount.server, mount.share);
  };
  const bool plain = step.action == Action::Mount
                         ? is_plain_volume(label, step.argument("host"), step.argument("share"))
                         : std::any_of(now.nfs.begin(), now.nfs.end(), known);
  return plain ? std::string() : fmt::format("volume \"{}\": the commands of ESXi 4.1 cannot tell such names", label);
}

/// Why those commands cannot do the step; empty: they can.
std::string shortcoming(const Step& step, const State& now) {
  if (!step.argument("volume").empty()) return of_volume(step, now);
  if (!step.interface.empty()) {
    auto why = of_interface(step);
    const auto* interface = now.interface(step.interface);
    if (why.empty() && interface && !is_plain_operand(interface->portgroup))
      why = fmt::format("{}: the commands of ESXi 4.1 cannot tell the name of its port group \"{}\"", step.interface,
                        interface->portgroup);
    return why;
  }
  return step.argument("portgroup").empty() ? std::string() : of_portgroup(step);
}

void add_place(Step& step, const State& now) {
  if (const auto* interface = now.interface(step.interface);
      interface && (step.action == Action::SetAddress || step.action == Action::SetEnabled))
    step.arguments.emplace_back("portgroup", interface->portgroup);
  if (step.action == Action::SetPortgroupVlan)
    if (const auto* vswitch = now.portgroup(step.argument("portgroup")).first)
      step.arguments.emplace_back("vswitch", vswitch->name);
}

}  // namespace

bool is_plain_operand(std::string_view name) {
  return !name.empty() && name.front() != '-' && name.front() != ' ' && name.back() != ' ' &&
         std::none_of(name.begin(), name.end(), is_control);
}

bool is_plain_volume(std::string_view label, std::string_view server, std::string_view share) {
  return is_plain_operand(label) && is_plain_operand(server) && is_plain_operand(share) && !has_blank(server) &&
         label.find(" is ") == std::string_view::npos && share.find(" from ") == std::string_view::npos;
}

std::vector<std::string> use_old_words(std::vector<Step>& steps, State from) {
  std::vector<std::string> out;
  for (auto& step : steps) {
    add_place(step, from);
    auto why = one_line(shortcoming(step, from));
    if (!why.empty() && std::find(out.begin(), out.end(), why) == out.end()) out.push_back(std::move(why));
    apply(from, step);
  }
  return out;
}

std::vector<std::string> replace_gateways(std::vector<Step>& steps, model::Target target) {
  std::vector<std::string> out;
  for (auto step = steps.begin(); step != steps.end();) {
    if (step->action != Action::RemoveGateway) {
      ++step;
      continue;
    }
    const auto replaces = [&](const Step& later) {
      return later.action == Action::SetGateway && later.argument("stack") == step->argument("stack");
    };
    if (std::none_of(step, steps.end(), replaces))
      out.push_back(fmt::format("default gateway {}: ESXi {} has no command that takes a default gateway away",
                                step->argument("gateway"), to_string(target)));
    step = steps.erase(step);
  }
  return out;
}

}  // namespace esx2esxi::plan
