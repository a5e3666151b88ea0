#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host.hpp"
#include "output.hpp"

namespace emulator {

/// What a command line of a program other than esxcli does.
struct Act {
  bool changes = false;
  std::function<void(Host&, Output&)> run;
};

Act esxcfg_route(const std::vector<std::string>& arguments);
Act esxi_vmknic(const std::vector<std::string>& arguments);
Act esxi_vswitch(const std::vector<std::string>& arguments);
Act esxi_nas(const std::vector<std::string>& arguments);
Act esxi_nics(const std::vector<std::string>& arguments);
/// esxcfg-swiscsi -e, esxcfg-rescan ADAPTER, vmkiscsi-tool -D -a ADDRESS ADAPTER
Act esxi_iscsi(const std::string& program, const std::vector<std::string>& arguments);
Act esxi_scsidevs(const std::vector<std::string>& arguments);
Act vim_cmd(const std::vector<std::string>& arguments, Release release);

/// Does what a command of esxcli of any release does, for the tools that came before it.
void run_esxcli(Host& host, const std::vector<std::string>& words, Output& out);

}  // namespace emulator
