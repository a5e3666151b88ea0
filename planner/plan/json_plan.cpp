// plan.json as a whole.
#include "json.hpp"

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

namespace {

/// Arguments are words of a command; what is a number, a truth value or a list there is one in JSON.
Json argument(std::string_view name, const std::string& value) {
  if (name == "active" || name == "standby") {
    auto out = Json::array();
    for (const auto item : split(value, ','))
      if (!item.empty()) out.push_back(text(item));
    return out;
  }
  if (value.empty()) return nullptr;
  if (name == "enabled" || name == "read_only" || name == "forced" || name == "peer_dns") return value == "true";
  if (name == "vlan" || name == "mtu")
    if (const auto n = number(value)) return *n;
  return text(value);
}

Json step(const Step& s) {
  auto arguments = Json::object();
  for (const auto& [name, value] : s.arguments) arguments[valid_utf8(name)] = argument(name, value);
  return {{"n", s.n},
          {"action", to_string(s.action)},
          {"interface", text_or_null(s.interface)},
          {"arguments", std::move(arguments)},
          {"why", text_or_null(s.why)},
          {"undo", text_or_null(s.undo)},
          {"interrupts", text_or_null(s.interrupts)},
          {"seconds", s.seconds}};
}

Json remedy(const readdress::Remedy& r) {
  return {{"kind", readdress::to_string(r.kind)},
          {"interface", text_or_null(r.interface)},
          {"from", text_or_null(r.from_value)},
          {"to", text_or_null(r.to_value)},
          {"rule", text_or_null(r.rule)},
          {"why", text_or_null(r.why)},
          {"cost", r.cost},
          {"to_be_confirmed", r.to_be_confirmed}};
}

Json remaining(const Proof::Remaining& change) {
  return {{"service", text(change.service)},
          {"region", text(change.region)},
          {"before", text(change.before)},
          {"after", text(change.after)},
          {"why", text(change.why)}};
}

Json proof(const Proof& p) {
  return {{"regions", p.regions}, {"ambiguous", p.ambiguous}, {"changes", list(p.changes, remaining)}};
}

Json diagnostic(const Diagnostic& d) {
  return {{"severity", to_string(d.severity)},
          {"code", text(d.code)},
          {"at", d.at.known() ? text(to_string(d.at)) : Json(nullptr)},
          {"message", text(d.message)},
          {"remedy", text_or_null(d.remedy)}};
}

Json finding(const rules::Finding& f) { return to_json(f); }

Json attachment(const Attachment& a) {
  return {{"address", printed(a.address)},
          {"netmask", printed(a.netmask)},
          {"vlan", a.vlan ? Json(a.vlan->value()) : Json(nullptr)}};
}

Json classic_change(const ClassicChange& c) {
  return {{"interface", text(c.interface)},
          {"portgroup", text_or_null(c.portgroup)},
          {"vswitch", text_or_null(c.vswitch)},
          {"from", attachment(c.from)},
          {"to", attachment(c.to)},
          {"why", text_or_null(c.why)}};
}

Json destination(const Destination& d) {
  return {{"name", text(d.name)}, {"address", to_string(d.address)}, {"service", to_string(d.service)}};
}

Json transition(const HostPlan& h) {
  return {{"steps", list(h.transition, step)}, {"removal", list(h.transition_end, step)}};
}

Json host(const HostPlan& h) {
  return {{"name", text(h.name)},
          {"product", text_or_null(h.product)},
          {"version", text_or_null(h.version)},
          {"uuid", text_or_null(h.uuid)},
          {"cluster", text_or_null(h.cluster)},
          {"status", to_string(h.status)},
          {"blocked", texts(h.blocked)},
          {"before", to_json(h.before)},
          {"mapped", to_json(h.mapped)},
          {"after", to_json(h.after)},
          {"findings", list(h.findings, finding)},
          {"remedies", list(h.remedies, remedy)},
          {"steps", list(h.steps, step)},
          {"rollback", list(h.rollback, step)},
          {"pre_migration", list(h.pre_migration, classic_change)},
          {"transition", transition(h)},
          {"proof", proof(h.proof)},
          {"destinations", list(h.destinations, destination)},
          {"diagnostics", list(h.diagnostics, diagnostic)}};
}

Json member(const rules::InterfaceRef& ref) {
  return {{"host", text(ref.host)}, {"name", text(ref.name)}, {"from", text_or_null(ref.from)}};
}

Json segment(const readdress::Segment& s) {
  return {{"service", to_string(s.service)},    {"cluster", text_or_null(s.cluster)},
          {"from", to_string(s.from)},          {"to", printed(s.to)},
          {"members", list(s.members, member)}, {"why", text_or_null(s.why)},
          {"rejected", texts(s.rejected)}};
}

Json group(const readdress::Optimum& g) {
  return {{"group", text(g.group)}, {"hosts", texts(g.hosts)}, {"cost", g.cost},         {"optimal", g.optimal},
          {"gap", g.gap},           {"nodes", g.nodes},        {"clash", texts(g.clash)}};
}

Json rollout(const Rollout& r) {
  return {{"cluster", text_or_null(r.cluster)},    {"hosts_at_a_time", r.hosts_at_a_time},
          {"transition", to_string(r.transition)}, {"why", text_or_null(r.why)},
          {"rejected", texts(r.rejected)},         {"refused", texts(r.refused)}};
}

Json mixed_state(const MixedState& m) {
  return {{"when", text(m.when)}, {"classic", m.classic}, {"pre_migrated", m.pre_migrated},
          {"away", m.away},       {"planned", m.planned}, {"findings", texts(m.findings)}};
}

Json wave(const Wave& w) {
  return {{"n", w.n},
          {"cluster", text_or_null(w.cluster)},
          {"kind", to_string(w.kind)},
          {"pilot", w.pilot},
          {"hosts", texts(w.hosts)},
          {"why", text_or_null(w.why)},
          {"waits_for", texts(w.waits_for)},
          {"states", list(w.states, mixed_state)}};
}

Json ripple(const Ripple& r) {
  return {{"kind", to_string(r.kind)},
          {"system", text(r.system)},
          {"subject", text_or_null(r.subject)},
          {"cluster", text_or_null(r.cluster)},
          {"hosts", texts(r.hosts)},
          {"old", text_or_null(r.old_value)},
          {"new", text_or_null(r.new_value)},
          {"source", text_or_null(r.source)},
          {"destination", text_or_null(r.destination)},
          {"port", text_or_null(r.port)},
          {"when", r.before ? "before" : "after"},
          {"wave", r.wave ? Json(r.wave) : Json(nullptr)},
          {"who", text_or_null(r.who)},
          {"why", text_or_null(r.why)},
          {"to_be_confirmed", r.to_be_confirmed}};
}

/// The proposal as a whole: the sums over its groups.
Json estate(const Plan& plan) {
  long long cost = 0;
  long long gap = 0;
  bool optimal = true;
  for (const auto& g : plan.groups) {
    cost += g.cost;
    gap += g.gap;
    optimal = optimal && g.optimal;
  }
  return {{"name", text_or_null(plan.estate)},
          {"findings", list(plan.findings, finding)},
          {"cost", cost},
          {"optimal", optimal},
          {"gap", gap},
          {"groups", list(plan.groups, group)},
          {"segments", list(plan.segments, segment)},
          {"rollouts", list(plan.rollouts, rollout)},
          {"waves", list(plan.waves, wave)},
          {"ripple", list(plan.ripple, ripple)}};
}

Json input(const PlannedInput& i) {
  return {{"path", text(i.path)}, {"sha256", text_or_null(i.sha256)}, {"kind", text_or_null(i.kind)}};
}

Json head(const Plan& plan) {
  return {{"format", "esx2esxi-plan"},         {"version", "1.0"},
          {"tool", text(plan.tool)},           {"target", to_string(plan.target)},
          {"path", to_string(plan.path)},      {"date", to_string(plan.date)},
          {"inputs", list(plan.inputs, input)}};
}

/// `value` as it looks when it stands `depth` levels deep. A newline inside a string is escaped, so each raw one begins
/// a line.
std::string indented(const Json& value, unsigned depth) {
  std::string out;
  for (const char c : value.dump(1)) {
    out += c;
    if (c == '\n') out.append(depth, ' ');
  }
  return out;
}

}  // namespace

Json to_json(const Plan& plan) {
  auto out = head(plan);
  out["hosts"] = list(plan.hosts, host);
  out["estate"] = estate(plan);
  return out;
}

void write_json(const Plan& plan, const Put& put) {
  auto opening = head(plan).dump(1);
  opening.erase(opening.size() - 2);  // the newline and the brace that end the object
  put(opening);
  put(",\n \"hosts\": [");
  for (const auto& h : plan.hosts) {
    put(&h == &plan.hosts.front() ? "\n  " : ",\n  ");
    put(indented(host(h), 2));
  }
  put(plan.hosts.empty() ? "]" : "\n ]");
  put(",\n \"estate\": ");
  put(indented(estate(plan), 1));
  put("\n}\n");
}

std::string json_text(const Plan& plan) {
  std::string out;
  write_json(plan, [&](std::string_view piece) { out += piece; });
  return out;
}

}  // namespace esx2esxi::plan
