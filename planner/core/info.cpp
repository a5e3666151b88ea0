#include "esx2esxi/core/info.hpp"

#include <boost/property_tree/info_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "esx2esxi/core/text.hpp"

namespace esx2esxi {

namespace {

using boost::property_tree::ptree;

constexpr std::size_t kDeepest = 200;           // ptree is destroyed recursively
constexpr unsigned kLongestContinuation = 500;  // Boost copies the whole value for each continued line

struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Walks the text as Boost's parser does (info_parser_read.hpp) and notes where keys begin and what Boost must not see.
/// Where the text is malformed it stops without a word: Boost says what is wrong.
class Scan {
 public:
  explicit Scan(std::string_view text) {
    for_each_line(text, [&](std::string_view line, std::uint32_t number) {
      if (done_) return;
      line_ = line;
      at_ = 0;
      number_ = number;
      scan_line();
    });
  }

  const std::vector<Place>& keys() const { return keys_; }
  const std::vector<Place>& open() const { return open_; }
  const std::optional<std::pair<Place, std::string>>& refused() const { return refused_; }

 private:
  enum class Expect : std::uint8_t { Key, Value, Continuation };

  bool blank(char c) const { return c == ' ' || (c >= '\t' && c <= '\r'); }
  void skip_blanks() {
    while (at_ < line_.size() && blank(line_[at_])) ++at_;
  }
  Place here() const { return {number_, static_cast<std::uint32_t>(at_ + 1)}; }
  void refuse(std::string what) {
    refused_.emplace(here(), std::move(what));
    done_ = true;
  }

  void scan_line() {
    if (const auto nul = line_.find('\0'); nul != std::string_view::npos) {
      at_ = nul;
      return refuse("a byte 0: this is no text file");
    }
    skip_blanks();
    if (at_ < line_.size() && line_[at_] == '#') return refuse("a directive: one file may not include another");
    while (!done_) {
      skip_blanks();
      if (at_ == line_.size() || line_[at_] == ';') {
        if (expect_ == Expect::Value) expect_ = Expect::Key;
        return;
      }
      token();
    }
  }

  void token() {
    const char c = line_[at_];
    if (expect_ != Expect::Continuation && (c == '{' || c == '}')) return brace(c);
    switch (expect_) {
      case Expect::Key:
        keys_.push_back(here());
        if (c == '"')
          quoted();
        else
          word();
        expect_ = Expect::Value;
        return;
      case Expect::Value:
        expect_ = Expect::Key;
        continued_ = 0;
        if (c == '"')
          value_end(quoted());
        else
          word();
        return;
      case Expect::Continuation:
        if (c == '"')
          value_end(quoted());
        else
          done_ = true;
        return;
    }
  }

  void brace(char c) {
    if (c == '{')
      open_.push_back(here());
    else if (open_.empty())
      done_ = true;
    else
      open_.pop_back();
    if (open_.size() > kDeepest) return refuse("braces nested more than 200 deep");
    ++at_;
    expect_ = Expect::Key;
  }

  void word() {
    while (at_ < line_.size() && !blank(line_[at_]) && line_[at_] != ';') ++at_;
  }

  /// True if the closing quote is there.
  bool quoted() {
    bool escaped = false;
    for (++at_; at_ < line_.size() && (escaped || line_[at_] != '"'); ++at_) escaped = !escaped && line_[at_] == '\\';
    if (at_ == line_.size()) {
      done_ = true;
      return false;
    }
    ++at_;
    return true;
  }

  void value_end(bool closed) {
    skip_blanks();
    if (!closed || at_ == line_.size() || line_[at_] != '\\') {
      expect_ = Expect::Key;
      return;
    }
    if (++continued_ > kLongestContinuation) return refuse("a value that goes on for more than 500 lines");
    ++at_;
    expect_ = Expect::Continuation;
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::uint32_t number_ = 0;
  Expect expect_ = Expect::Key;
  unsigned continued_ = 0;
  bool done_ = false;
  std::vector<Place> keys_;
  std::vector<Place> open_;
  std::optional<std::pair<Place, std::string>> refused_;
};

/// Both walks meet the keys in the order of the text.
class Joined {
 public:
  Joined(const FileName& file, const std::vector<Place>& keys) : file_(file), keys_(keys) {}

  InfoNode node(std::string key, const ptree& tree, Place place) {
    InfoNode out{std::move(key), tree.data(), {file_, place.line, place.column}, {}};
    out.children.reserve(tree.size());
    for (const auto& child : tree) {
      if (next_ == keys_.size()) throw std::logic_error("read_info: the scan missed a key");
      const auto at = keys_[next_++];
      out.children.push_back(node(child.first, child.second, at));
    }
    return out;
  }

 private:
  const FileName& file_;
  const std::vector<Place>& keys_;
  std::size_t next_ = 0;
};

Diagnostic fault(const FileName& file, Place place, std::string message, std::string remedy) {
  return {Severity::Error, "info-syntax", {file, place.line, place.column}, std::move(message), std::move(remedy)};
}

Diagnostic syntax_fault(const FileName& file, const boost::property_tree::info_parser_error& e, const Scan& scan) {
  if (e.message() == "unmatched {" && !scan.open().empty())
    return fault(file, scan.open().back(), "this { is never closed", "add the missing }");
  return fault(file, {static_cast<std::uint32_t>(std::max(1UL, e.line())), 0}, e.message(),
               "the file is Boost INFO: a key and a value on a line, values with blanks in double quotes");
}

}  // namespace

Checked<InfoNode> read_info(const FileName& file, std::string_view text) {
  Checked<InfoNode> out;
  out.value.at = {file, 1, 0};
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // some editors begin a file with a byte order mark
  const Scan scan(text);
  if (scan.refused()) {
    out.notes.push_back(fault(file, scan.refused()->first, scan.refused()->second, {}));
    return out;
  }
  ptree tree;
  try {
    std::istringstream in{std::string(text)};
    boost::property_tree::read_info(in, tree);
  } catch (const boost::property_tree::info_parser_error& e) {
    out.notes.push_back(syntax_fault(file, e, scan));
    return out;
  }
  out.value = Joined(file, scan.keys()).node({}, tree, {1, 0});
  return out;
}

}  // namespace esx2esxi
