#include "xml_scan.hpp"

#include <string>

namespace esx2esxi::intake {

namespace {

/// So that a text of "<" alone costs its length once.
constexpr std::size_t kLongestName = 64;

std::string_view without_prefix(std::string_view name) { return name.substr(name.find(':') + 1); }  // npos + 1 is 0

}  // namespace

std::string_view local_name(const pugi::xml_node& node) { return without_prefix(node.name()); }

std::optional<std::string_view> XmlScan::next() {
  bool open = false;
  for (auto begin = text_.find('<', at_); begin != std::string_view::npos; begin = text_.find('<', begin + 1)) {
    const auto near = text_.substr(begin + 1, kLongestName);
    const auto name = near.substr(0, near.find_first_of(" \t\r\n/>"));
    if (name.size() == near.size() || without_prefix(name) != name_) continue;
    const auto name_end = begin + 1 + name.size();
    const auto tag_end = text_.find('>', name_end);
    open = true;  // an element begins here: whatever ends the search now has cut it
    if (tag_end == std::string_view::npos) break;
    if (text_[tag_end - 1] == '/') {
      at_ = tag_end + 1;
      return text_.substr(begin, at_ - begin);
    }
    const auto closing = "</" + std::string(name) + ">";
    const auto end = text_.find(closing, tag_end);
    if (end == std::string_view::npos) break;
    at_ = end + closing.size();
    return text_.substr(begin, at_ - begin);
  }
  cut_ = open || (at_ < text_.size() && text_.find("</", at_) == std::string_view::npos);
  at_ = text_.size();
  return std::nullopt;
}

}  // namespace esx2esxi::intake
