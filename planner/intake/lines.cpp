#include "lines.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "esx2esxi/net/fmt.hpp"
#include "prompt.hpp"

namespace esx2esxi::intake {

namespace {

/// A hostile file can be wrong in every line; the first ones tell the story.
constexpr std::size_t kMostDiagnostics = 200;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_plain(char c) { return (c >= ' ' && c < 0x7f) || c == '\t'; }

/// Bytes of the blank that `text` begins with, in UTF-8, if it is one that keyboards do not type; else 0.
std::size_t exotic_blank(std::string_view text) {
  if (text.starts_with("\xc2\xa0")) return 2;                                          // no-break space
  if (text.starts_with("\xe3\x80\x80") || text.starts_with("\xef\xbb\xbf")) return 3;  // ideographic space, BOM
  if (text.starts_with("\xe2\x80") && text.size() > 2) {
    const auto last = static_cast<unsigned char>(text[2]);
    if (last <= 0x8b || last == 0xaf) return 3;  // en quad .. zero-width space, narrow no-break space
  }
  return 0;
}

/// Bytes of the terminal escape that `text` begins with: CSI "ESC [ ... letter", OSC "ESC ] ... BEL or ESC \", or two.
std::size_t escape_length(std::string_view text) {
  if (text.size() < 2) return text.size();
  if (text[1] == '[') {
    std::size_t end = 2;
    while (end < text.size() && (text[end] < '@' || text[end] > '~')) ++end;
    return std::min(end + 1, text.size());
  }
  if (text[1] == ']') {
    const auto end = text.find_first_of("\a\x1b", 2);
    if (end == std::string_view::npos) return 2;
    return std::min(text[end] == '\a' ? end + 1 : end + 2, text.size());
  }
  return 2;
}

}  // namespace

std::string_view clean(std::string_view line, std::string& scratch) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r')) line.remove_suffix(1);
  if (std::all_of(line.begin(), line.end(), is_plain)) return line;
  scratch.clear();
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '\x1b') {
      i += escape_length(line.substr(i));
    } else if (const auto blank = exotic_blank(line.substr(i)); blank > 0) {
      scratch += ' ';
      i += blank;
    } else {
      if (line[i] == '\b' && !scratch.empty()) scratch.pop_back();  // what was typed and taken back
      if (is_plain(line[i]) || static_cast<unsigned char>(line[i]) >= 0x80) scratch += line[i];
      ++i;
    }
  }
  while (!scratch.empty() && (scratch.back() == ' ' || scratch.back() == '\t')) scratch.pop_back();
  return scratch;
}

std::string excerpt(std::string_view token) {
  constexpr std::size_t most = 60;
  std::string out(token.substr(0, most));
  for (auto& c : out)
    if (!is_plain(c) && static_cast<unsigned char>(c) < 0x80) c = '?';
  if (token.size() > most) out += "...";
  return out;
}

void lose_undamaged_text(Facts& facts, const Origin& at) {
  const auto same = [](const LostFact& lost) { return lost.field == kUndamagedText; };
  if (std::none_of(facts.lost.begin(), facts.lost.end(), same))
    facts.lost.push_back({LostFact::Of::Host, {}, std::string(kUndamagedText), {}, at});
}

bool says_it_failed(std::string_view line) {
  constexpr std::string_view kBegins[] = {"Error:",         "Unknown command", "Unable to",    "Connect to",
                                          "Invalid option", "Usage: esxc",     "usage: esxcli"};
  constexpr std::string_view kEnds[] = {": not found", "command not found", "No such file or directory",
                                        "Permission denied", "Operation not permitted"};
  return std::any_of(std::begin(kBegins), std::end(kBegins), [&](auto begin) { return line.starts_with(begin); }) ||
         std::any_of(std::begin(kEnds), std::end(kEnds), [&](auto end) { return line.ends_with(end); }) ||
         line.find("Unknown command or namespace") != std::string_view::npos;
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

bool is_numbered(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return false;
  name.remove_prefix(prefix.size());
  return !name.empty() && name.size() <= 4 && std::all_of(name.begin(), name.end(), is_digit);
}

bool is_uuid(std::string_view text) {
  return text.size() == 36 && std::count(text.begin(), text.end(), '-') == 4 &&
         text.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

bool looks_like_damaged_address(std::string_view token) {
  const auto parts = split(token, '.');
  if (parts.size() != 4 || net::Ipv4Address::parse(token)) return false;
  const auto numbers = std::count_if(parts.begin(), parts.end(), [](auto part) { return number(part).has_value(); });
  const auto small = std::all_of(parts.begin(), parts.end(), [](auto part) { return part.size() <= 3; });
  return numbers == 4 || (small && numbers >= 2);
}

Origin Reading::at(const Line& line, std::string_view token) const {
  const auto begin = reinterpret_cast<std::uintptr_t>(line.text.data());
  const auto place = reinterpret_cast<std::uintptr_t>(token.data());
  const bool inside = place >= begin && place <= begin + line.text.size();
  return {source_.file, line.number, inside ? static_cast<std::uint32_t>(place - begin) + 1 : 1};
}

void Reading::note(Origin where, std::string_view code, std::string message) {
  if (facts.notes.size() >= kMostDiagnostics) return void(++dropped_);
  facts.notes.push_back({Severity::Note, std::string(code), std::move(where), std::move(message), {}});
}

void Reading::warn(Origin where, std::string_view code, std::string message, std::string_view remedy) {
  if (facts.notes.size() >= kMostDiagnostics) return void(++dropped_);
  facts.notes.push_back(
      {Severity::Warning, std::string(code), std::move(where), std::move(message), std::string(remedy)});
}

void Reading::unknown(const Line& line) {
  if (trim(line.text).empty()) return;
  if (unknown_++ == 0) first_unknown_ = line.number;
}

void Reading::lose(LostFact lost) {
  if (facts.lost.size() < kMostDiagnostics) facts.lost.push_back(std::move(lost));
}

bool Reading::refuses_encoding(std::string_view text) {
  if (!text.starts_with("\xff\xfe") && !text.starts_with("\xfe\xff")) return false;
  warn({source_.file, source_.lines_before + 1, 1}, "text-encoding", "the file is UTF-16", "save it as UTF-8");
  return true;
}

void Reading::overlong(const Line& line) {
  lost_lines_ = true;
  warn(at(line), "line-too-long", fmt::format("a line of more than {} bytes was skipped", kLongestLine));
}

/// Which letters these bytes stand for, no byte of them tells: a name guessed would be another name on the host.
/// Remarks may be in any encoding.
void Reading::misencoded(const Line& line) {
  if (trim(line.text).starts_with('#')) return;
  lost_lines_ = true;
  warn({source_.file, line.number, static_cast<std::uint32_t>(malformed_at(line.text)) + 1}, "text-encoding",
       "the line is not UTF-8 and was refused", "convert the file to UTF-8");
  lose_undamaged_text(facts, at(line));
}

/// Only in the first line: below it an output has begun.
void Reading::look_for_failure(const Line& line) {
  const auto text = trim(line.text);
  if (begun_ || text.empty() || find_prompt(text)) return;
  begun_ = true;
  if (!says_it_failed(text)) return;
  facts.failed = true;
  note(at(line), "command-failed",
       "the command printed an error in place of an output: what it would have shown is not known");
}

void Reading::damaged(const Line& line, Token token, std::string_view what, std::string_view why) {
  if (token.text.starts_with('$')) {  // a template that nobody filled in
    facts.unresolved.push_back({excerpt(token.text), at(line, token.place)});
    return;
  }
  // What a variable was given may be anything, a password too: the script's own word for it is enough.
  const auto shown = token.place.find('$') == std::string_view::npos ? token.text : token.place;
  warn(at(line, token.place), "value-damaged",
       fmt::format("'{}' is not {}{}{}", excerpt(shown), what, why.empty() ? "" : ": ", why));
}

Maybe<net::Ipv4Address> Reading::address(const Line& line, Token token) {
  if (line.cut && !token.place.empty() &&
      token.place.data() + token.place.size() == line.text.data() + line.text.size()) {
    warn(at(line, token.place), "output-cut",
         fmt::format("the output ends behind '{}': the address may lack digits and was refused", excerpt(token.place)),
         "copy the output again, up to the next prompt");
    return std::nullopt;
  }
  const auto parsed = net::Ipv4Address::parse(token.text);
  if (parsed) return said(line, token.place, *parsed);
  damaged(line, token, "an IPv4 address", parsed.error().what);
  return std::nullopt;
}

Maybe<net::Mac> Reading::mac(const Line& line, Token token) {
  const auto parsed = net::Mac::parse(token.text);
  if (parsed) return said(line, token.place, *parsed);
  damaged(line, token, "a MAC address", parsed.error().what);
  return std::nullopt;
}

Maybe<unsigned> Reading::mtu(const Line& line, Token token) {
  const auto value = number(token.text);
  if (value && *value >= 68 && *value <= 65535) return said(line, token.place, static_cast<unsigned>(*value));
  damaged(line, token, "an MTU", {});
  return std::nullopt;
}

std::optional<net::Ipv4Prefix> Reading::network(const Line& line, Token network, Token netmask) {
  const auto from = address(line, network);
  const auto mask = address(line, netmask);
  if (!from || !mask) return std::nullopt;
  const auto length = net::prefix_length(mask->value);
  if (!length) {
    warn(mask->at, "value-damaged", fmt::format("the mask {} has holes", mask->value));
    return std::nullopt;
  }
  const auto prefix = net::Ipv4Prefix::containing(from->value, *length);
  if (prefix && prefix->network() == from->value) return prefix;
  warn(from->at, "value-damaged", fmt::format("{} has bits set outside the mask {}", from->value, mask->value),
       "the host refuses such a route: correct the network or the mask");
  return std::nullopt;
}

std::optional<net::Ipv4Prefix> Reading::prefix(const Line& line, Token token) {
  const auto parsed = net::Ipv4Prefix::parse(token.text);
  if (parsed) return *parsed;
  damaged(line, token, "a network and its length", parsed.error().what);
  return std::nullopt;
}

Facts Reading::take() {
  if (dropped_ > 0) {
    facts.notes.push_back({Severity::Warning,
                           "more-diagnostics",
                           {source_.file, 0, 0},
                           fmt::format("{} more diagnostics are not shown", dropped_),
                           {}});
  }
  if (unknown_ > 0) {
    facts.notes.push_back({Severity::Note,
                           "lines-unknown",
                           {source_.file, first_unknown_, 1},
                           unknown_ == 1
                               ? std::string("the line means nothing here and was passed over")
                               : fmt::format("{} lines mean nothing here and were passed over, the first is line {}",
                                             unknown_, first_unknown_),
                           {}});
  }
  return std::move(facts);
}

}  // namespace esx2esxi::intake
