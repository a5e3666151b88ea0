#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "esx2esxi/core/diagnostic.hpp"
#include "esx2esxi/intake/facts.hpp"
#include "esx2esxi/model/policy.hpp"

namespace esx2esxi::intake {

/// The policy where none is given: nothing but the costs of rules/remedies.info.
const model::Policy& default_policy();

enum class Occurs : std::uint8_t { Once, AtMostOnce, AnyNumber };

/// One key of a policy.
struct PolicyKey {
  std::string_view block;  ///< where it stands: "" (the file), "clusters/cluster"; "endpoints/*": in each of them
  std::string_view key;    ///< "dns|ntp": one of these words
  std::string_view value;  ///< what kind: "IP", "fresh|upgrade"; empty: none, a block follows
  Occurs occurs = Occurs::AtMostOnce;
  std::string_view text;  ///< what it means; may be empty
};

/// Every key that read_policy takes; it refuses all others.
std::span<const PolicyKey> policy_layout();

/// The same for a person: a policy with words for values and comments.
std::string policy_layout_text();

/// A policy file (Boost INFO). Every fault is reported with its line; an Error among the notes means: do not use it.
/// `#include` is refused and nesting is bounded before Boost sees a byte.
Checked<model::Policy> read_policy(const Source& source);

/// A pools file (CSV). The same.
Checked<model::Pools> read_pools(const Source& source);

/// The addresses that an earlier plan gave, from its address-plan.csv (columns host, from, address, status): by host
/// and classic interface name. Rows that are kept, released or without a classic name say nothing.
Checked<std::map<std::pair<std::string, std::string>, net::Ipv4Address>> read_former_addresses(const Source& source);

}  // namespace esx2esxi::intake
