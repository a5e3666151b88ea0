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

bool shows(const std::vector<Finding>& findings, const Finding& wanted) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& f) { return same_trouble(f, wanted); });
}

bool concerns(const readdress::Remedy& remedy, const Finding& finding) {
  return std::any_of(finding.interfaces.begin(), finding.interfaces.end(),
                     [&](const rules::InterfaceRef& ref) { return ref.name == remedy.interface; });
}

/// The remedies that answer the finding by name; else those that touch its interfaces; else all.
std::string ended_by(const Finding& finding, const Remedies& remedies) {
  std::vector<std::string> named;
  std::vector<std::string> touching;
  std::vector<std::string> all;
  for (const auto& remedy : remedies) {
    const bool touches = concerns(remedy, finding);
    if (remedy.rule == finding.rule && (touches || remedy.interface.empty())) named.push_back(phrase(remedy));
    if (touches) touching.push_back(phrase(remedy));
    all.push_back(phrase(remedy));
  }
  const auto& best = !named.empty() ? named : !touching.empty() ? touching : all;
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
  std::vector<Finding> fresh;
  for (const auto& finding : planned)
    if (!shows(mapped, finding)) fresh.push_back(finding);
  for (auto& finding : mapped) {
    if (finding.resolution == rules::Resolution::Waived || shows(planned, finding)) continue;
    finding.resolution = rules::Resolution::Resolved;
    finding.why = ended_by(finding, cause);
  }
  mapped.insert(mapped.end(), fresh.begin(), fresh.end());
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
