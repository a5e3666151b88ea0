// What the choices for the segments of several hosts mean for each host of their group.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "search_host.hpp"

namespace esx2esxi::readdress {

/// What a segment of several hosts does.
enum class Choice : std::uint8_t {
  Stay,
  Move,
  OwnStack,
  Merge,  ///< its services go to another interface of the same subnet on each host
  Bind,   ///< its interfaces are bound to the iSCSI adapter, which makes one subnet legal
};
std::string_view to_string(Choice choice);

class Combination {
 public:
  Combination(const GroupContext& context, const std::vector<Choice>& choices, Ledger& ledger)
      : context_(context), choices_(choices), ledger_(ledger), given_(context.group.works.size()) {}

  /// No interface that could take another one's services stays where it is.
  bool contradicts_itself() const;

  /// Units for which there is no place, with the reason; they stay.
  std::map<std::size_t, std::string> place_all();

  const Decided& given(std::size_t work) const { return given_[work]; }
  bool exact() const { return exact_; }  ///< all ways to place the movers were tried

 private:
  const std::vector<Unit>& units() const { return context_.units; }
  std::size_t place_of(const Seat& seat) const;
  Decided& given_of(const Seat& seat) { return given_[place_of(seat)]; }
  std::string keeper_for(const Seat& seat) const;
  void give_own_stacks(const Unit& unit);
  void give_merges(const Unit& unit);
  void give_bindings(const Unit& unit);
  std::vector<const Seat*> movers(std::size_t u) const;
  Wish wish_of(const std::vector<std::size_t>& order, std::size_t n, const Placements& before) const;
  Wish plain_wish(std::size_t u) const;
  bool leaves(const Work& work, const std::string& interface) const;
  std::vector<net::Ipv4Prefix> staying(const std::vector<std::size_t>& order, std::size_t n,
                                       const Placements& before) const;

  const GroupContext& context_;
  const std::vector<Choice>& choices_;
  Ledger& ledger_;
  std::vector<Decided> given_;
  bool exact_ = true;
};

}  // namespace esx2esxi::readdress
