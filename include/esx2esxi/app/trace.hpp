// A packet's story: which way it leaves each stack in each state, and why. Pure: values in, values and text out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "esx2esxi/app/console.hpp"
#include "esx2esxi/app/pipeline.hpp"
#include "esx2esxi/model/table_row.hpp"

namespace esx2esxi::app {

/// A rule that the way breaks, as a finding speaks of it.
struct Broken {
  std::string rule;
  Severity severity = Severity::Error;
  std::string message;
  bool waived = false;
  friend bool operator==(const Broken&, const Broken&) = default;
};

/// A line of the table that holds the destination.
struct Candidate {
  model::TableRow row;
  std::vector<std::string> interfaces;  ///< by name
  bool wins = false;                    ///< several win where they tie
};

/// Why a packet goes where it goes, and whether its answer comes back.
struct Story {
  std::vector<Candidate> candidates;      ///< the longest prefix first
  std::string why;                        ///< why the winner wins, or why nothing leads there
  std::vector<net::Ipv4Address> sources;  ///< the packet may carry any of them, the likely one first
  std::string way_back;                   ///< what the answer needs; empty where no packet leaves
  std::optional<bool> let_in;             ///< by the policy's allowed-source; none: it says nothing of this destination
  std::vector<Broken> breaks;             ///< in the order of the catalogue
};

struct Answer {
  std::string host;
  net::Ipv4Address to;
  std::string_view state;  ///< "before", "mapped", "after"
  std::string stack;
  std::vector<rules::InterfaceRef> interfaces;  ///< all that tie, the likely one first; empty: no route
  std::optional<net::Ipv4Address> next_hop;     ///< none: on-link
  std::optional<net::Ipv4Address> source;       ///< the likely interface's address
  std::optional<net::Ipv4Prefix> by;            ///< the prefix that decided
  bool ambiguous = false;
  Story story;
};

/// One answer per chosen host, destination, state and stack, in this order. `plan` adds the state `after`. With
/// services only the stacks that carry one of them. A destination is judged as though it were an endpoint: of those
/// services, else of the service it is known for, else of each service in use.
std::vector<Answer> trace(const Session& session, const Options& options, const plan::Plan* plan);

std::string trace_text(const std::vector<Answer>& answers, Paint paint);
std::string trace_json(const std::vector<Answer>& answers);

/// Addresses, one a line; blank lines and what follows a # are skipped. An Error for each line that holds none.
Checked<std::vector<net::Ipv4Address>> read_addresses(const FileName& file, std::string_view text);

}  // namespace esx2esxi::app
