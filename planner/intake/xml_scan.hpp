// Finds elements of one name in a large XML text, so that each can be parsed alone. Private to the stage.
#pragma once

#include <optional>
#include <string_view>

#include <pugixml.hpp>

namespace esx2esxi::intake {

/// The name without a namespace's prefix.
std::string_view local_name(const pugi::xml_node& node);

/// Elements named `name`, with or without a prefix, none inside another of its kind; empty ones (`<row/>`) included. In
/// well-formed XML a "<" is nothing but markup, so that searching for it is enough; comments and CDATA that hold such
/// elements are no fault in this kind of file, and harmless.
class XmlScan {
 public:
  XmlScan(std::string_view text, std::string_view name) : text_(text), name_(name) {}

  std::optional<std::string_view> next();

  /// After the last one: none of them was cut.
  bool ended_well() const { return !cut_; }

 private:
  std::string_view text_;
  std::string_view name_;
  std::size_t at_ = 0;
  bool cut_ = false;
};

}  // namespace esx2esxi::intake
