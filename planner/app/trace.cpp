#include <algorithm>

#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/app/reports.hpp"
#include "esx2esxi/app/table.hpp"
#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/model/routing.hpp"
#include "esx2esxi/net/fmt.hpp"

namespace esx2esxi::app {

namespace {

struct NamedState {
  std::string_view name;
  const model::State* state;
};

/// One stack of one state with its table, built once for all destinations.
struct StackTable {
  std::string_view state_name;
  const model::State* state;
  std::string stack;
  net::RouteTable table;
};

/// Those that the state describes or an interface is in. A classic host has both of its stacks, used or not.
std::vector<std::string> stack_names(const model::State& state, bool classic) {
  std::vector<std::string> names;
  const auto add = [&](std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  };
  if (classic) {
    add(model::kConsole);
    add(model::kVmkernel);
  }
  for (const auto& stack : state.stacks) add(stack.name);
  for (const auto& interface : state.interfaces) add(interface.stack);
  return names;
}

std::vector<StackTable> tables_of(const std::vector<NamedState>& states, const model::Host& host,
                                  std::optional<model::Service> service) {
  std::vector<StackTable> tables;
  for (const auto& [name, state] : states) {
    const bool classic = name == "before" && host.classic();
    const auto stacks = service ? model::stacks_of(*state, *service) : stack_names(*state, classic);
    for (const auto& stack : stacks) tables.push_back({name, state, stack, model::table_of(*state, stack)});
  }
  return tables;
}

Answer answer_of(const std::string& host, net::Ipv4Address to, const StackTable& in) {
  Answer answer{host, to, in.state_name, in.stack, {}, {}, {}, {}, false};
  const auto& egress = in.table.lookup(to);
  if (!egress.reachable()) return answer;
  for (const auto id : egress.interfaces) {
    const auto& interface = model::interface_of(*in.state, id);
    answer.interfaces.push_back({{}, interface.name, interface.from});
  }
  answer.next_hop = egress.next_hop();
  answer.source = model::interface_of(*in.state, egress.interfaces.front()).address;
  answer.by = egress.by;
  answer.ambiguous = egress.ambiguous();
  return answer;
}

std::string name_of(const rules::InterfaceRef& interface) {
  if (interface.from.empty() || interface.from == interface.name) return interface.name;
  return fmt::format("{} (was {})", interface.name, interface.from);
}

std::string path_text(const Answer& answer) {
  if (answer.interfaces.empty()) return "no route";
  std::vector<std::string> names;
  for (const auto& interface : answer.interfaces) names.push_back(name_of(interface));
  auto text = shown(join(names, " or "));
  text += answer.next_hop ? fmt::format(" by {}", *answer.next_hop) : std::string(" on-link");
  if (answer.source) text += fmt::format(", from {}", *answer.source);
  return text + fmt::format(", as {}", *answer.by);
}

nlohmann::ordered_json json_of(const rules::InterfaceRef& interface) {
  return {{"name", interface.name},
          {"from", interface.from.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(interface.from)}};
}

nlohmann::ordered_json json_of(const std::optional<net::Ipv4Address>& address) {
  return address ? nlohmann::ordered_json(to_string(*address)) : nlohmann::ordered_json();
}

nlohmann::ordered_json json_of(const Answer& answer) {
  auto interfaces = nlohmann::ordered_json::array();
  for (const auto& interface : answer.interfaces) interfaces.push_back(json_of(interface));
  const auto likely = answer.interfaces.empty() ? nlohmann::ordered_json() : json_of(answer.interfaces.front());
  return {{"host", answer.host},
          {"to", to_string(answer.to)},
          {"state", answer.state},
          {"stack", answer.stack},
          {"interfaces", interfaces},
          {"likely", likely},
          {"next_hop", json_of(answer.next_hop)},
          {"source", json_of(answer.source)},
          {"ambiguous", answer.ambiguous}};
}

const model::State* after_of(const plan::Plan& plan, const std::string& host) {
  const auto it = std::find_if(plan.hosts.begin(), plan.hosts.end(), [&](const auto& h) { return h.name == host; });
  return it == plan.hosts.end() ? nullptr : &it->after;
}

std::vector<Answer> answers_of(const Session& session, const model::Host& host, const Options& options,
                               const plan::Plan* plan) {
  const auto mapping = transform::map_host(host, session.target, session.path);
  std::vector<NamedState> states{{"before", &host.before}, {"mapped", &mapping.state}};
  if (const auto* after = plan ? after_of(*plan, host.name) : nullptr) states.push_back({"after", after});
  const auto tables = tables_of(states, host, options.service);
  std::vector<Answer> answers;
  for (const auto to : options.to)
    for (const auto& table : tables) answers.push_back(answer_of(host.name, to, table));
  return answers;
}

}  // namespace

std::vector<Answer> trace(const Session& session, const Options& options, const plan::Plan* plan) {
  std::vector<std::vector<Answer>> parts(session.estate.hosts.size());
  parallel_for(parts.size(), session.jobs, [&](std::size_t i) {
    if (session.chosen[i]) parts[i] = answers_of(session, session.host(i), options, plan);
  });
  std::vector<Answer> answers;
  for (auto& part : parts) answers.insert(answers.end(), part.begin(), part.end());
  return answers;
}

std::string trace_text(const std::vector<Answer>& answers, Paint paint) {
  std::string text;
  const Answer* last = nullptr;
  Table table("  ");
  bool tie = false;
  const auto finish = [&] {
    text += table.text();
    table = Table("  ");
  };
  for (const auto& answer : answers) {
    if (!last || last->host != answer.host || last->to != answer.to) {
      finish();
      text += paint(Tone::Bold, fmt::format("{} to {}", shown(answer.host), answer.to)) + "\n";
    }
    last = &answer;
    tie = tie || answer.ambiguous;
    table.row({std::string(answer.state), shown(answer.stack), path_text(answer),
               answer.ambiguous ? paint(Tone::Red, "ambiguous") : std::string()});
  }
  finish();
  if (answers.empty()) text += "No stack carries that service.\n";
  if (tie)
    text += "ambiguous: VMware leaves it undefined which interface is used; the first named one is the likely one.\n";
  return text;
}

std::string trace_json(const std::vector<Answer>& answers) {
  std::vector<std::string> lines;
  for (const auto& answer : answers) lines.push_back(line_of(json_of(answer)));
  return opening("esx2esxi-trace") + "\"answers\": " + array_of(lines) + "}\n";
}

}  // namespace esx2esxi::app
