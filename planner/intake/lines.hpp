// What every text reader needs: clean lines, places in them, typed values with a diagnostic when they are damaged.
// Private to the stage.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/intake/facts.hpp"

namespace esx2esxi::intake {

/// No line of any of these formats comes near this; a longer one is skipped with a diagnostic, so that a hostile line
/// costs its length once and no more.
inline constexpr std::size_t kLongestLine = 4096;

/// One line, made fit to be read: no terminal escapes, no exotic blanks, no trailing blanks.
struct Line {
  std::string_view text;  ///< valid until the next line is asked for
  std::uint32_t number = 0;
  bool cut = false;  ///< the input ends in it, without a line end: an address at its end may lack digits
};

/// What the shell or a command says where it did not run. It means "not known", never "none".
bool says_it_failed(std::string_view line);

/// What is lost with a line in another encoding, as a doubt names it.
inline constexpr std::string_view kUndamagedText = "undamaged text";
/// Notes once for a file that such a line may have held anything.
void lose_undamaged_text(Facts& facts, const Origin& at);
/// Which interfaces iSCSI is bound to, as a doubt names it.
inline constexpr std::string_view kPortBinding = "iSCSI port binding";

/// Terminal escapes and control characters go, exotic blanks (no-break, ideographic, zero-width ...) become one blank
/// each. `scratch` holds the result where something had to be changed.
std::string_view clean(std::string_view line, std::string& scratch);

/// A text as a diagnostic may quote it: bounded, no control characters.
std::string excerpt(std::string_view token);

/// Line ends, terminal escapes: no value holds any, and they would end up in scripts and on terminals.
bool has_control_character(std::string_view text);

/// "vswif0", "vmk12": the prefix and one to four digits.
bool is_numbered(std::string_view name, std::string_view prefix);

/// "2764417a-0000-4ae5-b5f8-000000000066"
bool is_uuid(std::string_view text);

/// Three dots and mostly digits, but not an address: "1O.0.0.5", "10.1.x.22". No host has such a name.
bool looks_like_damaged_address(std::string_view token);

/// A value to be read, and the text that shows its place in the line: the same, but where a shell variable was put in.
struct Token {
  Token(std::string_view one) : text(one), place(one) {}
  Token(const char* one) : text(one), place(one) {}
  Token(std::string_view value, std::string_view where) : text(value), place(where) {}
  std::string_view text;
  std::string_view place;
};

/// A reader at work: what it found so far, and its words for what is wrong.
class Reading {
 public:
  explicit Reading(const Source& source) : source_(source) {}

  Facts facts;

  /// Calls `visit(const Line&)` for each line worth reading: blank lines are passed on (they end blocks), markdown
  /// fences and overlong lines are not.
  template <class Visit>
  void for_each_line(Visit visit) {
    auto text = source_.text;
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    if (refuses_encoding(text)) return;
    std::string scratch;
    esx2esxi::for_each_line(text, [&](std::string_view raw, std::uint32_t number) {
      const Line line{raw.size() > kLongestLine ? std::string_view() : clean(raw, scratch),
                      number + source_.lines_before, source_.open_end && is_end(raw)};
      if (raw.size() > kLongestLine) return overlong(line);
      if (malformed_at(line.text) != std::string_view::npos) return misencoded(line);
      if (trim(line.text).starts_with("```")) return;
      look_for_failure(line);
      visit(line);
    });
  }

  /// Where the line, or the token in its text, stands.
  Origin at(const Line& line) const { return {source_.file, line.number, 1}; }
  Origin at(const Line& line, std::string_view token) const;
  const FileName& file() const { return source_.file; }

  void note(Origin where, std::string_view code, std::string message);
  void warn(Origin where, std::string_view code, std::string message, std::string_view remedy = {});

  /// A line that means nothing to this reader: counted, and told once at the end. Never quoted: it may hold a secret.
  void unknown(const Line& line);

  /// A value was given that could not be read.
  void lose(LostFact lost);

  // Typed values; a damaged token leaves a warning and no value, a shell variable is noted as unresolved.
  Maybe<net::Ipv4Address> address(const Line& line, Token token);
  Maybe<net::Mac> mac(const Line& line, Token token);
  Maybe<unsigned> mtu(const Line& line, Token token);
  /// A network and its mask; a mask with holes or host bits in the network leave a warning.
  std::optional<net::Ipv4Prefix> network(const Line& line, Token address, Token netmask);
  std::optional<net::Ipv4Prefix> prefix(const Line& line, Token text);

  template <class T>
  Said<T> said(const Line& line, std::string_view token, T value) const {
    return {std::move(value), at(line, token)};
  }

  /// A line was too long to be read: what is not among the facts may have stood in it.
  bool lost_lines() const { return lost_lines_; }

  /// The facts, with the folded note on what was not understood.
  Facts take();

 private:
  bool refuses_encoding(std::string_view text);
  void damaged(const Line& line, Token token, std::string_view what, std::string_view why);
  void overlong(const Line& line);
  void misencoded(const Line& line);
  void look_for_failure(const Line& line);
  bool is_end(std::string_view raw) const {
    return raw.data() + raw.size() == source_.text.data() + source_.text.size();
  }

  const Source& source_;
  std::uint32_t unknown_ = 0;
  std::uint32_t first_unknown_ = 0;
  std::size_t dropped_ = 0;
  bool lost_lines_ = false;
  bool begun_ = false;  ///< a line that is no prompt was seen
};

}  // namespace esx2esxi::intake
