// Files of `KEY=value` lines that a shell sources: ifcfg-*, sysconfig/network, route-vswifN. Private to the stage.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lines.hpp"

namespace esx2esxi::intake {

struct Setting {
  std::string text;
  std::string unresolved;  ///< the variable that stands for the value, or for a part of it: "$IPADDR"; empty: none
  Origin at;               ///< of the value
};

/// All settings of a file by key in upper case; the last of equal keys, as the shell has it. Variables that the file
/// itself assigned are put in.
class Settings {
 public:
  explicit Settings(Reading& reading);

  const Setting* find(std::string_view key) const;
  bool empty() const { return all_.empty(); }
  const std::map<std::string, Setting, std::less<>>& all() const { return all_; }
  Origin first() const { return first_; }  ///< of the first setting in the file

 private:
  std::map<std::string, Setting, std::less<>> all_;
  Origin first_;
};

/// An address, or a warning and none.
Maybe<net::Ipv4Address> read_address(Reading& reading, const Setting& setting);

}  // namespace esx2esxi::intake
