// remediate.ps1: the steps for PowerCLI. Keys of a V2 call are esxcli's option names without their dashes.
#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/quote.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "esx2esxi/render/template.hpp"
#include "script_parts.hpp"
#include "shell_commands.hpp"

namespace esx2esxi::render {

namespace {

using plan::Action;
using plan::Step;

std::string ps_string(std::string_view text) { return quote(text, Syntax::PowerShell); }

std::string value_of(std::string_view name, const std::string& value) {
  if (value == "true" || value == "false") return "$" + value;
  if (name == "adapter") return "$adapter";
  const bool is_number = (name == "mtu" || name == "vlan-id") && number(value);
  return is_number ? value : "(" + ps_string(value) + ")";
}

/// "a = 1; b = $true", for a hash table.
std::string values_of(const EsxcliCall& call) {
  std::vector<std::string> out;
  const auto key = [](std::string name) {
    name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
    return name;
  };
  for (const auto& [name, value] : call.options)
    out.push_back(fmt::format("{} = {}", key(name), value_of(name, value)));
  for (const auto& flag : call.flags) out.push_back(fmt::format("{} = $true", key(flag)));
  return join(out, "; ");
}

std::string path_of(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '.');
  return words;
}

/// In maintenance mode nothing uses what is unbound; without it the host refuses while sessions are there.
EsxcliCall with_force(EsxcliCall call, const Step& step) {
  if (step.action == Action::Unbind) call.flags.emplace_back("force");
  return call;
}

/// What Test-Gateway is asked of: a gateway that is there already is not to be added, the host would refuse it.
std::string gateway_of(const Step& step) {
  EsxcliCall of;
  if (step.argument("stack") != model::kDefaultStack) of.options.emplace_back("netstack", step.argument("stack"));
  const auto values = values_of(of);
  return fmt::format("@{{{}}} ({})", values.empty() ? "" : " " + values + " ", ps_string(step.argument("gateway")));
}

}  // namespace

std::string powercli_script(const plan::Plan& plan, const plan::HostPlan& host) {
  Rows steps;
  bool adapter = false;
  bool storage = false;
  bool gateway = false;
  for (const auto& step : host.steps) {
    const auto call = esxcli_call(step, plan.target);
    if (!call) return {};
    const bool binds = step.action == Action::Bind || step.action == Action::Unbind;
    adapter = adapter || binds;
    storage = storage || binds || interrupts_storage(step);
    const bool sets_gateway = step.action == Action::SetGateway;
    gateway = gateway || sets_gateway;
    steps.push_back({{"title", Ready{"(" + ps_string(fmt::format("{}. {}", step.n, title_of(step))) + ")"}},
                     {"path", Ready{path_of(call->words)}},
                     {"values", Ready{values_of(with_force(*call, step))}},
                     {"sets_gateway", sets_gateway},
                     {"gateway", Ready{sets_gateway ? gateway_of(step) : std::string()}}});
  }
  auto cuts = cutting_steps(host.steps);
  const auto identity = identity_fields(plan, host);
  const auto name = std::get<std::string>(identity.at("name").get());
  const auto one_line = plain_name(host.name);
  return expand("templates/remediate.ps1.mustache",
                {{"host", Ready{one_line}},
                 {"host_word", Ready{one_line}},
                 {"named", !name.empty()},
                 {"name", Ready{"(" + ps_string(name) + ")"}},
                 {"version", Ready{ps_string(to_string(plan.target) + ".")}},
                 {"cuts_any", !cuts.empty()},
                 {"cuts", std::move(cuts)},
                 {"gateway", gateway},
                 {"storage", storage},
                 {"adapter", adapter},
                 {"steps", std::move(steps)}},
                Syntax::Shell);
}

}  // namespace esx2esxi::render
