#include "script_parts.hpp"

#include <stdexcept>

#include "esx2esxi/core/text.hpp"
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

Rows stack_rows(const std::vector<std::string>& stacks) {
  Rows rows;
  for (const auto& stack : stacks) rows.push_back({{"stack_option", Ready{shell_option("netstack", stack)}}});
  return rows;
}

}  // namespace esx2esxi::render
