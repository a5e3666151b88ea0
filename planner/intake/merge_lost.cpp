// Values that a file gives and nobody can read: missing, unless another file tells them.
#include "esx2esxi/intake/readers.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "lines.hpp"
#include "merge.hpp"

namespace esx2esxi::intake {

namespace {

using Of = LostFact::Of;

/// The VMkernel's stack goes by its ESXi name on ESXi.
std::string_view stack_of(const Merge& merge, const LostFact& lost) {
  return !merge.host.classic() && lost.name == model::kVmkernel ? model::kDefaultStack : std::string_view(lost.name);
}

/// As `check_stacks` says it.
std::string_view spoken_stack(std::string_view stack) {
  return stack == model::kDefaultStack ? model::kVmkernel : stack;
}

bool knows_route(const Merge& merge, const LostFact& lost) {
  const auto* stack = merge.host.before.stack(stack_of(merge, lost));
  return stack && lost.network && std::any_of(stack->routes.begin(), stack->routes.end(), [&](const model::Route& r) {
           return r.network == *lost.network;
         });
}

bool knows_mount(const Merge& merge, const LostFact& lost) {
  const auto& all = merge.host.before.nfs;
  return std::any_of(all.begin(), all.end(),
                     [&](const model::NfsMount& m) { return m.label == lost.name && !m.server.empty(); });
}

/// Another output of the same command that could be read.
bool has_better_copy(const Merge& merge, const FileFacts& damaged, const LostFact& lost) {
  return damaged.facts.lists_routes && std::any_of(merge.files.begin(), merge.files.end(), [&](const FileFacts& file) {
           return file.importer == damaged.importer && file.facts.lists_routes && !loses(file, lost.of, lost.name);
         });
}

/// Of the host as a whole, and named: the program that a script calls, or the file that it writes ("/etc/resolv.conf"),
/// in a way that is not followed.
bool is_of_script(const LostFact& lost) { return lost.of == Of::Host && !lost.name.empty(); }

/// Without its first slash; empty: it is a program.
std::string_view changed_file(const LostFact& lost) {
  return lost.name.starts_with('/') ? std::string_view(lost.name).substr(1) : std::string_view();
}

/// Whether a source that shows what there is, not what a script was to do, tells what the program would have set.
bool shows_effect(const FileFacts& file, const LostFact& lost) {
  if (file.importer->trust == Trust::Script) return false;
  const auto& facts = file.facts;
  const auto& all = facts.interfaces;
  const auto has_vswif = [&] {
    return std::any_of(all.begin(), all.end(), [](const InterfaceFact& i) { return i.name.starts_with("vswif"); });
  };
  if (!changed_file(lost).empty()) return file.path.ends_with(changed_file(lost));
  if (lost.name == "esxcfg-vswif") return facts.lists_vswifs || has_vswif();
  if (file.importer->read == read_esx_conf) return !facts.cut_off;
  if (lost.name == "esxcfg-vmknic" || lost.name == "esxcli") return facts.lists_vmknics;
  if (lost.name == "esxcfg-vswitch") return !facts.switches.empty();
  if (lost.name == "esxcfg-route") return facts.lists_routes && file.importer->read != read_route;
  if (lost.name == "esxcfg-nas") return file.importer->read == read_esxcfg_nas;
  return false;
}

bool is_told(const Merge& merge, const FileFacts& file, const LostFact& lost) {
  const auto& state = merge.host.before;
  switch (lost.of) {
    case Of::Gateway: {
      const auto* stack = state.stack(stack_of(merge, lost));
      return stack && stack->gateway;
    }
    case Of::Route: return knows_route(merge, lost) || has_better_copy(merge, file, lost);
    case Of::Mount: return knows_mount(merge, lost);
    case Of::Interface: {
      const auto* interface = state.interface(lost.name);
      return !interface || interface->origins.find(lost.field);
    }
    case Of::Switch: {
      const auto* vswitch = state.switch_named(lost.name);
      return !vswitch || vswitch->origins.find(lost.field);
    }
    case Of::Host:
      if (is_of_script(lost))
        return std::any_of(merge.files.begin(), merge.files.end(),
                           [&](const FileFacts& other) { return shows_effect(other, lost); });
      if (lost.field == kPortBinding) return !state.iscsi.adapters.empty() || !state.iscsi.enabled.value_or(false);
      return lost.field == "name" && merge.host.origins.find("name");
  }
  return false;
}

Subject subject_of(const Merge& merge, const LostFact& lost, std::string& text) {
  switch (lost.of) {
    case Of::Gateway: text = fmt::format("{} gateway", spoken_stack(stack_of(merge, lost))); break;
    case Of::Route: text = fmt::format("static route of the {}", spoken_stack(stack_of(merge, lost))); break;
    case Of::Mount: text = lost.name.empty() ? "NFS mount" : "NFS server"; return {"", text, true, lost.name};
    case Of::Interface: return {lost.name, lost.field, true};
    case Of::Switch: return {"", lost.field, true, lost.name};
    case Of::Host:
      if (!is_of_script(lost)) return {"", lost.field, true};
      text = changed_file(lost).empty() ? fmt::format("effect of the script's {} commands", lost.name)
                                        : fmt::format("effect of the script's changes to {}", lost.name);
      break;
  }
  return {"", text, true};
}

std::string_view script_hint(const LostFact& lost, bool esxcli) {
  if (!changed_file(lost).empty()) return "copy the file from the host";
  if (esxcli || !lost.name.starts_with("esxcfg-")) return "take what the host itself prints: esx2esxi collect";
  if (lost.name == "esxcfg-vswif") return "esxcfg-vswif -l";
  if (lost.name == "esxcfg-vmknic") return "esxcfg-vmknic -l";
  if (lost.name == "esxcfg-vswitch") return "esxcfg-vswitch -l";
  if (lost.name == "esxcfg-route") return "esxcfg-route -l";
  return lost.name == "esxcfg-nas" ? "esxcfg-nas -l" : "cat /etc/vmware/esx.conf";
}

std::string_view hint_for(const Merge& merge, const LostFact& lost) {
  const bool esxcli = has_esxcli(merge);
  switch (lost.of) {
    case Of::Gateway:
    case Of::Route:
      if (lost.name == model::kConsole) return "route -n";
      return esxcli ? "esxcli network ip route ipv4 list" : "esxcfg-route -l";
    case Of::Mount: return esxcli ? "esxcli storage nfs list" : "esxcfg-nas -l";
    case Of::Interface: return interface_listing(merge, lost.name);
    case Of::Switch: return esxcli ? "esxcli network vswitch standard list" : "esxcfg-vswitch -l";
    case Of::Host:
      if (lost.field == kUndamagedText) return "convert the named file to UTF-8";
      return is_of_script(lost) ? script_hint(lost, esxcli) : std::string_view();
  }
  return {};
}

}  // namespace

bool loses(const FileFacts& file, LostFact::Of of, std::string_view name) {
  const auto& all = file.facts.lost;
  return std::any_of(all.begin(), all.end(), [&](const LostFact& l) { return l.of == of && l.name == name; });
}

void check_lost(Merge& merge) {
  std::string text;
  for (const auto& file : merge.files)
    for (const auto& lost : file.facts.lost)
      if (!is_told(merge, file, lost) && !(lost.of == Of::Host && lost.name.empty() && merge.doubts({"", lost.field})))
        merge.missing(subject_of(merge, lost, text), hint_for(merge, lost), lost.at);
}

}  // namespace esx2esxi::intake
