#include "esx2esxi/app/trace.hpp"

#include <algorithm>

#include "esx2esxi/core/parallel.hpp"
#include "esx2esxi/core/text.hpp"
#include "trace_story.hpp"

namespace esx2esxi::app {

namespace {

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

/// Volumes whose server no interface reaches are in use all the same.
std::vector<std::string> stacks_carrying(const model::State& state, bool classic,
                                         const std::vector<model::Service>& services) {
  std::vector<std::string> names;
  for (const auto service : services) {
    auto carrying = model::stacks_of(state, service);
    if (carrying.empty() && service == model::Service::Nfs && !state.nfs.empty())
      carrying.emplace_back(classic ? model::kVmkernel : model::kDefaultStack);
    for (auto& name : carrying) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<TracedStack> stacks_in(const std::vector<TracedState>& states, bool classic_host,
                                   const std::vector<model::Service>& services) {
  std::vector<TracedStack> stacks;
  for (const auto& state : states) {
    const bool classic = classic_host && state.name == "before";
    const auto names =
        services.empty() ? stack_names(*state.state, classic) : stacks_carrying(*state.state, classic, services);
    for (const auto& name : names) stacks.push_back({&state, name, model::table_of(*state.state, name)});
  }
  return stacks;
}

const model::State* after_of(const plan::Plan& plan, const std::string& host) {
  const auto it = std::find_if(plan.hosts.begin(), plan.hosts.end(), [&](const auto& h) { return h.name == host; });
  return it == plan.hosts.end() ? nullptr : &it->after;
}

std::vector<TracedState> states_of(const model::Host& host, const transform::Mapping& mapping, const plan::Plan* plan) {
  transform::Mapping as_it_is;
  as_it_is.state = host.before;
  std::vector<TracedState> states{{"before", &host.before, std::move(as_it_is)}, {"mapped", &mapping.state, mapping}};
  if (const auto* after = plan ? after_of(*plan, host.name) : nullptr)
    states.push_back({"after", after, mapping, rules::Stage::Planned});
  return states;
}

/// The way itself; its story comes later.
Answer way_of(const model::Host& host, net::Ipv4Address to, const TracedStack& stack) {
  Answer answer;
  answer.host = host.name;
  answer.to = to;
  answer.state = stack.in->name;
  answer.stack = stack.name;
  const auto& egress = stack.table.lookup(to);
  if (!egress.reachable()) return answer;
  for (const auto id : egress.interfaces) {
    const auto& interface = model::interface_of(*stack.in->state, id);
    answer.interfaces.push_back({{}, interface.name, interface.from});
    answer.story.sources.push_back(*interface.address);
  }
  answer.next_hop = egress.next_hop();
  answer.source = answer.story.sources.front();
  answer.by = egress.by;
  answer.ambiguous = egress.ambiguous();
  return answer;
}

bool carries_any(const TracedStack& stack, const std::vector<model::Endpoint>& destinations) {
  return std::any_of(destinations.begin(), destinations.end(), [&](const model::Endpoint& d) {
    const auto names = model::stacks_of(*stack.in->state, d.service);
    return std::find(names.begin(), names.end(), stack.name) != names.end();
  });
}

/// The one address that the services in question came from so far; none where there were several.
std::optional<net::Ipv4Address> source_before(const std::vector<TracedStack>& stacks,
                                              const std::vector<model::Endpoint>& destinations, net::Ipv4Address to) {
  std::optional<net::Ipv4Address> source;
  for (const auto& stack : stacks) {
    const auto& egress = stack.table.lookup(to);
    if (stack.in->name != "before" || !egress.reachable() || !carries_any(stack, destinations)) continue;
    const auto address = model::interface_of(*stack.in->state, egress.interfaces.front()).address;
    if (egress.ambiguous() || (source && source != address)) return std::nullopt;
    source = address;
  }
  return source;
}

/// All answers for one destination: findings are shared by the stacks of a state.
void add_answers(std::vector<Answer>& answers, const Session& session, const model::Host& host,
                 const std::vector<TracedStack>& stacks, const std::vector<model::Endpoint>& destinations,
                 net::Ipv4Address to) {
  const TracedState* judged = nullptr;
  std::vector<rules::Finding> findings;
  const auto earlier = source_before(stacks, destinations, to);
  for (const auto& stack : stacks) {
    if (stack.in != judged) findings = findings_of(session, host, *stack.in, destinations);
    judged = stack.in;
    auto answer = way_of(host, to, stack);
    answer.story.candidates = candidates_of(stack, to);
    answer.story.why = why_text(stack, answer, destinations);
    const bool comparable = stack.in->name != "before" && carries_any(stack, destinations);
    tell_way_back(answer.story, stack, answer, session.policy, comparable ? earlier : std::nullopt);
    answer.story.breaks = broken_by(findings, answer);
    answers.push_back(std::move(answer));
  }
}

std::vector<Answer> answers_of(const Session& session, const model::Host& host, const Options& options,
                               const plan::Plan* plan) {
  const auto mapping = transform::map_host(host, session.target, session.path);
  const auto states = states_of(host, mapping, plan);
  const auto stacks = stacks_in(states, host.classic(), options.services);
  const auto known = model::endpoints_of(host, session.policy, session.estate);
  std::vector<Answer> answers;
  for (const auto to : options.to)
    add_answers(answers, session, host, stacks, destinations(host, known, options.services, to), to);
  return answers;
}

}  // namespace

std::vector<Answer> trace(const Session& session, const Options& options, const plan::Plan* plan) {
  std::vector<std::vector<Answer>> parts(session.estate.hosts.size());
  parallel_for(parts.size(), session.jobs, [&](std::size_t i) {
    if (session.chosen[i]) parts[i] = answers_of(session, session.host(i), options, plan);
  });
  std::vector<Answer> answers;
  for (auto& part : parts)
    answers.insert(answers.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
  return answers;
}

Checked<std::vector<net::Ipv4Address>> read_addresses(const FileName& file, std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Checked<std::vector<net::Ipv4Address>> out;
  for_each_line(text, [&](std::string_view line, std::uint32_t number) {
    const auto said = trim(line.substr(0, line.find('#')));
    if (said.empty()) return;
    const auto address = net::Ipv4Address::parse(said);
    if (address)
      out.value.push_back(*address);
    else
      out.notes.push_back(
          {Severity::Error,
           "address-list",
           {file, number, 0},
           "'" + shown(said.substr(0, 60)) + "' is no IPv4 address: " + std::string(address.error().what),
           "one address a line; a # begins a comment"});
  });
  if (out.value.empty() && out.notes.empty())
    out.notes.push_back({Severity::Error, "address-list", {file, 0, 0}, "holds no address", "one address a line"});
  return out;
}

}  // namespace esx2esxi::app
