// Names of the programs that configure a host's network, wherever a text has them. Private to the stage.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace esx2esxi::intake {

/// "esxcfg-vmknic", "vicfg-nas", "esxcli": as the name of a program, without its folder.
bool names_program(std::string_view name);

/// Whether a call of such a program does no more than show what there is.
bool only_shows(std::string_view program, const std::vector<std::string_view>& arguments);

/// A program that a text names with what may change something: quoted, in a list of another language, in a
/// substitution.
///
///   os.system("esxcfg-vmknic -a -i 10.0.0.5 NFS")   ->  esxcfg-vmknic
///   esxcfg-vswitch -l | grep VMotion                ->  none
struct Mention {
  std::string program;
  bool bare = false;  ///< nothing stands behind it: the arguments may come from elsewhere
};

/// The first one with arguments; without any, the first bare one.
std::optional<Mention> changing_mention(std::string_view text);

}  // namespace esx2esxi::intake
