// From the drafts of esx.conf to facts, once every line has been seen.
#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx_conf_tree.hpp"
#include "lines.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostNotes = 100;

}  // namespace

void EsxConfTree::note(Severity severity, std::string_view code, std::uint32_t line, std::string message,
                       std::string remedy) {
  if (severity != Severity::Error && facts_.notes.size() >= kMostNotes) {
    ++unsaid_;
    return;
  }
  facts_.notes.push_back(
      {severity, std::string(code), Origin{file_, line, line == 0 ? 0U : 1U}, std::move(message), std::move(remedy)});
}

void EsxConfTree::cut_off(std::uint32_t line, std::string why) {
  if (facts_.cut_off) return;
  note(Severity::Error, "esxconf-cut-off", line, why, "copy /etc/vmware/esx.conf from the host again");
  facts_.cut_off = Said<std::string>{std::move(why), Origin{file_, line, 1}};
}

void EsxConfTree::refuse_encoding(const Entry& entry) {
  note(Severity::Warning, "text-encoding", entry.line, "the line is not UTF-8 and was refused",
       "convert the file to UTF-8");
  lose_undamaged_text(facts_, Origin{file_, entry.line, 1});
}

bool EsxConfTree::nameless(const std::string& name, std::uint32_t line, std::string_view what) {
  if (!name.empty()) return false;
  note(Severity::Warning, "esxconf-nameless", line, fmt::format("{} without a name is left out", what),
       "it is what a half-deleted entry leaves behind; compare with what the host runs");
  return true;
}

Maybe<SaidNames> EsxConfTree::ordered(std::vector<Uplink>& list) {
  if (list.empty()) return std::nullopt;
  std::stable_sort(list.begin(), list.end(),
                   [](const Uplink& a, const Uplink& b) { return natural_less(a.index, b.index); });
  Said<SaidNames> names{{}, list.front().pnic.at};
  for (auto& uplink : list)
    if (std::none_of(names.value.begin(), names.value.end(),
                     [&](const auto& known) { return known.value == uplink.pnic.value; }))
      names.value.push_back(std::move(uplink.pnic));
  return names;
}

/// The order counts unless hasUplinkOrder says that it does not.
template <class Fact>
void EsxConfTree::finish_policy(Policy& policy, Fact& fact) {
  if (policy.balancing && policy.balancing->value != "lb_srcid" && !policy.balancing->value.empty())
    note(Severity::Warning, "load-balancing", policy.balancing->at.line,
         fmt::format("{} spreads its traffic over uplinks by '{}': plans and scripts do not carry that", fact.name,
                     excerpt(policy.balancing->value)),
         policy.balancing->value == "lb_ip"
             ? "its physical ports may form a static EtherChannel: a new installation needs --load-balancing=iphash on "
               "them (esxcli network vswitch standard policy failover set) or ports without a channel"
             : "set it on the new switch (esxcli network vswitch standard policy failover set)");
  if (policy.in_force && !policy.in_force->value) return;
  fact.uplink_order = ordered(policy.order);
  fact.max_active = std::move(policy.max_active);
}

void EsxConfTree::finish_switch(Switch& draft) {
  auto& fact = draft.fact;
  if (nameless(fact.name, draft.line, "a vSwitch")) return;
  fact.uplinks = ordered(draft.uplinks);
  if (!fact.uplinks) fact.uplinks = Said<SaidNames>{{}, fact.at};  // a switch without uplinks is legal
  finish_policy(draft.policy, fact);
  for (auto& group : draft.groups.all()) finish_group(draft, group);
  take_lost(draft.lost, fact.name);
  facts_.switches.push_back(std::move(fact));
}

void EsxConfTree::finish_group(Switch& owner, Group& draft) {
  auto& fact = draft.fact;
  if (nameless(fact.name, draft.line, "a port group")) return;
  if (!fact.vlan && !draft.damaged_vlan) fact.vlan = Said<net::VlanId>{net::VlanId{}, fact.at};  // absent when 0
  finish_policy(draft.policy, fact);
  owner.fact.portgroups.push_back(std::move(fact));
}

void EsxConfTree::finish_nics(Slots<Nic>& nics, std::string_view what) {
  for (auto& draft : nics.all()) {
    if (nameless(draft.fact.name, draft.line, what)) continue;
    take_lost(draft.lost, draft.fact.name);
    facts_.interfaces.push_back(std::move(draft.fact));
  }
}

void EsxConfTree::take_lost(std::vector<LostFact>& lost, const std::string& name) {
  for (auto& one : lost) {
    one.name = name;
    facts_.lost.push_back(std::move(one));
  }
}

void EsxConfTree::finish_route(Path& draft) {
  const Origin where{file_, draft.line, 1};
  const auto refuse = [&](std::string_view why) {
    note(Severity::Warning, "esxconf-route", draft.line, fmt::format("a static route {}; it is left out", why),
         "esxcfg-route -l shows the routes that are in force");
    facts_.lost.push_back({LostFact::Of::Route, std::string(model::kVmkernel), {}, {}, where});
  };
  if (!draft.network || !draft.next_hop) return refuse("without a network or a gateway");
  if (draft.network->value == "default") {
    if (!kernel_gateway_) kernel_gateway_ = draft.next_hop;
    return;
  }
  auto network = net::Ipv4Prefix::parse(draft.network->value);
  if (!network && draft.netmask) {
    const auto address = net::Ipv4Address::parse(draft.network->value);
    const auto length = net::prefix_length(draft.netmask->value);
    if (!address || !length) return refuse("whose network cannot be read");
    const auto prefix = *net::Ipv4Prefix::containing(*address, *length);
    if (prefix.network() != *address) return refuse("whose network has host bits set");
    network = prefix;
  }
  if (!network) return refuse("whose network cannot be read");
  facts_.routes.push_back({std::string(model::kVmkernel), *network, draft.next_hop->value,
                           draft.device ? draft.device->value : std::string(), draft.network->at});
}

/// /boot/cosvmdk is the disk of the service console: no ESXi has one, and ESX has it from 4.0 on.
void EsxConfTree::finish_product() {
  if (classic_marker_.known()) {
    facts_.product = Said<std::string>{"ESX", classic_marker_};
    facts_.version = Said<std::string>{"4", classic_marker_};
    return;
  }
  if (esxi_marker_.known()) facts_.product = Said<std::string>{"ESXi", esxi_marker_};
}

Facts EsxConfTree::finish() && {
  for (auto& draft : switches_.all()) finish_switch(draft);
  finish_nics(vmknics_, "a vmkernel interface");
  finish_nics(vswifs_, "a service console interface");
  for (auto& draft : cards_.all())
    if (!nameless(draft.fact.name, draft.line, "a network card")) facts_.pnics.push_back(std::move(draft.fact));
  for (auto& draft : routes_.all()) finish_route(draft);
  if (kernel_gateway_ || damaged_gateway_.known())
    facts_.gateways.push_back({std::string(model::kVmkernel), kernel_gateway_, std::nullopt,
                               kernel_gateway_ ? kernel_gateway_->at : damaged_gateway_});
  if (console_gateway_)
    facts_.gateways.push_back({std::string(model::kConsole), console_gateway_, std::nullopt, console_gateway_->at});
  if (!facts_.management_address) facts_.management_address = host_address_;
  finish_product();
  facts_.lists_vmknics = !facts_.cut_off;
  if (unsaid_ > 0)
    facts_.notes.push_back({Severity::Warning,
                            "esxconf-more",
                            Origin{file_, 0, 0},
                            fmt::format("{} more remarks on this file are left out", unsaid_),
                            {}});
  return std::move(facts_);
}

}  // namespace esx2esxi::intake
