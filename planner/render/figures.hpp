// Every number that a document states, counted once. Each is a count over plan.json; a test compares them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

struct Figures {
  std::size_t hosts = 0;
  std::size_t clean = 0;
  std::size_t resolved = 0;  ///< hosts
  std::size_t blocked = 0;
  std::size_t moving = 0;         ///< hosts that are not blocked
  std::size_t held_clusters = 0;  ///< cannot start
  std::size_t held_hosts = 0;     ///< of the moving ones: those of clusters that cannot start

  // findings of all hosts and of the estate
  std::size_t findings = 0;
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t hints = 0;  ///< info and note
  std::size_t introduced = 0;
  std::size_t ended = 0;    ///< by the plan
  std::size_t waiting = 0;  ///< would be ended by what is proposed for blocked hosts
  std::size_t waived = 0;
  std::size_t open = 0;
  std::size_t open_errors = 0;

  std::size_t remedies = 0;  ///< on hosts that move
  std::size_t remedied_hosts = 0;
  std::size_t waiting_remedies = 0;  ///< proposed for blocked hosts: nobody carries them out
  std::size_t to_be_confirmed = 0;   ///< remedies
  std::size_t steps = 0;
  std::size_t interrupting = 0;  ///< steps
  std::size_t longest = 0;       ///< seconds of the host that takes longest
  std::size_t regions = 0;
  std::size_t egress_changes = 0;  ///< that remain
};

Figures figures_of(const plan::Plan& plan);

/// A cluster whose first wave cannot begin, so that none of its hosts moves.
struct Held {
  std::string cluster;
  std::vector<std::string> blocked;  ///< hosts of that wave; empty: every order of its hosts was refused
};
std::vector<Held> held_clusters(const plan::Plan& plan);

/// "PROD-A (pier03 of its first wave is blocked)"
std::string held_text(const Held& held);

/// The most important ones, with what they count.
std::vector<std::pair<std::string_view, std::size_t>> figure_list(const Figures& figures);

std::size_t seconds(const std::vector<plan::Step>& steps);

/// "1 host", "2 hosts"; `plural` only where an s is not enough.
std::string counted(std::size_t n, std::string_view one, std::string_view plural = {});

}  // namespace esx2esxi::render
