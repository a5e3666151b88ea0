// The waves as documents show them: with their hosts, and with those that no wave takes.
#pragma once

#include <string>
#include <vector>

#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::render {

enum class Work : std::uint8_t { Readdress, Migrate, CleanUp };

struct WaveView {
  unsigned n = 0;    ///< 0: no wave of the plan
  std::string name;  ///< "2, cluster PROD-A: migrate (pilot)"
  std::string why;
  std::vector<std::string> waits_for;
  Work work = Work::Migrate;
  std::vector<const plan::HostPlan*> hosts;
  const std::vector<plan::MixedState>* states = nullptr;
};

/// The host's name, marked where it is blocked: the wave is written for it, and waits.
std::string name_in_wave(const plan::HostPlan& host);

/// What is done on a host in a wave: where classic hosts are re-addressed first, hosts that run ESXi already get their
/// planned addresses with them.
Work work_on(const plan::HostPlan& host, Work in_wave);

/// In the order of the plan; hosts that none takes come last.
std::vector<WaveView> waves_of(const plan::Plan& plan);

/// How long the scripts of that work take on a host, in seconds; 0 for Work::Readdress, which nobody estimates.
std::size_t seconds_of(const plan::HostPlan& host, Work work);

/// "before wave 2", "after the change"
std::string when_text(const plan::Ripple& ripple);
/// What it is about, with the flow of a firewall opening.
std::string subject_text(const plan::Ripple& ripple);
/// The new value, marked where it is to be confirmed.
std::string new_text(const plan::Ripple& ripple);

}  // namespace esx2esxi::render
