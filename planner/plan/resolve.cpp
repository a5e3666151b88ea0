#include "resolve.hpp"

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/plan/plan.hpp"

namespace esx2esxi::plan {

namespace {

using rules::Finding;
using Remedies = std::vector<readdress::Remedy>;

/// Two lists that say nothing apart: one of them is empty, or they share an entry.
template <class T>
bool compatible(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.empty() || b.empty()) return true;
  return std::find_first_of(a.begin(), a.end(), b.begin(), b.end()) != a.end();
}

/// Equal, or two regions of which one reaches into the other: a remedy may have cut a piece out of a region.
bool same_place(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto x = net::Ipv4Range::parse(a);
  const auto y = net::Ipv4Range::parse(b);
  return x && y && x->first() <= y->last() && y->first() <= x->last();
}

bool compatible_places(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return a.empty() || b.empty() || std::any_of(a.begin(), a.end(), [&](const std::string& x) {
           return std::any_of(b.begin(), b.end(), [&](const std::string& y) { return same_place(x, y); });
         });
}

/// The same trouble in two states. Members may have left it meanwhile, so that one common interface and one common
/// address are enough: where in doubt the finding is still there.
///
///   same-subnet {vmk0 10.0.0.5/24, vmk1 10.0.0.6/24, vmk2 10.0.0.7/24}, vmk1 moves
///   same-subnet {vmk0 10.0.0.5/24, vmk2 10.0.0.7/24}                     is what is left of it
///
/// One that is milder now, or not covered by its waiver any more, is another finding.
bool same_trouble(const Finding& a, const Finding& b) {
  return a.rule == b.rule && a.severity == b.severity && a.resolution == b.resolution &&
         compatible(a.interfaces, b.interfaces) && compatible_places(a.addresses, b.addresses) &&
         compatible(a.endpoints, b.endpoints) && compatible(a.hosts, b.hosts);
}

/// 0: another trouble; the more, the nearer. A change of egress names first the interface that served before, which
/// tells the findings of one host's services apart.
unsigned nearness(const Finding& a, const Finding& b) {
  if (!same_trouble(a, b)) return 0;
  if (a.interfaces == b.interfaces && a.addresses == b.addresses && a.endpoints == b.endpoints) return 3;
  return !a.interfaces.empty() && !b.interfaces.empty() && a.interfaces.front() == b.interfaces.front() ? 2 : 1;
}

/// Which finding of the planned state each mapped one has become: null where there is none. No planned one is taken
/// twice; the nearest pairs come first.
std::vector<const Finding*> successors(const std::vector<Finding>& mapped, const std::vector<Finding>& planned,
                                       std::vector<bool>& taken) {
  std::vector<const Finding*> out(mapped.size());
  taken.assign(planned.size(), false);
  for (unsigned near = 3; near > 0; --near)
    for (std::size_t m = 0; m < mapped.size(); ++m)
      for (std::size_t p = 0; p < planned.size() && !out[m]; ++p) {
        if (taken[p] || nearness(mapped[m], planned[p]) < near) continue;
        taken[p] = true;
        out[m] = &planned[p];
      }
  return out;
}

/// What is left of a finding is told as the planned state shows it; the evidence stays where that has none.
void become(Finding& finding, const Finding& planned) {
  auto origins = std::move(finding.origins);
  const bool introduced = finding.introduced;
  finding = planned;
  finding.introduced = introduced;
  if (finding.origins.empty()) finding.origins = std::move(origins);
}

/// "NFS server filer-a 10.0.0.9" -> "10.0.0.9"
std::string last_word(const std::string& text) { return text.substr(text.rfind(' ') + 1); }

/// It moves an interface of the finding, or is a route to what the finding names.
bool concerns(const readdress::Remedy& remedy, const Finding& finding) {
  if (!remedy.interface.empty())
    return std::any_of(finding.interfaces.begin(), finding.interfaces.end(),
                       [&](const rules::InterfaceRef& ref) { return ref.name == remedy.interface; });
  const auto network = network_of(remedy);
  if (!network) return false;
  const auto leads_to = [&](const std::string& place) { return same_place(to_string(*network), place); };
  return std::any_of(finding.addresses.begin(), finding.addresses.end(), leads_to) ||
         std::any_of(finding.endpoints.begin(), finding.endpoints.end(),
                     [&](const std::string& endpoint) { return leads_to(last_word(endpoint)); });
}

/// The remedies that concern the finding and answer its rule; else those that concern it; else all.
std::string ended_by(const Finding& finding, const Remedies& remedies) {
  std::vector<std::string> named;
  std::vector<std::string> concerning;
  std::vector<std::string> all;
  for (const auto& remedy : remedies) {
    all.push_back(phrase(remedy));
    if (!concerns(remedy, finding)) continue;
    concerning.push_back(all.back());
    if (remedy.rule == finding.rule) named.push_back(all.back());
  }
  const auto& best = !named.empty() ? named : !concerning.empty() ? concerning : all;
  return best.empty() ? "the planned state does not show it" : join(best, ", ");
}

std::string segment_phrase(const readdress::Segment& segment) {
  return std::string(to_string(segment.service)) + " of " + segment.cluster + " moves from " + to_string(segment.from) +
         (segment.to ? " to " + to_string(*segment.to) : std::string(" to a stack of its own"));
}

/// Which moved segments hold an interface of the finding; else which host's remedies touch one.
std::string ended_by(const Finding& finding, const readdress::Proposal& proposal) {
  std::vector<std::string> moves;
  for (const auto& segment : proposal.segments)
    if (segment.to && compatible(segment.members, finding.interfaces)) moves.push_back(segment_phrase(segment));
  return moves.empty() ? "the planned state does not show it" : join(moves, ", ");
}

template <class Cause>
std::vector<Finding> resolved(std::vector<Finding> mapped, const std::vector<Finding>& planned, const Cause& cause) {
  std::vector<bool> taken;
  const auto left = successors(mapped, planned, taken);
  for (std::size_t m = 0; m < mapped.size(); ++m) {
    auto& finding = mapped[m];
    if (left[m]) {
      become(finding, *left[m]);
    } else if (finding.resolution != rules::Resolution::Waived) {
      finding.resolution = rules::Resolution::Resolved;
      finding.why = ended_by(finding, cause);
    }
  }
  for (std::size_t p = 0; p < planned.size(); ++p)
    if (!taken[p]) mapped.push_back(planned[p]);
  return mapped;
}

}  // namespace

std::vector<Finding> resolve(std::vector<Finding> mapped, const std::vector<Finding>& planned,
                             const Remedies& remedies) {
  return resolved(std::move(mapped), planned, remedies);
}

std::vector<Finding> resolve_estate(std::vector<Finding> mapped, const std::vector<Finding>& planned,
                                    const readdress::Proposal& proposal) {
  return resolved(std::move(mapped), planned, proposal);
}

std::optional<net::Ipv4Prefix> network_of(const readdress::Remedy& remedy) {
  if (!remedy.interface.empty()) return std::nullopt;
  const auto& route = remedy.to_value.empty() ? remedy.from_value : remedy.to_value;  // "10.0.40.0/24 by 10.0.30.254"
  const auto network = net::Ipv4Prefix::parse(route.substr(0, route.find(' ')));
  return network ? std::optional(*network) : std::nullopt;
}

std::vector<std::string> errors_left(const std::vector<Finding>& findings, const std::string& host) {
  std::vector<std::string> lines;
  for (const auto& finding : findings) {
    if (finding.severity != Severity::Error || !rules::counts(finding)) continue;
    const bool concerned =
        finding.hosts.empty() || std::find(finding.hosts.begin(), finding.hosts.end(), host) != finding.hosts.end();
    if (concerned) lines.push_back(finding.rule + ": " + finding.message);
  }
  return lines;
}

}  // namespace esx2esxi::plan
