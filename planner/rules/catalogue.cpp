#include "esx2esxi/rules/catalogue.hpp"

#include <algorithm>
#include <stdexcept>

#include "esx2esxi/core/data.hpp"
#include "esx2esxi/core/info.hpp"
#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/rules/predicates.hpp"

namespace esx2esxi::rules {

const Grade* Rule::grade(std::string_view name) const {
  const auto it = std::find_if(grades.begin(), grades.end(), [&](const Grade& g) { return g.name == name; });
  return it == grades.end() ? nullptr : &*it;
}

const Rule* Catalogue::find(std::string_view slug) const {
  const auto it = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return r.slug == slug; });
  return it == rules.end() ? nullptr : &*it;
}

namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

/// Calls `text_part(text)` and `word(name)` in turn; false if a {{ is never closed.
template <class Text, class Word>
bool for_each_part(std::string_view text, Text text_part, Word word) {
  for (;;) {
    const auto open = text.find(kOpen);
    text_part(text.substr(0, open));
    if (open == std::string_view::npos) return true;
    const auto close = text.find(kClose, open);
    if (close == std::string_view::npos) return false;
    word(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    text.remove_prefix(close + kClose.size());
  }
}

std::optional<Severity> severity_named(std::string_view text) {
  for (const auto severity : {Severity::Info, Severity::Warning, Severity::Error})
    if (text == to_string(severity)) return severity;
  return std::nullopt;
}

bool listed_in(std::string_view list, std::string_view word) {
  const auto all = words(list);
  return std::find(all.begin(), all.end(), word) != all.end();
}

bool is_slug(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
}

/// Reads one `rule SLUG { ... }`; what is wrong with it goes to the notes.
class RuleReader {
 public:
  RuleReader(const InfoNode& node, Diagnostics& notes) : node_(node), notes_(notes) {
    rule_.slug = node.value;
    rule_.at = node.at;
  }

  Rule read() {
    if (!is_slug(rule_.slug)) complain(node_.at, "a slug is made of lower-case letters and dashes");
    for (const auto& child : node_.children) take(child);
    for (const auto& text : texts_)
      if ((rule_.*text.second).empty()) complain(node_.at, fmt::format("'{}' is missing", text.first));
    if (!severe_) complain(node_.at, "'severity' is missing");
    if (rule_.remedies.empty()) complain(node_.at, "'remedy' is missing");
    if (const auto* entry = find_predicate(rule_.predicate)) check_against(*entry);
    return std::move(rule_);
  }

 private:
  using Field = std::pair<std::string_view, std::string Rule::*>;
  static constexpr Field texts_[] = {{"section", &Rule::section},
                                     {"title", &Rule::title},
                                     {"message", &Rule::message},
                                     {"explanation", &Rule::explanation},
                                     {"vmkernel", &Rule::vmkernel},
                                     {"symptoms", &Rule::symptoms},
                                     {"kb", &Rule::kb},
                                     {"predicate", &Rule::predicate}};

  void complain(const Origin& at, const std::string& what) {
    notes_.push_back({Severity::Error, "catalogue", at, fmt::format("rule '{}': {}", rule_.slug, what), {}});
  }

  void take(const InfoNode& child) {
    const auto text =
        std::find_if(std::begin(texts_), std::end(texts_), [&](const Field& f) { return f.first == child.key; });
    if (child.key != "grade" && !child.children.empty())
      complain(child.at, fmt::format("'{}' takes no braces", child.key));
    if (text != std::end(texts_)) return take_text(child, rule_.*text->second);
    if (child.key == "remedy") return rule_.remedies.push_back(child.value);
    if (child.key == "grade") return take_grade(child);
    if (child.key != "severity") return complain(child.at, fmt::format("unknown key '{}'", child.key));
    if (severe_) complain(child.at, "'severity' is given twice");
    severe_ = true;
    rule_.severity = severity_of(child);
  }

  void take_text(const InfoNode& child, std::string& field) {
    if (!field.empty()) complain(child.at, fmt::format("'{}' is given twice", child.key));
    field = child.value;
    if (child.key == "message") message_at_ = child.at;
    if (child.key == "predicate" && !find_predicate(child.value))
      complain(child.at, fmt::format("there is no predicate '{}'", child.value));
  }

  Severity severity_of(const InfoNode& child) {
    const auto severity = severity_named(child.value);
    if (!severity) complain(child.at, fmt::format("'{}' is no severity: error, warning or info", child.value));
    return severity.value_or(Severity::Error);
  }

  void take_grade(const InfoNode& node) {
    Grade grade;
    grade.name = node.value;
    bool severe = false;
    Origin message_at = node.at;
    for (const auto& child : node.children) {
      if (child.key == "message") {
        grade.message = child.value;
        message_at = child.at;
      } else if (child.key == "severity") {
        grade.severity = severity_of(child);
        severe = true;
      } else {
        complain(child.at, fmt::format("unknown key '{}' in grade '{}'", child.key, grade.name));
      }
    }
    if (!severe) complain(node.at, fmt::format("grade '{}' has no severity", grade.name));
    if (rule_.grade(grade.name)) complain(node.at, fmt::format("grade '{}' is given twice", grade.name));
    grade_messages_.emplace_back(message_at, grade.message);
    grade_places_.push_back(node.at);
    rule_.grades.push_back(std::move(grade));
  }

  void check_against(const PredicateEntry& entry) {
    for (std::size_t i = 0; i < rule_.grades.size(); ++i)
      if (!listed_in(entry.grades, rule_.grades[i].name))
        complain(grade_places_[i], fmt::format("predicate '{}' knows no grade '{}'", entry.name, rule_.grades[i].name));
    for (const auto grade : words(entry.grades))
      if (!rule_.grade(grade)) complain(node_.at, fmt::format("grade '{}' of its predicate is missing", grade));
    check_words(entry, message_at_, rule_.message);
    for (const auto& [at, message] : grade_messages_) check_words(entry, at, message);
  }

  void check_words(const PredicateEntry& entry, const Origin& at, std::string_view message) {
    const bool closed = for_each_part(
        message, [](std::string_view) {},
        [&](std::string_view word) {
          if (!listed_in(entry.words, word))
            complain(at, fmt::format("predicate '{}' provides no word '{}'", entry.name, word));
        });
    if (!closed) complain(at, "a {{ is never closed");
  }

  const InfoNode& node_;
  Diagnostics& notes_;
  Rule rule_;
  bool severe_ = false;
  Origin message_at_;
  std::vector<std::pair<Origin, std::string>> grade_messages_;
  std::vector<Origin> grade_places_;
};

}  // namespace

std::string expand(std::string_view text, const std::vector<std::pair<std::string_view, std::string>>& provided) {
  std::string out;
  out.reserve(text.size() * 2);
  for_each_part(
      text, [&](std::string_view part) { out += part; },
      [&](std::string_view name) {
        for (const auto& [word, value] : provided)
          if (word == name) {
            out += value;
            return;
          }
        throw std::logic_error(fmt::format("expand: nothing provides the word '{}'", name));
      });
  return out;
}

Checked<Catalogue> read_catalogue(std::string_view text, FileName file) {
  Checked<Catalogue> out;
  auto tree = read_info(file, text);
  out.notes = std::move(tree.notes);
  for (const auto& node : tree.value.children) {
    if (node.key != "rule") {
      out.notes.push_back({Severity::Error, "catalogue", node.at, fmt::format("unknown key '{}'", node.key), {}});
      continue;
    }
    auto rule = RuleReader(node, out.notes).read();
    if (const auto* twin = out.value.find(rule.slug))
      out.notes.push_back({Severity::Error,
                           "catalogue",
                           node.at,
                           fmt::format("rule '{}' is there already, in line {}", rule.slug, twin->at.line),
                           {}});
    out.value.rules.push_back(std::move(rule));
  }
  if (out.value.rules.empty() && out.notes.empty())
    out.notes.push_back({Severity::Error, "catalogue", {file, 0, 0}, "no rule at all", {}});
  return out;
}

namespace {

Catalogue own_catalogue() {
  constexpr std::string_view kPath = "rules/catalogue.info";
  auto read = read_catalogue(data_file(kPath), FileName(std::string(kPath)));
  if (!read.notes.empty()) throw std::logic_error(to_string(read.notes.front()));  // our own data
  return std::move(read.value);
}

}  // namespace

const Catalogue& built_in_catalogue() {
  static const auto catalogue = own_catalogue();
  return catalogue;
}

}  // namespace esx2esxi::rules
