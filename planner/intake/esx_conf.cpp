// /etc/vmware/esx.conf, of ESX 3.x, 4.x and ESXi.
//
// Relied on:
//   * one entry a line, no sections:  /net/vswitch/child[0000]/portgroup/child[0001]/vlanId = "110"
//   * values stand in double quotes, booleans and numbers too; nothing in the file says which version wrote it
//   * the last of several equal keys counts; unknown keys, thousands of them (/device, /firewall, /adv ...), mean
//   nothing here
//   * a port group without vlanId is untagged; the order of teamPolicy/uplinks[] is active first, `maxActive` of them
// Not relied on: the order of the lines, the numbers in brackets, any key being there. The console's addresses are not
// in this file.
//
// The whole file is looked at once, in place. What a line is for shows in its first bytes, so that an uninteresting one
// costs the search for its end and two comparisons.
#include <algorithm>
#include <cstring>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/core/utf8.hpp"
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx_conf_tree.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostUnreadable = 10;

/// Whether the key at the start of `line` can be one that is read. Decided on a few bytes; `add` decides for good.
bool may_matter(std::string_view line) {
  switch (line.size() > 1 ? line[1] : '\0') {
    case 'n': return line.starts_with("/net/") || line.starts_with("/nas/");
    case 'a': {
      if (!line.starts_with("/adv/") || line.size() < 8) return false;
      const auto option = line.substr(5);
      return option.starts_with("Migrate/V") || option.starts_with("Misc/Host") || option.starts_with("FT/V") ||
             option.starts_with("Net/M");
    }
    case 'b': return line.starts_with("/boot/c");
    case 's': return line.starts_with("/system/u");
    case 'v': return line.starts_with("/vmkd");
    default: return false;
  }
}

class EsxConfScan {
 public:
  explicit EsxConfScan(const Source& source)
      : text_(source.text), file_(source.file), tree_(source.file), number_(source.lines_before), first_(number_ + 1) {}

  Facts run() {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
    look_for_binary();
    const char* at = text_.data();
    const char* const end = at + text_.size();
    while (at != end) {
      ++number_;
      const auto* newline = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
      const char* const stop = newline ? newline : end;
      const std::string_view line(at, static_cast<std::size_t>(stop - at));
      if (newline == nullptr) {
        read_last(line);
      } else if (line.empty() || line.front() != '/') {
        read_odd(line);
      } else if (may_matter(line)) {
        read(line);
      }
      at = newline ? newline + 1 : end;
    }
    return finish();
  }

 private:
  /// A crash leaves blocks of NUL bytes, which swallow lines; and a binary file is no esx.conf at all.
  void look_for_binary() {
    const auto nul = text_.find('\0');
    if (nul == std::string_view::npos) return;
    binary_ = true;
    const auto lines = std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(nul), '\n');
    tree_.cut_off(first_ + static_cast<std::uint32_t>(lines), "binary data (NUL bytes) in a text file");
  }

  void read(std::string_view line) {
    if (binary_ && line.find('\0') != std::string_view::npos) return;
    const auto entry = split_entry(line, number_);
    if (!entry) return unreadable(entry.error().what);
    entries_ = true;
    if (malformed_at(line) != std::string_view::npos) return tree_.refuse_encoding(*entry);
    tree_.add(*entry);
  }

  /// Blank, indented by a paste, a remark, or damaged.
  void read_odd(std::string_view line) {
    line = trim(line);
    if (line.empty() || line.front() == '#' || line.starts_with("```")) return;
    failed_ = failed_ || says_it_failed(line);
    if (line.front() != '/') return unreadable("not an entry of the form /key = \"value\"");
    if (may_matter(line)) read(line);
  }

  /// A last line without a newline is whole only if its value is closed by a quote.
  void read_last(std::string_view line) {
    if (trim(line).empty()) return;
    const auto entry = split_entry(trim(line), number_);
    if (!entry || !entry->quoted) return tree_.cut_off(number_, "the file ends in the middle of a line");
    read_odd(line);
  }

  void unreadable(std::string_view why) {
    if (binary_) return;
    if (++unreadable_ > kMostUnreadable) return;
    tree_.note(Severity::Warning, "esxconf-unreadable-line", number_, std::string(why),
               "the line is left out; correct it in the copy of the file");
  }

  Facts finish() {
    if (unreadable_ > kMostUnreadable)
      tree_.note(Severity::Warning, "esxconf-unreadable-line", 0,
                 fmt::format("{} more lines are no entries of esx.conf", unreadable_ - kMostUnreadable));
    auto facts = std::move(tree_).finish();
    if (failed_ && !entries_) facts.failed = true, facts.lists_vmknics = false;
    if (!facts.uuid && entries_ && !facts.cut_off)
      facts.notes.push_back({Severity::Warning, "esxconf-no-uuid", Origin{file_, 0, 0},
                             "/system/uuid is missing: VMware's own tools take such a file for damaged",
                             "compare it with /etc/vmware/esx.conf on the host"});
    return facts;
  }

  std::string_view text_;
  FileName file_;
  EsxConfTree tree_;
  std::uint32_t number_;
  std::uint32_t first_;
  std::size_t unreadable_ = 0;
  bool binary_ = false;
  bool entries_ = false;
  bool failed_ = false;  ///< `cat` or `grep` says that it could not read the file
};

}  // namespace

/// A grep in colour writes ESC[01;31m and ESC[K into keys and values; a file never has any. Other escapes are damage.
Facts read_esx_conf(const Source& source) {
  if (source.text.find("\x1b[") == std::string_view::npos) return EsxConfScan(source).run();
  std::string plain;
  for (auto rest = source.text; !rest.empty();) {
    const auto at = std::min(rest.find("\x1b["), rest.size());
    plain += rest.substr(0, at);
    rest.remove_prefix(at);
    const auto end = rest.empty() ? std::string_view::npos : rest.find_first_not_of("0123456789;", 2);
    const bool colour = end != std::string_view::npos && (rest[end] == 'm' || rest[end] == 'K');
    if (!colour) plain += rest.substr(0, 2);
    rest.remove_prefix(colour ? end + 1 : std::min<std::size_t>(2, rest.size()));
  }
  return EsxConfScan({source.file, plain, source.lines_before}).run();
}

}  // namespace esx2esxi::intake
