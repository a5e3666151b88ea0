#include "script_parts.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

/// The name that the host itself gave. A host that gave neither name nor uuid is known by its folder's name only.
std::string short_name(const plan::HostPlan& host) {
  const auto& own = host.mapped.dns.host;
  const auto& known = own.empty() && host.uuid.empty() ? host.name : own;
  return lower(known.substr(0, known.find('.')));
}

}  // namespace

Fields who_fields(const plan::HostPlan& host) {
  return {{"host", host.name}, {"name", short_name(host)}, {"uuid", lower(host.uuid)}};
}

Fields identity_fields(const plan::Plan& plan, const plan::HostPlan& host) {
  const auto* release = plan::versions().release(plan.target);
  if (!release) throw std::logic_error("no scripts for ESXi " + to_string(plan.target));
  auto fields = who_fields(host);
  fields.merge(Fields{{"classic", false},
                      {"uuid_stays", plan.path == model::Path::Upgrade ? "true" : "false"},
                      {"release", release->banner},
                      {"has_esxcli", plan::versions().has("esxcli-network", plan.target)},
                      {"has_routes", plan::versions().has("routes", plan.target)},
                      {"has_maintenance", plan::versions().has("maintenance", plan.target)}});
  return fields;
}

std::string plain_name(std::string_view name) {
  std::string out;
  for (const char c : name.substr(0, 100)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
    out += plain ? c : '_';
  }
  return out;
}

bool interrupts_storage(const plan::Step& step) {
  const auto names = [&](model::Service service) {
    return step.interrupts.find(to_string(service)) != std::string::npos;
  };
  return step.action == plan::Action::Unbind || step.action == plan::Action::Unmount || names(model::Service::Iscsi) ||
         names(model::Service::Nfs);
}

bool cuts_connection(const plan::Step& step) {
  return step.interrupts.find(to_string(model::Service::Management)) != std::string::npos;
}

Rows cutting_steps(const std::vector<plan::Step>& steps) {
  Rows rows;
  for (const auto& step : steps)
    if (cuts_connection(step))
      rows.push_back({{"n", Ready{std::to_string(step.n)}},
                      {"action", Ready{std::string(to_string(step.action))}},
                      {"interface", Ready{step.interface.empty() ? "" : " " + plain_name(step.interface)}}});
  return rows;
}

Rows stack_rows(const std::vector<std::string>& stacks) {
  Rows rows;
  for (const auto& stack : stacks) rows.push_back({{"stack_option", Ready{shell_option("netstack", stack)}}});
  return rows;
}

std::string_view start_file(model::Target target) {
  return target < model::Target{5, 1} ? "/etc/rc.local" : "/etc/rc.local.d/local.sh";
}

std::string hop_of(const plan::Step& step) {
  const bool gateway = step.action == plan::Action::SetGateway;
  if (!gateway && step.action != plan::Action::AddRoute) return {};
  std::vector<std::string> words{shell_word(step.argument(gateway ? "gateway" : "next_hop"))};
  if (step.argument("stack") != model::kDefaultStack) {
    words.emplace_back("-S");
    words.push_back(shell_word(step.argument("stack")));
  }
  return shell_line(words);
}

std::string mapped_goal(const model::State& mapped) {
  std::string out = "this host is in its mapped state";
  for (const auto& i : mapped.interfaces)
    if (i.address && i.netmask && !i.prefix_length())
      out += fmt::format(", but {} has no address: ESXi takes no mask {}", plain_name(i.name), *i.netmask);
  return out;
}

plan::HostPlan in_transition(const plan::HostPlan& host) {
  auto out = host;
  out.mapped = host.after;
  out.after = plan::prefixes(plan::with_all_stacks(host.after), host.transition).back();
  out.steps = host.transition;
  out.rollback = host.transition_end;
  return out;
}

}  // namespace esx2esxi::render
