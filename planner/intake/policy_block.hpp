// The keys of one block of a policy, taken strictly: each is known, is there as often as it may, and has a value of its
// kind.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/core/info.hpp"
#include "esx2esxi/model/policy.hpp"

namespace esx2esxi::intake {

void complain(Diagnostics& notes, const Origin& at, std::string message, std::string remedy = {});
void warn(Diagnostics& notes, const Origin& at, std::string code, std::string message, std::string remedy = {});

/// Text from a file as a message may show it: quoted, cut at 60 bytes, control characters as `?`.
std::string shown(std::string_view text);

class Block {
 public:
  /// Complains about every key that is none of `known`.
  Block(const InfoNode& node, std::span<const std::string_view> known, Diagnostics& notes);

  const InfoNode& node() const { return node_; }
  Diagnostics& notes() const { return notes_; }

  std::vector<const InfoNode*> all(std::string_view key) const;
  const InfoNode* one(std::string_view key) const;   ///< null if it is not there; a second one is a fault
  const InfoNode* need(std::string_view key) const;  ///< not there is a fault

  /// The value of `key`, read by `read(node, notes)`; none where the key is missing or its value is faulty.
  template <class Read>
  auto get(std::string_view key, Read read) const {
    const auto* found = one(key);
    return found ? read(*found, notes_) : decltype(read(*found, notes_)){};
  }
  template <class Read>
  auto must(std::string_view key, Read read) const {
    const auto* found = need(key);
    return found ? read(*found, notes_) : decltype(read(*found, notes_)){};
  }

  std::string name() const;  ///< a block that has a name: "cluster NAME"; empty, with a fault, if it has none

 private:
  const InfoNode& node_;
  Diagnostics& notes_;
};

/// The keys that policy_layout() lists for a block; of an alternative each word.
std::vector<std::string_view> keys_of(std::string_view block);

void takes_no_value(const InfoNode& node, Diagnostics& notes);  ///< a block that has keys only: "clusters"

// Values. Each complains and gives none where the text is no such value.
std::optional<std::string> read_text(const InfoNode& node, Diagnostics& notes);
std::optional<net::Ipv4Address> read_address(const InfoNode& node, Diagnostics& notes);  ///< one that a host may have
std::optional<net::Ipv4Prefix> read_network(const InfoNode& node, Diagnostics& notes);   ///< not 0.0.0.0/0
std::optional<net::Ipv4Range> read_range(const InfoNode& node, Diagnostics& notes);
std::optional<model::Date> read_date(const InfoNode& node, Diagnostics& notes);
std::optional<model::Service> read_service(const InfoNode& node, Diagnostics& notes);
std::optional<std::string> read_interface(const InfoNode& node, Diagnostics& notes);  ///< "vswif0", "vmk1"
std::optional<std::string> read_stack(const InfoNode& node, Diagnostics& notes);      ///< "vmotion"
std::optional<unsigned> read_capacity(const InfoNode& node, Diagnostics& notes);      ///< hosts at a time: 1 to 1000
std::optional<int> read_integer(const InfoNode& node, Diagnostics& notes, int least, int most);

/// Neither "this network" (0/8), loopback, multicast nor beyond (RFC 6890).
bool may_be_a_host(net::Ipv4Address address);

// The blocks of a policy, one function each.
void read_clusters(const InfoNode& node, model::Policy& policy, Diagnostics& notes);
void read_endpoints(const InfoNode& node, model::Policy& policy, Diagnostics& notes);
void read_pins(const InfoNode& node, model::Policy& policy, Diagnostics& notes);
void read_costs(const InfoNode& node, model::Costs& costs, Diagnostics& notes);
void read_severities(const InfoNode& node, model::Policy& policy, Diagnostics& notes);
void read_waivers(const InfoNode& node, model::Policy& policy, Diagnostics& notes);
void check_pins(const model::Policy& policy, Diagnostics& notes);  ///< pins that contradict each other

}  // namespace esx2esxi::intake
