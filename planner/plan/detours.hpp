// Routes, default gateways and NFS mounts around the interfaces that carry them: what has to go before an interface
// moves, and what comes (again) once its next hop is there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "changes.hpp"
#include "draft.hpp"

namespace esx2esxi::plan {

class Routes {
 public:
  Routes(const model::State& from, const model::State& to, const Changes& changes, const Reasons& reasons);

  /// Before `change` moves: drops what only this interface still carries.
  void release(Draft& draft, const InterfaceChange& change);

  /// After `change`: a host may have lost what goes by an interface that moved, though another one carries it all the
  /// time (fact 19 of the command reference). It comes back at once: mounts and management wait for it.
  void bring_back(Draft& draft, const InterfaceChange& change);

  enum class When : std::uint8_t { AfterOthers, BeforeRemovals, AtTheEnd };
  /// Drops and adds what can be by now; at the end everything that is left, a next hop on no range included.
  void settle(Draft& draft, When when);

 private:
  struct Hop {
    std::string stack;
    std::optional<net::Ipv4Prefix> network;  ///< none: the default gateway
    net::Ipv4Address next_hop;
    bool drop = false;
    bool add = false;
    bool restore = false;  ///< stays, but the host may lose it when an interface that carries it changes
    unsigned movers = 0;   ///< how many of those have not had their turn yet
    bool late = false;     ///< a matter of management
    std::string because;
  };

  void examine(const std::string& stack, const std::optional<net::Ipv4Prefix>& network, net::Ipv4Address next_hop,
               bool before, bool after, const Reasons& reasons);
  static bool same_network(const Hop& a, const Hop& b);
  bool reachable(const model::State& now, const Hop& hop) const;
  bool can_settle(const Draft& draft, const Hop& hop, When when) const;
  static void drop(Draft& draft, Hop& hop);
  static void add(Draft& draft, Hop& hop);

  const model::State& from_;
  const model::State& to_;
  const Changes& changes_;
  std::vector<Hop> hops_;
};

/// Which volumes must be unmounted for a while.
class Mounts {
 public:
  /// `middle`: the state when all but management is done.
  Mounts(const model::State& from, const model::State& middle, const model::State& to, const Changes& changes);

  void unmount_early(Draft& draft) const { each(draft, &Volume::down_early, false); }
  void mount_early(Draft& draft) const { each(draft, &Volume::up_early, true); }
  void unmount_late(Draft& draft) const { each(draft, &Volume::down_late, false); }
  void mount_late(Draft& draft) const { each(draft, &Volume::up_late, true); }

 private:
  struct Volume {
    const model::NfsMount* before = nullptr;
    const model::NfsMount* after = nullptr;
    bool down_early = false;
    bool up_early = false;
    bool down_late = false;
    bool up_late = false;
    std::string because;
  };

  void each(Draft& draft, bool Volume::*when, bool up) const;

  std::vector<Volume> volumes_;
};

}  // namespace esx2esxi::plan
