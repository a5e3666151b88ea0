// The entries of esx.conf gathered into facts. Private to the stage.
//
// Lists are addressed by storage slots (`child[0003]`, `uplinks[0001]`): they have gaps and say nothing about numbers
// of interfaces, so each entry of a list is a draft until the file ends, and its `name` is what it is.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "esx2esxi/intake/facts.hpp"
#include "esx_conf_entry.hpp"

namespace esx2esxi::intake {

/// The drafts of one list, by slot. Files are mostly sorted, so the slot asked for last is asked for again.
template <class Draft>
class Slots {
 public:
  Draft& at(std::string_view index) {
    if (!drafts_.empty() && index == last_) return drafts_[last_at_];
    const auto [place, fresh] = places_.try_emplace(index, drafts_.size());
    if (fresh) drafts_.emplace_back();
    last_ = index;
    last_at_ = place->second;
    return drafts_[last_at_];
  }
  bool holds(std::string_view index) const { return (!drafts_.empty() && index == last_) || places_.contains(index); }
  std::vector<Draft>& all() { return drafts_; }

 private:
  std::vector<Draft> drafts_;
  std::unordered_map<std::string_view, std::size_t> places_;
  std::string_view last_;
  std::size_t last_at_ = 0;
};

class EsxConfTree {
 public:
  explicit EsxConfTree(const FileName& file) : file_(file) {}

  /// Takes an entry whose key this program knows; any other is ignored.
  void add(const Entry& entry);
  void note(Severity severity, std::string_view code, std::uint32_t line, std::string message, std::string remedy = {});
  /// Says that the file is not whole; the first reason stays.
  void cut_off(std::uint32_t line, std::string why);
  /// Says that the value stands in bytes that are not UTF-8: whose name it is, nobody knows.
  void refuse_encoding(const Entry& entry);
  Facts finish() &&;

 private:
  struct Uplink {
    std::string_view index;
    Said<std::string> pnic;
  };
  struct Policy {
    std::vector<Uplink> order;
    Maybe<unsigned> max_active;
    Maybe<bool> in_force;
    Maybe<std::string> balancing;  ///< "lb_srcid", ESXi's own usual way; "lb_ip", "lb_srcmac", "explicit"
  };
  struct Group {
    PortgroupFact fact;
    Policy policy;
    bool damaged_vlan = false;
    std::uint32_t line = 0;
  };
  struct Switch {
    SwitchFact fact;
    std::vector<LostFact> lost;
    std::vector<Uplink> uplinks;
    Policy policy;
    Slots<Group> groups;
    std::uint32_t line = 0;
  };
  struct Nic {
    InterfaceFact fact;
    std::vector<LostFact> lost;
    std::uint32_t line = 0;
  };
  struct Card {
    PnicFact fact;
    std::uint32_t line = 0;
  };
  struct Path {
    Maybe<std::string> network;
    Maybe<net::Ipv4Address> netmask;
    Maybe<net::Ipv4Address> next_hop;
    Maybe<std::string> device;
    std::uint32_t line = 0;
  };

  Origin at(const Entry& entry) const { return {file_, entry.line, entry.column}; }

  void add_net(const Entry& entry, std::string_view path);
  void add_switch(const Entry& entry, std::string_view path);
  void add_group(const Entry& entry, Switch& vswitch, std::string_view path);
  void add_policy(const Entry& entry, Policy& policy, std::string_view path);
  void add_nic(const Entry& entry, Slots<Nic>& nics, std::string_view path);
  void add_card(const Entry& entry, std::string_view path);
  void add_route(const Entry& entry, std::string_view path);
  void add_mount(const Entry& entry, std::string_view path);
  void add_option(const Entry& entry);
  void add_service(const Entry& entry, model::Service service);

  template <class Draft>
  Draft* slot(const Entry& entry, Slots<Draft>& slots, std::string_view index);
  void put_uplink(const Entry& entry, std::vector<Uplink>& list, std::string_view index);

  void again(const Entry& entry, const Origin& before);
  template <class Fact>
  void put_name(const Entry& entry, Fact& fact);
  template <class T>
  void put(const Entry& entry, Maybe<T>& field, std::optional<T> value);
  template <class T>
  void put_parsed(const Entry& entry, Maybe<T>& field);
  void put_text(const Entry& entry, Maybe<std::string>& field);
  void put_flag(const Entry& entry, Maybe<bool>& field);
  void put_number(const Entry& entry, Maybe<unsigned>& field, unsigned most);
  void put_mask(const Entry& entry, Maybe<net::Ipv4Address>& field);
  void damaged(const Entry& entry, std::string_view what);

  static Maybe<SaidNames> ordered(std::vector<Uplink>& list);
  template <class Fact>
  void finish_policy(Policy& policy, Fact& fact);
  void finish_switch(Switch& draft);
  void finish_group(Switch& owner, Group& draft);
  void take_lost(std::vector<LostFact>& lost, const std::string& name);
  void finish_nics(Slots<Nic>& nics, std::string_view what);
  void finish_route(Path& draft);
  void finish_product();
  bool nameless(const std::string& name, std::uint32_t line, std::string_view what);

  FileName file_;
  Facts facts_;
  Slots<Switch> switches_;
  Slots<Nic> vmknics_;
  Slots<Nic> vswifs_;
  Slots<Card> cards_;
  Slots<Path> routes_;
  std::unordered_map<std::string_view, std::size_t> mounts_;
  Maybe<net::Ipv4Address> host_address_;
  Maybe<net::Ipv4Address> kernel_gateway_;
  Maybe<net::Ipv4Address> console_gateway_;
  Origin damaged_gateway_;
  Origin classic_marker_;
  Origin esxi_marker_;
  std::size_t drafts_ = 0;
  std::size_t unsaid_ = 0;
};

}  // namespace esx2esxi::intake
