// Which commands of a session told something: an input of a host is named "FILE!COMMAND", with " (2)" behind a command
// that was run again, "(not read)" where it was refused or passed over, "(cut off)" where a transcript ends in it.
#include <algorithm>

#include "comparison.hpp"
#include "esx2esxi/core/text.hpp"

namespace esx2esxi::verify {

namespace {

/// Behind the name of an input that does not tell all that it should.
bool is_whole(std::string_view path) {
  path.remove_prefix(path.rfind('!') + 1);  // npos + 1 is 0
  return path.find("(not read)") == std::string_view::npos && path.find("(cut off)") == std::string_view::npos;
}

/// The part of a container, or nothing.
std::string_view command_of(std::string_view path) {
  for (const std::string_view program : {"!esxcli ", "!localcli ", "!esxcfg-"})
    if (const auto at = path.find(program); at != std::string_view::npos) return path.substr(at + 1);
  return {};
}

std::string_view without_count(std::string_view text) {
  const auto open = text.rfind(" (");
  if (open == std::string_view::npos || !text.ends_with(')')) return text;
  return number(text.substr(open + 2, text.size() - open - 3)) ? text.substr(0, open) : text;
}

/// "esxcli --formatter=csv network ip route ipv4 list -N vmotion": the words, and what the last option is about.
std::string esxcli_listing(std::string_view command) {
  std::string out;
  while (!command.empty()) {
    const auto end = std::min(command.find(' '), command.size());
    const auto word = command.substr(0, end);
    if (word.starts_with('-') && !word.starts_with("--formatter")) {
      const auto value = command.find_first_of(" =");
      if (value != std::string_view::npos) out += " " + std::string(command.substr(value + 1));
      return out;
    }
    if (!word.starts_with("--formatter") && word != "esxcli" && word != "localcli")
      out += (out.empty() ? "" : " ") + std::string(word);
    command.remove_prefix(std::min(end + 1, command.size()));
  }
  return out;
}

/// `esxcfg-route` alone shows the gateway only.
std::string classic_listing(std::string_view command) {
  const auto all = words(command);
  const std::string program(all.front());
  if (program == "esxcfg-route" && std::find(all.begin(), all.end(), "-l") == all.end()) return {};
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].starts_with("--netstack=")) return program + " " + std::string(all[i].substr(all[i].find('=') + 1));
    if ((all[i] == "-N" || all[i] == "--netstack") && i + 1 < all.size())
      return program + " " + std::string(all[i + 1]);
  }
  return program;
}

std::string listing_of(std::string_view command) {
  return command.starts_with("esxcfg-") ? classic_listing(command) : esxcli_listing(command);
}

}  // namespace

bool has_file(const model::Host& capture, std::string_view path) {
  return std::any_of(capture.inputs.begin(), capture.inputs.end(), [&](const model::InputFile& input) {
    return is_whole(input.path) && without_count(input.path).ends_with(path);
  });
}

std::vector<std::string> listings_of(const model::Host& capture) {
  std::vector<std::string> out;
  for (const auto& input : capture.inputs) {
    const auto command = command_of(input.path);
    if (command.empty() || !is_whole(command)) continue;
    for (const auto text : {command, without_count(command)})
      if (auto listing = listing_of(text); !listing.empty()) out.push_back(std::move(listing));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace esx2esxi::verify
