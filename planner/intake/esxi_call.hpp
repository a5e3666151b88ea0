// One esxcli command of a session with its output, and what the rest of the session tells of the host: some outputs
// mean something only beside others. Private to the stage.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "command_line.hpp"
#include "esxcli_output.hpp"

namespace esx2esxi::intake {

/// What all commands of one host's session say together.
struct EsxiContext {
  std::map<std::string, net::Ipv4Address, std::less<>> gateways;  ///< netstack -> default gateway of its route list
  std::set<std::string, std::less<>> routed;                      ///< netstacks whose route list was seen
  std::map<std::string, std::string, std::less<>> stacks;         ///< vmk -> netstack, from the interface lists
  std::map<std::string, std::string, std::less<>> switches;       ///< port group -> vSwitch
};

struct EsxiCall {
  const FileName& file;
  const CommandLine& command;
  const EsxcliOutput& output;
  const EsxiContext& context;
  std::uint32_t line = 0;  ///< of the command

  /// Option -N, or the default stack.
  std::string netstack() const;
};

struct EsxiCommand {
  std::string_view path;  ///< "network ip interface list"
  std::span<const Column> columns;
  Facts (*read)(const EsxiCall&);
  void (*learn)(const EsxiCall&, EsxiContext&);  ///< null: teaches nothing to other commands
  std::string_view tells = {};  ///< what a decision lacks if the command failed; empty: other doubts say it
};

/// The command with this path; null: not one that is read.
const EsxiCommand* esxi_command(std::string_view path);

/// Typed values of a record; a damaged one leaves a warning and no value. "N/A", and nothing, are no value.
class Values {
 public:
  Values(const EsxiCall& call, Facts& facts) : call_(call), facts_(facts) {}

  Origin at(const Record& record) const { return {call_.file, record.line, 1}; }
  Origin at(const Field& field) const { return {call_.file, field.line, field.column}; }
  Maybe<std::string> text(const Record& record, std::string_view key) const;
  Maybe<bool> flag(const Record& record, std::string_view key) const;
  Maybe<unsigned> number(const Record& record, std::string_view key) const;
  Maybe<net::Ipv4Address> address(const Record& record, std::string_view key) const;
  Maybe<net::Mac> mac(const Record& record, std::string_view key) const;
  Maybe<net::VlanId> vlan(const Record& record, std::string_view key) const;

  void warn(Origin at, std::string_view code, std::string message, std::string_view remedy = {}) const;
  void note(Origin at, std::string_view code, std::string message) const;

 private:
  template <class T>
  Maybe<T> parsed(const Record& record, std::string_view key, Parsed<T> (*parse)(std::string_view),
                  std::string_view what) const;
  const Field* given(const Record& record, std::string_view key) const;

  const EsxiCall& call_;
  Facts& facts_;
};

Facts read_interface_list(const EsxiCall& call);
Facts read_ipv4_get(const EsxiCall& call);
Facts read_tag_get(const EsxiCall& call);
Facts read_route_list(const EsxiCall& call);
Facts read_vswitch_list(const EsxiCall& call);
Facts read_portgroup_list(const EsxiCall& call);
Facts read_failover(const EsxiCall& call);
Facts read_portgroup_failover(const EsxiCall& call);
Facts read_dvs_list(const EsxiCall& call);
Facts read_nic_list(const EsxiCall& call);
Facts read_networkportals(const EsxiCall& call);
Facts read_iscsi_software(const EsxiCall& call);
Facts read_iscsi_targets(const EsxiCall& call);
Facts read_nfs_list(const EsxiCall& call);
Facts read_hostname(const EsxiCall& call);
Facts read_version(const EsxiCall& call);
Facts read_uuid(const EsxiCall& call);
Facts read_dns_servers(const EsxiCall& call);
Facts read_dns_search(const EsxiCall& call);
Facts read_ntp(const EsxiCall& call);

void learn_stacks(const EsxiCall& call, EsxiContext& context);
void learn_gateways(const EsxiCall& call, EsxiContext& context);
void learn_portgroups(const EsxiCall& call, EsxiContext& context);

}  // namespace esx2esxi::intake
