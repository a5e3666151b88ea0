#include "mentions.hpp"

#include <algorithm>
#include <array>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::array<std::string_view, 12> kPrograms{
    "esxcfg-vswitch", "esxcfg-vmknic", "esxcfg-vswif", "esxcfg-route",   "esxcfg-nas",    "esxcfg-swiscsi",
    "esxcfg-advcfg",  "esxcli",        "vim-cmd",      "vmware-vim-cmd", "vmkiscsi-tool", "vicfg-"};

bool in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// Blanks, and what other languages put between the words of a list.
bool is_between(char c) { return std::string_view(" \t\"',[]{}\\").find(c) != std::string_view::npos; }
bool ends_call(char c) { return std::string_view(";|&)`\n\r").find(c) != std::string_view::npos; }

/// The length of the program's name that begins here; 0: none does, or it is a part of another name or of a path.
std::size_t name_length(std::string_view rest) {
  for (const auto program : kPrograms) {
    if (!rest.starts_with(program)) continue;
    const bool family = program.back() == '-';
    const auto from = rest.begin() + static_cast<std::ptrdiff_t>(program.size());
    const auto end = family ? std::find_if_not(from, rest.end(), in_name) : from;
    const auto length = static_cast<std::size_t>(end - rest.begin());
    if (family && end == from) continue;
    if (length == rest.size() || is_between(rest[length]) || ends_call(rest[length])) return length;
  }
  return 0;
}

std::vector<std::string_view> arguments_in(std::string_view rest) {
  constexpr std::size_t most = 32;  // more tell nothing new
  std::vector<std::string_view> words;
  while (!rest.empty() && !ends_call(rest.front()) && words.size() < most) {
    const auto end = static_cast<std::size_t>(
        std::find_if(rest.begin(), rest.end(), [](char c) { return is_between(c) || ends_call(c); }) - rest.begin());
    if (end > 0) words.push_back(rest.substr(0, end));
    rest.remove_prefix(std::max<std::size_t>(end, 1));
  }
  return words;
}

bool has_any(const std::vector<std::string_view>& words, std::initializer_list<std::string_view> all) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return is_any(word, all); });
}

bool esxcli_shows(const std::vector<std::string_view>& words) {
  if (words.empty()) return false;
  const bool concerns =
      has_any(words, {"swiscsi", "iscsi", "nfs"}) || (has_any(words, {"network"}) && has_any(words, {"ip", "vswitch"}));
  if (!concerns) return true;
  return has_any(words, {"list", "get"}) && !has_any(words, {"add", "set", "remove", "delete"});
}

bool vim_cmd_shows(const std::vector<std::string_view>& words) {
  if (words.empty()) return false;
  const auto call = words.front();
  const auto has = [&](std::string_view part) { return call.find(part) != std::string_view::npos; };
  const bool concerns = has("hostsvc/net/") || has("hostsvc/vmotion/") || has("hostsvc/datastore/nas");
  return !concerns || has("info") || has("get") || has("query") || has("refresh");
}

}  // namespace

bool names_program(std::string_view name) { return !name.empty() && name_length(name) == name.size(); }

bool only_shows(std::string_view program, const std::vector<std::string_view>& arguments) {
  if (program == "esxcli") return esxcli_shows(arguments);
  if (program.ends_with("vim-cmd")) return vim_cmd_shows(arguments);
  if (arguments.empty()) return false;
  if (program == "esxcfg-advcfg") return !has_any(arguments, {"/Migrate/Vmknic", "/FT/Vmknic"});
  const auto first = arguments.front();
  if (program == "vmkiscsi-tool") return first != "-D";  // its other uses set secrets
  return is_any(first, {"-l", "--list", "-c", "--check", "-C", "-r", "--restore", "-q", "--query", "-h", "--help"});
}

std::optional<Mention> changing_mention(std::string_view text) {
  std::optional<Mention> bare;
  for (std::size_t at = 0; at < text.size();) {
    const auto length = at > 0 && (in_name(text[at - 1]) || text[at - 1] == '.') ? 0 : name_length(text.substr(at));
    if (length == 0) {
      ++at;
      continue;
    }
    const auto program = text.substr(at, length);
    at += length;
    const auto arguments = arguments_in(text.substr(at));
    if (arguments.empty() && !bare) bare = Mention{std::string(program), true};
    if (!arguments.empty() && !only_shows(program, arguments)) return Mention{std::string(program), false};
  }
  return bare;
}

}  // namespace esx2esxi::intake
