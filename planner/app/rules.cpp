#include <fmt/format.h>

#include "esx2esxi/app/json.hpp"
#include "esx2esxi/app/reports.hpp"
#include "esx2esxi/app/table.hpp"
#include "esx2esxi/intake/policy.hpp"

namespace esx2esxi::app {

namespace {

constexpr std::size_t kWidth = 96;

std::string paragraph(std::string_view title, std::string_view text, Paint paint) {
  if (text.empty()) return {};
  return fmt::format("\n{}\n  {}\n", paint(Tone::Bold, title), wrapped(text, kWidth, "  "));
}

nlohmann::ordered_json json_of(const rules::Rule& rule) {
  return {{"rule", rule.slug},
          {"section", rule.section},
          {"severity", to_string(rule.severity)},
          {"title", rule.title},
          {"explanation", rule.explanation},
          {"vmkernel", rule.vmkernel},
          {"symptoms", rule.symptoms},
          {"kb", rule.kb},
          {"remedies", rule.remedies}};
}

}  // namespace

std::string rules_text(const rules::Catalogue& catalogue, Paint paint) {
  std::string text;
  std::string_view section;
  Table table("  ");
  const auto finish = [&] {
    text += table.text();
    table = Table("  ");
  };
  for (const auto& rule : catalogue.rules) {
    if (rule.section != section) {
      finish();
      section = rule.section;
      text += fmt::format("{}{}\n", text.empty() ? "" : "\n", paint(Tone::Bold, section));
    }
    table.row({rule.slug, std::string(to_string(rule.severity)), rule.title});
  }
  finish();
  return text + "\n'esx2esxi rules RULE' explains one.\n";
}

std::string rules_json(const rules::Catalogue& catalogue) {
  std::vector<std::string> lines;
  for (const auto& rule : catalogue.rules) lines.push_back(line_of(json_of(rule)));
  return opening("esx2esxi-rules") + "\"rules\": " + array_of(lines) + "}\n";
}

std::string policy_schema_json() {
  constexpr std::string_view kOccurs[] = {"once", "at most once", "any number"};
  std::vector<std::string> lines;
  for (const auto& key : intake::policy_layout())
    lines.push_back(line_of(nlohmann::ordered_json{{"block", key.block},
                                                   {"key", key.key},
                                                   {"value", key.value},
                                                   {"occurs", kOccurs[static_cast<std::size_t>(key.occurs)]},
                                                   {"text", key.text}}));
  return opening("esx2esxi-policy-schema") + "\"keys\": " + array_of(lines) + "}\n";
}

std::string rule_page(const rules::Rule& rule, Paint paint) {
  auto text = fmt::format("{}: {}\n  {} by default; section {}\n", paint(Tone::Bold, rule.slug), rule.title,
                          paint(tone_of(rule.severity), to_string(rule.severity)), rule.section);
  for (const auto& grade : rule.grades)
    if (grade.severity != rule.severity)
      text += fmt::format("  {} where the case is '{}'\n", paint(tone_of(grade.severity), to_string(grade.severity)),
                          grade.name);
  text += paragraph("What it means", rule.explanation, paint);
  text += paragraph("What the VMkernel does", rule.vmkernel, paint);
  text += paragraph("What you would see", rule.symptoms, paint);
  if (!rule.remedies.empty()) text += "\n" + paint(Tone::Bold, "What can be done") + "\n";
  for (const auto& remedy : rule.remedies) text += fmt::format("  - {}\n", wrapped(remedy, kWidth - 4, "    "));
  return text + paragraph("Where VMware says so", rule.kb, paint);
}

}  // namespace esx2esxi::app
