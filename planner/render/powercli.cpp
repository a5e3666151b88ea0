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

bool interrupts(const Step& step, std::initializer_list<model::Service> services) {
  return std::any_of(services.begin(), services.end(), [&](model::Service service) {
    return step.interrupts.find(to_string(service)) != std::string::npos;
  });
}

}  // namespace

std::string powercli_script(const plan::Plan& plan, const plan::HostPlan& host) {
  Rows steps;
  bool adapter = false;
  bool storage = false;
  bool management = false;
  for (const auto& step : host.steps) {
    const auto call = esxcli_call(step, plan.target);
    if (!call) return {};
    const bool binds = step.action == Action::Bind || step.action == Action::Unbind;
    adapter = adapter || binds;
    storage = storage || binds || step.action == Action::Unmount ||
              interrupts(step, {model::Service::Iscsi, model::Service::Nfs});
    management = management || interrupts(step, {model::Service::Management});
    steps.push_back({{"title", Ready{"(" + ps_string(fmt::format("{}. {}", step.n, title_of(step))) + ")"}},
                     {"path", Ready{path_of(call->words)}},
                     {"values", Ready{values_of(*call)}}});
  }
  const auto identity = identity_fields(plan, host);
  const auto name = std::get<std::string>(identity.at("name").get());
  const auto one_line = plain_name(host.name);
  return expand("templates/remediate.ps1.mustache",
                {{"host", Ready{one_line}},
                 {"host_word", Ready{one_line}},
                 {"named", !name.empty()},
                 {"name", Ready{"(" + ps_string(name) + ")"}},
                 {"version", Ready{ps_string(to_string(plan.target) + ".")}},
                 {"management", management},
                 {"storage", storage},
                 {"adapter", adapter},
                 {"steps", std::move(steps)}},
                Syntax::Shell);
}

}  // namespace esx2esxi::render
