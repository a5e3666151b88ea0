// The commands that say what the network is used for: NFS mounts, software iSCSI, vMotion, FT logging.
#include <algorithm>

#include <fmt/format.h>

#include "esxcfg_commands.hpp"

namespace esx2esxi::intake {

namespace {

constexpr std::size_t kMostOfAKind = 256;  // no host has as many mounts or bindings

/// Adds what still belongs to a host.
template <class Fact>
void add(std::vector<Fact>& all, Fact fact) {
  if (all.size() < kMostOfAKind) all.push_back(std::move(fact));
}

std::string interface_for(model::Service service) { return fmt::format("interface for {}", to_string(service)); }

constexpr Option kNas[] = {{'a', "add"},      {'d', "delete"}, {'o', "host", true}, {'s', "share", true},
                           {'y', "readonly"}, {'l', "list"},   {'r', "restore"}};
constexpr Option kSwiscsi[] = {{'e', "enable"}, {'d', "disable"}, {'q', "query"}, {'s', "scan"}, {'k', "kill"}};
constexpr Option kDiscovery[] = {{'D', ""}, {'a', "", true}};

}  // namespace

void EsxcfgCommands::nas(const Invocation& call) {
  const auto given = arguments(call, kNas);
  if (refused(call, given)) return;
  const auto* label = given.operand();
  if (!label) return incomplete(call, "the label");
  std::erase_if(facts_.nfs, [&](const NfsFact& fact) { return fact.label == label->text; });
  if (given.has('d')) return;
  const auto* host = given.find('o');
  const auto* share = given.find('s');
  if (!host || !share) return incomplete(call, "the server or the share");
  if (is_lost(call.line, *label, LostFact::Of::Mount, {})) return;
  NfsFact fact;
  fact.label = label->text;
  fact.at = reading_.at(call.line, label->raw);
  if (!is_open(call.line, *share)) fact.share = said(call.line, *share, share->text);
  if (!is_open(call.line, *host)) fact.server = said(call.line, *host, host->text);
  if (const auto* readonly = given.find('y')) fact.read_only = said(call.line, *readonly, true);
  add(facts_.nfs, std::move(fact));
}

void EsxcfgCommands::swiscsi(const Invocation& call) {
  const auto given = arguments(call, kSwiscsi);
  const auto* on = given.find('e');
  const auto* off = given.find('d');
  if (on || off) facts_.software_iscsi = said(call.line, on ? *on : *off, on != nullptr);
}

/// `vmkiscsi-tool -D -a TARGET vmhba40`. Its other uses set secrets: they are not looked at.
void EsxcfgCommands::discovery(const Invocation& call) {
  if (call.arguments.empty() || call.arguments.front().text != "-D") return;
  const auto given = arguments(call, kDiscovery);
  const auto* target = given.find('a');
  if (!target || is_lost(call.line, *target, LostFact::Of::Host, {}, "iSCSI target")) return;
  auto host = *target;
  host.text = host.text.substr(0, host.text.find(':'));
  if (const auto address = reading_.address(call.line, token(host)))
    facts_.iscsi_targets.push_back(*address);
  else
    reading_.lose({LostFact::Of::Host, {}, "iSCSI target", {}, reading_.at(call.line, host.raw)});
}

void EsxcfgCommands::not_followed(const Invocation& call, std::string_view what) {
  reading_.warn(reading_.at(call.line), "command-not-understood",
                fmt::format("{} was left out: scripts are read as far as they use the esxcfg commands", what),
                "take what the host itself prints: esx2esxi collect");
  leave_out(call.line, call.program);
}

/// `esxcli swiscsi nic add -n vmk1 -d vmhba33`
void EsxcfgCommands::esxcli(const Invocation& call) {
  const auto words = call.arguments;
  const bool binds = words.size() > 2 && words[0].text == "swiscsi" && words[1].text == "nic" && words[2].text == "add";
  if (!binds) return not_followed(call, "esxcli");
  constexpr Option table[] = {{'n', "nic", true}, {'d', "adapter", true}};
  const auto given = read_arguments(words.subspan(3), table);
  const auto* nic = given.find('n');
  if (refused(call, given)) return;
  if (!nic) return incomplete(call, "the interface");
  if (is_lost(call.line, *nic, LostFact::Of::Host, {}, "interface for iSCSI")) return;
  const auto* adapter = given.find('d');
  add(facts_.bindings, {adapter ? adapter->text : std::string(), nic->text, reading_.at(call.line, nic->raw)});
}

/// `vim-cmd hostsvc/vmotion/vnic_set vmk0`
void EsxcfgCommands::vim_cmd(const Invocation& call) {
  if (call.arguments.size() < 2 || call.arguments[0].text != "hostsvc/vmotion/vnic_set")
    return not_followed(call, call.program);
  if (is_lost(call.line, call.arguments[1], LostFact::Of::Host, {}, interface_for(model::Service::VMotion))) return;
  add(facts_.services,
      {model::Service::VMotion, call.arguments[1].text, reading_.at(call.line, call.arguments[1].raw)});
}

/// `esxcfg-advcfg -s vmk0 /Migrate/Vmknic`
void EsxcfgCommands::advcfg(const Invocation& call) {
  const auto words = call.arguments;
  if (words.size() != 3 || words[0].text != "-s") return;
  const bool vmotion = words[2].text == "/Migrate/Vmknic";
  if (!vmotion && words[2].text != "/FT/Vmknic") return;
  const auto service = vmotion ? model::Service::VMotion : model::Service::FaultToleranceLogging;
  if (is_lost(call.line, words[1], LostFact::Of::Host, {}, interface_for(service))) return;
  add(facts_.services, {service, words[1].text, reading_.at(call.line, words[1].raw)});
}

}  // namespace esx2esxi::intake
