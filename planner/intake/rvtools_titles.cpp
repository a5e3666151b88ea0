// Which tab it is, by a sheet's name or by the titles of its columns.
#include <algorithm>
#include <utility>

#include "esx2esxi/core/text.hpp"
#include "esxcli_output.hpp"
#include "rvtools.hpp"

namespace esx2esxi::intake {

namespace {

struct TabTitles {
  RvTab tab;
  std::string_view prefix;  ///< of the internal names
  /// What tells it apart, as keys: lower case, letters and digits. One that many tabs have would not.
  std::array<std::string_view, 12> keys;
};

// dvPort and dvSwitch share titles with vPort and vSwitch; vInfo and the others have none of these.
constexpr TabTitles kTabs[] = {
    {RvTab::Interfaces,
     "vscvmk",
     {"portgroup", "device", "macaddress", "dhcp", "ipaddress", "ip6address", "subnetmask", "gateway", "ip6gateway",
      "mtu"}},
    {RvTab::Host,
     "vhost",
     {"esxversion", "boottime", "cpumodel", "console", "hbas", "nics", "vmotionsupport", "dnsservers", "ntpservers",
      "vendor", "model", "biosversion"}},
    {RvTab::Portgroup,
     "vport",
     {"portgroup", "switch", "vlan", "promiscuousmode", "macchanges", "forgedtransmits", "rollingorder"}},
    {RvTab::Switch,
     "vswitch",
     {"switch", "ports", "freeports", "promiscuousmode", "macchanges", "forgedtransmits", "rollingorder", "mtu"}},
    {RvTab::Nic,
     "vnic",
     {"networkdevice", "driver", "speed", "duplex", "mac", "switch", "uplinkport", "pci", "wakeon"}},
    {RvTab::Cluster,
     "vcluster",
     {"numhosts", "numeffectivehosts", "haenabled", "drsenabled", "failoverlevel", "numvmotions"}},
    {RvTab::Other,
     "dvport",
     {"port", "switch", "type", "vlan", "fullduplex", "blocked", "allowpromiscuous", "activeuplink", "standbyuplink",
      "livemoving"}},
    {RvTab::Other, "dvswitch", {"switch", "vendor", "hostmembers", "maxports", "vms", "cdptype", "maxmtu"}},
};

/// So many of a tab's own titles make it that tab.
constexpr std::size_t kEnough = 3;

std::vector<std::string> keys_of(const std::vector<std::string>& titles) {
  std::vector<std::string> keys;
  for (const auto& title : titles) keys.push_back(esxcli_key(title));
  return keys;
}

std::size_t hits_of(const TabTitles& tab, const std::vector<std::string>& keys) {
  return static_cast<std::size_t>(std::count_if(keys.begin(), keys.end(), [&](std::string_view key) {
    if (key.starts_with(tab.prefix) && key.size() > tab.prefix.size()) key.remove_prefix(tab.prefix.size());
    return !key.empty() && std::find(tab.keys.begin(), tab.keys.end(), key) != tab.keys.end();
  }));
}

}  // namespace

std::string_view to_string(RvTab tab) {
  switch (tab) {
    case RvTab::Interfaces: return "vSC_VMK";
    case RvTab::Host: return "vHost";
    case RvTab::Switch: return "vSwitch";
    case RvTab::Portgroup: return "vPort";
    case RvTab::Nic: return "vNIC";
    case RvTab::Cluster: return "vCluster";
    case RvTab::Other: return "other";
  }
  return {};
}

RvTab tab_named(std::string_view sheet) {
  auto key = esxcli_key(sheet);
  if (key.starts_with("rvtools")) key.erase(0, 7);
  if (key.starts_with("tab")) key.erase(0, 3);
  if (key == "scvmk") key = "vscvmk";
  for (const auto& tab : kTabs)
    if (key == tab.prefix) return tab.tab;
  return RvTab::Other;
}

bool has_titles_of(RvTab tab, const std::vector<std::string>& titles) {
  const auto keys = keys_of(titles);
  return std::any_of(std::begin(kTabs), std::end(kTabs),
                     [&](const TabTitles& one) { return one.tab == tab && hits_of(one, keys) + 1 >= kEnough; });
}

std::optional<RvTab> tab_with_titles(const std::vector<std::string>& titles) {
  const auto keys = keys_of(titles);
  std::optional<RvTab> best;
  std::size_t most = kEnough - 1;
  for (const auto& tab : kTabs) {
    const auto hits = hits_of(tab, keys);
    if (hits <= most) continue;
    most = hits;
    best = tab.tab;
  }
  const bool of_rvtools =
      std::any_of(keys.begin(), keys.end(), [](const auto& key) { return key == "visdkserver" || key == "visdkuuid"; });
  if (!best && of_rvtools) return RvTab::Other;
  return best;
}

}  // namespace esx2esxi::intake
