// The pieces of a packet's story.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/app/trace.hpp"

namespace esx2esxi::app {

/// One state of a host, as the rules see it.
struct TracedState {
  std::string_view name;
  const model::State* state;
  transform::Mapping mapping;  ///< of the state before: itself
  rules::Stage stage = rules::Stage::Mapped;
};

/// One stack of one state with its table, built once for all destinations.
struct TracedStack {
  const TracedState* in;
  std::string name;
  net::RouteTable table;
};

/// What is known of the destination: an endpoint for each service that is asked about.
std::vector<model::Endpoint> destinations(const model::Host& host, const std::vector<model::Endpoint>& known,
                                          const std::vector<model::Service>& asked, net::Ipv4Address to);

std::vector<Candidate> candidates_of(const TracedStack& stack, net::Ipv4Address to);

std::string why_text(const TracedStack& stack, const Answer& answer, const std::vector<model::Endpoint>& destinations);

/// What the answer needs, and who is let in. `earlier`: the source address that the destination saw before.
void tell_way_back(Story& story, const TracedStack& stack, const Answer& answer, const model::Policy& policy,
                   std::optional<net::Ipv4Address> earlier);

/// Findings of the rules that decide a packet's way.
std::vector<rules::Finding> findings_of(const Session& session, const model::Host& host, const TracedState& state,
                                        const std::vector<model::Endpoint>& destinations);

/// Those that concern this answer.
std::vector<Broken> broken_by(const std::vector<rules::Finding>& findings, const Answer& answer);

}  // namespace esx2esxi::app
