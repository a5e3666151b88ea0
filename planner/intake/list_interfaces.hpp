// What `esxcfg-vswif -l` and `esxcfg-vmknic -l` have in common: one row per interface and address. Private to the
// stage.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "table.hpp"

namespace esx2esxi::intake {

class InterfaceListing {
 public:
  /// `prefix`: "vswif" or "vmk"; `command` as diagnostics name it.
  InterfaceListing(Reading& reading, std::string_view prefix, std::string_view command)
      : reading_(reading), prefix_(prefix), command_(command) {}

  void read(const Line& line);

  /// Every row of at least one listing was understood: what is not in it, the host does not have.
  bool complete() const { return seen_ && !doubtful_ && !reading_.lost_lines(); }

 private:
  bool is_own(const Header& header) const;
  bool begins_as_own(const Header& header) const;
  void header(const Line& line, Header header);
  void row(const Line& line, std::string_view name);
  void add(const Line& line, const Row& row, bool names_dvports);
  void attach(const Line& line, InterfaceFact& fact, std::string_view cell, bool names_dvports);
  void ipv4(const Line& line, InterfaceFact& fact, const Row& row);
  InterfaceFact& fact(const Line& line, std::string_view name);

  Reading& reading_;
  std::string_view prefix_;
  std::string_view command_;
  std::optional<Header> header_;
  std::map<std::string, std::size_t, std::less<>> known_;  ///< name -> index of its fact
  bool seen_ = false;
  bool doubtful_ = false;
  bool foreign_ = false;  ///< below the header of another table
  bool wrapped_ = false;  ///< below a header that goes on elsewhere: a row may be half of one
};

}  // namespace esx2esxi::intake
