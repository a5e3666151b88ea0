// Names, time servers and storage at the first start.
#include <fmt/format.h>

#include <algorithm>

#include "esx2esxi/core/text.hpp"
#include "esx2esxi/net/fmt.hpp"
#include "esx2esxi/render/commands.hpp"
#include "first_boot.hpp"
#include "shell_words.hpp"

namespace esx2esxi::render {

namespace {

using model::Interface;
using plan::Action;

class Services {
 public:
  explicit Services(FirstBoot& out) : out_(out) {}

  void make() {
    add_names();
    if (!out_.state.ntp.empty()) add_time();
    add_storage();
  }

 private:
  // ---- names, time

  void add_names() {
    // The installer takes letters, digits and hyphens only; without a name the scripts would not know the host again.
    if (const auto name = full_name(out_.state); !name.empty() && !is_host_name(name)) {
      if (out_.old)
        out_.by_hand("host name " + name);
      else
        out_.esxcli("system hostname set", {{out_.state.dns.domain.empty() ? "host" : "fqdn", name}});
    }
    if (out_.old) return old_resolver();
    if (out_.vmk0.dhcp)
      for (const auto& server : out_.state.dns.servers)
        out_.esxcli("network ip dns server add", {{"server", to_string(server.value)}});
    for (const auto& domain : out_.state.dns.search) out_.esxcli("network ip dns search add", {{"domain", domain}});
  }

  void old_resolver() {
    if (out_.vmk0.dhcp)
      for (const auto& server : out_.state.dns.servers)
        out_.append("", "nameserver %s", to_string(server.value), "/etc/resolv.conf");
    if (!out_.state.dns.search.empty())
      out_.append("", "search %s", join(out_.state.dns.search, " "), "/etc/resolv.conf");
  }

  /// ESXi 7.0 keeps its time servers elsewhere, but no list of its commands is known well enough to rely on the words:
  /// the host is asked whether it has them.
  void add_time() {
    const bool asks = out_.target >= model::Target{7, 0};
    if (asks) {
      std::string line = "  do_it esxcli system ntp set --enabled=true";
      for (const auto& server : out_.state.ntp) line += " " + shell_option("server", server.value);
      out_.lines.emplace_back("if esxcli esxcli command list 2>/dev/null | grep -q '^ *system[. ]ntp  *set'; then");
      out_.lines.push_back(line);
      out_.lines.emplace_back("else");
    }
    const std::string indent = asks ? "  " : "";
    for (const auto& server : out_.state.ntp) out_.append(indent, "server %s", server.value, "/etc/ntp.conf");
    if (!out_.old)
      out_.lines.push_back(
          indent + "do_it " +
          esxcli_line("network firewall ruleset set", {{"ruleset-id", "ntpClient"}, {"enabled", "true"}}));
    out_.lines.push_back(indent + "do_it chkconfig ntpd on");
    out_.lines.push_back(indent + "do_it /etc/init.d/ntpd start");
    if (asks) out_.lines.emplace_back("fi");
  }

  // ---- storage

  void add_storage() {
    const bool bound = std::any_of(out_.state.interfaces.begin(), out_.state.interfaces.end(),
                                   [](const Interface& i) { return !i.bound_to.empty(); });
    if (bound || out_.state.iscsi.enabled.value_or(!out_.state.iscsi.targets.empty())) add_iscsi();
    for (const auto& volume : out_.state.nfs)
      out_.step(Action::Mount, {},
                {{"volume", volume.label},
                 {"host", volume.server},
                 {"share", volume.share},
                 {"read_only", volume.read_only ? "true" : "false"}});
  }

  void add_iscsi() {
    out_.lines.push_back("do_it " + (out_.old ? std::string("esxcfg-swiscsi -e")
                                              : esxcli_line("iscsi software set", {{"enabled", "true"}})));
    out_.lines.push_back(fmt::format("adapter=$({} | awk '$2 == \"iscsi_vmk\" {{ print $1; exit }}')",
                                     out_.old ? "esxcfg-scsidevs -a" : "esxcli iscsi adapter list"));
    const auto on_adapter = [&](const std::string& before, const std::string& now) {
      out_.lines.push_back("do_it " + (out_.old ? before + " \"$adapter\"" : now + " --adapter=\"$adapter\""));
    };
    for (const auto& i : out_.state.interfaces)
      if (!i.bound_to.empty())
        on_adapter("esxcli swiscsi nic add -n " + shell_word(i.name) + " -d",
                   esxcli_line("iscsi networkportal add", {{"nic", i.name}}));
    for (const auto& target : out_.state.iscsi.targets)
      on_adapter("vmkiscsi-tool -D -a " + to_string(target.value),
                 esxcli_line("iscsi adapter discovery sendtarget add", {{"address", to_string(target.value)}}));
    on_adapter("esxcfg-rescan", "esxcli storage core adapter rescan");
  }

  FirstBoot& out_;
};

}  // namespace

void first_boot_services(FirstBoot& out) { Services(out).make(); }

}  // namespace esx2esxi::render
