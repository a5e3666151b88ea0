// change-request.md: the section of one host.
#include <fmt/format.h>

#include <algorithm>

#include "changes.hpp"
#include "checks.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "figures.hpp"
#include "files.hpp"
#include "markdown.hpp"
#include "sentences.hpp"

namespace esx2esxi::render {

namespace {

constexpr std::size_t kOriginsShown = 4;

Fields interface_row(const InterfaceChange& change) {
  const auto address = [](const model::Interface* i) { return cell(i ? address_text(*i) : ""); };
  const auto vlan = [](const model::Interface* i) { return cell(i ? vlan_text(i->vlan) : ""); };
  const auto stack = [](const model::Interface* i) { return cell(i ? i->stack : ""); };
  return {{"from", cell(change.classic_name())},
          {"address_before", address(change.before)},
          {"vlan_before", vlan(change.before)},
          {"stack_before", stack(change.before)},
          {"name", cell(change.after || change.mapped ? change.last().name : "")},
          {"address_mapped", address(change.mapped)},
          {"address", address(change.after)},
          {"vlan", vlan(change.after)},
          {"stack", stack(change.after)},
          {"portgroup", cell(change.last().portgroup)},
          {"services", cell(services_text(change.last()))},
          {"change", cell(differences(change), "; ")}};
}

void add_stacks(Rows& rows, std::string_view state_name, const model::State& state) {
  for (const auto& stack : state.stacks) {
    std::vector<std::string> routes;
    for (const auto& route : stack.routes) routes.push_back(fmt::format("{} by {}", route.network, route.next_hop));
    rows.push_back({{"state", state_name},
                    {"stack", cell(stack.name)},
                    {"gateway", cell(stack.gateway ? to_string(*stack.gateway) : "")},
                    {"routes", cell(routes)}});
  }
}

Rows stack_rows(const plan::HostPlan& host) {
  Rows rows;
  add_stacks(rows, "on ESX", host.before);
  add_stacks(rows, "mapped", host.mapped);
  add_stacks(rows, "planned", host.after);
  return rows;
}

void blank_out(std::string& text, std::string_view part) {
  if (part.empty()) return;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    text.replace(at, part.size(), "*");
}

/// The message without the names and addresses of those it affects.
std::string shape_of(const rules::Finding& finding) {
  auto text = finding.message;
  for (const auto& endpoint : finding.endpoints) {  // "NFS server filer-a 10.0.0.9"
    const auto blank = endpoint.rfind(' ');
    if (blank == std::string::npos) continue;
    blank_out(text, std::string_view(endpoint).substr(0, blank));
    blank_out(text, std::string_view(endpoint).substr(blank + 1));
  }
  return text;
}

/// Findings that differ in nothing but whom they affect.
struct Alike {
  const rules::Finding* first = nullptr;
  std::string shape;
  std::size_t count = 0;
  std::vector<std::string> addresses;
  std::vector<std::string> endpoints;

  bool takes(const rules::Finding& f) const {
    return f.rule == first->rule && f.severity == first->severity && f.interfaces == first->interfaces &&
           f.resolution == first->resolution && f.why == first->why && !f.endpoints.empty() && shape_of(f) == shape;
  }
  void add(const rules::Finding& f) {
    if (!first) {
      first = &f;
      shape = shape_of(f);
    }
    ++count;
    addresses.insert(addresses.end(), f.addresses.begin(), f.addresses.end());
    endpoints.insert(endpoints.end(), f.endpoints.begin(), f.endpoints.end());
  }
};

/// A tie in front of ten neighbours is one row, not ten.
std::vector<Alike> folded(const std::vector<rules::Finding>& findings) {
  std::vector<Alike> out;
  for (const auto& finding : findings) {
    auto it = std::find_if(out.begin(), out.end(), [&](const Alike& a) { return a.takes(finding); });
    if (it == out.end()) it = out.emplace(it);
    it->add(finding);
  }
  return out;
}

Fields finding_row(const Alike& alike) {
  const auto& finding = *alike.first;
  std::vector<std::string> interfaces;
  for (const auto& ref : finding.interfaces)
    interfaces.push_back(ref.from.empty() || ref.from == ref.name ? ref.name : ref.name + " (" + ref.from + ")");
  return {{"rule", cell(finding.rule)},
          {"count", std::to_string(alike.count)},
          {"severity", to_string(finding.severity)},
          {"message", cell(finding.message)},
          {"interfaces", cell(interfaces)},
          {"addresses", cell(alike.addresses)},
          {"endpoints", cell(alike.endpoints)},
          {"evidence", cell(evidence_text(finding))},
          {"kb", cell(finding.kb)},
          {"resolution", resolution_text(finding)}};
}

/// "next_hop" -> "next hop"
std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

Fields step_row(const plan::Step& step) {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : step.arguments)
    if (!value.empty()) arguments.push_back(spoken(name) + " " + value);
  return {{"n", std::to_string(step.n)},
          {"action", to_string(step.action)},
          {"interface", cell(step.interface)},
          {"arguments", cell(arguments)},
          {"why", cell(step.why)},
          {"undo", cell(step.undo)},
          {"interrupts", cell(step.interrupts)},
          {"seconds", std::to_string(step.seconds)}};
}

template <class Range, class Convert>
Rows rows_of(const Range& range, Convert convert) {
  Rows rows;
  for (const auto& item : range) rows.push_back(convert(item));
  return rows;
}

Fields egress_row(const plan::Proof::Remaining& change) {
  return {{"service", cell(change.service)},
          {"region", cell(change.region)},
          {"before", cell(change.before)},
          {"after", cell(change.after)},
          {"why", cell(change.why)}};
}

}  // namespace

Value cell(std::string_view text) { return text.empty() ? Value(kNone) : Value(valid_utf8(text)); }

Value cell(const std::vector<std::string>& parts, std::string_view between) { return cell(join(parts, between)); }

void set_rows(Fields& fields, const std::string& name, Rows rows) {
  fields.insert_or_assign("has_" + name, Value(!rows.empty()));
  fields.insert_or_assign(name, Value(std::move(rows)));
}

std::string resolution_text(const rules::Finding& finding) {
  auto text = std::string(to_string(finding.resolution));
  return finding.why.empty() ? text : text + ": " + valid_utf8(finding.why);
}

std::string evidence_text(const rules::Finding& finding) {
  std::vector<std::string> places;
  for (const auto& at : finding.origins) {
    if (places.size() == kOriginsShown) break;
    places.push_back(to_string(at));
  }
  auto text = join(places, ", ");
  if (finding.origins.size() > kOriginsShown)
    text += fmt::format(" and {} more in plan.json", finding.origins.size() - kOriginsShown);
  return text;
}

std::string host_section(const plan::Plan& plan, const plan::HostPlan& host, std::string_view folder) {
  Fields fields{{"name", cell(host.name)},
                {"status", to_string(host.status)},
                {"product", cell(product_of(host))},
                {"cluster", cell(host.cluster.empty() ? "no cluster" : "cluster " + host.cluster)},
                {"uuid", cell(host.uuid)},
                {"folder", has_scripts(plan, host) ? Value(folder) : Value(kNone)},
                {"seconds", std::to_string(seconds(host.steps))},
                {"rollback_steps", counted(host.rollback.size(), "step")},
                {"rollback_seconds", std::to_string(seconds(host.rollback))},
                {"regions", counted(host.proof.regions, "region")},
                {"interfaces", rows_of(interface_changes(host), interface_row)},
                {"stacks", stack_rows(host)}};
  set_rows(fields, "reasons", rows_of(host.blocked, [](const std::string& reason) {
             return Fields{{"reason", cell(reason)}};
           }));
  set_rows(fields, "findings", rows_of(folded(host.findings), finding_row));
  set_rows(fields, "steps", rows_of(host.steps, step_row));
  set_rows(fields, "egress", rows_of(host.proof.changes, egress_row));
  const auto checks = host.status == plan::Status::Blocked ? std::vector<Check>() : checks_of(plan, host);
  set_rows(fields, "tests", rows_of(checks, [](const Check& check) {
             return Fields{{"command", cell(check.command)}, {"expected", cell(check.expected)}};
           }));
  return expand("templates/change-request-host.md.mustache", fields, Syntax::Markdown);
}

}  // namespace esx2esxi::render
