// pre-migrate.sh: what a classic host does before the first host of its cluster is migrated, and the way back.
#include <fmt/format.h>

#include <algorithm>

#include "calls.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/render/scripts.hpp"
#include "script_parts.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using model::State;
using plan::Attachment;
using plan::ClassicChange;
using plan::HostPlan;

constexpr std::size_t kMostPeers = 4;  // they show that the network works, not that all hosts do

/// A name that is no option's value. getopt takes what follows `--` for no option; other names do without.
std::string operand(const std::string& name) { return (name.starts_with('-') ? "-- " : "") + shell_word(name); }

/// One thing that changes, as it is before and after. Texts are those that the look_... functions print.
struct Piece {
  std::string look;
  std::string subject;
  std::string title;  ///< what the value is put behind
  std::string from;
  std::string to;
  std::string command_from;
  std::string command_to;
  std::string why;
  std::string interrupts = "vMotion";
  std::string unlike = "unlike";
  std::vector<std::string> also;  ///< allowed before a run as well
  Rows asked_from;
  Rows asked_to;
};

bool does_vmotion(const Interface& i) {
  return i.enabled && i.addressed() && (i.services.has(model::Service::VMotion) || i.stack == model::kVmotionStack);
}

class Classic {
 public:
  Classic(const plan::Plan& plan, const HostPlan& host) : plan_(plan), host_(host) {
    for (const auto& change : host.pre_migration) add(change);
    add_gateway();
  }

  std::vector<ClassicStep> steps() const {
    std::vector<ClassicStep> out;
    for (const auto& piece : pieces_)
      out.push_back(
          {piece.command_to, piece.subject + ": " + piece.to, piece.why, piece.command_from, piece.interrupts});
    return out;
  }

  std::string text() const {
    auto fields = who_fields(host_);
    fields.merge(Fields{{"classic", true},
                        {"has_esxcli", false},
                        {"console", console()},
                        {"guarded", true},
                        {"forward", false},
                        {"change", true},
                        {"settled", false},
                        {"attempt", false},
                        {"left_out", false},
                        {"vlans", std::any_of(host_.pre_migration.begin(), host_.pre_migration.end(),
                                              [](const ClassicChange& change) { return change.to.vlan.has_value(); })},
                        {"gateway", gateway_.has_value()},
                        {"guards", guards()},
                        {"new_addresses", addresses(&ClassicChange::to)},
                        {"old_addresses", addresses(&ClassicChange::from)},
                        {"ways", Rows{way("go_there", true), way("go_back", false)}}});
    return expand("templates/pre-migrate.sh.mustache", fields, Syntax::Shell);
  }

 private:
  const Interface* before(const ClassicChange& change) const { return host_.before.interface(change.interface); }

  bool leased(const ClassicChange& change) const {
    const auto* interface = before(change);
    return interface && interface->dhcp;
  }

  /// An address that the console keeps and that no lease changes.
  std::string console() const {
    for (const auto& i : host_.before.interfaces)
      if (i.is_vswif() && i.enabled && i.addressed() && !i.dhcp) return to_string(*i.address);
    return {};
  }

  Rows addresses(Attachment ClassicChange::*side) const {
    Rows rows;
    for (const auto& change : host_.pre_migration)
      if (const auto& at = change.*side; at.address && !(side == &ClassicChange::from && leased(change)))
        rows.push_back({{"address", Ready{to_string(*at.address)}}});
    return rows;
  }

  void add(const ClassicChange& change) {
    if (change.to.vlan) {
      const auto set = [&](const std::optional<net::VlanId>& vlan) {
        return fmt::format("esxcfg-vswitch -p {} -v {} {}", shell_word(change.portgroup), vlan->value(),
                           operand(change.vswitch));
      };
      const auto from = change.from.vlan.value_or(net::VlanId());
      Piece piece;
      piece.look = fmt::format("look_vlan {} {}", shell_word(change.vswitch), shell_word(change.portgroup));
      piece.subject = "port group " + change.portgroup + ": VLAN";
      piece.title = fmt::format("port group {} on {}: VLAN ", change.portgroup, change.vswitch);
      piece.from = std::to_string(from.value());
      piece.to = std::to_string(change.to.vlan->value());
      piece.command_from = set(from);
      piece.command_to = set(change.to.vlan);
      piece.why = change.why;
      pieces_.push_back(std::move(piece));
    }
    add_address(change);
  }

  void add_address(const ClassicChange& change) {
    const auto words = [&](const Attachment& at, bool lease) -> std::string {
      return lease ? "dhcp" : fmt::format("{} {}", at.address.value(), at.netmask.value());
    };
    const auto set = [&](const Attachment& at, bool lease) {
      const auto how =
          lease ? std::string("-i DHCP") : fmt::format("-i {} -n {}", at.address.value(), at.netmask.value());
      return fmt::format("esxcfg-vmknic {} {}", how, operand(change.portgroup));
    };
    Piece piece;
    piece.look = fmt::format("look_address {} {}", shell_word(change.interface), shell_word(change.portgroup));
    piece.subject = fmt::format("{} on port group {}", change.interface, change.portgroup);
    piece.title = change.interface + ": ";
    piece.from = words(change.from, leased(change));
    piece.to = words(change.to, false);
    piece.command_from = set(change.from, leased(change));
    piece.command_to = set(change.to, false);
    piece.why = change.why;
    piece.asked_to = peers(change.to, &HostPlan::after);
    piece.asked_from = peers(change.from, &HostPlan::before);
    pieces_.push_back(std::move(piece));
  }

  /// Who can be asked from the interface in its new, or in its old, network: hosts of the same cluster.
  Rows peers(const Attachment& at, State HostPlan::*when) const {
    Interface own;
    own.address = at.address;
    own.netmask = at.netmask;
    const auto range = own.range();
    Rows rows;
    if (!range || host_.cluster.empty()) return rows;
    for (const auto& other : plan_.hosts) {
      const bool stays = other.status == plan::Status::Blocked && when == &HostPlan::after;
      if (&other == &host_ || other.cluster != host_.cluster || stays) continue;
      for (const auto& peer : (other.*when).interfaces)
        if (rows.size() < kMostPeers && does_vmotion(peer) && range->contains(*peer.address) &&
            peer.address != at.address)
          rows.push_back({{"who", other.name}, {"address", Ready{to_string(*peer.address)}}});
    }
    return rows;
  }

  /// Whether a change of address takes the VMkernel's default gateway along is not known for all releases.
  void add_gateway() {
    const auto* stack = host_.before.stack(model::kVmkernel);
    if (!stack || !stack->gateway || stack->gateway->is_unspecified()) return;
    const bool on_link =
        std::any_of(host_.before.interfaces.begin(), host_.before.interfaces.end(), [&](const auto& i) {
          const auto range = i.range();
          return i.enabled && i.stack == model::kVmkernel && range && range->contains(*stack->gateway);
        });
    if (!on_link) return;  // esxcfg-route would refuse it
    Piece piece;
    piece.look = "look_gateway";
    piece.subject = "default gateway of the VMkernel";
    piece.title = "the VMkernel keeps its default gateway ";
    piece.from = piece.to = to_string(*stack->gateway);
    piece.command_from = piece.command_to = "esxcfg-route " + piece.to;
    piece.why = "Storage may need it.";
    piece.interrupts.clear();
    piece.unlike = "not_shown";
    piece.also = {"none"};
    gateway_ = std::move(piece);
  }

  Rows guards() const {
    Rows rows;
    const auto guard = [&](const Piece& piece) {
      auto values = " " + shell_word(piece.from);
      if (piece.to != piece.from) values += " " + shell_word(piece.to);
      for (const auto& value : piece.also) values += " " + shell_word(value);
      rows.push_back({{"look", Ready{piece.look}}, {"subject", piece.subject}, {"values", Ready{values}}});
    };
    for (const auto& piece : pieces_) guard(piece);
    if (gateway_) guard(*gateway_);
    return rows;
  }

  /// The way back is the way there, last thing first; the gateway needs its networks, so it comes last on both.
  Fields way(std::string_view function, bool there) const {
    auto order = pieces_;
    if (!there) std::reverse(order.begin(), order.end());
    if (gateway_) order.push_back(*gateway_);
    Rows steps;
    Rows asked;
    for (const auto& piece : order) {
      const auto& value = there ? piece.to : piece.from;
      steps.push_back({{"n", Ready{std::to_string(steps.size() + 1)}},
                       {"title", piece.title + value},
                       {"why", there ? piece.why : "as it was"},
                       {"interrupts", piece.interrupts},
                       {"look", Ready{piece.look}},
                       {"to", value},
                       {"command", Ready{there ? piece.command_to : piece.command_from}},
                       {"unlike", Ready{piece.unlike}}});
      const auto& peers = there ? piece.asked_to : piece.asked_from;
      asked.insert(asked.end(), peers.begin(), peers.end());
    }
    return {{"function", Ready{std::string(function)}}, {"steps", std::move(steps)}, {"asked", std::move(asked)}};
  }

  const plan::Plan& plan_;
  const HostPlan& host_;
  std::vector<Piece> pieces_;
  std::optional<Piece> gateway_;
};

}  // namespace

std::vector<ClassicStep> classic_steps(const plan::Plan& plan, const HostPlan& host) {
  return Classic(plan, host).steps();
}

std::string pre_migrate_script(const plan::Plan& plan, const HostPlan& host) { return Classic(plan, host).text(); }

}  // namespace esx2esxi::render
