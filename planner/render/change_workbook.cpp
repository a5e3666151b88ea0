// change-request.xlsx: what the dossier's tables hold, for those who sort and filter.
#include "changes.hpp"
#include "dossier.hpp"
#include "esx2esxi/core/text.hpp"
#include "files.hpp"
#include "sentences.hpp"
#include "shell_commands.hpp"
#include "waves.hpp"
#include "workbook.hpp"

namespace esx2esxi::render {

namespace {

template <class T>
std::string printed(const std::optional<T>& value) {
  return value ? to_string(*value) : std::string();
}

/// A number where there is one, else an empty cell.
template <class T>
Cell counted_or_empty(const std::optional<T>& value) {
  return value ? Cell(static_cast<std::size_t>(*value)) : Cell(std::string());
}

Cell vlan_cell(const model::Interface* i) {
  return i && i->vlan ? Cell(static_cast<std::size_t>(i->vlan->value())) : Cell(std::string());
}

void summary_sheet(Workbook& book, const Dossier& d) {
  book.sheet("Summary", {{"What", 34}, {"Value", 90}});
  book.row({std::string("Title"), d.particulars.title.empty() ? title(d.plan) : d.particulars.title});
  book.row({std::string("Change number"), d.particulars.change_number});
  book.row({std::string("Requested by"), d.particulars.requester});
  book.row({std::string("Window"), d.particulars.window});
  book.row({std::string("Plan of"), d.plan.date});
  book.row({std::string("Target"), "ESXi " + to_string(d.plan.target)});
  book.row({std::string("Path"), std::string(to_string(d.plan.path))});
  book.row({std::string("Highest risk, of 25"), std::size_t{worst_score(d.plan)}});
  for (const auto& [label, number] : figure_list(d.figures)) book.row({std::string(label), number});
  for (const auto& sentence : summary_sentences(d.plan, d.figures)) book.row({std::string("Summary"), sentence});
}

void hosts_sheet(Workbook& book, const plan::Plan& plan) {
  book.sheet("Hosts", {{"Host", 18},
                       {"Product", 16},
                       {"Cluster", 16},
                       {"Status", 11},
                       {"Interfaces", 10},
                       {"Remedies", 10},
                       {"Findings", 10},
                       {"Steps", 8},
                       {"Seconds", 9},
                       {"Blocked by", 60}});
  for (const auto& host : plan.hosts)
    book.row({host.name, product_of(host), host.cluster, std::string(to_string(host.status)),
              host.after.interfaces.size(), host.remedies.size(), host.findings.size(), host.steps.size(),
              seconds(host.steps), join(host.blocked, "; ")});
}

void address_sheet(Workbook& book, const plan::Plan& plan) {
  book.sheet("Address plan", {{"Host", 18},
                              {"On ESX", 9},
                              {"Address now", 15},
                              {"Prefix now", 8},
                              {"VLAN now", 8},
                              {"On ESXi", 9},
                              {"Address", 15},
                              {"Prefix", 8},
                              {"VLAN", 8},
                              {"Gateway", 15},
                              {"Stack", 18},
                              {"Port group", 24},
                              {"Services", 24},
                              {"Fate", 10}});
  for (const auto& host : plan.hosts)
    for (const auto& change : interface_changes(host)) {
      const auto* was = change.before;
      const auto* is = change.after;
      book.row({host.name, change.classic_name(), was ? printed(was->address) : "",
                was ? counted_or_empty(was->prefix_length()) : Cell(std::string()), vlan_cell(was),
                is ? is->name : std::string(), is ? printed(is->address) : "",
                is ? counted_or_empty(is->prefix_length()) : Cell(std::string()), vlan_cell(is),
                is ? printed(gateway_of(host.after, *is)) : "", is ? is->stack : std::string(), change.last().portgroup,
                services_text(change.last()), std::string(fate_of(change))});
    }
}

void findings_sheet(Workbook& book, const Dossier& d) {
  book.sheet("Findings", {{"Host", 18},
                          {"Rule", 24},
                          {"Severity", 10},
                          {"Introduced", 10},
                          {"Finding", 80},
                          {"Addresses", 30},
                          {"Affected", 30},
                          {"Evidence", 50},
                          {"Reference", 24},
                          {"Resolution", 40}});
  const auto add = [&](const std::string& who, const rules::Finding& f) {
    book.row({who, f.rule, std::string(to_string(f.severity)), std::string(f.introduced ? "yes" : "no"), f.message,
              join(f.addresses, ", "), join(f.endpoints, ", "), evidence_text(f, d.root), f.kb, resolution_text(f)});
  };
  for (const auto& host : d.plan.hosts)
    for (const auto& finding : host.findings) add(host.name, finding);
  for (const auto& finding : d.plan.findings) add(join(finding.hosts, ", "), finding);
}

void steps_sheet(Workbook& book, const plan::Plan& plan) {
  book.sheet("Steps", {{"Host", 18},
                       {"#", 6},
                       {"What", 40},
                       {"Command", 70},
                       {"Expected", 40},
                       {"Why", 22},
                       {"Undo", 40},
                       {"Interrupts", 18},
                       {"Seconds", 9}});
  for (const auto& host : plan.hosts) {
    const auto texts = step_texts(plan, host, host.mapped, host.steps);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto& step = host.steps[i];
      book.row({host.name, std::size_t{step.n}, title_of(step), texts[i].command, texts[i].expected, step.why,
                step.undo, step.interrupts, std::size_t{step.seconds}});
    }
  }
}

void ripple_sheet(Workbook& book, const plan::Plan& plan) {
  book.sheet("Ripple", {{"Kind", 16},
                        {"System", 30},
                        {"What", 40},
                        {"Now", 22},
                        {"To be", 22},
                        {"When", 16},
                        {"Who", 20},
                        {"Hosts", 30},
                        {"Why", 60}});
  for (const auto& r : plan.ripple)
    book.row({std::string(to_string(r.kind)), r.system, subject_text(r), r.old_value, new_text(r), when_text(r), r.who,
              join(r.hosts, ", "), r.why});
}

void waves_sheet(Workbook& book, const plan::Plan& plan) {
  book.sheet("Waves", {{"Wave", 40},
                       {"Hosts", 8},
                       {"Blocked", 8},
                       {"Script seconds", 10},
                       {"Names", 60},
                       {"Why", 60},
                       {"Waits for", 40}});
  for (const auto& wave : waves_of(plan)) {
    std::size_t all = 0;
    std::size_t blocked = 0;
    std::vector<std::string> names;
    for (const auto* host : wave.hosts) {
      all += seconds_of(*host, wave.work);
      if (host->status == plan::Status::Blocked) ++blocked;
      names.push_back(name_in_wave(*host));
    }
    book.row({wave.name, wave.hosts.size(), blocked, all, join(names, ", "), wave.why, join(wave.waits_for, "; ")});
  }
}

}  // namespace

void write_workbook(const plan::Plan& plan, const DossierOptions& options, const Put& put) {
  const Dossier d(plan, options);
  Workbook book(options.particulars.title.empty() ? title(plan) : options.particulars.title, plan.date);
  summary_sheet(book, d);
  hosts_sheet(book, plan);
  address_sheet(book, plan);
  findings_sheet(book, d);
  steps_sheet(book, plan);
  ripple_sheet(book, plan);
  waves_sheet(book, plan);
  book.finish(put);
}

}  // namespace esx2esxi::render
