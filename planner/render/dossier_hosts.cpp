// One host in the dossier, with all its tables.
#include <fmt/format.h>

#include <algorithm>

#include "calls.hpp"
#include "changes.hpp"
#include "checks.hpp"
#include "diagram.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "files.hpp"
#include "sentences.hpp"

namespace esx2esxi::render {

namespace {

Fields interface_row(const plan::HostPlan& host, const InterfaceChange& change) {
  const auto address = [](const model::Interface* i) { return cell(i ? address_text(*i) : ""); };
  const auto vlan = [](const model::Interface* i) { return cell(i ? vlan_text(i->vlan) : ""); };
  const auto stack = [](const model::Interface* i) { return cell(i ? i->stack : ""); };
  const auto gateway = change.after ? gateway_of(host.after, *change.after) : std::nullopt;
  return {{"from", cell(change.classic_name())},
          {"address_before", address(change.before)},
          {"vlan_before", vlan(change.before)},
          {"stack_before", stack(change.before)},
          {"name", cell(change.after || change.mapped ? change.last().name : "")},
          {"address_mapped", address(change.mapped)},
          {"address", address(change.after)},
          {"gateway", cell(gateway ? to_string(*gateway) : "")},
          {"fate", fate_of(change)},
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

Fields egress_row(const plan::Proof::Remaining& change) {
  return {{"service", cell(change.service)},
          {"region", cell(change.region)},
          {"before", cell(change.before)},
          {"after", cell(change.after)},
          {"why", cell(change.why)}};
}

Fields check_row(const Check& check) { return {{"command", cell(check.command)}, {"expected", cell(check.expected)}}; }

Fields note_row(const Diagnostic& note, std::string_view root) {
  auto at = note.at.known() ? to_string(note.at) : std::string();
  if (!root.empty() && at.starts_with(root)) at.erase(0, root.size());
  return {{"severity", to_string(note.severity)}, {"at", cell(at)}, {"message", cell(note.message)}};
}

/// The script first: what it says in one line is what the others show one by one.
Rows test_rows(const plan::Plan& plan, const plan::HostPlan& host) {
  Rows rows;
  for (const auto& call : verify_calls(plan, host)) rows.push_back(check_row({call.command, call.expected}));
  for (const auto& check : checks_of(plan, host)) rows.push_back(check_row(check));
  return rows;
}

/// A table that is made when it is asked for.
template <class Make>
Each lazily(bool any, Make make) {
  return {any, [make](const std::function<void(const Fields&)>& visit) {
            for (const auto& row : make()) visit(row);
          }};
}

Stream diagram(const plan::HostPlan& host, When when) {
  return {[&host, when](const Put& put) { put(host_diagram(host, when).picture(kHostWidth, host_label(host, when))); }};
}

void add_tables(Fields& fields, const Dossier& d, const plan::HostPlan& host) {
  set_rows(fields, "interfaces", lazily(true, [&host] {
             const auto changes = interface_changes(host);
             return rows_of(changes, [&host](const auto& change) { return interface_row(host, change); });
           }));
  set_rows(fields, "stacks", lazily(true, [&host] { return stack_rows(host); }));
  set_rows(fields, "steps",
           lazily(!host.steps.empty(), [&] { return step_rows(d.plan, host, host.mapped, host.steps); }));
  set_rows(fields, "egress", each_of(host.proof.changes, egress_row));
  const bool tested = host.status != plan::Status::Blocked;
  set_rows(fields, "tests", lazily(tested, [&] { return test_rows(d.plan, host); }));
  set_rows(fields, "restored", lazily(tested, [&] { return rows_of(restored_checks(d.plan, host), check_row); }));
  set_rows(fields, "notes", each_of(host.diagnostics, [&](const Diagnostic& n) { return note_row(n, d.root); }));
}

}  // namespace

Fields host_fields(const Dossier& d, const plan::HostPlan& host) {
  const auto& folder = d.folders[static_cast<std::size_t>(&host - d.plan.hosts.data())];
  const bool scripts = has_scripts(d.plan, host);
  Fields fields{{"id", id_of(d.plan, host)},
                {"host", cell(host.name)},
                {"status", to_string(host.status)},
                {"product", cell(product_of(host))},
                {"cluster", cell(host.cluster.empty() ? "no cluster" : "cluster " + host.cluster)},
                {"uuid", cell(host.uuid)},
                {"folder", Value(folder)},
                {"scripts", scripts},
                {"seconds", std::to_string(seconds(host.steps))},
                {"rollback_steps", std::to_string(host.rollback.size())},
                {"rollback_seconds", std::to_string(seconds(host.rollback))},
                {"regions", counted(host.proof.regions, "region")},
                {"picture_before", diagram(host, When::Before)},
                {"picture_after", diagram(host, When::After)},
                {"picture_words", cell(host_label(host, When::Before) + "; " + host_label(host, When::After))},
                {"picture_file", Value("diagrams/" + folder + ".svg")}};
  set_rows(fields, "reasons", each_of(host.blocked, [](const std::string& reason) {
             return Fields{{"reason", cell(reason)}};
           }));
  add_tables(fields, d, host);
  return fields;
}

void add_hosts(Fields& fields, const Dossier& dossier) {
  const auto& all = dossier.plan.hosts;
  const auto any = [&](auto test) { return Value(std::any_of(all.begin(), all.end(), test)); };
  fields.insert_or_assign("any_work", any([](const auto& h) { return h.status != plan::Status::Blocked; }));
  fields.insert_or_assign("any_re_addressed", any([](const auto& h) { return !h.pre_migration.empty(); }));
  fields.insert_or_assign("any_scripts", any([&](const auto& h) { return has_scripts(dossier.plan, h); }));
  set_rows(fields, "hosts",
           each_of(dossier.plan.hosts, [&](const plan::HostPlan& host) { return host_fields(dossier, host); }));
}

}  // namespace esx2esxi::render
