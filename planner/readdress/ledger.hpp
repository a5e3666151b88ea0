// Which addresses and networks are spoken for: everything that the estate, the policy and the pools mention, and what
// the proposal has given out so far.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "esx2esxi/readdress/propose.hpp"

namespace esx2esxi::readdress {

/// What the inputs mention. Fixed while a proposal is made.
class Seen {
 public:
  explicit Seen(const Request& request);

  bool mentions(net::Ipv4Address address) const { return uses_.contains(address.bits()); }
  /// A pin of the policy promises it to an interface.
  bool is_pinned(net::Ipv4Address address) const { return pinned_.contains(address); }
  /// An earlier plan gave it to an interface, which keeps it for as long as it can.
  bool is_promised(net::Ipv4Address address) const { return promised_.contains(address.bits()); }
  /// Something has it or stands for it: an interface, a gateway, a server. A mention in a hosts file is none.
  bool in_use(net::Ipv4Address address) const;
  /// One interface has the address, and nothing but the hosts files mentions it besides.
  bool belongs_to_one_interface(net::Ipv4Address address) const;
  /// The end of a range seen that overlaps `network`; none: it overlaps nothing.
  std::optional<std::uint32_t> overlap_end(net::Ipv4Prefix network) const;

 private:
  struct Uses {
    unsigned interfaces = 0;
    bool otherwise = false;
  };
  void add(const model::Host& host);
  void add(const model::State& state);
  void add(const model::Policy& policy);
  void add(const std::vector<model::Endpoint>& endpoints);
  void add_other(net::Ipv4Address address);
  void add_range(net::Ipv4Range range) { ranges_.emplace_back(range.first().bits(), range.last().bits()); }
  void join_ranges();

  std::unordered_map<std::uint32_t, Uses> uses_;
  std::set<net::Ipv4Address> pinned_;
  std::unordered_set<std::uint32_t> promised_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ranges_;  // joined and sorted at the end
};

/// What has been given out. Layers: a search works on a layer of its own, and the winner's is absorbed.
class Ledger {
 public:
  explicit Ledger(const Seen& seen) : seen_(&seen) {}
  Ledger layer() const { return Ledger(this); }
  void absorb(const Ledger& layer);

  const Seen& seen() const { return *seen_; }
  bool is_free(net::Ipv4Address address) const;
  bool is_free_for_former(net::Ipv4Address address) const;
  bool is_free_for_pin(net::Ipv4Address address) const;
  void give(net::Ipv4Address address) { given_.insert(address); }

  /// A network of private space (RFC 1918) that overlaps nothing seen or given, with that prefix length; the same one
  /// for the same key. None if private space is used up.
  std::optional<net::Ipv4Prefix> private_network(const std::string& key, unsigned length);

 private:
  explicit Ledger(const Ledger* parent) : seen_(parent->seen_), parent_(parent) {}
  bool is_given(net::Ipv4Address address) const;
  std::optional<std::uint32_t> given_end(net::Ipv4Prefix network) const;
  const net::Ipv4Prefix* known(const std::string& key) const;

  const Seen* seen_;
  const Ledger* parent_ = nullptr;
  std::set<net::Ipv4Address> given_;
  std::map<std::string, net::Ipv4Prefix> networks_;
  std::set<net::Ipv4Prefix> given_networks_;
};

}  // namespace esx2esxi::readdress
