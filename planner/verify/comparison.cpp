#include "comparison.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/plan/old_words.hpp"
#include "esx2esxi/plan/simulate.hpp"
#include "esx2esxi/plan/versions.hpp"
#include "esx2esxi/render/commands.hpp"

namespace esx2esxi::verify {

namespace {

/// A plan of another hand may ask for what its target does not have: no command can mend that.
bool exists(const plan::Step& step, model::Target target) {
  const bool tag = step.action == plan::Action::AddTag || step.action == plan::Action::RemoveTag;
  if (tag && !plan::versions().has("tags", target)) return false;
  const auto stack = step.argument("stack");
  if (!stack.empty() && stack != model::kDefaultStack && !plan::versions().has("netstacks", target)) return false;
  const bool own_gateway = step.action == plan::Action::SetAddress && !step.argument("gateway").empty();
  return !own_gateway || plan::versions().has("gateway-override", target);
}

}  // namespace

Mend& Mend::step(plan::Action action, std::string_view interface,
                 std::vector<std::pair<std::string, std::string>> arguments) {
  plan::Step step;
  step.action = action;
  step.interface = interface;
  step.arguments = std::move(arguments);
  if (plan::versions().release(target_) && exists(step, target_))
    for (auto& line : render::typed_commands(step, target_)) lines_.push_back(std::move(line));
  return *this;
}

Mend& Mend::esxcli(std::string_view words, std::vector<std::pair<std::string, std::string>> options) {
  if (target_ >= model::Target{5, 0}) lines_.push_back(render::esxcli_line(words, options));
  return *this;
}

Mend& Mend::esxcfg(std::string_view program, const std::vector<std::pair<std::string, std::string>>& options,
                   const std::string& operand) {
  std::vector<std::string> words{std::string(program)};
  bool plain = operand.empty() || plan::is_plain_operand(operand);
  for (const auto& [option, value] : options) {
    words.push_back(option);
    if (value.empty()) continue;
    plain = plain && plan::is_plain_operand(value);
    words.push_back(value);
  }
  if (!operand.empty()) words.push_back(operand);
  return plain && old_words() ? raw(render::typed_line(words)) : *this;
}

Mend& Mend::lines_of(const std::string& file, const std::string& word, const std::vector<std::string>& values,
                     bool others_there) {
  const std::string kept = "/tmp/" + word + "-kept";
  // Written in place: only so the host keeps the file over a reboot.
  if (others_there) {
    raw(render::typed_line({"grep", "-v", "^[[:space:]]*" + word + "[[:space:]]", file}) + " > " + kept);
    raw(render::typed_line({"cat", kept}) + " > " + file);
  }
  for (const auto& value : values) raw(render::typed_line({"echo", word + " " + value}) + " >> " + file);
  return *this;
}

Mend& Mend::raw(std::string line) {
  lines_.push_back(std::move(line));
  return *this;
}

Mend& Mend::at_once() {
  if (lines_.size() > 1) lines_ = {join(lines_, "; ")};
  return *this;
}

bool Mend::old_words() const { return !plan::versions().has("esxcli-network", target_); }

namespace {

bool is_cut(const model::Host& capture) {
  return std::any_of(capture.doubts.begin(), capture.doubts.end(), [](const model::Doubt& doubt) {
    return doubt.kind == model::Doubt::Kind::Missing && doubt.subject == "rest";
  });
}

}  // namespace

Comparison::Comparison(const plan::ReadPlan& plan, const plan::PlannedHost& host, const model::Host& from)
    : planned(host),
      wanted(plan::with_all_stacks(plan::acceptable(host.after))),
      captured(from),
      found(from.before),
      target(plan.target),
      listings(listings_of(from)),
      new_machine(plan.path == model::Path::Fresh),
      cut(is_cut(from)),
      classic(!from.product.empty() && from.classic()) {
  result.name = host.name;
  result.blocked = host.blocked;
}

bool Comparison::seen(std::initializer_list<std::string_view> named, std::string_view of) const {
  return std::any_of(named.begin(), named.end(), [&](std::string_view listing) {
    const auto text = of.empty() ? std::string(listing) : std::string(listing) + " " + std::string(of);
    return std::binary_search(listings.begin(), listings.end(), text);
  });
}

bool Comparison::seen_any(std::initializer_list<std::string_view> named) const {
  return std::any_of(named.begin(), named.end(), [&](std::string_view listing) {
    return std::any_of(listings.begin(), listings.end(),
                       [&](const std::string& one) { return one.starts_with(listing); });
  });
}

bool Comparison::old_words() const { return mend().old_words(); }

void Comparison::unseen(std::string what, std::string command, bool needed) {
  result.unseen.push_back({std::move(what), std::move(command), needed});
}

void Comparison::check(std::string_view subject, std::string_view field, const Text& expected, const Text& shown,
                       const Mend& mend) {
  if (!expected && !shown) return;
  Check check;
  check.subject = subject;
  check.field = field;
  check.expected = expected.value_or("");
  check.found = shown.value_or("");
  check.verdict = !expected           ? Verdict::Unexpected
                  : !shown            ? Verdict::Missing
                  : expected == shown ? Verdict::Equal
                                      : Verdict::Different;
  if (check.verdict != Verdict::Equal && !classic) check.mend = mend.lines();
  result.checks.push_back(std::move(check));
}

void Comparison::equal(std::string_view subject, std::string_view field, std::string value) {
  result.checks.push_back({Verdict::Equal, std::string(subject), std::string(field), value, value, {}});
}

}  // namespace esx2esxi::verify
