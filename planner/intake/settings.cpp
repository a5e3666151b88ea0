#include "settings.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "prompt.hpp"
#include "shell.hpp"

namespace esx2esxi::intake {

namespace {

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return out;
}

/// Where the value begins in its line: behind the "=" and an opening quote.
std::string_view value_in(const ShellWord& word, std::size_t name_and_sign) {
  auto raw = word.raw.substr(name_and_sign);
  if (!raw.empty() && (raw.front() == '"' || raw.front() == '\'')) raw.remove_prefix(1);
  return raw;
}

}  // namespace

Settings::Settings(Reading& reading) {
  ShellVariables variables;
  reading.for_each_line([&](const Line& line) {
    if (find_prompt(line.text)) return;
    ShellLine shell(line.text);
    while (const auto command = shell.next(variables)) {
      bool any = false;
      for (const auto& word : command->words) {
        const auto assigned = word.assignment();
        if (!assigned) {
          if (word.text == "export" && !any) continue;
          break;  // "KEY = value" and the like are commands to the shell, not settings
        }
        any = true;
        const auto [name, value_at] = *assigned;
        Setting setting{word.text.substr(std::min(value_at, word.text.size())), word.unresolved,
                        reading.at(line, value_in(word, value_at))};
        if (shell.unterminated()) {
          reading.warn(setting.at, "value-damaged",
                       fmt::format("the value of {} opens a quote and does not close it", excerpt(name)));
          continue;
        }
        if (all_.empty()) first_ = reading.at(line, word.raw);
        variables[std::string(name)] =
            setting.unresolved.empty() ? std::optional(setting.text) : std::optional<std::string>();
        all_[upper(name)] = std::move(setting);
      }
      if (!any && !command->words.empty()) {
        if (command->words.size() > 1 && command->words[1].text.starts_with('='))
          reading.warn(reading.at(line, command->words[0].raw), "setting-ignored",
                       "blanks around the = make the shell ignore this line", "write KEY=value");
        else
          reading.unknown(line);
      }
    }
  });
}

const Setting* Settings::find(std::string_view key) const {
  const auto at = all_.find(key);
  return at == all_.end() ? nullptr : &at->second;
}

Maybe<net::Ipv4Address> read_address(Reading& reading, const Setting& setting) {
  const auto parsed = net::Ipv4Address::parse(setting.text);
  if (parsed) return Said<net::Ipv4Address>{*parsed, setting.at};
  reading.warn(setting.at, "value-damaged",
               fmt::format("'{}' is not an IPv4 address: {}", excerpt(setting.text), parsed.error().what),
               "write four decimal numbers from 0 to 255, as in 10.0.0.5");
  return std::nullopt;
}

}  // namespace esx2esxi::intake
